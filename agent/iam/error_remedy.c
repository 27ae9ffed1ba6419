/*
 * What to change: by who was denied, by which policy type, and whether by a Deny. A Deny is
 * never answered by an Allow, and no role is to be edited that cannot be edited.
 */
#include "error_parts.h"

/* ---- who is to be given what ---- */

/* "role webTaskRole", "user alice", the permission set of an SSO role: where policies are attached. */
static const char *holder_of(struct arena *a, const struct error_text *e)
{
        static const char sso[] = "AWSReservedSSO_";
        const char *name, *end;

        if (e->role && strncmp(e->role, sso, sizeof sso - 1) == 0) {
                name = e->role + sizeof sso - 1;
                end = strrchr(name, '_');
                return arena_printf(a, "permission set %.*s (IAM Identity Center: the role itself cannot be edited)",
                                    (int)(end ? (size_t)(end - name) : strlen(name)), name);
        }
        if (e->role)
                return arena_printf(a, "role %s", e->role);
        if (e->user)
                return arena_printf(a, "user %s", e->user);
        /* The name of a session or of a federated user is nobody to whom a policy can be attached. */
        if (e->principal && !strstr(e->principal, "arn:"))
                return arena_printf(a, "the identity that the text calls %s", e->principal);
        return e->principal ? e->principal : "the caller";
}

static const char *action_of(const struct error_text *e)
{
        return e->action ? e->action : "the call";
}

static const char *resource_of(const struct error_text *e)
{
        return e->resource && !streq(e->resource, "*") ? e->resource : "the resource";
}

/* Calls that mostly have no resource of their own. */
static bool is_listing(const char *action)
{
        const char *name = strchr(action, ':');

        return name && (strncasecmp(name + 1, "List", 4) == 0 || strncasecmp(name + 1, "Describe", 8) == 0);
}

/* "Add to the policies of X: {...}", or what to find out first. */
static const char *remedy_add(struct arena *a, const struct error_text *e, const char *holder)
{
        const char *statement = error_statement(a, e);

        if (statement)
                return arena_printf(a, "Add to the policies of %s: %s%s", holder, statement,
                                    e->resource || is_listing(e->action)
                                            ? "" : ". Narrow its Resource to what the call uses");
        if (!e->action)
                return arena_printf(a, "Grant %s the permission that the text describes; the text does not name the action", holder);
        /* The caller's account is cut out of the text, and the resource's ARN has none: no statement that can be proved. */
        if (error_is_arn(e->resource))
                return arena_printf(a, "Grant %s on %s to %s", e->action, e->resource, holder);
        return arena_printf(a, "Grant %s to %s. The statement's Resource must be an ARN: first find the ARN of %s",
                            e->action, holder, resource_of(e));
}

static bool is_action(const struct error_text *e, const char *prefix)
{
        return e->action && strncasecmp(e->action, prefix, strlen(prefix)) == 0;
}

/* ---- calls of the platform ---- */

bool error_is_platform_call(const char *text, const struct error_text *e)
{
        static const char *const actions[] = {
                "ecs:RegisterContainerInstance", "ecs:DeregisterContainerInstance", "ecs:DiscoverPollEndpoint",
                "ecs:Poll", "ecs:StartTelemetrySession", "ecs:Submit", "ecs:UpdateContainerInstancesState",
                "ecs:CreateCluster", "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
                "ecr:BatchCheckLayerAvailability", "ssm:UpdateInstanceInformation", "ssm:ListInstanceAssociations",
                "ssmmessages:", "ec2messages:", "logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents",
        };
        static const char *const words[] = {
                "logging driver", "Cloudwatch log", "awslogs", "CannotPull", "ResourceInitializationError",
                "registering container instance", "register as a container instance", "Error response from daemon",
                "docker", "ecs-agent",
        };

        if (e->actor != ACTOR_INSTANCE && e->actor != ACTOR_EXTERNAL && e->actor != ACTOR_TASK)
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (strcasestr(text, words[i]))
                        return true;
        for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
                if (e->actor != ACTOR_TASK && is_action(e, actions[i]))
                        return true;
        return false;
}

/* Docker and the agent take the execution role where the task definition names one, else the instance role. */
static const char *platform(struct arena *a, const struct error_text *e, const char *holder)
{
        if (is_action(e, "ecs:") || is_action(e, "ssm") || is_action(e, "ec2messages:"))
                return arena_printf(
                        a,
                        "The agent makes this call as the instance role. %s (AmazonEC2ContainerServiceforEC2Role and "
                        "AmazonSSMManagedInstanceCore cover it)",
                        remedy_add(a, e, holder));
        if (e->actor == ACTOR_TASK)
                return arena_printf(a, "ECS makes this call with the task's execution role. %s", remedy_add(a, e, holder));
        return arena_printf(a,
                            "Docker or the agent makes this call as the instance role if the task definition has no "
                            "execution role: set executionRoleArn and grant the call to that role; or: %s",
                            remedy_add(a, e, holder));
}

/* ---- a Deny ---- */

/* Before the caller's name. */
static const struct { const char *layer, *where; } denies[] = {
        { "identity", "the policies of" },
        { "resource", "the policy of the resource itself (bucket, queue, key ...), where it denies" },
        { "boundary", "the permissions boundary of" },
        { "session",  "the session policy that was passed for the session of" },
        { "endpoint", "the policy of the VPC endpoint, where it denies" },
        { "scp",      "a service control policy of the organization (its management account), where it denies" },
        { "rcp",      "a resource control policy of the organization (its management account), where it denies" },
        { "trust",    "the trust policy of the role to be assumed, where it denies" },
        { "service",  "the auth policy of the VPC Lattice service, where it denies" },
        { "network",  "the auth policy of the VPC Lattice service network, where it denies" },
};

static const char *remedy_deny(struct arena *a, const struct error_text *e, const char *holder)
{
        if (e->policy && strstr(e->policy, "AWSCompromisedKeyQuarantine"))
                return arena_printf(
                        a, "AWS considers the keys of %s leaked: deactivate and replace them, then detach %s", holder,
                        e->policy);
        if (e->policy && strstr(e->policy, ":iam::aws:"))
                return arena_printf(a,
                                    "%s is an AWS managed policy, which cannot be edited: detach it from %s, or make the "
                                    "call with another identity",
                                    e->policy, holder);
        if (e->policy)
                return arena_printf(a,
                                    "Change the statement with \"Effect\":\"Deny\" in %s, or its condition, for %s: "
                                    "an Allow elsewhere cannot override it",
                                    e->policy, holder);
        for (size_t i = 0; i < ARRAY_SIZE(denies); i++)
                if (streq(denies[i].layer, e->layer))
                        return arena_printf(a,
                                            "Change the statement with \"Effect\":\"Deny\", or its condition, in %s "
                                            "%s: an Allow elsewhere cannot override it%s",
                                            denies[i].where, holder,
                                            streq(e->layer, "boundary") && is_action(e, "iam:CreateRole")
                                                    ? ". Often the new role must be created with a permissions boundary"
                                                    : "");
        return arena_printf(
                a,
                "Find the statement with \"Effect\":\"Deny\" that matches %s: in the policies or the permissions "
                "boundary of %s, the session policy, the resource's policy, the VPC endpoint's, or the organization's. "
                "An Allow cannot override it",
                action_of(e), holder);
}

/* ---- no Allow, by policy type ---- */

static const char *layer(struct arena *a, const struct error_text *e, const char *holder)
{
        if (streq(e->layer, "boundary"))
                return arena_printf(
                        a, "Allow %s in the permissions boundary of %s, too: its policies alone do not suffice",
                        action_of(e), holder);
        if (streq(e->layer, "session"))
                return arena_printf(a,
                                    "Allow %s in the session policy that was passed when the session began (Policy, "
                                    "PolicyArns of sts:AssumeRole)",
                                    action_of(e));
        if (streq(e->layer, "endpoint"))
                return arena_printf(a, "Grant %s to %s in the policy of the VPC endpoint", action_of(e), holder);
        if (streq(e->layer, "scp") || streq(e->layer, "rcp"))
                return arena_printf(a,
                                    "Ask an administrator of the organization to allow %s in its %s control policies: no "
                                    "policy of the account can override it",
                                    action_of(e), streq(e->layer, "scp") ? "service" : "resource");
        if (streq(e->layer, "service") || streq(e->layer, "network"))
                return arena_printf(
                        a, "Name %s as Principal of an Allow in the auth policy of the VPC Lattice service%s", holder,
                        streq(e->layer, "network") ? " network" : "");
        return NULL;
}

static const char *resource_layer(struct arena *a, const struct error_text *e, const char *holder)
{
        const char *caller = e->actor == ACTOR_ROOT ? "the account"
                             : e->role && strncmp(e->role, "AWSReservedSSO_", 15) == 0
                                  ? arena_printf(a, "role %s", e->role)
                                  : holder;

        if (is_action(e, "kms:"))
                return arena_printf(a,
                                    "Name %s as Principal of an Allow for %s in the key policy of %s, and check the "
                                    "key's account and region",
                                    caller, action_of(e), resource_of(e));
        return arena_printf(a,
                            "Name %s as Principal of an Allow for %s in the policy of %s. From another account, its "
                            "own policies must allow it, too",
                            caller, action_of(e), resource_of(e));
}

/* ---- calls with rules of their own ---- */

static const char *pass_role(struct arena *a, const struct error_text *e, const char *holder)
{
        const char *statement = error_statement(a, e);

        if (e->resource && error_is_malformed(e->resource))
                return arena_printf(
                        a, "Correct the ARN of the role that is passed: %s is malformed; a policy does not help",
                        e->resource);
        if (!statement || streq(e->resource, NULL) || streq(e->resource, "*"))
                return arena_printf(a, "Grant %s iam:PassRole on the ARN of the role that it passes", holder);
        return arena_printf(a,
                            "Add to the policies of the caller, %s (the role in the text is the one that it passes): %s",
                            holder, statement);
}

static const char *assume_role(struct arena *a, const struct error_text *e, const char *holder)
{
        const char *statement = error_statement(a, e);

        if (e->actor == ACTOR_ROOT)
                return "The root user cannot assume a role: use an IAM user or role";
        if (e->principal && strstr(e->principal, ":redshift:"))
                return arena_printf(a,
                                    "Attach the role %s to the cluster (aws redshift modify-cluster-iam-roles), and name "
                                    "redshift.amazonaws.com as Principal in its trust policy",
                                    e->resource ? e->resource : "that the text names");
        /* A service has no policies of its own. */
        if (e->principal && !strstr(e->principal, "arn:") && !e->session && !e->user && !e->layer)
                return arena_printf(a,
                                    "If %s is a service, name it (SERVICE.amazonaws.com) as Principal in the trust policy of "
                                    "%s. If it is a user or a role, its own policies must allow sts:AssumeRole on that role, "
                                    "too",
                                    e->principal, resource_of(e));
        if (streq(e->layer, "trust"))
                return arena_printf(a,
                                    "Name %s as Principal in the trust policy of %s, and check its conditions "
                                    "(ExternalId, MFA, source)",
                                    holder, resource_of(e));
        return arena_printf(a, "Both sides must allow it: name %s as Principal in the trust policy of %s; and %s%s",
                            holder, resource_of(e),
                            statement ? "add to its own policies: " : "grant it sts:AssumeRole on that role's ARN",
                            statement ? statement : "");
}

static const char *user(struct arena *a, const struct error_text *e, const char *holder)
{
        return arena_printf(a,
                            "If this came from a task, remove the keys of %s from its environment, files or image, "
                            "so that the task role is used. Otherwise: %s",
                            holder, remedy_add(a, e, holder));
}

static const char *instance(struct arena *a, const struct error_text *e)
{
        return arena_printf(a,
                            "If the task has a task role, make its process use that one: `rolewatch explain` on %s "
                            "says why it does not. Otherwise, give the task a role that is allowed %s",
                            e->session, action_of(e));
}

static const char *linked(struct arena *a, const struct error_text *e)
{
        return arena_printf(a,
                            "The service made this call with %s, which cannot be edited: give the service another role if "
                            "it accepts one, or change what it was configured to do",
                            e->role);
}

const char *error_denial_remedy(struct arena *a, const struct error_text *e)
{
        const char *holder = holder_of(a, e), *by_layer;

        if (!holder)
                return NULL;
        if (e->actor == ACTOR_ANONYMOUS)
                return "Sign the request: no credentials were used. See what the process finds (`rolewatch explain "
                       "PID`), and whether its client signs (SigV4)";
        if (is_action(e, "iam:PassRole") && e->resource && error_is_malformed(e->resource))
                return pass_role(a, e, holder);
        if (e->actor == ACTOR_LINKED && (!e->layer || streq(e->layer, "identity")))
                return linked(a, e);
        if (e->explicit_deny)
                return remedy_deny(a, e, holder);
        by_layer = e->layer ? layer(a, e, holder) : NULL;
        if (by_layer)
                return by_layer;
        if (is_action(e, "sts:AssumeRole") || is_action(e, "sts:TagSession") || streq(e->layer, "trust"))
                return assume_role(a, e, holder);
        if (streq(e->layer, "resource"))
                return resource_layer(a, e, holder);
        if (e->actor == ACTOR_ROOT)
                return "The root user needs no Allow: check the resource's policy and the organization's; then "
                       "stop using root keys";
        if (is_action(e, "iam:PassRole"))
                return pass_role(a, e, holder);
        if (e->platform_call)
                return platform(a, e, holder);
        if (e->actor == ACTOR_INSTANCE)
                return instance(a, e);
        if (e->actor == ACTOR_USER)
                return user(a, e, holder);
        return remedy_add(a, e, holder);
}

const char *error_kind_remedy(struct arena *a, const struct error_text *e)
{
        switch (e->kind) {
        case ERROR_BAD:
                return "Find out which keys the process uses (`rolewatch explain PID`): static keys in its environment or "
                       "files take precedence over the task role, even if they are truncated or belong to another account";
        case ERROR_EXPIRED:
                return "Find out which credentials the process uses (`rolewatch explain PID`): copied session credentials "
                       "are not renewed; those of a task role are";
        case ERROR_NONE:
                return "Find out why the process finds no credentials (`rolewatch explain PID`): no task role, a lost "
                       "environment variable, or an endpoint that does not answer";
        case ERROR_DENIED:
                if (e->principal || e->explicit_deny || e->layer)
                        return error_denial_remedy(a, e);
                if (e->action)
                        return arena_printf(a,
                                            "The text names no caller: `rolewatch check` shows which role the process "
                                            "acts as. Grant that role %s%s%s%s",
                                            e->action, e->resource ? " on " : "", e->resource ? e->resource : "",
                                            is_action(e, "sts:AssumeRole")
                                                    ? ", and name it as Principal in the trust policy of the role to be "
                                                      "assumed" : "");
                return "The text names no caller: `rolewatch check` shows which role the process acts as. Compare the "
                       "call with that role's policies, then with the resource's own policy (bucket, key, queue)";
        case ERROR_UNKNOWN: case ERROR_TRUST: case ERROR_LINKED: case ERROR_PULL: case ERROR_INIT: case ERROR_OTHER:
                break;
        }
        return NULL;
}
