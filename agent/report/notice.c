#include "rolewatch/notice.h"

static const struct { const char *key, *field; } fields[] = {
#define X(id, key, field) [NOTICE_##id] = { key, field },
        NOTICE_FIELDS(X)
#undef X
};
static const char *const events[] = {
#define X(id, word) [EVENT_##id] = word,
        NOTICE_EVENTS(X)
#undef X
};

const char *notice_key(enum notice_field f) { return fields[f].key; }
const char *notice_journal_field(enum notice_field f) { return fields[f].field; }
const char *notice_event_word(enum notice_event e) { return events[e]; }

static const char *text_or(const char *s)
{
        return s ? s : "-";
}

/* Processes come and go; what stays the same is the program in its container, and what it acts as. */
static const char *object_of(const struct verdicts *v, const struct finding *f, const struct container *c,
                             const struct process *p, struct arena *a)
{
        const struct group *g = f->group >= 0 ? &v->groups[f->group] : NULL;

        if (g)
                return arena_printf(a, "%s|%s|%s|%s", c ? c->id : "-", text_or(p->exe), text_or(f->winner),
                                    text_or(g->cause.mechanism));
        if (f->definition)
                return arena_printf(a, "%s:%s|%s|%s", f->definition->family, f->definition->revision,
                                    finding_slug(f->kind), text_or(f->expected));
        return arena_printf(a, "host|%s|%s", finding_slug(f->kind), text_or(f->expected));
}

int notice_make(const struct verdicts *v, const struct finding *f, struct arena *a, struct notice *ret)
{
        const struct snapshot *s = v->snapshot;
        const struct process *p = f->group >= 0 ? &s->processes[v->groups[f->group].process] : NULL;
        const struct container *c = p && p->container >= 0 ? &s->containers[p->container] : NULL;
        const struct task *t = c && c->task >= 0 ? &s->tasks[c->task] : NULL;
        const char *family = t ? t->family : f->definition ? f->definition->family : NULL;

        *ret = (struct notice){
                .object = object_of(v, f, c, p, a),
                .of = { [NOTICE_FINDING] = finding_slug(f->kind), [NOTICE_SEVERITY] = severity_word(f->severity),
                        [NOTICE_CERTAINTY] = certainty_word(f->certainty), [NOTICE_WINNER] = f->winner,
                        [NOTICE_EXPECTED] = f->expected, [NOTICE_ACTION] = f->action,
                        [NOTICE_RESOURCE] = f->resource, [NOTICE_REMEDY] = f->remedy,
                        [NOTICE_CLUSTER] = s->host.cluster, [NOTICE_TASK] = t ? t->arn : NULL,
                        [NOTICE_FAMILY] = family, [NOTICE_CONTAINER] = c ? c->name : NULL,
                        [NOTICE_CONTAINER_ID] = c ? c->id : NULL,
                        [NOTICE_PID] = p ? arena_printf(a, "%d", (int)p->pid) : NULL,
                        [NOTICE_MESSAGE] = f->message },
        };
        return ret->object && (!p || ret->of[NOTICE_PID]) ? 0 : -ENOMEM;
}

int notice_copy(const struct notice *from, struct arena *a, struct notice *ret)
{
        struct notice copy = { .object = arena_dup(a, from->object) };
        bool good = copy.object != NULL;

        for (int i = 0; i < NOTICE_MAX; i++) {
                copy.of[i] = arena_dup(a, from->of[i]);
                good = good && (copy.of[i] || !from->of[i]);
        }
        if (!good)
                return -ENOMEM;
        *ret = copy;
        return 0;
}
