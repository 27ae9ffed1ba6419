/* evidence_internal -- what the readers make of one entry, datagram or line. Pure. */
#pragma once
#include "rolewatch/evidence.h"

/* The text of one entry: 1 and *ret filled, where an AWS call was denied; 0: anything else; -ENOMEM. */
int log_line_parse(struct arena *a, const char *message, size_t len, struct error_text *ret);
/* Overwrites every text but those of CSM_TEXTS, in place. */
void csm_redact(char *buf, size_t len);
/* One datagram, redacted in place first; texts in the arena. -EBADMSG: none of an SDK; -ENOMEM. */
int csm_parse(struct arena *a, char *buf, size_t len, struct csm_call *ret);
/* One line without its end: 1 and *ret, texts in the arena; 0: a request of rolewatch; -EBADMSG, -ENOMEM. */
int audit_call_parse(struct arena *a, const char *line, size_t len, struct audit_call *ret);
