/* Callers, resources and JSON for the tests of the policy evaluator. */
#pragma once
#include "../../agent/iam/automaton.h"

/* In rows, a single quote stands for a double one. */
#define A "111122223333"
#define SESSION "arn:aws:sts::" A ":assumed-role/web/s"
#define ROLE "arn:aws:iam::" A ":role/web"
#define USER "arn:aws:iam::" A ":user/team/alice"
#define ROOT "arn:aws:iam::" A ":root"
#define GUEST "arn:aws:sts::" A ":federated-user/bob"
#define OIDC "arn:aws:iam::" A ":oidc-provider/token.example.com"
#define SAML "arn:aws:iam::" A ":saml-provider/idp"
#define SERVICE "ec2.amazonaws.com"
#define OBJECT "arn:aws:s3:::b/x"
#define QUEUE "arn:aws:sqs:eu-west-1:" A ":q"
#define TEN "xxxxxxxxxx"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define THOUSAND HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
#define ALLOW "{'Effect':'Allow','Action':'*','Resource':'*'}"

/* Caller frees. */
static inline char *quoted(const char *s)
{
        char *q = strdup(s);

        for (char *c = q; q && *c; c++)
                if (*c == '\'')
                        *c = '"';
        return q;
}
