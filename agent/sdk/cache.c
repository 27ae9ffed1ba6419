/*
 * What was read of a file once, under its inode, size and both times. The
 * device is left out: each container's overlay is a device of its own, while
 * the inode and times are those of the image's layer below.
 */
#include "cache.h"

#define SLOTS 512

struct slot {
        bool used;
        enum sdk_format format;
        uint64_t inode, size;
        struct timespec changed, modified;
        struct sdk_set set;
};
struct sdk_cache {
        struct slot slots[SLOTS];
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

static struct slot *slot_of(struct sdk_cache *c, enum sdk_format format, const struct stat *st)
{
        uint64_t h = (uint64_t)st->st_ino * 0x9e3779b97f4a7c15u + (uint64_t)format;

        return &c->slots[(h ^ h >> 32) % SLOTS];
}

static bool same_time(struct timespec a, struct timespec b)
{
        return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

const struct sdk_set *sdk_cache_get(struct sdk_cache *c, enum sdk_format format, const struct stat *st)
{
        const struct slot *s = slot_of(c, format, st);
        bool same = s->used && s->format == format && s->inode == st->st_ino &&
                    s->size == (uint64_t)st->st_size && same_time(s->changed, st->st_ctim) &&
                    same_time(s->modified, st->st_mtim);

        return same ? &s->set : NULL;
}

void sdk_cache_put(struct sdk_cache *c, enum sdk_format format, const struct stat *st,
                   const struct sdk_set *set)
{
        *slot_of(c, format, st) = (struct slot){ .used = true, .format = format,
                                                 .inode = st->st_ino, .size = (uint64_t)st->st_size,
                                                 .changed = st->st_ctim, .modified = st->st_mtim,
                                                 .set = *set };
}
