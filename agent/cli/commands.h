/* The command table: what `rolewatch --help`, the completions and the man page are checked against. */
#pragma once
#include "rolewatch/judge.h"

#define EXIT_UNKNOWN 3                 /* could not be judged */
#define EXIT_USAGE 64                  /* EX_USAGE of sysexits.h */

struct command {
        const char *name, *args, *help;
        int (*run)(int argc, char **argv);     /* argv[0] is the command's name; an exit status */
};
extern const struct command commands[];
extern const size_t n_commands;

int cmd_check(int argc, char **argv);
int cmd_explain(int argc, char **argv);
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
/* Prints the JSON in one line; the document is freed. An exit status of 0 or EXIT_UNKNOWN. */
int json_print(cJSON *j, const char *path);
