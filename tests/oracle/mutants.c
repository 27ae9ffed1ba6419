#include <stddef.h>
#include <stdio.h>
#include "mutants.h"

/* What a row has beside its parameters. */
enum cell_kind { RANGE, STEPS };
struct cell { const char *name; enum cell_kind kind; size_t offset; };
static const struct cell cells[] = {
        { "from", RANGE, offsetof(struct chain_row, from) }, { "before", RANGE, offsetof(struct chain_row, before) },
        { "steps", STEPS, offsetof(struct chain_row, steps) },
};

bool row_has(const struct chain_row *row, const char *version)
{
        if (!version)
                return row->before == NULL;
        return (!row->from || version_compare(version, row->from) >= 0) &&
               (!row->before || version_compare(version, row->before) < 0);
}

static size_t n_steps(const struct chain_row *row)
{
        size_t n = 0;

        while (row->steps[n].kind != S_END)
                n++;
        return n;
}

/* Each step: toggled, left out, changed places with the next. */
static bool wrong_steps(struct mutant *m, size_t i)
{
        struct step *steps = m->row.steps, saved;
        size_t n = n_steps(&m->row), at = i / 3;
        static const char *const how[] = { "is harder or softer", "is left out", "comes later" };

        if (at >= n)
                return false;
        snprintf(m->what, sizeof m->what, "%s: step %zu %s", m->row.name, at, how[i % 3]);
        saved = steps[at];
        if (i % 3 == 0)
                steps[at].on_error = steps[at].on_error == END_CHAIN ? NEXT_STEP : END_CHAIN;
        else if (i % 3 == 1)
                memmove(&steps[at], &steps[at + 1], (n - at) * sizeof *steps);
        else if (at + 1 < n) {
                steps[at] = steps[at + 1];
                steps[at + 1] = saved;
        } else {
                m->what[0] = '\0';     /* the last step cannot come later */
        }
        return true;
}

/* A list of variables: each left out; the first two changed round. */
static bool wrong_variables(struct mutant *m, const struct chain_parameter *p, size_t i)
{
        enum env_var *list = (enum env_var *)(void *)((char *)&m->row + p->at), first = list[0];

        if (i > p->n)
                return false;
        snprintf(m->what, sizeof m->what, "%s: %s without number %zu", m->row.name, p->member, i);
        if (i < p->n && list[i] != ENV_VAR_MAX) {
                memmove(&list[i], &list[i + 1], (p->n - 1 - i) * sizeof *list);
                list[p->n - 1] = ENV_VAR_MAX;
        } else if (i == p->n && list[0] != ENV_VAR_MAX && list[1] != ENV_VAR_MAX) {
                snprintf(m->what, sizeof m->what, "%s: %s turned round", m->row.name, p->member);
                list[0] = list[1];
                list[1] = first;
        } else {
                m->what[0] = '\0';
        }
        return true;
}

/* A range: its end one patch release later, which is wrong by exactly one release. */
static bool wrong_range(struct mutant *m, const struct cell *c, size_t i)
{
        const char **at = (const char **)(void *)((char *)&m->row + c->offset);

        if (i > 0 || !*at)
                return false;
        snprintf(m->version, sizeof m->version, "%s.1", *at);
        snprintf(m->what, sizeof m->what, "%s: %s %s", m->row.name, c->name, m->version);
        *at = m->version;
        return true;
}

static bool wrong_since(struct mutant *m, const struct chain_parameter *p, size_t i)
{
        const char **at = (const char **)(void *)((char *)&m->row + p->at);
        const char *wrong = i == 0 ? NULL : "-";

        if (i > 1)
                return false;
        snprintf(m->what, sizeof m->what, "%s: %s %s", m->row.name, p->member, wrong ? "never" : "always");
        if (streq(*at, wrong))
                m->what[0] = '\0';
        *at = wrong;
        return true;
}

static bool wrong_flag(struct mutant *m, const struct chain_parameter *p, size_t i)
{
        bool *at = (bool *)((char *)&m->row + p->at);

        if (i > 0)
                return false;
        *at = !*at;
        snprintf(m->what, sizeof m->what, "%s: %s %d", m->row.name, p->member, *at);
        return true;
}

/* Each other word; or each bit turned. */
static bool wrong_number(struct mutant *m, const struct chain_parameter *p, size_t i)
{
        unsigned *at = (unsigned *)(void *)((char *)&m->row + p->at);

        if (i >= p->n)
                return false;
        if (p->kind == PARAMETER_SET) {
                *at ^= 1u << i;
                snprintf(m->what, sizeof m->what, "%s: %s bit %zu turned", m->row.name, p->member, i);
                return true;
        }
        snprintf(m->what, sizeof m->what, "%s: %s %zu for %u", m->row.name, p->member, i, *at);
        if (*at == i)
                m->what[0] = '\0';
        *at = (unsigned)i;
        return true;
}

static bool wrong_parameter(struct mutant *m, const struct chain_parameter *p, size_t i)
{
        switch (p->kind) {
        case PARAMETER_LIST:
                return wrong_variables(m, p, i);
        case PARAMETER_SINCE:
                return wrong_since(m, p, i);
        case PARAMETER_FLAG: case PARAMETER_FIRST:
                return wrong_flag(m, p, i);
        case PARAMETER_ENUM: case PARAMETER_SET:
                break;
        }
        return wrong_number(m, p, i);
}

/* The i-th way in which cell c is wrong: RANGE and STEPS first, then the parameters. False: there are no more. */
static bool wrong_cell(struct mutant *m, size_t c, size_t i)
{
        if (c >= ARRAY_SIZE(cells))
                return wrong_parameter(m, chain_parameter_get(c - ARRAY_SIZE(cells)), i);
        return cells[c].kind == RANGE ? wrong_range(m, &cells[c], i) : wrong_steps(m, i);
}

/* The parameters from rules_known on are nothing to a row that has no reading. */
static bool cell_counts(const struct chain_row *row, size_t c)
{
        const struct chain_parameter *p = c < ARRAY_SIZE(cells) ? NULL : chain_parameter_get(c - ARRAY_SIZE(cells));

        return row->rules_known || !p || p->kind == PARAMETER_SINCE || p->at < offsetof(struct chain_row, rules_known);
}

bool mutant_next(const struct chain_row *row, struct mutant *m)
{
        size_t cell = m->cell, way = m->way;

        for (; cell < ARRAY_SIZE(cells) + chain_parameter_count(); cell++, way = 0)
                while (cell_counts(row, cell)) {
                        *m = (struct mutant){ .row = *row, .cell = cell, .way = way + 1 };
                        if (!wrong_cell(m, cell, way++))
                                break;
                        if (m->what[0])
                                return true;
                }
        return false;
}
