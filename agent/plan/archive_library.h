/*
 * archive_library -- libarchive, loaded when an image is an archive: the daemon and its child processes read none.
 *
 * The declarations are those of archive.h and archive_entry.h, libarchive 3, so that building needs no headers of it. They are defined in
 * archive_library.c: they pass their arguments on to the library.
 */
#pragma once
#include <sys/stat.h>
#include "rolewatch/base.h"

#define ARCHIVE_LIBRARY "libarchive.so.13"

struct archive;
struct archive_entry;
typedef ssize_t archive_read_callback(struct archive *, void *userdata, const void **ret);
typedef int64_t archive_skip_callback(struct archive *, void *userdata, int64_t bytes);
typedef int archive_open_callback(struct archive *, void *userdata);
typedef int archive_close_callback(struct archive *, void *userdata);

#define ARCHIVE_EOF 1
#define ARCHIVE_OK 0
#define ARCHIVE_WARN (-20)             /* of an entry that can be used, such as one whose name is not in the locale */
#define ARCHIVE_FATAL (-30)

struct archive *archive_read_new(void);
int archive_read_support_filter_gzip(struct archive *a);
int archive_read_support_filter_zstd(struct archive *a);
int archive_read_support_format_raw(struct archive *a);
int archive_read_support_format_tar(struct archive *a);
int archive_read_open2(struct archive *a, void *userdata, archive_open_callback *on_open, archive_read_callback *on_read, archive_skip_callback *on_skip,
                       archive_close_callback *on_close);
int archive_read_next_header(struct archive *a, struct archive_entry **ret);
int64_t archive_read_header_position(struct archive *a);
int64_t archive_filter_bytes(struct archive *a, int filter);
ssize_t archive_read_data(struct archive *a, void *buf, size_t size);
int archive_read_free(struct archive *a);
const char *archive_error_string(struct archive *a);
const char *archive_entry_pathname(struct archive_entry *e);
const char *archive_entry_hardlink(struct archive_entry *e);
const char *archive_entry_symlink(struct archive_entry *e);
mode_t archive_entry_mode(struct archive_entry *e);
int64_t archive_entry_size(struct archive_entry *e);
int64_t archive_entry_uid(struct archive_entry *e);
int64_t archive_entry_gid(struct archive_entry *e);

/* To be called before any of them. It loads libarchive once per process. -ELIBACC: it cannot be loaded; *error says why, and how to install it. */
int archive_library_load(struct text *error);
/* For tests: loads the library of that name in its place. */
int archive_library_load_from(const char *name, struct text *error);
