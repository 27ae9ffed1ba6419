"""Kernel events on a busy host: programs that live 1 ms and connect once, while each processor has eight other processes to run.

    tests/bench/alone /usr/bin/python3 tests/bench/storm.py [PROGRAMS_A_SECOND [SECONDS]]    (root; 840 a second for 60 s)

First, on the idle host, the latency from execution and contact to the journal. Then, on the busy one: executions judged and contacts
attributed of those that were made, records lost, the daemon's and the broker's time an event, and programs of which each is executed
once and is gone when it is judged. The BPF programs run in the time of the processes that they record, and are not in it.
"""
import os
import pathlib
import subprocess
import sys
import time

import crowd
import watched
from meter import Span

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
LAB = TOP / "tests/lab/lab"
BUSY = 8                        # processes a processor
TASKS, CONTAINERS, PROCESSES = 3, 6, 20
ONCE = 60                       # programs that are executed once


def p99(values):
    return "p99 %.1f ms of %d" % (watched.happening.p99(values), len(values))


class Busy:
    """The machine has other things to do."""

    def __enter__(self):
        self.all = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(BUSY * os.cpu_count())]
        time.sleep(3)

    def __exit__(self, *_):
        for b in self.all:
            b.kill()
            b.wait()


def counted(w, before):
    w.look()                            # the counts are written with a scan
    return {k: n - before[k] for k, n in w.events().items()}


def storm(big, w, rate, seconds):
    big.storm(100, 3, 1, TASKS)         # the first verdict on the program
    time.sleep(1)
    with Busy():
        before, both, began = w.events(), Span(w.pids), time.monotonic()
        programs, connections, executions, _ = big.storm(rate, seconds, 1, TASKS)
        took, load = time.monotonic() - began, os.getloadavg()[0]
    time.sleep(2)
    both.end()
    now = counted(w, before)
    print("programs %d in %.0f s, load %.0f" % (programs, took, load))
    print("executions %d of %d, of programs judged before %d, verdicts %d, ended before they were judged %d, lost %d" % (
        now["execs"], executions, now["known"], now["judged"], now["gone"], now["lost"]))
    print("contacts %d of %d, unattributed %d" % (now["connects"], connections, now["unattributed"]))
    print("%.1f us of the processor an event" % (1000 * both.spent / (executions + connections)))
    return now["execs"] + now["lost"] >= executions and now["connects"] - now["unattributed"] + now["lost"] >= connections and not now["gone"]


def once(big, w):
    """Each is another program: another first argument. It is over when anybody could read it."""
    before, c = w.events(), big.containers[-1]
    with Busy():
        for i in range(ONCE):
            os.waitpid(c.start(big.dir / "bin/moment", "1.%d" % i, c.source, crowd.ENDPOINTS[0]), 0)
        time.sleep(10)
    now = counted(w, before)
    print("programs that are executed once: judged %d of %d, ended before they were judged %d, contacts %d, lost %d" % (
        now["judged"], ONCE, now["gone"], now["contacts"], now["lost"]))
    return now["judged"] >= ONCE - now["lost"] and not now["gone"] and now["contacts"] >= ONCE - now["lost"]


def latencies(big, w):
    big.block_imds(False)
    w.look()                            # IMDS answers now
    execs, contacts = w.latencies(big.containers[0])
    big.block_imds(True)
    w.look()
    print("idle: execution to journal %s, contact to journal %s" % (p99(execs), p99(contacts)))


def main():
    rate, seconds = [*map(int, sys.argv[1:]), *(840, 60)[len(sys.argv) - 1:]]
    subprocess.run(["make", "-s", "BPF=1", "all", "build/bench/actor", "build/bench/moment", "build/sdk/pause"], cwd=TOP, check=True)
    subprocess.run([LAB, "up", "--bare"], check=True, stdout=subprocess.DEVNULL)
    big = crowd.Crowd(TASKS, CONTAINERS, PROCESSES)
    try:
        big.up()
        big.block_imds(True)
        w = watched.Watched()
        try:
            w.start()
            latencies(big, w)
            return 0 if all([storm(big, w, rate, seconds), once(big, w)]) else 1
        finally:
            w.stop()
    finally:
        big.down()
        subprocess.run([LAB, "down"], check=True, stdout=subprocess.DEVNULL)


sys.exit(main())
