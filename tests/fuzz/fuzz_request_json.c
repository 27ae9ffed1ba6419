/* A line of `rolewatch policy eval`: every layer, principal and key is the input's. fuzz: dict=policy max_len=8192 */
#include "fuzz.h"
#include "rolewatch/iam.h"

static const char *const words[] = {
        "principal", "action", "resource", "resourceAccount", "context", "identityPolicies", "permissionBoundaries",
        "sessionPolicies", "serviceControlPolicies", "resourceControlPolicies", "endpointPolicies", "resourcePolicy", "unknown",
        "Statement", "Effect", "Allow", "Deny", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal",
        "Condition", "AWS", "Service", "Federated", "CanonicalUser", "*", "s3:*", "s3:ListBucket", "arn:aws:s3:::my-bucket",
        "arn:aws:sts::123456789012:assumed-role/test-role/s", "arn:aws:iam::123456789012:role/test-role", "123456789012",
        "arn:aws:iam::123456789012:root", "ecs-tasks.amazonaws.com", "StringEquals", "ForAllValues:StringEquals", "Null", "true",
        "roleArn", "arn:aws:iam::123456789012:oidc-provider/x", "arn:aws:iam::123456789012:root", "AROAEXAMPLE", "AIDAEXAMPLE", "\\u0001", "\\u0003",
        "sts:AssumeRole", "kms:Decrypt", "arn:aws:kms:eu-west-1:123456789012:key/1", "DateEquals", "NumericEquals", "1e3", "2024-01-01T00:00Z",
        "aws:PrincipalArn", "aws:ResourceAccount", "${aws:PrincipalTag/a}", "aws:PrincipalTag/a", "ArnLike", "Bool",
};
FUZZ_MUTATOR(json, words)

/* What the layer says by itself. */
static bool denies(const struct iam_policies *p, enum iam_layer layer, const struct iam_request *rq)
{
        struct iam_policies alone = { 0 };
        struct iam_decision d;

        alone.of[IAM_IDENTITY] = p->of[layer];
        iam_evaluate(&alone, rq, &d);
        return d.answer == IAM_EXPLICIT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *in = fuzz_text(data, size);
        struct iam_policies p;
        struct iam_request rq;
        struct iam_decision d, more;
        const char *error = NULL;
        bool boundary;
        int r = arena_new(8 << 20, &a);

        if (r == 0)
                r = json_parse(in, size, &j);
        if (r == 0)
                r = iam_request_from_json(j, a, &p, &rq, &error);
        FUZZ_ERROR(r);
        fuzz_result(r, error);
        CLAIM(r != -EBADMSG || !j || error);
        claim_shown(error, "");
        if (r < 0)
                return 0;
        iam_evaluate(&p, &rq, &d);
        CLAIM(d.answer != IAM_UNKNOWN || d.n_why);
        fuzz_result((int)d.answer, NULL);
        /* What is not seen may change an answer that is known into an unknown one, never into another; but where it is
         * what denied, and nothing allows, the denial is the others'. */
        boundary = denies(&p, IAM_BOUNDARY, &rq);
        p.of[IAM_BOUNDARY].not_visible = true;
        iam_evaluate(&p, &rq, &more);
        CLAIM(more.answer == d.answer || more.answer == IAM_UNKNOWN || d.answer == IAM_UNKNOWN ||
              (boundary && more.answer == IAM_IMPLICIT && d.answer == IAM_EXPLICIT));
        iam_resource_containment(&p, &rq, &more);
        CLAIM(more.answer != IAM_UNKNOWN || more.n_why);
        return 0;
}
