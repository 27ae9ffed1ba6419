"""The daemon as it ships - without privilege, beside the broker, with default settings - on the crowd's host."""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import crowd
from meter import Peak, Span, hwm

import happening
import labhost
import watching

PROGRAM = str(crowd.TOP / "build/rolewatch")
# All else is the default.
CONF = """[watch]
state_file = {run}/happening/state.json
[sources]
audit_log = {run}/audit.log
cache = {run}/happening/cache
needs = {run}/happening/needs
bundles = {run}/happening/bundles
definitions = {run}/happening/definitions
"""
NAMES = 120                            # programs whose latency is taken


class Watched:
    def __init__(self, conf=CONF):
        folder = labhost.RUN / "happening"
        folder.mkdir(exist_ok=True)
        os.chown(folder, happening.USER, happening.USER)
        self.host = watching.Host(PROGRAM, conf)
        self.broker = happening.Broker(PROGRAM, self.host.inside)

    def start(self):
        (labhost.RUN / "happening/state.json").unlink(missing_ok=True)
        self.broker.start()
        self.host.start(happening.USER, happening.BROKER)
        self.host.until(60, lambda: self.looks() >= 1 and "available" in self.host.status().get("sources", {}).get("events", ""))
        self.settle()
        self.pid = self.host.status()["pid"]
        self.pids = [self.pid, self.broker.process.pid]

    def settle(self, seconds=6):
        """Kernel events that come during the first scan bring a second one, which is nobody's."""
        before, since = self.looks(), time.monotonic()
        while time.monotonic() < since + seconds:
            time.sleep(0.2)
            if self.looks() != before:
                before, since = self.looks(), time.monotonic()

    def looks(self):
        return self.host.status().get("cost", {}).get("looks", 0)

    def events(self):
        return self.host.status()["kernelEvents"]

    def look(self):
        """One look at everything, asked for; what it took."""
        before, span, own = self.looks(), Span(self.pids), Span([self.pid])
        with Peak(self.pids) as peak:
            os.kill(self.pid, signal.SIGHUP)
            end = time.monotonic() + 60
            while time.monotonic() < end and self.looks() <= before:
                time.sleep(0.1)
        span.end()
        own.end()
        return {"ms": self.host.status()["cost"]["lastLookMs"], "cpu": span.spent, "own": own.spent, "peak": peak.pss}

    def idle(self, seconds):
        """Nothing changes. How many looks fell into it is part of the answer."""
        before, span = self.looks(), Span(self.pids)
        time.sleep(seconds)
        span.end()
        span.looks = self.looks() - before
        return span

    def peak_rss(self):
        return [hwm(p) for p in self.pids]

    def latencies(self, box):
        """Milliseconds from exec, and from connection, to the entry in the journal: tests/lab/happening.py, without Docker."""
        programs = labhost.RUN / "crowd/bin"
        shutil.copy("/usr/bin/python3.11", programs / "python3.11")
        # With an SDK: what has none is told of only once it stays, or asks.
        package = programs.parent / "lib/python3.11/site-packages/botocore"
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text("__version__ = '1.29.27'\n")
        for i in range(NAMES):
            os.link(programs / "python3.11", programs / f"python3.11-r{i}")
        read, write = os.pipe()
        code = happening.CHILDREN.replace("/usr/bin/python3.11-r", f"{programs}/python3.11-r")
        pid = box.start("/usr/bin/python3", "-c", code, 0, NAMES, stdout=write)
        os.close(write)
        with os.fdopen(read) as f:
            out = f.read().splitlines()
        os.waitpid(pid, 0)
        return happening.latencies_of(self.host, box.id, out)

    def stop(self):
        self.host.stop()
        self.broker.stop()
