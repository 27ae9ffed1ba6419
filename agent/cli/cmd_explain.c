/* rolewatch explain: the walk of the processes that a pid, a container or a task names. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/report.h"

#define EXPLAIN_MAX 16                 /* groups shown in full; a person reads no more */
#define ID_PREFIX_MIN 4                /* of a container id */

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

static const struct container *container_of(const struct snapshot *s, const struct group *g)
{
        int i = s->processes[g->process].container;

        return i >= 0 ? &s->containers[i] : NULL;
}

static bool by_container(const struct snapshot *s, const struct group *g, const char *target)
{
        const struct container *c = container_of(s, g);

        return c && (streq(c->name, target) || prefix_of(target, c->id));
}

static bool by_task(const struct snapshot *s, const struct group *g, const char *target)
{
        const struct container *c = container_of(s, g);
        const struct task *t = c && c->task >= 0 ? &s->tasks[c->task] : NULL;

        return t && (streq(t->family, target) || suffix_of(target, t->arn) ||
                     (t->arn && prefix_of(target, arn_name(t->arn))));
}

/* The first way in which the target names anything is meant: digits may be a pid and begin an id.
 */
typedef bool naming(const struct snapshot *s, const struct group *g, const char *target);
static naming *const namings[] = { by_pid, by_container, by_task };

static naming *naming_of(const struct verdicts *v, const char *target)
{
        for (size_t k = 0; k < ARRAY_SIZE(namings); k++)
                for (size_t i = 0; i < v->n_groups; i++)
                        if (namings[k](v->snapshot, &v->groups[i], target))
                                return namings[k];
        return NULL;
}

static int explain(const struct verdicts *v, const char *target)
{
        naming *named = naming_of(v, target);
        size_t found = 0;

        if (!named) {
                fprintf(stderr, "rolewatch explain: no process of a container is named by '%s'\n",
                        target);
                return EXIT_UNKNOWN;
        }
        for (size_t i = 0; i < v->n_groups; i++) {
                if (!named(v->snapshot, &v->groups[i], target) || found++ >= EXPLAIN_MAX)
                        continue;
                if (found > 1)
                        putchar('\n');
                if (report_explain(v, i, cli_style(), stdout) < 0)
                        return EXIT_UNKNOWN;
        }
        if (found > EXPLAIN_MAX)
                printf("\nand %zu more\n", found - EXPLAIN_MAX);
        return 0;
}

int cmd_explain(int argc, char **argv)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const char *from = NULL, *target = NULL;

        for (int i = 1; i < argc; i++) {
                if (streq(argv[i], "--from") && i + 1 < argc) {
                        from = argv[++i];
                } else if (argv[i][0] != '-' && !target) {
                        target = argv[i];
                } else {
                        fprintf(stderr,
                                "rolewatch explain: '%s' is not understood; see rolewatch help\n",
                                argv[i]);
                        return EXIT_USAGE;
                }
        }
        if (!target || !*target) {
                fprintf(stderr, "rolewatch explain: name a pid, a container or a task\n");
                return EXIT_USAGE;
        }
        if (facts_get(from, &s) < 0 || judge(s, &v) < 0)
                return EXIT_UNKNOWN;
        return explain(v, target);
}
