/* The readers of processes: pure parts by rows, the whole by a /proc made of files. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "rolewatch/cgroup.h"
#include "rolewatch/environ.h"
#include "rolewatch/io.h"
#include "../../agent/broker/wire.h"
#include "rolewatch/collect.h"

#define ID "39c3bad8e7edf1eaf2fcd1093924558d88ea8509fe5bb2e6fedd5fc0ff3049ba"
#define ID2 "0bb9d4a27329555d67cf766780a3082d0ef459af8b1f5e33fe729df557b97208"
#define TASK "4f3f289869e35a0d820ac4e87987dbce"

static const struct { const char *why, *text, *want; } cgroups[] = {
        { "v1, cgroupfs, no task limits", "9:name=systemd:/docker/" ID "\n8:pids:/docker/" ID "\n0::/docker/" ID "\n", ID },
        { "v1, cgroupfs, task limits", "4:memory:/ecs/" TASK "/" ID "\n", ID },
        { "v2, systemd", "0::/ecstasks.slice/ecstasks-" TASK ".slice/docker-" ID ".scope\n", ID },
        { "v2, containerd", "0::/system.slice/cri-containerd-" ID ".scope\n", ID },
        { "podman", "0::/machine.slice/libpod-" ID ".scope/container\n", ID },
        { "a container in a container is part of it", "0::/docker/" ID "/docker/" ID2 "\n", ID },
        { "nor can it pose as another one", "0::/ecstasks.slice/docker-" ID ".scope/docker-" ID2 ".scope/" ID2 "\n", ID },
        { "in no hierarchy", "9:pids:/docker/" ID "/" ID2 "\n0::/docker/" ID "/" ID2 "\n", ID },
        { "a host service", "0::/system.slice/docker.service\n", NULL },
        { "the root", "0::/\n", NULL },
        { "63 digits", "0::/docker/9c3bad8e7edf1eaf2fcd1093924558d88ea8509fe5bb2e6fedd5fc0ff3049ba\n", NULL },
        { "65 digits", "0::/docker/a" ID "\n", NULL },
        { "upper case is no id", "0::/docker/39C3BAD8E7EDF1EAF2FCD1093924558D88EA8509FE5BB2E6FEDD5FC0FF3049BA\n", NULL },
        { "an id without a path", ID "\n", NULL },
        { "empty", "", NULL },
        { "colons only", "::::\n:::", NULL },
};

static void cgroups_name_containers(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(cgroups); i++) {
                struct cgroup_location p;
                bool found = cgroup_parse(cgroups[i].text, strlen(cgroups[i].text), &p);

                if (found != (cgroups[i].want != NULL) || (found && !streq(p.container, cgroups[i].want)))
                        fail_msg("%s: %s", cgroups[i].why, found ? p.container : "none");
        }
}

#define REST " 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 "
static const struct { const char *why, *text; int want; pid_t ppid; uint64_t start; const char *comm; } stats[] = {
        { "plain", "12 (sh) S 7" REST "4711 0 0\n", 0, 7, 4711, "sh" },
        { "parentheses in the name", "12 (a) S 1 (b) S 7" REST "4711 0\n", 0, 7, 4711, "a) S 1 (b" },
        { "empty name", "12 () R 1" REST "9\n", 0, 1, 9, "" },
        { "cut off", "12 (sh) S 7 1 1", -EBADMSG, 0, 0, NULL },
        { "no parentheses", "12 sh S 7", -EBADMSG, 0, 0, NULL },
        { "empty", "", -EBADMSG, 0, 0, NULL },
};

static void stat_lines_are_read(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(stats); i++) {
                struct proc_stat st;
                int r = proc_stat_parse(stats[i].text, strlen(stats[i].text), &st);

                if (r != stats[i].want)
                        fail_msg("%s: %d", stats[i].why, r);
                if (r == 0 && (st.ppid != stats[i].ppid || st.start_ticks != stats[i].start ||
                               st.comm_len != strlen(stats[i].comm) || memcmp(st.comm, stats[i].comm, st.comm_len) != 0))
                        fail_msg("%s: ppid %d, start %lu", stats[i].why, (int)st.ppid, (unsigned long)st.start_ticks);
        }
}

static void effective_ids_count(void **state)
{
        static const char text[] = "Name:\tsh\nUid:\t0\t1000\t0\t0\nGid:\t5\t1001\t5\t5\nGroups:\t4 27 \nVmPeak:\t1\n";
        struct proc_ids ids;

        (void)state;
        assert_int_equal(proc_ids_parse(text, &ids), 0);
        assert_int_equal(ids.uid, 1000);
        assert_int_equal(ids.gid, 1001);
        assert_int_equal(ids.n_groups, 2);
        assert_int_equal(ids.groups[1], 27);
        assert_int_equal(proc_ids_parse("Name:\tsh\n", &ids), -EBADMSG);
}

static void environments_are_reduced(void **state)
{
        static const char block[] =
                "PATH=/bin\0AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\0noequals\0"
                "AWS_PROFILE=first\0AWS_PROFILE=second\0=\0AWS_ACCESS_KEY_ID=\0\0"
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/11111111-2222\0HOME=/root\x1b[2J";
        const char *env[ENV_VAR_MAX] = { 0 };
        struct environ_raw raw = { 0 };
        struct arena *a;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        assert_int_equal(environ_parse(a, (struct span){ block, sizeof block - 1 }, env, &raw), 0);
        assert_string_equal(env[ENV_VAR_SECRET], MODEL_REDACTED);
        assert_string_equal(env[ENV_VAR_PROFILE], "first");
        assert_string_equal(env[ENV_VAR_KEY_ID], "");
        assert_null(env[ENV_VAR_WEB_IDENTITY_TOKEN]);
        assert_null(strstr(env[ENV_VAR_RELATIVE_URI], "1111"));
        assert_string_equal(raw.relative, "/v2/credentials/11111111-2222");
        assert_null(strchr(env[ENV_VAR_HOME], '\x1b'));
        arena_free(a);
}

static void java_properties_are_read(void **state)
{
        static const char line[] = "java\0-Daws.accessKeyId=AKIAIOSFODNN7EXAMPLE\0-Daws.secretKey=x\0-Dother=1\0-jar\0a.jar";
        const char *prop[SYSPROP_MAX] = { 0 };
        struct arena *a;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        assert_int_equal(cmdline_props(a, line, sizeof line - 1, prop), 0);
        assert_string_equal(prop[SYSPROP_KEY_ID], "AKIAIOSFODNN7EXAMPLE");
        assert_string_equal(prop[SYSPROP_V1_SECRET], MODEL_REDACTED);
        assert_int_equal(options_props(a, "-Xmx1g -Daws.profile=batch", prop), 0);
        assert_string_equal(prop[SYSPROP_PROFILE], "batch");
        assert_int_equal(options_props(a, NULL, prop), 0);
        arena_free(a);
}

static void put(const char *dir, const char *pid, const char *name, const char *text)
{
        char path[256];
        FILE *f;

        snprintf(path, sizeof path, "%s/%s", dir, pid);
        mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/%s/%s", dir, pid, name);
        f = fopen(path, "w");
        assert_non_null(f);
        fputs(text, f);
        fclose(f);
}

static void without_a_broker_processes_are_still_listed(void **state)
{
        static const char status[] = "Name:\tx\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t\n";
        char dir[] = "/tmp/rolewatch-proc-XXXXXX", command[64];
        struct collect_settings cs = { .proc = dir };
        CLEANUP(scan_done) struct scan x = { .at = { &cs, NULL, NULL } };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        size_t i;

        (void)state;
        assert_non_null(mkdtemp(dir));
        put(dir, "10", "cgroup", "0::/docker/" ID "\n");
        put(dir, "10", "stat", "10 (x\x1b) S 1" REST "77 0\n");
        put(dir, "10", "status", status);
        put(dir, "11", "cgroup", "0::/docker/" ID "\n");
        put(dir, "11", "stat", "11 (dead) Z 10" REST "78 0\n");
        put(dir, "11", "status", status);
        put(dir, "12", "cgroup", "0::/init.scope\n");
        put(dir, "13", "cgroup", "0::/docker/" ID "\n");        /* has gone: no stat */
        put(dir, "14", "cgroup", "0::/docker/" ID2 "\n");
        put(dir, "14", "stat", "14 (agent) S 1" REST "100000 0\n");
        put(dir, "14", "status", status);
        put(dir, ".", "uptime", "1060.50 99.00\n");    /* the agent started at tick 100000: 60 s ago */
        put(dir, "self", "cgroup", "0::/docker/" ID "\n");
        assert_int_equal(snapshot_new(&s), 0);
        s->host.taken_s = 1700000000;
        x.s = s;
        assert_int_equal(collect_processes(&x), 0);
        assert_int_equal(s->n_processes, 2);
        assert_int_equal(s->host.agent_started_s, 1700000000 - 60);
        i = s->processes[0].pid == 10 ? 0 : 1;
        assert_int_equal(s->processes[i].pid, 10);
        assert_int_equal(s->processes[i].environ.state, ANSWER_DENIED);
        assert_null(strchr(s->processes[i].comm, '\x1b'));
        assert_int_equal(s->n_containers, 2);
        assert_int_equal(s->containers[0].task, -1);
        assert_int_equal(x.credentials.n, 0);
        snprintf(command, sizeof command, "rm -r %s", dir);
        assert_int_equal(system(command), 0);
}

/* On a host where containers see the control groups by the host's names, a rolewatch in a container has an ID itself. */
static void own_container_is_left_out(void **state)
{
        static const struct { const char *own; size_t want; } rows[] = {
                { "0::/ecs/" TASK "/" ID2 "\n", 1 }, { "0::/ecs/" TASK "/" ID "\n", 1 }, { "0::/\n", 2 },
        };
        char dir[] = "/tmp/rolewatch-proc-XXXXXX", command[64];

        (void)state;
        assert_non_null(mkdtemp(dir));
        setenv("ROLEWATCH_PROC", dir, 1);
        put(dir, "10", "cgroup", "0::/ecs/" TASK "/" ID "\n");
        put(dir, "11", "cgroup", "0::/ecs/" TASK "/" ID2 "\n");
        for (int pid = 10; pid < 12; pid++) {
                snprintf(command, sizeof command, "%d", pid);
                put(dir, command, "stat", "10 (x) S 1" REST "77 0\n");
                put(dir, command, "status", "Name:\tx\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t\n");
        }
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                struct collect_settings cs;
                CLEANUP(scan_done) struct scan x = { .at.cs = &cs };

                put(dir, "self", "cgroup", rows[i].own);
                collect_settings_default(&cs);
                assert_int_equal(snapshot_new(&s), 0);
                x.s = s;
                assert_int_equal(collect_processes(&x), 0);
                assert_int_equal(s->n_processes, rows[i].want);
        }
        unsetenv("ROLEWATCH_PROC");
        snprintf(command, sizeof command, "rm -r %s", dir);
        assert_int_equal(system(command), 0);
}

/* A broker whose process ends while its environment is opened: what is then read is empty. */
struct ending { const char *dir, *stat; };
static struct ending ending;
static int ends_meanwhile(struct broker *b, const struct wire_request *q)
{
        (void)b;
        if (q->op != BROKER_ENVIRON)
                return -ENOENT;
        put(ending.dir, "10", "stat", ending.stat);
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void what_ends_while_it_is_read_is_dropped(void **state)
{
        static const struct { const char *stat; size_t want; } rows[] = {
                { "10 (x) S 1" REST "77 0\n", 1 },     /* an empty environment of its own */
                { "10 (x) Z 1" REST "77 0\n", 0 },
                { "10 (x) X 1" REST "77 0\n", 0 },
                { "10 (y) S 1" REST "78 0\n", 0 },     /* another one by now */
        };
        char dir[] = "/tmp/rolewatch-proc-XXXXXX", command[64];
        struct collect_settings cs = { .proc = dir };

        (void)state;
        assert_non_null(mkdtemp(dir));
        put(dir, "10", "cgroup", "0::/docker/" ID "\n");
        put(dir, "10", "status", "Name:\tx\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t\n");
        put(dir, "10", "cmdline", "x");
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                CLEANUP(broker_freep) struct broker *b = NULL;
                CLEANUP(scan_done) struct scan x = { .at.cs = &cs };

                put(dir, "10", "stat", "10 (x) S 1" REST "77 0\n");
                ending = (struct ending){ dir, rows[i].stat };
                assert_int_equal(broker_new("", ends_meanwhile, &b), 0);
                assert_int_equal(snapshot_new(&s), 0);
                x.s = s;
                x.at.broker = b;
                assert_int_equal(collect_processes(&x), 0);
                if (s->n_processes != rows[i].want)
                        fail_msg("%s: %zu processes", rows[i].stat, s->n_processes);
        }
        snprintf(command, sizeof command, "rm -r %s", dir);
        assert_int_equal(system(command), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(cgroups_name_containers), cmocka_unit_test(stat_lines_are_read),
                cmocka_unit_test(effective_ids_count), cmocka_unit_test(environments_are_reduced),
                cmocka_unit_test(java_properties_are_read),
                cmocka_unit_test(without_a_broker_processes_are_still_listed),
                cmocka_unit_test(own_container_is_left_out),
                cmocka_unit_test(what_ends_while_it_is_read_is_dropped),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
