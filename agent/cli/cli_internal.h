/* cli_internal -- what the commands share: exit statuses, facts, output. */
#pragma once
#include <stdio.h>
#include "rolewatch/judge.h"

#define EXIT_UNKNOWN 3                 /* could not be judged */
#define EXIT_USAGE 64                  /* EX_USAGE of sysexits.h */

/*
 * Facts for a command: of this host, or of a saved snapshot (NULL: this host).
 * What went wrong, and what cannot be seen, goes to stderr. 0 or -errno.
 */
int facts_get(const char *from, struct snapshot **ret);
struct report_style;
struct report_style cli_style(void);
/*
 * A new file that only its owner reads, also where one of that name was there before; a FIFO, a device or another
 * user's file is refused. The caller closes it.
 */
int private_open(const char *path, FILE **ret);
/* Prints the JSON in one line; the document is freed. An exit status of 0 or EXIT_UNKNOWN. */
int json_print(cJSON *j, const char *path);
