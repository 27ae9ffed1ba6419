/*
 * The role that a process is expected to use. By default, that of its task.
 *
 * The environment of its containers shows that a task has a role: the agent puts
 * the task's credentials URI into each of them. The credentials endpoint returns
 * the role for that URI. Where an entrypoint removed it from the first process, the
 * configuration of the container still has it.
 */
#include "judge_internal.h"

/* The agent's own containers within a task ("~internal~ecs~pause"). */
#define INTERNAL_PREFIX "~internal~"
#define UNNAMED_ROLE "(task role)"

static bool internal(const struct container *c)
{
        return c->name && strncmp(c->name, INTERNAL_PREFIX, strlen(INTERNAL_PREFIX)) == 0;
}

static const struct credential *expect_cred(const struct snapshot *s, int cred)
{
        return cred >= 0 && (size_t)cred < s->n_creds ? &s->creds[cred] : NULL;
}

static const struct credential *cred_of(const struct snapshot *s, const struct process *p)
{
        return expect_cred(s, p->cred_relative);
}

/* Is it the credential of an execution role or of another task, according to the agent's audit log? */
static bool cred_of_others(const struct snapshot *s, const struct credential *c, int task)
{
        return c->kind == CRED_EXECUTION ||
               (c->task_arn && !streq(c->task_arn, s->tasks[task].arn));
}

/* Votes for the credential of one task: of first processes, or else of any process. */
struct poll {
        unsigned *votes;               /* one per credential */
        bool has_uri, known;           /* a URI was found; what a container was started with is visible */
};

static void poll_vote(const struct judge_index *ix, int task, int cred, struct poll *q)
{
        const struct credential *c = expect_cred(ix->s, cred);

        q->has_uri = true;
        if (c && !cred_of_others(ix->s, c, task))
                q->votes[cred] += c->kind == CRED_TASK ? 1U << 16 : 1;
}

static void poll_init(const struct judge_index *ix, int task, const struct process *p, struct poll *q)
{
        const struct container *of = &ix->s->containers[p->container];

        q->known = q->known || env_known(p) || of->config_uri != CONFIG_URI_UNKNOWN;
        if (has_relative_uri(p))
                poll_vote(ix, task, p->cred_relative, q);
        else if (of->config_uri == CONFIG_URI_SET)
                poll_vote(ix, task, of->config_cred, q);
}

/* Has the first process of another task's container this credential, or was that started with it? */
static bool cred_elsewhere(const struct judge_index *ix, int task, int cred)
{
        const struct snapshot *s = ix->s;

        for (size_t i = 0; i < s->n_containers; i++)
                if (s->containers[i].task != task &&
                    ((ix->init[i] >= 0 && s->processes[ix->init[i]].cred_relative == cred) ||
                     (s->containers[i].config_uri == CONFIG_URI_SET && s->containers[i].config_cred == cred)))
                        return true;
        return false;
}

/*
 * With an init system that clears its environment (s6-overlay), only the services
 * have the URI. A URI that only such processes have counts when the endpoint
 * returns credentials for it.
 */
static void poll_other(const struct judge_index *ix, int task, const struct process *p, struct poll *q)
{
        const struct credential *c = cred_of(ix->s, p);

        if (!has_relative_uri(p) || !c || cred_of_others(ix->s, c, task) || c->answer.state != ANSWER_OK ||
            cred_elsewhere(ix, task, p->cred_relative))
                return;
        q->has_uri = true;
        q->votes[p->cred_relative] += c->kind == CRED_TASK ? 1U << 16 : 1;
}

static bool expect_of_task(const struct judge_index *ix, const struct process *p, int task)
{
        const struct container *c;

        if (p->container < 0 || (size_t)p->container >= ix->s->n_containers)
                return false;
        c = &ix->s->containers[p->container];
        return c->task == task && !internal(c);
}

static void poll_task(const struct judge_index *ix, int task, struct poll *q)
{
        const struct snapshot *s = ix->s;

        for (size_t i = 0; i < s->n_containers; i++)
                if (s->containers[i].task == task && !internal(&s->containers[i]) &&
                    ix->init[i] >= 0)
                        poll_init(ix, task, &s->processes[ix->init[i]], q);
        if (q->has_uri)
                return;
        for (size_t i = 0; i < s->n_processes; i++)
                if (expect_of_task(ix, &s->processes[i], task))
                        poll_other(ix, task, &s->processes[i], q);
}

static int poll_winner(const struct snapshot *s, const struct poll *q)
{
        int best = -1;

        for (size_t i = 0; i < s->n_creds; i++)
                if (q->votes[i] && (best < 0 || q->votes[i] > q->votes[best]))
                        best = (int)i;
        return best;
}

static void expect_task(const struct judge_index *ix, int task, const struct poll *q, struct expect *e)
{
        const char *defined = task_role_of(ix->s, &ix->s->tasks[task]);
        const struct credential *c;

        *e = (struct expect){ .cred = poll_winner(ix->s, q) };
        e->unknown = !q->has_uri && !q->known;
        if (!q->has_uri)
                return;
        c = e->cred >= 0 ? &ix->s->creds[e->cred] : NULL;
        defined = c && c->role_arn ? c->role_arn : defined;
        e->unnamed = !defined;
        e->role = e->unnamed ? UNNAMED_ROLE : arn_name(defined);
        if (!c)
                e->why = "the task's containers have a credentials URI, but rolewatch cannot tell "
                         "that it is the task's own";
        else if (c->answer.state == ANSWER_OK || c->answer.state == ANSWER_EXPIRED)
                e->why = "the ECS agent returns it for the task's credentials URI";
        else
                e->why = arena_printf(
                        ix->a, "the task has a credentials URI, but the ECS agent returns no credentials for it: %s",
                        answer_text(ix->a, &c->answer));
}

/* A need that names another role than the task's sets the expected role of its containers. */
static void expect_declared(struct judge_index *ix, int container, const struct need *n)
{
        const char *role = streq(n->role, "instance") ? ix->s->host.instance_role : arn_name(n->role);

        if (role)
                ix->own[container] = (struct expect){ .role = role, .cred = -1, .declared = true,
                                                     .why = arena_printf(ix->a, "declared by %s",
                                                                         n->where) };
}

int expect_make(struct judge_index *ix)
{
        const struct snapshot *s = ix->s;
        unsigned *votes = arena_alloc(ix->a, (s->n_creds + 1) * sizeof *votes);

        ix->expect = arena_alloc(ix->a, (s->n_tasks + 1) * sizeof *ix->expect);
        ix->own = arena_alloc(ix->a, (s->n_containers + 1) * sizeof *ix->own);
        if (!votes || !ix->expect || !ix->own)
                return -ENOMEM;
        for (size_t i = 0; i < s->n_tasks; i++) {
                struct poll q = { .votes = votes };

                memset(votes, 0, s->n_creds * sizeof *votes);
                poll_task(ix, (int)i, &q);
                expect_task(ix, (int)i, &q, &ix->expect[i]);
        }
        for (size_t i = 0; i < s->n_needs; i++)
                for (size_t c = 0; c < s->n_containers; c++)
                        if (!s->needs[i].error && !streq(s->needs[i].role, "task") &&
                            need_applies(s, &s->needs[i], (int)c))
                                expect_declared(ix, (int)c, &s->needs[i]);
        return 0;
}

const struct expect *expect_of(const struct judge_index *ix, const struct process *p)
{
        const struct container *c = &ix->s->containers[p->container];

        if (c->task < 0 || internal(c))
                return NULL;
        return ix->own[p->container].role ? &ix->own[p->container] : &ix->expect[c->task];
}

/* Does the task's role win, by its name or by its credential? */
static bool as_expected(const struct judge_index *ix, const struct expect *e, const struct process *p,
                        const struct chain_result *r)
{
        const struct credential *c = cred_of(ix->s, p);

        if (r->role && !e->unnamed)
                return streq(arn_name(r->role), e->role);
        if (r->provider != PROVIDER_CONTAINER)
                return false;
        if (e->cred >= 0)
                return p->cred_relative == e->cred;
        return !c || !cred_of_others(ix->s, c, ix->s->containers[p->container].task);
}

const char *expect_why_unknown(const struct judge_index *ix, const struct process *p, const struct chain_result *r)
{
        const struct expect *e = expect_of(ix, p);

        if (!e)
                return NULL;
        if (e->unknown)
                return "it is not known which role the task has";
        if (!e->role)
                return NULL;
        if (!env_known(p))
                return "its environment is not known";
        if (r->own_config)
                return "its own configuration may have keys, and rolewatch does not read that";
        return r->provider == PROVIDER_UNKNOWN ? "it is not known which step of its chain has credentials" : NULL;
}

enum verdict expect_verdict(const struct judge_index *ix, const struct process *p,
                            const struct chain_result *r)
{
        const struct expect *e = expect_of(ix, p);

        if (expect_why_unknown(ix, p, r))
                return VERDICT_UNKNOWN;
        if (!e || !e->role)
                return VERDICT_UNJUDGED;
        if (r->provider == PROVIDER_NONE || r->provider == PROVIDER_ERROR)
                return VERDICT_NONE;
        if (!as_expected(ix, e, p, r))
                return VERDICT_WRONG;
        return r->via_expired ? VERDICT_NONE : VERDICT_OK;
}
