/*
 * json -- the output of `rolewatch check --json`, contract version 1. Keys are
 * never omitted: what is not known is null.
 */
#include "rolewatch/report.h"

#define CONTRACT_VERSION 1
#define ARENA_LIMIT_BYTES ((size_t)16 << 20)

/* `failed` is sticky: callers that add many values may check it once at the end. */
struct build { const struct verdicts *v; struct arena *a; bool failed; };

static void json_put(struct build *b, cJSON *o, const char *key, cJSON *value)
{
        if (value && cJSON_AddItemToObject(o, key, value))
                return;
        cJSON_Delete(value);
        b->failed = true;
}

static void put_str(struct build *b, cJSON *o, const char *key, const char *s)
{
        json_put(b, o, key, s ? cJSON_CreateString(s) : cJSON_CreateNull());
}

static void put_int(struct build *b, cJSON *o, const char *key, int n)
{
        json_put(b, o, key, cJSON_CreateNumber(n));
}

/* null for the host, and for a program that is only planned. */
static void put_pid(struct build *b, cJSON *o, const struct process *p)
{
        json_put(b, o, "pid", p && p->pid ? cJSON_CreateNumber(p->pid) : cJSON_CreateNull());
}

static void json_push(struct build *b, cJSON *list, cJSON *item)
{
        if (item && cJSON_AddItemToArray(list, item))
                return;
        cJSON_Delete(item);
        b->failed = true;
}

/* Adds a new object or list to o and returns it; o itself on failure, so that callers need not check. */
static cJSON *put_new(struct build *b, cJSON *o, const char *key, cJSON *made)
{
        json_put(b, o, key, made);
        return b->failed ? o : made;
}

/* ---- the host ---- */

static void put_answer(struct build *b, cJSON *o, const char *key, const struct answer *x)
{
        put_str(b, o, key, answer_state_to_string(x->state));
}

static void json_put_host(struct build *b, cJSON *j)
{
        const struct host *h = &b->v->snapshot->host;
        cJSON *o = put_new(b, j, "host", cJSON_CreateObject()), *endpoints;
        char taken[32];

        put_str(b, o, "instanceId", h->instance_id);
        put_str(b, o, "region", h->region);
        put_str(b, o, "account", h->account);
        put_str(b, o, "instanceRole", h->instance_role);
        put_str(b, o, "cluster", h->cluster);
        put_str(b, o, "agentVersion", h->agent_version);
        endpoints = put_new(b, o, "endpoints", cJSON_CreateObject());
        put_answer(b, endpoints, "imds", &h->imds);
        put_answer(b, endpoints, "introspection", &h->introspection);
        put_answer(b, endpoints, "credentials", &h->credentials);
        put_str(b, o, "takenAt", time_format(h->taken_s, taken, sizeof taken));
        put_str(b, o, "blind", h->not_visible);
}

/* ---- processes ---- */

static const struct container *json_container_of(const struct snapshot *s, const struct process *p)
{
        return p->container >= 0 && (size_t)p->container < s->n_containers
                       ? &s->containers[p->container]
                       : NULL;
}

static const struct task *task_of(const struct snapshot *s, const struct container *c)
{
        return c && c->task >= 0 && (size_t)c->task < s->n_tasks ? &s->tasks[c->task] : NULL;
}

/* The provider is not known when the environment is not visible. */
static const char *provider_of(const struct process *p, const struct chain_result *r)
{
        return p->environ.state == ANSWER_OK ? provider_to_string(r->provider)
                                             : provider_to_string(PROVIDER_UNKNOWN);
}

static const char *visible_role(const struct process *p, const struct chain_result *r)
{
        return p->environ.state == ANSWER_OK ? r->role : NULL;
}

/* The key of a result: its family if only one row of it is in question, else its row, numbered if that is taken. */
static const char *sdk_key(struct build *b, const struct group *g, size_t i, const cJSON *taken)
{
        const struct chain_row *row = g->by_row[i].row;
        const char *family = row ? chain_row_sdk(row) : NULL, *name;
        size_t n = 0;

        for (size_t k = 0; k < g->n_by_row; k++)
                n += g->by_row[k].row && streq(chain_row_sdk(g->by_row[k].row), family);
        name = n == 1 ? family : row ? chain_row_name(row) : "unknown";
        if (!cJSON_GetObjectItemCaseSensitive(taken, name))
                return name;
        return arena_printf(b->a, "%s (%zu)", name, i + 1);
}

static void put_by_sdk(struct build *b, cJSON *o, const struct group *g, const struct process *p)
{
        cJSON *by_sdk = put_new(b, o, "bySdk", cJSON_CreateObject());

        for (size_t i = 0; i < g->n_by_row; i++) {
                const char *key = sdk_key(b, g, i, by_sdk);
                cJSON *acts = put_new(b, by_sdk, key ? key : "unknown", cJSON_CreateObject());

                put_str(b, acts, "provider", provider_of(p, &g->by_row[i]));
                put_str(b, acts, "role", visible_role(p, &g->by_row[i]));
        }
}

static void put_walk(struct build *b, cJSON *o, const struct chain_result *r)
{
        cJSON *walk = put_new(b, o, "walk", cJSON_CreateArray());

        for (size_t i = 0; i < r->n_walk && !b->failed; i++) {
                cJSON *step = cJSON_CreateObject();

                json_push(b, walk, step);
                if (b->failed)
                        return;
                put_str(b, step, "provider", provider_to_string(r->walk[i].provider));
                put_str(b, step, "state", step_state_to_string(r->walk[i].state));
                put_str(b, step, "detail", r->walk[i].detail);
        }
}

/* p NULL: of the host, or of a task definition d; keys that do not apply are null. */
static void put_location(struct build *b, cJSON *o, const struct process *p, const struct definition *d)
{
        const struct container *c = p ? json_container_of(b->v->snapshot, p) : NULL;
        const struct task *t = task_of(b->v->snapshot, c);

        put_str(b, o, "task", t ? t->arn : NULL);
        put_str(b, o, "family", t ? t->family : d ? d->family : NULL);
        put_str(b, o, "container", c ? c->name : NULL);
        put_str(b, o, "containerId", c ? c->id : NULL);
}

static void put_needs(struct build *b, cJSON *o, const struct group *g)
{
        cJSON *needs = put_new(b, o, "needs", cJSON_CreateArray());

        for (size_t i = 0; i < g->n_calls && !b->failed; i++) {
                const struct call *c = &g->calls[i];
                cJSON *call = cJSON_CreateObject();

                json_push(b, needs, call);
                if (b->failed)
                        return;
                put_str(b, call, "action", c->action);
                put_str(b, call, "resource", c->resource);
                put_str(b, call, "winner", iam_answer_to_string(c->winner));
                put_str(b, call, "expected", iam_answer_to_string(c->expected));
                put_str(b, call, "why", c->why);
                put_str(b, call, "declared", c->need->where);
        }
}

static void put_verdict(struct build *b, cJSON *o, const struct group *g, const struct process *p)
{
        cJSON *sdk = put_new(b, o, "sdk", cJSON_CreateObject()), *winner, *expected;

        put_str(b, sdk, "name", g->sdk_name);
        put_str(b, sdk, "version", g->sdk_version);
        put_str(b, sdk, "certainty", g->sdk_name ? certainty_to_string(g->sdk_certainty) : NULL);
        if (g->sdk_name && g->winner.row) {
                put_str(b, sdk, "row", chain_row_name(g->winner.row));
                put_new(b, sdk, "proven", cJSON_CreateBool(chain_row_proven(g->winner.row) != NULL));
        }
        winner = put_new(b, o, "winner", cJSON_CreateObject());
        put_str(b, winner, "provider", provider_of(p, &g->winner));
        put_str(b, winner, "role", visible_role(p, &g->winner));
        put_str(b, winner, "certainty", certainty_to_string(g->winner.certainty));
        put_by_sdk(b, o, g, p);
        expected = put_new(b, o, "expected", cJSON_CreateObject());
        put_str(b, expected, "role", g->expected_role);
        put_str(b, expected, "why", g->expected_why);
        put_str(b, o, "evidence", evidence_class_to_string(g->evidence));
        put_str(b, o, "environment", environment_source_to_string(p->environment_source));
        put_str(b, o, "verdict", verdict_to_string(g->verdict));
        put_str(b, o, "whyUnknown", g->verdict == VERDICT_UNKNOWN ? g->why_unknown : NULL);
        put_walk(b, o, &g->winner);
        put_needs(b, o, g);
}

static void push_group(struct build *b, cJSON *list, const struct group *g)
{
        const struct snapshot *s = b->v->snapshot;
        const struct process *p = &s->processes[g->process];
        cJSON *o = cJSON_CreateObject(), *pids;

        json_push(b, list, o);
        if (b->failed)
                return;
        put_location(b, o, p, NULL);
        put_pid(b, o, p);
        pids = put_new(b, o, "pids", cJSON_CreateArray());
        for (size_t i = 0; i < g->n_members && p->pid && !b->failed; i++)
                json_push(b, pids, cJSON_CreateNumber(s->processes[g->members[i]].pid));
        put_str(b, o, "exe", p->exe);
        put_verdict(b, o, g, p);
}

static void push_required_call(struct build *b, cJSON *list, const struct required_call *d)
{
        cJSON *o = cJSON_CreateObject();

        json_push(b, list, o);
        if (b->failed)
                return;
        put_str(b, o, "family", d->definition ? d->definition->family : NULL);
        put_str(b, o, "revision", d->definition ? d->definition->revision : NULL);
        put_str(b, o, "container", d->requirement ? d->requirement->container : NULL);
        put_str(b, o, "of", required_role_to_string(d->by));
        put_str(b, o, "role", d->role);
        put_str(b, o, "action", d->call.action);
        put_str(b, o, "resource", d->call.resource);
        put_str(b, o, "decision", iam_answer_to_string(d->call.winner));
        put_str(b, o, "why", d->call.why);
}

/* ---- findings ---- */

static void push_finding(struct build *b, cJSON *list, const struct finding *f)
{
        const struct snapshot *s = b->v->snapshot;
        const struct process *p =
                f->group >= 0 ? &s->processes[b->v->groups[f->group].process] : NULL;
        cJSON *o = cJSON_CreateObject();

        json_push(b, list, o);
        if (b->failed)
                return;
        put_str(b, o, "id", finding_slug(f->kind));
        put_str(b, o, "severity", severity_to_string(f->severity));
        put_str(b, o, "certainty", certainty_to_string(f->certainty));
        put_location(b, o, p, f->definition);
        put_pid(b, o, p);
        put_str(b, o, "winner", f->winner);
        put_str(b, o, "expected", f->expected);
        put_str(b, o, "message", f->message);
        put_str(b, o, "remedy", f->remedy);
}

int report_json(const struct verdicts *v, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *j = cJSON_CreateObject();
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct build b = { .v = v };
        cJSON *list;
        int r;

        if (!j)
                return -ENOMEM;
        r = arena_new(ARENA_LIMIT_BYTES, &a);
        if (r < 0)
                return r;
        b.a = a;
        put_int(&b, j, "version", CONTRACT_VERSION);
        json_put_host(&b, j);
        list = put_new(&b, j, "processes", cJSON_CreateArray());
        for (size_t i = 0; i < v->n_groups && !b.failed; i++)
                push_group(&b, list, &v->groups[i]);
        list = put_new(&b, j, "derived", cJSON_CreateArray());
        for (size_t i = 0; i < v->n_required_calls && !b.failed; i++)
                push_required_call(&b, list, &v->required_calls[i]);
        list = put_new(&b, j, "findings", cJSON_CreateArray());
        for (size_t i = 0; i < v->n_findings && !b.failed; i++)
                push_finding(&b, list, &v->findings[i]);
        if (b.failed)
                return -ENOMEM;
        *ret = TAKE(j);
        return 0;
}
