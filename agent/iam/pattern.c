/* Patterns: wildcards, policy variables, and the parts of ARNs. */
#include <ctype.h>
#include "iam_internal.h"

/* ---- making one ---- */

struct maker {
        struct arena *a;
        const char *text;              /* what is left of it */
        unsigned how;
        char *s;
        unsigned char *signs;          /* NULL: the text has no character that could be one */
        size_t len;
        struct variable *variables;
        struct pattern *p;
        bool closed;                   /* no '}' is left: looking for one again would take as long as the text */
        bool any_sign;
};

/* "${key}" or "${key, 'default'}" at the text; its length, 0: not one. */
static size_t variable_at(struct maker *m, struct variable *ret)
{
        const char *s = m->text, *end, *comma, *quote;
        size_t n;

        if (m->closed || s[0] != '$' || s[1] != '{')
                return 0;
        end = strchr(s, '}');
        m->closed = !end;
        if (!end)
                return 0;
        n = (size_t)(end - s) - 2;
        comma = memchr(s + 2, ',', n);
        *ret = (struct variable){ .key = arena_dupn(m->a, s + 2, comma ? (size_t)(comma - s) - 2 : n) };
        quote = comma ? memchr(comma, '\'', (size_t)(end - comma)) : NULL;
        if (quote && end[-1] == '\'' && end - 1 > quote)
                ret->fallback = arena_dupn(m->a, quote + 1, (size_t)(end - quote) - 2);
        return n + 3;
}

static size_t count_variables(const char *s)
{
        size_t n = 0;

        for (; (s = strstr(s, "${")); s += 2)
                n++;
        return n;
}

static void pattern_put(struct maker *m, char c, enum sign sign)
{
        if (sign != SIGN_NONE) {
                m->signs[m->len] = (unsigned char)sign;
                m->any_sign = true;
        }
        m->s[m->len++] = c;
}

/* One character, wildcard or variable; `${*}` and the like are the plain character. -ENOMEM. */
static int make_next(struct maker *m)
{
        struct variable v;
        char c = *m->text;
        size_t len = m->how & WITH_VARIABLES ? variable_at(m, &v) : 0;

        if (len && !v.key)
                return -ENOMEM;
        if (len && strlen(v.key) == 1 && strchr("*?$", *v.key)) {
                pattern_put(m, *v.key, SIGN_NONE);
        } else if (len) {
                m->variables[m->p->n_variables++] = v;
                pattern_put(m, '$', SIGN_VARIABLE);
        } else if (m->how & WITH_WILDCARDS && (c == '*' || c == '?')) {
                pattern_put(m, c, c == '*' ? SIGN_RUN : SIGN_ONE);
        } else {
                pattern_put(m, m->how & IN_LOWER_CASE ? (char)tolower((unsigned char)c) : c, SIGN_NONE);
        }
        m->text += len ? len : 1;
        return 0;
}

bool glob_is_wild(const struct glob *p)
{
        return p->signs && (memchr(p->signs, SIGN_RUN, p->len) || memchr(p->signs, SIGN_ONE, p->len));
}

bool glob_is_all(const struct glob *p)
{
        size_t n = 0;

        while (p->signs && n < p->len && p->signs[n] == SIGN_RUN)
                n++;
        return p->len && n == p->len;
}

static enum form action_form(const struct pattern *p)
{
        const struct glob *g = &p->glob;
        const char *colon = memchr(g->s, ':', g->len);
        const struct glob prefix = { g->s, g->signs, colon ? (size_t)(colon - g->s) : g->len };

        if (glob_is_all(g))
                return FORM_ALL;
        if (strpbrk(p->text, " \t\r\n,") || (colon && prefix.len + 1 == g->len))
                return FORM_NEVER;
        if (!colon || glob_is_wild(&prefix))
                return FORM_UNSTORABLE;
        return g->signs ? FORM_PLAIN : FORM_LITERAL;
}

/* What matching would else ask of the same text again and again. */
static void note_form(struct pattern *p)
{
        const struct glob *last = &p->parts[ARN_PARTS - 1];

        p->form = action_form(p);
        p->n_parts = glob_split(&p->glob, p->parts);
        if (p->n_parts != ARN_PARTS)
                return;
        while (p->literal < last->len && !(last->signs && last->signs[p->literal]))
                p->literal++;
        if (p->literal >= sizeof p->tail && !p->n_variables && p->parts[0].len == 3)
                memcpy(&p->tail, last->s + p->literal - sizeof p->tail, sizeof p->tail);
}

int pattern_make(struct arena *a, const char *text, unsigned how, struct pattern *ret)
{
        size_t len = strlen(text), most = how & WITH_VARIABLES ? count_variables(text) : 0;
        struct maker m = { .a = a, .text = text, .how = how, .p = ret };

        m.variables = arena_alloc(a, (most + 1) * sizeof *m.variables);
        m.s = arena_alloc(a, len + 1);
        if (text[strcspn(text, "*?$")])
                m.signs = arena_alloc(a, len + 1);
        *ret = (struct pattern){ .text = arena_dup(a, text), .variables = m.variables };
        if (!m.variables || !m.s || !ret->text || arena_failed(a))
                return -ENOMEM;
        while (*m.text)
                if (make_next(&m) < 0)
                        return -ENOMEM;
        ret->glob = (struct glob){ m.s, m.any_sign ? m.signs : NULL, m.len };
        note_form(ret);
        return 0;
}

/* ---- matching ---- */

static size_t char_len(struct span text, size_t at)
{
        uint32_t point;
        size_t n;

        if ((unsigned char)text.s[at] < 0x80)
                return 1;
        n = utf8_decode((const unsigned char *)text.s + at, text.len - at, &point);
        return n ? n : 1;
}

static bool same(char a, char b, enum letter_case letters)
{
        return a == b || (letters == EITHER_CASE && tolower((unsigned char)a) == tolower((unsigned char)b));
}

static bool literal_match(const struct glob *p, struct span text, enum letter_case letters)
{
        if (p->len != text.len)
                return false;
        if (letters == AS_WRITTEN)
                return memcmp(p->s, text.s, text.len) == 0;
        for (size_t i = 0; i < text.len; i++)
                if (!same(p->s[i], text.s[i], letters))
                        return false;
        return true;
}

/*
 * One place to come back to, the last run: linear in patterns without, quadratic at worst. Steps are
 * taken for what is read again; a text that is read once is bounded by who reads it in.
 */
enum iam_tri glob_match(const struct glob *p, struct span text, enum letter_case letters, uint64_t *steps)
{
        size_t i = 0, k = 0, run = SIZE_MAX, from = 0;

        if (!p->signs)
                return tri(literal_match(p, text, letters));
        while (k < text.len) {
                enum sign sign = i < p->len ? (enum sign)p->signs[i] : SIGN_NONE;

                if (sign == SIGN_RUN) {
                        run = i++;
                        from = k;
                } else if (sign == SIGN_ONE) {
                        i++;
                        k += char_len(text, k);
                } else if (i < p->len && same(p->s[i], text.s[k], letters)) {
                        i++, k++;
                } else if (run != SIZE_MAX) {
                        if (!steps_take(steps, 1 + k - from))
                                return IAM_MAYBE;
                        i = run + 1;
                        from += char_len(text, from);
                        k = from;
                } else {
                        return IAM_NO;
                }
        }
        while (i < p->len && p->signs[i] == SIGN_RUN)
                i++;
        return tri(i == p->len);
}

/* ---- ARNs ---- */

size_t glob_split(const struct glob *p, struct glob parts[ARN_PARTS])
{
        struct span w[ARN_PARTS];
        size_t n = arn_split(p->s, p->len, w);

        for (size_t i = 0; i < n; i++)
                parts[i] = (struct glob){ w[i].s, p->signs ? p->signs + (w[i].s - p->s) : NULL, w[i].len };
        return n;
}

bool is_account(struct span w)
{
        for (size_t i = 0; i < w.len; i++)
                if (w.s[i] < '0' || w.s[i] > '9')
                        return false;
        return w.len == 12;
}
