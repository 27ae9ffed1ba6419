/* Columns, colour and wrapping. Widths count code points: every text was escaped to valid UTF-8. */
#include "style.h"

static bool starts_point(char c)
{
        return ((unsigned char)c & 0xc0) != 0x80;
}

static unsigned points(const char *s)
{
        unsigned n = 0;

        for (; *s; s++)
                n += starts_point(*s);
        return n;
}

static size_t bytes_of(const char *s, unsigned n)
{
        size_t i = 0;

        for (; s[i]; i++)
                if (starts_point(s[i]) && n-- == 0)
                        break;
        return i;
}

void put_cell(FILE *out, const char *s, unsigned width)
{
        unsigned n;

        s = s && *s ? s : "-";
        n = points(s);
        if (n > width)
                fprintf(out, "%.*s…", (int)bytes_of(s, width - 1), s);
        else
                fprintf(out, "%s%*s", s, (int)(width - n), "");
}

void put_wrapped(FILE *out, struct report_style style, unsigned indent, unsigned at, const char *s)
{
        unsigned room = style.columns > indent + 20 ? style.columns : indent + 20;
        bool first = true;

        while (*s) {
                size_t len = strcspn(s, " ");
                unsigned w;
                char word[512];

                len = len < sizeof word - 1 ? len : sizeof word - 1;
                memcpy(word, s, len);
                word[len] = '\0';
                w = points(word);
                if (!first && at + 1 + w > room) {
                        fprintf(out, "\n%*s", (int)indent, "");
                        at = indent;
                        first = true;
                }
                fprintf(out, "%s%s", first ? "" : " ", word);
                at += w + !first;
                first = false;
                s += len;
                s += *s == ' ';
        }
        fputc('\n', out);
}

static const char *const colours[] = {
        [SEVERITY_OK] = "\033[32m", [SEVERITY_INFO] = "\033[36m", [SEVERITY_NOTICE] = "\033[36m",
        [SEVERITY_WARNING] = "\033[33m", [SEVERITY_CRITICAL] = "\033[1;31m",
};

void put_severity(FILE *out, struct report_style style, enum severity s, const char *word)
{
        if (style.colour && (size_t)s < ARRAY_SIZE(colours))
                fprintf(out, "%s%s\033[0m", colours[s], word);
        else
                fputs(word, out);
}

void put_verdict(FILE *out, struct report_style style, enum verdict v)
{
        static const enum severity of[] = {
                [VERDICT_OK] = SEVERITY_OK, [VERDICT_WRONG] = SEVERITY_WARNING, [VERDICT_NONE] = SEVERITY_WARNING,
                [VERDICT_UNKNOWN] = SEVERITY_INFO, [VERDICT_UNJUDGED] = SEVERITY_MAX,
        };

        put_severity(out, style, of[v], verdict_word(v));
}

void winner_words(const struct chain_result *r, char *buf, size_t size)
{
        const char *of = r->role ? r->role : r->key_id;

        snprintf(buf, size, "%s%s%s", provider_word(r->provider), of ? " " : "", of ? of : "");
}

const struct container *group_container(const struct verdicts *v, const struct group *g)
{
        int i = v->snapshot->processes[g->process].container;

        return i >= 0 ? &v->snapshot->containers[i] : NULL;
}

const struct task *group_task(const struct verdicts *v, const struct group *g)
{
        const struct container *c = group_container(v, g);

        return c && c->task >= 0 ? &v->snapshot->tasks[c->task] : NULL;
}

const char *group_program(const struct verdicts *v, const struct group *g)
{
        const struct process *p = &v->snapshot->processes[g->process];
        const char *exe = p->exe ? arn_name(p->exe) : NULL;

        return exe && *exe ? exe : p->comm;
}
