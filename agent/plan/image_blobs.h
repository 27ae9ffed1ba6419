/* image_blobs -- the parts of an image by their names: in a tar file that may be compressed, or in the directory of an OCI layout. */
#pragma once
#include "image_layers.h"
#include "rolewatch/broker.h"

struct image_blobs {
        struct text *error;            /* where reasons go; borrowed */
        struct image_layers outer;     /* of a tar file */
        struct broker *directory;      /* NULL: a tar file */
        int fd, unpacked;              /* of the tar file, and what it was compressed from; -1 */
        int *opened; size_t n_opened;  /* of files of the directory */
};
/* Opens a tar file or a directory. -errno with the reason in *error. */
int blobs_open(struct image_blobs *b, const char *path, struct text *error);
void blobs_done(struct image_blobs *b);
bool blobs_have(struct image_blobs *b, const char *name);
/*
 * Where a blob is, until blobs_done. One that has its SHA-256 in its name (blobs/sha256/...) is compared with it; *ret_checked: whether it was
 * (NULL: not needed). -EBADMSG: it is another; other -errno; with the reason in b->error.
 */
int blob_find(struct image_blobs *b, const char *name, struct range *ret, bool *ret_checked);
/* Does a blob have that SHA-256, in hexadecimal? -EBADMSG with the reason. */
int blob_check(struct image_blobs *b, const char *name, const struct range *r, const char *sha256);
/* A blob that is JSON, the caller's. -EBADMSG: it is not, or not an object or list; -EFBIG; as blob_find. */
int blob_json(struct image_blobs *b, const char *name, cJSON **ret);
/* Adds "NAME: TEXT" to the reason, the name escaped. */
void blob_wrong(struct image_blobs *b, const char *name, const char *format, ...) PRINTF(3, 4);

/* Members of such a blob. What has the wrong type, or is missing though it is required, sets r to -EBADMSG, and the reason. */
struct blob_page { struct image_blobs *blobs; const char *name; int r; };
enum page_kind { PAGE_TEXT, PAGE_TEXTS, PAGE_OBJECT, PAGE_OBJECTS };
const cJSON *page_member(struct blob_page *p, const cJSON *o, const char *key, enum page_kind kind);
const cJSON *page_required(struct blob_page *p, const cJSON *o, const char *key, enum page_kind kind);
/* NULL: it has none, or an empty one. */
const char *page_text(struct blob_page *p, const cJSON *o, const char *key);
