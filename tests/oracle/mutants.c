#include <stddef.h>
#include <stdio.h>
#include "mutants.h"

enum cell_kind { BOOLEAN, WORDS, BITS, VARIABLES, STEPS, SINCE, RANGE };
struct cell {
        const char *name;
        enum cell_kind kind;
        size_t offset;
        unsigned n;                    /* words of an enum, bits, variables of a list */
};
#define CELL(kind, member, n) { #member, kind, offsetof(struct chain_row, member), n }
static const struct cell cells[] = {
        CELL(RANGE, from, 1), CELL(RANGE, before, 1),
        CELL(SINCE, since.container, 2), CELL(SINCE, since.full, 2), CELL(SINCE, since.token_file, 2),
        CELL(SINCE, since.web_identity, 2), CELL(SINCE, since.imds_v2, 2), CELL(SINCE, since.https, 2),
        CELL(SINCE, since.disabled, 2), CELL(SINCE, since.v1_disabled, 2),
        CELL(SINCE, since.load_config, 2), CELL(SINCE, since.config_alone, 2),
        CELL(SINCE, since.profile_identity, 2), CELL(SINCE, since.profiles_merged, 2),
        CELL(STEPS, steps, 0), CELL(VARIABLES, ak, 3), CELL(VARIABLES, sk, 3),
        CELL(WORDS, env_present, 3), CELL(BOOLEAN, first_existing, 0), CELL(BOOLEAN, ak_alone_fails, 0),
        CELL(WORDS, rel_present, 3), CELL(WORDS, full_present, 3), CELL(BOOLEAN, full_first, 0),
        CELL(BOOLEAN, tok_first, 0), CELL(BOOLEAN, token_file_always, 0),
        CELL(BOOLEAN, token_file_throws, 0), CELL(BITS, hosts, 9), CELL(BITS, hosts_before, 9),
        CELL(WORDS, remote, 2), CELL(BOOLEAN, container_error_is_none, 0),
        CELL(BOOLEAN, empty_rel_is_none, 0), CELL(WORDS, jvm, 3), CELL(BOOLEAN, token_file_full_only, 0),
        CELL(BOOLEAN, sticky, 0), CELL(WORDS, bad, 2), CELL(WORDS, dis, 5), CELL(WORDS, v1, 3),
        CELL(BOOLEAN, v1dis_fails, 0), CELL(BOOLEAN, imds_proxy, 0), CELL(BOOLEAN, container_proxy, 0),
        CELL(VARIABLES, profile_vars, 2), CELL(BOOLEAN, default_profile_var_needs_loadcfg, 0),
        CELL(BOOLEAN, named_profile_beats_env, 0), CELL(WORDS, missing, 3),
        CELL(BOOLEAN, malformed_fatal, 0), CELL(BOOLEAN, half_profile_fatal, 0),
        CELL(BOOLEAN, missing_source_fatal, 0), CELL(BOOLEAN, env_keys_spare_files, 0),
        CELL(BOOLEAN, source_relative_only, 0), CELL(BOOLEAN, source_lone_ends, 0),
        CELL(BOOLEAN, source_ignores_disabled, 0), CELL(BOOLEAN, own_keys_assume, 0),
        CELL(BOOLEAN, role_alone_static, 0), CELL(BOOLEAN, profiles_replace, 0),
        CELL(BOOLEAN, opt_out_keys_only, 0),
        CELL(BOOLEAN, profile_role_needs_loadcfg, 0), CELL(WORDS, config, 5),
        CELL(BOOLEAN, scf_needs_loadcfg, 0), CELL(BOOLEAN, loadcfg_needs_files, 0),
        CELL(WORDS, web_profile, 4),
        CELL(BOOLEAN, web_identity_needs_role, 0), CELL(BOOLEAN, role_alone_remote, 0),
        CELL(WORDS, source, 4), CELL(BOOLEAN, sso, 0), CELL(BOOLEAN, process, 0),
        CELL(BOOLEAN, profile_web_identity, 0),
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
        struct step *steps = m->row.steps, kept;
        size_t n = n_steps(&m->row), at = i / 3;
        static const char *const how[] = { "is harder or softer", "is left out", "comes later" };

        if (at >= n)
                return false;
        snprintf(m->what, sizeof m->what, "%s: step %zu %s", m->row.name, at, how[i % 3]);
        kept = steps[at];
        if (i % 3 == 0)
                steps[at].hard = !steps[at].hard;
        else if (i % 3 == 1)
                memmove(&steps[at], &steps[at + 1], (n - at) * sizeof *steps);
        else if (at + 1 < n) {
                steps[at] = steps[at + 1];
                steps[at + 1] = kept;
        } else {
                m->what[0] = '\0';     /* the last step cannot come later */
        }
        return true;
}

/* A list of variables: each left out; the first two changed round. */
static bool wrong_variables(struct mutant *m, const struct cell *c, size_t i)
{
        enum env_var *list = (enum env_var *)(void *)((char *)&m->row + c->offset), first = list[0];

        if (i > c->n)
                return false;
        snprintf(m->what, sizeof m->what, "%s: %s without number %zu", m->row.name, c->name, i);
        if (i < c->n && list[i] != ENV_VAR_MAX) {
                memmove(&list[i], &list[i + 1], (c->n - 1 - i) * sizeof *list);
                list[c->n - 1] = ENV_VAR_MAX;
        } else if (i == c->n && list[0] != ENV_VAR_MAX && list[1] != ENV_VAR_MAX) {
                snprintf(m->what, sizeof m->what, "%s: %s turned round", m->row.name, c->name);
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

        if (i >= c->n || !*at)
                return false;
        snprintf(m->version, sizeof m->version, "%s.1", *at);
        snprintf(m->what, sizeof m->what, "%s: %s %s", m->row.name, c->name, m->version);
        *at = m->version;
        return true;
}

static bool wrong_since(struct mutant *m, const struct cell *c, size_t i)
{
        const char **at = (const char **)(void *)((char *)&m->row + c->offset);
        const char *wrong = i == 0 ? NULL : "-";

        if (i >= c->n)
                return false;
        snprintf(m->what, sizeof m->what, "%s: %s %s", m->row.name, c->name, wrong ? "never" : "always");
        if (streq(*at, wrong))
                m->what[0] = '\0';
        *at = wrong;
        return true;
}

static bool wrong_value(struct mutant *m, const struct cell *c, size_t i)
{
        char *at = (char *)&m->row + c->offset;

        if (c->kind == BOOLEAN) {
                if (i > 0)
                        return false;
                *(bool *)at = !*(bool *)at;
                snprintf(m->what, sizeof m->what, "%s: %s %d", m->row.name, c->name, *(bool *)at);
                return true;
        }
        if (i >= c->n)
                return false;
        if (c->kind == BITS) {
                *(unsigned *)(void *)at ^= 1u << i;
                snprintf(m->what, sizeof m->what, "%s: %s bit %zu turned", m->row.name, c->name, i);
        } else {
                snprintf(m->what, sizeof m->what, "%s: %s %zu for %u", m->row.name, c->name, i,
                         *(unsigned *)(void *)at);
                if (*(unsigned *)(void *)at == i)
                        m->what[0] = '\0';
                *(unsigned *)(void *)at = (unsigned)i;
        }
        return true;
}

static bool wrong_cell(struct mutant *m, const struct cell *c, size_t i)
{
        switch (c->kind) {
        case STEPS:
                return wrong_steps(m, i);
        case VARIABLES:
                return wrong_variables(m, c, i);
        case RANGE:
                return wrong_range(m, c, i);
        case SINCE:
                return wrong_since(m, c, i);
        case BOOLEAN:
        case WORDS:
        case BITS:
                break;
        }
        return wrong_value(m, c, i);
}

bool mutant_get(const struct chain_row *row, size_t i, struct mutant *ret)
{
        size_t at = 0;

        for (size_t c = 0; c < ARRAY_SIZE(cells); c++)
                for (size_t k = 0;; k++) {
                        *ret = (struct mutant){ .row = *row };
                        if (!wrong_cell(ret, &cells[c], k))
                                break;
                        if (ret->what[0] && at++ == i)
                                return true;
                }
        return false;
}
