/* copy -- copies of facts by the tables of fields.c, for what outlives the look that found it. */
#include "model_internal.h"

/* Most texts come again and again, as a cluster, a family, a region: they are copied once, or nearly so. */
#define RECENT 1024
struct copier {
        struct arena *a;
        const char **recent;           /* RECENT of them; NULL: each text for itself */
};

static int table_copy(const struct copier *c, const struct table *t, const void *from, void *to);

static int text_copy(const struct copier *c, const char *const *from, const char **to)
{
        const char *none = NULL, **slot = *from && c->recent ? &c->recent[text_hash(*from) % RECENT] : &none;

        if (!streq(*slot, *from))
                *slot = arena_dup(c->a, *from);
        *to = *slot;
        return *from && !*to ? -ENOMEM : 0;
}

/* A list within a list element lies in the arena. */
static int list_copy(const struct copier *c, const struct field *f, const char *from, char *to)
{
        size_t n = *(const size_t *)(from + f->count_at), size = f->of->size;
        const char *list;
        char *copy = arena_alloc(c->a, (n ? n : 1) * size);
        int r = copy ? 0 : -ENOMEM;

        memcpy(&list, from + f->at, sizeof list);
        for (size_t i = 0; r == 0 && i < n; i++)
                r = table_copy(c, f->of, list + i * size, copy + i * size);
        if (r == 0)
                memcpy(to + f->at, &copy, sizeof copy);
        return r;
}

static int field_copy(const struct copier *c, const struct field *f, const char *from, char *to)
{
        const char *p = from + f->at;
        int r = 0;

        switch (f->kind) {
        case FIELD_STR:
                return text_copy(c, (const char *const *)p, (const char **)(to + f->at));
        case FIELD_NAMED:
                for (size_t i = 0; r == 0 && i < f->strings->n; i++)
                        r = text_copy(c, (const char *const *)p + i, (const char **)(to + f->at) + i);
                return r;
        case FIELD_OBJECT:
                return table_copy(c, f->of, p, to + f->at);
        case FIELD_LIST:
                return list_copy(c, f, from, to);
        case FIELD_ENUM: case FIELD_INDEX: case FIELD_I32: case FIELD_U32: case FIELD_I64:
        case FIELD_U64: case FIELD_BOOL: case FIELD_SET:
                break;                 /* came with the bytes of the struct */
        }
        return 0;
}

static int table_copy(const struct copier *c, const struct table *t, const void *from, void *to)
{
        int r = 0;

        memcpy(to, from, t->size);
        for (size_t i = 0; r == 0 && i < t->n; i++)
                r = field_copy(c, &t->fields[i], from, to);
        return r;
}

#define DEFINE_COPY(type, name)                                                                   \
        int snapshot_copy_##name(struct snapshot *to, const struct type *from, struct type *ret)  \
        {                                                                                         \
                const struct copier c = { to->arena, NULL };                                      \
                struct type copy;                                                                 \
                int r = table_copy(&c, &name##_table, from, &copy);                               \
                if (r == 0)                                                                       \
                        *ret = copy;                                                              \
                return r;                                                                         \
        }
DEFINE_COPY(task, task)
DEFINE_COPY(container, container)
DEFINE_COPY(credential, cred)
DEFINE_COPY(process, process)
DEFINE_COPY(netns, netns)
DEFINE_COPY(need, need)

/* The snapshot's own lists are malloc'ed and grow; see snapshot_list_add. */
static int own_list_copy(const struct copier *c, struct snapshot *to, const struct snapshot *from, const struct field *f)
{
        size_t n = *(const size_t *)((const char *)from + f->count_at);
        size_t *count = (size_t *)((char *)to + f->count_at);
        void **at = (void **)((char *)to + f->at);
        const char *list = *(char *const *)((const char *)from + f->at);

        for (size_t i = 0; i < n; i++) {
                void *grown = snapshot_list_add(to, *at, count, f->of->size);
                int r;

                if (!grown)
                        return -ENOMEM;
                *at = grown;
                r = table_copy(c, f->of, list + i * f->of->size, (char *)grown + i * f->of->size);
                if (r < 0)
                        return r;
        }
        return 0;
}

static bool has_parent(const struct snapshot *s, const struct process *p)
{
        int parent = p->ppid == p->pid ? -ENOENT : snapshot_find_process(s, p->ppid);

        return parent >= 0 && s->processes[parent].container == p->container;
}

/* The first process of each container, as judge sees it: without a parent in it, and the earliest. */
static int firsts_find(const struct snapshot *s, int **ret)
{
        CLEANUP(freep) int *first = calloc(s->n_containers + 1, sizeof *first);

        if (!first)
                return -ENOMEM;
        for (size_t i = 0; i < s->n_containers; i++)
                first[i] = -1;
        for (size_t i = 0; i < s->n_processes; i++) {
                const struct process *p = &s->processes[i], *q;
                int *at;

                if (p->container < 0 || (size_t)p->container >= s->n_containers || has_parent(s, p))
                        continue;
                at = &first[p->container];
                q = *at < 0 ? NULL : &s->processes[*at];
                if (!q || p->start_ticks < q->start_ticks ||
                    (p->start_ticks == q->start_ticks && p->pid < q->pid))
                        *at = (int)i;
        }
        *ret = TAKE(first);
        return 0;
}

static int firsts_copy(const struct copier *c, struct snapshot *to, const struct snapshot *s)
{
        CLEANUP(freep) int *first = NULL;
        int r = firsts_find(s, &first);

        for (size_t i = 0; r == 0 && i < s->n_containers; i++) {
                struct process *p = first[i] < 0 ? NULL : snapshot_add_process(to);

                if (first[i] >= 0)
                        r = p ? table_copy(c, &process_table, &s->processes[first[i]], p) : -ENOMEM;
        }
        return r;
}

int snapshot_copy(const struct snapshot *s, struct snapshot **ret)
{
        CLEANUP(snapshot_freep) struct snapshot *to = NULL;
        const char *recent[RECENT] = { NULL };
        struct copier c = { .recent = recent };
        int r = snapshot_new(&to);

        if (r < 0)
                return r;
        c.a = to->arena;
        for (size_t i = 0; r == 0 && i < snapshot_table.n; i++) {
                const struct field *f = &snapshot_table.fields[i];

                if (f->of == &process_table)
                        continue;
                r = f->kind == FIELD_LIST
                            ? own_list_copy(&c, to, s, f)
                            : table_copy(&c, f->of, (const char *)s + f->at, (char *)to + f->at);
        }
        if (r == 0)
                r = firsts_copy(&c, to, s);
        if (r < 0)
                return r;
        *ret = TAKE(to);
        return 0;
}

/* The same as firsts_copy, for a list that does not grow. */
static int firsts_copy_within(const struct copier *c, struct snapshot *to, const struct snapshot *s)
{
        CLEANUP(freep) int *first = NULL;
        int r = firsts_find(s, &first);

        if (r < 0)
                return r;
        to->processes = arena_alloc(c->a, (s->n_containers + 1) * sizeof *to->processes);
        if (!to->processes)
                return -ENOMEM;
        for (size_t i = 0; r == 0 && i < s->n_containers; i++)
                if (first[i] >= 0)
                        r = table_copy(c, &process_table, &s->processes[first[i]], &to->processes[to->n_processes++]);
        return r;
}

int snapshot_copy_within(const struct snapshot *s, struct arena *a, struct snapshot **ret)
{
        const char *recent[RECENT] = { NULL };
        const struct copier c = { .a = a, .recent = recent };
        struct snapshot *to = arena_alloc(a, sizeof *to);
        int r = to ? 0 : -ENOMEM;

        for (size_t i = 0; r == 0 && i < snapshot_table.n; i++) {
                const struct field *f = &snapshot_table.fields[i];
                const char *from = (const char *)s;
                char *into = (char *)to;

                if (f->of == &process_table)
                        continue;
                if (f->kind == FIELD_LIST)
                        *(size_t *)(into + f->count_at) = *(const size_t *)(from + f->count_at);
                r = f->kind == FIELD_LIST ? list_copy(&c, f, from, into) : table_copy(&c, f->of, from + f->at, into + f->at);
        }
        if (r == 0)
                r = firsts_copy_within(&c, to, s);
        if (r < 0)
                return r;
        *ret = to;
        return 0;
}
