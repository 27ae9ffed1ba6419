/* Patterns: wildcards, policy variables, and ARNs. */
#include <ctype.h>
#include <strings.h>
#include "room.h"

/* "${key}" or "${key, 'default'}" at s; its length, 0: not one. */
static size_t variable_at(struct arena *a, const char *s, struct variable *ret)
{
        const char *end = strchr(s, '}'), *comma, *quote;
        size_t n;

        if (s[0] != '$' || s[1] != '{' || !end)
                return 0;
        n = (size_t)(end - s) - 2;
        comma = memchr(s + 2, ',', n);
        *ret = (struct variable){ .key = arena_dupn(a, s + 2, comma ? (size_t)(comma - s) - 2 : n) };
        quote = comma ? memchr(comma, '\'', (size_t)(end - comma)) : NULL;
        if (quote && end[-1] == '\'' && end - 1 > quote)
                ret->fallback = arena_dupn(a, quote + 1, (size_t)(end - quote) - 2);
        return n + 3;
}

static size_t count_variables(const char *s)
{
        size_t n = 0;

        for (; (s = strstr(s, "${")); s += 2)
                n++;
        return n;
}

static bool sign(char c) { return c >= ANY_RUN && c <= VARIABLE; }

static enum form action_form(const struct pattern *p)
{
        const char *colon = memchr(p->s, ':', p->len);
        size_t prefix = colon ? (size_t)(colon - p->s) : p->len, runs = 0, signs = 0;

        for (size_t i = 0; i < p->len; i++) {
                runs += p->s[i] == ANY_RUN;
                signs += sign(p->s[i]);
        }
        if (p->len && runs == p->len)
                return FORM_ALL;
        if (strpbrk(p->text, " \t\r\n,") || (colon && prefix + 1 == p->len))
                return FORM_NEVER;
        if (!colon || memchr(p->s, ANY_RUN, prefix) || memchr(p->s, ANY_ONE, prefix))
                return FORM_ODD;
        return signs ? FORM_PLAIN : FORM_LITERAL;
}

/* What matching would else ask of the same text again and again. */
static void note_form(struct pattern *p)
{
        p->form = action_form(p);
        p->n_parts = arn_split(p->s, p->len, p->parts);
        if (p->n_parts != ARN_PARTS)
                return;
        while (p->literal < p->parts[5].len && !sign(p->parts[5].s[p->literal]))
                p->literal++;
        if (p->literal >= sizeof p->tail && !p->n_variables && p->parts[0].len == 3)
                memcpy(&p->tail, p->parts[5].s + p->literal - sizeof p->tail, sizeof p->tail);
}

int pattern_make(struct arena *a, const char *text, unsigned how, struct pattern *ret)
{
        size_t most = how & WITH_VARIABLES ? count_variables(text) : 0, len;
        struct variable *variables = arena_alloc(a, (most + 1) * sizeof *variables), v;
        char *to = arena_alloc(a, strlen(text) + 1);

        *ret = (struct pattern){ .text = arena_dup(a, text), .s = to, .variables = variables };
        if (!variables || !to || !ret->text)
                return -ENOMEM;
        while (*text) {
                len = most ? variable_at(a, text, &v) : 0;
                if (len && !v.key)
                        return -ENOMEM;
                if (len && strlen(v.key) == 1 && strchr("*?$", *v.key)) {
                        *to++ = *v.key;
                } else if (len) {
                        variables[ret->n_variables++] = v;
                        *to++ = VARIABLE;
                } else if (how & WITH_WILDCARDS && (*text == '*' || *text == '?')) {
                        *to++ = *text == '*' ? ANY_RUN : ANY_ONE;
                } else {
                        *to++ = how & IN_LOWER_CASE ? (char)tolower((unsigned char)*text) : *text;
                }
                text += len ? len : 1;
        }
        ret->len = (size_t)(to - ret->s);
        note_form(ret);
        return 0;
}

static bool same(char p, char c, bool fold)
{
        return p == ANY_ONE || p == c ||
               (fold && tolower((unsigned char)p) == tolower((unsigned char)c));
}

/* One place to come back to, the last run: linear in patterns without, quadratic at worst. */
bool glob_match(const char *p, size_t plen, const char *s, size_t len, bool fold)
{
        size_t i = 0, k = 0, run = SIZE_MAX, from = 0;

        while (k < len) {
                if (i < plen && p[i] == ANY_RUN) {
                        run = i++;
                        from = k;
                } else if (i < plen && same(p[i], s[k], fold)) {
                        i++, k++;
                } else if (run != SIZE_MAX) {
                        i = run + 1;
                        k = ++from;
                } else {
                        return false;
                }
        }
        while (i < plen && p[i] == ANY_RUN)
                i++;
        return i == plen;
}

static bool is_prefix(const char *entry, const char *name)
{
        size_t n = strlen(entry);

        return n > 1 && entry[n - 1] == '*' && strncasecmp(entry, name, n - 1) == 0;
}

struct iam_key context_get(const struct iam_request *rq, const char *name)
{
        for (size_t i = 0; i < rq->n_context; i++)
                if (strcasecmp(rq->context[i].name, name) == 0)
                        return rq->context[i];
        for (size_t i = 0; i < rq->n_context; i++)
                if (is_prefix(rq->context[i].name, name))
                        return rq->context[i];
        return (struct iam_key){ .name = name,
                                 .presence = rq->closed ? IAM_KEY_ABSENT : IAM_KEY_UNKNOWN };
}

/* The text of one variable. */
static enum iam_tri variable_value(struct eval *e, const struct variable *v, const char **ret)
{
        struct iam_key k = context_get(e->rq, v->key);

        if (k.presence == IAM_KEY_HIDDEN || k.presence == IAM_KEY_UNKNOWN)
                return maybe(e, IAM_WHY_KEY, v->key);
        if (k.presence == IAM_KEY_ABSENT)
                *ret = v->fallback;
        else
                *ret = k.multi || k.n != 1 ? NULL : k.values[0];
        if (*ret && (*ret)[strcspn(*ret, "\1\2\3")])
                return maybe(e, IAM_WHY_VARIABLE, v->key);
        return tri(*ret != NULL);
}

enum iam_tri pattern_fill(struct eval *e, const struct pattern *p, char buf[PATTERN_MAX],
                          struct words *ret)
{
        size_t n = 0, next = 0;

        *ret = (struct words){ p->s, p->len };
        if (!p->n_variables)
                return IAM_YES;
        for (size_t i = 0; i < p->len; i++) {
                const char *value = NULL;
                enum iam_tri r;

                if (p->s[i] != VARIABLE) {
                        if (n == PATTERN_MAX)
                                return maybe(e, IAM_WHY_PATTERN, p->text);
                        buf[n++] = p->s[i];
                        continue;
                }
                r = variable_value(e, &p->variables[next++], &value);
                if (r != IAM_YES)
                        return r;
                if (n + strlen(value) > PATTERN_MAX)
                        return maybe(e, IAM_WHY_PATTERN, p->text);
                memcpy(buf + n, value, strlen(value));
                n += strlen(value);
        }
        *ret = (struct words){ buf, n };
        return IAM_YES;
}

size_t arn_split(const char *s, size_t len, struct words parts[ARN_PARTS])
{
        size_t n = 0;

        while (n < ARN_PARTS) {
                const char *colon = n < ARN_PARTS - 1 ? memchr(s, ':', len) : NULL;
                size_t part = colon ? (size_t)(colon - s) : len;

                parts[n++] = (struct words){ s, part };
                if (!colon)
                        break;
                s += part + 1;
                len -= part + 1;
        }
        return n;
}
