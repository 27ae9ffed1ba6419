"""The zoo's host: a lab of its own beside the other, the daemon without privilege beside the broker, and what /proc has of each container."""
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
os.environ.setdefault("ROLEWATCH_LAB_DIR", "/var/lib/rolewatch-zoo")
os.environ.setdefault("ROLEWATCH_LAB_NS", "rwzoo")
# Its namespaces have the real addresses, as their own (tests/offline).
for name in ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_DISABLED", "ROLEWATCH_INTROSPECTION_ENDPOINT", "ROLEWATCH_CREDENTIALS_ENDPOINT",
             "ROLEWATCH_CONTAINER_ENDPOINT"):
    os.environ.pop(name, None)
sys.path[:0] = [str(TOP / "tests/lab"), str(TOP / "tests/bench")]
import happening
import labhost
import meter
import watching

os.environ["ROLEWATCH_CONTAINERD_STATE"] = str(labhost.RUN / "docker-exec/containerd/daemon")
happening.BROKER = "/run/rolewatch-zoo-broker.sock"
FOLDER = labhost.RUN / "zoo"
TRAFFIC, ANSWERED = labhost.RUN / "traffic.json", labhost.RUN / "answered.json"
CONF = """[watch]
scan_interval = 3s
idle_scan_interval = 3s
clear_delay = 3s
min_process_age = 2s
max_events_per_hour = 10000
state_file = {run}/zoo/state.json
[sources]
audit_log = {run}/audit.log
cache = {run}/zoo/cache
[prometheus]
file = {run}/zoo/rolewatch.prom
"""
VARIABLE = b"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI="
TITLED_S = 10                         # by then a program has its title
STARTERS = 3                          # containers that are started at a time
ASKED = []                            # (container id, who is asked there)
LOCK = threading.Lock()               # of the agent double's registry


def lab(*argv):
    subprocess.run([TOP / "tests/lab/lab", *argv], check=True, timeout=900)


def image(short):
    """Its name; made of Debian's packages where there is none yet."""
    tar = subprocess.run([HERE / "image", str(labhost.RUN.parent / "cache"), "short" if short else "whole"], check=True, text=True, stdout=subprocess.PIPE, timeout=3600).stdout.strip()
    tag = "rwlab/" + pathlib.Path(tar).stem.replace("zoo-", "zoo:")
    if labhost.run("docker", "-H", f"unix://{labhost.RUN}/docker.sock", "image", "inspect", tag, check=False).returncode:
        subprocess.run(["docker", "-H", f"unix://{labhost.RUN}/docker.sock", "import", tar, tag], check=True, stdout=subprocess.DEVNULL, timeout=900)
    return tag


class Task(labhost.Task):
    """The registry is one file: who changes it holds the lock."""

    def __init__(self, family):
        with LOCK:
            super().__init__(family, "webTaskRole")

    def register(self, records):
        with LOCK:
            super().register(records)


def start(tag, animals, script):
    """animal's name -> container id; `script` makes an animal's."""
    def one(animal):
        ident = Task(animal.name).container("app", script(animal), image=tag, args=("-v", f"{HERE}/files:/zoo:ro", *animal.args))
        if animal.exec_in:
            labhost.docker("exec", "-d", ident, "/bin/sh", "-c", "exec " + animal.exec_in)
        return animal.name, ident
    with concurrent.futures.ThreadPoolExecutor(STARTERS) as pool:
        return dict(pool.map(one, animals))


def each(idents, *argv):
    """docker ARGV of all, some at a time: of a hundred one call takes longer than is waited for."""
    with concurrent.futures.ThreadPoolExecutor(STARTERS) as pool:
        list(pool.map(lambda at: labhost.docker(*argv, *idents[at:at + 6], check=False), range(0, len(idents), 6)))


def remove():
    each(labhost.docker("ps", "-aq", check=False).split(), "rm", "-fv")


def traffic(animals=(), started=None):
    """Who listens is asked from now on, at the address that it has now: a restart gives it another."""
    ASKED.extend((started[a.name], a) for a in animals if a.port)
    if not ASKED:
        return
    addresses = labhost.docker("inspect", "-f", "at {{.NetworkSettings.IPAddress}}", *(ident for ident, _ in ASKED), check=False).split("\n")
    new = TRAFFIC.with_suffix(".new")
    new.write_text(json.dumps([[a.name, address[3:], a.port, a.send.decode("latin-1")] for address, (_, a) in zip(addresses, ASKED) if address[3:]]))
    new.rename(TRAFFIC)


def answered():
    """Who has answered, and how often."""
    try:
        return json.loads(ANSWERED.read_text())
    except OSError:
        return {}


class Process:
    """One process, as /proc has it."""

    def __init__(self, pid):
        folder = pathlib.Path(f"/proc/{pid}")
        self.pid, self.comm = pid, (folder / "comm").read_text().strip()
        text = (folder / "stat").read_text().rpartition(") ")[2].split()
        self.parent, self.zombie = int(text[1]), text[0] == "Z"
        block = b"" if self.zombie else (folder / "environ").read_bytes()
        entries = block.split(b"\0")[:-1]
        named = [bool(re.match(rb"[^=\s]+=", e)) for e in entries]
        self.environ = "intact" if block.endswith(b"\0") and all(named) or not block else "partial" if any(named) else "overwritten"
        self.has_variable = any(e.startswith(VARIABLE) for e in entries)


def processes(idents):
    """container id -> its processes, first one first."""
    found = {ident: [] for ident in idents}
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            ident = re.search(r"[0-9a-f]{64}", (folder / "cgroup").read_text())
            if ident and ident[0] in found:
                process = Process(int(folder.name))
                if not process.zombie:
                    found[ident[0]].append(process)
        except (OSError, IndexError):
            continue
    for ps in found.values():
        pids = {p.pid for p in ps}
        ps.sort(key=lambda p: (p.parent in pids, p.pid))
    return found


class Host(watching.Host):
    def __init__(self, program):
        FOLDER.mkdir(exist_ok=True)
        os.chown(FOLDER, happening.USER, happening.USER)
        super().__init__(program, CONF)
        self.broker = happening.Broker(program, self.inside)
        self.asker, self.metrics, self.scans, self.spans = None, {}, {}, []

    def begin(self):
        self.broker.start()
        self.start(happening.USER, happening.BROKER)
        self.asker = subprocess.Popen(["nsenter", f"--net={labhost.HOST_NS}", "/usr/bin/python3", str(HERE / "traffic.py"), str(TRAFFIC), str(ANSWERED)])
        return self.until(60, lambda: self.status().get("cost", {}).get("looks", 0) >= 1)

    def forget(self):
        """The daemon ends, and what it knew with it."""
        self.daemon.send_signal(signal.SIGTERM)
        self.daemon.wait(20)
        (FOLDER / "state.json").unlink(missing_ok=True)

    def again(self):
        """The daemon begins when the programs have overwritten what it could have read."""
        time.sleep(TITLED_S)
        self.start(happening.USER, happening.BROKER)

    def end(self):
        if self.asker:
            self.asker.kill()
            self.asker.wait(10)
        self.stop()
        self.broker.stop()

    def measure(self):
        """From now on: the processor time and memory of daemon and broker."""
        self.scans, self.spans = {}, [meter.Span([p]) for p in (self.status()["pid"], self.broker.process.pid)]

    def measured(self):
        """What they took since then, in one line."""
        daemon, broker = (s.end() for s in self.spans)
        scans = sorted(self.scans.values()) or [0]
        return (f"{len(self.scans)} scans, each {sum(scans) / len(scans):.0f} ms of the processor (highest {scans[-1]:.0f}); in {daemon.seconds:.0f} s, events and reports included, "
                f"the daemon {daemon.spent:.0f} ms, the broker {broker.spent:.0f} ms; PSS of the daemon {daemon.pss} KiB, of the broker {broker.pss} KiB")

    def sample(self):
        """The highest of each metric so far, and the processor time of each scan."""
        cost = self.status().get("cost", {})
        if cost.get("looks"):
            self.scans[cost["looks"]] = cost["lastScanCpuMs"]
        try:
            text = (FOLDER / "rolewatch.prom").read_text()
        except OSError:
            return
        for name, value in re.findall(r"^(rolewatch_\w+)\{cluster=[^}]*\} (\d+)$", text, re.M):
            self.metrics[name] = max(self.metrics.get(name, 0), int(value))

    def wait(self, seconds, test=lambda: False):
        end = time.monotonic() + seconds
        while time.monotonic() < end and not test():
            self.sample()
            time.sleep(1)
        return test()

    def check(self):
        """rolewatch check --json as root in the host's network."""
        out = subprocess.run(["nsenter", f"--net={labhost.HOST_NS}", self.program, "check", "--json"], text=True, capture_output=True, timeout=120,
                             env={**os.environ, "ROLEWATCH_AUDIT_LOG": str(labhost.RUN / "audit.log")}, check=False)
        if out.returncode not in (0, 1, 2):
            print(f"rolewatch check ended with {out.returncode}: {out.stderr[:500]}", file=sys.stderr)
        return json.loads(out.stdout or '{"processes": [], "findings": []}')


def send(pid, name):
    """Was the process there?"""
    try:
        os.kill(pid, getattr(signal, "SIG" + name))
    except ProcessLookupError:
        return False
    return True
