/* Declared needs: which containers each applies to, and the calls that its policy lists. */
#include <fnmatch.h>
#include "judge_internal.h"

bool glob_matches(const char *glob, const char *value)
{
        return !glob || (value && fnmatch(glob, value, 0) == 0);
}

bool need_applies(const struct snapshot *s, const struct need *n, int container)
{
        const struct container *c = &s->containers[container];
        const struct task *t = c->task >= 0 ? &s->tasks[c->task] : NULL;

        if (n->container >= 0)
                return n->container == container;
        return t && glob_matches(n->family, t->family) && glob_matches(n->service, t->service) &&
               glob_matches(n->name, c->name) && glob_matches(n->image, c->image);
}

const cJSON *one_or_more_first(const cJSON *v) { return cJSON_IsArray(v) ? v->child : v; }
const cJSON *one_or_more_next(const cJSON *list, const cJSON *v) { return cJSON_IsArray(list) ? v->next : NULL; }

static size_t permissions_read(const struct judge_index *ix, const cJSON *statement, struct permission *rows, size_t capacity)
{
        const cJSON *actions = cJSON_GetObjectItemCaseSensitive(statement, "Action");
        const cJSON *resources = cJSON_GetObjectItemCaseSensitive(statement, "Resource");
        const char *effect;
        size_t n = 0;

        if (json_get_str(statement, "Effect", 16, &effect) < 0 || !streq(effect, "Allow"))
                return 0;
        EACH_OF(a, actions)
                EACH_OF(r, resources) {
                        if (!cJSON_IsString(a) || !cJSON_IsString(r))
                                continue;
                        if (rows && n < capacity)
                                rows[n] = (struct permission){ untrusted_text(ix->a, a->valuestring),
                                                         untrusted_text(ix->a, r->valuestring) };
                        n++;
                }
        return n;
}

#define PERMISSIONS_MAX 256                  /* of one need */
static int declared_make(const struct judge_index *ix, const struct need *n, struct declared *d)
{
        CLEANUP(json_freep) cJSON *doc = NULL;
        const cJSON *list;
        struct permission *rows;
        size_t capacity = 0;
        int r;

        d->need = n;
        r = n->policy ? json_parse(n->policy, strlen(n->policy), &doc) : -EBADMSG;
        if (r < 0)
                return r == -ENOMEM ? r : 0;
        list = cJSON_GetObjectItemCaseSensitive(doc, "Statement");
        EACH_OF(s, list)
                capacity += permissions_read(ix, s, NULL, 0);
        capacity = capacity < PERMISSIONS_MAX ? capacity : PERMISSIONS_MAX;
        rows = arena_alloc(ix->a, (capacity + 1) * sizeof *rows);
        if (!rows)
                return -ENOMEM;
        EACH_OF(s, list) {
                size_t left = capacity - d->n_permissions, got = permissions_read(ix, s, rows + d->n_permissions, left);

                d->n_permissions += got < left ? got : left;
        }
        for (size_t i = 0; i < d->n_permissions; i++)
                if (!rows[i].action || !rows[i].resource)
                        return -ENOMEM;
        d->permissions = rows;
        return 0;
}

int needs_make(struct judge_index *ix)
{
        const struct snapshot *s = ix->s;
        int r = 0;

        ix->declared = arena_alloc(ix->a, (s->n_needs + 1) * sizeof *ix->declared);
        if (!ix->declared)
                return -ENOMEM;
        for (size_t i = 0; r == 0 && i < s->n_needs; i++)
                r = declared_make(ix, &s->needs[i], &ix->declared[i]);
        return r;
}
