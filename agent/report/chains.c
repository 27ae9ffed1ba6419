/* The chain table: as a page, and as JSON. */
#include "rolewatch/report.h"
#include "style.h"

#define ARENA_MAX ((size_t)1 << 20)
static const char legend[] =
        "Steps: A > B: the SDK tries B when A is not configured or fails. A!: an error of A ends the chain. "
        "A ^ B: the SDK tries only one of the two, chosen by the environment alone. Verified: the SDK releases that "
        "were tested against the row; a row without one was read from source code.";

static const char *proof(struct arena *a, const struct chain_row *row)
{
        const char *proven = chain_row_proven(row);

        return proven ? arena_printf(a, "release %s", proven) : "no";
}

static void chains_put_head(struct page *page, struct arena *a, const struct chain_row *row)
{
        page_wrap(page, 0, 2, arena_printf(a, "%s: %s", chain_row_name(row), chain_row_title(row)));
        if (chain_row_kind(row) != CHAIN_SDK)
                page_field(page, "kind", chain_kind_to_string(chain_row_kind(row)));
        page_field(page, "steps", chain_row_steps(row, a));
        page_field(page, "verified", proof(a, row));
}

static int finish(struct page *page, struct arena *a, FILE *out)
{
        int r = page_print(page, out);

        page_done(page);
        arena_free(a);
        return r;
}

int report_chains(struct report_style style, FILE *out)
{
        struct arena *a;
        struct page page;
        int r = arena_new(ARENA_MAX, &a);

        if (r < 0)
                return r;
        page_start(&page, style);
        for (size_t i = 0; i < chain_row_count(); i++)
                chains_put_head(&page, a, chain_row_get(i));
        page_wrap(&page, 0, 0, legend);
        return finish(&page, a, out);
}

static bool same_value(const struct chain_trait *a, const struct chain_trait *b)
{
        return a->value && b->value ? streq(a->value, b->value) : a->value == b->value;
}

static void chain_put_trait(struct page *page, struct arena *a, const struct chain_trait *t)
{
        const char *value = t->value ? t->value : "all releases";

        page_wrap(page, 0, 6, streq(value, "yes") ? arena_printf(a, "  - %s", t->meaning)
                                                  : arena_printf(a, "  - %s: %s", t->meaning, value));
}

/* The newest row of a family whole, without defaults; the others by what they do not share with it. */
int report_chain(const struct chain_row *row, struct report_style style, FILE *out)
{
        const struct chain_row *newest = chain_row_for(chain_row_sdk(row), NULL);
        struct chain_trait t, usual;
        struct arena *a;
        struct page page;
        int r = arena_new(ARENA_MAX, &a);

        if (r < 0)
                return r;
        page_start(&page, style);
        chains_put_head(&page, a, row);
        if (row != newest)
                page_wrap(&page, 0, 2, arena_printf(a, "  Like '%s' (rolewatch chains %s), except:", chain_row_name(newest), chain_row_sdk(row)));
        for (size_t i = 0; chain_row_trait(row, i, a, &t) && chain_row_trait(newest, i, a, &usual); i++)
                if (row == newest ? !t.usual : !same_value(&t, &usual))
                        chain_put_trait(&page, a, &t);
        page_wrap(&page, 0, 0, legend);
        return finish(&page, a, out);
}

static void chains_put(cJSON *o, const char *name, const char *value)
{
        if (value)
                cJSON_AddStringToObject(o, name, value);
        else
                cJSON_AddNullToObject(o, name);
}

static cJSON *row_json(const struct chain_row *row, struct arena *a)
{
        cJSON *o = cJSON_CreateObject(), *parameters;
        struct chain_trait t;

        chains_put(o, "name", chain_row_name(row));
        chains_put(o, "family", chain_row_sdk(row));
        chains_put(o, "title", chain_row_title(row));
        chains_put(o, "kind", chain_kind_to_string(chain_row_kind(row)));
        chains_put(o, "from", chain_row_from(row));
        chains_put(o, "before", chain_row_before(row));
        chains_put(o, "proven", chain_row_proven(row));
        chains_put(o, "steps", chain_row_steps(row, a));
        parameters = cJSON_AddObjectToObject(o, "parameters");
        for (size_t i = 0; chain_row_trait(row, i, a, &t); i++)
                chains_put(parameters, t.name, t.value);
        return o;
}

int report_chains_json(cJSON **ret)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(json_freep) cJSON *list = cJSON_CreateArray();
        int r = arena_new(ARENA_MAX, &a);

        if (r < 0 || !list)
                return r < 0 ? r : -ENOMEM;
        for (size_t i = 0; i < chain_row_count(); i++)
                if (!cJSON_AddItemToArray(list, row_json(chain_row_get(i), a)))
                        return -ENOMEM;
        *ret = TAKE(list);
        return 0;
}
