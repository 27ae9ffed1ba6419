/* The page: escaping, folding and its bounds, the arithmetic of the picture, and what stands where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "helper_judge.h"
#include "../../agent/report/html.h"

#define N_MANY 400

static char *render(const struct verdicts *v)
{
        char *text = NULL;
        size_t len;
        FILE *out = open_memstream(&text, &len);

        assert_non_null(out);
        assert_int_equal(report_html(v, out), 0);
        fclose(out);
        return text;
}

static size_t count(const char *text, const char *what)
{
        size_t n = 0;

        for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
                n++;
        return n;
}

/* ---- text ---- */

static void text_is_escaped(void **state)
{
        static const struct { const char *from, *to; } cases[] = {
                { "<b a=\"x\" c='y'>&amp;", "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;" },
                { "\x1b[31m\n", "\\x1b[31m\\x0a" },
                { "\xe2\x80\xae", "\\xe2\\x80\\xae" },
                { "\xff<", "\\xff&lt;" },
                { "web\xc3\xa9", "web\xc3\xa9" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                CLEANUP(text_done) struct text t = { 0 };

                html_add(&t, cases[i].from);
                assert_string_equal(t.s, cases[i].to);
        }
}

static void text_is_cut_before_it_is_escaped(void **state)
{
        CLEANUP(text_done) struct text t = { 0 }, wide = { 0 }, prose = { 0 };

        (void)state;
        html_add_cut(&t, "<<<<<<<<<<<<", 6);
        assert_string_equal(t.s, "&lt;&lt;&lt;\xe2\x80\xa6&lt;&lt;");
        html_add_cut(&wide, "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 6);
        assert_true(html_width(wide.s) <= 6);
        html_add_prose(&prose, "run `a < b` and ` it", 100);
        assert_string_equal(prose.s, "run <code>a &lt; b</code> and <code> it</code>");
}

static void names_break_where_a_reader_would(void **state)
{
        (void)state;
        assert_int_equal(html_break("ordersTaskRole", 13), 10);
        assert_int_equal(html_break("prod-billing-stack-TaskRole", 14), 13);
        assert_int_equal(html_break("xxxxxxxxxxxxxxxxxxxx", 13), 13);
        assert_int_equal(html_break("short", 13), 5);
}

/* ---- layout ---- */

struct drawn { int order[16], y[16], role_order[16], role_y[16], role_h[16]; };

static struct lay lay(struct drawn *d, const int *rank, const int *h, size_t nodes, size_t roles, struct lay_line *lines, size_t n_lines)
{
        struct lay l = { .n_nodes = nodes, .n_roles = roles, .n_lines = n_lines, .node_rank = rank, .node_h = h, .role_h = d->role_h,
                         .lines = lines, .gap = 8, .band = 30, .node_order = d->order, .node_y = d->y,
                         .role_order = d->role_order, .role_y = d->role_y };

        for (size_t i = 0; i < roles; i++)
                d->role_h[i] = 40;
        assert_int_equal(lay_out(&l), 0);
        return l;
}

static void lines_do_not_cross_where_they_need_not(void **state)
{
        /* Where the nodes may move, and where their ranks hold them and the roles must. */
        static const int ranks[2][4] = { { 0, 0, 0, 0 }, { 3, 1, 2, 0 } }, h[4] = { 40, 40, 40, 40 };

        (void)state;
        for (size_t n = 0; n < ARRAY_SIZE(ranks); n++) {
                struct lay_line lines[] = { { .node = 0, .role = 3 }, { .node = 1, .role = 1 }, { .node = 2, .role = 0 }, { .node = 3, .role = 2 } };
                struct drawn d;
                struct lay l = lay(&d, ranks[n], h, 4, 4, lines, ARRAY_SIZE(lines));

                assert_int_equal(l.crossings, 0);
                for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
                        for (size_t k = 0; k < ARRAY_SIZE(lines); k++)
                                assert_int_equal(lines[i].from_y < lines[k].from_y, lines[i].to_y < lines[k].to_y);
        }
}

static void boxes_have_their_distance_and_ranks_their_order(void **state)
{
        static const int rank[5] = { 2, 0, 2, 1, 0 }, h[5] = { 40, 60, 40, 50, 40 };
        struct lay_line lines[] = { { .node = 0, .role = 0 }, { .node = 1, .role = 0 }, { .node = 2, .role = 0 }, { .node = 3, .role = 0 },
                                    { .node = 4, .role = 0 }, { .node = 1, .role = 1 }, { .node = 3, .role = 2 } };
        struct drawn d;
        struct lay l = lay(&d, rank, h, 5, 3, lines, ARRAY_SIZE(lines));

        (void)state;
        for (size_t i = 1; i < 5; i++) {
                int above = d.order[i - 1], below = d.order[i];

                assert_true(rank[above] <= rank[below]);
                assert_true(d.y[below] >= d.y[above] + h[above] + 8 + (rank[above] < rank[below] ? 30 : 0));
        }
        for (size_t i = 1; i < 3; i++)
                assert_true(d.role_y[d.role_order[i]] >= d.role_y[d.role_order[i - 1]] + d.role_h[d.role_order[i - 1]] + 8);
        assert_true(d.role_h[0] > 5 * 8);
        for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
                const struct lay_line *x = &lines[i];

                assert_true(x->from_y > d.y[x->node] && x->from_y < d.y[x->node] + h[x->node]);
                assert_true(x->to_y > d.role_y[x->role] && x->to_y < d.role_y[x->role] + d.role_h[x->role]);
                assert_true(x->to_y < l.height);
        }
}

static void more_roles_than_nodes_make_the_picture_higher(void **state)
{
        static const int rank[1] = { 0 }, h[1] = { 40 };
        struct lay_line lines[4];
        struct drawn d;
        struct lay l;

        (void)state;
        for (int i = 0; i < 4; i++)
                lines[i] = (struct lay_line){ .node = 0, .role = i };
        l = lay(&d, rank, h, 1, 4, lines, 4);
        assert_true(d.role_y[d.role_order[0]] >= 30);
        assert_true(l.height >= 30 + 4 * 40 + 3 * 8);
}

/* ---- folding ---- */

static void all_call_aws(struct snapshot *s)
{
        for (size_t i = 0; i < s->n_processes; i++)
                host_sdk(&s->processes[i], "botocore", "1.34.0");
}

static void what_is_well_is_one_node_a_family_and_what_is_wrong_is_apart(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct picture pic;

        (void)state;
        for (pid_t i = 0; i < 6; i++)
                host_process(s, host_task(s, "web", "app"), 100 + i, 1, "app");
        host_process(s, 0, 200, 10, "cron");
        host_bare(s, 0, 201, 200, "worker");
        all_call_aws(s);
        v = host_judge(s);
        assert_int_equal(arena_new((size_t)1 << 24, &a), 0);
        assert_int_equal(picture_make(v, a, &pic), 0);
        assert_int_equal(pic.n_nodes, 2);
        assert_int_equal(pic.nodes[0].state, PIC_WRONG);
        assert_int_equal(pic.nodes[0].n_groups, 1);
        assert_int_equal(pic.nodes[0].n_lines, 2);
        assert_int_equal(pic.nodes[0].lines[0].kind, PIC_LINE_WRONG);
        assert_string_equal(pic.roles[pic.nodes[0].lines[0].role].name, "ecsInstanceRole");
        assert_int_equal(pic.nodes[0].lines[1].kind, PIC_LINE_MEANT);
        assert_string_equal(pic.roles[pic.nodes[0].lines[1].role].name, "webTaskRole");
        assert_int_equal(pic.nodes[1].state, PIC_RIGHT);
        assert_int_equal(pic.nodes[1].n_groups, 8);
        assert_string_equal(pic.nodes[1].name, "web");
}

/* N_MANY families, each with a group that is well and one that is not, in as many ways as `programs`. */
static void holds_bound(unsigned programs)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(freep) char *page = NULL;
        size_t bad = 0, groups = 0;
        struct picture pic;

        for (int i = 0; i < N_MANY; i++) {
                int c = host_task(s, arena_printf(s->arena, "family-%u", (unsigned)i % programs), "app");

                host_process(s, c, 1000 + 3 * i, 1, "sh");
                host_process(s, c, 1001 + 3 * i, 1000 + 3 * i, "cron");
                host_bare(s, c, 1002 + 3 * i, 1001 + 3 * i, "worker");
        }
        host_sdks(s);
        v = host_judge(s);
        assert_int_equal(arena_new((size_t)1 << 26, &a), 0);
        assert_int_equal(picture_make(v, a, &pic), 0);
        for (size_t i = 0; i < pic.n_nodes; i++) {
                bad += pic.nodes[i].state < PIC_FREE;
                groups += pic.nodes[i].n_groups;
        }
        assert_true(bad >= 1 && bad <= PIC_BAD_MAX);
        assert_true(pic.n_nodes - bad >= 1 && pic.n_nodes - bad <= PIC_GOOD_MAX);
        assert_true(pic.n_roles <= (PIC_BAD_MAX + PIC_GOOD_MAX) * PIC_LINES_MAX);
        /* Nothing gets lost: each group is in some node, each that is wrong in the table. */
        assert_int_equal(groups, v->n_groups);
        page = render(v);
        assert_int_equal(count(page, "class=\"v-wrong\""), N_MANY);
        assert_int_equal(count(page, "<g class=\"n "), 2 * pic.n_nodes);
}

static void the_picture_is_bounded(void **state)
{
        (void)state;
        holds_bound(20);
        holds_bound(PIC_BAD_MAX);
        holds_bound(N_MANY);
}

/* ---- the page ---- */

static void the_page_has_its_parts_in_order(void **state)
{
        static const char *const parts[] = {
                "<!DOCTYPE html>\n<html lang=\"en\">", "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';",
                "<title>AWS credentials in use on i-1234567890abcdef0</title>", "prefers-color-scheme:dark", "@media print", "<h1>", "class=\"sum sum-wrong\"",
                "1 of 3 process groups does not use the expected role", "<main>", "uses, but should not", "expected role",
                "<svg class=\"pic wide\"", "<title id=\"t-wide\">", "<desc id=\"d-wide\">", "Wrong or no credentials (1)", "via imds", "<svg class=\"pic narrow\"",
                "<h2 id=\"findings\">", "id=\"f1\"", "wrong-role", "<b>Remedy:</b>", "<h2 id=\"groups\">", "<th role=\"rowheader\" scope=\"row\"",
                "class=\"v-wrong\"", "href=\"#f1\"", "<details><summary>As expected: 2 groups", "<footer>", "policies: &lt;none&gt;",
                "Written by rolewatch", "</html>\n",
        };
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(freep) char *page = NULL;
        const char *at;

        (void)state;
        s->host.policies_error = "<none>";
        host_process(s, 0, 11, 10, "cron");
        host_bare(s, 0, 12, 11, "worker");
        all_call_aws(s);
        v = host_judge(s);
        at = page = render(v);
        for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
                const char *found = strstr(at, parts[i]);

                if (!found)
                        fail_msg("not there, or not in its place: %s", parts[i]);
                at = found + strlen(parts[i]);
        }
        assert_null(strstr(page, "<script"));
        assert_null(strstr(page, "http://"));
        assert_null(strstr(page, "https://"));
}

static void an_empty_host_has_a_page(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(freep) char *page = NULL;

        (void)state;
        assert_int_equal(snapshot_new(&s), 0);
        v = host_judge(s);
        page = render(v);
        assert_null(strstr(page, "<svg"));
        assert_non_null(strstr(page, "No container process was found"));
}

static void a_full_disk_is_an_error(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = host_judge(s);
        FILE *full = fopen("/dev/full", "w");

        (void)state;
        assert_non_null(full);
        assert_int_equal(report_html(v, full), -EIO);
        fclose(full);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(text_is_escaped),
                cmocka_unit_test(text_is_cut_before_it_is_escaped),
                cmocka_unit_test(names_break_where_a_reader_would),
                cmocka_unit_test(lines_do_not_cross_where_they_need_not),
                cmocka_unit_test(boxes_have_their_distance_and_ranks_their_order),
                cmocka_unit_test(more_roles_than_nodes_make_the_picture_higher),
                cmocka_unit_test(what_is_well_is_one_node_a_family_and_what_is_wrong_is_apart),
                cmocka_unit_test(the_picture_is_bounded),
                cmocka_unit_test(the_page_has_its_parts_in_order),
                cmocka_unit_test(an_empty_host_has_a_page),
                cmocka_unit_test(a_full_disk_is_an_error),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
