#include <linux/perf_event.h>
#include <stdio.h>
#include "trace.h"

#define LINE_SIZE 256

/* A line of a format file: "\tfield:TYPE NAME[N];\toffset:O;\tsize:S;\tsigned:B;" */
static bool line_field(const char *line, const char *name, struct trace_field *ret)
{
        const char *at = strstr(line, "field:"), *end = at ? strchr(at, ';') : NULL, *word;
        unsigned offset, size;
        size_t n;

        if (!end || sscanf(end, "; offset:%u; size:%u;", &offset, &size) != 2 || offset > 4096 || size > 4096)
                return false;
        for (word = end; word > at && word[-1] != ' '; word--)
                ;
        n = strcspn(word, "[;");
        if (strlen(name) != n || strncmp(word, name, n) != 0)
                return false;
        *ret = (struct trace_field){ (uint16_t)offset, (uint16_t)size };
        return true;
}

static const struct { const char *name; size_t at; uint16_t size; } connect_fields[] = {
        { "family",   offsetof(struct trace_format, family),   2 },
        { "dport",    offsetof(struct trace_format, dport),    2 },
        { "daddr",    offsetof(struct trace_format, daddr),    4 },
        { "daddr_v6", offsetof(struct trace_format, daddr_v6), 16 },
};

static void line_parse(enum broker_event kind, const char *line, struct trace_format *f, unsigned *fields_found)
{
        struct trace_field found;

        if (strncmp(line, "ID:", 3) == 0 && sscanf(line + 3, " %u", &f->id) == 1)
                *fields_found |= 1u << 31;
        for (size_t i = 0; kind == BROKER_EVENT_CONNECT && i < ARRAY_SIZE(connect_fields); i++)
                if (line_field(line, connect_fields[i].name, &found) && found.size == connect_fields[i].size) {
                        memcpy((char *)f + connect_fields[i].at, &found, sizeof found);
                        *fields_found |= 1u << i;
                }
}

int trace_format_parse(enum broker_event kind, const char *text, size_t len, struct trace_format *ret)
{
        unsigned fields_found = 0, wanted = 1u << 31;
        struct trace_format f = { .id = 0 };
        char line[LINE_SIZE];

        if (kind == BROKER_EVENT_CONNECT)
                wanted |= (1u << ARRAY_SIZE(connect_fields)) - 1;
        for (size_t at = 0; at < len;) {
                const char *nl = memchr(text + at, '\n', len - at);
                size_t n = nl ? (size_t)(nl - (text + at)) : len - at, copied = n < LINE_SIZE ? n : LINE_SIZE - 1;

                memcpy(line, text + at, copied);
                line[copied] = '\0';
                line_parse(kind, line, &f, &fields_found);
                at += n + 1;
        }
        if (fields_found != wanted || !f.id || f.id > UINT16_MAX)
                return -EBADMSG;
        *ret = f;
        return 0;
}

/* PERF_SAMPLE_TID, _TIME, _RAW in the order of perf_event_open(2). */
struct sample {
        struct perf_event_header head;
        uint32_t pid, tid;
        uint64_t time;
        uint32_t raw_size;
};

static bool trace_field_copy(struct span raw, struct trace_field f, void *to, size_t size)
{
        if (f.size != size || (size_t)f.offset + size > raw.len)
                return false;
        memcpy(to, raw.s + f.offset, size);
        return true;
}

static int connect_parse(struct span raw, const struct trace_format *f, struct kernel_event *e)
{
        uint16_t family;

        if (!trace_field_copy(raw, f->family, &family, sizeof family) ||
            !trace_field_copy(raw, f->dport, &e->port, sizeof e->port) ||
            (family != AF_INET && family != AF_INET6))
                return -EBADMSG;
        e->family = family;
        if (family == AF_INET)
                return trace_field_copy(raw, f->daddr, e->address, 4) ? 0 : -EBADMSG;
        return trace_field_copy(raw, f->daddr_v6, e->address, 16) ? 0 : -EBADMSG;
}

int trace_sample_parse(const void *record, size_t len, const struct trace_format formats[BROKER_EVENT_MAX],
                       struct kernel_event *ret)
{
        const char *raw = (const char *)record + offsetof(struct sample, raw_size) + 4;
        struct kernel_event e = { .port = 0 };
        struct sample s;
        uint16_t type;
        size_t head = (size_t)(raw - (const char *)record);

        if (len < head + sizeof type)
                return -EBADMSG;
        memcpy(&s, record, head);
        if (s.head.type != PERF_RECORD_SAMPLE || s.raw_size > len - head || s.raw_size < sizeof type)
                return -EBADMSG;
        memcpy(&type, raw, sizeof type);
        for (int i = 0; i < BROKER_EVENT_MAX; i++) {
                if (formats[i].id != type)
                        continue;
                e.kind = (enum broker_event)i;
                e.pid = (pid_t)s.pid;
                e.at_ns = s.time;
                if (i == BROKER_EVENT_CONNECT && connect_parse((struct span){ raw, s.raw_size }, &formats[i], &e) < 0)
                        return -EBADMSG;
                *ret = e;
                return 0;
        }
        return -EBADMSG;
}
