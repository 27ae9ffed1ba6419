/*
 * Groups: processes of one container that must have the same credentials, for the
 * same reason. HOME counts only by the files that it leads to.
 */
#include "judge_internal.h"

/* A process with the mechanism by which it lost the variable; both decide its group. */
struct entry { const struct snapshot *s; int process; const char *mechanism; };

static int text_order(const char *a, const char *b)
{
        if (!a || !b)
                return (a != NULL) - (b != NULL);
        return strcmp(a, b);
}

static int texts_order(const char *const *a, const char *const *b, size_t n, int except)
{
        for (size_t i = 0; i < n; i++) {
                int r = (int)i == except ? 0 : text_order(a[i], b[i]);

                if (r != 0)
                        return r;
        }
        return 0;
}

#define ORDER(x, y) ((x) < (y) ? -1 : (x) > (y))
#define RETURN_UNLESS_EQUAL(expr)                                                                  \
        do {                                                                                       \
                int order_ = (expr);                                                               \
                if (order_ != 0)                                                                   \
                        return order_;                                                             \
        } while (0)

/* By content, not by pointer: facts read from JSON share no strings. */
static int file_order(const struct profile_file *a, const struct profile_file *b)
{
        RETURN_UNLESS_EQUAL(text_order(a->path, b->path));
        RETURN_UNLESS_EQUAL(ORDER(a->state, b->state));
        RETURN_UNLESS_EQUAL(ORDER(a->bad_line, b->bad_line));
        RETURN_UNLESS_EQUAL(ORDER(a->spelling, b->spelling));
        RETURN_UNLESS_EQUAL(ORDER(a->n_profiles, b->n_profiles));
        if (a->profiles == b->profiles)
                return 0;
        for (size_t i = 0; i < a->n_profiles; i++) {
                const struct profile *x = &a->profiles[i], *y = &b->profiles[i];

                RETURN_UNLESS_EQUAL(text_order(x->name, y->name));
                RETURN_UNLESS_EQUAL(ORDER(x->prefixed, y->prefixed));
                RETURN_UNLESS_EQUAL(ORDER(x->spelling, y->spelling));
                RETURN_UNLESS_EQUAL(texts_order(x->key, y->key, PROFILE_KEY_MAX, -1));
        }
        return 0;
}

static int sdks_order(const struct process *a, const struct process *b)
{
        RETURN_UNLESS_EQUAL(ORDER(a->n_sdks, b->n_sdks));
        for (size_t i = 0; i < a->n_sdks; i++) {
                RETURN_UNLESS_EQUAL(text_order(a->sdks[i].name, b->sdks[i].name));
                RETURN_UNLESS_EQUAL(text_order(a->sdks[i].version, b->sdks[i].version));
                RETURN_UNLESS_EQUAL(ORDER(a->sdks[i].certainty, b->sdks[i].certainty));
        }
        return 0;
}

/* 0: the same group. */
static int key_order(const struct entry *x, const struct entry *y)
{
        const struct process *a = &x->s->processes[x->process], *b = &y->s->processes[y->process];

        RETURN_UNLESS_EQUAL(ORDER(a->container, b->container));
        RETURN_UNLESS_EQUAL(ORDER(a->netns, b->netns));
        RETURN_UNLESS_EQUAL(ORDER(a->environ.state, b->environ.state));
        RETURN_UNLESS_EQUAL(ORDER(a->without_uri, b->without_uri));
        RETURN_UNLESS_EQUAL(ORDER(a->cred_relative, b->cred_relative));
        RETURN_UNLESS_EQUAL(ORDER(a->cred_full, b->cred_full));
        RETURN_UNLESS_EQUAL(ORDER(a->token_file, b->token_file));
        RETURN_UNLESS_EQUAL(ORDER(a->ca_bundle, b->ca_bundle));
        RETURN_UNLESS_EQUAL(ORDER(a->passwd_home, b->passwd_home));
        RETURN_UNLESS_EQUAL(ORDER(a->signed_out, b->signed_out));
        RETURN_UNLESS_EQUAL(ORDER(a->boto_file, b->boto_file));
        RETURN_UNLESS_EQUAL(ORDER(a->web_identity_file, b->web_identity_file));
        RETURN_UNLESS_EQUAL(text_order(a->exe, b->exe));
        /* Without a readable executable only the name distinguishes programs. */
        RETURN_UNLESS_EQUAL(a->exe ? 0 : text_order(a->comm, b->comm));
        RETURN_UNLESS_EQUAL(text_order(x->mechanism, y->mechanism));
        RETURN_UNLESS_EQUAL(texts_order(a->env, b->env, ENV_VAR_MAX, ENV_VAR_HOME));
        RETURN_UNLESS_EQUAL(texts_order(a->prop, b->prop, SYSPROP_MAX, -1));
        RETURN_UNLESS_EQUAL(file_order(&a->credentials, &b->credentials));
        RETURN_UNLESS_EQUAL(file_order(&a->config, &b->config));
        RETURN_UNLESS_EQUAL(file_order(&a->home_credentials, &b->home_credentials));
        return sdks_order(a, b);
}

static int entry_order(const void *a, const void *b)
{
        const struct entry *x = a, *y = b;

        RETURN_UNLESS_EQUAL(key_order(x, y));
        RETURN_UNLESS_EQUAL(
                ORDER(x->s->processes[x->process].pid, y->s->processes[y->process].pid));
        return ORDER(x->process, y->process);
}

/* Order of the table: task family, container name, container, pid, and of planned programs their order; containers without a task come last. */
static int group_order(const void *a, const void *b, void *context)
{
        const struct snapshot *s = context;
        const struct group *x = a, *y = b;
        const struct process *p = &s->processes[x->process], *q = &s->processes[y->process];
        const struct container *c = &s->containers[p->container], *d = &s->containers[q->container];

        RETURN_UNLESS_EQUAL(ORDER(c->task < 0, d->task < 0));
        if (c->task >= 0)
                RETURN_UNLESS_EQUAL(text_order(s->tasks[c->task].family, s->tasks[d->task].family));
        RETURN_UNLESS_EQUAL(text_order(c->name, d->name));
        RETURN_UNLESS_EQUAL(text_order(c->id, d->id));
        RETURN_UNLESS_EQUAL(ORDER(p->pid, q->pid));
        return ORDER(x->process, y->process);
}

/* Processes that lost the variable in different ways need different remedies, so they are in different groups. */
static const char *mechanism_of(const struct judge_index *ix, int process)
{
        const struct process *p = &ix->s->processes[process];
        const struct expect *e = expect_of(ix, p);
        struct lineage lin;

        if (!e || !e->role || !env_known(p) || p->env[ENV_VAR_RELATIVE_URI])
                return NULL;
        lineage_trace(ix, process, &lin);
        return lin.mechanism;
}

static size_t entries_fill(const struct judge_index *ix, struct entry *entries)
{
        const struct snapshot *s = ix->s;
        size_t n = 0;

        for (size_t i = 0; i < s->n_processes; i++)
                if (s->processes[i].container >= 0 &&
                    (size_t)s->processes[i].container < s->n_containers)
                        entries[n++] = (struct entry){ s, (int)i, mechanism_of(ix, (int)i) };
        qsort(entries, n, sizeof *entries, entry_order);
        return n;
}

int groups_make(const struct judge_index *ix, struct group **ret, size_t *ret_n)
{
        CLEANUP(freep) struct entry *entries = calloc(ix->s->n_processes + 1, sizeof *entries);
        int *members = arena_alloc(ix->a, (ix->s->n_processes + 1) * sizeof *members);
        struct group *groups;
        size_t n, capacity = 0, n_groups = 0;

        if (!entries || !members)
                return -ENOMEM;
        n = entries_fill(ix, entries);
        for (size_t i = 0; i < n; i++)
                capacity += i == 0 || key_order(&entries[i - 1], &entries[i]) != 0;
        groups = arena_alloc(ix->a, (capacity + 1) * sizeof *groups);
        if (!groups)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++) {
                members[i] = entries[i].process;
                if (i == 0 || key_order(&entries[i - 1], &entries[i]) != 0)
                        groups[n_groups++] =
                                (struct group){ .process = members[i], .members = &members[i] };
                groups[n_groups - 1].n_members++;
        }
        assert(n_groups == capacity);
        qsort_r(groups, n_groups, sizeof *groups, group_order, (void *)(uintptr_t)ix->s);
        *ret = groups;
        *ret_n = n_groups;
        return 0;
}

void group_set_unknown(struct group *g, const char *why)
{
        g->verdict = VERDICT_UNKNOWN;
        g->why_unknown = why;
}
