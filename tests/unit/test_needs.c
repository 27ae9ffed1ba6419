/* Needs from files and labels, and the roles of bundles: what is read, and which errors there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "../../agent/account/account_internal.h"
#include "rolewatch/limits.h"
#include "rolewatch/needs.h"

#define POLICY "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"*\"}}"

static const struct {
        const char *why, *text;
        size_t n;
        const char *family, *name, *role, *error;       /* of the last need; a part of the fault */
} files[] = {
        { "the least", "{\"policy\":" POLICY "}", 1, NULL, NULL, "task", NULL },
        { "all of it", "{\"comment\":\"x\",\"match\":{\"family\":\"web*\",\"container\":\"app\",\"service\":\"s\",\"image\":\"i\"},"
          "\"role\":\"instance\",\"policy\":" POLICY "}", 1, "web*", "app", "instance", NULL },
        { "an ARN", "{\"role\":\"arn:aws:iam::111122223333:role/r\",\"policy\":" POLICY "}", 1, NULL, NULL,
          "arn:aws:iam::111122223333:role/r", NULL },
        { "two", "[{\"policy\":" POLICY "},{\"match\":{\"family\":\"b\"},\"policy\":" POLICY "}]", 2, "b", NULL, "task", NULL },
        { "none", "[]", 0, NULL, NULL, NULL, NULL },
        { "not JSON", "{\n\n\"policy\":,}", 1, NULL, NULL, "task", "line 3: not valid JSON" },
        { "a key that is none", "{\"matches\":{},\"policy\":" POLICY "}", 1, NULL, NULL, "task", "matches: unknown key in a need" },
        { "a match that is none", "{\"match\":{\"cluster\":\"a\"},\"policy\":" POLICY "}", 1, NULL, NULL, "task", "cluster: unknown key in \"match\"" },
        { "a number", "{\"match\":{\"family\":1},\"policy\":" POLICY "}", 1, NULL, NULL, "task", "family: must be a string" },
        { "an odd role", "{\"role\":\"mine\",\"policy\":" POLICY "}", 1, NULL, NULL, "task", "role: must be \"task\", \"instance\" or an ARN" },
        { "a role that is a number", "{\"role\":1,\"policy\":" POLICY "}", 1, NULL, NULL, "task", "role: must be \"task\", \"instance\" or an ARN" },
        { "no policy", "{\"match\":{\"family\":\"a\"}}", 1, "a", NULL, "task", "\"policy\" is missing" },
        { "a policy that is text", "{\"policy\":\"x\"}", 1, NULL, NULL, "task", "policy: must be a policy document" },
        { "a number in the list", "[1]", 1, NULL, NULL, "task", "must be an object" },
        { "a text", "\"x\"", 1, NULL, NULL, "task", "must be an object" },
};

static void files_are_read(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                const struct need *n;

                assert_int_equal(snapshot_new(&s), 0);
                assert_int_equal(needs_from_text(s, files[i].text, strlen(files[i].text), "f.json"), 0);
                if (s->n_needs != files[i].n)
                        fail_msg("%s: %zu needs", files[i].why, s->n_needs);
                if (!s->n_needs)
                        continue;
                n = &s->needs[s->n_needs - 1];
                if (!streq(n->family, files[i].family) || !streq(n->name, files[i].name) ||
                    !streq(n->role, files[i].role) || n->container != -1 ||
                    strncmp(n->where, "f.json", 6) != 0)
                        fail_msg("%s: %s %s %s %s", files[i].why, n->family, n->name, n->role, n->where);
                if (files[i].error ? !n->error || !strstr(n->error, files[i].error) || n->policy
                                   : n->error || !n->policy)
                        fail_msg("%s: fault %s", files[i].why, n->error);
        }
}

static const struct { const char *why, *value, *want; } labels[] = {
        { "a policy", " " POLICY, POLICY },
        { "lines", "sns:Publish arn:aws:sns:eu-west-1:111122223333:t\n\n s3:ListAllMyBuckets ;ssm:GetParameter *",
          "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"arn:aws:sns:eu-west-1:111122223333:t\"},"
          "{\"Effect\":\"Allow\",\"Action\":\"s3:ListAllMyBuckets\",\"Resource\":\"*\"},"
          "{\"Effect\":\"Allow\",\"Action\":\"ssm:GetParameter\",\"Resource\":\"*\"}],\"Version\":\"2012-10-17\"}" },
        { "empty", "", "{\"Statement\":[],\"Version\":\"2012-10-17\"}" },
        { "broken JSON", "{\"Statement\":", NULL },
};

static bool json_same(const char *a, const char *b)
{
        CLEANUP(json_freep) cJSON *x = cJSON_Parse(a);
        CLEANUP(json_freep) cJSON *y = cJSON_Parse(b);

        return x && y && cJSON_Compare(x, y, true);
}

/* What rolewatch-needs(5) says is the same. */
static void the_label_of_the_page(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        static const char *const examples[] = { TESTS_DIR "/../packaging/examples/label.txt", TESTS_DIR "/../packaging/examples/label.json" };
        char text[2][4096];

        (void)state;
        for (int i = 0; i < 2; i++) {
                FILE *f = fopen(examples[i], "re");

                assert_non_null(f);
                text[i][fread(text[i], 1, sizeof text[i] - 1, f)] = '\0';
                fclose(f);
        }
        assert_int_equal(snapshot_new(&s), 0);
        assert_non_null(snapshot_add_container(s));
        assert_int_equal(needs_from_label(s, text[0], 0), 0);
        assert_int_equal(needs_from_text(s, text[1], strlen(text[1]), "label.json"), 0);
        assert_int_equal(s->n_needs, 2);
        assert_null(s->needs[1].error);
        assert_true(json_same(s->needs[0].policy, s->needs[1].policy));
}

static void labels_are_read(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                struct container *c;

                assert_int_equal(snapshot_new(&s), 0);
                c = snapshot_add_container(s);
                c->name = "app";
                assert_int_equal(needs_from_label(s, labels[i].value, 0), 0);
                assert_int_equal(s->n_needs, 1);
                assert_int_equal(s->needs[0].container, 0);
                assert_string_equal(s->needs[0].where, "label rolewatch.needs of container app");
                if (!streq(s->needs[0].policy, labels[i].want) || !s->needs[0].policy == !s->needs[0].error)
                        fail_msg("%s: %s", labels[i].why, s->needs[0].policy);
        }
}

/* What one host declares is bounded: what comes later is passed over, and is no failure of the scan. */
static void a_full_list_takes_no_more(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        struct container *c;

        (void)state;
        assert_int_equal(snapshot_new(&s), 0);
        c = snapshot_add_container(s);
        c->id = "c";
        assert_int_equal(needs_add_error(s, "f.json", "too large"), 0);
        assert_string_equal(s->needs[0].error, "too large");
        while (s->n_needs < NEEDS_MAX)
                assert_non_null(snapshot_add_need(s));
        assert_int_equal(needs_add_error(s, "g.json", "too large"), 0);
        assert_int_equal(needs_from_text(s, "{\"policy\":" POLICY "}", sizeof "{\"policy\":" POLICY "}" - 1, "g.json"), 0);
        assert_int_equal(needs_from_text(s, "{", 1, "g.json"), 0);
        assert_int_equal(needs_from_label(s, "sns:Publish", 0), 0);
        assert_int_equal(s->n_needs, NEEDS_MAX);
}

static char dir[64];

static void put(const char *name, const char *text)
{
        char path[128];
        FILE *f;

        snprintf(path, sizeof path, "%s/%s", dir, name);
        f = fopen(path, "w");
        assert_non_null(f);
        fputs(text, f);
        fclose(f);
}

static int dir_make(void **state)
{
        (void)state;
        strcpy(dir, "/tmp/rolewatch-needs.XXXXXX");
        return mkdtemp(dir) ? 0 : -1;
}

static int dir_drop(void **state)
{
        char command[128];

        (void)state;
        snprintf(command, sizeof command, "rm -rf '%s'", dir);
        return system(command);
}

static void folders_are_read_in_order(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        struct collect_settings cs = { .needs = dir };
        char fifo[128];

        (void)state;
        put("b.json", "{\"match\":{\"family\":\"second\"},\"policy\":" POLICY "}");
        put("a.json", "{\"match\":{\"family\":\"first\"},\"policy\":" POLICY "}");
        put("c.txt", "nonsense");
        put(".d.json", "nonsense");
        snprintf(fifo, sizeof fifo, "%s/e.json", dir);
        assert_int_equal(mkfifo(fifo, 0600), 0);
        assert_int_equal(snapshot_new(&s), 0);
        assert_int_equal(account_needs(&(struct scan){ .s = s, .at.cs = &cs }), 0);
        assert_int_equal(s->n_needs, 3);
        assert_string_equal(s->needs[0].family, "first");
        assert_string_equal(s->needs[1].family, "second");
        assert_string_equal(s->needs[2].error, "not a regular file");
        cs.needs = "/nonexistent";
        assert_int_equal(account_needs(&(struct scan){ .s = s, .at.cs = &cs }), 0);
        assert_int_equal(s->n_needs, 3);
}

#define DOC "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
static const char bundle[] =
        "{\"RoleDetailList\":[{\"RoleName\":\"web\",\"RoleId\":\"AROAEXAMPLE\",\"Arn\":\"arn:aws:iam::111122223333:role/web\","
        "\"AssumeRolePolicyDocument\":\"%7B%22Statement%22%3A%5B%5D%7D\","
        "\"RolePolicyList\":[{\"PolicyName\":\"inline\",\"PolicyDocument\":" DOC "},{\"PolicyName\":\"odd\",\"PolicyDocument\":\"%7B\"}],"
        "\"AttachedManagedPolicies\":[{\"PolicyName\":\"m\",\"PolicyArn\":\"arn:aws:iam::111122223333:policy/m\"},"
        "{\"PolicyName\":\"x\",\"PolicyArn\":\"arn:aws:iam::aws:policy/Absent\"}],"
        "\"PermissionsBoundary\":{\"PermissionsBoundaryType\":\"Policy\",\"PermissionsBoundaryArn\":\"arn:aws:iam::111122223333:policy/m\"},"
        "\"Tags\":[{\"Key\":\"team\",\"Value\":\"a+b\"}]},"
        "{\"RoleName\":\"ecsInstanceRole\",\"Arn\":\"arn:aws:iam::999999999999:role/ecsInstanceRole\"},"
        "{\"RoleName\":\"ecsInstanceRole\",\"Arn\":\"arn:aws:iam::111122223333:role/path/ecsInstanceRole\"}],"
        "\"Policies\":[{\"PolicyName\":\"m\",\"Arn\":\"arn:aws:iam::111122223333:policy/m\",\"PolicyVersionList\":["
        "{\"Document\":{\"old\":1},\"VersionId\":\"v1\",\"IsDefaultVersion\":false},"
        "{\"Document\":{\"new\":1},\"VersionId\":\"v2\",\"IsDefaultVersion\":true}]}]}";

static void bundles_have_roles(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL, *saved = NULL;
        CLEANUP(json_freep) cJSON *json = NULL;
        struct collect_settings cs = { .bundles = dir };
        const struct role *r;

        (void)state;
        put("b.json", bundle);
        assert_int_equal(snapshot_new(&s), 0);
        s->host.instance_role = "ecsInstanceRole";
        s->host.account = "111122223333";
        snapshot_add_cred(s)->role_arn = "arn:aws:iam::111122223333:role/web";
        snapshot_add_cred(s)->role_arn = "arn:aws:iam::111122223333:role/web";
        snapshot_add_cred(s)->role_arn = "arn:aws:iam::111122223333:role/other";
        assert_int_equal(account_roles(&(struct scan){ .s = s, .at.cs = &cs }), 0);
        assert_int_equal(model_to_json(s, &json), 0);
        assert_int_equal(model_from_json(json, &saved), 0);
        for (int i = 0; i < 2; i++) {   /* as read, and as saved */
                const struct snapshot *t = i ? saved : s;

                assert_int_equal(t->n_roles, 3);
                r = &t->roles[0];
                assert_string_equal(r->arn, "arn:aws:iam::111122223333:role/path/ecsInstanceRole");
                assert_int_equal(r->state, ROLE_KNOWN);
                assert_null(r->boundary);
                r = &t->roles[1];
                assert_string_equal(r->id, "AROAEXAMPLE");
                assert_int_equal(r->n_policies, 4);
                assert_string_equal(r->policies[0].document, DOC);
                assert_string_equal(r->policies[1].document, "");
                assert_string_equal(r->policies[2].name, "arn:aws:iam::111122223333:policy/m");
                assert_string_equal(r->policies[2].document, "{\"new\":1}");
                assert_string_equal(r->policies[3].document, "");
                assert_string_equal(r->trust, "{\"Statement\":[]}");
                assert_string_equal(r->boundary, "{\"new\":1}");
                assert_string_equal(r->tags[0].value, "a+b");
                assert_true(r->as_of_s > 0);
                assert_int_equal(t->roles[2].state, ROLE_UNKNOWN);
                assert_null(t->host.policies_error);
        }
}

static void broken_bundles_are_reported(void **state)
{
        static const char *const texts[] = { "{", "[]", "{\"RoleDetailList\":{}}", "" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                struct collect_settings cs = { .bundles = dir };

                put("b.json", texts[i]);
                assert_int_equal(snapshot_new(&s), 0);
                s->host.instance_role = "ecsInstanceRole";
                assert_int_equal(account_roles(&(struct scan){ .s = s, .at.cs = &cs }), 0);
                assert_non_null(s->host.policies_error);
                assert_int_equal(s->roles[0].state, ROLE_UNKNOWN);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(files_are_read), cmocka_unit_test(labels_are_read), cmocka_unit_test(a_full_list_takes_no_more), cmocka_unit_test(the_label_of_the_page),
                cmocka_unit_test_setup_teardown(folders_are_read_in_order, dir_make, dir_drop),
                cmocka_unit_test_setup_teardown(bundles_have_roles, dir_make, dir_drop),
                cmocka_unit_test_setup_teardown(broken_bundles_are_reported, dir_make, dir_drop),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
