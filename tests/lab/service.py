"""rolewatch as a service of ECS: the containers of packaging/ecs/task-definition.json under the lab's dockerd.

They are made as the ECS agent makes them, by Docker's API: what the task definition does not say, they do not get. Only where the lab's
engine has its files elsewhere, volumes lead there.
"""
import http.client
import json
import os
import pathlib
import re
import resource
import socket
import subprocess
import time

import labhost
import scenarios

TOP = labhost.HERE.parent.parent
DEFINITION = TOP / "packaging/ecs/task-definition.json"
# Where the lab has what a host of ECS has there.
ELSEWHERE = {"/run/containerd/io.containerd.runtime.v2.task/moby": labhost.RUN / "docker-exec/containerd/daemon/io.containerd.runtime.v2.task/moby",
             "/var/log/ecs": labhost.RUN / "agent-log"}
# Of a few seconds each, so that the lab does not wait for minutes.
CONF = "[watch]\nscan_interval = 2s\nclear_delay = 4s\nmin_process_age = 2s\n"
CAPABILITIES = {"DAC_READ_SEARCH": 2, "SYS_PTRACE": 19, "SYS_ADMIN": 21}
# A child without its environment that contacts the metadata service, and ends.
CONTACT = "import socket, time; s = socket.socket(); s.connect((\"169.254.169.254\", 80)); time.sleep(0.3)"


class Api(http.client.HTTPConnection):
    """Docker's API at the lab's socket."""

    def __init__(self):
        super().__init__("localhost", timeout=60)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(labhost.RUN / "docker.sock"))


def api(path, body=None):
    connection = Api()
    connection.request("POST", path, json.dumps(body or {}), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status >= 300:
        raise RuntimeError("%s: %d %s" % (path, answer.status, text.decode()))
    return json.loads(text or "{}")


def image_path():
    """Built if it is not there, or older than the programs that are tested."""
    found = sorted((TOP / "build/image").glob("rolewatch-*-image-*.tar"))
    program = pathlib.Path(os.environ.get("ROLEWATCH", TOP / "build/rolewatch"))
    if not found or (program.exists() and found[0].stat().st_mtime < program.stat().st_mtime):
        subprocess.run([TOP / "packaging/image/build", TOP / "build/image"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found = sorted((TOP / "build/image").glob("rolewatch-*-image-*.tar"))
    return found[0]


def bind(volume, mount):
    """A volume of a task definition as the agent gives it to Docker: a path of the host, or a volume with a name."""
    path = volume.get("host", {}).get("sourcePath")
    source = ELSEWHERE.get(path, path) if path else "rwlab-" + volume["name"]
    return "%s:%s:%s" % (source, mount["containerPath"], "ro" if mount.get("readOnly") else "rw")


def ulimit(u):
    """Without CAP_SYS_RESOURCE, which dockerd has on a host, nobody raises a limit: there the container gets what this machine has."""
    most = resource.getrlimit(getattr(resource, "RLIMIT_" + u["name"].upper()))[1]
    effective = int(re.search(r"CapEff:\t(\w+)", pathlib.Path("/proc/self/status").read_text())[1], 16)
    may_raise = effective >> 24 & 1 or most == resource.RLIM_INFINITY
    soft, hard = (n if may_raise else min(n, most) for n in (u["softLimit"], u["hardLimit"]))
    return {"Name": u["name"], "Soft": soft, "Hard": hard}


def request(definition, container, image, record, environment):
    """What the agent asks of Docker for a container of a task definition."""
    volumes = {v["name"]: v for v in definition["volumes"]}
    capabilities = container["linuxParameters"]["capabilities"]
    host = {"NetworkMode": definition["networkMode"], "PidMode": definition["pidMode"], "Privileged": container["privileged"],
            "ReadonlyRootfs": container["readonlyRootFilesystem"], "CapAdd": capabilities.get("add", []), "CapDrop": capabilities["drop"],
            "SecurityOpt": container["dockerSecurityOptions"], "Memory": container["memory"] << 20, "MemoryReservation": container["memoryReservation"] << 20,
            "CpuShares": container["cpu"], "CgroupParent": "/ecs/" + record["labels"]["com.amazonaws.ecs.task-arn"].rpartition("/")[2],
            "Ulimits": [ulimit(u) for u in container["ulimits"]],
            "Binds": [bind(volumes[m["sourceVolume"]], m) for m in container["mountPoints"]]}
    return {"Image": image, "Cmd": container["command"], "User": container["user"], "NetworkDisabled": container.get("disableNetworking", False),
            "Labels": record["labels"], "Env": ["%s=%s" % e for e in environment.items()], "HostConfig": host}


class Service:
    """The task, as it is after start(); `role`: it has a task role."""

    def __init__(self, role=None):
        self.definition = json.loads(DEFINITION.read_text())
        self.image = re.search(r"Loaded image: (\S+)", labhost.docker("load", "-i", image_path()))[1]
        self.task = labhost.Task("rolewatch", role)
        self.ids = {}
        (labhost.RUN / "agent-log").mkdir()
        (labhost.RUN / "audit.log").touch()
        os.link(labhost.RUN / "audit.log", labhost.RUN / "agent-log/audit.log")

    def start(self, conf="", binds=()):
        """With more settings, and with more mounts."""
        for container in self.definition["containerDefinitions"]:
            record = self.task.record(container["name"], self.image)
            environment = {**self.task.environment(record["endpointId"]), **{e["name"]: e["value"] for e in container.get("environment", [])}}
            if "ROLEWATCH_CONF" in environment:
                environment["ROLEWATCH_CONF"] += CONF + conf
            body = request(self.definition, container, self.image, record, environment)
            # The files that a scenario gives to `check`; no task definition has this.
            body["HostConfig"]["Binds"] += ["%s:%s:ro" % (labhost.RUN, labhost.RUN), *binds]
            record["dockerId"] = self.ids[container["name"]] = api("/containers/create?name=" + record["dockerName"], body)["Id"]
            self.task.register([record])
            api("/containers/%s/start" % record["dockerId"])
        self.until(30, lambda: self.status().get("cost", {}).get("looks", 0) >= 1)

    def run(self, *argv, **env):
        """A command of rolewatch in the daemon's container, as its user: what it sees, it sees through the broker."""
        variables = [a for e in env.items() for a in ("-e", "%s=%s" % e)]
        return subprocess.run(["docker", "-H", f"unix://{labhost.RUN}/docker.sock", "exec", *variables, self.ids["daemon"], "/usr/bin/rolewatch", *argv], text=True,
                              capture_output=True, timeout=60, check=False)

    def status(self):
        return json.loads(self.run("status", "--json").stdout or "{}")

    def lines(self):
        """What the daemon has printed: findings as journal entries, and metrics."""
        text = subprocess.run(["docker", "-H", f"unix://{labhost.RUN}/docker.sock", "logs", self.ids["daemon"]], text=True, capture_output=True, check=True).stdout
        return [json.loads(line) for line in text.splitlines()]

    def told(self, event, **fields):
        return [e for e in self.lines() if e.get("ROLEWATCH_EVENT") == event and all(e.get(k) == v for k, v in fields.items())]

    def until(self, seconds, test):
        end = time.monotonic() + seconds
        while time.monotonic() < end and not test():
            time.sleep(0.5)
        return test()

    def pid(self, name):
        return int(labhost.docker("inspect", "-f", "{{.State.Pid}}", self.ids[name]))

    def stop(self):
        for ident in self.ids.values():
            labhost.docker("rm", "-fv", ident, check=False)
        for volume in self.definition["volumes"]:
            labhost.docker("volume", "rm", "-f", "rwlab-" + volume["name"], check=False)


def privileges(service):
    """What the kernel says of both processes."""
    for name, user, want in (("broker", "0", CAPABILITIES), ("daemon", "59001", {})):
        status = dict(line.split(":\t", 1) for line in pathlib.Path("/proc/%d/status" % service.pid(name)).read_text().splitlines() if ":\t" in line)
        sets = [int(status[s], 16) for s in ("CapEff", "CapPrm", "CapBnd", "CapAmb")]
        mask = sum(1 << bit for bit in want.values())
        good = sets == [mask, mask, mask, 0] and status["NoNewPrivs"] == "1" and status["Uid"].split() == [user] * 4
        yield good, "%s: user %s, capabilities %s, no new privileges" % (name, status["Uid"].split()[0], ", ".join(sorted(want)) or "none")
    network = {n: os.readlink("/proc/%d/ns/net" % service.pid(n)) for n in ("broker", "daemon")}
    devices = pathlib.Path("/proc/%d/net/dev" % service.pid("broker")).read_text().splitlines()[2:]
    yield network["broker"] != network["daemon"] and len(devices) == 1, "the broker has an empty network: %d interface" % len(devices)


def story(service, marks, containers):
    """The daemon in its container, from its start on. `containers`: scenario name -> container ID; `marks`: mark -> pid."""
    service.stop()
    service.start()
    yield from privileges(service)
    status = service.status()
    missing = [p["name"] for p in status["permissions"] if not p["held"]]
    yield "available for" in status["sources"]["events"] and not missing, "kernel events: %s; permissions missing: %s" % (status["sources"]["events"], missing or "none")
    rows = [r for r in scenarios.ROWS if r.state == "normal" and r.mark in marks]
    wrong = {containers[r.container] for r in rows if r.findings and r.container in containers}
    healthy = {i for name, i in containers.items() if i not in wrong}
    told = lambda: {e.get("CONTAINER_ID") for e in service.told("appeared")}
    found = service.until(60, lambda: wrong <= told())
    yield found, "every wrong container is on standard output: %d of %d" % (len(wrong & told()), len(wrong))
    yield not healthy & told(), "%d healthy containers stay silent" % len(healthy)
    entry = next(iter(service.told("appeared", CONTAINER_ID=containers["envi"])), {})
    fields = {"ROLEWATCH_FINDING": "wrong-role", "ROLEWATCH_WINNER": "imds ecsInstanceRole", "ROLEWATCH_EXPECTED": "webTaskRole", "ECS_CLUSTER": "prod", "ECS_FAMILY": "envi",
              "PRIORITY": "4", "SYSLOG_IDENTIFIER": "rolewatch", "_HOSTNAME": socket.gethostname()}
    bad = {k: entry.get(k) for k, v in fields.items() if entry.get(k) != v}
    yield not bad and len(entry.get("MESSAGE_ID", "")) == 32, "a line has the fields of the journal: %s" % (bad or "as documented")
    emf = service.until(20, lambda: [e for e in service.lines() if "_aws" in e])
    yield emf and emf[0]["ClusterName"] == "prod" and emf[0]["Heartbeat"] == 1, "metrics are there, too: %d lines" % len(emf)
    labhost.docker("exec", containers["plain"], "env", "-i", "/usr/bin/python3", "-S", "-c", CONTACT)
    seen = service.until(20, lambda: [e for e in service.lines() if e.get("CONTAINER_ID") == containers["plain"] and e.get("ROLEWATCH_CERTAINTY") == "observed"])
    yield bool(seen), "a program of a third of a second that contacts the metadata service is observed"
    own = [e for e in service.lines() if e.get("ECS_FAMILY") == "rolewatch" or e.get("CONTAINER_ID") in service.ids.values()]
    contacts = service.until(20, lambda: service.status()["kernelEvents"]["contacts"])
    yield not own and contacts, "nothing about rolewatch itself, which contacts the metadata service at each scan: %d lines, %d contacts of others" % (len(own), contacts)
    yield service.run("status").returncode == 0, "the health check"
    yield from restarts(service, marks, containers)
    yield from to_the_journal(service)
    said = json.dumps(service.lines()) + json.dumps(service.status())
    secrets = [scenarios.SECRET, *labhost.read("registry.json")["credentials"], "AQoDYXdzEXAMPLETOKEN"]
    yield not any(s in said for s in secrets), "%d secrets in no line and no state" % len(secrets)


def restarts(service, marks, containers):
    """Each of the two ends and is started again, as the restart policy does it."""
    count = len(service.told("appeared"))
    for name in ("broker", "daemon"):
        labhost.docker("kill", service.ids[name])
        labhost.docker("start", service.ids[name])
    again = service.until(30, lambda: service.status().get("cost", {}).get("looks", 0) >= 1 and service.status()["pid"] == service.pid("daemon"))
    yield bool(again) and len(service.told("appeared")) == count, "both restarted: %d lines are told again" % (len(service.told("appeared")) - count)
    os.kill(marks["m-envi"], 15)
    cleared = service.until(30, lambda: service.told("cleared", CONTAINER_ID=containers["envi"]))
    yield bool(cleared), "mended: cleared"


def to_the_journal(service):
    """With the host's journal socket in the container, entries go there; here to a socket in journald's place."""
    (labhost.RUN / "journal").mkdir()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
        journal.bind(str(labhost.RUN / "journal/socket"))
        os.chmod(labhost.RUN / "journal/socket", 0o666)
        journal.settimeout(30)
        service.stop()
        service.start("[journal]\npublish = yes\n", ["%s:/run/systemd/journal:ro" % (labhost.RUN / "journal")])
        entry = b""
        try:
            while b"ROLEWATCH_FINDING=wrong-role\n" not in entry:
                entry = journal.recv(1 << 16)
        except TimeoutError:
            pass
        printed = [e for e in service.lines() if "ROLEWATCH_EVENT" in e]
        yield b"SYSLOG_IDENTIFIER=rolewatch\n" in entry and not printed, "publish = yes: an entry of %d bytes in the host's journal, %d lines printed" % (len(entry), len(printed))
