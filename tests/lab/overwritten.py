"""Programs that overwrite their environment in memory, as setproctitle does, and from where rolewatch has it then; and first
processes whose entrypoint removed the URI.

The real dockerd of the lab keeps its containers' configuration in OCI bundles below its own containerd's state.
"""
import pathlib
import time

import labhost

# The first process, or the worker that it forks, writes a title over its environment, but "plain"; then boto3, which knows it still.
# The worker drops privileges: with the configuration file of another home it is not in one group with its parent.
CODE = """
import ctypes, os, sys, time
import boto3
if sys.argv[1] == "worker" and os.fork():
    while True:
        time.sleep(60)
start, end = map(int, open("/proc/self/stat").read().rpartition(") ")[2].split()[47:49])
if sys.argv[1] != "plain":
    ctypes.memmove(start, b"waiting for work".ljust(end - start, b"\\0"), end - start)
if sys.argv[1] == "worker":
    os.setuid(33)
open("/tmp/key.new", "w").write(boto3.Session().get_credentials().access_key)
os.rename("/tmp/key.new", "/tmp/key")
while True:
    time.sleep(60)
"""
PROGRAM = f"mkdir -p /var/www/.aws; printf '[default]\\nregion = eu-west-1\\n' >/var/www/.aws/config; cat >/titled <<'X'\n{CODE}\nX\n"
BARE = "env -i PATH=/usr/bin:/bin"
OVERWROTE = "the program overwrote its own"
TASK, INSTANCE = "webTaskRole", "ecsInstanceRole"
ROLELESS = "without a role"
# Name, command, whose keys boto3 has, where rolewatch has the environment from, its verdict, finding, words of explain.
ROWS = [
    ("first", "exec python3 /titled first", TASK, "container", "ok", "none", "from the configuration that the container was started with"),
    ("worker", "exec env -u HOME python3 /titled worker", TASK, "parent", "ok", "none", "from the parent that forked it without executing another program"),
    ("stripped", f"{BARE} python3 /titled first; exit", INSTANCE, "unknown", "-", "none", "overwritten by the program"),
    ("shortened", f"exec {BARE} python3 /titled first", INSTANCE, "unknown", "-", "none", "with a shorter environment than the container's"),
    ("cleared", f"exec {BARE} python3 /titled plain", INSTANCE, "memory", "wrong-role", "wrong-role", "the container's first process, python3"),
    ("unset", "unset AWS_CONTAINER_CREDENTIALS_RELATIVE_URI; exec python3 /titled plain", INSTANCE, "memory", "wrong-role", "wrong-role", "the container's first process, python3"),
    (ROLELESS, "exec python3 /titled plain", INSTANCE, "memory", "-", "none", "no task role"),
]


def children(pid):
    return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def titled(ident):
    """The process that overwrote its environment: the first one, or its child. With the key that it had by then."""
    first = int(labhost.docker("inspect", "-f", "{{.State.Pid}}", ident))
    for _ in range(60):
        try:
            return (children(first) or [first])[0], pathlib.Path(f"/proc/{first}/root/tmp/key").read_text()
        except OSError:
            time.sleep(0.5)
    return first, ""


def group_of(report, pid):
    """(source, verdict, slugs) of the group with this process."""
    group = next((g for g in report["processes"] if pid in g["pids"]), {})
    slugs = {f["id"] for f in report["findings"] if f.get("pid") in group.get("pids", [])}
    return group.get("environment"), group.get("verdict"), ",".join(sorted(slugs)) or "none"


def overwritten(check, explain, as_user):
    """
    `check`, `explain`: as root; `as_user`: check by a user without privilege, through a broker. Each with ROLEWATCH_CONTAINERD_STATE or
    without. None: `check` already asks a broker, which always has the bundles.
    """
    state = {"ROLEWATCH_CONTAINERD_STATE": str(labhost.RUN / "docker-exec/containerd/daemon")}
    idents = {name: labhost.Task(f"titled-{len(name)}{name[0]}", None if name == ROLELESS else TASK).container("app", PROGRAM + command) for name, command, *_ in ROWS}
    found = {name: titled(ident) for name, ident in idents.items()}
    keys = {labhost.key_id(TASK): TASK, "ASIAINSTANCEEXAMPLE0": INSTANCE}
    reports = {"root": check(**state), "another user": as_user(**state)} if as_user else {"in a container": check()}
    for name, _, role, source, verdict, finding, words in ROWS:
        pid, key = found[name]
        for who, report in reports.items():
            got = group_of(report, pid)
            yield (keys.get(key) == role and got == (source, verdict, finding),
                   f"environment overwritten, {name}: boto3 {keys.get(key)}; {who}: source {got[0]}, verdict {got[1]}, findings {got[2]}")
        text = " ".join(explain(pid, **state).split())
        yield words in text and (OVERWROTE in text) == (source not in ("unknown", "memory")), f"environment overwritten, {name}: explain says {words if words in text else text[:300]}"
    # Where the bundle is not found, nothing stands in for it.
    if as_user:
        got = group_of(check(), found["first"][0])
        yield got == ("unknown", "-", "none"), f"environment overwritten, first, no bundle: source {got[0]}, verdict {got[1]}, findings {got[2]}"
    labhost.docker("rm", "-fv", *idents.values())
