/* The host of a planned task: that of saved facts, or assumptions about one; and what its containers would reach. */
#include "plan_internal.h"

static const struct answer answer_ok = { .state = ANSWER_OK }, answer_none = { .state = ANSWER_UNREACHABLE };

/* "arn:aws:iam::111122223333:role/x": its n-th part, from 0; NULL: it is no ARN, or the part is empty or a placeholder. */
static const char *arn_part(struct arena *a, const char *arn, unsigned n)
{
        struct span parts[ARN_PARTS];

        if (!arn || strncmp(arn, "arn:", 4) != 0 || arn_split(arn, strlen(arn), parts) != ARN_PARTS)
                return NULL;
        /* A partition is spelled as a region is. */
        return (n == ARN_ACCOUNT ? is_account_number(parts[n]) : is_region_name(parts[n])) ? arena_escape(a, parts[n].s, parts[n].len, 64) : NULL;
}

static const char *region_of_logs(const cJSON *definition)
{
        const cJSON *c;
        const char *region = NULL;

        JSON_EACH(c, containers_of(definition)) {
                const char *given = member_text(member(member(c, "logConfiguration"), "options"), "awslogs-region");

                if (!region && given && is_region_name((struct span){ given, strlen(given) }))
                        region = given;
        }
        return region;
}

/* Account, region and partition, as the ARNs of the definition say. */
static void identity_assume(struct planning *x)
{
        struct arena *a = x->s->arena;
        struct host *h = &x->s->host;
        const char *const arns[] = { member_text(x->definition, "taskDefinitionArn"), x->q->task_role, member_text(x->definition, "taskRoleArn"),
                                     x->q->execution_role, member_text(x->definition, "executionRoleArn") };
        const char *region = x->q->region;

        for (size_t i = 0; i < ARRAY_SIZE(arns); i++) {
                h->account = h->account ? h->account : arn_part(a, arns[i], ARN_ACCOUNT);
                h->partition = h->partition ? h->partition : arn_part(a, arns[i], ARN_PARTITION);
                h->region = h->region ? h->region : arn_part(a, arns[i], ARN_REGION);
        }
        region = region ? region : h->region ? NULL : region_of_logs(x->definition);
        if (region)
                h->region = arena_escape(a, region, strlen(region), 64);
}

static void host_assume(struct planning *x)
{
        struct host *h = &x->s->host;

        h->taken_s = x->q->now_s;
        h->introspection = h->credentials = answer_ok;
        identity_assume(x);
        premise_add(x, "account", h->account ? PREMISE_DEFINITION : PREMISE_UNKNOWN, "%s", h->account ? h->account : "no ARN of the definition has it");
        premise_add(x, "region", x->q->region ? PREMISE_OPTION : h->region ? PREMISE_DEFINITION : PREMISE_UNKNOWN, "%s",
                    h->region ? h->region : "set it by --region");
        premise_add(x, "host", PREMISE_ASSUMED, "the ECS agent works%s", x->task_role_set ? ", and returns the credentials of the task role" : "");
        if (!launch_type_has_imds(x->p->launch_type))
                return;
        /* The ECS agent itself needs one as a rule; which one stays open. */
        h->imds_role_answer = answer_ok;
        premise_add(x, "instance role", PREMISE_UNKNOWN, "whether containers reach the instance metadata service, and which role the instance has, if any; set both by --host");
}

/* ---- the network of the containers ---- */

/* The namespace of a running task with the same network mode, in the facts of the host; -1: there is none, or they differ. */
static int netns_like(const struct snapshot *s, const char *mode)
{
        int found = -1;

        for (size_t i = 0; i < s->n_processes; i++) {
                const struct process *p = &s->processes[i];
                const struct container *c = p->container >= 0 && (size_t)p->container < s->n_containers ? &s->containers[p->container] : NULL;
                const struct definition *d = c && c->task >= 0 && (size_t)c->task < s->n_tasks ? snapshot_definition(s, &s->tasks[c->task]) : NULL;

                if (!d || p->netns < 0 || (size_t)p->netns >= s->n_netns || !streq(d->network_mode ? d->network_mode : "bridge", mode))
                        continue;
                if (found >= 0 && s->netns[found].imds_token.state != s->netns[p->netns].imds_token.state)
                        return -1;
                found = found < 0 ? p->netns : found;
        }
        return found;
}

static int netns_of_host(const struct snapshot *s)
{
        for (size_t i = 0; i < s->n_netns; i++)
                if (s->netns[i].host)
                        return (int)i;
        return -1;
}

/* What a container of the task reaches there. */
static struct netns network_reached(struct planning *x)
{
        const char *mode = x->p->network_mode;
        struct netns n = { .container = answer_ok };
        int like = -1;

        if (streq(mode, "none"))
                return (struct netns){ .container = answer_none, .imds_token = answer_none, .imds_v1 = answer_none };
        if (!launch_type_has_imds(x->p->launch_type)) {
                n.imds_token = n.imds_v1 = answer_none;
                return n;
        }
        if (x->host_given && mode)
                like = streq(mode, "host") ? netns_of_host(x->s) : netns_like(x->s, mode);
        if (like >= 0)
                n = x->s->netns[like];
        else if (x->host_given)
                premise_add(x, "network", PREMISE_UNKNOWN, "whether its containers reach the instance metadata service: the host runs no task of that network mode");
        n.host = streq(mode, "host");
        return n;
}

/* The host's own tasks do not count. */
static void tasks_remove(struct snapshot *s)
{
        s->n_tasks = s->n_definitions = s->n_services = s->n_containers = s->n_netns = s->n_creds = s->n_processes = s->n_needs = s->n_denials = 0;
}

int planned_host(struct planning *x, int *ret_netns, int *ret_cred)
{
        struct host *h = &x->s->host;
        struct netns network, *n;
        struct credential *c;

        if (x->host_given) {
                h->policies_error = h->definitions_error = h->not_visible = NULL;
                h->agent_started_s = 0;
                premise_add(x, "host", PREMISE_HOST, "%s%s%s", x->q->host_source, h->instance_id ? ", instance " : "", h->instance_id ? h->instance_id : "");
        } else {
                host_assume(x);
        }
        network = network_reached(x);
        tasks_remove(x->s);
        n = snapshot_add_netns(x->s);
        c = x->task_role_set ? snapshot_add_cred(x->s) : NULL;
        if (!n || (x->task_role_set && !c))
                return -ENOMEM;
        *n = network;
        if (c)
                *c = (struct credential){ .answer = answer_ok, .kind = CRED_TASK };
        *ret_netns = 0;
        *ret_cred = c ? 0 : -1;
        return 0;
}
