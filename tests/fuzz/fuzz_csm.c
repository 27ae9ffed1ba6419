/* Datagrams of client-side monitoring: any local process sends them. fuzz: dict=csm max_len=8192 */
#include "../../agent/evidence/evidence_internal.h"
#include "fuzz.h"

static const struct { const char *key, *final; size_t max; } texts[] = {
#define X(id, key, final, max) { key, final, max },
        CSM_TEXTS(X)
#undef X
};
static const char *const words[] = {
#define X(id, key, final, max) key, final ? final : "SessionToken",
        CSM_TEXTS(X)
#undef X
        "Version", "Timestamp", "HttpStatusCode", "FinalHttpStatusCode", "ApiCall", "ApiCallAttempt", "ASIAIOSFODNN7EXAMPLE",
        "AccessDenied", "is not authorized to perform: sns:Publish on resource: x", "\x1b[2J", "\xe2\x80\xae",
};
FUZZ_MUTATOR(json, words)

static bool wanted(const char *key)
{
        for (size_t i = 0; key && i < ARRAY_SIZE(texts); i++)
                if (streq(key, texts[i].key) || (texts[i].final && streq(key, texts[i].final)))
                        return true;
        return false;
}

/* Of all texts but the wanted ones at the top only x is left, whatever they are called and however deep. */
static void claim_erased(const cJSON *j, bool top)
{
        for (; j; j = j->next) {
                if (cJSON_IsString(j) && !(top && wanted(j->string)))
                        CLAIM(strspn(j->valuestring, "x") == strlen(j->valuestring));
                claim_erased(j->child, false);
        }
}

static void claim_redacted(const char *before, const char *after, size_t size)
{
        CALM;
        CLEANUP(freep) char *again = fuzz_text((const uint8_t *)after, size);
        CLEANUP(json_freep) cJSON *j = NULL;

        for (size_t i = 0; i < size; i++)
                CLAIM(before[i] == after[i] || after[i] == 'x');
        csm_redact(again, size);
        CLAIM(memcmp(again, after, size) == 0);
        if (json_parse(after, size, &j) == 0)
                claim_erased(cJSON_IsObject(j) ? j->child : j, cJSON_IsObject(j));
}

static void claim_call(const struct csm_call *c)
{
        const char *key = c->of[CSM_KEY];

        for (size_t i = 0; i < CSM_TEXT_MAX; i++) {
                claim_shown(c->of[i], "");
                CLAIM(!c->of[i] || strlen(c->of[i]) <= texts[i].max * strlen("\\xNN") + strlen("..."));
                fuzz_result(0, c->of[i] ? c->of[i] : "-");
        }
        CLAIM(c->of[CSM_SERVICE] && c->of[CSM_API] && c->attempt == streq(c->of[CSM_TYPE], "ApiCallAttempt"));
        CLAIM(!key || (strlen(key) >= 16 && text_is(key, strlen(key), "")));
        CLAIM(c->status == 0 || (c->status >= 100 && c->status <= 599));
        CLAIM(c->at_ms >= 0);
        CLAIM(!c->what || (c->what->kind == ERROR_DENIED && c->of[CSM_EXCEPTION]));
        fuzz_result(c->status, c->what && c->what->action ? c->what->action : "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) char *before = fuzz_text(data, size), *buf = fuzz_text(data, size);
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct csm_call c;
        int r = arena_new((size_t)1 << 20, &a);

        if (r == 0)
                r = csm_parse(a, buf, size, &c);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        CLAIM(r == 0 || r == -EBADMSG || r == -ENOMEM);
        if (a)
                claim_redacted(before, buf, size);
        if (r == 0)
                claim_call(&c);
        return 0;
}
