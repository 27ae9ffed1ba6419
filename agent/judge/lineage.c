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
 * launcher only starts others and calls nothing of AWS itself.
 */
struct tool { const char *mechanism; bool launcher; const char *names[6]; };
static const struct tool tools[] = {
        { "lost-cron",    true,  { "cron", "crond", "anacron", "fcron", "atd" } },
        { "lost-sudo",    true,  { "sudo", "doas" } },
        { "lost-su",      true,  { "su", "runuser", "login" } },
        { "lost-sshd",    true,  { "sshd*", "dropbear" } },
        { "lost-php-fpm", false, { "php-fpm*" } },
        { "lost-s6",      true,  { "s6-*" } },
        { "lost-systemd", true,  { "systemd" } },
        { "lost-runit",   true,  { "runsv*", "runit*" } },
        { "lost-nginx",   false, { "nginx", "passenger*" } },
        { "lost-apache",  false, { "apache2", "httpd" } },
        { "lost-service", true,  { "start-stop-daem*", "service", "openrc*", "invoke-rc.d" } },
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

static const struct tool *find_tool(const struct process *p)
{
        for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
                for (const char *const *n = tools[i].names; *n; n++)
                        if (name_matches(*n, p->comm) ||
                            (p->exe && name_matches(*n, arn_name(p->exe))))
                                return &tools[i];
        return NULL;
}

static const char *tool_of(const struct process *p)
{
        const struct tool *t = find_tool(p);

        return t ? t->mechanism : NULL;
}

bool is_launcher(const struct process *p)
{
        const struct tool *t = find_tool(p);

        return t && t->launcher;
}

/* The mechanism where no known program is among the ancestors: by who holds the variable. */
static const char *unnamed_mechanism(const struct judge_index *ix, const struct lineage *lin, int init)
{
        if (lin->last_holder < 0)
                return init < 0 || !has_relative_uri(&ix->s->processes[init]) ? "lost-entrypoint"
                                                                    : "lost-orphan";
        return lin->last_holder == init ? "lost-below-init" : "lost-parent";
}

void lineage_trace(const struct judge_index *ix, int process, struct lineage *ret)
{
        const struct process *all = ix->s->processes;
        struct lineage lin = { .last_holder = -1, .first_without = process };
        const char *between = NULL;
        int parent = index_parent(ix, process);

        for (unsigned depth = 0; parent >= 0 && depth < LINEAGE_MAX; depth++) {
                if (has_relative_uri(&all[parent])) {
                        lin.last_holder = parent;
                        break;
                }
                if (!between)
                        between = tool_of(&all[parent]);
                lin.first_without = parent;
                parent = index_parent(ix, parent);
        }
        if (lin.last_holder >= 0)
                lin.mechanism = tool_of(&all[lin.last_holder]);
        if (!lin.mechanism)
                lin.mechanism = between;
        if (!lin.mechanism)
                lin.mechanism = unnamed_mechanism(ix, &lin, ix->init[all[process].container]);
        *ret = lin;
}
