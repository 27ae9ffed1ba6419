/* The steps that read the profile files: selection, merging, and what a profile can hold. */
#include "view.h"

#define SOURCE_DEPTH_MAX 5 /* source_profile chains longer than this are taken for a loop */

static bool roles_read(const struct eval *e)
{
        return !e->row->profile_role_needs_loadcfg || loadcfg_bool(e->in->env[E_LOADCFG]);
}

static const char *broken(struct eval *e, const struct view *v, const char *name)
{
        const char *source = has(v, K_ROLE_ARN) ? key_of(v, K_SOURCE_PROFILE) : NULL;
        struct view base = view_of(e, source);

        if (e->row->half_profile_fatal && (half_of(v->cred) || half_of(v->config)))
                return arena_printf(e->a, "profile %s holds half a key pair", name);
        if (e->row->missing_source_fatal && roles_read(e) && value_present(NONEMPTY, source) && !base.cred && !base.config && !unseen(e))
                return arena_printf(e->a, "profile %s names the source profile %s, which is not there",
                                    name, source);
        return NULL;
}

static bool malformed_counts(struct eval *e, bool named)
{
        return e->row->malformed_fatal &&
               !(e->row->env_keys_spare_files && !named && !loadcfg_bool(e->in->env[E_LOADCFG]) &&
                 step_env(e, false).state == STEP_WINS);
}

const char *profile_fatal(struct eval *e)
{
        const struct profile_file *const files[] = { credentials_file(e), e->in->config };
        bool named;
        const char *name = profile_name(e, &named);
        struct view v = view_of(e, name);

        for (size_t i = 0; i < ARRAY_SIZE(files) && malformed_counts(e, named); i++)
                if (files[i] && files[i]->state == FILE_MALFORMED && (i == 0 || config_read(e)))
                        return arena_printf(e->a, "%s is malformed at line %u", files[i]->path,
                                            files[i]->bad_line);
        if (named && e->row->missing == MISSING_FATAL && !v.cred && !v.config && !unseen(e))
                return arena_printf(e->a, "profile %s is named, but not in the profile files",
                                    name);
        return broken(e, &v, name);
}

static struct outcome off(const char *detail)
{
        return (struct outcome){ .state = STEP_OFF, .detail = detail };
}

static struct outcome failed(const char *detail)
{
        return (struct outcome){ .state = STEP_FAILED,
                                 .provider = PROVIDER_PROFILE,
                                 .detail = detail };
}

static const char *file_of(const struct eval *e, const struct profile *p)
{
        const struct profile_file *c = credentials_file(e);
        bool in_credentials = c && p >= c->profiles && p < c->profiles + c->n_profiles;

        return in_credentials ? c->path : e->in->config->path;
}

static struct outcome statics(struct eval *e, const struct profile *p)
{
        bool ak = p && p->key[K_AK] && *p->key[K_AK], sk = p && p->key[K_SK] && *p->key[K_SK];

        if (!ak && !sk)
                return off(NULL);
        if (!ak || !sk)
                return e->row->ak_alone_fails && ak
                               ? failed("the profile holds a key id without its secret")
                               : off("the profile holds half a key pair");
        return (struct outcome){ .state = STEP_WINS,
                                 .provider = PROVIDER_PROFILE,
                                 .key_id = p->key[K_AK],
                                 .detail = arena_printf(e->a, "static keys of profile %s in %s",
                                                        p->name, file_of(e, p)) };
}

static struct outcome by_remote(struct eval *e)
{
        struct eval sub = *e;

        return container_configured(&sub) ? step_container(&sub) : step_imds(&sub);
}

/* A step as if a variable were not there. */
static struct outcome without(struct eval *e, enum env_var var, struct outcome (*run)(struct eval *e))
{
        const char *env[ENV_VAR_MAX];
        struct chain_input in = *e->in;
        struct eval sub = *e;

        memcpy(env, e->in->env, sizeof env);
        env[var] = NULL;
        in.env = env;
        sub.in = &in;
        return run(&sub);
}

static struct outcome by_container(struct eval *e)
{
        struct eval sub = *e;
        struct outcome o;

        if (e->row->source_relative_only && !value_present(NONEMPTY, e->in->env[E_REL]))
                return failed("EcsContainer without AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        if (e->row->source == SOURCE_REMOTE)
                return by_remote(e);
        if (e->row->source_relative_only)
                return without(e, E_FULL, step_container);
        o = step_container(&sub);
        o.ends = o.ends || (e->row->source_lone_ends && !container_configured(e));
        return o;
}

static struct outcome by_instance(struct eval *e)
{
        struct eval sub = *e;

        if (e->row->source == SOURCE_REMOTE)
                return by_remote(e);
        return e->row->source_ignores_disabled ? without(e, E_DIS, step_imds) : step_imds(&sub);
}

/* Where the keys that sign AssumeRole come from, by credential_source. */
static struct outcome by_source(struct eval *e, const char *source)
{
        struct eval sub = *e;

        if (e->row->source == SOURCE_NONE)
                return failed("this SDK does not know credential_source");
        if (streq(source, "EcsContainer") && e->row->source != SOURCE_NO_CONTAINER)
                return by_container(e);
        if (streq(source, "Ec2InstanceMetadata"))
                return by_instance(e);
        if (streq(source, "Environment"))
                return step_env(&sub, false);
        return failed(arena_printf(e->a, "credential_source %s is not known", source));
}

static struct outcome assume(struct eval *e, const struct view *v, unsigned depth);

static struct outcome by_profile(struct eval *e, const struct view *v, const char *name,
                                 unsigned depth)
{
        struct view base = view_of(e, name);
        const char *self = v->cred ? v->cred->name : v->config ? v->config->name : NULL;
        struct outcome o;

        if (!base.cred && !base.config)
                return failed(arena_printf(e->a, "source_profile %s does not exist", name));
        if (has(&base, K_ROLE_ARN) && !streq(self, name))
                return depth >= SOURCE_DEPTH_MAX ? failed("source_profile leads in a circle")
                                                 : assume(e, &base, depth + 1);
        o = statics(e, base.cred);
        return o.state == STEP_WINS ? o : statics(e, base.config);
}

/* The profile's own keys sign AssumeRole, whatever other source it names. */
static bool own_keys(struct eval *e, const struct view *v)
{
        return e->row->own_keys_assume && (statics(e, v->cred).state == STEP_WINS ||
                                           statics(e, v->config).state == STEP_WINS);
}

static struct outcome assume(struct eval *e, const struct view *v, unsigned depth)
{
        const char *source = key_of(v, K_CREDENTIAL_SOURCE), *profile = key_of(v, K_SOURCE_PROFILE);
        const char *role = key_of(v, K_ROLE_ARN);
        struct outcome base;

        if (source && profile && e->row->source != SOURCE_NONE)
                return failed("role_arn has both source_profile and credential_source");
        if (!source && !profile && !e->row->role_alone_remote)
                return failed("role_arn has neither source_profile nor credential_source");
        base = profile             ? by_profile(e, v, profile, depth)
               : own_keys(e, v)    ? (struct outcome){ .state = STEP_WINS, .provider = PROVIDER_PROFILE }
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
                .detail = arena_printf(e->a, "assumes %s with %s%s", arn_name(role),
                                       base.role ? base.role : provider_word(base.provider),
                                       base.provider == PROVIDER_IMDS ? " of the instance" : "")
        };
}

static struct outcome unverified(enum provider p, const char *role, const char *detail)
{
        return (struct outcome){
                .state = STEP_WINS, .provider = p, .role = role, .uncertain = true, .detail = detail
        };
}

static struct outcome sso(const struct view *v)
{
        if (!has(v, K_SSO_URL) && !has(v, K_SSO_SESSION))
                return off(NULL);
        return unverified(PROVIDER_SSO, key_of(v, K_SSO_ROLE), "the profile signs in by SSO");
}

/* Is the profile one that assumes a role? */
static bool assumes(struct eval *e, const struct view *v)
{
        if (!has(v, K_ROLE_ARN) || !roles_read(e))
                return false;
        if (has(v, K_WIT) && e->row->profile_web_identity)
                return own_keys(e, v);
        return !e->row->role_alone_static || has(v, K_SOURCE_PROFILE) || has(v, K_CREDENTIAL_SOURCE);
}

static struct outcome whole(struct eval *e, const struct view *v)
{
        struct outcome o;

        if (assumes(e, v))
                return assume(e, v, 0);
        o = statics(e, v->cred);
        if (o.state != STEP_OFF)
                return o;
        o = statics(e, v->config);
        if (o.state != STEP_OFF)
                return o;
        if (e->row->profile_web_identity && has(v, K_WIT) && has(v, K_ROLE_ARN))
                return unverified(PROVIDER_WEB_IDENTITY, arn_name(key_of(v, K_ROLE_ARN)),
                                  "web identity of the profile");
        if (e->row->sso && (has(v, K_SSO_URL) || has(v, K_SSO_SESSION)))
                return sso(v);
        if (e->row->process && has(v, K_PROCESS))
                return unverified(PROVIDER_PROCESS, NULL, "the profile runs a credential_process");
        return off("the profile holds no credentials");
}

static struct outcome part(struct eval *e, enum step_kind kind, const struct view *v)
{
        if (opted_out(e) && kind != S_PF_CRED && kind != S_PF_CFG)
                return off("AWS_SDK_CONFIG_OPT_OUT leaves only keys");
        switch (kind) {
        case S_PF_ROLE:
                return has(v, K_ROLE_ARN) && !has(v, K_WIT) ? assume(e, v, 0) : off(NULL);
        case S_PF_SSO:
                return e->row->sso ? sso(v) : off(NULL);
        case S_PF_CRED:
                return statics(e, v->cred);
        case S_PF_CFG:
                return statics(e, v->config);
        case S_PF_PROC:
                return has(v, K_PROCESS) ? unverified(PROVIDER_PROCESS, NULL,
                                                      "the profile runs a credential_process")
                                         : off(NULL);
        case S_PF_LOGIN:
                return has(v, K_LOGIN)
                               ? unverified(PROVIDER_PROFILE, NULL, "login session of the profile")
                               : off(NULL);
        case S_PF:
                return whole(e, v);
        case S_END:
        case S_SYSPROPS:
        case S_ENV:
        case S_ENV_AMAZON:
        case S_WEBID:
        case S_LEGACY:
        case S_CONTAINER:
        case S_IMDS:
                break;
        }
        return off(NULL);
}

/* A file that is there but cannot be read as one: SDKs go on without it; the walk names it. NULL: none. */
static const char *odd_file(const struct eval *e)
{
        const struct profile_file *const files[] = { credentials_file(e), e->in->config };

        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                enum file_state s = files[i] ? files[i]->state : FILE_ABSENT;

                if (s == FILE_UNREADABLE || s == FILE_NOT_REGULAR || s == FILE_TOO_BIG ||
                    s == FILE_OUTSIDE)
                        return arena_printf(e->a, "%s: %s, taken as absent", files[i]->path,
                                            file_state_word(s));
        }
        return NULL;
}

struct outcome step_profile(struct eval *e, enum step_kind kind)
{
        bool named;
        const char *name = profile_name(e, &named);
        struct view v = view_of(e, name);
        const char *lacking = lacking_file(e);

        if (lacking)
                return failed(lacking);
        if (!v.cred && !v.config && unseen(e))
                return (struct outcome){ .state = STEP_UNKNOWN,
                                         .detail = "the profile files could not be seen" };
        if (!v.cred && !v.config) {
                if (named && e->row->missing == MISSING_FAILS)
                        return failed(arena_printf(
                                e->a, "profile %s is named, but not in the profile files", name));
                return off(named ? arena_printf(e->a,
                                                "profile %s is named, but not in the profile files",
                                                name)
                                 : odd_file(e));
        }
        return part(e, kind, &v);
}

/* For the SDKs whose web-identity step reads the profile, too. */
static struct view web_identity_view(const struct eval *e)
{
        bool named;
        const char *first = e->in->env[e->row->profile_vars[0]];

        return view_of(e, e->row->web_profile != WEB_WHOLE_PLAIN ? profile_name(e, &named)
                          : value_present(NONEMPTY, first)       ? first
                                                                 : "default");
}

const char *profile_role_arn(const struct eval *e)
{
        struct view v = web_identity_view(e);

        return has(&v, K_ROLE_ARN) ? key_of(&v, K_ROLE_ARN) : NULL;
}

struct outcome profile_web_identity(struct eval *e, const char *role)
{
        struct view v = web_identity_view(e);

        if (!has(&v, K_WIT))
                return off(NULL);
        role = role ? role : key_of(&v, K_ROLE_ARN);
        if (!value_present(NONEMPTY, role))
                return e->row->web_identity_needs_role
                               ? failed("web_identity_token_file without role_arn")
                               : off(NULL);
        return unverified(PROVIDER_WEB_IDENTITY, arn_name(role), "web identity of the profile");
}
