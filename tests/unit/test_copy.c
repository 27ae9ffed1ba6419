/* Facts that outlive a scan: copies of each kind, all of it but processes that are not first, and no room for any. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "helper_judge.h"
#include "rolewatch/collect.h"

/* Nothing more fits. */
static void fill(struct snapshot *s)
{
        while (arena_alloc(s->arena, 1 << 10))
                ;
        while (arena_alloc(s->arena, 1))
                ;
}

/* A copy says the same, and is no part of what it was made of; without room there is none. */
#define CHECK_COPY(type, name, from, text)                                               \
        do {                                                                             \
                struct type copy = { 0 };                                                \
                assert_int_equal(snapshot_copy_##name(to, from, &copy), 0);              \
                assert_string_equal(copy.text, (from)->text);                            \
                assert_ptr_not_equal(copy.text, (from)->text);                           \
                copy = (struct type){ 0 };                                               \
                assert_int_equal(snapshot_copy_##name(full, from, &copy), -ENOMEM);      \
                assert_null(copy.text);                                                  \
        } while (0)

static void each_kind_is_copied(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy(), *to = NULL, *full = NULL;
        struct need need = { .where = "label", .role = "task" };

        (void)state;
        assert_int_equal(snapshot_new(&to), 0);
        assert_int_equal(snapshot_new(&full), 0);
        fill(full);
        s->netns[0].container.detail = "as it should";
        CHECK_COPY(task, task, &s->tasks[0], family);
        CHECK_COPY(container, container, &s->containers[0], name);
        CHECK_COPY(credential, cred, &s->creds[0], role_arn);
        CHECK_COPY(process, process, &s->processes[0], comm);
        CHECK_COPY(netns, netns, &s->netns[0], container.detail);
        CHECK_COPY(need, need, &need, where);
}

#define CHECK_ADD(name, list)                                                            \
        do {                                                                             \
                size_t before = s->n_##list;                                             \
                assert_non_null(snapshot_add_##name(s));                                 \
                assert_int_equal(s->n_##list, before + 1);                               \
                while (snapshot_add_##name(full))                                        \
                        assert_in_range(full->n_##list, 1, 64);                          \
        } while (0)

/* A list grows until the arena is full; what is in it stays. */
static void lists_end_with_the_memory(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy(), *full = host_healthy();

        (void)state;
        fill(full);
        CHECK_ADD(task, tasks);
        CHECK_ADD(definition, definitions);
        CHECK_ADD(service, services);
        CHECK_ADD(container, containers);
        CHECK_ADD(netns, netns);
        CHECK_ADD(cred, creds);
        CHECK_ADD(process, processes);
        CHECK_ADD(role, roles);
        CHECK_ADD(need, needs);
        CHECK_ADD(denial, denials);
        assert_string_equal(full->tasks[0].family, "web");
        assert_int_equal(full->processes[0].pid, 10);
}

static bool has_pid(const struct snapshot *s, pid_t pid) { return snapshot_find_process(s, pid) >= 0; }

/* The first of a container: no parent in it, the earliest, of two at the same time the lower pid. */
static void only_first_processes_are_copied(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy(), *copied = NULL;
        int side = host_task(s, "side", "side"), twins = host_task(s, "twins", "twins"), empty = host_task(s, "empty", "empty");

        (void)state;
        host_process(s, 0, 30, 10, "worker");          /* its parent is in it */
        host_process(s, side, 40, 10, "late");         /* its parent is in another */
        host_process(s, side, 35, 0, "early");
        host_process(s, side, 36, 36, "own");          /* its own parent */
        host_process(s, twins, 51, 1, "b")->start_ticks = 7;
        host_process(s, twins, 50, 1, "a")->start_ticks = 7;
        host_process(s, twins, 52, 1, "c")->start_ticks = 7;
        host_process(s, -1, 60, 1, "outside");
        host_process(s, 99, 61, 1, "nowhere");
        assert_int_equal(snapshot_copy(s, &copied), 0);
        assert_int_equal(copied->n_processes, 3);
        assert_true(has_pid(copied, 10) && has_pid(copied, 35) && has_pid(copied, 50));
        assert_int_equal(copied->n_tasks, s->n_tasks);
        assert_string_equal(copied->containers[empty].name, "empty");
        assert_ptr_not_equal(copied->tasks[0].family, s->tasks[0].family);
}

/* Texts that come again are one; of more texts than are remembered each is still its own. */
static void texts_are_copied_once(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy(), *copied = NULL;
        int many = 3000;

        (void)state;
        for (int i = 0; i < many; i++) {
                struct task *t = snapshot_add_task(s);

                t->arn = arena_printf(s->arena, "task %d", i);
                t->family = arena_printf(s->arena, "web");
        }
        assert_int_equal(snapshot_copy(s, &copied), 0);
        assert_int_equal(copied->n_tasks, s->n_tasks);
        for (size_t i = 0; i < s->n_tasks; i++) {
                assert_string_equal(copied->tasks[i].arn, s->tasks[i].arn);
                assert_string_equal(copied->tasks[i].family, s->tasks[i].family);
        }
        assert_ptr_equal(copied->tasks[1].family, copied->tasks[2].family);
        assert_ptr_not_equal(s->tasks[1].family, s->tasks[2].family);
}

/* A flag that is no truth is no snapshot; null is as absent. */
static void flags(void **state)
{
        static const struct { const char *text; int r; bool root; } T[] = {
                { "{\"root\":true}", 0, true }, { "{\"root\":false}", 0, false }, { "{\"root\":null}", 0, false }, { "{}", 0, false },
                { "{\"root\":1}", -EBADMSG, false }, { "{\"root\":\"true\"}", -EBADMSG, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *empty = NULL, *s = NULL;
                CLEANUP(json_freep) cJSON *j = NULL, *host = cJSON_Parse(T[i].text);

                assert_int_equal(snapshot_new(&empty), 0);
                assert_int_equal(model_to_json(empty, &j), 0);
                assert_true(cJSON_ReplaceItemInObjectCaseSensitive(j, "host", TAKE(host)));
                assert_int_equal(model_from_json(j, &s), T[i].r);
                if (s)
                        assert_int_equal(s->host.root, T[i].root);
        }
}

/* While the agent is down a container stays its task's; what it does say counts. */
static void tasks_are_carried_over(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy(), *base = NULL, *unknown = host_healthy();

        (void)state;
        s->host.cluster = "prod";
        s->host.agent_version = "1.105.1";
        s->containers[0].config_uri = CONFIG_URI_SET;
        assert_int_equal(snapshot_copy(s, &base), 0);
        for (int down = 0; down < 2; down++) {
                CLEANUP(snapshot_freep) struct snapshot *now = NULL;

                assert_int_equal(snapshot_new(&now), 0);
                now->host.introspection.state = down ? ANSWER_REFUSED : ANSWER_OK;
                *snapshot_add_container(now) = (struct container){ .id = base->containers[0].id, .task = -1, .config_cred = -1 };
                *snapshot_add_container(now) = (struct container){ .id = "another", .task = -1 };
                assert_int_equal(collect_carry_over(now, base), 0);
                assert_int_equal(now->containers[0].task, down ? 0 : -1);
                assert_int_equal(now->containers[1].task, -1);
                assert_int_equal(now->n_tasks, down);
                if (!down)
                        continue;
                assert_string_equal(now->tasks[0].family, "web");
                assert_string_equal(now->containers[0].name, "app");
                /* Its credential is one of the earlier scan. */
                assert_int_equal(now->containers[0].config_uri, CONFIG_URI_UNKNOWN);
                assert_int_equal(now->containers[0].config_cred, -1);
                assert_string_equal(now->host.cluster, "prod");
                assert_int_equal(now->host.introspection.state, ANSWER_REFUSED);
        }
        unknown->host.introspection.state = ANSWER_REFUSED;
        unknown->containers[0].task = -1;
        fill(unknown);
        assert_int_equal(collect_carry_over(unknown, base), -ENOMEM);
}

/* A failure is no answer; that there is no role would be one. */
static void the_role_is_carried_over(void **state)
{
        static const struct { struct answer answer; bool copied; } rows[] = {
                { { ANSWER_TIMEOUT, 0, NULL }, true }, { { ANSWER_REFUSED, 0, NULL }, true }, { { ANSWER_UNREACHABLE, 0, NULL }, true },
                { { ANSWER_RESET, 0, NULL }, true }, { { ANSWER_GARBAGE, 200, NULL }, true }, { { ANSWER_STATUS, 500, NULL }, true },
                { { ANSWER_STATUS, 429, NULL }, true }, { { ANSWER_STATUS, 403, NULL }, false }, { { ANSWER_STATUS, 404, NULL }, false },
                { { ANSWER_OK, 200, NULL }, false }, { { ANSWER_UNKNOWN, 0, NULL }, false },
        };
        CLEANUP(snapshot_freep) struct snapshot *base = host_healthy();

        (void)state;
        base->host.instance_expires_s = 1234;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *now = NULL;

                assert_int_equal(snapshot_new(&now), 0);
                now->host.introspection.state = ANSWER_OK;
                now->host.imds = rows[i].answer;
                assert_int_equal(collect_carry_over(now, base), 0);
                assert_int_equal(now->host.instance_role != NULL, rows[i].copied);
                assert_int_equal(now->host.instance_id != NULL, rows[i].copied);
                assert_int_equal(now->host.instance_expires_s, rows[i].copied ? 1234 : 0);
        }
}

/* While IMDS fails for the host, too, containers have what it answered them, until the credentials that it gave expire. */
static void answers_of_imds_are_carried_over(void **state)
{
        const struct answer fails = { ANSWER_STATUS, 503, NULL };
        const struct { struct answer host, container; int64_t valid_s; bool copied; } rows[] = {
                { fails, fails, 1, true }, { fails, fails, 0, false }, { fails, { ANSWER_STATUS, 403, NULL }, 1, false },
                { { ANSWER_OK, 200, NULL }, fails, 1, false }, { { ANSWER_STATUS, 403, NULL }, fails, 1, false },
        };
        CLEANUP(snapshot_freep) struct snapshot *base = NULL;

        (void)state;
        assert_int_equal(snapshot_new(&base), 0);
        *snapshot_add_netns(base) = (struct netns){ .inode = 7, .imds_token = { ANSWER_OK, 200, NULL } };
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *now = NULL;

                assert_int_equal(snapshot_new(&now), 0);
                now->host = (struct host){ .imds = rows[i].host, .taken_s = 1000, .instance_expires_s = 1000 + rows[i].valid_s };
                *snapshot_add_netns(now) = (struct netns){ .inode = 7, .imds_token = rows[i].container };
                *snapshot_add_netns(now) = (struct netns){ .inode = 8, .imds_token = rows[i].container };
                collect_carry_over_probes(now, base);
                assert_int_equal(now->netns[0].imds_token.state == ANSWER_OK, rows[i].copied);
                assert_int_equal(now->netns[1].imds_token.state == ANSWER_OK, false);
        }
}

/* What the endpoint said once of a URI names the role while it says nothing; a new answer is another matter. */
static void the_task_role_is_carried_over(void **state)
{
        static const struct { enum answer_state state; uint64_t mark; const char *role; } rows[] = {
                { ANSWER_REFUSED, 7, TASK_ROLE }, { ANSWER_STATUS, 7, TASK_ROLE }, { ANSWER_UNKNOWN, 7, TASK_ROLE },
                { ANSWER_REFUSED, 8, NULL }, { ANSWER_REFUSED, 0, NULL }, { ANSWER_OK, 7, NULL },
        };
        CLEANUP(snapshot_freep) struct snapshot *base = host_healthy();

        (void)state;
        base->creds[0].mark = 7;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *now = NULL;

                assert_int_equal(snapshot_new(&now), 0);
                *snapshot_add_cred(now) = (struct credential){ .answer = { rows[i].state, 0, NULL }, .mark = rows[i].mark };
                assert_int_equal(collect_carry_over_roles(now, base), 0);
                assert_true(streq(now->creds[0].role_arn, rows[i].role));
                assert_int_equal(now->creds[0].answer.state, rows[i].state);
        }
}

/* What stays of a snapshot, in memory that two processes may share: the same as snapshot_copy's, or -ENOMEM and nothing. */
static void copied_within_other_memory(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy(), *copied = NULL;
        CLEANUP(json_freep) cJSON *one = NULL, *two = NULL;
        CLEANUP(freep) char *expected = NULL, *got = NULL;
        struct snapshot *within = NULL;
        size_t bytes = 256;

        (void)state;
        assert_int_equal(snapshot_copy(s, &copied), 0);
        for (int r = -ENOMEM; r < 0; bytes += 64) {
                void *memory = aligned_alloc(16, bytes);
                struct arena *a;

                assert_non_null(memory);
                memset(memory, 0, bytes);
                a = arena_within(memory, bytes);
                assert_non_null(a);
                r = snapshot_copy_within(s, a, &within);
                if (r == 0) {
                        assert_int_equal(model_to_json(copied, &one), 0);
                        assert_int_equal(model_to_json(within, &two), 0);
                        expected = cJSON_PrintUnformatted(one);
                        got = cJSON_PrintUnformatted(two);
                        assert_string_equal(got, expected);
                        assert_true(within->creds[0].mark == s->creds[0].mark);
                } else {
                        assert_int_equal(r, -ENOMEM);
                        assert_null(within);
                }
                free(memory);
                assert_true(bytes < 1 << 20);
        }
        assert_true(bytes > 1024);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(copied_within_other_memory), cmocka_unit_test(each_kind_is_copied), cmocka_unit_test(lists_end_with_the_memory),
                cmocka_unit_test(only_first_processes_are_copied), cmocka_unit_test(texts_are_copied_once), cmocka_unit_test(flags),
                cmocka_unit_test(tasks_are_carried_over), cmocka_unit_test(the_role_is_carried_over), cmocka_unit_test(answers_of_imds_are_carried_over), cmocka_unit_test(the_task_role_is_carried_over),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
