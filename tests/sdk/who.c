/* Prints the SDKs of a running process as rolewatch recognizes them: "js2 2.1693.0". Contacts nothing. */
#include <fcntl.h>
#include <stdio.h>
#include "../../agent/sdk/found.h"
#include "rolewatch/io.h"
#include "rolewatch/sdk.h"

static int recognize_process(const struct file_view *v, int fd, struct sdk_cache *cache, struct process *p)
{
        CLEANUP(freep) char *argv = NULL;
        char path[64], exe[4096];
        ssize_t n;
        size_t len;
        int r;

        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        n = fd < 0 ? -1 : readlink(path, exe, sizeof exe - 1);
        if (n < 0)
                return -ENOENT;
        exe[n] = '\0';
        p->exe = exe;
        snprintf(path, sizeof path, "/proc/%d/cmdline", (int)v->t.pid);
        r = read_file(&(struct file_request){ .dir = AT_FDCWD, .path = path, .max_bytes = 1 << 20 }, &argv, &len);
        if (r == 0)
                r = sdk_recognize(&(struct sdk_program){ v, fd, { argv, len } }, cache, p);
        for (size_t i = 0; r == 0 && i < p->n_sdks; i++)
                printf("%s%s%s\n", p->sdks[i].name, p->sdks[i].version ? " " : "",
                       p->sdks[i].version ? p->sdks[i].version : "");
        return r;
}

/* A file in place of a process: what its bytes say. */
static int recognize_file(const char *path)
{
        CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        struct sdk_set set = { 0 };
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0 || sdk_scan_executable(fd, (uint64_t)st.st_size, &set) < 0)
                return 1;
        for (size_t i = 0; i < set.n; i++)
                printf("%s%s%s\n", set.found[i].sdk, set.found[i].version[0] ? " " : "",
                       set.found[i].version);
        return 0;
}

int main(int argc, char **argv)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(sdk_cache_freep) struct sdk_cache *cache = NULL;
        CLEANUP(freep) char *stat = NULL;
        CLEANUP(closep) int exe = -1;
        struct file_view v = { 0 };
        struct process p = { 0 };
        struct proc_stat st;
        char path[64];
        size_t len;

        if (argc == 2 && strchr(argv[1], '/'))
                return recognize_file(argv[1]);
        if (argc != 2 || arena_new(1 << 20, &a) < 0 || broker_local(&b) < 0 || sdk_cache_new(&cache) < 0)
                return 2;
        v = (struct file_view){ .a = a, .b = b, .t = { .pid = atoi(argv[1]) } };
        snprintf(path, sizeof path, "/proc/%d/stat", (int)v.t.pid);
        if (read_file(&(struct file_request){ .dir = AT_FDCWD, .path = path, .max_bytes = 4096 }, &stat, &len) < 0 || proc_stat_parse(stat, len, &st) < 0)
                return 1;
        v.t.start_ticks = st.start_ticks;
        exe = broker_exe(b, v.t);
        return recognize_process(&v, exe, cache, &p) == 0 ? 0 : 1;
}
