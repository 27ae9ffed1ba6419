/* The steps that read the profile files: selection, merging, and what a profile can hold. */
#include "view.h"

#define SOURCE_DEPTH_MAX 5 /* a longer source_profile chain counts as a loop */

static bool roles_read(const struct eval *e)
{
        return !e->row->role_needs_load_config || load_config_is_true(e->in->env[ENV_VAR_LOAD_CONFIG]);
}

static const char *broken(struct eval *e, const struct view *v, const char *name)
{
        const char *source = view_has(v, PROFILE_KEY_ROLE_ARN) ? key_of(v, PROFILE_KEY_SOURCE_PROFILE) : NULL;
        struct view base = view_of(e, source);

        if (e->row->half_profile_fatal && (half_of(v->cred) || half_of(v->config)))
                return arena_printf(e->a, "profile %s has only half of a key pair", name);
        if (e->row->missing_source_fatal && roles_read(e) && value_present(NONEMPTY, source) && !base.cred && !base.config &&
            !not_visible(e))
                return arena_printf(e->a, "profile %s has source_profile %s, which does not exist",
                                    name, source);
        return NULL;
}

static bool malformed_counts(struct eval *e)
{
        return e->row->malformed_fatal &&
               !(e->row->keys_spare_files && !profile_is_named(e) && !load_config_is_true(e->in->env[ENV_VAR_LOAD_CONFIG]) &&
                 step_env(e, S_ENV).state == STEP_WINS);
}

static bool half_web_identity(struct eval *e)
{
        return e->row->half_web_identity_fatal && value_present(NONEMPTY, e->in->env[ENV_VAR_WEB_IDENTITY_TOKEN]) &&
               !value_present(NONEMPTY, e->in->env[ENV_VAR_ROLE_ARN]) && step_env(e, S_ENV).state != STEP_WINS;
}

/* Why the SDK in a tool makes no session, although the tool would not use what it found; NULL: it makes one. */
static const char *source_unusable(struct eval *e, const struct view *v)
{
        const char *source = key_of(v, PROFILE_KEY_CREDENTIAL_SOURCE);

        if (!e->row->source_checked || !view_has(v, PROFILE_KEY_ROLE_ARN) || !source || !roles_read(e) || step_env(e, S_ENV).state == STEP_WINS)
                return NULL;
        if (streq(source, "EcsContainer"))
                return value_present(NONEMPTY, e->in->env[ENV_VAR_RELATIVE_URI]) ? NULL : "credential_source is EcsContainer, and RELATIVE_URI is not set";
        return streq(source, "Environment") || streq(source, "Ec2InstanceMetadata") ? NULL : "credential_source is not one that the SDK knows";
}

const char *profile_fatal(struct eval *e)
{
        const struct profile_file *const files[] = { credentials_file(e), e->in->config };
        const char *name = profile_name(e), *why;
        struct view v = view_of(e, name);

        if (half_web_identity(e))
                return "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN";
        if (e->row->unreadable_fatal && files[0] && files[0]->state == FILE_UNREADABLE)
                return arena_printf(e->a, "%s cannot be read", files[0]->path);
        for (size_t i = 0; i < ARRAY_SIZE(files) && malformed_counts(e); i++)
                if (files[i] && files[i]->state == FILE_MALFORMED && (i == 0 || config_read(e)))
                        return arena_printf(e->a, "%s is malformed at line %u", files[i]->path,
                                            files[i]->bad_line);
        if (profile_is_named(e) && e->row->missing_profile == MISSING_FATAL && !v.cred && !v.config && !not_visible(e))
                return arena_printf(e->a, "profile %s does not exist in the profile files",
                                    name);
        why = broken(e, &v, name);
        return why ? why : source_unusable(e, &v);
}

static struct outcome failed(const char *detail) { return outcome_failed(PROVIDER_PROFILE, detail); }

static const char *file_of(const struct eval *e, const struct profile *p)
{
        const struct profile_file *c = credentials_file(e);
        bool in_credentials = c && p >= c->profiles && p < c->profiles + c->n_profiles;

        return in_credentials ? c->path : e->in->config->path;
}

static struct outcome statics(struct eval *e, const struct profile *p)
{
        bool key_id = p && value_present(NONEMPTY, p->key[PROFILE_KEY_KEY_ID]);
        bool secret = p && value_present(NONEMPTY, p->key[PROFILE_KEY_SECRET]);

        if (!key_id && !secret)
                return outcome_off(NULL);
        if (!key_id || !secret)
                return e->row->key_id_alone_fails && key_id
                               ? failed("the profile has an access key ID without its secret key")
                               : outcome_off("the profile has only half of a key pair");
        return (struct outcome){ .state = STEP_WINS,
                                 .provider = PROVIDER_PROFILE,
                                 .key_id = p->key[PROFILE_KEY_KEY_ID],
                                 .detail = arena_printf(e->a, "static keys of profile %s in %s",
                                                        p->name, file_of(e, p)) };
}

static struct outcome by_remote(struct eval *e)
{
        struct eval sub = *e;

        return container_configured(&sub) ? step_container(&sub, S_CONTAINER) : step_imds(&sub, S_IMDS);
}

/* Runs a step as if the variable were not set. */
static struct outcome without(const struct eval *e, enum env_var var, enum step_kind kind)
{
        const char *env[ENV_VAR_MAX];
        struct chain_input in = *e->in;
        struct eval sub = *e;

        memcpy(env, e->in->env, sizeof env);
        env[var] = NULL;
        in.env = env;
        sub.in = &in;
        return kind == S_CONTAINER ? step_container(&sub, kind) : step_imds(&sub, kind);
}

static struct outcome profile_by_container(struct eval *e)
{
        struct eval sub = *e;
        struct outcome o;

        if (e->row->source_relative_only && !value_present(NONEMPTY, e->in->env[ENV_VAR_RELATIVE_URI]))
                return failed("credential_source is EcsContainer, but AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set");
        if (e->row->credential_source == SOURCE_REMOTE)
                return by_remote(e);
        if (e->row->source_relative_only)
                return without(e, ENV_VAR_FULL_URI, S_CONTAINER);
        o = step_container(&sub, S_CONTAINER);
        o.ends = o.ends || (e->row->source_lone_ends && !container_configured(e));
        return o;
}

static struct outcome profile_by_imds(struct eval *e)
{
        struct eval sub = *e;

        if (e->row->credential_source == SOURCE_REMOTE)
                return by_remote(e);
        return e->row->source_ignores_disabled ? without(e, ENV_VAR_METADATA_DISABLED, S_IMDS) : step_imds(&sub, S_IMDS);
}

/* Where the keys that sign AssumeRole come from, by credential_source. */
static struct outcome by_source(struct eval *e, const char *source)
{
        struct eval sub = *e;

        if (e->row->credential_source == SOURCE_NONE)
                return failed("this SDK does not support credential_source");
        if (streq(source, "EcsContainer") && e->row->credential_source != SOURCE_NO_CONTAINER)
                return profile_by_container(e);
        if (streq(source, "Ec2InstanceMetadata"))
                return profile_by_imds(e);
        if (streq(source, "Environment"))
                return step_env(&sub, S_ENV);
        return failed(arena_printf(e->a, "credential_source %s is not supported", source));
}

static struct outcome profile_assume(struct eval *e, const struct view *v, unsigned depth);

static struct outcome profile_by_source(struct eval *e, const struct view *v, const char *name,
                                        unsigned depth)
{
        struct view base = view_of(e, name);
        const char *self = v->cred ? v->cred->name : v->config ? v->config->name : NULL;
        struct outcome o;

        if (!base.cred && !base.config)
                return failed(arena_printf(e->a, "source_profile %s does not exist", name));
        if (view_has(&base, PROFILE_KEY_ROLE_ARN) && !streq(self, name))
                return depth >= SOURCE_DEPTH_MAX ? failed("the source_profile settings form a loop")
                                                 : profile_assume(e, &base, depth + 1);
        o = statics(e, base.cred);
        return o.state == STEP_WINS ? o : statics(e, base.config);
}

/* Do the profile's own keys sign AssumeRole, whatever source it names? */
static bool profile_own_keys(struct eval *e, const struct view *v)
{
        return e->row->own_keys_assume && (statics(e, v->cred).state == STEP_WINS ||
                                           statics(e, v->config).state == STEP_WINS);
}

static struct outcome profile_assume(struct eval *e, const struct view *v, unsigned depth)
{
        const char *source = key_of(v, PROFILE_KEY_CREDENTIAL_SOURCE), *profile = key_of(v, PROFILE_KEY_SOURCE_PROFILE);
        const char *role = key_of(v, PROFILE_KEY_ROLE_ARN);
        struct outcome base;

        if (source && profile && e->row->credential_source != SOURCE_NONE)
                return failed("the profile has both source_profile and credential_source for its role_arn");
        if (!source && !profile && !e->row->role_alone_remote)
                return failed("the profile has neither source_profile nor credential_source for its role_arn");
        base = profile             ? profile_by_source(e, v, profile, depth)
               : profile_own_keys(e, v) ? (struct outcome){ .state = STEP_WINS, .provider = PROVIDER_PROFILE }
               : source            ? by_source(e, source)
                                   : by_remote(e);
        if (base.state != STEP_WINS) {
                struct outcome o = failed(
                        arena_printf(e->a, "role %s cannot be assumed: %s", arn_name(role),
                                     base.detail ? base.detail : "its source has no credentials"));

                o.ends = base.ends;
                return o;
        }
        return (struct outcome){
                .state = STEP_WINS,
                .provider = PROVIDER_PROFILE,
                .role = arn_name(role),
                .uncertain = true,
                .detail = arena_printf(e->a, "assumes %s with %s%s", arn_name(role), base.role ? "the credentials of " : "",
                                       base.role ? arn_name(base.role) : provider_title(base.provider))
        };
}

/* Is the profile one that assumes a role? */
static bool assumes(struct eval *e, const struct view *v)
{
        if (!view_has(v, PROFILE_KEY_ROLE_ARN) || !roles_read(e))
                return false;
        if (view_has(v, PROFILE_KEY_WEB_IDENTITY_TOKEN) && e->row->profile_web_identity)
                return profile_own_keys(e, v);
        return !e->row->role_alone_static || view_has(v, PROFILE_KEY_SOURCE_PROFILE) || view_has(v, PROFILE_KEY_CREDENTIAL_SOURCE);
}

/* ---- what each kind of step reads from a profile ---- */

static struct outcome profile_read_role(struct eval *e, const struct view *v)
{
        /* With a token file the role is the web identity step's, in releases that have one. */
        bool other = view_has(v, PROFILE_KEY_WEB_IDENTITY_TOKEN) && version_has(e->in->version, e->row->since.web_identity);

        return view_has(v, PROFILE_KEY_ROLE_ARN) && !other ? profile_assume(e, v, 0) : outcome_off(NULL);
}

static struct outcome read_credentials(struct eval *e, const struct view *v) { return statics(e, v->cred); }
static struct outcome read_config(struct eval *e, const struct view *v) { return statics(e, v->config); }

static struct outcome read_sso(struct eval *e, const struct view *v)
{
        if (!e->row->sso || (!view_has(v, PROFILE_KEY_SSO_URL) && !view_has(v, PROFILE_KEY_SSO_SESSION)))
                return outcome_off(NULL);
        return outcome_unverified(PROVIDER_SSO, key_of(v, PROFILE_KEY_SSO_ROLE), "the profile uses SSO");
}

static struct outcome read_process(struct eval *e, const struct view *v)
{
        const struct view config = { NULL, v->config };

        if (!view_has(e->row->process_config_only ? &config : v, PROFILE_KEY_PROCESS))
                return outcome_off(NULL);
        return outcome_unverified(PROVIDER_PROCESS, NULL, "the profile runs a credential_process");
}

static struct outcome read_login(struct eval *e, const struct view *v)
{
        (void)e;
        if (!view_has(v, PROFILE_KEY_LOGIN))
                return outcome_off(NULL);
        return outcome_unverified(PROVIDER_PROFILE, NULL, "the profile uses a login session");
}

static struct outcome read_web_identity(struct eval *e, const struct view *v)
{
        if (!e->row->profile_web_identity || !view_has(v, PROFILE_KEY_WEB_IDENTITY_TOKEN) || !view_has(v, PROFILE_KEY_ROLE_ARN))
                return outcome_off(NULL);
        return outcome_unverified(PROVIDER_WEB_IDENTITY, arn_name(key_of(v, PROFILE_KEY_ROLE_ARN)), "the profile uses web identity");
}

typedef struct outcome reader_fn(struct eval *e, const struct view *v);

/* The role that the profile assumes, else the first credentials that it has. */
static struct outcome read_whole(struct eval *e, const struct view *v)
{
        static reader_fn *const readers[] = { read_credentials, read_config, read_web_identity, read_sso };

        if (assumes(e, v))
                return profile_assume(e, v, 0);
        for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
                struct outcome o = readers[i](e, v);

                if (o.state != STEP_OFF)
                        return o;
        }
        if (e->row->process && view_has(v, PROFILE_KEY_PROCESS))
                return read_process(e, v);
        return outcome_off("the profile has no credentials");
}

/* by_opt_out: still read with AWS_SDK_CONFIG_OPT_OUT. */
static const struct { enum step_kind kind; reader_fn *reader; bool by_opt_out; } parts[] = {
        { S_PROFILE,             read_whole,       false }, { S_PROFILE_ROLE,    profile_read_role, false },
        { S_PROFILE_SSO,         read_sso,         false }, { S_PROFILE_PROCESS, read_process, false },
        { S_PROFILE_LOGIN,       read_login,       false }, { S_PROFILE_CONFIG,  read_config,  true },
        { S_PROFILE_CREDENTIALS, read_credentials, true },
};

static struct outcome part(struct eval *e, enum step_kind kind, const struct view *v)
{
        for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
                if (parts[i].kind == kind)
                        return opted_out(e) && !parts[i].by_opt_out
                                       ? outcome_off("AWS_SDK_CONFIG_OPT_OUT is set, so only keys are read from profiles")
                                       : parts[i].reader(e, v);
        return outcome_off(NULL);
}

/* A text about a file that exists but cannot be read, which SDKs ignore; NULL: none. */
static const char *unreadable_file(const struct eval *e)
{
        const struct profile_file *const files[] = { credentials_file(e), e->in->config };

        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                enum file_state s = files[i] ? files[i]->state : FILE_ABSENT;

                if (s == FILE_UNREADABLE || s == FILE_NOT_REGULAR || s == FILE_TOO_BIG ||
                    s == FILE_OUTSIDE)
                        return arena_printf(e->a, "%s is ignored: %s", files[i]->path,
                                            file_state_to_string(s));
        }
        return NULL;
}

struct outcome step_profile(struct eval *e, enum step_kind kind)
{
        bool named = profile_is_named(e);
        const char *name = profile_name(e), *missing = missing_file(e);
        struct view v = view_of(e, name);

        if (missing)
                return failed(missing);
        if (e->row->named_profile_only && !named)
                return outcome_off("no profile is named");
        if (!v.cred && !v.config && not_visible(e))
                return (struct outcome){ .state = STEP_UNKNOWN,
                                         .detail = "rolewatch cannot see the profile files" };
        if (!v.cred && !v.config && named) {
                const char *why = arena_printf(e->a, "profile %s does not exist in the profile files", name);

                return e->row->missing_profile == MISSING_FAILS ? failed(why) : outcome_off(why);
        }
        return !v.cred && !v.config ? outcome_off(unreadable_file(e)) : part(e, kind, &v);
}
