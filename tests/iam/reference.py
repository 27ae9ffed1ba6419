"""A small, slow evaluator written from the IAM user guide: recursive, on texts, with fractions; True, False or None.

It reads the lines of `rolewatch policy eval`. What it cannot say by the documentation is None; the run then
asks nothing of rolewatch. It shares no code and no table with rolewatch.
"""
import datetime
import fractions
import functools
import ipaddress
import re

MULTI = {"aws:calledvia", "aws:principalorgpaths", "aws:tagkeys", "aws:resourceorgpaths", "aws:sourceorgpaths",
         "aws:principalservicenameslist"}
NO_POLICY = {"ec2", "ecs", "cloudwatch", "xray", "logs", "ssmmessages", "autoscaling", "elasticloadbalancing"}
TRUST = {"sts:assumerole", "sts:tagsession", "sts:setsourceidentity", "sts:assumerolewithwebidentity", "sts:assumerolewithsaml"}


def both(*values):
    values = list(values)
    return False if False in values else None if None in values else True


def either(*values):
    values = list(values)
    return True if True in values else None if None in values else False


def other(value):
    return None if value is None else not value


def listed(value):
    return value if isinstance(value, list) else [value]


def text_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


class Literal(str):
    """A character that is meant as it stands."""


@functools.lru_cache(100000)
def _glob(pattern, text):
    if not pattern:
        return not text
    head, rest = pattern[0], pattern[1:]
    if head == ("sign", "*"):
        return any(_glob(rest, text[i:]) for i in range(len(text) + 1))
    if not text:
        return False
    return (head == ("sign", "?") or head == ("char", text[0])) and _glob(rest, text[1:])


def glob(pattern, text):
    return _glob(tuple(p for p in pattern if p != EMPTY), text)


def signs(text, wild=True):
    return [("sign", c) if wild and c in "*?" else ("char", c) for c in text]


# A variable whose key has an empty value: text of no length, or no value at all. The documentation says both.
EMPTY = ("empty", "")


class Missing(Exception):
    """A variable without a value."""


class Unsure(Exception):
    """The documentation does not say."""


class Request:
    def __init__(self, case):
        self.case = case
        self.context = {k.casefold(): v for k, v in case.get("context", {}).items()}
        self.action = case["action"].lower()
        self.resource = case["resource"]
        self.arn = self.resource.split(":", 5) if self.resource.startswith("arn:") else None
        self.principal = case["principal"]
        self.who = self.principal.split(":", 5) if self.principal.startswith("arn:") else None
        kind = self.who[5].split("/")[0] if self.who else "service"
        self.kind = {"assumed-role": "session", "role": "role", "user": "user", "root": "root", "oidc-provider": "federated",
                     "saml-provider": "federated"}.get(kind, kind)
        self.account = self.who[4] if self.who else None

    def role(self):
        if self.case.get("roleArn"):
            return self.case["roleArn"]
        return "arn:%s:iam::%s:role/%s" % (self.who[1], self.account, self.who[5].split("/")[1])

    def key(self, name):
        """The values of a key: a list; None: absent. Unsure: there, and not known."""
        name = name.casefold()
        if name in self.context:
            value = self.context[name]
            if value is None:
                raise Unsure(name)
            return [text_of(v) for v in listed(value)]
        owner = self.case.get("resourceAccount") or (self.arn[4] if self.arn and re.fullmatch(r"\d{12}", self.arn[4]) else None)
        known = {
            "aws:principalarn": {"session": self.role, "role": lambda: self.principal, "user": lambda: self.principal,
                                 "root": lambda: self.principal}.get(self.kind, lambda: None)(),
            "aws:principalaccount": self.account if self.kind != "federated" else None,
            "aws:principaltype": {"session": "AssumedRole", "role": "AssumedRole", "user": "User", "root": "Account"}.get(self.kind),
            "aws:username": self.who[5].split("/")[-1] if self.kind == "user" else None,
            "aws:requestedregion": self.arn[3] if self.arn else None,
            "aws:resourceaccount": owner,
            "aws:principalisawsservice": "true" if self.kind == "service" else "false",
        }
        if known.get(name):
            return [known[name]]
        if name in ("aws:currenttime", "aws:epochtime", "aws:securetransport", "aws:requestedregion", "aws:principaltype"):
            raise Unsure(name)
        if name == "aws:userid" and self.kind in ("session", "role", "user", "root") or name == "aws:resourceaccount" and self.arn:
            raise Unsure(name)
        return None

    # ---- policies ----

    def filled(self, text, version, wild):
        """Characters and signs, variables filled in."""
        out, at = [], 0
        while at < len(text):
            m = re.match(r"\$\{([^}]*)\}", text[at:]) if version == "2012-10-17" else None
            if not m:
                out += signs(text[at], wild)
                at += 1
                continue
            at += m.end()
            name, comma, default = m.group(1).partition(",")
            if name in ("*", "?", "$"):
                out.append(("char", name))
                continue
            values, default = self.key(name), re.fullmatch(r"\s*'(.*)'", default)
            if values is None and not default:
                raise Missing(name)
            values = [default.group(1)] if values is None else values
            if len(values) != 1 or values == [""] and default and default.group(1):
                raise Unsure(name)
            out += signs(values[0], False) or [EMPTY]
        return out

    def action_in(self, entries):
        found = False
        for entry in listed(entries):
            entry = entry.lower()
            if entry.strip("*") == "" and entry:
                return True
            if re.search(r"[\s,]", entry):
                continue
            if ":" not in entry or re.search(r"[*?]", entry.split(":")[0]):
                found = either(found, None)
            elif glob(signs(entry), self.action):
                return True
        return found

    def arn_parts(self, pattern):
        parts, part = [], []
        for token in pattern:
            if token == ("char", ":") and len(parts) < 5:
                parts.append(part)
                part = []
            else:
                part.append(token)
        return parts + [part]

    def resource_in(self, entries, version):
        found = False
        for entry in listed(entries):
            if entry.strip("*") == "":
                return True
            if self.arn is None:
                s3 = self.action.startswith("s3:") and re.fullmatch(r"arn:[^:]*:s3:[^:]*:[^:]*:\*+", entry)
                found = either(found, None if s3 else False)
                continue
            try:
                parts = self.arn_parts(self.filled(entry, version, True))
            except (Missing, Unsure):
                found = either(found, None)
                continue
            if len(parts) != 6 or "${" in entry and version == "2012-10-17" and "${" in "".join(entry.split(":", 5)[:5]):
                found = either(found, None)
                continue
            lower = [[(k, c.lower()) for k, c in p] for p in parts[:5]]
            same = all(glob(p, a.lower()) for p, a in zip(lower, self.arn[:5])) and self.named_by(parts[5], entry)
            if same is None or any(EMPTY in p for p in parts):
                found = either(found, None)
            elif same:
                kind = re.match(r"[^/:]*(?=[/:])", entry.split(":", 5)[5])
                typed = kind and (self.arn[3] or self.arn[4]) and re.search(r"[*?$]", kind.group(0)) and self.arn[2] not in ("execute-api", "sns", "sqs")
                if typed or re.search(r"[*?]", entry.split(":")[2]):
                    found = either(found, None)
                else:
                    return True
        return found

    def named_by(self, rest, entry):
        """The last part of an ARN. A log group is authorized with its streams, too, and an alias of KMS as its key."""
        name, service = self.arn[5], self.action.split(":")[0]
        if service == "kms" and name.startswith("alias/") and self.action[4:] not in ("createalias", "updatealias", "deletealias"):
            return entry.split(":", 5)[5] in ("*", "key/*") or None
        if service == "logs" and re.fullmatch("log-group:[^:]*", name) and self.action[5:] not in ("tagresource", "untagresource", "listtagsforresource"):
            by_name, by_streams = glob(rest, name), glob(rest, name + ":log-stream:")
            return by_name if by_name == by_streams else None
        return glob(rest, name)

    # ---- conditions ----

    def compare(self, family, relation, value, want):
        plain = "".join(c for _, c in want)
        if family in ("string", "binary"):
            return value == plain
        if family == "ignorecase":
            return value == plain or (value.upper() == plain.upper() and value.lower() == plain.lower() or
                                      (None if not (value + plain).isascii() and value.casefold() == plain.casefold() else False))
        if family == "like":
            return glob(want, value)
        if family == "bool":
            if value.lower() not in ("true", "false") or plain.lower() not in ("true", "false"):
                raise Unsure(value)
            return value.lower() == plain.lower()
        if family == "arn":
            a, b = value.split(":", 5), self.arn_parts(want)
            if len(a) != 6 or len(b) != 6 or a[0] != "arn" or b[0] != signs("arn") or not b[1] or not b[2]:
                raise Unsure(value)
            return all(glob(p, x) for p, x in zip(b, a))
        if family == "ip":
            try:
                a, b = ipaddress.ip_network(value, False), ipaddress.ip_network(plain, False)
            except ValueError:
                raise Unsure(value)
            return a.version == b.version and a.subnet_of(b)
        a, b = {"numeric": number, "date": date}[family](value), {"numeric": number, "date": date}[family](plain)
        return {"equals": a == b, "lessthan": a < b, "lessthanequals": a <= b, "greaterthan": a > b, "greaterthanequals": a >= b}[relation]

    def one_value(self, op, value, wants, version):
        family, relation, negated = op
        found = False
        for want in wants:
            try:
                wild = family in ("like", "arn")
                fill = family in ("like", "arn", "string", "ignorecase", "bool")
                pattern = self.filled(want, version if fill else "", wild)
                same = self.compare(family, relation, value, pattern)
                found = either(found, None if same and EMPTY in pattern else same)
            except Missing:
                found = either(found, False)
            except Unsure:
                found = either(found, None)
        return other(found) if negated else found

    def condition(self, name, key, wants, version):
        wants = [text_of(w) for w in listed(wants)]
        m = re.fullmatch(r"(?i)(?:(forallvalues|foranyvalue):)?(\w+?)(ifexists)?", name)
        quantifier, operator, if_exists = (m.group(1) or "").lower(), m.group(2).lower(), bool(m.group(3))
        if operator == "null":
            try:
                values = self.key(key)
                if values in ([], [""]):
                    return None         # null by one page, a value by another
                absent = values is None
            except Unsure:
                if self.context.get(key.casefold(), "") is None:
                    return None
                absent = False
            return either(*((w.lower() == "true") == absent for w in wants))
        op = OPERATORS[operator]
        try:
            values = self.key(key)
        except Unsure:
            return None
        if values is None:
            if quantifier == "foranyvalue":
                return None if if_exists else False
            return True if if_exists or quantifier == "forallvalues" else op[2]
        if quantifier == "forallvalues":
            return True if values in ([], [""]) else both(True, *(self.one_value(op, v, wants, version) for v in values))
        if quantifier == "foranyvalue":
            any_value = either(False, *(self.one_value(op, v, wants, version) for v in values))
            return None if any_value and values == [""] else any_value
        if len(values) != 1 or key.casefold() in MULTI:
            return None                 # the documentation only says that it wants a set operator
        return self.one_value(op, values[0], wants, version)

    # ---- principals ----

    def named(self, kind, entry):
        """Whom it names: the account, the role, the very caller."""
        no = (False, False, False)
        if kind == "Service" or kind == "Federated":
            return (False, False, entry == self.principal and (kind == "Federated") == (self.kind == "federated"))
        if entry == "*":
            return (False, False, True)
        if self.kind in ("service", "federated"):
            return no
        if kind == "CanonicalUser":
            return (None, False, False)
        if entry == self.account or re.fullmatch(r"arn:[^:]*:iam::%s:root" % self.account, entry):
            return (True, False, False)
        if re.fullmatch(r"A[A-Z0-9]{11,}", entry):
            if entry[:4] == "AIDA" and self.kind != "user" or entry[:4] == "AROA" and self.kind not in ("session", "role"):
                return no
            try:
                mine = entry == self.key("aws:userid")[0].split(":")[0]
            except Unsure:
                mine = None
            return (False, mine, False) if entry[:4] == "AROA" else (False, False, mine)
        if self.kind == "role":
            return (False, entry == self.principal, False)
        if entry == self.principal:
            return (False, False, True)
        if self.kind == "session" and re.match(r"arn:[^:]*:iam::%s:role/" % self.account, entry):
            if self.case.get("roleArn"):
                return (False, entry == self.case["roleArn"], False)
            return (False, entry.split("/")[-1].lower() == self.who[5].split("/")[1].lower(), False)
        return no

    def principals(self, block):
        if isinstance(block, str):
            block = {"AWS": block}
        names = [self.named(kind, entry) for kind, value in block.items() for entry in listed(value)]
        return tuple(either(False, *(n[i] for n in names)) for i in range(3))

    # ---- statements and layers ----

    def statement(self, s, version):
        action = self.action_in(s["Action"]) if "Action" in s else other(self.action_in(s["NotAction"]))
        if action is False:
            return False
        if "Resource" in s:
            resource = self.resource_in(s["Resource"], version)
        else:
            resource = other(self.resource_in(s["NotResource"], version)) if "NotResource" in s else True
        parts = [self.condition(op, key, wants, version) for op, block in s.get("Condition", {}).items() for key, wants in block.items()]
        return both(action, resource, *parts)

    def policies(self, policies, bounded=False, resource=False):
        """Allow by account, role, caller; and Deny."""
        allow, deny = [False, False, False], False
        for policy in policies:
            version = policy.get("Version", "2008-10-17")
            for s in listed(policy["Statement"]):
                body = self.statement(s, version)
                who = (False, False, True)
                if "Principal" in s:
                    who = self.principals(s["Principal"])
                elif "NotPrincipal" in s:
                    named = self.principals(s["NotPrincipal"])
                    spared = either(*named)
                    who = (False, False, other(spared) if spared is not True or named[2] is True else None)
                    if s["Effect"] == "Deny" and bounded:
                        who = (False, False, True)
                elif resource:
                    who = (False, False, False)
                if s["Effect"] == "Allow":
                    allow = [either(a, both(w, body)) for a, w in zip(allow, who)]
                else:
                    deny = either(deny, both(either(*who), body))
        return allow, deny

    def layer(self, key, absent=True):
        policies = self.case.get(key)
        if policies is None:
            return absent, False
        allow, deny = self.policies(policies)
        return (either(*allow), deny) if policies else (absent, False)

    def levels(self, key, needs_allow):
        allow, deny = True, False
        for level in self.case.get(key) or ():
            a, d = self.policies(level)
            allow = both(allow, either(*a) if needs_allow else True)
            deny = either(deny, d)
        return allow, deny

    def decide(self):
        case = self.case
        if self.action == "sts:getcalleridentity":
            return "allowed"
        identity = self.layer("identityPolicies", False)
        if self.kind == "root":
            identity = (True, False)
        boundary, session, endpoint = (self.layer(k) for k in ("permissionBoundaries", "sessionPolicies", "endpointPolicies"))
        bounded = bool(case.get("permissionBoundaries"))
        policy = [case["resourcePolicy"]] if case.get("resourcePolicy") else []
        grants, resource_deny = self.policies(policy, bounded, True)
        scp, rcp = self.levels("serviceControlPolicies", True), self.levels("resourceControlPolicies", False)
        linked = self.kind == "session" and (self.role().split(":")[5].startswith("role/aws-service-role/") or
                                             self.who[5].startswith("assumed-role/AWSServiceRoleFor") and "roleArn" not in case)
        if linked:
            scp, rcp = (True, False), (True, False)
        if self.kind in ("service", "federated"):
            scp = (True, False)
        if rcp[1] is True and self.action.split(":")[0] not in ("s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "logs", "dynamodb"):
            rcp = (True, None)
        deny = either(identity[1], boundary[1], session[1], resource_deny, scp[1], rcp[1], endpoint[1])
        if deny is True:
            return "explicitly-denied"
        limits = both(boundary[0], session[0])
        own, account, role, direct = both(identity[0], limits), grants[0], both(grants[1], limits), grants[2]
        foreign = self.foreign()
        if foreign == "shared" or foreign and not policy and self.action.split(":")[0] in NO_POLICY | {"rds", "ssm"}:
            grant = False if own is False else None
        elif foreign is None:
            return None
        elif foreign:
            grant = both(own, either(account, grants[1], direct))
        elif self.arn and (self.action.startswith("kms:") and self.arn[5].startswith("key/") or
                           self.action.startswith("kms:") and self.arn[5].startswith("alias/") and self.action[4:] not in ("createalias", "updatealias", "deletealias") or
                           self.action in TRUST and self.arn[5].startswith("role/")):
            grant = either(role, direct, both(account, own))
        else:
            grant = either(own, role, direct)
        grant = both(grant, scp[0], endpoint[0])
        if grant is False:
            return "implicitly-denied" if deny is False else "denied"
        return "allowed" if grant is True and deny is False else None

    def foreign(self):
        if self.kind in ("service", "federated") or self.arn is None or self.arn[4] == "aws":
            return False
        owner = self.case.get("resourceAccount") or self.arn[4]
        if not self.arn[4] and self.arn[2] != "s3":
            if self.arn[5].startswith(("image/", "snapshot/")) or owner in ("", self.account):
                return False
            return "shared"
        return None if not owner else owner != self.account


OPERATORS = {}
for _family, _base, _plain in (("string", "string", True), ("numeric", "numeric", False), ("date", "date", False)):
    for _relation in ("equals", "notequals") if _plain else ("equals", "notequals", "lessthan", "lessthanequals", "greaterthan", "greaterthanequals"):
        OPERATORS[_base + _relation] = (_family, _relation.replace("not", ""), "not" in _relation)
OPERATORS.update({"stringequalsignorecase": ("ignorecase", "equals", False), "stringnotequalsignorecase": ("ignorecase", "equals", True),
                  "stringlike": ("like", "equals", False), "stringnotlike": ("like", "equals", True), "bool": ("bool", "equals", False),
                  "binaryequals": ("binary", "equals", False), "ipaddress": ("ip", "equals", False), "notipaddress": ("ip", "equals", True),
                  "arnequals": ("arn", "equals", False), "arnlike": ("arn", "equals", False), "arnnotequals": ("arn", "equals", True),
                  "arnnotlike": ("arn", "equals", True)})


def number(text):
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        raise Unsure(text)
    return fractions.Fraction(text)


def date(text):
    if re.fullmatch(r"\d{1,15}", text):
        return fractions.Fraction(text) / (1000 if len(text) > 11 else 1)
    m = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d))?", text)
    if not m:
        raise Unsure(text)
    day, minute, second, fraction, zone = m.groups()
    try:
        at = datetime.datetime.fromisoformat("%sT%s:%s%s" % (day, minute or "00:00", second or "00", (zone or "Z").replace("Z", "+00:00")))
    except ValueError:
        raise Unsure(text)
    return fractions.Fraction(int(at.timestamp())) + fractions.Fraction("0." + (fraction or "0"))


def decide(case):
    return Request(case).decide()
