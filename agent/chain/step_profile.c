/* The steps that read the profile files: what a profile can hold, and which of it an SDK takes. */
#include <strings.h>
#include "view.h"

#define SOURCE_DEPTH_MAX 5 /* a longer source_profile chain counts as a loop */

static struct outcome failed(const char *detail) { return outcome_failed(PROVIDER_PROFILE, detail); }

/* A key of the profile, or the variable that replaces it. */
static const char *replaced(const struct eval *e, enum env_var variable, const char *key)
{
        return e->row->keys_replace && e->in->env[variable] ? e->in->env[variable] : key;
}

/* What a pair consists of whose one half is in the environment; NULL: both are in the profile. */
static const char *two_halves(const struct eval *e, const struct profile *p, const char *path)
{
        bool id = replaced(e, ENV_VAR_KEY_ID, NULL), secret = replaced(e, ENV_VAR_SECRET, NULL);

        if (id == secret)
                return NULL;
        return id ? arena_printf(e->a, "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY, and is used with the secret key of profile %s in %s",
                                 p->name, path)
                  : arena_printf(e->a, "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID, and is used with the access key ID of profile %s in %s",
                                 p->name, path);
}

/* The static keys of one file: `path` is where p stands. */
static struct outcome statics_of(struct eval *e, const struct profile *p, const char *path)
{
        /* An SDK that does not ignore empty keys uses them. */
        bool empty_used = e->row->empty_keys_used || (p && (p->spelling & SPELLING_EMPTY) && e->row->rules_known && !e->row->keys_joined);
        enum present rule = empty_used ? EXISTS : NONEMPTY;
        const char *id = p ? replaced(e, ENV_VAR_KEY_ID, p->key[PROFILE_KEY_KEY_ID]) : NULL;
        bool key_id = p && value_present(rule, id);
        bool secret = p && value_present(rule, replaced(e, ENV_VAR_SECRET, p->key[PROFILE_KEY_SECRET]));
        const char *halves = p ? two_halves(e, p, path) : NULL;

        if (!key_id && !secret)
                return e->row->profile_fatal && id ? failed("the access key ID of the profile is empty") : outcome_off(NULL);
        if (!key_id || !secret)
                return e->row->key_id_alone_fails && key_id
                               ? failed("the profile has an access key ID without its secret key")
                               : outcome_off("the profile has only half of a key pair");
        return (struct outcome){
                .state = STEP_WINS, .provider = PROVIDER_PROFILE,
                .key_id = *id ? id : NULL,
                .uncertain = halves,    /* whether they belong together shows only when a request is signed with them */
                .detail = halves ? halves : arena_printf(e->a, "%s keys of profile %s in %s", *id ? "static" : "empty", p->name, path)
        };
}

static const char *path_of(const struct profile_file *f) { return f && f->path ? f->path : ""; }
static struct outcome statics_credentials(struct eval *e, const struct view *v) { return statics_of(e, v->cred, path_of(credentials_file(e))); }
static struct outcome statics_config(struct eval *e, const struct view *v) { return statics_of(e, v->config, path_of(config_file(e))); }

/* The static keys of a profile: of one file, or of both together. */
static struct outcome statics(struct eval *e, const struct view *v)
{
        struct profile joined = { .name = "" };
        struct outcome o;

        if (e->row->keys_joined && v->cred && v->config) {
                joined.name = v->cred->name;
                joined.key[PROFILE_KEY_KEY_ID] = key_of(v, PROFILE_KEY_KEY_ID);
                joined.key[PROFILE_KEY_SECRET] = key_of(v, PROFILE_KEY_SECRET);
                return statics_of(e, &joined, path_of(credentials_file(e)));
        }
        o = statics_credentials(e, v);
        return o.state == STEP_WINS || (o.state == STEP_FAILED && v->cred) ? o : statics_config(e, v);
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

/* The source as SDKs write it, for one that compares without letter case. */
static const char *canonical_source(const char *source)
{
        static const char *const sources[] = { "EcsContainer", "Ec2InstanceMetadata", "Environment" };

        for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
                if (strcasecmp(source, sources[i]) == 0)
                        return sources[i];
        return source;
}

/* Where the keys that sign AssumeRole come from, by credential_source. */
static struct outcome by_source(struct eval *e, const char *source)
{
        struct eval sub = *e;

        if (e->row->credential_source == SOURCE_NONE)
                return failed("this SDK does not support credential_source");
        if (e->row->source_any_case)
                source = canonical_source(source);
        if (streq(source, "EcsContainer") && e->row->credential_source != SOURCE_NO_CONTAINER)
                return profile_by_container(e);
        if (streq(source, "Ec2InstanceMetadata"))
                return profile_by_imds(e);
        if (streq(source, "Environment"))
                return env_keys(&sub, S_ENV);
        return failed(arena_printf(e->a, "credential_source %s is not supported", source));
}

static struct outcome profile_assume(struct eval *e, const struct view *v, unsigned depth);
static struct outcome read_sso(struct eval *e, const struct view *v);

/* What a source has beside keys and a role with a source of its own. */
static struct outcome source_other(struct eval *e, const struct view *base)
{
        struct outcome o = outcome_off(NULL);

        if (e->row->source_web_identity && view_has(base, PROFILE_KEY_ROLE_ARN) && view_has(base, PROFILE_KEY_WEB_IDENTITY_TOKEN))
                return outcome_unverified(PROVIDER_WEB_IDENTITY, arn_name(key_of(base, PROFILE_KEY_ROLE_ARN)), NULL);
        o = read_sso(e, base);
        if (o.state == STEP_OFF && e->row->source_process && view_has(base, PROFILE_KEY_PROCESS))
                o = outcome_unverified(PROVIDER_PROCESS, NULL, NULL);
        return o;
}

static bool is_own_source(const struct view *v, const char *name)
{
        return streq(v->cred ? v->cred->name : v->config ? v->config->name : NULL, name);
}

static struct outcome source_loop(const struct eval *e)
{
        struct outcome o = failed("the source_profile settings form a loop");

        o.ends = !version_has(e->in->version, e->row->since.loop_passed);
        return o;
}

static struct outcome profile_by_source(struct eval *e, const struct view *v, const char *name,
                                        unsigned depth)
{
        struct view base = view_of(e, name);
        bool role = view_has(&base, PROFILE_KEY_ROLE_ARN) && !is_own_source(v, name);
        struct outcome o;

        if (e->row->source_credentials_only)
                base = (struct view){ v->cred ? base.cred : NULL, NULL };
        if (!base.cred && !base.config)
                return failed(arena_printf(e->a, "source_profile %s does not exist", name));
        if (role && view_has(&base, PROFILE_KEY_CREDENTIAL_SOURCE) && e->row->source_keys_only)
                return failed(arena_printf(e->a, "source_profile %s has no keys", name));
        if (role && !(view_has(&base, PROFILE_KEY_WEB_IDENTITY_TOKEN) && e->row->source_web_identity))
                return depth >= SOURCE_DEPTH_MAX ? source_loop(e) : profile_assume(e, &base, depth + 1);
        o = statics(e, &base);
        o = o.state == STEP_WINS ? o : source_other(e, &base);
        return o.state == STEP_OFF && is_own_source(v, name) && !e->row->own_source_none ? source_loop(e) : o;
}

/* Do the profile's own keys sign AssumeRole, whatever source it names? */
static bool profile_own_keys(struct eval *e, const struct view *v)
{
        return e->row->own_keys_assume && statics(e, v).state == STEP_WINS;
}

static bool source_is_missing(const struct eval *e, const char *name)
{
        struct view base = view_of(e, name);

        return name && !base.cred && !base.config;
}

static struct outcome profile_assume(struct eval *e, const struct view *v, unsigned depth)
{
        const char *source = key_of(v, PROFILE_KEY_CREDENTIAL_SOURCE), *profile = key_of(v, PROFILE_KEY_SOURCE_PROFILE);
        const char *role = key_of(v, PROFILE_KEY_ROLE_ARN);
        struct outcome base;

        if (view_has(v, PROFILE_KEY_MFA) && e->row->second_factor != SECOND_FACTOR_IGNORED) {
                base = failed("the profile's mfa_serial asks for a code that nobody enters");
                base.ends = e->row->second_factor == SECOND_FACTOR_ENDS;
                return base;
        }
        if (source && profile && e->row->credential_source != SOURCE_NONE && !e->row->source_profile_first)
                return failed("the profile has both source_profile and credential_source for its role_arn");
        if (e->row->role_fails)
                return failed("the profile has role_arn, which this SDK does not assume");
        if (e->row->missing_source_none && source_is_missing(e, profile))
                return outcome_off(arena_printf(e->a, "source_profile %s does not exist", profile));
        if (!source && !profile && !e->row->role_alone_remote)
                return failed("the profile has neither source_profile nor credential_source for its role_arn");
        base = profile             ? profile_by_source(e, v, profile, depth)
               : profile_own_keys(e, v) ? (struct outcome){ .state = STEP_WINS, .provider = PROVIDER_PROFILE }
               : source            ? by_source(e, source)
                                   : by_remote(e);
        if (base.state == STEP_OFF && e->row->own_source_none && is_own_source(v, profile))
                return outcome_off("the profile is its own source_profile, and has no keys");
        if (base.state != STEP_WINS) {
                struct outcome o = failed(
                        arena_printf(e->a, "role %s cannot be assumed: %s", arn_name(role),
                                     base.detail ? base.detail : "its source has no credentials"));

                o.ends = base.ends;
                return o;
        }
        if (proxy_refused(e))
                return failed(proxy_refused(e));
        return (struct outcome){
                .state = STEP_WINS,
                .provider = PROVIDER_PROFILE,
                .role = arn_name(role),
                .uncertain = true,
                .detail = arena_printf(e->a, "assumes %s with %s%s", arn_name(role), base.role ? "the credentials of " : "",
                                       base.role ? arn_name(base.role) : provider_title(base.provider))
        };
}

static bool has_source(const struct view *v) { return view_has(v, PROFILE_KEY_SOURCE_PROFILE) || view_has(v, PROFILE_KEY_CREDENTIAL_SOURCE); }

/* Is the profile one that assumes a role? */
static bool assumes(struct eval *e, const struct view *v)
{
        const struct view config = { NULL, v->config };

        if (!view_has(e->row->role_config_only ? &config : v, PROFILE_KEY_ROLE_ARN) || !roles_read(e))
                return false;
        if (view_has(v, PROFILE_KEY_WEB_IDENTITY_TOKEN) && e->row->profile_web_identity && !(e->row->source_before_token && has_source(v)))
                return profile_own_keys(e, v);
        return !e->row->role_alone_static || view_has(v, PROFILE_KEY_SOURCE_PROFILE) ||
               (view_has(v, PROFILE_KEY_CREDENTIAL_SOURCE) && e->row->credential_source != SOURCE_NONE);
}

/* ---- what each kind of step reads from a profile ---- */

static struct outcome profile_read_role(struct eval *e, const struct view *v)
{
        /* With a token file the role is the web identity step's, in releases that have one. */
        bool other = view_has(v, PROFILE_KEY_WEB_IDENTITY_TOKEN) && version_has(e->in->version, e->row->since.web_identity);

        if (!view_has(v, PROFILE_KEY_ROLE_ARN) && view_has(v, PROFILE_KEY_CREDENTIAL_SOURCE) && e->row->source_without_role == MISSING_FAILS)
                return failed("the profile has credential_source without role_arn");
        return view_has(v, PROFILE_KEY_ROLE_ARN) && !other ? profile_assume(e, v, 0) : outcome_off(NULL);
}

/* A provider of the profile that refuses: what comes next is a rule of the SDK, and where it is not known, nothing is. */
static struct outcome provider_refused(enum refusal rule, enum provider provider, const char *why)
{
        struct outcome o = outcome_failed(provider, why);

        if (rule == REFUSAL_UNKNOWN)
                return outcome_unverified(provider, NULL, why);
        o.none = rule == REFUSAL_NEXT;
        o.ends = rule == REFUSAL_ENDS;
        return o;
}

/* Has the profile what SSO needs? */
static bool sso_complete(const struct view *v)
{
        bool role = view_has(v, PROFILE_KEY_SSO_ACCOUNT) && view_has(v, PROFILE_KEY_SSO_ROLE);

        return role && (view_has(v, PROFILE_KEY_SSO_SESSION) || (view_has(v, PROFILE_KEY_SSO_URL) && view_has(v, PROFILE_KEY_SSO_REGION)));
}

/* Do its settings make this an SSO profile for the SDK? */
static bool sso_meant(const struct eval *e, const struct view *v)
{
        bool role = view_has(v, PROFILE_KEY_SSO_ACCOUNT) || view_has(v, PROFILE_KEY_SSO_ROLE);
        bool url = view_has(v, PROFILE_KEY_SSO_URL) || view_has(v, PROFILE_KEY_SSO_SESSION);

        switch (e->row->sso_marks) {
        case SSO_BY_URL:
                return url;
        case SSO_BY_ROLE:
                return role;
        case SSO_BY_ANY:
                return url || role || view_has(v, PROFILE_KEY_SSO_REGION);
        }
        return false;
}

static struct outcome read_sso(struct eval *e, const struct view *v)
{
        const struct profile_file *config = config_file(e);
        const char *session = key_of(v, PROFILE_KEY_SSO_SESSION);

        if (!e->row->sso || !version_has(e->in->version, e->row->since.sso) || !sso_meant(e, v))
                return outcome_off(NULL);
        if (!sso_complete(v) && e->row->sso_half != REFUSAL_UNKNOWN)
                return provider_refused(e->row->sso_half, PROVIDER_SSO, "the profile has only a part of the settings of SSO");
        if (value_present(NONEMPTY, session) && e->row->sso_half != REFUSAL_UNKNOWN && !has_section(config, "sso-session", session))
                return provider_refused(e->row->sso_half, PROVIDER_SSO, arena_printf(e->a, "sso-session %s does not exist", session));
        if (e->in->signed_out && e->row->sso_half != REFUSAL_UNKNOWN)
                return provider_refused(e->row->sso_half, PROVIDER_SSO, "the profile uses SSO, and no token is cached");
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
        if (!view_has(v, PROFILE_KEY_LOGIN) || !version_has(e->in->version, e->row->since.login))
                return outcome_off(NULL);
        if (e->in->signed_out && e->row->login != REFUSAL_UNKNOWN)
                return provider_refused(e->row->login, PROVIDER_PROFILE, "the profile uses a login session, and no token is cached");
        return outcome_unverified(PROVIDER_PROFILE, NULL, "the profile uses a login session");
}

static struct outcome read_web_identity(struct eval *e, const struct view *v)
{
        if (!e->row->profile_web_identity || !view_has(v, PROFILE_KEY_WEB_IDENTITY_TOKEN) || !view_has(v, PROFILE_KEY_ROLE_ARN))
                return outcome_off(NULL);
        if (proxy_refused(e))
                return outcome_failed(PROVIDER_WEB_IDENTITY, proxy_refused(e));
        return outcome_unverified(PROVIDER_WEB_IDENTITY, arn_name(key_of(v, PROFILE_KEY_ROLE_ARN)), "the profile uses web identity");
}

/* As parts of a whole profile, for SDKs that support them there. */
static struct outcome read_process_part(struct eval *e, const struct view *v)
{
        return e->row->process ? read_process(e, v) : outcome_off(NULL);
}

static struct outcome read_login_part(struct eval *e, const struct view *v)
{
        return e->row->login != REFUSAL_UNKNOWN ? read_login(e, v) : outcome_off(NULL);
}

typedef struct outcome reader_fn(struct eval *e, const struct view *v);

/* The role that the profile assumes, else the first credentials that it has. */
static struct outcome read_whole(struct eval *e, const struct view *v)
{
        static reader_fn *const usual[] = { statics, read_web_identity, read_sso, read_login_part, read_process_part };
        static reader_fn *const before_sso[] = { statics, read_web_identity, read_process_part, read_sso, read_login_part };
        static reader_fn *const process_first[] = { read_web_identity, read_process_part, statics, read_sso, read_login_part };
        static reader_fn *const keys_last[] = { read_web_identity, read_sso, read_login_part, read_process_part, statics };
        reader_fn *const *readers = e->row->process_first        ? process_first
                                    : e->row->process_before_sso ? before_sso
                                    : e->row->keys_last          ? keys_last
                                                                 : usual;

        if (e->row->keys_first && statics(e, v).state == STEP_WINS)
                return statics(e, v);
        if (assumes(e, v))
                return profile_assume(e, v, 0);
        if (e->row->source_alone && view_has(v, PROFILE_KEY_CREDENTIAL_SOURCE) && !view_has(v, PROFILE_KEY_ROLE_ARN))
                return by_source(e, key_of(v, PROFILE_KEY_CREDENTIAL_SOURCE));
        for (size_t i = 0; i < ARRAY_SIZE(usual); i++) {
                struct outcome o = readers[i](e, v);

                if (o.state != STEP_OFF)
                        return o;
        }
        return outcome_off("the profile has no credentials");
}

/* by_opt_out: still read with AWS_SDK_CONFIG_OPT_OUT. */
static const struct { enum step_kind kind; reader_fn *reader; bool by_opt_out; } parts[] = {
        { S_PROFILE,             read_whole,       false }, { S_PROFILE_ROLE,    profile_read_role, false },
        { S_PROFILE_SSO,         read_sso,         false }, { S_PROFILE_PROCESS, read_process, false },
        { S_PROFILE_LOGIN,       read_login,       false }, { S_PROFILE_CONFIG,  statics_config, true },
        { S_PROFILE_CREDENTIALS, statics_credentials, true },
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
        const struct profile_file *const files[] = { credentials_file(e), config_file(e) };

        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                enum file_state s = files[i] ? files[i]->state : FILE_ABSENT;

                if (s == FILE_UNREADABLE || s == FILE_NOT_REGULAR || s == FILE_TOO_BIG ||
                    s == FILE_OUTSIDE)
                        return arena_printf(e->a, "%s is ignored: %s", files[i]->path,
                                            file_state_to_string(s));
        }
        return NULL;
}

static bool missing_fails(const struct eval *e)
{
        return e->row->missing_profile == MISSING_FAILS || e->row->missing_profile == MISSING_FAILS_AS_WITHOUT_KEYS ||
               (e->row->missing_profile == MISSING_FAILS_BESIDE_OTHERS && any_profile(e));
}

/* What the SDK takes from the profile that is there; one of them may have to have something. */
static struct outcome part_required(struct eval *e, enum step_kind kind, const struct view *v, const char *name)
{
        struct outcome o = part(e, kind, v);

        return o.state == STEP_OFF && profile_is_named(e) && e->row->missing_profile == MISSING_FAILS_AS_WITHOUT_KEYS
                       ? failed(arena_printf(e->a, "profile %s is named, and has no key pair", name))
                       : o;
}

/* Reads the selected profile, if there is one. */
static struct outcome profile_selected(struct eval *e, enum step_kind kind)
{
        bool named = profile_is_named(e);
        const char *name = profile_name(e), *missing = missing_file(e), *refused = profile_file_refused(e);
        struct view v = view_of(e, name);

        if (missing || refused)
                return failed(missing ? missing : refused);
        if (e->row->named_profile_only && !named)
                return outcome_off("no profile is named");
        if (!v.cred && !v.config && not_visible(e))
                return (struct outcome){ .state = STEP_UNKNOWN,
                                         .detail = "rolewatch cannot see the profile files" };
        if (!v.cred && !v.config && named)
                return missing_fails(e) ? failed(profile_missing(e, name)) : outcome_off(profile_missing(e, name));
        return !v.cred && !v.config ? outcome_off(unreadable_file(e)) : part_required(e, kind, &v, name);
}

struct outcome step_profile(struct eval *e, enum step_kind kind)
{
        struct outcome o = profile_selected(e, kind);

        o.uncertain = o.uncertain || reading_unsure(e);
        return o;
}
