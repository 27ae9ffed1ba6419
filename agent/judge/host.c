/* Findings about the host as a whole: its container endpoint, and its IMDS. */
#include "causes.h"

/* ---- the container endpoint, from all network namespaces ---- */

struct endpoint_poll {
        const struct netns *first;     /* the first where it fails */
        size_t n_bad;
        bool works;                    /* it answers in one of them */
        bool mixed;                    /* in one of them its state is unknown, or it fails in another way */
        bool wanted;                   /* a process has a credentials URI */
};

static void endpoint_note(struct endpoint_poll *q, const struct netns *n)
{
        /* The host's namespace has another rule; one without any network says nothing about the endpoint. */
        if (n->host || netns_cut_off(n))
                return;
        q->works = q->works || n->container.state == ANSWER_OK;
        if (!answer_bad(&n->container) ||
            (q->first && q->first->container.state != n->container.state)) {
                q->mixed = true;
                return;
        }
        q->first = q->first ? q->first : n;
        q->n_bad++;
}

static int endpoint_poll(const struct judge_index *ix, struct endpoint_poll *ret)
{
        const struct snapshot *s = ix->s;
        CLEANUP(freep) bool *visited = calloc(s->n_netns + 1, sizeof *visited);
        struct endpoint_poll q = { 0 };

        if (!visited)
                return -ENOMEM;
        for (size_t i = 0; i < s->n_processes; i++) {
                const struct process *p = &s->processes[i];
                bool judged = p->container >= 0 && (size_t)p->container < s->n_containers &&
                              has_relative_uri(p) && expect_of(ix, p) && expect_of(ix, p)->role;

                q.wanted = q.wanted || judged;
                if (!judged || p->netns < 0 || (size_t)p->netns >= s->n_netns || visited[p->netns])
                        continue;
                visited[p->netns] = true;
                endpoint_note(&q, &s->netns[p->netns]);
        }
        *ret = q;
        return 0;
}

/* A finding about the agent's port, or about how the tasks' network namespaces reach it. */
static bool endpoint_finding(struct finding_list *to, const struct endpoint_poll *q)
{
        const struct judge_index *ix = to->ix;
        const struct host *h = &ix->s->host;
        bool down = agent_is_down(h), garbage = q->first && q->first->container.state == ANSWER_GARBAGE;
        struct finding *f;

        if (q->works || (down ? agent_starting(h) : q->mixed || !q->first))
                return false;
        f = finding_add(to, FINDING_ENDPOINT_UNREACHABLE, -1);
        if (down)
                f->message = arena_printf(
                        ix->a,
                        "no task on this host gets credentials: the ECS agent does not answer "
                        "on its credentials port (%s)",
                        answer_text(ix->a, &h->credentials));
        else
                f->message = arena_printf(
                        ix->a,
                        "no task with a network namespace of its own gets credentials: the container "
                        "endpoint 169.254.170.2 %s in %zu network namespace%s (%s)",
                        garbage ? "does not return credentials" : "is unreachable",
                        q->n_bad, q->n_bad == 1 ? "" : "s", answer_text(ix->a, &q->first->container));
        f->remedy = cause_row_of(down      ? "agent-down"
                                 : garbage ? "endpoint-wrong-service"
                                           : "endpoint-cut-off")
                            ->remedy;
        return true;
}

/* Failures that may affect all tasks alike, because the agent itself causes them. */
static const struct { const char *mechanism, *message; } host_wide_causes[] = {
        { "endpoint-throttled",     "no task on this host gets credentials" },
        { "endpoint-pending",       "no task on this host gets credentials" },
        { "endpoint-wrong-service", "no task on this host gets credentials" },
        { "credentials-expired",    "all tasks on this host have expired credentials" },
};

/* Do at least two credentials fail, all in the same way? */
static bool all_creds_fail(const struct snapshot *s)
{
        const struct credential *first = NULL;
        size_t n = 0;

        for (size_t i = 0; i < s->n_creds; i++) {
                const struct credential *c = &s->creds[i];

                if (c->answer.state == ANSWER_UNKNOWN)
                        continue;
                first = first ? first : c;
                if (c->answer.state == ANSWER_OK || c->answer.state != first->answer.state ||
                    c->answer.status != first->answer.status)
                        return false;
                n++;
        }
        return n > 1;
}

static bool answer_finding(struct finding_list *to)
{
        const struct verdicts *v = to->v;

        if (!all_creds_fail(to->ix->s))
                return false;
        for (size_t i = 0; i < v->n_groups; i++)
                for (size_t k = 0; k < ARRAY_SIZE(host_wide_causes); k++) {
                        const struct cause *c = &v->groups[i].cause;
                        struct finding *f;

                        if (!group_fails(&v->groups[i]) || !streq(c->mechanism, host_wide_causes[k].mechanism))
                                continue;
                        f = finding_add(to, (enum finding_kind)cause_row_of(c->mechanism)->finding, -1);
                        f->message = arena_printf(to->ix->a, "%s: %s", host_wide_causes[k].message, c->text);
                        f->remedy = c->remedy;
                        return true;
                }
        return false;
}

int host_endpoint(struct finding_list *to, enum finding_kind *ret)
{
        struct endpoint_poll q;
        int r = endpoint_poll(to->ix, &q);

        if (r < 0)
                return r;
        if (q.wanted && (endpoint_finding(to, &q) || answer_finding(to)))
                *ret = to->v->findings[to->v->n_findings - 1].kind;
        return 0;
}

/* ---- IMDS that tasks can reach ---- */

static bool imds_open(const struct judge_index *ix, const struct process *p)
{
        const struct expect *e;
        const struct netns *n;

        if (p->container < 0 || (size_t)p->container >= ix->s->n_containers || p->netns < 0 ||
            (size_t)p->netns >= ix->s->n_netns)
                return false;
        e = expect_of(ix, p);
        n = &ix->s->netns[p->netns];
        return e && e->role && !n->host &&
               (n->imds_token.state == ANSWER_OK || n->imds_v1.state == ANSWER_OK);
}

int host_imds(struct finding_list *to)
{
        const struct judge_index *ix = to->ix;
        const struct snapshot *s = ix->s;
        CLEANUP(freep) bool *open = calloc(s->n_tasks + 1, sizeof *open);
        size_t n = 0;
        struct finding *f;

        if (!open)
                return -ENOMEM;
        if (!s->host.instance_role)
                return 0;
        for (size_t i = 0; i < s->n_processes; i++)
                if (imds_open(ix, &s->processes[i])) {
                        bool *task = &open[s->containers[s->processes[i].container].task];

                        n += !*task;
                        *task = true;
                }
        if (n == 0)
                return 0;
        f = finding_add(to, FINDING_IMDS_OPEN, -1);
        f->winner = chain_result_text(ix->a, &(struct chain_result){ .provider = PROVIDER_IMDS, .role = s->host.instance_role });
        f->message = arena_printf(
                ix->a,
                "%zu task%s with a task role can also get the credentials of %s from the instance "
                "metadata service",
                n, n == 1 ? "" : "s", s->host.instance_role);
        f->remedy = arena_printf(ix->a,
                                 "Require IMDSv2 with a hop limit of 1 (`aws ec2 modify-instance-metadata-options --instance-id %s "
                                 "--http-tokens required --http-put-response-hop-limit 1`); for awsvpc tasks, set "
                                 "ECS_AWSVPC_BLOCK_IMDS=true in /etc/ecs/ecs.config and run `systemctl restart ecs`",
                                 s->host.instance_id ? s->host.instance_id : "INSTANCE_ID");
        return 0;
}
