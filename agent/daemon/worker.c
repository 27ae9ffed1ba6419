#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "rolewatch/net.h"
#include "worker.h"

/* Reserved, not held: of shared memory only the pages that the child has written count. */
#define SHARED_BYTES ((size_t)64 << 20)

struct shared { void *result; int error; };
struct worker {
        struct worker_task task;
        struct shared *shared;
        sd_event_source *child, *deadline;
        pid_t pid;                     /* 0: it has been waited for */
};

static size_t head_bytes(void) { return (sizeof(struct shared) + 15) & ~(size_t)15; }

static int on_sigchld(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
        (void)source;
        (void)info;
        (void)userdata;
        return 0;
}

int workers_prepare(sd_event *event)
{
        sigset_t children;
        int r;

        sigemptyset(&children);
        sigaddset(&children, SIGCHLD);
        sigprocmask(SIG_BLOCK, &children, NULL);
        r = sd_event_add_signal(event, NULL, SIGCHLD, on_sigchld, NULL);
        return r < 0 ? r : 0;
}

static void signals_reset(void)
{
        sigset_t none;

        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGPIPE, SIG_IGN);
}

/* exit, not _exit: what instruments a program writes its results there. Nothing of the daemon's waits in stdio. */
static _Noreturn void child_main(struct worker *w, pid_t parent)
{
        char *memory = (char *)w->shared + head_bytes();
        struct arena *out = arena_within(memory, SHARED_BYTES - head_bytes());

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
                exit(EXIT_FAILURE);
        signals_reset();
        w->shared->error = out ? w->task.run(w->task.userdata, out, &w->shared->result) : -ENOMEM;
        exit(EXIT_SUCCESS);
}

/* A crash has no error of its own: it looks like a failure of input or output. */
static int error_of(const struct worker *w, const siginfo_t *info)
{
        if (info->si_code != CLD_EXITED || info->si_status != EXIT_SUCCESS)
                return info->si_code == CLD_KILLED && info->si_status == SIGALRM ? -ETIMEDOUT : -EIO;
        return w->shared->error;
}

const char *worker_error_to_string(int error)
{
        static const struct { int error; const char *text; } rows[] = {
                { -EIO,       "the child process ended unexpectedly" },
                { -ETIMEDOUT, "timed out" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                if (rows[i].error == error)
                        return rows[i].text;
        return net_error_to_string(error);
}

static int on_child(sd_event_source *source, const siginfo_t *info, void *userdata)
{
        struct worker *w = userdata;
        int error = error_of(w, info);

        (void)source;
        w->pid = 0;
        w->task.done(w->task.userdata, error, error < 0 ? NULL : w->shared->result);
        return 0;
}

/* SIGALRM: a word for "took too long" that no other end of the child has. */
static int worker_on_deadline(sd_event_source *source, uint64_t us, void *userdata)
{
        struct worker *w = userdata;

        (void)source;
        (void)us;
        if (w->pid > 0)
                kill(w->pid, SIGALRM);
        return 0;
}

static int worker_sources_add(struct worker *w, sd_event *event)
{
        int r = sd_event_add_child(event, &w->child, w->pid, WEXITED, on_child, w);

        if (r >= 0)
                r = sd_event_add_time_relative(event, &w->deadline, CLOCK_MONOTONIC, (uint64_t)w->task.limit_s * 1000000, 100000,
                                               worker_on_deadline, w);
        if (r >= 0)
                (void)sd_event_source_set_description(w->child, w->task.name);
        return r < 0 ? r : 0;
}

int worker_start(sd_event *event, const struct worker_task *task, struct worker **ret)
{
        CLEANUP(worker_freep) struct worker *w = calloc(1, sizeof *w);
        pid_t parent = getpid();
        int r;

        if (!w)
                return -ENOMEM;
        w->task = *task;
        w->shared = mmap(NULL, SHARED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (w->shared == MAP_FAILED) {
                w->shared = NULL;
                return -errno;
        }
        fflush(NULL);
        w->pid = fork();
        if (w->pid == 0)
                child_main(w, parent);
        if (w->pid < 0) {
                w->pid = 0;
                return -errno;
        }
        r = worker_sources_add(w, event);
        if (r < 0)
                return r;
        *ret = TAKE(w);
        return 0;
}

void worker_free(struct worker *w)
{
        if (!w)
                return;
        sd_event_source_disable_unref(w->child);
        sd_event_source_disable_unref(w->deadline);
        if (w->pid > 0) {
                kill(w->pid, SIGKILL);
                while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
                        ;
        }
        if (w->shared)
                munmap(w->shared, SHARED_BYTES);
        free(w);
}
