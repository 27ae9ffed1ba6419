/*
 * helper_log_site -- containers whose logs Docker keeps in files: a directory of files, records of both formats, and log_files that follows
 * them. The test opens the files in place of the broker.
 */
#pragma once
#include "../../agent/evidence/evidence_internal.h"
#include "rolewatch/broker.h"
#include "rolewatch/limits.h"

#define CALLER "arn:aws:sts::111122223333:assumed-role/ecsInstanceRole/i-1234567890abcdef0"
#define DENIED "User: " CALLER " is not authorized to perform: SNS:Publish on resource: arn:aws:sns:eu-west-1:111122223333:"
#define ID "f44e523862986069d83e6e17badcde5dbaa0733fb9dc259184d2caf152e19146"
#define OTHER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* ---- records ---- */
struct bytes { char s[(size_t)1 << 21]; size_t len; };
struct entry { const char *text; size_t len; const char *stream; int64_t at_s; int part; };   /* part 1: it goes on; 2: the last */
void bytes_add(struct bytes *b, const void *s, size_t len);
void bytes_add_varint(struct bytes *b, uint64_t v);
void bytes_add_field(struct bytes *b, unsigned number, const void *s, size_t len);
void bytes_add_length(struct bytes *b, size_t n);
void bytes_add_local(struct bytes *b, const struct entry *e);
void bytes_add_entry(struct bytes *b, enum broker_container_log kind, const struct entry *e);

/* ---- files ---- */
struct site {
        char directory[64];
        enum broker_container_log kind;
        struct log_files *l;
        int reported;
        char resources[64], container[80]; /* of what was reported: the names of the topics, one letter each; the last one's container */
        int priority;
        int64_t at_us;
        int error;                     /* what the broker answers in place of a descriptor; 0: it opens */
        unsigned requests;
        size_t descriptors;            /* before */
};
size_t open_descriptors(void);
struct site *site_new(void **state);
void site_freep(struct site **h);
const char *site_path(const struct site *h, const char *id, const char *suffix);
void site_write_bytes(const struct site *h, const char *id, const void *s, size_t len);
void site_write_entry(const struct site *h, const char *id, const struct entry *e);
void site_write_text(const struct site *h, const char *text);
/* Publish on the topic of this name. */
void site_write_denied(const struct site *h, const char *topic);
void site_on_denial(void *userdata, const struct denial_line *d);
/* The broker's side. */
void site_answer(struct site *h);
/* What is reported by now: the topics' names. */
const char *site_follow(struct site *h);
void site_containers(struct site *h, const char *a, const char *b);
void site_start(struct site *h, enum broker_container_log kind);
void site_restart(struct site *h, enum broker_container_log kind);
uint64_t site_bytes_read(const struct site *h);
uint64_t site_passed_over(const struct site *h);
bool site_wakes(const struct site *h, int ms);
/* Lines without a denied call, some MiB of them. Their bytes. */
size_t site_write_much(const struct site *h, size_t mib);
size_t site_size(const struct site *h);
void site_rename(const struct site *h, const char *suffix);
/* A part of what there is, and the answers to the requests that follow from it. */
void site_follow_once(struct site *h);

#define EACH_KIND(kind) for (enum broker_container_log kind = 0; kind < BROKER_LOG_MAX; kind++)
