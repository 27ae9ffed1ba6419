/* See waker.h. An eventfd stands for work that no descriptor of the kernel knows of. */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include "rolewatch/base.h"
#include "waker.h"

int waker_open(struct waker *w)
{
        int r = 0;

        *w = (struct waker)WAKER_NONE;
        w->epoll = epoll_create1(EPOLL_CLOEXEC);
        w->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (w->epoll < 0 || w->event < 0)
                r = -errno;
        else
                r = waker_add(w, w->event);
        if (r < 0)
                waker_close(w);
        return r;
}

void waker_close(struct waker *w)
{
        closep(&w->epoll);
        closep(&w->event);
        *w = (struct waker)WAKER_NONE;
}

int waker_add(struct waker *w, int fd)
{
        struct epoll_event e = { .events = EPOLLIN };

        return epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

void waker_more(struct waker *w, bool more)
{
        uint64_t n = 1;
        ssize_t r = more ? write(w->event, &n, sizeof n) : read(w->event, &n, sizeof n);

        (void)r;       /* full: it is set; empty: it is not */
}
