/* folder -- the *.json files of a folder of settings, in the order of their names. */
#pragma once
#include "rolewatch/base.h"

/*
 * Calls read with each file's bytes and time of change, or fault with why it
 * cannot be read, until one returns other than 0, which is then returned. A
 * `path` that is a file is read itself; one that is not there is empty.
 */
int folder_read(const char *path, size_t max_bytes, size_t max_files,
                int (*read)(void *to, const char *path, const char *text, size_t len, int64_t as_of_s),
                int (*fault)(void *to, const char *path, const char *why), void *to);
