#include "wire.h"

bool wire_zero(const char *p, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (p[i])
                        return false;
        return true;
}

bool wire_path_empty(const struct wire_request *q) { return wire_zero(q->path, sizeof q->path); }
