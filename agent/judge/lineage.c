/*
 * How a process lost the variable. A process has it only if every exec from the
 * container's first process on passed it. The ancestors are followed upward to the
 * nearest that has the variable, the last holder; its child on that path is the
 * first without.
 */
#include <strings.h>
#include "judge_internal.h"

/*
 * Programs that start others with a new environment. Names are compared without
 * case; a '*' at the end matches any rest. The kernel cuts a name to 15 bytes. A
 * launcher only starts others and calls nothing of AWS itself; of the rest, which are
 * servers, the main process starts only workers that have its name, or another of the
 * row. restores: what it starts can have the variable from a copy that was saved when
 * the container started, so that its remedy helps where the first process lost it.
 */
struct tool { const char *mechanism; bool launcher, restores; const char *names[6]; };
static const struct tool tools[] = {
        { "lost-cron",    true,  true,  { "cron", "crond", "anacron", "fcron", "atd" } },
        { "lost-sudo",    true,  false, { "sudo", "doas" } },
        { "lost-su",      true,  false, { "su", "runuser", "login" } },
        { "lost-sshd",    true,  true,  { "sshd*", "dropbear" } },
        { "lost-php-fpm", false, false, { "php-fpm*" } },
        { "lost-s6",      true,  true,  { "s6-*" } },
        { "lost-systemd", true,  false, { "systemd" } },
        { "lost-runit",   true,  true,  { "runsv*", "runit*" } },
        { "lost-nginx",   false, false, { "nginx", "openresty", "angie", "passenger*" } },
        { "lost-apache",  false, false, { "apache2", "httpd", "passenger*" } },
        { "lost-service", true,  false, { "start-stop-daem*", "service", "openrc*", "invoke-rc.d" } },
};

static bool name_matches(const char *pattern, const char *name)
{
        size_t len = strlen(pattern);

        if (!name)
                return false;
        if (pattern[len - 1] == '*')
                return strncasecmp(pattern, name, len - 1) == 0;
        return strcasecmp(pattern, name) == 0;
}

static bool tool_is(const struct tool *t, const struct process *p)
{
        for (const char *const *n = t->names; *n; n++)
                if (name_matches(*n, p->comm) || (p->exe && name_matches(*n, arn_name(p->exe))))
                        return true;
        return false;
}

static const struct tool *find_tool(const struct process *p)
{
        for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
                if (tool_is(&tools[i], p))
                        return &tools[i];
        return NULL;
}

bool is_launcher(const struct process *p)
{
        const struct tool *t = find_tool(p);

        return t && t->launcher;
}

/*
 * Is the child another program than the main process of a server starts? An entrypoint's shell started it before it
 * executed the server, or its own parent has ended: either way, the server is only its parent now.
 */
static bool is_started_by_another(const struct judge_index *ix, int parent, int child)
{
        const struct process *all = ix->s->processes;
        const struct tool *t = find_tool(&all[parent]);
        int above = index_parent(ix, parent);

        return t && !t->launcher && !tool_is(t, &all[child]) && (above < 0 || !tool_is(t, &all[above]));
}

/* Nobody holds the variable. Whether the first process, which may have overwritten it, was started with it is not always known. */
static const char *nobodys_mechanism(const struct process *init)
{
        if (!init || has_relative_uri(init))
                return "lost-orphan";
        return env_known(init) || init->without_uri ? "lost-entrypoint" : "lost-unknown";
}

/* The mechanism where no known program is among the ancestors: by who holds the variable. */
static const char *unnamed_mechanism(const struct judge_index *ix, const struct lineage *lin, int init)
{
        if (lin->last_holder < 0)
                return nobodys_mechanism(init < 0 ? NULL : &ix->s->processes[init]);
        return lin->last_holder == init || lin->started_by_another ? "lost-below-init" : "lost-parent";
}

/* The programs between the last holder and a process, from the process upward. */
struct between { const struct tool *first, *restores; };

/* A server that is known to be without it lost nothing: it was started so. */
static void between_add(struct between *b, const struct process *p)
{
        const struct tool *t = find_tool(p);

        if (t && !t->launcher && env_known(p))
                return;
        if (t && !b->first)
                b->first = t;
        if (t && t->restores && !b->restores)
                b->restores = t;
}

void lineage_trace(const struct judge_index *ix, int process, struct lineage *ret)
{
        const struct process *all = ix->s->processes;
        struct lineage lin = { .last_holder = -1, .first_without = process };
        const struct tool *t = NULL;
        struct between between = { NULL, NULL };
        int parent = index_parent(ix, process), init = ix->init[all[process].container];

        for (unsigned depth = 0; parent >= 0 && depth < LINEAGE_MAX; depth++) {
                if (has_relative_uri(&all[parent])) {
                        lin.last_holder = parent;
                        break;
                }
                between_add(&between, &all[parent]);
                lin.first_without = parent;
                parent = index_parent(ix, parent);
        }
        lin.started_by_another = lin.last_holder >= 0 && is_started_by_another(ix, lin.last_holder, lin.first_without);
        if (lin.last_holder >= 0 && !lin.started_by_another)
                t = find_tool(&all[lin.last_holder]);
        /* What a program of the first process's could pass on, it does not have either. */
        if (!t)
                t = lin.last_holder < 0 && lin.first_without == init ? between.restores : between.first;
        lin.mechanism = t ? t->mechanism : unnamed_mechanism(ix, &lin, init);
        *ret = lin;
}
