/* log_file -- one file of a container's log, read from a position on: over rotation, truncation and records that are not whole yet. */
#pragma once
#include "log_texts.h"
#include "rolewatch/broker.h"
#include "rolewatch/cgroup.h"

struct log_file {
        char id[CONTAINER_ID_LEN + 1];
        enum broker_container_log kind;
        int fd, next;                  /* -1: not open; the file that has its name by now */
        off_t offset, size;            /* size: when it was read last */
        bool skipping;                 /* up to the next newline: the line was too long */
        struct log_part part;
        off_t end;                     /* of the newest: size and change time, when its name was checked last */
        struct timespec changed;
        unsigned unchanged;            /* how often it was checked since, with both the same */
        /* Of log_files: */
        bool due;                      /* there may be something to read */
        bool wanted;                   /* a file is to be requested */
        bool deleted;                  /* its name is gone, and no file has it: at its end it is closed */
        bool none;                     /* the container had none of the files when it was last searched for them */
        bool listed;                   /* a call of log_files_set had it */
        bool from_start;               /* of the first file */
        int64_t since_us;              /* the first file's records before this are passed over, up to its end; since the epoch; 0: none are */
        unsigned missing;              /* calls of log_files_set without it, in a row */
        uint64_t retry_tick;           /* no request before */
        int open_error, read_error;    /* -errno: the last try failed */
};

/* Reads one part and reports its denied calls: bytes that were read, or 1 after a step without any; 0: the end, for now; -ENOMEM, -errno of the file. */
ssize_t log_file_read(struct log_file *f, struct log_reading *to);
/* Has another file the name of the newest one, or none? */
bool log_file_is_renamed(struct log_file *f);
/* Has it no name any more, and was nothing written to it for some checks? Docker goes on with a file that somebody else deletes. */
bool log_file_is_deleted(const struct log_file *f);
/* Takes over the descriptor: as the first file, or as the one behind the open one. One between them, of which nothing was read, is passed over. */
void log_file_take(struct log_file *f, int fd, struct log_file_counts *counts);
void log_file_close(struct log_file *f);
