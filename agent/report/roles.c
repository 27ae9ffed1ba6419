/* roles -- the roles of this host, and the catalog of role kinds: as a page, and as JSON. */
#include "style.h"

#define ARENA_LIMIT_BYTES ((size_t)4 << 20)

/* "container instance role: ecsInstanceRole -- ok" */
static void roles_put_head(struct page *p, struct arena *a, const struct role_line *l)
{
        const char *head = arena_printf(a, "%s%s%s: %s \xe2\x80\x94 ", role_kind_get(l->kind)->title, l->of ? " of " : "",
                                        l->of ? l->of : "", l->role ? l->role : "not set");
        unsigned at = head ? style_width(head) : 0;

        if (at + 20 < p->columns) {
                text_add(&p->t, head ? head : "");
                page_paint(p, role_verdict_severity(l->verdict), role_verdict_title(l->verdict));
                text_add(&p->t, "\n");
        } else {
                page_wrap(p, 0, 2, arena_printf(a, "%s%s", head ? head : "", role_verdict_title(l->verdict)));
        }
}

static void roles_put_line(struct page *p, struct arena *a, const struct role_line *l)
{
        const struct role_kind *k = role_kind_get(l->kind);

        roles_put_head(p, a, l);
        page_field(p, "purpose", k->purpose);
        page_field(p, "assumed by", k->service);
        page_field(p, "needed", l->here);
        page_field(p, "why", l->why);
        page_field(p, "remedy", l->remedy);
        page_field(p, "requires", l->visible_with);
        text_add(&p->t, "\n");
}

static void put_errors(struct page *p, struct arena *a, const struct host *h)
{
        if (h->definitions_error)
                page_wrap(p, 0, 2, arena_printf(a, "Not visible: %s", h->definitions_error));
        if (h->policies_error)
                page_wrap(p, 0, 2, arena_printf(a, "Not visible: %s", h->policies_error));
}

int report_roles(const struct verdicts *v, const struct role_page *roles, struct report_style style, FILE *out)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(page_done) struct page page;
        int r;

        page_start(&page, style);
        r = arena_new(ARENA_LIMIT_BYTES, &a);
        if (r < 0)
                return r;
        for (size_t i = 0; i < roles->n; i++)
                roles_put_line(&page, a, &roles->lines[i]);
        put_errors(&page, a, &v->snapshot->host);
        page_wrap(&page, 0, 2, role_kinds_order());
        return page_print(&page, out);
}

int report_role_kinds(struct report_style style, FILE *out)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(page_done) struct page page;
        int r;

        page_start(&page, style);
        r = arena_new(ARENA_LIMIT_BYTES, &a);
        if (r < 0)
                return r;
        for (int i = 0; i < ROLE_KIND_MAX; i++) {
                const struct role_kind *k = role_kind_get((enum role_kind_id)i);

                page_wrap(&page, 0, 2, arena_printf(a, "%s%s%s", k->title, k->usual_name ? ", usually " : "",
                                                    k->usual_name ? k->usual_name : ""));
                page_field(&page, "purpose", k->purpose);
                page_field(&page, "assumed by", k->service);
                page_field(&page, "needed", k->when);
                page_field(&page, "set in", k->set_in);
                page_field(&page, "policy", k->policy);
                page_field(&page, "container", k->in_container);
                for (size_t n = 0; n < ROLE_ACTIONS_MAX && k->actions[n].action; n++)
                        page_field(&page, n ? "" : "permissions",
                                   arena_printf(a, "%s on %s", k->actions[n].action, k->actions[n].on));
                text_add(&page.t, "\n");
        }
        page_wrap(&page, 0, 2, role_kinds_order());
        return page_print(&page, out);
}

/* ---- JSON ---- */

static bool roles_add(cJSON *o, const char *key, cJSON *v)
{
        if (v && (key ? cJSON_AddItemToObject(o, key, v) : cJSON_AddItemToArray(o, v)))
                return true;
        cJSON_Delete(v);
        return false;
}

static bool roles_add_text(cJSON *o, const char *key, const char *s)
{
        return roles_add(o, key, s ? cJSON_CreateString(s) : cJSON_CreateNull());
}

/* An object at the end of a list; NULL: no memory. */
static cJSON *roles_push(cJSON *list)
{
        cJSON *o = cJSON_CreateObject();

        return roles_add(list, NULL, o) ? o : NULL;
}

static bool push_line(cJSON *list, const struct role_line *l)
{
        cJSON *o = roles_push(list);

        return o && roles_add_text(o, "kind", role_kind_to_string(l->kind)) && roles_add_text(o, "of", l->of) &&
               roles_add_text(o, "role", l->role) && roles_add_text(o, "assumedBy", role_kind_get(l->kind)->service) &&
               roles_add_text(o, "needed", l->here) && roles_add_text(o, "verdict", role_verdict_to_string(l->verdict)) &&
               roles_add_text(o, "why", l->why) && roles_add_text(o, "remedy", l->remedy) &&
               roles_add_text(o, "see", l->visible_with);
}

int report_roles_json(const struct verdicts *v, const struct role_page *roles, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *j = cJSON_CreateObject();
        const struct host *h = &v->snapshot->host;
        cJSON *list = j ? cJSON_AddArrayToObject(j, "roles") : NULL, *errors;
        bool good = list && roles_add_text(j, "order", role_kinds_order());

        for (size_t i = 0; good && i < roles->n; i++)
                good = push_line(list, &roles->lines[i]);
        errors = good ? cJSON_AddArrayToObject(j, "notSeen") : NULL;
        good = errors && (!h->definitions_error || roles_add_text(errors, NULL, h->definitions_error)) &&
               (!h->policies_error || roles_add_text(errors, NULL, h->policies_error));
        if (!good)
                return -ENOMEM;
        *ret = TAKE(j);
        return 0;
}

static bool push_kind(cJSON *list, enum role_kind_id id)
{
        const struct role_kind *k = role_kind_get(id);
        cJSON *o = roles_push(list), *actions;
        bool good = o && roles_add_text(o, "kind", role_kind_to_string(id)) && roles_add_text(o, "title", k->title) &&
                    roles_add_text(o, "usualName", k->usual_name) && roles_add_text(o, "assumedBy", k->service) &&
                    roles_add_text(o, "policy", k->policy) && roles_add_text(o, "purpose", k->purpose) &&
                    roles_add_text(o, "needed", k->when) && roles_add_text(o, "setIn", k->set_in) &&
                    roles_add_text(o, "inContainer", k->in_container);

        actions = good ? cJSON_AddArrayToObject(o, "actions") : NULL;
        good = actions != NULL;
        for (size_t n = 0; good && n < ROLE_ACTIONS_MAX && k->actions[n].action; n++) {
                cJSON *row = roles_push(actions);

                good = row && roles_add_text(row, "action", k->actions[n].action) && roles_add_text(row, "on", k->actions[n].on);
        }
        return good;
}

int report_role_kinds_json(cJSON **ret)
{
        CLEANUP(json_freep) cJSON *list = cJSON_CreateArray();
        bool good = list != NULL;

        for (int i = 0; good && i < ROLE_KIND_MAX; i++)
                good = push_kind(list, (enum role_kind_id)i);
        if (!good)
                return -ENOMEM;
        *ret = TAKE(list);
        return 0;
}
