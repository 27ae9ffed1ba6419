/* The chain table as text: no cell can change without a change in its description. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "../oracle/mutants.h"
#include "rolewatch/report.h"

/* Steps and every parameter, with ranges as the JSON has them. */
static char *described(struct arena *a, const struct chain_row *row)
{
        struct text t = { 0 };
        struct chain_trait trait;

        text_addf(&t, "%s|%s|%s", chain_row_steps(row, a), row->from ? row->from : "",
                  row->before ? row->before : "");
        for (size_t i = 0; chain_row_trait(row, i, a, &trait); i++)
                text_addf(&t, "|%s=%s", trait.name, trait.value ? trait.value : "");
        assert_false(t.failed);
        return t.s;
}

static void every_cell_is_described(void **state)
{
        size_t silent = 0;

        (void)state;
        for (size_t i = 0; i < chain_row_count(); i++) {
                const struct chain_row *row = chain_row_get(i);
                struct mutant m = { .cell = 0 };

                while (mutant_next(row, &m)) {
                        struct arena *a;
                        char *right, *wrong;

                        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
                        right = described(a, row);
                        wrong = described(a, &m.row);
                        if (streq(right, wrong)) {
                                print_error("no word of it: %s\n", m.what);
                                silent++;
                        }
                        free(right);
                        free(wrong);
                        arena_free(a);
                }
        }
        assert_int_equal(silent, 0);
}

static void names_are_unique_and_plain_cases_quiet(void **state)
{
        struct chain_trait t, u;
        struct arena *a;
        size_t n_printed = 0;

        (void)state;
        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
        for (size_t i = 0; chain_row_trait(chain_row_get(0), i, a, &t); i++) {
                n_printed += !t.usual;
                for (size_t j = 0; j < i && chain_row_trait(chain_row_get(0), j, a, &u); j++)
                        assert_string_not_equal(t.name, u.name);
        }
        assert_true(n_printed > 5);
        arena_free(a);
}

/* No line is wider than the page, and every row and family is on it. */
static void the_page_holds_80_columns(void **state)
{
        char *text = NULL, *line, *save = NULL;
        size_t size = 0;
        FILE *f = open_memstream(&text, &size);

        (void)state;
        assert_non_null(f);
        assert_int_equal(report_chains((struct report_style){ .columns = 80 }, f), 0);
        for (size_t i = 0; i < chain_row_count(); i++)
                assert_int_equal(report_chain(chain_row_get(i), (struct report_style){ .columns = 80 }, f), 0);
        fclose(f);
        for (size_t i = 0; i < chain_row_count(); i++)
                assert_non_null(strstr(text, chain_row_name(chain_row_get(i))));
        for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
                if (strlen(line) > 80)
                        fail_msg("wider than the page: %s", line);
        free(text);
}

/* A row that is not its family's newest is shown by what differs, and by nothing else. */
static void an_older_row_shows_what_differs(void **state)
{
        const struct chain_row *row = chain_row_for("botocore", "1.7.0"), *newest = chain_row_for("botocore", NULL);
        char *text = NULL;
        size_t size = 0, differing = 0, shown = 0;
        struct chain_trait t, u;
        struct arena *a;
        FILE *f = open_memstream(&text, &size);

        (void)state;
        assert_non_null(f);
        assert_ptr_not_equal(row, newest);
        assert_int_equal(report_chain(row, (struct report_style){ .columns = 200 }, f), 0);
        fclose(f);
        assert_int_equal(arena_new((size_t)1 << 20, &a), 0);
        for (size_t i = 0; chain_row_trait(row, i, a, &t) && chain_row_trait(newest, i, a, &u); i++)
                differing += !streq(t.value ? t.value : "", u.value ? u.value : "");
        for (const char *at = text; (at = strstr(at, "\n - ")); at++)
                shown++;
        assert_true(differing > 2);
        assert_int_equal(shown, differing);
        assert_non_null(strstr(text, "Like 'botocore' (rolewatch chains botocore), except:"));
        assert_non_null(strstr(text, "the profile step supports SSO: no"));
        arena_free(a);
        free(text);
}

static void the_json_has_every_row(void **state)
{
        const cJSON *row;
        cJSON *j = NULL;

        (void)state;
        assert_int_equal(report_chains_json(&j), 0);
        assert_int_equal(cJSON_GetArraySize(j), chain_row_count());
        cJSON_ArrayForEach(row, j) {
                assert_true(cJSON_IsString(cJSON_GetObjectItem(row, "steps")));
                assert_non_null(cJSON_GetObjectItem(cJSON_GetObjectItem(row, "parameters"), "remote"));
        }
        cJSON_Delete(j);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_cell_is_described),
                cmocka_unit_test(names_are_unique_and_plain_cases_quiet),
                cmocka_unit_test(the_page_holds_80_columns),
                cmocka_unit_test(an_older_row_shows_what_differs), cmocka_unit_test(the_json_has_every_row),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
