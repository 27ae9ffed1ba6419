/* The sentence "X is not authorized to perform: A on resource: R because ...", wherever it stands. */
#include <ctype.h>
#include "error_parts.h"
#include "iam_internal.h"

#define FIELD_BYTES 2048               /* of one value */
#define USER_BYTES 512                 /* of a caller with blanks in its name */

/* ---- pieces ---- */

static const char *piece(struct arena *a, const char *s, size_t n)
{
        return arena_escape(a, s, n, FIELD_BYTES);
}

static bool one_of(char c, const char *set)
{
        return c && strchr(set, c);
}

/* ARNs that end in a colon: of a log group's streams, and those whose last part is empty. */
static bool ends_in_its_colon(const char *s, size_t n)
{
        static const char stream[] = ":log-stream:";
        size_t colons = 0;

        if (n < 4 || memcmp(s, "arn:", 4) != 0 || s[n - 1] != ':')
                return false;
        for (size_t i = 0; i < n; i++)
                colons += s[i] == ':';
        return colons == ARN_PARTS - 1 ||
               (n >= sizeof stream - 1 && memcmp(s + n - (sizeof stream - 1), stream, sizeof stream - 1) == 0);
}

/* Takes quotes, brackets and punctuation off both ends. */
static void trim(const char **s, size_t *n)
{
        while (*n && one_of(**s, "\"'`([{<,;:"))
                (*s)++, (*n)--;
        while (*n && one_of((*s)[*n - 1], "\"'`)]}>.,;:") && !ends_in_its_colon(*s, *n))
                (*n)--;
}

/* What stands from the last "User: arn:" to `end`, where that is near: people put names with blanks into ARNs. NULL: none. */
static const char *user_before(const char *text, const char *end)
{
        const char *found = NULL, *s = end - text > USER_BYTES ? end - USER_BYTES : text;

        while ((s = strstr(s, "User: arn:")) && s < end)
                found = s += strlen("User: ");
        return found;
}

/* The word that ends before `end`; one with a colon behind it begins a sentence and names nobody. */
static const char *word_before(struct arena *a, const char *text, const char *end)
{
        const char *s = end, *user = user_before(text, end);
        size_t n;

        while (s > text && s[-1] == ' ')
                s--;
        if (s > text && s[-1] == ':')
                return NULL;
        if (user && user < s) {
                n = (size_t)(s - user);
                trim(&user, &n);
                return piece(a, user, n);
        }
        n = (size_t)(s - text);
        while (s > text && s[-1] != ' ')
                s--;
        n -= (size_t)(s - text);
        trim(&s, &n);
        return n ? piece(a, s, n) : NULL;
}

/* "role NAME" and the like are one value. In JSON without blanks its quote ends it. */
static size_t value_length(const char *s)
{
        static const char *const types[] = { "role ", "user ", "group ", "policy ", "instance profile " };
        size_t n = 0;

        for (size_t i = 0; i < ARRAY_SIZE(types); i++)
                if (strncmp(s, types[i], strlen(types[i])) == 0)
                        n = strlen(types[i]);
        return n + strcspn(s + n, " \"");
}

static const char *value_after(struct arena *a, const char *s)
{
        size_t n;

        while (*s == ' ' || *s == ':')
                s++;
        n = one_of(*s, "\"'") ? strcspn(s + 1, (char[]){ *s, '\0' }) + 1 : value_length(s);
        trim(&s, &n);
        return n ? piece(a, s, n) : NULL;
}

static const char *action_after(struct arena *a, const char *s)
{
        const char *start;
        size_t n;

        while (one_of(*s, " :\"'`["))
                s++;
        start = s;
        while (isalnum((unsigned char)*s) || one_of(*s, "-_"))
                s++;
        if (*s != ':' || s == start)
                return NULL;
        for (s++; isalnum((unsigned char)*s) || one_of(*s, "*_-"); s++)
                ;
        n = (size_t)(s - start);
        return start[n - 1] == ':' ? NULL : piece(a, start, n);
}

/* ---- who ---- */

/* IAM user guide: an instance's session is its id, a task's the last part of its ARN. */
static bool is_instance(const char *s, const char *prefix)
{
        size_t n = strlen(prefix), rest;

        if (strncmp(s, prefix, n) != 0)
                return false;
        rest = strlen(s + n);
        return strspn(s + n, "0123456789abcdef") == rest && (rest == 8 || rest == 17);
}

static bool is_task_id(const char *s)
{
        size_t n = strlen(s), hex = 0;

        for (size_t i = 0; i < n; i++)
                hex += isxdigit((unsigned char)s[i]) != 0;
        return (n == 32 && hex == 32) || (n == 36 && hex == 32 && s[8] == '-' && s[13] == '-');
}

static const struct { const char *prefix; enum error_actor actor; } sessions[] = {
        { "ecs-service-scheduler", ACTOR_LINKED },
        { "ECSTaskVolumesForEBS", ACTOR_INFRASTRUCTURE },
        { "ECSServiceConnectForTLS", ACTOR_INFRASTRUCTURE },
        { "ECSNetworkingWithVPCLattice", ACTOR_INFRASTRUCTURE },
        { "ECSManagedInstancesForCompute", ACTOR_INFRASTRUCTURE },
        { "botocore-session-", ACTOR_SDK },
        { "aws-go-sdk-", ACTOR_SDK },
        { "aws-sdk-js-", ACTOR_SDK },
        { "aws-sdk-java-", ACTOR_SDK },
        { "AWS-CLI-session-", ACTOR_SDK },
};

static enum error_actor actor_of_session(const struct error_text *e)
{
        if (strncmp(e->role, "AWSServiceRoleFor", 17) == 0)
                return ACTOR_LINKED;
        if (is_instance(e->session, "i-"))
                return ACTOR_INSTANCE;
        if (is_instance(e->session, "mi-"))
                return ACTOR_EXTERNAL;
        if (is_task_id(e->session))
                return ACTOR_TASK;
        for (size_t i = 0; i < ARRAY_SIZE(sessions); i++)
                if (strncmp(e->session, sessions[i].prefix, strlen(sessions[i].prefix)) == 0)
                        return sessions[i].actor;
        return ACTOR_SESSION;
}

static bool starts(struct words w, const char *with)
{
        return w.len >= strlen(with) && memcmp(w.s, with, strlen(with)) == 0;
}

static void read_session(struct arena *a, struct words rest, struct error_text *e)
{
        const char *name = rest.s + strlen("assumed-role/"), *slash = memchr(name, '/', rest.len - 13);

        e->role = slash ? arena_dupn(a, name, (size_t)(slash - name)) : arena_dup(a, name);
        e->session = slash ? arena_dup(a, slash + 1) : "";
        e->actor = e->role && e->session ? actor_of_session(e) : ACTOR_UNKNOWN;
        if (e->session && !*e->session)
                e->session = NULL;
}

static void read_principal(struct arena *a, struct error_text *e)
{
        struct words p[ARN_PARTS];

        if (streq(e->principal, "anonymous")) {
                e->actor = ACTOR_ANONYMOUS;
                return;
        }
        if (arn_split(e->principal, strlen(e->principal), p) != ARN_PARTS || !starts(p[0], "arn"))
                return;
        if (p[4].len)
                e->account = arena_dupn(a, p[4].s, p[4].len);
        if (starts(p[5], "assumed-role/")) {
                read_session(a, p[5], e);
        } else if (starts(p[5], "user/")) {
                e->user = arn_name(e->principal);
                e->actor = ACTOR_USER;
        } else if (starts(p[5], "role/")) {
                e->role = arn_name(e->principal);
                e->actor = ACTOR_SESSION;
        } else if (starts(p[5], "federated-user/")) {
                e->actor = ACTOR_FEDERATED;
        } else if (starts(p[5], "root")) {
                e->actor = ACTOR_ROOT;
        }
}

/* ---- why ---- */

static const struct { const char *phrase, *layer; } layers[] = {
        { "identity-based polic", "identity" },     { "resource-based polic", "resource" },
        { "permissions boundar", "boundary" },      { "permission boundar", "boundary" },
        { "session polic", "session" },             { "sessions polic", "session" },
        { "VPC endpoint polic", "endpoint" },       { "service control polic", "scp" },
        { "resource control polic", "rcp" },        { "role trust polic", "trust" },
};

static void read_why(struct arena *a, const char *rest, struct error_text *e)
{
        const char *because = strcasestr(rest, "because no "), *deny = strcasestr(rest, "with an explicit deny");
        const char *at = deny && (!because || deny < because) ? deny : because, *first = NULL, *arn;

        e->explicit_deny = at && at == deny;
        for (size_t i = 0; at && i < ARRAY_SIZE(layers); i++) {
                const char *found = strcasestr(at, layers[i].phrase);

                if (found && (!first || found < first)) {
                        first = found;
                        e->layer = layers[i].layer;
                }
        }
        arn = first ? strstr(first, "arn:") : NULL;
        if (arn && strstr(arn, ":policy/"))
                e->policy = value_after(a, arn);
}

/* ---- the sentence ---- */

static const char sentence[] = "is not authorized to perform";

/* false: it is not in the text. */
static bool read_sentence(struct arena *a, const char *text, struct error_text *e)
{
        const char *at = strcasestr(text, sentence), *rest, *on;

        if (!at || (at > text && isalnum((unsigned char)at[-1])))
                return false;
        rest = at + strlen(sentence);
        e->kind = ERROR_DENIED;
        e->principal = word_before(a, text, at);
        e->action = action_after(a, rest);
        on = strcasestr(rest, " on resource");
        if (on && (!strcasestr(rest, " because ") || on < strcasestr(rest, " because ")))
                e->resource = value_after(a, on + strlen(" on resource"));
        if (e->principal)
                read_principal(a, e);
        read_why(a, rest, e);
        return true;
}

/* Of a text without the sentence: the first ARN of a caller, and the first other one. */
static void read_arns(struct arena *a, const char *text, struct error_text *e)
{
        for (const char *s = strstr(text, "arn:aws"); s; s = strstr(s + 1, "arn:aws")) {
                const char *arn = value_after(a, s);
                bool caller = arn && (strstr(arn, ":assumed-role/") || strstr(arn, ":user/"));

                if (caller && !e->principal) {
                        e->principal = arn;
                        read_principal(a, e);
                } else if (arn && !caller && !e->resource) {
                        e->resource = arn;
                }
        }
}

/* Where a denial without the sentence names the call: STS, CloudFormation, EC2, Auto Scaling. */
static void read_call(struct arena *a, const char *text, struct error_text *e)
{
        static const char *const before[] = { "not authorized to perform", "missing the following permissions:", "API: ",
                                              "have permission to call ", "not has permission " };

        for (size_t i = 0; i < ARRAY_SIZE(before) && !e->action; i++) {
                const char *at = strcasestr(text, before[i]);

                if (at)
                        e->action = action_after(a, at + strlen(before[i]));
        }
}

static void read_row(struct arena *a, const char *text, struct error_text *e)
{
        const struct error_row *row = error_row_of(text);

        if (!row)
                return;
        e->kind = row->kind;
        if (e->kind == ERROR_DENIED)
                read_call(a, text, e);
        e->about = row->about;
        e->remedy = row->remedy ? row->remedy : error_kind_remedy(row->kind);
}

int error_text_decode(struct arena *a, const char *text, size_t len, struct error_text *ret)
{
        const char *once = error_plain(a, text, len < ERROR_TEXT_MAX ? len : ERROR_TEXT_MAX);
        const char *line = once ? error_plain(a, once, strlen(once)) : NULL;
        const char *old;

        *ret = (struct error_text){ .cut = len > ERROR_TEXT_MAX };
        if (!line)
                return -ENOMEM;
        ret->encoded = strcasestr(line, "Encoded authorization failure message") != NULL;
        if (read_sentence(a, line, ret)) {
                ret->remedy = error_denial_remedy(a, ret);
                return arena_failed(a) ? -ENOMEM : 0;
        }
        read_row(a, line, ret);
        old = strcasestr(line, "Access to the resource ");
        if (old)
                ret->resource = value_after(a, old + strlen("Access to the resource "));
        read_arns(a, line, ret);
        return arena_failed(a) ? -ENOMEM : 0;
}
