/* collect_internal -- what the readers of the room share. */
#pragma once
#include "rolewatch/collect.h"

bool key_id_valid(const char *s);      /* an access key id: 16 to 128 of [A-Za-z0-9_] */
