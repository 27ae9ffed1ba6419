/* A statement against a request: action, resource, conditions. */
#include <ctype.h>
#include "room.h"

/* ---- actions ---- */

/* The service must be literal; entries with blanks or commas are stored and match nothing. */
static enum iam_tri action_entry(struct eval *e, const struct pattern *p)
{
        switch (p->form) {
        case FORM_ALL:
                return IAM_YES;
        case FORM_NEVER:
                return IAM_NO;
        case FORM_ODD:
                return maybe(e, IAM_WHY_ACTION, p->text);
        case FORM_LITERAL:
                return tri(p->len == e->action.len && memcmp(p->s, e->action.s, p->len) == 0);
        case FORM_PLAIN:
                break;
        }
        return tri(p->s[0] == e->action.s[0] &&
                   glob_match(p->s, p->len, e->action.s, e->action.len, false));
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
enum entry { ENTRY_NO, ENTRY_ODD, ENTRY_MAYBE, ENTRY_YES };

static bool wild(struct words w)
{
        return memchr(w.s, ANY_RUN, w.len) || memchr(w.s, ANY_ONE, w.len);
}

/* Missing parts of a short ARN count as "*" where a layer's policies may hold one at all. */
static enum entry short_arn(struct eval *e, enum iam_layer layer, const struct pattern *p,
                            struct words *parts, size_t n)
{
        bool last = parts[n - 1].len == 1 && *parts[n - 1].s == ANY_RUN, any = false;
        static const char run = ANY_RUN;

        for (size_t i = 0; i < n; i++)
                any = any || (parts[i].len == 1 && *parts[i].s == ANY_RUN);
        if (layer == IAM_RCP || (layer == IAM_SCP && !last)) {
                maybe(e, IAM_WHY_PATTERN, p->text);
                return ENTRY_MAYBE;
        }
        if ((layer == IAM_RESOURCE || layer == IAM_ENDPOINT) && !any)
                return ENTRY_ODD;
        for (size_t i = n; i < ARN_PARTS; i++)
                parts[i] = (struct words){ &run, 1 };
        return ENTRY_YES;
}

/* The type of a resource, up to the first '/' or ':' of the last part, takes no wildcard; S3 has none. */
static bool odd_product(const struct words *parts)
{
        const char *rest = parts[5].s;

        if (!parts[3].len && !parts[4].len)
                return false;
        for (size_t i = 0; i < parts[5].len; i++) {
                if (rest[i] == '/' || rest[i] == ':')
                        return wild((struct words){ rest, i });
        }
        return false;
}

bool arn_is_plain(struct words s, const struct statement *of)
{
        struct words parts[ARN_PARTS];

        return arn_split(s.s, s.len, parts) == ARN_PARTS && parts[0].len == 3 && memcmp(parts[0].s, "arn", 3) == 0 &&
               !odd_product(parts) && !(wild(parts[2]) && of->allow);
}

static enum entry arn_match(struct eval *e, const struct iam_policy *p, const struct statement *s,
                            const struct pattern *text, struct words filled)
{
        struct words parts[ARN_PARTS];
        size_t n = text->n_parts;
        enum entry r = ENTRY_YES;
        bool shortened;

        if (text->n_variables)
                n = arn_split(filled.s, filled.len, parts);
        else
                memcpy(parts, text->parts, sizeof parts);
        shortened = n < ARN_PARTS;
        if (n < 3 || parts[0].len != 3 || memcmp(parts[0].s, "arn", 3) != 0) {
                maybe(e, IAM_WHY_PATTERN, text->text);
                return ENTRY_MAYBE;
        }
        if (shortened)
                r = short_arn(e, p->layer, text, parts, n);
        if (r != ENTRY_YES)
                return r;
        for (size_t i = 1; i < ARN_PARTS - 1; i++)
                if (!glob_match(parts[i].s, parts[i].len, e->arn[i].s, e->arn[i].len, true))
                        return shortened && i >= 3 ? ENTRY_ODD : ENTRY_NO;
        if (!glob_match(parts[5].s, parts[5].len, e->arn[5].s, e->arn[5].len, false))
                return ENTRY_NO;
        if (odd_product(parts) || (wild(parts[2]) && s->allow)) {
                maybe(e, IAM_WHY_PATTERN, text->text);
                return ENTRY_MAYBE;
        }
        return ENTRY_YES;
}

/* Variables before the last part of an ARN, or in a resource type, are not for certain. */
static bool odd_variables(const struct pattern *p)
{
        struct words parts[ARN_PARTS];
        size_t n = arn_split(p->s, p->len, parts);
        const char *first = memchr(p->s, VARIABLE, p->len), *rest;

        if (!first || n < ARN_PARTS)
                return first != NULL;
        rest = parts[5].s;
        if (first < rest)
                return true;
        if (!parts[3].len && !parts[4].len)
                return false;
        for (size_t i = 0; i < parts[5].len; i++)
                if (rest[i] == '/' || rest[i] == ':')
                        return first < rest + i;
        return false;
}

static enum entry resource_entry(struct eval *e, const struct iam_policy *p,
                                 const struct statement *s, const struct pattern *text)
{
        char buf[PATTERN_MAX];
        struct words filled;
        enum iam_tri r;

        if (text->form == FORM_ALL)
                return ENTRY_YES;
        if (e->n_arn == 0 && streq(e->rq->resource, "*"))
                return ENTRY_NO;        /* an action without resource types: only "*" is meant */
        if (e->n_arn == 0) {
                maybe(e, IAM_WHY_PATTERN, text->text);
                return ENTRY_MAYBE;
        }
        if (text->n_parts == ARN_PARTS &&
            (text->literal > e->arn[5].len ||
             memcmp(text->parts[5].s, e->arn[5].s, text->literal) != 0) &&
            text->parts[0].len == 3 && !text->n_variables)
                return ENTRY_NO;
        r = pattern_fill(e, text, buf, &filled);
        if (r != IAM_YES)
                return r == IAM_NO ? ENTRY_ODD : ENTRY_MAYBE;
        if (text->n_variables && odd_variables(text)) {
                maybe(e, IAM_WHY_VARIABLE, text->text);
                return ENTRY_MAYBE;
        }
        return arn_match(e, p, s, text, filled);
}

static enum iam_tri resource_match(struct eval *e, const struct iam_policy *p,
                                   const struct statement *s)
{
        enum entry most = ENTRY_NO;

        if (s->any_resource)
                return IAM_YES;
        for (size_t i = 0; i < s->n_resources && most != ENTRY_YES; i++) {
                enum entry r = resource_entry(e, p, s, &s->resources[i]);

                most = r > most ? r : most;
        }
        switch (most) {
        case ENTRY_NO:
                return tri(s->not_resource);
        case ENTRY_ODD:
                return s->not_resource ? maybe(e, IAM_WHY_PATTERN, s->resources[0].text) : IAM_NO;
        case ENTRY_MAYBE:
                return IAM_MAYBE;
        case ENTRY_YES:
                break;
        }
        return tri(!s->not_resource);
}

/* Most statements of most roles: eight bytes of each resource tell that it is another one. */
static bool elsewhere(const struct eval *e, const struct statement *s)
{
        const struct words *rest = &e->arn[5];

        if (s->not_resource || s->any_resource || !e->n_arn || !s->n_resources)
                return false;
        for (size_t i = 0; i < s->n_resources; i++) {
                const struct pattern *p = &s->resources[i];
                uint64_t there;

                if (!p->tail)
                        return false;
                if (p->literal > rest->len)
                        continue;
                memcpy(&there, rest->s + p->literal - sizeof there, sizeof there);
                if (there == p->tail)
                        return false;
        }
        return true;
}

enum iam_tri statement_match(struct eval *e, const struct iam_policy *p, const struct statement *s)
{
        enum iam_tri all;

        if (elsewhere(e, s))
                return IAM_NO;
        all = action_match(e, s);
        if (all != IAM_NO)
                all = tri_and(all, resource_match(e, p, s));
        for (size_t i = 0; i < s->n_conditions && all != IAM_NO; i++)
                all = tri_and(all, condition_match(e, &s->conditions[i]));
        return all;
}
