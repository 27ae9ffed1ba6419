/* style -- the page, and the names that the renderings share. */
#include <limits.h>
#include "style.h"

#define ELLIPSIS "\xe2\x80\xa6"
#define RESET "\033[0m"
#define LABEL_COLUMNS 14
#define ID_SHORT 12                    /* as docker ps shows ids */

static const char *const colors[] = {
        [TONE_GOOD] = "\033[32m", [TONE_PLAIN] = "\033[36m", [TONE_WARN] = "\033[36m", [TONE_BAD] = "\033[33m",
        [TONE_WORST] = "\033[1;31m",
};

void page_start(struct page *p, struct report_style style)
{
        unsigned columns = style.columns && style.columns < PAGE_COLUMNS_MIN ? PAGE_COLUMNS_MIN : style.columns;

        *p = (struct page){ .columns = columns ? columns : UINT_MAX, .color = style.color };
}

void page_done(struct page *p)
{
        text_done(&p->t);
}

int page_print(struct page *p, FILE *out)
{
        if (p->t.failed)
                return -ENOMEM;
        if (p->t.len > 0 && fwrite(p->t.s, 1, p->t.len, out) != p->t.len)
                return -EIO;
        return fflush(out) == 0 ? 0 : -EIO;
}

void page_pad(struct page *p, unsigned n)
{
        while (n-- > 0)
                text_add(&p->t, " ");
}

void page_paint(struct page *p, enum severity s, const char *text)
{
        text_add(&p->t, p->color ? colors[severity_tone(s)] : "");
        text_add(&p->t, text);
        text_add(&p->t, p->color ? RESET : "");
}

/* Bytes of the first n code points. */
static size_t style_bytes_of(const char *s, unsigned n)
{
        size_t at = 0;

        for (; n > 0 && s[at]; n--)
                do
                        at++;
                while ((s[at] & 0xc0) == 0x80);
        return at;
}

unsigned style_width(const char *s)
{
        unsigned n = 0;

        for (; *s; s++)
                n += (*s & 0xc0) != 0x80;
        return n;
}

static void page_break(struct page *p, unsigned indent)
{
        text_add(&p->t, "\n");
        page_pad(p, indent);
}

static unsigned word_width(const char *s)
{
        unsigned n = 0;

        for (size_t i = 0; s[i] && s[i] != ' '; i++)
                n += (s[i] & 0xc0) != 0x80;
        return n;
}

/* Returns the column behind it. A word that is longer than a line is broken at the end of the line. */
static unsigned add_word(struct page *p, const char *s, unsigned at, unsigned indent)
{
        unsigned width = word_width(s);

        while (at + width > p->columns) {
                unsigned space = p->columns - at;
                size_t n = style_bytes_of(s, space);

                text_addn(&p->t, s, n);
                page_break(p, indent);
                s += n;
                width -= space;
                at = indent;
        }
        text_addn(&p->t, s, style_bytes_of(s, width));
        return at + width;
}

void page_wrap(struct page *p, unsigned at, unsigned indent, const char *s)
{
        bool fresh = true;             /* this line has nothing of s yet */

        if (!s) {
                p->t.failed = true;
                return;
        }
        if (at > p->columns) {
                page_break(p, indent);
                at = indent;
        }
        while (*s) {
                unsigned width = word_width(s);

                if (at + !fresh + width > p->columns && at > indent) {
                        page_break(p, indent);
                        at = indent;
                        fresh = true;
                }
                if (!fresh)
                        text_add(&p->t, " ");
                at = add_word(p, s, at + !fresh, indent);
                fresh = false;
                s += style_bytes_of(s, width);
                s += strspn(s, " ");
        }
        text_add(&p->t, "\n");
}

void page_field(struct page *p, const char *label, const char *value)
{
        unsigned width = style_width(label) + 2;

        if (!value)
                return;
        text_addf(&p->t, "  %s", label);
        page_pad(p, width < LABEL_COLUMNS ? LABEL_COLUMNS - width : 1);
        page_wrap(p, width < LABEL_COLUMNS ? LABEL_COLUMNS : width + 1, LABEL_COLUMNS, value);
}

void style_fit(struct text *t, const char *s, unsigned width, unsigned tail)
{
        unsigned all = style_width(s);

        if (all <= width) {
                text_add(t, s);
                return;
        }
        if (tail == 0 || tail + 2 > width)
                tail = (width - 1) / 2;
        text_addn(t, s, style_bytes_of(s, width - 1 - tail));
        text_add(t, ELLIPSIS);
        text_add(t, s + style_bytes_of(s, all - tail));
}

static const struct container *style_container_of(const struct snapshot *s, const struct process *p)
{
        return p->container >= 0 && (size_t)p->container < s->n_containers
                       ? &s->containers[p->container]
                       : NULL;
}

const char *style_container(struct arena *a, const struct snapshot *s, const struct process *p)
{
        const struct container *c = style_container_of(s, p);

        if (!c)
                return "-";
        if (c->name)
                return c->name;
        return c->id ? arena_dupn(a, c->id, strnlen(c->id, ID_SHORT)) : "?";
}

const struct task *style_task(const struct snapshot *s, const struct process *p)
{
        const struct container *c = style_container_of(s, p);

        return c && c->task >= 0 && (size_t)c->task < s->n_tasks ? &s->tasks[c->task] : NULL;
}

const char *style_task_name(const struct snapshot *s, const struct process *p)
{
        const struct task *t = style_task(s, p);

        if (!t)
                return "-";
        if (t->family)
                return t->family;
        return t->arn ? arn_name(t->arn) : "?";
}

const char *style_acts(struct arena *a, const struct chain_result *r)
{
        const char *text = chain_result_text(a, r);

        return text && r->via_expired ? arena_printf(a, "%s (expired)", text) : text;
}

const char *style_answer(struct arena *a, const struct answer *x)
{
        const char *text = answer_text(a, x);

        return x->detail ? arena_printf(a, "%s (%s)", text, x->detail) : text;
}

static bool acts_alike(const struct chain_result *x, const struct chain_result *y)
{
        return x->provider == y->provider && x->via_expired == y->via_expired &&
               streq(x->role, y->role);
}

const char *style_instance_role(const struct host *h)
{
        if (h->instance_role)
                return h->instance_role;
        return h->imds_role_answer.state == ANSWER_STATUS && h->imds_role_answer.status == 404 ? "none" : "unknown";
}

/* "container webTaskRole with botocore, js3; imds ecsInstanceRole with java1" */
const char *style_by_sdk(struct arena *a, const struct group *g)
{
        CLEANUP(text_done) struct text t = { 0 };

        for (size_t i = 0; i < g->n_by_row; i++) {
                bool listed = false;

                for (size_t k = 0; k < i; k++)
                        listed = listed || acts_alike(&g->by_row[k], &g->by_row[i]);
                if (listed)
                        continue;
                text_addf(&t, "%s%s with", t.len ? "; " : "", style_acts(a, &g->by_row[i]));
                for (size_t k = i; k < g->n_by_row; k++)
                        if (acts_alike(&g->by_row[k], &g->by_row[i]))
                                text_addf(&t, "%s%s", k == i ? " " : ", ",
                                          g->by_row[k].row ? chain_row_name(g->by_row[k].row)
                                                           : "?");
        }
        return t.failed || !t.s ? NULL : arena_dup(a, t.s);
}
