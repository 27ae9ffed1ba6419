/* What was told before a restart, from the state file. fuzz: dict=json max_len=8192 */
#include "../../agent/daemon/finding_state.h"
#include "fuzz.h"

static const char *const words[] = { "object", "since", "told", "id", "wrong-role", "call-would-fail", "severity", "message",
                                     "containerId", "remedy", "no-credentials", "web/app", "\x1b[2J" };
FUZZ_MUTATOR(json, words)

static unsigned cleared;
static bool known(void *userdata, const char *container, enum finding_kind kind)
{
        (void)userdata;
        (void)container;
        (void)kind;
        return true;
}
static int on_notice(void *userdata, enum notice_event e, const struct notice *n)
{
        (void)userdata;
        CLAIM(n->object && n->of[NOTICE_FINDING]);
        cleared += e == EVENT_CLEARED;
        return 0;
}

static char *text_of(const struct finding_state *l)
{
        cJSON *j = NULL;
        char *s;

        CLAIM(finding_state_to_json(l, &j) == 0);
        s = cJSON_PrintUnformatted(j);
        CLAIM(s);
        cJSON_Delete(j);
        return s;
}

static void claim_state(struct finding_state *l)
{
        const struct finding_context first = { .rules = { 300, 86400, 1000000 }, .now_s = 1000, .publish = on_notice };
        const struct finding_context later = { .rules = { 300, 86400, 1000000 }, .now_s = 1300, .publish = on_notice };
        const struct scan_findings none = { .visible = known };
        CALM;
        CLEANUP(finding_state_freep) struct finding_state *again = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *one = text_of(l), *two = NULL;
        size_t open = finding_state_count(l);

        fuzz_result(0, one);
        CLAIM(json_parse(one, strlen(one), &j) == 0 && finding_state_from_json(j, &again) == 0);
        two = text_of(again);
        CLAIM(streq(one, two));
        /* Nothing is cleared at the first scan, all is once it was away for so long. */
        CLAIM(finding_state_scan(l, &first, &none) == 0);
        CLAIM(finding_state_count(l) == open);
        cleared = 0;
        CLAIM(finding_state_scan(l, &later, &none) == 0);
        CLAIM(finding_state_count(l) == 0 && cleared == open);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(finding_state_freep) struct finding_state *l = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *in = fuzz_text(data, size);
        int r = json_parse(in, size, &j);

        if (r == 0)
                r = finding_state_from_json(j, &l);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        CLAIM((r == 0) == (l != NULL));
        if (r == 0)
                claim_state(l);
        return 0;
}
