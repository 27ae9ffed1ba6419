/* A task definition in any form, as `rolewatch plan` reads it from a file. fuzz: dict=json max_len=8192 */
#include "fuzz.h"
#include "rolewatch/report.h"

static const char *const words[] = {
        "taskDefinition", "taskDefinitionArn", "family", "web", "taskRoleArn", "executionRoleArn", "arn:aws:iam::111122223333:role/web", "networkMode", "awsvpc",
        "none", "host", "requiresCompatibilities", "FARGATE", "EXTERNAL", "EC2", "containerDefinitions", "name", "app", "image",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/x:1", "entryPoint", "command", "java", "-Daws.accessKeyId=AKIAIOSFODNN7EXAMPLE", "environment", "value",
        "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "JAVA_TOOL_OPTIONS",
        "secrets", "valueFrom", "environmentFiles", "arn:aws:s3:::b/k.env", "healthCheck", "CMD", "CMD-SHELL", "dockerLabels", "rolewatch.needs",
        "sns:Publish *", "logConfiguration", "logDriver", "awslogs", "options", "awslogs-group", "awslogs-region", "Resources", "Type", "Properties",
        "AWS::ECS::TaskDefinition", "ContainerDefinitions", "Name", "Value", "Ref", "Fn::Sub", "Volumes", "EFSVolumeConfiguration", "FilesystemId", "IAM",
};
FUZZ_MUTATOR(json, words)

static void claim_reports(const struct plan *p, bool with_image)
{
        CALM;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *page = NULL, *json = NULL;
        size_t size = 0;
        FILE *f = open_memstream(&page, &size);
        int status;

        CLAIM(f && judge(p->s, &v) == 0);
        CLAIM(report_plan(p, v, (struct report_style){ false, 80 }, f) == 0);
        CLAIM(report_plan_junit(p, v, f) == 0);
        CLAIM(report_plan_json(p, v, &j) == 0);
        json = cJSON_PrintUnformatted(j);
        fclose(f);
        claim_shown(page, "\n");
        claim_shown(json, "");
        status = plan_exit_status(p, v);
        CLAIM(status >= 0 && status <= 3);
        /* No SDK is known: nothing is more than possible of a program. */
        for (size_t i = 0; !with_image && i < v->n_findings; i++)
                CLAIM(v->findings[i].group < 0 || v->findings[i].certainty <= CERTAINTY_POSSIBLE);
}

static int plan_claimed(struct plan_request *q)
{
        CLEANUP(plan_freep) struct plan *p = NULL;
        CLEANUP(text_done) struct text error = { 0 };
        int r = plan_make(q, &p, &error);

        FUZZ_ERROR(r);
        if (r < 0) {
                CLAIM(r == -ENOMEM || (r == -EBADMSG && error.s));
                if (error.s && !error.failed)
                        claim_shown(error.s, "");
                return r;
        }
        CLAIM(p->s->n_tasks == 1 && p->s->n_definitions == 1);
        claim_snapshot(p->s);
        claim_reports(p, q->n_images > 0);
        return 0;
}

/* An empty tree, whose path is to be escaped. */
static char tree[] = "/tmp/fuzz_plan\x1b[31m.XXXXXX";

static void tree_remove(void) { rmdir(tree); }

/* Of the first container in the ECS API's spelling: "NAME=DIRECTORY", the caller's; NULL: there is none. */
static char *image_option(const uint8_t *data, size_t size)
{
        CALM;
        static bool made;
        CLEANUP(json_freep) cJSON *j = cJSON_ParseWithLength((const char *)data, size);
        const cJSON *list = cJSON_IsArray(j) ? j : cJSON_GetObjectItemCaseSensitive(j, "containerDefinitions"),
                    *name = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(list, 0), "name");
        char *option = NULL;

        if (!made)
                CLAIM(mkdtemp(tree) && atexit(tree_remove) == 0);
        made = true;
        if (cJSON_IsString(name))
                CLAIM(asprintf(&option, "%s=%s", name->valuestring, tree) > 0);
        return option;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(closep) int fd = fuzz_file(data, size);
        CLEANUP(freep) char *image = image_option(data, size);
        char path[32];
        struct plan_request q = { .path = path, .now_s = 1790000000 };
        int r;

        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        r = plan_claimed(&q);
        q.images = (const char *const *)&image;
        q.n_images = 1;
        if (r == 0 && image)
                r = plan_claimed(&q);
        if (r < 0)
                fuzz_result(r, NULL);
        return 0;
}
