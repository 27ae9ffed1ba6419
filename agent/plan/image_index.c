#include <limits.h>
#include <search.h>
#include <stdio.h>
#include "image_index.h"
#include "rolewatch/limits.h"

#define LINKS_MAX 40                   /* as the kernel */
#define DEPTH_MAX 1024
#define WHITEOUT ".wh."
#define OPAQUE WHITEOUT WHITEOUT ".opq"

struct image_index {
        struct arena *arena;           /* of the nodes */
        void *tree;                    /* tsearch(3): nodes by `in` and name */
        struct index_node *root;
        unsigned layer, entries;       /* layer: from 1 */
        uint64_t below, steps;
};

/* The root has a name of no bytes. A key has its name behind it. */
static int node_compare(const void *a, const void *b)
{
        const struct index_node *x = a, *y = b;

        if (x->in != y->in)
                return x->in < y->in ? -1 : 1;
        return strcmp(x->name, y->name);
}

static struct index_node *node_new(struct image_index *ix, const char *name, size_t len)
{
        struct index_node *n = arena_alloc(ix->arena, sizeof *n + len + 1);

        if (n)
                memcpy(n->name, name, len);
        return n;
}

static void tree_node_free(void *node) { (void)node; }

void index_free(struct image_index *ix)
{
        if (!ix)
                return;
        tdestroy(ix->tree, tree_node_free);
        arena_free(ix->arena);
        free(ix);
}

int index_new(struct image_index **ret)
{
        CLEANUP(index_freep) struct image_index *ix = calloc(1, sizeof *ix);
        int r = ix ? arena_new(IMAGE_NAMES_BYTES_MAX, &ix->arena) : -ENOMEM;

        if (r < 0)
                return r;
        ix->root = node_new(ix, "", 0);
        if (!ix->root)
                return -ENOMEM;
        ix->root->parent = ix->root;
        ix->root->file = (struct index_file){ .type = INDEX_DIRECTORY, .mode = 0755 };
        ix->root->below = ++ix->below;
        *ret = TAKE(ix);
        return 0;
}

void index_layer_begin(struct image_index *ix) { ix->layer++; }

/* ---- children ---- */

static struct index_node *child_find(struct image_index *ix, const struct index_node *directory, const char *name, size_t len)
{
        union { struct index_node node; char space[sizeof(struct index_node) + NAME_MAX + 1]; } key;
        struct index_node *const *found;

        key.node.in = directory->below;
        memcpy(key.node.name, name, len);
        key.node.name[len] = '\0';
        found = tfind(&key, &ix->tree, node_compare);
        return found ? *found : NULL;
}

static int child_make(struct image_index *ix, struct index_node *directory, struct span name, struct index_node **ret)
{
        struct index_node *n = child_find(ix, directory, name.s, name.len);

        if (n) {
                *ret = n;
                return 0;
        }
        if (directory->depth >= DEPTH_MAX)
                return -ENAMETOOLONG;
        if (ix->entries >= IMAGE_ENTRIES_MAX)
                return -E2BIG;
        n = node_new(ix, name.s, name.len);
        if (!n)
                return -ENOMEM;
        n->in = directory->below;
        if (!tsearch(n, &ix->tree, node_compare))
                return -ENOMEM;
        ix->entries++;
        n->depth = directory->depth + 1;
        n->parent = directory;
        n->sibling = directory->child;
        directory->child = n;
        *ret = n;
        return 0;
}

/* Its children are found no more. */
static void node_empty(struct image_index *ix, struct index_node *n)
{
        n->child = NULL;
        n->below = ++ix->below;
}

static void node_put(struct image_index *ix, struct index_node *n, const struct index_file *f)
{
        if (n->file.type != INDEX_DIRECTORY || f->type != INDEX_DIRECTORY)
                node_empty(ix, n);
        n->file = *f;
        n->target = NULL;
        n->layer = ix->layer;
}

/* What lower layers have there is gone; once in each layer. Not deeper than DEPTH_MAX. */
static void node_hide(struct image_index *ix, struct index_node *n)
{
        if (n->layer < ix->layer) {
                n->file.type = INDEX_NONE;
                node_empty(ix, n);
                return;
        }
        if (n->hidden == ix->layer)
                return;
        n->hidden = ix->layer;
        for (struct index_node *c = n->child; c; c = c->sibling)
                node_hide(ix, c);
}

/* ---- paths ---- */

enum walk_end { WALK_FOLLOW, WALK_NO_FOLLOW, WALK_MAKE };      /* MAKE: directories that are missing are made */

struct walk {
        struct image_index *ix;
        enum walk_end end;
        struct index_node *at;
        const char *rest;
        unsigned links, used;          /* used: which text the rest is in */
        char text[2][PATH_MAX];
};

/* The link's target stands before the rest of the path. */
static int walk_link(struct walk *w, const struct index_node *link, const char *rest)
{
        char *to = w->text[w->used ^ 1];

        if (++w->links > LINKS_MAX)
                return -ELOOP;
        if (snprintf(to, sizeof w->text[0], "%s/%s", link->target, rest) >= (int)sizeof w->text[0])
                return -ENAMETOOLONG;
        w->used ^= 1;
        w->rest = to;
        if (to[0] == '/')
                w->at = w->ix->root;
        return 0;
}

static int walk_make(struct walk *w, struct span name, struct index_node **ret)
{
        int r = child_make(w->ix, w->at, name, ret);

        if (r == 0 && (*ret)->file.type == INDEX_NONE)
                node_put(w->ix, *ret, &(struct index_file){ .type = INDEX_DIRECTORY, .mode = 0755 });
        return r;
}

static int walk_part(struct walk *w, size_t len)
{
        const char *name = w->rest, *rest = name + len;
        struct index_node *child;

        rest += strspn(rest, "/");
        if (++w->ix->steps > IMAGE_STEPS_MAX)
                return -E2BIG;
        if (w->at->file.type != INDEX_DIRECTORY)
                return -ENOTDIR;
        if (len > NAME_MAX)
                return -ENAMETOOLONG;
        w->rest = rest;
        if (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'))) {
                w->at = len == 1 ? w->at : w->at->parent;
                return 0;
        }
        child = child_find(w->ix, w->at, name, len);
        if (!child || child->file.type == INDEX_NONE) {
                int r = w->end == WALK_MAKE ? walk_make(w, (struct span){ name, len }, &child) : -ENOENT;

                if (r < 0)
                        return r;
        }
        if (child->file.type == INDEX_LINK && (*rest || w->end != WALK_NO_FOLLOW))
                return walk_link(w, child, rest);
        w->at = child;
        return 0;
}

static int index_walk(struct image_index *ix, const char *path, enum walk_end end, struct index_node **ret)
{
        struct walk w = { .ix = ix, .end = end, .at = ix->root, .rest = path };
        int r = 0;

        for (size_t len; r == 0; ) {
                w.rest += strspn(w.rest, "/");
                len = strcspn(w.rest, "/");
                if (len == 0) {
                        *ret = w.at;
                        return 0;
                }
                r = walk_part(&w, len);
        }
        return r;
}

int index_find(struct image_index *ix, const char *path, const struct index_node **ret)
{
        struct index_node *found;
        int r;

        ix->steps = 0;
        r = index_walk(ix, path, WALK_FOLLOW, &found);
        if (r == 0)
                *ret = found;
        return r;
}

int index_path(const struct index_node *node, char *buf, size_t size)
{
        const struct index_node *parts[DEPTH_MAX + 1];
        size_t n = 0, len = 0;

        for (; node->parent != node; node = node->parent)
                parts[n++] = node;
        if (n == 0)
                return snprintf(buf, size, "/") < (int)size ? 0 : -ENAMETOOLONG;
        while (n-- > 0) {
                len += (size_t)snprintf(buf + len, size - len, "/%s", parts[n]->name);
                if (len >= size)
                        return -ENAMETOOLONG;
        }
        return 0;
}

/* ---- entries ---- */

/* The directory of a path, made where it is missing, and the last part. */
static int entry_directory(struct image_index *ix, const char *path, struct index_node **ret, struct span *ret_name)
{
        size_t end = strlen(path), begin;
        char directory[PATH_MAX];

        while (end > 0 && path[end - 1] == '/')
                end--;
        for (begin = end; begin > 0 && path[begin - 1] != '/';)
                begin--;
        if (begin >= sizeof directory || end - begin > NAME_MAX)
                return -ENAMETOOLONG;
        memcpy(directory, path, begin);
        directory[begin] = '\0';
        *ret_name = (struct span){ path + begin, end - begin };
        return index_walk(ix, directory, WALK_MAKE, ret);
}

static bool name_is(struct span name, const char *text) { return name.len == strlen(text) && memcmp(name.s, text, name.len) == 0; }

/* Names with a second ".wh." are those of a file system that needs them for itself (aufs). */
static void whiteout_add(struct image_index *ix, struct index_node *directory, struct span name)
{
        size_t n = strlen(WHITEOUT);
        struct index_node *hidden = NULL;

        if (name_is(name, OPAQUE)) {
                for (struct index_node *c = directory->child; c; c = c->sibling)
                        node_hide(ix, c);
                return;
        }
        if (name.len > 2 * n && memcmp(name.s + n, WHITEOUT, n) == 0)
                return;
        if (name.len > n)
                hidden = child_find(ix, directory, name.s + n, name.len - n);
        if (hidden && hidden->file.type != INDEX_NONE)
                node_hide(ix, hidden);
}

/* A hard link is the file that its target was at that moment. */
static int hard_link_file(struct image_index *ix, const struct index_entry *e, struct index_file *ret, const char **ret_target)
{
        struct index_node *to;
        int r = index_walk(ix, e->target, WALK_NO_FOLLOW, &to);

        if (r == -E2BIG)
                return r;
        if (r < 0 || to->file.type == INDEX_DIRECTORY) {
                *ret = (struct index_file){ .type = INDEX_UNKNOWN };
                return 0;
        }
        *ret_target = to->target;
        *ret = to->file;
        return 0;
}

static int node_add(struct image_index *ix, struct index_node *directory, struct span name, const struct index_entry *e)
{
        struct index_file f = e->file;
        const char *target = NULL;
        struct index_node *n = NULL;
        int r = 0;

        f.layer = ix->layer - 1;
        if (f.type == INDEX_HARD_LINK)
                r = hard_link_file(ix, e, &f, &target);
        else if (f.type == INDEX_LINK && !(target = arena_dup(ix->arena, e->target)))
                r = -ENOMEM;
        if (r == 0)
                r = child_make(ix, directory, name, &n);
        if (r < 0)
                return r;
        node_put(ix, n, &f);
        n->target = target;
        /* What has something of this layer below it is of this layer, too. */
        for (; directory->layer < ix->layer; directory = directory->parent)
                directory->layer = ix->layer;
        return 0;
}

int index_add(struct image_index *ix, const struct index_entry *e)
{
        struct index_node *directory;
        struct span name;
        int r = entry_directory(ix, e->path, &directory, &name);

        if (r < 0)
                return r;
        /* "./", the root itself. */
        if (name.len == 0 || name_is(name, "."))
                return 0;
        if (name_is(name, ".."))
                return -EINVAL;
        if (directory->file.type != INDEX_DIRECTORY)
                return -ENOTDIR;
        if (name.len >= strlen(WHITEOUT) && memcmp(name.s, WHITEOUT, strlen(WHITEOUT)) == 0) {
                whiteout_add(ix, directory, name);
                return 0;
        }
        return node_add(ix, directory, name, e);
}
