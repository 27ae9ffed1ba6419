#include <stdio.h>
#include "record.h"
#include "rolewatch/model.h"

#define TICK_NS 10000000u              /* USER_HZ is 100 on every Linux that there are packages for */

/* The record has the group's name; that is a path of one part. */
static void container_parse(const char *group, struct kernel_event *e)
{
        struct cgroup_location location;
        char line[EVENT_GROUP_MAX + 8];
        int n = snprintf(line, sizeof line, "0::/%.*s", EVENT_GROUP_MAX - 1, group);

        if (cgroup_parse(line, (size_t)n, &location))
                memcpy(e->container, location.container, sizeof e->container);
}

/* In the record itself, which the event borrows. Empty: it may be cut. */
static struct span path_parse(const char *path)
{
        size_t len = strnlen(path, EVENT_PATH_MAX);

        return (struct span){ path, len < EVENT_PATH_MAX - 1 ? len : 0 };
}

/*
 * Does the kernel's side have all that is kept of each variable? What fills its buffer may be longer. Of a secret only
 * its presence counts.
 */
static bool entries_are_whole(struct span block)
{
        for (size_t at = 0; at < block.len;) {
                const char *entry = block.s + at;
                size_t n = strnlen(entry, block.len - at), name = strcspn(entry, "=");
                int var = name < n ? env_find(entry, name) : -ENOENT;

                if (n + 1 >= EVENT_ENTRY_MAX && var >= 0 && env_class((enum env_var)var) != ENV_SECRET)
                        return false;
                at += n + 1;
        }
        return true;
}

static int texts_parse(const struct event_record *r, struct span texts, struct kernel_event *e)
{
        const char *s = texts.s;

        if (r->auxv_len > EVENT_AUXV_MAX || r->arguments_len > EVENT_ARGUMENTS_MAX || r->environment_len > EVENT_TEXT_MAX ||
            (size_t)r->auxv_len + r->arguments_len + r->environment_len > texts.len)
                return -EBADMSG;
        e->auxv = (struct span){ s, r->auxv_len };
        e->arguments = (struct span){ s += r->auxv_len, r->arguments_len };
        e->environment = (struct span){ s += r->arguments_len, r->environment_len };
        if (e->environment.len && s[e->environment.len - 1] != '\0')
                return -EBADMSG;
        e->arguments_whole = r->arguments_len == r->arguments_whole;
        e->environment_whole = !(r->flags & EVENT_FLAG_CUT) && entries_are_whole(e->environment);
        e->uid = r->uid;
        e->gid = r->gid;
        e->netns_inode = r->netns_inode;
        e->executable = (struct event_executable){ r->exe_inode, (int64_t)r->exe_changed_s, r->exe_device, r->exe_changed_ns };
        return 0;
}

int event_record_parse(const void *record, size_t len, struct kernel_event *ret)
{
        struct kernel_event e = { .kind = EVENT_EXEC };
        struct event_record r;

        if (len < sizeof r)
                return -EBADMSG;
        memcpy(&r, record, sizeof r);
        if (r.pid <= 0 || r.ppid < 0 || (r.kind != EVENT_EXEC && r.kind != EVENT_CONNECT))
                return -EBADMSG;
        if (r.kind == EVENT_CONNECT && r.endpoint != EVENT_CONTAINER_ENDPOINT && r.endpoint != EVENT_IMDS)
                return -EBADMSG;
        e.kind = (enum event_kind)r.kind;
        e.endpoint = r.kind == EVENT_CONNECT ? (enum event_endpoint)r.endpoint : 0;
        e.pid = r.pid;
        e.ppid = r.ppid;
        e.start_ticks = r.start_ns / TICK_NS;
        e.parent_start_ticks = r.parent_start_ns / TICK_NS;
        e.at_ns = r.at_ns;
        e.forked = r.flags & EVENT_FLAG_FORKED;
        memcpy(e.comm, r.comm, sizeof r.comm);
        container_parse(r.group, &e);
        if (r.kind == EVENT_EXEC)
                e.path = path_parse((const char *)record + offsetof(struct event_record, path));
        if (r.kind == EVENT_EXEC && texts_parse(&r, (struct span){ (const char *)record + sizeof r, len - sizeof r }, &e) < 0)
                return -EBADMSG;
        *ret = e;
        return 0;
}
