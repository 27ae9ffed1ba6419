/* image_layers -- the files of tar files that lie over each other: the layers of an image, or the one tar file that holds an image. */
#pragma once
#include "archive.h"
#include "image_index.h"

struct image_layers {
        struct image_index *index;
        struct layer { struct range range; int owned; bool read; } *list;  /* unpacked; owned: -1 or its descriptor; read: its bytes are at hand */
        size_t n;
        struct unpack_budget budget;
};
int layers_begin(struct image_layers *l, size_t max);  /* -ENOMEM */
void layers_done(struct image_layers *l);
/* The next layer; the descriptor of the range is borrowed until layers_done. -errno with the reason in *error. */
int layers_add(struct image_layers *l, const struct range *r, struct text *error);
/*
 * A sealed memory file with the bytes of a regular file, links followed. -EINVAL: it is something else; -EFBIG: it is too large, or its layer
 * is not kept in memory; -EIO; else as index_find. *ret: what the layer says of it.
 */
int layers_open(struct image_layers *l, const char *path, struct index_file *ret);
/* Where the bytes of a regular file are. Of layers that are not compressed. Errors as above. */
int layers_locate(struct image_layers *l, const char *path, struct range *ret);
