/* Answers of ECS on disk; without what may hold a secret. */
#include <stdio.h>
#include "cache.h"
#include "definitions.h"
#include "ecs_cache.h"
#include "ecs_task.h"
#include "rolewatch/limits.h"

#define CACHED_S ((int64_t)86400)      /* and up to half of that more */
#define REFUSED_S ((int64_t)600)
/* A role's name has no colon: these are files of their own. */
#define TASKS_NAME "ecs:tasks"
#define ERROR_NAME "ecs:fault"

/* What definition_take reads, at any depth. Environments, commands and options of log drivers are not among it. */
static const char *const cached_keys[] = {
        "family", "revision", "networkMode", "taskRoleArn", "executionRoleArn", "containerDefinitions", "volumes", "name",
        "image", "repositoryCredentials", "credentialsParameter", "secrets", "valueFrom", "logConfiguration", "logDriver",
        "options", "secretOptions", "awslogs-group", "awslogs-region", "awslogs-stream-prefix", "awslogs-create-group",
        "environmentFiles", "type", "value", "firelensConfiguration", "config-file-type", "config-file-value",
        "credentialSpecs", "mountPoints", "sourceVolume", "readOnly", "efsVolumeConfiguration", "authorizationConfig",
        "iam", "fileSystemId",
};

static bool cached_key(const char *key)
{
        for (size_t i = 0; i < ARRAY_SIZE(cached_keys); i++)
                  if (streq(cached_keys[i], key))
                        return true;
        return false;
}

/* Depth is bounded by json_parse. */
static void prune(cJSON *o)
{
        for (cJSON *c = o->child, *next; c; c = next) {
                  next = c->next;
                  if (cJSON_IsObject(o) && !cached_key(c->string))
                        cJSON_Delete(cJSON_DetachItemViaPointer(o, c));
                  else
                        prune(c);
        }
}

int ecs_cache_read_error(struct snapshot *s, const struct cache *cache)
{
        CLEANUP(json_freep) cJSON *cached = NULL;
        const char *error;
        int64_t made_s;

        if (cache_read(cache, ERROR_NAME, &cached, &made_s) < 0 ||
            json_get_str(cached, "fault", FIELD_MAX, &error) < 0)
                  return 0;
        s->host.definitions_error = arena_escape(s->arena, error, strlen(error), FIELD_MAX);
        return s->host.definitions_error ? 1 : -ENOMEM;
}

void ecs_cache_write_error(const struct snapshot *s, const struct cache *cache)
{
        CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();

        if (o && cJSON_AddStringToObject(o, "fault", s->host.definitions_error))
                  cache_write(cache, ERROR_NAME, REFUSED_S, o);
}

int ecs_cache_read_definitions(struct snapshot *s, const struct cache *cache)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < s->n_tasks; i++) {
                  CLEANUP(json_freep) cJSON *cached = NULL;
                  char name[FIELD_MAX];
                  int64_t made_s;

                  if (!task_running(&s->tasks[i]) || snapshot_definition(s, &s->tasks[i]))
                        continue;
                  snprintf(name, sizeof name, "ecs:%s:%s", s->tasks[i].family, s->tasks[i].revision);
                  if (cache_read(cache, name, &cached, &made_s) == 0)
                        r = definition_take(s, cached, "the ECS API", NULL);
                  r = r == -EBADMSG ? 0 : r;
        }
        return r;
}

void ecs_cache_write_definition(const struct cache *cache, const char *name, const cJSON *definition)
{
        CLEANUP(json_freep) cJSON *copy = cJSON_Duplicate(definition, true);
        char file[FIELD_MAX];

        if (!copy || (size_t)snprintf(file, sizeof file, "ecs:%s", name) >= sizeof file)
                  return;
        prune(copy);
        cache_write(cache, file, CACHED_S, copy);
}

int ecs_cache_read_tasks(struct snapshot *s, const struct cache *cache, bool *known)
{
        CLEANUP(json_freep) cJSON *cached = NULL;
        const cJSON *o;
        int64_t made_s;
        int r = 0;

        if (cache_read(cache, TASKS_NAME, &cached, &made_s) < 0)
                  return 0;
        JSON_EACH(o, cJSON_GetObjectItemCaseSensitive(cached, "tasks"))
                  if (r == 0)
                        r = ecs_task_take(s, o, known);
        return r;
}

static bool ecs_cache_put(cJSON *o, const char *key, const char *value)
{
        return !value || cJSON_AddStringToObject(o, key, value);
}

/* As ECS describes them. */
static bool put_task(cJSON *list, const struct task *t)
{
        cJSON *o = cJSON_CreateObject(), *overrides;

        if (!o || !cJSON_AddItemToArray(list, o))
                  return false;
        overrides = cJSON_AddObjectToObject(o, "overrides");
        return overrides && ecs_cache_put(o, "taskArn", t->arn) && cJSON_AddBoolToObject(o, "enableExecuteCommand", t->exec) &&
               ecs_cache_put(o, "startedBy", t->started_by) && ecs_cache_put(overrides, "taskRoleArn", t->task_role) &&
               ecs_cache_put(overrides, "executionRoleArn", t->execution_role);
}

void ecs_cache_write_tasks(const struct snapshot *s, const struct cache *cache, const bool *known)
{
        CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();
        cJSON *list = o ? cJSON_AddArrayToObject(o, "tasks") : NULL;
        bool good = list != NULL;

        for (size_t i = 0; good && i < s->n_tasks; i++)
                  good = !known[i] || put_task(list, &s->tasks[i]);
        if (good)
                  cache_write(cache, TASKS_NAME, CACHED_S, o);
}
