/* Records of kernel events, as the ring has them. fuzz: max_len=2048 */
#include "../../agent/evidence/record.h"
#include "rolewatch/model.h"
#include "fuzz.h"

/* A text of the event lies within the record, behind its head and behind the text before it. */
static const char *claim_within(struct span text, const char *from, const char *end)
{
        CLAIM(text.s == from && text.len <= (size_t)(end - from));
        return from + text.len;
}

static void claim_exec(const char *record, size_t size, const struct kernel_event *e)
{
        const char *at = record + sizeof(struct event_record), *end = record + size;

        claim_within(e->path, record + offsetof(struct event_record, path), at);
        CLAIM(e->path.len < EVENT_PATH_MAX - 1 && !memchr(e->path.s, '\0', e->path.len));
        at = claim_within(e->auxv, at, end);
        at = claim_within(e->arguments, at, end);
        at = claim_within(e->environment, at, end);
        CLAIM(e->auxv.len <= EVENT_AUXV_MAX && e->arguments.len <= EVENT_ARGUMENTS_MAX && e->environment.len <= EVENT_TEXT_MAX);
        CLAIM(!e->environment.len || at[-1] == '\0');
}

static bool same_text(struct span a, struct span b) { return a.len == b.len && (!a.len || memcmp(a.s, b.s, a.len) == 0); }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct kernel_event e = { .pid = -1 }, padded = { .pid = -1 };
        CLEANUP(freep) char *record = fuzz_text(data, size), *more = NULL;
        int r = event_record_parse(record, size, &e);

        CLAIM(r == 0 || (r == -EBADMSG && e.pid == -1));
        if (r < 0)
                return 0;
        CLAIM(e.pid > 0 && e.ppid >= 0 && strlen(e.comm) <= EVENT_COMM_MAX);
        CLAIM(!e.container[0] || strlen(e.container) == CONTAINER_ID_LEN);
        CLAIM(e.kind == EVENT_EXEC ? !e.endpoint : e.endpoint == EVENT_IMDS || e.endpoint == EVENT_CONTAINER_ENDPOINT);
        if (e.kind == EVENT_EXEC)
                claim_exec(record, size, &e);
        /* What stands behind the record is none of it. */
        {
                CALM;
                more = calloc(1, size + 64);
        }
        CLAIM(more);
        memcpy(more, record, size);
        CLAIM(event_record_parse(more, size + 64, &padded) == 0);
        CLAIM(padded.kind == e.kind && padded.pid == e.pid && padded.environment_whole == e.environment_whole && same_text(padded.environment, e.environment));
        return 0;
}
