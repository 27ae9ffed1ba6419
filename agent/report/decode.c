/* decode -- a decoded error text: as a page, and as JSON. */
#include "style.h"

#define ARENA_LIMIT_BYTES ((size_t)1 << 20)

/* The keys of the JSON in their order; null where the text does not say. */
static const struct { const char *key; size_t at; } texts[] = {
        { "principal", offsetof(struct error_text, principal) }, { "account", offsetof(struct error_text, account) },
        { "role", offsetof(struct error_text, role) },           { "session", offsetof(struct error_text, session) },
        { "user", offsetof(struct error_text, user) },           { "action", offsetof(struct error_text, action) },
        { "resource", offsetof(struct error_text, resource) },   { "policyType", offsetof(struct error_text, layer) },
        { "policy", offsetof(struct error_text, policy) },       { "about", offsetof(struct error_text, about) },
        { "form", offsetof(struct error_text, form) },
};

static bool decode_add(cJSON *o, const char *key, cJSON *v)
{
        if (v && cJSON_AddItemToObject(o, key, v))
                return true;
        cJSON_Delete(v);
        return false;
}

static bool decode_add_text(cJSON *o, const char *key, const char *s)
{
        return decode_add(o, key, s ? cJSON_CreateString(s) : cJSON_CreateNull());
}

int report_decode_json(const struct error_text *e, const struct error_here *here, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();
        bool good = o && decode_add_text(o, "kind", error_kind_to_string(e->kind)) &&
                    decode_add_text(o, "actor", e->principal ? error_actor_to_string(e->actor) : NULL);

        for (size_t i = 0; good && i < ARRAY_SIZE(texts); i++) {
                const char *v;

                memcpy(&v, (const char *)e + texts[i].at, sizeof v);
                good = decode_add_text(o, texts[i].key, v);
        }
        good = good && decode_add(o, "explicitDeny", cJSON_CreateBool(e->explicit_deny)) &&
               decode_add(o, "encoded", cJSON_CreateBool(e->encoded)) && decode_add_text(o, "whose", here->caller) &&
               decode_add_text(o, "meant", here->meant) && decode_add_text(o, "remedy", here->remedy ? here->remedy : e->remedy);
        if (!good)
                return -ENOMEM;
        *ret = TAKE(o);
        return 0;
}

/* "webTaskRole, session 624d...", or whatever stands for the caller. */
static const char *decode_principal(struct arena *a, const struct error_text *e)
{
        if (e->role)
                return e->session ? arena_printf(a, "%s, session %s", e->role, e->session) : e->role;
        return e->user ? arena_printf(a, "user %s", e->user) : e->principal;
}

static const struct { const char *layer, *none, *deny; } whys[] = {
        { "identity", "no policy of the caller allows the call", "a policy of the caller denies the call" },
        { "resource", "the resource policy does not allow the call", "the resource policy denies the call" },
        { "boundary", "the permissions boundary does not allow the call", "the permissions boundary denies the call" },
        { "session", "the session policy does not allow the call", "the session policy denies the call" },
        { "endpoint", "the VPC endpoint policy does not allow the call", "the VPC endpoint policy denies the call" },
        { "scp", "no service control policy allows the call", "a service control policy denies the call" },
        { "rcp", "no resource control policy allows the call", "a resource control policy denies the call" },
        { "trust", "the role's trust policy does not allow the caller", "the role's trust policy denies the caller" },
        { "service", "the auth policy of the VPC Lattice service does not allow the call",
          "the auth policy of the VPC Lattice service denies the call" },
        { "network", "the auth policy of the VPC Lattice service network does not allow the call",
          "the auth policy of the VPC Lattice service network denies the call" },
};

static const char *why(struct arena *a, const struct error_text *e)
{
        const char *s = NULL;

        for (size_t i = 0; i < ARRAY_SIZE(whys); i++)
                if (streq(whys[i].layer, e->layer))
                        s = e->explicit_deny ? whys[i].deny : whys[i].none;
        if (!s)
                return e->explicit_deny ? "a policy denies the call; the text does not say which type" : NULL;
        return e->policy ? arena_printf(a, "%s: %s", s, e->policy) : s;
}

static void decode_print(struct page *p, struct arena *a, const struct error_text *e, const struct error_here *here)
{
        const char *name = decode_principal(a, e), *kind = error_kind_meaning(e->kind);

        /* An error of ECS that is not about permissions is explained by its own text. */
        page_wrap(p, 0, 2,
                  e->form && e->kind == ERROR_UNKNOWN
                          ? e->about
                          : arena_printf(a, "%s%s%s", kind, e->about ? ": " : "", e->about ? e->about : ""));
        page_field(p, "caller", name);
        if (name)
                page_field(p, "identity", error_actor_meaning(e->actor));
        page_field(p, "from", here->caller);
        if (e->action)
                page_field(p, "call", e->resource ? arena_printf(a, "%s on %s", e->action, e->resource) : e->action);
        else
                page_field(p, "resource", e->resource);
        page_field(p, "reason", why(a, e));
        if (e->encoded && e->principal)
                page_field(p, "details", "run `aws sts decode-authorization-message --encoded-message TEXT` with the encoded text");
        page_field(p, "expected", here->meant);
        page_field(p, "remedy", here->remedy ? here->remedy : e->remedy);
}

int report_decode(const struct error_text *e, const struct error_here *here, struct report_style style, FILE *out)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(page_done) struct page page;
        int r;

        page_start(&page, style);
        r = arena_new(ARENA_LIMIT_BYTES, &a);
        if (r < 0)
                return r;
        decode_print(&page, a, e, here);
        return page_print(&page, out);
}

/* ---- forms ---- */

int report_error_forms_json(cJSON **ret)
{
        CLEANUP(json_freep) cJSON *list = cJSON_CreateArray();
        struct error_form f;

        for (size_t i = 0; list && error_form_get(i, &f); i++) {
                cJSON *o = cJSON_CreateObject();
                bool good = o && decode_add_text(o, "form", f.name) && decode_add_text(o, "kind", error_kind_to_string(f.kind)) &&
                            decode_add_text(o, "example", f.example);

                if (!good || !cJSON_AddItemToArray(list, o)) {
                        cJSON_Delete(o);
                        return -ENOMEM;
                }
        }
        if (!list)
                return -ENOMEM;
        *ret = TAKE(list);
        return 0;
}

int report_error_forms(struct report_style style, FILE *out)
{
        CLEANUP(page_done) struct page page;
        struct error_form f;

        page_start(&page, style);
        for (size_t i = 0; error_form_get(i, &f); i++) {
                page_field(&page, "form", f.name);
                page_field(&page, "kind", error_kind_to_string(f.kind));
                page_field(&page, "example", f.example);
                page_wrap(&page, 0, 0, "");
        }
        return page_print(&page, out);
}
