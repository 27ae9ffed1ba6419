/* Archives: reading tar files in place, what is compressed within limits, what changed meanwhile, and what libarchive is needed for. */
#if __has_include(<archive.h>)
#include <archive.h>           /* whose declarations have to agree with those of archive_library.h */
#include <archive_entry.h>
#endif
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "../../agent/plan/image_archive.h"
#include "../../agent/plan/image_config.h"
#include "rolewatch/limits.h"

static int file;

/* ---- tar files (POSIX.1-1988, ustar) ---- */

#define BLOCK 512
static size_t tar_entry(char *to, const char *name, char kind, const char *text)
{
        size_t size = kind == '0' ? strlen(text) : 0, blocks = (size + BLOCK - 1) / BLOCK;
        unsigned sum = 0;

        memset(to, 0, BLOCK * (blocks + 1));
        snprintf(to, 100, "%s", name);
        snprintf(to + 100, 8, "%07o", 0640u);
        snprintf(to + 108, 8, "%07o", 1000u);
        snprintf(to + 116, 8, "%07o", 1001u);
        snprintf(to + 124, 12, "%011o", (unsigned)size % 0100000u);
        snprintf(to + 136, 12, "%011o", 0u);
        memset(to + 148, ' ', 8);
        to[156] = kind;
        snprintf(to + 157, 100, "%s", kind == '0' ? "" : text);
        memcpy(to + 257, "ustar", 6);
        memcpy(to + 263, "00", 2);
        for (size_t i = 0; i < BLOCK; i++)
                sum += (unsigned char)to[i];
        snprintf(to + 148, 8, "%06o", sum);
        memcpy(to + BLOCK, text, size);
        return BLOCK * (blocks + 1);
}

static size_t tar_end(char *to)
{
        memset(to, 0, 2 * (size_t)BLOCK);
        return 2 * (size_t)BLOCK;
}

static char bytes[64 * BLOCK];

static struct range range_of(size_t size)
{
        assert_int_equal(ftruncate(file, 0), 0);
        assert_int_equal(pwrite(file, bytes, size, 0), (ssize_t)size);
        return (struct range){ file, 0, size };
}

/* A file of two blocks, a link, a hard link and an empty file. */
static struct range tar_of_files(void)
{
        char text[700];
        size_t n = 0;

        memset(text, 'a', sizeof text - 1);
        text[sizeof text - 1] = '\0';
        n += tar_entry(bytes + n, "etc/file", '0', text);
        n += tar_entry(bytes + n, "link", '2', "/etc/file");
        n += tar_entry(bytes + n, "hard", '1', "etc/file");
        n += tar_entry(bytes + n, "empty", '0', "");
        n += tar_entry(bytes + n, "device", '3', "");
        n += tar_end(bytes + n);
        return range_of(n);
}

static int setup(void **state)
{
        CLEANUP(text_done) struct text error = { 0 };

        (void)state;
        file = memfd_create("test", MFD_CLOEXEC);
        return file < 0 || archive_library_load(&error) < 0 ? -1 : 0;
}

/* ---- ranges ---- */

static void ranges_are_read(void **state)
{
        CLEANUP(freep) char *text = NULL;
        char hex[SHA256_HEX_SIZE], buf[4];

        (void)state;
        memcpy(bytes, "xabcx", 5);
        range_of(5);
        const struct range abc = { file, 1, 3 }, beyond = { file, 4, 3 }, closed = { -1, 0, 3 };
        assert_int_equal(range_sha256(&abc, hex), 0);
        /* FIPS 180-2, appendix B.1. */
        assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_int_equal(range_text(&abc, 3, &text), 0);
        assert_string_equal(text, "abc");
        assert_int_equal(range_text(&abc, 2, &text), -EFBIG);
        assert_int_equal(range_text(&beyond, 3, &text), -EIO);
        assert_int_equal(range_sha256(&beyond, hex), -EIO);
        assert_int_equal(range_read(&closed, 0, buf, 3), -EBADF);
        assert_false(range_is_compressed(&abc));
        assert_false(range_is_compressed(&closed));
        memcpy(bytes, "\x1f\x8b\x08\x00", 4);
        assert_true(range_is_compressed(&(struct range){ file, 0, range_of(4).size }));
}

/* ---- layers ---- */

static void bytes_are_copied_or_located(void **state)
{
        CLEANUP(text_done) struct text why = { 0 };
        const struct range r = tar_of_files();
        static const struct { const char *path; int want; } refused[] = {
                { "/device", -EINVAL }, { "/etc", -EINVAL }, { "/none", -ENOENT }, { "/etc/file/x", -ENOTDIR },
        };
        struct image_layers l;
        struct index_file f;
        struct range at;
        struct stat st;
        char first;

        (void)state;
        assert_int_equal(layers_begin(&l, 1), 0);
        assert_int_equal(layers_add(&l, &r, &why), 0);
        for (const char *const *path = (const char *const[]){ "/etc/file", "/link", "/hard", NULL }; *path; path++) {
                CLEANUP(closep) int fd = layers_open(&l, *path, &f);

                assert_true(fd >= 0 && fstat(fd, &st) == 0);
                assert_int_equal(st.st_size, 699);
                assert_int_equal(read(fd, &first, 1), 1);
                assert_int_equal(first, 'a');
                assert_int_equal(write(fd, "x", 1), -1);
                assert_true(f.uid == 1000 && f.gid == 1001 && f.mode == 0640);
                assert_int_equal(layers_locate(&l, *path, &at), 0);
                assert_true(at.fd == file && at.offset == BLOCK && at.size == 699);
        }
        CLEANUP(closep) int empty = layers_open(&l, "/empty", &f);
        assert_true(empty >= 0 && fstat(empty, &st) == 0 && st.st_size == 0);
        for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
                assert_int_equal(layers_open(&l, refused[i].path, &f), refused[i].want);
                assert_int_equal(layers_locate(&l, refused[i].path, &at), refused[i].want);
        }
        /* The file changes meanwhile. */
        assert_int_equal(ftruncate(file, BLOCK + 100), 0);
        assert_int_equal(layers_open(&l, "/etc/file", &f), -EIO);
        assert_int_equal(layers_open(&l, "/empty", &f), -EIO);
        assert_int_equal(layers_locate(&l, "/empty", &at), -EIO);
        (void)range_of(tar_entry(bytes, "etc/file", '0', "shorter"));
        assert_int_equal(layers_open(&l, "/etc/file", &f), -EIO);
        layers_done(&l);
}

static struct range gzip_of(struct range r)
{
        char line[128];
        FILE *p;
        size_t n;

        snprintf(line, sizeof line, "head -c %zu /proc/%d/fd/%d | gzip -nc", (size_t)r.size, (int)getpid(), file);
        p = popen(line, "r");
        assert_non_null(p);
        n = fread(bytes, 1, sizeof bytes, p);
        assert_int_equal(pclose(p), 0);
        return range_of(n);
}

static void what_is_compressed_has_limits(void **state)
{
        static const struct { const char *why; struct unpack_budget budget; int add; bool stored; const char *error; } rows[] = {
                { "enough of both", { 1 << 20, 1 << 20 }, 0, true, NULL }, { "the memory does not suffice", { 1 << 20, 1000 }, 0, false, NULL },
                { "it is too long", { 1000, 1 << 20 }, -EFBIG, false, "it unpacks to more than 32 GiB at byte " },
        };
        const struct range r = gzip_of(tar_of_files());

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(text_done) struct text why = { 0 };
                struct image_layers l;
                struct index_file f;
                struct range at;
                uint64_t before = rows[i].budget.stored;

                assert_int_equal(layers_begin(&l, 1), 0);
                l.budget = rows[i].budget;
                assert_int_equal(layers_add(&l, &r, &why), rows[i].add);
                if (rows[i].error && (!why.s || !strstr(why.s, rows[i].error)))
                        fail_msg("%s: %s", rows[i].why, why.s ? why.s : "");
                if (rows[i].add == 0) {
                        CLEANUP(closep) int fd = layers_open(&l, "/link", &f);

                        assert_int_equal(fd >= 0 ? 0 : fd, rows[i].stored ? 0 : -EFBIG);
                        assert_int_equal(layers_locate(&l, "/link", &at), rows[i].stored ? 0 : -EFBIG);
                        /* What is not stored takes nothing from the next layer. */
                        assert_int_equal(l.budget.stored == before, !rows[i].stored);
                }
                layers_done(&l);
        }
}

static void a_compressed_file_is_unpacked_or_refused(void **state)
{
        static const struct { struct unpack_budget budget; int want; const char *error; } rows[] = {
                { { 1 << 20, 1 << 20 }, 0, "" }, { { 1 << 20, 10 }, -EFBIG, "it unpacks to more than 1024 MiB; decompress it first" }, { { 10, 1 << 20 }, -EFBIG, "it unpacks to more than 32 GiB" },
        };
        struct range r = gzip_of(tar_of_files()), unpacked;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(text_done) struct text why = { 0 };
                struct unpack_budget budget = rows[i].budget;
                int k = range_unpack(&r, &budget, &why, &unpacked);

                assert_int_equal(k, rows[i].want);
                assert_true(k == 0 || strstr(why.s, rows[i].error));
                if (k == 0)
                        close(unpacked.fd);
        }
        CLEANUP(text_done) struct text why = { 0 };
        struct unpack_budget budget = rows[0].budget;
        r.size -= 20;
        assert_int_equal(range_unpack(&r, &budget, &why, &unpacked), -EBADMSG);
        assert_non_null(strstr(why.s, " at byte "));
        /* The file became shorter. */
        CLEANUP(text_done) struct text shorter = { 0 };
        assert_int_equal(ftruncate(file, 20), 0);
        assert_int_equal(range_unpack(&r, &budget, &shorter, &unpacked), -EIO);
        assert_non_null(strstr(shorter.s, "Input/output error"));
}

/* ---- the library ---- */

static void without_the_library(void **state)
{
        CLEANUP(text_done) struct text missing = { 0 }, other = { 0 }, error = { 0 };

        (void)state;
        assert_int_equal(archive_library_load_from("libnonexistent.so.1", &missing), -ELIBACC);
        assert_non_null(strstr(missing.s, "libnonexistent.so.1: cannot open shared object file"));
        assert_non_null(strstr(missing.s, "install libarchive13 (Debian 12, Ubuntu 22.04), libarchive13t64"));
        assert_int_equal(archive_library_load_from("libc.so.6", &other), -ELIBACC);
        assert_non_null(strstr(other.s, "archive_"));
        assert_int_equal(archive_library_load(&error), 0);
        assert_null(error.s);
}

/* ---- the configuration ---- */

static const struct { const char *why, *config, *container, *want, *used; } defaults[] = {
        { "all of the image", "{\"Cmd\":[\"c\"],\"Entrypoint\":[\"e\"],\"User\":\"u\",\"WorkingDir\":\"/w\"}", "{}",
          "{\"command\":[\"c\"],\"entryPoint\":[\"e\"],\"user\":\"u\",\"workingDirectory\":\"/w\"}", "command, entry point, user u, working directory /w" },
        { "the definition's command", "{\"Cmd\":[\"c\"],\"Entrypoint\":[\"e\"]}", "{\"command\":[\"d\"]}", "{\"command\":[\"d\"],\"entryPoint\":[\"e\"]}", "entry point" },
        { "the definition's entry point", "{\"Cmd\":[\"c\"],\"Entrypoint\":[\"e\"]}", "{\"entryPoint\":[\"d\"]}", "{\"entryPoint\":[\"d\"]}", NULL },
        { "an entry point that a template chooses", "{\"Cmd\":[\"c\"],\"Entrypoint\":[\"e\"]}", "{\"entryPoint\":{\"Ref\":\"E\"}}", "{\"entryPoint\":{\"Ref\":\"E\"}}", NULL },
        { "empty members of the definition", "{\"Cmd\":[\"c\"],\"User\":\"u\"}", "{\"command\":[],\"user\":\"\",\"entryPoint\":null}", "{\"entryPoint\":null,\"command\":[\"c\"],\"user\":\"u\"}", "command, user u" },
        { "empty members of the image", "{\"Cmd\":null,\"Entrypoint\":[],\"User\":\"\"}", "{}", "{}", NULL }, { "no configuration", "null", "{}", "{}", NULL },
};

static void defaults_of_the_image(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(defaults); i++) {
                CLEANUP(json_freep) cJSON *config = cJSON_Parse(defaults[i].config), *container = cJSON_Parse(defaults[i].container);
                CLEANUP(text_done) struct text used = { 0 };

                assert_int_equal(image_config_apply(config, container, &used), 0);
                CLEANUP(freep) char *line = json_line(container);
                if (!streq(line, defaults[i].want) || !streq(used.s, defaults[i].used))
                        fail_msg("%s: %s, %s", defaults[i].why, line, used.s ? used.s : "nothing");
        }
        CLEANUP(json_freep) cJSON *config = cJSON_Parse("{\"Env\":[\"A\",\"AB=1\",\"A=2\",\"A=3\"]}");
        assert_string_equal(image_config_variable(config, "A"), "2");
        assert_null(image_config_variable(config, "B"));
        assert_null(image_config_variable(NULL, "A"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(ranges_are_read), cmocka_unit_test(bytes_are_copied_or_located), cmocka_unit_test(what_is_compressed_has_limits),
                cmocka_unit_test(a_compressed_file_is_unpacked_or_refused), cmocka_unit_test(without_the_library), cmocka_unit_test(defaults_of_the_image),
        };

        return cmocka_run_group_tests(tests, setup, NULL);
}
