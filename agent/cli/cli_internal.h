/* cli_internal -- what the commands share: exit statuses, facts, output, errors. */
#pragma once
#include <stdio.h>
#include "command.h"
#include "rolewatch/judge.h"

#define EXIT_UNKNOWN 3                 /* could not be judged */
#define EXIT_USAGE 64                  /* EX_USAGE of sysexits.h */

/* "rolewatch COMMAND: MESSAGE" on stderr. EXIT_UNKNOWN, for `return command_error(a, ...)`. */
int command_error(const struct arguments *a, const char *format, ...) PRINTF(2, 3);
/*
 * Facts for a command: of this host, or of a saved snapshot (from; NULL: this host). Errors, and what is not visible, go
 * to stderr. 0 or -errno.
 */
int facts_get(const struct arguments *a, const char *from, struct snapshot **ret);
/* The same, judged. *ret_facts outlives *ret. */
int verdicts_get(const struct arguments *a, const char *from, struct snapshot **ret_facts, struct verdicts **ret);
/*
 * facts_read.c. Facts that another process has collected: of a file; and of rolewatch-snapshot.socket, which scans for each
 * connection. -EBADMSG: not a snapshot; -ENODATA: the scan ended without one; -ETIMEDOUT; other -errno.
 */
#define SNAPSHOT_SOCKET_PATH "/run/rolewatch/snapshot.sock"
int facts_from_file(const char *path, struct snapshot **ret);
int facts_request(const char *path, int *ret);         /* a descriptor, the caller's, for facts_receive */
int facts_receive(int fd, struct snapshot **ret);
/*
 * The daemon's settings. An exit status: 0 without errors in them, else EXIT_CONFIG with a line for each on stderr; *ret is
 * set wherever they could be read.
 */
struct config;
int settings_get(const struct arguments *a, const char *file, struct config **ret);
struct report_style;
struct report_style cli_style(void);
/*
 * A new file that only its owner can read, even if one of that name exists; a FIFO, a device or another
 * user's file is refused. The caller closes it.
 */
int private_open(const char *path, FILE **ret);
/* Of private_open and of writing: "cannot write PATH: ..." on stderr; path NULL: standard output. EXIT_UNKNOWN. */
int output_error(const struct arguments *a, const char *path, int error);
/* Prints the JSON in one line, to a private file or (path NULL) to standard output; the document is freed. 0 or EXIT_UNKNOWN. */
int json_print(const struct arguments *a, cJSON *j, const char *path);
