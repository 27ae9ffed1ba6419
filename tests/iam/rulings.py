"""Where iam-simulate and AWS's own documentation differ, and rolewatch follows the documentation."""
import json
import re


def _policies(case):
    for key, value in case.items():
        if key.endswith("Policies") or key == "permissionBoundaries":
            for policy in value:
                yield from policy if isinstance(policy, list) else [policy]
    if "resourcePolicy" in case:
        yield case["resourcePolicy"]


def _old_variables(case):
    return any(p.get("Version") != "2012-10-17" and "${" in json.dumps(p) for p in _policies(case))


def _zero_prefix(case):
    return "0.0.0.0/0" in json.dumps(case) and "aws:SourceIp" in case["context"]


def _bare_address(case):
    text = json.dumps(case)
    return "NotIpAddress" in text and '"192.0.2.7"' in text and ":" in case["context"].get("aws:SourceIp", "")


def _text(case):
    return json.dumps(list(_policies(case)), ensure_ascii=False)


def _mentions(case, *words):
    return any(w.lower() in _text(case).lower() for w in words)


def _always(case):
    """Keys that are always there, whose value the request does not say."""
    listed = {k.lower() for k in case["context"]}
    return any(k not in listed and _mentions(case, k) for k in ("aws:currenttime", "aws:securetransport", "aws:epochtime", "aws:userid", "aws:requestedregion",
                                                                "aws:resourceaccount"))


def _session_named(case):
    return bool(case.get("sessionPolicies")) and "resourcePolicy" in case


def _no_value(case):
    return _mentions(case, "${") and _mentions(case, "Not")


def _empty(case):
    return _mentions(case, "ForAllValues") and any(v in ("", [""]) for v in case["context"].values())


def _list_of_one(case):
    return any(isinstance(v, list) and len(v) == 1 for v in case["context"].values())


def _epoch(case):
    return _mentions(case, "Date") and (re.search(r'"\d{10,13}"', json.dumps(case)) is not None)


def _dates(case):
    return _mentions(case, "Date") and ("aws:TokenIssueTime" in case["context"])


def _numbers(case):
    return _mentions(case, "Numeric") and "aws:MultiFactorAuthAge" in case["context"]


def _letters(case):
    return not json.dumps(case, ensure_ascii=False).isascii() or "\\u00" in json.dumps(case)


def _principal(case):
    return _mentions(case, "CanonicalUser", "Federated", "AROA", "AIDA", '"Principal": "1') or case["principal"].endswith((":root", "com")) or ":role/" in case["principal"]


def _trust(case):
    return case["action"] in ("sts:TagSession", "sts:SetSourceIdentity") or case["action"] == "sts:AssumeRole" and "resourcePolicy" not in case


def _role_path(case):
    return "roleArn" in case


def _linked(case):
    return "AWSServiceRoleFor" in case["principal"]


def _accountless(case):
    return case["resource"].split(":")[4:5] in ([""], ["aws"]) and not case["resource"].startswith("arn:aws:s3")


# name, what the documentation says, whether a (shrunk) case is one of these. The names that `rolewatch
# policy eval --rulings` has are the same; the others are iam-simulate's own.
RULINGS = (
    ("version-2008", "IAM user guide, Version: before 2012-10-17, and without a Version, ${...} is literal text",
     _old_variables),
    ("prefix-zero", "RFC 4632: every IPv4 address lies in 0.0.0.0/0", _zero_prefix),
    ("bare-address", "IAM user guide, IP address operators: an address alone is its own /32 or /128", _bare_address),
    ("always-there", "IAM user guide, global condition context keys, availability: always", _always),
    ("session-named", "IAM user guide, session policies: they do not limit what a resource policy gives the session", _session_named),
    ("no-value", "IAM user guide, policy variables: inverted operators match where a variable has no value", _no_value),
    ("empty-set", "IAM user guide, multivalued context keys: ForAllValues holds for an empty string", _empty),
    ("list-of-one", "IAM user guide, multivalued context keys: the key has several values, not the request", _list_of_one),
    ("epoch", "IAM user guide, date operators: seconds since 1970", _epoch),
    ("date-forms", "W3C note on date and time formats: minutes, seconds and fractions, and any offset", _dates),
    ("decimals", "IAM user guide, numeric operators: integers and decimals, of any length", _numbers),
    ("letter-case", "IAM user guide, string operators: exact matching, ignoring case; '?' is one character", _letters),
    ("principals", "IAM user guide, Principal: accounts, ids, providers, root and roles as callers", _principal),
    ("trust", "IAM user guide, roles and session tags: the trust policy must allow it", _trust),
    ("role-path", "IAM user guide, Principal: a role's ARN has its path, and no other role is meant", _role_path),
    ("linked-roles", "Organizations user guide: SCPs and RCPs do not restrict service-linked roles", _linked),
    ("accountless", "service authorization reference: ARNs without an account are AWS's, or the caller's", _accountless),
)
