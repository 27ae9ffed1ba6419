/*
 * Needs with wildcards: is all of it allowed? A need is a set of resources, and
 * so are the patterns of a policy.
 */
#include "automaton.h"

/* What the Allow statements of one layer cover, and what its Deny statements touch. */
struct cover {
        struct eval *e;
        struct iam_decision *d;        /* Deny statements that apply are noted here */
        const struct automaton *need;
        struct automaton *patterns;    /* COVER_MAX */
        const struct automaton *list[COVER_MAX];       /* of all patterns, in their order */
        size_t n_patterns;
        struct set sets[COVER_MAX];
        bool sure[COVER_MAX];          /* of the sets: the statement applies for certain */
        size_t n_sets;
        bool all_sure, all_perhaps;
        enum iam_tri denied;
};

static enum iam_tri cover_run(struct cover *c, const struct set *sets, size_t n)
{
        enum iam_tri r = sets_cover(c->need, sets, n, c->e->steps);

        return r == IAM_MAYBE ? maybe_size(c->e) : r;
}

/* ---- patterns ---- */

enum added { ADDED, DISJOINT /* it holds nothing of the need */, UNDECIDED /* not in a form that can be decided here */ };

static enum added pattern_add(struct cover *c, const struct pattern *p, const struct statement *s)
{
        struct filled buf;
        struct glob filled;
        enum iam_tri r;
        bool disjoint;

        r = pattern_fill(c->e, p, &buf, &filled);
        if (r == IAM_NO && !s->not_resource)
                return DISJOINT;          /* a variable without a value matches nothing */
        if (r == IAM_NO)
                maybe(c->e, IAM_WHY_VARIABLE, p->text);
        if (r != IAM_YES)
                return UNDECIDED;
        disjoint = automaton_is_disjoint(c->need, &filled);
        if (p->form != FORM_ALL && !arn_is_plain(c->e, p, &filled, s)) {
                /* As for one resource: an ARN of something else is that in any form, but not for certain to NotResource. */
                if (disjoint && p->n_parts >= 3 && !p->n_variables && strncmp(p->text, "arn:", 4) == 0 && !s->not_resource)
                        return DISJOINT;
                maybe(c->e, IAM_WHY_PATTERN, p->text);
                return UNDECIDED;
        }
        if (buf.empty && !(disjoint && !s->not_resource)) {
                maybe_ruling(c->e, IAM_RULING_EMPTY_VALUE);
                return UNDECIDED;
        }
        if (disjoint)
                return DISJOINT;
        if (c->n_patterns == COVER_MAX || !automaton_make(&filled, &c->patterns[c->n_patterns])) {
                maybe(c->e, IAM_WHY_SIZE, p->text);
                return UNDECIDED;
        }
        c->list[c->n_patterns] = &c->patterns[c->n_patterns];
        c->n_patterns++;
        return ADDED;
}

static struct set last_set(const struct cover *c, size_t from, bool rest)
{
        return (struct set){ c->list + from, c->n_patterns - from, rest };
}

/* ---- Allow ---- */

static void set_add(struct cover *c, size_t from, bool rest, enum iam_tri how)
{
        if (c->n_sets == COVER_MAX) {
                maybe_size(c->e);
                c->all_perhaps = true;
                return;
        }
        c->sure[c->n_sets] = how == IAM_YES;
        c->sets[c->n_sets++] = last_set(c, from, rest);
}

static void allow(struct cover *c, const struct statement *s, enum iam_tri how)
{
        size_t from = c->n_patterns;
        bool whole = true;

        if (s->any_resource) {
                c->all_sure = c->all_sure || how == IAM_YES;
                c->all_perhaps = true;
                return;
        }
        for (size_t i = 0; i < s->n_resources; i++) {
                size_t at = c->n_patterns;
                enum added added = pattern_add(c, &s->resources[i], s);

                whole = whole && added != UNDECIDED;
                if (added == ADDED && !s->not_resource)
                        set_add(c, at, false, how);
        }
        c->all_perhaps = c->all_perhaps || !whole;
        if (s->not_resource && whole)
                set_add(c, from, true, how);
}

/* ---- Deny ---- */

static void containment_deny(struct cover *c, const struct iam_policy *p, const struct statement *s, enum iam_tri how)
{
        enum iam_tri touched = tri(s->any_resource || s->not_resource);
        size_t from = c->n_patterns;
        bool whole = true;

        for (size_t i = 0; i < s->n_resources; i++) {
                size_t at = c->n_patterns;
                enum added added = pattern_add(c, &s->resources[i], s);

                whole = whole && added != UNDECIDED;
                if (s->not_resource || added == DISJOINT)
                        continue;
                if (added == ADDED) {
                        const struct set rest = last_set(c, at, true);

                        touched = tri_or(touched, tri_not(cover_run(c, &rest, 1)));
                } else {
                        touched = tri_or(touched, IAM_MAYBE);
                }
        }
        if (s->not_resource) {
                const struct set spared = last_set(c, from, false);

                touched = tri_not(cover_run(c, &spared, 1));
                /* What could not be read may spare more. */
                touched = whole || touched == IAM_NO ? touched : IAM_MAYBE;
        }
        c->n_patterns = from;
        how = tri_and(touched, how);
        if (how == IAM_YES && c->d->n_by < IAM_BY_MAX)
                c->d->by[c->d->n_by++] = (struct iam_by){ p->layer, p->name, s->sid, s->index, false };
        c->denied = tri_or(c->denied, how);
}

/* ---- a layer ---- */

/* Action and conditions, as for one resource. */
static enum iam_tri applies(struct eval *e, const struct iam_policy *p, const struct statement *s)
{
        struct statement any = *s;

        any.any_resource = true;
        any.tail = 0;
        return statement_match(e, p, &any);
}

static void layer_cover(struct cover *c, const struct iam_list *l)
{
        for (size_t i = 0; i < l->n; i++) {
                const struct iam_policy *p = l->list[i];

                if (p->error) {
                        maybe(c->e, IAM_WHY_DOCUMENT, p->reason_subject);
                        c->all_perhaps = true;
                        c->denied = tri_or(c->denied, IAM_MAYBE);
                }
                for (size_t k = 0; k < p->n_statements && !p->error; k++) {
                        const struct statement *s = &p->statements[k];
                        size_t before = c->e->reasons->n;
                        enum iam_tri how = applies(c->e, p, s);

                        if (how == IAM_NO)
                                reasons_drop(c->e, before, OF_ALL);
                        else if (s->allow)
                                allow(c, s, how);
                        else
                                containment_deny(c, p, s, how);
                }
        }
}

/* YES: all of the need is covered; NO: some of it is not, whatever is not known turns out to be. */
static enum iam_tri covered(struct cover *c)
{
        struct set sure[COVER_MAX];
        size_t n = 0;

        if (c->all_sure)
                return IAM_YES;
        /* Most needs lie in one pattern, which is told at once. */
        for (size_t i = 0; i < c->n_sets; i++) {
                if (!c->sure[i])
                        continue;
                sure[n++] = c->sets[i];
                if (sets_cover(c->need, &c->sets[i], 1, c->e->steps) == IAM_YES)
                        return IAM_YES;
        }
        if (n > 1 && cover_run(c, sure, n) == IAM_YES)
                return IAM_YES;
        if (c->all_perhaps)
                return IAM_MAYBE;
        return cover_run(c, c->sets, c->n_sets) == IAM_NO ? IAM_NO : IAM_MAYBE;
}

/* What a layer says of the need. */
struct containment { struct eval *e; struct iam_decision *d; const struct automaton *need; };

static struct layer layer_decide(const struct containment *x, const struct iam_list *l, enum iam_layer layer)
{
        struct eval *e = x->e;
        CLEANUP(freep) struct automaton *patterns = calloc(COVER_MAX, sizeof *patterns);
        struct cover c = { .e = e, .d = x->d, .need = x->need, .patterns = patterns };
        size_t before = e->reasons->n;
        enum iam_tri r;

        if (!patterns || l->not_visible) {
                maybe(e, l->not_visible ? IAM_WHY_LAYER : IAM_WHY_SIZE, iam_layer_to_string(layer));
                return (struct layer){ IAM_MAYBE, IAM_MAYBE };
        }
        layer_cover(&c, l);
        r = covered(&c);
        if (r == IAM_YES)
                reasons_drop(e, before, OF_ALLOW);
        e->in_deny = false;
        /* "*" is also how actions without resource types are written: part of it may be all of it. */
        if (r == IAM_NO && x->need->n == 1 && c.n_sets > 0)
                r = maybe_ruling(e, IAM_RULING_WHOLE_NEED);
        if (r == IAM_NO && e->other_name == NAME_LOG_STREAMS && c.n_sets > 0)
                r = maybe_ruling(e, IAM_RULING_LOG_GROUP);
        return (struct layer){ r, c.denied };
}

/* ---- the need ---- */

/* The pattern of the request, with its wildcards made plain. */
static bool need_make(const char *resource, struct automaton *ret)
{
        unsigned char signs[4 * TOKENS_MAX];
        size_t n = strlen(resource);

        if (n > sizeof signs)
                return false;
        for (size_t i = 0; i < n; i++)
                signs[i] = resource[i] == '*' ? SIGN_RUN : resource[i] == '?' ? SIGN_ONE : SIGN_NONE;
        return automaton_make(&(struct glob){ resource, signs, n }, ret);
}

static enum iam_answer containment_answer(enum iam_tri allowed, enum iam_tri denied)
{
        if (denied == IAM_YES)
                return IAM_EXPLICIT;
        if (allowed == IAM_NO)
                return IAM_IMPLICIT;
        return allowed == IAM_YES && denied == IAM_NO ? IAM_ALLOWED : IAM_UNKNOWN;
}

/* A resource policy that was not seen may allow what no other does, if there can be one that does so alone. */
static bool may_be_granted(struct eval *e)
{
        size_t before = e->reasons->n;
        bool may = !resource_has_no_policy(e) && resource_is_cross_account(e) != IAM_YES;

        reasons_drop(e, before, OF_ALL);
        return may;
}

void iam_resource_containment(const struct iam_policies *p, const struct iam_request *rq, struct iam_decision *ret)
{
        const struct iam_list *boundary = &p->of[IAM_BOUNDARY];
        struct eval_storage storage;
        struct eval e;
        struct layer own, also = { IAM_YES, IAM_NO };
        struct automaton need;
        const struct containment containment = { &e, ret, &need };

        *ret = (struct iam_decision){ .answer = IAM_UNKNOWN, .visible = IAM_UNKNOWN, .delegated = IAM_UNKNOWN };
        if (!eval_begin(&e, rq, &storage) || !need_make(rq->resource, &need)) {
                ret->why[ret->n_why++] = (struct iam_why){ .reason = IAM_WHY_PATTERN, .subject = rq->resource };
                return;
        }
        if (e.other_name == NAME_KEY) {
                maybe_ruling(&e, IAM_RULING_KEY_ALIAS);
                reasons_copy(&e, ret);
                return;
        }
        own = layer_decide(&containment, &p->of[IAM_IDENTITY], IAM_IDENTITY);
        if (boundary->n || boundary->not_visible)
                also = layer_decide(&containment, boundary, IAM_BOUNDARY);
        ret->answer = containment_answer(tri_and(own.allow, also.allow), tri_or(own.deny, also.deny));
        ret->missing = own.allow == IAM_NO ? IAM_IDENTITY : IAM_BOUNDARY;
        ret->delegated = ret->visible = ret->answer;
        if (ret->answer == IAM_IMPLICIT && may_be_granted(&e))
                ret->visible = IAM_UNKNOWN;
        if (ret->answer != IAM_UNKNOWN)
                return;
        reasons_copy(&e, ret);
        if (ret->n_why == 0)
                ret->why[ret->n_why++] = (struct iam_why){ .reason = IAM_WHY_SIZE, .subject = rq->resource };
}
