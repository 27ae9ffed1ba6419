/* image -- the files of a container's image, and the programs that it starts, as far as its words and scripts tell. */
#pragma once
#include "plan_internal.h"
#include "rolewatch/limits.h"
#include "rolewatch/process_file.h"

struct image_archive;
struct image {
        const char *container, *source;
        struct broker *broker;
        struct image_archive *archive; /* NULL: an unpacked tree, which has no configuration */
        const cJSON *config;           /* NULL: none */
        const char *defaults;          /* what the definition does not say and the configuration does, escaped; NULL: nothing */
};
/* NULL: none is given. */
const struct image *image_of(const struct planning *x, const char *container);
/* Opens what --image names. -EBADMSG or another -errno with the reason in *error. */
int images_open(struct planning *x, struct text *error);
void images_done(struct planning *x);
/* The user "name", "uid", "uid:gid": its IDs and home by /etc/passwd. 1; 0: it has no such user; -ENOMEM. */
int image_user(const struct image *im, const char *user, struct proc_ids *ret_ids, char *ret_home, size_t size);

/* planned_environment.c. The value of a variable, by the definition or else by the image; NULL: not set, or not known. Borrowed. */
const char *image_variable(const struct image *im, const cJSON *container, const char *name);

/* command_words.c. */
/* A list of words, as `entryPoint` and `command` together; the name of what is executed, NULL: as the first word says. */
struct command_words { const char *words[SDK_ARGS_MAX]; size_t n; const char *name; };
#define WORD_UNKNOWN ""                 /* stands for a reference of a template */
/* Stands for a program whose name is not known. */
#define MAIN_PROGRAM "main program"
extern const char environment_by_script[];
void environment_unknown(struct environment_change *c, const char *why);       /* the first reason counts */
/* Variables that no chain reads are left out. The last assignment counts. */
void environment_assign(struct environment_change *c, const char *name, size_t len, const char *value);
/* [""]: not even the image's counts, and the command has the program (moby, daemon.mergeAndVerifyConfig). */
bool entrypoint_is_reset(const cJSON *container);
struct command_words command_words_of(const cJSON *container);                 /* borrowed */
struct command_words words_after(const struct command_words *w, size_t skipped);
/*
 * What a wrapper does: its static name, the words before what it executes, the user that it changes to and the PATH that it sets (NULL:
 * none), borrowed.
 */
struct wrapper { const char *name; size_t skipped; const char *user, *path; struct environment_change change; };
/* ret->change is added to. False: it is none, or executes nothing. */
bool wrapper_find(const struct command_words *w, struct wrapper *ret);
bool text_names_variable(const char *text);    /* does a word of it have the name of a variable that counts? */
bool is_shell(const char *name);
/* The position of a shell's first operand, which may be w->n: with -c a script itself, else the path of one. */
size_t shell_operand(const struct command_words *w, bool *ret_text);
/* A simple command of a script: its plain words, up to the first that has quotes or expansions. */
struct shell_command {
        struct command_words words;
        const char *source;            /* the file that `.` reads, "": it is not known which; NULL: none */
        bool own, lasting;             /* it sets or removes variables that count: for itself, for what follows it */
};
void shell_command_read(char *segment, struct shell_command *ret);             /* cuts the segment */
/* What the words alone tell of the environment of a container's program: wrappers, and the script of -c. */
void command_changes(const cJSON *container, struct environment_change *ret);

/* commands.c. A program that a command starts. */
#define COMMAND_BYTES_MAX 4096
struct command_program {
        char name[64];                 /* as the kernel calls it: of a script, the script */
        char exe[PATH_TEXT_MAX];       /* absolute, without links; "": no such file is known */
        char argv[COMMAND_BYTES_MAX];  /* its words, each with its NUL, and one NUL more */
        size_t argv_len;
        bool certain;                  /* by the definition itself, not by a script */
        struct environment_change change;
        struct proc_ids ids; bool ids_set;     /* of the user that a wrapper changed to */
};
#define COMMAND_PROGRAMS_MAX 32
#define COMMAND_LOOKUPS_MAX 4096       /* paths that are tried, and pages of files that are read */
struct command_programs {
        struct command_program list[COMMAND_PROGRAMS_MAX]; size_t n;
        const char *unresolved;        /* no executable follows the options of this wrapper; static; NULL: none is missing */
        bool cut, no_memory;           /* a limit was reached */
};
/* Docker's. */
#define IMAGE_PATH_DEFAULT "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
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
int image_read_directory(struct image_directory *q);

/* planned_image.c. The processes of a container whose image is given; number: its position in the definition. 0 or -ENOMEM. */
struct image_container {
        const struct image *image;
        const cJSON *o;
        size_t number;
        int netns, cred;
        struct proc_ids ids;           /* of its user; filled by image_processes, as the next two */
        char home[512];
        bool user_assumed;
};
int image_processes(struct planning *x, struct image_container *c);
/* launchers.c. Lint warnings about programs that start others without the container's environment. 0 or -ENOMEM. */
int launcher_warnings(struct planning *x, const struct image_container *of, const struct command_programs *programs);
