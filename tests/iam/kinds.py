"""Kinds of cases on which evaluators have differed: each changes a generated case into one of its own."""

ACCOUNT, OTHER = "111122223333", "444455556666"
DATES = ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00.500Z", "2024-01-01T00:00:00.5Z", "2024-01-01T00:00Z", "2024-01-01",
         "2024-01-01T02:00+02:00", "2023-12-31T19:00:00-05:00", "1704067200", "1704067200500", "2024-01-01T00:00:01Z", "2024-01-01T00:00:00.000001Z")
NUMBERS = ("1.1", 1.1, "1.10", 1, "1", "01", "-0", 0, "1e3", "1000", "9007199254740992", "9007199254740993", "-9007199254740993", "0.30000000000000004",
           "0.3", "12345678901234567890123456789", "12345678901234567890123456788.9")
WORDS = ("é", "É", "日本", "b\u0001c", "bc", "Müller", "MÜLLER", "müller", "Ωμέγα", "ωμΈγα", "a\u0003", "😀", "x")
GLOBS = ("?", "??", "*", "M?ller", "?*?", "b?c", "b\u0001c", "日?", "*é", "a\u0003", "\u0001", "?\u0003*", "x*")
IDS = ("AROAEXAMPLEROLE", "AIDAEXAMPLEUSER", "AROAANOTHERROLE")
PROVIDER = "arn:aws:iam::%s:oidc-provider/token.example.com" % ACCOUNT


def allow(**how):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **how}]}


def dates(g, c):
    operator = g.rnd.choice(("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"))
    c["context"]["aws:TokenIssueTime"] = g.rnd.choice(DATES)
    return {"Date" + operator: {"aws:TokenIssueTime": g.some(lambda: g.rnd.choice(DATES))}}


def numbers(g, c):
    operator = g.rnd.choice(("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"))
    c["context"]["aws:MultiFactorAuthAge"] = g.rnd.choice(NUMBERS)
    return {"Numeric" + operator: {"aws:MultiFactorAuthAge": g.some(lambda: g.rnd.choice(NUMBERS))}}


def words(g, c):
    operator = g.rnd.choice(("StringEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"))
    c["context"]["aws:PrincipalTag/Név"] = g.rnd.choice(WORDS)
    values = GLOBS + WORDS if "Like" in operator else WORDS
    return {operator: {g.rnd.choice(("aws:PrincipalTag/Név", "AWS:principaltag/NÉV")): g.some(lambda: g.rnd.choice(values))}}


def always(g, c):
    for key in list(c["context"]):
        if g.chance(0.7):
            del c["context"][key]
    key, values = g.rnd.choice((
        ("aws:PrincipalArn", ("arn:aws:iam::111122223333:role/webTaskRole", "arn:aws:iam::111122223333:user/reader", "arn:aws:iam::*:role/*", "${aws:PrincipalArn}")),
        ("aws:PrincipalAccount", (ACCOUNT, OTHER)), ("aws:PrincipalType", ("AssumedRole", "User", "Account")), ("aws:username", ("reader", "other")),
        ("aws:ResourceAccount", (ACCOUNT, OTHER, "${aws:PrincipalAccount}")), ("aws:RequestedRegion", ("us-east-1", "eu-*")),
        ("aws:SecureTransport", ("true",)), ("aws:CurrentTime", ("2024-01-01",))))
    operator = g.rnd.choice(("StringEquals", "StringNotEquals", "StringLike", "StringNotLikeIfExists", "Null"))
    return {operator: {key: g.rnd.choice(("true", "false")) if operator == "Null" else g.some(lambda: g.rnd.choice(values))}}


def sets(g, c):
    key = g.rnd.choice(("aws:PrincipalTag/team", "aws:TagKeys"))
    c["context"][key] = g.rnd.choice(("", [""], ["red"], ["red", "blue"], "red", [])) if key == "aws:TagKeys" else g.rnd.choice(("", [""], ["red"], "red"))
    operator = g.rnd.choice(("ForAllValues:", "ForAnyValue:", "")) + g.rnd.choice(("StringEquals", "StringNotEquals", "StringLike"))
    return {operator: {key: g.some(lambda: g.rnd.choice(("red", "r*", "", "${aws:PrincipalTag/none}", "blue")))}}


def empties(g, c):
    """Keys with an empty value, by themselves and as variables of another."""
    c["context"]["aws:PrincipalTag/empty"] = g.rnd.choice(("", "", [""], "red"))
    c["context"]["aws:PrincipalTag/team"] = g.rnd.choice(("", "red"))
    key = g.rnd.choice(("aws:PrincipalTag/empty", "aws:PrincipalTag/team", "aws:PrincipalTag/none"))
    operator = g.rnd.choice(("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "ArnLike", "Bool", "Null"))
    if operator == "Null":
        return {operator: {key: g.rnd.choice(("true", "false"))}}
    operator = g.rnd.choice(("", "", "ForAllValues:", "ForAnyValue:")) + operator + g.rnd.choice(("", "", "IfExists"))
    wants = ("", "*", "red", "${aws:PrincipalTag/empty}", "r${aws:PrincipalTag/empty}*", "${aws:PrincipalTag/empty, 'red'}", "${aws:PrincipalTag/empty, ''}",
             "${aws:PrincipalTag/none, ''}", "${aws:PrincipalTag/none}")
    return {operator: {key: g.some(lambda: g.rnd.choice(wants))}}


def texts(g, c):
    """Keys of S3 with any character, and patterns of them."""
    c["action"], c["resourceAccount"] = "s3:GetObject", ACCOUNT
    c["resource"] = "arn:aws:s3:::b/" + g.rnd.choice(WORDS)
    c["identityPolicies"] = [allow(Action="s3:*", Resource=["arn:aws:s3:::b/" + g.rnd.choice(GLOBS + WORDS) for _ in range(2)])]
    c.pop("resourcePolicy", None)


def callers(g, c):
    """Roles, users, root and providers as callers, and every form of a principal."""
    role = "arn:aws:iam::%s:role/webTaskRole" % ACCOUNT
    c["principal"] = g.rnd.choice((role, "arn:aws:iam::%s:root" % ACCOUNT, PROVIDER, "arn:aws:iam::%s:user/reader" % ACCOUNT,
                                   "arn:aws:sts::%s:assumed-role/webTaskRole/s1" % ACCOUNT, "ecs-tasks.amazonaws.com"))
    c["context"].pop("aws:username", None)
    if c["principal"].startswith("arn:aws:sts") and g.chance(0.5):
        c["roleArn"] = g.rnd.choice((role, "arn:aws:iam::%s:role/path/webTaskRole" % ACCOUNT))
    if g.chance(0.5) and "assumed" in c["principal"]:
        c["context"]["aws:userid"] = g.rnd.choice(("AROAEXAMPLEROLE:s1", "AROAANOTHERROLE:s1"))
    one = lambda: g.rnd.choice(({"AWS": g.rnd.choice(IDS)}, {"CanonicalUser": "79a59df900b949e5"}, {"Federated": PROVIDER}, {"AWS": role}, ACCOUNT, "*",
                                {"AWS": c["principal"]}, {"Service": "ecs-tasks.amazonaws.com"}, {"AWS": [OTHER, "arn:aws:iam::%s:role/path/webTaskRole" % ACCOUNT]}))
    c["resourcePolicy"] = {"Version": "2012-10-17", "Statement": [
        {"Effect": g.rnd.choice(("Allow", "Allow", "Deny")), "Principal": one(), "Action": "*", "Resource": "*"} for _ in range(g.rnd.choice((1, 2)))]}
    if c["resource"] == "*":
        c.pop("resourcePolicy")


def sides(g, c):
    """Both sides are wanted: a role's trust, a key, another account."""
    owner = g.rnd.choice((ACCOUNT, OTHER))
    c["action"], c["resource"] = g.rnd.choice((
        ("sts:AssumeRole", "arn:aws:iam::%s:role/reader" % owner), ("sts:TagSession", "arn:aws:iam::%s:role/reader" % owner),
        ("sts:SetSourceIdentity", "arn:aws:iam::%s:role/reader" % owner), ("kms:Decrypt", "arn:aws:kms:us-east-1:%s:key/1" % owner),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:%s:q" % owner), ("ec2:RunInstances", "arn:aws:ec2:us-east-1:%s:subnet/s-1" % owner)))
    c["resourceAccount"] = owner
    c["identityPolicies"] = g.rnd.choice(([], [allow(Action="*", Resource="*")]))
    c.pop("resourcePolicy", None)
    if g.chance(0.7):
        principal = g.rnd.choice(("*", {"AWS": ACCOUNT}, {"AWS": c["principal"]}, {"AWS": OTHER}, {"AWS": "arn:aws:iam::%s:role/webTaskRole" % ACCOUNT}))
        statement = {"Effect": "Allow", "Principal": principal, "Action": g.rnd.choice((c["action"], "sts:AssumeRole", "kms:*"))}
        c["resourcePolicy"] = {"Version": "2012-10-17", "Statement": [statement if c["action"].startswith("sts:") else {**statement, "Resource": "*"}]}


def owned(g, c):
    """ARNs without an account of the caller's or another's."""
    c["action"], c["resource"] = g.rnd.choice((
        ("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess"), ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/m"),
        ("ec2:RunInstances", "arn:aws:ec2:us-east-1::image/ami-1"), ("ec2:CreateVolume", "arn:aws:ec2:us-east-1::snapshot/snap-1"),
        ("route53:GetHostedZone", "arn:aws:route53:::hostedzone/Z1"), ("ssm:GetParameter", "arn:aws:ssm:us-east-1::parameter/aws/service/x")))
    c["resourceAccount"] = g.rnd.choice((ACCOUNT, ACCOUNT, OTHER)) if c["action"].startswith("ec2:") else ACCOUNT
    if g.chance(0.3):
        del c["resourceAccount"]
    c["identityPolicies"] = [allow(Action="*", Resource=g.rnd.choice(("*", c["resource"], c["resource"].rsplit("/", 1)[0] + "/*", c["resource"].replace("::", ":*:"))))]
    c.pop("resourcePolicy", None)


def names(g, c):
    """Resources that AWS authorizes under another name: log groups with their streams, aliases of KMS as keys."""
    group, key = "arn:aws:logs:us-east-1:%s:log-group:/ecs/a" % ACCOUNT, "arn:aws:kms:us-east-1:%s:" % ACCOUNT
    c["action"], c["resource"], entries = g.rnd.choice((
        ("logs:CreateLogStream", group, (group, group + ":*", group + "*", group + "b", group + ":log-stream:*", "*")),
        ("logs:TagResource", group, (group, group + ":*", group + "*")),
        ("kms:Decrypt", key + "alias/app", (key + "alias/app", key + "alias/*", key + "key/*", key + "key/1", key + "*", "*", key.replace("us-", "eu-") + "*")),
        ("kms:DeleteAlias", key + "alias/app", (key + "alias/app", key + "key/*", "*"))))
    c["resourceAccount"] = ACCOUNT
    c["identityPolicies"] = [{"Version": "2012-10-17", "Statement": [
        {"Effect": g.rnd.choice(("Allow", "Allow", "Deny")), "Action": "*", "Resource": g.some(lambda: g.rnd.choice(entries))} for _ in range(2)]}]
    c["resourcePolicy"] = {**allow(Principal={"AWS": ACCOUNT}, Action="kms:*", Resource="*")}


def linked(g, c):
    c["principal"] = "arn:aws:sts::%s:assumed-role/AWSServiceRoleForECS/ecs" % ACCOUNT
    c["serviceControlPolicies"] = [[g.policy()]]
    if g.chance(0.5):
        c["roleArn"] = g.rnd.choice(("arn:aws:iam::%s:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS", "arn:aws:iam::%s:role/AWSServiceRoleForECS")) % ACCOUNT


CONDITIONS = (dates, numbers, words, always, sets, empties)
CASES = (texts, callers, sides, owned, names, linked)


def apply(g, c):
    """One kind, and often a condition of another."""
    if g.chance(0.6):
        g.rnd.choice(CASES)(g, c)
    if g.chance(0.6) or not c["identityPolicies"]:
        block = g.rnd.choice(CONDITIONS)(g, c)
        effect = g.rnd.choice(("Allow", "Allow", "Deny"))
        statements = [{"Effect": effect, "Action": "*", "Resource": "*", "Condition": block}]
        if effect == "Deny":
            statements.append({"Effect": "Allow", "Action": "*", "Resource": "*"})
        c["identityPolicies"] = [{"Version": "2012-10-17", "Statement": statements}]
    return c
