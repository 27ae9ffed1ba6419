/*
 * Tools that are recognized by the name of their executable. Where the name is a common word, the SDK that the tool is
 * built with must be there, too.
 */
#include "rows.h"

static const struct {
        const char *program;
        const char *with, *before;             /* the SDK in it, of a release before this one; NULL: any */
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
                if (streq(slash + 1, tools[i].program) && (!tools[i].with || streq(sdk, tools[i].with)) &&
                    (!tools[i].before || !version || version_compare(version, tools[i].before) < 0))
                        return tools[i].sdk;
        return NULL;
}
