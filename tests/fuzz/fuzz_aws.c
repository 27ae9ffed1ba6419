/* One signed call, and what comes back: XML or JSON by the first byte. fuzz: dict=xml max_len=8192 */
#include "fuzz.h"
#include "rolewatch/aws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct aws_client c = { .keys = { "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "token" },
                                .partition = "aws", .region = "eu-west-1" };
        static const struct aws_param params[] = { { "RoleName", "a b" } };
        CLEANUP(aws_answer_done) struct aws_answer answer = { 0 };
        CLEANUP(net_freep) struct net *n = NULL;
        CLEANUP(json_freep) cJSON *body = NULL;
        int r = net_new(&n);

        if (size == 0 || r < 0) {
                fuzz_result(r, NULL);
                return 0;
        }
        {
                CALM;
                body = cJSON_CreateObject();
        }
        c.net = n;
        fake_net_answers(data + 1, size - 1);
        r = aws_send(&c, data[0] % 2 ? &(struct aws_request){ .service = AWS_IAM, .action = "GetRole", .params = params, .n_params = 1 }
                                     : &(struct aws_request){ .service = AWS_ECS, .action = "DescribeTasks", .body = body }, &answer);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        CLAIM((answer.state == ANSWER_OK) == (answer.body != NULL));
        claim_shown(answer.code, "");
        claim_shown(answer.message, "");
        aws_passing(&answer);
        fuzz_result(answer.status, answer.message);
        return 0;
}
