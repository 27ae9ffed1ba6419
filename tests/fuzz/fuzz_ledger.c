/* What was told before a restart, from the state file. fuzz: dict=json max_len=8192 */
#include "../../agent/daemon/ledger.h"
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
static int tell(void *userdata, enum notice_event e, const struct notice *n)
{
        (void)userdata;
        CLAIM(n->object && n->of[NOTICE_FINDING]);
        cleared += e == EVENT_CLEARED;
        return 0;
}

static char *text_of(const struct ledger *l)
{
        cJSON *j = NULL;
        char *s;

        CLAIM(ledger_to_json(l, &j) == 0);
        s = cJSON_PrintUnformatted(j);
        CLAIM(s);
        cJSON_Delete(j);
        return s;
}

static void claim_ledger(struct ledger *l)
{
        static const struct ledger_rules rules = { 300, 86400, 1000000 };
        CALM;
        CLEANUP(ledger_freep) struct ledger *again = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *one = text_of(l), *two = NULL;
        size_t open = ledger_count(l);

        fuzz_says(0, one);
        CLAIM(json_parse(one, strlen(one), &j) == 0 && ledger_from_json(j, &again) == 0);
        two = text_of(again);
        CLAIM(streq(one, two));
        /* Nothing is cleared at the first look, all is once it was away for so long. */
        CLAIM(ledger_look(l, &rules, 1000, NULL, 0, known, tell, NULL) == 0);
        CLAIM(ledger_count(l) == open);
        cleared = 0;
        CLAIM(ledger_look(l, &rules, 1300, NULL, 0, known, tell, NULL) == 0);
        CLAIM(ledger_count(l) == 0 && cleared == open);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(ledger_freep) struct ledger *l = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *in = fuzz_text(data, size);
        int r = json_parse(in, size, &j);

        if (r == 0)
                r = ledger_from_json(j, &l);
        FUZZ_ERROR(r);
        fuzz_says(r, NULL);
        CLAIM((r == 0) == (l != NULL));
        if (r == 0)
                claim_ledger(l);
        return 0;
}
