/* Declared needs: a file, or a container's label by the first byte. fuzz: dict=policy max_len=4096 */
#include "rolewatch/needs.h"
#include "fuzz.h"
#include "rolewatch/judge.h"

static const char *const words[] = {
        "match", "family", "service", "container", "image", "role", "policy", "task", "instance", "arn:aws:iam::1:role/x", "*",
        "Statement", "Effect", "Allow", "Deny", "Action", "sns:Publish", "Resource", "arn:aws:sns:eu-west-1:1:t", "Condition",
        "StringEquals", "aws:SourceVpc", "NotAction", "NotResource", "s3:*", "comment", "${aws:username}",
};
FUZZ_MUTATOR(json, words)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(freep) char *in = NULL;
        const char *lints[NEED_LINTS_MAX];
        int r = snapshot_new(&s);

        if (r == 0 && !snapshot_add_container(s))
                r = -ENOMEM;
        if (r == 0) {
                s->containers[0] = (struct container){ .id = "c", .name = "app", .task = -1, .config_cred = -1 };
                in = fuzz_text(data, size);
                r = size && data[0] == ' ' ? needs_from_label(s, in, 0) : needs_from_text(s, in, size, "needs.json");
        }
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        for (size_t i = 0; i < s->n_needs; i++) {
                size_t n;

                CLAIM((s->needs[i].error == NULL) == (s->needs[i].policy != NULL));
                {
                        CALM;
                        n = need_lint(s, &s->needs[i], s->arena, lints);
                }
                CLAIM(n <= NEED_LINTS_MAX);
                for (size_t k = 0; k < n; k++)
                        claim_shown(lints[k], "");
        }
        claim_snapshot(s);
        return 0;
}
