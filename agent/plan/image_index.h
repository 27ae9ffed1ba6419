/*
 * image_index -- the files of an image, from the entries of its layers, as the container will see them: what a later layer replaces or
 * removes (whiteouts, OCI image layer specification) is gone, links are followed within the image, and no name leads out of it. Pure.
 */
#pragma once
#include <sys/types.h>
#include "rolewatch/base.h"

enum index_type {
        INDEX_NONE,                    /* removed */
        INDEX_DIRECTORY, INDEX_FILE, INDEX_LINK,
        INDEX_HARD_LINK,               /* of entries only */
        INDEX_OTHER,                   /* devices, FIFOs, sockets */
        INDEX_UNKNOWN,                 /* a hard link to what is not there */
};
/* What an entry, or a file of the image, is: position and size of its bytes in the layer that has them. */
struct index_file { enum index_type type; mode_t mode; uid_t uid; gid_t gid; uint64_t size, position; unsigned layer; };
struct index_entry {
        const char *path, *target;     /* as the layer spells them; target: of links */
        struct index_file file;        /* its layer is filled in */
};
struct index_node {
        struct index_node *parent, *child, *sibling;   /* child: NULL if it is no directory */
        struct index_file file;
        const char *target;            /* INDEX_LINK */
        unsigned layer;                /* the last one that has an entry for it */
        unsigned hidden;               /* the last layer that hid what lower ones have below it */
        unsigned depth;
        uint64_t below;                /* the number under which its children are found; another one once it was emptied */
        uint64_t in;                   /* that of its parent */
        char name[];
};

struct image_index;
int index_new(struct image_index **ret);               /* -ENOMEM */
void index_free(struct image_index *ix);               /* NULL ok */
DEFINE_CLEANUP(struct image_index *, index_free)
/* Entries that are added from now on are of the next layer, from 0. */
void index_layer_begin(struct image_index *ix);
/*
 * -EINVAL: the path has no name; -ELOOP, -ENAMETOOLONG, -ENOTDIR: its directory cannot be made; -E2BIG: more than IMAGE_ENTRIES_MAX, or
 * paths that take too many steps; -ENOMEM.
 */
int index_add(struct image_index *ix, const struct index_entry *e);
/* What a path names, from the root, links followed; borrowed. -ENOENT, -ENOTDIR, -ELOOP, -ENAMETOOLONG. */
int index_find(struct image_index *ix, const char *path, const struct index_node **ret);
/* Its path without links. -ENAMETOOLONG. */
int index_path(const struct index_node *node, char *buf, size_t size);
