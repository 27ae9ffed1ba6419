/* The images that are given, each for one container: an archive or an unpacked tree, and who runs in it. */
#include <limits.h>
#include <stdio.h>
#include "image.h"
#include "image_archive.h"
#include "image_config.h"
#include "rolewatch/broker_tree.h"

const struct image *image_of(const struct planning *x, const char *container)
{
        for (size_t i = 0; i < x->n_images; i++)
                if (streq(x->images[i].container, container))
                        return &x->images[i];
        return NULL;
}

void images_done(struct planning *x)
{
        for (size_t i = 0; i < x->n_images; i++) {
                broker_free(x->images[i].broker);
                image_archive_free(x->images[i].archive);
        }
        free(x->images);
}

static cJSON *container_of_definition(const cJSON *definition, const char *name)
{
        cJSON *o;

        JSON_EACH(o, containers_of(definition))
                if (streq(member_text(o, "name"), name))
                        return o;
        return NULL;
}

/* ---- files ---- */

int image_read(const struct image *im, const char *path, size_t max, char **ret)
{
        const struct file_view v = { .b = im->broker };
        CLEANUP(closep) int fd = -1;
        char *text;
        ssize_t n;

        if (process_file_open(&v, path, &fd) != FILE_OK)
                return -ENOENT;
        text = calloc(1, max + 1);
        if (!text)
                return -ENOMEM;
        n = read(fd, text, max);
        *ret = text;
        return n < 0 ? -errno : (int)n;
}

static bool name_ends_with(const char *name, const char *suffix)
{
        size_t n = strlen(name), end = strlen(suffix);

        return name[0] != '.' && n >= end && streq(name + n - end, suffix);
}

static int directory_file(void *userdata, const char *name)
{
        const struct image_directory *q = userdata;
        CLEANUP(freep) char *text = NULL;
        char path[PATH_TEXT_MAX];
        int len = -ENOENT;

        if (name_ends_with(name, q->suffix) && snprintf(path, sizeof path, "%s/%s%s%s", q->path, name, q->inner ? "/" : "", q->inner ? q->inner : "") < (int)sizeof path)
                len = image_read(q->image, path, IMAGE_FILE_MAX, &text);
        if (len >= 0)
                q->on_file(q->userdata, path, text);
        return len == -ENOMEM ? len : 0;
}

int image_read_directory(struct image_directory *q)
{
        int r = broker_directory_read(q->image->broker, (struct broker_target){ 0, 0 }, &(struct broker_names){ q->path, IMAGE_NAMES_MAX, directory_file, q });

        return r == -ENOMEM ? r : 0;
}

/* ---- the user ---- */

/* A line of /etc/passwd: "name:x:uid:gid:comment:home:shell". */
struct passwd_entry { char name[64], home[512]; unsigned uid, gid; };

static bool passwd_entry_parse(const char *line, struct passwd_entry *ret)
{
        struct passwd_entry e = { .name = "" };

        /* With and without a comment and a password; %[ takes no empty text. */
        if (sscanf(line, "%63[^:\n]:%*[^:\n]:%u:%u:%*[^:\n]:%511[^:\n]", e.name, &e.uid, &e.gid, e.home) != 4 &&
            sscanf(line, "%63[^:\n]:%*[^:\n]:%u:%u::%511[^:\n]", e.name, &e.uid, &e.gid, e.home) != 4)
                return false;
        *ret = e;
        return true;
}

/* The entry of a name or number. 1; 0: there is none; -ENOMEM. */
static int passwd_find(const struct image *im, const char *user, struct passwd_entry *ret)
{
        const struct file_view v = { .b = im->broker };
        CLEANUP(closep) int fd = -1;
        CLEANUP(freep) char *text = NULL;
        struct passwd_entry e;
        uint64_t number;
        size_t len;
        bool numeric = u64_parse(user, &number) == 0;
        int r = process_file_open(&v, "/etc/passwd", &fd) == FILE_OK ? read_fd(fd, PASSWD_FILE_MAX, &text, &len) : -ENOENT;

        if (r < 0)
                return r == -ENOMEM ? r : 0;
        for (const char *line = text; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
                if (passwd_entry_parse(line, &e) && (numeric ? e.uid == number : streq(e.name, user))) {
                        *ret = e;
                        return 1;
                }
        return 0;
}

int image_user(const struct image *im, const char *user, struct proc_ids *ret_ids, char *ret_home, size_t size)
{
        char name[64];
        struct passwd_entry e = { .home = "/" };
        uint64_t uid, gid;
        size_t n = strcspn(user, ":");
        int found;

        if (n == 0 || n >= sizeof name)
                return 0;
        snprintf(name, sizeof name, "%.*s", (int)n, user);
        found = passwd_find(im, name, &e);
        if (found < 0 || (!found && u64_parse(name, &uid) < 0))
                return found;
        if (!found)
                e.uid = (unsigned)uid;
        if (user[n] == ':' && u64_parse(user + n + 1, &gid) == 0)
                e.gid = (unsigned)gid;
        *ret_ids = (struct proc_ids){ .uid = e.uid, .gid = e.gid };
        snprintf(ret_home, size, "%s", e.home);
        return 1;
}

/* ---- the options ---- */

/* Opens the archive, and puts what it says into the container. */
static int archive_get(struct planning *x, cJSON *container, struct image *ret, struct text *error)
{
        const struct image_platform platform = image_platform_of(x->definition);
        const struct manifest_request q = { member_text(container, "image"), platform.os, platform.architecture };
        CLEANUP(text_done) struct text used = { 0 };
        int r = image_archive_open(ret->source, &q, error, &ret->archive);

        if (r < 0)
                return r;
        ret->config = image_archive_config(ret->archive);
        r = image_config_apply(ret->config, container, &used);
        if (r == 0 && used.s && !(ret->defaults = arena_dup(x->s->arena, used.s)))
                r = -ENOMEM;
        return r;
}

static int image_get(struct planning *x, cJSON *container, struct image *ret, struct text *error)
{
        int r = path_is_archive(ret->source) ? archive_get(x, container, ret, error) : 0;
        const char *current = member_text(container, "workingDirectory");

        current = current ? current : "/";
        if (r == 0)
                r = ret->archive ? broker_tree_of(&image_archive_files, ret->archive, current, &ret->broker) : broker_tree(ret->source, current, &ret->broker);
        if (r < 0 && !error->s)
                text_add(error, strerror(-r));
        return r;
}

static int image_open(struct planning *x, const char *given, struct image *ret, struct text *error)
{
        CLEANUP(text_done) struct text why = { 0 };
        const char *path = strchr(given, '=');
        cJSON *container;
        int r;

        if (!path || path == given || !path[1]) {
                text_addf(error, "--image needs NAME=PATH");
                return -EBADMSG;
        }
        ret->container = arena_dupn(x->s->arena, given, (size_t)(path - given));
        if (!ret->container)
                return -ENOMEM;
        container = container_of_definition(x->definition, ret->container);
        if (!container) {
                text_addf(error, "%s: no container has the name ", x->p->source);
                text_escape_cut(error, ret->container, strlen(ret->container), 128);
                return -EBADMSG;
        }
        ret->source = path + 1;
        r = image_get(x, container, ret, &why);
        if (r < 0) {
                text_escape_cut(error, path + 1, strlen(path + 1), PATH_TEXT_MAX);
                text_addf(error, ": %s", why.s && !why.failed ? why.s : strerror(-r));
        }
        return r;
}

int images_open(struct planning *x, struct text *error)
{
        x->images = calloc(x->q->n_images + 1, sizeof *x->images);
        if (!x->images)
                return -ENOMEM;
        for (size_t i = 0; i < x->q->n_images; i++) {
                int r = image_open(x, x->q->images[i], &x->images[x->n_images++], error);

                if (r < 0)
                        return r;
        }
        return 0;
}
