/*
 * The forms in which people have a task definition: what the ECS API takes and returns, a CloudFormation template in JSON or a resource
 * of one, and the list of container definitions that Terraform's jsonencode prints, which may be quoted once more.
 */
#include <ctype.h>
#include "plan_internal.h"

#define RESOURCE_TYPE "AWS::ECS::TaskDefinition"

const cJSON *member(const cJSON *o, const char *key) { return cJSON_GetObjectItemCaseSensitive(o, key); }

const char *member_text(const cJSON *o, const char *key)
{
        const cJSON *v = member(o, key);

        return cJSON_IsString(v) && *v->valuestring ? v->valuestring : NULL;
}

bool is_template_function(const cJSON *v)
{
        const cJSON *only = cJSON_IsObject(v) ? v->child : NULL;

        return only && !only->next && (streq(only->string, "Ref") || strncmp(only->string, "Fn::", 4) == 0);
}

const cJSON *containers_of(const cJSON *definition)
{
        const cJSON *list = member(definition, "containerDefinitions");

        return cJSON_IsArray(list) ? list : NULL;
}

/* ---- names ---- */

/* CloudFormation's names that differ from the ECS API's in more than the first letter; each pair has one length. */
static const struct { const char *template, *api; } names[] = {
        { "EFSVolumeConfiguration", "efsVolumeConfiguration" },
        { "FSxWindowsFileServerVolumeConfiguration", "fsxWindowsFileServerVolumeConfiguration" },
        { "FilesystemId", "fileSystemId" },
        { "IAM", "iam" },
};
/* Members whose own names are the user's. */
static const char *const maps[] = { "options", "driverOpts", "labels", "dockerLabels" };

static void name_convert(char *name)
{
        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (streq(name, names[i].template)) {
                        memcpy(name, names[i].api, strlen(name));
                        return;
                }
        name[0] = (char)tolower((unsigned char)name[0]);
}

static bool is_map(const char *name)
{
        for (size_t i = 0; name && i < ARRAY_SIZE(maps); i++)
                if (streq(name, maps[i]))
                        return true;
        return false;
}

/* The nesting is bounded by json_parse. */
static void names_convert(cJSON *o)
{
        cJSON *v;

        if (is_template_function(o))
                return;
        JSON_EACH(v, o) {
                if (v->string)
                        name_convert(v->string);
                if (!is_map(v->string))
                        names_convert(v);
        }
}

/* ---- templates ---- */

static bool is_definition_resource(const cJSON *v)
{
        const cJSON *type = member(v, "Type");

        return cJSON_IsString(type) && streq(type->valuestring, RESOURCE_TYPE) && cJSON_IsObject(member(v, "Properties"));
}

static void error_put(struct text *error, const char *before, const char *name, const char *after)
{
        text_add(error, before);
        text_escape_cut(error, name, strlen(name), 128);
        text_add(error, after);
}

/* The resource of that name, or the only one that is a task definition. NULL with the reason in *error. */
static cJSON *resource_find(const cJSON *resources, const char *name, struct text *error)
{
        cJSON *v, *found = NULL;

        if (name) {
                found = cJSON_GetObjectItemCaseSensitive(resources, name);
                if (!is_definition_resource(found)) {
                        error_put(error, "the template has no resource ", name, " of type " RESOURCE_TYPE);
                        return NULL;
                }
                return found;
        }
        JSON_EACH(v, resources) {
                if (!is_definition_resource(v))
                        continue;
                if (found) {
                        error_put(error, "the template has several task definitions, among them ", found->string, "");
                        error_put(error, " and ", v->string, "; name one by --resource");
                        return NULL;
                }
                found = v;
        }
        if (!found)
                text_add(error, "the template has no resource of type " RESOURCE_TYPE);
        return found;
}

static int template_read(cJSON *resource, cJSON **ret)
{
        cJSON *definition = cJSON_DetachItemFromObjectCaseSensitive(resource, "Properties");

        if (!definition)
                return -ENOMEM;
        names_convert(definition);
        *ret = definition;
        return 0;
}

/* ---- the others ---- */

/* Consumes the list. */
static int containers_read(cJSON *list, cJSON **ret)
{
        cJSON *definition = cJSON_CreateObject();

        if (!definition || !cJSON_AddItemToObject(definition, "containerDefinitions", list)) {
                cJSON_Delete(definition);
                cJSON_Delete(list);
                return -ENOMEM;
        }
        names_convert(definition);
        *ret = definition;
        return 0;
}

static int object_read(cJSON *given, const char *resource, struct text *error, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *whole = given;
        cJSON *found;

        if (cJSON_IsObject(member(whole, "Resources"))) {
                found = resource_find(member(whole, "Resources"), resource, error);
                return found ? template_read(found, ret) : -EBADMSG;
        }
        if (is_definition_resource(whole))
                return template_read(whole, ret);
        if (member(whole, "ContainerDefinitions")) {
                names_convert(whole);
                *ret = TAKE(whole);
                return 0;
        }
        if (cJSON_IsObject(member(whole, "taskDefinition"))) {
                *ret = cJSON_DetachItemFromObjectCaseSensitive(whole, "taskDefinition");
                return 0;
        }
        *ret = TAKE(whole);
        return 0;
}

static enum plan_form form_recognize(const cJSON *given)
{
        if (cJSON_IsArray(given))
                return PLAN_FORM_CONTAINERS;
        return member(given, "Resources") || member(given, "Properties") || member(given, "ContainerDefinitions") ? PLAN_FORM_TEMPLATE : PLAN_FORM_API;
}

/* A list that was quoted once more, as `terraform output` prints it, is read as that list. */
static int quoted_read(cJSON **given)
{
        CLEANUP(json_freep) cJSON *quoted = *given;
        int r;

        *given = NULL;
        r = json_parse(quoted->valuestring, strlen(quoted->valuestring), given);
        return r;
}

int form_read(cJSON *given, const char *resource, struct text *error, cJSON **ret, enum plan_form *ret_form)
{
        CLEANUP(json_freep) cJSON *whole = given, *definition = NULL;
        enum plan_form form;
        int r = cJSON_IsString(whole) ? quoted_read(&whole) : 0;

        if (r < 0) {
                text_add(error, "the text that it has is not valid JSON");
                return r;
        }
        form = form_recognize(whole);
        if (!cJSON_IsArray(whole) && !cJSON_IsObject(whole)) {
                text_add(error, "it is neither an object nor a list");
                return -EBADMSG;
        }
        if (resource && form != PLAN_FORM_TEMPLATE) {
                text_add(error, "it is no CloudFormation template, so that --resource has no meaning");
                return -EBADMSG;
        }
        r = cJSON_IsArray(whole) ? containers_read(TAKE(whole), &definition) : object_read(TAKE(whole), resource, error, &definition);
        if (r < 0)
                return r;
        *ret = TAKE(definition);
        *ret_form = form;
        return 0;
}
