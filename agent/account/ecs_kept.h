/*
 * ecs_kept -- answers of ECS about the tasks of this host, kept: a definition
 * never changes, nor do a task's overrides, so a daemon asks for what is new.
 */
#pragma once
#include "cache.h"
#include "rolewatch/model.h"

/* What was refused a short while ago, as the host's definitions_fault: 1. 0, -ENOMEM. */
int ecs_kept_fault(struct snapshot *s, const struct cache *cache);
void ecs_keep_fault(const struct snapshot *s, const struct cache *cache);
/* Definitions of running tasks that the snapshot has not yet. 0, -ENOMEM. */
int ecs_kept_definitions(struct snapshot *s, const struct cache *cache);
void ecs_keep_definition(const struct cache *cache, const char *name, const cJSON *definition);
/* Overrides; known[i] of each task that was asked about before. 0, -ENOMEM. */
int ecs_kept_tasks(struct snapshot *s, const struct cache *cache, bool *known);
void ecs_keep_tasks(const struct snapshot *s, const struct cache *cache, const bool *known);
