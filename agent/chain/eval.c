/* The evaluator: walks the steps of one row over the facts of one process. */
#include "steps.h"

static const struct kind { enum provider provider; step_fn *run; const char *off; } kinds[] = {
#define X(id, word, provider, run, off) [S_##id] = { PROVIDER_##provider, run, off },
        STEP_KINDS(X)
#undef X
};

static void chain_note(struct chain_result *res, enum provider p, enum step_state state,
                       const char *detail)
{
        assert(res->n_walk < ARRAY_SIZE(res->walk));
        res->walk[res->n_walk++] = (struct walk_step){ p, state, detail, REASON_OTHER };
}

static void note_outcome(struct chain_result *res, enum provider p, const struct outcome *o)
{
        chain_note(res, p, o->state, o->detail);
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

/* Notes a step that is not run, because the walk has ended or an earlier choice excludes it. */
static bool ruled_out(struct eval *e, enum step_kind kind, bool ended, struct chain_result *res)
{
        const struct kind *k = &kinds[kind];

        if (ended) {
                chain_note(res, k->provider, STEP_NOT_REACHED, NULL);
                return true;
        }
        if (kind == S_IMDS && e->row->remote == REMOTE_EITHER && e->container_chosen) {
                chain_note(res, k->provider, STEP_EXCLUDED,
                           "a container variable is set, so this SDK does not try IMDS");
                return true;
        }
        return false;
}

static void walk_steps(struct eval *e, struct chain_result *res)
{
        bool ended = false, uncertain = !e->in->env_known || settings_unsure(e);

        for (const struct step *s = e->row->steps; s->kind != S_END; s++) {
                struct outcome o;

                if (ruled_out(e, s->kind, ended, res))
                        continue;
                o = kinds[s->kind].run(e, s->kind);
                if (o.state == STEP_OFF && !o.detail)
                        o.detail = kinds[s->kind].off;
                if (o.state == STEP_FAILED && ((s->on_error == END_CHAIN && !o.none) || o.ends))
                        o.state = STEP_STOPPED;
                note_outcome(res, kinds[s->kind].provider, &o);
                uncertain = uncertain || o.uncertain || o.state == STEP_UNKNOWN;
                res->own_config = res->own_config || (s->kind == S_OWN_CONFIG && o.state == STEP_UNKNOWN);
                if (o.state == STEP_WINS) {
                        win(res, &o);
                        ended = true;
                } else if (o.state == STEP_STOPPED) {
                        conclude(res, PROVIDER_ERROR, o.detail);
                        ended = true;
                } else if (o.state == STEP_FAILED) {
                        res->error = o.detail;
                        /* With REMOTE_EITHER no later step can win: the chain ends in this error. */
                        if (!o.none && s->kind == S_CONTAINER && e->row->remote == REMOTE_EITHER)
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
        const char *fatal = chain_fatal(&e);

        assert(row->steps[CHAIN_STEPS_MAX - 1].kind == S_END);
        if (fatal) {
                chain_note(&res, PROVIDER_PROFILE, STEP_STOPPED, fatal);
                for (const struct step *s = row->steps; s->kind != S_END; s++)
                        chain_note(&res, kinds[s->kind].provider, STEP_NOT_REACHED, NULL);
                conclude(&res, PROVIDER_ERROR, fatal);
                res.certainty = in->env_known ? CERTAINTY_PREDICTED : CERTAINTY_POSSIBLE;
        } else {
                walk_steps(&e, &res);
        }
        if (res.provider == PROVIDER_NONE && !res.error)
                res.error = "no step of the chain found credentials";
        if (arena_failed(a))
                return -ENOMEM;
        *ret = res;
        return 0;
}

static const struct answer not_requested = { .state = ANSWER_UNKNOWN };

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
                .web_identity_file = p->web_identity_file,
                .ca_bundle = p->ca_bundle,
                .boto_file = p->boto_file,
                .passwd_home = p->passwd_home,
                .signed_out = p->signed_out,
                .cred_relative = cred_at(s, p->cred_relative),
                .cred_full = cred_at(s, p->cred_full),
                .net_container = n ? &n->container : &not_requested,
                .net_imds_token = n ? &n->imds_token : &not_requested,
                .net_imds_v1 = n ? &n->imds_v1 : &not_requested,
                .host = &s->host,
                .env_known = p->environ.state == ANSWER_OK,
                .met_container = p->met_container,
                .met_imds = p->met_imds,
                .now_s = s->host.taken_s,
        };
}
