"""What the scenarios do not reach: SDKs that boto3 cannot stand for, and findings of roles and task definitions.

Each function yields (good, line). `check` runs rolewatch on the lab's host.
"""
import json
import pathlib
import re
import time

import labhost

FINDINGS_H = labhost.HERE.parent.parent / "include/rolewatch/findings.h"
REPOSITORY = f"{labhost.ACCOUNT}.dkr.ecr.{labhost.REGION}.amazonaws.com/team/web:7"
PULL = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
# Every role is unknown to this IAM: roles that no bundle has are not there.
NO_SUCH_ROLE = "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no such role</Message></Error></ErrorResponse>"


def statement(*actions, resource="*", effect="Allow"):
    return {"Effect": effect, "Action": list(actions), "Resource": resource}


def role(name, service, *statements):
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"RoleName": name, "RoleId": "AROAEXAMPLE", "Arn": f"arn:aws:iam::{labhost.ACCOUNT}:role/{name}",
            "AssumeRolePolicyDocument": {"Statement": [trust]}, "AttachedManagedPolicies": [],
            "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}]}


def definition(family, execution_role, **container):
    arn = {"executionRoleArn": f"arn:aws:iam::{labhost.ACCOUNT}:role/{execution_role}"} if execution_role else {}
    return {"taskDefinition": {"family": family, "revision": 7, "taskRoleArn": f"arn:aws:iam::{labhost.ACCOUNT}:role/webTaskRole",
                               **arn, "containerDefinitions": [{"name": "app", "image": REPOSITORY, **container}]}}


AGENT = statement("ecs:*")
GOOD = [role("webTaskRole", "ecs-tasks.amazonaws.com"), role("ecsInstanceRole", "ec2.amazonaws.com", AGENT),
        role("webExec", "ecs-tasks.amazonaws.com", statement(*PULL), statement("ssm:GetParameters"))]


def changed(name, *with_):
    return [r for r in GOOD if r["RoleName"] != name] + list(with_)


SECRETS = [{"name": "KEY", "valueFrom": "/web/key"}]
# name, roles, definition of family "plain", IAM asked, findings of the host that there must be, and words in them
CASES = [
    ("all is covered", GOOD, definition("plain", "webExec", secrets=SECRETS), False, set(), ()),
    ("a secret that the execution role may not read", changed("webExec", role("webExec", "ecs-tasks.amazonaws.com", statement(*PULL))),
     definition("plain", "webExec", secrets=SECRETS), False, {"execution-role-denied"},
     ("plain:7", "ssm:GetParameters", "parameter/web/key", "webExec")),
    ("no execution role: the instance role pulls, and may not", GOOD, definition("plain", None), False, {"instance-role-denied"},
     ("ecr:GetAuthorizationToken", "ecsInstanceRole", REPOSITORY)),
    ("the instance role lacks what the agent calls", changed("ecsInstanceRole", role("ecsInstanceRole", "ec2.amazonaws.com")),
     definition("plain", "webExec"), False, {"instance-role-denied"}, ("ecs:DiscoverPollEndpoint",)),
    ("a swapped trust", changed("webTaskRole", role("webTaskRole", "ec2.amazonaws.com")), definition("plain", "webExec"), False,
     {"trust-mismatch"}, ("webTaskRole", "ecs-tasks.amazonaws.com", "ec2.amazonaws.com")),
    ("an execution role that is not there", changed("webExec"), definition("plain", "webExec"), True, {"role-missing"}, ("webExec",)),
]
OF_ROLES = {"execution-role-denied", "instance-role-denied", "trust-mismatch", "role-missing"}


def roles_and_definitions(check):
    files = {"ROLEWATCH_BUNDLES": labhost.RUN / "roles.json", "ROLEWATCH_DEFINITIONS": labhost.RUN / "definition.json"}
    iam = labhost.answering(8099, 404, NO_SUCH_ROLE)
    time.sleep(1)
    try:
        for name, roles, text, ask, want, words in CASES:
            files["ROLEWATCH_BUNDLES"].write_text(json.dumps({"RoleDetailList": roles, "Policies": []}))
            files["ROLEWATCH_DEFINITIONS"].write_text(json.dumps(text))
            env = {k: str(v) for k, v in files.items()}
            if ask:
                env.update(ROLEWATCH_IAM="yes", AWS_ENDPOINT_URL_IAM="http://127.0.0.1:8099")
            found = [f for f in check(**env)["findings"] if f["id"] in OF_ROLES]
            # The execution role of another scenario is in no bundle either.
            seen = {f["id"] for f in found if "ecsTaskExecutionRole" not in f["message"] and "peerTaskRole" not in f["message"]}
            said = " ".join(f["message"] for f in found)
            yield seen == want and all(w in said for w in words), f"{name}: {','.join(sorted(seen)) or 'none'}"
    finally:
        iam.terminate()
        iam.wait(10)


NODE = ("mkdir -p /app/node_modules/aws-sdk; printf '{\"name\": \"aws-sdk\", \"version\": \"%s\"}' >/app/node_modules/aws-sdk/package.json; "
        "cp /bin/sleep /usr/local/bin/node; cd /app; exec node 3600")
SDKS = [("an SDK before task roles", "2.4.6", {}, "sdk-too-old"),
        ("an SDK that goes on to the instance role and stays", "2.1693.0", {"status": 500}, "sdk-sticky-on-instance-role")]


def sdks(check):
    """Programs by the name of node beside the package of an SDK, as tests/checks/sdk proves the recognition with real ones."""
    started = [(labhost.Task("js" + version.replace(".", "-"), "webTaskRole").container("app", NODE % version), *rest)
               for name, version, *rest in SDKS]
    time.sleep(3)
    for (ident, agent, want), (name, *_) in zip(started, SDKS):
        labhost.write("agent.json", agent)
        try:
            report = check()
        finally:
            labhost.write("agent.json", {})
        seen = {f["id"] for f in report["findings"] if f.get("containerId") == ident}
        yield seen == {want}, f"{name}: {','.join(sorted(seen)) or 'none'}"


DENIED = (f"An error occurred (AuthorizationError) when calling the Publish operation: User: arn:aws:sts::{labhost.ACCOUNT}:assumed-role/ecsInstanceRole/%s "
          f"is not authorized to perform: SNS:Publish on resource: arn:aws:sns:{labhost.REGION}:{labhost.ACCOUNT}:orders")


def decoded(rolewatch):
    """The error of the story, on the host it came from: who acted, and who was meant. `rolewatch` runs a command of it."""
    host = json.loads(rolewatch("check", "--json").stdout)["host"]["instanceId"]
    for instance, words in ((host, ("this instance", "webTaskRole, if the call came from")), ("i-00000000000000000", ("another instance",))):
        out = rolewatch("decode", "--json", "--here", DENIED % instance).stdout
        got = json.loads(out or "{}")
        said = f"{got.get('whose')}; {got.get('meant')}"
        yield got.get("actor") == "instance-role" and all(w in said for w in words), f"the error of {instance}: {said[:100]}"


def slugs():
    """Of the table that the program itself is made from."""
    table = FINDINGS_H.read_text().split("#define FINDINGS(X)")[1].split("enum finding_kind")[0]
    return set(re.findall(r'X\([A-Z_]+, +"([a-z-]+)"', table))
