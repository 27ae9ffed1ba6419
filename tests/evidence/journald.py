"""A systemd-journald in a mount namespace of its own, and containers' lines in it as dockerd's journald driver writes them."""
import json
import os
import signal
import subprocess
import time

# Wherever this runs, nothing of the machine's is touched; SHARED: the journal is below the /run/log that is there already. Files of half a megabyte: they rotate at once.
JOURNALD = """
mount --make-rprivate /
mkdir -p /run/systemd /run/log
mount -t tmpfs tmpfs /run/systemd
[ -n "$SHARED" ] || mount -t tmpfs tmpfs /run/log
mkdir -p /run/systemd/journal /run/log/journal /run/systemd/journald.conf.d
if [ ! -s /etc/machine-id ]; then echo 0123456789abcdef0123456789abcdef >/run/systemd/id; touch /etc/machine-id; mount --bind /run/systemd/id /etc/machine-id; fi
printf '[Journal]\\nStorage=volatile\\nReadKMsg=no\\nAudit=no\\nRateLimitBurst=0\\nRuntimeMaxFileSize=512K\\nRuntimeMaxUse=4M\\n' >/run/systemd/journald.conf.d/check.conf
while :; do /lib/systemd/systemd-journald; sleep 0.2; done
"""
# Writes an entry for each line of standard input, under dockerd's name: {"FIELD": "value"}.
SENDER = """
import json, socket, sys, time
open("/proc/self/comm", "w").write(sys.argv[1])
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
for line in sys.stdin:
    data = b""
    for k, v in json.loads(line).items():
        v = v.encode("utf-8", "surrogateescape")
        data += k.encode() + (b"\\n" + len(v).to_bytes(8, "little") if b"\\n" in v else b"=") + v + b"\\n"
    for i in range(200):
        try:
            s.sendto(data, "/run/systemd/journal/socket")
            break
        except OSError:
            time.sleep(0.05)
    print(flush=True)
"""
ID = "f44e523862986069d83e6e17badcde5dbaa0733fb9dc259184d2caf152e19146"
DENIED = ("botocore.errorfactory.AuthorizationErrorException: An error occurred (AuthorizationError) when calling the Publish operation: User: "
          "arn:aws:sts::111122223333:assumed-role/ecsInstanceRole/i-0123456789abcdef0 is not authorized to perform: SNS:Publish on resource: "
          "arn:aws:sns:eu-west-1:111122223333:orders-%d because no identity-based policy allows the SNS:Publish action")


class Journal:
    def __init__(self, shared=False):
        self.shell = subprocess.Popen(["unshare", "-m", "sh", "-c", JOURNALD], env={**os.environ, "SHARED": "yes" if shared else ""},
                                      stderr=subprocess.DEVNULL, start_new_session=True)
        self.inside = ["nsenter", "-t", str(self.shell.pid), "-m"]
        self.until(lambda: self.run("test", "-S", "/run/systemd/journal/socket").returncode == 0)
        self.senders = {name: subprocess.Popen([*self.inside, "/usr/bin/python3", "-c", SENDER, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                        for name in ("dockerd", "nginx")}

    def run(self, *args):
        return subprocess.run([*self.inside, *args], text=True, capture_output=True)

    def until(self, test, seconds=15):
        end = time.monotonic() + seconds
        while time.monotonic() < end and not test():
            time.sleep(0.1)
        return test()

    def pid(self):
        out = subprocess.run(["pgrep", "-P", str(self.shell.pid), "systemd-journal"], text=True, capture_output=True).stdout
        return int(out.split()[0]) if out.split() else 0

    def write(self, message, sender="dockerd", **fields):
        """As dockerd's journald driver does."""
        entry = {"CONTAINER_ID": ID[:12], "CONTAINER_ID_FULL": ID, "CONTAINER_NAME": "ecs-web-1-app", "CONTAINER_TAG": ID[:12], "IMAGE_NAME": "app:1",
                 "SYSLOG_IDENTIFIER": ID[:12], "PRIORITY": "3", "MESSAGE": message, **fields}
        self.senders[sender].stdin.write(json.dumps({k: v for k, v in entry.items() if v is not None}) + "\n")
        self.senders[sender].stdin.flush()
        self.senders[sender].stdout.readline()

    def files(self):
        return self.run("sh", "-c", "ls /run/log/journal/*/ | grep -c journal").stdout.strip()

    def end(self):
        for s in self.senders.values():
            s.stdin.close()
            s.wait(10)
        os.killpg(self.shell.pid, signal.SIGKILL)
        self.shell.wait(10)
