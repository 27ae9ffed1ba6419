/* evidence_internal -- parses one journal entry, datagram or audit line. Pure. */
#pragma once
#include "rolewatch/evidence.h"

/* The text of one entry. 1: a denied AWS call, in *ret; 0: anything else; -ENOMEM. */
int log_line_parse(struct arena *a, const char *message, size_t len, struct error_text *ret);
/* Overwrites every text but those of CSM_TEXTS, in place. */
void csm_redact(char *buf, size_t len);
/* One datagram, after redacting it in place; texts in the arena. -EBADMSG: not from an SDK; -ENOMEM. */
int csm_parse(struct arena *a, char *buf, size_t len, struct csm_call *ret);
/* One line without its newline. 1: a request, in *ret, texts in the arena; 0: a request of rolewatch; -EBADMSG, -ENOMEM. */
int audit_call_parse(struct arena *a, const char *line, size_t len, struct audit_call *ret);
