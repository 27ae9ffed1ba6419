/*
 * event_record -- what the kernel's side (agent/broker/events.bpf.c) writes into the ring for each event, in the byte order of
 * the host. The head has a fixed size; of an execution three texts follow it. Of the room broker.
 */
#pragma once
#include <linux/types.h>

enum event_kind { EVENT_EXEC = 1, EVENT_CONNECT };
/* Of CONNECT: port 80 of 169.254.170.2, or of 169.254.169.254 or fd00:ec2::254. */
enum event_endpoint { EVENT_CONTAINER_ENDPOINT = 1, EVENT_IMDS };

#define EVENT_COMM_MAX 16              /* TASK_COMM_LEN */
#define EVENT_GROUP_MAX 128            /* the name of a control group, with its NUL */
#define EVENT_AUXV_MAX 512             /* the kernel keeps some 400 bytes */
#define EVENT_ARGUMENTS_MAX 1024       /* of the command line; a longer one is cut */
#define EVENT_ENTRY_MAX 512            /* of one variable, with its NUL; a longer one is cut */
#define EVENT_ENVIRONMENT_MAX 8192     /* of all variables that are kept */
#define EVENT_READS_MAX 512            /* variables that are looked through, or parts of EVENT_ENTRY_MAX bytes */
#define EVENT_NAME_MAX 48              /* of a variable that is kept, with its '=' */
#define EVENT_PATH_MAX 128             /* of the executable, with its NUL; a longer one is cut */

/* The environment was not looked through to its end, or what was found in it had no space. */
#define EVENT_FLAG_CUT 1u
/* The process was forked and has executed no program since: it runs its parent's. */
#define EVENT_FLAG_FORKED 2u

struct event_record {
        __u32 kind, flags;
        __s32 pid, ppid;               /* of processes, in the broker's pid namespace; ppid 0: not in it */
        __u64 at_ns;                   /* CLOCK_MONOTONIC */
        __u64 start_ns, parent_start_ns;       /* since boot; /proc/PID/stat has them in clock ticks */
        __u64 exe_inode, exe_changed_s;        /* of the executable: its inode, and when that changed */
        __u32 exe_device, exe_changed_ns;
        __u32 endpoint;                /* of CONNECT */
        __u32 arguments_whole;         /* length of the command line, of which arguments_len bytes are here */
        __u32 auxv_len, arguments_len, environment_len;
        __u32 uid, gid;                /* effective, in the initial user namespace */
        __u32 netns_inode;
        char comm[EVENT_COMM_MAX];
        char group[EVENT_GROUP_MAX];   /* the outermost control group that may be a container's, by its name */
        char path[EVENT_PATH_MAX];     /* of EXEC: the executable, as the process named it; of a script, its interpreter */
};
_Static_assert(sizeof(struct event_record) == 368, "struct event_record must have no padding");

/* auxv, arguments, environment: the last as "NAME=value", each with its NUL. */
#define EVENT_TEXT_MAX (EVENT_AUXV_MAX + EVENT_ARGUMENTS_MAX + EVENT_ENVIRONMENT_MAX)

/* Of the ring; a power of two of pages. An execution takes about 1 KB. */
#define EVENT_RING_BYTES (1u << 19)

/* The one element of an array that both sides map. */
struct event_control {
        __u64 dropped;                 /* records that found no space in the ring */
        __u32 active;                  /* set by the reader; until then nothing is recorded */
        __u32 zero;
};
