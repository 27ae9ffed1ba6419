/* record -- parses one record of the ring. Pure. */
#pragma once
#include "rolewatch/kernel_event.h"

/* Texts of *ret point into the record. -EBADMSG: its lengths do not fit, or it is no event. */
int event_record_parse(const void *record, size_t len, struct kernel_event *ret);
