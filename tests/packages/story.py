"""What an administrator does with the .deb, on a machine with a real systemd: installation from user data, findings, kernel events, reload,
watchdog, drop-ins, upgrade, downgrade, removal, purge."""
import datetime
import json
import pathlib
import subprocess

from machine import Machine

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
CONTAINER, TASK = "c0ffee" * 10 + "c0ff", "0123456789abcdef" * 2
ARN = "arn:aws:ecs:eu-west-1:111122223333:task/prod/" + TASK
CREDENTIALS = "11111111-2222-3333-4444-555555555555"
# As on the ECS AMI: the agent waits for cloud-init's last stage, which runs the user data.
USER_DATA = """[Unit]
After=network.target
[Service]
Type=oneshot
RemainAfterExit=yes
Environment=DEBIAN_FRONTEND=noninteractive
ExecStart=/usr/bin/apt-get install -qy --no-install-recommends /root/old.deb
TimeoutStartSec=120
[Install]
WantedBy=multi-user.target
"""
ECS = """[Unit]
After=cloud-final.service
[Service]
ExecStart=/usr/bin/python3 -B /opt/agent.py --introspection 127.0.0.1:51678 --credentials 127.0.0.1:51679 --registry /opt/registry.json \
 --state /opt/state.json --audit /opt/audit.log
[Install]
WantedBy=multi-user.target
"""
# The rule of ecs-init leads 169.254.170.2 to the same server; here a second one listens there.
REDIRECT = ECS.replace("127.0.0.1:51678", "127.0.0.1:51680").replace("127.0.0.1:51679", "169.254.170.2:80")
IMDS = """[Service]
ExecStart=/usr/bin/python3 -B /opt/imds.py --listen 169.254.169.254:80 --state /opt/state.json
[Install]
WantedBy=multi-user.target
"""


def registry():
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    labels = {"com.amazonaws.ecs.cluster": "prod", "com.amazonaws.ecs.container-name": "app", "com.amazonaws.ecs.task-arn": ARN,
              "com.amazonaws.ecs.task-definition-family": "web", "com.amazonaws.ecs.task-definition-version": "7"}
    container = {"dockerId": CONTAINER, "dockerName": "ecs-web-7-app", "name": "app", "image": "web", "imageId": "sha256:" + "0" * 64, "createdAt": now,
                 "startedAt": now, "labels": labels, "endpointId": CREDENTIALS, "networks": [{"NetworkMode": "host", "IPv4Addresses": ["127.0.0.1"]}]}
    return {"cluster": "prod", "version": "1.105.1", "hash": "a8b3e7d3",
            "containerInstanceArn": "arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/" + TASK,
            "tasks": [{"arn": ARN, "family": "web", "revision": "7", "desired": "RUNNING", "known": "RUNNING", "containers": [container]}],
            "credentials": {CREDENTIALS: {"roleArn": "arn:aws:iam::111122223333:role/webTaskRole", "keyId": "ASIAWEBTASKROLEXXXXX", "type": "task",
                                          "taskArn": ARN, "expiration": None}}}


# A container as Docker's systemd driver has it: a scope with its id, and a root of its own; in it a child that lost the variable.
REL = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
ROOT = "mkdir -p /opt/app/usr; mount --bind /usr /opt/app/usr; for d in bin lib lib64; do ln -s usr/$d /opt/app/$d; done; chmod 755 /opt/app/worker; cp /opt/app/worker /opt/app/late"
WORKLOAD = ("systemd-run -q --scope --unit=docker-%s.scope env %s=/v2/credentials/%s AWS_REGION=eu-west-1 "
            "/bin/sh -c 'env -u %s chroot /opt/app /worker & exec chroot /opt/app /worker'" % (CONTAINER, REL, CREDENTIALS, REL))
# Of an SDK only what tells that it is one.
WORKER = "#!/usr/bin/python3 -B\nimport time, botocore\ntime.sleep(36000)\n"


# A shell that goes into that container's control group, and there:
JOIN = "sh -c 'echo $$ >/sys/fs/cgroup/system.slice/docker-%s.scope/cgroup.procs; export AWS_REGION=eu-west-1; " % CONTAINER


def files(old, new):
    out = {"/root/old.deb": old.read_bytes(), "/root/new.deb": new.read_bytes(), "/opt/registry.json": json.dumps(registry()), "/opt/state.json": "{}",
           "/opt/app/worker": WORKER, "/usr/lib/python3/dist-packages/botocore/__init__.py": "__version__ = '1.29.27'\n"}
    for name in ("imds.py", "agent.py"):
        out["/opt/" + name] = (TOP / "tests/lab" / name).read_bytes()
    for name, text in (("cloud-final", USER_DATA), ("ecs", ECS), ("redirect", REDIRECT), ("imds", IMDS)):
        out["/etc/systemd/system/%s.service" % name] = text
    return out


class Host(Machine):
    def status(self):
        try:
            return json.loads(self.run("rolewatch", "status", "--json").stdout or "{}")
        except ValueError:
            return {}

    def entries(self, *query):
        out = self.run("journalctl", "-b", "-o", "json", "--no-pager", *query).stdout
        return [json.loads(line) for line in out.splitlines()]

    def findings(self):
        return {e["ROLEWATCH_FINDING"] for e in self.entries("ROLEWATCH_EVENT=appeared")}

    def pid(self, unit="rolewatch"):
        return int(self.show(unit + ".service", "MainPID") or 0)

    def active(self, *units):
        return all(self.show(u, "ActiveState") == "active" for u in units)

    def apt(self, *argv):
        return self.run("apt-get", "-qy", "--no-install-recommends", *argv, timeout=300)

    def version(self):
        return self.run("rolewatch", "version").stdout.split()[-1:]

    def files(self):
        """Everything but what other programs write as they run."""
        out = self.sh("find / -xdev \\( -path /proc -o -path /sys -o -path /tmp -o -path /run/systemd -o -path /run/log -o -path /var/log -o -path /var/lib/apt "
                      "-o -path /var/cache/apt -o -path /var/cache/debconf -o -path /var/cache/ldconfig -o -path /var/lib/dpkg -o -path /var/backups -o -path /root -o -path /opt \\) "
                      "-prune -o -print; find /run -path /run/systemd -prune -o -path /run/log -prune -o -print").stdout
        return set(out.splitlines())


UNITS = ("rolewatch.service", "rolewatch-broker.socket", "rolewatch-snapshot.socket")


def installed(m):
    """From user data, while everything else still starts."""
    up = m.until(120, lambda: m.active("cloud-final.service", "ecs.service", *UNITS))
    yield up and m.run("systemctl", "is-system-running", "--wait").stdout.strip() == "running", \
        "installed by user data, while ecs waits for that to end: no deadlock", m.run("systemctl", "list-jobs").stdout + m.run("systemctl", "--failed").stdout
    yield m.version() == ["0.0.9"], "the older version", m.version()
    yield m.active("rolewatch-broker.service"), "the first question started the broker", ""
    for unit, caps in (("rolewatch", 0), ("rolewatch-broker", None)):
        have = int(next(line.split()[1] for line in m.sh("cat /proc/%d/status" % m.pid(unit)).stdout.splitlines() if line.startswith("CapBnd")), 16)
        named = m.show(unit + ".service", "CapabilityBoundingSet").split()
        yield bin(have).count("1") == len(named) and (caps is None or have == caps), "%s may have %s" % (unit, " ".join(named) or "no capability"), hex(have)


def found(m):
    m.sh(ROOT, check=True)
    m.workload = subprocess.Popen(m.inside("/bin/sh", "-c", WORKLOAD), stderr=subprocess.DEVNULL)
    yield m.until(60, lambda: "wrong-role" in m.findings()), "a finding about a process that lost its variable is in the journal", m.status()
    entry = next(iter(m.entries("ROLEWATCH_FINDING=wrong-role")), {})
    yield entry.get("ECS_FAMILY") == "web" and entry.get("_SYSTEMD_UNIT") == "rolewatch.service" and "ecsInstanceRole" in entry.get("MESSAGE", ""), \
        "it names the task and who acts, and journald the unit", entry
    text = m.run("journalctl", "-b", "-x", "ROLEWATCH_FINDING=wrong-role", "--no-pager").stdout
    yield "Remedy: " in text and "Expected role: " in text and "man:rolewatch-findings(7)" in text, "the catalog explains it", text
    # The examples that come with the package: the role that should act may, the one that acts may not.
    m.sh("cp /usr/share/doc/rolewatch/examples/needs.json /etc/rolewatch/needs.d/; cp /usr/share/doc/rolewatch/examples/bundle.json /etc/rolewatch/bundles.d/", check=True)
    yield m.until(60, lambda: m.entries("ROLEWATCH_FINDING=wrong-role-denied")), "with the examples of needs and bundle: the call would fail", m.findings()
    yield "instance-role-denied" not in m.findings(), "... and the examples are not at fault themselves", m.findings()
    m.sh("rm /etc/rolewatch/needs.d/* /etc/rolewatch/bundles.d/*")


def files_of_containers(m):
    """By the broker, under the filters of its unit."""
    pid = m.sh("pgrep -ox worker").stdout.strip()
    seen = m.run("runuser", "-u", "rolewatch", "--", "rolewatch", "explain", pid)
    yield "Credential chain" in seen.stdout and " 1.29.27 (predicted)" in seen.stdout and "cannot see" not in seen.stdout, \
        "the broker opens files of a container's root", seen.stdout + seen.stderr


def as_user(m, options, *argv):
    """`options`: of runuser."""
    return m.run("runuser", *options.split(), "--", *argv)


MEMBER, STRANGER = "-u games -G rolewatch", "-u games"


def members(m):
    """A member of the group gets what root gets, and no descriptor; a stranger nothing, and no "ok"."""
    root, member, stranger = (as_user(m, who, "rolewatch", "check", "--json") for who in ("-u root", MEMBER, STRANGER))
    kinds = lambda r: sorted(f["id"] for f in json.loads(r.stdout or '{"findings": []}')["findings"])
    yield root.returncode == member.returncode == 1 and kinds(member) == kinds(root) and "wrong-role" in kinds(member), \
        "check as a member of the group rolewatch: as for root: " + " ".join(kinds(member)), (member, kinds(root))
    yield not member.stderr, "... without a word of error", member.stderr
    yield stranger.returncode == 3 and "member of the group rolewatch" in stranger.stderr, "check as a stranger: not judged, and told whom to be", stranger
    broker = as_user(m, MEMBER, "env", "ROLEWATCH_BROKER=/run/rolewatch/broker.sock", "rolewatch", "check", "--json")
    yield broker.returncode == 3 and "Permission denied" in broker.stderr, "the broker's socket is closed to members", broker
    left = m.until(10, lambda: "rolewatch-snapshot@" not in m.sh("systemctl list-units --all --no-legend 'rolewatch-snapshot@*'").stdout)
    said = [e["MESSAGE"] for e in m.entries("-u", "rolewatch-snapshot@*")]
    yield left and not said, "the scan has left no unit, and no line in the journal", said
    m.write("/etc/systemd/system/rolewatch-snapshot@.service.d/test.conf", "[Service]\nExecStart=\nExecStart=/bin/echo {\n")
    m.run("systemctl", "daemon-reload", check=True)
    cut = as_user(m, MEMBER, "rolewatch", "check")
    yield cut.returncode == 3 and "ended early" in cut.stderr and not cut.stdout, "a scan that ends early is not judged", cut
    m.sh("rm -r /etc/systemd/system/rolewatch-snapshot@.service.d; systemctl daemon-reload")


def held(m):
    return {p["name"]: p["held"] for p in m.status().get("permissions", [])}


def woken(m):
    """Kernel events through the broker's unit as it is shipped: its filter of system calls lets bpf pass."""
    of = m.until(30, lambda: m.status().get("sources", {}).get("events", "").startswith("available ") and m.status())
    yield of and held(m).get("CAP_BPF, CAP_PERFMON"), "kernel events come through the broker", m.status()
    before = m.status()["kernelEvents"]["execs"]
    # Longer than this is only the look at everything.
    m.write("/etc/rolewatch/rolewatch.conf.d/60-seldom.conf", "[watch]\nscan_interval = 1h\nidle_scan_interval = 2h\n")
    m.run("systemctl", "reload", "rolewatch")
    m.until(20, lambda: m.status().get("scanInterval") == 3600)
    m.sh(JOIN + "exec env -u %s chroot /opt/app /late' >/dev/null 2>&1 &" % REL, check=True)
    told = m.until(20, lambda: [e for e in m.entries("ROLEWATCH_EVENT=appeared") if "late (pid" in e["MESSAGE"]])
    yield told, "what is executed in a container is judged without a look", m.status()
    yield m.until(20, lambda: m.status()["kernelEvents"]["execs"] > before), "... and counted", m.status()
    m.sh("pkill -x late; rm /etc/rolewatch/rolewatch.conf.d/60-seldom.conf; systemctl reload rolewatch")


def reloaded(m):
    pid = m.pid()
    m.write("/etc/rolewatch/rolewatch.conf.d/50-local.conf", "[watch]\nscan_interval = 2s\n")
    r = m.run("systemctl", "reload", "rolewatch")
    yield r.returncode == 0 and m.until(20, lambda: m.status().get("scanInterval") == 2) and m.pid() == pid, "reload: new settings, same process", m.status()
    m.write("/etc/rolewatch/rolewatch.conf.d/50-local.conf", "[watch]\nscan_interval = soon\n")
    m.run("systemctl", "reload", "rolewatch")
    yield m.until(20, lambda: any(e["what"] == "reload" for e in m.status().get("errors", []))) and m.status()["scanInterval"] == 2 and m.pid() == pid, \
        "reload with a fault: the former settings stay, and status says so", m.status()
    m.run("systemctl", "restart", "rolewatch")
    m.until(10, lambda: m.show("rolewatch.service", "ActiveState") == "failed")
    got = m.show("rolewatch.service", "ActiveState", "NRestarts", "ExecMainStatus")
    yield got == {"ActiveState": "failed", "NRestarts": "0", "ExecMainStatus": "78"}, "a start with a fault ends with 78 and is not tried again", got
    yield any("50-local.conf:2" in e["MESSAGE"] for e in m.entries("-u", "rolewatch.service")), "... and the journal has file and line", ""
    m.sh("rm /etc/rolewatch/rolewatch.conf.d/50-local.conf; systemctl reset-failed rolewatch; systemctl start rolewatch")
    yield m.active("rolewatch.service"), "mended, it starts", m.run("systemctl", "status", "rolewatch").stdout


def watched(m):
    m.write("/etc/systemd/system/rolewatch.service.d/test.conf", "[Service]\nWatchdogSec=4\nTimeoutAbortSec=2\nRestartSec=1\n")
    m.sh("systemctl daemon-reload; systemctl restart rolewatch", check=True)
    pid = m.pid()
    m.run("sleep", "9")
    yield m.pid() == pid, "a watchdog of 4 s leaves it in peace", ""
    appeared = len(m.entries("ROLEWATCH_EVENT=appeared"))
    m.sh("kill -STOP %d" % pid)
    back = m.until(40, lambda: m.pid() not in (0, pid) and m.active("rolewatch.service"))
    killed = [e["MESSAGE"] for e in m.entries("-u", "rolewatch.service", "_PID=1") if "Watchdog timeout" in e["MESSAGE"]]
    yield back and killed, "stopped by SIGSTOP, it is killed by the watchdog and started again", (m.pid(), pid, killed)
    m.until(30, lambda: m.status().get("cost", {}).get("looks", 0) >= 1 and m.status().get("pid") == m.pid())
    yield len(m.entries("ROLEWATCH_EVENT=appeared")) == appeared, "... and tells nothing a second time", ""
    m.sh("rm -r /etc/systemd/system/rolewatch.service.d; systemctl daemon-reload; systemctl restart rolewatch")


def less(m):
    m.sh("mkdir -p /etc/systemd/system/rolewatch-broker.service.d; cp /usr/share/doc/rolewatch/examples/no-sys-admin.conf "
         "/etc/systemd/system/rolewatch-broker.service.d/; systemctl daemon-reload; systemctl try-restart rolewatch-broker; systemctl restart rolewatch", check=True)
    caps = m.show("rolewatch-broker.service", "CapabilityBoundingSet")
    yield "cap_sys_admin" not in caps and "cap_sys_ptrace" in caps, "the example drop-in takes CAP_SYS_ADMIN away", caps
    m.until(30, lambda: m.status().get("cost", {}).get("looks", 0) >= 1)
    said = m.run("rolewatch", "status").stdout
    yield m.until(30, lambda: any(f.get("finding", f.get("id")) == "wrong-role" for f in m.status().get("open", []))), "... the finding is still seen", (said, m.status())
    yield m.status()["sources"]["events"].startswith("available "), "... and kernel events still come", m.status()
    m.write("/etc/systemd/system/rolewatch-broker.service.d/less.conf", "[Service]\nAmbientCapabilities=~CAP_PERFMON\nCapabilityBoundingSet=~CAP_PERFMON\n")
    m.sh("systemctl daemon-reload; systemctl try-restart rolewatch-broker; systemctl restart rolewatch", check=True)
    m.until(30, lambda: m.status().get("pid") == m.pid() and m.status().get("cost", {}).get("looks", 0) >= 1)
    yield "lacks CAP_BPF or CAP_PERFMON" in m.status()["sources"]["events"] and held(m).get("CAP_BPF, CAP_PERFMON") is False, "without CAP_PERFMON status says that it is this that lacks", m.status()
    m.sh("rm -r /etc/systemd/system/rolewatch-broker.service.d; systemctl daemon-reload; systemctl try-restart rolewatch-broker; systemctl restart rolewatch")


def upgraded(m, new):
    m.sh("sed -i 's/^#clear_delay = 5m/clear_delay = 7m/' /etc/rolewatch/rolewatch.conf; grep -q '^clear_delay = 7m' /etc/rolewatch/rolewatch.conf", check=True)
    for what, deb, version in (("upgrade", "new", new), ("downgrade", "old", "0.0.9"), ("upgrade again", "new", new), ("re-installation", "new", new)):
        pids = m.pid(), m.pid("rolewatch-broker")
        argv = ["install", "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold", "--allow-downgrades", "--reinstall", "/root/%s.deb" % deb]
        # An administrator does all of this in weeks: systemd counts no more than five starts within ten seconds.
        m.run("systemctl", "reset-failed", "rolewatch")
        r = m.apt(*argv)
        yield r.returncode == 0 and m.version() == [version] and m.active(*UNITS), "%s to %s, running" % (what, version), \
            r.stdout[-800:] + r.stderr + m.run("systemctl", "status", "rolewatch").stdout
        m.until(20, lambda: m.active("rolewatch-broker.service"))
        yield m.pid() not in (0, pids[0]) and m.pid("rolewatch-broker") not in (0, pids[1]), "... both processes are new ones", (pids, m.pid(), m.pid("rolewatch-broker"))
        yield "clear_delay = 7m" in m.sh("grep -v '^#' /etc/rolewatch/rolewatch.conf").stdout, "... the edited settings are kept", ""
    yield m.sh("test -e /etc/rolewatch/rolewatch.conf.dpkg-dist").returncode == 0, "the new default lies beside the edited file", m.sh("ls /etc/rolewatch").stdout
    for unit in UNITS:
        m.run("systemctl", "disable", unit)
    m.apt("install", "--reinstall", "/root/new.deb")
    yield all(m.run("systemctl", "is-enabled", u).stdout.strip() == "disabled" for u in UNITS), "what is disabled stays so after an update", ""
    for unit in UNITS:
        m.run("systemctl", "enable", unit)


def removed(m, before):
    m.apt("remove", "rolewatch")
    yield not m.active("rolewatch.service") and m.sh("test -e /etc/rolewatch/rolewatch.conf -a ! -e /usr/bin/rolewatch").returncode == 0, "removed: stopped, settings stay", ""
    r = m.apt("purge", "rolewatch")
    # What somebody else recommends, but had not, goes as well.
    m.apt("autoremove", "--purge", "-o", "APT::AutoRemove::RecommendsImportant=false", "-o", "APT::AutoRemove::SuggestsImportant=false")
    left = sorted(m.files() - before)
    yield r.returncode == 0 and not left, "purged: no file is left", left
    links = m.sh("find /etc/systemd /var/lib/systemd -name '*rolewatch*'; journalctl --list-catalog | grep -i rolewatch").stdout
    yield not links, "... no unit enabled, no entry of the catalog", links
    ill = [e["MESSAGE"] for e in m.entries("-u", "rolewatch-broker.service", "_PID=1") if "Failed" in e["MESSAGE"] or "killed" in e["MESSAGE"]]
    yield not ill, "the broker's unit has never failed, and no filter has killed it", ill


def told(tree, old, new, version):
    """(right, what, more) of each step."""
    with Host(tree, files(old, new)) as m:
        m.workload = None
        for unit in ("imds", "redirect", "ecs"):
            m.run("systemctl", "enable", unit)
        before = m.files()
        m.run("systemctl", "start", "imds", "redirect")
        # Both in one transaction, as at boot: ecs is queued behind the user data.
        m.run("systemctl", "start", "--no-block", "cloud-final.service", "ecs.service")
        for part in (installed(m), found(m), files_of_containers(m), members(m), woken(m), reloaded(m), watched(m), less(m), upgraded(m, version)):
            yield from part
        if m.workload:
            m.sh("systemctl stop docker-%s.scope" % CONTAINER)
            m.workload.wait(20)
        yield from removed(m, before)
