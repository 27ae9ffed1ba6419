#include <time.h>
#include "rolewatch/io.h"

int64_t clock_wall_s(void) { return (int64_t)time(NULL); }

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
