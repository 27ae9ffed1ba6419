#include <elf.h>
#include "auxv.h"
#include "rolewatch/digest.h"

/* Arguments and environment lie above AT_RANDOM: 6 MiB at most (_STK_LIM / 4 * 3, bprm_stack_limits in the kernel's fs/exec.c). */
#define STACK_STRINGS_MAX ((uint64_t)8 << 20)

/* Without ASLR every stack ends at the top of the address space, a power of two. */
static bool is_random_address(uint64_t address)
{
        uint64_t top = 1;

        while (top && top < address)
                top <<= 1;
        return top - address > STACK_STRINGS_MAX;
}

uint64_t auxv_execution(const char *bytes, size_t len)
{
        uint64_t pair[2], random = 0;
        size_t at = 0;

        for (; at + sizeof pair <= len; at += sizeof pair) {
                memcpy(pair, bytes + at, sizeof pair);
                if (pair[0] == AT_NULL)
                        break;
                if (pair[0] == AT_RANDOM)
                        random = pair[1];
        }
        if (at + sizeof pair > len || !random || !is_random_address(random))
                return 0;
        return digest_of(bytes, at);
}
