/* hunt -- the search for SDKs in one process, with the files that it has read. */
#pragma once
#include "found.h"
#include "rolewatch/limits.h"
#include "rolewatch/sdk.h"

struct hunt {
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
/* hunt.c. Searches one file of the process, once. True: it exists and names an SDK. */
bool hunt_file(struct hunt *h, enum sdk_format format, const char *fmt, ...) PRINTF(3, 4);
/* The executable itself. */
void hunt_executable(struct hunt *h);
/* The text of /proc/PID/maps, read once; "": it cannot be read. */
const char *hunt_maps(struct hunt *h);
/* The i-th word of the command line; NULL: there are no more. */
const char *hunt_arg(const struct hunt *h, size_t i);

/* One per language, in places.c. */
void hunt_python(struct hunt *h);
void hunt_node(struct hunt *h);
void hunt_ruby(struct hunt *h);
void hunt_java(struct hunt *h);
void hunt_php(struct hunt *h);
void hunt_dotnet(struct hunt *h);
