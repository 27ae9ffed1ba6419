/*
 * Findings: one for each group that does not use the expected role, and those of
 * the host. A healthy host has none, except perhaps that IMDS is open.
 */
#include "causes.h"

/*
 * A web server may pass the variable on as a parameter of each request, fastcgi_param or SetEnv: getenv() of PHP reads those,
 * too, in php-fpm and in Apache (mod_php 8.2, run with SetEnv). PHP on the command line has none.
 */
static bool has_request_variables(const struct group *g, const struct process *p)
{
        return p->environment_source == ENVIRONMENT_CONFIGURATION || (streq(g->sdk_name, "php") && strncmp(process_name(p), "php", 3) != 0);
}

/* How certain it is that the group does not use the expected role, whichever SDK it has. */
static enum certainty failure_certainty(const struct judge_index *ix, const struct group *g)
{
        const struct process *p = &ix->s->processes[g->process];
        enum certainty least = CERTAINTY_CERTAIN;

        if (g->denied || (p->without_uri && g->winner.certainty == CERTAINTY_OBSERVED))
                return CERTAINTY_OBSERVED;
        if (g->evidence == EVIDENCE_DECLARED)
                return CERTAINTY_POSSIBLE;
        for (size_t i = 0; i < g->n_by_row; i++) {
                enum verdict verdict = expect_verdict(ix, p, &g->by_row[i]);

                if (verdict != VERDICT_WRONG && verdict != VERDICT_NONE)
                        return CERTAINTY_POSSIBLE;
                if (g->by_row[i].certainty < least)
                        least = g->by_row[i].certainty;
        }
        if (g->winner.certainty == CERTAINTY_OBSERVED)
                return CERTAINTY_OBSERVED;
        if (has_request_variables(g, p) && !has_relative_uri(p))
                return CERTAINTY_POSSIBLE;
        return g->agreed && g->winner.certainty < least ? g->winner.certainty : least;
}

static const char *others(const struct judge_index *ix, const struct group *g)
{
        return g->n_members == 1   ? ""
               : g->n_members == 2 ? " and 1 more process"
                                   : arena_printf(ix->a, " and %zu more processes", g->n_members - 1);
}

/* The ending of a verb whose subject is the group: "uses", "use". */
static const char *verb_s(const struct group *g) { return g->n_members == 1 ? "s" : ""; }

/* The SDK, where a process has several that differ; "" otherwise. */
static const char *with_sdk(const struct judge_index *ix, const struct group *g)
{
        const char *version = g->winner.version;

        if (!g->sdk_name || g->agreed)
                return "";
        return arena_printf(ix->a, " with %s%s%s", chain_row_title(g->winner.row), version ? " " : "",
                            version ? version : "");
}

/* The agent of ECS Exec, whose sessions have its credentials. */
static bool runs_ecs_exec(const struct process *p)
{
        const char *name = process_name(p);

        return strncmp(name, "amazon-ssm-agen", 15) == 0 || strncmp(name, "ssm-", 4) == 0;
}

static const char *message_of(const struct judge_index *ix, const struct group *g,
                              const struct cause_row *row)
{
        const struct process *p = &ix->s->processes[g->process];
        const char *subject = arena_printf(ix->a, "%s%s%s%s%s in %s", row->subject ? row->subject : "",
                                           row->subject ? " " : "", phrase_process(ix, g->process),
                                           runs_ecs_exec(p) ? ", which runs ECS Exec," : "", others(ix, g), phrase_location(ix, p));
        const char *expected = expect_of(ix, p)->unnamed ? "the task role" : g->expected_role;

        if (g->winner.via_expired && row->finding == FINDING_CREDENTIALS_EXPIRED)
                return arena_printf(ix->a, "%s use%s expired credentials of %s: %s", subject,
                                    verb_s(g), expected, g->cause.text);
        if (!expected)
                return arena_printf(ix->a, "%s get%s no credentials: %s", subject, verb_s(g), g->cause.text);
        if (g->verdict == VERDICT_NONE)
                return arena_printf(ix->a, "%s get%s no credentials%s (expected %s): %s", subject, verb_s(g),
                                    with_sdk(ix, g), expected, g->cause.text);
        return arena_printf(ix->a, "%s use%s %s%s instead of %s: %s", subject, verb_s(g),
                            phrase_acts_as(ix, &g->winner), with_sdk(ix, g), expected, g->cause.text);
}

/* ---- declared calls ---- */

/* The first declared call that fails with the credentials in use and is allowed to the expected role; NULL: none. */
static const struct call *call_lost(const struct group *g)
{
        for (size_t i = 0; i < g->n_calls; i++)
                if (call_denied(g->calls[i].winner) && g->calls[i].expected == IAM_ALLOWED)
                        return &g->calls[i];
        return NULL;
}

static bool calls_pass(const struct group *g)
{
        for (size_t i = 0; i < g->n_calls; i++)
                if (g->calls[i].winner != IAM_ALLOWED)
                        return false;
        return g->n_calls > 0;
}

static enum finding_kind wrong_kind(const struct group *g)
{
        if (g->verdict != VERDICT_WRONG)
                return FINDING_NO_CREDENTIALS;
        if (call_lost(g) || g->denied)
                return FINDING_WRONG_ROLE_DENIED;
        return calls_pass(g) ? FINDING_WRONG_ROLE_ALLOWED : FINDING_WRONG_ROLE;
}

/* What declared and observed calls add to the message about a wrong role; "" for nothing. */
/* "sns:Publish on RESOURCE", as far as a denial names them. */
static const char *denial_phrase(const struct judge_index *ix, const struct denial *d)
{
        return arena_printf(ix->a, "%s%s%s", d->action ? d->action : "a call", d->resource ? " on " : "",
                            d->resource ? d->resource : "");
}

static const char *calls_phrase(const struct judge_index *ix, const struct group *g)
{
        const struct call *c = call_lost(g);
        const char *winner = chain_result_name(&g->winner);

        if (g->verdict != VERDICT_WRONG)
                return "";
        if (g->denied)
                return arena_printf(ix->a, "; %s was denied, according to %s", denial_phrase(ix, g->denied), g->denied->source);
        if (c)
                return arena_printf(ix->a, "; %s%s is denied to %s (%s) but allowed to %s", c->action,
                                    phrase_on_resource(ix, c), winner, c->why, g->expected_role);
        return calls_pass(g) ? arena_printf(ix->a, "; every declared call is also allowed to %s, which hides the mistake", winner)
                             : "";
}

/* The group uses the expected role, and an undeclared call was observed to be denied to it. */
static void right_role_was_denied(struct finding_list *to, size_t i)
{
        const struct judge_index *ix = to->ix;
        const struct group *g = &to->v->groups[i];
        const struct process *p = &ix->s->processes[g->process];
        const struct denial *d = g->denied;
        struct finding *f;

        if (!d || g->verdict != VERDICT_OK || !g->expected_role)
                return;
        f = finding_add(to, FINDING_RIGHT_ROLE_DENIED, (int)i);
        f->certainty = CERTAINTY_OBSERVED;
        f->action = d->action;
        f->resource = d->resource;
        f->winner = chain_result_text(ix->a, &g->winner);
        f->expected = g->expected_role;
        f->message = arena_printf(ix->a, "%s uses the expected role %s, but %s was denied to it, according to %s",
                                  phrase_location(ix, p), g->expected_role, denial_phrase(ix, d), d->source);
        f->remedy = arena_printf(ix->a, "Run `rolewatch decode` on the error text to see which policy decided; if no policy allows the "
                                       "call, add to the policies of %s: {\"Effect\":\"Allow\",\"Action\":\"%s\",\"Resource\":\"%s\"}",
                                 g->expected_role, d->action ? d->action : "...", d->resource ? d->resource : "*");
}

/*
 * A prediction that holds for every SDK in question is a warning, so that it shows in the exit status. A mere possibility
 * is not, nor are missing credentials where no role is expected; where calls are declared it is worth a notice.
 */
static enum severity severity_allowed(const struct group *g, const struct finding *f)
{
        enum severity most = g->evidence == EVIDENCE_DECLARED ? SEVERITY_NOTICE : SEVERITY_INFO;

        if (f->certainty >= CERTAINTY_PREDICTED && g->expected_role)
                return f->severity;
        return f->severity < most ? f->severity : most;
}

/* The group uses the expected role, and the role lacks a declared permission. */
static void right_role_denied(struct finding_list *to, size_t i)
{
        const struct judge_index *ix = to->ix;
        const struct group *g = &to->v->groups[i];
        const struct process *p = &ix->s->processes[g->process];
        const struct call *c = NULL;
        struct finding *f;

        for (size_t k = 0; k < g->n_calls && !c; k++)
                if (g->verdict == VERDICT_OK && call_denied(g->calls[k].winner) &&
                    g->calls[k].winner == g->calls[k].expected)
                        c = &g->calls[k];
        if (!c) {
                right_role_was_denied(to, i);
                return;
        }
        f = finding_add(to, FINDING_RIGHT_ROLE_DENIED, (int)i);
        f->certainty = g->winner.certainty;
        f->severity = severity_allowed(g, f);
        /* The resource policy, which is not visible, may name the role. */
        if (c->resource_policy && f->severity > SEVERITY_NOTICE)
                f->severity = SEVERITY_NOTICE;
        f->action = c->action;
        f->resource = c->resource;
        f->winner = chain_result_text(ix->a, &g->winner);
        f->expected = g->expected_role;
        f->message = arena_printf(ix->a, "%s%s in %s use%s the expected role %s, but %s%s is denied to it: %s%s",
                                  phrase_process(ix, g->process), others(ix, g), phrase_location(ix, p), verb_s(g),
                                  g->expected_role, c->action, phrase_on_resource(ix, c), c->why,
                                  c->resource_policy ? " (unless the resource's policy names the role)"
                                                     : "");
        f->remedy = c->winner == IAM_EXPLICIT
                            ? arena_printf(ix->a, "Remove %s%s from the statement that denies it", c->action,
                                           phrase_on_resource(ix, c))
                            : arena_printf(ix->a, "Add to the policies of %s: {\"Effect\":\"Allow\","
                                                 "\"Action\":\"%s\",\"Resource\":\"%s\"}",
                                           g->expected_role, c->action, c->resource);
}

static bool is_reported(const struct group *g)
{
        if (group_fails(g))
                return true;
        return g->verdict == VERDICT_UNJUDGED && g->cause.mechanism &&
               cause_row_of(g->cause.mechanism)->when == ROLELESS;
}

/* Do both fail by one fact about their container, and in the same way? SDKs fail without credentials in several ways. */
static bool same_failure(const struct group *a, const struct group *b)
{
        return a->cause.shared && b->cause.shared && streq(a->cause.mechanism, b->cause.mechanism) && streq(a->cause.shared, b->cause.shared) &&
               a->verdict == b->verdict && (a->verdict != VERDICT_WRONG || same_result(&a->winner, &b->winner));
}

/* Does the finding of group a cover that of b: the same failure in the same container? */
static bool covers(const struct finding_list *to, size_t a, size_t b)
{
        const struct group *ga = &to->v->groups[a], *gb = &to->v->groups[b];
        const struct finding *fa = &to->of_groups[a], *fb = &to->of_groups[b];
        const struct process *processes = to->ix->s->processes;

        if (a == b || !is_reported(ga) || !is_reported(gb) || gb->denied)
                return false;
        if (processes[ga->process].container != processes[gb->process].container || fa->kind != fb->kind || !same_failure(ga, gb))
                return false;
        /* The most severe finding covers the others, and of those the most certain. */
        if (fa->severity != fb->severity)
                return fa->severity > fb->severity;
        return fa->certainty != fb->certainty ? fa->certainty > fb->certainty : a < b;
}

static bool is_covered(const struct finding_list *to, size_t i)
{
        for (size_t k = 0; k < to->v->n_groups; k++)
                if (covers(to, k, i))
                        return true;
        return false;
}

/*
 * "; the same applies to amazon-ssm-agent (pid 40), which runs ECS Exec, and 1 more program", or "". Of all, the program
 * that runs ECS Exec is named first.
 */
static const char *covered_phrase(const struct finding_list *to, size_t i)
{
        const struct judge_index *ix = to->ix;
        const struct process *all = ix->s->processes;
        int named = -1;
        size_t n = 0;

        for (size_t k = 0; k < to->v->n_groups; k++) {
                int process = to->v->groups[k].process;

                if (!covers(to, i, k))
                        continue;
                if (named < 0 || (!runs_ecs_exec(&all[named]) && runs_ecs_exec(&all[process])))
                        named = process;
                n++;
        }
        if (named < 0)
                return "";
        return arena_printf(ix->a, "; the same applies to %s%s%s", phrase_process(ix, named),
                            !runs_ecs_exec(&all[named]) ? "" : n > 1 ? ", which runs ECS Exec," : ", which runs ECS Exec",
                            n == 1 ? "" : arena_printf(ix->a, " and %zu more program%s", n - 1, n == 2 ? "" : "s"));
}

/* The finding of a group that is reported, without its texts. */
static struct finding finding_without_text(const struct judge_index *ix, const struct group *g)
{
        const struct cause_row *row = cause_row_of(g->cause.mechanism);
        struct finding f = { .kind = row->finding < 0 ? wrong_kind(g) : (enum finding_kind)row->finding, .certainty = failure_certainty(ix, g) };

        f.severity = finding_severity_of(f.kind, f.certainty);
        f.severity = severity_allowed(g, &f);
        return f;
}

static void group_finding(struct finding_list *to, size_t i)
{
        const struct judge_index *ix = to->ix;
        const struct group *g = &to->v->groups[i];
        struct finding *f = finding_add(to, to->of_groups[i].kind, (int)i);

        f->certainty = to->of_groups[i].certainty;
        f->severity = to->of_groups[i].severity;
        f->winner = chain_result_text(ix->a, &g->winner);
        f->expected = g->expected_role;
        f->message = arena_printf(ix->a, "%s%s%s", message_of(ix, g, cause_row_of(g->cause.mechanism)), calls_phrase(ix, g), covered_phrase(to, i));
        f->remedy = g->cause.remedy;
        if (f->kind == FINDING_WRONG_ROLE_DENIED) {
                f->action = g->denied ? g->denied->action : call_lost(g)->action;
                f->resource = g->denied ? g->denied->resource : call_lost(g)->resource;
        }
}

int findings_make(const struct judge_index *ix, struct verdicts *v)
{
        /* One per group, three per definition (one per role), two per role, and those of the host. */
        struct finding_list to = { .ix = ix, .v = v, .capacity = v->n_groups + 3 * (ix->s->n_definitions + 1) +
                                                                 2 * ix->s->n_roles + FINDING_KIND_MAX };
        enum finding_kind of_host = FINDING_KIND_MAX;
        struct finding *of_groups;
        int r;

        v->findings = arena_alloc(ix->a, to.capacity * sizeof *v->findings);
        of_groups = arena_alloc(ix->a, (v->n_groups + 1) * sizeof *of_groups);
        if (!v->findings || !of_groups)
                return -ENOMEM;
        to.of_groups = of_groups;
        for (size_t i = 0; i < v->n_groups; i++)
                if (is_reported(&v->groups[i]))
                        of_groups[i] = finding_without_text(ix, &v->groups[i]);
        r = host_endpoint(&to, &of_host);
        if (r < 0)
                return r;
        for (size_t i = 0; i < v->n_groups; i++) {
                const struct group *g = &v->groups[i];

                right_role_denied(&to, i);
                if (!is_reported(g))
                        continue;
                /* The finding of the host covers it. */
                if (of_host != FINDING_KIND_MAX && cause_row_of(g->cause.mechanism)->finding == (int)of_host)
                        continue;
                if (!is_covered(&to, i))
                        group_finding(&to, i);
        }
        missing_permissions_find(&to);
        trust_find(&to);
        return host_imds(&to);
}
