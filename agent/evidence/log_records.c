/*
 * The records of the files in which Docker keeps a container's log. Pure.
 *
 * Sources: Docker's driver json-file writes one JSON object per line, {"log": text with its line end, "stream", "time"}. The
 * driver local writes the length of a message, the message, and its length again; 4 bytes each, the highest first. The message is
 * protobuf: LogEntry { string source = 1; int64 time_nano = 2; bytes line = 3; bool partial = 4; PartialLogEntryMetadata
 * partial_log_metadata = 5; } and PartialLogEntryMetadata { bool last = 1; ... }. Later releases add fields.
 */
#include "evidence_internal.h"
#include "rolewatch/limits.h"

#define PROTO_VARINT_MAX 10            /* bytes */
enum proto_type { PROTO_VARINT = 0, PROTO_I64 = 1, PROTO_BYTES = 2, PROTO_I32 = 5 };

static int stream_priority(const char *s, size_t len)
{
        if (len == 6 && memcmp(s, "stderr", 6) == 0)
                return 3;
        return len == 6 && memcmp(s, "stdout", 6) == 0 ? 6 : -1;
}

/* ---- json-file ---- */

int log_json_parse(struct arena *a, const char *line, size_t len, struct log_record *ret)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        struct log_record x = { .priority = -1 };
        const char *text, *stream, *when;
        int64_t at_s;
        int r = json_parse(line, len, &j);

        if (r == 0)
                r = json_get_str(j, "log", LOG_RECORD_MAX, &text);
        if (r < 0)
                return r == -ENOMEM ? r : -EBADMSG;
        x.text.len = strlen(text);
        x.text.s = arena_dupn(a, text, x.text.len);
        if (!x.text.s)
                return -ENOMEM;
        if (json_get_str(j, "stream", 16, &stream) == 0)
                x.priority = stream_priority(stream, strlen(stream));
        if (json_get_str(j, "time", 64, &when) == 0 && time_parse(when, &at_s) == 0)
                x.at_us = at_s * 1000000;
        x.continues = x.text.len >= LOG_PART_MIN && text[x.text.len - 1] != '\n';
        *ret = x;
        return 0;
}

/* ---- local ---- */

struct proto { const char *p, *end; };
struct proto_field { uint64_t number, value; struct span bytes; };

static int proto_varint(struct proto *in, uint64_t *ret)
{
        uint64_t v = 0;

        for (unsigned i = 0; i < PROTO_VARINT_MAX && in->p < in->end; i++) {
                unsigned char c = (unsigned char)*in->p++;

                v |= (uint64_t)(c & 0x7f) << (7 * i);
                if (!(c & 0x80)) {
                        *ret = v;
                        return 0;
                }
        }
        return -EBADMSG;
}

static int proto_bytes(struct proto *in, uint64_t len, struct span *ret)
{
        if (len > (uint64_t)(in->end - in->p))
                return -EBADMSG;
        *ret = (struct span){ in->p, (size_t)len };
        in->p += len;
        return 0;
}

/* 1: a field; 0: the end; -EBADMSG. */
static int proto_next(struct proto *in, struct proto_field *ret)
{
        struct proto_field f = { .bytes = { in->p, 0 } };
        uint64_t key, len = 0;
        int r;

        if (in->p == in->end)
                return 0;
        r = proto_varint(in, &key);
        if (r < 0)
                return r;
        f.number = key >> 3;
        switch ((enum proto_type)(key & 7)) {
        case PROTO_VARINT:
                r = proto_varint(in, &f.value);
                break;
        case PROTO_I64:
                r = proto_bytes(in, 8, &f.bytes);
                break;
        case PROTO_I32:
                r = proto_bytes(in, 4, &f.bytes);
                break;
        case PROTO_BYTES:
                r = proto_varint(in, &len);
                if (r == 0)
                        r = proto_bytes(in, len, &f.bytes);
                break;
        default:
                r = -EBADMSG;
        }
        if (r < 0)
                return r;
        *ret = f;
        return 1;
}

/* Is it the last part of its line? Without a word: no. */
static int part_parse(struct span metadata, bool *ret_last)
{
        struct proto in = { metadata.s, metadata.s + metadata.len };
        struct proto_field f;
        int r;

        while ((r = proto_next(&in, &f)) > 0)
                if (f.number == 1)
                        *ret_last = f.value;
        return r;
}

static int entry_parse(struct span message, struct log_record *ret)
{
        struct proto in = { message.s, message.s + message.len };
        struct log_record x = { .text = { message.s, 0 }, .priority = -1 };
        struct proto_field f;
        bool partial = false, last = false;
        int r;

        while ((r = proto_next(&in, &f)) > 0) {
                if (f.number == 1)
                        x.priority = stream_priority(f.bytes.s, f.bytes.len);
                if (f.number == 2)
                        x.at_us = (int64_t)f.value / 1000;
                if (f.number == 3)
                        x.text = f.bytes;
                if (f.number == 4)
                        partial = f.value;
                if (f.number == 5 && part_parse(f.bytes, &last) < 0)
                        return -EBADMSG;
        }
        if (r < 0)
                return r;
        x.continues = partial && !last;
        *ret = x;
        return 0;
}

static uint32_t big_endian(const char *s)
{
        const unsigned char *b = (const unsigned char *)s;

        return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

uint64_t log_local_length(const char *s, size_t len) { return len < 4 ? 0 : (uint64_t)big_endian(s) + 8; }

ssize_t log_local_parse(const char *s, size_t len, struct log_record *ret)
{
        uint64_t whole = log_local_length(s, len);
        int r;

        if (whole > LOG_RECORD_MAX)
                return -EBADMSG;
        if (whole == 0 || len < whole)
                return 0;
        if (memcmp(s, s + whole - 4, 4) != 0)
                return -EBADMSG;
        r = entry_parse((struct span){ s + 4, (size_t)whole - 8 }, ret);
        return r < 0 ? r : (ssize_t)whole;
}
