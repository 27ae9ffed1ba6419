/* file_publish -- a file for others to read: replaced whole or not at all. */
#pragma once
#include "errors.h"

/* text NULL: no memory for it. Failures are noted under `what`. */
void file_publish(struct error_log *errors, const char *what, const char *path, const char *text, unsigned mode);
int file_replace(const char *path, const char *text, size_t len, unsigned mode);       /* -errno */
