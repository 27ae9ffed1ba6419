/*
 * A libcurl.so.4 as other distributions have it, in front of this machine's: no symbol has a version, as on Amazon Linux, and an option
 * that came after 7.81 is refused, as on Ubuntu 22.04. FUNCTIONS are those of packaging/libraries but curl_easy_setopt, as F(name); REAL
 * is the path of the library. Without its header, which declares the function with variable arguments: a pointer and a long pass alike.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef FUNCTIONS /* alone, as a checker compiles it */
#define FUNCTIONS F(curl_version)
#define REAL "libcurl.so.4"
#endif
#define NEWEST_OF_7_81 315 /* CURLOPT_MIME_OPTIONS */
#define CURLE_UNKNOWN_OPTION 48

#define F(name)                                                                                       \
        static void *real_##name __attribute__((used));                                               \
        __asm__(".globl " #name "\n.type " #name ", @function\n" #name ":\n\tjmp *real_" #name "(%rip)\n");
FUNCTIONS
#undef F

static int (*real_setopt)(void *, int, void *);

int curl_easy_setopt(void *easy, int option, void *value);
int curl_easy_setopt(void *easy, int option, void *value)
{
        return option % 10000 > NEWEST_OF_7_81 ? CURLE_UNKNOWN_OPTION : real_setopt(easy, option, value);
}

static void *must(void *got)
{
        if (got)
                return got;
        fprintf(stderr, "libcurl.c: %s\n", dlerror());
        abort();
}

__attribute__((constructor)) static void resolve(void)
{
        void *lib = must(dlopen(REAL, RTLD_NOW));

        real_setopt = must(dlsym(lib, "curl_easy_setopt"));
#define F(name) real_##name = must(dlsym(lib, #name));
        FUNCTIONS
#undef F
}
