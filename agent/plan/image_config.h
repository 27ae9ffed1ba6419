/* image_config -- what the configuration of an image says where the definition of the container does not. */
#pragma once
#include "plan_internal.h"

/* The platform that a task runs on, as Go calls it, by its runtimePlatform; known: it says the architecture. */
struct image_platform { const char *os, *architecture; bool known; };
struct image_platform image_platform_of(const cJSON *definition);
/*
 * Puts entryPoint, command, user and workingDirectory into the container, as Docker takes them from the image, and says in *used what is so.
 * 0 or -ENOMEM.
 */
int image_config_apply(const cJSON *config, cJSON *container, struct text *used);
/* The value of the first entry NAME=value of its Env; NULL: it has none. config may be NULL. Borrowed. */
const char *image_config_variable(const cJSON *config, const char *name);
