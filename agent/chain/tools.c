/*
 * Tools that are known by the name of their executable. A name alone is no proof: where it is a common word, the SDK
 * that the tool is built with has to be there, too.
 */
#include "rows.h"

static const struct {
        const char *program;
        const char *sdk, *before;              /* carried, of a release before; NULL: any, none */
        const char *sdk;
} tools[] = {
        { "registry",        "go1", "1.50.0", "registry" },    /* 3.0 has 1.55 and the SDK's own chain */
        { "docker-registry", "go1", "1.50.0", "registry" },
        { "pgbackrest",      NULL,  NULL,     "pgbackrest" },
        { "s3fs",            NULL,  NULL,     "s3fs" },
        { "restic",          NULL,  NULL,     "restic" },
        { "rclone",          NULL,  NULL,     "rclone" },
        { "fluent-bit",      NULL,  NULL,     "fluent-bit" },
        { "amazon-cloudwatch-agent", NULL, NULL, "cloudwatch-agent" },
};

const char *chain_tool_named(const char *exe, const char *sdk, const char *version)
{
        const char *slash = exe ? strrchr(exe, '/') : NULL;

        for (size_t i = 0; slash && i < ARRAY_SIZE(tools); i++)
                if (streq(slash + 1, tools[i].program) && (!tools[i].sdk || streq(sdk, tools[i].sdk)) &&
                    (!tools[i].before || !version || version_compare(version, tools[i].before) < 0))
                        return tools[i].sdk;
        return NULL;
}
