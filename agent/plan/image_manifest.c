#include <stdio.h>
#include "image_manifest.h"
#include "plan_internal.h"
#include "rolewatch/limits.h"

#define DOCKER_MANIFEST "manifest.json"
#define OCI_INDEX "index.json"
#define INDEX_DEPTH_MAX 4
#define BLOB_NAME_MAX 128

void manifest_done(struct image_manifest *m)
{
        for (size_t i = 0; i < m->n_layers; i++)
                free(m->layers[i]);
        free(m->layers);
        free(m->config);
}

static int layers_begin_list(struct image_blobs *b, struct image_manifest *m, const char *name, const cJSON *list)
{
        int n = cJSON_GetArraySize(list);

        if (n > IMAGE_LAYERS_MAX) {
                blob_wrong(b, name, "it has %d layers; %d are read", n, IMAGE_LAYERS_MAX);
                return -EBADMSG;
        }
        m->layers = calloc((size_t)n + 1, sizeof *m->layers);
        return m->layers ? 0 : -ENOMEM;
}

static int layer_put(struct image_manifest *m, const char *name)
{
        m->layers[m->n_layers] = strdup(name);
        return m->layers[m->n_layers++] ? 0 : -ENOMEM;
}

/* ---- docker save ---- */

static bool list_has(const cJSON *list, const char *text)
{
        const cJSON *v;

        JSON_EACH(v, list)
                if (streq(v->valuestring, text))
                        return true;
        return false;
}

/* The only image, or the only one that has the name. */
static const cJSON *docker_image(struct blob_page *p, const cJSON *images, const char *name)
{
        const cJSON *o, *found = NULL;
        int n = 0;

        if (cJSON_GetArraySize(images) == 1)
                return json_first(images);
        JSON_EACH(o, images)
                if (name && list_has(page_member(p, o, "RepoTags", PAGE_TEXTS), name)) {
                        found = o;
                        n++;
                }
        if (p->r == 0 && n != 1) {
                blob_wrong(p->blobs, DOCKER_MANIFEST, "it has %d images, %s of which has the tag %.200s", cJSON_GetArraySize(images), n ? "more than one" : "none", name ? name : "of the container");
                p->r = -EBADMSG;
        }
        return found;
}

static bool is_list_of_objects(const cJSON *list)
{
        const cJSON *o;

        JSON_EACH(o, list)
                if (!cJSON_IsObject(o))
                        return false;
        return cJSON_IsArray(list);
}

static int docker_choose(struct image_blobs *b, const struct manifest_request *q, struct image_manifest *ret)
{
        struct blob_page p = { b, DOCKER_MANIFEST, 0 };
        CLEANUP(json_freep) cJSON *images = NULL;
        const cJSON *image, *config, *layers, *v;
        int r = blob_json(b, DOCKER_MANIFEST, &images);

        if (r < 0)
                return r;
        if (!is_list_of_objects(images)) {
                blob_wrong(b, DOCKER_MANIFEST, "it must be a list of objects");
                return -EBADMSG;
        }
        image = docker_image(&p, images, q->name);
        if (p.r < 0)
                return p.r;
        config = page_required(&p, image, "Config", PAGE_TEXT);
        layers = page_required(&p, image, "Layers", PAGE_TEXTS);
        r = p.r < 0 ? p.r : layers_begin_list(b, ret, DOCKER_MANIFEST, layers);
        if (r == 0 && !(ret->config = strdup(config->valuestring)))
                r = -ENOMEM;
        for (v = json_first(layers); r == 0 && v; v = v->next)
                r = layer_put(ret, v->valuestring);
        return r;
}

/* ---- OCI layouts ---- */

struct candidate { char blob[BLOB_NAME_MAX], os[32], architecture[32]; bool named; };
struct oci_search {
        struct image_blobs *blobs;
        const struct manifest_request *q;
        struct candidate list[IMAGE_MANIFESTS_MAX]; size_t n;
        unsigned visited;
};

/* "sha256:..." as the name of a blob. */
static int digest_name(struct blob_page *p, const cJSON *descriptor, char ret[BLOB_NAME_MAX])
{
        const char *digest = page_text(p, descriptor, "digest"), *hex = digest && strncmp(digest, "sha256:", 7) == 0 ? digest + 7 : "";

        if (strlen(hex) != 64 || strspn(hex, "0123456789abcdef") != 64) {
                if (p->r == 0)
                        blob_wrong(p->blobs, p->name, "digest: it must be sha256: and 64 hexadecimal digits");
                return p->r = -EBADMSG;
        }
        snprintf(ret, BLOB_NAME_MAX, "blobs/sha256/%s", hex);
        return 0;
}

static bool annotation_is_name(const char *annotation, const char *image)
{
        const char *slash = image ? strrchr(image, '/') : NULL, *tag = image ? strrchr(slash ? slash : image, ':') : NULL;

        return annotation && image && (streq(annotation, image) || (tag && streq(annotation, tag + 1)));
}

/* skopeo and buildah write the tag, containerd the whole name. */
static bool descriptor_is_named(struct blob_page *p, const cJSON *descriptor, const char *image)
{
        const cJSON *o = page_member(p, descriptor, "annotations", PAGE_OBJECT);

        return annotation_is_name(page_text(p, o, "org.opencontainers.image.ref.name"), image) || annotation_is_name(page_text(p, o, "io.containerd.image.name"), image);
}

static void candidate_platform(struct candidate *c, const char *os, const char *architecture)
{
        snprintf(c->os, sizeof c->os, "%s", os ? os : "");
        snprintf(c->architecture, sizeof c->architecture, "%s", architecture ? architecture : "");
}

static int candidates_add(struct oci_search *s, const char *blob, bool named, unsigned depth);

static int descriptor_add(struct oci_search *s, struct blob_page *p, const cJSON *o, unsigned depth, bool named)
{
        const char *type = page_text(p, o, "mediaType"), *os, *architecture;
        const cJSON *platform = page_member(p, o, "platform", PAGE_OBJECT);
        struct candidate *c = &s->list[s->n];
        char blob[BLOB_NAME_MAX];

        named = named || descriptor_is_named(p, o, s->q->name);
        if (s->visited++ == IMAGE_MANIFESTS_MAX) {
                blob_wrong(s->blobs, p->name, "more than %d manifests", IMAGE_MANIFESTS_MAX);
                return -EBADMSG;
        }
        if (digest_name(p, o, blob) < 0)
                return p->r;
        os = page_text(p, platform, "os");
        architecture = page_text(p, platform, "architecture");
        if (p->r < 0)
                return p->r;
        if (type && (strstr(type, ".image.index.") || strstr(type, ".manifest.list.")))
                return candidates_add(s, blob, named, depth + 1);
        memcpy(c->blob, blob, sizeof blob);
        candidate_platform(c, os, architecture);
        c->named = named;
        /* Attestations of a build. */
        s->n += !streq(c->os, "unknown");
        return 0;
}

static int candidates_add(struct oci_search *s, const char *blob, bool named, unsigned depth)
{
        struct blob_page p = { s->blobs, blob, 0 };
        CLEANUP(json_freep) cJSON *index = NULL;
        const cJSON *list, *o;
        int r = depth < INDEX_DEPTH_MAX ? blob_json(s->blobs, blob, &index) : -EBADMSG;

        if (depth == INDEX_DEPTH_MAX)
                blob_wrong(s->blobs, blob, "indexes within indexes, more than %d", INDEX_DEPTH_MAX);
        if (r < 0)
                return r;
        list = page_required(&p, index, "manifests", PAGE_OBJECTS);
        r = p.r;
        for (o = json_first(list); r == 0 && o; o = o->next)
                r = descriptor_add(s, &p, o, depth, named);
        return r;
}

static bool is_platform(const struct candidate *c, const struct manifest_request *q)
{
        return streq(c->os, q->os) && streq(c->architecture, q->architecture);
}

/* The only image; else the only one of the platform; else the only one of those that has the name. */
static const struct candidate *candidate_choose(const struct oci_search *s)
{
        const struct candidate *of_platform = NULL, *named = NULL;
        size_t n_platform = 0, n_named = 0;

        if (s->n == 1)
                return s->list;
        for (size_t i = 0; i < s->n; i++) {
                const struct candidate *c = &s->list[i];

                if (!is_platform(c, s->q))
                        continue;
                if (!of_platform || !streq(of_platform->blob, c->blob))
                        n_platform++;
                of_platform = c;
                if (c->named && (!named || !streq(named->blob, c->blob)))
                        n_named++;
                named = c->named ? c : named;
        }
        return n_platform == 1 ? of_platform : n_named == 1 ? named : NULL;
}

/* What an index without platforms does not say stands in the configurations. */
static int platforms_read(struct oci_search *s)
{
        for (size_t i = 0; s->n > 1 && i < s->n; i++) {
                struct candidate *c = &s->list[i];
                CLEANUP(json_freep) cJSON *manifest = NULL, *config = NULL;
                struct blob_page p = { s->blobs, c->blob, 0 };
                char name[BLOB_NAME_MAX];
                const char *os, *architecture;
                int r = c->os[0] ? 1 : blob_json(s->blobs, c->blob, &manifest);

                if (r == 0)
                        r = digest_name(&p, page_required(&p, manifest, "config", PAGE_OBJECT), name);
                if (r == 0)
                        r = blob_json(s->blobs, name, &config);
                if (r < 0)
                        return r;
                if (r > 0)
                        continue;
                os = page_text(&p, config, "os");
                architecture = page_text(&p, config, "architecture");
                candidate_platform(c, os, architecture);
                if (p.r < 0)
                        return p.r;
        }
        return 0;
}

static void not_chosen(const struct oci_search *s)
{
        size_t n = 0;

        text_addf(s->blobs->error, OCI_INDEX ": ");
        for (size_t i = 0; i < s->n; i++)
                n += is_platform(&s->list[i], s->q);
        if (n) {
                text_addf(s->blobs->error, "it has several images for %s/%s, and not one of them alone is named ", s->q->os, s->q->architecture);
                text_escape_cut(s->blobs->error, s->q->name ? s->q->name : "as the container's", strlen(s->q->name ? s->q->name : "as the container's"), 200);
                return;
        }
        text_addf(s->blobs->error, "it has no image for %s/%s", s->q->os, s->q->architecture);
        for (size_t i = 0; i < s->n && i < 8; i++) {
                text_add(s->blobs->error, i ? ", " : "; it has ");
                text_escape(s->blobs->error, s->list[i].os, strlen(s->list[i].os));
                text_add(s->blobs->error, "/");
                text_escape(s->blobs->error, s->list[i].architecture, strlen(s->list[i].architecture));
        }
}

static int oci_manifest_read(struct image_blobs *b, const char *blob, struct image_manifest *ret)
{
        struct blob_page p = { b, blob, 0 };
        CLEANUP(json_freep) cJSON *manifest = NULL;
        const cJSON *config, *layers, *o;
        char name[BLOB_NAME_MAX];
        int r = blob_json(b, blob, &manifest);

        if (r < 0)
                return r;
        config = page_required(&p, manifest, "config", PAGE_OBJECT);
        layers = page_required(&p, manifest, "layers", PAGE_OBJECTS);
        r = p.r < 0 ? p.r : layers_begin_list(b, ret, blob, layers);
        if (r == 0)
                r = digest_name(&p, config, name);
        if (r == 0 && !(ret->config = strdup(name)))
                r = -ENOMEM;
        for (o = json_first(layers); r == 0 && o; o = o->next) {
                r = digest_name(&p, o, name);
                if (r == 0)
                        r = layer_put(ret, name);
        }
        return r;
}

static int oci_choose(struct image_blobs *b, const struct manifest_request *q, struct image_manifest *ret)
{
        CLEANUP(freep) struct oci_search *s = calloc(1, sizeof *s);
        const struct candidate *chosen;
        int r;

        if (!s)
                return -ENOMEM;
        s->blobs = b;
        s->q = q;
        r = candidates_add(s, OCI_INDEX, false, 0);
        if (r == 0)
                r = platforms_read(s);
        if (r < 0)
                return r;
        chosen = candidate_choose(s);
        if (!chosen) {
                not_chosen(s);
                return -EBADMSG;
        }
        return oci_manifest_read(b, chosen->blob, ret);
}

int manifest_choose(struct image_blobs *b, const struct manifest_request *q, struct image_manifest *ret)
{
        if (blobs_have(b, DOCKER_MANIFEST))
                return docker_choose(b, q, ret);
        if (blobs_have(b, OCI_INDEX))
                return oci_choose(b, q, ret);
        text_add(b->error, "it has neither manifest.json nor index.json, so that neither docker save nor a tool for OCI images wrote it");
        return -EBADMSG;
}
