/* See helper_judge.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "helper_judge.h"

static const struct answer ok = { ANSWER_OK, 200, NULL };

int host_task(struct snapshot *s, const char *family, const char *container)
{
        struct task *t = snapshot_add_task(s);
        struct container *c = snapshot_add_container(s);

        assert_non_null(t);
        assert_non_null(c);
        *t = (struct task){ .arn = arena_printf(
                                    s->arena, "arn:aws:ecs:eu-west-1:111122223333:task/prod/%s%zu",
                                    family, s->n_tasks),
                            .family = family,
                            .revision = "1",
                            .known = "RUNNING",
                            .desired = "RUNNING" };
        *c = (struct container){ .id = arena_printf(s->arena, "%064zu", s->n_containers),
                                 .name = container,
                                 .task = (int)s->n_tasks - 1 };
        return (int)s->n_containers - 1;
}

struct process *host_bare(struct snapshot *s, int container, pid_t pid, pid_t ppid,
                          const char *name)
{
        struct process *p = snapshot_add_process(s);

        assert_non_null(p);
        *p = (struct process){ .pid = pid,
                               .ppid = ppid,
                               .start_ticks = (uint64_t)pid,
                               .container = container,
                               .comm = name,
                               .exe = arena_printf(s->arena, "/usr/bin/%s", name),
                               .environ = ok,
                               .cred_relative = -1,
                               .cred_full = -1 };
        p->env[ENV_VAR_HOME] = "/root";
        p->credentials.path = "/root/.aws/credentials";
        p->config.path = "/root/.aws/config";
        return p;
}

struct process *host_process(struct snapshot *s, int container, pid_t pid, pid_t ppid,
                             const char *name)
{
        struct process *p = host_bare(s, container, pid, ppid, name);

        p->env[ENV_VAR_RELATIVE_URI] = RELATIVE_URI_VALUE;
        p->cred_relative = 0;
        return p;
}

struct snapshot *host_healthy(void)
{
        struct snapshot *s = NULL;
        struct netns *n;
        struct credential *c;

        assert_int_equal(snapshot_new(&s), 0);
        s->host = (struct host){ .instance_id = "i-1234567890abcdef0",
                                 .imds = ok,
                                 .imds_role_answer = ok,
                                 .instance_role = "ecsInstanceRole",
                                 .introspection = ok,
                                 .credentials = ok,
                                 .taken_s = 1790000000,
                                 .root = true };
        n = snapshot_add_netns(s);
        c = snapshot_add_cred(s);
        assert_non_null(n);
        assert_non_null(c);
        *n = (struct netns){
                .inode = 4026532001, .container = ok, .imds_token = ok, .imds_v1 = ok
        };
        *c = (struct credential){ .answer = ok,
                                  .role_arn = TASK_ROLE,
                                  .key_id = "ASIAIOSFODNN7EXAMPLE",
                                  .expires_s = 1790003600 };
        host_task(s, "web", "app");
        host_process(s, 0, 10, 1, "sh");
        return s;
}

void host_sdk(struct process *p, const char *family, const char *version)
{
        static struct sdk sdks[16];
        static size_t n;
        struct sdk *sdk = &sdks[n++ % ARRAY_SIZE(sdks)];

        *sdk = (struct sdk){ .name = family, .version = version, .certainty = CERTAINTY_CERTAIN };
        p->sdks = sdk;
        p->n_sdks = 1;
}

void host_sdks(struct snapshot *s)
{
        static const struct sdk botocore = { .name = "botocore", .version = "1.34.0", .certainty = CERTAINTY_CERTAIN };

        for (size_t i = 0; i < s->n_processes; i++) {
                struct process *p = &s->processes[i];
                bool parent = p->pid == 10;

                for (size_t k = 0; k < s->n_processes && !parent && p->pid != 30; k++)
                        parent = k != i && s->processes[k].ppid == p->pid;
                if (parent || p->n_sdks)
                        continue;
                p->sdks = &botocore;
                p->n_sdks = 1;
        }
}

struct process *host_by_pid(struct snapshot *s, pid_t pid)
{
        int i = snapshot_find_process(s, pid);

        assert_true(i >= 0);
        return &s->processes[i];
}

struct verdicts *host_judge(const struct snapshot *s)
{
        struct verdicts *v = NULL;

        assert_int_equal(judge(s, &v), 0);
        for (size_t i = 0; i < v->n_groups; i++)
                if (v->groups[i].verdict == VERDICT_UNKNOWN && !v->groups[i].why_unknown)
                        fail_msg("pid %d is unknown, without a reason", (int)s->processes[v->groups[i].process].pid);
        return v;
}

static int group_index(const struct verdicts *v, pid_t pid)
{
        for (size_t i = 0; i < v->n_groups; i++)
                for (size_t k = 0; k < v->groups[i].n_members; k++)
                        if (v->snapshot->processes[v->groups[i].members[k]].pid == pid)
                                return (int)i;
        return -2;
}

const struct group *group_by_pid(const struct verdicts *v, pid_t pid)
{
        int i = group_index(v, pid);

        assert_true(i >= 0);
        return &v->groups[i];
}

const struct finding *finding_by_pid(const struct verdicts *v, pid_t pid)
{
        int group = pid ? group_index(v, pid) : -1;

        for (size_t i = 0; i < v->n_findings; i++)
                if (v->findings[i].group == group && v->findings[i].kind != FINDING_IMDS_OPEN)
                        return &v->findings[i];
        return NULL;
}
