/* Accessors of the tables in findings.h and judge.h. */
#include "judge_internal.h"

static const struct { const char *word, *sign; int status, priority; enum tone tone; } severities[] = {
#define X(id, word, status, priority, tone, sign) [SEVERITY_##id] = { word, sign, status, priority, TONE_##tone },
        SEVERITIES(X)
#undef X
};
static const struct { const char *name, *prometheus, *meaning; } metrics[] = {
#define X(id, name, prometheus, meaning) [METRIC_##id] = { name, prometheus, meaning },
        METRICS(X)
#undef X
};
#define IN(metric) (1U << METRIC_##metric)
#define IN_NONE 0U
static const struct {
        const char *slug, *message, *meaning, *advice;
        enum severity severity, observed;
        unsigned sources, metrics;
} kinds[] = {
#define X(id, slug, severity, observed, message, sources, metrics, meaning, advice) \
        [FINDING_##id] = { slug, message, meaning, advice, SEVERITY_##severity, SEVERITY_##observed, sources, metrics },
        FINDINGS(X)
#undef X
};
static const struct { const char *word; enum severity severity; } verdicts[] = {
#define X(id, word, severity) [VERDICT_##id] = { word, SEVERITY_##severity },
        VERDICTS(X)
#undef X
};
static const struct { const char *name, *meaning; } evidence_classes[] = {
#define X(id, name, meaning) [EVIDENCE_##id] = { name, meaning },
        EVIDENCE_CLASSES(X)
#undef X
};
static const struct unjudged_text unjudged_texts[] = {
#define X(id, reason, one, many) [UNJUDGED_##id] = { reason, one, many },
        UNJUDGED_REASONS(X)
#undef X
};
static const char *const required_roles[] = {
#define X(id, word, finding, managed) [REQUIRED_OF_##id] = word,
        REQUIRED_ROLES(X)
#undef X
};

/* ---- severities ---- */

const char *severity_to_string(enum severity s)
{
        return (size_t)s < ARRAY_SIZE(severities) ? severities[s].word : "unknown";
}

int severity_from_string(const char *word)
{
        for (size_t i = 0; i < ARRAY_SIZE(severities); i++)
                if (streq(severities[i].word, word))
                        return (int)i;
        return -ENOENT;
}

int severity_exit_status(enum severity s)
{
        assert((size_t)s < ARRAY_SIZE(severities));
        return severities[s].status;
}

int severity_priority(enum severity s)
{
        assert((size_t)s < ARRAY_SIZE(severities));
        return severities[s].priority;
}

enum tone severity_tone(enum severity s)
{
        assert((size_t)s < ARRAY_SIZE(severities));
        return severities[s].tone;
}

const char *severity_sign(enum severity s)
{
        assert((size_t)s < ARRAY_SIZE(severities));
        return severities[s].sign;
}

/* ---- metrics ---- */

const char *metric_name(enum metric m)
{
        assert((size_t)m < ARRAY_SIZE(metrics));
        return metrics[m].name;
}

const char *metric_prometheus(enum metric m)
{
        assert((size_t)m < ARRAY_SIZE(metrics));
        return metrics[m].prometheus;
}

const char *metric_meaning(enum metric m)
{
        assert((size_t)m < ARRAY_SIZE(metrics));
        return metrics[m].meaning;
}

/* ---- findings ---- */

const char *finding_slug(enum finding_kind k)
{
        return (size_t)k < ARRAY_SIZE(kinds) ? kinds[k].slug : "unknown";
}

int finding_from_slug(const char *slug)
{
        for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
                if (streq(kinds[i].slug, slug))
                        return (int)i;
        return -ENOENT;
}

const char *finding_meaning(enum finding_kind k)
{
        return (size_t)k < ARRAY_SIZE(kinds) ? kinds[k].meaning : "";
}

const char *finding_advice(enum finding_kind k)
{
        return (size_t)k < ARRAY_SIZE(kinds) ? kinds[k].advice : "";
}

const char *finding_message_id(enum finding_kind k)
{
        return (size_t)k < ARRAY_SIZE(kinds) ? kinds[k].message : "";
}

enum severity finding_severity(enum finding_kind k)
{
        return (size_t)k < ARRAY_SIZE(kinds) ? kinds[k].severity : SEVERITY_INFO;
}

enum severity finding_severity_of(enum finding_kind k, enum certainty c)
{
        return c == CERTAINTY_OBSERVED && (size_t)k < ARRAY_SIZE(kinds) ? kinds[k].observed : finding_severity(k);
}

unsigned finding_sources(enum finding_kind k)
{
        assert((size_t)k < ARRAY_SIZE(kinds));
        return kinds[k].sources;
}

bool finding_counts_in(enum finding_kind k, enum metric m)
{
        assert((size_t)k < ARRAY_SIZE(kinds) && (size_t)m < ARRAY_SIZE(metrics));
        return kinds[k].metrics & 1U << m;
}

/* ---- groups and roles ---- */

const struct unjudged_text *unjudged_text(enum unjudged_reason r)
{
        assert((size_t)r < ARRAY_SIZE(unjudged_texts));
        return &unjudged_texts[r];
}

enum unjudged_reason unjudged_reason(const struct group *g)
{
        if (!g->expected_role)
                return UNJUDGED_NO_TASK_ROLE;
        if (g->evidence != EVIDENCE_NOTHING)
                return UNJUDGED_LAUNCHER;
        return g->sdk_name ? UNJUDGED_NO_ENVIRONMENT : g->sdks_unknown ? UNJUDGED_NO_SDKS : UNJUDGED_NO_EVIDENCE;
}

const char *evidence_class_to_string(enum evidence_class e)
{
        return (size_t)e < ARRAY_SIZE(evidence_classes) ? evidence_classes[e].name : "unknown";
}

const char *evidence_class_meaning(enum evidence_class e)
{
        return (size_t)e < ARRAY_SIZE(evidence_classes) ? evidence_classes[e].meaning : "unknown";
}

const char *verdict_to_string(enum verdict v)
{
        return (size_t)v < ARRAY_SIZE(verdicts) ? verdicts[v].word : "unknown";
}

enum severity verdict_severity(enum verdict v)
{
        return (size_t)v < ARRAY_SIZE(verdicts) ? verdicts[v].severity : SEVERITY_OK;
}

const char *required_role_to_string(enum required_role r)
{
        return (size_t)r < ARRAY_SIZE(required_roles) ? required_roles[r] : "unknown";
}
