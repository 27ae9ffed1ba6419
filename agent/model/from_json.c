/*
 * from_json -- a snapshot from JSON, which may come from anybody: every number,
 * word and index is checked, every text escaped and every secret redacted as
 * if it had just been read from a process. Missing keys are zero or NULL, -1
 * for an index; unknown keys are ignored.
 */
#include <limits.h>
#include "model_internal.h"

/* Beyond any label or image name; the arena's limit bounds the sum. */
#define STRING_MAX_BYTES ((size_t)1 << 20)

static int table_read(struct snapshot *s, const cJSON *o, const struct table *t, void *to);

static int str_read(struct snapshot *s, const cJSON *o, const char *key, const char **ret)
{
        const char *v, *escaped;
        int r = json_get_str(o, key, STRING_MAX_BYTES, &v);

        if (r == -ENOENT)
                return 0;
        if (r < 0)
                return r;
        escaped = arena_escape(s->arena, v, strlen(v), STRING_MAX_BYTES);
        if (!escaped)
                return -ENOMEM;
        *ret = escaped;
        return 0;
}

static int named_read(struct snapshot *s, const cJSON *o, const struct field *f, const char **ret)
{
        const char *v;
        int r;

        for (size_t i = 0; i < f->strings->n; i++) {
                r = json_get_str(o, f->strings->string[i], STRING_MAX_BYTES, &v);
                if (r == -ENOENT)
                        continue;
                if (r < 0)
                        return r;
                ret[i] = redact_value(s->arena, f->classes[i], &(struct raw_value){ v, strlen(v), STRING_MAX_BYTES });
                if (!ret[i])
                        return -ENOMEM;
        }
        return 0;
}

static int enum_read(const cJSON *o, const struct field *f, unsigned *ret)
{
        const char *v;
        int r = json_get_str(o, f->key, STRING_MAX_BYTES, &v);

        if (r == -ENOENT)
                return 0;
        if (r < 0)
                return r;
        r = string_table_find(f->strings, v, strlen(v));
        if (r < 0)
                return -EBADMSG;
        *ret = (unsigned)r;
        return 0;
}

struct range { int64_t min, max; };

static int number_read(const cJSON *o, const char *key, const struct range *range, int64_t *n)
{
        int64_t v;
        int r = json_get_i64(o, key, &v);

        if (r == -ENOENT)
                return 0;
        if (r < 0)
                return r;
        if (v < range->min || v > range->max)
                return -EBADMSG;
        *n = v;
        return 0;
}

static int bool_read(const cJSON *o, const char *key, bool *ret)
{
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);

        if (v && !cJSON_IsNull(v) && !cJSON_IsBool(v))
                return -EBADMSG;
        *ret = cJSON_IsTrue(v);
        return 0;
}

/* Where the pointer to a list stands, and its count. */
struct list_position { char *p; size_t *n; };

/* A list in the arena, of known length. */
static int list_read(struct snapshot *s, const cJSON *l, const struct table *t, struct list_position to)
{
        size_t n = 0, at = 0;
        const cJSON *o;
        char *list;
        int r;

        JSON_EACH(o, l)
                n++;
        if (n == 0)
                return 0;
        if (n > SNAPSHOT_LIMIT_BYTES / t->size)
                return -ENOMEM;
        list = arena_alloc(s->arena, n * t->size);
        if (!list)
                return -ENOMEM;
        JSON_EACH(o, l) {
                r = table_read(s, o, t, list + at++ * t->size);
                if (r < 0)
                        return r;
        }
        assert(at == n);
        memcpy(to.p, &list, sizeof list);
        *to.n = n;
        return 0;
}

/* One of the snapshot's own lists, grown as snapshot_add_* grows it. */
static int own_list_read(struct snapshot *s, const cJSON *l, const struct table *t, struct list_position to)
{
        const cJSON *o;
        void *grown = NULL;
        int r;

        JSON_EACH(o, l) {
                grown = snapshot_list_add(s, grown, to.n, t->size);
                if (!grown)
                        return -ENOMEM;
                memcpy(to.p, &grown, sizeof grown);
                r = table_read(s, o, t, (char *)grown + (*to.n - 1) * t->size);
                if (r < 0)
                        return r;
        }
        return 0;
}

/* What is nested; absent is empty. */
static int inner_read(struct snapshot *s, const cJSON *o, const struct field *f, char *base)
{
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, f->key);
        struct list_position at = { base + f->at, (size_t *)(base + f->count_at) };

        if (!v || cJSON_IsNull(v))
                return 0;
        if (f->kind == FIELD_LIST ? !cJSON_IsArray(v) : !cJSON_IsObject(v))
                return -EBADMSG;
        if (f->kind == FIELD_OBJECT)
                return table_read(s, v, f->of, at.p);
        if (f->kind == FIELD_NAMED)
                return named_read(s, v, f, (const char **)at.p);
        if (base == (char *)s)
                return own_list_read(s, v, f->of, at);
        return list_read(s, v, f->of, at);
}

/* -1 is none; the list pointed into was read before. */
static int index_read(struct snapshot *s, const cJSON *o, const struct field *f, int *ret)
{
        size_t n = *(const size_t *)((const char *)s + f->count_at);
        int64_t v = -1;
        int r = number_read(o, f->key, &(struct range){ -1, INT_MAX }, &v);

        if (r < 0)
                return r;
        if (v < 0 ? f->required : (uint64_t)v >= n)
                return -EBADMSG;
        *ret = (int)v;
        return 0;
}

static int number_field_read(const cJSON *o, const struct field *f, char *p)
{
        static const struct range ranges[] = {
                [FIELD_I32] = { 0, INT_MAX },           [FIELD_U32] = { 0, UINT_MAX },
                [FIELD_I64] = { INT64_MIN, INT64_MAX }, [FIELD_U64] = { 0, INT64_MAX },
        };
        int64_t n = 0;
        int r = number_read(o, f->key, &ranges[f->kind], &n);

        if (r < 0)
                return r;
        if (f->kind == FIELD_I32)
                *(int *)p = (int)n;
        else if (f->kind == FIELD_U32)
                *(unsigned *)p = (unsigned)n;
        else if (f->kind == FIELD_I64)
                *(int64_t *)p = n;
        else
                *(uint64_t *)p = (uint64_t)n;
        return 0;
}

static int field_read(struct snapshot *s, const cJSON *o, const struct field *f, char *base)
{
        char *p = base + f->at;

        switch (f->kind) {
        case FIELD_STR:
                return str_read(s, o, f->key, (const char **)p);
        case FIELD_ENUM:
                return enum_read(o, f, (unsigned *)p);
        case FIELD_INDEX:
                return index_read(s, o, f, (int *)p);
        case FIELD_I32:
        case FIELD_U32:
        case FIELD_I64:
        case FIELD_U64:
                return number_field_read(o, f, p);
        case FIELD_BOOL:
                return bool_read(o, f->key, (bool *)p);
        case FIELD_NAMED:
        case FIELD_OBJECT:
        case FIELD_LIST:
                return inner_read(s, o, f, base);
        }
        return -EBADMSG;
}

static int table_read(struct snapshot *s, const cJSON *o, const struct table *t, void *to)
{
        int r;

        if (!cJSON_IsObject(o))
                return -EBADMSG;
        for (const struct field *f = t->fields; f < t->fields + t->n; f++) {
                r = field_read(s, o, f, to);
                if (r < 0)
                        return r;
        }
        return 0;
}

/*
 * Releases before 0.2 saved no source, and what a program had overwritten as an environment without variables: one that
 * really is empty looks the same. HOME is in nearly every other.
 */
static void early_environments_check(const cJSON *j, struct snapshot *s)
{
        struct process *p = s->processes;
        const cJSON *o;

        JSON_EACH(o, cJSON_GetObjectItemCaseSensitive(j, "processes")) {
                const cJSON *source = cJSON_GetObjectItemCaseSensitive(o, "environment_source");
                bool empty = !source || cJSON_IsNull(source);

                for (size_t i = 0; i < ARRAY_SIZE(p->env); i++)
                        empty = empty && !p->env[i];
                if (empty && p->environ.state == ANSWER_OK)
                        p->environ = (struct answer){ ANSWER_GARBAGE, 0, "empty, or overwritten by the program: a snapshot of this release does not tell" };
                p++;
        }
}

int model_from_json(const cJSON *j, struct snapshot **ret)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        int64_t version = 0;
        int r;

        r = json_get_i64(j, MODEL_VERSION_KEY, &version);
        if (r < 0 || version != MODEL_VERSION)
                return -EBADMSG;
        r = snapshot_new(&s);
        if (r < 0)
                return r;
        r = table_read(s, j, &snapshot_table, s);
        if (r < 0)
                return r;
        early_environments_check(j, s);
        *ret = TAKE(s);
        return 0;
}
