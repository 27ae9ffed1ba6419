/*
 * events.bpf -- records executions and connections where they happen, in the kernel: with what the process has at that
 * moment, so that nothing is lost of one that ends at once. Compiled for the kernel's BPF machine; events_object.S embeds it.
 *
 * A process is recorded if the name of one of its control groups can be that of a container, and a connection if it is to
 * an endpoint that gives credentials. Of an environment, the variables of the chain table are kept (the map `names`). A loop
 * keeps its state in a map, not in registers, so that the verifier finds one state per turn and gets through.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "rolewatch/event_record.h"

char LICENSE[] SEC("license") = "GPL";

/* ---- the kernel's structs, as far as they are read here; the loader puts in the offsets of the running kernel (CO-RE) ---- */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct ns_common { unsigned int inum; };
struct pid_namespace { struct ns_common ns; };
struct upid { int nr; struct pid_namespace *ns; };
struct pid { unsigned int level; struct upid numbers[1]; };
struct signal_struct { struct pid *pids[4]; };
struct kernfs_node { const char *name; };
struct cgroup;
struct cgroup_subsys_state { struct cgroup *cgroup; struct cgroup_subsys_state *parent; };
struct cgroup { struct cgroup_subsys_state self; struct kernfs_node *kn; };
struct css_set { struct cgroup_subsys_state *subsys[16]; struct cgroup *dfl_cgrp; };
struct super_block { unsigned int s_dev; };
struct timespec64 { long long tv_sec; long tv_nsec; };
struct inode { struct super_block *i_sb; unsigned long i_ino; struct timespec64 i_ctime; };
struct inode___since_6_6 { struct timespec64 __i_ctime; };
struct inode___since_6_11 { long long i_ctime_sec; unsigned int i_ctime_nsec; };
struct file { struct inode *f_inode; };
struct linux_binprm { struct file *file; const char *interp; };
typedef struct { unsigned int val; } kuid_t;
typedef struct { unsigned int val; } kgid_t;
struct cred { kuid_t euid; kgid_t egid; };
struct net { struct ns_common ns; };
struct nsproxy { struct net *net_ns; };
struct mm_struct { unsigned long arg_start, arg_end, env_start, env_end, saved_auxv[1]; };
struct task_struct {
        unsigned int flags;
        unsigned long long start_boottime;
        char comm[EVENT_COMM_MAX];
        struct task_struct *real_parent, *group_leader;
        struct signal_struct *signal;
        struct css_set *cgroups;
        struct mm_struct *mm;
        const struct cred *cred;
        struct nsproxy *nsproxy;
};
struct in6_addr { unsigned char bytes[16]; };
struct sock_common { unsigned short skc_family, skc_dport; unsigned int skc_daddr; struct in6_addr skc_v6_daddr; };
struct sock { struct sock_common __sk_common; };
enum cgroup_subsys_id { pids_cgrp_id = 1 };
#pragma clang attribute pop

struct ipv6 { __u32 words[4]; };

#define PIDTYPE_TGID 1                 /* enum pid_type, since Linux 4.19 */
#define PF_FORKNOEXEC 0x40
#define NANOSECONDS 0x3fffffff         /* since 6.13 there is a flag above them (I_CTIME_QUERIED) */
#define TCP_SYN_SENT 2
#define AF_INET 2
#define AF_INET6 10
#define GROUP_LEVELS_MAX 12            /* control groups, from the process's own upward */
#define PID_LEVELS_MAX 8               /* pid namespaces */
#define ID_LEN 64                      /* of a container's ID */
#define SCOPE_LEN 6                    /* ".scope" */

/* ---- maps and settings ---- */

/* The inode of the pid namespace in whose numbers processes are named. */
const volatile __u32 pid_namespace_inode = 0;

struct {
        __uint(type, BPF_MAP_TYPE_RINGBUF);
        __uint(max_entries, EVENT_RING_BYTES);
} ring SEC(".maps");

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(map_flags, BPF_F_MMAPABLE);
        __uint(max_entries, 1);
        __type(key, __u32);
        __type(value, struct event_control);
} control SEC(".maps");

/* "NAME=" of each variable that is kept. */
struct name_key { __u32 bits; char text[EVENT_NAME_MAX]; };
struct {
        __uint(type, BPF_MAP_TYPE_LPM_TRIE);
        __uint(map_flags, BPF_F_NO_PREALLOC);
        __uint(max_entries, 256);
        __type(key, struct name_key);
        __type(value, __u8);
} names SEC(".maps");

/* An execution that is being recorded: on a processor, the kernel runs a program to its end before it runs it again. */
struct scratch {
        __u64 at, end;                 /* of the environment: what is still to be read */
        __u32 used;                    /* of text */
        __u32 within;                  /* what is read next belongs to the same variable */
        __u32 flags;
        __u32 bits;                    /* with entry, a struct name_key */
        char entry[EVENT_ENTRY_MAX];
        struct event_record record;
        char text[EVENT_TEXT_MAX];
        char beyond[EVENT_ENTRY_MAX];  /* nothing writes here, but the verifier does not know */
};
struct {
        __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
        __uint(max_entries, 1);
        __type(key, __u32);
        __type(value, struct scratch);
} scratches SEC(".maps");

/* Of control groups, for each program: the one that is being read, and the outermost one so far that may be a container's. */
struct group_names { char one[EVENT_GROUP_MAX], found[EVENT_GROUP_MAX]; };
struct {
        __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
        __uint(max_entries, 2);
        __type(key, __u32);
        __type(value, struct group_names);
} group_names SEC(".maps");

/* ---- who ---- */

/* The number of a process in that pid namespace; 0: it is not in it. */
static __always_inline int process_number(struct task_struct *task)
{
        struct pid *pid = BPF_CORE_READ(task, signal, pids[PIDTYPE_TGID]);
        const char *numbers = (const char *)pid + bpf_core_field_offset(struct pid, numbers);
        unsigned int level = BPF_CORE_READ(pid, level);

        for (unsigned int i = 0; i < PID_LEVELS_MAX && i <= level; i++) {
                struct upid *number = (struct upid *)(numbers + i * bpf_core_type_size(struct upid));

                if (BPF_CORE_READ(number, ns, ns.inum) == pid_namespace_inode)
                        return BPF_CORE_READ(number, nr);
        }
        return 0;
}

/* "ID", "docker-ID" or "docker-ID.scope", of len bytes: by its form; cgroup.h looks at the digits. */
static __always_inline int may_be_container(const char *name, __u32 len)
{
        __u32 at = len - ID_LEN - 1, at_scope = at - SCOPE_LEN;

        if (len == ID_LEN)
                return 1;
        if (at < EVENT_GROUP_MAX && name[at] == '-')
                return 1;
        return at_scope < EVENT_GROUP_MAX && name[at_scope] == '-';
}

/* From the group of a process upward. */
static __always_inline const char *group_find(struct cgroup *group, struct group_names *names)
{
        const char *found = 0;

        for (int i = 0; i < GROUP_LEVELS_MAX && group; i++) {
                struct cgroup_subsys_state *parent = BPF_CORE_READ(group, self.parent);
                long n = bpf_probe_read_kernel_str(names->one, EVENT_GROUP_MAX, BPF_CORE_READ(group, kn, name));

                if (n > ID_LEN && may_be_container(names->one, (__u32)n - 1)) {
                        __builtin_memcpy(names->found, names->one, EVENT_GROUP_MAX);
                        found = names->found;
                }
                group = parent ? BPF_CORE_READ(parent, cgroup) : 0;
        }
        return found;
}

/* In the hierarchy of version 2, or in one of version 1. NULL: the process is in no container. */
static __always_inline const char *container_find(struct task_struct *task, __u32 program)
{
        struct css_set *groups = BPF_CORE_READ(task, cgroups);
        const char *subsystems = (const char *)groups + bpf_core_field_offset(struct css_set, subsys), *found;
        struct group_names *names = bpf_map_lookup_elem(&group_names, &program);
        struct cgroup_subsys_state *pids = 0;

        if (!names)
                return 0;
        found = group_find(BPF_CORE_READ(groups, dfl_cgrp), names);
        if (found || !bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id))
                return found;
        bpf_probe_read_kernel(&pids, sizeof pids, subsystems + sizeof pids * bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id));
        return pids ? group_find(BPF_CORE_READ(pids, cgroup), names) : 0;
}

static __always_inline struct event_control *control_if_active(void)
{
        __u32 first = 0;
        struct event_control *c = bpf_map_lookup_elem(&control, &first);

        return c && c->active ? c : 0;
}

/* False: a process that the reader cannot name. */
static __always_inline int process_fill(struct event_record *r, struct task_struct *task, const char *group)
{
        struct task_struct *leader = BPF_CORE_READ(task, group_leader), *parent = BPF_CORE_READ(task, real_parent);

        __builtin_memcpy(r->group, group, EVENT_GROUP_MAX);
        r->flags = BPF_CORE_READ(task, flags) & PF_FORKNOEXEC ? EVENT_FLAG_FORKED : 0;
        r->pid = process_number(task);
        r->ppid = process_number(parent);
        r->at_ns = bpf_ktime_get_ns();
        r->start_ns = BPF_CORE_READ(leader, start_boottime);
        r->parent_start_ns = BPF_CORE_READ(parent, group_leader, start_boottime);
        BPF_CORE_READ_STR_INTO(&r->comm, leader, comm);
        return r->pid != 0;
}

/* ---- executions ---- */

static __always_inline void executable_fill(struct event_record *r, struct linux_binprm *program)
{
        struct inode *inode = BPF_CORE_READ(program, file, f_inode);

        bpf_probe_read_kernel_str(r->path, sizeof r->path, BPF_CORE_READ(program, interp));
        r->exe_inode = BPF_CORE_READ(inode, i_ino);
        r->exe_device = BPF_CORE_READ(inode, i_sb, s_dev);
        if (bpf_core_field_exists(((struct inode___since_6_11 *)inode)->i_ctime_sec)) {
                r->exe_changed_s = BPF_CORE_READ((struct inode___since_6_11 *)inode, i_ctime_sec);
                r->exe_changed_ns = BPF_CORE_READ((struct inode___since_6_11 *)inode, i_ctime_nsec) & NANOSECONDS;
        } else if (bpf_core_field_exists(((struct inode___since_6_6 *)inode)->__i_ctime)) {
                r->exe_changed_s = BPF_CORE_READ((struct inode___since_6_6 *)inode, __i_ctime.tv_sec);
                r->exe_changed_ns = BPF_CORE_READ((struct inode___since_6_6 *)inode, __i_ctime.tv_nsec);
        } else {
                r->exe_changed_s = BPF_CORE_READ(inode, i_ctime.tv_sec);
                r->exe_changed_ns = BPF_CORE_READ(inode, i_ctime.tv_nsec);
        }
}

static __always_inline void owner_fill(struct event_record *r, struct task_struct *task)
{
        r->uid = BPF_CORE_READ(task, cred, euid.val);
        r->gid = BPF_CORE_READ(task, cred, egid.val);
        r->netns_inode = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
}

static __always_inline void auxv_fill(struct scratch *s, struct mm_struct *mm)
{
        __u32 n = bpf_core_field_size(mm->saved_auxv);

        if (n > EVENT_AUXV_MAX)
                n = EVENT_AUXV_MAX;
        if (bpf_probe_read_kernel(s->text, n, (const char *)mm + bpf_core_field_offset(struct mm_struct, saved_auxv)) < 0)
                n = 0;
        s->record.auxv_len = s->used = n;
}

static __always_inline void arguments_fill(struct scratch *s, struct mm_struct *mm)
{
        __u64 from = BPF_CORE_READ(mm, arg_start), whole = BPF_CORE_READ(mm, arg_end) - from;
        __u32 used = s->used, n = whole < EVENT_ARGUMENTS_MAX ? whole : EVENT_ARGUMENTS_MAX;

        s->record.arguments_whole = whole;
        s->record.arguments_len = 0;
        if (used > EVENT_AUXV_MAX || n > EVENT_ARGUMENTS_MAX || bpf_probe_read_user(s->text + used, n, (const void *)from) < 0)
                return;
        s->record.arguments_len = n;
        s->used = used + n;
}

/* What was read of a variable, n bytes with its NUL, behind the others; false: there is no space for it. */
static __always_inline int entry_append(struct scratch *s, __u32 n)
{
        __u32 used = s->used;

        if (used + n > EVENT_TEXT_MAX || used > EVENT_TEXT_MAX || n > EVENT_ENTRY_MAX)
                return 0;
        if (bpf_probe_read_kernel(s->text + used, n, s->entry) < 0)
                return 0;
        s->used = used + n;
        return 1;
}

/* Reads the next variable, or the next part of a long one. 0: there is none, or it could not be read or appended. */
static __always_inline int entry_next(struct scratch *s)
{
        __u64 at = s->at;
        __u32 within = s->within, cut;
        long n;

        if (at >= s->end)
                return 0;
        s->flags = EVENT_FLAG_CUT;
        n = bpf_probe_read_user_str(s->entry, EVENT_ENTRY_MAX, (const void *)at);
        if (n < 0)
                return 0;
        /* Older kernels do not count the NUL of an empty text. */
        n += n == 0;
        /* The NUL at the end of a full buffer is the helper's own. */
        cut = n == EVENT_ENTRY_MAX;
        s->within = cut;
        s->at = at + n - cut;
        if (!within && bpf_map_lookup_elem(&names, &s->bits) && !entry_append(s, n))
                return 0;
        s->flags = 0;
        return 1;
}

static __always_inline void environment_fill(struct scratch *s, struct mm_struct *mm)
{
        __u32 before = s->used;

        s->at = BPF_CORE_READ(mm, env_start);
        s->end = BPF_CORE_READ(mm, env_end);
        s->within = 0;
        s->flags = 0;
        s->bits = EVENT_NAME_MAX * 8;
        for (int i = 0; i < EVENT_READS_MAX; i++)
                if (!entry_next(s))
                        break;
        if (s->at < s->end)
                s->flags = EVENT_FLAG_CUT;
        s->record.flags |= s->flags;
        s->record.endpoint = 0;
        s->record.environment_len = s->used - before;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
        __u32 first = 0;
        struct event_control *c = control_if_active();
        struct scratch *s = bpf_map_lookup_elem(&scratches, &first);
        const char *group = c ? container_find(task, 0) : 0;
        struct mm_struct *mm;
        __u32 used;

        if (!s || !group || !process_fill(&s->record, task, group))
                return 0;
        s->record.kind = EVENT_EXEC;
        mm = BPF_CORE_READ(task, mm);
        executable_fill(&s->record, program);
        owner_fill(&s->record, task);
        auxv_fill(s, mm);
        arguments_fill(s, mm);
        environment_fill(s, mm);
        used = s->used;
        if (used <= EVENT_TEXT_MAX && bpf_ringbuf_output(&ring, &s->record, sizeof s->record + used, 0) < 0)
                __sync_fetch_and_add(&c->dropped, 1);
        return 0;
}

/* ---- connections ---- */

static __always_inline __u32 endpoint_of_v4(__u32 address)
{
        if (address == bpf_htonl(0xa9feaa02))           /* 169.254.170.2 */
                return EVENT_CONTAINER_ENDPOINT;
        return address == bpf_htonl(0xa9fea9fe) ? EVENT_IMDS : 0;      /* 169.254.169.254 */
}

/* An IPv6 socket also connects to IPv4 addresses: ::ffff:169.254.170.2. */
static __always_inline __u32 endpoint_of_v6(const struct ipv6 *a)
{
        if (!a->words[0] && !a->words[1] && a->words[2] == bpf_htonl(0xffff))
                return endpoint_of_v4(a->words[3]);
        return a->words[0] == bpf_htonl(0xfd000ec2) && !a->words[1] && !a->words[2] && a->words[3] == bpf_htonl(0x254) ? EVENT_IMDS : 0;
}

static __always_inline __u32 endpoint_of(struct sock *sk)
{
        unsigned short family = BPF_CORE_READ(sk, __sk_common.skc_family);
        struct ipv6 v6 = { { 0 } };

        if (BPF_CORE_READ(sk, __sk_common.skc_dport) != bpf_htons(80))
                return 0;
        if (family == AF_INET)
                return endpoint_of_v4(BPF_CORE_READ(sk, __sk_common.skc_daddr));
        if (family != AF_INET6 || !bpf_core_field_exists(sk->__sk_common.skc_v6_daddr))
                return 0;
        BPF_CORE_READ_INTO(&v6, sk, __sk_common.skc_v6_daddr);
        return endpoint_of_v6(&v6);
}

/* TCP_SYN_SENT is set by connect(2), while the kernel acts for the process that calls it. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_connect, struct sock *sk, int oldstate, int newstate)
{
        struct task_struct *task = (struct task_struct *)bpf_get_current_task();
        struct event_control *c;
        struct event_record *r;
        const char *group;
        __u32 endpoint;

        if (newstate != TCP_SYN_SENT)
                return 0;
        c = control_if_active();
        endpoint = c ? endpoint_of(sk) : 0;
        group = endpoint ? container_find(task, 1) : 0;
        if (!group)
                return 0;
        r = bpf_ringbuf_reserve(&ring, sizeof *r, 0);
        if (!r) {
                __sync_fetch_and_add(&c->dropped, 1);
                return 0;
        }
        __builtin_memset(r, 0, sizeof *r);
        r->kind = EVENT_CONNECT;
        r->endpoint = endpoint;
        if (process_fill(r, task, group))
                bpf_ringbuf_submit(r, 0);
        else
                bpf_ringbuf_discard(r, 0);
        return 0;
}
