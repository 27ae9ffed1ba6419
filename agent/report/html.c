/*
 * html -- one page for people who were not on the host: which credentials each
 * process group uses and should use, and what to change. One file, no script,
 * nothing loaded.
 */
#include "html.h"

#ifndef ROLEWATCH_VERSION
#define ROLEWATCH_VERSION "0.0.0"
#endif
#define ARENA_LIMIT_BYTES ((size_t)64 << 20)
#define FACT_COLUMNS 200
#define MESSAGE_COLUMNS 1000

/* ---- head ---- */

static void html_put_head(struct html_page *h)
{
        const struct host *x = &h->v->snapshot->host;
        struct text *t = &h->t;

        text_add(t, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
                    "base-uri 'none'; form-action 'none'\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
                    "<title>AWS credentials in use on ");
        html_add_cut(t, x->instance_id ? x->instance_id : "this host", FACT_COLUMNS);
        text_add(t, "</title>\n");
        html_style(t);
        text_add(t, "</head>\n<body>\n");
}

static void put_fact(struct text *t, const char *what, const char *value)
{
        text_addf(t, "<li>%s <b class=\"f\">", what);
        html_add_cut(t, value, FACT_COLUMNS);
        text_add(t, "</b></li>\n");
}

static void put_facts(struct html_page *h)
{
        const struct host *x = &h->v->snapshot->host;
        struct text *t = &h->t;
        char when[32];

        text_add(t, "<header>\n<h1>AWS credentials in use on <span class=\"f\">");
        html_add_cut(t, x->instance_id ? x->instance_id : "this host", FACT_COLUMNS);
        text_add(t, "</span></h1>\n<ul class=\"facts\">\n");
        put_fact(t, "cluster", x->cluster ? arn_name(x->cluster) : "unknown");
        put_fact(t, "instance role", style_instance_role(x));
        put_fact(t, "region", x->region ? x->region : "unknown");
        put_fact(t, "account", x->account ? x->account : "unknown");
        put_fact(t, "ECS agent", x->agent_version ? x->agent_version : "unknown");
        put_fact(t, "scanned at", time_format(x->taken_s, when, sizeof when));
        text_add(t, "</ul>\n");
}

/* "3 of 14 process groups do not use the expected role; 2 could not be judged; 1 group has no task role (not judged)" */
static void put_counts(struct html_page *h)
{
        const size_t *n = h->pic.n_groups;
        size_t judged = h->v->n_groups - n[PIC_DOUBT] - n[PIC_FREE], bad = n[PIC_WRONG];
        struct text *t = &h->t;

        if (h->v->n_groups == 0)
                text_add(t, "No container process was found");
        else if (judged == 0)
                text_add(t, "No process group could be judged");
        else if (bad)
                text_addf(t, "<strong>%zu of %zu process group%s %s not use the expected role</strong>", bad, judged, plural(judged),
                          bad == 1 ? "does" : "do");
        else if (judged == 1)
                text_add(t, "The only process group uses the expected role");
        else
                text_addf(t, "All %zu process groups use the expected role", judged);
        if (n[PIC_DOUBT] && judged)
                text_addf(t, "; %zu could not be judged", n[PIC_DOUBT]);
        if (n[PIC_FREE])
                text_addf(t, "; %zu %s not judged", n[PIC_FREE], n[PIC_FREE] == 1 ? "was" : "were");
}

static void html_put_sum(struct html_page *h)
{
        const struct finding *worst = h->pic.n_findings ? h->pic.findings[0] : NULL;
        struct text *t = &h->t;
        const char *class = worst && worst->severity >= SEVERITY_WARNING ? " sum-wrong" :
                            worst && worst->severity >= SEVERITY_NOTICE ? " sum-warn" : "";

        text_addf(t, "<p class=\"sum%s\">", class);
        put_counts(h);
        if (worst) {
                text_addf(t, "; %s (%s <a href=\"#f1\">#1</a>): ", h->pic.n_findings == 1 ? "the finding" : "the worst finding",
                          severity_to_string(worst->severity));
                html_add_cut(t, worst->message ? worst->message : finding_meaning(worst->kind), MESSAGE_COLUMNS);
        }
        text_add(t, ".</p>\n</header>\n");
}

/* ---- foot ---- */

static void put_not_visible(struct html_page *h, const char *what, const char *why, bool *any)
{
        if (!why)
                return;
        text_add(&h->t, *any ? "" : "<p>Not visible to rolewatch:</p>\n<ul>\n");
        *any = true;
        text_addf(&h->t, "<li>%s", what);
        html_add_cut(&h->t, why, MESSAGE_COLUMNS);
        text_add(&h->t, "</li>\n");
}

static void put_foot(struct html_page *h)
{
        const struct verdicts *v = h->v;
        const struct host *x = &v->snapshot->host;
        const struct { const char *what; const struct answer *answer; } endpoints[] = {
                { "instance metadata service: ", &x->imds },
                { "ECS agent: ", &x->introspection },
                { "credentials endpoint of the ECS agent: ", &x->credentials },
        };
        struct text *t = &h->t;
        bool any = false;

        text_add(t, "<footer>\n<h2>About this page</h2>\n");
        put_not_visible(h, "", x->not_visible, &any);
        for (size_t i = 0; i < ARRAY_SIZE(endpoints); i++)
                if (endpoints[i].answer->state != ANSWER_OK)
                        put_not_visible(h, endpoints[i].what, style_answer(h->a, endpoints[i].answer), &any);
        put_not_visible(h, "policies: ", x->policies_error, &any);
        put_not_visible(h, "task definitions: ", x->definitions_error, &any);
        if (v->n_undecided)
                put_not_visible(h, "calls that could not be decided: ",
                                arena_printf(h->a, "%zu (%s)", v->n_undecided, v->undecided_why ? v->undecided_why : "see `rolewatch needs`"),
                                &any);
        if (any)
                text_add(t, "</ul>\n");
        text_addf(t, "<p>A process group is the processes of one container that get the same credentials for the same "
                     "reason. <code>rolewatch explain PID</code> shows the credential chain of a process. Environments "
                     "are shown as they were at exec. A group is not judged when no task role is known for it, when it "
                     "shows no use of AWS, or when its program only starts others.</p>\n<p>Written by rolewatch %s. This "
                     "page contains no secrets and no scripts, and loads nothing.</p>\n</footer>\n",
                  ROLEWATCH_VERSION);
}

static void html_done(struct html_page *h)
{
        text_done(&h->t);
        arena_free(h->a);
}

int report_html(const struct verdicts *v, FILE *out)
{
        CLEANUP(html_done) struct html_page h = { .v = v };
        int r = arena_new(ARENA_LIMIT_BYTES, &h.a);

        if (r == 0)
                r = picture_make(v, h.a, &h.pic);
        if (r < 0)
                return r;
        html_put_head(&h);
        put_facts(&h);
        html_put_sum(&h);
        text_add(&h.t, "<main>\n");
        r = html_picture(&h);
        if (r < 0)
                return r;
        html_findings(&h);
        html_tables(&h);
        text_add(&h.t, "</main>\n");
        put_foot(&h);
        text_add(&h.t, "</body>\n</html>\n");
        if (h.t.failed)
                return -ENOMEM;
        if (fwrite(h.t.s, 1, h.t.len, out) != h.t.len || fflush(out) != 0)
                return -EIO;
        return 0;
}
