"""A big host for little: the lab's namespaces and doubles without dockerd, containers that are control groups with processes in them.

To rolewatch it is what Docker makes: the group's path names task and container, the agent double knows both, each task has a network
namespace of its own from which both endpoints are reached through the host, and environments are as the agent gives them. Run by tests/bench/alone."""
import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import uuid

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests/lab"))
import labhost

ACTOR, MOMENT = TOP / "build/bench/actor", TOP / "build/bench/moment"
NAMES = ("nginx", "node", "java", "redis-server", "postgres", "envoy", "ruby", "web", "worker", "beam.smp")
PYTHON_OF = 20                         # one of so many processes is Python with boto3
WORKER = "import boto3, signal\nsignal.pause()\n"
ENDPOINTS = ("169.254.170.2", "169.254.169.254")
CLONE_NEWNS, CLONE_NEWNET = 0x20000, 0x40000000
MS_REC, MS_PRIVATE, MNT_DETACH = 0x4000, 0x40000, 2
LIBC = ctypes.CDLL(None, use_errno=True)


def must(r):
    if r != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def enter_root(path):
    """As a container has it: the machine's own root is not to be seen any more."""
    must(LIBC.unshare(CLONE_NEWNS))
    must(LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None))
    os.chdir(path)
    must(LIBC.pivot_root(b".", b"."))
    must(LIBC.umount2(b".", MNT_DETACH))
    os.chdir("/")


class Container:
    def __init__(self, crowd, task, index, name):
        self.record = task.record(name, "rwlab/crowd:1")
        self.record["dockerId"] = self.id = uuid.uuid4().hex + uuid.uuid4().hex
        self.group = crowd.root / task.id / self.id
        self.namespace = f"/run/netns/rwlab-t{index}"
        self.source, self.tree = crowd.address(79, index), crowd.tree
        self.env = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "HOSTNAME": self.id[:12], **task.environment(self.record["endpointId"])}

    def start(self, program, *argv, stdout=None):
        """A process that is in the group and the namespace before it is that program."""
        pid = os.fork()
        if pid:
            return pid
        try:
            (self.group / "cgroup.procs").write_text("0")
            with open(self.namespace) as ns:
                must(LIBC.setns(ns.fileno(), CLONE_NEWNET))
            for fd in (0, 1, 2):
                os.dup2(stdout if fd == 1 and stdout is not None else os.open("/dev/null", os.O_RDWR), fd)
            enter_root(self.tree)
            os.execve(program, [str(program), *map(str, argv)], self.env)
        finally:
            os._exit(127)

    def pids(self):
        with contextlib.suppress(FileNotFoundError):
            return [int(p) for p in (self.group / "cgroup.procs").read_text().split()]
        return []


class Crowd:
    def __init__(self, tasks, containers, processes):
        self.n_tasks, self.n_containers, self.n_processes = tasks, containers, processes
        self.dir = labhost.RUN / "crowd"
        self.tree = self.dir.with_name("crowd-root")
        self.containers, self.made = [], False
        self.root = pathlib.Path(os.environ["GROUPS_AT"]) / "ecs"

    @staticmethod
    def address(net, index):
        return f"10.{net}.{index // 250 + 1}.{index % 250 + 1}"

    def batch(self, *lines, namespace="rwlab-host"):
        subprocess.run(["ip", "-n", namespace, "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True, timeout=120)

    def network(self):
        """A bridge on the host as Docker has one. Packets from 10.79, which only storms send, end on it: no double has to answer them."""
        self.batch("link add rwlab-br type bridge", "link set rwlab-br up", "addr add 10.78.0.1/16 dev rwlab-br", "addr add 10.79.0.1/16 dev rwlab-br")
        for rule in (["-t", "raw", "-A", "PREROUTING", "-s", "10.79.0.0/16", "-j", "DROP"], ["-I", "FORWARD", "-i", "rwlab-br", "-j", "ACCEPT"],
                     ["-I", "FORWARD", "-o", "rwlab-br", "-j", "ACCEPT"], ["-t", "nat", "-A", "POSTROUTING", "-s", "10.78.0.0/15", "-o", "rwlab-h", "-j", "MASQUERADE"]):
            labhost.in_host("iptables", "-w", *rule)
        labhost.in_host("sysctl", "-qw", "net.ipv4.ip_forward=1")
        for i in range(self.n_tasks):
            subprocess.run(["ip", "netns", "add", f"rwlab-t{i}"], check=True)
            self.batch(f"link add rwlab-t{i} type veth peer name eth0 netns rwlab-t{i}", f"link set rwlab-t{i} master rwlab-br up")
            self.batch("link set lo up", "link set eth0 up", f"addr add {self.address(78, i)}/16 dev eth0", f"addr add {self.address(79, i)}/16 dev eth0",
                       f"route add default via 10.78.0.1 src {self.address(78, i)}", namespace=f"rwlab-t{i}")

    def block_imds(self, on):
        """As a host that keeps its tasks from the metadata service, which is no finding then."""
        labhost.in_host("iptables", "-w", "-I" if on else "-D", "FORWARD", "-d", ENDPOINTS[1], "-j", "REJECT")

    def programs(self):
        (self.dir / "bin").mkdir(parents=True)
        for name in NAMES:
            shutil.copy(TOP / "build/sdk/pause", self.dir / "bin" / name)
        shutil.copy(ACTOR, self.dir / "bin/entry")
        shutil.copy(ACTOR, self.dir / "bin/cron")
        shutil.copy(MOMENT, self.dir / "bin/moment")
        (self.dir / "worker.py").write_text(WORKER)
        self.python = f"/usr/bin/python3,{self.dir}/worker.py"
        self.image()

    def image(self):
        """The root of all containers: the machine's files as a layer below, and the programs of the crowd."""
        layers = self.dir.with_name("crowd-layers")
        for d in (self.tree, layers / "upper", layers / "work"):
            d.mkdir(parents=True)
        subprocess.run(["mount", "-t", "overlay", "-o", f"lowerdir=/,upperdir={layers}/upper,workdir={layers}/work", "crowd", self.tree], check=True)
        inside = self.tree / self.dir.relative_to("/")
        inside.mkdir(parents=True)
        for source, target in ((self.dir, inside), ("/dev", self.tree / "dev")):
            subprocess.run(["mount", "--bind", source, target], check=True)

    def up(self):
        self.made = True
        self.programs()
        self.network()
        for i in range(self.n_tasks):
            task = labhost.Task(f"crowd{i}", "webTaskRole")
            share = self.n_containers // self.n_tasks + (i < self.n_containers % self.n_tasks)
            mine = [Container(self, task, i, f"c{k}") for k in range(share)]
            task.register([c.record for c in mine])
            self.containers += mine
        count = 0
        for i, c in enumerate(self.containers):
            c.group.mkdir(parents=True)
            share = self.n_processes // self.n_containers + (i < self.n_processes % self.n_containers) - 1
            words = []
            for k in range(count, count + share):
                words.append(self.python if k % PYTHON_OF == 0 else f"{self.dir}/bin/{NAMES[(i + k % 2) % len(NAMES)]}")
            count += share
            c.start(self.dir / "bin/entry", "box", *words)
        self.settle(self.n_processes)

    def settle(self, wanted):
        """Until all are there and have done with their imports."""
        end = time.monotonic() + 120
        while time.monotonic() < end and sum(len(c.pids()) for c in self.containers) < wanted:
            time.sleep(0.2)
        while time.monotonic() < end and any("R" in open(f"/proc/{p}/stat").read().rsplit(")", 1)[1][:3] for c in self.containers for p in c.pids()):
            time.sleep(0.5)

    def lose(self, n):
        """In n containers cron starts a Python program without its environment. Two processes each."""
        for c in self.containers[:n]:
            c.start(self.dir / "bin/cron", "box", "-" + self.python)
        self.settle(self.n_processes + 2 * n)

    def storm(self, rate, seconds, lives_ms, boxes):
        """Programs that connect to one of the endpoints each, in so many containers. (programs, connections, executions, ms behind)"""
        readers, pids = [], []
        for c in self.containers[-boxes:]:
            r, w = os.pipe()
            pids.append(c.start(self.dir / "bin/entry", "storm", self.dir / "bin/moment", max(1, rate // boxes), max(1, rate // boxes) * seconds, lives_ms, c.source, *ENDPOINTS, stdout=w))
            os.close(w)
            readers.append(r)
        started, behind = 0, 0
        for r in readers:
            with os.fdopen(r) as f:
                n, ms = map(int, f.read().split() or (0, 0))
                started, behind = started + n, max(behind, ms)
        for pid in pids:
            os.waitpid(pid, 0)
        return started, started, started + len(pids), behind

    def down(self):
        """Only what is in the groups that were made here is ended; orphans are this process's, the first one of its namespace."""
        for _ in range(50):
            left = [p for c in self.containers for p in c.pids()]
            for p in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(p, signal.SIGKILL)
            for p in left:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(p, 0)
            if not left:
                break
            time.sleep(0.1)
        for c in self.containers:
            for group in (c.group, c.group.parent):
                with contextlib.suppress(FileNotFoundError, OSError):
                    group.rmdir()
        with contextlib.suppress(FileNotFoundError, OSError):
            self.root.rmdir()
        for i in range(self.n_tasks):
            subprocess.run(["ip", "netns", "del", f"rwlab-t{i}"], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["umount", "-R", self.tree], check=False, stderr=subprocess.DEVNULL)
        with contextlib.suppress(OSError):
            self.tree.rmdir()          # never what is below: it may still be mounted
        for d in (self.dir, self.dir.with_name("crowd-layers")):
            shutil.rmtree(d, ignore_errors=True)

    def left(self):
        """What of it is still there: nothing, after down."""
        names = subprocess.run(["ip", "netns", "list"], text=True, capture_output=True, check=True).stdout.split()
        return [n for n in names if n.startswith("rwlab-t")] + [c.id for c in self.containers if c.group.exists()] + [str(p) for c in self.containers for p in c.pids()]
