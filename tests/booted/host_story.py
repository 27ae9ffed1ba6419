"""What happens to rolewatch on a host as users have it: installed, findings, restarts of everything, a reboot, upgrades, purge."""
import json
import pathlib
import re
import time

from guest import TOP, Guest
import builds

HERE = pathlib.Path(__file__).resolve().parent
REL = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
PROGRAMS = ("rolewatch", "rolewatch-broker")
UNITS = ("rolewatch.service", "rolewatch-broker.socket", "rolewatch-snapshot.socket")
EXPOSURE = {"rolewatch": 15, "rolewatch-broker": 19}        # of 100: SECURITY.md
GIVEN_UP = ("cap_bpf", "cap_perfmon")          # once kernel events are made
# Units of the stand-ins, and the rules of ecs-init, in its order.
IMDS = """[Unit]
Before=docker.service
[Service]
ExecStartPre=/bin/sh -c 'ip link add imds type dummy; ip link set imds up; ip addr replace 169.254.169.254/32 dev imds'
ExecStart=/usr/bin/python3 -B /opt/lab/imds.py --listen 169.254.169.254:80 --state /opt/host/run/imds.json
[Install]
WantedBy=multi-user.target
"""
ECS = """[Unit]
After=docker.service
[Service]
ExecStartPre=/sbin/sysctl -qw net.ipv4.conf.all.route_localnet=1
ExecStartPre=/bin/sh -c 'iptables -w -t nat -A PREROUTING -p tcp -d 169.254.170.2 --dport 80 -j DNAT --to-destination 127.0.0.1:51679; \
 iptables -w -I INPUT --dst 127.0.0.0/8 ! --src 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP; \
 iptables -w -t nat -A OUTPUT -p tcp -d 169.254.170.2 --dport 80 -j REDIRECT --to-ports 51679'
ExecStart=/usr/bin/python3 -B /opt/lab/agent.py --introspection 127.0.0.1:51678 --credentials 127.0.0.1:51679 --registry /opt/host/run/registry.json \
 --state /opt/host/run/agent.json --audit /opt/host/run/audit.log
ExecStopPost=/bin/sh -c 'iptables -w -t nat -D PREROUTING -p tcp -d 169.254.170.2 --dport 80 -j DNAT --to-destination 127.0.0.1:51679; \
 iptables -w -D INPUT --dst 127.0.0.0/8 ! --src 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP; \
 iptables -w -t nat -D OUTPUT -p tcp -d 169.254.170.2 --dport 80 -j REDIRECT --to-ports 51679'
[Install]
WantedBy=multi-user.target
"""
# One worker as it should be, and one that lost the variable.
WORKER = ("printf '#!/usr/bin/python3\\nimport time, botocore\\ntime.sleep(36000)\\n' >/usr/local/bin/worker; chmod 755 /usr/local/bin/worker; "
          "env -u %s worker lost & exec worker web" % REL)
# Full scans are seldom, so that what is published soon was found by kernel events.
SELDOM = "[watch]\nscan_interval = 30s\nidle_scan_interval = 20m\nclear_delay = 5s\n"


class Host(Guest):
    def events(self, event, words=""):
        return [e for e in self.entries("ROLEWATCH_EVENT=" + event) if words in e.get("MESSAGE", "")]

    def balance(self):
        """{object: times published as appeared, less those as cleared}, since the boot."""
        count = {}
        for event, n in (("appeared", 1), ("cleared", -1)):
            for e in self.events(event):
                # The program is part of the message only; its pid is another one each time.
                key = e["ROLEWATCH_FINDING"], e.get("CONTAINER_ID", ""), re.sub(r"^cleared: |\(pid \d+\)|,? and \d+ more process(es)?", "", e["MESSAGE"]).split(" in container")[0]
                count[key] = count.get(key, 0) + n
        return count

    def kernel_events(self):
        return self.status().get("sources", {}).get("events", "").startswith("available ")

    def settled(self):
        """The daemon that runs now has scanned, and has kernel events."""
        return self.until(120, lambda: self.active("rolewatch.service") and self.status().get("pid") == self.pid() and self.kernel_events())


def prepared(h):
    h.put("/opt/lab", *(TOP / "tests/lab" / n for n in ("imds.py", "agent.py", "labhost.py")), HERE / "host.py")
    h.write("/etc/systemd/system/imds.service", IMDS)
    h.write("/etc/systemd/system/ecs.service", ECS)
    h.sh("mkdir -p /opt/host/run; cd /opt/host/run && echo '{}' >imds.json && echo '{}' >agent.json && python3 -B /opt/lab/labhost.py empty-registry >registry.json && "
         "ln -s /run/docker.sock docker.sock && systemctl daemon-reload && systemctl enable --now imds ecs && "
         "docker import - booted/debian:1 </root/container.tar", check=True, timeout=900)
    facts = h.sh("uname -r; stat -fc %T /sys/fs/cgroup; cat /sys/module/apparmor/parameters/enabled; "
                 "docker info -f '{{.CgroupDriver}} {{.CgroupVersion}} {{.SecurityOptions}}'; nft list chain inet host input | grep -c 'policy drop'; "
                 "test -r /sys/kernel/btf/vmlinux && echo types; systemctl is-system-running").stdout.split("\n")
    kernel, fs, armor, docker, drop, types, state = facts[:7]
    yield fs == "cgroup2fs" and docker.startswith("systemd 2 "), "kernel %s, control groups of version 2, Docker's driver is systemd" % kernel, facts
    yield armor == "Y" and "apparmor" in docker, "AppArmor is on, for Docker too", facts
    yield drop == "1" and types == "types" and state == "running", "a firewall that drops, a kernel that describes its types, no failed unit", facts


def numbers(h, pid):
    """The fields of /proc/PID/status."""
    return dict(line.split(":\t", 1) for line in h.run("cat", "/proc/%d/status" % pid).stdout.splitlines() if ":\t" in line)


def installed(h):
    r = h.apt("install", "/root/new.deb")
    yield r.returncode == 0 and h.until(60, lambda: h.active(*UNITS)), "installed, and its units are active", r.stdout + r.stderr
    h.until(60, lambda: h.pid("rolewatch-broker"))
    for program in PROGRAMS:
        status, unit = numbers(h, h.pid(program)), program + ".service"
        named = h.show(unit, "CapabilityBoundingSet").split()
        sets = {s: bin(int(status[s], 16)).count("1") for s in ("CapEff", "CapPrm", "CapAmb", "CapBnd")}
        kept = [c for c in named if c not in GIVEN_UP]
        yield list(sets.values()) == 3 * [len(kept)] + [len(named)], "%s has the capabilities that its unit names, but for those that it gives up: %s" % (
            program, " ".join(kept) or "none"), (named, sets)
        yield status.get("NoNewPrivs") == "1" and status.get("Seccomp") == "2" and "0" not in status["Uid"].split(), "... no new privileges, filtered system calls, a user of its own", status
        score = h.run("systemd-analyze", "security", "--no-pager", "--threshold=%d" % EXPOSURE[program], unit)
        yield score.returncode == 0, "... exposure at most %d of 100" % EXPOSURE[program], score.stdout
        limit = h.sh("cat /sys/fs/cgroup/system.slice/%s/memory.max" % unit).stdout.strip()
        yield limit == h.show(unit, "MemoryMax") and limit.isdigit(), "... the kernel limits its memory to %s bytes" % limit, ""
    h.write("/etc/rolewatch/rolewatch.conf.d/50-test.conf", SELDOM)
    h.run("systemctl", "reload", "rolewatch")
    yield h.until(60, lambda: h.status().get("scanInterval", h.status().get("idleScanInterval")) in (30, 1200)), "reload: scans are seldom now", h.status()


def found(h):
    plain = h.sh("docker run -d --restart always booted/debian:1 sleep 36000", check=True).stdout.strip()
    container = h.run("python3", "-B", "/opt/lab/host.py", "task", "web", "webTaskRole", WORKER, "--restart", "always", check=True).stdout.strip()
    h.container = container
    group, profile = (h.sh("cat /proc/$(docker inspect -f '{{.State.Pid}}' %s)/%s" % (container, f)).stdout.strip() for f in ("cgroup", "attr/current"))
    yield "/ecstasks.slice/ecstasks-" in group and group.endswith("docker-%s.scope" % container), "a task in a control group of ecstasks.slice", group
    yield profile == "docker-default (enforce)", "... under AppArmor's profile docker-default", profile
    yield h.until(90, lambda: h.events("appeared", "worker (pid")), "a process that lost the variable is in the journal", h.status()
    entry = (h.events("appeared", "worker (pid") or [{}])[0]
    kind = (TOP / "systemd/rolewatch.catalog").read_text().split("\nSubject: wrong-role in")[0][-32:]
    yield entry.get("ROLEWATCH_FINDING") == "wrong-role" and entry.get("MESSAGE_ID") == kind and entry.get("ECS_FAMILY") == "web" and \
        entry.get("_SYSTEMD_UNIT") == "rolewatch.service" and "ecsInstanceRole" in entry["MESSAGE"], "... with MESSAGE_ID, task, unit and the role that it uses", entry
    yield "Remedy: " in h.run("journalctl", "-b", "-x", "MESSAGE_ID=" + kind, "--no-pager").stdout, "... and the catalog explains it", ""
    yield h.settled(), "kernel events: " + h.status().get("sources", {}).get("events", "none"), h.status()
    scans = h.status()["cost"]["looks"]
    h.sh("docker exec -d %s env -u %s sh -c 'cp /usr/local/bin/worker /usr/local/bin/late; exec late'" % (container, REL), check=True)
    late = h.until(60, lambda: h.events("appeared", "late (pid"))
    yield late and h.status()["cost"]["looks"] == scans, "what docker exec starts is in the journal without a scan", (scans, h.status())
    time.sleep(10)
    kinds = {e["ROLEWATCH_FINDING"] for e in h.events("appeared")}
    # The one about the host comes with a scan, and scans are seldom.
    yield "wrong-role" in kinds and kinds <= {"imds-open-to-tasks", "wrong-role"} and not [e for e in h.events("appeared") if plain[:12] in str(e)], "nothing else is published", "\n".join(e["MESSAGE"] for e in h.events("appeared"))
    before = h.status()["kernelEvents"]
    h.sh("docker exec %s env -u %s curl -s -m 20 -o /dev/null http://169.254.169.254/latest/meta-data/" % (container, REL), check=True)
    h.sh("docker exec %s sh -c 'curl -s -m 20 -o /dev/null http://169.254.170.2$%s'" % (container, REL), check=True)
    after = h.until(30, lambda: h.status()["kernelEvents"]["connects"] >= before["connects"] + 2 and h.status()["kernelEvents"])
    yield after and after["unattributed"] == 0, "connections to both endpoints are counted, each with its process", h.status()["kernelEvents"]


def checked(h):
    by_root = h.run("rolewatch", "check", "--json")
    yield by_root.returncode == 1 and '"wrong-role"' in by_root.stdout, "check as root: exit status 1, wrong-role", by_root.stdout[-1500:] + by_root.stderr
    h.sh("useradd -m member; usermod -aG rolewatch member; useradd -m stranger", check=True)
    by_member = h.run("runuser", "-u", "member", "--", "rolewatch", "check", "--json")
    yield by_member.returncode == 1 and '"wrong-role"' in by_member.stdout, "check as a member of the group rolewatch: the same", by_member.stdout[-1500:] + by_member.stderr
    status = h.run("runuser", "-u", "member", "--", "rolewatch", "status")
    yield status.returncode == 0 and "wrong-role" in status.stdout, "status as a member", status.stdout + status.stderr
    by_stranger = h.run("runuser", "-u", "stranger", "--", "rolewatch", "check", "--json")
    yield by_stranger.returncode == 3, "check as somebody else: not judged", by_stranger.stdout[-1500:] + by_stranger.stderr


def open_now(h):
    """What is open, once the scan that a new task brings has found that IMDS is open to tasks."""
    h.until(120, lambda: [1 for (kind, *_), n in h.balance().items() if kind == "imds-open-to-tasks" and n])
    return {k for k, n in h.balance().items() if n}


def unchanged(h, before, what):
    """One line: the same findings are open, and none was published twice or cleared meanwhile."""
    settled = h.settled()
    time.sleep(10)
    now = h.balance()
    return settled and {k for k, n in now.items() if n} == before and set(now.values()) <= {0, 1}, what + ": nothing is published twice, cleared or lost", (before, now, h.status())


RESTARTS = (("the ECS agent", "systemctl restart ecs"), ("the broker", "systemctl restart rolewatch-broker"), ("rolewatch", "systemctl restart rolewatch"),
            ("rolewatch, killed", "systemctl kill -s KILL rolewatch"), ("journald", "systemctl restart systemd-journald"))


def restarted(h):
    before = open_now(h)
    for what, command in RESTARTS:
        pid = h.pid()
        h.sh(command, check=True)
        if what.startswith("rolewatch"):
            h.until(60, lambda pid=pid: h.pid() not in (0, pid))
        yield unchanged(h, before, "restart of " + what)
    # What docker exec started before, and would start again for the same reason, is one finding as long as one of the two runs.
    h.sh("docker exec %s pkill -x late" % h.container, check=True)
    yield h.until(120, lambda: h.events("cleared", "late (pid")), "... what ends then is cleared", h.status()
    h.sh("docker exec -d %s env -u %s sh -c 'cp /usr/local/bin/worker /usr/local/bin/after; exec after'" % (h.container, REL), check=True)
    yield h.until(60, lambda: h.events("appeared", "after (pid")), "... and what starts then is in the journal", h.events("appeared")


def again(h, what):
    """Its container runs again with other processes: of `worker` one finding is open, of programs that are gone none."""
    h.until(120, lambda: h.sh("docker ps -q --no-trunc").stdout.count(h.container))
    h.until(120, lambda: h.settled() and [1 for (kind, *_), n in h.balance().items() if kind == "wrong-role" and n == 1])
    time.sleep(15)
    now, names = h.balance(), [f.get("message", "") for f in h.status().get("open", [])]
    yield [n for (kind, *_), n in now.items() if kind == "wrong-role" and n] == [1] and set(now.values()) <= {0, 1}, what + ": the finding is open once, and what is gone is cleared", (now, names)
    yield h.active(*UNITS) and h.kernel_events(), "... with kernel events", h.status()


def docker_restarted(h):
    h.sh("systemctl restart docker", check=True)
    yield from again(h, "restart of Docker")


def rebooted(h):
    h.reboot()
    yield h.until(120, lambda: h.active(*UNITS, "docker.service", "ecs.service")), "rebooted: the units are active", h.run("systemctl", "--failed").stdout
    yield from again(h, "... in the new boot's journal")


def upgraded(h):
    before = open_now(h)
    for what, deb, wanted in (("downgrade", "old", "0.0.9"), ("upgrade", "new", builds.VERSION)):
        pids = [h.pid(p) for p in PROGRAMS]
        r = h.apt("install", "--allow-downgrades", "/root/%s.deb" % deb)
        h.until(60, lambda pids=pids: all(h.pid(p) not in (0, old) for p, old in zip(PROGRAMS, pids)))
        yield r.returncode == 0 and h.version() == [wanted] and h.active(*UNITS), "%s to %s, both programs started again" % (what, wanted), r.stdout[-800:] + r.stderr
        yield unchanged(h, before, "... after the " + what)


# Checks of `make check` that need nothing that this host lacks, nor a processor that keeps intervals of seconds (never-blind does).
CHECKS = ("cli",)


def suite(h):
    """On a host as users have it: systemd, control groups of version 2 and AppArmor are there, and containers run."""
    # Programs of tests have the paths of what they read in them.
    tree = str(TOP)
    tests = sorted("build/tests/" + p.stem for p in (TOP / "tests/unit").glob("test_*.c"))
    h.put(tree, *(TOP / n for n in builds.PACKED))
    h.put(tree + "/build", TOP / "build/rolewatch", TOP / "build/rolewatch-broker", TOP / "build/version")
    h.put(tree + "/build/tests", *(TOP / t for t in tests))
    r = h.sh("cd %s && ROLEWATCH_TEST_TIME=900 tests/unit/run build --again %s" % (tree, " ".join(tests)), timeout=3600)
    counts = re.findall(r"(?m)^unit: (\d+) passed, 0 failed$", r.stdout)
    yield counts and int(counts[0]) > 400, "the unit tests: " + (r.stdout.splitlines() or ["nothing"])[-1], r.stdout[-4000:] + r.stderr
    for check in CHECKS:
        r = h.sh("cd %s && . tests/offline && tests/checks/%s" % (tree, check), timeout=3600)
        yield r.returncode == 0, "%s: %s" % (check, (r.stdout.splitlines() or ["nothing"])[-1]), r.stdout[-4000:] + r.stderr
    h.sh("rm -r %s" % tree)


def used(h, program):
    return int(h.sh("grep usage_usec /sys/fs/cgroup/system.slice/%s.service/cpu.stat" % program).stdout.split()[1])


def cost(h):
    pss = {p: int(next(line.split()[1] for line in h.sh("cat /proc/%d/smaps_rollup" % h.pid(p)).stdout.splitlines() if line.startswith("Pss:"))) for p in PROGRAMS}
    yield sum(pss.values()) < 8 << 10, "both programs have less than 8 MiB of memory (PSS, KiB): %s" % pss, pss
    peak, limit = ({p: int(h.sh("cat /sys/fs/cgroup/system.slice/%s.service/memory.%s" % (p, f)).stdout) >> 10 for p in PROGRAMS} for f in ("peak", "max"))
    yield all(2 * peak[p] < limit[p] for p in PROGRAMS), "... and never had half of what their units allow (KiB): %s" % peak, limit
    before, began = sum(used(h, p) for p in PROGRAMS), time.monotonic()
    time.sleep(60)
    share = (sum(used(h, p) for p in PROGRAMS) - before) / (time.monotonic() - began) / 1e4
    yield share < 1, "... and use less than 1 %% of a processor in a quiet minute: %.2f %%" % share, ""


# What the kernel says when AppArmor, a filter of system calls or a limit of memory stopped a program, or it crashed.
DENIALS = ("DENIED", "type=1326", "segfault", "Memory cgroup out of memory")


def quiet(h):
    own = [json.loads(line) for p in PROGRAMS for line in h.run("journalctl", "-q", "--no-pager", "-o", "json", "-p", "err", "-t", p).stdout.splitlines()]
    errors = [e["MESSAGE"] for e in own if "ROLEWATCH_EVENT" not in e]
    yield not errors, "rolewatch has logged no error", errors
    kernel = h.run("journalctl", "-q", "--no-pager", "_TRANSPORT=kernel", "+", "_TRANSPORT=audit").stdout.splitlines()
    denied = [line for line in kernel if "rolewatch" in line and any(d in line for d in DENIALS)]
    yield not denied, "the kernel has denied it nothing", denied
    crashes = h.run("journalctl", "-q", "--no-pager", "_PID=1", "-g", "rolewatch.*(code=dumped|SYS|status=31)").stdout
    yield not crashes, "... and none of its programs crashed", crashes


def removed(h):
    h.sh("rm /etc/rolewatch/rolewatch.conf.d/50-test.conf")
    r = h.apt("purge", "rolewatch")
    left = h.sh("find / -xdev \\( -path /proc -o -path /sys -o -path /root -o -path /var/lib/dpkg -o -path /var/log -o -path /var/lib/docker \\) -prune -o -name '*rolewatch*' -print; "
                "find /run /tmp /var/tmp -name '*rolewatch*'; systemctl list-units --all --no-legend 'rolewatch*'; journalctl --list-catalog | grep -i rolewatch").stdout
    yield r.returncode == 0 and not left, "purged: nothing is left", (r.stdout[-500:], r.stderr, left)
    yield h.container in h.sh("docker ps -q --no-trunc").stdout, "... and the task still runs", ""
