/*
 * events_load -- loads the object of events.bpf.c into the kernel. It is done by a child process: what libbpf reads and keeps
 * for it, the kernel's description of its types first of all, is gone with that, and only descriptors come back.
 */
#ifdef WITH_KERNEL_EVENTS
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#endif
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "kernel_events.h"
#include "rolewatch/event_record.h"
#include "rolewatch/model.h"

union fds_message { struct cmsghdr head; char bytes[CMSG_SPACE(BROKER_EVENTS_PART_MAX * sizeof(int))]; };

/* What the child sends: an error, or 0 and all descriptors. */
static void fds_send(int sock, int error, const int fds[BROKER_EVENTS_PART_MAX])
{
        union fds_message control = { 0 };
        struct iovec iov = { &error, sizeof error };
        struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

        if (error == 0) {
                m.msg_control = &control;
                m.msg_controllen = sizeof control.bytes;
                control.head = (struct cmsghdr){ CMSG_LEN(BROKER_EVENTS_PART_MAX * sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
                memcpy(CMSG_DATA(&control.head), fds, BROKER_EVENTS_PART_MAX * sizeof(int));
        }
        (void)!sendmsg(sock, &m, MSG_NOSIGNAL);
}

/* -EIO: the child ended without a word. */
static int fds_receive(int sock, int ret[BROKER_EVENTS_PART_MAX])
{
        union fds_message control = { 0 };
        int error = 0;
        struct iovec iov = { &error, sizeof error };
        struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.bytes };
        ssize_t n;

        do
                n = recvmsg(sock, &m, MSG_CMSG_CLOEXEC);
        while (n < 0 && errno == EINTR);
        if (n != sizeof error)
                return -EIO;
        if (error)
                return error;
        if (!CMSG_FIRSTHDR(&m) || control.head.cmsg_len != CMSG_LEN(BROKER_EVENTS_PART_MAX * sizeof(int)))
                return -EMFILE;
        memcpy(ret, CMSG_DATA(&control.head), BROKER_EVENTS_PART_MAX * sizeof(int));
        return 0;
}

#ifdef WITH_KERNEL_EVENTS
#define KERNEL_TYPES "/sys/kernel/btf/vmlinux"

extern const char events_object[];
extern const uint64_t events_object_len;

/* As the map `names` of events.bpf.c has its keys. */
struct name_key { uint32_t bits; char text[EVENT_NAME_MAX]; };
#define X(id, name, class) _Static_assert(sizeof name "=" - 1 <= EVENT_NAME_MAX, "EVENT_NAME_MAX is too small for " name);
ENV_VARS(X)
#undef X

/* The pid namespace in whose numbers the reader, which shares it with the broker, names processes. */
static int namespace_set(struct bpf_object *o)
{
        struct bpf_map *settings = bpf_object__find_map_by_name(o, ".rodata");
        struct stat st;
        uint32_t inode;

        if (stat("/proc/self/ns/pid", &st) < 0)
                return -errno;
        inode = (uint32_t)st.st_ino;
        return settings ? bpf_map__set_initial_value(settings, &inode, sizeof inode) : -ENOENT;
}

static int names_fill(int map)
{
        static const char *const names[] = {
#define X(id, name, class) name "=",
                ENV_VARS(X)
#undef X
        };
        const uint8_t one = 1;

        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                struct name_key k = { .bits = (uint32_t)strlen(names[i]) * 8 };

                memcpy(k.text, names[i], strlen(names[i]));
                if (bpf_map_update_elem(map, &k, &one, BPF_ANY) < 0)
                        return -errno;
        }
        return 0;
}

struct loaded { struct bpf_object *object; struct bpf_link *exec, *connect; };

static void loaded_done(struct loaded *l)
{
        bpf_link__destroy(l->exec);
        bpf_link__destroy(l->connect);
        bpf_object__close(l->object);
}

/* A descriptor of the link, or -errno. */
static int program_attach(const struct loaded *l, const char *name, struct bpf_link **ret)
{
        const struct bpf_program *p = bpf_object__find_program_by_name(l->object, name);
        struct bpf_link *link = p ? bpf_program__attach(p) : NULL;

        if (!p)
                return -ENOENT;
        if (libbpf_get_error(link))
                return (int)libbpf_get_error(link);
        *ret = link;
        return bpf_link__fd(link);
}

/* Descriptors of *l. */
static int object_load(struct loaded *l, int ret[BROKER_EVENTS_PART_MAX])
{
        int r = namespace_set(l->object);

        if (r == 0)
                r = bpf_object__load(l->object);
        if (r == 0)
                r = names_fill(bpf_object__find_map_fd_by_name(l->object, "names"));
        if (r < 0)
                return r;
        ret[BROKER_EVENTS_RING] = bpf_object__find_map_fd_by_name(l->object, "ring");
        ret[BROKER_EVENTS_CONTROL] = bpf_object__find_map_fd_by_name(l->object, "control");
        ret[BROKER_EVENTS_EXEC] = program_attach(l, "on_exec", &l->exec);
        ret[BROKER_EVENTS_CONNECT] = program_attach(l, "on_connect", &l->connect);
        for (size_t i = 0; r == 0 && i < BROKER_EVENTS_PART_MAX; i++)
                r = ret[i] < 0 ? ret[i] : 0;
        return r;
}

void events_load_and_send(int sock)
{
        CLEANUP(loaded_done) struct loaded l = { NULL, NULL, NULL };
        int fds[BROKER_EVENTS_PART_MAX], r = access(KERNEL_TYPES, R_OK) < 0 ? -ENOSYS : 0;

        libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
        libbpf_set_print(NULL);
        if (r == 0) {
                l.object = bpf_object__open_mem(events_object, events_object_len, NULL);
                r = l.object ? object_load(&l, fds) : -errno;
        }
        fds_send(sock, r, fds);
}
#else
void events_load_and_send(int sock) { fds_send(sock, -EOPNOTSUPP, NULL); }
#endif

int events_load(int ret[BROKER_EVENTS_PART_MAX])
{
        int sockets[2], r;
        pid_t child;

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
                return -errno;
        CLEANUP(closep) int own = sockets[0], other = sockets[1];
        child = fork();
        if (child < 0)
                return -errno;
        if (child == 0) {
                events_load_and_send(other);
                _exit(0);
        }
        close(TAKE_FD(other));
        r = fds_receive(own, ret);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
                ;
        return r;
}
