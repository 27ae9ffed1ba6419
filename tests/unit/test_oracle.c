/*
 * The cases that tests/oracle recorded: what the SDKs themselves said, replayed
 * without them; and the table with one cell turned wrong, which must be noticed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "../oracle/facts.h"
#include "../oracle/mutants.h"

#define SIDECAR "ASIASIDECAREXAMPLE"
#define OF_PROCESS "AKIAPROCESSEXAMPLE"
#define CASES_MAX 512
#define CLAIMS_MAX 768
#define SAME_MAX 65536

struct claim { const char *sdk, *version, *what; const struct chain_row *row; };
struct vector {
        cJSON *j;
        const char *name;
        struct facts facts;
        struct claim predicted[CLAIMS_MAX], answered[CLAIMS_MAX];
        size_t n_predicted, n_answered;
};
static struct vector vectors[CASES_MAX];
static size_t n_vectors;
static char *same[SAME_MAX];
static size_t n_same;

/* {"what": ["family@version", ...]} */
static size_t claims_read(const cJSON *groups, struct claim *list)
{
        const cJSON *group, *sdk;
        size_t n = 0;

        cJSON_ArrayForEach(group, groups)
                cJSON_ArrayForEach(sdk, group) {
                        char *at = strchr(sdk->valuestring, '@');

                        assert_true(n < CLAIMS_MAX);
                        if (at)
                                *at = '\0';
                        list[n++] = (struct claim){ sdk->valuestring, at ? at + 1 : NULL, group->string,
                                                    chain_row_for(sdk->valuestring, at ? at + 1 : NULL) };
                }
        return n;
}

static int text_order(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static void load_same(void)
{
        FILE *f = fopen(TESTS_DIR "/oracle/same.txt", "re");
        size_t size = 0;

        assert_non_null(f);
        while (n_same < SAME_MAX && getline(&same[n_same], &size, f) > 0) {
                same[n_same][strcspn(same[n_same], "\n")] = '\0';
                n_same++;
                size = 0;
        }
        assert_true(n_same < SAME_MAX);
        qsort(same, n_same, sizeof *same, text_order);
        fclose(f);
}

static int load(void **state)
{
        FILE *f = fopen(TESTS_DIR "/oracle/vectors.jsonl", "re");
        char *line = NULL;
        size_t size = 0;

        (void)state;
        assert_non_null(f);
        while (getline(&line, &size, f) > 0) {
                struct vector *v = &vectors[n_vectors++];

                assert_true(n_vectors < CASES_MAX);
                v->j = cJSON_Parse(line);
                assert_non_null(v->j);
                v->name = cJSON_GetStringValue(cJSON_GetObjectItem(v->j, "case"));
                assert_int_equal(facts_from_json(cJSON_GetObjectItem(v->j, "facts"), &v->facts), 0);
                v->n_predicted = claims_read(cJSON_GetObjectItem(v->j, "says"), v->predicted);
                v->n_answered = claims_read(cJSON_GetObjectItem(v->j, "told"), v->answered);
        }
        free(line);
        fclose(f);
        assert_true(n_vectors > 50);
        load_same();
        return 0;
}

static int unload(void **state)
{
        (void)state;
        for (size_t i = 0; i < n_vectors; i++) {
                facts_done(&vectors[i].facts);
                cJSON_Delete(vectors[i].j);
        }
        for (size_t i = 0; i <= n_same && i < SAME_MAX; i++)
                free(same[i]);
        return 0;
}

/* What a row, right or wrong, says of a case; the buffer is overwritten by the next. */
static const char *prediction(const struct vector *v, const struct chain_row *row, const char *version)
{
        static char buf[FACTS_PREDICTION_MAX];

        facts_prediction(&v->facts, row, version, buf);
        return buf;
}

static void the_table_predicts_what_is_recorded(void **state)
{
        size_t wrong = 0;

        (void)state;
        for (size_t i = 0; i < n_vectors; i++)
                for (size_t k = 0; k < vectors[i].n_predicted; k++) {
                        struct claim *s = &vectors[i].predicted[k];

                        assert_non_null(s->row);
                        if (!streq(prediction(&vectors[i], s->row, s->version), s->what)) {
                                print_error("%s, %s@%s: recorded %s, now %s\n", vectors[i].name, s->sdk,
                                            s->version ? s->version : "", s->what,
                                            prediction(&vectors[i], s->row, s->version));
                                wrong++;
                        }
                }
        assert_int_equal(wrong, 0);
}

/* As tests/oracle/run judges: by the key id that the SDK signs with. */
static bool agree(const char *predicted, const char *key)
{
        const char *signer = strchr(predicted, ' ');
        const char *expired = strstr(predicted, " expired");

        if (streq(key, "(empty)"))
                return strncmp(predicted, "error", 5) == 0 || !signer;
        if (signer && streq(signer, " ***"))
                return !streq(key, "none");
        if (strncmp(predicted, "none", 4) == 0 || strncmp(predicted, "error", 5) == 0)
                return streq(key, "none");
        if (expired)
                return streq(key, "none") || strncmp(key, signer + 1, (size_t)(expired - signer - 1)) == 0;
        if (streq(predicted, "container"))
                return streq(key, SIDECAR);
        if (strncmp(predicted, "process", 7) == 0)
                return streq(key, OF_PROCESS);
        if (!signer)
                return false;
        return streq(key, signer + 1) || (strncmp(key, "role:", 5) == 0 && streq(key + 5, signer + 1));
}

static void the_sdks_answered_the_same(void **state)
{
        size_t wrong = 0, answered = 0;

        (void)state;
        for (size_t i = 0; i < n_vectors; i++)
                for (size_t k = 0; k < vectors[i].n_answered; k++) {
                        struct claim *s = &vectors[i].answered[k];
                        const char *now = prediction(&vectors[i], s->row, s->version);

                        answered++;
                        if (!agree(now, s->what)) {
                                print_error("%s, %s@%s: the SDK %s, rolewatch %s\n", vectors[i].name,
                                            s->sdk, s->version, s->what, now);
                                wrong++;
                        }
                }
        assert_int_equal(wrong, 0);
        assert_true(answered > 500);
}

/* Every row that claims to be proven names releases that the record holds, and no other does. */
static bool recorded(const struct chain_row *row, const char *version, size_t len)
{
        for (size_t i = 0; i < n_vectors; i++)
                for (size_t k = 0; k < vectors[i].n_answered; k++) {
                        const struct claim *s = &vectors[i].answered[k];

                        if (s->row == row &&
                            (!version || (strlen(s->version) == len && strncmp(s->version, version, len) == 0)))
                                return true;
                }
        return false;
}

static void proven_rows_have_proof(void **state)
{
        (void)state;
        for (size_t i = 0; i < chain_row_count(); i++) {
                const struct chain_row *row = chain_row_get(i);
                const char *p = chain_row_proven(row);

                if (recorded(row, NULL, 0) != (p != NULL))
                        fail_msg("%s: proven by %s", row->name, p ? p : "nothing, but the record holds it");
                for (size_t n; p && *p; p += n + strspn(p + n, " ")) {
                        n = strcspn(p, " ");
                        if (!recorded(row, p, n))
                                fail_msg("%s: no record of %.*s", row->name, (int)n, p);
                }
        }
}

/* The first and the last release of a row, literally: a range that moves is noticed here. */
static const struct { const char *sdk, *version, *row; } ranges[] = {
        { "botocore", "1.1.7", "botocore <1.1.8" }, { "botocore", "1.1.8", "botocore 1.1.8-1.3.14" },
        { "botocore", "1.3.14", "botocore 1.1.8-1.3.14" }, { "botocore", "1.3.15", "botocore 1.3.15-1.7" },
        { "botocore", "1.7.48", "botocore 1.3.15-1.7" }, { "botocore", "1.8.0", "botocore 1.8-1.10" },
        { "botocore", "1.10.84", "botocore 1.8-1.10" }, { "botocore", "1.11.0", "botocore 1.11-1.13.20" },
        { "botocore", "1.13.20", "botocore 1.11-1.13.20" }, { "botocore", "1.13.21", "botocore 1.13.21" },
        { "botocore", "1.13.22", "botocore 1.13.22-1.29.9" }, { "botocore", "1.29.9", "botocore 1.13.22-1.29.9" }, { "botocore", "1.29.10", "botocore" },
        { "js2", "2.4.6", "js2 <2.4.7" }, { "js2", "2.4.7", "js2 2.4.7-2.428" },
        { "js2", "2.428.0", "js2 2.4.7-2.428" }, { "js2", "2.429.0", "js2 2.429-2.516" },
        { "js2", "2.516.0", "js2 2.429-2.516" }, { "js2", "2.517.0", "js2" },
        { "js3", "3.362.9", "js3 <3.363" }, { "js3", "3.363.0", "js3 3.363-3.501" }, { "js3", "3.501.9", "js3 3.363-3.501" },
        { "js3", "3.502.0", "js3 3.502-3.503" }, { "js3", "3.503.1", "js3 3.502-3.503" }, { "js3", "3.504.0", "js3 3.504-3.572" },
        { "js3", "3.572.9", "js3 3.504-3.572" }, { "js3", "3.573.0", "js3 3.573-3.613" }, { "js3", "3.613.9", "js3 3.573-3.613" },
        { "js3", "3.614.0", "js3 3.614-3.737" }, { "js3", "3.737.9", "js3 3.614-3.737" }, { "js3", "3.738.0", "js3 3.738-3.972.62" },
        { "js3", "3.972.62", "js3 3.738-3.972.62" }, { "js3", "3.972.63", "js3" },
        { "java1", "1.11.488", "java1 <1.11.489" }, { "java1", "1.11.489", "java1 1.11.489-1.11.719" },
        { "java1", "1.11.719", "java1 1.11.489-1.11.719" }, { "java1", "1.11.720", "java1 1.11.720-1.12.385" },
        { "java1", "1.12.385", "java1 1.11.720-1.12.385" }, { "java1", "1.12.386", "java1 1.12.386-1.12.501" },
        { "java1", "1.12.501", "java1 1.12.386-1.12.501" }, { "java1", "1.12.502", "java1" },
        { "java2", "2.5.4", "java2 <2.5.5" }, { "java2", "2.5.5", "java2 2.5.5-2.5.28" },
        { "java2", "2.5.28", "java2 2.5.5-2.5.28" }, { "java2", "2.5.29", "java2 2.5.29-2.7" },
        { "java2", "2.7.36", "java2 2.5.29-2.7" }, { "java2", "2.8.0", "java2 2.8-2.10" },
        { "java2", "2.10.91", "java2 2.8-2.10" }, { "java2", "2.11.0", "java2 2.11-2.17" },
        { "java2", "2.17.295", "java2 2.11-2.17" }, { "java2", "2.18.0", "java2 2.18-2.19.23" },
        { "java2", "2.19.23", "java2 2.18-2.19.23" }, { "java2", "2.19.24", "java2" },
        { "kotlin", "1.0.47", "kotlin <1.0.48" }, { "kotlin", "1.0.48", "kotlin 1.0.48-1.1.21" },
        { "kotlin", "1.1.21", "kotlin 1.0.48-1.1.21" }, { "kotlin", "1.1.22", "kotlin 1.1.22-1.2.14" },
        { "kotlin", "1.2.14", "kotlin 1.1.22-1.2.14" }, { "kotlin", "1.2.15", "kotlin 1.2.15-1.2.23" },
        { "kotlin", "1.2.23", "kotlin 1.2.15-1.2.23" }, { "kotlin", "1.2.24", "kotlin 1.2.24-1.3.9" },
        { "kotlin", "1.3.9", "kotlin 1.2.24-1.3.9" }, { "kotlin", "1.3.10", "kotlin 1.3.10-1.3" },
        { "kotlin", "1.3.112", "kotlin 1.3.10-1.3" }, { "kotlin", "1.4.0", "kotlin 1.4-1.6.75" },
        { "kotlin", "1.6.75", "kotlin 1.4-1.6.75" }, { "kotlin", "1.6.76", "kotlin 1.6.76-1.6" },
        { "kotlin", "1.6.99", "kotlin 1.6.76-1.6" }, { "kotlin", "1.7.0", "kotlin" },
        { "go1", "1.2.9", "go1 <1.3" }, { "go1", "1.3.0", "go1 1.3-1.15.78" }, { "go1", "1.15.78", "go1 1.3-1.15.78" },
        { "go1", "1.15.79", "go1 1.15.79-1.15" }, { "go1", "1.15.90", "go1 1.15.79-1.15" },
        { "go1", "1.16.0", "go1 1.16-1.20" }, { "go1", "1.20.21", "go1 1.16-1.20" }, { "go1", "1.21.0", "go1 1.21" },
        { "go1", "1.21.9", "go1 1.21" }, { "go1", "1.22.0", "go1 1.22-1.25.3" }, { "go1", "1.25.3", "go1 1.22-1.25.3" },
        { "go1", "1.25.4", "go1" },
        { "go2", "1.1.0", "go2 <1.2" }, { "go2", "1.2.0", "go2 1.2-1.21.1" }, { "go2", "1.21.1", "go2 1.2-1.21.1" },
        { "go2", "1.21.2", "go2 1.21.2-1.22.0" }, { "go2", "1.22.0", "go2 1.21.2-1.22.0" }, { "go2", "1.22.1", "go2 1.22.1" },
        { "go2", "1.22.2", "go2 1.22.2" }, { "go2", "1.23.0", "go2 1.23-1.30.4" },
        { "go2", "1.30.4", "go2 1.23-1.30.4" }, { "go2", "1.30.5", "go2" },
        { "rust", "1.1.1", "rust <1.1.2" }, { "rust", "1.1.2", "rust 1.1.2-1.8.5" }, { "rust", "1.8.5", "rust 1.1.2-1.8.5" },
        { "rust", "1.8.6", "rust 1.8.6-1.8" }, { "rust", "1.8.18", "rust 1.8.6-1.8" }, { "rust", "1.9.0", "rust" },
        { "cpp", "1.8.187", "cpp <1.9" }, { "cpp", "1.9.0", "cpp 1.9-1.11.591" }, { "cpp", "1.11.591", "cpp 1.9-1.11.591" }, { "cpp", "1.11.592", "cpp 1.11.592-1.11.749" }, { "cpp", "1.11.749", "cpp 1.11.592-1.11.749" },
        { "cpp", "1.11.750", "cpp 1.11.750-1.11.899" }, { "cpp", "1.11.899", "cpp 1.11.750-1.11.899" }, { "cpp", "1.11.900", "cpp" },
        { "ruby3", "3.180.1", "ruby3 <3.180.2" }, { "ruby3", "3.180.2", "ruby3 3.180.2-3.226.2" },
        { "ruby3", "3.226.2", "ruby3 3.180.2-3.226.2" }, { "ruby3", "3.226.3", "ruby3" }, { "php", "3.199.9", "php <3.200" }, { "php", "3.200.0", "php" },
        { "rclone", "1.67.9", "rclone <1.68" }, { "rclone", "1.68.0", "rclone" },
        { "opendal", "0.14.8", "opendal <0.14.9" },
        { "opendal", "0.14.9", "opendal 0.14.9-0.16" }, { "opendal", "0.99.99", "opendal 0.14.9-0.16" },
        { "opendal", "1.0.0", "opendal 1.0-3.1" }, { "opendal", "3.1.99", "opendal 1.0-3.1" },
        { "opendal", "3.2.0", "opendal" },
        { "object-store", "0.12.0", "object-store <0.12.1" },
        { "object-store", "0.12.1", "object-store" },
        { "gdal", "3.9.99", "gdal <3.10" },
        { "gdal", "3.10.0", "gdal 3.10-3.11" }, { "gdal", "3.11.99", "gdal 3.10-3.11" },
        { "gdal", "3.12.0", "gdal" },
        { "async-aws", "1.20.0", "async-aws <1.20.1" },
        { "async-aws", "1.20.1", "async-aws 1.20.1-1.27" }, { "async-aws", "1.27.99", "async-aws 1.20.1-1.27" },
        { "async-aws", "1.28.0", "async-aws" },
        { "s3a", "3.3.99", "s3a <3.4" },
        { "s3a", "3.4.0", "s3a" },
        { "restic", "0.16.1", "restic <0.16.2" }, { "restic", "0.16.2", "restic" },
        { "minio-go", "7.0.62", "minio-go <7.0.63" }, { "minio-go", "7.0.63", "minio-go" },
        { "crt", "0.6.29", "crt <0.6.30" }, { "crt", "0.6.30", "crt 0.6.30-0.7.7" }, { "crt", "0.7.7", "crt 0.6.30-0.7.7" },
        { "crt", "0.7.8", "crt 0.7.8-0.7.18" }, { "crt", "0.7.18", "crt 0.7.8-0.7.18" }, { "crt", "0.7.19", "crt 0.7.19-0.7.22" },
        { "crt", "0.7.22", "crt 0.7.19-0.7.22" }, { "crt", "0.7.23", "crt 0.7.23-0.7.24" }, { "crt", "0.7.24", "crt 0.7.23-0.7.24" },
        { "crt", "0.7.25", "crt 0.7.25-0.9.5" }, { "crt", "0.9.5", "crt 0.7.25-0.9.5" }, { "crt", "0.9.6", "crt" },
};

static void ranges_begin_and_end(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
                assert_string_equal(chain_row_for(ranges[i].sdk, ranges[i].version)->name,
                                    ranges[i].row);
}

static bool range_noticed(const struct mutant *m)
{
        for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
                if (streq(ranges[i].sdk, m->row.sdk) &&
                    row_has(&m->row, ranges[i].version) != streq(ranges[i].row, m->row.name))
                        return true;
        return false;
}

/* The predictions of one row; a vector has hundreds, of all of them. */
struct row_claims { struct { struct vector *v; const struct claim *c; } *list; size_t n, capacity; };

static void row_claims_fill(struct row_claims *of, const struct chain_row *row)
{
        of->n = 0;
        for (size_t i = 0; i < n_vectors; i++)
                for (size_t k = 0; k < vectors[i].n_predicted; k++) {
                        if (vectors[i].predicted[k].row != row)
                                continue;
                        if (of->n == of->capacity) {
                                of->capacity = of->capacity ? 2 * of->capacity : 1024;
                                of->list = realloc(of->list, of->capacity * sizeof *of->list);
                                assert_non_null(of->list);
                        }
                        of->list[of->n].v = &vectors[i];
                        of->list[of->n++].c = &vectors[i].predicted[k];
                }
}

/* most: so many predictions are compared. The one that notices comes first for the next mutant, which is often of the same cell. */
static bool noticed(const struct mutant *m, struct row_claims *of, size_t most)
{
        if (m->version[0])
                return range_noticed(m);
        for (size_t i = 0; i < of->n && i < most; i++) {
                typeof(of->list[0]) by = of->list[i];

                if (streq(prediction(by.v, &m->row, by.c->version), by.c->what))
                        continue;
                of->list[i] = of->list[0];
                of->list[0] = by;
                return true;
        }
        return false;
}

/* same.txt: the mutants that none of all the cases ever run could tell from the row itself. */
static bool listed(const char *what)
{
        return bsearch(&what, same, n_same, sizeof *same, text_order) != NULL;
}

/* That nothing tells a listed mutant from its row was compared in full when it was recorded. */
#define LISTED_MOST 40

static void a_wrong_cell_is_noticed(void **state)
{
        size_t all = 0, found = 0, equal = 0;
        struct row_claims of = { 0 };
        struct mutant m;

        (void)state;
        for (size_t i = 0; i < chain_row_count(); i++) {
                row_claims_fill(&of, chain_row_get(i));
                for (m = (struct mutant){ .cell = 0 }; mutant_next(chain_row_get(i), &m);) {
                        bool known = listed(m.what), noticed_it = noticed(&m, &of, known ? LISTED_MOST : SIZE_MAX);

                        all++;
                        found += noticed_it;
                        equal += !noticed_it && known;
                        if (noticed_it == known)
                                print_error("%s: %s\n", m.what,
                                            noticed_it ? "listed as the same, but noticed" : "unnoticed");
                }
        }
        free(of.list);
        print_message("%zu cells turned wrong: %zu noticed, %zu the same in every case\n", all, found,
                      equal);
        assert_int_equal(found + equal, all);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_table_predicts_what_is_recorded),
                cmocka_unit_test(the_sdks_answered_the_same), cmocka_unit_test(proven_rows_have_proof),
                cmocka_unit_test(ranges_begin_and_end), cmocka_unit_test(a_wrong_cell_is_noticed),
        };

        return cmocka_run_group_tests(tests, load, unload);
}
