#include "collect_internal.h"

bool key_id_valid(const char *s)
{
        size_t n = strlen(s);

        return n >= 16 && n <= 128 && text_is(s, n, "_");
}
