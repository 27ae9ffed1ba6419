"""Kernel events in the lab: the unprivileged daemon with its broker reports in the journal what happens in containers, while it happens."""
import datetime
import json
import os
import pathlib
import subprocess
import sys
import time

import labhost
import watching

CONF = """[watch]
scan_interval = 15s
clear_delay = 20s
min_process_age = 2s
state_file = {run}/happening/state.json
[sources]
audit_log = {run}/audit.log
[evidence]
container_logs = yes
follow_audit_log = yes
"""
BROKER = "/run/rolewatch-lab-broker.sock"
USER = 65534
# Programs of as many names: a finding is told once for a program in a container.
NAMES = 120
EXEC_MS, CONTACT_MS = 50, 20           # design.md, section 8: p99


def in_container(ident, *argv, env=(), timeout=60):
    flags = [f for e in env for f in ("-e", e)]
    return labhost.docker("exec", *flags, ident, *argv, check=False) if timeout else ""


# One after the other: a child without its environment that lives for a moment, then asks IMDS. Prints when.
CHILDREN = """
import os, socket, sys, time
for i in range(int(sys.argv[1]), int(sys.argv[2])):
    began = time.time()
    pid = os.posix_spawn(f"/usr/bin/python3.11-r{i}", [f"python3.11-r{i}", "-S", "-c", '''
import socket, time
time.sleep(0.25)
s = socket.socket()
print(time.time(), flush=True)
s.connect(("169.254.169.254", 80))
time.sleep(0.15)
'''], {})
    os.waitpid(pid, 0)
    print(f"python3.11-r{i}", began, flush=True)
"""


class Broker:
    def __init__(self, program, inside):
        self.argv = [*watching.AS_UNIT, *inside, str(pathlib.Path(program).parent / "rolewatch-broker"), "--listen", BROKER, "--allow-uid", str(USER)]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.argv, stderr=subprocess.DEVNULL)
        for _ in range(50):
            if os.path.exists(BROKER):
                return
            time.sleep(0.1)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait(10)
            self.process = None
        if os.path.exists(BROKER):
            os.unlink(BROKER)


def at(entry):
    return int(entry["__REALTIME_TIMESTAMP"]) / 1e6


def p99(values):
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))] if values else float("inf")


def told(host, event, ident, program, certainty=None):
    return [e for e in host.told(event, f"CONTAINER_ID={ident}") if program in e["MESSAGE"] and certainty in (None, e["ROLEWATCH_CERTAINTY"])]


def latencies(host, ident):
    """Milliseconds from exec, and from the connection, to the entry in the journal; how many were told of."""
    return latencies_of(host, ident, in_container(ident, "/usr/bin/python3", "-c", CHILDREN, "0", str(NAMES)).split("\n"))


def latencies_of(host, ident, out):
    """The same by what CHILDREN printed."""
    time.sleep(2)
    appeared = {e["MESSAGE"].split(" (pid")[0].split()[-1]: e for e in host.told("appeared", f"CONTAINER_ID={ident}")}
    changed = {e["MESSAGE"].split(" (pid")[0].split()[-1]: e for e in host.told("changed", f"CONTAINER_ID={ident}") if e["ROLEWATCH_CERTAINTY"] == "observed"}
    execs, contacts = [], []
    for connected, line in zip(out[::2], out[1::2]):
        name, began = line.split()
        if name in appeared:
            execs.append((at(appeared[name]) - float(began)) * 1000)
        if name in changed:
            contacts.append((at(changed[name]) - float(connected)) * 1000)
    return execs, contacts


DENIED = ("An error occurred (AccessDenied) when calling the Publish operation: User: arn:aws:sts::111122223333:assumed-role/{role}/{session} is not "
          "authorized to perform: SNS:Publish on resource: arn:aws:sns:eu-west-1:111122223333:orders because no identity-based policy allows the SNS:Publish action")


def silence(host, ident, steady):
    """What lives for a moment and contacts no endpoint is not reported, however often it comes, nor what stays."""
    about = lambda: len([e for e in host.entries(f"CONTAINER_ID={ident}") if "sleep" in e["MESSAGE"]])
    known = host.status()["kernelEvents"]["known"]
    in_container(ident, "/bin/sh", "-c", "for i in $(seq 60); do env -i /bin/sleep 0.05; done")
    more = lambda: host.status()["kernelEvents"]["known"] - known
    host.until(30, lambda: more() >= 40)
    yield about() == 0 and more() >= 40, f"60 short-lived programs without an SDK: {about()} entries, {more()} known by their like"
    labhost.docker("exec", "-d", ident, "env", "-i", "/bin/sleep", "3000")
    time.sleep(6)
    yield about() == 0, "nor one that stays: it contacts no endpoint, and no AWS SDK is in it"
    yield not host.entries(f"CONTAINER_ID={steady}"), "a healthy container stays silent"


def short_container(host):
    began = time.time()
    ident = labhost.Task("brief", "webTaskRole").container("app", "env -i /usr/bin/python3.11 -c 'import time; time.sleep(2)'; exit 0")
    found = host.until(15, lambda: host.told("appeared", f"CONTAINER_ID={ident}"))
    entry = next(iter(host.told("appeared", f"CONTAINER_ID={ident}")), {})
    yield bool(found) and entry.get("ECS_FAMILY") == "brief", f"a container that lives for two seconds is told of {at(entry) - began if entry else 0:.2f} s after docker create"


def logs(host, ident, steady, steady_task):
    """A denied call in a container's log: whose it was, and only where it is this container's own."""
    for quoted in ("i-0fedcba9876543210", "0" * 32):
        host.log(steady, DENIED.format(role="ecsInstanceRole", session=quoted))
    host.log(steady, DENIED.format(role="webTaskRole", session=steady_task.id))
    found = host.until(20, lambda: host.told("appeared", f"CONTAINER_ID={steady}"))
    entry = next(iter(host.told("appeared", f"CONTAINER_ID={steady}")), {})
    good = entry.get("ROLEWATCH_FINDING") == "right-role-denied" and entry.get("ROLEWATCH_CERTAINTY") == "observed" and entry.get("ROLEWATCH_ACTION") == "SNS:Publish"
    yield bool(found) and good, f"a denied call in its log: {entry.get('ROLEWATCH_FINDING')} {entry.get('ROLEWATCH_CERTAINTY')} {entry.get('ROLEWATCH_ACTION')}"
    host.log(ident, DENIED.format(role="ecsInstanceRole", session="i-0123456789abcdef0"))
    critical = lambda: [e for e in host.entries(f"CONTAINER_ID={ident}", "ROLEWATCH_FINDING=wrong-role-denied") if e["ROLEWATCH_SEVERITY"] == "critical" and e["PRIORITY"] == "3"]
    yield bool(host.until(20, critical)), f"denied to the instance role: {len(critical())} critical"


def restarts(host, broker, ident):
    """Each of the others goes and comes while findings are open: none is lost, and what comes then is told."""
    count = lambda: len(host.status().get("open", []))
    opened = count()

    def goes_on(what, number):
        in_container(ident, "/usr/bin/python3", "-c", CHILDREN, str(number), str(number + 1))
        found = host.until(20, lambda: told(host, "appeared", ident, f"python3.11-r{number}"))
        return bool(found), f"{what}: what happens then is told; {count()} findings open"

    broker.stop()
    in_container(ident, "/usr/bin/true")
    broker.start()
    yield goes_on("the broker was killed and started anew", NAMES)
    labhost.run(str(labhost.HERE / "lab"), "crash", "agent")
    labhost.run(str(labhost.HERE / "lab"), "doubles")
    yield goes_on("the agent was killed and started anew", NAMES + 1)
    old = host.journald_pid()
    os.kill(old, 9)
    host.until(10, lambda: host.journald_pid() not in (0, old))
    yield goes_on("journald was killed and started anew", NAMES + 2)
    labhost.run(str(labhost.HERE / "lab"), "crash", "dockerd")
    labhost.run(str(labhost.HERE / "lab"), "engine")
    yield goes_on("dockerd was killed and started anew", NAMES + 3)
    yield count() >= opened and not [e for e in host.told("cleared") if "sleep" in e["MESSAGE"]], f"open before {opened}, after {count()}"


def clears(host, ident):
    """What ended is cleared after the hold, without a look at everything for each."""
    gone = host.until(60, lambda: len(host.told("cleared", f"CONTAINER_ID={ident}")) >= NAMES)
    left = [f for f in host.status()["open"] if f.get("containerId") == ident]
    yield bool(gone), f"{len(host.told('cleared', f'CONTAINER_ID={ident}'))} cleared, {len(left)} of the container open"


def happening(program):
    host = watching.Host(program, CONF)
    broker = Broker(program, host.inside)
    (labhost.RUN / "happening").mkdir(exist_ok=True)
    os.chown(labhost.RUN / "happening", USER, USER)
    try:
        broker.start()
        yield from story(host, broker)
    finally:
        host.stop()
        broker.stop()


def deaf(ident):
    """Nothing answers in its network: a look at everything waits for it, and what happens elsewhere does not."""
    pid = labhost.docker("inspect", "-f", "{{.State.Pid}}", ident)
    for address in ("169.254.169.254", "169.254.170.2"):
        labhost.in_netns_of(pid, "iptables", "-A", "OUTPUT", "-d", address, "-j", "DROP")


def story(host, broker):
    task = labhost.Task("events", "webTaskRole")
    link = f"for i in $(seq 0 {NAMES + 5}); do ln /usr/bin/python3.11 /usr/bin/python3.11-r$i; done; exec sleep 3600"
    ident = task.container("app", link)
    steady_task = labhost.Task("steady", "webTaskRole")
    steady = steady_task.container("app", "exec python3 -c 'import time; time.sleep(3600)'")
    deaf(labhost.Task("deaf", "webTaskRole").container("app", "exec python3 -c 'import time; time.sleep(3600)'"))
    host.start(USER, BROKER)
    ready = host.until(30, lambda: "available for" in host.status().get("sources", {}).get("events", ""))
    yield ready, "kernel events for an unprivileged daemon, by the broker: " + host.status().get("sources", {}).get("events", "none")
    host.until(10, lambda: host.status().get("cost", {}).get("looks", 0) >= 1)
    missing = [p["name"] for p in host.status()["permissions"] if not p["held"]]
    yield not missing, f"permissions missing: {missing or 'none'}"
    looks = host.status()["cost"]["looks"]
    execs, contacts = latencies(host, ident)
    text = lambda name, v, limit: f"{name}: {len(v)} of {NAMES} in the journal, median {sorted(v)[len(v) // 2] if v else 0:.1f} ms, p99 {p99(v):.1f} ms (budget {limit} ms)"
    yield len(execs) == NAMES, text("exec to verdict", execs, EXEC_MS)
    yield len(contacts) == NAMES, text("contact to observed", contacts, CONTACT_MS)
    yield host.status()["cost"]["looks"] <= looks + 5, f"looks at everything meanwhile: {host.status()['cost']['looks'] - looks}"
    yield from silence(host, ident, steady)
    yield from short_container(host)
    yield from logs(host, ident, steady, steady_task)
    yield from clears(host, ident)
    yield from restarts(host, broker, ident)
    state = json.dumps(host.status()) + json.dumps(host.entries())
    secrets = [i for i in labhost.read("registry.json")["credentials"]]
    yield not any(s in state for s in secrets), f"{len(secrets)} credential ids in no entry or state"


if __name__ == "__main__":
    sys.exit("run by tests/lab/run")
