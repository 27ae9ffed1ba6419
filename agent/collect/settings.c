/* Where the endpoints are: AWS's and the agent's own, unless the environment says otherwise. */
#include "rolewatch/collect.h"
#include "rolewatch/environment.h"

static const char *settings_env_value(const char *name, const char *fallback)
{
        const char *v = getenv(name);

        return v && *v ? v : fallback;
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
}
