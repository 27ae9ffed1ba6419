/*
 * archive -- reading tar files where they are: in a file, in a part of one, or compressed. Nothing is unpacked to disk; what is
 * compressed is unpacked into memory, up to a limit.
 */
#pragma once
#include <openssl/sha.h>
#include "archive_library.h"

/* Bytes of a file, whose descriptor is borrowed. */
struct range { int fd; uint64_t offset, size; };
/* -EIO: the file has become shorter; other -errno. */
int range_read(const struct range *r, uint64_t at, void *buf, size_t len);
/* The whole range, NUL-terminated; the caller's. -EFBIG: more than max bytes. */
int range_text(const struct range *r, size_t max, char **ret);
#define SHA256_HEX_SIZE (2 * SHA256_DIGEST_LENGTH + 1)
int range_sha256(const struct range *r, char ret[SHA256_HEX_SIZE]);
/* Do its first bytes say that it is compressed by gzip or zstd? */
bool range_is_compressed(const struct range *r);

/* What may still be unpacked, and kept in memory. Reading from it uses it up. */
struct unpack_budget { uint64_t unpacked, stored; };

/* A tar file being read. Its errors are texts that name the position. */
struct tar;
void tar_free(struct tar *t);
DEFINE_CLEANUP(struct tar *, tar_free)
/* 0 or -errno with the reason in *error. */
int tar_open(const struct range *r, struct unpack_budget *budget, struct text *error, struct tar **ret);
/*
 * The next entry, borrowed until the next call, and the position of its headers in the unpacked tar file. 1; 0: there is none; -errno with the
 * reason in *error. -EFBIG: the budget is used up.
 */
int tar_next(struct tar *t, struct text *error, struct archive_entry **ret, uint64_t *ret_position);
/* The position of the bytes of the entry that was returned last. */
uint64_t tar_data_position(const struct tar *t);
/*
 * After the last entry: the unpacked tar file. *ret_owned is its descriptor, the caller's, if it was compressed, else -1. -EFBIG: it is not
 * kept, since it did not fit in the budget.
 */
int tar_unpacked(struct tar *t, struct range *ret, int *ret_owned);
/* A sealed memory file with the bytes of the entry whose headers are at this position. -EIO: it is not there, or of another size. */
int tar_copy(const struct range *r, uint64_t position, uint64_t size);
/* A sealed memory file with what gzip or zstd compressed. -EFBIG: more than the budget. */
int range_unpack(const struct range *r, struct unpack_budget *budget, struct text *error, struct range *ret);
