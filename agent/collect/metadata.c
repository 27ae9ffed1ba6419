/*
 * metadata -- labels of the containers, from the agent's task metadata.
 *
 * The endpoint's id in an environment is anybody's claim: an answer counts
 * only when it names the container that the process's cgroup names.
 */
#include <stdio.h>
#include <strings.h>
#include "collect_internal.h"
#include "rolewatch/limits.h"
#include "rolewatch/needs.h"

#define LABEL "com.amazonaws.ecs."
#define URIS_PER_CONTAINER 4           /* v3, v4, and what was given by mistake */

void metadata_requests_done(struct metadata_requests *rq)
{
        for (size_t i = 0; i < rq->n; i++)
                erase_freep(&rq->paths[i]);
        free(rq->paths);
        free(rq->containers);
        *rq = (struct metadata_requests){ 0 };
}

static const char *const path_forms[] = { "/v4/", "/v3/" };

/* The path of a metadata URI; NULL: it is none. */
static const char *uri_path(const char *uri)
{
        const char *path = strncasecmp(uri, "http://", 7) == 0 ? strchr(uri + 7, '/') : NULL;

        for (size_t i = 0; path && i < ARRAY_SIZE(path_forms); i++) {
                size_t n = strlen(path_forms[i]);

                if (strncmp(path, path_forms[i], n) == 0 &&
                    text_is(path + n, strlen(path + n), "-_"))
                        return path;
        }
        return NULL;
}

static int metadata_requests_grow(struct metadata_requests *rq)
{
        size_t cap = rq->n ? rq->n * 2 : 1;
        char **paths;
        int *containers;

        if ((rq->n & (rq->n - 1)) != 0)
                return 0;
        paths = reallocarray(rq->paths, cap, sizeof *paths);
        if (!paths)
                return -ENOMEM;
        rq->paths = paths;
        containers = reallocarray(rq->containers, cap, sizeof *containers);
        if (!containers)
                return -ENOMEM;
        rq->containers = containers;
        return 0;
}

int metadata_requests_add(struct metadata_requests *rq, int container, const char *uri, size_t len)
{
        CLEANUP(erase_freep) char *copy = NULL, *path_copy = NULL;
        const char *path;
        unsigned known = 0;
        int r;

        if (container < 0 || len > META_URI_MAX || memchr(uri, '\0', len))
                return -EINVAL;
        copy = strndup(uri, len);
        if (!copy)
                return -ENOMEM;
        path = uri_path(copy);
        if (!path)
                return -EINVAL;
        for (size_t i = 0; i < rq->n; i++) {
                if (rq->containers[i] != container)
                        continue;
                if (streq(rq->paths[i], path))
                        return 0;
                known++;
        }
        if (rq->n >= METADATA_REQUESTS_MAX || known >= URIS_PER_CONTAINER)
                return -ENOSPC;
        r = metadata_requests_grow(rq);
        if (r < 0)
                return r;
        path_copy = strdup(path);
        if (!path_copy)
                return -ENOMEM;
        rq->paths[rq->n] = TAKE(path_copy);
        rq->containers[rq->n++] = container;
        return 0;
}

static int read_labels(struct snapshot *s, const cJSON *labels, struct container *c)
{
        struct label rows[META_LABELS_MAX], *copied;
        const cJSON *l;
        size_t n = 0;

        if (!cJSON_IsObject(labels))
                return 0;
        JSON_EACH(l, labels) {
                if (n == META_LABELS_MAX)
                        break;
                if (!cJSON_IsString(l) || !l->string)
                        continue;
                rows[n].name = arena_escape(s->arena, l->string, strlen(l->string), FIELD_MAX);
                rows[n].value = arena_escape(s->arena, l->valuestring, strlen(l->valuestring),
                                             META_LABEL_VALUE_MAX);
                if (!rows[n].name || !rows[n].value)
                        return -ENOMEM;
                n++;
        }
        copied = arena_alloc(s->arena, (n ? n : 1) * sizeof *copied);
        if (!copied)
                return -ENOMEM;
        memcpy(copied, rows, n * sizeof *copied);
        c->labels = copied;
        c->n_labels = n;
        return 0;
}

static const char *label_get(const struct container *c, const char *name)
{
        for (size_t i = 0; i < c->n_labels; i++)
                if (streq(c->labels[i].name, name))
                        return c->labels[i].value;
        return NULL;
}

/* A container's own answer has no TaskARN and no Family: the agent's labels have both. */
static int find_task(struct snapshot *s, struct container *c, const char *arn)
{
        const char *label = label_get(c, LABEL "task-arn");
        struct task *t;

        arn = arn ? arn : label;
        if (!arn)
                return 0;
        for (size_t i = 0; i < s->n_tasks; i++)
                if (streq(s->tasks[i].arn, arn)) {
                        c->task = (int)i;
                        return 0;
                }
        if (s->n_tasks >= INTROSPECTION_TASKS_MAX)
                return 0;
        t = snapshot_add_task(s);
        if (!t)
                return -ENOMEM;
        t->arn = arn;
        t->family = label_get(c, LABEL "task-definition-family");
        t->revision = label_get(c, LABEL "task-definition-version");
        c->task = (int)s->n_tasks - 1;
        return 0;
}

static int take_unknown(struct snapshot *s, const cJSON *j, const char *key, const char **ret)
{
        int r = *ret ? 0 : json_take_str(s->arena, j, key, FIELD_MAX, ret);

        return r == -ENOMEM ? r : 0;
}

/* Raw, where it is still the JSON that was written. */
static int read_needs(struct snapshot *s, const cJSON *labels, const struct container *c)
{
        const cJSON *l = cJSON_GetObjectItemCaseSensitive(labels, NEEDS_LABEL);

        return cJSON_IsString(l) ? needs_from_label(s, l->valuestring, (int)(c - s->containers)) : 0;
}

static int metadata_read_answer(struct snapshot *s, const struct net_response *rs, struct container *c)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        const char *id, *arn = NULL;
        int r;

        if (answer_of(rs).state != ANSWER_OK || json_parse(rs->body, rs->len, &j) < 0)
                return 0;
        if (json_get_str(j, "DockerId", 64, &id) < 0 || !streq(id, c->id))
                return 0;
        r = read_labels(s, cJSON_GetObjectItemCaseSensitive(j, "Labels"), c);
        if (r == 0)
                r = take_unknown(s, j, "Name", &c->name);
        if (r == 0)
                r = take_unknown(s, j, "Image", &c->image);
        if (r == 0)
                r = read_needs(s, cJSON_GetObjectItemCaseSensitive(j, "Labels"), c);
        if (r == 0 && c->task < 0)
                r = take_unknown(s, j, "TaskARN", &arn);
        return r == 0 && c->task < 0 ? find_task(s, c, arn) : r;
}

static int metadata_round_run(const struct scan *x, size_t first, size_t count)
{
        const struct metadata_requests *rq = &x->metadata;
        struct net_request rqs[AGENT_PARALLEL] = { 0 };
        struct net_response rs[AGENT_PARALLEL] = { 0 };
        char *urls[AGENT_PARALLEL] = { NULL };
        int r = 0;

        for (size_t i = 0; r == 0 && i < count; i++) {
                urls[i] = url_join(x->at.cs->credentials, rq->paths[first + i]);
                rqs[i] = (struct net_request){ .url = urls[i], .max_bytes = META_BODY_MAX };
                r = urls[i] ? 0 : -ENOMEM;
        }
        if (r == 0)
                r = net_fetch_all(x->at.net, rqs, rs, count);
        for (size_t i = 0; i < count; i++) {
                if (r == 0)
                        r = metadata_read_answer(x->s, &rs[i], &x->s->containers[rq->containers[first + i]]);
                net_response_done(&rs[i]);
                erase_freep(&urls[i]);
        }
        return r;
}

/* The task's own metadata, which names its service: one more request per task, only where a need asks. */
static bool service_wanted(const struct snapshot *s)
{
        for (size_t i = 0; i < s->n_needs; i++)
                if (s->needs[i].service)
                        return true;
        return false;
}

static int request_service_name(const struct scan *x, const char *path, struct task *t)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        char task_path[META_URI_MAX + 8];
        CLEANUP(erase_freep) char *url = NULL;
        struct net_response rs = { 0 };
        struct net_request rq = { .max_bytes = META_BODY_MAX };
        int r;

        snprintf(task_path, sizeof task_path, "%s/task", path);
        rq.url = url = url_join(x->at.cs->credentials, task_path);
        explicit_bzero(task_path, sizeof task_path);
        if (!url)
                return -ENOMEM;
        r = net_fetch(x->at.net, &rq, &rs);
        if (r == 0 && answer_of(&rs).state == ANSWER_OK && json_parse(rs.body, rs.len, &j) == 0)
                r = take_unknown(x->s, j, "ServiceName", &t->service);
        net_response_done(&rs);
        return r;
}

static int request_service_names(const struct scan *x)
{
        const struct metadata_requests *rq = &x->metadata;
        int r = 0;

        for (size_t i = 0; r == 0 && i < rq->n && service_wanted(x->s); i++) {
                int task = x->s->containers[rq->containers[i]].task;

                if (task >= 0 && !x->s->tasks[task].service)
                        r = request_service_name(x, rq->paths[i], &x->s->tasks[task]);
        }
        return r;
}

int collect_metadata(struct scan *x)
{
        const struct metadata_requests *rq = &x->metadata;

        for (size_t i = 0; i < rq->n; i++)
                if ((size_t)rq->containers[i] >= x->s->n_containers)
                        return -EINVAL;
        for (size_t i = 0; i < rq->n; i += AGENT_PARALLEL) {
                size_t left = rq->n - i;
                int r = metadata_round_run(x, i, left < AGENT_PARALLEL ? left : AGENT_PARALLEL);

                if (r < 0)
                        return r;
        }
        return request_service_names(x);
}
