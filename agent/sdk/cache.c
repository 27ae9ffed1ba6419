/*
 * What was read of a file once, under its inode, size and both times. The
 * device is left out: each container's overlay is a device of its own, while
 * the inode and times are those of the image's layer below.
 */
#include "cache.h"

#define SLOTS 512

struct sdk_cache_slot {
        uint64_t put;                  /* number of the put that filled it; 0: the slot is free */
        enum sdk_format format;
        uint64_t inode, size;
        struct timespec changed, modified;
        struct sdk_set set;
};
struct sdk_cache {
        uint64_t puts;
        struct sdk_cache_slot slots[SLOTS];
};

int sdk_cache_new(struct sdk_cache **ret)
{
        struct sdk_cache *c = calloc(1, sizeof *c);

        if (!c)
                return -ENOMEM;
        *ret = c;
        return 0;
}

void sdk_cache_free(struct sdk_cache *c) { free(c); }

static struct sdk_cache_slot *slot_at(struct sdk_cache *c, enum sdk_format format, uint64_t inode)
{
        uint64_t h = inode * 0x9e3779b97f4a7c15u + (uint64_t)format;

        return &c->slots[(h ^ h >> 32) % SLOTS];
}

static bool same_time(struct timespec a, struct timespec b)
{
        return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

const struct sdk_set *sdk_cache_get(struct sdk_cache *c, enum sdk_format format, const struct stat *st)
{
        const struct sdk_cache_slot *s = slot_at(c, format, (uint64_t)st->st_ino);
        bool same = s->put && s->format == format && s->inode == st->st_ino &&
                    s->size == (uint64_t)st->st_size && same_time(s->changed, st->st_ctim) &&
                    same_time(s->modified, st->st_mtim);

        return same ? &s->set : NULL;
}

void sdk_cache_put(struct sdk_cache *c, enum sdk_format format, const struct stat *st,
                   const struct sdk_set *set)
{
        *slot_at(c, format, (uint64_t)st->st_ino) = (struct sdk_cache_slot){ .put = ++c->puts, .format = format,
                                                 .inode = st->st_ino, .size = (uint64_t)st->st_size,
                                                 .changed = st->st_ctim, .modified = st->st_mtim,
                                                 .set = *set };
}

uint64_t sdk_cache_puts(const struct sdk_cache *c) { return c->puts; }

int sdk_cache_export(const struct sdk_cache *c, uint64_t since, struct arena *a, struct sdk_cache_export *ret)
{
        struct sdk_cache_export x = { 0 };

        for (size_t i = 0; i < SLOTS; i++)
                x.n += c->slots[i].put > since;
        x.slots = arena_alloc(a, (x.n + 1) * sizeof *x.slots);
        if (!x.slots)
                return -ENOMEM;
        for (size_t i = 0, n = 0; i < SLOTS; i++)
                if (c->slots[i].put > since)
                        x.slots[n++] = c->slots[i];
        *ret = x;
        return 0;
}

void sdk_cache_import(struct sdk_cache *c, const struct sdk_cache_export *x)
{
        for (size_t i = 0; i < x->n; i++) {
                struct sdk_cache_slot *s = slot_at(c, x->slots[i].format, x->slots[i].inode);

                *s = x->slots[i];
                s->put = ++c->puts;
        }
}
