#include <dlfcn.h>
#include "archive_library.h"

/* result, name, parameters, arguments: every function of libarchive that this room calls. */
#define ARCHIVE_FUNCTIONS(F)                                                                                                                 \
        F(struct archive *, archive_read_new, (void), ())                                                                                    \
        F(int, archive_read_support_filter_gzip, (struct archive *a), (a))                                                                   \
        F(int, archive_read_support_filter_zstd, (struct archive *a), (a))                                                                   \
        F(int, archive_read_support_format_raw, (struct archive *a), (a))                                                                    \
        F(int, archive_read_support_format_tar, (struct archive *a), (a))                                                                    \
        F(int, archive_read_open2,                                                                                                           \
          (struct archive *a, void *userdata, archive_open_callback *on_open, archive_read_callback *on_read, archive_skip_callback *on_skip,\
           archive_close_callback *on_close),                                                                                                \
          (a, userdata, on_open, on_read, on_skip, on_close))                                                                                \
        F(int, archive_read_next_header, (struct archive *a, struct archive_entry **ret), (a, ret))                                          \
        F(int64_t, archive_read_header_position, (struct archive *a), (a))                                                                   \
        F(int64_t, archive_filter_bytes, (struct archive *a, int filter), (a, filter))                                                       \
        F(ssize_t, archive_read_data, (struct archive *a, void *buf, size_t size), (a, buf, size))                                           \
        F(int, archive_read_free, (struct archive *a), (a))                                                                                  \
        F(const char *, archive_error_string, (struct archive *a), (a))                                                                      \
        F(const char *, archive_entry_pathname, (struct archive_entry *e), (e))                                                              \
        F(const char *, archive_entry_hardlink, (struct archive_entry *e), (e))                                                              \
        F(const char *, archive_entry_symlink, (struct archive_entry *e), (e))                                                               \
        F(mode_t, archive_entry_mode, (struct archive_entry *e), (e))                                                                        \
        F(int64_t, archive_entry_size, (struct archive_entry *e), (e))                                                                       \
        F(int64_t, archive_entry_uid, (struct archive_entry *e), (e))                                                                        \
        F(int64_t, archive_entry_gid, (struct archive_entry *e), (e))

#define DEFINE(result, name, parameters, arguments)                                                                                           \
        static __typeof__(name) *real_##name;                                                                                                 \
        result name parameters { return real_##name arguments; }
ARCHIVE_FUNCTIONS(DEFINE)

static const struct { const char *name; void *real; } functions[] = {
#define F(result, name, parameters, arguments) { #name, &real_##name },
        ARCHIVE_FUNCTIONS(F)
#undef F
};

/* As in agent/net/curl_library.c. Without this library one command says that it is missing, and all others work. */
#define NOTE "[{\"feature\":\"archives\",\"description\":\"Images that are archives, for rolewatch plan\"," \
             "\"priority\":\"recommended\",\"soname\":[\"" ARCHIVE_LIBRARY "\"]}]"
static const struct { uint32_t name_bytes, bytes, type; char name[4], text[sizeof NOTE]; } note
        __attribute__((used, aligned(4), section(".note.dlopen"))) = { sizeof "FDO", sizeof NOTE, 0x407c0c0a, "FDO", NOTE };

static bool loaded;

int archive_library_load_from(const char *name, struct text *error)
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
                text_addf(error, "an image that is an archive needs libarchive: %s; install libarchive13 (Debian 12, Ubuntu 22.04), libarchive13t64 (Debian 13, "
                          "Ubuntu 24.04) or libarchive (Amazon Linux 2023), or unpack the image and name its directory", dlerror());
        return loaded ? 0 : -ELIBACC;
}

int archive_library_load(struct text *error) { return loaded ? 0 : archive_library_load_from(ARCHIVE_LIBRARY, error); }
