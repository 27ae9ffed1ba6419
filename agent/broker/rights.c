/* rights -- gives up what only making kernel events took. By hand, as libcap and libseccomp would be two libraries more. */
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include "kernel_events.h"

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#define OTHER_NUMBERS 0x40000000u      /* x32: the same calls by other numbers */
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#define OTHER_NUMBERS 0x80000000u
#endif

static const unsigned given_up[] = { CAP_BPF, CAP_PERFMON };

static int capabilities_drop(void)
{
        struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
        struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

        if (syscall(SYS_capget, &head, sets) < 0)
                return -errno;
        for (size_t i = 0; i < ARRAY_SIZE(given_up); i++) {
                struct __user_cap_data_struct *set = &sets[CAP_TO_INDEX(given_up[i])];
                uint32_t others = ~CAP_TO_MASK(given_up[i]);

                /* The bounding set only root may change; without executable files that have capabilities it gives nothing. */
                (void)prctl(PR_CAPBSET_DROP, given_up[i], 0, 0, 0);
                set->effective &= others;
                set->permitted &= others;
                set->inheritable &= others;
        }
        /* What is not permitted is not ambient either. */
        return syscall(SYS_capset, &head, sets) < 0 ? -errno : 0;
}

#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define REFUSE_IF(test, value) BPF_JUMP(BPF_JMP | (test) | BPF_K, value, 0, 1), REFUSE

static int calls_refuse(void)
{
        struct sock_filter rules[] = {
                LOAD(arch),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0), REFUSE,
                LOAD(nr),
                REFUSE_IF(BPF_JGE, OTHER_NUMBERS),
                REFUSE_IF(BPF_JEQ, SYS_bpf),
                REFUSE_IF(BPF_JEQ, SYS_perf_event_open),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        const struct sock_fprog filter = { ARRAY_SIZE(rules), rules };

        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
                return -errno;
        return 0;
}

int rights_give_up(void)
{
        int r = capabilities_drop();

        return r < 0 ? r : calls_refuse();
}
