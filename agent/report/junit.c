/*
 * junit -- a plan as JUnit XML, in the elements that GitLab, Jenkins, CodeBuild and Azure Pipelines show: testsuites, testsuite,
 * testcase, failure, skipped, system-out. All texts were escaped when they were read, so that no control character is left.
 */
#include "style.h"

/* What a test case says: a failure, that it is skipped, or only a text; none of them: it passes. */
enum outcome_kind { OUTCOME_PASSED, OUTCOME_NOTE, OUTCOME_SKIPPED, OUTCOME_FAILED };
struct test_case { const char *class, *name; enum outcome_kind kind; const char *type, *message, *remedy; };
struct suite { struct text t; size_t n[OUTCOME_FAILED + 1]; };

/* U+FFFE and U+FFFF are no characters of XML 1.0 (2.2): U+FFFD stands for them. */
static void xml_add(struct text *t, const char *s)
{
        static const struct { const char *from, *to; } rows[] = {
                { "&", "&amp;" }, { "<", "&lt;" }, { ">", "&gt;" }, { "\"", "&quot;" },
                { "\xef\xbf\xbe", "\xef\xbf\xbd" }, { "\xef\xbf\xbf", "\xef\xbf\xbd" },
        };

        while (s && *s) {
                size_t i = 0;

                while (i < ARRAY_SIZE(rows) && strncmp(s, rows[i].from, strlen(rows[i].from)) != 0)
                        i++;
                if (i < ARRAY_SIZE(rows))
                        text_add(t, rows[i].to);
                else
                        text_addn(t, s, 1);
                s += i < ARRAY_SIZE(rows) ? strlen(rows[i].from) : 1;
        }
}

static void attribute_add(struct text *t, const char *name, const char *value)
{
        text_addf(t, " %s=\"", name);
        xml_add(t, value);
        text_add(t, "\"");
}

static void case_add(struct suite *s, const struct test_case *c)
{
        static const char *const elements[] = { [OUTCOME_NOTE] = "system-out", [OUTCOME_SKIPPED] = "skipped", [OUTCOME_FAILED] = "failure" };
        struct text *t = &s->t;

        s->n[c->kind]++;
        text_add(t, "    <testcase");
        attribute_add(t, "classname", c->class);
        attribute_add(t, "name", c->name);
        if (c->kind == OUTCOME_PASSED) {
                text_add(t, "/>\n");
                return;
        }
        text_addf(t, ">\n      <%s", elements[c->kind]);
        if (c->kind != OUTCOME_NOTE)
                attribute_add(t, "message", c->message);
        if (c->kind == OUTCOME_FAILED)
                attribute_add(t, "type", c->type);
        text_add(t, ">");
        xml_add(t, c->message);
        text_add(t, c->remedy ? "\n" : "");
        xml_add(t, c->remedy);
        text_addf(t, "</%s>\n    </testcase>\n", elements[c->kind]);
}

static enum outcome_kind outcome_of(enum severity s) { return severity_exit_status(s) ? OUTCOME_FAILED : OUTCOME_NOTE; }

/* ---- the cases ---- */

/* The program of a group, unless a finding stands for it. */
static void group_case(struct suite *s, const struct plan *p, const struct verdicts *v, size_t i)
{
        const struct group *g = &v->groups[i];
        const struct process *process = &v->snapshot->processes[g->process];
        CLEANUP(text_done) struct text name = { 0 };
        struct test_case c = { .class = p->family };

        for (size_t k = 0; k < v->n_findings; k++)
                if (v->findings[k].group == (int)i)
                        return;
        text_addf(&name, "credentials of %s in container %s", process_name(process), v->snapshot->containers[process->container].name);
        c.name = name.s;
        if (g->verdict == VERDICT_UNKNOWN) {
                c.kind = OUTCOME_SKIPPED;
                c.message = g->why_unknown;
        } else if (g->verdict == VERDICT_UNJUDGED) {
                c.kind = OUTCOME_SKIPPED;
                c.message = unjudged_text(unjudged_reason(g))->reason;
        }
        s->t.failed = s->t.failed || name.failed;
        case_add(s, &c);
}

static void finding_case(struct suite *s, const struct plan *p, const struct verdicts *v, size_t i)
{
        const struct finding *f = &v->findings[i];
        CLEANUP(text_done) struct text name = { 0 };
        const struct process *process = f->group >= 0 ? &v->snapshot->processes[v->groups[f->group].process] : NULL;
        const char *container = process ? v->snapshot->containers[process->container].name : NULL;

        text_add(&name, finding_slug(f->kind));
        if (process)
                text_addf(&name, ": %s in container %s", process_name(process), container);
        else if (f->expected)
                text_addf(&name, ": %s", f->expected);
        s->t.failed = s->t.failed || name.failed;
        case_add(s, &(struct test_case){ p->family, name.s, outcome_of(f->severity), finding_slug(f->kind), f->message ? f->message : finding_meaning(f->kind),
                                         f->remedy ? f->remedy : finding_advice(f->kind) });
}

static void warning_case(struct suite *s, const struct plan *p, const struct plan_warning *w)
{
        CLEANUP(text_done) struct text name = { 0 };

        text_addf(&name, "lint: %s: %s", w->where, w->message);
        s->t.failed = s->t.failed || name.failed;
        case_add(s, &(struct test_case){ p->family, name.s, outcome_of(w->severity), "lint", w->message, w->remedy });
}

static void more_warnings_case(struct suite *s, const struct plan *p)
{
        CLEANUP(text_done) struct text message = { 0 };

        if (!p->n_more_warnings)
                return;
        text_addf(&message, "%zu more lint warnings", p->n_more_warnings);
        s->t.failed = s->t.failed || message.failed;
        case_add(s, &(struct test_case){ p->family, "lint: more", outcome_of(p->more_warnings_worst), "lint", message.s, NULL });
}

int report_plan_junit(const struct plan *p, const struct verdicts *v, FILE *out)
{
        CLEANUP(text_done) struct text whole = { 0 };
        struct suite s = { .n = { 0 } };
        size_t all = 0;

        for (size_t i = 0; i < v->n_groups; i++)
                group_case(&s, p, v, i);
        for (size_t i = 0; i < v->n_findings; i++)
                finding_case(&s, p, v, i);
        for (size_t i = 0; i < p->n_warnings; i++)
                warning_case(&s, p, &p->warnings[i]);
        more_warnings_case(&s, p);
        for (size_t i = 0; i < ARRAY_SIZE(s.n); i++)
                all += s.n[i];
        text_add(&whole, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite");
        attribute_add(&whole, "name", p->source);
        text_addf(&whole, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", all, s.n[OUTCOME_FAILED], s.n[OUTCOME_SKIPPED]);
        text_add(&whole, s.t.s ? s.t.s : "");
        text_add(&whole, "  </testsuite>\n</testsuites>\n");
        whole.failed = whole.failed || s.t.failed;
        text_done(&s.t);
        if (whole.failed)
                return -ENOMEM;
        return fputs(whole.s, out) < 0 || fflush(out) != 0 ? -EIO : 0;
}
