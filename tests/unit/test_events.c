/* Kernel events: the real kernel's own, of processes as containers have them (as root). */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include "helper_broker.h"
#include "../../agent/broker/kernel_events.h"
#include "rolewatch/collect.h"
#include "rolewatch/events.h"

static struct broker *broker;          /* the table of operations in this process, with kernel events */

/* The last events of one process. */
struct observed {
        pid_t pid;                     /* 0: of any */
        int execs, contacts[3];
        struct kernel_event exec, contact;
        char environment[EVENT_TEXT_MAX + 1], arguments[EVENT_ARGUMENTS_MAX], auxv[EVENT_AUXV_MAX], path[EVENT_PATH_MAX];
};

static void note(void *userdata, const struct kernel_event *ev)
{
        struct observed *o = userdata;

        if ((o->pid && ev->pid != o->pid) || !streq(ev->container, test_container()))
                return;
        if (ev->kind == EVENT_CONNECT) {
                o->contacts[ev->endpoint]++;
                o->contact = *ev;
                return;
        }
        o->execs++;
        o->exec = *ev;
        memcpy(o->environment, ev->environment.s, ev->environment.len);
        memcpy(o->arguments, ev->arguments.s, ev->arguments.len);
        memcpy(o->auxv, ev->auxv.s, ev->auxv.len);
        snprintf(o->path, sizeof o->path, "%.*s", (int)ev->path.len, ev->path.s);
}

static struct events *opened(void)
{
        struct events *e = NULL;
        int r;

        r = events_open(broker, &e);
        if (r < 0)
                fail_msg("events_open: %s", strerror(-r));
        return e;
}

static void read_all(struct events *e, struct observed *o)
{
        bool more = true;

        while (more)
                events_read(e, 64, &(struct event_sink){ note, o }, &more);
}

/* A child in the container; what it does ends it. */
static pid_t inside(void (*act)(void *), void *of)
{
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid == 0) {
                group_enter(test_container());
                act(of);
                _exit(97);
        }
        return pid;
}

/* Until it has ended; then all of its events are there. */
static void observe(struct events *e, struct observed *o, void (*act)(void *), void *of)
{
        *o = (struct observed){ .pid = inside(act, of) };
        assert_int_equal(waitpid(o->pid, NULL, 0), o->pid);
        read_all(e, o);
}

struct program { const char *path; char **environment; };

static void execute(void *of)
{
        const struct program *p = of;

        execve(p->path, (char *[]){ (char *)(uintptr_t)p->path, (char[]){ "1000" }, NULL }, p->environment);
}

static size_t file_read(pid_t pid, const char *name, char *to, size_t size)
{
        char path[64];
        ssize_t n;

        snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
        CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        n = read(fd, to, size);
        assert_true(n > 0);
        return (size_t)n;
}

/* What is opened for identity_finish, which closes nothing. */
static int proc_open(pid_t pid, const char *name)
{
        char path[64];

        snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
        return open(path, O_RDONLY | O_CLOEXEC);
}

/* By its record and by what /proc has of the process, a program is the same one: its verdict holds for both. */
static void one_identity(struct observed *o)
{
        struct collect_settings cs;
        struct identity by_proc, by_record;
        CLEANUP(closep) int auxv_fd = proc_open(o->pid, "auxv"), environ_fd = proc_open(o->pid, "environ"), exe_fd = proc_open(o->pid, "exe");
        const struct identity_files files = { .auxv = auxv_fd, .environ = environ_fd, .exe = exe_fd };

        collect_settings_default(&cs);
        o->exec.environment.s = o->environment;
        o->exec.arguments.s = o->arguments;
        o->exec.auxv.s = o->auxv;
        assert_int_equal(identity_of_execution(&cs, &o->exec, &by_record), 0);
        assert_int_equal(identity_begin(&cs, o->pid, &by_proc), 0);
        assert_int_equal(identity_finish(&cs, &by_proc, &files), 0);
        assert_int_equal(by_record.start_ticks, by_proc.start_ticks);
        assert_int_equal(by_record.ppid, by_proc.ppid);
        assert_string_equal(by_record.container, by_proc.container);
        assert_int_equal(by_record.digest, by_proc.digest);
}

/* All that /proc says of a process that lives, and of the environment the variables that count. */
static void an_execution(void **state)
{
        char *environment[] = { (char[]){ "NOT_OURS=1" }, (char[]){ "AWS_PROFILE=a b" }, (char[]){ "AWS_PROFILE_NOT_OURS=1" },
                                (char[]){ "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" }, (char[]){ "HOME=" },
                                (char[]){ "NO_EQUALS_SIGN" }, (char[]){ "" }, (char[]){ "http_proxy=http://\xff\xfe" }, NULL };
        static const char expected[] = "AWS_PROFILE=a b\0AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\0HOME=\0http_proxy=http://\xff\xfe";
        CLEANUP(events_freep) struct events *e = opened();
        struct program p = { "/bin/sleep", environment };
        struct observed o = { .pid = inside(execute, &p) };
        char bytes[4096];
        struct stat st;
        size_t n;

        (void)state;
        for (int i = 0; i < 1000 && !o.execs; i++) {
                usleep(1000);
                read_all(e, &o);
        }
        assert_int_equal(o.execs, 1);
        assert_int_equal(o.exec.ppid, getpid());
        assert_int_equal(o.exec.start_ticks, start_of(o.pid).start_ticks);
        assert_int_equal(o.exec.parent_start_ticks, start_of(getpid()).start_ticks);
        assert_string_equal(o.exec.comm, "sleep");
        assert_true(o.exec.environment_whole);
        assert_int_equal(o.exec.environment.len, sizeof expected);
        assert_memory_equal(o.environment, expected, sizeof expected);
        assert_int_equal(stat("/bin/sleep", &st), 0);
        assert_int_equal(o.exec.executable.inode, st.st_ino);
        assert_int_equal(o.exec.executable.changed_s, st.st_ctim.tv_sec);
        assert_int_equal(o.exec.executable.changed_ns, st.st_ctim.tv_nsec);
        assert_string_equal(o.path, "/bin/sleep");
        assert_true(o.exec.uid == geteuid() && o.exec.gid == getegid());
        assert_int_equal(stat("/proc/self/ns/net", &st), 0);
        assert_int_equal(o.exec.netns_inode, st.st_ino);
        n = file_read(o.pid, "cmdline", bytes, sizeof bytes);
        assert_true(o.exec.arguments_whole && o.exec.arguments.len == n);
        assert_memory_equal(o.arguments, bytes, n);
        n = file_read(o.pid, "auxv", bytes, sizeof bytes);
        assert_true(o.exec.auxv.len >= n);
        assert_memory_equal(o.auxv, bytes, n);
        one_identity(&o);
        kill(o.pid, SIGKILL);
        assert_int_equal(waitpid(o.pid, NULL, 0), o.pid);
}

/* Who is in no container is not recorded, nor is anything before the reader has come, and after it has gone. */
static void nobody_else(void **state)
{
        CLEANUP(events_freep) struct events *e = opened();
        struct program p = { "/bin/true", (char *[]){ NULL } };
        struct observed o = { .pid = fork() };

        (void)state;
        if (o.pid == 0) {
                execute(&p);
                _exit(97);
        }
        assert_int_equal(waitpid(o.pid, NULL, 0), o.pid);
        read_all(e, &o);
        assert_int_equal(o.execs, 0);
        events_free(TAKE(e));
        o.pid = inside(execute, &p);
        assert_int_equal(waitpid(o.pid, NULL, 0), o.pid);
        e = opened();
        read_all(e, &o);
        assert_int_equal(o.execs, 0);
        observe(e, &o, execute, &p);
        assert_int_equal(o.execs, 1);
}

/* n variables of len bytes, with AWS_PROFILE at this position. */
static char **environment_of(size_t n, size_t len, size_t at)
{
        char **list = calloc(n + 1, sizeof *list), *text = malloc(len + 1);

        assert_true(list && text);
        memset(text, 'x', len);
        text[len] = '\0';
        text[1] = '=';
        for (size_t i = 0; i < n; i++)
                list[i] = i == at ? (char[]){ "AWS_PROFILE=x" } : text;
        list[at] = strdup("AWS_PROFILE=x");
        return list;
}

static void environment_free(char **list, size_t at)
{
        free(list[at]);
        free(list[at ? 0 : 1]);
        free(list);
}

static void environments_of_any_size(void **state)
{
        static const struct { size_t n, len, at; bool found, whole; } rows[] = {
                { 2, 4, 1, true, true },         { 500, 40, 499, true, true },      { 100000, 2, 0, true, false },  { 100000, 2, 99999, false, false },
                { 2, 130000, 1, true, true },    { 8, 130000, 0, true, false },     { 8, 130000, 7, false, false }, { 2, 511, 1, true, true },
                { 2, 512, 1, true, true },       { 2, 1022, 1, true, true },        { 2, 1023, 1, true, true },
        };
        CLEANUP(events_freep) struct events *e = opened();

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char **list = environment_of(rows[i].n, rows[i].len, rows[i].at);
                struct observed o;

                observe(e, &o, execute, &(struct program){ "/bin/true", list });
                if (o.execs != 1 || o.exec.environment_whole != rows[i].whole || o.exec.environment.len != (rows[i].found ? sizeof "AWS_PROFILE=x" : 0))
                        fail_msg("%zu variables of %zu bytes: %d executions, %zu bytes%s", rows[i].n, rows[i].len, o.execs, o.exec.environment.len,
                                 o.exec.environment_whole ? "" : ", cut");
                environment_free(list, rows[i].at);
        }
}

/* More of the chain table's variables than a record has space for. */
static void more_than_fits(void **state)
{
        CLEANUP(events_freep) struct events *e = opened();
        char entry[400], *list[64];
        struct observed o;

        (void)state;
        memset(entry, 'x', sizeof entry);
        memcpy(entry, "AWS_PROFILE=", 12);
        entry[sizeof entry - 1] = '\0';
        for (size_t i = 0; i < 63; i++)
                list[i] = entry;
        list[63] = NULL;
        observe(e, &o, execute, &(struct program){ "/bin/true", list });
        assert_int_equal(o.execs, 1);
        assert_false(o.exec.environment_whole);
        assert_int_equal(o.exec.environment.len % sizeof entry, 0);
        assert_true(o.exec.environment.len > 7000);
}

static char *environment_known[] = { (char[]){ "AWS_PROFILE=known" }, NULL };
static char *arguments_none[] = { (char[]){ "true" }, NULL };

static void execute_memory(void *of)
{
        int from = open("/bin/true", O_RDONLY | O_CLOEXEC), to = memfd_create("program", MFD_CLOEXEC);
        char buf[65536];

        (void)of;
        for (ssize_t n; (n = read(from, buf, sizeof buf)) > 0;)
                (void)!write(to, buf, (size_t)n);
        syscall(SYS_execveat, to, "", arguments_none, environment_known, AT_EMPTY_PATH);
}

static void *execute_beside(void *of)
{
        (void)of;
        execve("/bin/true", arguments_none, environment_known);
        return NULL;
}

static void execute_in_thread(void *of)
{
        pthread_t thread;

        (void)of;
        pthread_create(&thread, NULL, execute_beside, NULL);
        pause();
}

static void execute_for_vfork(void *of)
{
        pid_t pid = vfork();

        (void)of;
        if (pid == 0) {
                execve("/bin/true", arguments_none, environment_known);
                _exit(1);
        }
        waitpid(pid, NULL, 0);
        _exit(0);
}

static void execute_in_namespaces(void *of)
{
        (void)of;
        if (unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC) < 0)
                _exit(96);
        execute_for_vfork(NULL);
}

static char set_uid_path[64];
static void execute_set_uid(void *of)
{
        (void)of;
        if (setuid(65534) == 0)
                execve(set_uid_path, arguments_none, environment_known);
}

static void set_uid_make(void)
{
        char command[256];

        snprintf(set_uid_path, sizeof set_uid_path, "/tmp/rolewatch-set-uid-%d", (int)getpid());
        snprintf(command, sizeof command, "cp /bin/true %s && chmod 4755 %s", set_uid_path, set_uid_path);
        assert_int_equal(system(command), 0);
}

/* However a program comes to be executed; a process has its number in the reader's namespace, also where it has others. */
static void each_way_to_execute(void **state)
{
        static const struct { void (*act)(void *); bool itself; } ways[] = {
                { execute_memory, true }, { execute_in_thread, true }, { execute_for_vfork, false }, { execute_in_namespaces, false }, { execute_set_uid, true },
        };
        CLEANUP(events_freep) struct events *e = opened();

        (void)state;
        set_uid_make();
        for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
                pid_t child = inside(ways[i].act, NULL);
                struct observed o = { .pid = ways[i].itself ? child : 0 };

                assert_int_equal(waitpid(child, NULL, 0), child);
                read_all(e, &o);
                assert_int_equal(o.execs, 1);
                assert_string_equal(o.environment, "AWS_PROFILE=known");
                assert_int_equal(o.exec.ppid, ways[i].itself ? getpid() : child);
                assert_true(o.exec.pid != child || ways[i].itself);
        }
        unlink(set_uid_path);
}

/* ---- connections ---- */

static void contact(int family, const char *address, uint16_t port)
{
        struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
        struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
        int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

        inet_pton(family, address, family == AF_INET ? (void *)&v4.sin_addr : &v6.sin6_addr);
        (void)!connect(fd, family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6, family == AF_INET ? sizeof v4 : sizeof v6);
        close(fd);
}

static void contact_all(void *of)
{
        (void)of;
        contact(AF_INET, "169.254.170.2", 80);
        contact(AF_INET6, "::ffff:169.254.170.2", 80);
        contact(AF_INET, "169.254.169.254", 80);
        contact(AF_INET6, "fd00:ec2::254", 80);
        contact(AF_INET6, "::ffff:169.254.169.254", 80);
        contact(AF_INET, "169.254.170.2", 81);
        contact(AF_INET, "169.254.170.3", 80);
        contact(AF_INET6, "fd00:ec2::253", 80);
        _exit(0);
}

static void contact_container(void *of)
{
        for (int i = 0; i < *(int *)of; i++)
                contact(AF_INET, "169.254.170.2", 80);
        _exit(0);
}

/* Both endpoints, by each address that they have; and of a process that was forked, whose program it runs. */
static void connections(void **state)
{
        CLEANUP(events_freep) struct events *e = opened();
        struct observed o;

        (void)state;
        observe(e, &o, contact_all, NULL);
        assert_int_equal(o.contacts[EVENT_CONTAINER_ENDPOINT], 2);
        assert_int_equal(o.contacts[EVENT_IMDS], 3);
        assert_int_equal(o.execs, 0);
        assert_true(o.contact.forked);
        assert_int_equal(o.contact.ppid, getpid());
        assert_int_equal(o.contact.parent_start_ticks, start_of(getpid()).start_ticks);
        assert_int_equal(events_lost(e), 0);
}

/* A reader that does not come in time: what did not fit is counted, and what comes later is read. */
static void a_full_ring(void **state)
{
        CLEANUP(events_freep) struct events *e = opened();
        struct observed o = { .pid = 0 };
        int many = 6000, few = 10;
        pid_t child = inside(contact_container, &many);

        (void)state;
        assert_int_equal(waitpid(child, NULL, 0), child);
        read_all(e, &o);
        assert_in_range(o.contacts[EVENT_CONTAINER_ENDPOINT], 1000, many - 1);
        /* Containers of this machine may have lost a few, too; counted twice they would be more than 1,000. */
        assert_in_range((uint64_t)o.contacts[EVENT_CONTAINER_ENDPOINT] + events_lost(e), many, many + 1000);
        observe(e, &o, contact_container, &few);
        assert_int_equal(o.contacts[EVENT_CONTAINER_ENDPOINT], few);
}

/* The broker's own process is not needed: it only hands over. */
static void through_the_socket(void **state)
{
        const struct server_options options = server_root_only();
        struct program p = { "/bin/true", environment_known };
        CLEANUP(events_freep) struct events *e = NULL;
        CLEANUP(broker_freep) struct broker *b = NULL;
        struct served served;
        struct observed o;

        (void)state;
        served = server_start(&options);
        assert_int_equal(broker_connect(served.path, &b), 0);
        assert_int_equal(events_open(b, &e), 0);
        assert_int_equal(broker_kernel_events(b, BROKER_EVENTS_PART_MAX), -EINVAL);
        server_stop(&served);
        observe(e, &o, execute, &p);
        assert_int_equal(o.execs, 1);
}

/* ---- what is missing ---- */

static void hide_kernel_types(void)
{
        if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", "", MS_REC | MS_PRIVATE, NULL) < 0 || mount("tmpfs", "/sys/kernel/btf", "tmpfs", 0, NULL) < 0)
                _exit(96);
}

static void give_up(void)
{
        if (rights_give_up() < 0)
                _exit(96);
}

static void become_nobody(void)
{
        if (setuid(65534) < 0)
                _exit(96);
}

/* Of what a broker may lack it says which; what it has given up it cannot get again, whatever else it may do. */
static void what_is_missing(void **state)
{
        static const struct { void (*lose)(void); int error; } rows[] = { { hide_kernel_types, -ENOSYS }, { become_nobody, -EPERM }, { give_up, -EPERM } };
        int fds[BROKER_EVENTS_PART_MAX];

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                pid_t child = fork();
                int status;

                if (child == 0) {
                        rows[i].lose();
                        _exit(-events_load(fds));
                }
                assert_int_equal(waitpid(child, &status, 0), child);
                assert_true(WIFEXITED(status));
                assert_int_equal(WEXITSTATUS(status), -rows[i].error);
        }
}

static bool refused(long r) { return r < 0 && errno == EPERM; }

static void rights_are_gone(void **state)
{
        pid_t child = fork();
        int status;

        (void)state;
        if (child == 0) {
                struct perf_event_attr event = { .type = PERF_TYPE_SOFTWARE, .size = sizeof event };
                union bpf_attr map = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1 };
                bool before = syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map) >= 0;

                give_up();
                _exit(before && refused(syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map)) &&
                      refused(syscall(SYS_perf_event_open, &event, 0, -1, -1, 0)) && open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0 ? 0 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
}

/* A table of operations in a process that has made none. */
static void without_a_broker(void **state)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(events_freep) struct events *e = NULL;

        (void)state;
        kernel_events_offer(NULL, -ENXIO);
        assert_int_equal(broker_local(&b), 0);
        assert_int_equal(events_open(b, &e), -ENXIO);
        assert_int_equal(events_open(NULL, &e), -EACCES);
        /* What no caller requests. */
        assert_int_equal(broker_kernel_events(b, BROKER_EVENTS_PART_MAX), -EINVAL);
        assert_int_equal(broker_run(b, &(struct broker_request){ .op = BROKER_KERNEL_EVENTS, .number = -1 }), -EINVAL);
        assert_int_equal(broker_run(b, &(struct broker_request){ .op = BROKER_KERNEL_EVENTS, .target = { 1, 0 } }), -EINVAL);
        assert_int_equal(broker_run(b, &(struct broker_request){ .op = BROKER_KERNEL_EVENTS, .target = { 0, 1 } }), -EINVAL);
}

/* In this process, as a child of the broker does it: its descriptors are gone with the message, which is read without them. */
static void the_object_is_loaded(void **state)
{
        int sockets[2], error = 1;

        (void)state;
        assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
        events_load_and_send(sockets[1]);
        assert_int_equal(recv(sockets[0], &error, sizeof error, 0), sizeof error);
        assert_int_equal(error, 0);
        close(sockets[0]);
        close(sockets[1]);
}

static int loaded[BROKER_EVENTS_PART_MAX], load_error;

static void kernel_events_are_made(void **state)
{
        (void)state;
        if (load_error < 0)
                fail_msg("events_load: %s", strerror(-load_error));
}

/* A network of our own, in which the endpoints refuse connections. */
static int setup(void **state)
{
        (void)state;
        test_container();                      /* named by this process, for its children */
        kernel_events_offer(loaded, 0);
        if (broker_local(&broker) < 0 || unshare(CLONE_NEWNET) < 0 ||
            system("ip link set lo up; for a in 169.254.170.2/32 169.254.170.3/32 169.254.169.254/32 fd00:ec2::254/128 fd00:ec2::253/128; "
                   "do ip address add $a dev lo; done") != 0)
                return -1;
        return 0;
}

static int teardown(void **state)
{
        (void)state;
        group_end(test_container());
        broker_free(broker);
        return 0;
}

int main(void)
{
        const struct CMUnitTest first[] = { cmocka_unit_test(kernel_events_are_made) };
        const struct CMUnitTest kernel[] = {
                cmocka_unit_test(an_execution), cmocka_unit_test(nobody_else), cmocka_unit_test(environments_of_any_size),
                cmocka_unit_test(more_than_fits), cmocka_unit_test(each_way_to_execute), cmocka_unit_test(connections),
                cmocka_unit_test(a_full_ring), cmocka_unit_test(through_the_socket), cmocka_unit_test(what_is_missing),
                cmocka_unit_test(rights_are_gone), cmocka_unit_test(without_a_broker), cmocka_unit_test(the_object_is_loaded),
        };
        int failed;

        if (geteuid() != 0) {
                puts("test_events: needs root, skipped");
                return 0;
        }
        load_error = events_load(loaded);
        if (load_error == -EOPNOTSUPP) {
                puts("test_events: built without kernel events (make deps FOR=events), skipped");
                return 0;
        }
        failed = cmocka_run_group_tests(first, NULL, NULL);
        return load_error < 0 ? failed : failed + cmocka_run_group_tests(kernel, setup, teardown);
}
