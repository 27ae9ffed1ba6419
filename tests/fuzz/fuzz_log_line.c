/* Lines that containers write, as the journal has them. fuzz: dict=error max_len=16384 keep=32 */
#include "../../agent/evidence/evidence_internal.h"
#include "fuzz.h"

/* Pieces of what only an AWS error has in it. */
static bool marked(const char *in, size_t size)
{
        static const char *const pieces[] = { "is not authorized to perform", "is not authorized to assume IAM Role", "AccessDenied", "UnauthorizedOperation",
                                              "Encoded authorization failure message" };

        for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
                if (memmem(in, size, pieces[i], strlen(pieces[i])))
                        return true;
        return false;
}

static void claim_denied(const struct error_text *e)
{
        const char *const texts[] = { e->principal, e->account, e->role, e->session, e->user, e->action, e->resource, e->layer,
                                      e->policy, e->about, e->remedy };

        CLAIM(e->kind == ERROR_DENIED);
        for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
                claim_shown(texts[i], "");
                fuzz_result(0, texts[i] ? texts[i] : "-");
        }
}

/* The same as `rolewatch decode` says of it. */
static void claim_decoded(const char *in, size_t size, const struct error_text *e)
{
        CALM;
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct error_text other;

        CLAIM(arena_new(4 << 20, &a) == 0 && error_text_decode(a, in, size, &other) == 0);
        CLAIM(other.kind == e->kind && other.actor == e->actor && other.explicit_deny == e->explicit_deny);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) char *in = fuzz_text(data, size);
        CLEANUP(arena_freep) struct arena *a = NULL;
        struct error_text e;
        int r = arena_new((size_t)1 << 20, &a);

        if (r == 0)
                r = log_line_parse(a, in, size, &e);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        CLAIM(r == 0 || r == 1 || r == -ENOMEM);
        if (r <= 0)
                return 0;
        CLAIM(marked(in, size));
        claim_denied(&e);
        if (!fuzz_tortured())
                claim_decoded(in, size, &e);
        return 0;
}
