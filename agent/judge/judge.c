/* judge -- the stages in their order, and the exit status. */
#include "causes.h"

#define JUDGE_LIMIT_BYTES ((size_t)64 << 20)

/* A process of a task without a role may need no credentials: it is explained only if it has an SDK that gets none. */
static bool to_explain(const struct judge_index *ix, const struct group *g, const struct expect *e)
{
        if (g->verdict == VERDICT_UNJUDGED)
                return e && !e->role && g->sdk_name && g->agreed && provider_is_none(g->winner.provider);
        return g->verdict == VERDICT_WRONG || g->verdict == VERDICT_NONE || (g->verdict == VERDICT_UNKNOWN && assumes_itself(ix, g));
}

enum confirms group_confirms(const struct group *g)
{
        if (!g->agreed || rows_certainty(g) < CERTAINTY_PREDICTED)
                return CONFIRMS_NOTHING;
        if (g->winner.provider == PROVIDER_CONTAINER)
                return CONFIRMS_CONTAINER;
        return g->winner.provider == PROVIDER_IMDS ? CONFIRMS_IMDS : CONFIRMS_NOTHING;
}

/* A contact with the predicted endpoint confirms the prediction. */
static void note_observed(const struct judge_index *ix, struct group *g)
{
        enum confirms by = group_confirms(g);

        for (size_t i = 0; i < g->n_members; i++) {
                const struct process *p = &ix->s->processes[g->members[i]];

                if ((by == CONFIRMS_CONTAINER && p->met_container) || (by == CONFIRMS_IMDS && p->met_imds))
                        g->winner.certainty = CERTAINTY_OBSERVED;
        }
}

static int group_verdict(const struct judge_index *ix, struct group *g)
{
        const struct process *p = &ix->s->processes[g->process];
        const struct expect *e = expect_of(ix, p);
        int r = sdk_consensus(ix, g);

        if (r < 0)
                return r;
        note_observed(ix, g);
        if (e) {
                g->expected_role = e->role;
                g->expected_why = e->why;
        }
        g->verdict = expect_verdict(ix, p, &g->winner);
        g->why_unknown = expect_why_unknown(ix, p, &g->winner);
        return 0;
}

static int group_explain(const struct judge_index *ix, struct group *g)
{
        const struct process *p = &ix->s->processes[g->process];
        const struct expect *e = expect_of(ix, p);
        int r = calls_judge(ix, g);

        if (r < 0 || !to_explain(ix, g, e))
                return r;
        r = cause_find(ix, g);
        if (r < 0 || !g->cause.mechanism || g->verdict == VERDICT_UNJUDGED)
                return r;
        /* No verdict is better than one that changes within a minute. */
        if (cause_row_of(g->cause.mechanism)->when == AFTER_GRACE && agent_starting(&ix->s->host))
                group_set_unknown(g, "the ECS agent has just started");
        /* The programs that it starts are judged; it uses no credentials itself. */
        else if (!g->sdk_name && !p->env[ENV_VAR_RELATIVE_URI] && is_launcher(p))
                g->verdict = VERDICT_UNJUDGED;
        return 0;
}

static void note_undecided(struct verdicts *v, const struct call *c)
{
        if (c->winner != IAM_UNKNOWN && c->expected != IAM_UNKNOWN)
                return;
        v->undecided_why = v->undecided_why ? v->undecided_why : c->why;
        v->n_undecided++;
}

static void count_undecided(struct verdicts *v)
{
        for (size_t i = 0; i < v->n_groups; i++)
                for (size_t k = 0; k < v->groups[i].n_calls; k++)
                        note_undecided(v, &v->groups[i].calls[k]);
        for (size_t i = 0; i < v->n_required_calls; i++)
                note_undecided(v, &v->required_calls[i].call);
}

static int judge_all(struct judge_index *ix, struct verdicts *v)
{
        int r = index_make(ix);

        if (r < 0)
                return r;
        r = expect_make(ix);
        if (r < 0)
                return r;
        r = callers_make(ix);
        if (r < 0)
                return r;
        r = needs_make(ix);
        if (r < 0)
                return r;
        r = required_calls_make(ix, v);
        if (r < 0)
                return r;
        r = groups_make(ix, &v->groups, &v->n_groups);
        if (r < 0)
                return r;
        for (size_t i = 0; r == 0 && i < v->n_groups; i++)
                r = group_verdict(ix, &v->groups[i]);
        if (r < 0)
                return r;
        evidence_weigh(ix, v);
        for (size_t i = 0; i < v->n_groups; i++) {
                evidence_apply(ix, &v->groups[i]);
                r = group_explain(ix, &v->groups[i]);
                if (r < 0)
                        return r;
                v->n_unknown += v->groups[i].verdict == VERDICT_UNKNOWN;
        }
        count_undecided(v);
        return findings_make(ix, v);
}

int judge(const struct snapshot *s, struct verdicts **ret)
{
        CLEANUP(verdicts_freep) struct verdicts *v = calloc(1, sizeof *v);
        struct judge_index ix = { .s = s };
        int r;

        if (!v)
                return -ENOMEM;
        r = arena_new(JUDGE_LIMIT_BYTES, &v->arena);
        if (r < 0)
                return r;
        v->snapshot = s;
        ix.a = v->arena;
        r = judge_all(&ix, v);
        if (r == 0 && arena_failed(v->arena))
                r = -ENOMEM;
        if (r < 0)
                return r;
        *ret = TAKE(v);
        return 0;
}

void verdicts_free(struct verdicts *v)
{
        if (!v)
                return;
        arena_free(v->arena);
        free(v);
}

static enum severity worst(const struct verdicts *v)
{
        enum severity w = SEVERITY_OK;

        for (size_t i = 0; i < v->n_findings; i++)
                if (v->findings[i].severity > w)
                        w = v->findings[i].severity;
        return w;
}

static bool judge_task_running(const struct snapshot *s)
{
        for (size_t i = 0; i < s->n_tasks; i++)
                if (streq(s->tasks[i].known, "RUNNING"))
                        return true;
        return false;
}

/* Could nothing be judged although there is, or may be, something to judge? */
static bool nothing_judged(const struct verdicts *v)
{
        const struct snapshot *s = v->snapshot;
        size_t judged = 0, visible = 0;

        for (size_t i = 0; i < v->n_groups; i++) {
                judged += v->groups[i].verdict != VERDICT_UNJUDGED;
                visible += env_known(&s->processes[v->groups[i].process]);
        }
        if (judged > 0)
                return v->n_unknown == judged;
        if (visible == 0 && judge_task_running(s))
                return true;
        /* Without the agent rolewatch does not know which containers are tasks, unless the snapshot has tasks. */
        return s->host.introspection.state != ANSWER_OK && s->n_tasks == 0;
}

int verdicts_exit_status(const struct verdicts *v)
{
        int status = severity_exit_status(worst(v));

        return status ? status : nothing_judged(v) ? 3 : 0;
}
