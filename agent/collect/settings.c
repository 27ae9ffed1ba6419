/* Where the endpoints are: AWS's and the agent's own, unless the environment says otherwise. */
#include <stdio.h>
#include "rolewatch/cgroup.h"
#include "rolewatch/collect.h"
#include "rolewatch/environment.h"
#include "rolewatch/io.h"

static const char *settings_env_value(const char *name, const char *fallback)
{
        const char *v = getenv(name);

        return v && *v ? v : fallback;
}

/* In a control group namespace of its own it has no ID: its processes then are in no container already. */
static void own_container_get(struct collect_settings *cs)
{
        CLEANUP(freep) char *text = NULL;
        struct cgroup_location location;
        char path[PATH_TEXT_MAX];
        size_t len;

        snprintf(path, sizeof path, "%s/self/cgroup", cs->proc);
        if (read_file(&(struct file_request){ .dir = AT_FDCWD, .path = path, .max_bytes = PROC_TEXT_MAX }, &text, &len) == 0 &&
            cgroup_parse(text, len, &location))
                memcpy(cs->own_container, location.container, sizeof cs->own_container);
}

void collect_settings_default(struct collect_settings *ret)
{
        *ret = (struct collect_settings){
#define X(field, name, fallback, meaning) .field = settings_env_value(name, fallback),
                ENVIRONMENT_TEXTS(X)
#undef X
#define X(field, name, meaning) .field = settings_env_value(name, NULL) != NULL,
                ENVIRONMENT_SWITCHES(X)
#undef X
                .probe = true,
        };
        own_container_get(ret);
}
