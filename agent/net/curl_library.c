#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>
#include "curl_library.h"
#include "rolewatch/log.h"

/* result, name, parameters, arguments: every function of libcurl that this room calls. */
#define CURL_FUNCTIONS(F)                                                                                                                    \
        F(CURLcode, curl_global_init_mem,                                                                                                    \
          (long flags, curl_malloc_callback m, curl_free_callback f, curl_realloc_callback r, curl_strdup_callback s, curl_calloc_callback c),\
          (flags, m, f, r, s, c))                                                                                                            \
        F(void, curl_global_cleanup, (void), ())                                                                                             \
        F(CURL *, curl_easy_init, (void), ())                                                                                                \
        F(void, curl_easy_cleanup, (CURL *curl), (curl))                                                                                     \
        F(CURLM *, curl_multi_init, (void), ())                                                                                              \
        F(CURLMcode, curl_multi_cleanup, (CURLM *multi_handle), (multi_handle))                                                              \
        F(CURLMcode, curl_multi_add_handle, (CURLM *multi_handle, CURL *curl_handle), (multi_handle, curl_handle))                           \
        F(CURLMcode, curl_multi_remove_handle, (CURLM *multi_handle, CURL *curl_handle), (multi_handle, curl_handle))                        \
        F(CURLMcode, curl_multi_perform, (CURLM *multi_handle, int *running_handles), (multi_handle, running_handles))                       \
        F(CURLMcode, curl_multi_poll, (CURLM *multi_handle, struct curl_waitfd *extra_fds, unsigned int extra_nfds, int timeout_ms, int *ret),\
          (multi_handle, extra_fds, extra_nfds, timeout_ms, ret))                                                                            \
        F(CURLMsg *, curl_multi_info_read, (CURLM *multi_handle, int *msgs_in_queue), (multi_handle, msgs_in_queue))                         \
        F(struct curl_slist *, curl_slist_append, (struct curl_slist *list, const char *data), (list, data))                                 \
        F(void, curl_slist_free_all, (struct curl_slist *list), (list))
/* name, second parameter: those that take one value more, of the type that it says. */
#define CURL_VALUE_FUNCTIONS(F)                                                                                                              \
        F(curl_easy_setopt, CURLoption, option)                                                                                              \
        F(curl_easy_getinfo, CURLINFO, info)

/* The name is in parentheses, because curl.h has macros of some names, which check types. */
#define DEFINE(result, name, parameters, arguments)                                                                                           \
        static __typeof__(name) *real_##name;                                                                                                 \
        result (name) parameters { return real_##name arguments; }
CURL_FUNCTIONS(DEFINE)

/* The value is a pointer or an integer of its size, which are passed in the same way on every machine that this is built for. */
_Static_assert(sizeof(long) == sizeof(void *) && sizeof(curl_off_t) == sizeof(void *), "values of curl_easy_setopt are of one size");
#define DEFINE_VALUE(name, type, what)                                                                                                        \
        static __typeof__(name) *real_##name;                                                                                                 \
        CURLcode (name)(CURL *curl, type what, ...)                                                                                           \
        {                                                                                                                                     \
                va_list values;                                                                                                               \
                void *value;                                                                                                                  \
                                                                                                                                              \
                va_start(values, what);                                                                                                       \
                value = va_arg(values, void *);                                                                                               \
                va_end(values);                                                                                                               \
                return real_##name(curl, what, value);                                                                                        \
        }
CURL_VALUE_FUNCTIONS(DEFINE_VALUE)

static const struct { const char *name; void *real; } functions[] = {
#define F(result, name, parameters, arguments) { #name, &real_##name },
        CURL_FUNCTIONS(F)
#undef F
#define F(name, type, what) { #name, &real_##name },
        CURL_VALUE_FUNCTIONS(F)
#undef F
};

/*
 * What this program loads, for those who pack it (.note.dlopen of the UAPI group's "ELF dlopen metadata"). packaging/fits and
 * packaging/image read it.
 */
#define NOTE "[{\"feature\":\"http\",\"description\":\"Requests to the ECS agent, the instance metadata service and AWS\"," \
             "\"priority\":\"required\",\"soname\":[\"" CURL_LIBRARY "\"]}]"
static const struct { uint32_t name_bytes, bytes, type; char name[4], text[sizeof NOTE]; } note
        __attribute__((used, aligned(4), section(".note.dlopen"))) = { sizeof "FDO", sizeof NOTE, 0x407c0c0a, "FDO", NOTE };

static bool loaded;

int curl_library_load_from(const char *name)
{
        void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);

        for (size_t i = 0; library && i < ARRAY_SIZE(functions); i++) {
                void *real = dlsym(library, functions[i].name);

                if (!real)
                        library = NULL;
                memcpy(functions[i].real, &real, sizeof real);
        }
        loaded = library != NULL;
        if (!loaded)
                log_error("cannot load libcurl: %s", dlerror());
        return loaded ? 0 : -ELIBACC;
}

int curl_library_load(void) { return loaded ? 0 : curl_library_load_from(CURL_LIBRARY); }
