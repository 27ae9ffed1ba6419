/*
 * carry_over -- what an earlier look knew and this one could not ask for. A task is
 * its containers' for as long as they live, so that an agent that is down makes
 * nobody's task unknown; and an instance keeps its role while IMDS fails, as programs
 * keep the credentials that they have, until these expire.
 */
#include "process.h"

static int carry_over_container(struct snapshot *s, const struct snapshot *base, struct container *c)
{
        for (size_t i = 0; i < base->n_containers; i++) {
                const struct container *from = &base->containers[i];
                const struct container own = *c;
                int r, task;

                if (from->task < 0 || !streq(from->id, c->id))
                        continue;
                task = merge_task(s, &base->tasks[from->task]);
                r = task < 0 ? task : snapshot_copy_container(s, from, c);
                c->id = own.id;
                c->config_uri = own.config_uri;
                c->config_cred = own.config_cred;
                c->task = task < 0 ? -1 : task;
                return r;
        }
        return 0;
}

static int carry_over_text(struct arena *a, const char *from, const char **to)
{
        if (*to || !from)
                return 0;
        *to = arena_dup(a, from);
        return *to ? 0 : -ENOMEM;
}

static const size_t of_imds[] = { offsetof(struct host, instance_id), offsetof(struct host, region), offsetof(struct host, account),
                                  offsetof(struct host, partition), offsetof(struct host, instance_role),
                                  offsetof(struct host, instance_key_id), offsetof(struct host, instance_profile_arn) };
static const size_t of_agent[] = { offsetof(struct host, cluster), offsetof(struct host, container_instance),
                                   offsetof(struct host, agent_version) };

static int carry_over_texts(struct snapshot *s, const struct host *from, const size_t *offsets, size_t n)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < n; i++)
                r = carry_over_text(s->arena, *(const char *const *)((const char *)from + offsets[i]),
                                    (const char **)((char *)&s->host + offsets[i]));
        return r;
}

static bool imds_outage(const struct host *h) { return answer_outage(&h->imds) || answer_outage(&h->imds_role_answer); }

int collect_carry_over(struct snapshot *s, const struct snapshot *base)
{
        int r = 0;

        if (imds_outage(&s->host)) {
                r = carry_over_texts(s, &base->host, of_imds, ARRAY_SIZE(of_imds));
                if (!s->host.instance_expires_s && streq(s->host.instance_role, base->host.instance_role))
                        s->host.instance_expires_s = base->host.instance_expires_s;
        }
        if (r < 0 || s->host.introspection.state == ANSWER_OK)
                return r;
        r = carry_over_texts(s, &base->host, of_agent, ARRAY_SIZE(of_agent));
        for (size_t i = 0; r == 0 && i < s->n_containers; i++)
                if (s->containers[i].task < 0)
                        r = carry_over_container(s, base, &s->containers[i]);
        return r;
}

static const struct credential *answered_before(const struct snapshot *base, const struct credential *c)
{
        for (size_t i = 0; i < base->n_creds; i++)
                if (base->creds[i].mark == c->mark && base->creds[i].role_arn)
                        return &base->creds[i];
        return NULL;
}

int collect_carry_over_roles(struct snapshot *s, const struct snapshot *base)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < s->n_creds; i++) {
                struct credential *c = &s->creds[i];
                const struct credential *from = c->mark && c->answer.state != ANSWER_OK ? answered_before(base, c) : NULL;

                if (from)
                        r = carry_over_text(s->arena, from->role_arn, &c->role_arn);
        }
        return r;
}

static void carry_over_answer(struct answer *to, const struct answer *from)
{
        if (answer_outage(to) && from->state == ANSWER_OK)
                *to = (struct answer){ .state = ANSWER_OK, .status = from->status };
}

void collect_carry_over_probes(struct snapshot *s, const struct snapshot *base)
{
        if (!imds_outage(&s->host) || s->host.instance_expires_s <= s->host.taken_s)
                return;
        for (size_t i = 0; i < s->n_netns; i++)
                for (size_t k = 0; k < base->n_netns; k++)
                        if (base->netns[k].inode == s->netns[i].inode) {
                                carry_over_answer(&s->netns[i].imds_token, &base->netns[k].imds_token);
                                carry_over_answer(&s->netns[i].imds_v1, &base->netns[k].imds_v1);
                        }
}
