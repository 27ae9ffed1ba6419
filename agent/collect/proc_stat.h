/* proc_stat -- the fields of /proc/PID/stat and /proc/PID/status that count. Pure. */
#pragma once
#include <sys/types.h>
#include "limits.h"
#include "rolewatch/base.h"

struct proc_stat { pid_t ppid; char state; uint64_t start_ticks; const char *comm; size_t comm_len; };
/* comm points into buf: it stands between the first '(' and the last ')'. -EBADMSG. */
int proc_stat_parse(const char *buf, size_t len, struct proc_stat *ret);

struct proc_ids { uid_t uid; gid_t gid; gid_t groups[GROUPS_MAX]; size_t n_groups; };
/* Effective uid and gid, and the supplementary groups. -EBADMSG. */
int proc_ids_parse(const char *buf, struct proc_ids *ret);
