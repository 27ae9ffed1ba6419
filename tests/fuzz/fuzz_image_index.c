/*
 * The files of an image, from the entries of its layers: a line each, as "f/etc/passwd", "l/bin>usr/bin", "h/b>a", "d/x", "c/dev/null", "-"
 * for the next layer. Each path of the input is then looked for.
 * fuzz: max_len=2048 keep=24
 */
#include <limits.h>
#include "../../agent/plan/image_index.h"
#include "fuzz.h"

static const char *const words[] = { "f", "d", "l", "h", "c", "-", "/", "..", ".", ">", "a", "b", "a/b", ".wh.a", ".wh..wh..opq", ".wh..wh.plnk", "usr", "l/bin>usr/bin" };
FUZZ_MUTATOR(lines, words)

static int line_add(struct image_index *ix, char *line)
{
        static const struct { char letter; enum index_type type; } types[] = {
                { 'd', INDEX_DIRECTORY }, { 'f', INDEX_FILE }, { 'l', INDEX_LINK }, { 'h', INDEX_HARD_LINK }, { 'c', INDEX_OTHER },
        };
        char *to = strchr(line, '>');
        struct index_entry e = { .path = line + 1, .target = to ? to + 1 : "" };

        if (line[0] == '-') {
                index_layer_begin(ix);
                return 0;
        }
        for (size_t i = 0; i < ARRAY_SIZE(types); i++)
                if (types[i].letter == line[0])
                        e.file.type = types[i].type;
        if (e.file.type == INDEX_NONE)
                return 0;
        if (to)
                *to = '\0';
        return index_add(ix, &e);
}

/* What is found has a path without links that leads to it, and its children are its own. */
static void line_open(struct image_index *ix, const char *line, struct text *out)
{
        const struct index_node *n, *same;
        char path[PATH_MAX];
        int r = index_find(ix, line, &n);

        CLAIM(r == 0 || r == -ENOENT || r == -ENOTDIR || r == -ELOOP || r == -ENAMETOOLONG);
        if (r < 0 || index_path(n, path, sizeof path) < 0)
                return;
        CLAIM(path[0] == '/' && !strstr(path, "/../") && !strstr(path, "//"));
        CLAIM(n->file.type != INDEX_NONE && n->file.type != INDEX_HARD_LINK && n->file.type != INDEX_LINK);
        CLAIM(n->file.type == INDEX_DIRECTORY || !n->child);
        for (const struct index_node *c = n->child; c; c = c->sibling)
                CLAIM(c->parent == n && c->in == n->below);
        CLAIM(index_find(ix, path, &same) == 0 && same == n);
        text_addf(out, "%s %d\n", path, (int)n->file.type);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) char *text = fuzz_text(data, size), *again = fuzz_text(data, size);
        CLEANUP(index_freep) struct image_index *ix = NULL;
        CLEANUP(text_done) struct text out = { 0 };
        int r = index_new(&ix);

        if (r == 0)
                index_layer_begin(ix);
        for (char *rest = text, *line; r == 0 && (line = strsep(&rest, "\n"));) {
                int k = line_add(ix, line);

                r = k == -ENOMEM ? k : 0;
        }
        FUZZ_ERROR(r);
        for (char *rest = again, *line; r == 0 && (line = strsep(&rest, "\n>"));)
                line_open(ix, *line ? line + 1 : line, &out);
        fuzz_result(r == 0 && out.failed ? -ENOMEM : r, out.s ? out.s : "");
        return 0;
}
