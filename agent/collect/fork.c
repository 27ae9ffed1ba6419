#include <inttypes.h>
#include <stdio.h>
#include "fork.h"
#include "rolewatch/cgroup.h"
#include "rolewatch/digest.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

#define STACK_GUARD_MAX ((uint64_t)64 << 10)    /* a page, of up to 64 KiB */

int step_read(const struct reader *rd, pid_t pid, struct step *ret)
{
        CLEANUP(freep) char *text = NULL;
        char path[32], id[CONTAINER_ID_LEN + 1];
        struct proc_stat st;
        size_t len;
        int r;

        snprintf(path, sizeof path, "%d", (int)pid);
        CLEANUP(closep) int dir = openat(rd->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (dir < 0)
                return -errno;
        r = read_file(&(struct file_request){ .dir = dir, .path = "stat", .max_bytes = PROC_TEXT_MAX }, &text, &len);
        if (r == 0)
                r = proc_stat_parse(text, len, &st);
        if (r < 0)
                return r;
        *ret = (struct step){ { pid, st.start_ticks }, st.ppid, -1, "" };
        snprintf(ret->comm, sizeof ret->comm, "%.*s", (int)st.comm_len, st.comm);
        r = process_container(dir, id);
        for (size_t i = 0; r == 0 && i < rd->x->s->n_containers; i++)
                if (streq(rd->x->s->containers[i].id, id))
                        ret->container = (int)i;
        return r == -ENOENT ? 0 : r;
}

/*
 * Without ASLR (personality, kernel.randomize_va_space=0) every stack ends at the top of the address space, a power of
 * two less a guard. Source: randomize_stack_top() in the kernel's mm/util.c, and STACK_TOP of x86 and arm64.
 */
static bool is_random(uint64_t stack_end)
{
        uint64_t top = 1;

        while (top && top < stack_end)
                top <<= 1;
        return top - stack_end > STACK_GUARD_MAX;
}

/* "7ffd15213000-7ffd15234000 rw-p 00000000 00:00 0   [stack]"; a file of that name has an inode. 0: another line. */
static uint64_t stack_line_end(const char *line)
{
        uint64_t end, inode;

        return sscanf(line, "%*x-%" SCNx64 " %*s %*x %*s %" SCNu64, &end, &inode) == 2 && inode == 0 ? end : 0;
}

/* -ENOMEM; *ret stays as it is where the text names no program or no stack. */
static int layout_parse(char *text, struct layout *ret)
{
        const char *program = strchr(text, '/');
        char *next = text, *line;

        if (!program)
                return 0;
        while (program > text && program[-1] != '\n')
                program--;
        ret->program = digest_of(program, strcspn(program, "\n"));
        while (!ret->stack_end && (line = strstr(next, " [stack]\n"))) {
                next = line + strlen(" [stack]\n");
                next[-1] = '\0';
                while (line > text && line[-1] != '\n')
                        line--;
                ret->stack_end = stack_line_end(line);
        }
        return ret->program ? 0 : -ENOMEM;
}

/* All zero where it cannot be read. */
static int layout_read(struct reader *rd, struct broker_target t, struct layout *ret)
{
        CLEANUP(freep) char *text = NULL;
        CLEANUP(closep) int fd = broker_maps(rd->x->at.broker, t);
        size_t len = 0;
        int r = fd < 0 ? fd : read_fd(fd, MAPS_MAX, &text, &len);

        *ret = (struct layout){ 0 };
        rd->recovered += len;
        if (r < 0)
                return r == -ENOMEM ? r : 0;
        return layout_parse(text, ret);
}

int is_fork(struct reader *rd, struct broker_target child, struct broker_target parent)
{
        struct layout own, *of_parent = &rd->parent_layout;
        int r = layout_read(rd, child, &own);

        if (r == 0 && (rd->parent.pid != parent.pid || rd->parent.start_ticks != parent.start_ticks)) {
                r = layout_read(rd, parent, of_parent);
                rd->parent = parent;
                if (r < 0)
                        rd->parent.pid = 0;
        }
        if (r < 0)
                return r;
        return own.program && own.program == of_parent->program && own.stack_end == of_parent->stack_end && is_random(own.stack_end);
}
