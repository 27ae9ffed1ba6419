/* plan -- from the files of a request to the facts, in the order in which each part can use the former. */
#include <stdio.h>
#include "image.h"
#include "image_archive.h"
#include "image_config.h"
#include "rolewatch/account.h"
#include "rolewatch/io.h"
#include "rolewatch/sdk.h"

static void planning_done(struct planning *x)
{
        plan_free(x->p);
        cJSON_Delete(x->definition);
        positions_done(&x->references);
        images_done(x);
        sdk_cache_free(x->sdks);
        for (size_t i = 0; i < x->n_env_files; i++)
                erase_free(x->env_files[i].text);
        free(x->env_files);
}

void plan_free(struct plan *p)
{
        if (!p)
                return;
        snapshot_free(p->s);
        free(p);
}

/* ---- files ---- */

static int path_error(struct text *error, const char *path, int r)
{
        text_escape_cut(error, path, strlen(path), PATH_TEXT_MAX);
        text_addf(error, ": %s", read_error_to_string(r));
        return r;
}

static int plan_read_file(const char *path, size_t max, struct env_file *ret, struct text *error)
{
        int r = read_file(&(struct file_request){ AT_FDCWD, path, max, OPEN_REGULAR_ONLY }, &ret->text, &ret->len);

        return r < 0 ? path_error(error, path, r) : 0;
}

static int definition_read_file(struct planning *x, struct text *error)
{
        CLEANUP(text_done) struct text why = { 0 };
        struct env_file f = { 0 };
        CLEANUP(json_freep) cJSON *given = NULL;
        int r = plan_read_file(x->q->path, DEFINITION_FILE_MAX, &f, error);

        if (r < 0)
                return r;
        r = json_parse(f.text, f.len, &given);
        if (r == -EBADMSG)
                r = definition_not_json(x->q->path, &f, error);
        erase_free(f.text);
        if (r < 0)
                return r;
        r = form_read(TAKE(given), x->q->resource, &why, &x->definition, &x->p->form);
        if (r == 0)
                r = shape_check(x->definition, x->p->form, &why, &x->references);
        if (r == -EBADMSG && !why.failed)
                text_addf(error, "%s: %s", x->p->source, why.s);
        return why.failed ? -ENOMEM : r;
}

static int env_files_read(struct planning *x, struct text *error)
{
        x->env_files = calloc(x->q->n_env_files + 1, sizeof *x->env_files);
        if (!x->env_files)
                return -ENOMEM;
        for (size_t i = 0; i < x->q->n_env_files; i++) {
                const char *path = x->q->env_files[i];
                struct env_file *f = &x->env_files[i];
                int r = plan_read_file(path, ENVIRON_MAX, f, error);

                if (r < 0)
                        return r;
                x->n_env_files++;
                f->name = arn_name(path);
        }
        return 0;
}

/* ---- the parts ---- */

/* "web" of ".../web.json", where the definition has no family. */
static const char *family_of(struct planning *x)
{
        const char *family = member_text(x->definition, "family"), *name = arn_name(x->q->path);
        size_t len = strcspn(name, ".");

        return family ? arena_escape(x->s->arena, family, strlen(family), FIELD_MAX) : arena_escape(x->s->arena, len ? name : "task", len ? len : 4, 255);
}

/* An image of another platform than that of the task does not start there; a definition that names none may be for instances of any. */
static const char *platform_doubt(const struct planning *x, const struct image *image)
{
        const struct image_platform wanted = image_platform_of(x->definition);
        char text[64];

        snprintf(text, sizeof text, "%s/%s", wanted.os, wanted.architecture);
        if (streq(text, image_archive_platform(image->archive)))
                return "";
        return wanted.known ? ", which is not the runtimePlatform of the task" : ", and the task has no runtimePlatform";
}

/* What is assumed about the images, by the container. */
static int images_premise(struct planning *x)
{
        CLEANUP(text_done) struct text missing = { 0 };
        const cJSON *o;
        size_t number = 0;

        JSON_EACH(o, containers_of(x->definition)) {
                const struct image *image = image_of(x, member_text(o, "name"));
                const char *name = is_template_function(o) ? NULL : container_name(x, o, number);

                number++;
                if (image && image->archive)
                        premise_add(x, "image", PREMISE_OPTION, "of container %s: %s, %s%s", name, image->source, image_archive_platform(image->archive), platform_doubt(x, image));
                else if (image)
                        premise_add(x, "image", PREMISE_OPTION, "of container %s: %s, without its configuration: it is assumed to set no variables of AWS and no entrypoint", name, image->source);
                else if (name) {
                        text_add(&missing, missing.s ? ", " : "");
                        text_escape_cut(&missing, name, strlen(name), 64);
                }
        }
        if (missing.s)
                premise_add(x, "images", PREMISE_ASSUMED, "of %s: they have no profile files, and set no variables of AWS; which SDKs they have is not known", missing.s);
        return missing.failed || arena_failed(x->s->arena) ? -ENOMEM : 0;
}

static int administrator_files(struct planning *x, struct text *error)
{
        const struct plan_request *q = x->q;
        int r = 0;

        for (size_t i = 0; r == 0 && i < q->n_bundles; i++)
                if (access(q->bundles[i], R_OK) < 0)
                        r = path_error(error, q->bundles[i], -errno);
        if (r == 0 && q->needs && access(q->needs, R_OK) < 0)
                r = path_error(error, q->needs, -errno);
        if (r == 0)
                r = account_files_read(x->s, &(struct account_files){ q->needs, q->bundles, q->n_bundles });
        if (r == 0 && x->s->host.policies_error) {
                text_add(error, x->s->host.policies_error);
                r = -EBADMSG;
        }
        return r;
}

static void policies_premise(struct planning *x)
{
        for (size_t i = 0; i < x->s->n_roles; i++)
                if (x->s->roles[i].state == ROLE_UNKNOWN && x->s->roles[i].name && !streq(x->s->roles[i].name, UNKNOWN_EXECUTION_ROLE))
                        premise_add(x, "policies", PREMISE_UNKNOWN, "of %s: no bundle has that role", x->s->roles[i].name);
}

/* What is wrong with the definition stands after its path. */
static int terms_read(struct planning *x, struct text *error)
{
        CLEANUP(text_done) struct text why = { 0 };
        int r = planned_terms(x, &why);

        if (r == -EBADMSG && !why.failed)
                text_addf(error, "%s: %s", x->p->source, why.s);
        return why.failed ? -ENOMEM : r;
}

static int plan_fill(struct planning *x, struct text *error)
{
        int netns, cred, r = definition_read_file(x, error);

        if (r == 0)
                r = env_files_read(x, error);
        if (r == 0)
                r = images_open(x, error);
        if (r == 0)
                r = sdk_cache_new(&x->sdks);
        if (r < 0)
                return r;
        x->p->family = family_of(x);
        r = x->p->family ? terms_read(x, error) : -ENOMEM;
        if (r == 0)
                r = planned_host(x, &netns, &cred);
        if (r == 0)
                r = images_premise(x);
        if (r == 0)
                r = planned_task(x, netns, cred);
        if (r == 0)
                r = administrator_files(x, error);
        if (r < 0)
                return r;
        planned_roles_name(x);
        policies_premise(x);
        definition_warnings(x);
        r = placeholders_remove(x);
        return r == 0 && arena_failed(x->s->arena) ? -ENOMEM : r;
}

int plan_make(struct plan_request *q, struct plan **ret, struct text *error)
{
        CLEANUP(snapshot_freep) struct snapshot *host = TAKE(q->host);
        CLEANUP(planning_done) struct planning x = { .q = q, .p = calloc(1, sizeof *x.p), .host_given = host != NULL };
        int r = x.p ? 0 : -ENOMEM;

        if (r == 0 && !host)
                r = snapshot_new(&host);
        if (r < 0)
                return r;
        x.s = x.p->s = TAKE(host);
        x.p->source = arena_escape(x.s->arena, q->path, strlen(q->path), PATH_TEXT_MAX);
        r = x.p->source ? plan_fill(&x, error) : -ENOMEM;
        if (error->failed)
                r = -ENOMEM;
        if (r == 0)
                *ret = TAKE(x.p);
        return r;
}
