/*
 * container_config -- the environment that a container was started with: "process.env" of its OCI bundle, "Config.Env"
 * of Docker's record. What its first process has is that, unless an entrypoint changed it.
 */
#pragma once
#include "fork.h"
#include "process.h"

/*
 * Of the container of this process. A copy, the caller's, to be erased. The file is read once for all processes of a
 * container that come one after the other. -EBADMSG: it is no such configuration; -ENOMEM; other -errno.
 */
int container_config_read(struct reader *rd, const struct step *of, char **ret, size_t *ret_len);
/*
 * Fills config_uri and config_cred of containers whose task no first process has the credentials URI of: whether such a
 * task has a role, only they say. What base or an earlier scan knows is not read again. 0, also where it cannot be
 * read; -ENOMEM.
 */
int container_configs_read(struct reader *rd);
