/*
 * explain -- what `rolewatch explain` prints: one group with its container, the
 * walk through its credential chain, the cause and the remedy.
 */
#include "style.h"

#define ARENA_LIMIT_BYTES ((size_t)16 << 20)
#define PIDS_MAX 32                    /* pids that are listed; the rest is counted */

struct explanation {
        const struct verdicts *v;
        const struct group *g;
        const struct process *p;
        struct arena *a;
        struct page page;
};

static void explanation_done(struct explanation *t)
{
        page_done(&t->page);
        arena_free(t->a);
}

static void explain_pids(struct explanation *t)
{
        CLEANUP(text_done) struct text pids = { 0 };
        size_t n = t->g->n_members < PIDS_MAX ? t->g->n_members : PIDS_MAX;
        const char *name = process_name(t->p);
        bool both = t->p->exe && !streq(arn_name(t->p->exe), name);

        text_addf(&pids, "%s%s%s%s, pid", t->p->exe ? t->p->exe : name, both ? " (" : "", both ? name : "", both ? ")" : "");
        for (size_t i = 0; i < n; i++)
                text_addf(&pids, "%s%d", i ? ", " : " ",
                          (int)t->v->snapshot->processes[t->g->members[i]].pid);
        if (t->g->n_members > n)
                text_addf(&pids, " and %zu more", t->g->n_members - n);
        if (!pids.failed)
                page_field(&t->page, "process", pids.s);
}

static void explain_location(struct explanation *t)
{
        const struct snapshot *s = t->v->snapshot;
        const struct task *task = style_task(s, t->p);
        const struct container *c = &s->containers[t->p->container];
        const char *title =
                arena_printf(t->a, "%s (pid %d) in container %s of task %s",
                             process_name(t->p), (int)t->p->pid,
                             style_container(t->a, s, t->p), style_task_name(s, t->p));
        const char *where = arena_printf(t->a, "%s %s", c->name ? c->name : "(name unknown)",
                                         c->id ? c->id : "");

        page_wrap(&t->page, 0, 2, title);
        if (task)
                page_field(&t->page, "task",
                           arena_printf(t->a, "%s%s%s %s", task->family ? task->family : "",
                                        task->revision ? ":" : "",
                                        task->revision ? task->revision : "",
                                        task->arn ? task->arn : ""));
        else
                page_field(&t->page, "task", "none (the container is not part of an ECS task)");
        page_field(&t->page, "container", where);
        explain_pids(t);
}

static void explain_sdk(struct explanation *t)
{
        const struct group *g = t->g;
        const struct chain_row *row = g->winner.row;

        if (!g->sdk_name)
                page_field(&t->page, "sdk",
                           g->agreed ? "not recognized; every known SDK gives the same result"
                                     : "not recognized; the known SDKs give different results, see below");
        else
                page_field(&t->page, "sdk",
                           arena_printf(
                                   t->a, "%s%s%s (%s)", row ? chain_row_title(row) : g->sdk_name,
                                   g->sdk_version ? " " : "", g->sdk_version ? g->sdk_version : "",
                                   certainty_to_string(g->sdk_certainty)));
        if (g->sdk_name && row)
                page_field(&t->page, "chain",
                           chain_row_proven(row)
                                   ? arena_printf(t->a, "%s, verified against release %s", chain_row_name(row),
                                                  chain_row_proven(row))
                                   : arena_printf(t->a, "%s, not verified (read from source code)",
                                                  chain_row_name(row)));
        if (t->p->environ.state != ANSWER_OK)
                page_field(&t->page, "environment",
                           arena_printf(t->a, "not known: %s", t->p->environ.detail ? t->p->environ.detail
                                                                                   : style_answer(t->a, &t->p->environ)));
        else if (t->p->environment_source > ENVIRONMENT_MEMORY)
                page_field(&t->page, "environment",
                           arena_printf(t->a, "from %s: the program overwrote its own", environment_source_meaning(t->p->environment_source)));
        page_field(&t->page, "evidence", arena_printf(t->a, "%s: %s", evidence_class_to_string(t->g->evidence),
                                                      evidence_reason(t->v, t->g)));
}

static const char *explain_winner(struct explanation *t, const struct chain_result *r)
{
        const char *name = chain_result_name(r), *word = provider_to_string(r->provider);

        if (provider_is_none(r->provider))
                return arena_printf(t->a, "%s (%s)%s%s", name, word, r->error ? ": " : "", r->error ? r->error : "");
        return arena_printf(t->a, "%s (%s)%s%s%s", name, word, r->key_id ? ", key " : "", r->key_id ? r->key_id : "",
                            r->via_expired ? ", expired" : "");
}

static const char *explain_verdict_text(struct explanation *t)
{
        if (t->g->verdict == VERDICT_UNKNOWN && t->g->why_unknown)
                return arena_printf(t->a, "%s: %s", verdict_to_string(VERDICT_UNKNOWN), t->g->why_unknown);
        if (t->g->verdict != VERDICT_UNJUDGED)
                return verdict_to_string(t->g->verdict);
        return arena_printf(t->a, "not judged: %s", unjudged_text(unjudged_reason(t->g))->reason);
}

static void explain_verdict(struct explanation *t)
{
        const struct group *g = t->g;
        const char *acts = explain_winner(t, &g->winner);

        page_field(&t->page, "uses", acts ? acts : "");
        page_field(&t->page, "certainty", certainty_to_string(g->winner.certainty));
        if (g->expected_role)
                page_field(&t->page, "expected",
                           arena_printf(t->a, "%s%s%s", arn_name(g->expected_role),
                                        g->expected_why ? ": " : "",
                                        g->expected_why ? g->expected_why : ""));
        else
                page_field(&t->page, "expected",
                           g->expected_why ? g->expected_why : "none (no task role known)");
        text_add(&t->page.t, "  verdict     ");
        page_paint(&t->page, verdict_severity(g->verdict), explain_verdict_text(t));
        for (size_t i = 0; i < t->v->n_findings; i++) {
                const struct finding *f = &t->v->findings[i];

                if (f->group >= 0 && &t->v->groups[f->group] == g)
                        text_addf(&t->page.t, " (%s %s, %s)", severity_to_string(f->severity),
                                  finding_slug(f->kind), certainty_to_string(f->certainty));
        }
        text_add(&t->page.t, "\n");
}

static void explain_walk(struct explanation *t)
{
        const struct chain_result *r = &t->g->winner;
        const char *title = r->row ? arena_printf(t->a, "Credential chain of %s:", chain_row_title(r->row))
                                   : "Credential chain:";

        if (r->n_walk == 0)
                return;
        text_add(&t->page.t, "\n");
        page_wrap(&t->page, 0, 2, title);
        for (size_t i = 0; i < r->n_walk; i++) {
                const struct walk_step *w = &r->walk[i];
                char head[64];
                int n = snprintf(head, sizeof head, "  %2zu. %-12s  ", i + 1,
                                 provider_to_string(w->provider));
                const char *state = step_state_to_string(w->state);
                unsigned at = (unsigned)n + 13;

                text_add(&t->page.t, head);
                if (w->state == STEP_WINS)
                        page_paint(&t->page, verdict_severity(t->g->verdict), state);
                else
                        text_add(&t->page.t, state);
                if (w->detail) {
                        page_pad(&t->page, 13 - style_width(state));
                        page_wrap(&t->page, at, at, w->detail);
                } else {
                        text_add(&t->page.t, "\n");
                }
        }
}

static void explain_by_sdk(struct explanation *t)
{
        if (t->g->agreed || t->g->n_by_row == 0)
                return;
        text_add(&t->page.t, "\nResult by SDK:\n");
        for (size_t i = 0; i < t->g->n_by_row; i++) {
                const struct chain_result *r = &t->g->by_row[i];
                const char *name = r->row ? chain_row_name(r->row) : "?";
                const char *acts = style_acts(t->a, r);

                text_addf(&t->page.t, "  %-18s  ", name);
                page_wrap(&t->page, style_width(name) > 18 ? style_width(name) + 4 : 22, 22, acts);
        }
}

/* "sns:Publish on *: denied for ecsInstanceRole (no policy of the role allows it), allowed for webTaskRole" */
static void explain_calls(struct explanation *t)
{
        const struct group *g = t->g;

        if (g->n_calls)
                text_add(&t->page.t, "\nDeclared calls:\n");
        for (size_t i = 0; i < g->n_calls; i++) {
                const struct call *c = &g->calls[i];
                const char *winner = chain_result_name(&g->winner);

                page_wrap(&t->page, 0, 4,
                          arena_printf(t->a, "  %s on %s: %s for %s%s%s%s%s", c->action, c->resource,
                                       iam_answer_to_string(c->winner), winner, c->why ? " (" : "",
                                       c->why ? c->why : "", c->why ? ")" : "",
                                       g->verdict != VERDICT_WRONG
                                               ? ""
                                               : arena_printf(t->a, ", %s for %s",
                                                              iam_answer_to_string(c->expected),
                                                              g->expected_role)));
        }
}

static const char *person(struct explanation *t, pid_t pid, const char *comm)
{
        return arena_printf(t->a, "%s (pid %d)", comm, (int)pid);
}

static void explain_cause(struct explanation *t)
{
        const struct cause *c = &t->g->cause;

        if (t->g->alt.row) {
                const char *alt = explain_winner(t, &t->g->alt);

                page_wrap(&t->page, 0, 2,
                          arena_printf(t->a,
                                       "With the container's environment it would use: %s",
                                       alt ? alt : ""));
        }
        if (c->last_holder && c->first_without) {
                const char *last_holder = person(t, c->last_holder, c->last_holder_comm),
                           *first_without = person(t, c->first_without, c->first_without_comm);

                page_wrap(&t->page, 0, 2,
                          arena_printf(t->a, "Variable lost between: %s \xe2\x86\x92 %s",
                                       last_holder ? last_holder : "", first_without ? first_without : ""));
        }
        if (c->text)
                page_wrap(&t->page, 0, 2, arena_printf(t->a, "Cause: %s", c->text));
        if (c->remedy)
                page_wrap(&t->page, 0, 2, arena_printf(t->a, "Remedy: %s", c->remedy));
}

int report_explain(const struct verdicts *v, size_t group, struct report_style style, FILE *out)
{
        CLEANUP(explanation_done) struct explanation t = { .v = v };
        int r;

        if (group >= v->n_groups)
                return -EINVAL;
        r = arena_new(ARENA_LIMIT_BYTES, &t.a);
        if (r < 0)
                return r;
        page_start(&t.page, style);
        t.g = &v->groups[group];
        t.p = &v->snapshot->processes[t.g->process];
        explain_location(&t);
        explain_sdk(&t);
        explain_verdict(&t);
        explain_walk(&t);
        explain_by_sdk(&t);
        explain_calls(&t);
        if (t.g->alt.row || t.g->cause.text || t.g->cause.remedy)
                text_add(&t.page.t, "\n");
        explain_cause(&t);
        return page_print(&t.page, out);
}
