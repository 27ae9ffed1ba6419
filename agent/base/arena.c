/*
 * arena -- memory of one look at the host, dropped at once. What counts against
 * the limit is what is really held: whole chunks, and what owners charge.
 */
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include "rolewatch/base.h"

#define ARENA_CHUNK_BYTES ((size_t)64 << 10)
/* From this size on a request gets a chunk of its own, so that at most a quarter is wasted. */
#define ARENA_LARGE_BYTES (ARENA_CHUNK_BYTES / 4)
#define ARENA_ALIGN       ((size_t)16)

struct chunk {
        struct chunk *next;
        alignas(16) unsigned char mem[];
};

struct arena {
        struct chunk *chunks;
        unsigned char *at;             /* free part of the chunk in use */
        size_t left;
        size_t used, limit;
        bool failed;
};

int arena_new(size_t limit_bytes, struct arena **ret)
{
        struct arena *a = calloc(1, sizeof *a);

        if (!a)
                return -ENOMEM;
        a->limit = limit_bytes;
        *ret = a;
        return 0;
}

struct arena *arena_within(void *memory, size_t bytes)
{
        const size_t head = (sizeof(struct arena) + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
        struct arena *a = memory;

        if (bytes < head)
                return NULL;
        *a = (struct arena){ .at = (unsigned char *)memory + head, .left = (bytes - head) & ~(ARENA_ALIGN - 1) };
        return a;
}

void arena_free(struct arena *a)
{
        if (!a)
                return;
        while (a->chunks) {
                struct chunk *c = a->chunks;

                a->chunks = c->next;
                erase_free(c);
        }
        free(a);
}

bool arena_charge(struct arena *a, size_t bytes)
{
        if (bytes > a->limit - a->used) {
                a->failed = true;
                return false;
        }
        a->used += bytes;
        return true;
}

bool arena_failed(const struct arena *a) { return a->failed; }
void arena_fail(struct arena *a) { a->failed = true; }

static unsigned char *chunk_new(struct arena *a, size_t bytes)
{
        struct chunk *c;

        if (bytes > a->limit - a->used)
                return NULL;
        c = calloc(1, sizeof *c + bytes);
        if (!c)
                return NULL;
        c->next = a->chunks;
        a->chunks = c;
        a->used += bytes;
        return c->mem;
}

/* From the chunk in use, or a new one; NULL when full. */
static void *arena_take(struct arena *a, size_t need)
{
        size_t space = a->limit - a->used;
        unsigned char *p;

        if (need > a->left) {
                if (need >= ARENA_LARGE_BYTES)
                        return chunk_new(a, need);
                space = space < ARENA_CHUNK_BYTES ? space & ~(ARENA_ALIGN - 1) : ARENA_CHUNK_BYTES;
                p = need > space ? NULL : chunk_new(a, space);
                if (!p)
                        return NULL;
                a->at = p;
                a->left = space;
        }
        p = a->at;
        a->at += need;
        a->left -= need;
        return p;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
        size_t need = bytes ? (bytes + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1) : ARENA_ALIGN;
        void *p = bytes > SIZE_MAX / 2 ? NULL : arena_take(a, need);

        a->failed = a->failed || !p;
        return p;
}

/* Texts need no alignment: they are taken from the far end of what is free. */
static char *text_alloc(struct arena *a, size_t bytes)
{
        if (bytes > a->left)
                return arena_alloc(a, bytes);
        a->left -= bytes;
        return (char *)a->at + a->left;
}

char *arena_dup(struct arena *a, const char *s)
{
        return s ? arena_dupn(a, s, strlen(s)) : NULL;
}

char *arena_dupn(struct arena *a, const char *s, size_t len)
{
        char *p = s ? text_alloc(a, len < SIZE_MAX ? len + 1 : len) : NULL;

        return p ? memcpy(p, s, len) : NULL;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
        va_list ap;
        char *p;
        int n;

        va_start(ap, fmt);
        n = vsnprintf(NULL, 0, fmt, ap);
        va_end(ap);
        p = text_alloc(a, n < 0 ? SIZE_MAX : (size_t)n + 1);
        if (!p)
                return NULL;
        va_start(ap, fmt);
        vsnprintf(p, (size_t)n + 1, fmt, ap);
        va_end(ap);
        return p;
}

size_t arena_used(const struct arena *a)
{
        return a->used;
}
