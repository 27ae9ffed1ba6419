/*
 * agent -- cluster, tasks and containers, as the ECS agent's introspection lists them.
 *
 * The server answers 200 with a list of commands to any path it does not know,
 * so that a body is believed by its keys alone.
 */
#include <stdio.h>
#include "collect_internal.h"
#include "rolewatch/limits.h"

/* An agent prints "Amazon ECS Agent - v1.105.1 (*a8b3e7d3)"; only the numbers are kept. */
static int read_version(struct snapshot *s, const char *text)
{
        const char *v = strstr(text, " v");
        size_t n = v ? strspn(v + 2, "0123456789.") : 0;

        if (!n)
                return 0;
        s->host.agent_version = arena_dupn(s->arena, v + 2, n);
        return s->host.agent_version ? 0 : -ENOMEM;
}

static int read_metadata(struct snapshot *s, const struct net_response *rs)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        struct host *h = &s->host;
        const char *cluster, *version;
        int r;

        h->introspection = answer_of(rs);
        if (h->introspection.state != ANSWER_OK)
                return 0;
        if (json_parse(rs->body, rs->len, &j) < 0 ||
            json_get_str(j, "Cluster", FIELD_MAX, &cluster) < 0 || !*cluster) {
                h->introspection = answer_garbage(rs->status, "the response is not ECS agent metadata");
                return 0;
        }
        /* ECS_CLUSTER may be a name or an ARN: only the last segment compares. */
        cluster = arn_name(cluster);
        h->cluster = arena_escape(s->arena, cluster, strlen(cluster), FIELD_MAX);
        if (!h->cluster)
                return -ENOMEM;
        r = json_take_str(s->arena, j, "ContainerInstanceArn", FIELD_MAX, &h->container_instance);
        if (r == -ENOMEM)
                return r;
        return json_get_str(j, "Version", FIELD_MAX, &version) < 0 ? 0 : read_version(s, version);
}

/* What is absent stays NULL: only a full arena is an error. */
static int take_optional(struct snapshot *s, const cJSON *o, const char *key, const char **ret)
{
        int r = json_take_str(s->arena, o, key, FIELD_MAX, ret);

        return r == -ENOMEM ? r : 0;
}

/* "" until Docker's create call returned; agent 1.19.0 alone spells it DockerID. */
static bool docker_id_get(const cJSON *j, const char **ret)
{
        if (json_get_str(j, "DockerId", 64, ret) < 0 && json_get_str(j, "DockerID", 64, ret) < 0)
                return false;
        return strlen(*ret) == 64 && strspn(*ret, "0123456789abcdef") == 64;
}

static int read_names(struct snapshot *s, const cJSON *j, struct container *c)
{
        int r = take_optional(s, j, "Name", &c->name);

        return r < 0 ? r : take_optional(s, j, "Image", &c->image);
}

static int agent_read_container(struct snapshot *s, const cJSON *j, int task)
{
        struct container *c;
        const char *id;

        if (!docker_id_get(j, &id))
                return 0;
        if (s->n_containers >= INTROSPECTION_CONTAINERS_MAX) {
                s->host.introspection.detail = "too many containers; the rest are not read";
                return 0;
        }
        c = snapshot_add_container(s);
        if (!c)
                return -ENOMEM;
        c->task = task;
        c->config_cred = -1;
        c->id = arena_dup(s->arena, id);
        return c->id ? read_names(s, j, c) : -ENOMEM;
}

static const struct { const char *key; size_t offset; } task_keys[] = {
        { "Family",        offsetof(struct task, family) },
        { "Version",       offsetof(struct task, revision) },
        { "KnownStatus",   offsetof(struct task, known) },
        { "DesiredStatus", offsetof(struct task, desired) },
};

/* The task without its containers: 1 when there is one, 0, -ENOMEM. */
static int read_task_keys(struct snapshot *s, const cJSON *j)
{
        const char *arn = NULL;
        struct task *t;
        int r = take_optional(s, j, "Arn", &arn);

        if (r < 0 || !arn)
                return r;
        if (s->n_tasks >= INTROSPECTION_TASKS_MAX) {
                s->host.introspection.detail = "too many tasks; the rest are not read";
                return 0;
        }
        t = snapshot_add_task(s);
        if (!t)
                return -ENOMEM;
        t->arn = arn;
        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(task_keys); i++) {
                void *field = (char *)t + task_keys[i].offset;

                r = take_optional(s, j, task_keys[i].key, field);
        }
        return r < 0 ? r : 1;
}

/* STOPPED tasks stay: their containers may still have processes for a moment. */
static int read_task(struct snapshot *s, const cJSON *j)
{
        const cJSON *containers = cJSON_GetObjectItemCaseSensitive(j, "Containers"), *c;
        int r = read_task_keys(s, j);

        if (r < 1 || !cJSON_IsArray(containers))
                return r;
        JSON_EACH(c, containers) {
                r = agent_read_container(s, c, (int)s->n_tasks - 1);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int read_tasks(struct snapshot *s, const struct net_response *rs)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        struct answer x = answer_of(rs);
        const cJSON *tasks = NULL, *t;

        if (x.state == ANSWER_OK && json_parse(rs->body, rs->len, &j) == 0)
                tasks = cJSON_GetObjectItemCaseSensitive(j, "Tasks");
        if (x.state == ANSWER_OK && !cJSON_IsArray(tasks))
                x = answer_garbage(rs->status, "the response has no list of tasks");
        if (x.state != ANSWER_OK) {
                if (s->host.introspection.state == ANSWER_OK)
                        s->host.introspection = x;
                return 0;
        }
        JSON_EACH(t, tasks) {
                int r = read_task(s, t);

                if (r < 0)
                        return r;
        }
        return 0;
}

int collect_agent_itself(struct scan *x)
{
        CLEANUP(freep) char *metadata = url_join(x->at.cs->introspection, "/v1/metadata");
        CLEANUP(net_response_done) struct net_response rs = { 0 };
        struct net_request rq = { .url = metadata, .max_bytes = INTROSPECTION_BODY_MAX };
        int r = metadata ? net_fetch_all(x->at.net, &rq, &rs, 1) : -ENOMEM;

        return r < 0 ? r : read_metadata(x->s, &rs);
}

int collect_agent(struct scan *x)
{
        CLEANUP(freep) char *metadata = url_join(x->at.cs->introspection, "/v1/metadata");
        CLEANUP(freep) char *tasks = url_join(x->at.cs->introspection, "/v1/tasks");
        struct net_request rqs[2] = {
                { .url = metadata, .max_bytes = INTROSPECTION_BODY_MAX },
                { .url = tasks, .max_bytes = INTROSPECTION_BODY_MAX },
        };
        struct net_response rs[2] = { 0 };
        int r;

        if (!metadata || !tasks)
                return -ENOMEM;
        r = net_fetch_all(x->at.net, rqs, rs, 2);
        if (r == 0)
                r = read_metadata(x->s, &rs[0]);
        if (r == 0)
                r = read_tasks(x->s, &rs[1]);
        net_response_done(&rs[0]);
        net_response_done(&rs[1]);
        return r;
}

static int read_task_of(struct snapshot *s, const cJSON *j, int container)
{
        const cJSON *containers = cJSON_GetObjectItemCaseSensitive(j, "Containers"), *c;
        const char *id;
        int r;

        JSON_EACH(c, containers) {
                if (!docker_id_get(c, &id) || !streq(id, s->containers[container].id))
                        continue;
                r = read_task_keys(s, j);
                if (r < 1)
                        return r;
                s->containers[container].task = (int)s->n_tasks - 1;
                return read_names(s, c, &s->containers[container]);
        }
        return 0;
}

int collect_container(struct scan *x, int container)
{
        char path[96];
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(net_response_done) struct net_response rs = { 0 };
        int r;

        snprintf(path, sizeof path, "/v1/tasks?dockerid=%s", x->s->containers[container].id);
        CLEANUP(freep) char *url = url_join(x->at.cs->introspection, path);
        if (!url)
                return -ENOMEM;
        r = net_fetch(x->at.net, &(struct net_request){ .url = url, .max_bytes = INTROSPECTION_BODY_MAX }, &rs);
        if (r < 0)
                return r;
        if (answer_of(&rs).state != ANSWER_OK || json_parse(rs.body, rs.len, &j) < 0)
                return 0;
        return read_task_of(x->s, j, container);
}
