/* snapshot -- the owner of one look at the host, and its growing lists. */
#include "model_internal.h"

int snapshot_new(struct snapshot **ret)
{
        struct snapshot *s = calloc(1, sizeof *s);
        int r;

        if (!s)
                return -ENOMEM;
        r = arena_new(SNAPSHOT_LIMIT_BYTES, &s->arena);
        if (r < 0) {
                free(s);
                return r;
        }
        *ret = s;
        return 0;
}

void snapshot_free(struct snapshot *s)
{
        if (!s)
                return;
        for (const struct field *f = snapshot_table.fields; f < snapshot_table.fields + snapshot_table.n; f++)
                if (f->kind == FIELD_LIST) {
                        void *list;

                        memcpy(&list, (const char *)s + f->at, sizeof list);
                        free(list);
                }
        arena_free(s->arena);
        free(s);
}

/*
 * A list holds room for the next power of two, so its count says when it is
 * full. It is malloc'ed, for an arena could not take the old room back, and
 * charged to the arena all the same. Returns the list, or NULL when full.
 */
void *snapshot_list_add(struct snapshot *s, void *list, size_t *n, size_t size)
{
        size_t capacity = *n ? *n * 2 : 1;

        if ((*n & (*n - 1)) == 0) {
                if (!arena_charge(s->arena, (capacity - *n) * size))
                        return NULL;
                list = realloc(list, capacity * size);
                if (!list)
                        return NULL;
        }
        memset((char *)list + *n * size, 0, size);
        (*n)++;
        return list;
}

#define DEFINE_ADD(type, name, list)                                                              \
        struct type *snapshot_add_##name(struct snapshot *s)                                      \
        {                                                                                         \
                struct type *l = snapshot_list_add(s, s->list, &s->n_##list, sizeof *l);          \
                if (!l)                                                                           \
                        return NULL;                                                              \
                s->list = l;                                                                      \
                return &l[s->n_##list - 1];                                                       \
        }
DEFINE_ADD(task, task, tasks)
DEFINE_ADD(definition, definition, definitions)
DEFINE_ADD(service, service, services)
DEFINE_ADD(container, container, containers)
DEFINE_ADD(netns, netns, netns)
DEFINE_ADD(credential, cred, creds)
DEFINE_ADD(process, process, processes)
DEFINE_ADD(role, role, roles)
DEFINE_ADD(need, need, needs)
DEFINE_ADD(denial, denial, denials)

int snapshot_find_process(const struct snapshot *s, pid_t pid)
{
        for (size_t i = 0; i < s->n_processes; i++)
                if (s->processes[i].pid == pid)
                        return (int)i;
        return -ENOENT;
}

bool snapshot_has_container(const struct snapshot *s, const char *id)
{
        for (size_t i = 0; i < s->n_containers; i++)
                if (streq(s->containers[i].id, id))
                        return true;
        return false;
}

const struct definition *snapshot_definition(const struct snapshot *s, const struct task *t)
{
        for (size_t i = 0; t->family && t->revision && i < s->n_definitions; i++)
                if (streq(s->definitions[i].family, t->family) &&
                    streq(s->definitions[i].revision, t->revision))
                        return &s->definitions[i];
        return NULL;
}
