/* collect_internal -- shared by the readers of this room. */
#pragma once
#include "rolewatch/collect.h"

/* Cluster and version only: the task list of a large host has hundreds of kilobytes. */
int collect_agent_itself(struct scan *x);
/* The task of one container, by its ID; none if the agent does not know it. */
int collect_container(struct scan *x, int container);
/* Credentials that have no answer yet; the server itself is not queried. */
int collect_new_credentials(struct scan *x);

/*
 * Of tests that had a fraction of a second, silence says nothing, unless the last scan met it, too: the host is busy, or the
 * network of the container is being set up. Of IMDS, one version that answers shows that the other one does not.
 */
void silence_forget(const struct scan *x, struct netns *ns);

/* The keys of a role by the response of an endpoint, as role_keys_get. */
struct role_keys;
int role_keys_take(const struct net_response *rs, struct role_keys *ret, struct answer *why);

void credential_requests_done(struct credential_requests *rq);    /* erases */
void metadata_requests_done(struct metadata_requests *rq);
/* Index of the path, which is added if it is new, together with a credential of the snapshot. -ENOSPC: too many; -ENOMEM, -EINVAL. */
int credential_requests_add(struct scan *x, const char *path, size_t len);
/* The mark that a credential with this path has. */
uint64_t credential_mark(const char *path, size_t len);
/* The same for a credential whose answer is known: it is not queried again. */
int credential_requests_copy(struct scan *x, const struct credential *known);
/* -EINVAL: not a metadata URI; -ENOSPC: too many, in all or for this container. */
int metadata_requests_add(struct metadata_requests *rq, int container, const char *uri, size_t len);
