/*
 * The evaluator's cost: a role of 10 policies with 20 statements each, asked
 * for what its last statement allows; parsing it; a need with a wildcard; and
 * many needs by many roles. Prints "name ns-per-operation" a line.
 */
#include <malloc.h>
#include <stdio.h>
#include <time.h>
#include "rolewatch/iam.h"

#define POLICIES 10
#define STATEMENTS 20

static int64_t now_ns(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static char *policy_text(int which)
{
        struct text t = { 0 };

        text_add(&t, "{\"Version\":\"2012-10-17\",\"Statement\":[");
        for (int i = 0; i < STATEMENTS; i++)
                text_addf(&t, "%s{\"Sid\":\"s%d\",\"Effect\":\"%s\",\"Action\":[\"sns:Publish\",\"sqs:Send*\"],"
                              "\"Resource\":\"arn:aws:sns:eu-west-1:111122223333:team-%d-%d-*\","
                              "\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":[\"red\",\"blue\"]},"
                              "\"Bool\":{\"aws:SecureTransport\":\"true\"}}}",
                          i ? "," : "", i, i % 7 == 3 ? "Deny" : "Allow", which, i);
        text_add(&t, "]}");
        return t.s;
}

static const char *team = "blue", *yes = "true";
static const struct iam_key context[] = {
        { "aws:PrincipalTag/team", IAM_KEY_KNOWN, &team, 1, false },
        { "aws:SecureTransport", IAM_KEY_KNOWN, &yes, 1, false },
};
static struct iam_request request(const char *resource)
{
        return (struct iam_request){ .principal = "arn:aws:sts::111122223333:assumed-role/r/s",
                                     .role_arn = "arn:aws:iam::111122223333:role/r", .action = "sns:Publish",
                                     .resource = resource, .context = context, .n_context = 2 };
}

#define LAST "arn:aws:sns:eu-west-1:111122223333:team-9-19-orders"
#define BATCHES 10

static int by_size(const void *a, const void *b) { return (*(const int64_t *)a > *(const int64_t *)b) - (*(const int64_t *)a < *(const int64_t *)b); }

/* The median of ten batches: other work on the machine makes some of them slow. */
static void decisions(const struct iam_policies *all, const char *name, const char *resource, bool containment, int rounds)
{
        struct iam_request rq = request(resource);
        struct iam_decision d;
        size_t before = mallinfo2().uordblks;
        int64_t took[BATCHES];

        for (int batch = 0; batch < BATCHES; batch++) {
                int64_t start = now_ns();

                for (int i = 0; i < rounds / BATCHES; i++) {
                        if (containment)
                                iam_resource_containment(all, &rq, &d);
                        else
                                iam_evaluate(all, &rq, &d);
                }
                took[batch] = (now_ns() - start) / (rounds / BATCHES);
        }
        qsort(took, BATCHES, sizeof *took, by_size);
        printf("%s %lld ns, %zu bytes kept, %s\n", name, (long long)took[BATCHES / 2],
               mallinfo2().uordblks - before, iam_answer_to_string(d.answer));
}

/* Needs of 1,000 resources by 200 roles, each of the ten policies. */
static void fleet(const struct iam_policies *all)
{
        char resource[96];
        struct iam_request rq = request(resource);
        struct iam_decision d;
        size_t allowed = 0;
        int64_t start = now_ns();

        for (int role = 0; role < 200; role++)
                for (int need = 0; need < 1000; need++) {
                        snprintf(resource, sizeof resource, "arn:aws:sns:eu-west-1:111122223333:team-%d-%d-x",
                                 need % 12, need % 20);
                        iam_evaluate(all, &rq, &d);
                        allowed += d.answer == IAM_ALLOWED;
                }
        printf("fleet %lld ms for 1000 needs of 200 roles, %zu allowed\n",
               (long long)((now_ns() - start) / 1000000), allowed);
}

/* The worst for this matcher: a run, then a long text that nearly matches from every place. */
static void worst(struct arena *a)
{
        size_t n = 2048;
        CLEANUP(freep) char *doc = malloc(n + 300), *arn = malloc(4200);
        const struct iam_policy *p;
        struct iam_policies all = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 } };
        struct iam_request rq = request(arn);
        struct iam_decision d;
        char *to;
        int64_t start;

        if (!doc || !arn)
                return;
        to = doc + sprintf(doc, "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"arn:aws:sns:a:b:");
        *to++ = '*';
        memset(to, 'a', n);
        to += n;
        to += sprintf(to, "b\"}}");
        strcpy(arn, "arn:aws:sns:a:b:");
        memset(arn + strlen(arn), 'a', 4096);
        arn[16 + 4096] = '\0';
        if (iam_policy_parse(a, doc, (size_t)(to - doc), IAM_IDENTITY, "p", &p) < 0)
                return;
        start = now_ns();
        iam_evaluate(&all, &rq, &d);
        printf("worst %lld us for a pattern that nearly matches everywhere, %s\n", (long long)((now_ns() - start) / 1000),
               iam_answer_to_string(d.answer));
}

int main(int argc, char **argv)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        const struct iam_policy *list[POLICIES];
        struct iam_policies all = { .of[IAM_IDENTITY] = { .list = list, .n = POLICIES } };
        int rounds = argc > 1 ? atoi(argv[1]) : 200000;
        int64_t start, spent = 0;
        size_t bytes = 0;

        if (arena_new((size_t)64 << 20, &a) < 0)
                return 1;
        for (int i = 0; i < POLICIES; i++) {
                CLEANUP(freep) char *text = policy_text(i);

                bytes += strlen(text);
                start = now_ns();
                if (iam_policy_parse(a, text, strlen(text), IAM_IDENTITY, "p", &list[i]) < 0)
                        return 1;
                spent += now_ns() - start;
        }
        printf("parse %lld ns, %zu bytes of policy\n", (long long)spent, bytes);
        decisions(&all, "decision", LAST, false, rounds);
        if (argc > 1)
                return 0;      /* for counting instructions: only decisions, as many as asked */
        decisions(&all, "containment", "arn:aws:sns:eu-west-1:111122223333:team-9-19-o*", true, rounds / 1000);
        fleet(&all);
        worst(a);
        return 0;
}
