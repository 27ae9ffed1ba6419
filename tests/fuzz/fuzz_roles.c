/* The page of roles over any facts: what it says is escaped, and the same each time. fuzz: dict=snapshot max_len=16384 */
#include "fuzz.h"
#include "rolewatch/report.h"
#include "snapshot_dictionary.h"

static char *page_text(const struct verdicts *v, const struct role_page *page)
{
        cJSON *j = NULL;
        char *s;

        CLAIM(report_roles_json(v, page, &j) == 0);
        s = cJSON_PrintUnformatted(j);
        CLAIM(s);
        cJSON_Delete(j);
        return s;
}

static void claim_line(const struct role_line *line)
{
        const char *const texts[] = { line->of, line->role, line->here, line->why, line->remedy, line->visible_with };
        bool wrong = line->verdict != ROLE_VERDICT_OK && line->verdict != ROLE_VERDICT_NOT_NEEDED && line->verdict != ROLE_VERDICT_NOT_VISIBLE;

        for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
                claim_shown(texts[i], "");
        /* What is wrong has a remedy. */
        CLAIM(!wrong || line->remedy);
}

static void claim_page(const struct verdicts *v, const struct role_page *page)
{
        CALM;
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(freep) char *one = page_text(v, page), *two = NULL;
        struct role_page again;

        fuzz_result(roles_exit_status(page), one);
        claim_shown(one, "");
        for (size_t i = 0; i < page->n; i++)
                claim_line(&page->lines[i]);
        if (fuzz_tortured())
                return;
        CLAIM(arena_new(64 << 20, &a) == 0 && roles_judge(v, a, &again) == 0);
        two = page_text(v, &again);
        CLAIM(streq(one, two));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct role_page page;
        int r;

        {
                CALM;
                CLEANUP(json_freep) cJSON *j = NULL;
                CLEANUP(freep) char *in = fuzz_text(data, size);

                if (json_parse(in, size, &j) < 0 || model_from_json(j, &s) < 0 || judge(s, &v) < 0)
                        return 0;
                CLAIM(arena_new(64 << 20, &a) == 0);
        }
        r = roles_judge(v, a, &page);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r == 0)
                claim_page(v, &page);
        return 0;
}
