/* The list of findings under construction. */
#include "judge_internal.h"

struct finding *finding_add(struct finding_list *to, enum finding_kind kind, int group)
{
        struct verdicts *v = to->v;
        struct finding *f;

        assert(v->n_findings < to->capacity);
        assert(group >= -1 && (group < 0 || (size_t)group < v->n_groups));
        f = &v->findings[v->n_findings++];
        *f = (struct finding){ .kind = kind, .severity = finding_severity(kind),
                               .certainty = CERTAINTY_CERTAIN, .group = group };
        return f;
}

bool group_fails(const struct group *g) { return g->verdict == VERDICT_WRONG || g->verdict == VERDICT_NONE; }
