#include <time.h>
#include "pause.h"

void net_pause(unsigned ms)
{
        nanosleep(&(struct timespec){ ms / 1000, (long)(ms % 1000) * 1000000 }, NULL);
}
