/* The words of a snapshot, from the tables by which it is read. */
#include "../../agent/model/model_internal.h"

#define WORDS_MAX 1024
static const char *words[WORDS_MAX];
static size_t n_words;

static void word_add(const char *s)
{
        if (s && n_words < WORDS_MAX)
                words[n_words++] = s;
}

static void words_of(const struct table *t)
{
        for (size_t i = 0; i < t->n; i++) {
                const struct field *f = &t->fields[i];

                word_add(f->key);
                for (size_t k = 0; f->words && k < f->words->n; k++)
                        word_add(f->words->word[k]);
                if (f->of)
                        words_of(f->of);
        }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
        static const char *const more[] = {
                "botocore", "java1", "java2", "go1", "go2", "js2", "js3", "php", "ruby", "dotnet", "cpp", "rust", "1.21.0", "3.1050.0",
                "arn:aws:iam::111122223333:role/webTaskRole", "webTaskRole", "ecsInstanceRole", "AKIAIOSFODNN7EXAMPLE", "***", " ",
                "/v2/credentials/***", "http://169.254.170.2/***", "cron", "sudo", "su", "sshd", "tini", "/usr/sbin/cron", "task",
                "instance", "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"*\"}]}", "true", "false",
                "RUNNING", "awsvpc", "bridge", "web", "app", "default", "Ec2InstanceMetadata", "EcsContainer", "Environment", "ecs-svc/1",
        };

        if (!n_words) {
                words_of(&snapshot_table);
                for (size_t i = 0; i < ARRAY_SIZE(more); i++)
                        word_add(more[i]);
        }
        return mutate_json(data, size, max_size, seed, words, n_words);
}
