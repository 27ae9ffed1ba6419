/* report_internal -- what files of this room share beside style.h and html.h. */
#pragma once
#include <assert.h>
#include "rolewatch/emf.h"

/* The prefix of an event's message: "cleared: ", "still: " or "". */
const char *notice_event_before(enum notice_event e);
uint64_t emf_dropped(const struct emf_sink *s);        /* lines that were not sent */
