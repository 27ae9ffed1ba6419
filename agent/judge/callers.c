/*
 * Callers: the roles of a snapshot with parsed policies, and the condition keys
 * of a request with a session of the role.
 */
#include <strings.h>
#include "judge_internal.h"

static int policies_make(const struct judge_index *ix, const struct role *role, struct iam_policies *ret)
{
        const struct iam_policy **list =
                arena_alloc(ix->a, (role->n_policies + 1) * sizeof *list), **boundary;

        boundary = arena_alloc(ix->a, sizeof *boundary);
        if (!list || !boundary)
                return -ENOMEM;
        *ret = (struct iam_policies){ 0 };
        for (size_t i = 0; i < role->n_policies; i++) {
                const struct policy_text *p = &role->policies[i];
                const char *document = p->document ? p->document : "";
                int r = iam_policy_parse(ix->a, document, strlen(document), IAM_IDENTITY, p->name, &list[i]);

                if (r < 0)
                        return r;
        }
        ret->of[IAM_IDENTITY] = (struct iam_list){ .list = list, .n = role->n_policies,
                                                   .not_visible = role->state != ROLE_KNOWN };
        ret->of[IAM_BOUNDARY].not_visible = role->state != ROLE_KNOWN;
        ret->of[IAM_SCP].not_visible = ret->of[IAM_RCP].not_visible = ret->of[IAM_ENDPOINT].not_visible = true;
        if (!role->boundary)
                return 0;
        ret->of[IAM_BOUNDARY] = (struct iam_list){ .list = boundary, .n = 1 };
        return iam_policy_parse(ix->a, role->boundary, strlen(role->boundary), IAM_BOUNDARY,
                                "permissions boundary", boundary);
}

struct keys {
        const struct judge_index *ix;
        struct iam_key *rows;
        size_t n, capacity;
        bool full;                     /* of memory */
};

static void key(struct keys *k, const char *name, enum iam_presence presence, const char *value)
{
        const char **values = arena_alloc(k->ix->a, sizeof *values);

        if (!values || (presence == IAM_KEY_KNOWN && !value)) {
                k->full = !values;
                return;
        }
        *values = value;
        assert(k->n < k->capacity);
        k->rows[k->n++] = (struct iam_key){ name, presence, values, presence == IAM_KEY_KNOWN, false };
}

/* Condition keys that a direct, signed request of a role session never has (IAM user guide, global condition keys). */
static const char *const absent[] = {
        "aws:username", "aws:MultiFactorAuthAge", "aws:FederatedProvider", "aws:SourceIdentity",
        "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:PrincipalServiceName",
        "aws:PrincipalServiceNamesList", "aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID",
        "aws:SourceOrgPaths", "ssm:SourceInstanceArn",
};

const char *never_carried(const char *key_name)
{
        for (size_t i = 0; i < ARRAY_SIZE(absent); i++)
                if (strcasecmp(absent[i], key_name) == 0)
                        return absent[i];
        return NULL;
}

/* The keys that every such request has. */
static void common_keys(struct keys *k, const struct role *role)
{
        const struct host *h = &k->ix->s->host;
        char now[32];

        key(k, "aws:PrincipalArn", IAM_KEY_KNOWN, role->arn);
        key(k, "aws:PrincipalAccount", IAM_KEY_KNOWN, h->account);
        key(k, "aws:PrincipalType", IAM_KEY_KNOWN, "AssumedRole");
        key(k, "aws:PrincipalIsAWSService", IAM_KEY_KNOWN, "false");
        key(k, "aws:ViaAWSService", IAM_KEY_KNOWN, "false");
        key(k, "aws:SecureTransport", IAM_KEY_KNOWN, "true");
        key(k, "aws:MultiFactorAuthPresent", IAM_KEY_KNOWN, "false");
        key(k, "aws:CurrentTime", IAM_KEY_KNOWN,
            arena_dup(k->ix->a, time_format(h->taken_s, now, sizeof now)));
        key(k, "aws:EpochTime", IAM_KEY_KNOWN, arena_printf(k->ix->a, "%lld", (long long)h->taken_s));
        key(k, "aws:userid", IAM_KEY_HIDDEN, NULL);
        key(k, "aws:TokenIssueTime", IAM_KEY_HIDDEN, NULL);
        for (size_t i = 0; i < ARRAY_SIZE(absent); i++)
                key(k, absent[i], IAM_KEY_ABSENT, NULL);
}

static void caller_own_keys(struct keys *k, const struct role *role, bool instance)
{
        static const char *const of_instances[] = { "ec2:RoleDelivery", "aws:Ec2InstanceSourceVpc",
                                                    "aws:Ec2InstanceSourcePrivateIPv4" };
        const struct host *h = &k->ix->s->host;

        for (size_t i = 0; i < ARRAY_SIZE(of_instances); i++)
                key(k, of_instances[i], instance ? IAM_KEY_HIDDEN : IAM_KEY_ABSENT, NULL);
        if (instance && h->instance_id && h->region && h->account)
                key(k, "ec2:SourceInstanceARN", IAM_KEY_KNOWN,
                    arena_printf(k->ix->a, "arn:%s:ec2:%s:%s:instance/%s",
                                 h->partition ? h->partition : "aws", h->region, h->account,
                                 h->instance_id));
        else
                key(k, "ec2:SourceInstanceARN", instance ? IAM_KEY_HIDDEN : IAM_KEY_ABSENT, NULL);
        for (size_t i = 0; i < role->n_tags; i++)
                key(k, arena_printf(k->ix->a, "aws:PrincipalTag/%s", role->tags[i].name),
                    IAM_KEY_KNOWN, role->tags[i].value);
        key(k, "aws:PrincipalTag/*", role->state == ROLE_KNOWN ? IAM_KEY_ABSENT : IAM_KEY_UNKNOWN,
            NULL);
}

#define KEYS_MAX 40
static int caller_make(const struct judge_index *ix, const struct role *role, struct caller *c)
{
        const struct host *h = &ix->s->host;
        bool instance = streq(role->name, h->instance_role);
        size_t capacity = KEYS_MAX + role->n_tags;
        struct keys k = { .ix = ix, .rows = arena_alloc(ix->a, capacity * sizeof *k.rows), .capacity = capacity };
        const char *partition = h->partition ? h->partition : "aws";
        const char *in_arn = role->arn && strncmp(role->arn, "arn:", 4) == 0 ? strstr(role->arn, ":iam::") : NULL;
        const char *account = in_arn ? in_arn + 6 : h->account ? h->account : "";
        size_t account_len = strcspn(account, ":");

        c->role = role;
        if (!k.rows)
                return -ENOMEM;
        /* The ARN of the role has the account, too: the host's is not known while IMDS does not answer. */
        c->session = arena_printf(ix->a, "arn:%s:sts::%.*s:assumed-role/%s/%s", partition,
                                  (int)account_len, account, role->name,
                                  instance && h->instance_id ? h->instance_id : "task");
        common_keys(&k, role);
        caller_own_keys(&k, role, instance);
        c->context = k.rows;
        c->n_context = k.n;
        return k.full || !c->session ? -ENOMEM : policies_make(ix, role, &c->policies);
}

int callers_make(struct judge_index *ix)
{
        const struct snapshot *s = ix->s;
        int r = 0;

        ix->callers = arena_alloc(ix->a, (s->n_roles + 1) * sizeof *ix->callers);
        if (!ix->callers)
                return -ENOMEM;
        for (size_t i = 0; r == 0 && i < s->n_roles; i++)
                r = caller_make(ix, &s->roles[i], &ix->callers[i]);
        return r;
}

const struct caller *caller_of(const struct judge_index *ix, const char *role)
{
        for (size_t i = 0; role && i < ix->s->n_roles; i++)
                if (streq(ix->callers[i].role->arn, role) ||
                    streq(ix->callers[i].role->name, arn_name(role)))
                        return &ix->callers[i];
        return NULL;
}
