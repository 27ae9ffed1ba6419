/* What this host adds to a decoded error text: whose call it was, and which role was expected. */
#include "judge_internal.h"

static bool same_id(const char *id, const char *session)
{
        for (; *session; session++)
                if (*session != '-' && *id++ != *session)
                        return false;
        return !*id;
}

static const struct task *task_of_session(const struct snapshot *s, const char *session)
{
        for (size_t i = 0; session && i < s->n_tasks; i++)
                if (s->tasks[i].arn && same_id(arn_name(s->tasks[i].arn), session))
                        return &s->tasks[i];
        return NULL;
}

/* Sessions of task and execution role have the same name: tells them apart by the definition, else by the credentials endpoint. */
static const char *which_role(const struct snapshot *s, const struct task *t, const char *role)
{
        const char *execution = execution_role_of(s, t), *own = task_role_of(s, t);

        if (own && streq(arn_name(own), role))
                return execution && streq(arn_name(execution), role) ? "both its task role and its execution role"
                                                                     : "its task role";
        if (execution && streq(arn_name(execution), role))
                return "its execution role: ECS, Docker or the agent made the call, not the application";
        for (size_t i = 0; i < s->n_creds; i++)
                if (s->creds[i].role_arn && streq(arn_name(s->creds[i].role_arn), role) &&
                    (!s->creds[i].task_arn || streq(s->creds[i].task_arn, t->arn)))
                        return s->creds[i].kind == CRED_EXECUTION ? "its execution role" : "its task role";
        return "its task role or its execution role";
}

static void here_of_task(const struct snapshot *s, const struct error_text *e, struct arena *a, struct error_here *ret)
{
        const struct task *t = task_of_session(s, e->session);

        if (!t)
                return;
        ret->caller = arena_printf(a, "task %s%s%s on this host, with %s", t->family ? t->family : arn_name(t->arn),
                                   t->revision ? ":" : "", t->revision ? t->revision : "",
                                   which_role(s, t, e->role));
}

static bool acts_as_instance(const struct group *g)
{
        return g->verdict == VERDICT_WRONG && g->winner.provider == PROVIDER_IMDS;
}

/* The instance role made the call: names the processes that use it by mistake, unless the agent or Docker made the call. */
static void of_instance(const struct verdicts *v, const struct error_text *e, struct arena *a,
                        struct error_here *ret)
{
        const struct host *h = &v->snapshot->host;
        struct judge_index ix = { .s = v->snapshot, .a = a };
        const struct group *first = NULL;
        size_t n = 0;

        if (h->instance_id && !streq(h->instance_id, e->session)) {
                ret->caller = arena_printf(a, "another instance; this one is %s", h->instance_id);
                return;
        }
        for (size_t i = 0; i < v->n_groups; i++)
                if (acts_as_instance(&v->groups[i])) {
                        first = first ? first : &v->groups[i];
                        n++;
                }
        ret->caller = "this instance";
        if (!first || e->platform_call)
                return;
        ret->meant = arena_printf(a, "%s, if the call came from %s in %s%s", first->expected_role,
                                  phrase_process(&ix, first->process),
                                  phrase_location(&ix, &v->snapshot->processes[first->process]),
                                  n == 1   ? ""
                                  : n == 2 ? " (or from 1 other process group that uses the instance role)"
                                           : arena_printf(a, " (or from %zu other process groups that use the instance role)", n - 1));
        ret->remedy = first->cause.remedy;
}

int error_here(const struct verdicts *v, const struct error_text *e, struct arena *a, struct error_here *ret)
{
        *ret = (struct error_here){ 0 };
        if (e->actor == ACTOR_INSTANCE)
                of_instance(v, e, a, ret);
        if (e->actor == ACTOR_TASK)
                here_of_task(v->snapshot, e, a, ret);
        return arena_failed(a) ? -ENOMEM : 0;
}
