"""A booted Debian host: the image of tests/booted/image under QEMU, with its own kernel. What it writes is gone with it."""
import os
import pathlib
import shlex
import socket
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests/packages"))
import story  # noqa: E402

BOOT_S = 900                # without KVM a boot takes minutes


def accelerator():
    """KVM where the processor has it: a device alone may be one that no guest runs on."""
    flags = pathlib.Path("/proc/cpuinfo").read_text().split()
    return "kvm" if os.access("/dev/kvm", os.W_OK) and {"vmx", "svm"} & set(flags) else "tcg,thread=multi"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Guest(story.Host):
    """Root's shell on it, by ssh over the loopback. It reaches nothing but this one port: user networking is restricted."""

    def __init__(self, image, logs):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="rolewatch-booted-"))
        self.port, self.console, self.log = free_port(), logs / "console.log", logs / "qemu.log"
        self.ssh = ["ssh", "-q", "-i", str(image / "key"), "-p", str(self.port), "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no",
                    "-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=20", "-o", "ControlMaster=auto", "-o", "ControlPersist=600",
                    "-o", f"ControlPath={self.top}/ssh", "root@127.0.0.1"]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                # Whatever ends this program ends the guest.
                ["setpriv", "--pdeathsig", "KILL", "nice", "-n", "1", "qemu-system-x86_64", "-machine", "q35", "-accel", accelerator(), "-cpu", "max", "-smp", "2",
                 "-m", "2048", "-nodefaults", "-no-user-config", "-display", "none", "-serial", f"file:{self.console}",
                 "-kernel", image / "vmlinuz", "-initrd", image / "initrd", "-append", "root=/dev/vda rw console=ttyS0 quiet panic=5 mitigations=off",
                 "-drive", f"file={image / 'disk.raw'},if=virtio,format=raw,snapshot=on", "-device", "virtio-rng-pci",
                 "-netdev", f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{self.port}-:22", "-device", "virtio-net-pci,netdev=net"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.wait_up()
        except BaseException:
            self.end()
            raise

    def end(self):
        self.disconnect()
        self.process.kill()
        self.process.wait()
        subprocess.run(["rm", "-rf", self.top], check=True)

    def disconnect(self):
        subprocess.run([*self.ssh, "-O", "exit"], capture_output=True, check=False)

    def boot_id(self):
        """None while nobody answers."""
        try:
            done = self.run("cat", "/proc/sys/kernel/random/boot_id", timeout=60)
        except subprocess.TimeoutExpired:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    def wait_up(self, former=None):
        """Until it has booted; former: the boot that must be over."""
        end = time.monotonic() + BOOT_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError("qemu ended: " + self.log.read_text())
            if (self.boot_id() or former) != former:
                self.run("systemctl", "is-system-running", "--wait", timeout=BOOT_S)
                return
            self.disconnect()
            time.sleep(2)
        raise RuntimeError("the guest does not answer:\n" + self.console.read_text(errors="replace")[-2000:])

    def reboot(self):
        former = self.boot_id()
        self.run("systemctl", "reboot")
        self.wait_up(former)

    def until(self, seconds, test):
        """Without KVM everything takes longer, and nothing is more wrong for that."""
        return super().until(seconds * (1 if accelerator() == "kvm" else 5), test)

    def inside(self, *argv):
        return [*self.ssh, shlex.join(map(str, argv))]

    def run(self, *argv, check=False, timeout=300, **kw):
        kw = kw if "input" in kw else {"stdin": subprocess.DEVNULL, **kw}
        done = subprocess.run(self.inside(*argv), text=True, capture_output=True, timeout=timeout, check=False, **kw)
        if check and done.returncode != 0:
            raise RuntimeError("%s: %d\n%s%s" % (" ".join(argv), done.returncode, done.stdout, done.stderr))
        return done

    def put(self, folder, *files):
        """Copies files or trees into a folder of the guest."""
        for f in map(pathlib.Path, files):
            with subprocess.Popen(["tar", "-C", f.parent, "-c", f.name], stdout=subprocess.PIPE) as tar:
                subprocess.run(self.inside("/bin/sh", "-c", 'mkdir -p "$0" && exec tar -C "$0" --no-same-owner -x', folder), stdin=tar.stdout, check=True)
