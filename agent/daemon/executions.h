/*
 * executions -- the last execution of each program, as the kernel recorded it: for a verdict on the program when the process
 * has ended. Bounded: what was executed longest ago goes first. No I/O.
 */
#pragma once
#include "rolewatch/collect.h"

#define EXECUTIONS_MAX 512             /* 150 KiB */

struct executions;
int executions_new(struct executions **ret);                   /* -ENOMEM */
void executions_free(struct executions *x);                    /* NULL ok */
void executions_put(struct executions *x, uint64_t digest, const struct executed *e);
/* By the digest of the program; borrowed until the next put. NULL: none. */
const struct executed *executions_find(const struct executions *x, uint64_t digest);
