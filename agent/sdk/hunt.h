/* hunt -- one process, and what of its files has been looked at. */
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
        bool no_memory;                /* what was found is not all */
        bool outside;                  /* the last file was sought above the root */
        struct sdk_set set;
};
/* hunt.c. Looks into one file of the process, once; true: it was there and names an SDK. */
bool hunt_file(struct hunt *h, enum sdk_format format, const char *fmt, ...) PRINTF(3, 4);
/* The executable itself. */
void hunt_executable(struct hunt *h);
/* The text of /proc/PID/maps, read once; "" where it cannot be. */
const char *hunt_maps(struct hunt *h);
/* The i-th word of the command line; NULL: there are no more. */
const char *hunt_arg(const struct hunt *h, size_t i);

/* One for each language, in places.c. */
void hunt_python(struct hunt *h);
void hunt_node(struct hunt *h);
void hunt_ruby(struct hunt *h);
void hunt_java(struct hunt *h);
void hunt_php(struct hunt *h);
void hunt_dotnet(struct hunt *h);
