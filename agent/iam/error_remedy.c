/* What to change: by who was denied and by which layer, or by the kind of the text. */
#include "error_parts.h"

static const char *statement(struct arena *a, const struct error_text *e)
{
        return arena_printf(a, "{\"Effect\":\"Allow\",\"Action\":\"%s\",\"Resource\":\"%s\"}", e->action,
                            e->resource ? e->resource : "*");
}

static const struct { const char *layer, *remedy; } layer_remedies[] = {
        { "resource", "Name the role as Principal of an Allow in the policy of the resource (of a KMS key, its key policy)" },
        { "boundary", "Widen the role's permissions boundary" },
        { "session",  "Widen the session policy that the caller of sts:AssumeRole passes" },
        { "endpoint", "Widen the policy of the VPC endpoint" },
        { "scp",      "Have the organization's service control policy changed: no policy of the account can lift it" },
        { "rcp",      "Have the organization's resource control policy changed: no policy of the account can lift it" },
        { "trust",    "Name the caller as Principal in the trust policy of the role to be assumed" },
};

const char *error_denial_remedy(struct arena *a, const struct error_text *e)
{
        const char *holder = e->role ? e->role : e->user ? e->user : "the caller";

        for (size_t i = 0; i < ARRAY_SIZE(layer_remedies); i++)
                if (streq(layer_remedies[i].layer, e->layer))
                        return layer_remedies[i].remedy;
        if (e->action && strcasecmp(e->action, "iam:PassRole") == 0)
                return arena_printf(a, "Allow the caller, %s, iam:PassRole on %s: the role it names is only what is "
                                       "passed", holder, e->resource ? e->resource : "the role");
        if (e->explicit_deny)
                return arena_printf(a, "Find the statement with \"Effect\":\"Deny\" among the policies of %s", holder);
        if (e->actor == ACTOR_INSTANCE)
                return arena_printf(a, "If the task has a task role, make its process use that one: `rolewatch explain` on "
                                       "%s says why it does not. Else give the task a role that is allowed %s", e->session,
                                    e->action ? e->action : "the call");
        if (e->actor == ACTOR_USER)
                return arena_printf(a, "If this came from a task, take the keys of user %s out of its environment, files or "
                                       "image, so that the task role counts; else allow the user %s", e->user,
                                    e->action ? e->action : "the call");
        return e->action ? arena_printf(a, "Add to the policies of %s: %s", holder, statement(a, e)) : NULL;
}

const char *error_kind_remedy(enum error_kind k)
{
        switch (k) {
        case ERROR_BAD:
                return "See which keys the process uses (`rolewatch explain PID`): static ones in its environment or files, "
                       "cut or of another account, win over the task role";
        case ERROR_EXPIRED:
                return "See which keys the process uses (`rolewatch explain PID`): copied session keys do not renew "
                       "themselves; a task role's do";
        case ERROR_NONE:
                return "See why the process finds none (`rolewatch explain PID`): no task role, a lost environment, or an "
                       "endpoint that does not answer";
        case ERROR_DENIED:
                return "The text names nobody: `rolewatch check` says as whom the process acts";
        case ERROR_UNKNOWN: case ERROR_TRUST: case ERROR_LINKED: case ERROR_PULL: case ERROR_INIT: case ERROR_OTHER:
                break;
        }
        return NULL;
}
