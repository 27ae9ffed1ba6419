/* Whether a container was started with the credentials URI, by its configuration: read only where no first process of its task says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <cmocka.h>
#include "../../agent/collect/container_config.h"
#include "helper_broker.h"
#include "helper_judge.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

#define URI "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/11111111-2222"
#define PATH_OF_URI "/v2/credentials/11111111-2222"
#define OCI(env) "{\"ociVersion\":\"1.0.2\",\"process\":{\"args\":[\"x\"],\"env\":[\"PATH=/bin\"" env "]}}"
#define SET OCI(",\"" URI "\"")

static const char *config;             /* of every container; NULL: there is none */
static unsigned n_configs;             /* requested */
static pid_t named;                    /* the process that the last request named */

static int answer(struct broker *b, const struct wire_request *q)
{
        int fd;

        (void)b;
        assert_int_equal(q->op, BROKER_CONTAINER_CONFIG);
        n_configs++;
        named = q->pid;
        if (!config)
                return -ENOENT;
        fd = memfd_create("x", MFD_CLOEXEC);
        assert_int_equal(pwrite(fd, config, strlen(config), 0), (ssize_t)strlen(config));
        return fd;
}

/* One scan, whose processes were read. */
struct world {
        struct collect_settings cs;
        struct broker *b;
        struct snapshot *s;
        struct scan x;
};

static void world_make(struct world *w)
{
        *w = (struct world){ .cs.known = NULL };
        assert_int_equal(broker_new("", answer, &w->b), 0);
        assert_int_equal(snapshot_new(&w->s), 0);
        w->x = (struct scan){ .s = w->s, .at = { &w->cs, NULL, w->b } };
        host_task(w->s, "web", "app");
        w->s->containers[0].config_cred = -1;
        n_configs = 0;
}

static void world_done(struct world *w)
{
        scan_done(&w->x);
        snapshot_free(w->s);
        broker_free(w->b);
}

static struct process *first(struct world *w) { return host_bare(w->s, 0, 10, 1, "s6-svscan"); }
static void lost(struct world *w) { first(w); }
static void has_it(struct world *w) { first(w)->env[ENV_VAR_RELATIVE_URI] = "/v2/credentials/***"; }
static void blank(struct world *w) { first(w)->env[ENV_VAR_RELATIVE_URI] = " "; }
static void overwritten(struct world *w) { first(w)->environ.state = ANSWER_GARBAGE; }
static void of_no_task(struct world *w) { lost(w); w->s->containers[0].task = -1; }
static void ended(struct world *w) { (void)w; }
static void no_broker(struct world *w) { lost(w); w->x.at.broker = NULL; }

static void only_a_service_has_it(struct world *w)
{
        lost(w);
        host_bare(w->s, 0, 20, 10, "app")->env[ENV_VAR_RELATIVE_URI] = "/v2/credentials/***";
}

static void another_container_has_it(struct world *w)
{
        int side = host_task(w->s, "web", "side");

        lost(w);
        w->s->containers[side].task = 0;
        host_bare(w->s, side, 40, 1, "side")->env[ENV_VAR_RELATIVE_URI] = "/v2/credentials/***";
}

static const struct row {
        const char *why;
        void (*make)(struct world *w);
        const char *config;
        enum config_uri uri;
        bool cred;
        unsigned reads;
} rows[] = {
        { "the entrypoint removed it", lost, SET, CONFIG_URI_SET, true, 1 },
        { "a task without a role", lost, OCI(""), CONFIG_URI_ABSENT, false, 1 },
        { "a blank one in the process", blank, SET, CONFIG_URI_SET, true, 1 },
        { "a blank one in the configuration", lost, OCI(",\"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI= \""), CONFIG_URI_ABSENT, false, 1 },
        { "no path, as somebody set it", lost, OCI(",\"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=x\""), CONFIG_URI_SET, false, 1 },
        { "only a service has it", only_a_service_has_it, SET, CONFIG_URI_SET, true, 1 },
        { "overwritten", overwritten, SET, CONFIG_URI_SET, true, 1 },
        { "healthy", has_it, SET, CONFIG_URI_UNKNOWN, false, 0 },
        { "another container of the task has it", another_container_has_it, SET, CONFIG_URI_UNKNOWN, false, 0 },
        { "of no task", of_no_task, SET, CONFIG_URI_UNKNOWN, false, 0 },
        { "without a process", ended, SET, CONFIG_URI_UNKNOWN, false, 0 },
        { "no broker", no_broker, SET, CONFIG_URI_UNKNOWN, false, 0 },
        { "no configuration", lost, NULL, CONFIG_URI_UNKNOWN, false, 1 },
        { "half written", lost, "{\"process\":{\"env\":[\"A", CONFIG_URI_UNKNOWN, false, 1 },
        { "of another kind", lost, "{\"process\":{\"env\":7}}", CONFIG_URI_UNKNOWN, false, 1 },
};

static void each_container(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct world w;
                const struct container *c;

                world_make(&w);
                config = rows[i].config;
                rows[i].make(&w);
                assert_int_equal(collect_container_configs(&w.x), 0);
                c = &w.s->containers[0];
                if (c->config_uri != rows[i].uri || (c->config_cred >= 0) != rows[i].cred || n_configs != rows[i].reads)
                        fail_msg("%s: %d, credential %d, %u times read", rows[i].why, c->config_uri, c->config_cred, n_configs);
                if (rows[i].cred)
                        assert_string_equal(w.x.credentials.paths[c->config_cred], PATH_OF_URI);
                assert_int_equal(w.s->n_creds, rows[i].cred);
                world_done(&w);
        }
}

/* The first process names the container to the broker: one of docker exec, or a child, started later. */
static void the_first_process_names_it(void **state)
{
        struct world w;

        (void)state;
        world_make(&w);
        config = SET;
        host_bare(w.s, 0, 30, 1, "exec");
        host_bare(w.s, 0, 20, 10, "child")->start_ticks = 10;
        host_bare(w.s, 0, 10, 1, "first");
        assert_int_equal(collect_container_configs(&w.x), 0);
        assert_int_equal(n_configs, 1);
        assert_int_equal(named, 10);
        world_done(&w);
}

/* A scan before, of a container whose first process lost the URI of this configuration; and the same container again. */
static void scan_twice(struct world *before, struct world *w, const char *of)
{
        world_make(before);
        config = of;
        lost(before);
        assert_int_equal(collect_container_configs(&before->x), 0);
        assert_int_equal(n_configs, 1);
        world_make(w);
        lost(w);
}

/* What a scan knows, the next takes: a configuration does not change. Only the URI itself is read again, to be requested. */
static void read_once(void **state)
{
        static const struct { const char *config; bool by_another; unsigned reads; } T[] = {
                { OCI(""), false, 0 }, { SET, false, 1 }, { SET, true, 0 }, { NULL, false, 1 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                struct world before, w;

                scan_twice(&before, &w, T[i].config);
                w.cs.known = before.s;
                if (T[i].by_another)
                        assert_int_equal(credential_requests_add(&w.x, PATH_OF_URI, strlen(PATH_OF_URI)), 0);
                assert_int_equal(collect_container_configs(&w.x), 0);
                assert_int_equal(n_configs, T[i].reads);
                assert_int_equal(w.s->containers[0].config_uri, before.s->containers[0].config_uri);
                assert_int_equal(w.s->containers[0].config_cred, before.s->containers[0].config_cred);
                world_done(&w);
                world_done(&before);
        }
}

/* A process event takes what the last scan was answered, and reads nothing. */
static void an_event_reads_nothing(void **state)
{
        struct world before, w;

        (void)state;
        scan_twice(&before, &w, SET);
        before.s->creds[0].answer = (struct answer){ .state = ANSWER_OK };
        before.s->creds[0].role_arn = TASK_ROLE;
        assert_int_equal(container_configs_read(&(struct reader){ .x = &w.x, .base = before.s }), 0);
        assert_int_equal(n_configs, 0);
        assert_int_equal(w.s->containers[0].config_uri, CONFIG_URI_SET);
        assert_string_equal(w.s->creds[w.s->containers[0].config_cred].role_arn, TASK_ROLE);
        world_done(&w);
        world_done(&before);
}

/* An agent that is down names no task: that of the last scan has its role still, or its findings would change. */
static void while_the_agent_is_down(void **state)
{
        struct world before, w;

        (void)state;
        scan_twice(&before, &w, SET);
        w.s->host.introspection.state = ANSWER_REFUSED;
        w.s->containers[0] = (struct container){ .id = before.s->containers[0].id, .task = -1, .config_cred = -1 };
        w.s->n_tasks = 0;
        w.cs.known = before.s;
        assert_int_equal(collect_carry_over(w.s, before.s), 0);
        assert_int_equal(w.s->containers[0].task, 0);
        assert_int_equal(collect_container_configs(&w.x), 0);
        assert_int_equal(w.s->containers[0].config_uri, CONFIG_URI_SET);
        assert_string_equal(w.x.credentials.paths[w.s->containers[0].config_cred], PATH_OF_URI);
        world_done(&w);
        world_done(&before);
}

/* However many containers there are, and however large their configurations: so much is read in one scan. */
static void work_is_bounded(void **state)
{
        struct world w;
        struct reader rd = { .recovered = RECOVERED_MAX };

        (void)state;
        world_make(&w);
        config = SET;
        lost(&w);
        rd.x = &w.x;
        assert_int_equal(container_configs_read(&rd), 0);
        assert_int_equal(n_configs, 0);
        assert_int_equal(w.s->containers[0].config_uri, CONFIG_URI_UNKNOWN);
        rd.recovered = 0;
        assert_int_equal(container_configs_read(&rd), 0);
        assert_int_equal(rd.recovered, strlen(SET));
        reader_done(&rd);
        world_done(&w);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_container), cmocka_unit_test(the_first_process_names_it), cmocka_unit_test(read_once),
                cmocka_unit_test(an_event_reads_nothing), cmocka_unit_test(while_the_agent_is_down), cmocka_unit_test(work_is_bounded),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
