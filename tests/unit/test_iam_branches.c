/*
 * The evaluator's rarer ways: keys that every request has, for each kind of caller; principals; resources; and a
 * budget that ends anywhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "helper_iam.h"

/*
 * Its answer; and with each smaller budget the same, or unknown for want of steps. What nothing allows is denied
 * for certain, also where whether it is denied by a statement is not.
 */
static enum iam_answer answer_of(const char *why, const char *line)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *text = quoted(line);
        struct iam_decision d, less;
        const char *error = NULL;
        struct iam_policies p;
        struct iam_request rq;
        uint64_t steps = IAM_STEPS, used;

        assert_int_equal(arena_new(1 << 20, &a), 0);
        if (json_parse(text, strlen(text), &j) < 0)
                fail_msg("%s: not JSON: %s", why, text);
        if (iam_request_from_json(j, a, &p, &rq, &error) < 0)
                fail_msg("%s: %s", why, error);
        rq.steps = &steps;
        iam_evaluate(&p, &rq, &d);
        assert_true(d.answer != IAM_UNKNOWN || d.n_why > 0);
        used = IAM_STEPS - steps;
        for (uint64_t n = 0; n < used && n < 3000; n++) {
                bool size = false, sound;

                steps = n;
                iam_evaluate(&p, &rq, &less);
                for (size_t i = 0; i < less.n_why; i++)
                        size = size || less.why[i].reason == IAM_WHY_SIZE;
                sound = less.answer == IAM_UNKNOWN || (less.answer == IAM_IMPLICIT && d.answer == IAM_EXPLICIT);
                if (less.answer != d.answer && !(sound && size))
                        fail_msg("%s: %s with %llu steps", why, iam_answer_to_string(less.answer), (unsigned long long)n);
        }
        return d.answer;
}

static void expect(const char *why, const char *line, enum iam_answer want)
{
        enum iam_answer got = answer_of(why, line);

        if (got != want)
                fail_msg("%s: %s %s", why, iam_answer_to_string(got), line);
}

/* ---- keys that every request has (IAM user guide, AWS global condition context keys) ---- */

static const struct { const char *why, *principal, *resource, *more, *condition; enum iam_answer want; } keys[] = {
        { "a session's role", SESSION, OBJECT, "", "'ArnEquals':{'aws:PrincipalArn':'" ROLE "'}", IAM_ALLOWED },
        { "... is not its session", SESSION, OBJECT, "", "'ArnEquals':{'aws:PrincipalArn':'" SESSION "'}", IAM_IMPLICIT },
        { "... with its path", SESSION, OBJECT, ",'roleArn':'arn:aws:iam::" A ":role/team/web'", "'ArnEquals':{'aws:PrincipalArn':'arn:aws:iam::" A ":role/team/web'}", IAM_ALLOWED },
        { "a role", ROLE, OBJECT, "", "'ArnEquals':{'aws:PrincipalArn':'" ROLE "'}", IAM_ALLOWED },
        { "a user", USER, OBJECT, "", "'ArnEquals':{'aws:PrincipalArn':'" USER "'}", IAM_ALLOWED },
        { "the root user", ROOT, OBJECT, "", "'ArnEquals':{'aws:PrincipalArn':'" ROOT "'}", IAM_EXPLICIT },
        { "a federated user", GUEST, OBJECT, "", "'ArnEquals':{'aws:PrincipalArn':'" GUEST "'}", IAM_ALLOWED },
        { "a caller of a kind of tomorrow", "arn:aws:sts::" A ":robot/x", OBJECT, "", "'ArnEquals':{'aws:PrincipalArn':'arn:aws:sts::" A ":robot/x'}", IAM_UNKNOWN },
        { "a caller that is half an ARN", "arn:aws:sts", OBJECT, "", "'StringEquals':{'aws:PrincipalType':'User'}", IAM_UNKNOWN },
        { "a role of an endless name", "arn:aws:sts::" A ":assumed-role/" HUNDRED HUNDRED HUNDRED "/s", OBJECT, "", "'StringLike':{'aws:PrincipalArn':'arn:*'}", IAM_UNKNOWN },
        { "a user of an endless name", "arn:aws:iam::" A ":user/" HUNDRED HUNDRED HUNDRED, OBJECT, "", "'StringLike':{'aws:username':'x*'}", IAM_UNKNOWN },
        { "the type of a session", SESSION, OBJECT, "", "'StringEquals':{'aws:PrincipalType':'AssumedRole'}", IAM_ALLOWED },
        { "the type of a user", USER, OBJECT, "", "'StringEquals':{'aws:PrincipalType':'User'}", IAM_ALLOWED },
        { "the type of the root user", ROOT, OBJECT, "", "'StringEquals':{'aws:PrincipalType':'Account'}", IAM_EXPLICIT },
        { "the type of a federated user", GUEST, OBJECT, "", "'StringEquals':{'aws:PrincipalType':'FederatedUser'}", IAM_ALLOWED },
        { "the type of a service", SERVICE, OBJECT, "", "'StringEquals':{'aws:PrincipalType':'User'}", IAM_UNKNOWN },
        { "the type of a provider", OIDC, OBJECT, "", "'StringEquals':{'aws:PrincipalType':'User'}", IAM_UNKNOWN },
        { "the type of a caller of tomorrow", "arn:aws:sts::" A ":robot/x", OBJECT, "", "'StringEquals':{'aws:PrincipalType':'User'}", IAM_UNKNOWN },
        { "the account", USER, OBJECT, "", "'StringEquals':{'aws:PrincipalAccount':'" A "'}", IAM_ALLOWED },
        { "another account", USER, OBJECT, "", "'StringEquals':{'aws:PrincipalAccount':'444455556666'}", IAM_IMPLICIT },
        { "a service", SERVICE, OBJECT, "", "'Bool':{'aws:PrincipalIsAWSService':'true'}", IAM_ALLOWED },
        { "no service", USER, OBJECT, "", "'Bool':{'aws:PrincipalIsAWSService':'true'}", IAM_IMPLICIT },
        { "a service is no user", SERVICE, OBJECT, "", "'StringLike':{'aws:username':'*'}", IAM_IMPLICIT },
        { "a user's name has no path", USER, OBJECT, "", "'StringEquals':{'aws:username':'alice'}", IAM_ALLOWED },
        { "the root user has no name", ROOT, OBJECT, "", "'StringLike':{'aws:username':'*'}", IAM_ALLOWED },
        { "a session has no name of a user", SESSION, OBJECT, "", "'Null':{'aws:username':'true'}", IAM_ALLOWED },
        { "the user's id is there, and not known", USER, OBJECT, "", "'StringEquals':{'aws:userid':'AIDAEXAMPLE'}", IAM_UNKNOWN },
        { "... but there", USER, OBJECT, "", "'Null':{'aws:userid':'false'}", IAM_ALLOWED },
        { "the time is there, and not known", USER, OBJECT, "", "'DateGreaterThan':{'aws:CurrentTime':'2026-01-01'}", IAM_UNKNOWN },
        { "the time of seconds", USER, OBJECT, "", "'Null':{'aws:EpochTime':'true'}", IAM_IMPLICIT },
        { "TLS", USER, OBJECT, "", "'Bool':{'aws:SecureTransport':'false'}", IAM_UNKNOWN },
        { "the region of an ARN", USER, QUEUE, "", "'StringEquals':{'aws:RequestedRegion':'eu-west-1'}", IAM_ALLOWED },
        { "another region", USER, QUEUE, "", "'StringEquals':{'aws:RequestedRegion':'us-east-1'}", IAM_IMPLICIT },
        { "an ARN without a region", USER, OBJECT, "", "'StringEquals':{'aws:RequestedRegion':'eu-west-1'}", IAM_UNKNOWN },
        { "no ARN, no region", USER, "*", "", "'StringEquals':{'aws:RequestedRegion':'eu-west-1'}", IAM_UNKNOWN },
        { "the owner by the request", USER, OBJECT, "", "'StringEquals':{'aws:ResourceAccount':'" A "'}", IAM_ALLOWED },
        { "another owner", USER, OBJECT, "", "'StringEquals':{'aws:ResourceAccount':'444455556666'}", IAM_IMPLICIT },
        { "the owner without a resource", USER, "*", "", "'StringEquals':{'aws:ResourceAccount':'" A "'}", IAM_ALLOWED },
        { "no other calls", USER, OBJECT, "", "'Bool':{'aws:ViaAWSService':'true'}", IAM_IMPLICIT },
        { "a service calls", USER, OBJECT, ",'context':{'aws:CalledVia':['athena.amazonaws.com']}", "'Bool':{'aws:ViaAWSService':'true'}", IAM_ALLOWED },
        { "a chain of none", USER, OBJECT, ",'context':{'x':'y','aws:calledvia':[]}", "'Bool':{'aws:ViaAWSService':'false'}", IAM_ALLOWED },
        { "a chain that is not known", USER, OBJECT, ",'context':{'aws:CalledVia':null}", "'Bool':{'aws:ViaAWSService':'true'}", IAM_UNKNOWN },
        { "what is listed goes first", USER, OBJECT, ",'context':{'aws:SecureTransport':true}", "'Bool':{'aws:SecureTransport':'true'}", IAM_ALLOWED },
        /* ---- prefixes, letters, variables ---- */
        { "all tags are not known", USER, OBJECT, ",'context':{'aws:PrincipalTag/*':null}", "'StringEquals':{'aws:PrincipalTag/team':'red'}", IAM_UNKNOWN },
        { "... but one is", USER, OBJECT, ",'context':{'aws:PrincipalTag/*':null,'aws:PrincipalTag/team':'red'}", "'StringEquals':{'aws:principaltag/TEAM':'red'}", IAM_ALLOWED },
        { "... and other tags are absent", USER, OBJECT, ",'context':{'aws:PrincipalTag/*':null}", "'StringEquals':{'aws:RequestTag/team':'red'}", IAM_IMPLICIT },
        { "a lone run is a name", USER, OBJECT, ",'context':{'*':null}", "'StringEquals':{'aws:RequestTag/team':'red'}", IAM_IMPLICIT },
        { "names beyond ASCII", USER, OBJECT, ",'context':{'aws:PrincipalTag/\xc3\x89quipe':'a'}", "'StringEquals':{'aws:principaltag/\xc3\xa9quipe':'a'}", IAM_ALLOWED },
        { "other names beyond ASCII", USER, OBJECT, ",'context':{'aws:PrincipalTag/\xc3\x88quipe':'a'}", "'StringEquals':{'aws:principaltag/\xc3\xa9quipe':'a'}", IAM_IMPLICIT },
        { "a variable not known", USER, OBJECT, ",'context':{'k':'a','v':null}", "'StringEquals':{'k':'${v}'}", IAM_UNKNOWN },
        { "a variable whose number is lost", USER, OBJECT, ",'context':{'k':'a','v':9007199254740993}", "'StringEquals':{'k':'${v}'}", IAM_UNKNOWN },
        { "a variable of a list of one", USER, OBJECT, ",'context':{'k':'a','v':['a']}", "'StringEquals':{'k':'${v}'}", IAM_ALLOWED },
        { "... of a key of several values", USER, OBJECT, ",'context':{'k':'a','aws:TagKeys':['a']}", "'StringEquals':{'k':'${aws:TagKeys}'}", IAM_IMPLICIT },
        { "a variable of none", USER, OBJECT, ",'context':{'k':'a','v':[]}", "'StringEquals':{'k':'${v}'}", IAM_IMPLICIT },
        { "two variables", USER, OBJECT, ",'context':{'k':'a-b','v':'a','w':'b'}", "'StringEquals':{'k':'${v}-${w}'}", IAM_ALLOWED },
        { "a value is no pattern", USER, OBJECT, ",'context':{'k':'ab','v':'*'}", "'StringLike':{'k':'a${v}'}", IAM_IMPLICIT },
        { "a value longer than patterns are", USER, OBJECT, ",'context':{'k':'a','v':'" THOUSAND THOUSAND THOUSAND THOUSAND HUNDRED "'}", "'StringEquals':{'k':'${v}'}", IAM_UNKNOWN },
        { "bool of a variable", USER, OBJECT, ",'context':{'k':true,'v':'TRUE'}", "'Bool':{'k':'${v}'}", IAM_ALLOWED },
        { "all of a key not known", USER, OBJECT, ",'context':{'k':null}", "'ForAllValues:StringEquals':{'k':'a'}", IAM_UNKNOWN },
        { "any of a key not known", USER, OBJECT, ",'context':{'k':null}", "'ForAnyValue:StringEquals':{'k':'a'}", IAM_UNKNOWN },
        { "one good and one bad number", USER, OBJECT, ",'context':{'k':['1','x']}", "'ForAllValues:NumericEquals':{'k':'1'}", IAM_UNKNOWN },
        { "any of a good and a bad number", USER, OBJECT, ",'context':{'k':['x','1']}", "'ForAnyValue:NumericEquals':{'k':'1'}", IAM_ALLOWED },
};

static void keys_are_there(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
                CLEANUP(freep) char *line = NULL;
                /* The root user may do all that is not denied. */
                const char *effect = streq(keys[i].principal, ROOT) ? "Deny" : "Allow";

                assert_true(asprintf(&line, "{'principal':'%s','action':'%s','resource':'%s','resourceAccount':'" A "'%s,'identityPolicies':[],"
                                            "'resourcePolicy':{'Version':'2012-10-17','Statement':[{'Effect':'%s','Principal':'*','Action':'*',"
                                            "'Resource':'*','Condition':{%s}}]}}", keys[i].principal,
                                     streq(keys[i].resource, QUEUE) ? "sqs:SendMessage" : "s3:GetObject", keys[i].resource, keys[i].more, effect, keys[i].condition) > 0);
                expect(keys[i].why, line, keys[i].want);
        }
}

/* ---- principals (IAM user guide, AWS JSON policy elements: Principal, NotPrincipal) ---- */

static const struct { const char *why, *principal, *more, *named; enum iam_answer want; } principals[] = {
        { "a role by itself", ROLE, "", "'Principal':{'AWS':'" ROLE "'}", IAM_ALLOWED },
        { "a role by another", ROLE, "", "'Principal':{'AWS':'" ROLE "2'}", IAM_IMPLICIT },
        { "a session by its role's path", SESSION, ",'roleArn':'arn:aws:iam::" A ":role/team/web'", "'Principal':{'AWS':'arn:aws:iam::" A ":role/team/web'}", IAM_ALLOWED },
        { "... and not without it", SESSION, ",'roleArn':'arn:aws:iam::" A ":role/team/web'", "'Principal':{'AWS':'" ROLE "'}", IAM_IMPLICIT },
        { "another session", SESSION, "", "'Principal':{'AWS':'" SESSION "2'}", IAM_IMPLICIT },
        { "a role of another partition", SESSION, "", "'Principal':{'AWS':'arn:aws-cn:iam::" A ":role/web'}", IAM_IMPLICIT },
        { "a user by itself", USER, "", "'Principal':{'AWS':'" USER "'}", IAM_ALLOWED },
        { "a user by another", USER, "", "'Principal':{'AWS':'arn:aws:iam::" A ":user/bob'}", IAM_IMPLICIT },
        { "a federated user by itself", GUEST, "", "'Principal':{'AWS':'" GUEST "'}", IAM_ALLOWED },
        { "the account alone", USER, "", "'Principal':{'AWS':'" ROOT "'}", IAM_IMPLICIT },
        { "another account", USER, "", "'Principal':{'AWS':'arn:aws:iam::444455556666:root'}", IAM_IMPLICIT },
        { "an account, with a policy of its own", USER, ",'identityPolicies':[{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*'}}]", "'Principal':{'AWS':'" A "'}", IAM_ALLOWED },
        { "a user by its id", USER, ",'context':{'aws:userid':'AIDAEXAMPLE'}", "'Principal':{'AWS':'AIDAEXAMPLE'}", IAM_ALLOWED },
        { "a user by another id", USER, ",'context':{'aws:userid':'AIDAEXAMPLE'}", "'Principal':{'AWS':'AIDAEXAMPLF'}", IAM_IMPLICIT },
        { "a user by a longer id", USER, ",'context':{'aws:userid':'AIDAEXAMPLE'}", "'Principal':{'AWS':'AIDAEXAMPLEX'}", IAM_IMPLICIT },
        { "a user's id that is not known", USER, "", "'Principal':{'AWS':'AIDAEXAMPLE'}", IAM_UNKNOWN },
        { "a user's id of two values", USER, ",'context':{'aws:userid':['AIDAEXAMPLE','x']}", "'Principal':{'AWS':'AIDAEXAMPLE'}", IAM_UNKNOWN },
        { "a session is no user", SESSION, "", "'Principal':{'AWS':'AIDAEXAMPLE'}", IAM_IMPLICIT },
        { "a user is no role", USER, "", "'Principal':{'AWS':'AROAEXAMPLE'}", IAM_IMPLICIT },
        { "a session by its role's id", SESSION, ",'context':{'aws:userid':'AROAEXAMPLE:s'}", "'Principal':{'AWS':'AROAEXAMPLE'}", IAM_ALLOWED },
        { "a session by another role's id", SESSION, ",'context':{'aws:userid':'AROAEXAMPLE:s'}", "'Principal':{'AWS':'AROAOTHER'}", IAM_IMPLICIT },
        { "a role's id that is not known", ROLE, "", "'Principal':{'AWS':'AROAEXAMPLE'}", IAM_UNKNOWN },
        { "a caller of tomorrow by a role's id", "arn:aws:sts::" A ":robot/x", "", "'Principal':{'AWS':'AROAEXAMPLE'}", IAM_UNKNOWN },
        { "a caller of tomorrow by a user's id", "arn:aws:sts::" A ":robot/x", "", "'Principal':{'AWS':'AIDAEXAMPLE'}", IAM_UNKNOWN },
        { "an id of another kind", USER, "", "'Principal':{'AWS':'AGPAEXAMPLE'}", IAM_UNKNOWN },
        { "too short for an id", USER, "", "'Principal':{'AWS':'AIDA'}", IAM_UNKNOWN },
        { "an id in lower case", USER, "", "'Principal':{'AWS':'AIDAexample'}", IAM_UNKNOWN },
        { "six parts that are no ARN", USER, "", "'Principal':{'AWS':'urn:a:b:c:d:e'}", IAM_UNKNOWN },
        { "a service by itself", SERVICE, "", "'Principal':{'Service':'" SERVICE "'}", IAM_ALLOWED },
        { "a service by another", SERVICE, "", "'Principal':{'Service':'ecs.amazonaws.com'}", IAM_IMPLICIT },
        { "one of two services", SERVICE, "", "'Principal':{'Service':['ecs.amazonaws.com','" SERVICE "']}", IAM_ALLOWED },
        { "a service is of no account", SERVICE, "", "'Principal':{'AWS':'" A "'}", IAM_IMPLICIT },
        { "a user is no service", USER, "", "'Principal':{'Service':'" USER "'}", IAM_IMPLICIT },
        { "a provider by itself", OIDC, "", "'Principal':{'Federated':'" OIDC "'}", IAM_ALLOWED },
        { "a provider of SAML", SAML, "", "'Principal':{'Federated':'" SAML "'}", IAM_ALLOWED },
        { "a provider by another", SAML, "", "'Principal':{'Federated':'" OIDC "'}", IAM_IMPLICIT },
        { "a provider is nobody of the account", OIDC, "", "'Principal':{'AWS':'" ROOT "'}", IAM_IMPLICIT },
        { "a canonical user is at most the account", USER, "", "'Principal':{'CanonicalUser':'79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'}", IAM_IMPLICIT },
        { "a service has no canonical user", SERVICE, "", "'Principal':{'CanonicalUser':'79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'}", IAM_IMPLICIT },
        { "all but another user", USER, "", "'NotPrincipal':{'AWS':'arn:aws:iam::" A ":user/bob'}", IAM_EXPLICIT },
        { "all but this user", USER, "", "'NotPrincipal':{'AWS':'" USER "'}", IAM_ALLOWED },
        { "all but this role", ROLE, "", "'NotPrincipal':{'AWS':'" ROLE "'}", IAM_ALLOWED },
        { "all but the account of a user", USER, "", "'NotPrincipal':{'AWS':'" ROOT "'}", IAM_UNKNOWN },
        { "all but the account of a role", ROLE, "", "'NotPrincipal':{'AWS':'" ROOT "'}", IAM_UNKNOWN },
        { "all but this service", SERVICE, "", "'NotPrincipal':{'Service':'" SERVICE "'}", IAM_ALLOWED },
};

static void principals_are_named(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(principals); i++) {
                CLEANUP(freep) char *line = NULL;
                bool others = strncmp(principals[i].named, "'Not", 4) == 0;

                assert_true(asprintf(&line, "{'principal':'%s','action':'s3:GetObject','resource':'" OBJECT "','resourceAccount':'" A "'%s,'resourcePolicy':{"
                                            "'Statement':[%s{'Effect':'%s',%s,'Action':'s3:*','Resource':'*'}]}}", principals[i].principal, principals[i].more,
                                     others ? "{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'}," : "", others ? "Deny" : "Allow",
                                     principals[i].named) > 0);
                expect(principals[i].why, line, principals[i].want);
        }
}

/* ---- resources of identity policies ---- */

#define OTHER ",'resourceAccount':'444455556666'"
static const struct { const char *why, *action, *resource, *more, *statements; enum iam_answer want; } resources[] = {
        { "the service part, denied", "s3:GetObject", OBJECT, "", ALLOW ",{'Effect':'Deny','Action':'*','Resource':'arn:aws:*:::b/x'}", IAM_EXPLICIT },
        { "the service part, allowed", "s3:GetObject", OBJECT, "", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:*:::b/x'}", IAM_UNKNOWN },
        { "no ARN", "s3:GetObject", OBJECT, "", "{'Effect':'Allow','Action':'*','Resource':'urn:aws:s3:::b/x'}", IAM_UNKNOWN },
        { "all but no ARN", "s3:GetObject", OBJECT, "", "{'Effect':'Allow','Action':'*','NotResource':'urn:aws:s3:::b/x'}", IAM_UNKNOWN },
        { "all but a short ARN of another region", "sqs:SendMessage", QUEUE, "", "{'Effect':'Allow','Action':'*','NotResource':'arn:aws:sqs:us-east-1'}", IAM_UNKNOWN },
        { "a short ARN of another region", "sqs:SendMessage", QUEUE, "", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:sqs:us-east-1'}", IAM_IMPLICIT },
        { "a short ARN of the region", "sqs:SendMessage", QUEUE, "", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:sqs:eu-west-1'}", IAM_ALLOWED },
        { "a short ARN of another account", "sqs:SendMessage", QUEUE, "", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:sqs:*:444455556666'}", IAM_IMPLICIT },
        { "a short ARN of another service", "sqs:SendMessage", QUEUE, "", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:sns'}", IAM_IMPLICIT },
        { "a variable in a short ARN", "sqs:SendMessage", QUEUE, ",'context':{'v':'eu-west-1'}", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:sqs:${v}'}", IAM_UNKNOWN },
        { "a variable for a region", "sqs:SendMessage", QUEUE, ",'context':{'v':'eu-west-1'}", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:sqs:${v}:" A ":q'}", IAM_UNKNOWN },
        { "a variable for a type", "ec2:StartInstances", "arn:aws:ec2:eu-west-1:" A ":instance/i", ",'context':{'v':'instance'}", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:ec2:eu-west-1:" A ":${v}/i'}", IAM_UNKNOWN },
        { "a variable behind a type", "ec2:StartInstances", "arn:aws:ec2:eu-west-1:" A ":instance/i", ",'context':{'v':'i'}", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:ec2:eu-west-1:" A ":instance/${v}'}", IAM_ALLOWED },
        { "a variable not known", "ec2:StartInstances", "arn:aws:ec2:eu-west-1:" A ":instance/i", ",'context':{'v':null}", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:ec2:eu-west-1:" A ":instance/${v}'}", IAM_UNKNOWN },
        { "all but a variable without a value", "ec2:StartInstances", "arn:aws:ec2:eu-west-1:" A ":instance/i", "", "{'Effect':'Allow','Action':'*','NotResource':'arn:aws:ec2:eu-west-1:" A ":instance/${v}'}", IAM_UNKNOWN },
        { "a variable in a queue's name", "sqs:SendMessage", QUEUE, ",'context':{'v':'q'}", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:sqs:eu-west-1:" A ":${v}'}", IAM_ALLOWED },
        { "several others", "s3:GetObject", OBJECT, "", "{'Effect':'Allow','Action':'*','Resource':['arn:aws:s3:::another-bucket/x','arn:aws:s3:::third-bucket/y']}", IAM_IMPLICIT },
        { "several, one of them this", "s3:GetObject", "arn:aws:s3:::the-bucket/xxxxxxxx", "", "{'Effect':'Allow','Action':'*','Resource':['arn:aws:s3:::another-bucket/x','arn:aws:s3:::the-bucket/xxxx*']}", IAM_ALLOWED },
        { "several, and a run", "s3:GetObject", OBJECT, "", "{'Effect':'Allow','Action':'*','Resource':['arn:aws:s3:::another-bucket/x','arn:aws:s3:::?/x']}", IAM_ALLOWED },
        { "all queues are not all of S3", "s3:ListAllMyBuckets", "*", "", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:sqs:*:*:*'}", IAM_IMPLICIT },
        { "a short one is not all of S3", "s3:ListAllMyBuckets", "*", "", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:sqs'}", IAM_IMPLICIT },
        { "short of S3 for all of it", "s3:ListAllMyBuckets", "*", "", "{'Effect':'Allow','Action':'*','Resource':'arn:aws:s4:::*'}", IAM_IMPLICIT },
        { "several others, all but they", "s3:GetObject", OBJECT, "", "{'Effect':'Allow','Action':'*','NotResource':['arn:aws:s3:::another-bucket/x','arn:aws:s3:::third-bucket/y']}", IAM_ALLOWED },
        { "a type with a wildcard, denied", "ec2:StartInstances", "arn:aws:ec2:eu-west-1:" A ":instance/i", "", ALLOW ",{'Effect':'Deny','Action':'*','Resource':'arn:aws:ec2:*:*:inst*/i'}", IAM_UNKNOWN },
        { "a type with a wildcard, of another name", "ec2:StartInstances", "arn:aws:ec2:eu-west-1:" A ":instance/i", "", ALLOW ",{'Effect':'Deny','Action':'*','Resource':'arn:aws:ec2:*:*:inst*/j'}", IAM_ALLOWED },
        { "an action with a blank", "s3:GetObject", OBJECT, "", "{'Effect':'Allow','Action':'s3:Get Object','Resource':'*'}", IAM_IMPLICIT },
        { "a service with a wildcard", "s3:GetObject", OBJECT, "", "{'Effect':'Allow','Action':'s*:GetObject','Resource':'*'}", IAM_UNKNOWN },
        { "all but a service with a wildcard", "s3:GetObject", OBJECT, "", "{'Effect':'Allow','NotAction':'s*:GetObject','Resource':'*'}", IAM_UNKNOWN },
        { "an account of one digit", "sqs:SendMessage", "arn:aws:sqs:eu-west-1:1:q", "-", ALLOW, IAM_UNKNOWN },
        { "a queue of another account", "sqs:SendMessage", "arn:aws:sqs:eu-west-1:444455556666:q", "-", ALLOW, IAM_IMPLICIT },
        { "a snapshot of another account", "ec2:CreateVolume", "arn:aws:ec2:eu-west-1::snapshot/s", OTHER, ALLOW, IAM_ALLOWED },
        { "a model of another account", "bedrock:InvokeModel", "arn:aws:bedrock:eu-west-1::foundation-model/m", OTHER, ALLOW, IAM_UNKNOWN },
        { "a model of the account", "bedrock:InvokeModel", "arn:aws:bedrock:eu-west-1::foundation-model/m", "", ALLOW, IAM_ALLOWED },
        { "a bucket of another account", "s3:GetObject", OBJECT, OTHER, ALLOW, IAM_IMPLICIT },
        { "a service-linked role", "iam:DeleteRole", "arn:aws:iam::" A ":role/aws-service-role/x/y", "", ALLOW, IAM_UNKNOWN },
        { "a role of one's own", "iam:DeleteRole", "arn:aws:iam::" A ":role/y", "", ALLOW, IAM_ALLOWED },
        { "a policy of one's own", "iam:DeletePolicy", "arn:aws:iam::" A ":policy/y", "", ALLOW, IAM_ALLOWED },
        { "an alias of AWS", "kms:CreateAlias", "arn:aws:kms:eu-west-1:" A ":alias/aws/x", "", ALLOW, IAM_UNKNOWN },
        { "an alias of one's own", "kms:CreateAlias", "arn:aws:kms:eu-west-1:" A ":alias/x", "", ALLOW, IAM_ALLOWED },
        { "RCPs and an alias of AWS (ruling rcp-services)", "kms:DescribeKey", "arn:aws:kms:eu-west-1:" A ":alias/aws/x", ",'resourcePolicy':{'Statement':[{'Effect':'Allow','Principal':{'AWS':'" A "'},'Action':'kms:*','Resource':'*'}]},'resourceControlPolicies':[[{'Version':'2012-10-17','Statement':[{'Effect':'Deny','Principal':'*','Action':'kms:*','Resource':'*'}]}]]", ALLOW, IAM_UNKNOWN },
        { "RCPs and an alias of one's own", "kms:DescribeKey", "arn:aws:kms:eu-west-1:" A ":alias/x", ",'resourceControlPolicies':[[{'Version':'2012-10-17','Statement':[{'Effect':'Deny','Principal':'*','Action':'kms:*','Resource':'*'}]}]]", ALLOW, IAM_EXPLICIT },
        { "an endpoint policy that names nobody", "s3:GetObject", OBJECT, ",'endpointPolicies':[{'Statement':[{'Effect':'Deny','Action':'s3:*','Resource':'*'}]}]", ALLOW, IAM_EXPLICIT },
        { "an endpoint policy for another", "s3:GetObject", OBJECT, ",'endpointPolicies':[{'Statement':[{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::444455556666:root'},'Action':'s3:*','Resource':'*'}]}]", ALLOW, IAM_IMPLICIT },
        { "AWS's policy, which is only read", "iam:GetPolicy", "arn:aws:iam::aws:policy/x", "-", ALLOW, IAM_ALLOWED },
        { "AWS's policy, which is changed", "iam:DeletePolicy", "arn:aws:iam::aws:policy/x", "-", ALLOW, IAM_UNKNOWN },
        { "a role reserved by AWS", "iam:PutRolePolicy", "arn:aws:iam::" A ":role/aws-reserved/x", "", ALLOW, IAM_UNKNOWN },
        { "a key whose policy names nobody", "kms:Decrypt", "arn:aws:kms:eu-west-1:" A ":key/x", "", ALLOW, IAM_IMPLICIT },
        { "a role that trusts nobody", "sts:AssumeRole", "arn:aws:iam::" A ":role/r", "", ALLOW, IAM_IMPLICIT },
        { "SCPs and a role by its key", "s3:GetObject", OBJECT, ",'context':{'aws:PrincipalArn':'" ROLE "'},'serviceControlPolicies':[[]]", ALLOW, IAM_IMPLICIT },
        { "SCPs and a role whose key is not known", "s3:GetObject", OBJECT, ",'context':{'aws:PrincipalArn':null},'serviceControlPolicies':[[]]", ALLOW, IAM_IMPLICIT },
};

static void resources_are_matched(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(resources); i++) {
                CLEANUP(freep) char *line = NULL;
                const char *more = resources[i].more;
                bool owned = *more != '-' && !streq(more, OTHER);

                assert_true(asprintf(&line, "{'principal':'" SESSION "','action':'%s','resource':'%s'%s%s,'identityPolicies':[{'Version':'2012-10-17',"
                                            "'Statement':[%s]}]}", resources[i].action, resources[i].resource,
                                     owned ? ",'resourceAccount':'" A "'" : "", *more == '-' ? "" : more, resources[i].statements) > 0);
                expect(resources[i].why, line, resources[i].want);
        }
}

/* ---- requests whose other keys are not known ---- */

static const struct { const char *why, *principal, *condition; struct iam_key key; enum iam_answer want; } open_requests[] = {
        { "whether a service calls", USER, "'Bool':{'aws:ViaAWSService':'false'}", { "x", IAM_KEY_ABSENT, NULL, 0, false }, IAM_UNKNOWN },
        { "a chain that is absent", USER, "'Bool':{'aws:ViaAWSService':'true'}", { "aws:CalledVia", IAM_KEY_ABSENT, NULL, 0, false }, IAM_UNKNOWN },
        { "a chain that is hidden", USER, "'Bool':{'aws:ViaAWSService':'true'}", { "aws:CalledVia", IAM_KEY_HIDDEN, NULL, 0, false }, IAM_UNKNOWN },
        { "a provider's ARN", OIDC, "'StringEquals':{'aws:PrincipalArn':'" ROLE "'}", { "x", IAM_KEY_ABSENT, NULL, 0, false }, IAM_UNKNOWN },
        { "a key that nobody lists", USER, "'StringEquals':{'aws:SourceVpc':'vpc-1'}", { "x", IAM_KEY_ABSENT, NULL, 0, false }, IAM_UNKNOWN },
        { "a key that is listed as absent", USER, "'StringEquals':{'aws:SourceVpc':'vpc-1'}", { "aws:SourceVpc", IAM_KEY_ABSENT, NULL, 0, false }, IAM_IMPLICIT },
        { "a key that is there, all the same", USER, "'Null':{'aws:SourceVpc':'true'}", { "aws:SourceVpc", IAM_KEY_HIDDEN, NULL, 0, false }, IAM_IMPLICIT },
        { "a hidden key, negated", USER, "'StringNotEquals':{'aws:SourceVpc':'vpc-1'}", { "aws:SourceVpc", IAM_KEY_HIDDEN, NULL, 0, false }, IAM_UNKNOWN },
};

static const struct iam_policy *parse(struct arena *a, enum iam_layer layer, const char *principal, const char *more)
{
        CLEANUP(freep) char *line = NULL, *text = NULL;
        const struct iam_policy *p = NULL;

        assert_true(asprintf(&line, "{'Version':'2012-10-17','Statement':[{'Effect':'Allow',%s'Action':'*',%s}]}", principal, more) > 0);
        text = quoted(line);
        assert_int_equal(iam_policy_parse(a, text, strlen(text), layer, "p", &p), 0);
        if (iam_policy_error(p))
                fail_msg("%s: %s", text, iam_policy_error(p));
        return p;
}

static void open_requests_are_not_sure(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(open_requests); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                CLEANUP(freep) char *more = NULL;
                const struct iam_policy *p;
                const struct iam_request rq = { .principal = open_requests[i].principal, .action = "s3:GetObject", .resource = OBJECT,
                                                .resource_account = A, .context = &open_requests[i].key, .n_context = 1 };
                struct iam_policies all = { .of[IAM_RESOURCE] = { .list = &p, .n = 1 } };
                struct iam_decision d;

                assert_int_equal(arena_new(1 << 16, &a), 0);
                assert_true(asprintf(&more, "'Resource':'*','Condition':{%s}", open_requests[i].condition) > 0);
                p = parse(a, IAM_RESOURCE, "'Principal':'*',", more);
                iam_evaluate(&all, &rq, &d);
                if (d.answer != open_requests[i].want)
                        fail_msg("%s: %s", open_requests[i].why, iam_answer_to_string(d.answer));
        }
}

/* More keys than reasons have room for: each is said once, and the answer stays unknown. */
static void reasons_are_bounded(void **state)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        const struct iam_policy *p;
        struct iam_policies all = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 } };
        const struct iam_request rq = { .principal = USER, .action = "s3:GetObject", .resource = OBJECT, .resource_account = A };
        struct iam_decision d;

        (void)state;
        assert_int_equal(arena_new(1 << 20, &a), 0);
        text_add(&t, "'Resource':'*','Condition':{'StringEquals':{'k:0':'x'");
        for (int i = 1; i < 50; i++)
                text_addf(&t, ",'k:%d':'x'", i);
        text_add(&t, "}}");
        p = parse(a, IAM_IDENTITY, "", t.s);
        iam_evaluate(&all, &rq, &d);
        assert_int_equal(d.answer, IAM_UNKNOWN);
        assert_int_equal(d.n_why, IAM_WHY_MAX);
        for (size_t i = 0; i < d.n_why; i++)
                for (size_t k = 0; k < i; k++)
                        assert_string_not_equal(d.why[i].subject, d.why[k].subject);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(keys_are_there),
                cmocka_unit_test(principals_are_named),
                cmocka_unit_test(resources_are_matched),
                cmocka_unit_test(open_requests_are_not_sure),
                cmocka_unit_test(reasons_are_bounded),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
