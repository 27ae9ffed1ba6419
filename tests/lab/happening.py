"""Kernel events in the lab: what happens in containers is in the journal while it happens; by a daemon without privilege, beside the broker."""
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
sweep = 15s
hold = 20s
stay = 2s
state = {run}/happening/state.json
[sources]
audit_log = {run}/audit.log
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
        self.argv = [*inside, str(pathlib.Path(program).parent / "rolewatch-broker"), "--listen", BROKER, "--allow-uid", str(USER)]
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
    out = in_container(ident, "/usr/bin/python3", "-c", CHILDREN, "0", str(NAMES)).split("\n")
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


def story(host, broker):
    task = labhost.Task("events", "webTaskRole")
    link = f"for i in $(seq 0 {NAMES - 1}); do ln /usr/bin/python3.11 /usr/bin/python3.11-r$i; done; exec sleep 3600"
    ident = task.container("app", link)
    healthy = labhost.Task("steady", "webTaskRole").container("app", "exec python3 -c 'import time; time.sleep(3600)'")
    host.start(USER, BROKER)
    ready = host.until(30, lambda: "of " in host.status().get("sources", {}).get("events", ""))
    yield ready, "kernel events for an unprivileged daemon, by the broker: " + host.status().get("sources", {}).get("events", "none")
    host.until(10, lambda: host.status().get("cost", {}).get("looks", 0) >= 1)
    looks = host.status()["cost"]["looks"]
    execs, contacts = latencies(host, ident)
    text = lambda name, v, limit: f"{name}: {len(v)} of {NAMES} in the journal, median {sorted(v)[len(v) // 2] if v else 0:.1f} ms, p99 {p99(v):.1f} ms (budget {limit} ms)"
    yield len(execs) == NAMES, text("exec to verdict", execs, EXEC_MS)
    yield len(contacts) == NAMES, text("contact to observed", contacts, CONTACT_MS)
    yield host.status()["cost"]["looks"] <= looks + 5, f"looks at everything meanwhile: {host.status()['cost']['looks'] - looks}"


if __name__ == "__main__":
    sys.exit("run by tests/lab/run")
