/* A finding as flat texts, with their names in JSON and in the journal. */
#include "report_internal.h"

static const struct { const char *key, *field; } fields[] = {
#define X(id, key, field) [NOTICE_##id] = { key, field },
        NOTICE_FIELDS(X)
#undef X
};
static const struct { const char *word, *before; } events[] = {
#define X(id, word, before) [EVENT_##id] = { word, before },
        NOTICE_EVENTS(X)
#undef X
};

const char *notice_key(enum notice_field f)
{
        assert((size_t)f < ARRAY_SIZE(fields));
        return fields[f].key;
}

const char *notice_journal_field(enum notice_field f)
{
        assert((size_t)f < ARRAY_SIZE(fields));
        return fields[f].field;
}

const char *notice_event_to_string(enum notice_event e)
{
        assert((size_t)e < ARRAY_SIZE(events));
        return events[e].word;
}

const char *notice_event_before(enum notice_event e)
{
        assert((size_t)e < ARRAY_SIZE(events));
        return events[e].before;
}

static const char *text_or(const char *s)
{
        return s ? s : "-";
}

/* The group, process, container and task of a finding; NULL: none. */
struct around { const struct group *g; const struct process *p; const struct container *c; const struct task *t; };

static struct around around_of(const struct verdicts *v, const struct finding *f)
{
        const struct snapshot *s = v->snapshot;
        struct around x = { NULL, NULL, NULL, NULL };

        if (f->group < 0)
                return x;
        assert((size_t)f->group < v->n_groups);
        x.g = &v->groups[f->group];
        x.p = &s->processes[x.g->process];
        x.c = x.p->container >= 0 ? &s->containers[x.p->container] : NULL;
        x.t = x.c && x.c->task >= 0 ? &s->tasks[x.c->task] : NULL;
        return x;
}

/*
 * The identity of a finding over time: not by pid, but by the program in its container and the credentials it uses. One
 * that stands for several programs has no program in it, because the next scan may name another one of them; a denied
 * call stands for itself.
 */
static const char *object_of(const struct finding *f, const struct around *x, struct arena *a)
{
        const struct group *g = x->g;

        if (g && g->cause.shared && !g->denied)
                return arena_printf(a, "%s|%s|%s|%s", x->c ? x->c->id : "-", g->cause.shared,
                                    g->verdict == VERDICT_WRONG ? text_or(f->winner) : "-", text_or(g->cause.mechanism));
        if (g)
                return arena_printf(a, "%s|%s|%s|%s", x->c ? x->c->id : "-", text_or(x->p->exe), text_or(f->winner),
                                    text_or(g->cause.mechanism));
        if (f->definition)
                return arena_printf(a, "%s:%s|%s|%s", f->definition->family, f->definition->revision,
                                    finding_slug(f->kind), text_or(f->expected));
        return arena_printf(a, "host|%s|%s", finding_slug(f->kind), text_or(f->expected));
}

int notice_make(const struct verdicts *v, const struct finding *f, struct arena *a, struct notice *ret)
{
        const struct around x = around_of(v, f);

        *ret = (struct notice){
                .object = object_of(f, &x, a),
                .of = { [NOTICE_FINDING] = finding_slug(f->kind), [NOTICE_SEVERITY] = severity_to_string(f->severity),
                        [NOTICE_CERTAINTY] = certainty_to_string(f->certainty), [NOTICE_WINNER] = f->winner,
                        [NOTICE_EXPECTED] = f->expected, [NOTICE_ACTION] = f->action,
                        [NOTICE_RESOURCE] = f->resource, [NOTICE_REMEDY] = f->remedy,
                        [NOTICE_CLUSTER] = v->snapshot->host.cluster, [NOTICE_TASK] = x.t ? x.t->arn : NULL,
                        [NOTICE_FAMILY] = x.t ? x.t->family : f->definition ? f->definition->family : NULL,
                        [NOTICE_CONTAINER] = x.c ? x.c->name : NULL, [NOTICE_CONTAINER_ID] = x.c ? x.c->id : NULL,
                        [NOTICE_PID] = x.p ? arena_printf(a, "%d", (int)x.p->pid) : NULL,
                        [NOTICE_MESSAGE] = f->message },
        };
        return ret->object && (!x.p || ret->of[NOTICE_PID]) ? 0 : -ENOMEM;
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
