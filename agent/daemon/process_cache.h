/*
 * process_cache -- which process runs which program, and the verdict on that program, so that most kernel events cost
 * one lookup. Bounded: the entries that were used longest ago are evicted first. No I/O.
 */
#pragma once
#include "rolewatch/judge.h"

#define MET_CONTAINER 1u
#define MET_IMDS 2u

/* A program in its container and environment: one verdict holds for all processes that run it. */
struct program {
        uint64_t digest;               /* 0: the slot is free */
        uint64_t object;               /* digest of its finding's object in the finding state; 0: no finding */
        int64_t judged_s;              /* 0: no valid verdict */
        int64_t used_s;
        enum confirms confirms;
        unsigned met;                  /* MET_ bits of the contacts that its verdict takes into account */
        unsigned ended;                /* processes in a row that contacted an endpoint and ended before they were judged */
        bool sdk_known;                /* an AWS SDK is recognized in it */
        bool published;                /* the finding was published; false: published only if the process stays */
        bool incomplete;               /* something that its verdict depends on has not answered yet: */
        bool unanswered;               /* an endpoint, in the time that a first verdict has */
};
struct cached_process {
        pid_t pid;                     /* 0: the slot is free */
        unsigned met;                  /* MET_ bits of this process */
        uint64_t start_ticks, digest;  /* digest: of its program */
};

struct process_cache;
int process_cache_new(struct process_cache **ret);                       /* -ENOMEM */
void process_cache_free(struct process_cache *s);                        /* NULL ok */
DEFINE_CLEANUP(struct process_cache *, process_cache_free)
/* The program with this digest; NULL: none. process_cache_program_add adds it if needed and never returns NULL. */
struct program *process_cache_program(struct process_cache *s, uint64_t digest);
struct program *process_cache_program_add(struct process_cache *s, uint64_t digest, int64_t now_s);
void program_set_judged(struct program *p, const char *object, int64_t now_s);
/* Facts have changed: every program is judged again at its next event. */
void process_cache_clear_verdicts(struct process_cache *s);

struct cached_process *process_cache_find(struct process_cache *s, pid_t pid); /* NULL: not known */
/* Contacts stay with a process that executes another program (the same start time). */
struct cached_process *process_cache_put(struct process_cache *s, pid_t pid, uint64_t start_ticks, uint64_t digest);
/* Asks alive about each process whose program has a finding; calls found with the digest of the finding's object if it is, and drops the process if not. */
void process_cache_check_alive(struct process_cache *s, bool (*alive)(void *userdata, const struct cached_process *e),
                void (*found)(void *userdata, uint64_t object), void *userdata);
/* Fills in which endpoints the processes of a snapshot were seen to contact. */
void process_cache_fill(struct process_cache *s, struct snapshot *to);
uint64_t process_cache_evicted(const struct process_cache *s);           /* processes that were evicted and may still be alive */
