/* file_publish -- writes a file for others to read, atomically. */
#pragma once
#include "errors.h"
#include "rolewatch/io.h"

/* text NULL: no memory for it. Failures are noted under `what`. */
void file_publish(struct error_log *errors, const char *what, const struct file_target *to, const char *text);
