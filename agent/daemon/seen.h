/*
 * seen -- which process runs which program, and what came of that program, so
 * that most events cost a look-up. Bounded: what is longest ago goes first.
 * Pure but for memory.
 */
#pragma once
#include "rolewatch/judge.h"

#define MET_CONTAINER 1u
#define MET_IMDS 2u

/* A program in its container and environment: what one verdict holds for. */
struct program {
        uint64_t digest;               /* 0: the slot is free */
        uint64_t object;               /* digest of its finding's object in the ledger; 0 none */
        int64_t judged_s;              /* 0: not yet, or no longer so */
        int64_t used_s;
        enum confirms confirms;
        bool told;                     /* the finding was told; false: it waits whether the process stays */
        bool unplaced;                 /* the agent did not know its container yet */
};
struct pid_entry {
        pid_t pid;                     /* 0: the slot is free */
        unsigned met;                  /* MET_ bits of this process */
        uint64_t start_ticks, digest;  /* digest: of its program */
};

struct seen;
int seen_new(struct seen **ret);                       /* -ENOMEM */
void seen_free(struct seen *s);                        /* NULL ok */
DEFINE_CLEANUP(struct seen *, seen_free)
/* The program of this digest; NULL: none. seen_program_add makes it where there is none (never NULL). */
struct program *seen_program(struct seen *s, uint64_t digest);
struct program *seen_program_add(struct seen *s, uint64_t digest, int64_t now_s);
void seen_program_judged(struct program *p, const char *object, int64_t now_s);
/* Facts have changed: every program is judged anew when it is met again. */
void seen_forget_verdicts(struct seen *s);

struct pid_entry *seen_pid(struct seen *s, pid_t pid); /* NULL: not known */
/* Contacts stay with a process that executes another program (the same start time). */
struct pid_entry *seen_pid_put(struct seen *s, pid_t pid, uint64_t start_ticks, uint64_t digest);
/* Of each process whose program has a finding: alive says whether it is, and then found is told the digest of the object. */
void seen_alive(struct seen *s, bool (*alive)(void *userdata, const struct pid_entry *e),
                void (*found)(void *userdata, uint64_t object), void *userdata);
uint64_t seen_evicted(const struct seen *s);           /* pids that had to give way, and may be alive */
