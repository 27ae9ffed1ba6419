/* Where the endpoints are: AWS's and the agent's own, unless the environment says otherwise. */
#include "rolewatch/collect.h"

static const char *setting(const char *name, const char *fallback)
{
        const char *v = getenv(name);

        return v && *v ? v : fallback;
}

void collect_settings_default(struct collect_settings *ret)
{
        *ret = (struct collect_settings){
                .imds = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254"),
                .introspection = setting("ROLEWATCH_INTROSPECTION_ENDPOINT", "http://127.0.0.1:51678"),
                .credentials = setting("ROLEWATCH_CREDENTIALS_ENDPOINT", "http://127.0.0.1:51679"),
                .container_endpoint = setting("ROLEWATCH_CONTAINER_ENDPOINT", "http://169.254.170.2"),
                .proc = setting("ROLEWATCH_PROC", "/proc"),
                .audit_log = setting("ROLEWATCH_AUDIT_LOG", "/var/log/ecs/audit.log"),
                .needs = setting("ROLEWATCH_NEEDS", "/etc/rolewatch/needs.d"),
                .bundles = setting("ROLEWATCH_BUNDLES", "/etc/rolewatch/bundles.d"),
                .definitions = setting("ROLEWATCH_DEFINITIONS", "/etc/rolewatch/definitions.d"),
                .cache = setting("ROLEWATCH_CACHE", "/var/cache/rolewatch"),
                .ca_file = setting("AWS_CA_BUNDLE", NULL),
                .ecs = *setting("ROLEWATCH_ECS", "") != '\0',
                .iam = *setting("ROLEWATCH_IAM", "") != '\0',
                .imds_v1 = *setting("ROLEWATCH_IMDS_V1", "") != '\0',
                .probe = true,
        };
}
