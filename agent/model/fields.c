/*
 * fields -- the shape of a snapshot in JSON. Lists that others point into
 * stand before those that point.
 */
#include "model_internal.h"

#define FIELD_AS(T, m, k, name) .key = name, .kind = FIELD_##k, .at = offsetof(struct T, m)
#define FIELD(T, m, k)     FIELD_AS(T, m, k, #m)
#define STR(T, m)          { FIELD(T, m, STR) }
#define NUMBER(T, m, k)    { FIELD(T, m, k) }
#define ENUM(T, m, w)      { FIELD(T, m, ENUM), .strings = &w }
/* _AS: a key of the contract that the member is not called by. */
#define STR_AS(T, m, name)       { FIELD_AS(T, m, STR, name) }
#define NUMBER_AS(T, m, k, name) { FIELD_AS(T, m, k, name) }
#define ENUM_AS(T, m, w, name)   { FIELD_AS(T, m, ENUM, name), .strings = &w }
#define SET(T, m, w)       { FIELD(T, m, SET), .strings = &w }
#define OBJECT(T, m, t)    { FIELD(T, m, OBJECT), .of = &t }
#define ANSWER(T, m)       OBJECT(T, m, answer_table)
#define NAMED(T, m, w, c)  { FIELD(T, m, NAMED), .strings = &w, .classes = c }
#define LIST(T, m, t)      LIST_AS(T, m, t, #m)
#define LIST_AS(T, m, t, name) { FIELD_AS(T, m, LIST, name), .of = &t, .count_at = offsetof(struct T, n_##m) }
#define INDEX(T, m, into, must) INDEX_AS(T, m, into, must, #m)
#define INDEX_AS(T, m, into, must, name) \
        { FIELD_AS(T, m, INDEX, name), .count_at = offsetof(struct snapshot, n_##into), .required = must }
#define TABLE(T, f)        { f, ARRAY_SIZE(f), sizeof(struct T) }

static const struct field answer_fields[] = {
        ENUM(answer, state, answer_state_strings), NUMBER(answer, status, I32), STR(answer, detail),
};
static const struct table answer_table = TABLE(answer, answer_fields);

static const struct field host_fields[] = {
        STR(host, instance_id), STR(host, region), STR(host, account), STR(host, partition),
        ANSWER(host, imds), ANSWER(host, imds_v1), ANSWER(host, imds_role_answer),
        STR(host, instance_role), STR(host, instance_key_id), STR(host, instance_profile_arn),
        STR(host, imds_code), NUMBER(host, instance_expires_s, I64),
        STR(host, cluster), STR(host, container_instance), STR(host, agent_version),
        ANSWER(host, introspection), ANSWER(host, credentials),
        NUMBER(host, taken_s, I64), NUMBER(host, agent_started_s, I64), NUMBER(host, root, BOOL),
        STR_AS(host, policies_error, "policies_fault"), STR_AS(host, definitions_error, "definitions_fault"),
        STR_AS(host, not_visible, "blind"),
};
static const struct table host_table = TABLE(host, host_fields);

static const struct field task_fields[] = {
        STR(task, arn), STR(task, family), STR(task, revision), STR(task, known),
        STR(task, desired), STR(task, service), STR(task, task_role), STR(task, execution_role),
        STR(task, started_by), NUMBER(task, exec, BOOL), NUMBER(task, fargate, BOOL),
};
const struct table task_table = TABLE(task, task_fields);

static const struct field requirement_fields[] = {
        ENUM(requirement, kind, requirement_kind_strings), STR(requirement, container), STR(requirement, value),
        STR(requirement, region), STR(requirement, prefix),
};
static const struct table requirement_table = TABLE(requirement, requirement_fields);

static const struct field definition_fields[] = {
        STR(definition, family), STR(definition, revision), STR(definition, source),
        STR(definition, network_mode), NUMBER_AS(definition, requested, BOOL, "asked"),
        STR(definition, task_role), STR(definition, execution_role),
        LIST_AS(definition, requirements, requirement_table, "implied"),
};
static const struct table definition_table = TABLE(definition, definition_fields);

static const struct field service_fields[] = {
        STR(service, name), STR(service, arn), STR(service, family), STR(service, revision),
        STR(service, role), STR(service, target_group), STR_AS(service, target_group_error, "target_group_fault"),
        STR(service, infrastructure_role), NUMBER(service, load_balanced, BOOL),
        NUMBER(service, code_deploy, BOOL), NUMBER_AS(service, scaling_known, BOOL, "scaling_seen"),
        NUMBER(service, scalable, BOOL), STR(service, scaling_role),
};
static const struct table service_table = TABLE(service, service_fields);

static const struct field label_fields[] = { STR(label, name), STR(label, value) };
static const struct table label_table = TABLE(label, label_fields);

static const struct field container_fields[] = {
        STR(container, id), STR(container, name), STR(container, image),
        INDEX(container, task, tasks, false), LIST(container, labels, label_table),
        ENUM(container, config_uri, config_uri_strings), INDEX(container, config_cred, creds, false),
};
const struct table container_table = TABLE(container, container_fields);

static const struct field netns_fields[] = {
        NUMBER(netns, inode, U64), ANSWER(netns, container), ANSWER(netns, imds_token),
        ANSWER(netns, imds_v1), NUMBER(netns, host, BOOL),
};
const struct table netns_table = TABLE(netns, netns_fields);

static const struct field cred_fields[] = {
        ANSWER(credential, answer), STR(credential, role_arn), STR(credential, key_id),
        NUMBER(credential, expires_s, I64), ENUM(credential, kind, cred_kind_strings),
        STR(credential, task_arn),
};
const struct table cred_table = TABLE(credential, cred_fields);

static const struct field profile_fields[] = {
        STR(profile, name), NUMBER(profile, prefixed, BOOL), SET(profile, spelling, spelling_strings),
        NAMED(profile, key, profile_key_strings, profile_key_classes),
};
static const struct table profile_table = TABLE(profile, profile_fields);

static const struct field profile_file_fields[] = {
        STR(profile_file, path), ENUM(profile_file, state, file_state_strings),
        NUMBER(profile_file, bad_line, U32), LIST(profile_file, profiles, profile_table),
        SET(profile_file, spelling, spelling_strings),
};
static const struct table profile_file_table = TABLE(profile_file, profile_file_fields);

static const struct field sdk_fields[] = {
        STR(sdk, name), STR(sdk, version), ENUM(sdk, certainty, certainty_strings),
};
static const struct table sdk_table = TABLE(sdk, sdk_fields);

static const struct field process_fields[] = {
        NUMBER(process, pid, I32), NUMBER(process, ppid, I32), NUMBER(process, start_ticks, U64),
        NUMBER(process, uid, U32), INDEX(process, container, containers, true),
        INDEX(process, netns, netns, false), STR(process, comm), STR(process, exe),
        ANSWER(process, environ), ENUM(process, environment_source, environment_source_strings), NAMED(process, env, env_strings, env_classes),
        NAMED(process, prop, sysprop_strings, sysprop_classes),
        INDEX_AS(process, cred_relative, creds, false, "cred_rel"), INDEX(process, cred_full, creds, false),
        OBJECT(process, credentials, profile_file_table),
        OBJECT(process, config, profile_file_table),
        OBJECT(process, home_credentials, profile_file_table),
        ENUM(process, token_file, file_state_strings), ENUM_AS(process, web_identity_file, file_state_strings, "wit_file"),
        ENUM(process, ca_bundle, file_state_strings), ENUM(process, passwd_home, passwd_home_strings), NUMBER(process, signed_out, BOOL),
        NUMBER(process, boto_file, BOOL), LIST(process, sdks, sdk_table), NUMBER(process, met_container, BOOL),
        NUMBER(process, met_imds, BOOL), NUMBER(process, without_uri, BOOL),
};
const struct table process_table = TABLE(process, process_fields);

static const struct field policy_fields[] = {
        STR(policy_text, name), STR(policy_text, document),
};
static const struct table policy_table = TABLE(policy_text, policy_fields);

static const struct field role_fields[] = {
        STR(role, arn), STR(role, name), STR(role, id), ENUM(role, state, role_state_strings),
        STR(role, source), NUMBER(role, as_of_s, I64), STR(role, trust), STR(role, boundary),
        LIST(role, policies, policy_table), LIST(role, tags, label_table),
};
static const struct table role_table = TABLE(role, role_fields);

static const struct field need_fields[] = {
        STR(need, where), INDEX(need, container, containers, false), STR(need, family),
        STR(need, service), STR(need, name), STR(need, image), STR(need, role), STR(need, policy),
        STR_AS(need, error, "fault"),
};
const struct table need_table = TABLE(need, need_fields);

static const struct field denial_fields[] = {
        INDEX(denial, container, containers, true), STR(denial, role), STR(denial, session), STR(denial, action),
        STR(denial, resource), STR(denial, source), NUMBER(denial, at_s, I64),
};
static const struct table denial_table = TABLE(denial, denial_fields);

static const struct field snapshot_fields[] = {
        OBJECT(snapshot, host, host_table), LIST(snapshot, tasks, task_table),
        LIST(snapshot, definitions, definition_table),
        LIST(snapshot, services, service_table),
        LIST(snapshot, creds, cred_table), LIST(snapshot, containers, container_table),
        LIST(snapshot, netns, netns_table), LIST(snapshot, processes, process_table),
        LIST(snapshot, roles, role_table), LIST(snapshot, needs, need_table),
        LIST(snapshot, denials, denial_table),
};
const struct table snapshot_table = TABLE(snapshot, snapshot_fields);
