/* trace -- parses format files and records of tracepoints. Pure. */
#pragma once
#include "rolewatch/events.h"

/* Offsets of the fields of a record, by its format file. */
struct trace_field { uint16_t offset, size; };
struct trace_format { uint32_t id; struct trace_field family, dport, daddr, daddr_v6; };
/* Parses the format file of an event. -EBADMSG: a field is missing, or has another size. */
int trace_format_parse(enum broker_event kind, const char *text, size_t len, struct trace_format *ret);
/*
 * One PERF_RECORD_SAMPLE of TID, TIME and RAW, with its header. -EBADMSG: not
 * one, or of no event of formats (one a kind).
 */
int trace_sample_parse(const void *record, size_t len, const struct trace_format formats[BROKER_EVENT_MAX],
                       struct kernel_event *ret);
