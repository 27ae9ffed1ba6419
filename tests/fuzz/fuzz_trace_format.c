/* Format files of tracepoints: what is read of one, written down again, is read the same. fuzz: dict=trace max_len=4096 */
#include "../../agent/evidence/trace.h"
#include "fuzz.h"

static void claim_field(struct trace_field f, uint16_t size)
{
        CLAIM(f.size == size && f.offset <= 4096);
}

static void claim_connect(const struct trace_format *f)
{
        claim_field(f->family, 2);
        claim_field(f->dport, 2);
        claim_field(f->daddr, 4);
        claim_field(f->daddr_v6, 16);
}

static bool same(struct trace_field a, struct trace_field b) { return a.offset == b.offset && a.size == b.size; }

static void claim_again(const struct trace_format *f)
{
        CALM;
        CLEANUP(freep) char *text = NULL;
        struct trace_format again;

        CLAIM(asprintf(&text, "ID: %u\n\tfield:__u16 dport;\toffset:%u;\tsize:2;\n\tfield:__u16 family;\toffset:%u;\tsize:2;\n"
                              "\tfield:__u8 daddr[4];\toffset:%u;\tsize:4;\n\tfield:__u8 daddr_v6[16];\toffset:%u;\tsize:16;\n",
                       f->id, f->dport.offset, f->family.offset, f->daddr.offset, f->daddr_v6.offset) > 0);
        CLAIM(trace_format_parse(BROKER_EVENT_CONNECT, text, strlen(text), &again) == 0);
        CLAIM(again.id == f->id && same(again.family, f->family) && same(again.dport, f->dport) &&
              same(again.daddr, f->daddr) && same(again.daddr_v6, f->daddr_v6));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) char *in = fuzz_text(data, size);
        struct trace_format exec = { .id = 0 }, connect = { .id = 0 };
        int r = trace_format_parse(BROKER_EVENT_EXEC, in, size, &exec);

        CLAIM(r == 0 ? exec.id > 0 && exec.id <= UINT16_MAX : r == -EBADMSG && exec.id == 0);
        /* The one needs all of the other, and fields besides. */
        if (trace_format_parse(BROKER_EVENT_CONNECT, in, size, &connect) < 0) {
                CLAIM(connect.id == 0);
                return 0;
        }
        CLAIM(r == 0 && connect.id == exec.id);
        claim_connect(&connect);
        claim_again(&connect);
        return 0;
}
