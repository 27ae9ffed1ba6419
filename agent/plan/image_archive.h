/* image_archive -- an image that a tool wrote into a tar file or an OCI layout: its configuration, and its files as the container will see them. */
#pragma once
#include "image_manifest.h"
#include "rolewatch/broker_tree.h"

struct image_archive;
/* Is it one of the two? Else it is the directory of an unpacked tree, or nothing. */
bool path_is_archive(const char *path);
/* 0, or -errno with the reason in *error, which does not name the path. */
int image_archive_open(const char *path, const struct manifest_request *q, struct text *error, struct image_archive **ret);
void image_archive_free(struct image_archive *a);      /* NULL ok */
DEFINE_CLEANUP(struct image_archive *, image_archive_free)
/* Its files; the archive is the userdata. -EFBIG: a file is too large, or of a layer that is not kept in memory. */
extern const struct broker_tree_files image_archive_files;
/* Was a file refused by -EFBIG? */
bool image_archive_unread(const struct image_archive *a);
/* Borrowed; text is not escaped. config: the member of this name, an object whose members have the right types, or NULL. */
const cJSON *image_archive_config(const struct image_archive *a);
const char *image_archive_platform(const struct image_archive *a);     /* "linux/amd64" */
