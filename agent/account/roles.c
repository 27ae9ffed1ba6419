/* The roles that a snapshot speaks of, with their policies: from bundles, then from the IAM API. */
#include <stdio.h>
#include "account_internal.h"
#include "bundle.h"
#include "iam_api.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

/* With several faulty bundles the last one is reported. */
static int bundle_error_set(struct snapshot *s, const char *path, const char *why)
{
        s->host.policies_error = arena_printf(s->arena, "%s: %s", path, why);
        return s->host.policies_error ? 0 : -ENOMEM;
}

static int bundle_read(void *userdata, const struct directory_file *f)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        char source[PATH_TEXT_MAX + 16];

        if (json_parse(f->text, f->len, &j) < 0)
                return bundle_error_set(userdata, f->path, "not valid JSON");
        if (!cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(j, "RoleDetailList")))
                return bundle_error_set(userdata, f->path, "has no RoleDetailList");
        snprintf(source, sizeof source, "bundle %s", f->path);
        return bundle_take(userdata, j, source, f->modified_s);
}

static int bundle_error(void *userdata, const char *path, int error)
{
        return bundle_error_set(userdata, path, read_error_to_string(error));
}

/* An STS session's ARN names its role without its path. */
static int want(struct snapshot *s, const char *arn, const char *name)
{
        struct role *role;

        for (size_t i = 0; i < s->n_roles; i++)
                if (arn ? streq(s->roles[i].arn, arn) : streq(s->roles[i].name, name))
                        return 0;
        if (s->n_roles == ROLES_MAX)
                return 0;
        role = snapshot_add_role(s);
        if (!role)
                return -ENOMEM;
        role->arn = arn;
        role->name = arn ? arn_name(arn) : name;
        return 0;
}

/* A role by its ARN, or by its name, as a task definition may have it. */
static int want_role(struct snapshot *s, const char *role)
{
        if (!role)
                return 0;
        return strncmp(role, "arn:", 4) == 0 ? want(s, role, NULL) : want(s, NULL, role);
}

static int want_both(struct snapshot *s, const char *a, const char *b)
{
        int r = want_role(s, a);

        return r == 0 ? want_role(s, b) : r;
}

int roles_of_snapshot(struct snapshot *s)
{
        int r = s->host.instance_role ? want(s, NULL, s->host.instance_role) : 0;

        for (size_t i = 0; r == 0 && i < s->n_creds; i++)
                r = want_role(s, s->creds[i].role_arn);
        for (size_t i = 0; r == 0 && i < s->n_needs; i++)
                if (strncmp(s->needs[i].role, "arn:", 4) == 0)
                        r = want_role(s, s->needs[i].role);
        for (size_t i = 0; r == 0 && i < s->n_definitions; i++)
                r = want_both(s, s->definitions[i].task_role, s->definitions[i].execution_role);
        for (size_t i = 0; r == 0 && i < s->n_tasks; i++)
                r = want_both(s, s->tasks[i].task_role, s->tasks[i].execution_role);
        for (size_t i = 0; r == 0 && i < s->n_services; i++) {
                r = want_both(s, s->services[i].role, s->services[i].scaling_role);
                if (r == 0)
                        r = want_role(s, s->services[i].infrastructure_role);
        }
        return r;
}

int bundles_of_path(struct snapshot *s, const char *path)
{
        return read_directory(&(struct directory_request){
                .path = path, .suffix = ".json", .kind = DIRECTORY_OR_FILE, .max_bytes = BUNDLE_FILE_MAX,
                .max_files = BUNDLE_FILES_MAX, .on_file = bundle_read, .on_error = bundle_error, .userdata = s });
}

int account_roles(struct scan *x)
{
        int r = roles_of_snapshot(x->s);

        if (r == 0)
                r = bundles_of_path(x->s, x->at.cs->bundles);
        return r == 0 && x->at.cs->iam ? iam_roles(x) : r;
}
