/* For MemorySanitizer: cJSON is not instrumented, so what it writes counts as written (calloc) from the start. */
#include <cjson/cJSON.h>
#include "rolewatch/base.h"

static void *zeroed(size_t n) { return calloc(1, n); }

/* After those of base/json.c, by its place in the linker's line (Makefile). */
static __attribute__((constructor)) void hooks(void)
{
        cJSON_InitHooks(&(cJSON_Hooks){ zeroed, erase_free });
}
