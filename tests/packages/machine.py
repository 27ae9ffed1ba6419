"""A machine with a real systemd as process 1: the tree of tests/packages/tree in namespaces of its own."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def cgroup2():
    return next(line.split()[1] for line in open("/proc/mounts") if line.split()[2] == "cgroup2")


class Machine:
    """`files`: path -> bytes or text, laid into it before it starts. Processes end with it: it is their process 1."""

    def __init__(self, tree, files=()):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="rolewatch-machine-"))
        self.group = pathlib.Path(cgroup2()) / self.top.name
        self.group.mkdir()
        self.seed = self.top / "seed"
        self.seed.mkdir()
        # The kernel is the machine's own, and its modules are not for a guest to load.
        (self.seed / "etc/systemd/system").mkdir(parents=True)
        (self.seed / "etc/systemd/system/systemd-modules-load.service").symlink_to("/dev/null")
        for path, text in dict(files).items():
            at = self.seed / path.lstrip("/")
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_bytes(text if isinstance(text, bytes) else text.encode())
        # One more layer below what it writes itself.
        lower = "%s:%s" % (self.seed, tree)
        (self.top / "at").mkdir()
        self.log = open(self.top / "boot.log", "w")
        self.process = subprocess.Popen(
            # Whatever ends this program ends the machine.
            ["setpriv", "--pdeathsig", "KILL", "unshare", "-m", "-p", "-n", "-u", "-i", "-C", "-f", "--kill-child", HERE / "boot", lower, self.top / "at"], stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, preexec_fn=lambda: (self.group / "cgroup.procs").write_text(str(os.getpid())))
        self.init = None
        self.until(60, self.is_up)

    def is_up(self):
        if self.process.poll() is not None:
            raise RuntimeError("the machine did not start: " + (self.top / "boot.log").read_text())
        children = pathlib.Path("/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)).read_text().split()
        self.init = children[0] if children else None
        return self.init and self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded", "starting")

    def inside(self, *argv):
        return ["nsenter", "-t", self.init, "-m", "-p", "-n", "-u", "-i", "-C", "-r", "-w", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", *argv]

    def run(self, *argv, check=False, timeout=120, **kw):
        out = subprocess.run(self.inside(*argv), text=True, capture_output=True, timeout=timeout, check=False, **kw)
        if check and out.returncode != 0:
            raise RuntimeError("%s: %d\n%s%s" % (" ".join(argv), out.returncode, out.stdout, out.stderr))
        return out

    def sh(self, script, **kw):
        return self.run("/bin/sh", "-c", script, **kw)

    def write(self, path, text):
        self.run("/bin/sh", "-c", 'mkdir -p "$(dirname "$0")" && cat >"$0"', path, input=text, check=True)

    def show(self, unit, *names):
        out = self.run("systemctl", "show", unit, *("-p" + n for n in names)).stdout
        got = dict(line.split("=", 1) for line in out.splitlines() if "=" in line)
        return got[names[0]] if len(names) == 1 else got

    @staticmethod
    def until(seconds, test):
        end = time.monotonic() + seconds
        while True:
            got = test()
            if got or time.monotonic() > end:
                return got
            time.sleep(0.3)

    def end(self):
        """Its process 1 is killed, and the kernel ends the rest."""
        if self.process.poll() is None:
            if self.init:
                os.kill(int(self.init), signal.SIGKILL)
            else:
                self.process.kill()
            self.process.wait(20)
        self.log.close()
        for folder in sorted((p for p in self.group.rglob("*") if p.is_dir()), reverse=True):
            self.until(5, lambda f=folder: gone(f))
        self.until(5, lambda: gone(self.group))
        shutil.rmtree(self.top, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def gone(folder):
    try:
        folder.rmdir()
    except FileNotFoundError:
        pass
    except OSError:
        return False
    return True
