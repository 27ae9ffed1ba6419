"""A fleet of hosts, by the program's own constants: requests a second at CloudWatch, IAM and ECS.

Each host is simulated by itself, with a seed; what is counted is the requests that arrive in each second. The constants are read
from the sources and from `rolewatch config --print`, and where a rule is a formula, the line of it must still stand there."""
import pathlib
import random
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
DAY, MONTH = 86400, 30 * 86400
# Rates that an account may ask in one Region: (burst, a second). Service quotas of CloudWatch; "Request throttling for the Amazon
# ECS API". IAM publishes none, and has one for the account in all Regions.
QUOTAS = {"PutMetricData": (500, 500), "DescribeTaskDefinition": (50, 20), "DescribeTasks": (100, 20)}
PRICES = {"metric": 0.30, "thousand calls": 0.01}       # list price of us-east-1, USD, a month and a metric
# A host of middling size: tasks, definitions of them, roles with one inline and two managed policies each.
TASKS, DEFINITIONS, ROLES, INLINE, MANAGED = 10, 5, 6, 1, 2
DEPLOYED = 6 * 3600           # every service is deployed anew so often
CALLS_A_ROLE = 1 + 1 + INLINE + 1 + 2 * MANAGED         # GetRole, ListRolePolicies, GetRolePolicy, ListAttachedRolePolicies, GetPolicy and its version


def stands(path, line):
    text = " ".join((TOP / path).read_text().split())
    if line not in text:
        raise SystemExit("%s no longer has %r: the simulation must follow it" % (path, line))


def constant(path, name):
    m = re.search(r"#define %s\s+\(?(?:\(int64_t\))?\(?(\d+)" % name, (TOP / path).read_text())
    if not m:
        raise SystemExit("%s has no %s" % (path, name))
    return int(m[1])


class Rules:
    def __init__(self, program):
        printed = subprocess.run([program, "config", "--print", "--config", "/dev/null"], capture_output=True, text=True).stdout
        time = lambda section, key: self.seconds(re.search(r"\[%s\].*?^%s = (\w+)" % (section, key), printed, re.S | re.M)[1])
        self.sweep, self.interval, self.heartbeat = time("watch", "scan_interval"), time("cloudwatch", "interval"), time("cloudwatch", "heartbeat_interval")
        self.good, self.fault = constant("agent/account/iam_api.c", "GOOD_S"), constant("agent/account/iam_api.c", "ERROR_S")
        self.kept, self.refused = constant("agent/account/ecs_cache.c", "CACHED_S"), constant("agent/account/ecs_cache.c", "REFUSED_S")
        self.retry = constant("agent/daemon/outbox.c", "RETRY_S")
        stands("agent/account/cache.c", "now_s + ttl_s + (int64_t)(chance % (uint64_t)(ttl_s / 2 + 1))")
        stands("agent/daemon/schedule.c", "us - us / 10 + chance % (us / 5 + 1)")
        stands("agent/daemon/outbox.c", "o->next_s = now_s + 1 + chance(interval_s)")
        stands("agent/daemon/outbox.c", "now_s - o->begun_s < times->heartbeat_s - times->interval_s / 2")
        stands("agent/daemon/outbox.c", "most = longest_wait(interval_s), s = RETRY_S << (o->failures < 7 ? o->failures : 7)")
        stands("agent/daemon/outbox.c", "s = s < most ? s : most; o->retry_s = now_s + s / 2 + chance(s / 2)")
        stands("agent/daemon/cloudwatch.c", "hc.c.hurried = true")
        stands("agent/net/aws.c", "(!c->hurried && aws_passing(ret))")
        stands("agent/net/aws.c", "most = 1000u << again")

    @staticmethod
    def seconds(text):
        return int(text.rstrip("smhd")) * {"m": 60, "h": 3600, "d": DAY}.get(text[-1], 1)


class Load:
    """Requests by second."""

    def __init__(self, until):
        self.of = [0] * (until + 1)

    def add(self, at, n=1):
        if 0 <= at < len(self.of):
            self.of[int(at)] += n

    def peak(self, begin=0, end=None):
        return max(self.of[begin:end])

    def mean(self, begin=0, end=None):
        part = self.of[begin:end]
        return sum(part) / len(part)

    def total(self):
        return sum(self.of)


def put_metric_data(rules, starts, until, down=(0, 0), seed=1):
    """outbox.c, of healthy hosts: an interval ends at a moment of chance after the start, then once a heartbeat_interval; it is sent at the scan
    after that. While the service is down the host waits longer, but no longer than an interval."""
    rnd, load = random.Random(seed), Load(until)
    for start in starts:
        now, next_, waiting, retry, faults = start, start + 1 + rnd.randrange(rules.interval), False, 0, 0
        while now < until:
            if now >= next_:
                waiting, next_ = True, now + rules.heartbeat
            if waiting and now >= retry:
                if down[0] <= now < down[1]:
                    load.add(now)
                    s = min(max(rules.interval, rules.retry), rules.retry << min(faults, 7))
                    retry, faults = now + s // 2 + rnd.randrange(s // 2), faults + 1
                else:
                    load.add(now)
                    waiting, faults = False, 0
            # Nothing happens until the earlier of the two; what comes then is up to a scan_interval late.
            due = min(next_, max(retry, now + 1)) if waiting else next_
            now = max(now, due) + rnd.uniform(0, rules.sweep * 1.1)
    return load


def query_iam(rules, starts, until, empty, seed=2):
    """iam_api.c and cache.c: a role's calls one after the other, five a second, then nothing until the answer has gone stale."""
    rnd, load = random.Random(seed), Load(until)
    life = lambda: rules.good + rnd.randrange(rules.good // 2 + 1)
    for start in starts:
        done = start
        for _ in range(ROLES):
            at = done if empty else start + rnd.uniform(0, 1.25 * rules.good)
            while at < until:
                for i in range(CALLS_A_ROLE):
                    load.add(at + i / 5)
                done = at + CALLS_A_ROLE / 5 if at == done else done
                at += life() + rnd.uniform(0, rules.sweep)
    return load


def query_ecs(rules, starts, until, empty, seed=4):
    """ecs_kept.c: a definition is asked for once a day or so; tasks are, those that are new at a look in one call."""
    rnd, definitions, tasks = random.Random(seed), Load(until), Load(until)
    life = lambda: rules.kept + rnd.randrange(rules.kept // 2 + 1)
    for start in starts:
        for _ in range(DEFINITIONS):
            at = start if empty else start + rnd.uniform(0, 1.25 * rules.kept)
            while at < until:
                definitions.add(at)
                at += life()
            at = start + rnd.uniform(0, DEPLOYED)                       # a new revision
            while at < until:
                definitions.add(at + rnd.uniform(0, rules.sweep))
                at += DEPLOYED
        looks = {round(start)} if empty else set()
        for _ in range(TASKS):
            at = start + rnd.uniform(0, DEPLOYED)                       # a new task
            while at < until:
                looks.add(round(at + rnd.uniform(0, rules.sweep)))
                at += DEPLOYED
        for at in looks:
            tasks.add(at)
    return definitions, tasks


def scattered(n, over, seed=3):
    rnd = random.Random(seed)
    return [rnd.uniform(0, over) for _ in range(n)]


def figures(program, n=10000):
    rules = Rules(program)
    hour, both = 3600, 2 * 3600
    steady = put_metric_data(rules, scattered(n, rules.heartbeat), both)
    restart = put_metric_data(rules, [0] * n, hour)
    outage = put_metric_data(rules, scattered(n, rules.heartbeat), 3 * hour, down=(hour, 2 * hour))
    iam_steady = query_iam(rules, scattered(n, rules.good), 4 * hour, empty=False)
    iam_storm = query_iam(rules, [0] * n, 600, empty=True)
    iam_rolled = query_iam(rules, scattered(n, both), both, empty=True)
    ecs_steady = query_ecs(rules, scattered(n, DEPLOYED), DEPLOYED + hour, empty=False)
    ecs_rolled = query_ecs(rules, scattered(n, both), both, empty=True)
    ecs_storm = query_ecs(rules, [0] * n, 60, empty=True)
    return rules, {
        "hosts": n, "PutMetricData mean": steady.mean(hour), "PutMetricData peak": steady.peak(hour),
        "restart peak": restart.peak(), "outage peak": outage.peak(hour, 2 * hour), "after outage peak": outage.peak(2 * hour),
        "iam mean": iam_steady.mean(2 * hour), "iam peak": iam_steady.peak(2 * hour), "iam storm": iam_storm.peak(), "iam storm total": iam_storm.total(),
        "iam rolled peak": iam_rolled.peak(), "iam bundle calls": 200 * CALLS_A_ROLE,
        "calls": {name: (n * MONTH / every, n * MONTH / every / 1000 * PRICES["thousand calls"])
                  for name, every in (("default", rules.heartbeat), ("hourly", hour), ("busy", rules.interval))},
        "ecs": {call: {"mean": ecs_steady[k].mean(DEPLOYED), "peak": ecs_steady[k].peak(DEPLOYED), "rolled mean": ecs_rolled[k].mean(),
                       "rolled peak": ecs_rolled[k].peak(), "storm": ecs_storm[k].peak()}
                for k, call in enumerate(("DescribeTaskDefinition", "DescribeTasks"))},
    }


def block(program):
    """The figures as FLEET.md has them."""
    rules, f = figures(program)
    num = lambda v: "{:,}".format(round(v)) if v >= 10 else "%.1f" % v
    quota = "%d per second" % QUOTAS["PutMetricData"][1]
    rows = [
        ("CloudWatch `PutMetricData`, normal operation", num(f["PutMetricData mean"]), num(f["PutMetricData peak"]), quota),
        ("the same, all daemons restarted within one second", "", num(f["restart peak"]), quota),
        ("the same, during a CloudWatch outage of one hour", "", num(f["outage peak"]), quota),
        ("the same, after that outage", "", num(f["after outage peak"]), quota),
        ("IAM, with bundles", "0", "0", "not published"),
        ("IAM, with `query_iam`, normal operation", num(f["iam mean"]), num(f["iam peak"]), "not published"),
        ("the same, all hosts installed within one second", "", num(f["iam storm"]), "not published"),
        ("the same, installed over two hours", "", num(f["iam rolled peak"]), "not published"),
    ]
    for call, e in f["ecs"].items():
        burst = "%d, then %d per second" % QUOTAS[call]
        rows += [("ECS `%s`, with `query_ecs`, normal operation" % call, num(e["mean"]), num(e["peak"]), burst),
                 ("the same, installed over two hours", num(e["rolled mean"]), num(e["rolled peak"]), burst),
                 ("the same, all hosts installed within one second", "", num(e["storm"]), burst)]
    out = ["Simulated: %s hosts, scan_interval %d s, healthy, a heartbeat every %d s, IAM answers cached for %d to %d s. Each host runs %d tasks of %d task definitions and %d roles; a role takes %d calls. Every service is deployed once in %d hours."
           % (num(f["hosts"]), rules.sweep, rules.heartbeat, rules.good, rules.good * 3 // 2, TASKS, DEFINITIONS, ROLES, CALLS_A_ROLE, DEPLOYED // 3600), "",
           "| requests per second of the whole fleet | mean | peak | quota |", "|---|---|---|---|"]
    out += ["| %s | %s | %s | %s |" % r for r in rows]
    out += ["", "* CloudWatch metrics of 10,000 healthy hosts: %s `PutMetricData` calls per month cost %s USD (list price); with `heartbeat_interval = 1h`, %s calls cost %s USD."
            % tuple(num(v) for name in ("default", "hourly") for v in f["calls"][name]),
            "  A host with an open finding calls once per `interval`; if every host had one all month, %s calls would cost %s USD. The five metrics of each cluster"
            % tuple(num(v) for v in f["calls"]["busy"]), "  cost 1.50 USD. With metrics off, nothing.",
            "* A bundle of 200 roles takes %s IAM calls in one place, whatever the number of hosts." % num(f["iam bundle calls"])]
    return "\n".join(out)
