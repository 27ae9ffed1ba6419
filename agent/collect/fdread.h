/* fdread -- bounded reading of what the broker or /proc hands over. */
#pragma once
#include "rolewatch/base.h"

/* All of it, NUL-terminated. -EFBIG more than max bytes; other -errno. The caller owns *ret. */
int fd_slurp(int fd, size_t max, char **ret, size_t *ret_len);
/* The same of a file in a directory descriptor, for the small files of /proc. */
int file_slurp(int dir, const char *name, size_t max, char **ret, size_t *ret_len);
