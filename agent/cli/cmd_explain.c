/* rolewatch explain: the credential chain of the processes that a pid, a container or a task names. */
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/report.h"

#define EXPLAIN_MAX 16                 /* groups shown in full; a person reads no more */
#define ID_PREFIX_MIN 4                /* of a container id */

#define EXPLAIN_OPTIONS(X) \
        X(TEXT, from, "from", 0, "FILE", "judge the snapshot FILE instead of this host")
OPTION_TABLE(EXPLAIN_OPTIONS)

static bool prefix_of(const char *prefix, const char *s)
{
        return s && strlen(prefix) >= ID_PREFIX_MIN && strncmp(s, prefix, strlen(prefix)) == 0;
}

/* "c3365d95", "prod/c3365d95" or more of the end of an ARN. */
static bool suffix_of(const char *suffix, const char *arn)
{
        size_t n = strlen(suffix), len = arn ? strlen(arn) : 0;

        return n > 0 && n <= len && streq(arn + len - n, suffix) &&
               (n == len || strchr("/:", arn[len - n - 1]));
}

static bool by_pid(const struct snapshot *s, const struct group *g, const char *target)
{
        uint64_t pid;

        if (u64_parse(target, &pid) < 0)
                return false;
        for (size_t i = 0; i < g->n_members; i++)
                if ((uint64_t)s->processes[g->members[i]].pid == pid)
                        return true;
        return false;
}

static const struct container *explain_container_of(const struct snapshot *s, const struct group *g)
{
        int i = s->processes[g->process].container;

        return i >= 0 ? &s->containers[i] : NULL;
}

static bool explain_by_container(const struct snapshot *s, const struct group *g, const char *target)
{
        const struct container *c = explain_container_of(s, g);

        return c && (streq(c->name, target) || prefix_of(target, c->id));
}

static bool explain_by_task(const struct snapshot *s, const struct group *g, const char *target)
{
        const struct container *c = explain_container_of(s, g);
        const struct task *t = c && c->task >= 0 ? &s->tasks[c->task] : NULL;

        return t && (streq(t->family, target) || suffix_of(target, t->arn) ||
                     (t->arn && prefix_of(target, arn_name(t->arn))));
}

/* The first way in which the target names anything counts: digits may be a pid and begin an id. */
typedef bool naming(const struct snapshot *s, const struct group *g, const char *target);
static naming *const namings[] = { by_pid, explain_by_container, explain_by_task };

static naming *naming_of(const struct verdicts *v, const char *target)
{
        for (size_t k = 0; k < ARRAY_SIZE(namings); k++)
                for (size_t i = 0; i < v->n_groups; i++)
                        if (namings[k](v->snapshot, &v->groups[i], target))
                                return namings[k];
        return NULL;
}

static int explain(const struct arguments *a, const struct verdicts *v, const char *target)
{
        naming *named = naming_of(v, target);
        size_t found = 0;

        if (!named)
                return command_error(a, "no container process matches '%s'; 'rolewatch check' lists them", target);
        for (size_t i = 0; i < v->n_groups; i++) {
                if (!named(v->snapshot, &v->groups[i], target) || found++ >= EXPLAIN_MAX)
                        continue;
                if (found > 1)
                        putchar('\n');
                if (report_explain(v, i, cli_style(), stdout) < 0)
                        return EXIT_UNKNOWN;
        }
        if (found > EXPLAIN_MAX)
                printf("\n%zu more groups match '%s'; give a pid to explain one of them\n", found - EXPLAIN_MAX, target);
        return 0;
}

static int run_explain(const struct arguments *a)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct options *o = a->options;

        return verdicts_get(a, o->from, &s, &v) < 0 ? EXIT_UNKNOWN : explain(a, v, a->operands[0]);
}

const struct command command_explain = {
        .name = "explain", .operands = "PID|CONTAINER|TASK", .help = "show step by step how a process gets its credentials, and what to change",
        COMMAND_OPTIONS, .run = run_explain,
        .exits = { { 0, "the process is explained" }, { 3, "no container process matches, or the facts could not be read" } },
        .examples = { "rolewatch explain 5893", "rolewatch explain --from host.json web" },
};
