/* The files of an image by the entries of its layers: what is replaced, removed, linked, and where links and names lead. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "../../agent/plan/image_index.h"
#include "rolewatch/limits.h"

/*
 * An entry, by its first letter: d directory, f file, l link "path>target", h hard link "path>target", c device, - the next layer. The
 * size of a file is its number in the list.
 */
static int entry_put(struct image_index *ix, const char *line, uint64_t size)
{
        static const struct { char letter; enum index_type type; } types[] = {
                { 'd', INDEX_DIRECTORY }, { 'f', INDEX_FILE }, { 'l', INDEX_LINK }, { 'h', INDEX_HARD_LINK }, { 'c', INDEX_OTHER },
        };
        const char *to = strchr(line, '>');
        char path[PATH_MAX + 300];
        struct index_entry e = { .path = path, .target = to ? to + 1 : "", .file = { .size = size, .mode = 0644, .uid = 7 } };

        if (line[0] == '-') {
                index_layer_begin(ix);
                return 0;
        }
        for (size_t i = 0; i < ARRAY_SIZE(types); i++)
                if (types[i].letter == line[0])
                        e.file.type = types[i].type;
        snprintf(path, sizeof path, "%.*s", (int)(to ? (size_t)(to - line) - 1 : strlen(line) - 1), line + 1);
        return index_add(ix, &e);
}

/* "SIZE PATH" of a file, "TYPE PATH" of another, or the error. */
static const char *found_at(struct image_index *ix, const char *path, char buf[256])
{
        static const char *const types[] = { [INDEX_NONE] = "none", [INDEX_DIRECTORY] = "directory", [INDEX_LINK] = "link", [INDEX_OTHER] = "other", [INDEX_UNKNOWN] = "unknown" };
        const struct index_node *n;
        char whole[200];
        int r = index_find(ix, path, &n);

        if (r == 0)
                r = index_path(n, whole, sizeof whole);
        if (r < 0)
                snprintf(buf, 256, "%s", strerror(-r));
        else if (n->file.type == INDEX_FILE)
                snprintf(buf, 256, "%d %s", (int)n->file.size, whole);
        else
                snprintf(buf, 256, "%s %s", types[n->file.type], whole);
        return buf;
}

static const struct { const char *why, *entries[12], *path, *want; } rows[] = {
        { "a file", { "fa/b" }, "/a/b", "0 /a/b" }, { "its directory", { "fa/b" }, "a/", "directory /a" }, { "the root", { "d./" }, "/", "directory /" },
        { "nothing", { "fa" }, "/b", "No such file or directory" }, { "below a file", { "fa" }, "/a/b", "Not a directory" }, { "a device", { "ca" }, "/a", "other /a" },
        { "an absolute name, with dots", { "f/./a//b" }, "//a/./b", "0 /a/b" }, { "a name above the root", { "f../../a/../b" }, "/../../b", "0 /b" },
        { "a later layer replaces", { "fa", "-", "fa" }, "/a", "2 /a" }, { "... and the same one", { "fa", "fa" }, "/a", "1 /a" },
        { "a directory stays", { "fa/b", "-", "da" }, "/a/b", "0 /a/b" }, { "a file for a directory", { "fa/b", "-", "fa" }, "/a/b", "Not a directory" },
        { "... and a directory again", { "fa/b", "-", "fa", "-", "da" }, "/a/b", "No such file or directory" },
        { "a link for a directory", { "fa/b", "fc/b", "-", "la>c" }, "/a/b", "1 /c/b" },
        { "removed", { "fa/b", "-", "fa/.wh.b" }, "/a/b", "No such file or directory" }, { "a directory is removed", { "fa/b", "-", "f.wh.a" }, "/a/b", "No such file or directory" },
        { "... and made again, empty", { "fa/b", "-", "f.wh.a", "-", "da" }, "/a/b", "No such file or directory" }, { "... in the same layer", { "fa/b", "-", "f.wh.a", "da" }, "/a/b", "No such file or directory" },
        { "what the same layer has stays", { "fa/b", "-", "fa/c", "f.wh.a" }, "/a/c", "2 /a/c" }, { "... and what it hides is gone", { "fa/b", "-", "fa/c", "f.wh.a" }, "/a/b", "No such file or directory" },
        { "opaque", { "fa/b", "fa/d/e", "-", "fa/d/f", "fa/.wh..wh..opq" }, "/a/b", "No such file or directory" },
        { "... all the way", { "fa/b", "fa/d/e", "-", "fa/d/f", "fa/.wh..wh..opq" }, "/a/d/e", "No such file or directory" },
        { "... but not of the same layer", { "fa/b", "fa/d/e", "-", "fa/d/f", "fa/.wh..wh..opq" }, "/a/d/f", "3 /a/d/f" },
        { "... once, and in the next layer again", { "fa/b", "-", "fa/.wh..wh..opq", "fa/c", "fa/.wh..wh..opq", "-", "fa/.wh..wh..opq" }, "/a/c", "No such file or directory" },
        { "the link's name is removed, not its target", { "fa", "lb>a", "-", "f.wh.b" }, "/a", "0 /a" }, { "a name of another file system", { "fa", "-", "f.wh..wh.plnk", "f.wh." }, "/a", "0 /a" },
        { "nothing is removed", { "-", "fa/.wh.b" }, "/a", "directory /a" },
        { "a link", { "fa/b", "lc>a/b" }, "/c", "0 /a/b" }, { "an absolute one", { "fa/b", "ld/c>/a/b" }, "/d/c", "0 /a/b" }, { "... above the root", { "fb", "la/l>../../../b" }, "/a/l", "0 /b" },
        { "a link to nothing", { "la>b" }, "/a", "No such file or directory" }, { "links in a circle", { "la>b", "lb>a" }, "/a", "Too many levels of symbolic links" },
        { "a link to an empty name", { "la>" }, "/a", "directory /" },
        { "a directory by a link", { "ffoo/x", "llib>foo", "-", "flib/y" }, "/foo/y", "3 /foo/y" }, { "... that is missing", { "llib>/usr/lib", "flib/y" }, "/usr/lib/y", "1 /usr/lib/y" },
        { "a hard link", { "fa", "hb>a", "-", "f.wh.a" }, "/b", "0 /b" }, { "... to what is replaced later", { "fa", "hb>/a", "fa" }, "/b", "0 /b" }, { "... to a link", { "fa", "lb>a", "hc>b" }, "/c", "0 /a" },
        { "... to nothing", { "hb>a" }, "/b", "unknown /b" }, { "... to a directory", { "da", "hb>a" }, "/b", "unknown /b" }, { "below it", { "hb>a" }, "/b/c", "Not a directory" },
};

static void entries_become_files(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(index_freep) struct image_index *ix = NULL;
                char text[256];

                assert_int_equal(index_new(&ix), 0);
                index_layer_begin(ix);
                for (size_t k = 0; k < ARRAY_SIZE(rows[i].entries) && rows[i].entries[k]; k++)
                        assert_int_equal(entry_put(ix, rows[i].entries[k], k), 0);
                if (!streq(found_at(ix, rows[i].path, text), rows[i].want))
                        fail_msg("%s: %s", rows[i].why, text);
        }
}

static void a_file_is_of_the_layer_that_has_its_bytes(void **state)
{
        CLEANUP(index_freep) struct image_index *ix = NULL;
        const struct index_node *n;

        (void)state;
        assert_int_equal(index_new(&ix), 0);
        index_layer_begin(ix);
        assert_int_equal(entry_put(ix, "fa", 5), 0);
        index_layer_begin(ix);
        assert_int_equal(entry_put(ix, "hb>a", 0), 0);
        assert_int_equal(entry_put(ix, "fc", 0), 0);
        assert_int_equal(index_find(ix, "b", &n), 0);
        assert_int_equal(n->file.layer, 0);
        assert_int_equal(n->file.size, 5);
        assert_int_equal(n->file.uid, 7);
        assert_int_equal(index_find(ix, "c", &n), 0);
        assert_int_equal(n->file.layer, 1);
}

static void children_are_those_that_are_left(void **state)
{
        CLEANUP(index_freep) struct image_index *ix = NULL;
        static const char *const lines[] = { "fa/b", "fa/c", "fa/d", "-", "fa/.wh.c", "fa/e" };
        const struct index_node *n;
        unsigned count = 0;

        (void)state;
        assert_int_equal(index_new(&ix), 0);
        index_layer_begin(ix);
        for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
                assert_int_equal(entry_put(ix, lines[i], i), 0);
        assert_int_equal(index_find(ix, "/a", &n), 0);
        for (const struct index_node *c = n->child; c; c = c->sibling)
                count += c->file.type != INDEX_NONE;
        assert_int_equal(count, 3);
}

static void what_is_refused(void **state)
{
        CLEANUP(index_freep) struct image_index *ix = NULL;
        char name[NAME_MAX + 3] = "f", text[PATH_MAX + 2], small[4];
        const struct index_node *n;

        (void)state;
        assert_int_equal(index_new(&ix), 0);
        index_layer_begin(ix);
        assert_int_equal(entry_put(ix, "fa", 0), 0);
        assert_int_equal(entry_put(ix, "fa/b", 0), -ENOTDIR);
        assert_int_equal(entry_put(ix, "fa/b/c", 0), -ENOTDIR);
        assert_int_equal(entry_put(ix, "d..", 0), -EINVAL);
        memset(name + 1, 'x', NAME_MAX + 1);
        assert_int_equal(entry_put(ix, name, 0), -ENAMETOOLONG);
        assert_int_equal(index_find(ix, name + 1, &n), -ENAMETOOLONG);
        name[NAME_MAX + 1] = '\0';
        assert_int_equal(entry_put(ix, name, 0), 0);
        memset(text, '/', PATH_MAX);
        strcpy(text + PATH_MAX, "x");
        assert_int_equal(index_add(ix, &(struct index_entry){ .path = text, .file = { .type = INDEX_FILE } }), -ENAMETOOLONG);
        /* A link's target before the rest of the path. */
        memset(text, 'x', PATH_MAX - 2);
        strcpy(text + PATH_MAX - 2, "/");
        assert_int_equal(index_add(ix, &(struct index_entry){ .path = "l", .target = text, .file = { .type = INDEX_LINK } }), 0);
        assert_int_equal(index_find(ix, "/l/x/y", &n), -ENAMETOOLONG);
        assert_int_equal(entry_put(ix, "flong/path", 0), 0);
        assert_int_equal(index_find(ix, "long/path", &n), 0);
        assert_int_equal(index_path(n, small, sizeof small), -ENAMETOOLONG);
        assert_int_equal(index_find(ix, "/", &n), 0);
        assert_int_equal(index_path(n, small, 1), -ENAMETOOLONG);
}

static void depth_is_bounded(void **state)
{
        CLEANUP(index_freep) struct image_index *ix = NULL;
        char path[4096] = "";

        (void)state;
        assert_int_equal(index_new(&ix), 0);
        index_layer_begin(ix);
        for (size_t n = 0; n < 1024; n++)
                strcat(path, "d/");
        assert_int_equal(index_add(ix, &(struct index_entry){ .path = path, .file = { .type = INDEX_DIRECTORY } }), 0);
        /* ... and of what a link leads to. */
        path[strlen(path) - 1] = '\0';
        assert_int_equal(index_add(ix, &(struct index_entry){ .path = "l", .target = path, .file = { .type = INDEX_LINK } }), 0);
        assert_int_equal(entry_put(ix, "fl/x", 0), -ENAMETOOLONG);
        assert_int_equal(entry_put(ix, "fl/../x", 0), 0);
        index_layer_begin(ix);
        assert_int_equal(entry_put(ix, "f.wh..wh..opq", 0), 0);
        const struct index_node *n;
        assert_int_equal(index_find(ix, "l", &n), -ENOENT);
}

/* Short names that lead far: each costs as many steps as links and parts of paths are followed. */
static void steps_are_bounded(void **state)
{
        CLEANUP(index_freep) struct image_index *ix = NULL;
        char target[2000] = "";
        int r = 0;
        size_t n = 0;

        (void)state;
        assert_int_equal(index_new(&ix), 0);
        index_layer_begin(ix);
        for (size_t i = 0; i < 900; i++)
                strcat(target, "./");
        for (char c = 'a'; c < 'z'; c++) {
                char name[2] = { c }, to[2010];

                snprintf(to, sizeof to, "%s%c", target, c + 1);
                assert_int_equal(index_add(ix, &(struct index_entry){ .path = name, .target = to, .file = { .type = INDEX_LINK } }), 0);
        }
        for (; r == 0 && n < IMAGE_STEPS_MAX / 900; n++)
                r = index_add(ix, &(struct index_entry){ .path = "a/x", .file = { .type = INDEX_FILE } });
        assert_int_equal(r, -E2BIG);
        assert_true(n > IMAGE_STEPS_MAX / 900 / 30);
        const struct index_node *found;
        assert_int_equal(index_find(ix, "z/x", &found), 0);
}

static void entries_are_bounded(void **state)
{
        CLEANUP(index_freep) struct image_index *ix = NULL;
        int r = 0;
        unsigned n = 0;

        (void)state;
        assert_int_equal(index_new(&ix), 0);
        index_layer_begin(ix);
        for (; r == 0 && n <= IMAGE_ENTRIES_MAX; n++) {
                char path[16];

                snprintf(path, sizeof path, "%u", n);
                r = index_add(ix, &(struct index_entry){ .path = path, .file = { .type = INDEX_FILE } });
        }
        assert_int_equal(r, -E2BIG);
        assert_int_equal(n, IMAGE_ENTRIES_MAX + 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(entries_become_files), cmocka_unit_test(a_file_is_of_the_layer_that_has_its_bytes), cmocka_unit_test(children_are_those_that_are_left),
                cmocka_unit_test(what_is_refused), cmocka_unit_test(depth_is_bounded), cmocka_unit_test(steps_are_bounded), cmocka_unit_test(entries_are_bounded),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
