"""The daemon on the lab's host, with a real systemd-journald in a mount namespace of its own; read back with journalctl."""
import json
import os
import signal
import subprocess
import sys
import time

import labhost
import scenarios

CONF = """[watch]
scan_interval = 1s
clear_delay = 3s
kernel_events = no
state_file = {run}/watch-state.json
[sources]
audit_log = {run}/audit.log
[prometheus]
file = {run}/rolewatch.prom
"""
# A journal of its own, wherever this runs: nothing of the machine's is touched.
JOURNALD = """
mount --make-rprivate /
mkdir -p /run/systemd /run/log
mount -t tmpfs tmpfs /run/systemd
mount -t tmpfs tmpfs /run/log
mkdir -p /run/systemd/journal /run/log/journal /run/systemd/journald.conf.d
chgrp systemd-journal /run/log/journal && chmod 2755 /run/log/journal
if [ ! -s /etc/machine-id ]; then echo 0123456789abcdef0123456789abcdef >/run/systemd/id; touch /etc/machine-id; mount --bind /run/systemd/id /etc/machine-id; fi
printf '[Journal]\\nStorage=volatile\\nReadKMsg=no\\nAudit=no\\n' >/run/systemd/journald.conf.d/lab.conf
while :; do /lib/systemd/systemd-journald; sleep 0.2; done
"""


# What the unit gives the daemon.
UNIT = (labhost.HERE.parent.parent / "systemd/rolewatch.service").read_text()
AS_UNIT = [str(labhost.HERE / "as-unit")]
UNIT_ENV = dict(line.removeprefix("Environment=").split("=", 1) for line in UNIT.splitlines() if line.startswith("Environment="))


class Host:
    """journald in a mount namespace, and the daemon beside it in the lab host's network."""

    def __init__(self, program, conf=CONF):
        self.program, self.daemon = program, None
        self.config = labhost.RUN / "watch.conf"
        self.config.write_text(conf.format(run=labhost.RUN))
        self.journald = subprocess.Popen(["unshare", "-m", "sh", "-c", JOURNALD], stderr=subprocess.DEVNULL, start_new_session=True)
        self.inside = ["nsenter", "-t", str(self.journald.pid), "-m"]
        for _ in range(50):
            if subprocess.run([*self.inside, "test", "-S", "/run/systemd/journal/socket"], check=False).returncode == 0:
                return
            time.sleep(0.1)

    def journald_pid(self):
        out = subprocess.run(["pgrep", "-P", str(self.journald.pid), "systemd-journal"], text=True, capture_output=True, check=False).stdout
        return int(out.split()[0]) if out.split() else 0

    def start(self, user=None, broker=None, group="systemd-journal", more=None):
        """As root with the broker's table in the process; or as a user who asks the broker."""
        env = {**os.environ, **UNIT_ENV, **({"ROLEWATCH_BROKER": broker} if broker else {}), **(more or {})}
        as_user = ["setpriv", "--reuid", str(user), "--regid", str(user), "--groups", group] if user else []
        self.daemon = subprocess.Popen([*AS_UNIT, *self.inside, f"--net={labhost.HOST_NS}", *as_user, self.program, "watch", "--config", str(self.config)], env=env)

    def entries(self, *query):
        out = subprocess.run([*self.inside, "journalctl", "--directory=/run/log/journal", "-o", "json", "SYSLOG_IDENTIFIER=rolewatch", *query],
                             text=True, capture_output=True, check=False).stdout
        return [json.loads(line) for line in out.splitlines()]

    def log(self, ident, message):
        """A line of a container, as dockerd's journald driver writes it."""
        fields = {"CONTAINER_ID": ident[:12], "CONTAINER_ID_FULL": ident, "CONTAINER_NAME": "ecs-app", "PRIORITY": "3", "MESSAGE": message}
        # It lives on, as dockerd does: journald looks up the name of who wrote.
        code = ("import json, socket, sys, time; open('/proc/self/comm', 'w').write('dockerd'); s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); "
                "s.sendto(''.join(f'{k}={v}\\n' for k, v in json.loads(sys.argv[1]).items()).encode(), '/run/systemd/journal/socket'); time.sleep(1)")
        subprocess.run([*self.inside, "/usr/bin/python3", "-c", code, json.dumps(fields)], check=True)

    def told(self, event, *query):
        return [e for e in self.entries(*query) if e.get("ROLEWATCH_EVENT") == event]

    def until(self, seconds, test):
        end = time.monotonic() + seconds
        while time.monotonic() < end and not test():
            time.sleep(0.3)
        return test()

    def status(self):
        out = subprocess.run([self.program, "status", "--json", "--config", str(self.config)], text=True, capture_output=True, check=False).stdout
        return json.loads(out or "{}")

    def stop(self):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.send_signal(signal.SIGTERM)
            self.daemon.wait(20)
        os.killpg(self.journald.pid, signal.SIGKILL)
        self.journald.wait(10)


def objects(entries):
    return [(e.get("CONTAINER_ID"), e["ROLEWATCH_FINDING"], e.get("ROLEWATCH_WINNER"), e["MESSAGE"].split(" (pid")[0]) for e in entries]


def looks(host):
    return host.status().get("cost", {}).get("looks", 0)


def watched(program, marks, containers):
    """`containers`: scenario name -> container id; `marks`: mark -> pid."""
    host = Host(program)
    try:
        yield from story(host, marks, containers)
    finally:
        labhost.write("agent.json", {})
        host.stop()


def story(host, marks, containers):
    rows = [r for r in scenarios.ROWS if r.state == "normal" and r.mark in marks]
    wrong = {containers[r.container] for r in rows if r.findings and r.container in containers}
    healthy = {i for name, i in containers.items() if i not in wrong}
    began = time.monotonic()
    host.start()
    seen = lambda: {e.get("CONTAINER_ID") for e in host.told("appeared")}
    found = host.until(40, lambda: wrong <= seen())
    yield found, f"every wrong container is in the journal after {time.monotonic() - began:.1f} s: {len(wrong & seen())} of {len(wrong)}"
    entry = next((e for e in host.told("appeared") if e.get("CONTAINER_ID") == containers["envi"]), {})
    fields = {"ROLEWATCH_FINDING": "wrong-role", "ROLEWATCH_WINNER": "imds ecsInstanceRole", "ROLEWATCH_EXPECTED": "webTaskRole", "ECS_CLUSTER": "prod",
              "ECS_FAMILY": "envi", "ECS_CONTAINER_NAME": "app", "PRIORITY": "4"}
    bad = {k: entry.get(k) for k, v in fields.items() if entry.get(k) != v}
    yield not bad and len(entry.get("MESSAGE_ID", "")) == 32 and "env" in entry.get("ROLEWATCH_REMEDY", ""), f"the fields of an entry: {bad or 'as documented'}"
    for name, query in (("finding", ["ROLEWATCH_FINDING=wrong-role"]), ("task", [f"ECS_TASK_ARN={entry.get('ECS_TASK_ARN')}"]),
                        ("role", ["ROLEWATCH_WINNER=imds ecsInstanceRole"]), ("id", [f"MESSAGE_ID={entry.get('MESSAGE_ID')}"])):
        yield any(e.get("CONTAINER_ID") == containers["envi"] for e in host.entries(*query)), f"found by {name}: {len(host.entries(*query))} entries"
    first = looks(host)
    host.until(20, lambda: looks(host) >= first + 4)
    told = objects(host.told("appeared"))
    yield len(told) == len(set(told)) and looks(host) >= first + 4, f"{len(told)} events, none twice in {looks(host)} looks"
    yield not healthy & seen(), f"{len(healthy)} healthy containers stay silent"
    open_before = len(host.status().get("open", []))
    yield open_before >= len(wrong), f"status knows {open_before} open findings"
    # An agent that does not answer is no reason to forget.
    labhost.write("agent.json", {"introspection": {"status": 503}})
    before = looks(host)
    host.until(30, lambda: looks(host) >= before + 6)
    yield not host.told("cleared") and len(host.status()["open"]) >= open_before, f"the agent is down: {len(host.told('cleared'))} cleared"
    labhost.write("agent.json", {})
    host.until(10, lambda: looks(host) >= before + 8)
    # Killed and started again: nothing twice, nothing forgotten.
    count = len(host.told("appeared"))
    subprocess.run(["kill", "-KILL", str(host.status()["pid"])], check=False)
    host.daemon.wait(10)
    host.start()
    host.until(30, lambda: looks(host) in range(3, 1000) and host.status().get("pid"))
    again = objects(host.told("appeared"))[count:]
    yield not again, f"after a restart {len(again)} are told again"
    # Mended: the process that had lost its environment ends.
    os.kill(marks["m-envi"], signal.SIGTERM)
    cleared = host.until(30, lambda: any(e.get("CONTAINER_ID") == containers["envi"] for e in host.told("cleared")))
    yield cleared, f"mended: cleared {cleared}"
    # journald is killed and comes back: what comes then is told.
    old = host.journald_pid()
    os.kill(old, signal.SIGKILL)
    back = host.until(10, lambda: host.journald_pid() not in (0, old))
    yield back, f"journald was killed and is back: {old} {host.journald_pid()}"
    os.kill(marks["m-mix-lost"], signal.SIGTERM)
    cleared = host.until(30, lambda: any(e.get("CONTAINER_ID") == containers["mixed"] for e in host.told("cleared")))
    yield cleared, f"journald was killed: what is mended then is cleared {cleared}"
    prometheus = (labhost.RUN / "rolewatch.prom").read_text()
    yield 'rolewatch_findings{finding="wrong-role"}' in prometheus and 'rolewatch_up{cluster="prod"} 1' in prometheus, "the Prometheus file"
    said = json.dumps(host.entries()) + json.dumps(host.status()) + prometheus
    secrets = [scenarios.SECRET, *labhost.read("registry.json")["credentials"], "AQoDYXdzEXAMPLETOKEN"]
    yield not any(s in said for s in secrets), f"{len(secrets)} secrets in no entry, state or metric"
    host.daemon.send_signal(signal.SIGTERM)
    yield host.daemon.wait(20) == 0, "ends by SIGTERM"


if __name__ == "__main__":
    sys.exit("run by tests/lab/run")
