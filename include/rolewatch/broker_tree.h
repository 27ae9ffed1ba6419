/* broker_tree -- a broker whose files are those below a directory, for images that no process runs yet. Of the room broker. */
#pragma once
#include "rolewatch/broker.h"

/*
 * Every target has the directory as its root, and `current` as its current directory, a path in it with or without its first slash. Links
 * never lead out of it. Only broker_file and broker_directory are served; the others are -ENOENT. -errno: the directory cannot be opened.
 */
int broker_tree(const char *directory, const char *current, struct broker **ret);
/* The path without links of an executable regular file, as a process there would see it. -EACCES: it is none; -errno as broker_file. */
int broker_tree_find(const struct broker *b, const char *path, char *ret, size_t size);
