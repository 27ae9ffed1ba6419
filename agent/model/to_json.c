/* to_json -- a snapshot as JSON; fields.c says how, from_json reads it back. */
#include "model_internal.h"

static cJSON *table_write(const struct table *t, const void *from);

static cJSON *named_write(const struct string_table *names, const char *const *value)
{
        CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();

        for (size_t i = 0; o && i < names->n; i++)
                if (value[i] && !cJSON_AddStringToObject(o, names->string[i], value[i]))
                        return NULL;
        return TAKE(o);
}

/* p is where the pointer to the list stands. */
static cJSON *list_write(const struct table *t, const char *p, size_t n)
{
        CLEANUP(json_freep) cJSON *l = cJSON_CreateArray();
        const char *list;

        memcpy(&list, p, sizeof list);

        for (size_t i = 0; l && i < n; i++) {
                cJSON *o = table_write(t, list + i * t->size);

                if (!o)
                        return NULL;
                cJSON_AddItemToArray(l, o);
        }
        return TAKE(l);
}

static cJSON *set_write(const struct string_table *words, unsigned set)
{
        CLEANUP(json_freep) cJSON *l = cJSON_CreateArray();

        for (size_t i = 0; l && i < words->n; i++) {
                cJSON *word = set & (1u << i) ? cJSON_CreateString(words->string[i]) : NULL;

                if (word)
                        cJSON_AddItemToArray(l, word);
                else if (set & (1u << i))
                        return NULL;
        }
        return TAKE(l);
}

/* The value at p as JSON. Numbers are exact up to 2^53, which no inode or time comes near. */
static cJSON *value_write(const struct field *f, const char *p, const char *base)
{
        switch (f->kind) {
        case FIELD_STR:
                return cJSON_CreateString(*(const char *const *)p);
        case FIELD_NAMED:
                return named_write(f->strings, (const char *const *)p);
        case FIELD_ENUM:
                return *(const unsigned *)p < f->strings->n
                       ? cJSON_CreateString(f->strings->string[*(const unsigned *)p]) : NULL;
        case FIELD_INDEX:
        case FIELD_I32:
                return cJSON_CreateNumber(*(const int *)p);
        case FIELD_U32:
                return cJSON_CreateNumber(*(const unsigned *)p);
        case FIELD_I64:
                return cJSON_CreateNumber((double)*(const int64_t *)p);
        case FIELD_U64:
                return cJSON_CreateNumber((double)*(const uint64_t *)p);
        case FIELD_BOOL:
                return cJSON_CreateBool(*(const bool *)p);
        case FIELD_SET:
                return set_write(f->strings, *(const unsigned *)p);
        case FIELD_OBJECT:
                return table_write(f->of, p);
        case FIELD_LIST:
                return list_write(f->of, p, *(const size_t *)(base + f->count_at));
        }
        return NULL;
}

static int fields_write(cJSON *o, const struct table *t, const void *from)
{
        const char *base = from;

        for (const struct field *f = t->fields; f < t->fields + t->n; f++) {
                cJSON *v;

                if ((f->kind == FIELD_STR && !*(const char *const *)(base + f->at)) ||
                    (f->kind == FIELD_SET && !*(const unsigned *)(base + f->at)))
                        continue;
                v = value_write(f, base + f->at, base);
                if (!v)
                        return -ENOMEM;
                if (!cJSON_AddItemToObjectCS(o, f->key, v)) {
                        cJSON_Delete(v);
                        return -ENOMEM;
                }
        }
        return 0;
}

static cJSON *table_write(const struct table *t, const void *from)
{
        CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();

        return o && fields_write(o, t, from) >= 0 ? TAKE(o) : NULL;
}

int model_to_json(const struct snapshot *s, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *j = cJSON_CreateObject();

        if (!j || !cJSON_AddNumberToObject(j, MODEL_VERSION_KEY, MODEL_VERSION) ||
            fields_write(j, &snapshot_table, s) < 0)
                return -ENOMEM;
        *ret = TAKE(j);
        return 0;
}
