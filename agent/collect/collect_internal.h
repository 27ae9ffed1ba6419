/* collect_internal -- what the readers of the room share. */
#pragma once
#include "rolewatch/collect.h"

/* Cluster and version alone: the list of tasks of a big host is some hundred kilobytes. */
int collect_agent_itself(struct scan *x);
/* The task of one container that has none yet, by its id; not known to the agent: it stays without. */
int collect_container(struct scan *x, int container);
/* Credentials that have no answer yet, without a question to the server itself. */
int collect_new_credentials(struct scan *x);

void credential_requests_done(struct credential_requests *rq);    /* erases */
void metadata_requests_done(struct metadata_requests *rq);
/* Index of the path (added when new, together with a snapshot credential), or -errno (-ENOSPC past the limit). */
int credential_requests_add(struct scan *x, const char *path, size_t len);
/* The same of a credential whose answer is known: it is not asked for again. */
int credential_requests_adopt(struct scan *x, const struct credential *known);
/* -EINVAL: no metadata URI; -ENOSPC: past the limit, also that of one container. */
int metadata_requests_add(struct metadata_requests *rq, int container, const char *uri, size_t len);
