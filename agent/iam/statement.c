/* A statement against a request: action, resource, conditions. */
#include <stdio.h>
#include "iam_internal.h"

/* ---- actions ---- */

/* The service must be literal; entries with blanks or commas are stored and match nothing. */
static enum iam_tri action_entry(struct eval *e, const struct pattern *p)
{
        enum iam_tri r;

        switch (p->form) {
        case FORM_ALL:
                return IAM_YES;
        case FORM_NEVER:
                return IAM_NO;
        case FORM_UNSTORABLE:
                return maybe(e, IAM_WHY_ACTION, p->text);
        case FORM_LITERAL:
                return tri(span_equal((struct span){ p->glob.s, p->glob.len }, e->action));
        case FORM_PLAIN:
                break;
        }
        if (p->glob.s[0] != e->action.s[0])
                return IAM_NO;
        r = glob_match(&p->glob, e->action, AS_WRITTEN, e->steps);
        return r == IAM_MAYBE ? maybe_size(e) : r;
}

static enum iam_tri action_match(struct eval *e, const struct statement *s)
{
        enum iam_tri any = IAM_NO;

        for (size_t i = 0; i < s->n_actions && any != IAM_YES; i++)
                any = tri_or(any, action_entry(e, &s->actions[i]));
        return s->not_action ? tri_not(any) : any;
}

/* ---- resources ---- */

/* What one entry comes to; ODD is a NO that NotResource does not turn round for certain. */
enum entry { ENTRY_NO, ENTRY_UNDECIDED_NO, ENTRY_MAYBE, ENTRY_YES };

/* One resource of a statement against that of the request. */
struct candidate {
        struct eval *e;
        enum iam_layer layer;
        const struct statement *s;
        const struct pattern *text;
        struct glob parts[ARN_PARTS];  /* of the ARN, filled in */
        size_t n;                      /* how many of them there are */
};

static enum entry entry_maybe(const struct candidate *x, enum iam_reason reason)
{
        maybe(x->e, reason, x->text->text);
        return ENTRY_MAYBE;
}

static bool is_run(const struct glob *g) { return g->len == 1 && glob_is_all(g); }

/* Missing parts of a short ARN count as "*" where a layer's policies may hold one at all. */
static enum entry short_arn(struct candidate *x)
{
        static const unsigned char run = SIGN_RUN;
        bool any = false;

        for (size_t i = 0; i < x->n; i++)
                any = any || is_run(&x->parts[i]);
        if (x->layer == IAM_RCP || (x->layer == IAM_SCP && !is_run(&x->parts[x->n - 1])))
                return entry_maybe(x, IAM_WHY_PATTERN);
        if ((x->layer == IAM_RESOURCE || x->layer == IAM_ENDPOINT) && !any)
                return ENTRY_UNDECIDED_NO;
        for (size_t i = x->n; i < ARN_PARTS; i++)
                x->parts[i] = (struct glob){ "*", &run, 1 };
        return ENTRY_YES;
}

/* Bytes of the last part up to its first '/' or ':': where resources are typed, their type. 0: it has none. */
static size_t type_len(const struct glob *parts)
{
        const struct glob *rest = &parts[5];

        if (!parts[3].len && !parts[4].len)
                return 0;              /* S3, where names begin at once */
        for (size_t i = 0; i < rest->len; i++)
                if (rest->s[i] == '/' || rest->s[i] == ':')
                        return i;
        return 0;
}

/* IAM user guide, IAM identifiers: the type of a resource takes no wildcard. What one matches is not documented. */
static bool is_type_wild(const struct eval *e, const struct glob *parts)
{
        const struct glob type = { parts[5].s, parts[5].signs, type_len(parts) };

        return resource_is_typed(e) && glob_is_wild(&type);
}

static bool is_arn(const struct glob *parts) { return parts[0].len == 3 && memcmp(parts[0].s, "arn", 3) == 0; }

static enum entry parts_match(struct candidate *x)
{
        struct eval *e = x->e;
        enum iam_tri all = IAM_YES;

        for (size_t i = 1; i < ARN_PARTS && all != IAM_NO; i++) {
                enum letter_case letters = i < ARN_PARTS - 1 ? EITHER_CASE : AS_WRITTEN;
                enum iam_tri r = glob_match(&x->parts[i], e->arn[i], letters, e->steps);

                if (r == IAM_NO && x->n < ARN_PARTS && i >= 3 && i < ARN_PARTS - 1)
                        return ENTRY_UNDECIDED_NO;
                all = tri_and(all, r);
        }
        if (all == IAM_MAYBE)
                maybe_size(e);
        return all == IAM_NO ? ENTRY_NO : all == IAM_MAYBE ? ENTRY_MAYBE : ENTRY_YES;
}

static enum entry arn_match(struct candidate *x)
{
        enum entry r = ENTRY_YES;

        if (x->n < 3 || !is_arn(x->parts))
                return entry_maybe(x, IAM_WHY_PATTERN);
        if (x->n < ARN_PARTS)
                r = short_arn(x);
        if (r == ENTRY_YES)
                r = parts_match(x);
        if (r == ENTRY_YES && (is_type_wild(x->e, x->parts) || (glob_is_wild(&x->parts[2]) && x->s->allow)))
                return entry_maybe(x, IAM_WHY_PATTERN);
        return r;
}

/* Variables before the last part of an ARN, or in a resource type, are not for certain. */
static bool is_variable_early(const struct eval *e, const struct pattern *p)
{
        const unsigned char *first = p->glob.signs ? memchr(p->glob.signs, SIGN_VARIABLE, p->glob.len) : NULL;

        if (!first || p->n_parts < ARN_PARTS)
                return first != NULL;
        if (first < p->parts[5].signs)
                return true;
        return resource_is_typed(e) && (size_t)(first - p->parts[5].signs) < type_len(p->parts);
}

#define LOG_STREAMS ":log-stream:"
#define LOG_NAME_MAX 1024

/* A log group by both of its names. */
static enum entry log_group_match(struct candidate *x)
{
        const struct span group = x->e->arn[5];
        const struct glob parts[ARN_PARTS] = { x->parts[0], x->parts[1], x->parts[2], x->parts[3], x->parts[4], x->parts[5] };
        enum entry by_name = arn_match(x), by_streams;
        char streams[LOG_NAME_MAX];
        int n = snprintf(streams, sizeof streams, "%.*s" LOG_STREAMS, (int)group.len, group.s);

        if (n < 0 || (size_t)n >= sizeof streams)
                return entry_maybe(x, IAM_WHY_SIZE);
        memcpy(x->parts, parts, sizeof parts);
        x->e->arn[5] = (struct span){ streams, (size_t)n };
        by_streams = arn_match(x);
        x->e->arn[5] = group;
        if (by_name == by_streams)
                return by_name;
        maybe_ruling(x->e, IAM_RULING_LOG_GROUP);
        return ENTRY_MAYBE;
}

/* "key/" and "*", or "*": every key. */
static bool is_every_key(const struct glob *rest)
{
        const size_t n = strlen("key/");
        const struct glob behind = { rest->s + n, rest->signs ? rest->signs + n : NULL, rest->len > n ? rest->len - n : 0 };

        return glob_is_all(rest) || (behind.len && memcmp(rest->s, "key/", n) == 0 && glob_is_all(&behind));
}

/* A KMS alias stands for a key: which one is not known. */
static enum entry alias_match(struct candidate *x)
{
        static const unsigned char run = SIGN_RUN;
        bool every = x->n == ARN_PARTS && is_every_key(&x->parts[5]);
        enum entry r;

        if (x->n == ARN_PARTS)
                x->parts[5] = (struct glob){ "*", &run, 1 };
        r = arn_match(x);
        if (r != ENTRY_YES || every)
                return r;
        maybe_ruling(x->e, IAM_RULING_KEY_ALIAS);
        return ENTRY_MAYBE;
}

/* By itself: few resources have another name, and most statements should not pay for its room. */
__attribute__((noinline))
static enum entry other_name_match(struct candidate *x)
{
        switch (x->e->other_name) {
        case NAME_LOG_STREAMS:
                return log_group_match(x);
        case NAME_KEY:
                return alias_match(x);
        case NAME_NONE:
                break;
        }
        return ENTRY_NO;
}

bool arn_is_plain(const struct eval *e, const struct pattern *text, const struct glob *filled,
                  const struct statement *of)
{
        struct glob parts[ARN_PARTS];

        return glob_split(filled, parts) == ARN_PARTS && is_arn(parts) && !is_variable_early(e, text) &&
               !is_type_wild(e, parts) && !(glob_is_wild(&parts[2]) && of->allow);
}

/* "arn:aws:s3:::*" */
static bool is_all_of_s3(const struct pattern *p)
{
        return p->n_parts == ARN_PARTS && is_arn(p->parts) && p->parts[2].len == 2 &&
               memcmp(p->parts[2].s, "s3", 2) == 0 && glob_is_all(&p->parts[5]);
}

/* The request is for "*": an action without resource types, which only "*" means. */
static enum entry whole_entry(const struct candidate *x)
{
        if (!span_is(x->e->service, "s3") || !is_all_of_s3(x->text))
                return ENTRY_NO;
        maybe_ruling(x->e, IAM_RULING_ALL_OF_S3);
        return ENTRY_MAYBE;
}

/* Most patterns are of other resources, which their first bytes tell. */
static bool is_other_resource(const struct eval *e, const struct pattern *text)
{
        return e->by_text && text->n_parts == ARN_PARTS && !text->n_variables && text->parts[0].len == 3 &&
               (text->literal > e->arn[5].len || memcmp(text->parts[5].s, e->arn[5].s, text->literal) != 0);
}

static enum entry resource_entry(struct candidate *x)
{
        const struct pattern *text = x->text;
        struct filled buf;
        struct glob filled;
        enum entry found;
        enum iam_tri r;

        if (text->form == FORM_ALL)
                return ENTRY_YES;
        if (x->e->n_arn == 0)
                return streq(x->e->rq->resource, "*") ? whole_entry(x) : entry_maybe(x, IAM_WHY_PATTERN);
        if (is_other_resource(x->e, text))
                return ENTRY_NO;
        r = pattern_fill(x->e, text, &buf, &filled);
        if (r != IAM_YES)
                return r == IAM_NO ? ENTRY_UNDECIDED_NO : ENTRY_MAYBE;
        if (text->n_variables && is_variable_early(x->e, text))
                return entry_maybe(x, IAM_WHY_VARIABLE);
        x->n = text->n_variables ? glob_split(&filled, x->parts) : text->n_parts;
        if (!text->n_variables)
                memcpy(x->parts, text->parts, sizeof x->parts);
        found = x->e->other_name ? other_name_match(x) : arn_match(x);
        if (!buf.empty || found == ENTRY_MAYBE)
                return found;
        if (found != ENTRY_YES)
                return ENTRY_UNDECIDED_NO;
        maybe_ruling(x->e, IAM_RULING_EMPTY_VALUE);
        return ENTRY_MAYBE;
}

static enum iam_tri resource_match(struct eval *e, const struct iam_policy *p,
                                   const struct statement *s)
{
        enum entry most = ENTRY_NO;

        if (s->any_resource)
                return IAM_YES;
        for (size_t i = 0; i < s->n_resources && most != ENTRY_YES; i++) {
                struct candidate x = { .e = e, .layer = p->layer, .s = s, .text = &s->resources[i] };
                enum entry r = resource_entry(&x);

                most = r > most ? r : most;
        }
        switch (most) {
        case ENTRY_NO:
                return tri(s->not_resource);
        case ENTRY_UNDECIDED_NO:
                return s->not_resource ? maybe(e, IAM_WHY_PATTERN, s->resources[0].text) : IAM_NO;
        case ENTRY_MAYBE:
                return IAM_MAYBE;
        case ENTRY_YES:
                break;
        }
        return tri(!s->not_resource);
}

/* Does the text end, where the literal part of a pattern ends, in other bytes? */
static bool is_disjoint(const struct span *rest, size_t literal, uint64_t tail)
{
        uint64_t there;

        if (literal > rest->len)
                return true;
        memcpy(&there, rest->s + literal - sizeof there, sizeof there);
        return there != tail;
}

/* Most statements of most roles: eight bytes of each resource tell that it is another one. */
static bool elsewhere(const struct eval *e, const struct statement *s)
{
        if (!e->by_text)
                return false;
        if (s->tail)
                return is_disjoint(&e->arn[5], s->literal, s->tail);
        if (s->not_resource || s->any_resource || !s->n_resources)
                return false;
        for (size_t i = 0; i < s->n_resources; i++) {
                const struct pattern *p = &s->resources[i];

                if (!p->tail || !is_disjoint(&e->arn[5], p->literal, p->tail))
                        return false;
        }
        return true;
}

/* By itself: what it saves on the stack would cost most statements more than their answer. */
__attribute__((noinline))
static enum iam_tri whole_match(struct eval *e, const struct iam_policy *p, const struct statement *s)
{
        enum iam_tri all;

        e->in_deny = !s->allow;
        all = action_match(e, s);
        if (all != IAM_NO)
                all = tri_and(all, resource_match(e, p, s));
        for (size_t i = 0; i < s->n_conditions && all != IAM_NO; i++)
                all = tri_and(all, condition_match(e, &s->conditions[i]));
        return all;
}

enum iam_tri statement_match(struct eval *e, const struct iam_policy *p, const struct statement *s)
{
        return elsewhere(e, s) ? IAM_NO : whole_match(e, p, s);
}
