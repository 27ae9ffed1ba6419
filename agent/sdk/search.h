/* search -- the search for SDKs in one process, with the files that it has read. */
#pragma once
#include "found.h"
#include "rolewatch/limits.h"
#include "rolewatch/sdk.h"

struct sdk_search {
        const struct sdk_program *q;
        struct sdk_cache *cache;
        const struct process *p;
        const char *program;           /* last part of the executable's path */
        char *maps;                    /* NULL: not read yet */
        size_t maps_len;
        unsigned opens;
        bool no_memory;                /* the result is incomplete */
        bool outside;                  /* the last path leads above the root */
        struct sdk_set set;
};
/* search.c. Searches one file of the process, once. True: it exists and names an SDK. */
bool search_file(struct sdk_search *h, enum sdk_format format, const char *fmt, ...) PRINTF(3, 4);
/* Searches the names in a directory of the process as parts of a class path. */
void search_names(struct sdk_search *h, const char *directory);
/* The executable itself. */
void search_executable(struct sdk_search *h);
/* The text of /proc/PID/maps, read once; "": it cannot be read. */
const char *search_maps(struct sdk_search *h);
/* The i-th word of the command line; NULL: there are no more. */
const char *search_arg(const struct sdk_search *h, size_t i);

/* One per language, in languages.c. */
void search_python(struct sdk_search *h);
void search_node(struct sdk_search *h);
void search_ruby(struct sdk_search *h);
void search_java(struct sdk_search *h);
void search_php(struct sdk_search *h);
void search_dotnet(struct sdk_search *h);
