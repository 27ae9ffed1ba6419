/* The contract of "rolewatch check --json", version 1. */
#include "rolewatch/report.h"

static void add_str(cJSON *o, const char *key, const char *value)
{
        cJSON_AddItemToObject(o, key, value ? cJSON_CreateString(value) : cJSON_CreateNull());
}

static cJSON *host_json(const struct host *h)
{
        cJSON *o = cJSON_CreateObject(), *e;
        char when[32];

        add_str(o, "instanceId", h->instance_id);
        add_str(o, "region", h->region);
        add_str(o, "account", h->account);
        add_str(o, "instanceRole", h->instance_role);
        add_str(o, "cluster", h->cluster);
        add_str(o, "agentVersion", h->agent_version);
        e = cJSON_AddObjectToObject(o, "endpoints");
        add_str(e, "imds", answer_word(h->imds.state));
        add_str(e, "introspection", answer_word(h->introspection.state));
        add_str(e, "credentials", answer_word(h->credentials.state));
        add_str(o, "takenAt", time_format(h->taken_s, when, sizeof when));
        add_str(o, "blind", h->blind);
        return o;
}

static cJSON *winner_json(const struct chain_result *r, bool certainty)
{
        cJSON *o = cJSON_CreateObject();

        add_str(o, "provider", provider_word(r->provider));
        add_str(o, "role", r->role);
        if (certainty)
                add_str(o, "certainty", certainty_word(r->certainty));
        return o;
}

static cJSON *walk_json(const struct chain_result *r)
{
        cJSON *list = cJSON_CreateArray();

        for (size_t i = 0; i < r->n_walk; i++) {
                cJSON *o = cJSON_CreateObject();

                add_str(o, "provider", provider_word(r->walk[i].provider));
                add_str(o, "state", step_state_word(r->walk[i].state));
                add_str(o, "detail", r->walk[i].detail);
                cJSON_AddItemToArray(list, o);
        }
        return list;
}

static bool family_once(const struct group *g, size_t i)
{
        for (size_t j = 0; j < g->n_by_row; j++)
                if (j != i && streq(chain_row_family(g->by_row[j].row), chain_row_family(g->by_row[i].row)))
                        return false;
        return true;
}

static cJSON *by_sdk_json(const struct group *g)
{
        cJSON *o = cJSON_CreateObject();

        for (size_t i = 0; i < g->n_by_row; i++) {
                const struct chain_row *row = g->by_row[i].row;

                cJSON_AddItemToObject(o, family_once(g, i) ? chain_row_family(row) : chain_row_name(row),
                                      winner_json(&g->by_row[i], false));
        }
        return o;
}

/* Of the host: NULL, and every key is there as null. */
static void place_json(cJSON *o, const struct snapshot *s, const struct process *p)
{
        const struct container *c = p && p->container >= 0 ? &s->containers[p->container] : NULL;
        const struct task *t = c && c->task >= 0 ? &s->tasks[c->task] : NULL;

        add_str(o, "task", t ? t->arn : NULL);
        add_str(o, "family", t ? t->family : NULL);
        add_str(o, "container", c ? c->name : NULL);
        add_str(o, "containerId", c ? c->id : NULL);
}

static cJSON *group_json(const struct verdicts *v, const struct group *g)
{
        const struct process *p = &v->snapshot->processes[g->process];
        cJSON *o = cJSON_CreateObject(), *pids, *sdk, *expected;

        place_json(o, v->snapshot, p);
        cJSON_AddNumberToObject(o, "pid", p->pid);
        pids = cJSON_AddArrayToObject(o, "pids");
        for (size_t i = 0; i < g->n_members; i++)
                cJSON_AddItemToArray(pids, cJSON_CreateNumber(v->snapshot->processes[g->members[i]].pid));
        add_str(o, "exe", p->exe);
        sdk = cJSON_AddObjectToObject(o, "sdk");
        add_str(sdk, "name", g->sdk_name);
        add_str(sdk, "version", g->sdk_version);
        add_str(sdk, "certainty", g->sdk_name ? certainty_word(g->sdk_certainty) : NULL);
        cJSON_AddItemToObject(o, "winner", winner_json(&g->winner, true));
        cJSON_AddItemToObject(o, "bySdk", by_sdk_json(g));
        expected = cJSON_AddObjectToObject(o, "expected");
        add_str(expected, "role", g->expected_role);
        add_str(expected, "why", g->expected_why);
        add_str(o, "verdict", verdict_word(g->verdict));
        cJSON_AddItemToObject(o, "walk", walk_json(&g->winner));
        cJSON_AddArrayToObject(o, "needs");
        return o;
}

static cJSON *finding_json(const struct verdicts *v, const struct finding *f)
{
        cJSON *o = cJSON_CreateObject();
        const struct process *p = f->group >= 0 ? &v->snapshot->processes[v->groups[f->group].process] : NULL;

        add_str(o, "id", finding_slug(f->kind));
        add_str(o, "severity", severity_word(f->severity));
        add_str(o, "certainty", certainty_word(f->certainty));
        place_json(o, v->snapshot, p);
        if (p)
                cJSON_AddNumberToObject(o, "pid", p->pid);
        else
                cJSON_AddNullToObject(o, "pid");
        add_str(o, "winner", f->winner);
        add_str(o, "expected", f->expected);
        add_str(o, "message", f->message);
        add_str(o, "remedy", f->remedy);
        return o;
}

int report_json(const struct verdicts *v, cJSON **ret)
{
        cJSON *root = cJSON_CreateObject(), *list;

        if (!root)
                return -ENOMEM;
        cJSON_AddNumberToObject(root, "version", 1);
        cJSON_AddItemToObject(root, "host", host_json(&v->snapshot->host));
        list = cJSON_AddArrayToObject(root, "processes");
        for (size_t i = 0; i < v->n_groups; i++)
                cJSON_AddItemToArray(list, group_json(v, &v->groups[i]));
        list = cJSON_AddArrayToObject(root, "findings");
        for (size_t i = 0; i < v->n_findings; i++)
                cJSON_AddItemToArray(list, finding_json(v, &v->findings[i]));
        *ret = root;
        return 0;
}
