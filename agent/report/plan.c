/* plan -- the verdicts on a task that does not run yet, for people and as JSON. */
#include "style.h"

#define LABEL_COLUMNS 18               /* "execution role" is the longest label */
#define ARENA_LIMIT_BYTES ((size_t)64 << 20)

static const char *const forms[] = {
#define X(id, title) [PLAN_FORM_##id] = title,
        PLAN_FORMS(X)
#undef X
};

static void put_premises(const struct plan *p, struct arena *a, struct page *page)
{
        page_wrap(page, 0, 2, arena_printf(a, "task %s, planned by %s (%s)", p->family, p->source, forms[p->form]));
        for (size_t i = 0; i < p->n_premises; i++) {
                text_addf(&page->t, "  %s", p->premises[i].what);
                page_pad(page, LABEL_COLUMNS - 2 - style_width(p->premises[i].what));
                page_wrap(page, LABEL_COLUMNS, LABEL_COLUMNS, arena_printf(a, "%s (%s)", p->premises[i].value, premise_source_meaning(p->premises[i].source)));
        }
        if (p->n_more_premises)
                text_addf(&page->t, "  %zu more premises\n", p->n_more_premises);
        text_add(&page->t, "\n");
}

static void plan_put_warning(const struct plan_warning *w, struct arena *a, struct page *page)
{
        const char *severity = severity_to_string(w->severity);

        text_add(&page->t, "\n");
        page_paint(page, w->severity, severity);
        page_wrap(page, style_width(severity), 2, arena_printf(a, " %s: %s", w->where, w->message));
        text_add(&page->t, "  \xe2\x86\x92 ");
        page_wrap(page, 4, 4, w->remedy);
}

int report_plan(const struct plan *p, const struct verdicts *v, struct report_style style, FILE *out)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(page_done) struct page page;
        int r;

        page_start(&page, style);
        r = arena_new(ARENA_LIMIT_BYTES, &a);
        if (r < 0)
                return r;
        put_premises(p, a, &page);
        r = table_put_body(v, a, &page);
        if (r < 0)
                return r;
        for (size_t i = 0; i < p->n_warnings; i++)
                plan_put_warning(&p->warnings[i], a, &page);
        if (p->n_more_warnings)
                page_wrap(&page, 0, 2, arena_printf(a, "\n%zu more lint warnings", p->n_more_warnings));
        r = table_put_sum(v, &page);
        return r < 0 ? r : page_print(&page, out);
}

/* ---- JSON ---- */

static bool plan_put_text(cJSON *o, const char *key, const char *s)
{
        cJSON *value = s ? cJSON_CreateString(s) : cJSON_CreateNull();

        if (value && cJSON_AddItemToObject(o, key, value))
                return true;
        cJSON_Delete(value);
        return false;
}

/* A new object at the end of the list; NULL: no memory. */
static cJSON *plan_push(cJSON *list)
{
        cJSON *o = list ? cJSON_CreateObject() : NULL;

        if (o && cJSON_AddItemToArray(list, o))
                return o;
        cJSON_Delete(o);
        return NULL;
}

static bool put_premises_json(const struct plan *p, cJSON *list)
{
        bool ok = list != NULL;

        for (size_t i = 0; ok && i < p->n_premises; i++) {
                const struct premise *x = &p->premises[i];
                cJSON *o = plan_push(list);

                ok = o && plan_put_text(o, "what", x->what) && plan_put_text(o, "value", x->value) &&
                     plan_put_text(o, "source", premise_source_to_string(x->source));
        }
        return ok;
}

static bool put_warnings_json(const struct plan *p, cJSON *list)
{
        bool ok = list != NULL;

        for (size_t i = 0; ok && i < p->n_warnings; i++) {
                const struct plan_warning *w = &p->warnings[i];
                cJSON *o = plan_push(list);

                ok = o && plan_put_text(o, "severity", severity_to_string(w->severity)) && plan_put_text(o, "where", w->where) &&
                     plan_put_text(o, "message", w->message) && plan_put_text(o, "remedy", w->remedy);
        }
        return ok;
}

static bool put_plan_json(const struct plan *p, cJSON *o)
{
        return plan_put_text(o, "source", p->source) && plan_put_text(o, "family", p->family) && plan_put_text(o, "form", forms[p->form]) &&
               plan_put_text(o, "launchType", launch_type_to_string(p->launch_type)) && plan_put_text(o, "networkMode", p->network_mode) &&
               put_premises_json(p, cJSON_AddArrayToObject(o, "premises")) && cJSON_AddNumberToObject(o, "premisesOmitted", (double)p->n_more_premises) &&
               put_warnings_json(p, cJSON_AddArrayToObject(o, "warnings")) && cJSON_AddNumberToObject(o, "warningsOmitted", (double)p->n_more_warnings);
}

int report_plan_json(const struct plan *p, const struct verdicts *v, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        cJSON *o;
        int r = report_json(v, &j);

        if (r < 0)
                return r;
        o = cJSON_AddObjectToObject(j, "plan");
        if (!o || !put_plan_json(p, o))
                return -ENOMEM;
        *ret = TAKE(j);
        return 0;
}
