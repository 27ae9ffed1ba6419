/* rolewatch needs: what is declared, where it applies, and what is odd about it. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"

#define ARENA_MAX ((size_t)16 << 20)

static void print_places(const struct snapshot *s, const struct need *n)
{
        size_t found = 0;

        for (size_t i = 0; i < s->n_containers; i++) {
                const struct container *c = &s->containers[i];
                const struct task *t = c->task >= 0 ? &s->tasks[c->task] : NULL;

                if (!need_applies(s, n, (int)i))
                        continue;
                printf("  applies to  container %s of %s\n", c->name ? c->name : c->id,
                       t && t->family ? t->family : "no task");
                found++;
        }
        if (found == 0)
                printf("  applies to  nothing on this host\n");
}

/* The number of oddities. */
static size_t print_need(const struct snapshot *s, const struct need *n)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        const char *texts[NEED_LINTS_MAX];
        size_t odd;

        if (arena_new(ARENA_MAX, &a) < 0)
                return 1;
        printf("%s, of the %s role\n", n->where,
               streq(n->role, "task") || streq(n->role, "instance") ? n->role : arn_name(n->role));
        print_places(s, n);
        odd = need_lint(s, n, a, texts);
        for (size_t i = 0; i < odd; i++)
                printf("  odd         %s\n", texts[i]);
        return odd;
}

static size_t print_odd(const struct role *role)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        const char *texts[NEED_LINTS_MAX];
        size_t odd = arena_new(ARENA_MAX, &a) < 0 ? 0 : role_lint(role, a, texts);

        for (size_t i = 0; i < odd; i++)
                printf("  odd         %s\n", texts[i]);
        return odd;
}

static size_t print_roles(const struct snapshot *s)
{
        size_t odd = 0;

        for (size_t i = 0; i < s->n_roles; i++) {
                if (s->roles[i].state == ROLE_KNOWN && s->roles[i].as_of_s)
                        printf("policies of %s: %zu, by %s, %lld days old\n", s->roles[i].name,
                               s->roles[i].n_policies, s->roles[i].source,
                               (long long)(s->host.taken_s - s->roles[i].as_of_s) / 86400);
                else if (s->roles[i].state == ROLE_KNOWN)
                        printf("policies of %s: %zu, by %s\n", s->roles[i].name, s->roles[i].n_policies,
                               s->roles[i].source);
                else if (s->roles[i].state == ROLE_ABSENT)
                        printf("role %s: IAM knows no such role\n", s->roles[i].name);
                else
                        printf("policies of %s: not seen, no bundle has them\n", s->roles[i].name);
                odd += print_odd(&s->roles[i]);
        }
        if (s->host.policies_fault)
                printf("policies: %s\n", s->host.policies_fault);
        return odd;
}

static bool same_role(const struct derived *a, const struct derived *b)
{
        return a->definition == b->definition && a->by == b->by;
}

/* Calls of one role and one definition stand together in the list. */
static void print_derived(const struct verdicts *v)
{
        for (size_t i = 0; i < v->n_derived; i++) {
                const struct derived *d = &v->derived[i];
                const struct call *c = &d->call;

                if (i == 0 || !same_role(d, d - 1)) {
                        if (d->definition)
                                printf("derived from task definition %s:%s (%s)", d->definition->family,
                                       d->definition->revision, d->definition->source);
                        else
                                printf("derived from the ECS agent");
                        printf(", of the %s role %s\n", derived_role_word(d->by), d->role);
                }
                printf("  %s%s%s: %s%s%s%s\n", c->action, streq(c->resource, "*") ? "" : " on ",
                       streq(c->resource, "*") ? "" : c->resource, iam_answer_word(c->winner),
                       c->why ? " (" : "", c->why ? c->why : "", c->why ? ")" : "");
        }
        if (v->snapshot->host.definitions_fault)
                printf("task definitions: %s\n", v->snapshot->host.definitions_fault);
}

int cmd_needs(int argc, char **argv)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const char *from = NULL;
        size_t odd = 0;

        for (int i = 1; i < argc; i++) {
                if (streq(argv[i], "--from") && i + 1 < argc) {
                        from = argv[++i];
                } else {
                        fprintf(stderr, "rolewatch needs: '%s' is not understood; see rolewatch help\n",
                                argv[i]);
                        return EXIT_USAGE;
                }
        }
        if (facts_get(from, &s) < 0 || judge(s, &v) < 0)
                return EXIT_UNKNOWN;
        for (size_t i = 0; i < s->n_needs; i++)
                odd += print_need(s, &s->needs[i]);
        if (s->n_needs == 0)
                printf("nothing is declared: no file in needs.d, no label rolewatch.needs\n");
        print_derived(v);
        odd += print_roles(s);
        return odd || s->host.policies_fault || s->host.definitions_fault ? 1 : 0;
}
