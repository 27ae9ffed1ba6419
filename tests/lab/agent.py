#!/usr/bin/python3
"""A double of the Amazon ECS agent's two HTTP servers, byte for byte as captured from 1.105.1.

    agent.py --introspection ADDR:PORT --credentials ADDR:PORT
             --registry FILE --state FILE --audit FILE

REGISTRY says what the agent knows: cluster, containerInstanceArn, version, hash, tasks and
credentials. STATE says how it behaves (STATE below). Both are JSON and read again at every request.
STATE speaks about the credentials server; its key "introspection" holds the same keys (status,
garbage, hang, wire) for the other one.

FEATURES holds the agent releases at which an answer changed, so that an older "version" in the
registry gives the older shape.
"""
import argparse
import email.utils
import json
import re
import urllib.parse

from imds import Answer, GARBAGE, JsonFile, SECRET, Server, serve, utc

REGISTRY = {
    "cluster": "default",
    "containerInstanceArn": None,
    "version": "1.105.1",
    "hash": "a8b3e7d3",
    "availabilityZone": "eu-west-1a",
    "availabilityZoneId": "euw1-az1",
    "vpcId": "vpc-0abc",
    "tasks": [],
    "credentials": {},
}
STATE = {
    "pending": False,            # known ids are not delivered yet, as after an agent restart
    "throttle": False,           # every request is over the rate limit
    "expired": False,            # 200 with an Expiration that has passed
    "available_commands": False, # a DNAT aimed at the introspection port by mistake
    "status": None,              # every answer has this status
    "garbage": False,            # 200 with bytes that are no answer
    "hang": False,               # accept, read, never answer
    "wire": None,                # what happens to an answer on its way: imds.SPOILED
    "introspection": {},
}
FEATURES = {
    "audit_v2": (1, 16, 0),
    "http_error_code": (1, 19, 0),
    "v3": (1, 21, 0),
    "v4": (1, 39, 0),
    "new_texts": (1, 49, 0),
    "task_protection": (1, 65, 0),
    "v4_404": (1, 71, 0),
    "image_and_times": (1, 77, 0),
    "json_errors": (1, 91, 1),
    "pending_503": (1, 101, 2),
    "zone_id": (1, 102, 0),
}
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
EMPTY_TASK = {"Arn": "", "KnownStatus": "", "Family": "", "Version": "", "Containers": None}
COMMANDS = {"AvailableCommands": ["/v1/metadata", "/v1/tasks", "/license"]}
SHORT_ID = 12
# code -> status, text since new_texts, text before (None: it never changed)
ERRORS = {
    "NoIdInRequest": (400, "No Credential ID in the request", "No ID in the request"),
    "InvalidIdInRequest": (400, "Credentials not found", "ID not found"),
    "CredentialsUninitialized": (503, "Credentials uninitialized for ID", None),
}


def compact(document):
    """Go's encoding/json: no blanks, and <, > and & escaped."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    for char in "<>&":
        text = text.replace(char, "\\u%04x" % ord(char))
    return text


def date():
    return email.utils.formatdate(usegmt=True)


def sent(status, body, kind=None, before=()):
    """A Go answer: set headers sorted, then Date and Content-Length, a sniffed type at the end."""
    body = body.encode() if isinstance(body, str) else body
    headers = sorted(list(before) + ([("Content-Type", kind)] if kind else []))
    headers += [("Date", date()), ("Content-Length", len(body))]
    if body and not kind:
        headers.append(("Content-Type", TEXT))
    return Answer(status, body, headers)


class World:
    """The registry as it is at one request."""

    def __init__(self, registry):
        self.registry = registry
        self.tasks = registry["tasks"]
        numbers = re.findall(r"\d+", registry["version"])[:3]
        self.version = tuple(int(number) for number in numbers)

    def has(self, feature):
        return self.version >= FEATURES[feature]

    def containers(self):
        return [(task, container) for task in self.tasks for container in task["containers"]]

    def by_endpoint(self, endpoint):
        for task, container in self.containers():
            if endpoint and container.get("endpointId") == endpoint:
                return task, container
        return None

    def task(self, arn):
        return next((task for task in self.tasks if task["arn"] == arn), None)

    def credentials(self, key):
        """A task role's entry is gone once its task is known to have stopped."""
        entry = self.registry["credentials"].get(key)
        if entry and entry.get("type", "task") == "task":
            task = self.task(entry.get("taskArn"))
            if task and task.get("known", "RUNNING") == "STOPPED":
                return None
        return entry


class Introspection:
    """Port 51678."""

    def __init__(self, registry, state):
        self.registry = registry
        self.state = state

    def route(self, wire):
        state = {**STATE, **self.state.read()["introspection"]}
        wire.spoil = state["wire"]
        if state["hang"]:
            wire.hang()
            return None
        if state["status"]:
            return sent(state["status"], "")
        if state["garbage"]:
            return sent(200, GARBAGE)
        world = World(self.registry.read())
        url = urllib.parse.urlsplit("http://x" + wire.target)
        if url.path == "/v1/metadata":
            return self.metadata(world)
        if url.path == "/v1/tasks":
            keys = urllib.parse.parse_qs(url.query, keep_blank_values=True)
            return self.tasks(world, keys)
        if url.path == "/license":
            return sent(200, "Apache License 2.0\n")
        return sent(200, compact(COMMANDS))

    @staticmethod
    def json(world, status, document):
        return sent(status, compact(document), JSON if world.has("json_errors") else None)

    def metadata(self, world):
        registry = world.registry
        version = "Amazon ECS Agent - v%s (%s)" % (registry["version"], registry["hash"])
        return self.json(world, 200, {
            "Cluster": registry["cluster"],
            "ContainerInstanceArn": registry["containerInstanceArn"], "Version": version})

    def tasks(self, world, keys):
        docker_id, arn = keys.get("dockerid"), keys.get("taskarn")
        if docker_id is None and arn is None:
            tasks = [self.shape(world, task) for task in world.tasks]
            return self.json(world, 200, {"Tasks": tasks})
        if docker_id is not None and arn is not None:
            if not world.has("json_errors"):
                return sent(400, "")
            return self.json(world, 400, EMPTY_TASK)
        if arn is not None:
            found = [task for task in world.tasks if task["arn"] == arn[0]]
        else:
            found = self.by_docker_id(world, docker_id[0])
        if len(found) == 1:
            return self.json(world, 200, self.shape(world, found[0]))
        return self.json(world, 400 if found else 404, EMPTY_TASK)

    @staticmethod
    def by_docker_id(world, value):
        """One entry per container that matches: two in the same task are ambiguous as well."""
        if len(value) > SHORT_ID:
            return [task for task, box in world.containers() if box["dockerId"] == value][:1]
        return [task for task, box in world.containers() if box["dockerId"].startswith(value)]

    def shape(self, world, task):
        desired, known = task.get("desired", "RUNNING"), task.get("known", "RUNNING")
        hidden = (known == "STOPPED" and desired != "STOPPED") or (known, desired) == (
            "RUNNING", "PENDING")
        return {
            "Arn": task["arn"],
            **({} if hidden else {"DesiredStatus": desired}),
            "KnownStatus": known, "Family": task["family"], "Version": str(task["revision"]),
            "Containers": [self.container(world, box) for box in task["containers"]]}

    @staticmethod
    def container(world, box):
        # 1.19.0 alone spelled the key in another way
        key = "DockerID" if world.version == (1, 19, 0) else "DockerId"
        shape = {key: box["dockerId"], "DockerName": box["dockerName"], "Name": box["name"]}
        if world.has("image_and_times"):
            shape.update(Image=box.get("image", ""), ImageID=box.get("imageId", ""))
            shape.update(times(box))
        networks = [net for net in box.get("networks", []) if net.get("NetworkMode") == "awsvpc"]
        if networks:
            shape["Networks"] = networks
        return shape


def times(box):
    pairs = (("CreatedAt", box.get("createdAt")), ("StartedAt", box.get("startedAt")))
    return {key: value for key, value in pairs if value}


class Credentials:
    """Port 51679: credentials, task metadata v2 to v4 and the agent API's task protection."""

    def __init__(self, registry, state, audit):
        self.registry = registry
        self.state = state
        self.audit = audit

    def route(self, wire):
        state = self.state.read()
        wire.spoil = state["wire"]
        world = World(self.registry.read())
        if state["hang"]:
            wire.hang()
            return None
        if state["available_commands"]:
            return sent(200, compact(COMMANDS))
        if state["status"]:
            return self.forced(wire, world, state["status"])
        if state["garbage"]:
            return self.limited(wire, 200, GARBAGE, JSON)
        if state["throttle"]:
            self.note(wire, world, 429)
            return self.limited(wire, 429, "You have reached maximum request limit.", TEXT)
        return self.dispatch(wire, world, state)

    def dispatch(self, wire, world, state):
        url = urllib.parse.urlsplit("http://x" + wire.target)
        clean = re.sub("/{2,}", "/", url.path)
        if clean != url.path:
            query = "?" + url.query if url.query else ""
            return self.limited(wire, 301, "", None, [("Location", clean + query)])
        if url.path == "/v1/credentials":
            keys = urllib.parse.parse_qs(url.query)
            return self.credentials(wire, world, state, 1, keys.get("id", [""])[0])
        table = (
            (r"/v2/credentials/(.*)",
             lambda key: self.credentials(wire, world, state, 2, urllib.parse.unquote(key))),
            (r"/v2/(?:metadata|stats|metadataWithTags)(?:/.*)?", lambda: self.by_source(wire)),
            (r"/v3/([^/]*)", lambda key: self.container(wire, world, 3, key)),
            (r"/v3/([^/]*)/task(?:WithTags)?", lambda key: self.task(wire, world, 3, key)),
            (r"/v4/([^/]*)", lambda key: self.container(wire, world, 4, key)),
            (r"/v4/([^/]*)/task(?:WithTags)?", lambda key: self.task(wire, world, 4, key)),
            (r"/api/([^/]+)/task-protection/v1/state",
             lambda key: self.protection(wire, world, key)),
        )
        for pattern, handler in table:
            match = re.fullmatch(pattern, url.path)
            if match and self.served(world, pattern):
                return handler(*match.groups())
        return self.not_found(wire)

    @staticmethod
    def served(world, pattern):
        since = {"/v3": "v3", "/v4": "v4", "/ap": "task_protection"}.get(pattern[:3])
        return since is None or world.has(since)

    @staticmethod
    def limited(wire, status, body, kind, extra=()):
        """Every answer passes the rate limiter, whose headers are this server's fingerprint."""
        remote = "%s:%d" % wire.client_address[:2]
        before = [("X-Rate-Limit-Limit", "40.00"), ("X-Rate-Limit-Duration", "1"),
                  ("X-Rate-Limit-Request-Forwarded-For", wire.headers.get("X-Forwarded-For", "")),
                  ("X-Rate-Limit-Request-Remote-Addr", remote)]
        return sent(status, body, kind, before + list(extra))

    def not_found(self, wire):
        return self.limited(wire, 404, "404 page not found\n", TEXT,
                            [("X-Content-Type-Options", "nosniff")])

    def json(self, wire, status, document):
        return self.limited(wire, status, compact(document), JSON)

    def forced(self, wire, world, status):
        if re.match("/v[12]/credentials", wire.target):
            self.note(wire, world, status)
        document = {"code": "InternalServerError", "message": "Internal server error"}
        if world.has("http_error_code"):
            document["HTTPErrorCode"] = status
        return self.json(wire, status, document)

    def credentials(self, wire, world, state, form, key):
        entry = world.credentials(key)
        code = None
        if not key:
            code = "NoIdInRequest"
        elif entry is None:
            code = "InvalidIdInRequest"
        elif state["pending"]:
            late = world.has("pending_503")
            code = "CredentialsUninitialized" if late else "InvalidIdInRequest"
        if code:
            return self.refuse(wire, world, form, code)
        self.note(wire, world, 200, entry)
        role = entry["roleArn"].rpartition("/")[2]
        expiration = entry.get("expiration") or utc(6 * 3600)
        return self.json(wire, 200, {
            "RoleArn": entry["roleArn"], "AccessKeyId": entry["keyId"], "SecretAccessKey": SECRET,
            "Token": "AQoDYXdzEXAMPLETOKEN" + role,
            "Expiration": utc(-3600) if state["expired"] else expiration})

    def refuse(self, wire, world, form, code):
        status, text, old = ERRORS[code]
        if old and not world.has("new_texts"):
            text = old
        document = {"code": code, "message": "CredentialsV%dRequest: %s" % (form, text)}
        if world.has("http_error_code"):
            document["HTTPErrorCode"] = status
        self.note(wire, world, status)
        return self.json(wire, status, document)

    def by_source(self, wire):
        return self.json(wire, 400, "Unable to get task arn from request: unable to associate "
                         "'%s' with task" % wire.client_address[0])

    def unknown(self, wire, world, form, what, why, endpoint):
        status = 404 if form == 4 and world.has("v4_404") else 500
        return self.json(wire, status, "V%d %s metadata handler: unable to get %s from request: "
                         "unable to get %s from v3 endpoint ID: %s" % (
                             form, what, *why, endpoint))

    def container(self, wire, world, form, endpoint):
        found = world.by_endpoint(endpoint)
        if not found:
            why = ("container ID", "docker ID")
            return self.unknown(wire, world, form, "container", why, endpoint)
        return self.json(wire, 200, self.container_shape(world, *found))

    def task(self, wire, world, form, endpoint):
        found = world.by_endpoint(endpoint)
        if not found:
            return self.unknown(wire, world, form, "task", ("task arn", "task Arn"), endpoint)
        task = found[0]
        shape = {
            "Cluster": world.registry["cluster"], "TaskARN": task["arn"],
            "Family": task["family"], "Revision": str(task["revision"]),
            "DesiredStatus": task.get("desired", "RUNNING"),
            "KnownStatus": task.get("known", "RUNNING")}
        boxes = {"Containers": [self.container_shape(world, task, box)
                                for box in task["containers"]]}
        zone = {"AvailabilityZone": world.registry["availabilityZone"]}
        if form == 3:
            return self.json(wire, 200, {**shape, **boxes, **zone})
        shape.update(zone, LaunchType="EC2", **boxes)
        shape["VPCID"] = world.registry["vpcId"]
        # the captured web task runs in a service of its family's name; a batch task has none
        shape["ServiceName"] = task.get("service", task["family"])
        shape["FaultInjectionEnabled"] = False
        if world.has("zone_id"):
            shape["AvailabilityZoneID"] = world.registry["availabilityZoneId"]
        return self.json(wire, 200, shape)

    @staticmethod
    def container_shape(world, task, box):
        labels = {
            "com.amazonaws.ecs.cluster": world.registry["cluster"],
            "com.amazonaws.ecs.container-name": box["name"],
            "com.amazonaws.ecs.task-arn": task["arn"],
            "com.amazonaws.ecs.task-definition-family": task["family"],
            "com.amazonaws.ecs.task-definition-version": str(task["revision"]),
            **box.get("labels", {})}
        shape = {
            "DockerId": box["dockerId"], "Name": box["name"], "DockerName": box["dockerName"],
            "Image": box.get("image", ""), "ImageID": box.get("imageId", ""),
            "Labels": dict(sorted(labels.items())),
            "DesiredStatus": task.get("desired", "RUNNING"),
            "KnownStatus": task.get("known", "RUNNING"),
            "Limits": box.get("limits", {"CPU": 10, "Memory": 64})}
        shape.update(times(box), Type=box.get("type", "NORMAL"))
        if box.get("networks"):
            shape["Networks"] = box["networks"]
        return shape

    def protection(self, wire, world, endpoint):
        found = world.by_endpoint(endpoint)
        if not found:
            return self.json(wire, 404, {"error": {
                "Arn": "", "Code": "ResourceNotFoundException",
                "Message": "Failed to find a task for the request"}})
        arn = found[0]["arn"]
        entries = world.registry["credentials"]
        if any(entries[key].get("taskArn") == arn and entries[key].get("type", "task") == "task"
               and world.credentials(key) for key in entries):
            return self.json(wire, 200, {"protection": {
                "ExpirationDate": None, "ProtectionEnabled": False, "TaskArn": arn}})
        return self.json(wire, 403, {"error": {
            "Arn": arn, "Code": "AccessDeniedException",
            "Message": "Invalid Request: no task IAM role credentials available for task"}})

    def note(self, wire, world, status, entry=None):
        """The audit line. Version 2 drops its second half on errors and keeps the blank before."""
        path = urllib.parse.urlsplit("http://x" + wire.target).path
        if path.startswith("/v2/credentials/"):
            path = "/v2/credentials"  # the id is a bearer secret
        line = '%s %d %s:%d "%s" "%s" ' % (
            utc(), status, *wire.client_address[:2], path, wire.headers.get("User-Agent", ""))
        line += (entry or {}).get("taskArn") or "-"
        execution = (entry or {}).get("type") == "execution"
        tail = "%s %s" % (world.registry["cluster"], world.registry["containerInstanceArn"])
        if not world.has("audit_v2"):
            line += " GetCredentials 1 " + tail
        elif entry:
            event = "GetCredentialsExecutionRole" if execution else "GetCredentials"
            line += " %s 2 %s" % (event, tail)
        else:
            line += " "
        with open(self.audit, "a", encoding="utf-8") as stream:
            stream.write(line + "\n")


def main():
    parser = argparse.ArgumentParser(description="a double of the ECS agent's HTTP servers")
    for name in ("--introspection", "--credentials"):
        parser.add_argument(name, required=True, metavar="ADDR:PORT")
    for name in ("--registry", "--state", "--audit"):
        parser.add_argument(name, required=True, metavar="FILE")
    args = parser.parse_args()
    registry, state = JsonFile(args.registry, REGISTRY), JsonFile(args.state, STATE)
    introspection = Introspection(registry, state)
    credentials = Credentials(registry, state, args.audit)
    serve([("introspection", Server(args.introspection, introspection.route)),
           ("credentials", Server(args.credentials, credentials.route))])


if __name__ == "__main__":
    main()
