/* The facts that causes look at, gathered for one group. */
#include "causes.h"

#define SOURCES_MAX 5                  /* profiles that name each other as source_profile */

bool context_stopped_at(const struct cause_context *cx, enum provider p)
{
        const struct chain_result *r = &cx->g->winner;

        for (size_t i = 0; i < r->n_walk; i++)
                if (r->walk[i].state == STEP_STOPPED)
                        return r->walk[i].provider == p;
        return false;
}

const struct walk_step *context_step(const struct cause_context *cx, enum provider p)
{
        const struct chain_result *r = &cx->g->winner;

        for (size_t i = 0; i < r->n_walk; i++)
                if (r->walk[i].provider == p)
                        return &r->walk[i];
        return NULL;
}

const char *context_profile(const struct cause_context *cx)
{
        const char *const names[] = { cx->p->env[ENV_VAR_PROFILE], cx->p->env[ENV_VAR_DEFAULT_PROFILE],
                                      cx->p->prop[SYSPROP_PROFILE] };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (!is_blank(names[i]))
                        return names[i];
        return NULL;
}

static const char *key_in(const struct profile_file *f, const char *profile, enum profile_key key)
{
        for (size_t i = 0; i < f->n_profiles; i++)
                if (streq(f->profiles[i].name, profile) && !is_blank(f->profiles[i].key[key]))
                        return f->profiles[i].key[key];
        return NULL;
}

const char *context_key(const struct cause_context *cx, enum profile_key key, const struct profile_file **ret)
{
        const struct profile_file *const files[] = { &cx->p->credentials, &cx->p->config };
        const char *name = context_profile(cx), *source, *value;

        if (!name)
                name = "default";
        for (unsigned depth = 0; name && depth < SOURCES_MAX; depth++, name = source) {
                source = NULL;
                for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                        value = key_in(files[i], name, key);
                        if (value) {
                                *ret = files[i];
                                return value;
                        }
                        source = source ? source : key_in(files[i], name, PROFILE_KEY_SOURCE_PROFILE);
                }
        }
        return NULL;
}

static bool is_read(const struct profile_file *f) { return f->state == FILE_OK || f->state == FILE_ABSENT; }
static bool is_bad(const struct profile_file *f) { return !is_read(f) && f->state != FILE_UNKNOWN; }

/* By which of its keys a profile gives credentials, in the order in which they are looked for. */
#define KEYS_MAX 10
#define OF_ROLE PROFILE_KEY_CREDENTIAL_SOURCE, PROFILE_KEY_ROLE_ARN
#define OF_SSO  PROFILE_KEY_SSO_ACCOUNT, PROFILE_KEY_SSO_ROLE, PROFILE_KEY_SSO_URL, PROFILE_KEY_SSO_SESSION
#define OF_PAIR PROFILE_KEY_KEY_ID, PROFILE_KEY_SECRET
struct deciding { enum provider winner; bool role; enum profile_key keys[KEYS_MAX]; };
static const struct deciding deciding[] = {
        { PROVIDER_PROFILE, true,  { OF_ROLE, PROFILE_KEY_MAX } },
        { PROVIDER_PROFILE, false, { OF_PAIR, PROFILE_KEY_LOGIN, PROFILE_KEY_MAX } },
        { PROVIDER_PROCESS, false, { PROFILE_KEY_PROCESS, PROFILE_KEY_MAX } },
        { PROVIDER_SSO,     false, { OF_SSO, PROFILE_KEY_MAX } },
        { PROVIDER_ERROR,   false, { OF_ROLE, PROFILE_KEY_PROCESS, OF_SSO, OF_PAIR, PROFILE_KEY_MAX } },
};

/* The file that has the first of the keys; NULL: none has one. */
static const struct profile_file *deciding_file(const struct cause_context *cx, const struct deciding *d)
{
        const struct profile_file *f = NULL;

        for (size_t i = 0; !f && d->keys[i] != PROFILE_KEY_MAX; i++)
                context_key(cx, d->keys[i], &f);
        return f;
}

const char *context_file(const struct cause_context *cx)
{
        const struct profile_file *credentials = &cx->p->credentials, *config = &cx->p->config, *f = NULL;
        const struct chain_result *w = &cx->g->winner;

        if (w->provider == PROVIDER_ERROR && is_bad(credentials) != is_bad(config))
                f = is_bad(config) ? config : credentials;
        for (size_t i = 0; !f && i < ARRAY_SIZE(deciding); i++)
                if (deciding[i].winner == w->provider && (w->role || !deciding[i].role))
                        f = deciding_file(cx, &deciding[i]);
        if (!f)
                f = config->path && (!credentials->path || credentials->state == FILE_ABSENT || credentials->state == FILE_UNKNOWN) ? config : credentials;
        return f->path ? f->path : "the profile file";
}

/* Is this file without that profile, as far as it was read? */
static bool is_without(const struct profile_file *f, const char *profile)
{
        for (size_t i = 0; i < f->n_profiles; i++)
                if (streq(f->profiles[i].name, profile))
                        return false;
        return is_read(f);
}

bool context_profile_missing(const struct cause_context *cx)
{
        const char *profile = context_profile(cx);

        return profile && is_without(&cx->p->credentials, profile) && is_without(&cx->p->config, profile);
}

static const struct answer none = { .state = ANSWER_UNKNOWN };

void context_make(const struct judge_index *ix, const struct group *g, struct cause_context *ret)
{
        const struct snapshot *s = ix->s;
        const struct process *p = &s->processes[g->process];
        const struct container *c = &s->containers[p->container];
        int init = ix->init[p->container];
        struct cause_context cx = { .ix = ix, .g = g, .p = p, .e = expect_of(ix, p), .answer = &none,
                            .lineage = { .last_holder = -1, .first_without = -1 } };

        if (init >= 0)
                cx.init = &s->processes[init];
        if (p->cred_relative >= 0 && (size_t)p->cred_relative < s->n_creds)
                cx.cred = &s->creds[p->cred_relative];
        if (p->netns >= 0 && (size_t)p->netns < s->n_netns)
                cx.net = &s->netns[p->netns];
        if (cx.net && answer_bad(&cx.net->container))
                cx.answer = &cx.net->container;
        else if (cx.cred)
                cx.answer = &cx.cred->answer;
        if (c->task >= 0)
                cx.task_arn = s->tasks[c->task].arn;
        if (!p->env[ENV_VAR_RELATIVE_URI])
                lineage_trace(ix, g->process, &cx.lineage);
        *ret = cx;
}
