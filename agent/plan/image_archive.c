#include <limits.h>
#include <stdio.h>
#include "image_archive.h"
#include "plan_internal.h"
#include "rolewatch/io.h"

struct image_archive {
        struct image_blobs blobs;
        struct image_layers layers;
        cJSON *configuration;          /* the whole of it */
        const cJSON *config;
        char platform[80];
        bool unread;
};

void image_archive_free(struct image_archive *a)
{
        if (!a)
                return;
        layers_done(&a->layers);
        blobs_done(&a->blobs);
        cJSON_Delete(a->configuration);
        free(a);
}

const cJSON *image_archive_config(const struct image_archive *a) { return a->config; }
const char *image_archive_platform(const struct image_archive *a) { return a->platform; }
bool image_archive_unread(const struct image_archive *a) { return a->unread; }

bool path_is_archive(const char *path)
{
        char layout[PATH_MAX];
        struct stat st;

        if (stat(path, &st) < 0)
                return false;
        if (!S_ISDIR(st.st_mode))
                return S_ISREG(st.st_mode);
        return snprintf(layout, sizeof layout, "%s/oci-layout", path) < (int)sizeof layout && lstat(layout, &st) == 0 && S_ISREG(st.st_mode);
}

/* ---- opening ---- */

/* The members that are read (OCI image specification, image configuration; the same in Docker's). */
static int configuration_read(struct image_archive *a, const char *name)
{
        static const struct { const char *key; enum page_kind kind; } members[] = {
                { "Env", PAGE_TEXTS }, { "Entrypoint", PAGE_TEXTS }, { "Cmd", PAGE_TEXTS }, { "User", PAGE_TEXT }, { "WorkingDir", PAGE_TEXT },
        };
        struct blob_page p = { &a->blobs, name, 0 };
        const char *os, *architecture;
        int r = blob_json(&a->blobs, name, &a->configuration);

        if (r < 0)
                return r;
        os = page_text(&p, a->configuration, "os");
        architecture = page_text(&p, a->configuration, "architecture");
        snprintf(a->platform, sizeof a->platform, "%.39s/%.39s", os ? os : "?", architecture ? architecture : "?");
        a->config = page_member(&p, a->configuration, "config", PAGE_OBJECT);
        for (size_t i = 0; i < ARRAY_SIZE(members); i++)
                (void)page_member(&p, a->config, members[i].key, members[i].kind);
        (void)page_member(&p, page_member(&p, a->configuration, "rootfs", PAGE_OBJECT), "diff_ids", PAGE_TEXTS);
        if (p.r == 0 && os && !streq(os, "linux")) {
                blob_wrong(&a->blobs, name, "the image is for %s; only images for linux are read", os);
                return -EBADMSG;
        }
        return p.r;
}

/* Its bytes have been compared with its name, or are compared with what the configuration says of the unpacked layer. */
static int layer_check(struct image_archive *a, const char *name, const struct range *r, size_t number)
{
        const cJSON *ids = member(member(a->configuration, "rootfs"), "diff_ids"), *id = cJSON_GetArrayItem(ids, (int)number);

        if (!id || strncmp(id->valuestring, "sha256:", 7) != 0 || range_is_compressed(r))
                return 0;
        return blob_check(&a->blobs, name, r, id->valuestring + 7);
}

static int layer_open(struct image_archive *a, const char *name, size_t number)
{
        CLEANUP(text_done) struct text why = { 0 };
        struct range range;
        bool checked;
        int r = blob_find(&a->blobs, name, &range, &checked);

        if (r == 0 && !checked)
                r = layer_check(a, name, &range, number);
        if (r < 0)
                return r;
        /* Docker writes no layer of no bytes, but other tools do. */
        r = range.size ? layers_add(&a->layers, &range, &why) : 0;
        if (r < 0)
                blob_wrong(&a->blobs, name, "%s", why.s ? why.s : strerror(-r));
        return r;
}

static int image_read_all(struct image_archive *a, const struct manifest_request *q, struct image_manifest *m)
{
        int r = manifest_choose(&a->blobs, q, m);

        if (r == 0)
                r = configuration_read(a, m->config);
        if (r == 0)
                r = layers_begin(&a->layers, m->n_layers);
        for (size_t i = 0; r == 0 && i < m->n_layers; i++)
                r = layer_open(a, m->layers[i], i);
        return r;
}

int image_archive_open(const char *path, const struct manifest_request *q, struct text *error, struct image_archive **ret)
{
        CLEANUP(image_archive_freep) struct image_archive *a = calloc(1, sizeof *a);
        struct image_manifest m = { 0 };
        int r = a ? archive_library_load(error) : -ENOMEM;

        if (!a)
                return r;
        a->blobs.fd = a->blobs.unpacked = -1;
        if (r == 0)
                r = blobs_open(&a->blobs, path, error);
        if (r == 0)
                r = image_read_all(a, q, &m);
        manifest_done(&m);
        if (r == 0)
                *ret = TAKE(a);
        else if (!error->s)
                text_add(error, strerror(-r));
        return r;
}

/* ---- files ---- */

static int archive_open(void *userdata, const char *path, struct stat *ret)
{
        struct image_archive *a = userdata;
        struct index_file f;
        int r = layers_open(&a->layers, path, &f);

        a->unread = a->unread || r == -EFBIG;
        if (r >= 0) {
                ret->st_mode = S_IFREG | f.mode;
                ret->st_uid = f.uid;
                ret->st_gid = f.gid;
        }
        return r;
}

static int archive_find(void *userdata, const char *path, char *ret, size_t size)
{
        struct image_archive *a = userdata;
        const struct index_node *n;
        int r = index_find(a->layers.index, path, &n);

        if (r < 0)
                return r;
        if (n->file.type != INDEX_FILE || !(n->file.mode & (S_IXUSR | S_IXGRP | S_IXOTH)))
                return -EACCES;
        return index_path(n, ret, size);
}

static int archive_names(void *userdata, const char *path, const struct broker_names *q)
{
        struct image_archive *a = userdata;
        const struct index_node *n;
        size_t count = 0;
        int r = index_find(a->layers.index, path, &n);

        if (r < 0)
                return r;
        if (n->file.type != INDEX_DIRECTORY)
                return -ENOTDIR;
        for (const struct index_node *c = n->child; r == 0 && c && count < q->max; c = c->sibling)
                if (c->file.type != INDEX_NONE) {
                        r = q->on_name(q->userdata, c->name);
                        count++;
                }
        return r;
}

const struct broker_tree_files image_archive_files = { archive_open, archive_find, archive_names };
