/* waker -- one descriptor for a reader's own ones, that stays readable while work is left. */
#pragma once
#include <stdbool.h>

struct waker { int epoll, event; };
#define WAKER_NONE { -1, -1 }
int waker_open(struct waker *w);       /* -errno */
void waker_close(struct waker *w);
int waker_add(struct waker *w, int fd);        /* readable: w is, too. -errno */
void waker_more(struct waker *w, bool more);
