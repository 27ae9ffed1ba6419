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

static void claim_reports(const struct plan *p)
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
        for (size_t i = 0; i < v->n_findings; i++)
                CLAIM(v->findings[i].group < 0 || v->findings[i].certainty <= CERTAINTY_POSSIBLE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(plan_freep) struct plan *p = NULL;
        CLEANUP(text_done) struct text error = { 0 };
        CLEANUP(closep) int fd = fuzz_file(data, size);
        char path[32];
        struct plan_request q = { .path = path, .now_s = 1790000000 };
        int r;

        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        r = plan_make(&q, &p, &error);
        FUZZ_ERROR(r);
        if (r < 0) {
                CLAIM(r == -ENOMEM || (r == -EBADMSG && error.s));
                if (error.s && !error.failed)
                        claim_shown(error.s, "");
                fuzz_result(r, NULL);
                return 0;
        }
        CLAIM(p->s->n_tasks == 1 && p->s->n_definitions == 1);
        claim_snapshot(p->s);
        claim_reports(p);
        return 0;
}
