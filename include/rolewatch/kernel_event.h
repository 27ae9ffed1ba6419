/* kernel_event -- an execution or a connection of a process, as the kernel recorded it at that moment. Of the room broker. */
#pragma once
#include "rolewatch/base.h"
#include "rolewatch/cgroup.h"
#include "rolewatch/event_record.h"

/* Which file a program is: another one in its place has another inode, and a change of it another time. */
struct event_executable { uint64_t inode; int64_t changed_s; uint32_t device, changed_ns; };

struct kernel_event {
        enum event_kind kind;
        enum event_endpoint endpoint;  /* of CONNECT */
        pid_t pid, ppid;               /* not of threads; in rolewatch's pid namespace; ppid 0: in another one */
        uint64_t start_ticks, parent_start_ticks;      /* as in field 22 of /proc/PID/stat */
        uint64_t at_ns;                /* CLOCK_MONOTONIC */
        bool forked;                   /* it has executed no program itself */
        char container[CONTAINER_ID_LEN + 1];          /* "": in none */
        char comm[EVENT_COMM_MAX + 1]; /* untrusted, not escaped */
        /* Of EXEC; the texts are borrowed from the record. */
        uid_t uid;                     /* effective */
        gid_t gid;
        uint64_t netns_inode;
        struct event_executable executable;
        struct span path;              /* of the executable, untrusted, as the process named it; empty: too long */
        struct span auxv, arguments, environment;      /* of the environment, the variables of the chain table */
        bool arguments_whole, environment_whole;       /* false: the text is cut */
};
