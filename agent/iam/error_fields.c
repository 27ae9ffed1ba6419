/* Values in an error text: words, ARNs, actions, and who a principal is by its ARN. */
#include <ctype.h>
#include "error_parts.h"
#include "iam_internal.h"

#define FIELD_BYTES 2048               /* of one value */
#define NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define MASK_BYTES 32                  /* of a part that somebody masked */
#define USER_BYTES 512                 /* of a caller with blanks in its name */
#define ARNS_MAX 64                    /* of one text */

/* ---- pieces ---- */

static const char *piece(struct arena *a, const char *s, size_t n)
{
        return arena_escape(a, s, n, FIELD_BYTES);
}

static bool fields_one_of(char c, const char *set)
{
        return c && strchr(set, c);
}

/* As strcspn, up to a byte more than what a value may have. */
static size_t fields_span(const char *s, const char *ends)
{
        size_t n = 0;

        while (n <= FIELD_BYTES && s[n] && !fields_one_of(s[n], ends))
                n++;
        return n;
}

/* ARNs that end in a colon: of a log group's streams, and those whose last part is empty. */
static bool ends_in_its_colon(const char *s, size_t n)
{
        static const char stream[] = ":log-stream:";
        size_t colons = 0;

        if (n < 4 || n > FIELD_BYTES || memcmp(s, "arn:", 4) != 0 || s[n - 1] != ':')
                return false;
        for (size_t i = 0; i < n && colons < ARN_PARTS; i++)
                colons += s[i] == ':';
        return colons == ARN_PARTS - 1 ||
               (n >= sizeof stream - 1 && memcmp(s + n - (sizeof stream - 1), stream, sizeof stream - 1) == 0);
}

/* Does a bracket at the end close one of the value's own? "role/r/[session]" */
static bool closes_its_own(const char *s, size_t n)
{
        char open = n && s[n - 1] == ']' ? '[' : n && s[n - 1] == '>' ? '<' : '\0';
        size_t depth = 0;

        if (!open || n > FIELD_BYTES)
                return false;
        for (size_t i = n; i-- > 0;) {
                depth += s[i] == s[n - 1];
                if (s[i] == open && --depth == 0)
                        return i > 0;
        }
        return false;
}

/* "assumed-role/web/..." and "arn:aws:kms:...": what somebody cut, not the end of a sentence. */
static bool is_cut(const char *s, size_t n)
{
        return n > 4 && memcmp(s + n - 3, "...", 3) == 0 && fields_one_of(s[n - 4], "/:-_.");
}

/* Takes quotes, brackets and punctuation off both ends. */
static void fields_trim(const char **s, size_t *n)
{
        while (*n && fields_one_of(**s, "\"'`([{<,;:"))
                (*s)++, (*n)--;
        while (*n && fields_one_of((*s)[*n - 1], "\"'`)]}>.,;:") && !ends_in_its_colon(*s, *n) && !closes_its_own(*s, *n) &&
               !is_cut(*s, *n))
                (*n)--;
}

/* From the last "User: arn:" to `end`, where that is near: people put names with blanks into ARNs. NULL: none. */
static const char *user_before(const char *text, const char *end)
{
        static const char user[] = "User: arn:";
        const char *s = end - text > USER_BYTES ? end - USER_BYTES : text, *found = NULL, *at;

        while ((at = memmem(s, (size_t)(end - s), user, sizeof user - 1)))
                found = s = at + strlen("User: ");
        return found;
}

const char *error_word_before(struct arena *a, const char *text, const char *end)
{
        const char *s = end, *user = user_before(text, end);
        size_t n;

        while (s > text && s[-1] == ' ')
                s--;
        if (s > text && fields_one_of(s[-1], ":,"))
                return NULL;
        if (user && user < s) {
                n = (size_t)(s - user);
                fields_trim(&user, &n);
                return piece(a, user, n);
        }
        for (end = s; s > text && s[-1] != ' ' && end - s <= FIELD_BYTES;)
                s--;
        n = (size_t)(end - s);
        fields_trim(&s, &n);
        return n ? piece(a, s, n) : NULL;
}

/* Does the blank behind n bytes stand in the name of a masked part, "<account id>"? */
static bool in_mask(const char *s, size_t n)
{
        const char *open = memrchr(s, '<', n);

        return open && s[n] == ' ' && !memchr(open, '>', (size_t)(s + n - open)) &&
               s + n - open < MASK_BYTES && memchr(s + n, '>', strnlen(s + n, MASK_BYTES));
}

/* "role NAME" and similar are one value. In JSON without blanks its quote ends it. */
static size_t value_length(const char *s)
{
        static const char *const types[] = { "role ", "user ", "group ", "policy ", "instance profile " };
        size_t n = 0;

        for (size_t i = 0; i < ARRAY_SIZE(types); i++)
                if (strncmp(s, types[i], strlen(types[i])) == 0)
                        n = strlen(types[i]);
        for (n += fields_span(s + n, " \""); in_mask(s, n) && n < FIELD_BYTES;)
                n += 1 + fields_span(s + n + 1, " \"");
        return n;
}

const char *error_value(struct arena *a, const char *s)
{
        size_t n;

        while (*s == ' ' || *s == ':')
                s++;
        n = fields_one_of(*s, "\"'`") ? fields_span(s + 1, *s == '`' ? "`'" : (char[]){ *s, '\0' }) + 1 : value_length(s);
        fields_trim(&s, &n);
        return n ? piece(a, s, n) : NULL;
}

const char *error_action(struct arena *a, const char *s)
{
        const char *start;
        size_t n;

        while (fields_one_of(*s, " :\"'`["))
                s++;
        start = s;
        while (isalnum((unsigned char)*s) || fields_one_of(*s, "-_"))
                s++;
        if (*s != ':' || s == start)
                return NULL;
        s++;
        /* A line that was wrapped behind the colon. */
        if (*s == ' ' && isupper((unsigned char)s[1]) && iam_service_known(start))
                return arena_printf(a, "%.*s%.*s", (int)(s - start), start, (int)strspn(s + 1, NAME_CHARS), s + 1);
        while (isalnum((unsigned char)*s) || fields_one_of(*s, "*-_"))
                s++;
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
        { "ECSManagedInstances", ACTOR_INFRASTRUCTURE },
        { "ECSFargateManagedInstances", ACTOR_INFRASTRUCTURE },
        { "ECSGateway", ACTOR_INFRASTRUCTURE },
        { "ECSExpress", ACTOR_INFRASTRUCTURE },
        { "botocore-session-", ACTOR_SDK },
        { "aws-go-sdk-", ACTOR_SDK },
        { "aws-sdk-js-", ACTOR_SDK },
        { "aws-sdk-java-", ACTOR_SDK },
        { "aws-sdk-php-", ACTOR_SDK },
        { "aws-dotnet-sdk-session-", ACTOR_SDK },
        { "assume-role-from-profile-", ACTOR_SDK },
        { "assume-role-provider-", ACTOR_SDK },
        { "web-identity-token-", ACTOR_SDK },
        { "token-file-web-identity", ACTOR_SDK },
        { "aws-common-runtime-", ACTOR_SDK },
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
        /* The SDK for Go v1 names a session by the time in nanoseconds. */
        if (strlen(e->session) == 19 && strspn(e->session, "0123456789") == 19)
                return ACTOR_SDK;
        for (size_t i = 0; i < ARRAY_SIZE(sessions); i++)
                if (strncmp(e->session, sessions[i].prefix, strlen(sessions[i].prefix)) == 0)
                        return sessions[i].actor;
        return ACTOR_SESSION;
}

static bool fields_start(struct span w, const char *with)
{
        return w.len >= strlen(with) && memcmp(w.s, with, strlen(with)) == 0;
}

static void read_session(struct arena *a, struct span rest, struct error_text *e)
{
        const char *name = rest.s + strlen("assumed-role/"), *slash = memchr(name, '/', rest.len - 13);

        e->role = slash ? arena_dupn(a, name, (size_t)(slash - name)) : arena_dup(a, name);
        e->session = slash ? arena_dup(a, slash + 1) : "";
        e->actor = e->role && e->session ? actor_of_session(e) : ACTOR_UNKNOWN;
        if (e->session && !*e->session)
                e->session = NULL;
}

void error_read_principal(struct arena *a, struct error_text *e)
{
        struct span p[ARN_PARTS];

        if (streq(e->principal, "anonymous")) {
                e->actor = ACTOR_ANONYMOUS;
                return;
        }
        if (arn_split(e->principal, strlen(e->principal), p) != ARN_PARTS || !fields_start(p[0], "arn"))
                return;
        if (p[4].len)
                e->account = arena_dupn(a, p[4].s, p[4].len);
        if (fields_start(p[5], "assumed-role/")) {
                read_session(a, p[5], e);
        } else if (fields_start(p[5], "user/")) {
                e->user = arn_name(e->principal);
                e->actor = ACTOR_USER;
        } else if (fields_start(p[5], "role/")) {
                e->role = arn_name(e->principal);
                e->actor = ACTOR_SESSION;
        } else if (fields_start(p[5], "federated-user/")) {
                e->actor = ACTOR_FEDERATED;
        } else if (fields_start(p[5], "root") && p[5].len == 4) {
                e->actor = ACTOR_ROOT;
        }
}

/* ---- ARNs ---- */

/* What somebody wrote in the place of a part: "<account>", "...", "${VAR}". */
static bool is_plain_part(struct span w)
{
        for (size_t i = 0; i < w.len; i++)
                if (fields_one_of(w.s[i], "<>{}$\"'\\ ") || (unsigned char)w.s[i] > 0x7e ||
                    (w.len - i >= 3 && memcmp(w.s + i, "...", 3) == 0))
                        return false;
        return true;
}

/* An account; "aws" for what AWS owns; none for services whose ARNs have none. Not what somebody masked. */
static bool is_owner(struct span w)
{
        return !w.len || is_account(w) || (w.len == 3 && memcmp(w.s, "aws", 3) == 0);
}

bool error_is_arn(const char *s)
{
        struct span p[ARN_PARTS];

        if (!s || arn_split(s, strlen(s), p) != ARN_PARTS || !fields_start(p[0], "arn") || p[0].len != 3 ||
            !fields_start(p[1], "aws") || !p[2].len || !p[5].len)
                return false;
        for (size_t i = 0; i < ARN_PARTS; i++)
                if (!is_plain_part(p[i]))
                        return false;
        return is_owner(p[4]) && !error_is_malformed(s);
}

bool error_is_malformed(const char *s)
{
        static const char *const ends[] = { ":role/", ":role/null", ":role/undefined", ":role/None" };
        size_t n = strlen(s);

        if (strncmp(s, "arn:", 4) != 0)
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
                if (n >= strlen(ends[i]) && streq(s + n - strlen(ends[i]), ends[i]))
                        return true;
        return strstr(s + 4, "arn:") != NULL;
}

/* Things of ECS that a text is about, and on which no call was denied. */
static bool is_subject(const char *arn)
{
        static const char *const kinds[] = { ":task/",    ":container-instance/", ":container/", ":cluster/",
                                             ":service/", ":targetgroup/",        ":policy/" };

        for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
                if (strstr(arn, kinds[i]))
                        return true;
        return false;
}

static bool is_caller(const char *arn, enum error_arns how)
{
        return how == ARNS_ROLE_ACTS || strstr(arn, ":assumed-role/") || strstr(arn, ":user/") ||
               strstr(arn, ":federated-user/");
}

void error_read_arns(struct arena *a, const char *text, enum error_arns how, struct error_text *e)
{
        size_t n = 0;

        if (how == ARNS_NONE)
                return;
        for (const char *s = strstr(text, "arn:aws"); s && n < ARNS_MAX; s = strstr(s + 1, "arn:aws"), n++) {
                const char *arn = error_value(a, s);

                if (!arn)
                        continue;
                if (is_caller(arn, how) && !e->principal) {
                        e->principal = arn;
                        error_read_principal(a, e);
                        if (how == ARNS_ROLE_ACTS)
                                return;
                } else if (!is_caller(arn, how) && !e->resource && !is_subject(arn)) {
                        e->resource = arn;
                }
        }
}
