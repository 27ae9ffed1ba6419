#include <stdio.h>
#include "proc_stat.h"

int proc_stat_parse(const char *buf, size_t len, struct proc_stat *ret)
{
        const char *open = memchr(buf, '(', len), *close = memrchr(buf, ')', len);
        struct proc_stat st = { 0 };
        unsigned long long start;
        int ppid;

        if (!open || !close || close < open)
                return -EBADMSG;
        /* Fields 3 (state), 4 (ppid) and 22 (start), proc(5). */
        if (sscanf(close + 1, " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                   &st.state, &ppid, &start) != 3)
                return -EBADMSG;
        st.ppid = ppid;
        st.start_ticks = start;
        st.comm = open + 1;
        st.comm_len = (size_t)(close - open - 1);
        *ret = st;
        return 0;
}

/* "Uid:\treal\teffective\tsaved\tfs" */
static bool effective(const char *buf, const char *name, unsigned *ret)
{
        const char *line = strstr(buf, name);

        return line && sscanf(line + strlen(name), "%*u %u", ret) == 1;
}

int proc_ids_parse(const char *buf, struct proc_ids *ret)
{
        struct proc_ids ids = { 0 };
        const char *line = strstr(buf, "\nGroups:");
        unsigned uid, gid;
        int used;

        if (!effective(buf, "\nUid:", &uid) || !effective(buf, "\nGid:", &gid))
                return -EBADMSG;
        ids.uid = uid;
        ids.gid = gid;
        for (line = line ? line + 8 : ""; ids.n_groups < GROUPS_MAX && *line != '\n' &&
             sscanf(line, " %u%n", &gid, &used) == 1 && !memchr(line, '\n', (size_t)used); line += used)
                ids.groups[ids.n_groups++] = gid;
        *ret = ids;
        return 0;
}
