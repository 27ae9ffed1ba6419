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
        bool asked;                    /* by its name, whatever the tasks are */
        struct implied rows[IMPLIED_MAX];
        size_t n;
        int r;
};

static const cJSON *get(const cJSON *o, const char *key)
{
        return cJSON_GetObjectItemCaseSensitive(o, key);
}

static const char *text_of(const cJSON *o, const char *key)
{
        const char *v;

        return json_get_str(o, key, FIELD_MAX, &v) == 0 && *v ? v : NULL;
}

/* Escaped; "" and absent are none. */
static const char *kept(struct reading *rd, const cJSON *o, const char *key)
{
        const char *v = NULL;
        int r = json_take_str(rd->s->arena, o, key, FIELD_MAX, &v);

        if (r == -ENOMEM)
                rd->r = r;
        return r == 0 ? v : NULL;
}

static struct implied *imply(struct reading *rd, enum implied_kind kind, const cJSON *o, const char *key)
{
        const char *value = kept(rd, o, key);

        if (!value || rd->n == IMPLIED_MAX)
                return NULL;
        rd->rows[rd->n] = (struct implied){ .kind = kind, .container = rd->name, .value = value };
        return &rd->rows[rd->n++];
}

static void read_secrets(struct reading *rd, const cJSON *list)
{
        const cJSON *o;

        JSON_EACH(o, list)
                imply(rd, IMPLIED_SECRET, o, "valueFrom");
}

static void read_logs(struct reading *rd, const cJSON *logs)
{
        const cJSON *options = get(logs, "options");
        struct implied *x;

        read_secrets(rd, get(logs, "secretOptions"));
        if (!streq(text_of(logs, "logDriver"), "awslogs"))
                return;
        x = imply(rd, IMPLIED_LOGS, options, "awslogs-group");
        if (!x)
                return;
        x->region = kept(rd, options, "awslogs-region");
        x->prefix = kept(rd, options, "awslogs-stream-prefix");
        if (!streq(text_of(options, "awslogs-create-group"), "true"))
                return;
        x = imply(rd, IMPLIED_LOGS_CREATE, options, "awslogs-group");
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
                        imply(rd, strstr(arn, ":s3:") ? IMPLIED_S3_FILE : IMPLIED_SECRET, o, "arn");
        }
}

static void read_container(struct reading *rd, const cJSON *c)
{
        const cJSON *router = get(get(c, "firelensConfiguration"), "options"), *file;

        rd->name = kept(rd, c, "name");
        if (!imply(rd, IMPLIED_REGISTRY, get(c, "repositoryCredentials"), "credentialsParameter"))
                imply(rd, IMPLIED_IMAGE, c, "image");
        read_secrets(rd, get(c, "secrets"));
        read_logs(rd, get(c, "logConfiguration"));
        JSON_EACH(file, get(c, "environmentFiles"))
                if (streq(text_of(file, "type"), "s3"))
                        imply(rd, IMPLIED_S3_FILE, file, "value");
        if (streq(text_of(router, "config-file-type"), "s3"))
                imply(rd, IMPLIED_S3_FILE, router, "config-file-value");
        read_specs(rd, get(c, "credentialSpecs"));
}

static bool written_to(const cJSON *definition, const char *volume)
{
        const cJSON *c, *mount;

        JSON_EACH(c, get(definition, "containerDefinitions"))
                JSON_EACH(mount, get(c, "mountPoints"))
                        if (streq(text_of(mount, "sourceVolume"), volume) &&
                            !json_get_bool(mount, "readOnly", false))
                                return true;
        return false;
}

static void read_volume(struct reading *rd, const cJSON *volume)
{
        const cJSON *efs = get(volume, "efsVolumeConfiguration");
        const char *name = text_of(volume, "name");

        rd->name = NULL;
        if (!streq(text_of(get(efs, "authorizationConfig"), "iam"), "ENABLED"))
                return;
        imply(rd, IMPLIED_EFS, efs, "fileSystemId");
        if (name && written_to(rd->o, name))
                imply(rd, IMPLIED_EFS_WRITE, efs, "fileSystemId");
}

/* "web", "web:7" or an ARN that ends in it. */
static bool named(const struct cluster_ask *ask, const struct task *as)
{
        for (size_t i = 0; ask && i < ask->n_definitions; i++) {
                const char *name = arn_name(ask->definitions[i]);
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

static int keep(struct reading *rd, const struct task *as, const char *source)
{
        struct arena *a = rd->s->arena;
        struct implied *rows = arena_alloc(a, (rd->n + 1) * sizeof *rows);
        struct definition *d = snapshot_add_definition(rd->s);

        if (!rows || !d)
                return -ENOMEM;
        memcpy(rows, rd->rows, rd->n * sizeof *rows);
        *d = (struct definition){ .family = arena_dup(a, as->family),
                                  .revision = arena_dup(a, as->revision),
                                  .source = arena_escape(a, source, strlen(source), FIELD_MAX),
                                  .network_mode = kept(rd, rd->o, "networkMode"),
                                  .asked = rd->asked,
                                  .task_role = kept(rd, rd->o, "taskRoleArn"),
                                  .execution_role = kept(rd, rd->o, "executionRoleArn"),
                                  .implied = rows,
                                  .n_implied = rd->n };
        return d->family && d->revision && d->source ? rd->r : -ENOMEM;
}

int definition_take(struct snapshot *s, const cJSON *o, const char *source, const struct cluster_ask *ask)
{
        CLEANUP(freep) struct reading *rd = calloc(1, sizeof *rd);
        char revision[24];
        struct task as = { .family = text_of(o, "family"), .revision = revision };
        const cJSON *v;
        int64_t number;

        if (!rd)
                return -ENOMEM;
        if (!as.family || json_get_i64(o, "revision", &number) < 0 ||
            !cJSON_IsArray(get(o, "containerDefinitions")))
                return -EBADMSG;
        snprintf(revision, sizeof revision, "%lld", (long long)number);
        rd->asked = named(ask, &as) && s->n_definitions < DEFINITIONS_MAX && !snapshot_definition(s, &as);
        if (!rd->asked && !wanted(s, &as))
                return 0;
        rd->s = s;
        rd->o = o;
        JSON_EACH(v, get(o, "containerDefinitions"))
                read_container(rd, v);
        JSON_EACH(v, get(o, "volumes"))
                read_volume(rd, v);
        return rd->r < 0 ? rd->r : keep(rd, &as, source);
}

/* ---- files ---- */

struct folder { struct snapshot *s; const struct cluster_ask *ask; };

static int file_fault(struct snapshot *s, const char *path, const char *why)
{
        s->host.definitions_fault = arena_printf(s->arena, "%s: %s", path, why);
        return s->host.definitions_fault ? 0 : -ENOMEM;
}

static int definition_error(void *userdata, const char *path, int error)
{
        const struct folder *to = userdata;

        return file_fault(to->s, path, read_error_to_string(error));
}

static int definition_read(void *userdata, const struct directory_file *f)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        const struct folder *to = userdata;
        const cJSON *o;
        int r;

        if (json_parse(f->text, f->len, &j) < 0)
                return file_fault(to->s, f->path, "not valid JSON");
        o = get(j, "taskDefinition");
        r = definition_take(to->s, o ? o : j, f->path, to->ask);
        return r == -EBADMSG ? file_fault(to->s, f->path, "has no task definition with family and revision") : r;
}

int definitions_read(struct snapshot *s, const struct collect_settings *cs, const struct cluster_ask *ask)
{
        struct folder f = { s, ask };

        return read_directory(&(struct directory_request){
                .path = cs->definitions, .suffix = ".json", .kind = DIRECTORY_OR_FILE, .max_bytes = DEFINITION_FILE_MAX,
                .max_files = DEFINITIONS_MAX, .on_file = definition_read, .on_error = definition_error, .userdata = &f });
}
