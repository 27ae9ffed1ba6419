/*
 * The calls that task definitions require: image pulls, logs, secrets and files
 * (ECS developer guide, "task execution IAM role"; amazon-ecs-agent,
 * agent/taskresource), and file systems.
 */
#include <regex.h>
#include "requirement_rules.h"

static const char *partition(const struct site *t)
{
        return t->ix->s->host.partition ? t->ix->s->host.partition : "aws";
}

static const char *match_text(const struct site *t, const regmatch_t *m)
{
        return arena_dupn(t->ix->a, t->x->value + m->rm_so, (size_t)(m->rm_eo - m->rm_so));
}

/* The ARN of an ECR image; NULL: not of ECR. Registry hosts with FIPS and dual-stack forms: ECR API reference. */
static const char *repository(const struct site *t)
{
        static const char form[] = "^([0-9]{12})\\.dkr[.-]ecr(-fips)?\\.([a-z0-9-]+)\\.[a-z0-9.-]+/([^:@]+)";
        regmatch_t m[5];
        regex_t re;
        int r;

        if (regcomp(&re, form, REG_EXTENDED) != 0)
                return NULL;
        r = regexec(&re, t->x->value, ARRAY_SIZE(m), m, 0);
        regfree(&re);
        if (r != 0)
                return NULL;
        return arena_printf(t->ix->a, "arn:%s:ecr:%s:%s:repository/%s", partition(t), match_text(t, &m[3]),
                            match_text(t, &m[1]), match_text(t, &m[4]));
}

static const char *token_of_registry(const struct site *t)
{
        return repository(t) ? "*" : NULL;
}

static const char *log_group(const struct site *t)
{
        const struct host *h = &t->ix->s->host;
        const char *region = t->x->region ? t->x->region : h->region;

        return region && h->account ? arena_printf(t->ix->a, "arn:%s:logs:%s:%s:log-group:%s", partition(t),
                                                   region, h->account, t->x->value)
                                    : NULL;
}

/* The resource that CloudWatch Logs names in denials. */
static const char *log_group_stream(const struct site *t)
{
        const char *group = log_group(t);

        return group ? arena_printf(t->ix->a, "%s:log-stream:", group) : NULL;
}

/* Without a prefix Docker names the stream after the container id. */
static const char *log_stream(const struct site *t)
{
        const char *group = log_group_stream(t);
        const struct snapshot *s = t->ix->s;

        if (!group || !t->x->container)
                return NULL;
        if (t->x->prefix)
                return arena_printf(t->ix->a, "%s%s/%s/%s", group, t->x->prefix, t->x->container,
                                    t->task && t->task->arn ? arn_name(t->task->arn) : "task");
        if (!t->task)
                return NULL;
        /* Of a planned task the id of the container is not known. */
        if (!t->task->arn)
                return arena_printf(t->ix->a, "%scontainer", group);
        for (size_t i = 0; i < s->n_containers; i++)
                if (s->containers[i].task == (int)(t->task - s->tasks) &&
                    streq(s->containers[i].name, t->x->container))
                        return arena_printf(t->ix->a, "%s%s", group, s->containers[i].id);
        return NULL;
}

/* "arn:P:secretsmanager:R:A:secret:NAME-XXXXXX[:key:stage:id]", without the part in brackets; NULL: a partial ARN. */
static const char *secret(const struct site *t)
{
        static const char form[] = "^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+-[A-Za-z0-9]{6}";
        regmatch_t m;
        regex_t re;
        int r;

        if (regcomp(&re, form, REG_EXTENDED) != 0)
                return NULL;
        r = regexec(&re, t->x->value, 1, &m, 0);
        regfree(&re);
        return r == 0 && strchr(":", t->x->value[m.rm_eo]) ? match_text(t, &m) : NULL;
}

/* The ARN of a parameter: as given, or of a name in the host's region. */
static const char *parameter(const struct site *t)
{
        const struct host *h = &t->ix->s->host;
        const char *v = t->x->value;

        if (strncmp(v, "arn:", 4) == 0)
                return strstr(v, ":ssm:") ? v : NULL;
        return h->region && h->account
                       ? arena_printf(t->ix->a, "arn:%s:ssm:%s:%s:parameter/%s", partition(t), h->region,
                                      h->account, *v == '/' ? v + 1 : v)
                       : NULL;
}

static const char *object(const struct site *t)
{
        return strstr(t->x->value, ":s3:") ? t->x->value : NULL;
}

static const char *bucket(const struct site *t)
{
        const char *arn = object(t);

        return arn ? arena_dupn(t->ix->a, arn, strcspn(arn, "/")) : NULL;
}

static const char *file_system(const struct site *t)
{
        const struct host *h = &t->ix->s->host;

        return h->region && h->account
                       ? arena_printf(t->ix->a, "arn:%s:elasticfilesystem:%s:%s:file-system/%s", partition(t),
                                      h->region, h->account, t->x->value)
                       : NULL;
}

static const struct rule rules[] = {
        { REQUIREMENT_IMAGE,   "ecr:GetAuthorizationToken",       token_of_registry, NULL,      WITHOUT },
        { REQUIREMENT_IMAGE,   "ecr:BatchGetImage",               repository,        NULL,      WITH },
        { REQUIREMENT_IMAGE,   "ecr:GetDownloadUrlForLayer",      repository,        NULL,      WITH },
        { REQUIREMENT_REGISTRY, "secretsmanager:GetSecretValue",  secret,            NULL,      WITH },
        { REQUIREMENT_LOGS,    "logs:CreateLogStream",            log_stream,        log_group, WITHOUT },
        { REQUIREMENT_LOGS,    "logs:PutLogEvents",               log_stream,        NULL,      WITHOUT },
        { REQUIREMENT_LOGS_CREATE, "logs:CreateLogGroup",         log_group_stream,  log_group, WITHOUT },
        { REQUIREMENT_SECRET,  "secretsmanager:GetSecretValue",   secret,            NULL,      WITH },
        { REQUIREMENT_SECRET,  "ssm:GetParameters",               parameter,         NULL,      WITHOUT },
        { REQUIREMENT_S3_FILE, "s3:GetObject",                    object,            NULL,      WITH },
        { REQUIREMENT_S3_FILE, "s3:GetBucketLocation",            bucket,            NULL,      WITH },
        { REQUIREMENT_EFS,     "elasticfilesystem:ClientMount",   file_system,       NULL,      OPEN },
        { REQUIREMENT_EFS_WRITE, "elasticfilesystem:ClientWrite", file_system,       NULL,      OPEN },
};

size_t requirement_rule_count(void)
{
        return ARRAY_SIZE(rules);
}

const struct rule *requirement_rule(size_t i)
{
        return &rules[i];
}
