/* rolewatch explain: the walk of the processes that a pid, a container or a task names. */
#include <stdio.h>
#include "commands.h"
#include "rolewatch/report.h"

#define EXPLAIN_MAX 16                 /* groups shown in full; a person reads no more */
#define ID_PREFIX_MIN 4                /* of a container id */

static bool prefix_of(const char *prefix, const char *s)
{
        return s && strlen(prefix) >= ID_PREFIX_MIN && strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool has_pid(const struct snapshot *s, const struct group *g, uint64_t pid)
{
        for (size_t i = 0; i < g->n_members; i++)
                if ((uint64_t)s->processes[g->members[i]].pid == pid)
                        return true;
        return false;
}

static bool names(const struct verdicts *v, const struct group *g, const char *target)
{
        const struct snapshot *s = v->snapshot;
        const struct process *p = &s->processes[g->process];
        const struct container *c = p->container >= 0 ? &s->containers[p->container] : NULL;
        const struct task *t = c && c->task >= 0 ? &s->tasks[c->task] : NULL;
        uint64_t pid;

        if (u64_parse(target, &pid) == 0 && has_pid(s, g, pid))
                return true;
        if (c && (streq(c->name, target) || prefix_of(target, c->id)))
                return true;
        return t && (streq(t->arn, target) || streq(t->family, target) || prefix_of(target, arn_name(t->arn)));
}

int cmd_explain(int argc, char **argv)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const char *from = NULL, *target = NULL;
        size_t found = 0;

        for (int i = 1; i < argc; i++) {
                if (streq(argv[i], "--from") && i + 1 < argc)
                        from = argv[++i];
                else if (argv[i][0] != '-' && !target)
                        target = argv[i];
                else
                        target = "";
        }
        if (!target || !*target) {
                fprintf(stderr, "rolewatch explain: name a pid, a container or a task\n");
                return EXIT_USAGE;
        }
        if (facts_get(from, &s) < 0 || judge(s, &v) < 0)
                return EXIT_UNKNOWN;
        for (size_t i = 0; i < v->n_groups; i++) {
                if (!names(v, &v->groups[i], target))
                        continue;
                if (found++ < EXPLAIN_MAX && report_explain(v, i, cli_style(), stdout) < 0)
                        return EXIT_UNKNOWN;
        }
        if (found > EXPLAIN_MAX)
                printf("and %zu more\n", found - EXPLAIN_MAX);
        if (!found)
                fprintf(stderr, "rolewatch explain: no process of a container is named by '%s'\n", target);
        return found ? 0 : EXIT_UNKNOWN;
}
