/* One condition of a statement against the context of a request. */
#include <strings.h>
#include "room.h"

/* Does a value of the request match any of the policy's? */
static enum iam_tri any_value(struct eval *e, const struct condition *c, const char *value)
{
        char buf[PATTERN_MAX];
        enum iam_tri all = IAM_NO;

        for (size_t i = 0; i < c->n_values && all != IAM_YES; i++) {
                struct words want;
                enum iam_tri r = pattern_fill(e, &c->values[i], buf, &want);

                /* Sources conflict on a variable that is absent, where its match would be negated. */
                if (r == IAM_NO && c->negated)
                        r = maybe(e, IAM_WHY_VARIABLE, c->values[i].text);
                else if (r == IAM_YES) {
                        r = value_compare(c, value, want.s, want.len);
                        if (r == IAM_MAYBE)
                                maybe(e, IAM_WHY_VALUE, c->values[i].text);
                }
                all = tri_or(all, r);
        }
        return all;
}

static enum iam_tri one_value(struct eval *e, const struct condition *c, const char *value)
{
        enum iam_tri r = any_value(e, c, value);

        return c->negated ? tri_not(r) : r;
}

static enum iam_tri known(struct eval *e, const struct condition *c, const struct iam_key *k)
{
        enum iam_tri r = c->quantifier == Q_ALL ? IAM_YES : IAM_NO;

        if (c->quantifier == Q_NONE)
                return k->multi || k->n != 1 ? IAM_NO : one_value(e, c, k->values[0]);
        for (size_t i = 0; i < k->n; i++) {
                enum iam_tri v = one_value(e, c, k->values[i]);

                r = c->quantifier == Q_ALL ? tri_and(r, v) : tri_or(r, v);
        }
        return r;
}

static enum iam_tri absent(struct eval *e, const struct condition *c)
{
        /* "Some value of it" of a key that may be missing: sources conflict. */
        if (c->if_exists && c->quantifier == Q_ANY)
                return maybe(e, IAM_WHY_RULE, c->name);
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
                        r = tri_or(r, maybe(e, IAM_WHY_VALUE, want));
                else if ((strcasecmp(want, "true") == 0) == (k->presence == IAM_KEY_ABSENT))
                        r = IAM_YES;
        }
        return r;
}

enum iam_tri condition_match(struct eval *e, const struct condition *c)
{
        struct iam_key k = context_get(e->rq, c->key);

        if (c->family == F_UNKNOWN)
                return maybe(e, IAM_WHY_OPERATOR, c->name);
        if (c->family == F_NULL)
                return null_match(e, c, &k);
        switch (k.presence) {
        case IAM_KEY_KNOWN:
                return known(e, c, &k);
        case IAM_KEY_ABSENT:
                return absent(e, c);
        case IAM_KEY_HIDDEN:
        case IAM_KEY_UNKNOWN:
                break;
        }
        return maybe(e, IAM_WHY_KEY, c->key);
}
