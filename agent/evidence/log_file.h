/*
 * log_file -- one file of a container's log, read from a position on: over rotation, truncation, records that are not whole yet and
 * lines that Docker cut.
 */
#pragma once
#include "evidence_internal.h"
#include "rolewatch/broker.h"
#include "rolewatch/cgroup.h"

struct log_file {
        char id[CONTAINER_ID_LEN + 1];
        enum broker_container_log kind;
        int fd, next;                  /* -1: not open; the file that has its name by now */
        off_t offset;
        bool skipping;                 /* up to the next newline: the line was too long */
        char *part;                    /* the end of a record whose line goes on; NULL: there is none */
        size_t part_len;
        int part_priority;
        off_t end;                     /* size and change time, when the end was reached last */
        struct timespec changed;
        unsigned unchanged;            /* how often the end was reached since, with both the same */
        /* Of log_files: */
        bool due;                      /* there may be something to read */
        bool wanted;                   /* a file is to be requested */
        bool none;                     /* the container had none of the files when it was last searched for them */
        bool listed;                   /* a call of log_files_set had it */
        bool from_start;               /* of the first file */
        int64_t since_us;              /* the first file's records before this are passed over, up to its end; since the epoch; 0: none are */
        unsigned missing;              /* calls of log_files_set without it, in a row */
        uint64_t retry_tick;           /* no request before */
};

/* What all files share. buf: NULL until something is read; the caller's. */
struct log_reading {
        char *buf;
        struct log_file_counts *counts;
        denial_fn fn;
        void *userdata;
};

/* Reads one part and reports its denied calls: bytes that were read, or 1 after a step without any; 0: the end, for now; -ENOMEM. */
ssize_t log_file_read(struct log_file *f, struct log_reading *to);
/* At the end of the file: has another file its name, or none? */
bool log_file_is_renamed(struct log_file *f);
/* Takes over the descriptor: as the first file, or as the one behind the open one. */
void log_file_take(struct log_file *f, int fd);
void log_file_close(struct log_file *f);
