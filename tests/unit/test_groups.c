/* What makes two processes of a container one group, and what does not; and facts that point nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "helper_judge.h"
#include "../../agent/judge/causes.h"

static const struct profile one[] = { { .name = "default", .key = { [PROFILE_KEY_KEY_ID] = "eu-west-1" } } };
static const struct profile same[] = { { .name = "default", .key = { [PROFILE_KEY_KEY_ID] = "eu-west-1" } } };
static const struct profile named[] = { { .name = "other", .key = { [PROFILE_KEY_KEY_ID] = "eu-west-1" } } };
static const struct profile prefixed[] = { { .name = "default", .prefixed = true, .key = { [PROFILE_KEY_KEY_ID] = "eu-west-1" } } };
static const struct profile indented[] = { { .name = "default", .spelling = SPELLING_INDENTED, .key = { [PROFILE_KEY_KEY_ID] = "eu-west-1" } } };
static const struct profile keyed[] = { { .name = "default", .key = { [PROFILE_KEY_KEY_ID] = "eu-west-2" } } };
static const struct profile two[] = { { .name = "default", .key = { [PROFILE_KEY_KEY_ID] = "eu-west-1" } }, { .name = "x" } };
static const struct sdk botocore[] = { { "botocore", "1.34.0", CERTAINTY_CERTAIN } };
static const struct sdk later[] = { { "botocore", "1.35.0", CERTAINTY_CERTAIN } };
static const struct sdk perhaps[] = { { "botocore", "1.34.0", CERTAINTY_POSSIBLE } };
static const struct sdk php[] = { { "php", "1.34.0", CERTAINTY_CERTAIN } };

static void files(struct process *p, const struct profile *list, size_t n)
{
        p->config.state = FILE_OK;
        p->config.profiles = list;
        p->config.n_profiles = n;
}
static void sdk(struct process *p, const struct sdk *list) { p->sdks = list; p->n_sdks = 1; }

#define CHANGE(name, what) static void name(struct process *p) { what; }
CHANGE(nothing, (void)p)
CHANGE(home, p->env[ENV_VAR_HOME] = "/home/x")
CHANGE(comm, p->comm = "thread")
CHANGE(uid, p->uid = 7)
CHANGE(exe, p->exe = "/usr/bin/other")
CHANGE(no_exe, p->exe = NULL)
CHANGE(no_exe_comm, p->exe = NULL; p->comm = "thread")
CHANGE(netns, p->netns = -1)
CHANGE(environ_state, p->environ.state = ANSWER_DENIED)
CHANGE(cred_relative, p->cred_relative = -1)
CHANGE(cred_full, p->cred_full = 0)
CHANGE(token_file, p->token_file = FILE_OK)
CHANGE(web_identity_file, p->web_identity_file = FILE_OK)
CHANGE(variable, p->env[ENV_VAR_PROFILE] = "eu-west-1")
CHANGE(property, p->prop[SYSPROP_KEY_ID] = "AKIAIOSFODNN7EXAMPLE")
CHANGE(path, p->credentials.path = "/other")
CHANGE(state, p->credentials.state = FILE_UNKNOWN)
CHANGE(bad_line, p->credentials.bad_line = 3)
CHANGE(spelling, p->credentials.spelling = SPELLING_BOM)
CHANGE(signed_out, p->signed_out = !p->signed_out)
CHANGE(passwd_home, p->passwd_home = PASSWD_HOME_NONE)
CHANGE(ca_bundle, p->ca_bundle = FILE_OK)
CHANGE(boto_file, p->boto_file = true)
CHANGE(home_file, p->home_credentials.path = "/root/.aws/credentials")
CHANGE(profiles, files(p, one, 1))
CHANGE(profiles_same, files(p, same, 1))
CHANGE(profiles_two, files(p, two, 2))
CHANGE(profile_name, files(p, named, 1))
CHANGE(profile_prefixed, files(p, prefixed, 1))
CHANGE(profile_spelling, files(p, indented, 1))
CHANGE(profile_key, files(p, keyed, 1))
CHANGE(sdk_one, sdk(p, botocore))
CHANGE(sdk_later, sdk(p, later))
CHANGE(sdk_perhaps, sdk(p, perhaps))
CHANGE(sdk_php, sdk(p, php))

static const struct { void (*first)(struct process *), (*second)(struct process *); bool together; } rows[] = {
        { nothing, nothing, true },            { nothing, home, true },
        { nothing, comm, true },               { nothing, uid, true },
        { nothing, exe, false },               { nothing, no_exe, false },
        { no_exe, no_exe, true },              { no_exe, no_exe_comm, false },
        { nothing, netns, false },             { nothing, environ_state, false },
        { nothing, cred_relative, false },     { nothing, cred_full, false },
        { nothing, token_file, false },        { nothing, web_identity_file, false },
        { nothing, variable, false },          { nothing, property, false },
        { nothing, path, false },              { nothing, state, false },
        { nothing, bad_line, false },          { nothing, home_file, false },
        { nothing, profiles, false },          { profiles, profiles, true },
        { profiles, profiles_same, true },     { profiles, profiles_two, false },
        { profiles, profile_name, false },     { profiles, profile_prefixed, false },
        { profiles, profile_key, false },      { nothing, sdk_one, false },
        { sdk_one, sdk_one, true },            { sdk_one, sdk_later, false },
        { sdk_one, sdk_perhaps, false },       { sdk_one, sdk_php, false },
        { nothing, spelling, false },          { nothing, signed_out, false },
        { profiles, profile_spelling, false }, { nothing, ca_bundle, false },
        { nothing, boto_file, false },         { nothing, passwd_home, false },
};

static bool are_together(size_t row, bool turned)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        host_process(s, 0, 30, 10, "worker");
        host_process(s, 0, 31, 10, "worker");
        (turned ? rows[row].second : rows[row].first)(host_by_pid(s, 30));
        (turned ? rows[row].first : rows[row].second)(host_by_pid(s, 31));
        v = host_judge(s);
        return group_by_pid(v, 30) == group_by_pid(v, 31);
}

static void groups_are_what_cannot_differ(void **state_)
{
        (void)state_;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                if (are_together(i, false) != rows[i].together || are_together(i, true) != rows[i].together)
                        fail_msg("row %zu", i);
}

/* The same process twice, as only a snapshot from elsewhere can hold it. */
static void a_pid_that_comes_twice(void **state_)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;

        (void)state_;
        host_process(s, 0, 30, 10, "worker");
        host_process(s, 0, 30, 10, "worker");
        host_process(s, 0, 30, 10, "worker");
        host_sdks(s);
        v = host_judge(s);
        assert_int_equal(group_by_pid(v, 30)->n_members, 3);
        assert_int_equal(group_by_pid(v, 30)->verdict, VERDICT_OK);
}

/* Ours, whoever's snapshot it is: an index beyond its list is none. */
static void indices_beyond_their_lists(void **state_)
{
        CLEANUP(snapshot_freep) struct snapshot *s = host_healthy();
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        struct denial *d = snapshot_add_denial(s);

        (void)state_;
        *d = (struct denial){ .container = 9, .role = "ecsInstanceRole", .action = "sns:Publish", .source = "the journal" };
        *snapshot_add_denial(s) = (struct denial){ .container = -1, .role = "ecsInstanceRole", .action = "sns:Publish", .source = "x" };
        host_process(s, 9, 30, 10, "worker");
        host_process(s, -1, 31, 10, "worker");
        host_process(s, 0, 32, 10, "worker")->netns = 9;
        host_process(s, 0, 33, 10, "other")->cred_relative = 9;
        v = host_judge(s);
        for (size_t i = 0; i < v->n_groups; i++)
                for (size_t k = 0; k < v->groups[i].n_members; k++)
                        assert_in_range(s->processes[v->groups[i].members[k]].pid, 10, 33);
        assert_int_equal(group_by_pid(v, 32)->winner.certainty, CERTAINTY_POSSIBLE);
        assert_null(group_by_pid(v, 33)->winner.role);
        assert_int_equal(v->n_groups, 3);
        for (size_t i = 0; i < v->n_findings; i++)
                assert_int_not_equal(v->findings[i].kind, FINDING_RIGHT_ROLE_DENIED);
}

/* A word for each number, and one for what is none. */
static void words(void **state_)
{
        (void)state_;
        assert_string_equal(severity_to_string(SEVERITY_CRITICAL), "critical");
        assert_string_equal(severity_to_string((enum severity)99), "unknown");
        assert_string_equal(verdict_to_string((enum verdict)99), "unknown");
        assert_string_equal(finding_slug(FINDING_WRONG_ROLE), "wrong-role");
        assert_string_equal(finding_slug((enum finding_kind)99), "unknown");
        assert_string_equal(finding_message_id((enum finding_kind)99), "");
        assert_string_equal(finding_advice((enum finding_kind)99), "");
        assert_string_equal(finding_meaning((enum finding_kind)99), "");
        assert_int_equal(finding_severity((enum finding_kind)99), SEVERITY_INFO);
        assert_string_equal(required_role_to_string((enum required_role)99), "unknown");
        assert_int_equal(finding_from_slug("nonsense"), -ENOENT);
        for (int i = 0; i < FINDING_KIND_MAX; i++) {
                assert_int_equal(finding_from_slug(finding_slug((enum finding_kind)i)), i);
                assert_int_equal(strlen(finding_message_id((enum finding_kind)i)), 32);
        }
        assert_null(cause_row_get(cause_row_count()));
        assert_null(cause_row_of("nonsense"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(groups_are_what_cannot_differ), cmocka_unit_test(a_pid_that_comes_twice),
                cmocka_unit_test(indices_beyond_their_lists), cmocka_unit_test(words),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
