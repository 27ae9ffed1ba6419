/* One condition of a statement against the context of a request. */
#include <strings.h>
#include "iam_internal.h"

/* One value of a policy against one of the request. */
static enum iam_tri one_pair(struct eval *e, const struct condition *c, const struct pattern *p, const char *value)
{
        struct comparison x = { .c = c, .value = span_of(value), .steps = e->steps };
        struct filled buf;
        enum iam_tri r = pattern_fill(e, p, &buf, &x.want);

        /* IAM user guide, policy variables: without a value a pattern matches nothing, and what negates it matches. */
        if (r == IAM_NO && c->negated && pattern_has_list(e, p))
                return maybe(e, IAM_WHY_VARIABLE, p->text);
        if (r != IAM_YES)
                return r;
        if (p->inexact)
                return maybe_value(e, c->key, p->text, IAM_OF_POLICY);
        r = value_compare(&x);
        if (r == IAM_YES && buf.empty)
                return maybe_ruling(e, IAM_RULING_EMPTY_VALUE);
        if (r != IAM_MAYBE)
                return r;
        return *e->steps ? maybe_value(e, c->key, x.bad == IAM_OF_POLICY ? p->text : value, x.bad) : maybe_size(e);
}

#define PAIR_STEPS 16                  /* of comparing any two values, beside their length */

/* Does a value of the request match any of the policy's? */
static enum iam_tri one_value(struct eval *e, const struct condition *c, const char *value)
{
        enum iam_tri any = IAM_NO;

        for (size_t i = 0; i < c->n_values && any != IAM_YES; i++) {
                if (!steps_take(e->steps, PAIR_STEPS))
                        return maybe_size(e);
                any = tri_or(any, one_pair(e, c, &c->values[i], value));
        }
        return c->negated ? tri_not(any) : any;
}

/* IAM user guide, multivalued context keys: ForAllValues also holds where the value is an empty string. */
static bool is_empty_set(const struct iam_key *k)
{
        return k->n == 0 || (k->n == 1 && !*k->values[0]);
}

static enum iam_tri condition_known(struct eval *e, const struct condition *c, const struct iam_key *k)
{
        enum iam_tri r = c->quantifier == Q_ALL ? IAM_YES : IAM_NO;

        if (c->quantifier == Q_NONE) {
                if (k->n != 1)
                        return IAM_NO;
                if (c->multivalued)
                        return maybe_ruling(e, IAM_RULING_LIST_OF_ONE);
                return one_value(e, c, k->values[0]);
        }
        if (c->quantifier == Q_ALL && is_empty_set(k))
                return IAM_YES;
        for (size_t i = 0; i < k->n && r != (c->quantifier == Q_ALL ? IAM_NO : IAM_YES); i++) {
                enum iam_tri v = one_value(e, c, k->values[i]);

                r = c->quantifier == Q_ALL ? tri_and(r, v) : tri_or(r, v);
        }
        if (c->quantifier == Q_ANY && r == IAM_YES && is_empty_set(k))
                return maybe_ruling(e, IAM_RULING_EMPTY_VALUE);
        return r;
}

static enum iam_tri condition_absent(struct eval *e, const struct condition *c)
{
        if (c->if_exists && c->quantifier == Q_ANY)
                return maybe_ruling(e, IAM_RULING_ANY_IF_EXISTS);
        if (c->if_exists || c->quantifier == Q_ALL)
                return IAM_YES;
        if (c->quantifier == Q_ANY)
                return IAM_NO;
        return tri(c->negated);
}

/* Null: "true" asks that the key is absent. */
static enum iam_tri null_match(struct eval *e, const struct condition *c, const struct iam_key *k)
{
        enum iam_tri r = IAM_NO;

        if (k->presence == IAM_KEY_UNKNOWN)
                return maybe(e, IAM_WHY_KEY, c->key);
        for (size_t i = 0; i < c->n_values; i++) {
                const char *want = c->values[i].text;

                if (strcasecmp(want, "true") != 0 && strcasecmp(want, "false") != 0)
                        r = tri_or(r, maybe_value(e, c->key, want, IAM_OF_POLICY));
                else if (k->presence == IAM_KEY_KNOWN && is_empty_set(k))
                        r = tri_or(r, maybe_ruling(e, IAM_RULING_EMPTY_VALUE));
                else if ((strcasecmp(want, "true") == 0) == (k->presence == IAM_KEY_ABSENT))
                        r = IAM_YES;
        }
        return r;
}

static enum iam_tri key_match(struct eval *e, const struct condition *c, const struct iam_key *k)
{
        switch (k->presence) {
        case IAM_KEY_KNOWN:
                return condition_known(e, c, k);
        case IAM_KEY_ABSENT:
                return condition_absent(e, c);
        case IAM_KEY_HIDDEN:
        case IAM_KEY_UNKNOWN:
                break;
        }
        return maybe(e, IAM_WHY_KEY, c->key);
}

enum iam_tri condition_match(struct eval *e, const struct condition *c)
{
        struct iam_key k = context_get(e, c->key);
        enum iam_tri r;

        if (c->operator_type == F_UNKNOWN)
                return maybe(e, IAM_WHY_OPERATOR, c->name);
        if (c->operator_type == F_NULL)
                return null_match(e, c, &k);
        r = key_match(e, c, &k);
        /* With IfExists and ForAllValues, all sources agree about a missing key. */
        if (r == IAM_YES && c->n_values == 0 && c->negated &&
            !(k.presence == IAM_KEY_ABSENT && (c->if_exists || c->quantifier == Q_ALL)))
                return maybe_ruling(e, IAM_RULING_EMPTY_LIST);
        return r;
}
