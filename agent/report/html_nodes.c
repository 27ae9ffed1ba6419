/*
 * html_nodes -- from groups to nodes of the picture. Each group is an item; similar
 * items share a node. The more nodes there would be, the coarser the similarity.
 * Groups with problems get nodes of their own as long as that is readable.
 */
#include <assert.h>
#include "html.h"

const struct pic_states pic_states[PIC_STATE_MAX] = {
#define X(id, word, symbol, title, line) [PIC_##id] = { word, symbol, title, PIC_LINE_##line },
        PIC_STATES(X)
#undef X
};
const struct pic_line_kinds pic_line_kinds[PIC_LINE_MAX] = {
#define X(id, word, meaning) [PIC_LINE_##id] = { word, meaning },
        PIC_LINES(X)
#undef X
};

#define SEVERAL "several, see the table"

/* The properties of an item, coarsest first; each level of folding compares some of them. */
enum { OF_STATE, OF_OUTCOME, OF_EXPECTED, OF_TASK_FAMILY, OF_CONTAINER, OF_PROGRAM, OF_CAUSE, OF_MAX };
struct item { int group; enum pic_state state; const char *of[OF_MAX]; };
struct node_list { const struct verdicts *v; struct arena *a; struct picture *pic; struct item *items; };
#define NODES_MAX (PIC_BAD_MAX + PIC_GOOD_MAX)
#define ROLES_MAX (NODES_MAX * PIC_LINES_MAX)

#define BIT(k) (1U << (k))
static const struct level { bool good; size_t most; unsigned by[4]; } levels[] = {
        { false, PIC_BAD_MAX, { BIT(OF_MAX) - 1,
                                BIT(OF_STATE) | BIT(OF_OUTCOME) | BIT(OF_EXPECTED) | BIT(OF_TASK_FAMILY),
                                BIT(OF_STATE) | BIT(OF_OUTCOME) | BIT(OF_EXPECTED), BIT(OF_STATE) } },
        { true, PIC_GOOD_MAX, { BIT(OF_STATE) | BIT(OF_OUTCOME) | BIT(OF_EXPECTED) | BIT(OF_TASK_FAMILY),
                                BIT(OF_STATE) | BIT(OF_OUTCOME) | BIT(OF_EXPECTED), BIT(OF_STATE), BIT(OF_STATE) } },
};

static const struct process *node_process_of(const struct verdicts *v, int group)
{
        return &v->snapshot->processes[v->groups[group].process];
}

/* ---- findings ---- */

static int findings_order(struct node_list *f)
{
        struct picture *pic = f->pic;
        size_t n = f->v->n_findings;

        pic->findings = arena_alloc(f->a, (n + 1) * sizeof *pic->findings);
        pic->first_finding = arena_alloc(f->a, (f->v->n_groups + 1) * sizeof *pic->first_finding);
        if (!pic->findings || !pic->first_finding)
                return -ENOMEM;
        for (int s = SEVERITY_MAX - 1; s >= 0; s--)
                for (size_t i = 0; i < n; i++)
                        if ((int)f->v->findings[i].severity == s)
                                pic->findings[pic->n_findings++] = &f->v->findings[i];
        for (size_t i = pic->n_findings; i-- > 0;)
                if (pic->findings[i]->group >= 0)
                        pic->first_finding[pic->findings[i]->group] = (int)i + 1;
        return 0;
}

static enum pic_state state_of(const struct node_list *f, int group)
{
        int number = f->pic->first_finding[group];
        enum severity worst = number ? f->pic->findings[number - 1]->severity : SEVERITY_OK;
        enum verdict verdict = f->v->groups[group].verdict;

        if (verdict_severity(verdict) >= SEVERITY_WARNING)
                return PIC_WRONG;
        if (verdict == VERDICT_UNKNOWN)
                return PIC_DOUBT;
        if (verdict == VERDICT_UNJUDGED)
                return worst > SEVERITY_OK ? PIC_WARN : PIC_FREE;
        return worst >= SEVERITY_NOTICE ? PIC_WARN : PIC_RIGHT;
}

/* ---- items ---- */

static bool visible(const struct verdicts *v, int group)
{
        return node_process_of(v, group)->environ.state == ANSWER_OK;
}

static int item_make(struct node_list *f, int group)
{
        const struct group *g = &f->v->groups[group];
        const struct process *p = node_process_of(f->v, group);
        struct item *i = &f->items[group];
        const char *container = style_container(f->a, f->v->snapshot, p), *program = process_name(p);
        const char *outcome = !visible(f->v, group) ? "?" : g->agreed ? style_acts(f->a, &g->winner) : style_by_sdk(f->a, g);

        if (!container || !outcome)
                return -ENOMEM;
        i->group = group;
        i->state = state_of(f, group);
        i->of[OF_STATE] = pic_states[i->state].word;
        i->of[OF_OUTCOME] = outcome;
        i->of[OF_EXPECTED] = g->expected_role ? g->expected_role : "";
        i->of[OF_TASK_FAMILY] = style_task_name(f->v->snapshot, p);
        i->of[OF_CONTAINER] = container;
        i->of[OF_PROGRAM] = program;
        i->of[OF_CAUSE] = g->cause.mechanism ? g->cause.mechanism : "";
        f->pic->states[group] = i->state;
        f->pic->n_groups[i->state]++;
        return 0;
}

static bool good(enum pic_state s)
{
        return s == PIC_FREE || s == PIC_RIGHT;
}

/* ---- folding ---- */

/* Compares the properties in `by`; 0: alike. */
static int alike(const struct item *x, const struct item *y, unsigned by)
{
        if ((by & BIT(OF_STATE)) && x->state != y->state)
                return x->state < y->state ? -1 : 1;
        for (size_t k = OF_STATE + 1; k < OF_MAX; k++) {
                int r = by & BIT(k) ? strcmp(x->of[k], y->of[k]) : 0;

                if (r != 0)
                        return r;
        }
        return 0;
}

static int full_order(const void *a, const void *b)
{
        const struct item *x = a, *y = b;
        int r;

        if (good(x->state) != good(y->state))
                return good(x->state) ? 1 : -1;
        r = alike(x, y, BIT(OF_MAX) - 1);
        return r ? r : x->group < y->group ? -1 : x->group > y->group;
}

/* Every level compares a prefix of the full order, so similar items are adjacent. */
static size_t run_length(const struct item *items, size_t n, unsigned by)
{
        size_t k = 1;

        while (k < n && alike(&items[0], &items[k], by) == 0)
                k++;
        return k;
}

static unsigned level_choose(const struct level *l, const struct item *items, size_t n)
{
        unsigned by = 0;

        for (size_t i = 0; i < ARRAY_SIZE(l->by); i++) {
                size_t nodes = 0;

                by = l->by[i];
                for (size_t at = 0; at < n; at += run_length(items + at, n - at, by))
                        nodes++;
                if (nodes <= l->most)
                        break;
        }
        return by;
}

/* ---- roles and lines ---- */

static const char *what_of(const struct node_list *f, const char *name)
{
        const struct snapshot *s = f->v->snapshot;

        if (streq(name, s->host.instance_role))
                return "instance role";
        for (size_t i = 0; i < f->v->n_groups; i++)
                if (streq(name, f->v->groups[i].expected_role))
                        return "task role";
        for (size_t i = 0; i < s->n_definitions; i++)
                if (s->definitions[i].execution_role && streq(name, arn_name(s->definitions[i].execution_role)))
                        return "execution role";
        return "another role";
}

static int role_index(struct node_list *f, const char *name, const char *what)
{
        struct picture *pic = f->pic;

        for (size_t i = 0; i < pic->n_roles; i++)
                if (streq(pic->roles[i].name, name))
                        return (int)i;
        assert(pic->n_roles < ROLES_MAX);
        pic->roles[pic->n_roles] = (struct pic_role){ .name = name, .what = what ? what : what_of(f, name) };
        return (int)pic->n_roles++;
}

static void node_line_add(struct node_list *f, struct pic_node *n, struct pic_line line)
{
        for (size_t i = 0; i < n->n_lines; i++)
                if (n->lines[i].role == line.role)
                        return;
        assert(n->n_lines < PIC_LINES_MAX && (size_t)line.role < f->pic->n_roles);
        n->lines[n->n_lines++] = line;
        f->pic->roles[line.role].n_lines[line.kind] += n->n_groups;
}

/* The line from a group to the credentials of one of its results. */
static struct pic_line node_line_of(struct node_list *f, const struct group *g, const struct chain_result *r, enum pic_line_kind kind)
{
        const char *name = chain_result_name(r);
        bool role = r->role && name == arn_name(r->role), none = provider_is_none(r->provider);
        const char *by = none ? "none" : arena_printf(f->a, "via %s%s", provider_to_string(r->provider), r->via_expired ? ", expired" : "");

        /* A role with the same name in another account is a different role. */
        if (role && kind == PIC_LINE_WRONG && g->expected_role && streq(name, arn_name(g->expected_role)))
                name = r->role;
        return (struct pic_line){ kind, role_index(f, name, role ? NULL : none ? "every step failed" : "role unknown"),
                                  by ? by : "" };
}

/* Do all rows in question give the same credentials, even if by different steps? */
static bool all_alike(const struct group *g)
{
        for (size_t i = 1; i < g->n_by_row; i++)
                if (!streq(chain_result_name(&g->by_row[i]), chain_result_name(&g->by_row[0])))
                        return false;
        return true;
}

/* One line per different result of the SDKs, as far as there is room; the rest share one. */
static void lines_by_row(struct node_list *f, struct pic_node *n, const struct group *g)
{
        for (size_t i = 0; i < g->n_by_row && n->n_lines < PIC_LINES_MAX - 2; i++)
                node_line_add(f, n, node_line_of(f, g, &g->by_row[i], PIC_LINE_MAYBE));
        for (size_t i = 0; i < g->n_by_row && n->n_lines < PIC_LINES_MAX - 1; i++) {
                bool drawn = false;

                for (size_t k = 0; k < n->n_lines; k++)
                        drawn = drawn || streq(f->pic->roles[n->lines[k].role].name, chain_result_name(&g->by_row[i]));
                if (!drawn)
                        node_line_add(f, n, (struct pic_line){ PIC_LINE_MAYBE, role_index(f, SEVERAL, "with other SDKs"),
                                                               "other SDKs" });
        }
}

static void node_lines(struct node_list *f, struct pic_node *n, int group)
{
        const struct group *g = &f->v->groups[group];

        if (!visible(f->v, group))
                node_line_add(f, n, (struct pic_line){ PIC_LINE_MAYBE, role_index(f, "not visible", "environment unreadable"), "not visible" });
        else if (g->agreed || all_alike(g))
                node_line_add(f, n, node_line_of(f, g, g->agreed || !g->n_by_row ? &g->winner : &g->by_row[0],
                                                 pic_states[n->state].line));
        else
                lines_by_row(f, n, g);
        if (g->expected_role && !good(n->state))
                node_line_add(f, n, (struct pic_line){ PIC_LINE_MEANT, role_index(f, arn_name(g->expected_role), NULL), "expected" });
}

/* ---- nodes ---- */

static size_t count_distinct(const struct item *items, size_t n, unsigned by)
{
        size_t runs = 0;

        for (size_t at = 0; at < n; at += run_length(items + at, n - at, by))
                runs++;
        return runs;
}

static void name_one(struct node_list *f, struct pic_node *n, const struct item *items)
{
        const char *times = n->n_processes > 1 ? arena_printf(f->a, " \xc3\x97%zu", n->n_processes) : "";

        n->id = n->n_groups > 1 ? arena_printf(f->a, "%zu groups", n->n_groups)
                                : arena_printf(f->a, "pid %d", (int)node_process_of(f->v, items->group)->pid);
        n->name = arena_printf(f->a, "%s%s", items->of[OF_PROGRAM], times ? times : "");
        n->location = arena_printf(f->a, "%s / %s", items->of[OF_TASK_FAMILY], items->of[OF_CONTAINER]);
}

static void name_many(struct node_list *f, struct pic_node *n, const struct item *items, unsigned by)
{
        size_t task_families = count_distinct(items, n->n_groups, by | BIT(OF_TASK_FAMILY));

        if (by & BIT(OF_TASK_FAMILY))
                n->name = items->of[OF_TASK_FAMILY];
        else if (by & BIT(OF_OUTCOME))
                n->name = arena_printf(f->a, "%zu task famil%s", task_families, task_families == 1 ? "y" : "ies");
        else
                n->name = "many task families";
        n->location = arena_printf(f->a, "%zu group%s, %zu process%s", n->n_groups, plural(n->n_groups), n->n_processes,
                                   n->n_processes == 1 ? "" : "es");
}

static int node_make(struct node_list *f, const struct item *items, size_t n_items, unsigned by)
{
        struct pic_node *n = &f->pic->nodes[f->pic->n_nodes++];
        unsigned one = BIT(OF_MAX) - 1;

        assert(f->pic->n_nodes <= NODES_MAX);
        *n = (struct pic_node){ .state = items->state, .n_groups = n_items };
        for (size_t i = 0; i < n_items; i++) {
                int number = f->pic->first_finding[items[i].group];

                n->n_processes += f->v->groups[items[i].group].n_members;
                n->n_findings += number > 0;
                if (number && (!n->finding || number < n->finding))
                        n->finding = number;
        }
        if (n_items > 1)
                f->pic->n_folded += n_items;
        if (n_items == 1 || by == one)
                name_one(f, n, items);
        else
                name_many(f, n, items, by);
        if (by & BIT(OF_OUTCOME))
                node_lines(f, n, items->group);
        else
                node_line_add(f, n, (struct pic_line){ pic_states[n->state].line, role_index(f, SEVERAL, "too many to draw"), "various" });
        return n->name && n->location ? 0 : -ENOMEM;
}

static int nodes_make(struct node_list *f)
{
        size_t n = f->v->n_groups, bad = 0;

        qsort(f->items, n, sizeof *f->items, full_order);
        while (bad < n && !good(f->items[bad].state))
                bad++;
        for (size_t l = 0; l < ARRAY_SIZE(levels); l++) {
                const struct item *items = levels[l].good ? f->items + bad : f->items;
                size_t n_items = levels[l].good ? n - bad : bad, k;
                unsigned by = level_choose(&levels[l], items, n_items);

                for (size_t at = 0; at < n_items; at += k) {
                        k = run_length(items + at, n_items - at, by);
                        if (node_make(f, items + at, k, by) < 0)
                                return -ENOMEM;
                }
        }
        return 0;
}

int picture_make(const struct verdicts *v, struct arena *a, struct picture *ret)
{
        struct picture pic = { 0 };
        struct node_list f = { .v = v, .a = a, .pic = &pic };

        pic.nodes = arena_alloc(a, NODES_MAX * sizeof *pic.nodes);
        pic.roles = arena_alloc(a, ROLES_MAX * sizeof *pic.roles);
        pic.states = arena_alloc(a, (v->n_groups + 1) * sizeof *pic.states);
        f.items = arena_alloc(a, (v->n_groups + 1) * sizeof *f.items);
        if (!pic.nodes || !pic.roles || !pic.states || !f.items || findings_order(&f) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < v->n_groups; i++)
                if (item_make(&f, (int)i) < 0)
                        return -ENOMEM;
        if (nodes_make(&f) < 0)
                return -ENOMEM;
        *ret = pic;
        return 0;
}
