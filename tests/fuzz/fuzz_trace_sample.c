/* Records of tracepoints, behind four offsets as a format file may say them. fuzz: max_len=512 */
#include <linux/perf_event.h>
#include "../../agent/evidence/trace.h"
#include "fuzz.h"

#define EXEC_ID 310
#define CONNECT_ID 1473
#define OFFSET_MAX 4096
#define RAW_AT 28                      /* perf_event_open(2): header, pid and tid, time, size of what follows */

static uint16_t u16_at(const uint8_t *p) { uint16_t n; memcpy(&n, p, sizeof n); return n; }
static uint32_t u32_at(const uint8_t *p) { uint32_t n; memcpy(&n, p, sizeof n); return n; }
static uint64_t u64_at(const uint8_t *p) { uint64_t n; memcpy(&n, p, sizeof n); return n; }

static struct trace_field field(const uint8_t **data, uint16_t size)
{
        struct trace_field f = { (uint16_t)(u16_at(*data) % (OFFSET_MAX + 1)), size };

        *data += 2;
        return f;
}

static void claim_connect(const uint8_t *raw, uint32_t len, const struct trace_format *f, const struct kernel_event *e)
{
        struct trace_field address = e->family == AF_INET ? f->daddr : f->daddr_v6;

        CLAIM(e->family == AF_INET || e->family == AF_INET6);
        CLAIM(f->family.offset + 2u <= len && f->dport.offset + 2u <= len && (uint32_t)address.offset + address.size <= len);
        CLAIM(u16_at(raw + f->family.offset) == e->family && u16_at(raw + f->dport.offset) == e->port);
        CLAIM(memcmp(raw + address.offset, e->address, address.size) == 0);
}

static void claim_event(const uint8_t *record, size_t size, const struct trace_format *formats, const struct kernel_event *e)
{
        uint32_t len = u32_at(record + RAW_AT - 4);

        CLAIM(size >= RAW_AT + 2 && len >= 2 && len <= size - RAW_AT);
        CLAIM(u32_at(record) == PERF_RECORD_SAMPLE && formats[e->kind].id == u16_at(record + RAW_AT));
        CLAIM(e->pid == (pid_t)u32_at(record + 8) && e->at_ns == u64_at(record + 16));
        if (e->kind == BROKER_EVENT_CONNECT)
                claim_connect(record + RAW_AT, len, &formats[e->kind], e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct trace_format formats[BROKER_EVENT_MAX] = { [BROKER_EVENT_EXEC] = { .id = EXEC_ID }, [BROKER_EVENT_CONNECT] = { .id = CONNECT_ID } };
        struct trace_format *connect = &formats[BROKER_EVENT_CONNECT];
        struct kernel_event e = { .pid = -1 }, padded = { .pid = -1 };
        CLEANUP(freep) char *record = NULL, *more = NULL;
        int r;

        if (size < 8)
                return 0;
        connect->family = field(&data, 2);
        connect->dport = field(&data, 2);
        connect->daddr = field(&data, 4);
        connect->daddr_v6 = field(&data, 16);
        size -= 8;
        record = fuzz_text(data, size);
        r = trace_sample_parse(record, size, formats, &e);
        CLAIM(r == 0 || (r == -EBADMSG && e.pid == -1));
        if (r < 0)
                return 0;
        claim_event((const uint8_t *)record, size, formats, &e);
        /* What stands behind the record is none of it. */
        {
                CALM;
                more = calloc(1, size + 64);
        }
        CLAIM(more);
        memcpy(more, record, size);
        CLAIM(trace_sample_parse(more, size + 64, formats, &padded) == 0);
        CLAIM(padded.kind == e.kind && padded.pid == e.pid && padded.port == e.port && memcmp(padded.address, e.address, 16) == 0);
        return 0;
}
