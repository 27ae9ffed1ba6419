/*
 * A policy document, and what it decides. A Deny that is added never allows;
 * what holds for all of a pattern holds for one of it; every byte that is no
 * wildcard is itself, in a pattern as in a name.
 * fuzz: dict=policy max_len=4096
 */
#include "fuzz.h"
#include "rolewatch/iam.h"

static const char *const words[] = {
        "Version", "2012-10-17", "2008-10-17", "Id", "Statement", "Sid", "Effect", "Allow", "Deny", "Action", "NotAction",
        "Resource", "NotResource", "Principal", "NotPrincipal", "Condition", "AWS", "Service", "*", "?", "s3:GetObject",
        "s3:*", "s3:Get*", "*:*", "S3:getobject", "arn:aws:s3:::b/*", "arn:aws:s3:::b/x", "arn:*:s3:::b/?", "arn:aws:s3:::*",
        "arn:aws:s3:::b/${aws:username}", "${aws:userid}", "${*}", "${?}", "${$}", "StringEquals", "StringNotEquals",
        "StringLike", "StringEqualsIgnoreCase", "ForAllValues:StringLike", "ForAnyValue:StringEquals", "Bool", "Null",
        "NumericLessThan", "DateGreaterThan", "IpAddress", "NotIpAddress", "ArnLike", "ArnEquals", "BinaryEquals",
        "StringEqualsIfExists", "aws:SourceIp", "aws:username", "aws:PrincipalTag/team", "s3:prefix", "aws:SecureTransport",
        "aws:CurrentTime", "true", "false", "10.0.0.0/8", "::1/128", "2026-01-01T00:00:00Z", "1", "1.5",
        "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/web", "111122223333",
        "\\u0001", "\\u0002", "\\u0003", "\\u001f", "\\u007f", "\\u00e9", "\xc3\xa9", "\\ud83d\\ude00", "aws:PrincipalArn", "aws:RequestedRegion",
};
FUZZ_MUTATOR(json, words)

static const char deny[] = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}";

static const char *const values[] = { "team-a" };
static const struct iam_key context[] = {
        { "aws:PrincipalTag/team", IAM_KEY_KNOWN, values, 1, false },
        { "aws:SourceIp", IAM_KEY_ABSENT, NULL, 0, false },
        { "aws:username", IAM_KEY_HIDDEN, NULL, 0, false },
};
static const struct iam_request requests[] = {
        { "arn:aws:sts::111122223333:assumed-role/web/s", NULL, "s3:GetObject", "arn:aws:s3:::b/x", "111122223333", context, 3, true, NULL },
        { "arn:aws:sts::111122223333:assumed-role/web/s", NULL, "s3:GetObject", "arn:aws:s3:::b/x", NULL, context, 3, false, NULL },
        { "arn:aws:sts::111122223333:assumed-role/web/s", NULL, "s3:ListAllMyBuckets", "*", "111122223333", NULL, 0, true, NULL },
};

static void claim_deny(const struct iam_policies *with, size_t n, const struct iam_request *rq, enum iam_answer before)
{
        struct iam_policies p = *with;
        struct iam_decision d;

        p.of[IAM_IDENTITY].n = n;
        iam_evaluate(&p, rq, &d);
        CLAIM(d.answer != IAM_ALLOWED && d.answer != IAM_IMPLICIT && d.visible != IAM_ALLOWED);
        CLAIM(before != IAM_EXPLICIT || d.answer == IAM_EXPLICIT);
}

/* All of "arn:aws:s3:::b/" followed by anything, beside one of them. */
static void claim_containment(const struct iam_policies *p)
{
        struct iam_request rq = requests[0];
        struct iam_decision all, one, again;

        rq.resource = "arn:aws:s3:::b/*";
        {
                CALM;
                iam_resource_containment(p, &rq, &all);
                iam_evaluate(p, &requests[0], &one);
        }
        CLAIM(all.answer != IAM_ALLOWED || one.answer == IAM_ALLOWED);
        CLAIM(all.answer != IAM_UNKNOWN || all.n_why);
        CLAIM(one.answer != IAM_EXPLICIT || all.answer != IAM_ALLOWED);
        /* Without memory it is not decided, or which of two denials it is. */
        iam_resource_containment(p, &rq, &again);
        CLAIM(again.answer != IAM_UNKNOWN || again.n_why);
        CLAIM(again.answer == all.answer || (fuzz_tortured() && (again.answer == IAM_UNKNOWN ||
              (again.answer == IAM_IMPLICIT && all.answer == IAM_EXPLICIT))));
}

/* A bucket's key of the input's bytes, each a character from U+0001 to U+00FF: allowed by name, and no other is. */
static void claim_literal(struct arena *a, const uint8_t *data, size_t size)
{
        CLEANUP(text_done) struct text doc = { 0 }, name = { 0 };
        const struct iam_policy *p = NULL;
        struct iam_policies all = { .of[IAM_IDENTITY] = { .list = &p, .n = 1 } };
        struct iam_request rq = requests[0];
        struct iam_decision d;
        CALM;

        text_add(&doc, "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::b/");
        text_add(&name, "arn:aws:s3:::b/");
        for (size_t i = 0; i < size && i < 256; i++) {
                const char two[] = { (char)(0xC0 | data[i] >> 6), (char)(0x80 | (data[i] & 0x3F)), '\0' }, one[] = { (char)data[i], '\0' };

                if (!data[i] || strchr("*?$", data[i]))
                        continue;
                text_addf(&doc, "\\u00%02x", data[i]);
                text_add(&name, data[i] < 0x80 ? one : two);
        }
        text_add(&doc, "\"}}");
        if (doc.failed || name.failed || iam_policy_parse(a, doc.s, doc.len, IAM_IDENTITY, "p", &p) < 0)
                return;
        CLAIM(!iam_policy_error(p));
        rq.resource = name.s;
        iam_evaluate(&all, &rq, &d);
        CLAIM(d.answer == IAM_ALLOWED);
        text_add(&name, "x");
        rq.resource = name.s;
        iam_evaluate(&all, &rq, &d);
        CLAIM(name.failed || d.answer == IAM_IMPLICIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        const struct iam_policy *list[2] = { NULL };
        CLEANUP(freep) char *in = fuzz_text(data, size);
        struct iam_policies p = { .of[IAM_BOUNDARY].absent = true, .of[IAM_SESSION].absent = true,
                                  .of[IAM_ENDPOINT].absent = true, .of[IAM_RESOURCE].absent = true };
        int r = arena_new(8 << 20, &a);

        if (r == 0)
                r = iam_policy_parse(a, in, size, IAM_IDENTITY, "p", &list[0]);
        if (r == 0)
                r = iam_policy_parse(a, deny, strlen(deny), IAM_IDENTITY, "deny", &list[1]);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        CLAIM(!iam_policy_error(list[1]) || fuzz_tortured());
        claim_shown(iam_policy_error(list[0]), "");
        fuzz_result(0, iam_policy_error(list[0]));
        p.of[IAM_IDENTITY] = (struct iam_list){ .list = list, .n = 1 };
        for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
                struct iam_decision d;

                iam_evaluate(&p, &requests[i], &d);
                CLAIM(d.n_by <= IAM_BY_MAX && d.n_why <= IAM_WHY_MAX);
                CLAIM(d.answer != IAM_UNKNOWN || d.n_why);
                CLAIM(!iam_policy_error(list[0]) || d.answer == IAM_UNKNOWN);
                fuzz_result((int)d.answer, NULL);
                claim_deny(&p, 2, &requests[i], d.answer);
        }
        claim_containment(&p);
        claim_literal(a, data, size);
        return 0;
}
