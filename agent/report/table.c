/* rolewatch check for people. */
#include "style.h"

/* Title and smallest width; what the terminal has beyond 80 columns goes to the widest ones. */
static const struct { const char *title; unsigned width, share; } columns[] = {
        { "TASK", 9, 1 }, { "CONTAINER", 9, 1 }, { "PROCESS", 14, 1 }, { "SDK", 8, 0 },
        { "ACTS AS", 15, 2 }, { "EXPECTED", 11, 2 }, { "VERDICT", 0, 0 },
};
#define SHARES 7

static unsigned width_of(size_t i, struct report_style style)
{
        unsigned extra = style.columns > 80 ? style.columns - 80 : 0;

        return columns[i].width + extra * columns[i].share / SHARES;
}

static void endpoint(FILE *out, const char *name, const struct answer *x)
{
        if (x->state != ANSWER_OK && x->state != ANSWER_UNKNOWN)
                fprintf(out, "  %s: %s%s%s\n", name, answer_word(x->state), x->detail ? ", " : "", x->detail ? x->detail : "");
}

static void head(const struct host *h, struct report_style style, FILE *out)
{
        fprintf(out, "%s  role %s  cluster %s  %s\n", h->instance_id ? h->instance_id : "instance unknown",
                h->instance_role ? h->instance_role : "none seen", h->cluster ? h->cluster : "unknown",
                h->agent_version ? h->agent_version : "agent unknown");
        endpoint(out, "IMDS", &h->imds);
        endpoint(out, "agent", &h->introspection);
        endpoint(out, "credentials endpoint", &h->credentials);
        if (h->blind) {
                fputs("  not seen: ", out);
                put_wrapped(out, style, 4, 12, h->blind);
        }
        fputc('\n', out);
}

static void process_words(const struct verdicts *v, const struct group *g, char *buf, size_t size)
{
        int pid = v->snapshot->processes[g->process].pid;

        if (g->n_members > 1)
                snprintf(buf, size, "%s %d ×%zu", group_program(v, g), pid, g->n_members);
        else
                snprintf(buf, size, "%s %d", group_program(v, g), pid);
}

static const char *place(const struct container *c, char *buf, size_t size)
{
        if (!c)
                return "-";
        if (c->name)
                return c->name;
        snprintf(buf, size, "%.12s", c->id);
        return buf;
}

static void row(const struct verdicts *v, const struct group *g, struct report_style style, FILE *out)
{
        const struct task *t = group_task(v, g);
        char name[16], process[512], winner[512];
        const char *cells[6] = { t ? t->family : "(not ECS)", place(group_container(v, g), name, sizeof name),
                                 process, g->sdk_name, winner, g->expected_role };

        process_words(v, g, process, sizeof process);
        winner_words(&g->winner, winner, sizeof winner);
        for (size_t i = 0; i < ARRAY_SIZE(cells); i++) {
                put_cell(out, cells[i], width_of(i, style));
                fputc(' ', out);
        }
        put_verdict(out, style, g->verdict);
        fputc('\n', out);
}

static void findings(const struct verdicts *v, struct report_style style, FILE *out)
{
        for (size_t i = 0; i < v->n_findings; i++) {
                const struct finding *f = &v->findings[i];

                fputc('\n', out);
                put_severity(out, style, f->severity, severity_word(f->severity));
                fprintf(out, " %s\n  ", finding_slug(f->kind));
                put_wrapped(out, style, 2, 2, f->message);
                if (f->remedy) {
                        fputs("  → ", out);
                        put_wrapped(out, style, 4, 4, f->remedy);
                }
        }
}

int report_table(const struct verdicts *v, struct report_style style, FILE *out)
{
        size_t unjudged = 0;

        head(&v->snapshot->host, style, out);
        for (size_t i = 0; i + 1 < ARRAY_SIZE(columns); i++) {
                put_cell(out, columns[i].title, width_of(i, style));
                fputc(' ', out);
        }
        fputs("VERDICT\n", out);
        for (size_t i = 0; i < v->n_groups; i++) {
                row(v, &v->groups[i], style, out);
                unjudged += v->groups[i].verdict == VERDICT_UNJUDGED;
        }
        findings(v, style, out);
        fprintf(out, "\n%zu groups of processes, %zu without a role to expect, %zu not judged; %zu findings\n",
                v->n_groups, unjudged, v->n_unknown, v->n_findings);
        return ferror(out) ? -EIO : 0;
}
