"""What processes take of the machine, by what the kernel says of them in /proc. Times in ms, memory in KiB."""
import os
import pathlib
import threading
import time


def lines(path):
    return dict(x.split(":", 1) for x in path.read_text().splitlines() if ":" in x)


def kib(table, *keys):
    return sum(int(table[k].split()[0]) for k in keys)


TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def children(pid):
    """Child processes that live now: a scan, a process that is being judged."""
    try:
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def memory(pid):
    """PSS, RSS and private memory; nothing of one that has just ended."""
    try:
        rollup = lines(pathlib.Path(f"/proc/{pid}/smaps_rollup"))
        return kib(rollup, "Pss"), kib(rollup, "Rss"), kib(rollup, "Private_Clean", "Private_Dirty")
    except (OSError, KeyError):
        return 0, 0, 0


def waited_for_ms(pid):
    """Processor time of child processes that have ended."""
    return sum(int(x) for x in pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[13:15]) * TICK_MS


class Use:
    """Memory now, with its child processes; cpu, with that of child processes that have ended, and context switches since it began. All threads."""

    def __init__(self, pid):
        at = pathlib.Path("/proc") / str(pid)
        self.pss, self.rss, self.own = (sum(x) for x in zip(*(memory(p) for p in [pid, *children(pid)])))
        self.cpu, self.wakes = waited_for_ms(pid), 0.0
        for thread in (at / "task").iterdir():
            self.cpu += int((thread / "schedstat").read_text().split()[0]) / 1e6
            status = lines(thread / "status")
            self.wakes += int(status["voluntary_ctxt_switches"]) + int(status["nonvoluntary_ctxt_switches"])


class Sum:
    """The same of several processes."""

    def __init__(self, pids):
        uses = [Use(p) for p in pids]
        self.pss, self.rss, self.own, self.cpu, self.wakes = (sum(getattr(u, k) for u in uses) for k in ("pss", "rss", "own", "cpu", "wakes"))


class Span:
    """Between two moments: cpu and switches a minute; memory at the end."""

    def __init__(self, pids):
        self.pids, self.first, self.began = pids, Sum(pids), time.monotonic()

    def end(self):
        last, minutes = Sum(self.pids), (time.monotonic() - self.began) / 60
        self.pss, self.rss, self.own, self.seconds = last.pss, last.rss, last.own, minutes * 60
        self.spent = last.cpu - self.first.cpu
        self.cpu, self.wakes = self.spent / minutes, (last.wakes - self.first.wakes) / minutes
        self.share = self.spent / (minutes * 60000)        # of one core
        return self


class Peak:
    """The highest PSS of processes while something goes on, sampled."""

    def __init__(self, pids):
        self.pids, self.pss, self.over = pids, 0, threading.Event()
        self.thread = threading.Thread(target=self.sample)

    def sample(self):
        while not self.over.wait(0.01):
            self.pss = max(self.pss, sum(memory(q)[0] for p in self.pids for q in [p, *children(p)]))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def hwm(pid):
    return kib(lines(pathlib.Path(f"/proc/{pid}/status")), "VmHWM")
