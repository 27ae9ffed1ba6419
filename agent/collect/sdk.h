/*
 * sdk -- which SDK a process carries, by its executable and a few bounded
 * reads at fixed places below its root. Nothing recognised is the honest
 * answer for a program that rolewatch does not know.
 */
#pragma once
#include "files.h"

/* Fills p->sdks. `cwd` may be NULL. 0 or -ENOMEM. */
int sdk_recognise(const struct file_view *v, const char *cwd, struct process *p);
/* The quoted text behind `key` ("__version__ = '", "\"version\": \""), into buf. False: none. Pure. */
bool sdk_version_of(const char *text, const char *key, char *buf, size_t size);
