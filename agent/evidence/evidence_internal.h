/* evidence_internal -- parses one journal entry, datagram or audit line. Pure. */
#pragma once
#include "rolewatch/evidence.h"

/* The text of one entry. 1: a denied AWS call, in *ret; 0: anything else; -ENOMEM. */
int log_line_parse(struct arena *a, const char *message, size_t len, struct error_text *ret);
/*
 * Where the text begins to have a part that each denied call has; NULL: it has none, and log_line_parse would return 0. JSON may encode the
 * text: these parts look the same in it.
 */
const char *log_line_hint(const char *message, size_t len);

/* One record of a file in which Docker keeps a container's log. */
struct log_record {
        struct span text;
        bool continues;                /* the line goes on in the next record of the same stream */
        int priority;                  /* 3: standard error, 6: standard output; -1: not given */
        int64_t at_us;                 /* since the epoch; 0: not given */
};
/* A line of log driver json-file's file, without its newline; the text in the arena. -EBADMSG, -ENOMEM. */
int log_json_parse(struct arena *a, const char *line, size_t len, struct log_record *ret);
/*
 * The first record of log driver local's file; the text points into s. The record's length; 0: the record goes on behind these bytes;
 * -EBADMSG: no record begins here, or it is not well-formed.
 */
ssize_t log_local_parse(const char *s, size_t len, struct log_record *ret);
/* How long the record is by its first four bytes; 0: there are not as many. */
uint64_t log_local_length(const char *s, size_t len);
/* Overwrites every text but those of CSM_TEXTS, in place. */
void csm_redact(char *buf, size_t len);
/* One datagram, after redacting it in place; texts in the arena. -EBADMSG: not from an SDK; -ENOMEM. */
int csm_parse(struct arena *a, char *buf, size_t len, struct csm_call *ret);
/* One line without its newline. 1: a request, in *ret, texts in the arena; 0: a request of rolewatch; -EBADMSG, -ENOMEM. */
int audit_call_parse(struct arena *a, const char *line, size_t len, struct audit_call *ret);
