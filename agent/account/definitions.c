/* What task definitions ask of roles (ECS API reference: ContainerDefinition, Volume). */
#include <stdio.h>
#include "definitions.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"

/* One that is being read; what it implies is collected before it is kept. */
struct reading {
        struct snapshot *s;
        const cJSON *o;                /* the definition */
        const char *name;              /* of the container */
        bool requested;                /* by its name, whatever the tasks are */
        struct requirement rows[REQUIREMENTS_MAX];
        size_t n;
        int r;
};

static const cJSON *definition_get(const cJSON *o, const char *key)
{
        return cJSON_GetObjectItemCaseSensitive(o, key);
}

static const char *definition_str(const cJSON *o, const char *key)
{
        const char *v;

        return json_get_str(o, key, FIELD_MAX, &v) == 0 && *v ? v : NULL;
}

/* Escaped; "" and absent are none. */
static const char *definition_text(struct reading *rd, const cJSON *o, const char *key)
{
        const char *v = NULL;
        int r = json_take_str(rd->s->arena, o, key, FIELD_MAX, &v);

        if (r == -ENOMEM)
                rd->r = r;
        return r == 0 ? v : NULL;
}

static struct requirement *requirement_add(struct reading *rd, enum requirement_kind kind, const cJSON *o, const char *key)
{
        const char *value = definition_text(rd, o, key);

        if (!value || rd->n == REQUIREMENTS_MAX)
                return NULL;
        rd->rows[rd->n] = (struct requirement){ .kind = kind, .container = rd->name, .value = value };
        return &rd->rows[rd->n++];
}

static void read_secrets(struct reading *rd, const cJSON *list)
{
        const cJSON *o;

        JSON_EACH(o, list)
                requirement_add(rd, REQUIREMENT_SECRET, o, "valueFrom");
}

static void read_logs(struct reading *rd, const cJSON *logs)
{
        const cJSON *options = definition_get(logs, "options");
        struct requirement *x;

        read_secrets(rd, definition_get(logs, "secretOptions"));
        if (!streq(definition_str(logs, "logDriver"), "awslogs"))
                return;
        x = requirement_add(rd, REQUIREMENT_LOGS, options, "awslogs-group");
        if (!x)
                return;
        x->region = definition_text(rd, options, "awslogs-region");
        x->prefix = definition_text(rd, options, "awslogs-stream-prefix");
        if (!streq(definition_str(options, "awslogs-create-group"), "true"))
                return;
        x = requirement_add(rd, REQUIREMENT_LOGS_CREATE, options, "awslogs-group");
        if (x)
                x->region = x[-1].region;
}

/* "credentialspec:ARN", "credentialspecdomainless:ARN" of a file in S3, or of a parameter. */
static void read_specs(struct reading *rd, const cJSON *list)
{
        const cJSON *v;

        JSON_EACH(v, list) {
                CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();
                const char *arn = cJSON_IsString(v) ? strstr(v->valuestring, ":arn:") : NULL;

                if (!arn)
                        continue;
                if (!o || !cJSON_AddStringToObject(o, "arn", arn + 1))
                        rd->r = -ENOMEM;
                else
                        requirement_add(rd, strstr(arn, ":s3:") ? REQUIREMENT_S3_FILE : REQUIREMENT_SECRET, o, "arn");
        }
}

static void definition_read_container(struct reading *rd, const cJSON *c)
{
        const cJSON *router = definition_get(definition_get(c, "firelensConfiguration"), "options"), *file;

        rd->name = definition_text(rd, c, "name");
        if (!requirement_add(rd, REQUIREMENT_REGISTRY, definition_get(c, "repositoryCredentials"), "credentialsParameter"))
                requirement_add(rd, REQUIREMENT_IMAGE, c, "image");
        read_secrets(rd, definition_get(c, "secrets"));
        read_logs(rd, definition_get(c, "logConfiguration"));
        JSON_EACH(file, definition_get(c, "environmentFiles"))
                if (streq(definition_str(file, "type"), "s3"))
                        requirement_add(rd, REQUIREMENT_S3_FILE, file, "value");
        if (streq(definition_str(router, "config-file-type"), "s3"))
                requirement_add(rd, REQUIREMENT_S3_FILE, router, "config-file-value");
        read_specs(rd, definition_get(c, "credentialSpecs"));
}

static bool written_to(const cJSON *definition, const char *volume)
{
        const cJSON *c, *mount;

        JSON_EACH(c, definition_get(definition, "containerDefinitions"))
                JSON_EACH(mount, definition_get(c, "mountPoints"))
                        if (streq(definition_str(mount, "sourceVolume"), volume) &&
                            !json_get_bool(mount, "readOnly", false))
                                return true;
        return false;
}

static void read_volume(struct reading *rd, const cJSON *volume)
{
        const cJSON *efs = definition_get(volume, "efsVolumeConfiguration");
        const char *name = definition_str(volume, "name");

        rd->name = NULL;
        if (!streq(definition_str(definition_get(efs, "authorizationConfig"), "iam"), "ENABLED"))
                return;
        requirement_add(rd, REQUIREMENT_EFS, efs, "fileSystemId");
        if (name && written_to(rd->o, name))
                requirement_add(rd, REQUIREMENT_EFS_WRITE, efs, "fileSystemId");
}

/* "web", "web:7" or an ARN that ends in it. */
static bool named(const struct cluster_request *request, const struct task *as)
{
        for (size_t i = 0; request && i < request->n_definitions; i++) {
                const char *name = arn_name(request->definitions[i]);
                size_t n = strcspn(name, ":");

                if (strlen(as->family) == n && strncmp(as->family, name, n) == 0 &&
                    (!name[n] || streq(name + n + 1, as->revision)))
                        return true;
        }
        return false;
}

static bool wanted(const struct snapshot *s, const struct task *as)
{
        for (size_t i = 0; i < s->n_tasks; i++)
                if (streq(s->tasks[i].family, as->family) && streq(s->tasks[i].revision, as->revision))
                        return s->n_definitions < DEFINITIONS_MAX && !snapshot_definition(s, as);
        return false;
}

static int definition_store(struct reading *rd, const struct definition_name *name)
{
        struct arena *a = rd->s->arena;
        struct requirement *rows = arena_alloc(a, (rd->n + 1) * sizeof *rows);
        struct definition *d = snapshot_add_definition(rd->s);

        if (!rows || !d)
                return -ENOMEM;
        memcpy(rows, rd->rows, rd->n * sizeof *rows);
        *d = (struct definition){ .family = arena_dup(a, name->family),
                                  .revision = arena_dup(a, name->revision),
                                  .source = arena_escape(a, name->source, strlen(name->source), FIELD_MAX),
                                  .network_mode = definition_text(rd, rd->o, "networkMode"),
                                  .requested = rd->requested,
                                  .task_role = definition_text(rd, rd->o, "taskRoleArn"),
                                  .execution_role = definition_text(rd, rd->o, "executionRoleArn"),
                                  .requirements = rows,
                                  .n_requirements = rd->n };
        return d->family && d->revision && d->source ? rd->r : -ENOMEM;
}

static int definition_add(struct snapshot *s, const cJSON *o, const struct definition_name *name, bool requested)
{
        CLEANUP(freep) struct reading *rd = calloc(1, sizeof *rd);
        const cJSON *v;

        if (!rd)
                return -ENOMEM;
        rd->s = s;
        rd->o = o;
        rd->requested = requested;
        JSON_EACH(v, definition_get(o, "containerDefinitions"))
                definition_read_container(rd, v);
        JSON_EACH(v, definition_get(o, "volumes"))
                read_volume(rd, v);
        return rd->r < 0 ? rd->r : definition_store(rd, name);
}

int account_definition(struct snapshot *s, const cJSON *o, const struct definition_name *name)
{
        return definition_add(s, o, name, false);
}

int definition_take(struct snapshot *s, const cJSON *o, const char *source, const struct cluster_request *request)
{
        char revision[24];
        struct task as = { .family = definition_str(o, "family"), .revision = revision };
        int64_t number;
        bool requested;

        if (!as.family || json_get_i64(o, "revision", &number) < 0 ||
            !cJSON_IsArray(definition_get(o, "containerDefinitions")))
                return -EBADMSG;
        snprintf(revision, sizeof revision, "%lld", (long long)number);
        requested = named(request, &as) && s->n_definitions < DEFINITIONS_MAX && !snapshot_definition(s, &as);
        if (!requested && !wanted(s, &as))
                return 0;
        return definition_add(s, o, &(struct definition_name){ as.family, revision, source }, requested);
}

/* ---- files ---- */

struct directory_read { struct snapshot *s; const struct cluster_request *request; };

static int definitions_error_set(struct snapshot *s, const char *path, const char *why)
{
        s->host.definitions_error = arena_printf(s->arena, "%s: %s", path, why);
        return s->host.definitions_error ? 0 : -ENOMEM;
}

static int definition_error(void *userdata, const char *path, int error)
{
        const struct directory_read *to = userdata;

        return definitions_error_set(to->s, path, read_error_to_string(error));
}

static int definition_read(void *userdata, const struct directory_file *f)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        const struct directory_read *to = userdata;
        const cJSON *o;
        int r;

        if (json_parse(f->text, f->len, &j) < 0)
                return definitions_error_set(to->s, f->path, "not valid JSON");
        o = definition_get(j, "taskDefinition");
        r = definition_take(to->s, o ? o : j, f->path, to->request);
        return r == -EBADMSG ? definitions_error_set(to->s, f->path, "has no task definition with family and revision") : r;
}

int definitions_read(struct snapshot *s, const struct collect_settings *cs, const struct cluster_request *request)
{
        struct directory_read f = { s, request };

        return read_directory(&(struct directory_request){
                .path = cs->definitions, .suffix = ".json", .kind = DIRECTORY_OR_FILE, .max_bytes = DEFINITION_FILE_MAX,
                .max_files = DEFINITIONS_MAX, .on_file = definition_read, .on_error = definition_error, .userdata = &f });
}
