/* The command table: `rolewatch help` prints it, rolewatch(1) and the completions are written from it. */
#pragma once
#include <stdio.h>
#include "rolewatch/judge.h"

#define EXIT_UNKNOWN 3                 /* could not be judged */
#define EXIT_USAGE 64                  /* EX_USAGE of sysexits.h */

struct command {
        const char *name, *args, *help;
        int (*run)(int argc, char **argv);     /* argv[0] is the command's name; an exit status */
};
extern const struct command commands[];
extern const size_t n_commands;
/* What an option means, wherever the arguments of a command have it. */
struct option_help { const char *name, *help; };
extern const struct option_help option_helps[];
extern const size_t n_option_helps;

int help_print(FILE *out);             /* 0 */
int cmd_help(int argc, char **argv);

int cmd_check(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_snapshot(int argc, char **argv);
int cmd_chains(int argc, char **argv);
int cmd_decode(int argc, char **argv);
int cmd_roles(int argc, char **argv);
int cmd_watch(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_config(int argc, char **argv);
int cmd_findings(int argc, char **argv);
int cmd_bundle(int argc, char **argv);
int cmd_needs(int argc, char **argv);
int cmd_policy(int argc, char **argv);

/*
 * Facts for a command: of this host, or of a saved snapshot (NULL: this host).
 * What went wrong, and what cannot be seen, goes to stderr. 0 or -errno.
 */
int facts_get(const char *from, struct snapshot **ret);
/* Root's own, or the one of the socket; NULL with a word to stderr. */
struct broker *broker_get(void);
/* A regular file of at most SNAPSHOT_LIMIT_BYTES, whole; the caller's. -errno. */
int file_read(const char *path, char **ret, size_t *ret_len);
struct report_style;
struct report_style cli_style(void);
/*
 * A new file that only its owner reads, also where one of that name was there before; a FIFO, a device or another
 * user's file is refused. The caller closes it.
 */
int private_open(const char *path, FILE **ret);
/* Prints the JSON in one line; the document is freed. An exit status of 0 or EXIT_UNKNOWN. */
int json_print(cJSON *j, const char *path);
