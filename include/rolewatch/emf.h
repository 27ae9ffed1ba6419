/*
 * emf -- the metrics of a look for the CloudWatch agent, in the Embedded Metric
 * Format. The agent has the rights and the connection; rolewatch needs neither.
 */
#pragma once
#include "rolewatch/notice.h"

/* One line, with its end; cluster NULL: "unknown". -EINVAL: a name beyond what CloudWatch takes. */
struct emf_names { const char *namespace, *cluster, *log_group; };
int emf_line(const struct metrics *m, const struct emf_names *names, int64_t now_ms, struct text *to);

/*
 * The agent's socket: "udp:127.0.0.1:25888" or "tcp:127.0.0.1:25888", numeric, IPv6 in
 * brackets; or "stdout", from where a log driver takes the lines. Never blocks. What TCP does not take is kept for the next call, the
 * newest EMF_PENDING_MAX bytes of it; what is dropped is counted.
 */
#define EMF_PENDING_MAX ((size_t)64 << 10)
struct emf_sink;
int emf_open(const char *address, struct emf_sink **ret);     /* -EINVAL: not of that form; -ENOMEM */
void emf_close(struct emf_sink *s);                           /* NULL ok */
DEFINE_CLEANUP(struct emf_sink *, emf_close)
/*
 * One line with its end. 0: all is sent; 1: some is kept; -errno: nobody took it. With
 * TCP it is kept then; with UDP it is this line or, -ECONNREFUSED, the one before.
 */
int emf_send(struct emf_sink *s, const struct text *line);
