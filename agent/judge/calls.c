/*
 * Declared calls: each (action, resource) of the needs that match a container,
 * decided for the role that wins and for the one that is meant, under the same
 * context. What no bundle told is not known, and leads to no finding.
 */
#include <fnmatch.h>
#include "room.h"

/* ---- needs ---- */

bool glob_takes(const char *glob, const char *value)
{
        return !glob || (value && fnmatch(glob, value, 0) == 0);
}

bool need_applies(const struct snapshot *s, const struct need *n, int container)
{
        const struct container *c = &s->containers[container];
        const struct task *t = c->task >= 0 ? &s->tasks[c->task] : NULL;

        if (n->container >= 0)
                return n->container == container;
        return t && glob_takes(n->family, t->family) && glob_takes(n->service, t->service) &&
               glob_takes(n->name, c->name) && glob_takes(n->image, c->image);
}

/* A document may hold any character behind a \\u. */
static const char *foreign(struct arena *a, const char *s)
{
        return s ? arena_escape(a, s, strlen(s), 1024) : "";
}

static const cJSON *first(const cJSON *v) { return cJSON_IsArray(v) ? v->child : v; }
static const cJSON *next(const cJSON *list, const cJSON *v)
{
        return cJSON_IsArray(list) ? v->next : NULL;
}

static size_t pairs_read(const struct look *l, const cJSON *statement, struct pair *rows, size_t room)
{
        const cJSON *actions = cJSON_GetObjectItemCaseSensitive(statement, "Action");
        const cJSON *resources = cJSON_GetObjectItemCaseSensitive(statement, "Resource");
        const char *effect;
        size_t n = 0;

        if (json_get_str(statement, "Effect", 16, &effect) < 0 || !streq(effect, "Allow"))
                return 0;
        for (const cJSON *a = first(actions); a; a = next(actions, a))
                for (const cJSON *r = first(resources); r; r = next(resources, r)) {
                        if (!cJSON_IsString(a) || !cJSON_IsString(r))
                                continue;
                        if (rows && n < room)
                                rows[n] = (struct pair){ foreign(l->a, a->valuestring),
                                                         foreign(l->a, r->valuestring) };
                        n++;
                }
        return n;
}

#define PAIRS_MAX 256                  /* of one need */
static int declared_make(const struct look *l, const struct need *n, struct declared *d)
{
        CLEANUP(json_freep) cJSON *doc = NULL;
        const cJSON *list, *s;
        struct pair *rows;
        size_t room = 0;
        int r;

        d->need = n;
        r = n->policy ? json_parse(n->policy, strlen(n->policy), &doc) : -EBADMSG;
        if (r < 0)
                return r == -ENOMEM ? r : 0;
        list = cJSON_GetObjectItemCaseSensitive(doc, "Statement");
        for (s = first(list); s; s = next(list, s))
                room += pairs_read(l, s, NULL, 0);
        room = room < PAIRS_MAX ? room : PAIRS_MAX;
        rows = arena_alloc(l->a, (room + 1) * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        for (s = first(list); s && d->n_pairs < room; s = next(list, s)) {
                size_t got = pairs_read(l, s, rows + d->n_pairs, room - d->n_pairs);

                d->n_pairs += got < room - d->n_pairs ? got : room - d->n_pairs;
        }
        for (size_t i = 0; i < d->n_pairs; i++)
                if (!rows[i].action || !rows[i].resource)
                        return -ENOMEM;
        d->pairs = rows;
        return 0;
}

int calls_make(struct look *l)
{
        const struct snapshot *s = l->s;
        int r = 0;

        l->callers = arena_alloc(l->a, (s->n_roles + 1) * sizeof *l->callers);
        l->declared = arena_alloc(l->a, (s->n_needs + 1) * sizeof *l->declared);
        if (!l->callers || !l->declared)
                return -ENOMEM;
        for (size_t i = 0; r == 0 && i < s->n_roles; i++)
                r = caller_make(l, &s->roles[i], &l->callers[i]);
        for (size_t i = 0; r == 0 && i < s->n_needs; i++)
                r = declared_make(l, &s->needs[i], &l->declared[i]);
        return r;
}

/* ---- decisions ---- */

/* Policies change; what was denied when the bundle was made may be allowed by now. */
#define STALE_S ((int64_t)7 * 86400)
static const char *aged(const struct look *l, const struct caller *c, const char *why)
{
        int64_t age = l->s->host.taken_s - c->role->as_of_s;

        return !why || c->role->as_of_s == 0 || age < STALE_S
                       ? why
                       : arena_printf(l->a, "%s, by a bundle of %lld days ago", why,
                                      (long long)(age / 86400));
}

struct answer_by { enum iam_answer answer; bool resource_policy; const char *why; };

static void evaluate(const struct iam_policies *policies, const struct iam_request *rq, bool wild,
                     struct iam_decision *ret)
{
        if (wild)
                iam_contain(policies, rq, ret);
        else
                iam_evaluate(policies, rq, ret);
}

/*
 * An Allow under a condition on a key that direct calls never carry looks like a grant and is none.
 * The key, if it is that which keeps the call from being allowed; NULL: it is not.
 */
static const char *dead_key(const struct look *l, const struct iam_policies *policies,
                            const struct iam_request *as, bool wild)
{
        struct iam_key *keys = arena_alloc(l->a, as->n_context * sizeof *keys);
        struct iam_request rq = *as;
        struct iam_decision d;

        if (!keys)
                return NULL;
        for (size_t i = 0; i < rq.n_context; i++) {
                keys[i] = as->context[i];
                if (keys[i].presence == IAM_KEY_ABSENT && never_carried(keys[i].name))
                        keys[i].presence = IAM_KEY_HIDDEN;
        }
        rq.context = keys;
        evaluate(policies, &rq, wild, &d);
        for (size_t i = 0; d.visible == IAM_UNKNOWN && i < d.n_why; i++)
                if (d.why[i].reason == IAM_WHY_KEY && never_carried(d.why[i].subject))
                        return never_carried(d.why[i].subject);
        return NULL;
}

static const char *why_of(const struct look *l, const struct iam_decision *d, const char *dead)
{
        if (d->answer == IAM_UNKNOWN && d->n_why)
                return arena_printf(l->a, "%s: %s", iam_reason_meaning(d->why[0].reason),
                                    foreign(l->a, d->why[0].subject));
        if (d->n_by && !d->by[0].allow)
                return d->by[0].sid ? arena_printf(l->a, "statement %s of %s denies it", d->by[0].sid,
                                                   d->by[0].policy)
                                    : arena_printf(l->a, "statement %zu of %s denies it",
                                                   d->by[0].statement, d->by[0].policy);
        if (dead)
                return arena_printf(l->a, "what would allow it hangs on the condition key %s, which its "
                                          "own calls never carry", dead);
        return d->missing == IAM_BOUNDARY ? "its permissions boundary does not allow it"
                                          : "no policy of it allows it";
}

static struct answer_by finish(const struct look *l, const struct caller *c, struct iam_decision *d,
                               bool resource_policy, const char *dead)
{
        return (struct answer_by){ d->answer, resource_policy,
                                   d->answer == IAM_ALLOWED ? NULL : aged(l, c, why_of(l, d, dead)) };
}

/*
 * The resource's own policy is not seen. What is not known without it is answered as if it left the call
 * to the policies of the role; a denial then holds unless it names the role.
 */
static struct answer_by decide(const struct look *l, const struct caller *c, const struct pair *p, uint64_t *steps)
{
        struct iam_request rq = { .principal = c ? c->session : NULL, .action = p->action,
                                  .resource = p->resource, .steps = steps };
        bool wild = p->resource[strcspn(p->resource, "*?")] &&
                    !(streq(p->resource, "*") && without_resources(p->action));
        struct iam_policies policies;
        struct iam_decision d;
        bool open;

        if (!c || c->role->state != ROLE_KNOWN)
                return (struct answer_by){ IAM_UNKNOWN, false, "its policies were not seen" };
        rq.role_arn = c->role->arn;
        rq.context = c->context;
        rq.n_context = c->n_context;
        if (strncmp(p->resource, "arn:", 4) == 0 && strstr(p->resource, ":::"))
                rq.resource_account = l->s->host.account;      /* a bucket: taken for the account's own */
        policies = c->policies;
        policies.of[IAM_RESOURCE].unseen = true;
        evaluate(&policies, &rq, wild, &d);
        open = d.visible == IAM_UNKNOWN;
        d.answer = open ? d.delegated : d.visible;
        return finish(l, c, &d, open,
                      d.answer == IAM_IMPLICIT ? dead_key(l, &policies, &rq, wild) : NULL);
}

bool call_denied(enum iam_answer a) { return a == IAM_IMPLICIT || a == IAM_EXPLICIT; }

/* Who calls, for what need; steps: of all the calls of the need together, NULL: each has its own. */
struct asked {
        const struct look *l;
        const struct caller *winner, *meant;
        const struct need *need;
        uint64_t *steps;
};

static struct call call_decide(const struct asked *x, const struct pair *p)
{
        struct answer_by a = decide(x->l, x->winner, p, x->steps);
        struct answer_by b = x->winner == x->meant ? a : decide(x->l, x->meant, p, x->steps);

        return (struct call){ .action = p->action, .resource = p->resource, .need = x->need,
                              .winner = a.answer, .expected = b.answer,
                              .resource_policy = call_denied(a.answer) && a.resource_policy,
                              .why = a.why };
}

struct call call_make(const struct look *l, const struct caller *winner, const struct caller *meant,
                      const struct need *n, const struct pair *p)
{
        return call_decide(&(struct asked){ l, winner, meant, n, NULL }, p);
}

/*
 * The calls of a need by a pair of roles, decided once for all groups. A label may hold any need: its
 * calls share their steps, so that one costs no more than one decision may.
 */
struct decided {
        const struct caller *winner, *meant;
        const struct call *calls;      /* one a pair */
        struct decided *next;
};

static const struct call *need_decide(const struct asked *as, struct declared *d)
{
        struct decided *found = d->decided;
        uint64_t steps = IAM_STEPS;
        struct asked x = *as;
        struct call *calls;

        while (found && (found->winner != x.winner || found->meant != x.meant))
                found = found->next;
        if (found)
                return found->calls;
        found = arena_alloc(x.l->a, sizeof *found);
        calls = arena_alloc(x.l->a, (d->n_pairs + 1) * sizeof *calls);
        if (!found || !calls)
                return NULL;
        x.steps = &steps;
        for (size_t i = 0; i < d->n_pairs; i++)
                calls[i] = call_decide(&x, &d->pairs[i]);
        *found = (struct decided){ x.winner, x.meant, calls, d->decided };
        d->decided = found;
        return calls;
}

/* The role that a need speaks of, for a container of a task. */
static const struct caller *meant_of(const struct look *l, const struct group *g, const struct need *n)
{
        const struct process *p = &l->s->processes[g->process];
        const struct expect *e = expect_of(l, p);

        if (streq(n->role, "instance"))
                return caller_of(l, l->s->host.instance_role);
        if (!streq(n->role, "task"))
                return caller_of(l, n->role);
        if (e && e->cred >= 0)
                return caller_of(l, l->s->creds[e->cred].role_arn);
        return NULL;
}

static int room_of(const struct look *l, int container, size_t *ret)
{
        size_t n = 0;

        for (size_t i = 0; i < l->s->n_needs; i++)
                if (need_applies(l->s, &l->s->needs[i], container))
                        n += l->declared[i].n_pairs;
        *ret = n;
        return 0;
}

int calls_judge(const struct look *l, struct group *g)
{
        const struct process *p = &l->s->processes[g->process];
        const struct caller *winner = caller_of(l, g->winner.role);
        struct call *rows;
        size_t room;
        int r = room_of(l, p->container, &room);

        if (r < 0 || room == 0 || (g->verdict != VERDICT_OK && g->verdict != VERDICT_WRONG))
                return r;
        rows = arena_alloc(l->a, room * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        for (size_t i = 0; i < l->s->n_needs; i++) {
                struct declared *d = &l->declared[i];
                const struct call *calls;

                if (!need_applies(l->s, d->need, p->container))
                        continue;
                calls = need_decide(&(struct asked){ l, winner, meant_of(l, g, d->need), d->need, NULL }, d);
                if (!calls)
                        return -ENOMEM;
                memcpy(rows + g->n_calls, calls, d->n_pairs * sizeof *rows);
                g->n_calls += d->n_pairs;
        }
        g->calls = rows;
        return 0;
}
