"""Kernel events on a busy host: programs that live 1 ms and connect once, while each processor has eight other processes to run.

    tests/bench/alone /usr/bin/python3 tests/bench/storm.py [PROGRAMS_A_SECOND [SECONDS]]    (root; 840 a second for 60 s)

Executions counted and contacts attributed of those that were made, and the daemon's and the broker's time an event. The BPF
programs run in the time of the processes that they record, and are not in it.
"""
import os
import pathlib
import subprocess
import sys
import time

import crowd
import watched
from meter import Span

LAB = pathlib.Path(__file__).resolve().parent.parent / "lab/lab"
BUSY = 8                        # processes a processor
TASKS, CONTAINERS, PROCESSES = 3, 6, 20


def storm(big, w, rate, seconds):
    big.storm(100, 3, 1, TASKS)         # the first verdict on the program
    time.sleep(1)
    busy = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(BUSY * os.cpu_count())]
    try:
        time.sleep(3)
        before, both, began = w.events(), Span(w.pids), time.monotonic()
        programs, connections, executions, _ = big.storm(rate, seconds, 1, TASKS)
        took, load = time.monotonic() - began, os.getloadavg()[0]
    finally:
        for b in busy:
            b.kill()
            b.wait()
    time.sleep(2)
    both.end()
    w.look()                            # the counts are written with a scan
    now = {k: n - before[k] for k, n in w.events().items()}
    print("programs %d in %.0f s, load %.0f" % (programs, took, load))
    print("executions %d of %d, contacts %d of %d, unattributed %d, lost %d, ended before the first verdict %d" % (
        now["execs"], executions, now["connects"], connections, now["unattributed"], now["lost"], now["gone"]))
    print("%.1f us of the processor an event" % (1000 * both.spent / (executions + connections)))
    return now["execs"] + now["lost"] >= executions and now["connects"] - now["unattributed"] + now["lost"] >= connections


def main():
    rate, seconds = [*map(int, sys.argv[1:]), *(840, 60)[len(sys.argv) - 1:]]
    subprocess.run([LAB, "up", "--bare"], check=True, stdout=subprocess.DEVNULL)
    big = crowd.Crowd(TASKS, CONTAINERS, PROCESSES)
    try:
        big.up()
        big.block_imds(True)
        w = watched.Watched()
        try:
            w.start()
            return 0 if storm(big, w, rate, seconds) else 1
        finally:
            w.stop()
    finally:
        big.down()
        subprocess.run([LAB, "down"], check=True, stdout=subprocess.DEVNULL)


sys.exit(main())
