"""The lab's host as Python sees it: containers started as the ECS agent starts them."""
import datetime
import json
import os
import pathlib
import subprocess
import sys
import uuid

HERE = pathlib.Path(__file__).resolve().parent
RUN = pathlib.Path(os.environ.get("ROLEWATCH_LAB_DIR", "/var/lib/rolewatch-lab")) / "run"
ACCOUNT, REGION, CLUSTER = "111122223333", "eu-west-1", "prod"
HOST_NS = f"/run/netns/{os.environ.get('ROLEWATCH_LAB_NS', 'rwlab')}-host"


def key_id(role):
    """Each role has a key id of its own, so that a key id names its role."""
    return "ASIA" + f"{role.upper()[:16]:X<16}"


def empty_registry():
    return {"cluster": CLUSTER, "version": "1.105.1", "hash": "a8b3e7d3", "tasks": [], "credentials": {},
            "containerInstanceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:container-instance/{CLUSTER}/" + "0123456789abcdef" * 2}


def read(name):
    return json.loads((RUN / name).read_text())


def write(name, value):
    new = RUN / (name + ".new")
    new.write_text(json.dumps(value))
    new.rename(RUN / name)


def run(*argv, check=True, **kw):
    return subprocess.run(argv, check=check, text=True, capture_output=True, timeout=120, **kw)


def docker(*argv, **kw):
    return run("docker", "-H", f"unix://{RUN}/docker.sock", *argv, **kw).stdout.strip()


def in_host(*argv, **kw):
    return run("nsenter", f"--net={HOST_NS}", *argv, **kw)


# Every call at a port of the loopback is answered alike: port, status, body.
ANSWERS = """
import http.server, sys
status, body = int(sys.argv[2]), sys.argv[3].encode()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def answering(port, status, body):
    """A service of AWS on the lab's host that has one answer; the process, which the caller ends."""
    return subprocess.Popen(["nsenter", f"--net={HOST_NS}", "/usr/bin/python3", "-c", ANSWERS, str(port), str(status), body])


def in_netns_of(pid, *argv):
    return run("nsenter", "-t", str(pid), "--net", *argv)


class Task:
    """One task: registered with the agent double, its containers with the agent's names and environment."""

    def __init__(self, family, role=None, execution_role=None, revision="7"):
        self.id = uuid.uuid4().hex
        self.arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/{CLUSTER}/{self.id}"
        self.family, self.revision = family, revision
        self.credentials = self.execution = None
        registry = read("registry.json")
        if role:
            self.credentials = self._credential(registry, role, "task")
        if execution_role:
            self.execution = self._credential(registry, execution_role, "execution")
        registry["tasks"].append({"arn": self.arn, "family": family, "revision": revision, "desired": "RUNNING",
                                  "known": "RUNNING", "containers": []})
        write("registry.json", registry)

    def _credential(self, registry, role, kind):
        ident = str(uuid.uuid4())
        registry["credentials"][ident] = {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/{role}", "keyId": key_id(role),
                                          "type": kind, "taskArn": self.arn, "expiration": None}
        return ident

    def environment(self, endpoint_id):
        env = {"ECS_CONTAINER_METADATA_URI": f"http://169.254.170.2/v3/{endpoint_id}",
               "ECS_CONTAINER_METADATA_URI_V4": f"http://169.254.170.2/v4/{endpoint_id}",
               "ECS_AGENT_URI": f"http://169.254.170.2/api/{endpoint_id}",
               "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_EXECUTION_ENV": "AWS_ECS_EC2"}
        if self.credentials:
            env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = f"/v2/credentials/{self.credentials}"
        return env

    def record(self, name, image):
        """What the agent knows of a container of the task before Docker has given it an id."""
        labels = {"com.amazonaws.ecs.cluster": CLUSTER, "com.amazonaws.ecs.container-name": name,
                  "com.amazonaws.ecs.task-arn": self.arn, "com.amazonaws.ecs.task-definition-family": self.family,
                  "com.amazonaws.ecs.task-definition-version": self.revision}
        return {"dockerId": "", "dockerName": f"ecs-{self.family}-{self.revision}-{name}-{uuid.uuid4().hex[:20]}", "name": name,
                "image": image, "imageId": "sha256:" + "0" * 64, "labels": labels, "endpointId": str(uuid.uuid4()),
                "networks": [{"NetworkMode": "bridge", "IPv4Addresses": ["172.17.0.2"]}]}

    def register(self, records):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        registry = read("registry.json")
        task = next(t for t in registry["tasks"] if t["arn"] == self.arn)
        task["containers"] += [{**r, "createdAt": now, "startedAt": now} for r in records]
        write("registry.json", registry)

    def container(self, name, script, image="rwlab/debian:1", env=None, args=()):
        """Starts a container with a shell script; {TASK_URI} and {EXEC_URI} in values are filled in."""
        record = self.record(name, image)
        labels, docker_name = record["labels"], record["dockerName"]
        values = self.environment(record["endpointId"])
        values.update(env or {})
        uris = {"TASK_URI": f"/v2/credentials/{self.credentials}", "EXEC_URI": f"/v2/credentials/{self.execution}"}
        argv = ["create", "--name", docker_name, "--cgroup-parent", f"/ecs/{self.id}", "--init=false"]
        for k, v in labels.items():
            argv += ["--label", f"{k}={v}"]
        for k, v in values.items():
            argv += ["-e", f"{k}={v.format(**uris)}"]
        ident = docker(*argv, *args, image, "/bin/sh", "-c", script)
        # As with the agent, which knows the container before it starts it.
        record["dockerId"] = ident
        self.register([record])
        docker("start", ident)
        return ident


if __name__ == "__main__" and sys.argv[1:] == ["empty-registry"]:
    print(json.dumps(empty_registry()))
