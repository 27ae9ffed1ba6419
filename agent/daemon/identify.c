#include <assert.h>
#include "identify.h"

/* The requests of each; one place of the broker's queue is left for others. */
#define REQUESTS 3
#define UNDER_WAY_MAX ((BROKER_QUEUE_MAX - 1) / REQUESTS)

struct under_way {
        struct identifier *of;
        struct process_event event;
        struct identity id;
        struct identity_files files;
        unsigned awaited;              /* answers; 0: the slot is free */
};
struct identifier {
        const struct collect_settings *cs;
        struct broker_link *link;
        struct identified_handler to;
        struct under_way list[UNDER_WAY_MAX];
};

int identifier_new(const struct collect_settings *cs, struct broker_link *link, struct identified_handler to, struct identifier **ret)
{
        struct identifier *x = calloc(1, sizeof *x);

        if (!x)
                return -ENOMEM;
        x->cs = cs;
        x->link = link;
        x->to = to;
        *ret = x;
        return 0;
}

void identifier_free(struct identifier *x)
{
        for (size_t i = 0; x && i < UNDER_WAY_MAX; i++)
                if (x->list[i].awaited) {
                        closep(&x->list[i].files.auxv);
                        closep(&x->list[i].files.environ);
                }
        free(x);
}

static void answered(struct under_way *u)
{
        CLEANUP(closep) int auxv_fd = -1, environ_fd = -1, exe_fd = -1;
        int r;

        assert(u->awaited > 0);
        if (--u->awaited)
                return;
        auxv_fd = u->files.auxv;
        environ_fd = u->files.environ;
        exe_fd = u->files.exe;
        r = environ_fd == -EPIPE ? -EPIPE : identity_finish(u->of->cs, &u->id, &u->files);
        u->of->to.fn(u->of->to.userdata, &u->event, &u->id, r);
}

static void on_auxv(void *userdata, int result)
{
        struct under_way *u = userdata;

        u->files.auxv = result;
        answered(u);
}

static void on_environ(void *userdata, int result)
{
        struct under_way *u = userdata;

        u->files.environ = result;
        answered(u);
}

static void on_exe(void *userdata, int result)
{
        struct under_way *u = userdata;

        u->files.exe = result;
        answered(u);
}

static void identify_request(struct under_way *u, enum broker_op op, broker_answer_fn fn)
{
        const struct broker_request rq = { .op = op, .target = { u->id.pid, u->id.start_ticks } };
        int r = broker_link_request(u->of->link, &rq, fn, u);

        if (r < 0)
                fn(u, r == -ENOMEM ? r : -EPIPE);
}

static struct under_way *slot_free(struct identifier *x)
{
        for (size_t i = 0; i < UNDER_WAY_MAX; i++)
                if (!x->list[i].awaited)
                        return &x->list[i];
        return NULL;
}

size_t identifier_free_slots(const struct identifier *x)
{
        size_t n = 0;

        for (size_t i = 0; i < UNDER_WAY_MAX; i++)
                n += !x->list[i].awaited;
        return n;
}

int identify(struct identifier *x, const struct process_event *ev)
{
        struct under_way *u;
        struct identity id;
        int r = identity_begin(x->cs, ev->pid, &id);

        if (r == 0 && id.start_ticks != ev->start_ticks)
                return -ESRCH;
        if (r == -ENODATA) {
                x->to.fn(x->to.userdata, ev, &(struct identity){ .pid = ev->pid }, r);
                return 0;
        }
        u = r == 0 ? slot_free(x) : NULL;
        if (!u)
                return r < 0 ? r : -EAGAIN;
        *u = (struct under_way){ .of = x, .event = *ev, .id = id, .files = { -1, -1, -1 }, .awaited = REQUESTS };
        identify_request(u, BROKER_AUXV, on_auxv);
        identify_request(u, BROKER_ENVIRON, on_environ);
        identify_request(u, BROKER_EXE, on_exe);
        return 0;
}
