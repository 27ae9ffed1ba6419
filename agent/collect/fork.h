/* fork -- from a process to its parent: which one it is, and whether a program was executed in between. */
#pragma once
#include "process.h"

/* A process on the way up, and the directory of it in /proc. */
struct step { struct broker_target target; pid_t parent; int container; char comm[64]; };
/* container -1: none of the snapshot. -errno: it has ended. */
int step_read(const struct reader *rd, pid_t pid, struct step *ret);
/* 1; 0: another program was executed, or that cannot be told; -ENOMEM. */
int is_fork(struct reader *rd, struct broker_target child, struct broker_target parent);
