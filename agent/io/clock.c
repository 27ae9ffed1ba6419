#include <time.h>
#include "rolewatch/io.h"

/* Not time(2): its clock may be a tick behind, and a file that was just written would be of the future. */
int64_t clock_wall_s(void)
{
        struct timespec t = { 0 };

        clock_gettime(CLOCK_REALTIME, &t);
        return t.tv_sec;
}

static struct timespec monotonic(void)
{
        struct timespec t = { 0 };

        clock_gettime(CLOCK_MONOTONIC, &t);
        return t;
}

int64_t clock_monotonic_s(void) { return monotonic().tv_sec; }

int64_t clock_monotonic_ms(void) { return (int64_t)(clock_monotonic_us() / 1000); }

uint64_t clock_monotonic_us(void)
{
        struct timespec t = monotonic();

        return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}
