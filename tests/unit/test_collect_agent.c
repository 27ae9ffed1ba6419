/* Introspection, credentials endpoint and task metadata, by what a real agent answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "../../agent/collect/collect_internal.h"
#include "mock_http.h"

#define NOW 1795500000                 /* 2026-11-24T06:00:00Z, when the captured keys end */
#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define TASK "arn:aws:ecs:eu-west-1:111122223333:task/prod/"
#define WEB TASK "4f3f289869e35a0d820ac4e87987dbce"
#define APP "39c3bad8e7edf1eaf2fcd1093924558d88ea8509fe5bb2e6fedd5fc0ff3049ba"
#define SIDECAR "0bb9d4a27329555d67cf766780a3082d0ef459af8b1f5e33fe729df557b97208"
#define KEYS(arn, id, until) HTTP_200("{\"RoleArn\":\"" arn "\",\"AccessKeyId\":\"" id \
        "\",\"SecretAccessKey\":\"" SECRET "\",\"Token\":\"x\",\"Expiration\":\"" until "\"}")
#define ROLE "arn:aws:iam::111122223333:role/web/a"
#define KEY_ID "AKIAIOSFODNN7EXAMPLE"
#define NOT_FOUND HTTP("404 Not Found", "404 page not found\n")

static struct snapshot *snapshot_at(int64_t now)
{
        struct snapshot *s;

        assert_int_equal(snapshot_new(&s), 0);
        s->host.taken_s = now;
        return s;
}

/* A body of "@name" is a capture. */
static struct snapshot *run_scan(const char *metadata, const char *tasks)
{
        CLEANUP(freep) char *m_file = metadata[0] == '@' ? mock_file(metadata + 1) : NULL;
        CLEANUP(freep) char *t_file = tasks[0] == '@' ? mock_file(tasks + 1) : NULL;
        const struct mock_route routes[] = {
                { .path = "/v1/metadata", .bytes = m_file ? m_file : metadata },
                { .path = "/v1/tasks", .bytes = t_file ? t_file : tasks },
        };
        struct mock_http *m = mock_http_start(routes, ARRAY_SIZE(routes));
        struct collect_settings cs = { .introspection = mock_http_base(m) };
        struct snapshot *s = snapshot_at(NOW);
        struct net *n;

        assert_int_equal(net_new(&n), 0);
        assert_int_equal(collect_agent(&(struct scan){ .s = s, .at = { &cs, n, NULL } }), 0);
        net_free(n);
        mock_http_stop(m);
        return s;
}

#define CAPTURE(name) "@vectors/captures/" name ".http"
#define METADATA CAPTURE("introspection-metadata")
#define COMMANDS CAPTURE("introspection-unknown-path")

static void a_real_agent(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s =
                run_scan(METADATA, CAPTURE("introspection-tasks-one-stopped"));
        size_t stopped = 0;

        (void)state;
        assert_int_equal(s->host.introspection.state, ANSWER_OK);
        assert_string_equal(s->host.cluster, "prod");
        assert_string_equal(s->host.container_instance, "arn:aws:ecs:eu-west-1:111122223333:"
                            "container-instance/prod/0123456789abcdef0123456789abcdef");
        assert_string_equal(s->host.agent_version, "1.105.1");
        assert_int_equal(s->n_tasks, 3);
        assert_int_equal(s->n_containers, 4);
        for (size_t i = 0; i < s->n_tasks; i++)
                stopped += streq(s->tasks[i].known, "STOPPED");
        assert_int_equal(stopped, 1);
        for (size_t i = 0; i < s->n_containers; i++) {
                const struct container *c = &s->containers[i];

                if (!streq(c->id, APP))
                        continue;
                assert_string_equal(c->name, "app");
                assert_string_equal(c->image, "bb:1");
                assert_string_equal(s->tasks[c->task].arn, WEB);
                assert_string_equal(s->tasks[c->task].family, "web");
                assert_string_equal(s->tasks[c->task].revision, "7");
                return;
        }
        fail_msg("the container app is not there");
}

#define ONE_TASK(containers) HTTP_200("{\"Tasks\":[{\"Arn\":\"" WEB \
        "\",\"KnownStatus\":\"PENDING\",\"Family\":\"web\",\"Version\":\"7\"," \
        "\"Containers\":" containers "}]}")

static const struct {
        const char *why, *metadata, *tasks;
        enum answer_state state;
        size_t n_tasks, n_containers;
        const char *cluster, *version;
} rows[] = {
        { "a DNAT to another server: any path is 200", COMMANDS, COMMANDS,
          ANSWER_GARBAGE, 0, 0, NULL, NULL },
        { "a list of commands for the tasks", METADATA, COMMANDS,
          ANSWER_GARBAGE, 0, 0, "prod", "1.105.1" },
        { "no tasks", METADATA, HTTP_200("{\"Tasks\":[]}"), ANSWER_OK, 0, 0, "prod", "1.105.1" },
        { "an error of the agent", METADATA, HTTP("500 Error", "{\"Tasks\":null}"),
          ANSWER_STATUS, 0, 0, "prod", "1.105.1" },
        { "its cluster is an ARN, its version unknown",
          HTTP_200("{\"Cluster\":\"arn:aws:ecs:eu-west-1:111122223333:cluster/blue\","
                   "\"ContainerInstanceArn\":null}"),
          HTTP_200("{\"Tasks\":[]}"), ANSWER_OK, 0, 0, "blue", NULL },
        { "a container that is being created", METADATA,
          ONE_TASK("[{\"DockerId\":\"\",\"Name\":\"a\"}]"),
          ANSWER_OK, 1, 0, "prod", "1.105.1" },
        { "the spelling of 1.19.0", METADATA,
          ONE_TASK("[{\"DockerID\":\"" APP "\",\"Name\":\"a\"}]"),
          ANSWER_OK, 1, 1, "prod", "1.105.1" },
        { "an id that is none", METADATA,
          ONE_TASK("[{\"DockerId\":\"../../etc\"},{\"DockerId\":7},3]"),
          ANSWER_OK, 1, 0, "prod", "1.105.1" },
        { "a task without containers", METADATA, ONE_TASK("null"),
          ANSWER_OK, 1, 0, "prod", "1.105.1" },
        { "tasks that are none", METADATA, HTTP_200("{\"Tasks\":[1,\"a\",null,{},{\"Arn\":\"\"}]}"),
          ANSWER_OK, 0, 0, "prod", "1.105.1" },
        { "no JSON", HTTP_200("hello"), HTTP_200("hello"), ANSWER_GARBAGE, 0, 0, NULL, NULL },
        { "nothing", "", "", ANSWER_RESET, 0, 0, NULL, NULL },
};

static void introspection(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = run_scan(rows[i].metadata, rows[i].tasks);

                print_message("%s\n", rows[i].why);
                assert_string_equal(answer_state_to_string(s->host.introspection.state),
                                    answer_state_to_string(rows[i].state));
                assert_int_equal(s->n_tasks, rows[i].n_tasks);
                assert_int_equal(s->n_containers, rows[i].n_containers);
                assert_true(streq(s->host.cluster, rows[i].cluster));
                assert_true(streq(s->host.agent_version, rows[i].version));
        }
}

static const struct {
        const char *why, *path, *answer;
        enum answer_state state;
        int status;
        const char *detail, *role;
} cred_rows[] = {
        { "a task role", "/v2/credentials/a", CAPTURE("credentials-task-role"),
          ANSWER_OK, 200, NULL, "arn:aws:iam::111122223333:role/webTaskRole" },
        { "an execution role: only the ARN tells", "/v2/credentials/b",
          CAPTURE("credentials-execution-role"), ANSWER_OK, 200, NULL,
          "arn:aws:iam::111122223333:role/ecsTaskExecutionRole" },
        { "the form of 1.11", "/v1/credentials?id=c", CAPTURE("credentials-v1-form"),
          ANSWER_OK, 200, NULL, "arn:aws:iam::111122223333:role/webTaskRole" },
        { "a task that has stopped", "/v2/credentials/d", CAPTURE("credentials-unknown-id"),
          ANSWER_STATUS, 400, "InvalidIdInRequest", NULL },
        { "an agent that has just started", "/v2/credentials/e",
          CAPTURE("credentials-pending-after-restart"), ANSWER_STATUS, 503,
          "CredentialsUninitialized", NULL },
        { "too many requests: plain text", "/v2/credentials/f", CAPTURE("credentials-429"),
          ANSWER_STATUS, 429, NULL, NULL },
        { "no such path", "/v2/credentials/g", NOT_FOUND, ANSWER_STATUS, 404, NULL, NULL },
        { "200 with a list of commands", "/v2/credentials/h", COMMANDS, ANSWER_GARBAGE, 200,
          "the response has no credentials", NULL },
        { "expired keys are served with 200", "/v2/credentials/i",
          KEYS(ROLE, KEY_ID, "2026-11-23T00:00:00Z"), ANSWER_EXPIRED, 200, NULL, ROLE },
        { "no role in it", "/v2/credentials/j", KEYS("", KEY_ID, "2026-11-25T00:00:00Z"),
          ANSWER_GARBAGE, 200, "the response has no credentials", NULL },
        { "a role with a terminal's escape", "/v2/credentials/k",
          KEYS("arn:aws:iam::1:role/\\u001b[2J", KEY_ID, "2026-11-25T00:00:00Z"),
          ANSWER_GARBAGE, 200, "the response has no credentials", NULL },
        { "a key id that is none", "/v2/credentials/l", KEYS(ROLE, "short", "2026-11-25T00:00:00Z"),
          ANSWER_GARBAGE, 200, "the response has no credentials", NULL },
        { "no time", "/v2/credentials/m", KEYS(ROLE, KEY_ID, "never"),
          ANSWER_GARBAGE, 200, "the response has no credentials", NULL },
        { "an error's code is foreign text", "/v2/credentials/n",
          HTTP("400 Bad Request", "{\"code\":\"a\\u0007b\"}"),
          ANSWER_STATUS, 400, "a\\x07b", NULL },
        { "broken off", "/v2/credentials/o", "", ANSWER_RESET, 0, NULL, NULL },
        { "another server's path", "/latest/meta-data/", NULL, ANSWER_UNKNOWN, 0,
          "not a credentials path of the ECS agent", NULL },
        { "a path that leads out", "/v2/credentials/../../v4/x", NULL, ANSWER_UNKNOWN, 0,
          "not a credentials path of the ECS agent", NULL },
        { "a forged request", "/v2/credentials/x HTTP/1.1\r\nX: 1", NULL, ANSWER_UNKNOWN, 0,
          "not a credentials path of the ECS agent", NULL },
        { "no id", "/v2/credentials/", NULL, ANSWER_UNKNOWN, 0,
          "not a credentials path of the ECS agent", NULL },
        { "nothing at all", "", NULL, ANSWER_UNKNOWN, 0, "not a credentials path of the ECS agent", NULL },
};

static int forbidden;                  /* requests for a path that no agent gives out */

static void watch_paths(void *userdata, const char *request)
{
        (void)userdata;
        forbidden += strncmp(request, "GET /v2/credentials/", 20) != 0 &&
                     strncmp(request, "GET /v1/credentials?id=", 23) != 0 &&
                     strncmp(request, "GET / ", 6) != 0;
        forbidden += !strstr(request, "User-Agent: rolewatch/");
}

static void credentials(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = snapshot_at(NOW - 1);
        CLEANUP(scan_done) struct scan x = { .s = s };
        struct mock_route routes[ARRAY_SIZE(cred_rows) + 1] = {
                { .path = "/", .bytes = NOT_FOUND },
        };
        char *files[ARRAY_SIZE(cred_rows)] = { NULL };
        struct collect_settings cs = { .audit_log = "/nonexistent/audit.log" };
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *text = NULL;
        struct mock_http *m;
        struct net *n;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(cred_rows); i++) {
                const char *path = cred_rows[i].path, *answer = cred_rows[i].answer;

                assert_int_equal(credential_requests_add(&x, path, strlen(path)), i);
                assert_int_equal(credential_requests_add(&x, path, strlen(path)), i);
                files[i] = answer && answer[0] == '@' ? mock_file(answer + 1) : NULL;
                routes[i + 1].path = path;
                routes[i + 1].bytes = files[i] ? files[i] : answer;
        }
        assert_int_equal(s->n_creds, ARRAY_SIZE(cred_rows));
        m = mock_http_start(routes, ARRAY_SIZE(routes));
        mock_http_watch(m, watch_paths, NULL);
        cs.credentials = mock_http_base(m);
        assert_int_equal(net_new(&n), 0);
        x.at = (struct host_access){ &cs, n, NULL };
        assert_int_equal(collect_credentials(&x), 0);
        net_free(n);
        mock_http_stop(m);
        assert_int_equal(forbidden, 0);
        assert_int_equal(s->host.credentials.state, ANSWER_OK);
        for (size_t i = 0; i < ARRAY_SIZE(cred_rows); i++) {
                const struct credential *c = &s->creds[i];

                print_message("%s\n", cred_rows[i].why);
                assert_string_equal(answer_state_to_string(c->answer.state), answer_state_to_string(cred_rows[i].state));
                assert_int_equal(c->answer.status, cred_rows[i].status);
                assert_true(streq(c->answer.detail, cred_rows[i].detail));
                assert_true(streq(c->role_arn, cred_rows[i].role));
                assert_true(streq(c->key_id, cred_rows[i].role ? KEY_ID : NULL));
                assert_int_equal(c->kind, CRED_UNKNOWN);
                free(files[i]);
        }
        assert_int_equal(model_to_json(s, &j), 0);
        text = cJSON_PrintUnformatted(j);
        assert_null(strstr(text, SECRET));
        assert_null(strstr(text, "credentials/a"));
}

static void the_server_itself(void **state)
{
        static const struct { const char *why, *answer; enum answer_state state; } servers[] = {
                { "an agent of today", CAPTURE("root-unknown"), ANSWER_OK },
                { "an agent before the rate limiter", NOT_FOUND, ANSWER_OK },
                { "another server", HTTP_200("hello"), ANSWER_GARBAGE },
                { "a proxy in trouble", HTTP("502 Bad Gateway", ""), ANSWER_STATUS },
                { "no answer", "", ANSWER_RESET },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(servers); i++) {
                const char *answer = servers[i].answer;
                CLEANUP(snapshot_freep) struct snapshot *s = snapshot_at(NOW);
                CLEANUP(freep) char *file = answer[0] == '@' ? mock_file(answer + 1) : NULL;
                const struct mock_route route = { .bytes = file ? file : answer };
                struct mock_http *m = mock_http_start(&route, 1);
                struct collect_settings cs = { .credentials = mock_http_base(m), .audit_log = "" };
                struct net *n;

                print_message("%s\n", servers[i].why);
                assert_int_equal(net_new(&n), 0);
                assert_int_equal(collect_credentials(&(struct scan){ .s = s, .at = { &cs, n, NULL } }), 0);
                assert_string_equal(answer_state_to_string(s->host.credentials.state),
                                    answer_state_to_string(servers[i].state));
                net_free(n);
                mock_http_stop(m);
        }
}

static void an_agent_that_is_down(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = snapshot_at(NOW);
        CLEANUP(scan_done) struct scan x = { .s = s };
        char refused[64];
        struct collect_settings cs = { .credentials = mock_http_refused(refused, sizeof refused),
                                       .introspection = refused, .imds = refused, .audit_log = "" };
        struct net *n;

        (void)state;
        assert_int_equal(credential_requests_add(&x, "/v2/credentials/a", 17), 0);
        assert_int_equal(net_new(&n), 0);
        x.at = (struct host_access){ &cs, n, NULL };
        assert_int_equal(collect_agent(&x), 0);
        assert_int_equal(collect_imds(&x), 0);
        assert_int_equal(collect_credentials(&x), 0);
        net_free(n);
        assert_int_equal(s->host.introspection.state, ANSWER_REFUSED);
        assert_int_equal(s->host.imds.state, ANSWER_REFUSED);
        assert_int_equal(s->host.credentials.state, ANSWER_REFUSED);
        assert_int_equal(s->creds[0].answer.state, ANSWER_REFUSED);
}

/* Between the looks: what would tell of the tasks is not asked for. */
static void the_agent_alone(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = snapshot_at(NOW);
        CLEANUP(freep) char *file = mock_file("vectors/captures/introspection-metadata.http");
        const struct mock_route routes[] = { { .path = "/v1/metadata", .bytes = file } };
        struct mock_http *m = mock_http_start(routes, ARRAY_SIZE(routes));
        struct collect_settings cs = { .introspection = mock_http_base(m) };
        struct net *n;

        (void)state;
        assert_int_equal(net_new(&n), 0);
        assert_int_equal(collect_agent_itself(&(struct scan){ .s = s, .at = { &cs, n, NULL } }), 0);
        net_free(n);
        mock_http_stop(m);
        assert_int_equal(s->host.introspection.state, ANSWER_OK);
        assert_non_null(s->host.agent_version);
        assert_non_null(s->host.cluster);
        assert_int_equal(s->n_tasks + s->n_containers, 0);
}

static void too_many_paths(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = snapshot_at(NOW);
        CLEANUP(scan_done) struct scan x = { .s = s };
        char path[32];

        (void)state;
        for (int i = 0; i < 4096; i++) {
                size_t n = (size_t)snprintf(path, sizeof path, "/v2/%d", i);

                assert_int_equal(credential_requests_add(&x, path, n), i);
        }
        assert_int_equal(credential_requests_add(&x, "/v2/x", 5), -ENOSPC);
        assert_int_equal(credential_requests_add(&x, "/v2/7", 5), 7);
        assert_int_equal(credential_requests_add(&x, "/v2\0x", 5), -EINVAL);
        assert_int_equal(s->n_creds, 4096);
}

static void metadata(void **state)
{
        CLEANUP(freep) char *file = mock_file("vectors/captures/metadata-v4-container.http");
        CLEANUP(snapshot_freep) struct snapshot *s = snapshot_at(NOW);
        CLEANUP(scan_done) struct scan x = { .s = s };
        CLEANUP(freep) char *task = mock_file("vectors/captures/metadata-v4-task.http");
        const struct mock_route routes[] = { { .path = "/v4/app", .bytes = file },
                                             { .path = "/v4/app/task", .bytes = task } };
        struct mock_http *m = mock_http_start(routes, ARRAY_SIZE(routes));
        struct collect_settings cs = { .credentials = mock_http_base(m) };
        static const struct { const char *why, *uri; int container, r; } uris[] = {
                { "its own", "http://169.254.170.2/v4/app", 0, 0 },
                { "twice", "http://169.254.170.2/v4/app", 0, 0 },
                { "another container's, copied", "http://169.254.170.2/v4/app", 1, 0 },
                { "an unknown id", "http://169.254.170.2/v3/other", 1, 0 },
                { "another path", "http://169.254.170.2/latest/meta-data", 0, -EINVAL },
                { "deeper than an id", "http://169.254.170.2/v4/app/task", 0, -EINVAL },
                { "another scheme", "file:///v4/app", 0, -EINVAL },
                { "no container", "http://169.254.170.2/v4/app", -1, -EINVAL },
        };
        struct net *n;

        (void)state;
        for (size_t i = 0; i < 2; i++) {
                struct container *c = snapshot_add_container(s);

                c->id = arena_dup(s->arena, i == 0 ? APP : SIDECAR);
                c->task = -1;
        }
        for (size_t i = 0; i < ARRAY_SIZE(uris); i++) {
                print_message("%s\n", uris[i].why);
                assert_int_equal(metadata_requests_add(&x.metadata, uris[i].container, uris[i].uri, strlen(uris[i].uri)), uris[i].r);
        }
        assert_int_equal(x.metadata.n, 3);
        assert_int_equal(net_new(&n), 0);
        x.at = (struct host_access){ &cs, n, NULL };
        assert_int_equal(collect_metadata(&x), 0);
        assert_null(s->tasks[0].service);      /* nobody asked for it */
        *snapshot_add_need(s) = (struct need){ .where = "x", .container = -1, .service = "w*", .role = "task" };
        assert_int_equal(collect_metadata(&x), 0);
        assert_string_equal(s->tasks[0].service, "web");
        net_free(n);
        mock_http_stop(m);
        assert_int_equal(s->containers[0].n_labels, 6);
        assert_string_equal(s->containers[0].labels[5].name, "team");
        assert_string_equal(s->containers[0].labels[5].value, "orders");
        assert_string_equal(s->containers[0].name, "app");
        assert_string_equal(s->containers[0].image, "bb:1");
        assert_int_equal(s->containers[0].task, 0);
        assert_string_equal(s->tasks[0].arn, WEB);
        assert_string_equal(s->tasks[0].family, "web");
        assert_string_equal(s->tasks[0].revision, "7");
        assert_int_equal(s->containers[1].n_labels, 0);
        assert_int_equal(s->containers[1].task, -1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_real_agent),
                cmocka_unit_test(introspection),
                cmocka_unit_test(credentials),
                cmocka_unit_test(the_server_itself),
                cmocka_unit_test(an_agent_that_is_down),
                cmocka_unit_test(the_agent_alone),
                cmocka_unit_test(too_many_paths),
                cmocka_unit_test(metadata),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
