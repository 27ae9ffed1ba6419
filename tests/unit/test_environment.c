/* The environment of a process: from its memory, from the parent that forked it, from its container; or unknown. */
#include <elf.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
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
#include "rolewatch/limits.h"

#define ID "39c3bad8e7edf1eaf2fcd1093924558d88ea8509fe5bb2e6fedd5fc0ff3049ba"
#define ID2 "0bb9d4a27329555d67cf766780a3082d0ef459af8b1f5e33fe729df557b97208"
#define URI "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/11111111-2222"
#define REST " 1 1 0 -1 4194560 1 1 0 0 1 1 1 1 20 0 1 0 "
/* AT_RANDOM, as the kernel chooses it; and on x86 and arm64 without ASLR. */
#define RANDOM(n) (0x7ffc12340009 + (n) * 16)
#define FIXED 0x7fffffffe9a9
#define FIXED_ARM 0xffffffffe9a9
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
/* Of pids 10, 11, 12. executions: AT_RANDOM of their programs; 0: not visible. */
struct world { struct block memory[3]; uint64_t executions[3]; const char *config; };
static uint64_t executions[3];         /* the same in place of those, where environments are cached */
static struct environment_cache *environments;
static unsigned n_vectors;             /* requested */
static const struct world *world;
static unsigned n_configs;             /* requested */
static int reads_empty;                /* so often the memory of pid 12 reads as empty */
static char program[64];               /* that all of them run; "": not visible */

static int bytes_open(const char *s, size_t len)
{
        int fd = memfd_create("x", MFD_CLOEXEC);

        assert_int_equal(pwrite(fd, s, len, 0), (ssize_t)len);
        return fd;
}

static int answer(struct broker *b, const struct wire_request *q)
{
        size_t i = (size_t)q->pid - 10;
        uint64_t random;

        (void)b;
        assert_true(i < 3);
        if (q->op == BROKER_ENVIRON && i == 2 && reads_empty > 0) {
                reads_empty--;
                return bytes_open("", 0);
        }
        n_configs += q->op == BROKER_CONTAINER_CONFIG;
        n_vectors += q->op == BROKER_AUXV;
        random = environments ? executions[i] : world->executions[i];
        if (q->op == BROKER_AUXV && random) {
                const uint64_t vector[] = { AT_RANDOM, random, AT_NULL, 0 };

                return bytes_open((const char *)vector, sizeof vector);
        }
        if (q->op == BROKER_FILE || q->op == BROKER_DIRECTORY) {
                char path[64 + BROKER_PATH_MAX];

                snprintf(path, sizeof path, "%s/root%s", dir, q->path);
                i = (size_t)open(path, O_RDONLY | O_CLOEXEC);
                return (int)i < 0 ? -errno : (int)i;
        }
        if (q->op == BROKER_EXE && program[0])
                return open(program, O_RDONLY | O_CLOEXEC);
        if (q->op == BROKER_ENVIRON)
                return world->memory[i].s ? bytes_open(world->memory[i].s, world->memory[i].len) : -EACCES;
        if (q->op == BROKER_CONTAINER_CONFIG && world->config)
                return bytes_open(world->config, strlen(world->config));
        return -ENOENT;
}

#define INTACT BLOCK("PATH=/bin\0" URI "\0HOME=/\0")
/* As long as what it overwrote: more than a container is given here; less, though the URI might be in it; less than that alone takes. */
static const char nuls[128];
#define BLANK { nuls, sizeof nuls }
#define SHORTER { nuls, sizeof URI + 4 }
#define SHORT { nuls, sizeof URI - 1 }
#define SAME { RANDOM(0), RANDOM(0), RANDOM(0) }
#define EXECUTED { RANDOM(0), RANDOM(0), RANDOM(1) }
#define PARENT_EXECUTED { RANDOM(0), RANDOM(1), RANDOM(1) }
static const struct row {
        const char *why, *comm;        /* of the parent, pid 11 */
        struct world world;
        enum answer_state state;
        enum environment_source source;
        bool relative, without;
} rows[] = {
        { "untouched", "sh", { { INTACT, INTACT, INTACT }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_MEMORY, true, false },
        { "empty, as env -i starts it", "sh", { { INTACT, INTACT, BLOCK("") }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_MEMORY, false, false },
        { "without the variable", "sh", { { INTACT, INTACT, BLOCK("PATH=/bin\0HOME=/\0") }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_MEMORY, false, false },
        { "a value with blanks, an equals sign and other bytes", "sh", { { INTACT, INTACT, BLOCK("BASH_FUNC_x%%=() { a=b\n}\0" URI "\0N=\xff\0") }, SAME, NULL },
          ANSWER_OK, ENVIRONMENT_MEMORY, true, false },
        { "names that Docker takes", "sh", { { INTACT, INTACT, BLOCK("PATH=/bin\0MY VAR=x\0NO_VALUE\0=x\0" URI "\0") }, EXECUTED, NULL },
          ANSWER_OK, ENVIRONMENT_MEMORY, true, false },
        { "forked, blank", "worker", { { INTACT, INTACT, BLANK }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_PARENT, true, false },
        { "forked twice, both blank", "worker", { { INTACT, BLANK, BLANK }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_PARENT, true, false },
        { "a title that ends in the environment", "worker", { { INTACT, INTACT, BLOCK("daemon off;\0" URI "\0") }, SAME, NULL },
          ANSWER_OK, ENVIRONMENT_PARENT, true, false },
        { "a title with an equals sign in it", "worker", { { INTACT, INTACT, BLOCK("--pool size=4\0" URI "\0") }, SAME, NULL },
          ANSWER_OK, ENVIRONMENT_PARENT, true, false },
        { "cut off", "worker", { { INTACT, INTACT, { "PATH=/bin", 9 } }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_PARENT, true, false },
        { "blanks in place of NULs", "worker", { { INTACT, INTACT, { "x       ", 8 } }, SAME, NULL }, ANSWER_OK, ENVIRONMENT_PARENT, true, false },
        { "executed by its parent: what it was given is not known", "sh", { { INTACT, INTACT, BLANK }, EXECUTED, OCI("[\"" URI "\"]") },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "forked by a program that its parent executed", "worker", { { INTACT, INTACT, BLANK }, PARENT_EXECUTED, NULL }, ANSWER_OK, ENVIRONMENT_PARENT, true, false },
        { "forked by one that overwrote its own, which its parent executed", "worker", { { INTACT, BLANK, BLANK }, PARENT_EXECUTED, OCI("[\"" URI "\"]") },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "executed by the same shell without ASLR", "sh", { { INTACT, INTACT, BLANK }, { FIXED, FIXED, FIXED }, NULL }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "the same on arm64", "sh", { { INTACT, INTACT, BLANK }, { FIXED_ARM, FIXED_ARM, FIXED_ARM }, NULL }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "what exec chose is not visible", "worker", { { INTACT, INTACT, BLANK }, { 0, 0, 0 }, NULL }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "all the way up, as Docker's record says", "worker", { { BLANK, BLANK, BLANK }, SAME, "{\"Config\":{\"Env\":[\"PATH=/bin\",\"" URI "\"]}}" },
          ANSWER_OK, ENVIRONMENT_CONTAINER, true, false },
        { "all the way up, as the OCI bundle says", "worker", { { BLANK, BLANK, BLANK }, SAME, OCI("[\"" URI "\"]") },
          ANSWER_OK, ENVIRONMENT_CONTAINER, true, false },
        { "a container that was given none", "worker", { { BLANK, BLANK, BLANK }, SAME, OCI("[\"PATH=/bin\"]") },
          ANSWER_OK, ENVIRONMENT_CONTAINER, false, false },
        { "started with just what its container was", "worker", { { BLANK, BLANK, { nuls, sizeof URI + 10 } }, SAME, OCI("[\"PATH=/bin\",\"" URI "\"]") },
          ANSWER_OK, ENVIRONMENT_CONTAINER, true, false },
        { "started with less than its container: the entrypoint removed something", "worker", { { BLANK, BLANK, SHORTER }, SAME, OCI("[\"PATH=/bin\",\"" URI "\"]") },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "started with so little that the URI is not in it", "worker", { { BLANK, BLANK, SHORT }, SAME, OCI("[\"PATH=/bin\",\"" URI "\"]") },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, true },
        { "as little, by a container that was given no URI", "worker", { { BLANK, BLANK, { nuls, 3 } }, SAME, OCI("[\"PATH=/bin\"]") },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "a name that begins like the URI's", "worker", { { BLANK, BLANK, SHORT }, SAME, OCI("[\"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI_X=" "0123456789012345678901234567890\"]") },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "no configuration", "worker", { { BLANK, BLANK, BLANK }, SAME, NULL }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "a configuration that is half written", "worker", { { BLANK, BLANK, BLANK }, SAME, "{\"process\":{\"env\":[\"A" },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "a configuration of another kind", "worker", { { BLANK, BLANK, BLANK }, SAME, "{\"process\":{\"env\":\"" URI "\"}}" },
          ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "a worker of OpenResty", "openresty", { { INTACT, INTACT, BLANK }, SAME, OCI("[\"" URI "\"]") }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "a worker of Angie", "angie", { { INTACT, INTACT, BLANK }, SAME, OCI("[\"" URI "\"]") }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "a worker of php-fpm", "php-fpm8.2", { { INTACT, INTACT, BLANK }, SAME, OCI("[\"" URI "\"]") }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "a worker of nginx", "nginx", { { INTACT, INTACT, BLANK }, SAME, OCI("[\"" URI "\"]") }, ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, false },
        { "not to be read", "sh", { { INTACT, INTACT, { NULL, 0 } }, SAME, NULL }, ANSWER_DENIED, ENVIRONMENT_UNKNOWN, false, false },
};

static struct process *read_all(struct snapshot **s, pid_t pid)
{
        struct collect_settings cs = { .proc = dir, .environments = environments };
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
        process(1, 0, "shim", "");
        process(10, 1, "init", ID);
        process(12, 11, "job", ID);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                const struct process *p;

                process(11, 10, rows[i].comm, ID);
                world = &rows[i].world;
                p = read_all(&s, 12);
                if (p->environ.state != rows[i].state || p->environment_source != rows[i].source || (p->env[ENV_VAR_RELATIVE_URI] != NULL) != rows[i].relative ||
                    p->without_uri != rows[i].without)
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

/* A parent that ended while its child was read: who it was, and whether it was of the container, is not known. */
static void a_parent_that_has_ended(void **state)
{
        static const struct world w = { { INTACT, INTACT, BLANK }, SAME, OCI("[\"" URI "\"]") };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        const struct process *p;

        (void)state;
        process(12, 13, "job", ID);
        world = &w;
        p = read_all(&s, 12);
        assert_int_equal(p->environ.state, ANSWER_GARBAGE);
        assert_int_equal(p->environment_source, ENVIRONMENT_UNKNOWN);
        process(12, 11, "job", ID);
}

/* The workers of a container share one reading of its configuration, and of their parent's vector. */
static void workers_cost_little(void **state)
{
        static const struct world w = { { BLANK, BLANK, BLANK }, SAME, OCI("[\"" URI "\"]") };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;

        (void)state;
        process(12, 10, "job", ID);
        process(11, 10, "job", ID);
        world = &w;
        n_configs = n_vectors = 0;
        assert_int_equal(read_all(&s, 12)->environment_source, ENVIRONMENT_CONTAINER);
        assert_int_equal(s->processes[snapshot_find_process(s, 11)].environment_source, ENVIRONMENT_CONTAINER);
        assert_int_equal(n_configs, 1);
        assert_int_equal(n_vectors, 3);        /* of each worker, and of their parent */
        process(12, 11, "job", ID);
}

/* However many processes overwrite their environments, and however much memory they map: a scan reads so much and no more. */
static void work_is_bounded(void **state)
{
        static const struct world w = { { INTACT, INTACT, BLANK }, SAME, NULL };
        struct collect_settings cs = { .proc = dir };
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(scan_done) struct scan x = { .at.cs = &cs };
        CLEANUP(reader_done) struct reader rd = { .x = &x, .recovered = RECOVERED_MAX };
        CLEANUP(sdk_cache_freep) struct sdk_cache *sdks = NULL;
        CLEANUP(closep) int proc = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        (void)state;
        assert_int_equal(broker_new("", answer, &b), 0);
        assert_int_equal(snapshot_new(&s), 0);
        assert_int_equal(sdk_cache_new(&sdks), 0);
        x.s = s;
        x.at.broker = b;
        rd.sdks = sdks;
        reader_make(&rd, proc);
        world = &w;
        assert_int_equal(process_read(&rd, proc, 12), 0);
        assert_int_equal(s->processes[0].environ.state, ANSWER_GARBAGE);
        rd.recovered = 0;
        assert_int_equal(process_read(&rd, proc, 12), 0);
        assert_int_equal(s->processes[1].environment_source, ENVIRONMENT_PARENT);
        assert_int_equal(rd.recovered, w.memory[0].len);
}

/* What a program does to its own environment hides no SDK. */
static void its_sdk_is_recognized(void **state)
{
        static const struct world w = { { INTACT, INTACT, BLANK }, EXECUTED, NULL };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        const struct process *p;

        (void)state;
        snprintf(program, sizeof program, "%s/aws-cli/v2/2.15.0/dist/aws", dir);
        for (char *slash = strchr(program + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
                *slash = '\0';
                mkdir(program, 0700);
                *slash = '/';
        }
        close(open(program, O_WRONLY | O_CREAT | O_CLOEXEC, 0700));
        world = &w;
        p = read_all(&s, 12);
        program[0] = '\0';
        assert_int_equal(p->environ.state, ANSWER_GARBAGE);
        assert_int_equal(p->n_sdks, 1);
        assert_string_equal(p->sdks[0].name, "cli2");
        assert_int_equal(p->config.state, FILE_UNKNOWN);
}

/* ---- what the daemon read before ---- */

#define WITHOUT BLOCK("PATH=/bin\0HOME=/\0")

/* What a program was executed with, and what is known once it has overwritten that. */
static void once_read_it_stays_known(void **state)
{
        static const struct {
                const char *why;
                struct world before, after;
                uint64_t executions[2][3];             /* of the same */
                const char *comm;
                enum answer_state state;
                enum environment_source source;
                bool relative;
                const char *title;
        } T[] = {
                { "started by a shell, then overwritten", { { INTACT, INTACT, INTACT }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(1), RANDOM(2) }, { RANDOM(0), RANDOM(1), RANDOM(2) } }, "celery", ANSWER_OK, ENVIRONMENT_EXEC, true, "x" },
                { "started without the variable, though its container has it", { { INTACT, INTACT, WITHOUT }, EXECUTED, NULL },
                  { { INTACT, INTACT, BLANK }, EXECUTED, OCI("[\"" URI "\"]") },
                  { { RANDOM(0), RANDOM(1), RANDOM(2) }, { RANDOM(0), RANDOM(1), RANDOM(2) } }, "celery", ANSWER_OK, ENVIRONMENT_EXEC, false, "x" },
                { "changed so that it looks like another environment", { { INTACT, INTACT, INTACT }, EXECUTED, NULL }, { { INTACT, INTACT, BLOCK("A=b\0") }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(1), RANDOM(2) }, { RANDOM(0), RANDOM(1), RANDOM(2) } }, "celery", ANSWER_OK, ENVIRONMENT_EXEC, true, "x" },
                { "another program since, overwritten", { { INTACT, INTACT, INTACT }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(1), RANDOM(2) }, { RANDOM(0), RANDOM(1), RANDOM(3) } }, "celery", ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, "x" },
                { "another program since, intact", { { INTACT, INTACT, INTACT }, EXECUTED, NULL }, { { INTACT, INTACT, WITHOUT }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(1), RANDOM(2) }, { RANDOM(0), RANDOM(1), RANDOM(3) } }, "celery", ANSWER_OK, ENVIRONMENT_MEMORY, false, "x" },
                { "which program it was is not visible", { { INTACT, INTACT, INTACT }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(1), 0 }, { RANDOM(0), RANDOM(1), 0 } }, "celery", ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, "x" },
                { "nor is it now", { { INTACT, INTACT, INTACT }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(1), RANDOM(2) }, { RANDOM(0), RANDOM(1), 0 } }, "celery", ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, "x" },
                { "overwritten from the start", { { INTACT, INTACT, BLANK }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(1), RANDOM(2) }, { RANDOM(0), RANDOM(1), RANDOM(2) } }, "celery", ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, "x" },
                { "forked from it, which has ended", { { INTACT, INTACT, BLANK }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(2), RANDOM(2) }, { RANDOM(0), RANDOM(4), RANDOM(2) } }, "celery", ANSWER_OK, ENVIRONMENT_EXEC, true, "x" },
                { "forked by nginx itself into the background", { { INTACT, INTACT, BLANK }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(2), RANDOM(2) }, { RANDOM(0), RANDOM(4), RANDOM(2) } }, "nginx", ANSWER_OK, ENVIRONMENT_EXEC, true, "nginx: master process nginx" },
                { "forked by OpenResty itself into the background", { { INTACT, INTACT, BLANK }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(2), RANDOM(2) }, { RANDOM(0), RANDOM(4), RANDOM(2) } }, "openresty", ANSWER_OK, ENVIRONMENT_EXEC, true, "nginx: master process /usr/bin/openresty" },
                { "a worker of OpenResty, whose main process has ended", { { INTACT, INTACT, BLANK }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(2), RANDOM(2) }, { RANDOM(0), RANDOM(4), RANDOM(2) } }, "openresty", ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, "nginx: worker process" },
                { "forked by Angie itself into the background", { { INTACT, INTACT, BLANK }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(2), RANDOM(2) }, { RANDOM(0), RANDOM(4), RANDOM(2) } }, "angie", ANSWER_OK, ENVIRONMENT_EXEC, true, "angie: master process v1.7.0 #1 [/usr/sbin/angie]" },
                { "forked by php-fpm itself into the background", { { INTACT, INTACT, BLANK }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(2), RANDOM(2) }, { RANDOM(0), RANDOM(4), RANDOM(2) } }, "php-fpm8.2", ANSWER_OK, ENVIRONMENT_EXEC, true,
                  "php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)" },
                { "the same of a program that gives its workers another one", { { INTACT, INTACT, BLANK }, EXECUTED, NULL }, { { INTACT, INTACT, BLANK }, EXECUTED, NULL },
                  { { RANDOM(0), RANDOM(2), RANDOM(2) }, { RANDOM(0), RANDOM(4), RANDOM(2) } }, "nginx", ANSWER_GARBAGE, ENVIRONMENT_UNKNOWN, false, "x" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *before = NULL, *s = NULL;
                const struct process *p;

                assert_int_equal(environment_cache_new(&environments), 0);
                process(11, 10, "sh", ID);
                process(12, 11, T[i].comm, ID);
                put(12, "cmdline", T[i].title);
                world = &T[i].before;
                memcpy(executions, T[i].executions[0], sizeof executions);
                read_all(&before, 12);
                world = &T[i].after;
                memcpy(executions, T[i].executions[1], sizeof executions);
                p = read_all(&s, 12);
                if (p->environ.state != T[i].state || p->environment_source != T[i].source || (p->env[ENV_VAR_RELATIVE_URI] != NULL) != T[i].relative ||
                    (p->cred_relative >= 0) != T[i].relative || (T[i].relative && !streq(p->env[ENV_VAR_RELATIVE_URI], "/v2/credentials/***")))
                        fail_msg("%s: %s, from %s, %s", T[i].why, answer_state_to_string(p->environ.state),
                                 environment_source_to_string(p->environment_source), p->env[ENV_VAR_RELATIVE_URI]);
                environment_cache_freep(&environments);
                environments = NULL;
        }
        memset(executions, 0, sizeof executions);
        process(12, 11, "job", ID);
}

/* In whatever order /proc names them: of three, one has the URI in its memory, and it is not the first to be read both times. */
static void the_order_does_not_count(void **state)
{
        static const struct world whole = { { INTACT, INTACT, INTACT }, SAME, NULL };
        static const struct world after[] = { { { INTACT, BLANK, BLANK }, SAME, NULL }, { { BLANK, BLANK, INTACT }, SAME, NULL } };

        (void)state;
        process(11, 10, "celery", ID);
        process(12, 10, "celery", ID);
        for (size_t i = 0; i < 3; i++)
                executions[i] = RANDOM(i);
        for (size_t k = 0; k < ARRAY_SIZE(after); k++) {
                CLEANUP(snapshot_freep) struct snapshot *before = NULL, *s = NULL;

                assert_int_equal(environment_cache_new(&environments), 0);
                world = &whole;
                read_all(&before, 10);
                world = &after[k];
                read_all(&s, 10);
                for (pid_t pid = 10; pid <= 12; pid++)
                        assert_true(s->processes[snapshot_find_process(s, pid)].cred_relative >= 0);
                environment_cache_freep(&environments);
                environments = NULL;
        }
        memset(executions, 0, sizeof executions);
        process(11, 10, "job", ID);
        process(12, 11, "job", ID);
}

/* A process that put itself into the background: what it forked from has ended, and is dropped with the next scan. */
static void background_processes(void **state)
{
        static const struct world before = { { INTACT, INTACT, BLANK }, EXECUTED, NULL }, after = { { INTACT, BLANK, BLANK }, EXECUTED, NULL };
        CLEANUP(snapshot_freep) struct snapshot *first = NULL;
        char path[64];

        (void)state;
        assert_int_equal(environment_cache_new(&environments), 0);
        process(11, 10, "celery", ID);
        process(12, 10, "celery", ID);
        executions[0] = RANDOM(0);
        executions[1] = RANDOM(2);
        executions[2] = 0;
        world = &before;
        read_all(&first, 12);
        executions[2] = RANDOM(2);
        snprintf(path, sizeof path, "%s/11/stat", dir);
        unlink(path);
        world = &after;
        for (int i = 0; i < 3; i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;

                assert_int_equal(read_all(&s, 12)->environment_source, ENVIRONMENT_EXEC);
                assert_true(environment_cache_is_found(environments, environment_cache_find(environments, 12, 12)));
                environment_cache_remove(environments, 11);
        }
        memset(executions, 0, sizeof executions);
        environment_cache_freep(&environments);
        environments = NULL;
        process(11, 10, "sh", ID);
        process(12, 11, "job", ID);
}

/* The endpoint is requested with the URI of the container: the cache has none. Where nothing names it, nothing is known. */
static void credentials_of_a_cached_one(void **state)
{
        static const struct world before = { { INTACT, INTACT, INTACT }, EXECUTED, NULL };
        static const struct { struct world after; bool known; } T[] = {
                { { { BLANK, BLANK, BLANK }, EXECUTED, OCI("[\"" URI "\"]") }, true },
                { { { BLANK, BLANK, BLANK }, EXECUTED, OCI("[\"" URI "-another\"]") }, false },
                { { { BLANK, BLANK, BLANK }, EXECUTED, NULL }, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *first = NULL, *s = NULL;
                const struct process *p;

                assert_int_equal(environment_cache_new(&environments), 0);
                for (size_t k = 0; k < 3; k++)
                        executions[k] = RANDOM(k);
                world = &before;
                read_all(&first, 12);
                world = &T[i].after;
                p = read_all(&s, 12);
                assert_int_equal(p->environment_source, T[i].known ? ENVIRONMENT_EXEC : ENVIRONMENT_UNKNOWN);
                assert_int_equal(p->cred_relative >= 0, T[i].known);
                environment_cache_freep(&environments);
                environments = NULL;
        }
        memset(executions, 0, sizeof executions);
}

/* A scan in which nothing changed reads no vector. */
static void what_is_cached_costs_nothing(void **state)
{
        static const struct world w = { { INTACT, INTACT, WITHOUT }, EXECUTED, NULL };

        (void)state;
        assert_int_equal(environment_cache_new(&environments), 0);
        world = &w;
        for (size_t k = 0; k < 3; k++)
                executions[k] = RANDOM(k);
        for (int i = 0; i < 3; i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;

                n_vectors = 0;
                read_all(&s, 12);
                assert_int_equal(n_vectors, i == 0 ? 3 : 0);
                assert_int_equal(environment_cache_count(environments), 3);
        }
        memset(executions, 0, sizeof executions);
        environment_cache_freep(&environments);
        environments = NULL;
}

/* ---- workers of php-fpm ---- */

static void file_put(const char *path, const char *text)
{
        char full[512];
        FILE *f;

        snprintf(full, sizeof full, "%s/root%s", dir, path);
        for (char *slash = strchr(full + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
                *slash = '\0';
                mkdir(full, 0700);
                *slash = '/';
        }
        f = fopen(full, "w");
        assert_non_null(f);
        fputs(text, f);
        fclose(f);
}

static void uptime_put(double s)
{
        char path[256];
        FILE *f;

        snprintf(path, sizeof path, "%s/uptime", dir);
        f = fopen(path, "w");
        assert_non_null(f);
        fprintf(f, "%.2f 1.00\n", s);
        fclose(f);
}

static void tree_remove(void)
{
        char command[128];

        snprintf(command, sizeof command, "rm -rf %s/root %s/uptime", dir, dir);
        assert_int_equal(system(command), 0);
}

#define DEBIAN "/etc/php/8.2/fpm/"
#define INCLUDE "[global]\npid = /run/php.pid\ninclude=" DEBIAN "pool.d/*.conf\n"
/* The pool decides what its workers have of the master's environment; what cannot be read of it is unknown. */
static void pools_decide(void **state)
{
        static const struct {
                const char *why, *main, *pool, *other;
                enum answer_state state;
                bool relative, profile;
        } T[] = {
                { "cleared, as is the default", INCLUDE, "[www]\nuser = www-data\n;clear_env = no\n", NULL, ANSWER_OK, false, false },
                { "not cleared", INCLUDE, "[www]\nclear_env = no\n", NULL, ANSWER_OK, true, false },
                { "in another file, as in Docker's image", INCLUDE, "[www]\nlisten = 9000\n", "[global]\nerror_log = /proc/self/fd/2\n[www]\nclear_env = no ; all\n", ANSWER_OK, true, false },
                { "of another pool", INCLUDE, "[www]\nlisten = 9000\n", "[api]\nclear_env = no\n", ANSWER_OK, false, false },
                { "passed on", INCLUDE, "[www]\nenv[AWS_CONTAINER_CREDENTIALS_RELATIVE_URI] = $AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\nenv[PATH] = ${PATH}\n", NULL, ANSWER_OK, true, false },
                { "set", INCLUDE, "[www]\nenv[AWS_PROFILE] = 'web'\n", NULL, ANSWER_OK, false, true },
                { "no such pool", INCLUDE, "[api]\nclear_env = no\n", NULL, ANSWER_OK, false, false },
                { "a contradiction", INCLUDE, "[www]\nclear_env = no\n", "[www]\nclear_env = yes\n", ANSWER_GARBAGE, false, false },
                { "half a line", INCLUDE, "[www]\nclear_env = no\nenv[AWS_PRO", NULL, ANSWER_GARBAGE, false, false },
                { "an expression", INCLUDE, "[www]\nclear_env = ${CLEAR}\n", NULL, ANSWER_GARBAGE, false, false },
                { "a URI that is written there", INCLUDE, "[www]\nenv[AWS_CONTAINER_CREDENTIALS_RELATIVE_URI] = /v2/credentials/x\n", NULL, ANSWER_GARBAGE, false, false },
                { "no main file", NULL, "[www]\nclear_env = no\n", NULL, ANSWER_GARBAGE, false, false },
                { "an included file that is missing", "include = /etc/none.conf\n", "[www]\nclear_env = no\n", NULL, ANSWER_GARBAGE, false, false },
                { "an included directory that is missing", "include = /etc/none/*.conf\n[www]\nclear_env = no\n", "", NULL, ANSWER_OK, true, false },
                { "relative to a prefix that is not known", "include = etc/*.conf\n[www]\nclear_env = no\n", "", NULL, ANSWER_GARBAGE, false, false },
                { "wildcards on the way", "include = /etc/*/fpm/www.conf\n", "", NULL, ANSWER_GARBAGE, false, false },
                { "one that includes itself", "include = " DEBIAN "php-fpm.conf\n", "", NULL, ANSWER_GARBAGE, false, false },
        };
        static const struct world w = { { INTACT, INTACT, BLANK }, SAME, NULL };

        (void)state;
        process(11, 10, "php-fpm8.2", ID);
        process(12, 11, "php-fpm8.2", ID);
        put(11, "cmdline", "php-fpm: master process (" DEBIAN "php-fpm.conf)");
        put(12, "cmdline", "php-fpm: pool www");
        world = &w;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                const struct process *p;

                if (T[i].main)
                        file_put(DEBIAN "php-fpm.conf", T[i].main);
                file_put(DEBIAN "pool.d/www.conf", T[i].pool);
                file_put(DEBIAN "pool.d/.hidden.conf", "garbage");
                file_put(DEBIAN "pool.d/www.conf.bak", "garbage");
                if (T[i].other)
                        file_put(DEBIAN "pool.d/a.conf", T[i].other);
                uptime_put(0.1);
                p = read_all(&s, 12);
                if (p->environ.state != T[i].state || (p->env[ENV_VAR_RELATIVE_URI] != NULL) != T[i].relative || (p->cred_relative >= 0) != T[i].relative ||
                    (p->env[ENV_VAR_PROFILE] != NULL) != T[i].profile ||
                    p->environment_source != (T[i].state == ANSWER_OK ? ENVIRONMENT_CONFIGURATION : ENVIRONMENT_UNKNOWN))
                        fail_msg("%s: %s, from %s, %s", T[i].why, answer_state_to_string(p->environ.state),
                                 environment_source_to_string(p->environment_source), p->env[ENV_VAR_RELATIVE_URI]);
                assert_null(p->env[ENV_VAR_HOME]);
                assert_int_equal(p->environ.state == ANSWER_GARBAGE, p->environ.detail && strstr(p->environ.detail, "another environment than its own"));
                tree_remove();
        }
        process(11, 10, "sh", ID);
        process(12, 11, "job", ID);
}

/* Docker's image: relative to the prefix. And what the master may not have read, or is no worker of it, says nothing. */
static void pools_of_others(void **state)
{
        static const struct {
                const char *why, *master, *worker, *comm;
                struct world world;
                double uptime_s;
                bool known;
        } T[] = {
                { "as it is", "php-fpm: master process (/usr/local/etc/php-fpm.conf)", "php-fpm: pool www", "php-fpm", { { INTACT, INTACT, BLANK }, SAME, NULL }, 0.1, true },
                { "changed after the worker was started", "php-fpm: master process (/usr/local/etc/php-fpm.conf)", "php-fpm: pool www", "php-fpm",
                  { { INTACT, INTACT, BLANK }, SAME, NULL }, 1000, false },
                { "when it was started is not known", "php-fpm: master process (/usr/local/etc/php-fpm.conf)", "php-fpm: pool www", "php-fpm",
                  { { INTACT, INTACT, BLANK }, SAME, NULL }, 0, false },
                { "no master", "php-fpm -F", "php-fpm: pool www", "php-fpm", { { INTACT, INTACT, BLANK }, SAME, NULL }, 0.1, false },
                { "no pool", "php-fpm: master process (/usr/local/etc/php-fpm.conf)", "php-fpm: pool ../x y", "php-fpm", { { INTACT, INTACT, BLANK }, SAME, NULL }, 0.1, false },
                { "a path without its end", "php-fpm: master process (/usr/local/etc/php-fpm.conf", "php-fpm: pool www", "php-fpm", { { INTACT, INTACT, BLANK }, SAME, NULL }, 0.1, false },
                { "another program", "php-fpm: master process (/usr/local/etc/php-fpm.conf)", "php-fpm: pool www", "sh", { { INTACT, INTACT, BLANK }, SAME, NULL }, 0.1, false },
                { "executed by it", "php-fpm: master process (/usr/local/etc/php-fpm.conf)", "php-fpm: pool www", "php-fpm", { { INTACT, INTACT, BLANK }, EXECUTED, NULL }, 0.1, false },
                { "a master whose own is not known", "php-fpm: master process (/usr/local/etc/php-fpm.conf)", "php-fpm: pool www", "php-fpm", { { INTACT, BLANK, BLANK }, PARENT_EXECUTED, NULL }, 0.1, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                const struct process *p;

                process(11, 10, T[i].comm, ID);
                process(12, 11, "php-fpm", ID);
                put(11, "cmdline", T[i].master);
                put(12, "cmdline", T[i].worker);
                file_put("/usr/local/etc/php-fpm.conf", "[global]\ninclude=etc/php-fpm.d/*.conf\n");
                file_put("/usr/local/etc/php-fpm.d/docker.conf", "[www]\nclear_env = no\n");
                if (T[i].uptime_s > 0)
                        uptime_put(T[i].uptime_s);
                world = &T[i].world;
                p = read_all(&s, 12);
                if ((p->environment_source == ENVIRONMENT_CONFIGURATION) != T[i].known || (T[i].known && !p->env[ENV_VAR_RELATIVE_URI]))
                        fail_msg("%s: from %s", T[i].why, environment_source_to_string(p->environment_source));
                tree_remove();
        }
        process(11, 10, "sh", ID);
        process(12, 11, "job", ID);
}

/* ---- options of uWSGI ---- */

/* Where they change a variable of the chain table, what it was executed with says nothing. */
static void options_of_uwsgi(void **state)
{
        static const struct { const char *why, *comm, *args, *file, *text; bool known; } T[] = {
                { "a configuration that changes nothing", "uwsgi", "/etc/web.ini", "/etc/web.ini", "[uwsgi]\nenv = DJANGO_SETTINGS_MODULE=web\nenv = HOME=/srv\n", true },
                { "one that sets a variable", "uwsgi", "/etc/web.ini", "/etc/web.ini", "[uwsgi]\nenv = AWS_PROFILE=web\n", false },
                { "one that removes it", "uwsgi-core", "/etc/web.ini", "/etc/web.ini", "[uwsgi]\nunenv = AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\n", false },
                { "a section of it", "uwsgi", "--ini=/etc/web.ini:production", "/etc/web.ini", "[production]\nenv = AWS_PROFILE=web\n", false },
                { "XML", "uwsgi", "--xml=/etc/web.xml", "/etc/web.xml", "<uwsgi><env>AWS_PROFILE=web</env></uwsgi>", false },
                { "YAML", "uwsgi", "/etc/web.yml", "/etc/web.yml", "uwsgi:\n  env: AWS_PROFILE=web", false },
                { "on the command line", "uwsgi", "--env=AWS_PROFILE=web", NULL, NULL, false },
                { "another variable there", "uwsgi", "--env=AWS_PROFILE_NAME=web", NULL, NULL, true },
                { "a file that is not there", "uwsgi", "/etc/web.ini", NULL, NULL, true },
                { "one of another kind", "uwsgi", "/etc/web.py", "/etc/web.py", "AWS_PROFILE = 1\n", true },
                { "another program", "sh", "/etc/web.ini", "/etc/web.ini", "[uwsgi]\nenv = AWS_PROFILE=web\n", true },
        };
        static const struct world w = { { INTACT, INTACT, INTACT }, EXECUTED, NULL };

        (void)state;
        process(11, 10, "sh", ID);
        world = &w;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                const struct process *p;

                process(12, 11, T[i].comm, ID);
                put(12, "cmdline", T[i].args);
                if (T[i].file)
                        file_put(T[i].file, T[i].text);
                p = read_all(&s, 12);
                if (p->environ.state != (T[i].known ? ANSWER_OK : ANSWER_GARBAGE) || p->environment_source != (T[i].known ? ENVIRONMENT_MEMORY : ENVIRONMENT_UNKNOWN) ||
                    (p->env[ENV_VAR_RELATIVE_URI] != NULL) != T[i].known || (p->cred_relative >= 0) != T[i].known || (p->env[ENV_VAR_HOME] != NULL) != T[i].known)
                        fail_msg("%s: %s, from %s", T[i].why, answer_state_to_string(p->environ.state), environment_source_to_string(p->environment_source));
                if (!T[i].known)
                        assert_string_equal(p->environ.detail, "changed by options of uWSGI");
                tree_remove();
        }
        process(12, 11, "job", ID);
}

/* ---- a real process ---- */

/* As setproctitle(3) of nginx, PostgreSQL or Python does it: the strings are moved, their memory is written over. */
static void title_set(void)
{
        extern char **environ;
        char *first = environ[0], *end = first;

        for (char **e = environ; *e; e++)
                if (*e == end)
                        end += strlen(*e) + 1;
        memset(first, 0, (size_t)(end - first));
}

/* This program, executed: valgrind does not follow it there, so that its environment is its own memory. */
#define TITLED "titled"
static char *own_path;

static void titled_execute(const char *unused)
{
        (void)unused;
        execl(own_path, own_path, TITLED, (char *)NULL);
        _exit(99);
}

/* Waits until the program has been executed and has written over its memory. */
static bool is_titled(pid_t pid)
{
        char path[64];

        snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
        for (int i = 0; i < 3000; i++) {
                CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
                char first;

                if (fd >= 0 && read(fd, &first, 1) == 1 && first == '\0')
                        return true;
                usleep(10000);
        }
        return false;
}

static void a_real_title(void **state)
{
        struct collect_settings cs = { .proc = "/proc" };
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(scan_done) struct scan x = { .at.cs = &cs };
        struct child c = child_start(titled_execute, NULL);
        const struct process *p;
        int i;

        (void)state;
        assert_true(is_titled(c.pid));
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

/* ---- and one that the cache knows ---- */

#define STAGED "staged"
static void signals_block(sigset_t *ret)
{
        sigemptyset(ret);
        sigaddset(ret, SIGUSR1);
        sigaddset(ret, SIGUSR2);
        sigprocmask(SIG_BLOCK, ret, NULL);
}

static void staged_execute(const char *unused)
{
        sigset_t set;

        (void)unused;
        /* It stays blocked in what is executed. */
        signals_block(&set);
        execl(own_path, own_path, STAGED, (char *)NULL);
        _exit(99);
}

/* With the first signal it overwrites its environment, with the second it executes itself and is TITLED. */
static void stages(void)
{
        sigset_t set;
        int got;

        signals_block(&set);
        sigwait(&set, &got);
        title_set();
        sigwait(&set, &got);
        execle(own_path, own_path, TITLED, (char *)NULL, (char *[]){ "HOME=/elsewhere", NULL });
        _exit(99);
}

static bool has_arguments(pid_t pid, const char *last)
{
        char path[64], text[4096] = "";

        snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
        for (int i = 0; i < 3000; i++) {
                CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
                ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);

                if (n > 0 && memmem(text, (size_t)n, last, strlen(last) + 1))
                        return true;
                usleep(10000);
        }
        return false;
}

/* A real program, before and after it overwrote its environment, and after another exec by the same process. */
static void a_real_program_is_cached(void **state)
{
        struct collect_settings cs = { .proc = "/proc" };
        CLEANUP(environment_cache_freep) struct environment_cache *cache = NULL;
        CLEANUP(broker_freep) struct broker *b = NULL;
        struct child c;
        struct process got[3];
        char home[3][64] = { "", "", "" };

        (void)state;
        assert_int_equal(environment_cache_new(&cache), 0);
        cs.environments = cache;
        assert_int_equal(broker_local(&b), 0);
        c = child_start(staged_execute, NULL);
        assert_true(has_arguments(c.pid, STAGED));
        for (int i = 0; i < 3; i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                CLEANUP(scan_done) struct scan x = { .at.cs = &cs };
                int at;

                assert_int_equal(snapshot_new(&s), 0);
                x.s = s;
                x.at.broker = b;
                if (i > 0)
                        kill(c.pid, i == 1 ? SIGUSR1 : SIGUSR2);
                if (i == 2)
                        assert_true(has_arguments(c.pid, TITLED));
                if (i > 0)
                        assert_true(is_titled(c.pid));
                assert_int_equal(collect_processes(&x), 0);
                at = snapshot_find_process(s, c.pid);
                assert_true(at >= 0);
                got[i] = s->processes[at];
                text_fit(home[i], sizeof home[i], got[i].env[ENV_VAR_HOME]);
        }
        child_stop(&c);
        group_end(test_container());
        assert_int_equal(got[0].environment_source, ENVIRONMENT_MEMORY);
        assert_int_equal(got[1].environment_source, ENVIRONMENT_EXEC);
        assert_string_equal(home[1], home[0]);
        assert_string_equal(home[1], "/root");
        /* The same process and the same file, and still another program. */
        assert_int_equal(got[2].start_ticks, got[1].start_ticks);
        assert_int_equal(got[2].environ.state, ANSWER_GARBAGE);
        assert_string_equal(home[2], "");
}

int main(int argc, char **argv)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_has_its_source), cmocka_unit_test(no_memory_yet), cmocka_unit_test(memory_comes),
                cmocka_unit_test(first_by_another_container),
                cmocka_unit_test(a_parent_that_has_ended), cmocka_unit_test(workers_cost_little), cmocka_unit_test(work_is_bounded),
                cmocka_unit_test(once_read_it_stays_known), cmocka_unit_test(the_order_does_not_count), cmocka_unit_test(background_processes), cmocka_unit_test(credentials_of_a_cached_one), cmocka_unit_test(what_is_cached_costs_nothing),
                cmocka_unit_test(its_sdk_is_recognized), cmocka_unit_test(a_real_title), cmocka_unit_test(pools_decide), cmocka_unit_test(pools_of_others), cmocka_unit_test(options_of_uwsgi),
                cmocka_unit_test(a_real_program_is_cached),
        };
        char command[64];
        int r;

        own_path = realpath(argv[0], NULL);
        if (argc == 2 && streq(argv[1], STAGED))
                stages();
        if (argc == 2 && streq(argv[1], TITLED)) {
                title_set();
                pause();
                return 0;
        }
        setenv("HOME", "/root", 1);
        if (!own_path || !mkdtemp(dir))
                return 1;
        r = cmocka_run_group_tests(tests, NULL, NULL);
        free(own_path);
        snprintf(command, sizeof command, "rm -r %s", dir);
        return system(command) ? 1 : r;
}
