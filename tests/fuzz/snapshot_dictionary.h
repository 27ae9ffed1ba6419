/* The words of a snapshot, from the tables by which it is read. */
#include "../../agent/model/model_internal.h"

#define WORDS_MAX 1024
static const char *strings[WORDS_MAX];
static size_t n_dictionary;

static void dictionary_add(const char *s)
{
        if (s && n_dictionary < WORDS_MAX)
                strings[n_dictionary++] = s;
}

static void strings_of(const struct table *t)
{
        for (size_t i = 0; i < t->n; i++) {
                const struct field *f = &t->fields[i];

                dictionary_add(f->key);
                for (size_t k = 0; f->strings && k < f->strings->n; k++)
                        dictionary_add(f->strings->string[k]);
                if (f->of)
                        strings_of(f->of);
        }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
        static const char *const more[] = {
                "botocore", "java1", "java2", "kotlin", "go1", "go2", "js2", "js3", "php", "ruby", "dotnet", "cpp", "rust", "1.21.0", "3.1050.0",
                "arn:aws:iam::111122223333:role/webTaskRole", "webTaskRole", "ecsInstanceRole", "AKIAIOSFODNN7EXAMPLE", "***", " ",
                "/v2/credentials/***", "http://169.254.170.2/***", "cron", "sudo", "su", "sshd", "tini", "/usr/sbin/cron", "task",
                "instance", "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"*\"}]}", "true", "false",
                "RUNNING", "awsvpc", "bridge", "web", "app", "default", "Ec2InstanceMetadata", "EcsContainer", "Environment", "ecs-svc/1",
        };

        if (!n_dictionary) {
                strings_of(&snapshot_table);
                for (size_t i = 0; i < ARRAY_SIZE(more); i++)
                        dictionary_add(more[i]);
        }
        return mutate_json(data, size, max_size, seed, strings, n_dictionary);
}
