/* image -- the files of a container's image, and the programs that it starts, as far as its words and scripts tell. */
#pragma once
#include "plan_internal.h"
#include "rolewatch/limits.h"
#include "rolewatch/process_file.h"

struct image { const char *container, *source; struct broker *broker; };
/* NULL: none is given. */
const struct image *image_of(const struct planning *x, const char *container);
/* Opens what --image names. -EBADMSG or another -errno with the reason in *error. */
int images_open(struct planning *x, struct text *error);
void images_done(struct planning *x);
/* The user "name", "uid", "uid:gid": its IDs and home by /etc/passwd. 1; 0: it has no such user; -ENOMEM. */
int image_user(const struct image *im, const char *user, struct proc_ids *ret_ids, char *ret_home, size_t size);

/* commands.c. A program that a command starts. */
#define COMMAND_BYTES_MAX 4096
struct command_program {
        char name[64];                 /* as the kernel calls it: of a script, the script */
        char exe[PATH_TEXT_MAX];       /* absolute, without links; "": no such file is known */
        char argv[COMMAND_BYTES_MAX];  /* its words, each with its NUL, and one NUL more */
        size_t argv_len;
        bool certain;                  /* by the definition itself, not by a script */
};
#define COMMAND_PROGRAMS_MAX 32
struct command_programs { struct command_program list[COMMAND_PROGRAMS_MAX]; size_t n; bool no_memory; };
/* A list of words, as `entryPoint` and `command` together; the name of what is executed, NULL: as the first word says. */
struct command_words { const char *words[SDK_ARGS_MAX]; size_t n; const char *name; };
/* path: the variable PATH, or NULL. Adds the first program, and those that it starts as far as wrappers and shell scripts tell. */
struct command_request { const struct image *image; const char *path; const struct command_words *words; };
int command_find_programs(const struct command_request *q, struct command_programs *ret);      /* 0 or -ENOMEM */
/* The bytes of a file of the image, up to max, NUL-terminated; the caller's. Their number, or -errno. */
int image_read(const struct image *im, const char *path, size_t max, char **ret);
/*
 * Calls on_file for each regular file of a directory whose name ends so, or for the file `inner` in each of its directories; in no order,
 * at most IMAGE_NAMES_MAX. A missing directory has none. 0 or -ENOMEM.
 */
#define IMAGE_NAMES_MAX 256
#define IMAGE_FILE_MAX ((size_t)64 << 10)        /* scripts and configurations */
struct image_directory {
        const struct image *image;
        const char *path, *suffix, *inner;     /* inner NULL: the files themselves */
        void (*on_file)(void *userdata, const char *path, char *text);
        void *userdata;
};
int image_read_directory(const struct image_directory *q);

/* planned_image.c. The processes of a container whose image is given; number: its position in the definition. 0 or -ENOMEM. */
struct image_container {
        const struct image *image;
        const cJSON *o;
        size_t number;
        int netns, cred;
        struct proc_ids ids;           /* of its user; filled by image_processes */
        char home[512];
};
int image_processes(struct planning *x, struct image_container *c);
/* launchers.c. Lint warnings about programs that start others without the container's environment. 0 or -ENOMEM. */
int launcher_warnings(struct planning *x, const struct image_container *of, const struct command_programs *programs);
