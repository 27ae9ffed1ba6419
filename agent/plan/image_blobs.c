#include <stdarg.h>
#include <stdio.h>
#include "image_blobs.h"
#include "plan_internal.h"
#include "rolewatch/broker_tree.h"
#include "rolewatch/io.h"

#define BY_DIGEST "blobs/sha256/"
/* Layers, manifests and configurations. */
#define BLOBS_MAX (IMAGE_LAYERS_MAX + 2 * IMAGE_MANIFESTS_MAX + 8)

void blob_wrong(struct image_blobs *b, const char *name, const char *format, ...)
{
        char line[512];
        va_list args;

        va_start(args, format);
        vsnprintf(line, sizeof line, format, args);
        va_end(args);
        text_escape_cut(b->error, name, strlen(name), 200);
        text_add(b->error, ": ");
        text_escape(b->error, line, strlen(line));
}

/* ---- the file or directory ---- */

void blobs_done(struct image_blobs *b)
{
        for (size_t i = 0; i < b->n_opened; i++)
                close(b->opened[i]);
        free(b->opened);
        layers_done(&b->outer);
        broker_free(b->directory);
        closep(&b->unpacked);
        closep(&b->fd);
}

static int tar_file_open(struct image_blobs *b, const char *path)
{
        struct unpack_budget budget = { .unpacked = IMAGE_UNPACKED_MAX, .stored = IMAGE_STORED_MAX };
        struct stat st;
        struct range r;
        int k = open_file(&(struct file_request){ AT_FDCWD, path, SIZE_MAX, OPEN_REGULAR_ONLY }, &b->fd, &st);

        if (k < 0) {
                text_add(b->error, read_error_to_string(k));
                return k;
        }
        r = (struct range){ b->fd, 0, (uint64_t)st.st_size };
        if (range_is_compressed(&r)) {
                k = range_unpack(&r, &budget, b->error, &r);
                if (k < 0)
                        return k;
                b->unpacked = r.fd;
        }
        k = layers_begin(&b->outer, 1);
        return k < 0 ? k : layers_add(&b->outer, &r, b->error);
}

int blobs_open(struct image_blobs *b, const char *path, struct text *error)
{
        struct stat st;

        *b = (struct image_blobs){ .error = error, .fd = -1, .unpacked = -1 };
        if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
                return tar_file_open(b, path);
        b->opened = calloc(BLOBS_MAX, sizeof *b->opened);
        return b->opened ? broker_tree(path, "/", &b->directory) : -ENOMEM;
}

/* ---- blobs ---- */

static int directory_find(struct image_blobs *b, const char *name, struct range *ret)
{
        CLEANUP(closep) int fd = b->n_opened < BLOBS_MAX ? broker_file(b->directory, (struct broker_target){ 0, 0 }, name) : -E2BIG;
        struct stat st;

        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                return -errno;
        *ret = (struct range){ fd, 0, (uint64_t)st.st_size };
        b->opened[b->n_opened++] = TAKE_FD(fd);
        return 0;
}

static int blob_locate(struct image_blobs *b, const char *name, struct range *ret)
{
        return b->directory ? directory_find(b, name, ret) : layers_locate(&b->outer, name, ret);
}

bool blobs_have(struct image_blobs *b, const char *name)
{
        struct range r;

        return blob_locate(b, name, &r) == 0;
}

int blob_check(struct image_blobs *b, const char *name, const struct range *r, const char *sha256)
{
        char real[SHA256_HEX_SIZE];
        int k = range_sha256(r, real);

        if (k == 0 && !streq(real, sha256)) {
                blob_wrong(b, name, "its SHA-256 is %s, not %.64s: it is damaged", real, sha256);
                return -EBADMSG;
        }
        if (k < 0)
                blob_wrong(b, name, "%s", strerror(-k));
        return k;
}

int blob_find(struct image_blobs *b, const char *name, struct range *ret, bool *ret_checked)
{
        bool by_digest = strncmp(name, BY_DIGEST, strlen(BY_DIGEST)) == 0;
        int k = blob_locate(b, name, ret);

        if (k < 0) {
                blob_wrong(b, name, "%s", k == -ENOENT ? "the image does not have this file" : strerror(-k));
                return k;
        }
        if (ret_checked)
                *ret_checked = by_digest;
        return by_digest ? blob_check(b, name, ret, name + strlen(BY_DIGEST)) : 0;
}

int blob_json(struct image_blobs *b, const char *name, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *text = NULL;
        struct range r;
        int k = blob_find(b, name, &r, NULL);

        if (k < 0)
                return k;
        k = range_text(&r, IMAGE_JSON_MAX, &text);
        if (k == 0)
                k = json_parse(text, r.size, &j);
        if (k == 0 && !cJSON_IsObject(j) && !cJSON_IsArray(j))
                k = -EBADMSG;
        if (k < 0)
                blob_wrong(b, name, "%s", k == -EBADMSG ? "not valid JSON" : k == -EFBIG ? "too large" : strerror(-k));
        else
                *ret = TAKE(j);
        return k;
}

/* ---- members ---- */

static const struct { cJSON_bool (*is)(const cJSON *), (*is_entry)(const cJSON *); const char *what; } kinds[] = {
        [PAGE_TEXT] = { cJSON_IsString, NULL, "a text" }, [PAGE_TEXTS] = { cJSON_IsArray, cJSON_IsString, "a list of texts" },
        [PAGE_OBJECT] = { cJSON_IsObject, NULL, "an object" }, [PAGE_OBJECTS] = { cJSON_IsArray, cJSON_IsObject, "a list of objects" },
};

static void page_wrong(struct blob_page *p, const char *key, const char *why, const char *what)
{
        if (p->r == 0)
                blob_wrong(p->blobs, p->name, "%s: %s%s", key, why, what);
        p->r = -EBADMSG;
}

const cJSON *page_member(struct blob_page *p, const cJSON *o, const char *key, enum page_kind kind)
{
        const cJSON *v = member(o, key), *entry;
        bool fits = kinds[kind].is(v);

        if (!v || cJSON_IsNull(v))
                return NULL;
        if (kinds[kind].is_entry)
                JSON_EACH(entry, v)
                        fits = fits && kinds[kind].is_entry(entry);
        if (!fits)
                page_wrong(p, key, "it must be ", kinds[kind].what);
        return fits ? v : NULL;
}

const cJSON *page_required(struct blob_page *p, const cJSON *o, const char *key, enum page_kind kind)
{
        const cJSON *v = page_member(p, o, key, kind);

        if (!v)
                page_wrong(p, key, "it is missing", "");
        return v;
}

const char *page_text(struct blob_page *p, const cJSON *o, const char *key)
{
        const cJSON *v = page_member(p, o, key, PAGE_TEXT);

        return v && *v->valuestring ? v->valuestring : NULL;
}
