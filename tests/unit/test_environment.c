/* The environment of a process: of its memory, of the parent that forked it, of its container; and when nothing says. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "../../agent/collect/environment.h"
#include "helper_broker.h"
#include "rolewatch/io.h"

#define ID "39c3bad8e7edf1eaf2fcd1093924558d88ea8509fe5bb2e6fedd5fc0ff3049ba"
#define ID2 "0bb9d4a27329555d67cf766780a3082d0ef459af8b1f5e33fe729df557b97208"
#define RELATIVE_URI "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/11111111-2222"
#define REST " 1 1 0 -1 4194560 1 1 0 0 1 1 1 1 20 0 1 0 "
#define STACK(end) "55d0c0000000-55d0c0001000 r--p 00000000 08:01 1 /usr/bin/x\n7ffc00000000-" end " rw-p 00000000 00:00 0                          [stack]\n"
#define OCI(env) "{\"ociVersion\":\"1.0.2\",\"process\":{\"args\":[\"x\"],\"env\":" env "}}"

static char dir[] = "/tmp/rolewatch-proc-XXXXXX";

static void put(pid_t pid, const char *name, const char *text)
{
        char path[256];
        FILE *f;

        snprintf(path, sizeof path, "%s/%d", dir, (int)pid);
        mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/%d/%s", dir, (int)pid, name);
        f = fopen(path, "w");
        assert_non_null(f);
        fputs(text, f);
        fclose(f);
}

static void process(pid_t pid, pid_t ppid, const char *comm, const char *container)
{
        char text[256];

        snprintf(text, sizeof text, "0::/docker/%s\n", container);
        put(pid, "cgroup", text);
        snprintf(text, sizeof text, "%d (%s) S %d" REST "%d 0\n", (int)pid, comm, (int)ppid, (int)pid);
        put(pid, "stat", text);
        put(pid, "status", "Name:\tx\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t\n");
        put(pid, "cmdline", "x");
}

/* What the broker hands out of each process. */
struct block { const char *s; size_t len; };
#define BLOCK(text) { text, sizeof(text) - 1 }
struct world { struct block memory[3]; const char *stack[3], *config; };       /* of pids 10, 11, 12 */
static const struct world *world;
static int reads_empty;                /* so often the memory of pid 12 reads as empty */

static int bytes_open(const char *s, size_t len)
{
        int fd = memfd_create("x", MFD_CLOEXEC);

        assert_int_equal(pwrite(fd, s, len, 0), (ssize_t)len);
        return fd;
}

static int answer(struct broker *b, const struct wire_request *q)
{
        size_t i = (size_t)q->pid - 10;

        (void)b;
        assert_true(i < 3);
        if (q->op == BROKER_ENVIRON && i == 2 && reads_empty > 0) {
                reads_empty--;
                return bytes_open("", 0);
        }
        if (q->op == BROKER_ENVIRON)
                return world->memory[i].s ? bytes_open(world->memory[i].s, world->memory[i].len) : -EACCES;
        if (q->op == BROKER_MAPS && world->stack[i])
                return bytes_open(world->stack[i], strlen(world->stack[i]));
        if (q->op == BROKER_CONTAINER_CONFIG && world->config)
                return bytes_open(world->config, strlen(world->config));
        return -ENOENT;
}

#define INTACT BLOCK("PATH=/bin\0" RELATIVE_URI "\0HOME=/\0")
#define BLANK { "\0\0\0\0\0\0\0\0", 8 }
#define SAME { STACK("7ffc00021000"), STACK("7ffc00021000"), STACK("7ffc00021000") }
#define EXECUTED { STACK("7ffc00021000"), STACK("7ffc00021000"), STACK("7ffdee042000") }
#define PARENT_EXECUTED { STACK("7ffc00021000"), STACK("7ffdee042000"), STACK("7ffdee042000") }
static const struct row {
        const char *why, *comm;        /* of the parent, pid 11 */
        struct world world;
        enum answer_state state;
        enum environment_source source;
        bool relative;
} rows[] = {
        { "untouched", "sh", { { INTACT, INTACT, INTACT }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_MEMORY, true },
        { "empty, as env -i starts it", "sh", { { INTACT, INTACT, BLOCK("") }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_MEMORY, false },
        { "without the variable", "sh", { { INTACT, INTACT, BLOCK("PATH=/bin\0HOME=/\0") }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_MEMORY, false },
        { "a value with blanks, an equals sign and other bytes", "sh", { { INTACT, INTACT, BLOCK("BASH_FUNC_x%%=() { a=b\n}\0" RELATIVE_URI "\0N=\xff\0") }, SAME, NULL },
          ANSWER_OK, ENVIRONMENT_MEMORY, true },
        { "forked, blank", "worker", { { INTACT, INTACT, BLANK }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_PARENT, true },
        { "forked twice, both blank", "worker", { { INTACT, BLANK, BLANK }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_PARENT, true },
        { "a title that ends in the environment", "worker", { { INTACT, INTACT, BLOCK("daemon off;\0" RELATIVE_URI "\0") }, SAME, NULL },
          ANSWER_OK, ENVIRONMENT_PARENT, true },
        { "a title with an equals sign in it", "worker", { { INTACT, INTACT, BLOCK("--pool size=4\0" RELATIVE_URI "\0") }, SAME, NULL },
          ANSWER_OK, ENVIRONMENT_PARENT, true },
        { "cut off", "worker", { { INTACT, INTACT, { "PATH=/bin", 9 } }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_PARENT, true },
        { "blanks in place of NULs", "worker", { { INTACT, INTACT, { "x       ", 8 } }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_PARENT, true },
        { "executed by its parent: what it was given is not known", "sh", { { INTACT, INTACT, BLANK }, EXECUTED, OCI("[\"" RELATIVE_URI "\"]") },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false },
        { "forked by a program that its parent executed", "worker", { { INTACT, INTACT, BLANK }, PARENT_EXECUTED, NULL }, ANSWER_OK, ENVIRONMENT_PARENT, true },
        { "forked by one that overwrote its own, which its parent executed", "worker", { { INTACT, BLANK, BLANK }, PARENT_EXECUTED, OCI("[\"" RELATIVE_URI "\"]") },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false },
        { "no stack to compare", "worker", { { INTACT, INTACT, BLANK }, { NULL, NULL, NULL }, NULL }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false },
        { "all the way up, as Docker's record says", "worker", { { BLANK, BLANK, BLANK }, SAME, "{\"Config\":{\"Env\":[\"PATH=/bin\",\"" RELATIVE_URI "\"]}}" },
          ANSWER_OK, ENVIRONMENT_CONTAINER, true },
        { "all the way up, as the OCI bundle says", "worker", { { BLANK, BLANK, BLANK }, SAME, OCI("[\"" RELATIVE_URI "\"]") },
          ANSWER_OK, ENVIRONMENT_CONTAINER, true },
        { "a container that was given none", "worker", { { BLANK, BLANK, BLANK }, SAME, OCI("[\"PATH=/bin\"]") },
          ANSWER_OK, ENVIRONMENT_CONTAINER, false },
        { "no configuration", "worker", { { BLANK, BLANK, BLANK }, SAME, NULL }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false },
        { "a configuration that is half written", "worker", { { BLANK, BLANK, BLANK }, SAME, "{\"process\":{\"env\":[\"A" },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false },
        { "a configuration of another kind", "worker", { { BLANK, BLANK, BLANK }, SAME, "{\"process\":{\"env\":\"" RELATIVE_URI "\"}}" },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false },
        { "a worker of php-fpm", "php-fpm8.2", { { INTACT, INTACT, BLANK }, SAME, OCI("[\"" RELATIVE_URI "\"]") }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false },
        { "a worker of nginx", "nginx", { { INTACT, INTACT, BLANK }, SAME, OCI("[\"" RELATIVE_URI "\"]") }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false },
        { "not to be read", "sh", { { INTACT, INTACT, { NULL, 0 } }, SAME, NULL }, ANSWER_DENIED, ENVIRONMENT_UNKNOWN, false },
};

static struct process *read_all(struct snapshot **s, pid_t pid)
{
        struct collect_settings cs = { .proc = dir };
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(scan_done) struct scan x = { .at.cs = &cs };
        int i;

        assert_int_equal(broker_new("", answer, &b), 0);
        assert_int_equal(snapshot_new(s), 0);
        x.s = *s;
        x.at.broker = b;
        assert_int_equal(collect_processes(&x), 0);
        i = snapshot_find_process(*s, pid);
        assert_true(i >= 0);
        return &(*s)->processes[i];
}

static void each_has_its_source(void **state)
{
        (void)state;
        process(10, 1, "init", ID);
        process(12, 11, "job", ID);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                const struct process *p;

                process(11, 10, rows[i].comm, ID);
                world = &rows[i].world;
                p = read_all(&s, 12);
                if (p->environ.state != rows[i].state || p->environment_source != rows[i].source || (p->env[ENV_VAR_RELATIVE_URI] != NULL) != rows[i].relative)
                        fail_msg("%s: %s %s, from %s, %s", rows[i].why, answer_state_to_string(p->environ.state), p->environ.detail,
                                 environment_source_to_string(p->environment_source), p->env[ENV_VAR_RELATIVE_URI]);
                if (p->env[ENV_VAR_RELATIVE_URI])
                        assert_true(p->cred_relative >= 0);
        }
}

/* While a program is executed, and when a process is ending, all of its memory reads as empty: that it lacks a variable is not known. */
static void no_memory_yet(void **state)
{
        static const struct world w = { { INTACT, INTACT, BLOCK("") }, SAME, NULL };
        struct collect_settings cs = { .proc = dir };
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(scan_done) struct scan x = { .at.cs = &cs };

        (void)state;
        put(12, "cmdline", "");
        world = &w;
        assert_int_equal(broker_new("", answer, &b), 0);
        assert_int_equal(snapshot_new(&s), 0);
        x.s = s;
        x.at.broker = b;
        assert_int_equal(collect_processes(&x), 0);
        assert_true(snapshot_find_process(s, 11) >= 0);
        assert_true(snapshot_find_process(s, 12) < 0);
        put(12, "cmdline", "x");
}

/* The program is there when its command line is: what was empty a moment before is read again. */
static void memory_comes(void **state)
{
        static const struct world w = { { INTACT, INTACT, INTACT }, SAME, NULL };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;

        (void)state;
        world = &w;
        reads_empty = 1;
        assert_non_null(read_all(&s, 12)->env[ENV_VAR_RELATIVE_URI]);
        assert_int_equal(reads_empty, 0);
}

/* Its parent is a process of another container (the runtime's shim, docker exec from outside): it is a first one. */
static void first_by_another_container(void **state)
{
        static const struct world w = { { INTACT, INTACT, BLANK }, SAME, OCI("[\"PATH=/bin\"]") };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        const struct process *p;

        (void)state;
        process(11, 10, "shim", ID2);
        world = &w;
        p = read_all(&s, 12);
        assert_int_equal(p->environment_source, ENVIRONMENT_CONTAINER);
        assert_null(p->env[ENV_VAR_RELATIVE_URI]);
        process(11, 10, "sh", ID);
}

/* ---- a real process ---- */

/* As setproctitle(3) of nginx, PostgreSQL or Python does it: the strings are moved, their memory is written over. */
static void title_set(const char *unused)
{
        extern char **environ;
        char *first = environ[0], *end = first;

        (void)unused;
        for (char **e = environ; *e; e++)
                if (*e == end)
                        end += strlen(*e) + 1;
        memset(first, 0, (size_t)(end - first));
}

static void a_real_title(void **state)
{
        struct collect_settings cs = { .proc = "/proc" };
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(scan_done) struct scan x = { .at.cs = &cs };
        struct child c = child_start(title_set, NULL);
        const struct process *p;
        int i;

        (void)state;
        assert_int_equal(broker_local(&b), 0);
        assert_int_equal(snapshot_new(&s), 0);
        x.s = s;
        x.at.broker = b;
        assert_int_equal(collect_processes(&x), 0);
        i = snapshot_find_process(s, c.pid);
        child_stop(&c);
        group_end(test_container());
        assert_true(i >= 0);
        p = &s->processes[i];
        /* No runtime wrote a configuration for the container that this test made up. */
        assert_int_equal(p->environ.state, ANSWER_GARBAGE);
        assert_string_equal(p->environ.detail, "overwritten by the program");
        assert_null(p->env[ENV_VAR_HOME]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_has_its_source), cmocka_unit_test(no_memory_yet), cmocka_unit_test(memory_comes), cmocka_unit_test(first_by_another_container), cmocka_unit_test(a_real_title),
        };
        char command[64];
        int r;

        setenv("HOME", "/root", 1);
        if (!mkdtemp(dir))
                return 1;
        r = cmocka_run_group_tests(tests, NULL, NULL);
        snprintf(command, sizeof command, "rm -r %s", dir);
        return system(command) ? 1 : r;
}
