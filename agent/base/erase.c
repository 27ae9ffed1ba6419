/* erase -- memory that may have held a secret is given back empty. */
#include <malloc.h>
#include "rolewatch/base.h"

void erase_free(void *p)
{
        if (p)
                explicit_bzero(p, malloc_usable_size(p));
        free(p);
}

void *erase_realloc(void *p, size_t bytes)
{
        size_t size = p ? malloc_usable_size(p) : 0;
        void *q = malloc(bytes);

        if (!q)
                return NULL;
        if (p)
                memcpy(q, p, size < bytes ? size : bytes);
        erase_free(p);
        return q;
}
