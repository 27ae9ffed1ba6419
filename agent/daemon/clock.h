/* clock -- the daemon's clocks. */
#pragma once
#include <stdint.h>
#include <time.h>

static inline uint64_t now_us(void)    /* CLOCK_MONOTONIC */
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static inline int64_t now_s(void) { return (int64_t)time(NULL); }
