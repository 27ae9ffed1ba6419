/* Words of the judge room: slugs, verdicts, and what processes and winners are called. */
#include "judge_internal.h"

static const char *const severities[] = {
#define X(id, word) [SEVERITY_##id] = word,
        SEVERITIES(X)
#undef X
};
static const char *const verdict_words[] = {
#define X(id, word) [VERDICT_##id] = word,
        VERDICTS(X)
#undef X
};
static const struct { const char *slug, *message, *meaning, *advice; enum severity severity; } kinds[] = {
#define X(id, slug, sev, message, meaning, advice) \
        [FINDING_##id] = { slug, message, meaning, advice, SEVERITY_##sev },
        FINDINGS(X)
#undef X
};

const char *severity_word(enum severity s)
{
        return (size_t)s < ARRAY_SIZE(severities) ? severities[s] : "unknown";
}

const char *verdict_word(enum verdict v)
{
        return (size_t)v < ARRAY_SIZE(verdict_words) ? verdict_words[v] : "unknown";
}

const char *finding_slug(enum finding_kind k)
{
        return (size_t)k < ARRAY_SIZE(kinds) ? kinds[k].slug : "unknown";
}

const char *finding_message_id(enum finding_kind k)
{
        return (size_t)k < ARRAY_SIZE(kinds) ? kinds[k].message : "";
}

int finding_from_slug(const char *slug)
{
        for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
                if (streq(kinds[i].slug, slug))
                        return (int)i;
        return -ENOENT;
}

const char *finding_advice(enum finding_kind k)
{
        return (size_t)k < ARRAY_SIZE(kinds) ? kinds[k].advice : "";
}

enum severity finding_severity(enum finding_kind k)
{
        return (size_t)k < ARRAY_SIZE(kinds) ? kinds[k].severity : SEVERITY_INFO;
}

enum severity finding_severity_of(enum finding_kind k, enum certainty c)
{
        return k == FINDING_WRONG_ROLE_DENIED && c == CERTAINTY_OBSERVED ? SEVERITY_CRITICAL
                                                                         : finding_severity(k);
}

const char *finding_meaning(enum finding_kind k)
{
        return (size_t)k < ARRAY_SIZE(kinds) ? kinds[k].meaning : "";
}

const char *untrusted_text(struct arena *a, const char *s)
{
        return s ? arena_escape(a, s, strlen(s), 1024) : "";
}

const char *words_process(const struct judge_index *ix, int process)
{
        const struct process *p;

        if (process < 0)
                return "its parent";
        p = &ix->s->processes[process];
        return arena_printf(ix->a, "%s (pid %d)", p->comm ? p->comm : "a process", (int)p->pid);
}

const char *words_place(const struct judge_index *ix, const struct process *p)
{
        const struct container *c = &ix->s->containers[p->container];
        const struct task *t = c->task >= 0 ? &ix->s->tasks[c->task] : NULL;
        const char *name = c->name ? arena_dup(ix->a, c->name)
                                   : arena_printf(ix->a, "%.12s", c->id ? c->id : "?");

        if (!t)
                return arena_printf(ix->a, "container %s", name);
        return arena_printf(ix->a, "container %s of task %s", name,
                            t->family ? t->family : arn_name(t->arn));
}

/* What credentials without a known role are called. */
static const char *const nameless[PROVIDER_MAX] = {
        [PROVIDER_ENV] = "static keys",
        [PROVIDER_SYSPROPS] = "static keys",
        [PROVIDER_PROFILE] = "a profile",
        [PROVIDER_PROCESS] = "what a command prints",
        [PROVIDER_SSO] = "a signed-in user",
        [PROVIDER_WEB_IDENTITY] = "a web identity",
        [PROVIDER_CONTAINER] = "another endpoint's role",
        [PROVIDER_IMDS] = "the instance role",
};

const char *words_acts_as(const struct judge_index *ix, const struct chain_result *r)
{
        const char *name = r->role ? arn_name(r->role) : nameless[r->provider];

        return arena_printf(ix->a, "%s (%s)", name ? name : "nobody", provider_word(r->provider));
}

const char *words_winner(const struct judge_index *ix, const struct chain_result *r)
{
        if (!r->role)
                return provider_word(r->provider);
        return arena_printf(ix->a, "%s %s", provider_word(r->provider), arn_name(r->role));
}

const char *words_on(const struct judge_index *ix, const struct call *c)
{
        return streq(c->resource, "*") ? "" : arena_printf(ix->a, " on %s", c->resource);
}

const char *derived_role_word(enum derived_role r)
{
        static const char *const words[] = {
#define X(id, word, finding, managed) [DERIVED_##id] = word,
                DERIVED_ROLES(X)
#undef X
        };

        return (size_t)r < ARRAY_SIZE(words) ? words[r] : "unknown";
}

const char *words_for_policy(const struct judge_index *ix, const char *resource)
{
        const char *stream = strstr(resource, ":log-stream:");

        return stream ? arena_printf(ix->a, "%.*s:*", (int)(stream - resource), resource) : resource;
}
