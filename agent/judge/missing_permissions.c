/* Findings about derived calls: permissions that a role lacks. One per definition and role. */
#include "judge_internal.h"

/* The denied calls of one role and one definition, or of the agent. */
struct missing {
        const struct required_call *first; /* a definite denial if there is one, else the first that a resource policy may lift */
        size_t n;
};

static const struct { enum finding_kind kind; const char *managed; } kinds[] = {
#define X(id, word, finding, managed) [REQUIRED_OF_##id] = { FINDING_##finding, managed },
        REQUIRED_ROLES(X)
#undef X
};

static bool together(const struct required_call *a, const struct required_call *b)
{
        return a->by == b->by && a->definition == b->definition;
}

static struct missing missing_of(const struct verdicts *v, const struct required_call *of)
{
        struct missing k = { 0 };

        for (size_t i = 0; i < v->n_required_calls; i++) {
                const struct required_call *d = &v->required_calls[i];

                if (!together(d, of) || !call_denied(d->call.winner))
                        continue;
                if (!k.first || (k.first->call.resource_policy && !d->call.resource_policy))
                        k.first = d;
                k.n++;
        }
        return k;
}

/* "the ECS agent needs", "task definition web:7 for container app needs". */
static const char *maker(const struct judge_index *ix, const struct required_call *d)
{
        const struct definition *by = d->definition;

        if (!by)
                return "the ECS agent needs";
        if (!d->requirement)
                return arena_printf(ix->a, "ECS Exec into tasks of %s:%s needs", by->family, by->revision);
        return arena_printf(ix->a, "task definition %s:%s%s%s needs", by->family, by->revision,
                            d->requirement->container ? " for container " : "",
                            d->requirement->container ? d->requirement->container : "");
}

static const char *what_for(const struct judge_index *ix, const struct required_call *d)
{
        if (!d->requirement)
                return "";
        return arena_printf(ix->a, " (%s %s)", requirement_meaning(d->requirement->kind), d->requirement->value);
}

/* One policy statement for all actions that are denied on the same resource. */
static const char *statement_of(const struct finding_list *to, const struct required_call *of)
{
        const struct judge_index *ix = to->ix;
        const struct verdicts *v = to->v;
        const char *actions = NULL;

        for (size_t i = 0; i < v->n_required_calls; i++) {
                const struct required_call *d = &v->required_calls[i];
                const char *one;

                if (!together(d, of) || !call_denied(d->call.winner) ||
                    !streq(d->call.resource, of->call.resource))
                        continue;
                one = arena_printf(ix->a, "\"%s\"", d->call.action);
                if (one && (!actions || !strstr(actions, one)))
                        actions = actions ? arena_printf(ix->a, "%s,%s", actions, one) : one;
        }
        return arena_printf(ix->a, "{\"Effect\":\"Allow\",\"Action\":[%s],\"Resource\":\"%s\"}",
                            actions ? actions : "", policy_resource(ix, of->call.resource));
}

static const char *remedy_of(const struct finding_list *to, const struct required_call *d)
{
        const struct judge_index *ix = to->ix;
        const char *managed = kinds[d->by].managed;

        if (d->call.winner == IAM_EXPLICIT)
                return arena_printf(ix->a, "Remove %s%s from the statement that denies it", d->call.action,
                                    phrase_on_resource(ix, &d->call));
        /* The managed policies do not cover secrets, files and creation of log groups. */
        if (managed && (!d->requirement || d->requirement->kind == REQUIREMENT_IMAGE || d->requirement->kind == REQUIREMENT_LOGS))
                return arena_printf(ix->a, "Attach %s to %s, or add %s", managed, d->role,
                                    statement_of(to, d));
        return arena_printf(ix->a, "Add to the policies of %s: %s", d->role, statement_of(to, d));
}

/*
 * A clause where a call of the execution role is allowed to the task role instead, which the ECS agent never uses for it: the
 * permission was given to the wrong role. "" otherwise.
 */
static const char *allowed_to_task_role(const struct judge_index *ix, const struct required_call *d)
{
        const struct caller *task = d->by == REQUIRED_OF_EXECUTION ? caller_of(ix, d->definition->task_role) : NULL;

        if (!task || access_check(ix, task, &(struct permission){ d->call.action, d->call.resource }, NULL).answer != IAM_ALLOWED)
                return "";
        return arena_printf(ix->a, "; the task role %s is allowed it, but the ECS agent makes this call with the execution role", task->role->name);
}

static void missing_finding(struct finding_list *to, const struct missing *k)
{
        const struct judge_index *ix = to->ix;
        const struct required_call *d = k->first;
        struct finding *f = finding_add(to, kinds[d->by].kind, -1);

        /* The resource policy, which is not visible, may name the role. */
        if (d->call.resource_policy)
                f->severity = SEVERITY_NOTICE;
        f->definition = d->definition;
        f->action = d->call.action;
        f->resource = d->call.resource;
        f->winner = d->by != REQUIRED_OF_INSTANCE
                            ? d->role
                            : chain_result_text(ix->a, &(struct chain_result){ .provider = PROVIDER_IMDS, .role = d->role });
        f->expected = d->by == REQUIRED_OF_INSTANCE ? NULL : d->role;
        f->message = arena_printf(ix->a, "%s %s%s%s, which is denied to %s: %s%s%s%s", maker(ix, d),
                                  d->call.action, phrase_on_resource(ix, &d->call), what_for(ix, d), d->role, d->call.why,
                                  d->call.resource_policy ? " (unless the resource's policy names the role)" : "",
                                  k->n == 1 ? "" : arena_printf(ix->a, " (%zu more calls are denied)", k->n - 1), allowed_to_task_role(ix, d));
        f->remedy = remedy_of(to, d);
}

void missing_permissions_find(struct finding_list *to)
{
        const struct verdicts *v = to->v;

        for (size_t i = 0; i < v->n_required_calls; i++) {
                struct missing k = missing_of(v, &v->required_calls[i]);
                bool done = false;

                for (size_t j = 0; j < i; j++)
                        done = done || together(&v->required_calls[j], &v->required_calls[i]);
                /* For the agent's calls and ECS Exec only definite denials are reported. */
                if (done || !k.first || (!k.first->requirement && k.first->call.resource_policy))
                        continue;
                missing_finding(to, &k);
        }
}
