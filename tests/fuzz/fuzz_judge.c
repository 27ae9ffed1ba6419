/*
 * Verdicts over any facts: every rendering is escaped, every number in its
 * bounds, and the same facts give the same verdicts.
 * fuzz: dict=snapshot max_len=16384 keep=256
 */
#include "fuzz.h"
#include "rolewatch/notice.h"
#include "rolewatch/report.h"
#include "snapshot_dictionary.h"

static char *json_text(cJSON *j)
{
        char *s;

        CLAIM(j);
        s = cJSON_PrintUnformatted(j);
        CLAIM(s);
        claim_shown(s, "");
        cJSON_Delete(j);
        return s;
}

static char *verdicts_text(const struct verdicts *v)
{
        cJSON *j = NULL;

        CLAIM(report_json(v, &j) == 0);
        return json_text(j);
}

static void claim_pages(const struct verdicts *v)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(freep) char *page = NULL, *roles_json = NULL;
        const struct report_style style = { false, 80 };
        struct role_page roles;
        cJSON *j = NULL;
        size_t size = 0;
        FILE *f = open_memstream(&page, &size);

        CLAIM(f && arena_new(64 << 20, &a) == 0);
        CLAIM(report_table(v, style, f) == 0);
        for (size_t i = 0; i < v->n_groups && i < 4; i++)
                CLAIM(report_explain(v, i, style, f) == 0);
        CLAIM(roles_judge(v, a, &roles) == 0);
        CLAIM(report_roles(v, &roles, style, f) == 0);
        CLAIM(report_roles_json(v, &roles, &j) == 0);
        roles_json = json_text(j);
        fclose(f);
        claim_shown(page, "\n");
}

static void claim_notices(const struct verdicts *v)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        struct open_findings open = { .unknown_groups = v->n_unknown };
        const struct metrics_page page = { &open, v->snapshot->host.cluster, 5 };
        struct metrics m;

        CLAIM(arena_new(64 << 20, &a) == 0);
        for (size_t i = 0; i < v->n_findings; i++) {
                struct notice n;

                CLAIM(notice_make(v, &v->findings[i], a, &n) == 0);
                CLAIM(n.object);
                for (int k = 0; k < NOTICE_MAX; k++)
                        claim_shown(n.of[k], "");
                open_findings_add(&open, v->findings[i].kind, v->findings[i].severity);
        }
        metrics_of(&open, &m);
        for (int i = 0; i < METRIC_MAX; i++)
                CLAIM(m.of[i] >= 0 && m.of[i] <= (double)(v->n_findings + v->n_unknown + 1));
        metrics_prometheus(&page, &t);
        claim_shown(t.s, "\n");
}

static void claim_verdicts(const struct snapshot *s, const struct verdicts *v)
{
        CALM;
        CLEANUP(verdicts_freep) struct verdicts *again = NULL;
        CLEANUP(freep) char *one = verdicts_text(v), *two = NULL;
        size_t members = 0;

        fuzz_result(verdicts_exit_status(v), one);
        if (fuzz_tortured())
                return;
        for (size_t i = 0; i < v->n_groups; i++)
                members += v->groups[i].n_members;
        CLAIM(members <= s->n_processes);
        CLAIM(verdicts_exit_status(v) >= 0 && verdicts_exit_status(v) <= 3);
        claim_pages(v);
        claim_notices(v);
        CLAIM(judge(s, &again) == 0);
        two = verdicts_text(again);
        CLAIM(streq(one, two));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        int r;

        {
                CALM;
                CLEANUP(json_freep) cJSON *j = NULL;
                CLEANUP(freep) char *in = fuzz_text(data, size);

                if (json_parse(in, size, &j) < 0 || model_from_json(j, &s) < 0)
                        return 0;
        }
        r = judge(s, &v);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r == 0)
                claim_verdicts(s, v);
        return 0;
}
