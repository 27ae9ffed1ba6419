/* An eventfd represents work that is left without a readable descriptor. */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include "rolewatch/io.h"

int wake_fd_open(struct wake_fd *w)
{
        int r = 0;

        *w = (struct wake_fd)WAKE_FD_NONE;
        w->epoll = epoll_create1(EPOLL_CLOEXEC);
        w->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (w->epoll < 0 || w->event < 0)
                r = -errno;
        else
                r = wake_fd_add(w, w->event);
        if (r < 0)
                wake_fd_close(w);
        return r;
}

void wake_fd_close(struct wake_fd *w)
{
        closep(&w->epoll);
        closep(&w->event);
        *w = (struct wake_fd)WAKE_FD_NONE;
}

int wake_fd_add(struct wake_fd *w, int fd)
{
        struct epoll_event e = { .events = EPOLLIN };

        return epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

void wake_fd_more(struct wake_fd *w, bool more)
{
        uint64_t n = 1;
        ssize_t r = more ? write(w->event, &n, sizeof n) : read(w->event, &n, sizeof n);

        (void)r;       /* full: it is set; empty: it is not */
}
