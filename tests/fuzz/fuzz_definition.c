/* A task definition as ECS describes it. fuzz: dict=json max_len=8192 */
#include "../../agent/account/definitions.h"
#include "fuzz.h"

static const char *const words[] = {
        "family", "web", "revision", "containerDefinitions", "name", "app", "image", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/x:1",
        "repositoryCredentials", "credentialsParameter", "secrets", "valueFrom", "arn:aws:secretsmanager:eu-west-1:1:secret:a-b",
        "arn:aws:ssm:eu-west-1:1:parameter/p", "/p", "logConfiguration", "logDriver", "awslogs", "options", "awslogs-group",
        "awslogs-region", "awslogs-stream-prefix", "awslogs-create-group", "secretOptions", "environmentFiles", "type", "s3", "value",
        "arn:aws:s3:::b/k.env", "firelensConfiguration", "config-file-type", "config-file-value", "credentialSpecs",
        "credentialspecdomainless:arn:aws:s3:::b/c", "volumes", "efsVolumeConfiguration", "fileSystemId", "fs-1",
        "authorizationConfig", "iam", "ENABLED", "mountPoints", "sourceVolume", "readOnly", "taskRoleArn", "executionRoleArn",
        "networkMode", "bridge",
};
FUZZ_MUTATOR(json, words)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const char *const names[] = { "web" };
        const struct cluster_request request = { .definitions = names, .n_definitions = 1 };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *in = fuzz_text(data, size);
        int r = snapshot_new(&s);

        if (r == 0)
                r = json_parse(in, size, &j);
        if (r == 0)
                r = definition_take(s, j, "definition.json", &request);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        CLAIM(s->n_definitions <= 1);
        claim_snapshot(s);
        return 0;
}
