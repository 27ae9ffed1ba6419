/* The sentence "X is not authorized to perform: A on resource: R because ...", wherever it stands. */
#include <ctype.h>
#include "error_parts.h"

#define SENTENCES_MAX 16               /* of one text; the first complete one counts */
#define REST_BYTES 4096                /* behind the action: the resource and the reason */

#define EXAMPLE_USER "User: arn:aws:sts::111122223333:assumed-role/webTaskRole/0123456789abcdef0123456789abcdef "
#define EXAMPLE_DENIAL EXAMPLE_USER "is not authorized to perform: SNS:Publish on resource: arn:aws:sns:eu-west-1:111122223333:orders "

/* ---- why ---- */

/* The words that follow "because no " or "with an explicit deny in a ". */
static const struct { const char *phrase, *layer; } layers[] = {
        { "identity-based polic", "identity" },     { "resource-based polic", "resource" },
        { "permissions boundar", "boundary" },      { "permission boundar", "boundary" },
        { "session polic", "session" },             { "sessions polic", "session" },
        { "VPC endpoint polic", "endpoint" },       { "service control polic", "scp" },
        { "resource control polic", "rcp" },        { "role trust polic", "trust" },
        { "service-based polic", "service" },       { "network-based polic", "network" },
        { "trust polic", "trust" },
};

static const char *layer_at(const char *s)
{
        static const char *const articles[] = { " in ", "a ", "an ", "the " };

        for (size_t i = 0; i < ARRAY_SIZE(articles); i++)
                if (strncasecmp(s, articles[i], strlen(articles[i])) == 0)
                        s += strlen(articles[i]);
        for (size_t i = 0; i < ARRAY_SIZE(layers); i++)
                if (strncasecmp(s, layers[i].phrase, strlen(layers[i].phrase)) == 0)
                        return layers[i].layer;
        return NULL;
}

/* The policy whose ARN follows the reason, before another sentence begins. */
static const char *policy_in(struct arena *a, const char *reason)
{
        const char *arn = strstr(reason, "arn:aws"), *next = strcasestr(reason, "not authorized to"), *value;

        value = arn && (!next || arn < next) ? error_value(a, arn) : NULL;
        return value && strstr(value, ":policy/") ? value : NULL;
}

void error_read_why(struct arena *a, const char *rest, struct error_text *e)
{
        static const char no[] = "because no ", deny[] = "with an explicit deny",
                          of_key[] = "no resource-based policies allow access";
        const char *because = strcasestr(rest, no), *denied = strcasestr(rest, deny);

        if (denied && (!because || denied < because)) {
                e->explicit_deny = true;
                e->layer = layer_at(denied + strlen(deny));
                e->policy = policy_in(a, denied);
        } else if (because) {
                e->layer = layer_at(because + strlen(no));
                e->policy = policy_in(a, because);
        } else if (strcasestr(rest, of_key)) {
                e->layer = "resource";
        }
}

/* ---- forms ---- */

/* By the reason. With NULL for layer: none is named. */
static const struct { const char *layer; bool deny; const char *form; } by_why[] = {
        { NULL, false, "sentence" },               { NULL, true, "sentence-explicit-deny" },
        { "identity", false, "sentence-identity" }, { "identity", true, "sentence-identity-deny" },
        { "resource", false, "sentence-resource" }, { "resource", true, "sentence-resource-deny" },
        { "boundary", false, "sentence-boundary" }, { "boundary", true, "sentence-boundary-deny" },
        { "session", false, "sentence-session" },   { "session", true, "sentence-session-deny" },
        { "endpoint", false, "sentence-endpoint" }, { "endpoint", true, "sentence-endpoint-deny" },
        { "scp", false, "sentence-scp" },           { "scp", true, "sentence-scp-deny" },
        { "rcp", false, "sentence-rcp" },           { "rcp", true, "sentence-rcp-deny" },
        { "trust", false, "sentence-trust" },       { "trust", true, "sentence-trust-deny" },
        { "service", false, "sentence-service" },   { "service", true, "sentence-service-deny" },
        { "network", false, "sentence-network" },   { "network", true, "sentence-network-deny" },
};

const struct error_form error_sentences[] = {
        { "sentence", ERROR_DENIED, EXAMPLE_DENIAL },
        { "sentence-explicit-deny", ERROR_DENIED, EXAMPLE_DENIAL "with an explicit deny" },
        { "sentence-identity", ERROR_DENIED, EXAMPLE_DENIAL "because no identity-based policy allows the SNS:Publish action" },
        { "sentence-identity-deny", ERROR_DENIED, EXAMPLE_DENIAL "with an explicit deny in an identity-based policy" },
        { "sentence-resource", ERROR_DENIED, EXAMPLE_DENIAL "because no resource-based policy allows the SNS:Publish action" },
        { "sentence-resource-deny", ERROR_DENIED, EXAMPLE_DENIAL "with an explicit deny in a resource-based policy" },
        { "sentence-boundary", ERROR_DENIED, EXAMPLE_DENIAL "because no permissions boundary allows the SNS:Publish action" },
        { "sentence-boundary-deny", ERROR_DENIED, EXAMPLE_DENIAL "with an explicit deny in a permissions boundary" },
        { "sentence-session", ERROR_DENIED, EXAMPLE_DENIAL "because no session policy allows the SNS:Publish action" },
        { "sentence-session-deny", ERROR_DENIED, EXAMPLE_DENIAL "with an explicit deny in a session policy" },
        { "sentence-endpoint", ERROR_DENIED, EXAMPLE_DENIAL "because no VPC endpoint policy allows the SNS:Publish action" },
        { "sentence-endpoint-deny", ERROR_DENIED, EXAMPLE_DENIAL "with an explicit deny in a VPC endpoint policy" },
        { "sentence-scp", ERROR_DENIED, EXAMPLE_DENIAL "because no service control policy allows the SNS:Publish action" },
        { "sentence-scp-deny", ERROR_DENIED,
          EXAMPLE_DENIAL
          "with an explicit deny in a service control policy: "
          "arn:aws:organizations::444455556666:policy/o-exampleorgid/service_control_policy/p-examplepolicyid111" },
        { "sentence-rcp", ERROR_DENIED, EXAMPLE_DENIAL "because no resource control policy allows the SNS:Publish action" },
        { "sentence-rcp-deny", ERROR_DENIED, EXAMPLE_DENIAL "with an explicit deny in a resource control policy" },
        { "sentence-trust", ERROR_DENIED,
          "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: sts:AssumeRole on resource: "
          "arn:aws:iam::111122223333:role/webTaskRole because no role trust policy allows the sts:AssumeRole "
          "action" },
        { "sentence-trust-deny", ERROR_DENIED,
          "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: sts:AssumeRole on resource: "
          "arn:aws:iam::111122223333:role/webTaskRole with an explicit deny in the role trust policy" },
        { "sentence-service", ERROR_DENIED,
          EXAMPLE_USER "is not authorized to perform: vpc-lattice-svcs:Invoke on resource: "
                       "arn:aws:vpc-lattice:eu-west-1:111122223333:service/svc-0123456789abcdef0/ because no service-based "
                       "policy allows the vpc-lattice-svcs:Invoke action" },
        { "sentence-service-deny", ERROR_DENIED,
          EXAMPLE_USER "is not authorized to perform: vpc-lattice-svcs:Invoke on resource: "
                       "arn:aws:vpc-lattice:eu-west-1:111122223333:service/svc-0123456789abcdef0/ with an explicit deny in a "
                       "service-based policy" },
        { "sentence-network", ERROR_DENIED,
          "User: anonymous is not authorized to perform: vpc-lattice-svcs:Invoke on resource: "
          "arn:aws:vpc-lattice:eu-west-1:111122223333:service/svc-0123456789abcdef0/ because no network-based policy "
          "allows the vpc-lattice-svcs:Invoke action" },
        { "sentence-network-deny", ERROR_DENIED,
          EXAMPLE_USER "is not authorized to perform: vpc-lattice-svcs:Invoke on resource: "
                       "arn:aws:vpc-lattice:eu-west-1:111122223333:service/svc-0123456789abcdef0/ with an explicit deny in a "
                       "network-based policy" },
        { "sentence-assume", ERROR_DENIED,
          "User arn:aws:redshift:eu-west-1:111122223333:dbuser:web/alice is not authorized to assume IAM Role "
          "arn:aws:iam::111122223333:role/webCopyRole" },
};
const size_t n_error_sentences = ARRAY_SIZE(error_sentences);

static const char *form_of(const struct error_text *e)
{
        for (size_t i = 0; i < ARRAY_SIZE(by_why); i++)
                if (streq(by_why[i].layer, e->layer) && by_why[i].deny == e->explicit_deny)
                        return by_why[i].form;
        return NULL;
}

/* ---- the sentence ---- */

static const char *const performs = "is not authorized to perform";
static const char *const assumes[] = { "is not authorized to assume IAM Role", "is not authorized to assume role" };

/* A sentence that another program may have said, too, counts only beside a mark of AWS. */
static bool counts(const struct error_text *e, bool marked)
{
        if (e->action && iam_service_known(e->action))
                return true;
        return e->principal && (strncmp(e->principal, "arn:aws", 7) == 0 ||
                                ((marked || e->action) && strncmp(e->principal, "arn:", 4) == 0) ||
                                (marked && (e->action || streq(e->principal, "anonymous"))));
}

/* Behind "on resource": ": R", " `R'", " arn:..."; "on resource in account 111122223333" names none. */
static const char *resource_at(struct arena *a, const char *s)
{
        const char *value = s + strspn(s, " ");

        return *s == ':' || strchr("\"'`*{<", *value) || strncmp(value, "arn:", 4) == 0 ? error_value(a, s) : NULL;
}

/* "on resource: R", "on resource `R'", and CodeBuild's "on arn:...". Before the reason. */
static const char *resource_in(struct arena *a, const char *rest)
{
        const char *on = strcasestr(rest, " on resource"), *because = strcasestr(rest, " because "),
                   *deny = strcasestr(rest, "with an explicit deny");
        const char *arn = strstr(rest, " on arn:");

        if (because && (!deny || because < deny))
                deny = because;
        if (on && (!deny || on < deny))
                return resource_at(a, on + strlen(" on resource"));
        return arn && (!deny || arn < deny) ? error_value(a, arn + strlen(" on ")) : NULL;
}

/* What belongs to one sentence: up to the next one, bounded. */
static const char *rest_of(struct arena *a, const char *s)
{
        size_t n = strnlen(s, REST_BYTES);
        const char *next = memmem(s, n, performs, strlen(performs));

        return arena_dupn(a, s, next ? (size_t)(next - s) : n);
}

static bool read_perform(struct arena *a, const char *text, const char *at, bool marked, struct error_text *e)
{
        struct error_text found = *e;
        const char *rest = rest_of(a, at + strlen(performs));

        if (!rest)
                return false;
        found.kind = ERROR_DENIED;
        found.principal = error_word_before(a, text, at);
        /* "User is not authorized": nobody is named. */
        if (found.principal && (streq(found.principal, "User") || streq(found.principal, "user")))
                found.principal = NULL;
        found.action = error_action(a, rest);
        if (!counts(&found, marked))
                return false;
        found.resource = resource_in(a, rest);
        if (found.principal)
                error_read_principal(a, &found);
        error_read_why(a, rest, &found);
        found.form = form_of(&found);
        *e = found;
        return true;
}

static bool read_assume(struct arena *a, const char *text, struct error_text *e)
{
        for (size_t i = 0; i < ARRAY_SIZE(assumes); i++) {
                const char *at = strcasestr(text, assumes[i]), *principal, *role;

                if (!at)
                        continue;
                principal = error_word_before(a, text, at);
                role = error_value(a, at + strlen(assumes[i]));
                if (!error_is_arn(role))
                        continue;
                e->kind = ERROR_DENIED;
                e->principal = principal && strncmp(principal, "arn:", 4) == 0 ? principal : NULL;
                e->action = "sts:AssumeRole";
                e->resource = role;
                if (e->principal)
                        error_read_principal(a, e);
                error_read_why(a, at, e);
                e->form = "sentence-assume";
                return true;
        }
        return false;
}

bool error_read_sentence(struct arena *a, const char *text, bool marked, struct error_text *e)
{
        const struct error_text none = *e;
        struct error_text first = none;
        const char *at = strcasestr(text, performs);

        for (size_t n = 0; at && n < SENTENCES_MAX; n++, at = strcasestr(at + 1, performs)) {
                struct error_text found = none;

                if ((at > text && isalnum((unsigned char)at[-1])) || !read_perform(a, text, at, marked, &found))
                        continue;
                if (found.action) {
                        *e = found;
                        return true;
                }
                if (!first.kind)
                        first = found;
        }
        *e = first;
        return first.kind || read_assume(a, text, e);
}
