/* rolewatch bundle: roles and their policies from IAM, fetched where there is access to it. */
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/aws.h"
#include "rolewatch/account.h"
#include "rolewatch/net.h"

#define ROLES_AT_ONCE 64
#define ARENA_MAX ((size_t)1 << 20)

#define BUNDLE_OPTIONS(X) \
        X(LIST, role,   "role",   0,   "NAME", "include the role NAME and all its policies", .required = true) \
        X(TEXT, output, "output", 'o', "FILE", "write to FILE, which only its owner can read, instead of standard output")
OPTION_TABLE(BUNDLE_OPTIONS)

static const char *first_of(const char *a, const char *b)
{
        const char *v = getenv(a);

        if (!v || !*v)
                v = b ? getenv(b) : NULL;
        return v && *v ? v : NULL;
}

static int bundle_print(const struct arguments *args, const struct options *o)
{
        CLEANUP(net_freep) struct net *net = NULL;
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct aws_client c = {
                .keys = { first_of("AWS_ACCESS_KEY_ID", NULL), first_of("AWS_SECRET_ACCESS_KEY", NULL),
                          first_of("AWS_SESSION_TOKEN", NULL) },
                .partition = aws_partition_of(first_of("AWS_REGION", "AWS_DEFAULT_REGION")),
                .endpoints[AWS_IAM] = aws_endpoint_setting(AWS_IAM),
                .ca_file = first_of("AWS_CA_BUNDLE", NULL),
        };
        const char *error = NULL;
        cJSON *bundle = NULL;
        int r;

        if (!c.keys.key_id || !c.keys.secret) {
                command_error(args, "no AWS credentials in the environment; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
                return EXIT_USAGE;
        }
        r = net_new(&net);
        if (r == 0)
                r = arena_new(ARENA_MAX, &a);
        c.net = net;
        if (r == 0)
                r = account_bundle(&(struct bundle_request){ &c, a, o->role.values, o->role.n }, &bundle, &error);
        if (r == 0)
                return json_print(args, bundle, o->output);
        command_error(args, "cannot fetch the roles: %s", error ? error : net_error_to_string(r));
        return 1;
}

static int run_bundle(const struct arguments *a)
{
        const struct options *o = a->options;

        if (o->role.n > ROLES_AT_ONCE)
                return usage_error(a->command, "option '--role' is given more than %d times", ROLES_AT_ONCE);
        return bundle_print(a, o);
}

const struct command command_bundle = {
        .name = "bundle", .operands = "", .help = "fetch roles and their policies from IAM, for hosts without access to IAM",
        COMMAND_OPTIONS, .run = run_bundle,
        .exits = { { 0, "the bundle is written" }, { 1, "IAM refused a call, a role does not exist, or IAM did not answer" },
                   { 3, "the bundle could not be written" } },
        .examples = { "rolewatch bundle --role webTaskRole --role ecsInstanceRole --output bundle.json" },
};
