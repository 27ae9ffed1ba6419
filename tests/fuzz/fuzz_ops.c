/* Requests that reach the broker, of this process or none. fuzz: max_len=1048 */
#include <fcntl.h>
#include <sys/stat.h>
#include "../../agent/broker/wire.h"
#include "rolewatch/io.h"
#include "fuzz.h"

static uint64_t own_ticks(void)
{
        static uint64_t ticks;
        struct proc_stat st;
        char buf[1024];
        ssize_t n;

        if (ticks)
                return ticks;
        CLEANUP(closep) int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
        n = read(fd, buf, sizeof buf - 1);
        CLAIM(n > 0);
        buf[n] = '\0';
        CLAIM(proc_stat_parse(buf, (size_t)n, &st) == 0);
        return ticks = st.start_ticks;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct wire_request q = { 0 };
        bool of_host;
        struct stat st;
        int r;

        memcpy(&q, data, size < sizeof q ? size : sizeof q);
        /* Nobody else's process is opened: its own, with its true start or another, or none. */
        if (q.pid > 0)
                q.pid = q.pid % 2 ? getpid() : 0x7fffffff;
        if (q.start_ticks % 2)
                q.start_ticks = own_ticks();
        of_host = q.op == BROKER_KERNEL_EVENTS || q.op == BROKER_CONTAINER_LOG;
        r = ops_check(&q);
        CLAIM(r == 0 || r == -EINVAL);
        if (r == 0)
                CLAIM(q.magic == WIRE_MAGIC && q.version == WIRE_VERSION && q.op < BROKER_OP_MAX && (of_host ? q.pid == 0 : q.pid > 0) &&
                      !q.path[BROKER_PATH_MAX - 1]);
        CLEANUP(closep) int fd = ops_run(&q);
        CLAIM((r == 0) || fd == -EINVAL);
        if (fd < 0)
                return 0;
        CLAIM(of_host || (q.start_ticks == own_ticks() && q.pid == getpid()));
        CLAIM(fcntl(fd, F_GETFD) & FD_CLOEXEC);
        CLAIM(fstat(fd, &st) == 0);
        if (q.op == BROKER_FILE)
                CLAIM(S_ISREG(st.st_mode) && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
        return 0;
}
