/*
 * model: what leaves the redaction, and that a snapshot in JSON is the
 * snapshot. Also that JSON from anybody cannot do harm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "../../agent/model/model_internal.h"

#define KEY_ID "AKIAIOSFODNN7EXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define TOKEN  "canary-token-0123456789"

#define LONG "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
static void values_are_reduced(void **state)
{
        static const struct { enum env_class class; const char *in, *want; } T[] = {
                { ENV_PLAIN, "", "" }, { ENV_PLAIN, " \t", " " }, { ENV_PLAIN, "prod", "prod" },
                { ENV_PLAIN, "a\033[1m", "a\\x1b[1m" },
                { ENV_SECRET, "", "" }, { ENV_SECRET, "  ", " " }, { ENV_SECRET, SECRET, "***" },
                { ENV_TOKEN, SECRET, "***" }, { ENV_TOKEN, SECRET "\n", "***\\n" }, { ENV_TOKEN, "a\rb", "***\\n" },
                { ENV_TOKEN, "***\\n", "***\\n" }, { ENV_TOKEN, "", "" }, { ENV_TOKEN, "***", "***" },
                { ENV_KEYID, KEY_ID, KEY_ID }, { ENV_KEYID, "", "" }, { ENV_KEYID, "\n", " " },
                { ENV_KEYID, SECRET, "***" }, { ENV_KEYID, "AKIA", "***" },
                { ENV_KEYID, "akiaiosfodnn7example", "***" },
                { ENV_PATH, "", "" }, { ENV_PATH, " ", " " }, { ENV_PATH, "/", "/" },
                { ENV_PATH, "/v2/credentials/" TOKEN, "/v2/credentials/***" },
                { ENV_PATH, "/v2/credentials/", "/v2/credentials/" },
                { ENV_PATH, "/v1/credentials?id=" TOKEN, "/v1/credentials?id=***" },
                { ENV_PATH, "/" TOKEN, "/***" }, { ENV_PATH, TOKEN, "***" },
                { ENV_PATH, "http://169.254.170.2/v2/credentials/x", "***" },
                { ENV_URL, "", "" }, { ENV_URL, "http://h", "http://h" },
                { ENV_URL, "http://h/", "http://h/" },
                { ENV_URL, "http://h:80/" TOKEN, "http://h:80/***" },
                { ENV_URL, "http://h?" TOKEN, "http://h/***" },
                { ENV_URL, "http://h#" TOKEN, "http://h/***" },
                { ENV_URL, "https://[fd00:ec2::23]:80/" TOKEN, "https://[fd00:ec2::23]:80/***" },
                { ENV_URL, "http://user:" TOKEN "@proxy:3128", "http://***@proxy:3128" },
                { ENV_URL, "http://" TOKEN "/x@proxy:3128", "***" },
                { ENV_URL, "http://u:1/" TOKEN "@proxy", "***" },
                { ENV_TOKEN, "12345", "***" }, { ENV_TOKEN, MODEL_REDACTED_LINES, MODEL_REDACTED_LINES },
                { ENV_URL, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz://h", "***" }, { ENV_URL, "a b://h", "***" },
                { ENV_URL, "http://" LONG LONG LONG LONG "/x", "***" },
                { ENV_URL, "***", "***" }, { ENV_URL, "abc", MODEL_REDACTED_NO_SCHEME },
                { ENV_URL, "proxy:3128", MODEL_REDACTED_NO_SCHEME }, { ENV_URL, "http://", "***" },
                { ENV_URL, "http:///x", "***" }, { ENV_URL, "http://a b/", "***" },
                { ENV_URL, "http://h:999999/", "***" }, { ENV_URL, "http://[::1/x", "***" },
                { ENV_URL, "http://h\033/", "***" }, { ENV_URL, "://h", "***" },
                { ENV_JVM, "", "" }, { ENV_JVM, "-Xmx1g", "" },
                { ENV_JVM,
                  "-Xmx1g -Daws.accessKeyId=" KEY_ID "  -Daws.secretKey=" SECRET " -Dx=" TOKEN,
                  "-Daws.accessKeyId=" KEY_ID " -Daws.secretKey=***" },
                { ENV_JVM, "-Duser.home=\"/srv/my app\"", "\"-Duser.home=/srv/my app\"" },
                { ENV_JVM, "'-Daws.secretKey=" TOKEN " x'", "-Daws.secretKey=***" },
                { ENV_JVM, "-Daws.profile=\"a'b\"", "\"-Daws.profile=a'b\"" },
                { ENV_JVM, "-Daws.profile='a\"b'", "'-Daws.profile=a\"b'" },
                { ENV_JVM, "-Daws.profile='a\"'\"'\"", "-Daws.profile=***" },
                { ENV_JVM, "-Daws.secretKey=' '", "\"-Daws.secretKey= \"" },
                { ENV_JVM, "-Daws.disableEc2Metadata -Daws.unknown=" TOKEN,
                  "-Daws.disableEc2Metadata" },
                { ENV_JVM, "-D -D= -Daws.profile=", "-Daws.profile=" },
                { ENV_JVM, "\"-Daws.profile=open", "-Daws.profile=open" },
        };
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                const char *got = env_redact(a, T[i].class, T[i].in, strlen(T[i].in));
                const char *again = got ? env_redact(a, T[i].class, got, strlen(got)) : NULL;

                if (!streq(got, T[i].want) || !streq(again, got))
                        fail_msg("%s: got %s, then %s", T[i].in, got, again);
                if (strstr(got, TOKEN) || strstr(got, SECRET))
                        fail_msg("%s: the secret is still there", T[i].in);
        }
}

static void long_values_are_cut(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        char buf[5000];
        const char *got;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        memset(buf, 'x', sizeof buf);
        got = env_redact(a, ENV_PLAIN, buf, sizeof buf);
        assert_non_null(got);
        assert_int_equal(strlen(got), 1027);
        assert_string_equal(env_redact(a, ENV_KEYID, buf, sizeof buf), "***");
}

/* Of every class of every table, in every shape that a secret may be written in. */
static void no_canary_survives(void **state)
{
        static const char *const shapes[] = {
                "%s", "/%s", "/v2/credentials/%s", "http://h/%s", "http://u:%s@h/", "http://h?%s",
                " %s ", "-Daws.secretKey=%s", "-Daws.sessionToken='%s'", "-Dtoken=%s %s",
                "\"-Daws.secretAccessKey=%s\"", "https://%s@h:80/x", "http://h/a@%s",
        };
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        for (int v = 0; v < ENV_VAR_MAX; v++)
                for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
                        CLEANUP(text_done) struct text t = { 0 };
                        enum env_class class = env_class((enum env_var)v);
                        const char *got, *p = strstr(shapes[i], "%s");

                        if (class == ENV_PLAIN)
                                continue;
                        text_addn(&t, shapes[i], (size_t)(p - shapes[i]));
                        text_add(&t, SECRET);
                        text_add(&t, p + 2);
                        got = env_redact(a, class, t.s, t.len);
                        assert_non_null(got);
                        if (strstr(got, SECRET) || strstr(got, "wJalrXUtnFEMI"))
                                fail_msg("%s=%s: %s", env_name((enum env_var)v), t.s, got);
                }
}

static const char *of_answer(int i) { return answer_state_to_string((enum answer_state)i); }
static const char *of_file_state(int i) { return file_state_to_string((enum file_state)i); }
static const char *of_certainty(int i) { return certainty_to_string((enum certainty)i); }
static const struct { const struct string_table *table; const char *(*to_string)(int i); } tables[] = {
        { &answer_state_strings, of_answer }, { &file_state_strings, of_file_state }, { &certainty_strings, of_certainty },
};

static void strings_go_there_and_back(void **state)
{
        (void)state;
        for (int i = 0; i < ENV_VAR_MAX; i++) {
                const char *name = env_name((enum env_var)i);

                assert_int_equal(env_find(name, strlen(name)), i);
        }
        for (int i = 0; i < SYSPROP_MAX; i++) {
                const char *name = sysprop_strings.string[i];

                assert_int_equal(sysprop_find(name, strlen(name)), i);
        }
        for (size_t k = 0; k < ARRAY_SIZE(tables); k++)
                for (size_t i = 0; i < tables[k].table->n; i++) {
                        const char *word = tables[k].to_string((int)i);

                        assert_int_equal(string_table_find(tables[k].table, word, strlen(word)), i);
                }
        assert_int_equal(env_find("AWS_PROFILES", 12), -ENOENT);
        assert_int_equal(env_find("AWS_PROFILES", 11), ENV_VAR_PROFILE);
        assert_int_equal(string_table_find(&answer_state_strings, "nonsense", 8), -ENOENT);
}

static void answers_as_text(void **state)
{
        static const struct { struct answer x; const char *want; } T[] = {
                { { ANSWER_STATUS, 503, NULL }, "HTTP 503" }, { { ANSWER_OK, 200, NULL }, "ok" },
                { { ANSWER_TIMEOUT, 0, NULL }, "timed out" }, { { 0 }, "not requested" },
        };
        CLEANUP(arena_freep) struct arena *a = NULL;

        (void)state;
        assert_int_equal(arena_new(4096, &a), 0);
        for (size_t i = 0; i < ARRAY_SIZE(T); i++)
                assert_string_equal(answer_text(a, &T[i].x), T[i].want);
}

static struct profile_file file_filled(void)
{
        static const struct profile profiles[] = {
                { .name = "default", .key = { [PROFILE_KEY_KEY_ID] = KEY_ID, [PROFILE_KEY_SECRET] = "***" } },
                { "x", true, { [PROFILE_KEY_ROLE_ARN] = "", [PROFILE_KEY_PROCESS] = "***" }, SPELLING_BOM | SPELLING_QUOTES_CUT },
        };

        return (struct profile_file){ "/root/.aws/credentials", FILE_MALFORMED, 7, profiles, 2, SPELLING_NOT_UTF8 };
}

static void process_fill(struct process *p, pid_t pid)
{
        static const struct sdk sdks[] = {
                { "boto3", "1.26.27", CERTAINTY_CERTAIN }, { "java2", NULL, CERTAINTY_POSSIBLE },
        };

        *p = (struct process){
                .pid = pid, .ppid = 1, .start_ticks = 123456789012, .uid = 4294967295,
                .container = 1, .netns = -1, .comm = "py\\x1bthon", .exe = "/usr/bin/python3",
                .environ = { ANSWER_GARBAGE, 0, "too big" },
                .cred_relative = 0, .cred_full = -1, .credentials = file_filled(),
                .token_file = FILE_OUTSIDE, .web_identity_file = FILE_UNKNOWN, .passwd_home = PASSWD_HOME_OTHER, .signed_out = true, .boto_file = true, .ca_bundle = FILE_OUTSIDE, .sdks = sdks, .n_sdks = 2,
        };
        p->env[ENV_VAR_RELATIVE_URI] = "/v2/credentials/***";
        p->env[ENV_VAR_KEY_ID] = "";
        p->env[ENV_VAR_SECRET] = " ";
        p->env[ENV_VAR_JAVA_TOOL_OPTIONS] = "-Daws.secretKey=***";
        p->prop[SYSPROP_PROFILE] = "prod";
}

static struct snapshot *snapshot_filled(pid_t n_processes)
{
        static const struct requirement requirements[] = { { REQUIREMENT_LOGS, "app", "/ecs/web", "eu-west-1", "web" },
                                                           { REQUIREMENT_EFS, NULL, "fs-1", NULL, NULL } };
        static const struct label labels[] = { { "a", "" }, { "b", NULL } };
        struct snapshot *s = NULL;

        assert_int_equal(snapshot_new(&s), 0);
        s->host = (struct host){
                .instance_id = "i-0123456789abcdef0", .region = "eu-west-1", .account = "",
                .imds = { ANSWER_OK, 200, NULL }, .imds_role_answer = { ANSWER_STATUS, 404, "" },
                .instance_expires_s = 1795500000, .cluster = "c\303\274", .taken_s = -1,
                .root = true,
        };
        *snapshot_add_task(s) = (struct task){ "arn:t/1", "web", "3", "RUNNING", "RUNNING", "api", "arn:r", "arn:x", "ecs-svc/1", true, true };
        *snapshot_add_definition(s) = (struct definition){ "web", "3", "f.json", "awsvpc", true, "arn:r", "arn:x", requirements, 2 };
        *snapshot_add_service(s) = (struct service){ "web", "arn:s", "web", "3", "arn:r", "arn:t", "x", "arn:i", true, false, true, true, "arn:a" };
        for (int i = 0; i < 3; i++)
                *snapshot_add_container(s) = (struct container){ .id = "0", .task = -(i != 1) };
        s->containers[1].labels = labels;
        s->containers[1].n_labels = 2;
        *snapshot_add_netns(s) = (struct netns){ 4026531840, .imds_v1.state = ANSWER_RESET };
        *snapshot_add_cred(s) = (struct credential){
                { ANSWER_EXPIRED, 200, NULL }, "arn:r/x", KEY_ID, 1, CRED_EXECUTION, "arn:t/1", 0,
        };
        for (pid_t i = 0; i < n_processes; i++)
                process_fill(snapshot_add_process(s), 100 + i);
        return s;
}

static char *snapshot_print(const struct snapshot *s)
{
        CLEANUP(json_freep) cJSON *j = NULL;

        assert_int_equal(model_to_json(s, &j), 0);
        return cJSON_Print(j);
}

static int snapshot_parse(const char *text, struct snapshot **ret)
{
        CLEANUP(json_freep) cJSON *j = NULL;

        assert_int_equal(json_parse(text, strlen(text), &j), 0);
        return model_from_json(j, ret);
}

/* How a profile is written, in JSON: a list of words, each of which is known. */
static void spellings_are_words(void **state)
{
        static const char *const refused[] = { "\"bom\"", "[1]", "[\"bom\",\"nonsense\"]" };
        CLEANUP(snapshot_freep) struct snapshot *s = snapshot_filled(2), *back = NULL;
        CLEANUP(freep) char *text = NULL;
        cJSON *j = NULL, *file;

        (void)state;
        s->processes[0].credentials.spelling = SPELLING_BOM | SPELLING_QUOTES_CUT;
        text = snapshot_print(s);
        assert_int_equal(snapshot_parse(text, &back), 0);
        assert_int_equal(back->processes[0].credentials.spelling, SPELLING_BOM | SPELLING_QUOTES_CUT);
        for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
                CLEANUP(snapshot_freep) struct snapshot *none = NULL;

                assert_int_equal(json_parse(text, strlen(text), &j), 0);
                file = cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(j, "processes"), 0), "credentials");
                assert_true(cJSON_ReplaceItemInObjectCaseSensitive(file, "spelling", cJSON_Parse(refused[i])));
                assert_int_equal(model_from_json(j, &none), -EBADMSG);
                cJSON_Delete(j);
        }
        snapshot_freep(&back);
        assert_int_equal(json_parse(text, strlen(text), &j), 0);
        file = cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(j, "processes"), 0), "credentials");
        assert_true(cJSON_ReplaceItemInObjectCaseSensitive(file, "spelling", cJSON_CreateNull()));
        assert_int_equal(model_from_json(j, &back), 0);
        assert_int_equal(back->processes[0].credentials.spelling, 0);
        cJSON_Delete(j);
}

static void json_is_the_snapshot(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = snapshot_filled(100), *back = NULL;
        CLEANUP(freep) char *text = snapshot_print(s), *again = NULL;

        (void)state;
        assert_int_equal(snapshot_parse(text, &back), 0);
        again = snapshot_print(back);
        assert_string_equal(again, text);
        assert_null(back->host.partition);
        assert_string_equal(back->host.account, "");
        assert_int_equal(back->n_processes, 100);
        assert_int_equal(back->processes[99].uid, 4294967295);
        assert_int_equal(back->processes[99].credentials.profiles[1].prefixed, true);
        assert_null(back->containers[1].labels[1].value);
        assert_int_equal(snapshot_find_process(back, 142), 42);
        assert_int_equal(snapshot_find_process(back, 1), -ENOENT);
        /* What was read goes on growing as what was gathered does. */
        assert_non_null(snapshot_add_process(back));
        assert_int_equal(back->processes[99].pid, 199);
}

#define HEAD "{\"rolewatch-snapshot\":1,"
#define CONTAINER "\"containers\":[{\"id\":\"a\"}],"
#define WITHIN(n, fields) HEAD CONTAINER "\"processes\":[{\"container\":" n fields "}]}"
#define PROCESS(fields) WITHIN("0,", fields)

/* Releases before 0.2 saved what a program had overwritten as an environment without variables. */
static void ambiguous_in_earlier_releases(void **state)
{
        static const struct { const char *why, *in; enum answer_state want; } T[] = {
                { "no variable", "\"environ\":{\"state\":\"ok\"},\"env\":{}", ANSWER_GARBAGE },
                { "no list of variables", "\"environ\":{\"state\":\"ok\"}", ANSWER_GARBAGE },
                { "none that is known", "\"environ\":{\"state\":\"ok\"},\"env\":{\"PATH\":\"/bin\"}", ANSWER_GARBAGE },
                { "a source that is null", "\"environ\":{\"state\":\"ok\"},\"environment_source\":null", ANSWER_GARBAGE },
                { "a variable", "\"environ\":{\"state\":\"ok\"},\"env\":{\"HOME\":\"/\"}", ANSWER_OK },
                { "a variable without value", "\"environ\":{\"state\":\"ok\"},\"env\":{\"AWS_PROFILE\":\"\"}", ANSWER_OK },
                { "denied", "\"environ\":{\"state\":\"denied\"},\"env\":{}", ANSWER_DENIED },
                { "this release, empty", "\"environ\":{\"state\":\"ok\"},\"environment_source\":\"memory\",\"env\":{}", ANSWER_OK },
                { "this release, source unknown", "\"environ\":{\"state\":\"ok\"},\"environment_source\":\"unknown\",\"env\":{}", ANSWER_OK },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                CLEANUP(text_done) struct text t = { 0 };
                const struct answer *got;

                text_add(&t, HEAD CONTAINER "\"processes\":[{\"container\":0,");
                text_add(&t, T[i].in);
                text_add(&t, "}]}");
                assert_int_equal(snapshot_parse(t.s, &s), 0);
                got = &s->processes[0].environ;
                if (got->state != T[i].want || (got->state == ANSWER_GARBAGE) != (got->detail != NULL))
                        fail_msg("%s: %s, %s", T[i].why, answer_state_to_string(got->state), got->detail);
        }
}

static void untrusted_json_is_checked(void **state)
{
        static const struct { const char *why, *in; int r; } T[] = {
                { "nothing", "{}", -EBADMSG },
                { "no object", "[1]", -EBADMSG },
                { "another version", "{\"rolewatch-snapshot\":2}", -EBADMSG },
                { "version as text", "{\"rolewatch-snapshot\":\"1\"}", -EBADMSG },
                { "empty", "{\"rolewatch-snapshot\":1}", 0 },
                { "unknown keys", HEAD "\"x\":[{}],\"host\":{\"y\":1}}", 0 },
                { "null is absent", HEAD "\"host\":null,\"tasks\":null}", 0 },
                { "host a list", HEAD "\"host\":[]}", -EBADMSG },
                { "tasks an object", HEAD "\"tasks\":{}}", -EBADMSG },
                { "a task that is text", HEAD "\"tasks\":[\"x\"]}", -EBADMSG },
                { "text a number", HEAD "\"host\":{\"region\":1}}", -EBADMSG },
                { "flag a number", HEAD "\"host\":{\"root\":1}}", -EBADMSG },
                { "unknown word", HEAD "\"host\":{\"imds\":{\"state\":\"fine\"}}}", -EBADMSG },
                { "negative status", HEAD "\"host\":{\"imds\":{\"status\":-1}}}", -EBADMSG },
                { "task out of range", HEAD "\"containers\":[{\"task\":0}]}", -EBADMSG },
                { "task below none", HEAD "\"containers\":[{\"task\":-2}]}", -EBADMSG },
                { "process without container", HEAD "\"processes\":[{\"pid\":1}]}", -EBADMSG },
                { "container -1", WITHIN("-1", ""), -EBADMSG },
                { "container 1 of 1", WITHIN("1", ""), -EBADMSG },
                { "lists in any order",
                  HEAD "\"processes\":[{\"container\":0}]," CONTAINER "\"x\":0}", 0 },
                { "netns out of range", PROCESS("\"netns\":0"), -EBADMSG },
                { "credential out of range", PROCESS("\"cred_rel\":0"), -EBADMSG },
                { "credential far out of range", PROCESS("\"cred_full\":4294967296"), -EBADMSG },
                { "pid beyond int", PROCESS("\"pid\":2147483648"), -EBADMSG },
                { "uid beyond 32 bits", PROCESS("\"uid\":4294967296"), -EBADMSG },
                { "half a pid", PROCESS("\"pid\":1.5"), -EBADMSG },
                { "env a list", PROCESS("\"env\":[]"), -EBADMSG },
                { "env value a number", PROCESS("\"env\":{\"HOME\":1}"), -EBADMSG },
                { "unknown env name", PROCESS("\"env\":{\"EVIL\":1}"), 0 },
                { "a bad profile deep inside", PROCESS("\"config\":{\"profiles\":[1]}"), -EBADMSG },
                { "a bad sdk", PROCESS("\"sdks\":[{\"certainty\":\"sure\"}]"), -EBADMSG },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL;
                int r = snapshot_parse(T[i].in, &s);

                if (r != T[i].r || !s != (r < 0))
                        fail_msg("%s: %d", T[i].why, r);
        }
}

static void untrusted_json_is_redacted_and_escaped(void **state)
{
        static const char in[] = PROCESS(
                "\"comm\":\"a\\u001b[1m\",\"env\":{\"AWS_SECRET_ACCESS_KEY\":\"" SECRET "\","
                "\"HOME\":\"\\u202e\"},"
                "\"prop\":{\"aws.sessionToken\":\"" TOKEN "\"},"
                "\"credentials\":{\"profiles\":[{"
                "\"key\":{\"aws_access_key_id\":\"" SECRET "\"}}]}");
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(freep) char *text = NULL;

        (void)state;
        assert_int_equal(snapshot_parse(in, &s), 0);
        assert_string_equal(s->processes[0].comm, "a\\x1b[1m");
        assert_string_equal(s->processes[0].env[ENV_VAR_HOME], "\\xe2\\x80\\xae");
        assert_string_equal(s->processes[0].env[ENV_VAR_SECRET], "***");
        assert_int_equal(s->processes[0].netns, -1);
        text = snapshot_print(s);
        assert_null(strstr(text, SECRET));
        assert_null(strstr(text, TOKEN));
}

/* Whatever is let in after damage is a snapshot like any other: it comes back as it is. */
static void damaged_json_is_refused_or_sound(void **state)
{
        static const char bytes[] = "\"\\{}[]:,-019eu\033\342";
        CLEANUP(snapshot_freep) struct snapshot *whole = snapshot_filled(2);
        CLEANUP(freep) char *text = snapshot_print(whole);
        size_t len = strlen(text), let_in = 0;
        uint32_t seed = 20261124;

        (void)state;
        for (int i = 0; i < 3000; i++) {
                CLEANUP(snapshot_freep) struct snapshot *s = NULL, *back = NULL;
                CLEANUP(json_freep) cJSON *j = NULL;
                CLEANUP(freep) char *first = NULL, *second = NULL;
                size_t at = (seed = seed * 1664525 + 1013904223) % len;
                char was = text[at];

                text[at] = bytes[(seed >> 16) % (sizeof bytes - 1)];
                if (json_parse(text, len, &j) >= 0 && model_from_json(j, &s) >= 0) {
                        let_in++;
                        first = snapshot_print(s);
                        assert_int_equal(snapshot_parse(first, &back), 0);
                        second = snapshot_print(back);
                        if (!streq(first, second))
                                fail_msg("byte %zu as %02x", at, (unsigned char)text[at]);
                }
                text[at] = was;
        }
        assert_true(let_in > 100);
}

static void the_lists_are_within_the_limit(void **state)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        size_t n = 0;

        (void)state;
        assert_int_equal(snapshot_new(&s), 0);
        while (n * sizeof(struct process) <= SNAPSHOT_LIMIT_BYTES && snapshot_add_process(s))
                n++;
        assert_true(n > 10000);
        assert_true(n * sizeof(struct process) <= SNAPSHOT_LIMIT_BYTES);
        assert_int_equal(s->n_processes, n);
        snapshot_free(NULL);
}

/* What is kept is the same without the processes, of which each container's first stays; nothing is shared. */
static void copied_without_processes(void **state)
{
        struct snapshot *s = snapshot_filled(4), *copied = NULL, *without = snapshot_filled(0);

        (void)state;
        /* 101 is the first of container 0, 102 its child; 103 came earlier, from outside. */
        s->processes[0].container = 2;
        for (int i = 1; i < 4; i++) {
                s->processes[i].container = 0;
                s->processes[i].start_ticks = (uint64_t)(100 - 10 * i);
                s->processes[i].ppid = 1;
        }
        s->processes[1].start_ticks = 5;
        s->processes[2].ppid = 101;
        s->processes[2].start_ticks = 1;
        s->processes[3].start_ticks = 4;
        assert_int_equal(snapshot_copy(s, &copied), 0);
        assert_int_equal(copied->n_processes, 2);
        assert_int_equal(copied->processes[0].pid, 103);
        assert_int_equal(copied->processes[1].pid, 100);
        assert_string_equal(copied->processes[1].env[ENV_VAR_RELATIVE_URI], s->processes[0].env[ENV_VAR_RELATIVE_URI]);
        assert_ptr_not_equal(copied->processes[1].env[ENV_VAR_RELATIVE_URI], s->processes[0].env[ENV_VAR_RELATIVE_URI]);
        snapshot_free(s);
        copied->n_processes = 0;
        CLEANUP(freep) char *a = snapshot_print(copied), *b = snapshot_print(without);
        assert_string_equal(a, b);
        snapshot_free(copied);
        snapshot_free(without);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(copied_without_processes),
                cmocka_unit_test(values_are_reduced),
                cmocka_unit_test(long_values_are_cut),
                cmocka_unit_test(no_canary_survives),
                cmocka_unit_test(strings_go_there_and_back),
                cmocka_unit_test(answers_as_text), cmocka_unit_test(spellings_are_words),
                cmocka_unit_test(json_is_the_snapshot),
                cmocka_unit_test(ambiguous_in_earlier_releases), cmocka_unit_test(untrusted_json_is_checked),
                cmocka_unit_test(untrusted_json_is_redacted_and_escaped),
                cmocka_unit_test(damaged_json_is_refused_or_sound),
                cmocka_unit_test(the_lists_are_within_the_limit),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
