/* rolewatch explain: the walk of one group, for people. */
#include "style.h"

static void head(const struct verdicts *v, const struct group *g, FILE *out)
{
        const struct process *p = &v->snapshot->processes[g->process];
        const struct container *c = group_container(v, g);
        const struct task *t = group_task(v, g);

        fprintf(out, "%s (pid %d", group_program(v, g), p->pid);
        for (size_t i = 1; i < g->n_members && i < 8; i++)
                fprintf(out, ", %d", v->snapshot->processes[g->members[i]].pid);
        fprintf(out, "%s) in container %s of %s%s\n", g->n_members > 8 ? ", …" : "", c && c->name ? c->name : "(unnamed)",
                t ? "task " : "no ECS task", t ? t->family : "");
        if (t)
                fprintf(out, "  task        %s\n", t->arn);
        if (c)
                fprintf(out, "  container   %.12s\n", c->id);
        fprintf(out, "  SDK         %s%s%s (%s)\n", g->sdk_name ? g->sdk_name : "not recognised", g->sdk_version ? " " : "",
                g->sdk_version ? g->sdk_version : "",
                g->sdk_name ? certainty_word(g->sdk_certainty) : g->agreed ? "all SDKs agree" : "SDKs differ");
}

static void parties(const struct group *g, struct report_style style, FILE *out)
{
        char words[512];

        winner_words(&g->winner, words, sizeof words);
        fprintf(out, "  acts as     %s (%s)%s\n", words, certainty_word(g->winner.certainty),
                g->winner.via_expired ? ", expired" : "");
        fprintf(out, "  expected    %s%s%s\n", g->expected_role ? g->expected_role : "nothing",
                g->expected_why ? ": " : "", g->expected_why ? g->expected_why : "");
        fputs("  verdict     ", out);
        put_verdict(out, style, g->verdict);
        fputc('\n', out);
}

static void walk(const struct chain_result *r, struct report_style style, FILE *out)
{
        fprintf(out, "\n  The chain of %s, step by step:\n", r->row ? chain_row_title(r->row) : "no SDK");
        for (size_t i = 0; i < r->n_walk; i++) {
                const struct walk_step *s = &r->walk[i];

                fprintf(out, "  %2zu %-13s %-12s", i + 1, provider_word(s->provider), step_state_word(s->state));
                if (s->detail)
                        put_wrapped(out, style, 31, 31, s->detail);
                else
                        fputc('\n', out);
        }
}

static void by_sdk(const struct group *g, FILE *out)
{
        char words[512];

        if (g->agreed || g->n_by_row < 2)
                return;
        fputs("\n  By SDK:\n", out);
        for (size_t i = 0; i < g->n_by_row; i++) {
                winner_words(&g->by_row[i], words, sizeof words);
                fprintf(out, "     %-18s %s\n", chain_row_name(g->by_row[i].row), words);
        }
}

static void cause(const struct group *g, struct report_style style, FILE *out)
{
        char words[512];

        if (g->alt.row) {
                winner_words(&g->alt, words, sizeof words);
                fprintf(out, "\n  With the container's own environment: %s\n", words);
        }
        if (g->cause.keeper && g->cause.loser)
                fprintf(out, "  Lost between: %s (pid %d) → %s (pid %d)\n", g->cause.keeper_comm, g->cause.keeper,
                        g->cause.loser_comm, g->cause.loser);
        if (g->cause.text) {
                fputs("\n  Because ", out);
                put_wrapped(out, style, 2, 10, g->cause.text);
        }
        if (g->cause.remedy) {
                fputs("  → ", out);
                put_wrapped(out, style, 4, 4, g->cause.remedy);
        }
}

int report_explain(const struct verdicts *v, size_t group, struct report_style style, FILE *out)
{
        const struct group *g = &v->groups[group];

        head(v, g, out);
        parties(g, style, out);
        walk(&g->winner, style, out);
        by_sdk(g, out);
        cause(g, style, out);
        fputc('\n', out);
        return ferror(out) ? -EIO : 0;
}
