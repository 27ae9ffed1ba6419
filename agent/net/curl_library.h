/*
 * curl_library -- libcurl, loaded when something is first requested.
 *
 * The daemon itself requests nothing, its child processes do. Linked, libcurl and the 30 libraries that it needs would be 3 MiB of the
 * daemon's memory. The functions that curl.h declares are defined in curl_library.c: they pass their arguments on to the library.
 */
#pragma once
#include <curl/curl.h>

#define CURL_LIBRARY "libcurl.so.4"

/* To be called before any function of curl.h. It loads libcurl once per process. -ELIBACC: it cannot be loaded; the log has the reason. */
int curl_library_load(void);
/* For tests: loads the library of that name in its place. */
int curl_library_load_from(const char *name);
