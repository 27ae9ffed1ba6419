"""Where iam-simulate and AWS's own documentation differ, and rolewatch follows the documentation."""
import json


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


# name, what the documentation says, whether a (shrunk) case is one of these
RULINGS = (
    ("version-2008", "IAM user guide, Version: before 2012-10-17, and without a Version, ${...} is literal text",
     _old_variables),
    ("prefix-zero", "RFC 4632: every IPv4 address lies in 0.0.0.0/0", _zero_prefix),
    ("bare-address", "IAM user guide, IP address operators: an address alone is its own /32 or /128", _bare_address),
)
