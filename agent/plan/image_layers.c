#include "image_layers.h"
#include "rolewatch/limits.h"

int layers_begin(struct image_layers *l, size_t max)
{
        *l = (struct image_layers){ .budget = { .unpacked = IMAGE_UNPACKED_MAX, .stored = IMAGE_STORED_MAX } };
        l->list = calloc(max + 1, sizeof *l->list);
        return l->list ? index_new(&l->index) : -ENOMEM;
}

void layers_done(struct image_layers *l)
{
        for (size_t i = 0; i < l->n; i++)
                closep(&l->list[i].owned);
        free(l->list);
        index_free(l->index);
}

/* ---- reading a layer ---- */

static enum index_type type_of(mode_t mode)
{
        return S_ISREG(mode) ? INDEX_FILE : S_ISDIR(mode) ? INDEX_DIRECTORY : S_ISLNK(mode) ? INDEX_LINK : INDEX_OTHER;
}

static const char *add_error(int error)
{
        return error == -E2BIG ? "the image has more files or links than are read" : error == -EINVAL ? "the name has no last part" : strerror(-error);
}

static int archive_entry_add(struct image_index *ix, struct archive_entry *entry, uint64_t position, struct text *error)
{
        const char *path = archive_entry_pathname(entry), *hard_link = archive_entry_hardlink(entry), *link = archive_entry_symlink(entry);
        mode_t mode = archive_entry_mode(entry);
        int64_t size = archive_entry_size(entry);
        const struct index_entry e = {
                .path = path ? path : "", .target = hard_link ? hard_link : link ? link : "",
                .file = { hard_link ? INDEX_HARD_LINK : type_of(mode), mode & 07777, (uid_t)archive_entry_uid(entry), (gid_t)archive_entry_gid(entry),
                          size < 0 ? 0 : (uint64_t)size, position, 0 },
        };
        int r = index_add(ix, &e);

        if (r < 0 && r != -ENOMEM) {
                text_add(error, "entry ");
                text_escape_cut(error, e.path, strlen(e.path), 200);
                text_addf(error, ": %s", add_error(r));
        }
        return r;
}

static int archive_entries_add(struct image_index *ix, struct tar *t, struct text *error)
{
        struct archive_entry *entry;
        uint64_t position;
        int r;

        index_layer_begin(ix);
        while ((r = tar_next(t, error, &entry, &position)) > 0) {
                r = archive_entry_add(ix, entry, position, error);
                if (r < 0)
                        return r;
        }
        return r;
}

int layers_add(struct image_layers *l, const struct range *r, struct text *error)
{
        CLEANUP(tar_freep) struct tar *t = NULL;
        struct layer *to = &l->list[l->n];
        int k = tar_open(r, &l->budget, error, &t);

        if (k == 0)
                k = archive_entries_add(l->index, t, error);
        if (k < 0)
                return k;
        k = tar_unpacked(t, &to->range, &to->owned);
        if (k < 0 && k != -EFBIG)
                return k;
        to->read = k == 0;
        l->n++;
        return 0;
}

/* ---- reading a file ---- */

static int layers_find(struct image_layers *l, const char *path, struct index_file *ret)
{
        const struct index_node *n;
        int r = index_find(l->index, path, &n);

        if (r < 0)
                return r;
        if (n->file.type != INDEX_FILE)
                return n->file.type == INDEX_UNKNOWN ? -EIO : -EINVAL;
        if (!l->list[n->file.layer].read)
                return -EFBIG;
        *ret = n->file;
        return 0;
}

int layers_open(struct image_layers *l, const char *path, struct index_file *ret)
{
        struct index_file f;
        int r = layers_find(l, path, &f);

        if (r == 0 && f.size > IMAGE_OPEN_MAX)
                r = -EFBIG;
        if (r == 0)
                r = tar_copy(&l->list[f.layer].range, f.position, f.size);
        if (r >= 0)
                *ret = f;
        return r;
}

int layers_locate(struct image_layers *l, const char *path, struct range *ret)
{
        CLEANUP(text_done) struct text why = { 0 };
        CLEANUP(tar_freep) struct tar *t = NULL;
        struct unpack_budget none = { 0, 0 };
        struct archive_entry *e;
        struct index_file f;
        uint64_t position;
        struct range r;
        int k = layers_find(l, path, &f);

        if (k < 0)
                return k;
        r = l->list[f.layer].range;
        if (f.position >= r.size)
                return -EIO;
        r.offset += f.position;
        r.size -= f.position;
        k = tar_open(&r, &none, &why, &t);
        if (k == 0)
                k = tar_next(t, &why, &e, &position) == 1 && (uint64_t)archive_entry_size(e) == f.size ? 0 : -EIO;
        if (k < 0)
                return k;
        position = tar_data_position(t);
        if (position > r.size || f.size > r.size - position)
                return -EIO;
        *ret = (struct range){ r.fd, r.offset + position, f.size };
        return 0;
}
