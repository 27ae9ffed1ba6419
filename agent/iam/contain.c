/*
 * Needs with wildcards: is all of it allowed? A need is a set of resources, and
 * so are the patterns of a policy. Both become position automata; a search over
 * their products decides containment in a union, and intersection, exactly.
 */
#include <ctype.h>
#include "room.h"

#define TOKENS_MAX 255                 /* of one pattern; longer ones are not decided */
#define WORDS ((TOKENS_MAX + 1 + 63) / 64)
#define UNION_MAX 64                   /* patterns that cover together */
#define STATES_MAX 1024

/* A pattern as tokens; in the first five parts of an ARN wildcards stop at a colon. */
struct automaton {
        unsigned char token[TOKENS_MAX];
        bool header[TOKENS_MAX];
        unsigned n;
};
struct positions { uint64_t bit[WORDS]; };

static bool has(const struct positions *p, unsigned i) { return p->bit[i / 64] >> (i % 64) & 1; }
static void put(struct positions *p, unsigned i) { p->bit[i / 64] |= (uint64_t)1 << (i % 64); }

/* "*" and the like are for all there is, not only for ARNs of six parts. */
static bool only_runs(struct words s)
{
        size_t n = 0;

        while (n < s.len && s.s[n] == ANY_RUN)
                n++;
        return n == s.len;
}

static bool automaton_make(struct words s, struct automaton *a)
{
        unsigned colons = 0;
        bool all = only_runs(s);

        if (s.len > TOKENS_MAX)
                return false;
        a->n = (unsigned)s.len;
        for (unsigned i = 0; i < a->n; i++) {
                a->token[i] = (unsigned char)s.s[i];
                a->header[i] = colons < ARN_PARTS - 1 && !all;
                colons += s.s[i] == ':';
        }
        return true;
}

/* A run may be empty. */
static void close_runs(const struct automaton *a, struct positions *p)
{
        for (unsigned i = 0; i < a->n; i++)
                if (has(p, i) && a->token[i] == ANY_RUN)
                        put(p, i + 1);
}

static struct positions start(const struct automaton *a)
{
        struct positions p = { { 0 } };

        put(&p, 0);
        close_runs(a, &p);
        return p;
}

static struct positions step(const struct automaton *a, const struct positions *from, unsigned char c)
{
        struct positions to = { { 0 } };

        for (unsigned i = 0; i < a->n; i++) {
                bool free = !(a->header[i] && c == ':');

                if (!has(from, i))
                        continue;
                if (a->token[i] == ANY_RUN && free)
                        put(&to, i);
                else if (a->token[i] == c || (a->token[i] == ANY_ONE && free))
                        put(&to, i + 1);
        }
        close_runs(a, &to);
        return to;
}

static bool empty(const struct positions *p)
{
        for (size_t i = 0; i < WORDS; i++)
                if (p->bit[i])
                        return false;
        return true;
}

/* Every byte that a pattern names, the colon, and one that none does. */
static size_t alphabet_of(const struct automaton *const *list, size_t n, unsigned char ret[256])
{
        bool seen[256] = { [':'] = true };
        size_t k = 0;

        for (size_t i = 0; i < n; i++)
                for (unsigned t = 0; t < list[i]->n; t++)
                        if (list[i]->token[t] > VARIABLE)
                                seen[list[i]->token[t]] = true;
        for (unsigned c = 4; c < 256; c++)
                if (!seen[c]) {
                        seen[c] = true;
                        break;
                }
        for (unsigned c = 4; c < 256; c++)
                if (seen[c])
                        ret[k++] = (unsigned char)c;
        return k;
}

/* A search over states of several automata side by side. */
struct search {
        const struct automaton *list[UNION_MAX + 1];
        size_t n;
        struct positions *states;      /* n a state */
        size_t count;
};

static bool known(const struct search *s, const struct positions *state)
{
        for (size_t i = 0; i < s->count; i++)
                if (memcmp(s->states + i * s->n, state, s->n * sizeof *state) == 0)
                        return true;
        return false;
}

static bool accepts(const struct search *s, const struct positions *state, size_t i)
{
        return has(&state[i], s->list[i]->n);
}

/*
 * Is there a text that the first accepts, and (all) the others too, or (not
 * all) none of the others? MAYBE: too many states, or no memory.
 */
static enum iam_tri search_run(struct search *s, bool all)
{
        unsigned char alphabet[256];
        size_t letters = alphabet_of(s->list, s->n, alphabet);
        struct positions next[UNION_MAX + 1];
        CLEANUP(freep) struct positions *states = calloc(STATES_MAX, s->n * sizeof *states);

        s->states = states;
        s->count = 0;
        if (!states)
                return IAM_MAYBE;
        for (size_t i = 0; i < s->n; i++)
                states[i] = start(s->list[i]);
        s->count = 1;
        for (size_t at = 0; at < s->count; at++) {
                const struct positions *state = states + at * s->n;
                size_t others = 0;

                for (size_t i = 1; i < s->n; i++)
                        others += accepts(s, state, i);
                if (accepts(s, state, 0) && (all ? others == s->n - 1 : others == 0))
                        return IAM_YES;
                for (size_t l = 0; l < letters; l++) {
                        for (size_t i = 0; i < s->n; i++)
                                next[i] = step(s->list[i], &state[i], alphabet[l]);
                        if (empty(&next[0]) || known(s, next))
                                continue;
                        if (s->count == STATES_MAX)
                                return IAM_MAYBE;
                        memcpy(states + s->count++ * s->n, next, s->n * sizeof *next);
                }
        }
        return IAM_NO;
}

/* ---- statements as sets ---- */

/* What the Allow statements of one layer cover, and what its Deny statements touch. */
struct cover {
        struct automaton *sure, *perhaps;      /* perhaps holds the sure ones, too */
        size_t n_sure, n_perhaps;
        bool all_sure, all_perhaps;
        enum iam_tri denied;
};

/* The sets of one pattern; false: not a form that can be decided here, as for one resource. */
static bool fill(struct eval *e, const struct pattern *p, const struct statement *s, struct automaton *a)
{
        char buf[PATTERN_MAX];
        struct words filled;

        if (pattern_fill(e, p, buf, &filled) != IAM_YES || !automaton_make(filled, a))
                return false;
        if (p->form == FORM_ALL || arn_is_plain(filled, s))
                return true;
        maybe(e, IAM_WHY_PATTERN, p->text);
        return false;
}

/* Do both begin with other letters? */
static bool far_apart(const struct automaton *a, const struct automaton *b)
{
        for (unsigned i = 0; i < a->n && i < b->n; i++) {
                if (a->token[i] <= VARIABLE || b->token[i] <= VARIABLE)
                        return false;
                if (tolower(a->token[i]) != tolower(b->token[i]))
                        return true;
        }
        return false;
}

static enum iam_tri touches(const struct automaton *need, const struct automaton *other)
{
        struct search s = { .list = { need, other }, .n = 2 };

        return far_apart(need, other) ? IAM_NO : search_run(&s, true);
}

static enum iam_tri inside(const struct automaton *need, const struct automaton *list, size_t n)
{
        struct search s = { .list = { need }, .n = 1 };

        for (size_t i = 0; i < n; i++)
                s.list[s.n++] = &list[i];
        return tri_not(search_run(&s, false));
}

static void add(struct cover *c, const struct automaton *a, enum iam_tri how)
{
        if (c->n_perhaps < UNION_MAX)
                c->perhaps[c->n_perhaps++] = *a;
        else
                c->all_perhaps = true;
        if (how == IAM_YES && c->n_sure < UNION_MAX)
                c->sure[c->n_sure++] = *a;
}

/* All but some patterns: covers a need that none of them touches. */
static enum iam_tri spares(struct eval *e, const struct automaton *need, const struct statement *s)
{
        enum iam_tri all = IAM_YES;

        for (size_t i = 0; i < s->n_resources; i++) {
                struct automaton a;

                all = tri_and(all, fill(e, &s->resources[i], s, &a) ? tri_not(touches(need, &a))
                                                                 : IAM_MAYBE);
        }
        return all;
}

static void allow(struct eval *e, const struct automaton *need, const struct statement *s,
                  enum iam_tri how, struct cover *c)
{
        if (s->any_resource || s->not_resource) {
                enum iam_tri r = s->any_resource ? IAM_YES : spares(e, need, s);

                c->all_sure = c->all_sure || tri_and(r, how) == IAM_YES;
                c->all_perhaps = true;
                return;
        }
        for (size_t i = 0; i < s->n_resources; i++) {
                struct automaton a;

                if (!fill(e, &s->resources[i], s, &a))
                        c->all_perhaps = true;
                else if (!far_apart(need, &a))
                        add(c, &a, how);
        }
}

/* With NotResource it touches what is not wholly spared; by one pattern, not by several together. */
static void deny(struct eval *e, const struct automaton *need, const struct statement *s,
                 enum iam_tri how, struct cover *c)
{
        enum iam_tri touched = tri(s->any_resource), spared = IAM_NO;

        for (size_t i = 0; i < s->n_resources; i++) {
                struct automaton a;
                bool known_form = fill(e, &s->resources[i], s, &a);

                touched = tri_or(touched, known_form ? touches(need, &a) : IAM_MAYBE);
                spared = tri_or(spared, known_form ? inside(need, &a, 1) : IAM_MAYBE);
        }
        if (s->not_resource)
                touched = spared == IAM_NO && s->n_resources > 1 ? IAM_MAYBE : tri_not(spared);
        c->denied = tri_or(c->denied, tri_and(touched, how));
}

/* Action and conditions, as for one resource. */
static enum iam_tri applies(struct eval *e, const struct iam_policy *p, const struct statement *s)
{
        struct statement any = *s;

        any.any_resource = true;
        return statement_match(e, p, &any);
}

static void layer_cover(struct eval *e, const struct iam_list *l, const struct automaton *need,
                        struct cover *c)
{
        for (size_t i = 0; i < l->n; i++) {
                const struct iam_policy *p = l->list[i];

                if (p->fault) {
                        maybe(e, IAM_WHY_DOCUMENT, p->name);
                        c->all_perhaps = true;
                        c->denied = tri_or(c->denied, IAM_MAYBE);
                }
                for (size_t k = 0; k < p->n_statements && !p->fault; k++) {
                        const struct statement *s = &p->statements[k];
                        enum iam_tri how = applies(e, p, s);

                        if (how != IAM_NO && s->allow)
                                allow(e, need, s, how, c);
                        else if (how != IAM_NO)
                                deny(e, need, s, how, c);
                }
        }
}

/* YES: all of the need is covered; NO: some of it is not, whatever is not known turns out to be. */
static enum iam_tri covered(const struct automaton *need, const struct cover *c)
{
        if (c->all_sure || inside(need, c->sure, c->n_sure) == IAM_YES)
                return IAM_YES;
        if (c->all_perhaps)
                return IAM_MAYBE;
        return inside(need, c->perhaps, c->n_perhaps) == IAM_NO ? IAM_NO : IAM_MAYBE;
}

static enum iam_tri layer_decide(struct eval *e, const struct iam_list *l, enum iam_layer layer,
                                 const struct automaton *need, enum iam_tri *ret_denied)
{
        CLEANUP(freep) struct automaton *lists = calloc(2 * UNION_MAX, sizeof *lists);
        struct cover c = { .sure = lists, .perhaps = lists ? lists + UNION_MAX : NULL };
        enum iam_tri r;

        *ret_denied = IAM_MAYBE;
        if (!lists || l->unseen)
                return maybe(e, l->unseen ? IAM_WHY_LAYER : IAM_WHY_SIZE, iam_layer_word(layer));
        layer_cover(e, l, need, &c);
        *ret_denied = c.denied;
        r = covered(need, &c);
        /* "*" is also how actions without resource types are written: part of it may be all of it. */
        if (r == IAM_NO && need->n == 1 && c.n_perhaps > 0)
                r = maybe(e, IAM_WHY_RULE, "*");
        return r;
}

/* The pattern of the request, with its wildcards made plain. */
static bool need_make(const char *resource, struct automaton *ret)
{
        char buf[TOKENS_MAX + 1];
        size_t n = strlen(resource);

        if (n > TOKENS_MAX)
                return false;
        for (size_t i = 0; i < n; i++)
                buf[i] = resource[i] == '*' ? ANY_RUN : resource[i] == '?' ? ANY_ONE : resource[i];
        return automaton_make((struct words){ buf, n }, ret);
}

void iam_contain(const struct iam_policies *p, const struct iam_request *rq, struct iam_decision *ret)
{
        const struct iam_list *boundary = &p->of[IAM_BOUNDARY];
        struct eval e = { .rq = rq, .d = ret };
        enum iam_tri allowed, denied, also = IAM_NO;
        char action[ACTION_MAX];
        struct automaton need;

        *ret = (struct iam_decision){ .answer = IAM_UNKNOWN, .visible = IAM_UNKNOWN };
        if (!eval_begin(&e, action) || !need_make(rq->resource, &need)) {
                maybe(&e, IAM_WHY_PATTERN, rq->resource);
                return;
        }
        allowed = layer_decide(&e, &p->of[IAM_IDENTITY], IAM_IDENTITY, &need, &denied);
        if (boundary->n || boundary->unseen)
                allowed = tri_and(allowed, layer_decide(&e, boundary, IAM_BOUNDARY, &need, &also));
        denied = tri_or(denied, also);
        if (denied == IAM_YES)
                ret->answer = IAM_EXPLICIT;
        else if (allowed == IAM_NO)
                ret->answer = IAM_IMPLICIT;
        else if (allowed == IAM_YES && denied == IAM_NO)
                ret->answer = IAM_ALLOWED;
        ret->visible = ret->answer;
        if (ret->answer != IAM_UNKNOWN)
                ret->n_why = 0;
        else if (ret->n_why == 0)
                maybe(&e, IAM_WHY_SIZE, rq->resource);
}
