/* What a scan of one process carries over to the next one: copies, once, with all that belongs to a container. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>
#include "helper_judge.h"
#include "rolewatch/collect.h"
#include "../../agent/collect/collect_internal.h"
#include "../../agent/collect/process.h"

static struct snapshot *found(void)
{
        struct snapshot *s = host_healthy();

        s->creds[0].mark = 7;
        host_process(s, 0, 30, 10, "job");
        /* As a look at one process has it: itself first, then its ancestors. */
        struct process job = s->processes[1];
        s->processes[1] = s->processes[0];
        s->processes[0] = job;
        for (int i = 0; i < 2; i++)
                s->processes[i].netns = 0;
        *snapshot_add_need(s) = (struct need){ .where = "label", .container = 0, .role = "task", .policy = "{}" };
        *snapshot_add_need(s) = (struct need){ .where = "file", .container = -1, .role = "task", .policy = "{}" };
        return s;
}

/* What its container was started with stays known, with its credential. */
static void merged_with_its_configuration(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *base = NULL, *s = found();

        (void)state;
        assert_int_equal(snapshot_new(&base), 0);
        *snapshot_add_cred(base) = (struct credential){ .mark = 3 };
        s->containers[0].config_uri = CONFIG_URI_SET;
        s->containers[0].config_cred = 0;
        assert_int_equal(collect_merge(base, s), 0);
        assert_int_equal(base->containers[0].config_uri, CONFIG_URI_SET);
        assert_int_equal(base->containers[0].config_cred, 1);
}

/* The index is of the earlier scan: the reader of configurations takes what that knows. */
static void a_container_of_the_base(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *base = found(), *s = NULL;
        struct scan x = { 0 };

        (void)state;
        assert_int_equal(snapshot_new(&s), 0);
        x.s = s;
        base->containers[0].config_uri = CONFIG_URI_SET;
        base->containers[0].config_cred = 0;
        assert_int_equal(reader_container(&(struct reader){ .x = &x, .base = base }, base->containers[0].id), 0);
        assert_int_equal(s->containers[0].config_uri, CONFIG_URI_UNKNOWN);
        assert_int_equal(s->containers[0].config_cred, -1);
}

static void merged_once(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *base = NULL;
        struct snapshot *s = found();

        (void)state;
        assert_int_equal(snapshot_new(&base), 0);
        *snapshot_add_netns(base) = (struct netns){ .inode = 1 };
        for (int i = 0; i < 2; i++)
                assert_int_equal(collect_merge(base, s), 0);
        snapshot_free(s);              /* nothing is borrowed */
        assert_int_equal(base->n_tasks, 1);
        assert_int_equal(base->n_containers, 1);
        assert_int_equal(base->n_creds, 1);
        assert_int_equal(base->n_netns, 2);
        assert_int_equal(base->containers[0].task, 0);
        assert_string_equal(base->tasks[0].family, "web");
        assert_string_equal(base->creds[0].role_arn, TASK_ROLE);
        /* The first process of the container, by whose environment the others are judged. */
        assert_int_equal(base->n_processes, 1);
        assert_int_equal(base->processes[0].pid, 10);
        assert_int_equal(base->processes[0].netns, 1);
        assert_int_equal(base->processes[0].cred_relative, 0);
        assert_string_equal(base->processes[0].env[ENV_VAR_RELATIVE_URI], RELATIVE_URI_VALUE);
        /* What its label declares, and not again what a file does. */
        assert_int_equal(base->n_needs, 1);
        assert_string_equal(base->needs[0].where, "label");
        assert_int_equal(base->needs[0].container, 0);
}

/* What was not answered is asked for again; a container that the agent does not name yet, too. */
static void what_is_open_stays_open(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *base = NULL;
        CLEANUP(snapshot_freep) struct snapshot *s = found();

        (void)state;
        assert_int_equal(snapshot_new(&base), 0);
        s->creds[0].answer.state = ANSWER_TIMEOUT;
        s->netns[0].container.state = ANSWER_UNKNOWN;
        s->containers[0].task = -1;
        assert_int_equal(collect_merge(base, s), 0);
        assert_int_equal(base->n_creds + base->n_netns + base->n_containers + base->n_processes + base->n_needs, 0);
}

/* The namespace of a container that is being started has no route yet: once it has one, nobody is judged by the former answer. */
static void no_route_is_not_cached(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *base = host_healthy();
        CLEANUP(snapshot_freep) struct snapshot *s = found();
        CLEANUP(snapshot_freep) struct snapshot *next = NULL;
        struct scan x = { 0 };
        struct reader rd = { .x = &x, .base = base, .own_netns = base->netns[0].inode };

        (void)state;
        assert_int_equal(snapshot_new(&next), 0);
        x.s = next;
        base->netns[0].container.state = base->netns[0].imds_token.state = ANSWER_UNREACHABLE;
        assert_int_equal(reader_netns(&rd, base->netns[0].inode), 0);
        assert_int_equal(next->netns[0].container.state, ANSWER_UNKNOWN);
        assert_int_equal(collect_merge(base, s), 0);
        assert_int_equal(base->n_netns, 1);
        assert_int_equal(base->netns[0].container.state, ANSWER_OK);
        next->n_netns = 0;
        assert_int_equal(reader_netns(&rd, base->netns[0].inode), 0);
        assert_int_equal(next->netns[0].container.state, ANSWER_OK);
        /* Nor the other way round: an answer is not replaced by none. */
        s->netns[0].container.state = ANSWER_UNREACHABLE;
        assert_int_equal(collect_merge(base, s), 0);
        assert_int_equal(base->netns[0].container.state, ANSWER_OK);
}

/* The kernel gives the inode of a namespace that is gone to the next one: what was found in the former says nothing of that. */
static void an_inode_of_another_namespace(void **state)
{
        static const struct { pid_t pid; int64_t later; enum answer_state want; } rows[] = {
                { 0, 0, ANSWER_OK }, { 0, 1, ANSWER_UNKNOWN }, { 999999999, 0, ANSWER_UNKNOWN },
        };
        const struct collect_settings cs = { .proc = "/proc" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *base = host_healthy(), *next = NULL;
                struct scan x = { .at = { .cs = &cs } };
                struct reader rd = { .x = &x, .base = base, .own_netns = 1 };
                uint64_t start = 0;
                pid_t parent;

                assert_int_equal(snapshot_new(&next), 0);
                x.s = next;
                assert_int_equal(collect_start(&cs, getpid(), &start, &parent), 0);
                base->processes[0].pid = rows[i].pid ? rows[i].pid : getpid();
                base->processes[0].start_ticks = start + (uint64_t)rows[i].later;
                base->processes[0].netns = 0;
                assert_int_equal(reader_netns(&rd, base->netns[0].inode), 0);
                assert_int_equal(next->netns[0].container.state, rows[i].want);
        }
}

/* Between scans nobody waits long for an answer: what did not come then is not known, and no failure; what a scan has waited for is. */
static void short_silence_is_no_answer(void **state)
{
        static const struct { enum answer_state container, token, v1, want[3], known; } T[] = {
                { ANSWER_TIMEOUT, ANSWER_TIMEOUT, ANSWER_TIMEOUT, { ANSWER_TIMEOUT, ANSWER_TIMEOUT, ANSWER_TIMEOUT }, ANSWER_TIMEOUT },
                { ANSWER_UNREACHABLE, ANSWER_TIMEOUT, ANSWER_TIMEOUT, { ANSWER_UNREACHABLE, ANSWER_TIMEOUT, ANSWER_TIMEOUT }, ANSWER_UNREACHABLE },
                { ANSWER_TIMEOUT, ANSWER_TIMEOUT, ANSWER_TIMEOUT, { ANSWER_UNKNOWN, ANSWER_UNKNOWN, ANSWER_UNKNOWN }, ANSWER_OK },
                { ANSWER_TIMEOUT, ANSWER_TIMEOUT, ANSWER_TIMEOUT, { ANSWER_UNKNOWN, ANSWER_UNKNOWN, ANSWER_UNKNOWN }, ANSWER_UNKNOWN },
                { ANSWER_UNREACHABLE, ANSWER_UNREACHABLE, ANSWER_UNREACHABLE, { ANSWER_UNKNOWN, ANSWER_UNKNOWN, ANSWER_UNKNOWN }, ANSWER_UNKNOWN },
                { ANSWER_OK, ANSWER_TIMEOUT, ANSWER_TIMEOUT, { ANSWER_OK, ANSWER_UNKNOWN, ANSWER_UNKNOWN }, ANSWER_UNKNOWN },
                { ANSWER_OK, ANSWER_TIMEOUT, ANSWER_OK, { ANSWER_OK, ANSWER_TIMEOUT, ANSWER_OK }, ANSWER_UNKNOWN },            /* the hop limit */
                { ANSWER_OK, ANSWER_TIMEOUT, ANSWER_STATUS, { ANSWER_OK, ANSWER_TIMEOUT, ANSWER_STATUS }, ANSWER_UNKNOWN },
                { ANSWER_OK, ANSWER_OK, ANSWER_TIMEOUT, { ANSWER_OK, ANSWER_OK, ANSWER_TIMEOUT }, ANSWER_UNKNOWN },
                { ANSWER_REFUSED, ANSWER_OK, ANSWER_OK, { ANSWER_REFUSED, ANSWER_OK, ANSWER_OK }, ANSWER_UNKNOWN },            /* no agent */
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                const struct answer before = { .state = T[i].known };
                struct netns known = { .inode = 7, .container = before, .imds_token = before, .imds_v1 = before };
                const struct snapshot last = { .netns = &known, .n_netns = 1 };
                const struct collect_settings cs = { .known = &last };
                struct netns ns = { .inode = 7, .container = { .state = T[i].container }, .imds_token = { .state = T[i].token }, .imds_v1 = { .state = T[i].v1 } };

                silence_forget(&(struct scan){ .at = { .cs = &cs } }, &ns);
                assert_int_equal(ns.container.state, T[i].want[0]);
                assert_int_equal(ns.imds_token.state, T[i].want[1]);
                assert_int_equal(ns.imds_v1.state, T[i].want[2]);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(merged_once), cmocka_unit_test(merged_with_its_configuration), cmocka_unit_test(a_container_of_the_base), cmocka_unit_test(what_is_open_stays_open), cmocka_unit_test(no_route_is_not_cached), cmocka_unit_test(an_inode_of_another_namespace),
                cmocka_unit_test(short_silence_is_no_answer) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
