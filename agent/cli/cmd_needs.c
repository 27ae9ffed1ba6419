/* rolewatch needs: declared needs, where they apply, and lint warnings; task definition requirements. */
#include "cli_internal.h"
#include "commands.h"

#define ARENA_MAX ((size_t)16 << 20)

#define NEEDS_OPTIONS(X) \
        X(TEXT, from, "from", 0, "FILE", "judge the snapshot FILE instead of this host")
OPTION_TABLE(NEEDS_OPTIONS)

static void print_targets(const struct snapshot *s, const struct need *n)
{
        size_t found = 0;

        for (size_t i = 0; i < s->n_containers; i++) {
                const struct container *c = &s->containers[i];
                const struct task *t = c->task >= 0 ? &s->tasks[c->task] : NULL;

                if (!need_applies(s, n, (int)i))
                        continue;
                printf("  applies to  container %s, %s%s\n", c->name ? c->name : c->id, t && t->family ? "task " : "no task",
                       t && t->family ? t->family : "");
                found++;
        }
        if (found == 0)
                printf("  applies to  no container on this host\n");
}

/* The number of lint warnings. */
static size_t print_need(const struct snapshot *s, const struct need *n)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        const char *texts[NEED_LINTS_MAX];
        size_t warnings;

        if (arena_new(ARENA_MAX, &a) < 0)
                return 1;
        printf("%s, for the %s role\n", n->where,
               streq(n->role, "task") || streq(n->role, "instance") ? n->role : arn_name(n->role));
        print_targets(s, n);
        warnings = need_lint(s, n, a, texts);
        for (size_t i = 0; i < warnings; i++)
                printf("  warning     %s\n", texts[i]);
        return warnings;
}

static size_t print_role_warnings(const struct role *role)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        const char *texts[NEED_LINTS_MAX];
        size_t warnings = arena_new(ARENA_MAX, &a) < 0 ? 0 : role_lint(role, a, texts);

        for (size_t i = 0; i < warnings; i++)
                printf("  warning     %s\n", texts[i]);
        return warnings;
}

static size_t print_roles(const struct snapshot *s)
{
        size_t warnings = 0;

        for (size_t i = 0; i < s->n_roles; i++) {
                if (s->roles[i].state == ROLE_KNOWN && s->roles[i].as_of_s)
                        printf("policies of %s: %zu, from %s, %lld days old\n", s->roles[i].name,
                               s->roles[i].n_policies, s->roles[i].source,
                               (long long)(s->host.taken_s - s->roles[i].as_of_s) / 86400);
                else if (s->roles[i].state == ROLE_KNOWN)
                        printf("policies of %s: %zu, from %s\n", s->roles[i].name, s->roles[i].n_policies,
                               s->roles[i].source);
                else if (s->roles[i].state == ROLE_ABSENT)
                        printf("role %s: does not exist in IAM\n", s->roles[i].name);
                else
                        printf("policies of %s: unknown; add a bundle: rolewatch bundle --role %s\n", s->roles[i].name, s->roles[i].name);
                warnings += print_role_warnings(&s->roles[i]);
        }
        if (s->host.policies_error)
                printf("policies: %s\n", s->host.policies_error);
        return warnings;
}

static bool same_role(const struct required_call *a, const struct required_call *b)
{
        return a->definition == b->definition && a->by == b->by;
}

/* Calls of one role and one definition stand together in the list. */
static void print_required_calls(const struct verdicts *v)
{
        for (size_t i = 0; i < v->n_required_calls; i++) {
                const struct required_call *d = &v->required_calls[i];
                const struct call *c = &d->call;

                if (i == 0 || !same_role(d, d - 1)) {
                        if (d->definition)
                                printf("task definition %s:%s (%s) requires", d->definition->family,
                                       d->definition->revision, d->definition->source);
                        else
                                printf("the ECS agent requires");
                        printf(" of the %s role %s:\n", required_role_to_string(d->by), d->role);
                }
                printf("  %s%s%s: %s%s%s%s\n", c->action, streq(c->resource, "*") ? "" : " on ",
                       streq(c->resource, "*") ? "" : c->resource, iam_answer_to_string(c->winner),
                       c->why ? " (" : "", c->why ? c->why : "", c->why ? ")" : "");
        }
        if (v->snapshot->host.definitions_error)
                printf("task definitions: %s\n", v->snapshot->host.definitions_error);
}

static int run_needs(const struct arguments *a)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct options *o = a->options;
        size_t warnings = 0;

        if (verdicts_get(a, o->from, &s, &v) < 0)
                return EXIT_UNKNOWN;
        for (size_t i = 0; i < s->n_needs; i++)
                warnings += print_need(s, &s->needs[i]);
        if (s->n_needs == 0)
                printf("no needs are declared: there is no file in needs.d and no label rolewatch.needs\n");
        print_required_calls(v);
        warnings += print_roles(s);
        return warnings || s->host.policies_error || s->host.definitions_error ? 1 : 0;
}

const struct command command_needs = {
        .name = "needs", .operands = "", .help = "show declared needs, where each applies, and lint warnings",
        COMMAND_OPTIONS, .run = run_needs,
        .exits = { { 0, "there are no warnings" }, { 1, "there is a lint warning, or a source of policies or task definitions failed" },
                   { 3, "the facts could not be read" } },
        .examples = { "rolewatch needs --from host.json" },
};
