#!/usr/bin/python3
"""The doubles against the captures of the real programs, on loopback.

Every answer in captures/*.http is asked of agent.py and compared byte for byte. The captures were
stored without carriage returns; Date and the client's port are the only other differences allowed.
"""
import calendar
import collections
import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
CAPTURES = HERE / "captures"
WAIT = 10
AGENT_UA = {"User-Agent": "capture/1"}

TASK_ID = "fd6f8173-f760-565e-bb33-2485e9fc109e"
EXECUTION_ID = "3291cfdf-0000-4000-8000-000000000001"
HOST_ID = "5b254ae1-269c-5e28-8b1c-32f86cdab4a2"
NO_ID = "00000000-0000-0000-0000-000000000000"
ROLES = "arn:aws:iam::111122223333:role/"
DELIVERED_UNTIL = "2026-11-24T06:00:00Z"


def capture(name):
    return (CAPTURES / (name + ".http")).read_bytes()


def body_of(name):
    return json.loads(capture(name).partition(b"\n\n")[2])


def snake(box, labels, networks):
    return {
        "dockerId": box["DockerId"], "dockerName": box["DockerName"], "name": box["Name"],
        "image": box["Image"], "imageId": box["ImageID"], "createdAt": box["CreatedAt"],
        "startedAt": box["StartedAt"], "labels": labels, "networks": networks,
        "endpointId": "endpoint-" + box["Name"]}


def captured_registry():
    """The registry the captured agent would have had, read back from what it answered."""
    metadata = body_of("introspection-metadata")
    boxes = {box["DockerId"]: box for box in body_of("metadata-v4-task")["Containers"]}
    tasks = []
    for task in body_of("introspection-tasks")["Tasks"]:
        containers = []
        for box in task["Containers"]:
            seen = boxes.get(box["DockerId"], {})
            own = {key: value for key, value in seen.get("Labels", {}).items()
                   if not key.startswith("com.amazonaws.ecs.")}
            containers.append(snake(box, own, seen.get("Networks", [])))
        tasks.append({"arn": task["Arn"], "family": task["Family"], "revision": task["Version"],
                      "desired": task["DesiredStatus"], "known": task["KnownStatus"],
                      "containers": containers})
    arns = {task["family"]: task["arn"] for task in tasks}

    def entry(role, key, kind, family):
        return {"roleArn": ROLES + role, "keyId": key, "type": kind, "taskArn": arns[family],
                "expiration": DELIVERED_UNTIL}

    return {
        "cluster": metadata["Cluster"], "containerInstanceArn": metadata["ContainerInstanceArn"],
        "version": "1.105.1", "hash": "*a8b3e7d3", "tasks": tasks,
        "credentials": {
            TASK_ID: entry("webTaskRole", "ASIAWEBTASKROLEXXXXX", "task", "web"),
            HOST_ID: entry("hostTaskRole", "ASIAHOSTTASKROLEXXXX", "task", "hostnet"),
            EXECUTION_ID: entry("ecsTaskExecutionRole", "ASIAECSTASKEXECUTION", "execution",
                                "web")}}


def reordered(registry, family):
    """The agent lists in the order of a Go map: the task's containers the other way round."""
    for task in registry["tasks"]:
        if task["family"] == family:
            task["containers"].reverse()
    return registry


def stopped_first(registry):
    batch = next(task for task in registry["tasks"] if task["family"] == "batch")
    registry["tasks"].remove(batch)
    registry["tasks"].insert(0, {**batch, "desired": "STOPPED", "known": "STOPPED"})
    return registry


WEB_ID = "39c3bad8e7edf1eaf2fcd1093924558d88ea8509fe5bb2e6fedd5fc0ff3049ba"
WEB_ARN = "arn:aws:ecs:eu-west-1:111122223333:task/prod/4f3f289869e35a0d820ac4e87987dbce"
Case = collections.namedtuple("Case", "capture server path state change", defaults=({}, None))
CASES = (
    Case("introspection-metadata", "introspection", "/v1/metadata"),
    Case("introspection-tasks", "introspection", "/v1/tasks"),
    Case("introspection-tasks-one-stopped", "introspection", "/v1/tasks", {}, stopped_first),
    Case("introspection-task-by-dockerid", "introspection", "/v1/tasks?dockerid=" + WEB_ID),
    Case("introspection-task-by-arn", "introspection", "/v1/tasks?taskarn=" + WEB_ARN),
    Case("introspection-dockerid-unknown", "introspection", "/v1/tasks?dockerid=" + "f" * 64),
    Case("introspection-dockerid-empty", "introspection", "/v1/tasks?dockerid="),
    Case("introspection-dockerid-and-taskarn", "introspection",
         "/v1/tasks?dockerid=%s&taskarn=%s" % (WEB_ID, WEB_ARN)),
    Case("introspection-unknown-path", "introspection", "/v1/credentials?id=" + TASK_ID),
    Case("credentials-task-role", "credentials", "/v2/credentials/" + TASK_ID),
    Case("credentials-execution-role", "credentials", "/v2/credentials/" + EXECUTION_ID),
    Case("credentials-v1-form", "credentials", "/v1/credentials?id=" + TASK_ID),
    Case("credentials-v1-no-id", "credentials", "/v1/credentials"),
    Case("credentials-no-id", "credentials", "/v2/credentials/"),
    Case("credentials-no-slash", "credentials", "/v2/credentials"),
    Case("credentials-unknown-id", "credentials", "/v2/credentials/" + NO_ID),
    Case("credentials-429", "credentials", "/v2/credentials/" + NO_ID, {"throttle": True}),
    Case("credentials-pending-after-restart", "credentials", "/v2/credentials/" + TASK_ID,
         {"pending": True}),
    Case("metadata-v2-from-host", "credentials", "/v2/metadata"),
    Case("metadata-v3-task", "credentials", "/v3/endpoint-app/task", {},
         lambda registry: reordered(registry, "web")),
    Case("metadata-v4-task", "credentials", "/v4/endpoint-app/task"),
    Case("metadata-v4-container", "credentials", "/v4/endpoint-app"),
    Case("metadata-v4-unknown", "credentials", "/v4/%s/task" % NO_ID),
    Case("task-protection-no-role", "credentials", "/api/endpoint-job/task-protection/v1/state"),
    Case("root-unknown", "credentials", "/"),
)


class Double:
    """One of the programs, running on free loopback ports."""

    def __init__(self, program, *args):
        self.process = subprocess.Popen([sys.executable, str(HERE / program), *args],
                                        stdout=subprocess.PIPE, text=True)
        self.ports = {}

    def expect(self, count):
        for _ in range(count):
            name, _, address = self.process.stdout.readline().split()
            self.ports[name] = int(address.rpartition(":")[2])
        return self

    def stop(self):
        self.process.terminate()
        self.process.wait(WAIT)
        self.process.stdout.close()

    def raw(self, name, path, headers=AGENT_UA, method="GET", timeout=WAIT):
        """The answer's bytes, read up to its Content-Length."""
        lines = ["%s %s HTTP/1.1" % (method, path), "Host: 127.0.0.1"]
        lines += ["%s: %s" % pair for pair in headers.items()]
        address = ("127.0.0.1", self.ports[name])
        with socket.create_connection(address, timeout=timeout) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += self.more(connection)
            head, _, body = answer.partition(b"\r\n\r\n")
            length = int(re.search(rb"(?m)^Content-Length: (\d+)", head).group(1))
            while len(body) < length and method != "HEAD":
                body += self.more(connection)
        return head.replace(b"\r\n", b"\n") + b"\n\n" + body

    @staticmethod
    def more(connection):
        chunk = connection.recv(65536)
        if not chunk:
            raise http.client.RemoteDisconnected("closed without an answer")
        return chunk

    def status(self, name, path, headers=AGENT_UA, method="GET"):
        return int(self.raw(name, path, headers, method).split(b" ", 2)[1])

    def body(self, name, path, headers=AGENT_UA, method="GET"):
        return self.raw(name, path, headers, method).partition(b"\n\n")[2]


def neutral(answer):
    answer = re.sub(rb"(?m)^Date: .*$", b"Date: -", answer)
    return re.sub(rb"(?m)^(X-Rate-Limit-Request-Remote-Addr: 127\.0\.0\.1):\d+$", rb"\1:0", answer)


class WithFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, document):
        part = self.folder / (name + ".part")
        part.write_text(json.dumps(document), encoding="utf-8")
        os.replace(part, self.folder / name)


class AgentTest(WithFolder):
    def setUp(self):
        super().setUp()
        self.set(captured_registry(), {})
        self.audit = self.folder / "audit.log"
        self.agent = Double(
            "agent.py", "--introspection", "127.0.0.1:0", "--credentials", "127.0.0.1:0",
            "--registry", str(self.folder / "registry"), "--state", str(self.folder / "state"),
            "--audit", str(self.audit)).expect(2)
        self.addCleanup(self.agent.stop)

    def set(self, registry, state):
        self.write("registry", registry)
        self.write("state", state)

    def test_captures(self):
        """Every capture, byte for byte."""
        for case in CASES:
            with self.subTest(case.capture):
                registry = captured_registry()
                self.set(case.change(registry) if case.change else registry, case.state)
                answer = self.agent.raw(case.server, case.path)
                self.assertEqual(neutral(answer), neutral(capture(case.capture)))

    def test_every_capture_has_a_case(self):
        self.assertEqual({path.stem for path in CAPTURES.glob("*.http")},
                         {case.capture for case in CASES})

    def test_audit_lines(self):
        """The captured log's first six lines, a 429 and a 503, but for times and ports."""
        for path in ("/v2/credentials/" + TASK_ID, "/v2/credentials/", "/v2/credentials/" + NO_ID,
                     "/v1/credentials?id=" + TASK_ID, "/v1/credentials",
                     "/v2/credentials/" + EXECUTION_ID):
            self.agent.raw("credentials", path)
        for state in ({"throttle": True}, {"pending": True}):
            self.set(captured_registry(), state)
            self.agent.raw("credentials", "/v2/credentials/" + TASK_ID,
                           {"User-Agent": "curl/7.88.1"})
        captured = (CAPTURES / "audit.log").read_text().splitlines(keepends=True)
        wanted = captured[:6] + [next(line for line in captured if line.split()[1] == status)
                                 for status in ("429", "503")]
        self.assertEqual(self.timeless(self.audit.read_text()), self.timeless("".join(wanted)))

    @staticmethod
    def timeless(text):
        return re.sub(r"(?m)^\S+Z (\d+) 127\.0\.0\.1:\d+ ", r"T \1 A ", text)

    def test_release_shapes(self):
        """Answers that changed with the agent's release."""
        unknown = "/v2/credentials/" + NO_ID
        known = "/v2/credentials/" + TASK_ID
        new = "CredentialsV2Request: Credentials not found"
        rows = (
            ("1.105.1", known, {"pending": True}, 503, "CredentialsUninitialized", None, True),
            ("1.101.2", known, {"pending": True}, 503, "CredentialsUninitialized", None, True),
            ("1.101.1", known, {"pending": True}, 400, "InvalidIdInRequest", new, True),
            ("1.49.0", unknown, {}, 400, "InvalidIdInRequest", new, True),
            ("1.48.1", unknown, {}, 400, "InvalidIdInRequest",
             "CredentialsV2Request: ID not found", True),
            ("1.48.1", "/v1/credentials", {}, 400, "NoIdInRequest",
             "CredentialsV1Request: No ID in the request", True),
            ("1.18.0", unknown, {}, 400, "InvalidIdInRequest",
             "CredentialsV2Request: ID not found", False),
        )
        for version, path, state, status, code, message, numbered in rows:
            with self.subTest(version=version, path=path):
                self.set({**captured_registry(), "version": version}, state)
                self.assertEqual(self.agent.status("credentials", path), status)
                document = json.loads(self.agent.body("credentials", path))
                self.assertEqual(document["code"], code)
                self.assertEqual("HTTPErrorCode" in document, numbered)
                if message:
                    self.assertEqual(document["message"], message)

    def test_states(self):
        """What a state file turns a healthy answer into."""
        path = "/v2/credentials/" + TASK_ID
        rows = (({"status": 500}, 500, b'"InternalServerError"'),
                ({"garbage": True}, 200, b"<<not an answer>>"),
                ({"available_commands": True}, 200, b'{"AvailableCommands":['),
                ({"throttle": True}, 429, b"maximum request limit"))
        for state, status, text in rows:
            with self.subTest(state):
                self.set(captured_registry(), state)
                self.assertEqual(self.agent.status("credentials", path), status)
                self.assertIn(text, self.agent.body("credentials", path))
                self.assertEqual(self.agent.status("introspection", "/v1/metadata"), 200)
        self.assertEqual(self.remaining(path, {"expired": True}), -3600)
        self.assertEqual(self.remaining(path, {}), 6 * 3600)

    def remaining(self, path, state):
        """Seconds until Expiration, to the minute, of an entry the registry gives none."""
        registry = captured_registry()
        registry["credentials"][TASK_ID]["expiration"] = None
        self.set(registry, state)
        text = json.loads(self.agent.body("credentials", path))["Expiration"]
        end = calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))
        return round((end - time.time()) / 60) * 60

    def test_lookups(self):
        """Short ids, stopped tasks, redirects, and a state for introspection alone."""
        get = self.agent.status
        self.assertEqual(get("introspection", "/v1/tasks?dockerid=" + WEB_ID[:12]), 200)
        self.assertEqual(get("introspection", "/v1/tasks?dockerid=" + WEB_ID[:13]), 404)
        self.assertEqual(get("credentials", "//v2//credentials//x"), 301)
        self.assertEqual(get("credentials", "/v3/%s/task" % NO_ID), 500)
        self.assertEqual(get("credentials", "/v4/" + NO_ID), 404)
        self.assertEqual(get("credentials", "/api/endpoint-app/task-protection/v1/state"), 200)
        registry = captured_registry()
        for task in registry["tasks"]:
            task["known"] = "STOPPED"
        self.set(registry, {"introspection": {"status": 500}})
        self.assertEqual(get("credentials", "/v2/credentials/" + TASK_ID), 400)
        self.assertEqual(get("credentials", "/v2/credentials/" + EXECUTION_ID), 200)
        self.assertEqual(get("introspection", "/v1/metadata"), 500)

    def test_hang(self):
        self.set(captured_registry(), {"hang": True})
        with self.assertRaises(TimeoutError):
            self.agent.raw("credentials", "/v2/credentials/" + TASK_ID, timeout=0.5)


TTL = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
ROLE = "/latest/meta-data/iam/security-credentials/"


class ImdsTest(WithFolder):
    def setUp(self):
        super().setUp()
        self.write("state", {})
        self.imds = Double("imds.py", "--listen", "127.0.0.1:0", "--state",
                           str(self.folder / "state")).expect(1)
        self.addCleanup(self.imds.stop)

    def get(self, path, headers=AGENT_UA, method="GET"):
        return self.imds.status("imds", path, headers, method)

    def token(self):
        return self.imds.body("imds", "/latest/api/token", TTL, "PUT").decode()

    def test_tokens(self):
        token = {"X-aws-ec2-metadata-token": self.token()}
        wrong = {"X-aws-ec2-metadata-token": "wrong"}
        for tokens, headers, status in (
                ("optional", AGENT_UA, 200), ("optional", token, 200), ("optional", wrong, 401),
                ("required", AGENT_UA, 401), ("required", token, 200), ("required", wrong, 401)):
            with self.subTest(tokens=tokens, status=status):
                self.write("state", {"tokens": tokens})
                self.assertEqual(self.get(ROLE, headers), status)
        self.assertEqual(self.get("/latest/api/token", AGENT_UA, "PUT"), 400)
        self.assertEqual(self.get("/latest/api/token", AGENT_UA, "GET"), 405)

    def test_paths(self):
        for path, status in (
                ("/latest/meta-data/", 200), ("/latest/meta-data/iam/info", 200), (ROLE, 200),
                (ROLE + "ecsInstanceRole", 200), (ROLE + "other", 404),
                ("/latest/meta-data/instance-id", 200),
                ("/latest/meta-data/placement/region", 200),
                ("/latest/meta-data/placement/availability-zone", 200),
                ("/latest/dynamic/instance-identity/document", 200),
                ("/latest/meta-data/iam/security-credentials-extended/", 404), ("/v1/x", 404)):
            with self.subTest(path):
                self.assertEqual(self.get(path), status)
        self.assertIn(b"<title>404 - Not Found</title>", self.imds.body("imds", ROLE + "other"))

    def test_states(self):
        for state, status in (({"role": None}, 404), ({"status": 503}, 503), ({"status": 403}, 403),
                              ({"garbage": True}, 200), ({"code": "Failed"}, 200)):
            with self.subTest(state):
                self.write("state", state)
                self.assertEqual(self.get(ROLE), status)
        self.assertEqual(self.credentials({"code": "AssumeRoleUnauthorizedAccess"})["Code"],
                         "AssumeRoleUnauthorizedAccess")
        past, future = self.credentials({"expired": True}), self.credentials({})
        self.assertLess(past["Expiration"], past["LastUpdated"])
        self.assertGreater(future["Expiration"], future["LastUpdated"])
        self.assertEqual(future["AccessKeyId"], "ASIAINSTANCEEXAMPLE0")

    def credentials(self, state):
        self.write("state", state)
        return json.loads(self.imds.body("imds", ROLE + "ecsInstanceRole"))

    def test_hang(self):
        self.write("state", {"hang": True})
        with self.assertRaises(TimeoutError):
            self.imds.raw("imds", ROLE, timeout=0.5)

    def test_hop_limit(self):
        """The TTL each segment arrives with: the token's has the limit, others the usual one."""
        for limit in (1, 2, 9):
            with self.subTest(limit):
                self.write("state", {"hop_limit": limit})
                self.assertEqual(self.arriving("PUT", "/latest/api/token", TTL), limit)
                self.assertEqual(self.arriving("GET", ROLE, AGENT_UA), 64)

    def arriving(self, method, path, headers):
        """The TTL of the last data segment the double sent, from a packet socket on loopback."""
        with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800)) as sniffer:
            sniffer.bind(("lo", 0x0800))
            sniffer.settimeout(WAIT)
            self.imds.raw("imds", path, headers, method)
            while True:
                packet = sniffer.recv(65536)
                header = (packet[0] & 15) * 4
                if packet[9] != socket.IPPROTO_TCP:
                    continue
                data = header + (packet[header + 12] >> 4) * 4
                port = int.from_bytes(packet[header:header + 2], "big")
                if port == self.imds.ports["imds"] and packet[data:].startswith(b"HTTP/1.1"):
                    return packet[8]


class Counting(unittest.TextTestResult):
    """Counts rows: a subtest is one, a test without subtests is one."""
    passed = 0
    failed = 0

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        self.passed += err is None
        self.failed += err is not None

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.failed += 1

    def addError(self, test, err):
        super().addError(test, err)
        self.failed += 1


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    result = unittest.TextTestRunner(resultclass=Counting, stream=sys.stdout).run(suite)
    print("%d passed, %d failed" % (result.passed, result.failed))
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main())
