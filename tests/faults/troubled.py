"""The host of the failures: the lab, the unprivileged daemon and the broker, a container that lost its environment, a healthy one, and one
in which a program starts after each failure. Only the ECS agent, IMDS and CloudWatch are doubles, which can misbehave."""
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests/lab"))
import happening
import labhost
import watching

FOLDER = labhost.RUN / "happening"
CONF = """[watch]
scan_interval = 1s
idle_scan_interval = 1s
clear_delay = 3s
min_process_age = 2s
max_events_per_hour = 10000
state_file = {run}/happening/state.json
[sources]
audit_log = {run}/audit.log
cache = {run}/happening/cache
[evidence]
container_logs = yes
[prometheus]
file = {run}/happening/rolewatch.prom
[cloudwatch]
put_metric_data = yes
interval = 1s
"""
CLOUDWATCH = 8097                     # answers any call; tests/checks/watch looks at what is in them
WAITS = "python3 -c 'import time; time.sleep(36000)'"
LOST, OPEN = ("lost", "wrong-role"), ("host", "imds-open-to-tasks")
BEFORE = frozenset({LOST, OPEN})       # what is open when nothing is wrong but this
WATCHDOG_US = 2_000_000                # the daemon says that it lives twice in that


class Pings:
    """When the daemon told systemd that it lives: the longest silence between two moments is the longest time that it hung."""

    def __init__(self, path):
        self.at, self.s = [], socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.s.bind(str(path))
        os.chmod(path, 0o666)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            if "WATCHDOG=1" in self.s.recv(8192).decode():
                self.at.append(time.monotonic())

    def silence(self, since):
        at = [since, *(t for t in self.at if t > since), time.monotonic()]
        return max(b - a for a, b in zip(at, at[1:]))


class LabHost(watching.Host):
    def __init__(self, program):
        FOLDER.mkdir(exist_ok=True)
        super().__init__(program, CONF)
        self.broker, self.probes, self.service = happening.Broker(program, self.inside), 0, None
        self.containers = {name: self.container(name, script) for name, script in (
            ("steady", "exec " + WAITS), ("lost", "env -i PATH=/usr/bin " + WAITS), ("probe", "for i in $(seq 0 200); do ln /usr/bin/python3.11 /usr/bin/python3.11-r$i; done; exec sleep 36000"))}
        self.names = {ident: name for name, ident in self.containers.items()}
        # Small, so that it can be full.
        self.enter("mount", "-t", "tmpfs", "-o", f"size=1m,mode=700,uid={happening.USER},gid={happening.USER}", "tmpfs", FOLDER)
        self.pings = Pings(labhost.RUN / "notify")
        self.more = {"NOTIFY_SOCKET": str(labhost.RUN / "notify"), "WATCHDOG_USEC": str(WATCHDOG_US), "AWS_ENDPOINT_URL_CLOUDWATCH": f"http://127.0.0.1:{CLOUDWATCH}"}

    @staticmethod
    def container(name, script):
        return labhost.Task(name, "webTaskRole").container("app", script)

    def enter(self, *argv, **kw):
        return subprocess.run([*self.inside, *map(str, argv)], check=True, text=True, capture_output=True, timeout=60, **kw).stdout

    def cloudwatch(self, status):
        """What it answers from now on; None: nobody listens."""
        if self.service:
            self.service.kill()
            self.service.wait(10)
        self.service = labhost.answering(CLOUDWATCH, status, "<PutMetricDataResponse/>") if status else None

    def up(self):
        self.cloudwatch(200)
        self.broker.start()
        self.begin()
        self.until(30, lambda: self.open() == BEFORE)

    def begin(self, **env):
        self.start(happening.USER, happening.BROKER, more={**self.more, **env})
        self.until(20, lambda: self.status().get("pid") == self.pid() and self.looks() >= 1)

    def pid(self):
        """nsenter and setpriv become the daemon."""
        return self.daemon.pid

    def kill(self):
        self.daemon.kill()
        self.daemon.wait(10)

    def status(self):
        out = subprocess.run([*self.inside, self.program, "status", "--json", "--config", str(self.config)], text=True, capture_output=True, check=False).stdout
        return json.loads(out or "{}")

    def page(self):
        """What an operator is shown, and what the journal has of rolewatch's own faults."""
        said = [e["MESSAGE"] for e in self.entries()[-40:] if not e.get("ROLEWATCH_EVENT")]
        return "".join(f"journal: {m}\n" for m in said) + subprocess.run([*self.inside, self.program, "status", "--config", str(self.config)], text=True, capture_output=True, check=False).stdout

    def errors(self):
        return [f"{e['what']}: {e['error']}" for e in self.status().get("errors", [])]

    def looks(self):
        return self.status().get("cost", {}).get("looks", 0)

    def name(self, container):
        return self.names.get(container, "host" if not container else "another")

    def open(self):
        return {(self.name(f.get("containerId")), f["id"]) for f in self.status().get("open", [])} - {("probe", "wrong-role")}

    def since(self, count, event):
        """Whom the entries after the first `count` are about, and what they say."""
        return {(self.name(e.get("CONTAINER_ID")), e["ROLEWATCH_FINDING"]) for e in self.entries()[count:] if e.get("ROLEWATCH_EVENT") == event and self.name(e.get("CONTAINER_ID")) != "probe"}

    def happens(self):
        """Something goes wrong now: seconds until it is in the journal, or None."""
        program = f"python3.11-r{self.probes}"
        self.probes += 1
        began = time.time()
        happening.in_container(self.containers["probe"], "/usr/bin/python3", "-c", happening.CHILDREN, str(self.probes - 1), str(self.probes))
        self.until(10, lambda: happening.told(self, "appeared", self.containers["probe"], program))
        entry = next(iter(happening.told(self, "appeared", self.containers["probe"], program)), None)
        return happening.at(entry) - began if entry else None

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid()}/fd"))

    def memory(self):
        """KiB of its own, and of files that it has mapped: programs, libraries, and the journal, of which the kernel keeps what it likes."""
        text = pathlib.Path(f"/proc/{self.pid()}/smaps_rollup").read_text()
        anon, file, shared = (int(re.search(rf"^Pss_{kind}: +(\d+)", text, re.M)[1]) for kind in ("Anon", "File", "Shmem"))
        return anon, file + shared

    def down(self):
        self.stop()
        self.broker.stop()
        self.cloudwatch(None)
