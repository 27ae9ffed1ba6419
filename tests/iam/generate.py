"""Cases for the evaluator: a request and policies that often, but not always, speak of it."""
import random

import kinds

ACCOUNT, OTHER = "111122223333", "444455556666"
SESSION = "arn:aws:sts::111122223333:assumed-role/webTaskRole/s1"
ROLE = "arn:aws:iam::111122223333:role/webTaskRole"
USER = "arn:aws:iam::111122223333:user/reader"
# action, others of its service, resource (%s: the account), others
CALLS = (
    ("s3:GetObject", ("s3:PutObject", "s3:GetObjectAcl"), "arn:aws:s3:::bucket-a/key/one", ("arn:aws:s3:::bucket-a/key/two", "arn:aws:s3:::bucket-b/key/one")),
    ("s3:ListBucket", ("s3:GetBucketLocation",), "arn:aws:s3:::bucket-a", ("arn:aws:s3:::bucket-b",)),
    ("s3:ListAllMyBuckets", ("s3:ListBucket",), "*", ("arn:aws:s3:::bucket-a",)),
    ("sns:Publish", ("sns:Subscribe",), "arn:aws:sns:us-east-1:%s:topic-a", ("arn:aws:sns:us-east-1:%s:topic-b", "arn:aws:sns:eu-west-1:%s:topic-a")),
    ("sqs:SendMessage", ("sqs:ReceiveMessage",), "arn:aws:sqs:us-east-1:%s:queue-a", ("arn:aws:sqs:us-east-1:%s:queue-b",)),
    ("ec2:TerminateInstances", ("ec2:StartInstances",), "arn:aws:ec2:us-east-1:%s:instance/i-0123456789abcdef0", ("arn:aws:ec2:us-east-1:%s:instance/i-00000000000000000",)),
    ("kms:Decrypt", ("kms:Encrypt",), "arn:aws:kms:us-east-1:%s:key/1234abcd-12ab-34cd-56ef-1234567890ab", ("arn:aws:kms:us-east-1:%s:key/00000000-12ab-34cd-56ef-1234567890ab",)),
    ("ssm:GetParameter", ("ssm:PutParameter",), "arn:aws:ssm:us-east-1:%s:parameter/app/one", ("arn:aws:ssm:us-east-1:%s:parameter/app/two",)),
    ("logs:PutLogEvents", ("logs:CreateLogStream",), "arn:aws:logs:us-east-1:%s:log-group:/ecs/a:log-stream:s", ("arn:aws:logs:us-east-1:%s:log-group:/ecs/b:log-stream:s",)),
    ("secretsmanager:GetSecretValue", ("secretsmanager:DescribeSecret",), "arn:aws:secretsmanager:us-east-1:%s:secret:db-AbCdEf", ("arn:aws:secretsmanager:us-east-1:%s:secret:db-XXXXXX",)),
    ("dynamodb:Query", ("dynamodb:GetItem",), "arn:aws:dynamodb:us-east-1:%s:table/t1", ("arn:aws:dynamodb:us-east-1:%s:table/t2",)),
)
# key, values of requests, values of policies, operators that suit it, multi-valued
KEYS = (
    ("aws:PrincipalTag/team", ("red", "blue", "RED"), ("red", "r*", "RED", "${aws:PrincipalTag/team}", "b?ue", "*"), "String", False),
    ("aws:username", ("reader", "red"), ("reader", "rea*", "other"), "String", False),
    ("aws:RequestedRegion", ("us-east-1", "eu-west-1"), ("us-east-1", "us-*", "eu-west-1"), "String", False),
    ("aws:SourceIp", ("10.0.0.5", "192.0.2.7", "2001:db8::1"), ("10.0.0.0/8", "192.0.2.7", "192.0.2.0/24", "2001:db8::/32", "0.0.0.0/0"), "Ip", False),
    ("aws:CurrentTime", ("2026-11-24T00:00:00Z", "2020-01-01T12:00:00Z"), ("2026-11-24T00:00:00Z", "2023-06-01T00:00:00Z", "2030-01-01"), "Date", False),
    ("aws:SecureTransport", ("true", "false"), ("true", "false"), "Bool", False),
    ("aws:MultiFactorAuthAge", ("10", "3600", "10.0"), ("10", "300", "3600"), "Numeric", False),
    ("aws:SourceArn", ("arn:aws:sns:us-east-1:111122223333:t", "arn:aws:s3:::b"), ("arn:aws:sns:*:*:t", "arn:aws:s3:::b", "arn:aws:*:*:*:*"), "Arn", False),
    ("aws:CalledVia", (["athena.amazonaws.com"], ["athena.amazonaws.com", "cloudformation.amazonaws.com"], []), ("athena.amazonaws.com", "cloud*", "x"), "String", True),
    ("aws:PrincipalOrgPaths", (["o-a/r-b/ou-c/"], ["o-a/r-b/", "o-a/r-b/ou-d/"]), ("o-a/r-b/*", "o-a/r-b/ou-c/", "o-x/*"), "String", True),
)
OPERATORS = {
    "String": ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike", "Null"),
    "Ip": ("IpAddress", "NotIpAddress", "Null"),
    "Date": ("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Null"),
    "Bool": ("Bool", "Null"),
    "Numeric": ("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "Null"),
    "Arn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null"),
}


class Generator:
    def __init__(self, seed, kinds=0.0):
        """kinds: how many of the cases are of the kinds of kinds.py."""
        self.rnd, self.kinds = random.Random(seed), kinds

    def chance(self, p):
        return self.rnd.random() < p

    def some(self, make, most=2):
        """One value, or a list of them."""
        n = self.rnd.randint(1, most)
        values = [make() for _ in range(n)]
        return values[0] if n == 1 and self.chance(0.5) else values

    def action(self):
        service, name = self.call[0].split(":")
        return self.rnd.choice((
            self.call[0], self.call[0], self.call[0].lower(), service.upper() + ":" + name, service + ":*", "*",
            service + ":" + name[:3] + "*", service + ":" + "?" * len(name), service + ":*" + name[-4:],
            *self.call[1], "iam:GetRole"))

    def resource(self):
        full = self.resource_arn
        others = [o % ACCOUNT if "%s" in o else o for o in self.call[3]]
        if full == "*":
            return self.rnd.choice(("*", "*", *others))
        parts = full.split(":", 5)
        cut = self.rnd.randrange(1, len(parts[5]) + 1)
        wild = list(parts)
        wild[self.rnd.choice((1, 3, 4))] = "*"
        one = parts[5][:cut - 1] + "?" + parts[5][cut:]
        short = ":".join(parts[:self.rnd.choice((3, 4, 5))])
        tagged = ":".join(parts[:5]) + ":" + parts[5][:cut] + "${aws:PrincipalTag/team}"
        return self.rnd.choice((full, full, "*", *others, ":".join(wild), ":".join(parts[:5]) + ":*",
                                ":".join(parts[:5]) + ":" + parts[5][:cut] + "*", ":".join(parts[:5]) + ":" + one,
                                full.upper() if self.chance(0.1) else full, tagged,
                                short if self.chance(0.4) else full, full.replace("arn:aws:", "arn:aws-cn:")))

    def condition(self):
        block = {}
        for _ in range(self.rnd.choice((1, 1, 1, 2))):
            key, _, values, kind, multi = self.rnd.choice(KEYS)
            operator = self.rnd.choice(OPERATORS[kind])
            if operator == "Null":
                block.setdefault("Null", {})[key] = self.rnd.choice(("true", "false"))
                continue
            if multi and self.chance(0.9) or self.chance(0.1):
                operator = self.rnd.choice(("ForAllValues:", "ForAnyValue:")) + operator
            if self.chance(0.25):
                operator += "IfExists"
            odd = self.rnd.choice((key, key, key.upper(), key.lower()))
            block.setdefault(operator, {})[odd] = self.some(lambda v=values: self.rnd.choice(v))
        return block

    def principal(self):
        return self.rnd.choice(("*", {"AWS": "*"}, {"AWS": ROLE}, {"AWS": SESSION}, {"AWS": ACCOUNT}, {"AWS": USER},
                                {"AWS": "arn:aws:iam::%s:root" % ACCOUNT}, {"AWS": OTHER}, {"AWS": [ROLE, OTHER]},
                                {"AWS": "arn:aws:iam::111122223333:role/other"}, {"Service": "ec2.amazonaws.com"}))

    def statement(self, allow=0.75, principal=False, negated=0.15):
        s = {"Effect": "Allow" if self.chance(allow) else "Deny"}
        s["NotAction" if self.chance(negated) else "Action"] = self.some(self.action)
        s["NotResource" if self.chance(negated) else "Resource"] = self.some(self.resource)
        if principal:
            spare = principal is True and s["Effect"] == "Deny" and self.chance(0.2)
            s["NotPrincipal" if spare else "Principal"] = principal if isinstance(principal, str) else self.principal()
            if s.get("NotPrincipal") == "*":
                s["NotPrincipal"] = {"AWS": [ROLE, SESSION]}
        if self.chance(0.4):
            s["Condition"] = self.condition()
        return s

    def policy(self, **how):
        statements = [self.statement(**how) for _ in range(self.rnd.choice((1, 1, 2, 3)))]
        version = {} if self.chance(0.05) else {"Version": "2012-10-17" if self.chance(0.95) else "2008-10-17"}
        return {**version, "Statement": statements[0] if len(statements) == 1 and self.chance(0.3) else statements}

    def open_policy(self):
        return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

    def rcp(self):
        s = self.statement(allow=0, principal=False, negated=0)
        s["Principal"] = "*"
        s["Action"] = self.call[0].split(":")[0] + ":*"
        s["Resource"] = self.rnd.choice(("*", self.resource_arn))
        return {"Version": "2012-10-17", "Statement": [s]}

    def case(self):
        self.call = self.rnd.choice(CALLS)
        owner = OTHER if self.chance(0.15) else ACCOUNT
        self.resource_arn = self.call[2] % owner if "%s" in self.call[2] else self.call[2]
        c = {"principal": self.rnd.choice((SESSION, SESSION, SESSION, USER)), "action": self.call[0],
             "resource": self.resource_arn, "resourceAccount": owner if self.resource_arn != "*" else ACCOUNT,
             "context": {}}
        for key, values, _, _, _ in KEYS:
            if self.chance(0.5):
                c["context"][key] = self.rnd.choice(values)
        if c["principal"] == SESSION:
            c["context"].pop("aws:username", None)
        c["identityPolicies"] = [self.policy() for _ in range(self.rnd.choice((0, 1, 1, 2)))]
        if self.chance(0.2):
            c["permissionBoundaries"] = [self.rnd.choice((self.policy, self.open_policy))()]
        if self.chance(0.1) and c["principal"] == SESSION:
            c["sessionPolicies"] = [self.rnd.choice((self.policy, self.open_policy))()]
        if self.chance(0.2):
            c["serviceControlPolicies"] = [[self.rnd.choice((self.policy, self.open_policy))()] for _ in range(self.rnd.choice((1, 2)))]
        if self.chance(0.1):
            c["resourceControlPolicies"] = [[self.rcp()]]
        if self.chance(0.1):
            c["endpointPolicies"] = [self.policy(principal="*")]
        if self.resource_arn != "*" and self.chance(0.35):
            c["resourcePolicy"] = self.policy(principal=True)
        return kinds.apply(self, c) if self.chance(self.kinds) else c
