/*
 * evidence_class -- what is known of a group's use of AWS, and what may therefore be said of it. A program that
 * nothing is known of is never judged, and what a process was seen to do overrules what was predicted.
 */
#include "judge_internal.h"

/* The endpoints that any process of the group contacted for credentials, as far as can be told. */
struct contacts { bool container, imds; };

/* By whether an SDK is recognized. NULL: as the class says. */
#define NO_CONTACT "it contacted neither the container endpoint nor the instance metadata service, and no call is declared for it"
static const char *const reasons[EVIDENCE_CLASS_MAX][2] = {
        [EVIDENCE_NOTHING] = { "no AWS SDK is recognized in it; " NO_CONTACT,
                               "an AWS SDK is recognized in it, but its environment is not known; " NO_CONTACT },
        [EVIDENCE_DECLARED] = { "calls are declared for its container; no AWS SDK is recognized in it",
                                "calls are declared for its container; an AWS SDK is recognized in it, but its environment is not known" },
};

const char *evidence_reason(const struct verdicts *v, const struct group *g)
{
        const char *reason = reasons[g->evidence][g->sdk_name != NULL];

        if (g->evidence == EVIDENCE_CARRIES && !env_known(&v->snapshot->processes[g->process]))
                return "an AWS SDK is recognized in it; its environment is not visible";
        return reason ? reason : evidence_class_meaning(g->evidence);
}

/* Neither URI of the container endpoint was found: it is not in the environment, or that is not known. */
static bool uri_not_found(const struct process *p)
{
        return !has_relative_uri(p) && is_blank(p->env[ENV_VAR_FULL_URI]);
}

/* The agent serves task metadata at the same address: a process that has only that URI has a reason to go there. */
static bool has_only_metadata_uri(const struct process *p)
{
        return uri_not_found(p) && (!is_blank(p->env[ENV_VAR_METADATA_V4]) || !is_blank(p->env[ENV_VAR_METADATA_V3]));
}

static struct contacts contacts_of(const struct judge_index *ix, const struct group *g)
{
        struct contacts c = { false, false };

        for (size_t i = 0; i < g->n_members; i++) {
                const struct process *p = &ix->s->processes[g->members[i]];

                c.container = c.container || (p->met_container && !has_only_metadata_uri(p));
                c.imds = c.imds || p->met_imds;
        }
        return c;
}

static bool is_declared(const struct judge_index *ix, const struct group *g)
{
        for (size_t i = 0; i < ix->s->n_needs; i++)
                if (!ix->s->needs[i].error && need_applies(ix->s, &ix->s->needs[i], ix->s->processes[g->process].container))
                        return true;
        return false;
}

static enum evidence_class class_of(const struct judge_index *ix, const struct group *g, struct contacts met)
{
        if (met.container || met.imds || g->denied)
                return EVIDENCE_OBSERVED;
        /* An SDK whose chain starts from an environment that nobody knows says nothing. */
        if (g->sdk_name && ix->s->processes[g->process].environ.state != ANSWER_GARBAGE)
                return EVIDENCE_CARRIES;
        return is_declared(ix, g) ? EVIDENCE_DECLARED : EVIDENCE_NOTHING;
}

/*
 * A process that contacted the container endpoint has the URI, however it came by it (set after exec, from a file).
 * One that contacted IMDS as well may have used the credentials of either; and one whose environment is not known, and
 * that has no SDK, may have requested task metadata.
 */
static void overrule_missing_uri(const struct judge_index *ix, struct group *g, struct contacts met)
{
        const struct expect *e = expect_of(ix, &ix->s->processes[g->process]);

        if (met.imds || (!g->sdk_name && !env_known(&ix->s->processes[g->process]))) {
                group_set_unknown(g, met.imds ? "it contacted both the container endpoint and the instance metadata service"
                                              : "it contacted the container endpoint, which serves task metadata, too");
                return;
        }
        g->winner.provider = PROVIDER_CONTAINER;
        g->winner.role = e->cred >= 0 ? ix->s->creds[e->cred].role_arn : NULL;
        g->winner.key_id = NULL;
        g->winner.via_expired = false;
        g->winner.certainty = CERTAINTY_POSSIBLE;
        g->verdict = VERDICT_OK;
}

/*
 * The program was started without the URI, whatever else its environment had: a pair of keys is longer still. It has an
 * SDK whose chain ends at IMDS as far as its files show, and it asked IMDS, not the container endpoint.
 */
static bool lost_uri_observed(const struct judge_index *ix, const struct group *g, struct contacts met)
{
        const struct process *p = &ix->s->processes[g->process];

        return p->without_uri && !env_known(p) && g->winner.provider == PROVIDER_IMDS && met.imds && !met.container && g->sdk_name &&
               expect_of(ix, p)->role && ix->s->host.instance_role;
}

/* Every SDK in question comes to the verdict of the winner. */
static bool verdicts_agree(const struct judge_index *ix, const struct group *g)
{
        for (size_t i = 0; i < g->n_by_row; i++)
                if (expect_verdict(ix, &ix->s->processes[g->process], &g->by_row[i]) != g->verdict)
                        return false;
        return true;
}

static bool profile_assumes_itself(const struct profile_file *f, const char *role)
{
        for (size_t i = 0; i < f->n_profiles; i++) {
                const char *const *key = f->profiles[i].key;

                if (streq(key[PROFILE_KEY_CREDENTIAL_SOURCE], "EcsContainer") && key[PROFILE_KEY_ROLE_ARN] &&
                    streq(arn_name(key[PROFILE_KEY_ROLE_ARN]), role))
                        return true;
        }
        return false;
}

bool assumes_itself(const struct judge_index *ix, const struct group *g)
{
        const struct process *p = &ix->s->processes[g->process];

        return g->winner.provider == PROVIDER_PROFILE && g->expected_role && streq(arn_name(g->winner.role), g->expected_role) &&
               (profile_assumes_itself(&p->config, g->expected_role) || profile_assumes_itself(&p->credentials, g->expected_role));
}

/* Why it is not certain that the expected role is used; NULL: it is. */
static const char *doubt_of(const struct judge_index *ix, const struct group *g)
{
        if (!verdicts_agree(ix, g))
                return g->sdk_name ? "releases of its SDK differ, or its SDKs do" : "no SDK is recognized in it, and SDKs differ";
        return assumes_itself(ix, g) ? "a role that assumes itself needs a trust policy that names it" : NULL;
}

static bool walks_to(const struct chain_result *r, enum provider provider)
{
        for (size_t i = 0; i < r->n_walk; i++)
                if (r->walk[i].provider == provider)
                        return true;
        return false;
}

#define AT_IMDS_ONLY "it contacted the instance metadata service, and not the container endpoint"

/*
 * A tool that was seen at an endpoint that no step of its chain contacts, or at IMDS only where it would use the container
 * endpoint, is another release, or differently configured: why, or NULL. A program with a library may have a reason of
 * its own to contact either, as one with an SDK has.
 */
static const char *contradiction_of(const struct group *g, struct contacts met)
{
        const struct chain_result *w = &g->winner;
        enum chain_kind kind = g->sdk_name ? chain_row_kind(w->row) : CHAIN_SDK;
        bool past_container = met.container && !walks_to(w, PROVIDER_CONTAINER);

        if (kind == CHAIN_SDK || (kind == CHAIN_LIBRARY && (!past_container || met.imds)))
                return NULL;
        if (past_container || (met.imds && !walks_to(w, PROVIDER_IMDS)))
                return "it contacted an endpoint that its chain does not use";
        return met.imds && !met.container && w->provider == PROVIDER_CONTAINER ? AT_IMDS_ONLY : NULL;
}

static void verdict_correct(const struct judge_index *ix, struct group *g, struct contacts met)
{
        const struct process *p = &ix->s->processes[g->process];
        const char *contradiction = contradiction_of(g, met);

        if (g->denied)
                return;
        if (contradiction) {
                g->winner.certainty = CERTAINTY_POSSIBLE;
                group_set_unknown(g, contradiction);
                return;
        }
        if (g->verdict != VERDICT_OK && met.container && uri_not_found(p) && expect_of(ix, p)->role) {
                overrule_missing_uri(ix, g, met);
                return;
        }
        if (lost_uri_observed(ix, g, met)) {
                group_acts_as_instance(g, &ix->s->host);
                g->winner.certainty = CERTAINTY_OBSERVED;
                return;
        }
        /* A tool that takes the instance's credentials, was seen at IMDS, and not at the container endpoint. */
        if (g->verdict == VERDICT_WRONG && g->winner.provider == PROVIDER_IMDS && chain_row_kind(g->winner.row) == CHAIN_TOOL &&
            met.imds && !met.container && verdicts_agree(ix, g))
                g->winner.certainty = CERTAINTY_OBSERVED;
        if (g->verdict != VERDICT_OK)
                return;
        if (doubt_of(ix, g))
                group_set_unknown(g, doubt_of(ix, g));
        /*
         * IMDS serves regions and instance ids, too: of a known SDK this only lowers what was predicted. That it has the
         * variable was taken from its container, and then that is in doubt, too: an entrypoint may have removed it.
         */
        else if (g->winner.provider == PROVIDER_CONTAINER && met.imds && !met.container) {
                g->winner.certainty = CERTAINTY_POSSIBLE;
                if (!g->sdk_name || p->environment_source == ENVIRONMENT_CONTAINER)
                        group_set_unknown(g, AT_IMDS_ONLY);
        }
}

void evidence_apply(const struct judge_index *ix, struct group *g)
{
        struct contacts met = contacts_of(ix, g);

        g->evidence = class_of(ix, g, met);
        /* Where rolewatch may not read, it did not look for an SDK either. */
        if (g->evidence == EVIDENCE_NOTHING && ix->s->processes[g->process].environ.state != ANSWER_DENIED)
                g->verdict = VERDICT_UNJUDGED;
        if (g->verdict != VERDICT_UNJUDGED)
                verdict_correct(ix, g, met);
}
