/* Where the endpoints are: AWS's and the agent's own, unless the environment says otherwise. */
#include "rolewatch/collect.h"
#include "rolewatch/environment.h"

static const char *setting(const char *name, const char *fallback)
{
        const char *v = getenv(name);

        return v && *v ? v : fallback;
}

void collect_settings_default(struct collect_settings *ret)
{
        *ret = (struct collect_settings){
#define X(field, name, fallback, meaning) .field = setting(name, fallback),
                ENVIRONMENT_TEXTS(X)
#undef X
#define X(field, name, meaning) .field = setting(name, NULL) != NULL,
                ENVIRONMENT_SWITCHES(X)
#undef X
                .probe = true,
        };
}
