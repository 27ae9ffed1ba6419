#include "image_config.h"

/* ECS API reference, RuntimePlatform; without it ECS takes X86_64. */
struct image_platform image_platform_of(const cJSON *definition)
{
        const cJSON *o = member(definition, "runtimePlatform");
        const char *architecture = member_text(o, "cpuArchitecture"), *os = member_text(o, "operatingSystemFamily");

        return (struct image_platform){ os && strncmp(os, "WINDOWS", 7) == 0 ? "windows" : "linux", streq(architecture, "ARM64") ? "arm64" : "amd64", architecture != NULL };
}

static bool is_given(const cJSON *container, const char *key)
{
        const cJSON *v = member(container, key);

        return is_template_function(v) || json_first(v) || (cJSON_IsString(v) && *v->valuestring);
}

/* Of the image's configuration and of the definition; what it is called. */
struct default_row { const char *from, *to, *what; };
static const struct default_row defaults[] = {
        { "Cmd", "command", "command" }, { "Entrypoint", "entryPoint", "entry point" }, { "User", "user", "user" }, { "WorkingDir", "workingDirectory", "working directory" },
};

static int default_copy(const struct default_row *row, const cJSON *config, cJSON *container, struct text *used)
{
        const cJSON *v = member(config, row->from);
        cJSON *copied;

        if (is_given(container, row->to) || !is_given(config, row->from))
                return 0;
        text_addf(used, "%s%s", used->s ? ", " : "", row->what);
        if (cJSON_IsString(v)) {
                text_add(used, " ");
                text_escape_cut(used, v->valuestring, strlen(v->valuestring), 128);
        }
        copied = cJSON_Duplicate(v, true);
        cJSON_DeleteItemFromObjectCaseSensitive(container, row->to);
        if (copied && cJSON_AddItemToObject(container, row->to, copied))
                return 0;
        cJSON_Delete(copied);
        return -ENOMEM;
}

/* The first row: an entry point of the definition takes the place of the image's command, too (Docker, docker run: ENTRYPOINT). */
int image_config_apply(const cJSON *config, cJSON *container, struct text *used)
{
        int r = 0;

        for (size_t i = is_given(container, "entryPoint"); r == 0 && i < ARRAY_SIZE(defaults); i++)
                r = default_copy(&defaults[i], config, container, used);
        return r == 0 && used->failed ? -ENOMEM : r;
}

const char *image_config_variable(const cJSON *config, const char *name)
{
        size_t n = strlen(name);
        const cJSON *v;

        JSON_EACH(v, member(config, "Env"))
                if (strncmp(v->valuestring, name, n) == 0 && v->valuestring[n] == '=')
                        return v->valuestring + n + 1;
        return NULL;
}
