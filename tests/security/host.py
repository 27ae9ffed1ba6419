"""A host for the security tests: namespaces of its own (mount, network), doubles on their loopback, and processes that
count as those of containers (tests/contained). Nothing of it reaches the machine's network or its journal."""
import atexit
import base64
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import http.server

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests/aws"))
import doubles

BINARY, BROKER = TOP / "build/rolewatch", TOP / "build/rolewatch-broker"
ARN = "arn:aws:ecs:eu-west-1:111122223333:"
UUID = "%08x-1111-4222-8333-444455556666"


def own_namespaces():
    """Starts this script again in mount, network and pid namespaces of its own: other containers of the machine are not seen."""
    if os.geteuid() != 0:
        print("security: needs root")
        sys.exit(1)
    if os.getpid() != 1:
        sys.exit(subprocess.run(["unshare", "-m", "-n", "-p", "--fork", "--kill-child", "--mount-proc", "--propagation", "private",
                                 sys.executable, *sys.argv]).returncode)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.makedirs("/run/systemd", exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run/systemd"], check=True)
    os.makedirs("/run/systemd/journal")


class Journal:
    """What the programs tell the journal, as they write it."""

    def __init__(self):
        self.entries, self.s = [], socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.s.bind("/run/systemd/journal/socket")
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            data, fds, _, _ = socket.recv_fds(self.s, 1 << 20, 1)
            for fd in fds:  # a large entry comes as a file
                data += os.pread(fd, 1 << 24, 0)
                os.close(fd)
            self.entries.append(data)


class Agent(doubles.Paths):
    """Introspection and credentials on one port. `tasks`: name -> (role, credential id, {container name: id})."""
    tasks, answers, asked, raw = {}, {}, [], {}

    def do_GET(self):
        self.asked.append(self.path)
        if self.path in self.raw:
            self.send_response_only(self.raw[self.path][0])
            text = self.raw[self.path][1]
        elif self.path == "/v1/metadata":
            text = json.dumps({"Cluster": "prod", "ContainerInstanceArn": ARN + "container-instance/prod/1",
                               "Version": "Amazon ECS Agent - v1.105.1 (*x)"})
        elif self.path == "/v1/tasks":
            text = json.dumps({"Tasks": [
                {"Arn": ARN + "task/prod/%032x" % n, "DesiredStatus": "RUNNING", "KnownStatus": "RUNNING", "Family": name, "Version": "7",
                 "Containers": [{"DockerId": i, "DockerName": "ecs-%s-7-%s-0" % (name, c), "Name": c, "Image": "i:1"} for c, i in t[2].items()]}
                for n, (name, t) in enumerate(self.tasks.items())]})
        else:
            text = self.answers.get(self.path)
        if self.path not in self.raw:
            self.send_response_only(200 if text else 404)
        text = text or "404 page not found\n"
        self.send_header("X-Rate-Limit-Limit", "40")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_PUT(self):
        self.do_GET()


class Host:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rolewatch-security-"))
        os.chmod(self.folder, 0o755)
        self.children, self.ids = [], set()
        self.agent, self.imds = doubles.served(Agent), doubles.served(doubles.Metadata)
        at = {n: "http://127.0.0.1:%d" % s.server_address[1] for n, s in (("agent", self.agent), ("imds", self.imds))}
        self.env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "AWS_EC2_METADATA_SERVICE_ENDPOINT": at["imds"],
                    "ROLEWATCH_INTROSPECTION_ENDPOINT": at["agent"], "ROLEWATCH_CREDENTIALS_ENDPOINT": at["agent"],
                    "ROLEWATCH_CONTAINER_ENDPOINT": at["agent"], "ROLEWATCH_CACHE": str(self.folder / "cache"),
                    "ROLEWATCH_NEEDS": str(self.folder / "needs"), "ROLEWATCH_BUNDLES": str(self.folder / "bundles"),
                    "ROLEWATCH_DEFINITIONS": str(self.folder / "definitions"), "ROLEWATCH_AUDIT_LOG": str(self.folder / "audit.log")}
        atexit.register(self.end)
        for name in ("cache", "needs", "bundles", "definitions"):
            os.mkdir(self.folder / name, 0o700)

    def container(self, name):
        ident = (os.urandom(6).hex() + name.encode().hex()).ljust(64, "c")[:64]
        self.ids.add(ident)
        return ident

    def start(self, ident, *argv, env=None, root=False, **kw):
        p = subprocess.Popen([TOP / "tests/contained", *(["--root"] if root else []), ident, *argv],
                             env={"PATH": os.environ["PATH"], **(env or {})}, stdin=subprocess.DEVNULL,
                             **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **kw})
        self.children.append(p)
        return p

    def become(self, p, name, seconds=10):
        """Until the process is the program that it was started to become."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if os.path.basename(os.readlink("/proc/%d/exe" % p.pid)).startswith(name):
                    return time.sleep(0.2)
            except OSError:
                pass
            time.sleep(0.05)
        raise SystemExit("%s did not come up" % name)

    def run(self, *argv, more=None, **kw):
        began = time.monotonic()
        r = subprocess.run([BINARY, *argv], env={**self.env, **(more or {})}, capture_output=True, timeout=60, **kw)
        r.seconds = time.monotonic() - began
        return r

    def end(self):
        for p in self.children:
            if p.poll() is None:
                p.kill()
            p.wait()
        for ident in self.ids:
            subprocess.run([TOP / "tests/contained", "--end", ident])
        subprocess.run(["rm", "-rf", "--one-file-system", self.folder])


def forms(secret):
    """A secret as it stands, and as it would look encoded; base64 at each of the three offsets."""
    raw = secret.encode()
    out = {"plain": raw, "hex": raw.hex().encode(), "HEX": raw.hex().upper().encode(), "url": urllib.parse.quote(secret, safe="").encode()}
    for off in range(3):
        text = base64.b64encode(b"\0" * off + raw)
        out["base64+%d" % off] = text[4 if off else 0:len(text) // 4 * 4 - 4]
    return out


def memory(pid):
    """All that a process has in readable memory, piece by piece."""
    with open("/proc/%d/maps" % pid) as maps, open("/proc/%d/mem" % pid, "rb", 0) as mem:
        for line in maps:
            span, mode, *rest = line.split()
            if mode[0] != "r" or rest[-1] in ("[vvar]", "[vsyscall]", "[vvar_vclock]"):
                continue
            begin, end = (int(x, 16) for x in span.split("-"))
            try:
                mem.seek(begin)
                yield line.strip(), mem.read(end - begin)
            except OSError:
                continue
