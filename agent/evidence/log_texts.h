/* log_texts -- the denied calls in the records of one container's log: in texts of any length, and over the cuts that Docker makes in lines. */
#pragma once
#include "evidence_internal.h"

/* The end of a record whose line goes on. */
struct log_part {
        char *s;                       /* NULL: there is none */
        size_t len;
        size_t from;                   /* what is before was searched with that record; the rest is with the next one */
        int priority;
        int64_t at_us;
};

/* What all files share. buf: NULL until something is read; the caller's. */
struct log_reading {
        char *buf;
        size_t cost;                   /* of the texts that were decoded, in bytes; beyond LOG_BYTES_AT_ONCE no more records are read */
        struct log_file_counts *counts;
        denial_fn fn;
        void *userdata;
};

/* Reports each denied call once, of those that are LOG_SEAM apart: at most LOG_TEXTS_OF_RECORD. id: of the container. -ENOMEM. */
int log_texts_read(const char *id, struct log_part *part, const struct log_record *x, struct log_reading *to);
void log_part_drop(struct log_part *p);
