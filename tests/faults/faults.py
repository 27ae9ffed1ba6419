"""The failures: how each starts and ends, the findings that must be open meanwhile, and the words that `rolewatch status` must print."""
import os
import signal
import threading
import time
from dataclasses import dataclass
from typing import Callable

import troubled
import labhost
from troubled import BEFORE, LOST, OPEN

UNREACHABLE, FLAPPING, NOTHING = ("host", "endpoint-unreachable"), ("host", "endpoint-flapping"), ("lost", "no-credentials")
IMDS, AGENT, BROKER = (r"^  imds +(?!ok)",), (r"^  introspection +(?!ok)",), (r"^  broker +does not answer",)


@dataclass
class Fault:
    name: str
    enter: Callable
    leave: Callable
    want: frozenset = BEFORE                    # open findings at its end
    words: tuple = ()                           # patterns that the page of status must have
    stays: int = 8                              # so many seconds more, for what must not come
    moves: str = ""                             # why what was open before changes with it, and is published again
    silent: bool = False                        # the daemon itself is stopped or killed in it
    check: bool = False                         # also in `make check`: one of each kind


def doubles(name, **state):
    return (lambda h: labhost.write(name, state)), (lambda h: labhost.write(name, {}))


def agent(**state):
    return doubles("agent.json", **state)


def introspection(**state):
    return doubles("agent.json", introspection=state)


def imds(**state):
    return doubles("imds.json", **state)


def host_rule(*rule):
    return (lambda h: labhost.in_host("iptables", "-w", "-I", *rule)), (lambda h: labhost.in_host("iptables", "-w", "-D", *rule))


def container_rule(name, *rule):
    """In the network of one container: the others are well."""
    pid = lambda h: labhost.docker("inspect", "-f", "{{.State.Pid}}", h.containers[name]).strip()
    return (lambda h: labhost.in_netns_of(pid(h), "iptables", "-w", "-I", *rule)), (lambda h: labhost.in_netns_of(pid(h), "iptables", "-w", "-D", *rule))


def lab(*argv):
    labhost.run(str(labhost.HERE / "lab"), *argv)


def prlimit(h, limit):
    """Of the daemon, by its own user: nobody needs a right for that."""
    user = str(troubled.happening.USER)
    labhost.run("setpriv", "--reuid", user, "--regid", user, "--clear-groups", "prlimit", "--pid", str(h.pid()), limit)


def descriptors(h):
    prlimit(h, f"--nofile={h.descriptors()}:")


BIG = "import os; os.execve('/bin/sleep', ['sleep', '60'], {'V%05d' % i: 'x' * 90 for i in range(15000)})"


def memory(h):
    """All that it has at rest, and 64 KiB. A look may find room in what former looks left; an environment of 1.5 MB finds none."""
    least = min(int(open(f"/proc/{h.pid()}/statm").read().split()[0]) for _ in range(30) if not time.sleep(0.1))
    prlimit(h, f"--as={least * 4096 + 65536}:")
    labhost.docker("exec", "-d", h.containers["probe"], "/usr/bin/python3", "-c", BIG)
    os.kill(h.pid(), signal.SIGHUP)


def no_memory_limit(h):
    """A reload that failed is what the administrator repeats."""
    prlimit(h, "--as=unlimited:")
    os.kill(h.pid(), signal.SIGHUP)


def full(h):
    h.enter("sh", "-c", f"dd if=/dev/zero of={troubled.FOLDER}/filler bs=4k 2>/dev/null; true")


def not_full(h):
    h.enter("rm", troubled.FOLDER / "filler")


def frozen(pid_of, seconds):
    """Stopped, for less than the time after which systemd would end it."""
    def enter(h):
        h.frozen = pid_of(h)
        os.kill(h.frozen, signal.SIGSTOP)
        time.sleep(seconds)
    return enter, lambda h: os.kill(h.frozen, signal.SIGCONT)


def clock(offset):
    """Only the daemon's: the machine's clock is not ours. The library reads the file each time."""
    at = labhost.RUN / "clock"
    def begin(h):
        at.write_text("+0s\n")
        h.kill()
        h.begin(LD_PRELOAD=LIBFAKETIME, FAKETIME_TIMESTAMP_FILE=str(at), FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1")
        at.write_text(offset + "\n")
    def end(h):
        at.write_text("+0s\n")
        h.kill()
        h.begin()
    return begin, end


LIBFAKETIME = next((str(p) for p in troubled.pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), "")


def deaf_journal(h):
    """It takes nothing, while more is to be told than its socket holds."""
    h.frozen = h.journald_pid()
    os.kill(h.frozen, signal.SIGSTOP)
    first, h.probes = h.probes, h.probes + 20
    troubled.happening.in_container(h.containers["probe"], "/usr/bin/python3", "-c", troubled.happening.CHILDREN, str(first), str(h.probes))


def storm(h):
    """More executions than the ring holds, while nobody reads them."""
    os.kill(h.pid(), signal.SIGSTOP)
    labhost.docker("exec", h.containers["probe"], "/bin/sh", "-c", "for i in $(seq 6000); do /bin/true; done")
    os.kill(h.pid(), signal.SIGCONT)


def reloads(h):
    """Programs start in the very moment in which the settings are read again."""
    end = time.monotonic() + 8
    starts = threading.Thread(target=lambda: labhost.docker("exec", h.containers["probe"], "/bin/sh", "-c", "for i in $(seq 300); do env -i AWS_PROFILE=p$i /bin/true; done"))
    starts.start()
    while starts.is_alive() and time.monotonic() < end:
        os.kill(h.pid(), signal.SIGHUP)
        time.sleep(0.03)
    starts.join()


def crowd(n):
    def enter(h):
        h.crowd = labhost.Task("crowd", "webTaskRole").container("app", f"for i in $(seq {n}); do sleep 36000 & done; wait", image="rwlab/busybox:1")
        h.until(120, lambda: len(labhost.docker("top", h.crowd, "-o", "pid").splitlines()) > n)
    return enter, lambda h: labhost.docker("rm", "-f", h.crowd)


def killed(h):
    h.kill()


def restart(h):
    h.begin()


def broker_back(h):
    h.broker.start()


def journald(h):
    h.old = h.journald_pid()
    os.kill(h.old, signal.SIGKILL)


def journald_back(h):
    h.until(10, lambda: h.journald_pid() not in (0, h.old))


NO_RIGHT, NO_TYPES = ("setpriv", "--bounding-set=-bpf,-perfmon,-sys_admin"), "/sys/kernel/btf"


def begin_anew(h, prefix=()):
    """Both: as long as the daemon runs, it has the kernel events that it first had."""
    h.kill()
    h.broker.stop()
    argv = h.broker.argv
    at = argv.index("--listen") - 1
    h.broker.argv = [*argv[:at], *prefix, *argv[at:]]
    h.broker.start()
    h.broker.argv = argv
    h.begin()


def without(prefix, hidden=None):
    """A broker that is started with this before it, or where this folder is empty."""
    def enter(h):
        if hidden:
            h.enter("mount", "-t", "tmpfs", "tmpfs", hidden)
        begin_anew(h, prefix)

    def leave(h):
        if hidden:
            h.enter("umount", hidden)
        begin_anew(h)
    return enter, leave


FAULTS = [
    Fault("credentials endpoint: 500", *agent(status=500), want=BEFORE | {FLAPPING}),
    Fault("credentials endpoint: 429", *agent(throttle=True), want=BEFORE | {FLAPPING}),
    Fault("credentials endpoint: 404 page of another program", *agent(available_commands=True), want=BEFORE | {UNREACHABLE}),
    Fault("credentials endpoint: garbage", *agent(garbage=True), want=BEFORE | {UNREACHABLE}),
    Fault("credentials endpoint: hangs", *agent(hang=True), want=BEFORE | {UNREACHABLE}),
    Fault("credentials endpoint: 0.8 s late", *agent(wire="late")),
    Fault("credentials endpoint: resets connections", *agent(wire="reset"), want=BEFORE | {UNREACHABLE}),
    Fault("credentials endpoint: half an answer", *agent(wire="half"), want=BEFORE | {UNREACHABLE}),
    Fault("credentials endpoint: an answer without end", *agent(wire="endless"), want=BEFORE | {UNREACHABLE}),
    Fault("credentials endpoint: not yet ready after a restart (503)", *agent(pending=True), want=BEFORE | {FLAPPING}),
    Fault("credentials endpoint: cut off from one container", *container_rule("steady", "OUTPUT", "-d", "169.254.170.2", "-j", "REJECT"),
          want=BEFORE | {("steady", "endpoint-unreachable")}, check=True),
    Fault("task keys expired", *agent(expired=True), want=BEFORE | {("host", "credentials-expired")}, check=True),
    Fault("introspection: 500", *introspection(status=500), words=AGENT),
    Fault("introspection: garbage", *introspection(garbage=True), words=AGENT),
    Fault("introspection: hangs", *introspection(hang=True), words=AGENT),
    Fault("introspection: half an answer", *introspection(wire="half"), words=AGENT),
    Fault("introspection: an answer without end", *introspection(wire="endless"), words=AGENT),
    Fault("introspection: resets connections", *introspection(wire="reset"), words=AGENT),
    Fault("IMDS: 500", *imds(status=500), words=IMDS),
    Fault("IMDS: garbage", *imds(garbage=True), words=IMDS),
    Fault("IMDS: hangs", *imds(hang=True), words=IMDS, check=True),
    Fault("IMDS: half an answer", *imds(wire="half"), words=IMDS),
    Fault("IMDS: not to be reached from the host", *host_rule("OUTPUT", "-d", "169.254.169.254", "-j", "REJECT"), words=IMDS),
    Fault("IMDS: packets dropped from the host", *host_rule("OUTPUT", "-d", "169.254.169.254", "-j", "DROP"), words=IMDS),
    Fault("instance role taken away", *imds(role=None), want=frozenset({NOTHING})),
    Fault("instance role swapped", *imds(role="otherInstanceRole"), moves="another role is used"),
    Fault("instance keys expired", *imds(expired=True)),
    Fault("agent killed", lambda h: lab("crash", "agent"), lambda h: lab("doubles"), want=BEFORE | {UNREACHABLE}, words=AGENT, check=True),
    Fault("dockerd killed", lambda h: lab("crash", "dockerd"), lambda h: lab("engine")),
    Fault("journald killed", journald, journald_back),
    Fault("journald hangs, and 20 findings come", deaf_journal, lambda h: os.kill(h.frozen, signal.SIGCONT), check=True),
    Fault("broker killed", lambda h: h.broker.stop(), broker_back, words=BROKER, check=True),
    Fault("broker hangs for 8 s", *frozen(lambda h: h.broker.process.pid, 8), words=BROKER),
    Fault("daemon killed", killed, restart, silent=True, stays=0, check=True),
    Fault("clock an hour ahead", *clock("+1h"), silent=True),
    Fault("clock a day back", *clock("-1d"), silent=True),
    Fault("disk full for state and metrics", full, not_full, words=(r"^journal: (state|prometheus|metrics).*space",), check=True),
    Fault("no descriptor to be had", descriptors, lambda h: prlimit(h, "--nofile=1024:"), words=(r"^(journal: )?.*[Tt]oo many open files",), check=True),
    Fault("no memory to be had", memory, no_memory_limit, words=(r"[Cc]annot allocate memory",), check=True),
    Fault("more events than the ring holds", storm, lambda h: None, words=(r"^kernel events .* [1-9]\d* lost",), silent=True, check=True),
    Fault("kernel events: the broker may not load them", *without(NO_RIGHT), want=frozenset({LOST}), moves="without CAP_SYS_ADMIN no endpoint is tested",
          words=(r"^  events +none; full scan every scan_interval: .*CAP_BPF",), silent=True),
    Fault("kernel events: no description of the kernel's types", *without((), NO_TYPES), words=(r"^  events +none; full scan every scan_interval: .*btf",), silent=True),
    Fault("CloudWatch down", lambda h: h.cloudwatch(None), lambda h: h.cloudwatch(200), stays=70, words=(r"^error .*CloudWatch: .*refused",)),
    Fault("CloudWatch: 503", lambda h: h.cloudwatch(503), lambda h: h.cloudwatch(200), words=(r"^error .*CloudWatch: .*503",)),
    Fault("CloudWatch hangs", lambda h: os.kill(h.service.pid, signal.SIGSTOP), lambda h: os.kill(h.service.pid, signal.SIGCONT), words=(r"^error .*CloudWatch: .*timeout",), stays=20),
    Fault("settings read again while programs start", reloads, lambda h: None, stays=2, check=True),
    Fault("ten thousand processes", *crowd(10000)),
]
