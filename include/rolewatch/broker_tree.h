/* broker_tree -- a broker whose files are those below a directory, or in an archive, for images that no process runs yet. Of the room broker. */
#pragma once
#include <sys/stat.h>
#include "rolewatch/broker.h"

/*
 * Every target has the directory as its root, and `current` as its current directory, a path in it with or without its first slash. Links
 * never lead out of it. Only broker_file and broker_directory are served; the others are -ENOENT. -errno: the directory cannot be opened.
 */
int broker_tree(const char *directory, const char *current, struct broker **ret);
/* Calls on_name for the names in a directory, in no order, at most max, until it returns non-zero, which is then returned. */
struct broker_names {
        const char *path;
        size_t max;
        int (*on_name)(void *userdata, const char *name);
        void *userdata;
};
/* Who has the files of a tree. Paths are absolute; links never lead out of it. Errors as broker_file and broker_directory. */
struct broker_tree_files {
        int (*open)(void *userdata, const char *path, struct stat *ret);       /* a descriptor; *ret: mode and owner */
        int (*find)(void *userdata, const char *path, char *ret, size_t size); /* as broker_tree_find */
        int (*names)(void *userdata, const char *path, const struct broker_names *q);
};
/* The same with the files of a caller, whose userdata outlives it. broker_directory is -EOPNOTSUPP. */
int broker_tree_of(const struct broker_tree_files *files, void *userdata, const char *current, struct broker **ret);
/* The path without links of an executable regular file, as a process there would see it. -EACCES: it is none; -errno as broker_file. */
int broker_tree_find(const struct broker *b, const char *path, char *ret, size_t size);

/* For any broker: of the file in an archive that was opened last, mode and owner there, in place of those of its copy. Returns st. */
const struct stat *broker_tree_owner(const struct broker *b, struct stat *st);
/* 0, what on_name returned, or -errno as broker_directory. */
int broker_directory_read(struct broker *b, struct broker_target t, const struct broker_names *q);
