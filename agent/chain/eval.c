/* The evaluator: walks the steps of one row over the facts of one process. */
#include "rows.h"

/* off: what a step that is not configured lacks, where the step itself does not say. */
struct kind {
        enum provider provider;
        struct outcome (*run)(struct eval *e, enum step_kind kind);
        const char *off;
};

static struct outcome run_sysprops(struct eval *e, enum step_kind k)
{
        (void)k;
        return step_sysprops(e);
}
static struct outcome run_env(struct eval *e, enum step_kind k)
{
        return step_env(e, k == S_ENV_AMAZON);
}
static struct outcome run_webid(struct eval *e, enum step_kind k)
{
        (void)k;
        return step_web_identity(e);
}
static struct outcome run_legacy(struct eval *e, enum step_kind k)
{
        (void)k;
        return step_legacy(e);
}
static struct outcome run_container(struct eval *e, enum step_kind k)
{
        (void)k;
        return step_container(e);
}
static struct outcome run_imds(struct eval *e, enum step_kind k)
{
        (void)k;
        return step_imds(e);
}

static const struct kind kinds[] = {
        [S_SYSPROPS] = { PROVIDER_SYSPROPS, run_sysprops,
                         "no keys among the Java system properties" },
        [S_ENV] = { PROVIDER_ENV, run_env, "no static keys in the environment" },
        [S_ENV_AMAZON] = { PROVIDER_ENV, run_env, "no AMAZON_ keys in the environment" },
        [S_WEBID] = { PROVIDER_WEB_IDENTITY, run_webid, "AWS_WEB_IDENTITY_TOKEN_FILE is not set" },
        [S_PF] = { PROVIDER_PROFILE, step_profile, "no profile" },
        [S_PF_ROLE] = { PROVIDER_PROFILE, step_profile, "no profile with role_arn" },
        [S_PF_SSO] = { PROVIDER_SSO, step_profile, "no profile with SSO" },
        [S_PF_CRED] = { PROVIDER_PROFILE, step_profile, "no keys in the credentials file" },
        [S_PF_PROC] = { PROVIDER_PROCESS, step_profile, "no profile with credential_process" },
        [S_PF_CFG] = { PROVIDER_PROFILE, step_profile, "no keys in the config file" },
        [S_PF_LOGIN] = { PROVIDER_PROFILE, step_profile, "no profile with a login session" },
        [S_LEGACY] = { PROVIDER_PROFILE, run_legacy, "no old boto file is named" },
        [S_CONTAINER] = { PROVIDER_CONTAINER, run_container, NULL },
        [S_IMDS] = { PROVIDER_IMDS, run_imds, NULL },
};

static const char *const step_words[] = {
        [S_SYSPROPS] = "sysprops", [S_ENV] = "env", [S_ENV_AMAZON] = "env-AMAZON",
        [S_WEBID] = "web-identity", [S_PF] = "profile", [S_PF_ROLE] = "profile-role",
        [S_PF_SSO] = "profile-sso", [S_PF_CRED] = "credentials-file", [S_PF_PROC] = "process",
        [S_PF_CFG] = "config-file", [S_PF_LOGIN] = "profile-login", [S_LEGACY] = "boto-file",
        [S_CONTAINER] = "container", [S_IMDS] = "imds",
};

const char *chain_step_word(unsigned kind)
{
        return kind < ARRAY_SIZE(step_words) ? step_words[kind] : NULL;
}

bool value_present(enum present rule, const char *v)
{
        if (!v)
                return false;
        if (rule == EXISTS)
                return true;
        return rule == NONEMPTY ? *v != '\0' : v[strspn(v, " \t\r\n")] != '\0';
}

static void note(struct chain_result *res, enum provider p, enum step_state state,
                 const char *detail)
{
        if (res->n_walk < CHAIN_STEPS_MAX)
                res->walk[res->n_walk++] = (struct walk_step){ p, state, detail, REASON_OTHER };
}

static void note_outcome(struct chain_result *res, enum provider p, const struct outcome *o)
{
        note(res, p, o->state, o->detail);
        if (res->n_walk)
                res->walk[res->n_walk - 1].reason = o->reason;
}

static void conclude(struct chain_result *res, enum provider p, const char *error)
{
        res->provider = p;
        res->error = error;
}

static void win(struct chain_result *res, const struct outcome *o)
{
        res->provider = o->provider;
        res->role = o->role;
        res->key_id = o->key_id;
        res->via_expired = o->expired;
        res->error = NULL;
}

/* The rest of the walk, once it has ended or a step has been ruled out. */
static bool ruled_out(struct eval *e, enum step_kind kind, bool ended, struct chain_result *res)
{
        const struct kind *k = &kinds[kind];

        if (ended) {
                note(res, k->provider, STEP_NOT_REACHED, NULL);
                return true;
        }
        if (kind == S_IMDS && e->row->remote == XOR && e->container_chosen) {
                note(res, k->provider, STEP_EXCLUDED,
                     "a container variable is set: this SDK never asks IMDS then");
                return true;
        }
        return false;
}

static void walk_steps(struct eval *e, struct chain_result *res)
{
        bool ended = false, uncertain = !e->in->env_known;
        const char *error = NULL;

        for (const struct step *s = e->row->steps; s->kind != S_END; s++) {
                struct outcome o;

                if (ruled_out(e, s->kind, ended, res))
                        continue;
                o = kinds[s->kind].run(e, s->kind);
                if (o.state == STEP_OFF && !o.detail)
                        o.detail = kinds[s->kind].off;
                if (o.state == STEP_FAILED && ((s->hard && !o.none) || o.ends))
                        o.state = STEP_STOPPED;
                note_outcome(res, kinds[s->kind].provider, &o);
                uncertain = uncertain || o.uncertain || o.state == STEP_UNKNOWN;
                if (o.state == STEP_WINS) {
                        win(res, &o);
                        ended = true;
                } else if (o.state == STEP_STOPPED) {
                        conclude(res, PROVIDER_ERROR, o.detail);
                        ended = true;
                } else if (o.state == STEP_FAILED) {
                        error = o.detail;
                        res->error = error;
                        /* An error that is the last word of a chain without a later winner. */
                        if (!o.none && s->kind == S_CONTAINER && e->row->remote == XOR)
                                res->provider = PROVIDER_ERROR;
                }
        }
        res->certainty = uncertain ? CERTAINTY_POSSIBLE : CERTAINTY_PREDICTED;
}

int chain_eval(const struct chain_row *row, const struct chain_input *in, struct arena *a,
               struct chain_result *ret)
{
        struct chain_result res = { .row = row, .version = in->version, .provider = PROVIDER_NONE };
        struct eval e = { .row = row, .in = in, .a = a };
        const char *fatal = profile_fatal(&e);

        if (fatal) {
                note(&res, PROVIDER_PROFILE, STEP_STOPPED, fatal);
                for (const struct step *s = row->steps; s->kind != S_END; s++)
                        note(&res, kinds[s->kind].provider, STEP_NOT_REACHED, NULL);
                conclude(&res, PROVIDER_ERROR, fatal);
                res.certainty = in->env_known ? CERTAINTY_PREDICTED : CERTAINTY_POSSIBLE;
        } else {
                walk_steps(&e, &res);
        }
        if (res.provider == PROVIDER_NONE && !res.error)
                res.error = "no step of the chain has credentials";
        if (arena_failed(a))
                return -ENOMEM;
        *ret = res;
        return 0;
}

static const struct answer not_asked = { .state = ANSWER_UNKNOWN };

static const struct credential *cred_at(const struct snapshot *s, int i)
{
        return i >= 0 && (size_t)i < s->n_creds ? &s->creds[i] : NULL;
}

void chain_input_of(const struct snapshot *s, const struct process *p, struct chain_input *ret)
{
        const struct netns *n =
                p->netns >= 0 && (size_t)p->netns < s->n_netns ? &s->netns[p->netns] : NULL;

        *ret = (struct chain_input){
                .env = p->env,
                .prop = p->prop,
                .credentials = &p->credentials,
                .config = &p->config,
                .home_credentials = &p->home_credentials,
                .token_file = p->token_file,
                .wit_file = p->wit_file,
                .cred_rel = cred_at(s, p->cred_rel),
                .cred_full = cred_at(s, p->cred_full),
                .net_container = n ? &n->container : &not_asked,
                .net_imds_token = n ? &n->imds_token : &not_asked,
                .net_imds_v1 = n ? &n->imds_v1 : &not_asked,
                .host = &s->host,
                .env_known = p->environ.state == ANSWER_OK,
                .now_s = s->host.taken_s,
        };
}
