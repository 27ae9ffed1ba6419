"""The table of budgets, with this machine's figures and the anchors beside them. Run by tests/bench/run in tests/bench/alone."""
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

import crowd
import watched
from meter import Span

import labhost

SECONDS = int(os.environ.get("SECONDS_EACH", "60"))
TASKS, CONTAINERS, PROCESSES, LOST = 100, 300, 2000, 20
RATE, LIVES_MS, BOXES, WARM_S = 840, 100, 10, 10   # programs a second, each an execution and a connection: 50,400 a minute
SCRAPE = "import time, urllib.request\nwhile True:\n urllib.request.urlopen('http://127.0.0.1:9100/metrics').read()\n time.sleep(15)\n"
rows, sides = [], []


def row(what, budget, here, how):
    rows.append(f"| {what} | {budget} | {here} | {how} |")


def mib(kib):
    return f"{kib / 1024:.1f} MiB"


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Anchors:
    """Daemons that such a host has anyway: node_exporter, scraped every 15 s, and the shim that dockerd starts for each container."""

    def __init__(self):
        enter = ["nsenter", f"--net={labhost.HOST_NS}"]
        self.exporter = subprocess.Popen([*enter, "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "prometheus-node-exporter",
                                          "--web.listen-address=127.0.0.1:9100"], stderr=subprocess.DEVNULL)
        self.scraper = subprocess.Popen([*enter, "/usr/bin/python3", "-c", f"import time; time.sleep(2)\n{SCRAPE}"], stderr=subprocess.DEVNULL)
        self.container = labhost.docker("run", "-d", "--init=false", "rwlab/busybox:1", "/bin/sleep", "3600")
        shim = int(labhost.docker("inspect", "-f", "{{.State.Pid}}", self.container))
        shim = int(pathlib.Path(f"/proc/{shim}/stat").read_text().rsplit(")", 1)[1].split()[1])
        self.pids = {"prometheus-node-exporter, scraped every 15 s": [self.exporter.pid], "containerd-shim of one container": [shim]}

    def stop(self):
        for p in (self.scraper, self.exporter):
            p.kill()
            p.wait(10)
        labhost.docker("rm", "-f", self.container, check=False)


def side(name, span):
    sides.append(f"| {name} | {span.pss} | {span.rss} | {span.own} | {span.cpu:.0f} | {span.wakes:.0f} |")


def looks(w, n):
    """The median of so many looks at everything, and the highest memory in any."""
    all_of = [w.look() for _ in range(n)]
    return {k: statistics.median(x[k] for x in all_of) for k in ("ms", "cpu", "own")} | {"peak": max(x["peak"] for x in all_of)}


def quiet(w, state, look, others=None):
    spans = {name: Span(pids) for name, pids in (others or {}).items()}
    idle = w.idle(SECONDS)
    row(f"CPU while nothing changes and {state}", "≤ 0.1 % of a core", f"{idle.share * 100:.3f} %", f"both, {idle.seconds:.0f} s {f'with {idle.looks} scans' if idle.looks else 'without a scan'}")
    # until_next
    every = max(watch_setting("idle_scan_interval" if state.startswith("no") else "scan_interval"), min(rule("SCAN_SELDOM"), look["own"] / 1000 * rule("SCAN_SHARE")))
    per = 0 if idle.looks else look["cpu"] / 1000 / every
    row(f"the same, with a scan every {every:.0f} s", "≤ 0.1 % of a core", f"{(idle.share + per) * 100:.3f} %", "adds the CPU of a full scan, below")
    row(f"wakeups while {state}", "no timer faster than 10 s", f"{idle.wakes:.0f} per minute", "context switches of both")
    for name, span in spans.items():
        side(name, span.end())
    return idle


def watch_setting(key):
    text = subprocess.run([watched.PROGRAM, "config", "--print"], text=True, capture_output=True, check=True).stdout
    value = next(line.split("=")[1].strip() for line in text.splitlines() if line.strip().split("=")[0].strip() == key)
    return int(value[:-1]) * {"s": 1, "m": 60, "h": 3600}[value[-1]]


def rule(name):
    """A number of the daemon's loop, as its source has it."""
    return int(re.search(rf"#define {name} \(?(\d+)", (crowd.TOP / "agent/daemon/schedule.c").read_text())[1])


def latency(name, budget, values):
    values.sort()
    at = lambda q: values[min(len(values) - 1, int(len(values) * q))] if values else float("inf")
    row(name, f"p99 ≤ {budget} ms", f"p50 {at(0.5):.1f} ms, p99 {at(0.99):.1f} ms", f"{len(values)} of {watched.NAMES} programs, one after another")


def at_rest(w):
    """KiB after a look, when what it took has been given back; events may have brought one more."""
    w.look()
    return min(Span(w.pids).first.rss for _ in range(60) if not time.sleep(0.25))


def storm(w, big):
    big.storm(RATE, WARM_S, LIVES_MS, BOXES)           # what is bounded is full then
    settled = at_rest(w)
    before, span = w.events(), Span(w.pids)
    programs, connections, executions, behind = big.storm(RATE, SECONDS, LIVES_MS, BOXES)
    span.end()
    memory = at_rest(w) - settled
    got = {k: v - before[k] for k, v in w.events().items()}
    row("program executions", "50,000 per minute, none lost", f"{got['execs']} of {executions} in {SECONDS + behind / 1000:.0f} s",
        f"lost {got['lost']}, ended before they were read {got['gone']}, deferred {got['putOff']}")
    row("connections to endpoints", "50,000 per minute, none lost", f"{got['contacts']} of {connections}",
        f"connections {got['connects']}, unattributed {got['unattributed']}, lost {got['lost']}; programs run for {LIVES_MS} ms")
    row("memory after these events", "no growth", f"{memory / 1024:+.1f} MiB", "RSS of both after the events and a scan, compared with before")
    row("CPU during these events", "", f"{span.share * 100:.1f} % of a core", f"{span.spent / max(1, executions + connections) * 1000:.0f} µs per event, both")


def measure(big, anchors):
    w = watched.Watched()
    try:
        w.start()
        say("a few looks")
        look = looks(w, 5)
        say("nothing changes, no finding open")
        quiet(w, "no finding is open", look)
        big.block_imds(False)
        big.lose(LOST)
        w.host.until(60, lambda: len(w.host.status()["open"]) > LOST)
        w.look()
        say("nothing changes, findings open")
        idle = quiet(w, f"{len(w.host.status()['open'])} findings are open", look, {"rolewatch": [w.pid], "rolewatch-broker": w.pids[1:], **anchors.pids})
        rows.insert(0, f"| memory between scans | ≤ 5 MiB PSS | {mib(idle.pss)} | `smaps_rollup` of both; private {mib(idle.own)}, RSS {mib(idle.rss)} |")
        rows.insert(1, f"| peak memory during a scan | | {mib(look['peak'])} | PSS of both, sampled every 10 ms |")
        row("a full scan", "", f"{look['ms']:.0f} ms, CPU {look['cpu']:.0f} ms", "both, median of 5")
        say("latencies")
        execs, contacts = w.latencies(big.containers[CONTAINERS // 2])
        latency("exec in a container → journal entry", 50, execs)
        latency("first contact → `observed` in the journal", 20, contacts)
        say("a storm of events")
        storm(w, big)
    finally:
        w.stop()


def main():
    subprocess.run([crowd.TOP / "tests/lab/lab", "up", "--engine"], check=True)
    big = crowd.Crowd(TASKS, CONTAINERS, PROCESSES - 2 * LOST)
    anchors = None
    try:
        say(f"a host of {TASKS} tasks, {CONTAINERS} containers, {PROCESSES} processes")
        big.up()
        big.block_imds(True)
        anchors = Anchors()
        measure(big, anchors)
    finally:
        if anchors:
            anchors.stop()
        big.down()
        left = big.left()
        subprocess.run([crowd.TOP / "tests/lab/lab", "down"], check=True)
    if left:
        sys.exit(f"bench: left behind: {left}")
    print("| | budget | measured | how |\n|---|---|---|---|")
    print("\n".join(rows + sys.argv[1:]))
    print("\n| whole process, per minute | PSS KiB | RSS KiB | private KiB | CPU ms | context switches |\n|---|---|---|---|---|---|")
    print("\n".join(sides))


if __name__ == "__main__":
    main()
