/* rolewatch bundle: roles and their policies, asked of IAM where the rights are. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/aws.h"
#include "rolewatch/account.h"

#define ROLES_AT_ONCE 64
#define ARENA_MAX ((size_t)1 << 20)

static const char *first_of(const char *a, const char *b)
{
        const char *v = getenv(a);

        if (!v || !*v)
                v = b ? getenv(b) : NULL;
        return v && *v ? v : NULL;
}

static int run(const char *const *roles, size_t n, const char *out)
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
        const char *fault = NULL;
        cJSON *bundle = NULL;
        int r;

        if (!c.keys.key_id || !c.keys.secret) {
                fprintf(stderr, "rolewatch bundle: no keys in the environment (AWS_ACCESS_KEY_ID, "
                                "AWS_SECRET_ACCESS_KEY)\n");
                return EXIT_USAGE;
        }
        r = net_new(&net);
        if (r == 0)
                r = arena_new(ARENA_MAX, &a);
        c.net = net;
        if (r == 0)
                r = account_bundle(&(struct bundle_request){ &c, a, roles, n }, &bundle, &fault);
        if (r == 0)
                return json_print(bundle, out);
        fprintf(stderr, "rolewatch bundle: %s\n", fault ? fault : strerror(-r));
        return 1;
}

int cmd_bundle(int argc, char **argv)
{
        const char *roles[ROLES_AT_ONCE], *out = NULL;
        size_t n = 0;

        for (int i = 1; i < argc; i++) {
                if (streq(argv[i], "--role") && i + 1 < argc && n < ROLES_AT_ONCE) {
                        roles[n++] = argv[++i];
                } else if (streq(argv[i], "-o") && i + 1 < argc && !out) {
                        out = argv[++i];
                } else {
                        fprintf(stderr, "rolewatch bundle: '%s' is not understood; see rolewatch help\n",
                                argv[i]);
                        return EXIT_USAGE;
                }
        }
        if (n == 0) {
                fprintf(stderr, "usage: rolewatch bundle --role NAME... [-o FILE]\n");
                return EXIT_USAGE;
        }
        return run(roles, n, out);
}
