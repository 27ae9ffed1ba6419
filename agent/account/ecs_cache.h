/*
 * ecs_cache -- cached responses of ECS about the tasks of this host. Task definitions and the overrides of a task never change,
 * so that the daemon queries only new ones.
 */
#pragma once
#include "cache.h"
#include "rolewatch/model.h"

/* 1: a recent call failed, and host.definitions_fault says so; 0: none did; -ENOMEM. */
int ecs_cache_read_error(struct snapshot *s, const struct cache *cache);
void ecs_cache_write_error(const struct snapshot *s, const struct cache *cache);
/* Cached definitions of running tasks, as far as the snapshot does not have them. 0, -ENOMEM. */
int ecs_cache_read_definitions(struct snapshot *s, const struct cache *cache);
void ecs_cache_write_definition(const struct cache *cache, const char *name, const cJSON *definition);
/* Cached overrides; sets known[i] for each task that has been queried. 0, -ENOMEM. */
int ecs_cache_read_tasks(struct snapshot *s, const struct cache *cache, bool *known);
void ecs_cache_write_tasks(const struct snapshot *s, const struct cache *cache, const bool *known);
