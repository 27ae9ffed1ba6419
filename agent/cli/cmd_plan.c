/* rolewatch plan: a task that does not run yet, by its task definition. */
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/io.h"
#include "rolewatch/report.h"

#define PLAN_OPTIONS(X) \
        X(FLAG, json,           "json",           'j', NULL,       "print the report as JSON") \
        X(TEXT, junit,          "junit",          0,   "FILE",     "also write the report to FILE as JUnit XML, which CI systems show") \
        X(LIST, image,          "image",          0,   "NAME=PATH", "search PATH, the image of container NAME: an archive, an OCI layout or an unpacked directory") \
        X(LIST, bundle,         "bundle",         0,   "FILE",     "decide calls by the policies in FILE, written by 'rolewatch bundle'") \
        X(TEXT, needs,          "needs",          0,   "PATH",     "decide the calls that the file or directory PATH declares") \
        X(TEXT, host,           "host",           0,   "FILE",     "assume the host of the snapshot FILE") \
        X(TEXT, launch_type,    "launch-type",    0,   "TYPE",     "assume the launch type TYPE: EC2, FARGATE, EXTERNAL or MANAGED_INSTANCES") \
        X(TEXT, task_role,      "task-role",      0,   "ROLE",     "use ROLE, an ARN or a name, as the task role") \
        X(TEXT, execution_role, "execution-role", 0,   "ROLE",     "use ROLE, an ARN or a name, as the execution role") \
        X(TEXT, region,         "region",         0,   "REGION",   "assume the region REGION") \
        X(LIST, env_file,       "env-file",       0,   "FILE",     "use FILE as the environment file of that name") \
        X(TEXT, resource,       "resource",       0,   "ID",       "read the task definition that the template calls ID")
OPTION_TABLE(PLAN_OPTIONS)

static int plan_get(const struct arguments *a, const struct options *o, struct plan **ret)
{
        CLEANUP(text_done) struct text error = { 0 };
        struct plan_request q = {
                .path = a->operands[0], .resource = o->resource, .task_role = o->task_role, .execution_role = o->execution_role,
                .launch_type = o->launch_type, .region = o->region, .env_files = o->env_file.values, .n_env_files = o->env_file.n,
                .images = o->image.values, .n_images = o->image.n, .needs = o->needs, .bundles = o->bundle.values, .n_bundles = o->bundle.n, .host_source = o->host, .now_s = clock_wall_s(),
        };
        int r = o->host ? facts_get(a, o->host, &q.host) : 0;

        if (r < 0)
                return r;
        r = plan_make(&q, ret, &error);
        if (r < 0)
                command_error(a, "%s", error.s && !error.failed ? error.s : strerror(-r));
        return r;
}

static int junit_write(const struct plan *p, const struct verdicts *v, const char *path)
{
        FILE *out;
        int r = private_open(path, &out);

        if (r < 0)
                return r;
        r = report_plan_junit(p, v, out);
        return fclose(out) == 0 || r < 0 ? r : -errno;
}

static int plan_refused(const struct arguments *a, const struct options *o)
{
        if (o->launch_type && launch_type_from_string(o->launch_type) < 0)
                return usage_error(a->command, "invalid value '%s' of option '--launch-type'", o->launch_type);
        if (o->region && !text_is(o->region, strlen(o->region), "-"))
                return usage_error(a->command, "invalid value '%s' of option '--region'", o->region);
        return 0;
}

static int run_plan(const struct arguments *a)
{
        CLEANUP(plan_freep) struct plan *p = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        const struct options *o = a->options;
        cJSON *j = NULL;
        int r = plan_refused(a, o);

        if (r)
                return r;
        if (plan_get(a, o, &p) < 0)
                return EXIT_UNKNOWN;
        if (judge(p->s, &v) < 0)
                return command_error(a, "cannot judge the plan: out of memory");
        if (o->json ? report_plan_json(p, v, &j) < 0 || json_print(a, j, NULL) != 0 : report_plan(p, v, cli_style(), stdout) < 0)
                return EXIT_UNKNOWN;
        r = o->junit ? junit_write(p, v, o->junit) : 0;
        return r < 0 ? output_error(a, o->junit, r) : plan_exit_status(p, v);
}

const struct command command_plan = {
        .name = "plan", .operands = "TASKDEF", .help = "judge a task before it is deployed: its credentials, and calls that are denied",
        COMMAND_OPTIONS, .run = run_plan,
        .exits = { { 0, "there is no warning and no critical finding" }, { 1, "there is a warning, and no critical finding" },
                   { 2, "there is a critical finding" }, { 3, "a file could not be read, or the task could not be judged" } },
        .examples = { "rolewatch plan taskdef.json --bundle bundle.json --needs needs.d", "rolewatch plan template.json --resource WebTask --junit plan.xml" },
};
