/*
 * kernel_events -- the descriptors of kernel events, which the broker makes once, when it starts, and hands over as often as
 * they are requested. Making them (events_load.c) takes rights that it then gives up for good (rights.c).
 */
#pragma once
#include "rolewatch/broker.h"

/* 0: all descriptors, the caller's; -errno as broker_kernel_events. Blocks for some 200 ms. */
int events_load(int ret[BROKER_EVENTS_PART_MAX]);
/* What its child process does: loads, and sends the descriptors or an error through this socket. */
void events_load_and_send(int sock);
/* Owns the descriptors of fds from then on, or remembers the error with which requests are answered (fds NULL). */
void kernel_events_offer(const int fds[BROKER_EVENTS_PART_MAX], int error);
/*
 * Gives up CAP_BPF and CAP_PERFMON, and has the kernel refuse bpf(2) and perf_event_open(2) to this process and its children
 * from now on, also where another capability would allow them. -errno.
 */
int rights_give_up(void);
