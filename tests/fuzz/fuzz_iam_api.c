/* A role and its policies from IAM, in as many answers as there are; pages and markers, too. fuzz: dict=xml max_len=16384 */
#include "fuzz.h"
#include "rolewatch/account.h"
#include "rolewatch/aws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const char *const roles[] = { "web", "db" };
        struct aws_client c = { .keys = { "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL },
                                .partition = "aws", .region = "eu-west-1" };
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(net_freep) struct net *n = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        const char *error = NULL;
        int r = arena_new(4 << 20, &a);

        if (r == 0)
                r = net_new(&n);
        if (r < 0) {
                fuzz_result(r, NULL);
                return 0;
        }
        c.net = n;
        fake_net_answers(data, size);
        r = account_bundle(&(struct bundle_request){ &c, a, roles, 1 + size % 2 }, &j, &error);
        fuzz_result(r, error);
        CLAIM((r == 0) == (j != NULL));
        CLAIM(r == 0 || error || fuzz_tortured());
        claim_shown(error, "");
        if (r == 0) {
                CALM;
                CLEANUP(freep) char *text = cJSON_PrintUnformatted(j);

                CLAIM(text);
                CLAIM(cJSON_GetArraySize(cJSON_GetObjectItem(j, "RoleDetailList")) == (int)(1 + size % 2));
                fuzz_result(0, text);
        }
        return 0;
}
