/*
 * model_internal -- the JSON form of each struct of a snapshot, as tables that writer, reader and copier share, so that they
 * cannot diverge.
 */
#pragma once
#include <assert.h>
#include "rolewatch/model.h"

#define MODEL_VERSION_KEY "rolewatch-snapshot"
#define MODEL_VERSION     1

struct string_table { const char *const *string; size_t n; };
extern const struct string_table answer_state_strings, file_state_strings, passwd_home_strings, certainty_strings, cred_kind_strings, config_uri_strings,
        role_state_strings, requirement_kind_strings, environment_source_strings, spelling_strings;
extern const struct string_table env_strings, sysprop_strings, profile_key_strings;
int string_table_find(const struct string_table *w, const char *string, size_t len); /* index or -ENOENT */

extern const enum env_class env_classes[ENV_VAR_MAX], sysprop_classes[SYSPROP_MAX];
extern const enum env_class profile_key_classes[PROFILE_KEY_MAX];

/*
 * STR is absent for NULL; NAMED is an array of strings whose keys are words;
 * WORD an enum; SET the bits of an unsigned as a list of words, absent for 0; INDEX points into a list of the snapshot, or is -1.
 */
enum field_kind {
        FIELD_STR, FIELD_NAMED, FIELD_ENUM, FIELD_INDEX, FIELD_I32, FIELD_U32, FIELD_I64, FIELD_U64,
        FIELD_BOOL, FIELD_SET, FIELD_OBJECT, FIELD_LIST,
};
struct table;
struct field {
        const char *key;
        enum field_kind kind;
        size_t at;                     /* offset in its struct */
        const struct table *of;        /* OBJECT, LIST: the struct within */
        size_t count_at;               /* LIST: of its count; INDEX: of the count in the snapshot */
        bool required;                 /* INDEX: -1 is none */
        const struct string_table *strings; /* WORD, SET, NAMED */
        const enum env_class *classes; /* NAMED */
};
struct table { const struct field *fields; size_t n, size; };

/* The lists of struct snapshot itself are allocated one by one; all others are in the arena. */
extern const struct table snapshot_table, task_table, container_table, netns_table, cred_table,
        process_table, need_table;
void *snapshot_list_add(struct snapshot *s, void *list, size_t *n, size_t size);

/* A raw value, and how many bytes of it may be kept. */
struct raw_value { const char *s; size_t len, max; };
/* env_redact with another bound, for a value that was redacted and escaped already. */
const char *redact_value(struct arena *a, enum env_class class, const struct raw_value *v);
