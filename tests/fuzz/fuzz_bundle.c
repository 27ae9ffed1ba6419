/* What `aws iam get-account-authorization-details` prints, for two roles of the host. fuzz: dict=policy max_len=8192 */
#include "../../agent/account/bundle.h"
#include "fuzz.h"
#include "rolewatch/judge.h"

static const char *const words[] = {
        "RoleDetailList", "Policies", "RoleName", "RoleId", "Arn", "AssumeRolePolicyDocument", "RolePolicyList", "PolicyName",
        "PolicyDocument", "AttachedManagedPolicies", "PolicyArn", "PermissionsBoundary", "PermissionsBoundaryArn", "Tags", "Key",
        "Value", "PolicyVersionList", "Document", "IsDefaultVersion", "DefaultVersionId", "VersionId", "v1", "web",
        "arn:aws:iam::111122223333:role/web", "arn:aws:iam::aws:policy/X", "%7B%22Statement%22%3A%5B%5D%7D", "{\"Statement\":[]}",
        "Statement", "Effect", "Allow", "Action", "Resource", "*", "%00", "%", "Principal", "Service",
};
FUZZ_MUTATOR(json, words)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *in = fuzz_text(data, size);
        const char *lints[NEED_LINTS_MAX];
        int r = snapshot_new(&s);

        for (int i = 0; r == 0 && i < 2; i++) {
                struct role *role = snapshot_add_role(s);

                if (!role)
                        r = -ENOMEM;
                else
                        *role = (struct role){ .arn = i ? NULL : "arn:aws:iam::111122223333:role/web", .name = "web" };
        }
        if (r == 0)
                r = json_parse(in, size, &j);
        if (r == 0)
                r = bundle_take(s, j, "bundle x", 5);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        for (size_t i = 0; i < s->n_roles; i++) {
                CALM;
                size_t n = role_lint(&s->roles[i], s->arena, lints);

                for (size_t k = 0; k < n; k++)
                        claim_shown(lints[k], "");
                CLAIM(s->roles[i].state != ROLE_KNOWN || (s->roles[i].arn && s->roles[i].trust));
        }
        claim_snapshot(s);
        return 0;
}
