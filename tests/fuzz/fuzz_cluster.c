/* All that a look at the roles of a cluster asks of IMDS, the agent, ECS, scaling, load balancers and IAM. fuzz: dict=json max_len=32768 */
#include "fuzz.h"
#include "rolewatch/account.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const char *const services[] = { "web" }, *const definitions[] = { "web:7", "db" };
        const struct collect_settings cs = { .imds = "http://imds", .introspection = "http://agent", .needs = "/nonexistent",
                                             .bundles = "/nonexistent", .definitions = "/nonexistent",
                                             .cache = "/nonexistent", .env_keys = true, .iam = true, .ecs = true };
        const struct cluster_request request = { .cluster = "prod", .services = services, .n_services = size % 2,
                                                 .definitions = definitions, .n_definitions = size / 2 % 3 };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        int r;

        setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", 0);
        setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", 0);
        setenv("AWS_REGION", "eu-west-1", 0);
        fake_net_answers(data, size);
        r = account_cluster(&cs, &request, &s);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        s->host.taken_s = 0;
        for (size_t i = 0; i < s->n_roles; i++)
                s->roles[i].as_of_s = 0;
        claim_snapshot(s);
        return 0;
}
