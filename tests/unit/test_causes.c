/* Each mechanism of the failure catalog: facts in, verdict, finding and remedy out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "helper_judge.h"
#include "../../agent/judge/causes.h"

#define RELATIVE_URI "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"

/* pid 10 is the container's sh; each row adds what it tells of and looks at pid 30. */
static void under(struct snapshot *s, const char *parent)
{
        host_process(s, 0, 20, 10, parent);
        host_bare(s, 0, 30, 20, "job");
}

/* The main process of a server starts its workers, and those start the rest. */
static void under_worker(struct snapshot *s, const char *server)
{
        host_process(s, 0, 20, 10, server);
        host_bare(s, 0, 25, 20, server);
        host_bare(s, 0, 30, 25, "job");
}
static void under_fpm(struct snapshot *s) { under_worker(s, "php-fpm8.2"); }
static void under_nginx(struct snapshot *s) { under_worker(s, "nginx"); }
static void under_openresty(struct snapshot *s) { under_worker(s, "openresty"); }
static void under_passenger(struct snapshot *s)
{
        host_process(s, 0, 20, 10, "nginx");
        host_bare(s, 0, 25, 20, "PassengerAgent");
        host_bare(s, 0, 30, 25, "job");
}
/* Apache itself was started without it, and so mod_wsgi and mod_php are. */
static void apache_without(struct snapshot *s)
{
        host_bare(s, 0, 20, 10, "apache2");
        host_bare(s, 0, 30, 20, "apache2");
}
static void passenger_without(struct snapshot *s)
{
        host_bare(s, 0, 20, 10, "apache2");
        host_bare(s, 0, 25, 20, "PassengerAgent");
        host_bare(s, 0, 30, 25, "ruby");
}
/* What nginx was started with is not known. */
static void under_unknown_nginx(struct snapshot *s)
{
        under_nginx(s);
        for (pid_t pid = 20; pid <= 25; pid += 5) {
                host_by_pid(s, pid)->environ = (struct answer){ ANSWER_GARBAGE, 0, "overwritten by the program" };
                host_by_pid(s, pid)->env[ENV_VAR_RELATIVE_URI] = NULL;
        }
}
/* A worker of Apache has the variable; the program that it starts does not. */
static void under_apache(struct snapshot *s)
{
        host_process(s, 0, 15, 10, "apache2");
        host_process(s, 0, 20, 15, "apache2");
        host_bare(s, 0, 30, 20, "job");
}

#define UNDER(id, name) static void under_##id(struct snapshot *s) { under(s, name); }
UNDER(cron, "crond")
UNDER(cron_debian, "CRON") UNDER(sudo, "sudo") UNDER(su, "su") UNDER(sshd, "sshd-session")
        UNDER(s6, "s6-supervise") UNDER(systemd, "systemd")
                UNDER(runit, "runsv")
                        UNDER(service, "start-stop-daem") UNDER(node, "node")

                                static void cron_early(struct snapshot *s)
{
        under_cron(s);
        s->host.agent_started_s = s->host.taken_s - 5;
}

static void below_init(struct snapshot *s)
{
        host_bare(s, 0, 30, 10, "job");
}
static void orphan(struct snapshot *s) { host_bare(s, 0, 30, 1, "job"); }

static void cleared_twice(struct snapshot *s)
{
        host_bare(s, 0, 20, 10, "cron");
        host_bare(s, 0, 25, 20, "sh");
        host_bare(s, 0, 30, 25, "job");
}

static void entrypoint(struct snapshot *s)
{
        int c = host_task(s, "web", "side");

        s->containers[c].task = 0;
        host_bare(s, c, 30, 1, "job");
}

/* The container was started with the variable; its first process, pid 10, was not. */
static struct process *first_without(struct snapshot *s, const char *name)
{
        struct process *p = host_by_pid(s, 10);

        p->comm = name;
        p->exe = arena_printf(s->arena, "/usr/bin/%s", name);
        p->env[ENV_VAR_RELATIVE_URI] = NULL;
        p->cred_relative = -1;
        s->containers[0].config_uri = CONFIG_URI_SET;
        s->containers[0].config_cred = 0;
        return p;
}
static void first_job(struct snapshot *s)
{
        struct process *p = first_without(s, "job");

        p->pid = 30;
        p->start_ticks = 30;
}
static void first_shell(struct snapshot *s)
{
        first_without(s, "sh");
        host_bare(s, 0, 30, 10, "job");
}
static void first_of(struct snapshot *s, const char *name, const char *below)
{
        first_without(s, name);
        host_bare(s, 0, 20, 10, below);
        host_bare(s, 0, 30, 20, "job");
}
static void first_unknown(struct snapshot *s)
{
        first_shell(s);
        host_by_pid(s, 10)->environ = (struct answer){ ANSWER_GARBAGE, 0, "overwritten by the program" };
}
static void first_too_short(struct snapshot *s)
{
        first_unknown(s);
        host_by_pid(s, 10)->without_uri = true;
}
static void first_s6(struct snapshot *s) { first_of(s, "s6-svscan", "s6-supervise"); }
static void first_runit(struct snapshot *s) { first_of(s, "runsvdir", "runsv"); }
static void first_cron(struct snapshot *s) { first_of(s, "cron", "cron"); }
static void first_apache(struct snapshot *s) { first_of(s, "apache2", "apache2"); }
static void first_s6_sudo(struct snapshot *s) { first_of(s, "s6-svscan", "sudo"); }

/* The entrypoint's shell started these, and then executed the server. */
static void server_executed_over_it(struct snapshot *s, const char *server, const char *program)
{
        host_by_pid(s, 10)->comm = server;
        host_by_pid(s, 10)->exe = "/usr/sbin/server";
        host_bare(s, 0, 20, 10, program);
        host_bare(s, 0, 30, 20, "job");
}
static void before_nginx(struct snapshot *s) { server_executed_over_it(s, "nginx", "fcgiwrap"); }
static void before_fpm(struct snapshot *s) { server_executed_over_it(s, "php-fpm8.2", "sh"); }
static void before_apache(struct snapshot *s) { server_executed_over_it(s, "apache2", "worker"); }
static void cron_before_nginx(struct snapshot *s) { server_executed_over_it(s, "nginx", "cron"); }
static void before_nginx_below_tini(struct snapshot *s)
{
        host_process(s, 0, 20, 10, "nginx");
        host_bare(s, 0, 30, 20, "job");
}

static void circle_of_parents(struct snapshot *s)
{
        host_bare(s, 0, 30, 31, "job");
        host_bare(s, 0, 31, 30, "job");
}

static void tool(struct snapshot *s, const char *program, const char *family)
{
        struct process *p = host_process(s, 0, 30, 10, program);

        host_sdk(p, family, NULL);
        p->met_imds = true;
}
static void tool_registry(struct snapshot *s) { tool(s, "registry", "registry"); }
static void tool_boto2(struct snapshot *s) { tool(s, "python3.7", "boto2"); }
static struct process *job(struct snapshot *s) { return host_process(s, 0, 30, 10, "job"); }

static void keys(struct process *p)
{
        p->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE";
        p->env[ENV_VAR_SECRET] = MODEL_REDACTED;
}
static void keys_container(struct snapshot *s)
{
        job(s);
        keys(host_by_pid(s, 10));
        keys(host_by_pid(s, 30));
}
static void keys_process(struct snapshot *s) { keys(job(s)); }
static void keys_blank(struct snapshot *s)
{
        struct process *p = job(s);
        p->env[ENV_VAR_KEY_ID] = p->env[ENV_VAR_SECRET] = "";
}
static void half_botocore(struct snapshot *s)
{
        struct process *p = job(s);

        p->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE";
        host_sdk(p, "botocore", "1.34.0");
}
static void half_ruby(struct snapshot *s)
{
        struct process *p = job(s);

        p->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE";
        host_sdk(p, "ruby3", "3.200.0");
}
static void java(struct snapshot *s)
{
        struct process *p = job(s);

        p->prop[SYSPROP_KEY_ID] = "AKIAIOSFODNN7EXAMPLE";
        p->prop[SYSPROP_SECRET] = MODEL_REDACTED;
        host_sdk(p, "java2", "2.25.0");
}
static const struct profile baked[] = {
        { .name = "default", .key = { [PROFILE_KEY_KEY_ID] = "AKIAIOSFODNN7EXAMPLE", [PROFILE_KEY_SECRET] = MODEL_REDACTED } },
        { .name = "old", .key = { [PROFILE_KEY_KEY_ID] = "AKIAIOSFODNN7EXAMPLE", [PROFILE_KEY_SECRET] = MODEL_REDACTED } },
};
static void profile(struct snapshot *s)
{
        struct process *p = job(s);

        p->credentials.state = FILE_OK;
        p->credentials.profiles = baked;
        p->credentials.n_profiles = ARRAY_SIZE(baked);
        host_sdk(p, "botocore", "1.34.0");
}
static void half_boto2(struct snapshot *s)
{
        struct process *p;

        profile(s);
        p = host_by_pid(s, 30);
        p->env[ENV_VAR_KEY_ID] = "AKIAI44QH8DHBEXAMPLE";
        p->n_sdks = 0;
        host_sdk(p, "boto2", "2.49.0");
}
static void profile_named(struct snapshot *s)
{
        profile(s);
        host_by_pid(s, 30)->env[ENV_VAR_PROFILE] = "old";
}
static void profile_missing(struct snapshot *s)
{
        profile(s);
        host_by_pid(s, 30)->env[ENV_VAR_PROFILE] = "nope";
}

static void profile_malformed(struct snapshot *s)
{
        struct process *p = host_process(s, 0, 30, 10, "job");

        host_sdk(p, "botocore", "1.34.0");
        p->config = (struct profile_file){ .path = "/root/.aws/config", .state = FILE_MALFORMED, .bad_line = 3 };
}

/* Keys of another profile stand in the credentials file; what decides stands in the config file, and names that. */
static const struct profile other_keys[] = {
        { .name = "other", .key = { [PROFILE_KEY_KEY_ID] = "AKIAIOSFODNN7EXAMPLE", [PROFILE_KEY_SECRET] = MODEL_REDACTED } },
};
static void config_decides(struct snapshot *s, const struct profile *profiles)
{
        struct process *p = host_process(s, 0, 30, 10, "job");

        host_sdk(p, "botocore", "1.34.0");
        p->credentials = (struct profile_file){ .path = "/root/.aws/credentials", .state = FILE_OK, .profiles = other_keys, .n_profiles = 1 };
        p->config = (struct profile_file){ .path = "/root/.aws/config", .state = FILE_OK, .profiles = profiles, .n_profiles = 1 };
}
#define IN_CONFIG(id, ...) \
        static void config_##id(struct snapshot *s) \
        { \
                static const struct profile profiles[] = { { .name = "default", .key = { __VA_ARGS__ } } }; \
                config_decides(s, profiles); \
        }
IN_CONFIG(process, [PROFILE_KEY_PROCESS] = MODEL_REDACTED)
IN_CONFIG(instance, [PROFILE_KEY_ROLE_ARN] = "arn:aws:iam::111122223333:role/audit", [PROFILE_KEY_CREDENTIAL_SOURCE] = "Ec2InstanceMetadata")
IN_CONFIG(source, [PROFILE_KEY_ROLE_ARN] = "arn:aws:iam::111122223333:role/audit", [PROFILE_KEY_SOURCE_PROFILE] = "other")
IN_CONFIG(no_source, [PROFILE_KEY_ROLE_ARN] = "arn:aws:iam::111122223333:role/audit", [PROFILE_KEY_SOURCE_PROFILE] = "gone")
static void config_malformed(struct snapshot *s)
{
        config_process(s);
        host_by_pid(s, 30)->config = (struct profile_file){ .path = "/root/.aws/config", .state = FILE_MALFORMED, .bad_line = 3 };
}
/* The instance is the source of a profile that nobody selects. */
static void instance_unselected(struct snapshot *s)
{
        static const struct profile both[] = {
                { .name = "default", .key = { [PROFILE_KEY_ROLE_ARN] = "arn:aws:iam::111122223333:role/audit", [PROFILE_KEY_SOURCE_PROFILE] = "other" } },
                { .name = "on-ec2", .key = { [PROFILE_KEY_ROLE_ARN] = "arn:aws:iam::111122223333:role/audit",
                                             [PROFILE_KEY_CREDENTIAL_SOURCE] = "Ec2InstanceMetadata" } },
        };

        config_decides(s, both);
        host_by_pid(s, 30)->config.n_profiles = 2;
}

static void execution_id(struct snapshot *s)
{
        struct credential *c = snapshot_add_cred(s);

        *c = (struct credential){ .answer = { ANSWER_OK, 200, NULL },
                                  .role_arn = EXEC_ROLE,
                                  .kind = CRED_EXECUTION };
        job(s)->cred_relative = 1;
}
static void execution_everywhere(struct snapshot *s)
{
        job(s);
        s->creds[0].role_arn = EXEC_ROLE;
        s->creds[0].kind = CRED_EXECUTION;
}
static void other_task(struct snapshot *s)
{
        struct credential *c = snapshot_add_cred(s);

        *c = (struct credential){ .answer = { ANSWER_OK, 200, NULL },
                                  .task_arn = "arn:aws:ecs:eu-west-1:111122223333:task/x",
                                  .role_arn = "arn:aws:iam::111122223333:role/otherRole",
                                  .kind = CRED_TASK };
        job(s)->cred_relative = 1;
}
static void full(struct snapshot *s)
{
        struct credential *c = snapshot_add_cred(s);
        struct process *p;

        *c = (struct credential){ .answer = { ANSWER_OK, 200, NULL },
                                  .role_arn = "arn:aws:iam::111122223333:role/sideRole" };
        p = job(s);
        p->env[ENV_VAR_FULL_URI] = "http://127.0.0.1/***";
        p->cred_full = 1;
        host_sdk(p, "go1", "1.50.0");
}
static void empty_botocore(struct snapshot *s)
{
        struct process *p = host_bare(s, 0, 30, 10, "job");

        p->env[ENV_VAR_RELATIVE_URI] = "";
        host_sdk(p, "botocore", "1.34.0");
}
static void empty_go(struct snapshot *s)
{
        struct process *p = host_bare(s, 0, 30, 10, "job");

        p->env[ENV_VAR_RELATIVE_URI] = "";
        host_sdk(p, "go2", "1.40.0");
}
static void old_js(struct snapshot *s) { host_sdk(job(s), "js2", "2.4.0"); }
static void answer(struct snapshot *s, int status)
{
        job(s);
        s->creds[0].answer = (struct answer){ ANSWER_STATUS, status, NULL };
        s->creds[0].role_arn = NULL;
}
static void sequential(struct snapshot *s)
{
        answer(s, 503);
        host_sdk(host_by_pid(s, 30), "java2", "2.25.0");
}
static void status_503(struct snapshot *s) { answer(s, 503); }
static void status_429(struct snapshot *s) { answer(s, 429); }
static void status_400(struct snapshot *s) { answer(s, 400); }
static void early_400(struct snapshot *s)
{
        answer(s, 400);
        s->host.agent_started_s = s->host.taken_s - 30;
}
static void late_400(struct snapshot *s)
{
        answer(s, 400);
        s->host.agent_started_s = s->host.taken_s - 3000;
}
static void sequential_early(struct snapshot *s)
{
        sequential(s);
        s->host.agent_started_s = s->host.taken_s - 5;
}
static void expired(struct snapshot *s) { job(s); s->creds[0].answer.state = ANSWER_EXPIRED; }
static void no_network(struct snapshot *s)
{
        struct answer none = { ANSWER_UNREACHABLE, 0, NULL };

        job(s);
        s->netns[0].container = s->netns[0].imds_token = s->netns[0].imds_v1 = none;
}
static void copied_uri(struct snapshot *s)
{
        struct credential *c = snapshot_add_cred(s);

        *c = (struct credential){ .answer = { ANSWER_OK, 200, NULL },
                                  .role_arn = "arn:aws:iam::111122223333:role/otherRole" };
        job(s)->cred_relative = 1;
}
static void bad_uri(struct snapshot *s)
{
        struct process *p = job(s);

        p->env[ENV_VAR_RELATIVE_URI] = MODEL_REDACTED;
        p->cred_relative = -1;
        host_sdk(p, "botocore", "1.34.0");
}
static void moved(struct snapshot *s)
{
        struct credential *c = snapshot_add_cred(s);
        struct process *p;

        *c = (struct credential){ .answer = { ANSWER_UNKNOWN, 0, NULL } };
        p = job(s);
        p->env[ENV_VAR_CONTAINER_ENDPOINT] = "http://127.0.0.1:9/***";
        p->cred_relative = 1;
        host_sdk(p, "java2", "2.25.0");
}
static void web_identity(struct snapshot *s)
{
        struct process *p = job(s);

        p->env[ENV_VAR_WEB_IDENTITY_TOKEN] = "/var/run/token";
        p->env[ENV_VAR_ROLE_ARN] = "arn:aws:iam::111122223333:role/eksRole";
        p->web_identity_file = FILE_OK;
        host_sdk(p, "go2", "1.40.0");
}
static void web_identity_broken(struct snapshot *s)
{
        web_identity(s);
        host_by_pid(s, 30)->web_identity_file = FILE_ABSENT;
}
static void token_file(struct snapshot *s)
{
        struct process *p = job(s);

        p->env[ENV_VAR_TOKEN_FILE] = "/run/token";
        p->token_file = FILE_ABSENT;
        host_sdk(p, "rust", "1.5.0");
}
static void sequential_token_file(struct snapshot *s)
{
        struct process *p = job(s);

        p->env[ENV_VAR_TOKEN_FILE] = "/run/token";
        p->token_file = FILE_ABSENT;
        host_sdk(p, "java2", "2.25.0");
}
static const struct profile by_instance[] = {
        { .name = "default",
          .key = { [PROFILE_KEY_CREDENTIAL_SOURCE] = "Ec2InstanceMetadata",
                   [PROFILE_KEY_ROLE_ARN] = "arn:aws:iam::111122223333:role/assumedRole" } },
};
static void instance_source(struct snapshot *s)
{
        profile(s);
        host_by_pid(s, 30)->credentials.profiles = by_instance;
        host_by_pid(s, 30)->credentials.n_profiles = 1;
}
static struct netns *second_netns(struct snapshot *s)
{
        struct netns *n = snapshot_add_netns(s);

        *n = s->netns[0];
        n->inode++;
        job(s)->netns = 1;
        return n;
}
static void cut_off(struct snapshot *s)
{
        second_netns(s)->container = (struct answer){ ANSWER_TIMEOUT, 0, NULL };
}
static void wrong_service(struct snapshot *s)
{
        second_netns(s)->container = (struct answer){ ANSWER_GARBAGE, 200, NULL };
}
static void dark(struct snapshot *s)
{
        job(s)->environ.state = ANSWER_DENIED;
        host_by_pid(s, 30)->env[ENV_VAR_RELATIVE_URI] = NULL;
}
static void through_proxy(struct snapshot *s)
{
        struct process *p = job(s);

        p->env[ENV_VAR_HTTP_PROXY] = "http://proxy.example:3128";
        host_sdk(p, "go2", "1.40.0");
}
static void roleless(struct snapshot *s, const char *family, const char *version)
{
        host_by_pid(s, 10)->env[ENV_VAR_RELATIVE_URI] = NULL;
        host_by_pid(s, 10)->cred_relative = -1;
        host_sdk(host_bare(s, 0, 30, 10, "job"), family, version);
}
static void imds_through_proxy(struct snapshot *s)
{
        roleless(s, "botocore", "1.34.0");
        host_by_pid(s, 30)->env[ENV_VAR_HTTP_PROXY] = "http://proxy.example:3128";
}
static void imds_v1_only(struct snapshot *s)
{
        roleless(s, "js2", "2.500.0");
        s->netns[0].imds_v1 = (struct answer){ ANSWER_STATUS, 401, NULL };
}
static void behind_hop_limit_1(struct snapshot *s)
{
        roleless(s, "rust", "1.5.0");
        s->netns[0].imds_token = (struct answer){ ANSWER_TIMEOUT, 0, NULL };
}
static void behind_hop_limit_1_required(struct snapshot *s)
{
        roleless(s, "botocore", "1.34.0");
        s->netns[0].imds_token = (struct answer){ ANSWER_TIMEOUT, 0, NULL };
        s->netns[0].imds_v1 = (struct answer){ ANSWER_STATUS, 401, NULL };
}
static void imds_disabled(struct snapshot *s)
{
        behind_hop_limit_1(s);
        host_by_pid(s, 30)->env[ENV_VAR_METADATA_DISABLED] = "true";
}
static void imds_blocked(struct snapshot *s)
{
        behind_hop_limit_1_required(s);
        s->netns[0].imds_v1 = (struct answer){ ANSWER_TIMEOUT, 0, NULL };
}
/* Every SDK of the container uses the keys; the one that runs ECS Exec is named. */
static void keys_of_all(struct snapshot *s)
{
        for (pid_t pid = 30; pid < 33; pid++) {
                struct process *p = host_process(s, 0, pid, 10, pid == 31 ? "amazon-ssm-agent" : pid == 32 ? "worker" : "app");

                p->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE";
                p->env[ENV_VAR_SECRET] = MODEL_REDACTED;
                host_sdk(p, "go1", "1.44.0");
        }
        host_by_pid(s, 10)->env[ENV_VAR_KEY_ID] = "AKIAIOSFODNN7EXAMPLE";
        host_by_pid(s, 10)->env[ENV_VAR_SECRET] = MODEL_REDACTED;
}
static void until_expiry(struct snapshot *s)
{
        status_503(s);
        host_sdk(host_by_pid(s, 30), "js2", "2.1500.0");
}
static void healthy(struct snapshot *s) { job(s); }
static void shell(struct snapshot *s) { host_process(s, 0, 30, 1, "bash"); }

#define NO_FINDING (-1)
struct row {
        const char *why;
        void (*make)(struct snapshot *s);
        enum verdict verdict;
        int finding;
        enum severity severity;
        const char *mechanism, *text, *remedy;  /* parts of them */
};
#define W VERDICT_WRONG, FINDING_WRONG_ROLE, SEVERITY_WARNING
#define N VERDICT_NONE, FINDING_NO_CREDENTIALS, SEVERITY_WARNING
#define SILENT(verdict) verdict, NO_FINDING, SEVERITY_OK, NULL, NULL, NULL
static const struct row rows[] = {
        { "registry", tool_registry, W, "tool-without-container", "before 3.0 never contacts the container endpoint", "Update it to 3.0" },
        { "boto 2", tool_boto2, W, "tool-without-container", "boto 2 never contacts", "Move the program to boto3" },
        { "1 cron", under_cron, W, "lost-cron", "crond (pid 20) started job (pid 30) without " RELATIVE_URI,
          "crontab" },
        { "1 Debian's cron", under_cron_debian, W, "lost-cron", "CRON (pid 20) started",
          ". /run/env" },
        { "1 cron after a start of the agent", cron_early, W, "lost-cron", "crond", "crontab" },
        { "2 sudo", under_sudo, W, "lost-sudo", "sudo (pid 20) started",
          "env_keep += \"" RELATIVE_URI "\"" },
        { "3 su -", under_su, W, "lost-su", "su (pid 20) started", "login option" },
        { "4 sshd", under_sshd, W, "lost-sshd", "sshd-session (pid 20)", "~/.ssh/environment" },
        { "5 php-fpm", under_fpm, W, "lost-php-fpm", "php-fpm8.2 (pid 20) started php-fpm8.2 (pid 25)", "clear_env = no" },
        { "6 s6", under_s6, W, "lost-s6", "s6-supervise (pid 20)", "with-contenv" },
        { "7 systemd", under_systemd, W, "lost-systemd", "systemd (pid 20)",
          "PassEnvironment=" RELATIVE_URI },
        { "8 runit", under_runit, W, "lost-runit", "runsv (pid 20)", "run script" },
        { "8 start-stop-daemon", under_service, W, "lost-service", "start-stop-daem",
          "init script" },
        { "9 Passenger", under_passenger, W, "lost-nginx", "nginx (pid 20) started PassengerAgent (pid 25)", "passenger_env_var" },
        { "9 OpenResty", under_openresty, W, "lost-nginx", "openresty (pid 20) started openresty (pid 25)", "env " RELATIVE_URI ";" },
        { "9 nginx", under_nginx, W, "lost-nginx", "nginx (pid 20) started nginx (pid 25)", "env " RELATIVE_URI ";" },
        { "9 Apache, started without", apache_without, W, "lost-below-init", "apache2 (pid 20), a child of sh (pid 10), was started without", "Find what starts apache2 (pid 20)" },
        { "9 Passenger below it", passenger_without, W, "lost-below-init", "apache2 (pid 20), a child of sh (pid 10), was started without", "Find what starts apache2 (pid 20)" },
        { "9 nginx, whose own is not known", under_unknown_nginx, W, "lost-nginx", "nginx (pid 20)", "env " RELATIVE_URI ";" },
        { "9 Apache", under_apache, W, "lost-apache", "apache2 (pid 20) started job (pid 30)", "PassEnv " RELATIVE_URI },
        { "10 a fresh map", under_node, W, "lost-parent",
          "node (pid 20) started job (pid 30) without", "Make node (pid 20) pass" },
        { "below the first process", below_init, W, "lost-below-init",
          "job (pid 30), a child of sh (pid 10), was started without", RELATIVE_URI },
        { "its parent has gone", orphan, W, "lost-orphan", "no running ancestor of job (pid 30)",
          "restart" },
        { "cron itself was started without", cleared_twice, W, "lost-cron",
          "sh (pid 10) started cron (pid 20)", "crontab" },
        { "the entrypoint clears", entrypoint, W, "lost-entrypoint", "the container's first process, job (pid 30), does not have",
          "entrypoint" },
        { "it is the first process", first_job, W, "lost-entrypoint", "the container's first process, job (pid 30), does not have", "entrypoint" },
        { "below a first process without it", first_shell, W, "lost-entrypoint", "the container's first process, sh (pid 10), does not have", "entrypoint" },
        { "below a first process that overwrote its environment", first_unknown, W, "lost-unknown", "the environment of the first process, sh (pid 10), is not known",
          "the entrypoint, or sh (pid 10)" },
        { "that was too short for it", first_too_short, W, "lost-entrypoint", "the container's first process, sh (pid 10), does not have", "entrypoint" },
        { "6 s6 was started without", first_s6, W, "lost-s6", "the entrypoint started s6-svscan (pid 10) without", "with-contenv" },
        { "8 runit was started without", first_runit, W, "lost-runit", "the entrypoint started runsvdir (pid 10) without", "at the start of the entrypoint" },
        { "1 cron is the first, and was started without", first_cron, W, "lost-cron", "the entrypoint started cron (pid 10) without", "at the start of the entrypoint" },
        { "9 Apache was started without", first_apache, W, "lost-entrypoint", "the container's first process, apache2 (pid 10)", "entrypoint" },
        { "2 sudo under s6 that was started without", first_s6_sudo, W, "lost-s6", "the entrypoint started s6-svscan (pid 10)", "with-contenv" },
        { "nginx took the place of what started it", before_nginx, W, "lost-below-init", "fcgiwrap (pid 20), a child of nginx (pid 10), was started without",
          "Find what starts fcgiwrap (pid 20)" },
        { "php-fpm did", before_fpm, W, "lost-below-init", "sh (pid 20), a child of php-fpm8.2 (pid 10)", "Find what starts sh (pid 20)" },
        { "Apache did", before_apache, W, "lost-below-init", "worker (pid 20), a child of apache2 (pid 10)", "Find what starts worker (pid 20)" },
        { "cron is a child of nginx", cron_before_nginx, W, "lost-cron", "the entrypoint, or a process that has exited, started cron (pid 20) without", "crontab" },
        { "nginx below tini took the place", before_nginx_below_tini, W, "lost-below-init", "job (pid 30), a child of nginx (pid 20), was started without",
          "Find what starts job (pid 30)" },
        { "parents in a circle end", circle_of_parents, W, "lost-orphan", "job", RELATIVE_URI },
        { "15 keys of the container", keys_container, W, "static-keys-container",
          "AWS_ACCESS_KEY_ID", "task definition" },
        { "15 keys of the process", keys_process, W, "static-keys-process", "job (pid 30)",
          "wrapper script" },
        { "17 blank keys", keys_blank, SILENT(VERDICT_OK) },
        { "16 half a pair, botocore", half_botocore, N, "half-key-pair", "without its secret key",
          "Unset AWS_ACCESS_KEY_ID" },
        { "16 half a pair, Ruby goes on", half_ruby, SILENT(VERDICT_OK) },
        { "16 half a pair, boto 2 takes the other from a profile", half_boto2, VERDICT_WRONG, FINDING_WRONG_ROLE, SEVERITY_INFO, "profile-file",
          "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY, and is used with the secret key of profile default in /root/.aws/credentials",
          "Remove /root/.aws/credentials" },
        { "18 a baked file", profile, W, "profile-file", "/root/.aws/credentials",
          "Remove /root/.aws/credentials" },
        { "19 a named profile", profile_named, W, "named-profile", "profile old",
          "Unset AWS_PROFILE" },
        { "19 a profile that is not there", profile_missing, N, "profile-missing", "nope",
          "Unset AWS_PROFILE" },
        { "a command in the config file", config_process, VERDICT_WRONG, FINDING_WRONG_ROLE, SEVERITY_INFO, "profile-file", "credential_process",
          "Remove /root/.aws/config from" },
        { "a role in the config file", config_source, VERDICT_WRONG, FINDING_WRONG_ROLE, SEVERITY_INFO, "profile-file", "audit", "Remove /root/.aws/config from" },
        { "the instance as its source", config_instance, VERDICT_WRONG, FINDING_WRONG_ROLE, SEVERITY_INFO, "profile-instance-source", "a profile in /root/.aws/config gets",
          "in /root/.aws/config" },
        { "the instance as the source of another profile", instance_unselected, VERDICT_WRONG, FINDING_WRONG_ROLE, SEVERITY_INFO, "profile-file", "audit",
          "Remove /root/.aws/config from" },
        { "a role without its source", config_no_source, N, "profile-error", "gone", "Correct or remove /root/.aws/config" },
        { "a malformed config file", config_malformed, N, "profile-error", "line 3", "Correct or remove /root/.aws/config" },
        { "a profile file that nothing can be read of", profile_malformed, N, "profile-error", "malformed at line 3", "Correct or remove /root/.aws/config" },
        { "23 Java properties", java, W, "java-properties", "JAVA_TOOL_OPTIONS",
          "aws.accessKeyId" },
        { "24 a side-car's URI", full, W, "full-uri", "FULL_URI",
          "Unset AWS_CONTAINER_CREDENTIALS_FULL_URI" },
        { "25 an execution id in one process", execution_id, W, "execution-role", "execution role",
          "task definition" },
        { "25 an execution id in the container", execution_everywhere, W, "execution-role",
          "execution role", RELATIVE_URI },
        { "26 another task's id", other_task, W, "other-task", "another task", "copied" },
        { "27 empty, an error", empty_botocore, N, "empty-uri", "empty",
          "the value "
          "from the ECS agent stays" },
        { "27 empty, passed over", empty_go, W, "empty-uri", "empty", "ENV in the image" },
        { "60 before the container provider", old_js, VERDICT_WRONG, FINDING_SDK_TOO_OLD,
          SEVERITY_WARNING, "sdk-too-old", "AWS SDK for JavaScript v2 2.4.0 does not read",
          "Update AWS SDK for JavaScript v2 to 2.4.7 or later" },
        { "61 falls through", sequential, VERDICT_WRONG, FINDING_SDK_STICKY, SEVERITY_WARNING,
          "sdk-sequential", "HTTP 503", "restart job (pid 30)" },
        { "61 the endpoint itself answers", sequential_token_file, W, "token-file", "AUTHORIZATION_TOKEN_FILE names cannot be read",
          "and restart it" },
        { "61 until the keys expire", until_expiry, VERDICT_WRONG, FINDING_SDK_STICKY, SEVERITY_WARNING,
          "sdk-sequential-until-expiry", "until those credentials expire", "without a restart" },
        { "the container endpoint through a proxy", through_proxy, VERDICT_NONE, FINDING_NO_CREDENTIALS,
          SEVERITY_INFO, "endpoint-through-proxy", "HTTP proxy", "NO_PROXY" },
        { "IMDS through a proxy, a task without role", imds_through_proxy, VERDICT_UNJUDGED,
          FINDING_NO_CREDENTIALS, SEVERITY_INFO, "imds-through-proxy", "HTTP proxy", "NO_PROXY" },
        { "62 IMDSv1 only, a task without role", imds_v1_only, VERDICT_UNJUDGED, FINDING_NO_CREDENTIALS,
          SEVERITY_INFO, "imds-v1-only", "supports IMDSv1 only", "2.575.0 or later" },
        { "behind a hop limit of 1, an SDK without IMDSv1", behind_hop_limit_1, VERDICT_UNJUDGED, FINDING_NO_CREDENTIALS,
          SEVERITY_INFO, "imds-hop-limit", "the hop limit of the instance is 1", "taskRoleArn" },
        { "37 behind a hop limit of 1, where IMDSv2 is required", behind_hop_limit_1_required, VERDICT_UNJUDGED, FINDING_NO_CREDENTIALS,
          SEVERITY_INFO, "imds-hop-limit-required", "requires IMDSv2", "raise the hop limit to 2" },
        { "the same, and the program wants none of IMDS", imds_disabled, SILENT(VERDICT_UNJUDGED) },
        { "IMDS is blocked", imds_blocked, SILENT(VERDICT_UNJUDGED) },
        { "static keys of the container, in all of its programs", keys_of_all, W, "static-keys-container",
          "; the same applies to amazon-ssm-agent (pid 31), which runs ECS Exec, and 1 more program", "task definition" },
        { "31 the same just after a start", sequential_early, SILENT(VERDICT_UNKNOWN) },
        { "31 pending", status_503, VERDICT_NONE, FINDING_ENDPOINT_FLAPPING, SEVERITY_WARNING,
          "endpoint-pending", "HTTP 503", "agent" },
        { "33 rate limit", status_429, VERDICT_NONE, FINDING_ENDPOINT_FLAPPING, SEVERITY_WARNING,
          "endpoint-throttled", "HTTP 429", "RPS" },
        { "28 an id the agent does not know", status_400, N, "credentials-id-unknown", "HTTP 400",
          "Set taskRoleArn" },
        { "31 old agents say so after a start", early_400, SILENT(VERDICT_UNKNOWN) },
        { "28 long after a start", late_400, N, "credentials-id-unknown", "HTTP 400", "Set taskRoleArn" },
        { "32 expired", expired, VERDICT_NONE, FINDING_CREDENTIALS_EXPIRED, SEVERITY_CRITICAL,
          "credentials-expired", "expired", "ECS agent" },
        { "36 network none", no_network, N, "no-network", "no route", "Set networkMode" },
        { "21 the instance role as a source", instance_source, VERDICT_WRONG, FINDING_WRONG_ROLE,
          SEVERITY_INFO, "profile-instance-source", "source credentials from the instance role",
          "EcsContainer" },
        { "22 web identity", web_identity, VERDICT_WRONG, FINDING_WRONG_ROLE, SEVERITY_INFO,
          "web-identity", "AWS_WEB_IDENTITY_TOKEN_FILE", "which ECS does not use" },
        { "22 web identity without its token", web_identity_broken, N, "web-identity-error",
          "stops at an error in the web identity", "Unset" },
        { "26 a URI that is not the task's", copied_uri, W, "other-uri",
          "not the value that the ECS agent set", "yourself" },
        { "a URI that is no path", bad_uri, N, "bad-uri", "not a path", "yourself" },
        { "Java's moved endpoint", moved, VERDICT_WRONG, FINDING_WRONG_ROLE, SEVERITY_INFO,
          "service-endpoint", "sets another host as the container endpoint",
          "Unset AWS_CONTAINER_SERVICE_ENDPOINT" },
        { "a token file that is not there", token_file, N, "token-file", "TOKEN_FILE", "Unset" },
        { "29 one namespace is cut off", cut_off, VERDICT_NONE, FINDING_ENDPOINT_UNREACHABLE,
          SEVERITY_CRITICAL, "endpoint-cut-off", "(timed out)",
          "Restore the DNAT rule for 169.254.170.2 and net.ipv4.conf.all.route_localnet=1: `systemctl restart ecs` sets both; if both are there, "
          "remove the firewall rule that drops packets to 127.0.0.1:51679 (`iptables -S INPUT`)" },
        { "34 another service answers", wrong_service, VERDICT_NONE, FINDING_ENDPOINT_UNREACHABLE,
          SEVERITY_CRITICAL, "endpoint-wrong-service", "but not with credentials (unexpected response)", "51679" },
        { "its environment cannot be read", dark, SILENT(VERDICT_UNKNOWN) },
        { "healthy", healthy, SILENT(VERDICT_OK) },
        { "docker exec", shell, SILENT(VERDICT_OK) },
};

static void check(const struct row *t, const struct verdicts *v)
{
        const struct group *g = group_by_pid(v, 30);
        const struct finding *f = finding_by_pid(v, 30);

        if (g->verdict != t->verdict)
                fail_msg("%s: verdict %s (%s)", t->why, verdict_to_string(g->verdict),
                         g->cause.mechanism);
        if (t->finding < 0) {
                if (f)
                        fail_msg("%s: %s", t->why, f->message);
                return;
        }
        if (!f || (int)f->kind != t->finding || f->severity != t->severity)
                fail_msg("%s: finding %s, severity %s, %s", t->why,
                         f ? finding_slug(f->kind) : "none", f ? severity_to_string(f->severity) : "-",
                         g->cause.mechanism);
        if (!streq(g->cause.mechanism, t->mechanism))
                fail_msg("%s: mechanism %s", t->why, g->cause.mechanism);
        if (!strstr(f->message, t->text) || !strstr(f->remedy, t->remedy))
                fail_msg("%s: %s / %s", t->why, f->message, f->remedy);
        if (strchr(f->message, '{') || strchr(f->remedy, '{'))
                fail_msg("%s: a name is not filled in: %s / %s", t->why, f->message, f->remedy);
}

static void each_case_has_its_cause(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
                CLEANUP(verdicts_freep) struct verdicts *v = NULL;

                rows[i].make(s);
                host_sdks(s);
                v = host_judge(s);
                check(&rows[i], v);
        }
}

/* What is judged elsewhere, from a saved snapshot, is judged the same. */
static void saved_facts_judge_the_same(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = host_healthy(), *saved = NULL;
                CLEANUP(verdicts_freep) struct verdicts *v = NULL, *w = NULL;
                CLEANUP(json_freep) cJSON *json = NULL;

                rows[i].make(s);
                host_sdks(s);
                assert_int_equal(model_to_json(s, &json), 0);
                assert_int_equal(model_from_json(json, &saved), 0);
                v = host_judge(s);
                w = host_judge(saved);
                check(&rows[i], w);
                if (v->n_groups != w->n_groups || v->n_findings != w->n_findings ||
                    verdicts_exit_status(v) != verdicts_exit_status(w))
                        fail_msg("%s: not the same", rows[i].why);
                for (size_t k = 0; k < v->n_findings; k++)
                        assert_string_equal(v->findings[k].message, w->findings[k].message);
        }
}

static void the_sentence_of_a_cron_job(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct group *g;

        (void)state;
        under_cron(s);
        host_bare(s, 0, 31, 20, "job");
        host_sdks(s);
        v = host_judge(s);
        g = group_by_pid(v, 30);
        assert_string_equal(finding_by_pid(v, 30)->message,
                            "cron job job (pid 30) and 1 more process in container app of task web use "
                            "ecsInstanceRole (imds) "
                            "instead of webTaskRole: crond (pid 20) started job (pid 30) without " RELATIVE_URI);
        assert_int_equal(g->cause.last_holder, 20);
        assert_string_equal(g->cause.last_holder_comm, "crond");
        assert_int_equal(g->cause.first_without, 30);
        assert_non_null(g->alt.row);
        assert_int_equal(g->alt.provider, PROVIDER_CONTAINER);
        assert_string_equal(g->alt.role, "webTaskRole");
        assert_int_equal(g->winner.certainty, CERTAINTY_PREDICTED);
        assert_string_equal(finding_by_pid(v, 30)->winner, "imds ecsInstanceRole");
        assert_string_equal(finding_by_pid(v, 30)->expected, "webTaskRole");
}

static void no_mechanism_is_untested(void **state)
{
        static const char *const elsewhere[] = {
                "agent-down",          /* test_judge.c: a finding of the host */
                "asks-imds",           /* test_evidence.c */
                "declared-role",       /* test_calls.c */
                "profile-own-role",    /* test_evidence.c: no finding */
                "other",               /* what no row foresees */
        };

        (void)state;
        for (size_t i = 0; i < cause_row_count(); i++) {
                const char *m = cause_row_get(i)->mechanism;
                bool met = false;

                for (size_t k = 0; k < ARRAY_SIZE(rows); k++)
                        met = met || streq(rows[k].mechanism, m);
                for (size_t k = 0; k < ARRAY_SIZE(elsewhere); k++)
                        met = met || streq(elsewhere[k], m);
                if (!met)
                        fail_msg("%s is met by no test", m);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_case_has_its_cause),
                cmocka_unit_test(saved_facts_judge_the_same),
                cmocka_unit_test(the_sentence_of_a_cron_job),
                cmocka_unit_test(no_mechanism_is_untested),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
