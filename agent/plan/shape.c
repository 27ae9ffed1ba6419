/* The types of a definition's members, as far as they are read (ECS API reference: RegisterTaskDefinition, ContainerDefinition). */
#include <stdio.h>
#include "plan_internal.h"
#include "rolewatch/limits.h"

enum shape_kind { SHAPE_TEXT, SHAPE_FLAG, SHAPE_TEXTS, SHAPE_MAP, SHAPE_OBJECT, SHAPE_OBJECTS };
static const char *const kinds[] = {
        [SHAPE_TEXT] = "a text", [SHAPE_FLAG] = "true or false", [SHAPE_TEXTS] = "a list of texts", [SHAPE_MAP] = "an object of texts",
        [SHAPE_OBJECT] = "an object", [SHAPE_OBJECTS] = "a list of objects",
};
struct shape { const char *key; enum shape_kind kind; const struct shape *of; bool required; };

static const struct shape variable[] = { { "name", SHAPE_TEXT, NULL, true }, { "value", SHAPE_TEXT, NULL, false }, { 0 } };
static const struct shape secret[] = { { "name", SHAPE_TEXT, NULL, true }, { "valueFrom", SHAPE_TEXT, NULL, true }, { 0 } };
static const struct shape env_file[] = { { "value", SHAPE_TEXT, NULL, true }, { "type", SHAPE_TEXT, NULL, false }, { 0 } };
static const struct shape registry[] = { { "credentialsParameter", SHAPE_TEXT, NULL, false }, { 0 } };
static const struct shape logs[] = {
        { "logDriver", SHAPE_TEXT, NULL, false }, { "options", SHAPE_MAP, NULL, false }, { "secretOptions", SHAPE_OBJECTS, secret, false }, { 0 },
};
static const struct shape health[] = { { "command", SHAPE_TEXTS, NULL, false }, { 0 } };
static const struct shape router[] = { { "type", SHAPE_TEXT, NULL, false }, { "options", SHAPE_MAP, NULL, false }, { 0 } };
static const struct shape mount[] = { { "sourceVolume", SHAPE_TEXT, NULL, false }, { "readOnly", SHAPE_FLAG, NULL, false }, { 0 } };
static const struct shape container[] = {
        { "name", SHAPE_TEXT, NULL, true },            { "image", SHAPE_TEXT, NULL, false },
        { "entryPoint", SHAPE_TEXTS, NULL, false },    { "command", SHAPE_TEXTS, NULL, false },
        { "user", SHAPE_TEXT, NULL, false },           { "environment", SHAPE_OBJECTS, variable, false },
        { "secrets", SHAPE_OBJECTS, secret, false },   { "environmentFiles", SHAPE_OBJECTS, env_file, false },
        { "logConfiguration", SHAPE_OBJECT, logs, false }, { "repositoryCredentials", SHAPE_OBJECT, registry, false },
        { "healthCheck", SHAPE_OBJECT, health, false }, { "dockerLabels", SHAPE_MAP, NULL, false },
        { "firelensConfiguration", SHAPE_OBJECT, router, false }, { "credentialSpecs", SHAPE_TEXTS, NULL, false },
        { "mountPoints", SHAPE_OBJECTS, mount, false },  { "workingDirectory", SHAPE_TEXT, NULL, false }, { 0 },
};
static const struct shape authorization[] = { { "iam", SHAPE_TEXT, NULL, false }, { 0 } };
static const struct shape efs[] = { { "fileSystemId", SHAPE_TEXT, NULL, false }, { "authorizationConfig", SHAPE_OBJECT, authorization, false }, { 0 } };
static const struct shape volume[] = { { "name", SHAPE_TEXT, NULL, false }, { "efsVolumeConfiguration", SHAPE_OBJECT, efs, false }, { 0 } };
static const struct shape task[] = {
        { "family", SHAPE_TEXT, NULL, false },         { "taskRoleArn", SHAPE_TEXT, NULL, false },
        { "executionRoleArn", SHAPE_TEXT, NULL, false }, { "networkMode", SHAPE_TEXT, NULL, false },
        { "taskDefinitionArn", SHAPE_TEXT, NULL, false }, { "requiresCompatibilities", SHAPE_TEXTS, NULL, false },
        { "containerDefinitions", SHAPE_OBJECTS, container, true }, { "volumes", SHAPE_OBJECTS, volume, false }, { 0 },
};

/* A position: the path so far, and where the reason and the references go. */
struct walk { char path[PATH_TEXT_MAX]; enum plan_form form; struct text *error; struct positions *references; int r; };

static void shape_wrong(struct walk *w, const char *why, const char *what)
{
        text_addf(w->error, "%s: %s%s", w->path, why, what);
        w->r = -EBADMSG;
}

static void reference_add(struct walk *w)
{
        CLEANUP(text_done) struct text t = { 0 };
        struct positions *p = w->references;

        p->total++;
        if (p->n == ARRAY_SIZE(p->list))
                return;
        text_escape(&t, w->path, strlen(w->path));
        if (t.failed)
                w->r = -ENOMEM;
        else
                p->list[p->n++] = TAKE(t.s);
}

static cJSON *scalar_converted(const cJSON *v, enum shape_kind to)
{
        CLEANUP(freep) char *line = NULL;

        if (to == SHAPE_FLAG)
                return cJSON_CreateBool(streq(v->valuestring, "true"));
        line = json_line(v);
        return line ? cJSON_CreateString(line) : NULL;
}

static void scalar_convert(struct walk *w, cJSON *v, enum shape_kind to)
{
        bool other = to == SHAPE_TEXT ? cJSON_IsNumber(v) || cJSON_IsBool(v) : to == SHAPE_FLAG && cJSON_IsString(v);
        cJSON *made = other && w->form == PLAN_FORM_TEMPLATE ? scalar_converted(v, to) : NULL;
        char *former = v->valuestring;

        if (!made) {
                w->r = other && w->form == PLAN_FORM_TEMPLATE ? -ENOMEM : w->r;
                return;
        }
        v->type = made->type;
        v->valuestring = made->valuestring;
        made->valuestring = former;
        cJSON_Delete(made);
}

static bool has_kind(const cJSON *v, enum shape_kind kind)
{
        switch (kind) {
        case SHAPE_TEXT:
                return cJSON_IsString(v);
        case SHAPE_FLAG:
                return cJSON_IsBool(v) || cJSON_IsString(v);
        case SHAPE_TEXTS:
        case SHAPE_OBJECTS:
                return cJSON_IsArray(v);
        case SHAPE_MAP:
        case SHAPE_OBJECT:
                return cJSON_IsObject(v);
        }
        return false;
}

static void object_check(struct walk *w, cJSON *o, const struct shape *rows);

/* An entry of a list, at w->path. */
static void entry_check(struct walk *w, cJSON *v, const struct shape *row)
{
        bool text = row->kind == SHAPE_TEXTS;

        scalar_convert(w, v, text ? SHAPE_TEXT : row->kind);
        if (is_template_function(v))
                reference_add(w);
        else if (text ? !cJSON_IsString(v) : !cJSON_IsObject(v))
                shape_wrong(w, "it must be ", kinds[text ? SHAPE_TEXT : SHAPE_OBJECT]);
        else if (row->of)
                object_check(w, v, row->of);
}

static void list_check(struct walk *w, const cJSON *list, const struct shape *row)
{
        size_t end = strlen(w->path), i = 0;
        cJSON *v;

        JSON_EACH(v, list) {
                snprintf(w->path + end, sizeof w->path - end, "[%zu]", i++);
                if (w->r == 0)
                        entry_check(w, v, row);
        }
        w->path[end] = '\0';
}

/* The members of a map may have any names. */
static void map_check(struct walk *w, const cJSON *map)
{
        size_t end = strlen(w->path);
        cJSON *v;

        JSON_EACH(v, map) {
                scalar_convert(w, v, SHAPE_TEXT);
                if (!is_template_function(v))
                        continue;
                snprintf(w->path + end, sizeof w->path - end, ".%s", v->string);
                reference_add(w);
        }
        w->path[end] = '\0';
}

static void member_check(struct walk *w, cJSON *o, const struct shape *row)
{
        cJSON *v = cJSON_GetObjectItemCaseSensitive(o, row->key);
        size_t end = strlen(w->path);

        snprintf(w->path + end, sizeof w->path - end, "%s%s", end ? "." : "", row->key);
        if (v)
                scalar_convert(w, v, row->kind);
        if (!v || cJSON_IsNull(v)) {
                if (row->required)
                        shape_wrong(w, "it is missing", "");
        } else if (is_template_function(v)) {
                reference_add(w);
        } else if (!has_kind(v, row->kind)) {
                shape_wrong(w, "it must be ", kinds[row->kind]);
        } else if (row->kind == SHAPE_TEXTS || row->kind == SHAPE_OBJECTS) {
                list_check(w, v, row);
        } else if (row->kind == SHAPE_MAP) {
                map_check(w, v);
        } else if (row->of) {
                object_check(w, v, row->of);
        }
        if (w->r == 0)
                w->path[end] = '\0';
}

static void object_check(struct walk *w, cJSON *o, const struct shape *rows)
{
        for (const struct shape *row = rows; row->key && w->r == 0; row++)
                member_check(w, o, row);
}

int shape_check(cJSON *definition, enum plan_form form, struct text *error, struct positions *ret_references)
{
        struct walk w = { .form = form, .error = error, .references = ret_references };

        object_check(&w, definition, task);
        return w.r;
}

void positions_done(struct positions *p)
{
        for (size_t i = 0; i < p->n; i++)
                free(p->list[i]);
}
