"""The scenarios: containers, states of the host, and who must win in each marked process.

A marked process is `worker MARK` (a Python program that sleeps) somewhere in a
container. `want` is "provider:role"; the real boto3 in the process's own
namespaces and environment decides whether we are right about it.
"""
from dataclasses import dataclass, field

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TASK, INSTANCE = "container:webTaskRole", "imds:ecsInstanceRole"
# The program is made in the container, so that the image stays a plain Debian.
WORKER = ("printf '#!/usr/bin/python3\\nimport time\\ntime.sleep(3600)\\n' >/usr/local/bin/worker; "
          "chmod 755 /usr/local/bin/worker; useradd -m app 2>/dev/null; ")
FILE = f"[default]\\naws_access_key_id = {KEY}\\naws_secret_access_key = {SECRET}\\n"
PROFILE = f"[batch]\\naws_access_key_id = {KEY}\\naws_secret_access_key = {SECRET}\\n"
CLEAR_ENV = "python3 -c 'import subprocess; subprocess.run([\"/usr/local/bin/worker\", \"{}\"], env={{\"PATH\": \"/usr/bin:/bin\"}})'"
REL = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"

# Labels of a task, on a container that the agent has not started.
FORGED = ("--label", "com.amazonaws.ecs.cluster=prod", "--label", "com.amazonaws.ecs.container-name=app", "--label",
          "com.amazonaws.ecs.task-arn=arn:aws:ecs:eu-west-1:111122223333:task/prod/" + "0" * 32, "--label", "com.amazonaws.ecs.task-definition-family=plain")


@dataclass
class Container:
    name: str
    script: str
    role: str = "webTaskRole"
    env: dict = field(default_factory=dict)
    args: tuple = ()
    ecs: bool = True
    execution_role: str = None
    exec_in: str = None          # a command run by `docker exec -d`
    pid_of: str = None           # shares the pid namespace of this container


@dataclass
class Row:
    name: str
    container: str
    mark: str
    want: str
    findings: frozenset = frozenset()
    state: str = "normal"


CONTAINERS = [
    Container("plain", "exec worker m-plain"),
    Container("envi", "env -i PATH=/usr/bin:/bin /usr/local/bin/worker m-envi & exec worker m-envi-ok"),
    Container("cron", "echo '* * * * * root exec /usr/local/bin/worker m-cron' >/etc/cron.d/job; exec cron -f"),
    Container("sudo", "sudo -u app /usr/local/bin/worker m-sudo; sleep 600"),
    Container("sulogin", "su - app -c '/usr/local/bin/worker m-su'; sleep 600"),
    Container("clearenv", "exec " + CLEAR_ENV.format("m-clear")),
    Container("keys", "exec worker m-keys", env={"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}),
    Container("half", "exec worker m-half", env={"AWS_ACCESS_KEY_ID": KEY}),
    Container("baked", f"mkdir -p /root/.aws; printf '{FILE}' >/root/.aws/credentials; exec worker m-baked"),
    Container("named", f"mkdir -p /root/.aws; printf '{PROFILE}' >/root/.aws/credentials; exec worker m-named",
              env={"AWS_PROFILE": "batch"}),
    Container("nobody", "exec worker m-nobody", env={"AWS_PROFILE": "nobody"}),
    Container("emptyuri", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI= worker m-emptyuri & sleep 600"),
    Container("fulluri", "env -u " + REL + " AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.2$" + REL
              + " worker m-full & sleep 600"),
    Container("norole", "exec worker m-norole", role=None),
    Container("hostnet", "exec worker m-hostnet", args=("--network", "host")),
    Container("blackhole", "env -i PATH=/usr/bin:/bin /usr/local/bin/worker m-blackhole & exec worker m-blackhole-ok"),
    Container("proxy", "env -i PATH=/usr/bin:/bin http_proxy=http://127.0.0.1:9 /usr/local/bin/worker m-proxy & sleep 600"),
    Container("disabled", "env -i PATH=/usr/bin:/bin AWS_EC2_METADATA_DISABLED=TRUE /usr/local/bin/worker m-dis & sleep 600"),
    Container("mixed", "worker m-mix-ok & env -i PATH=/usr/bin:/bin /usr/local/bin/worker m-mix-lost & "
              f"AWS_ACCESS_KEY_ID={KEY} AWS_SECRET_ACCESS_KEY={SECRET} worker m-mix-keys & sleep 600"),
    Container("execd", "sleep 600", exec_in="exec /usr/local/bin/worker m-exec"),
    Container("outside", "exec worker m-outside", ecs=False, args=FORGED),
    Container("peer", "exec worker m-peer", role="peerTaskRole", pid_of="keys"),
    Container("execrole", REL + "={EXEC_URI} worker m-execrole & exec worker m-execrole-ok",
              execution_role="ecsTaskExecutionRole"),
]
WRONG, NONE = frozenset({"wrong-role"}), frozenset({"no-credentials"})
FLAPPING = frozenset({"endpoint-flapping"})
EXPIRED, UNREACHABLE = frozenset({"credentials-expired"}), frozenset({"endpoint-unreachable"})

ROWS = [
    Row("task role used", "plain", "m-plain", TASK),
    Row("env -i child", "envi", "m-envi", INSTANCE, WRONG),
    Row("its parent's other child", "envi", "m-envi-ok", TASK),
    Row("cron job", "cron", "m-cron", INSTANCE, WRONG),
    Row("sudo -u", "sudo", "m-sudo", INSTANCE, WRONG),
    Row("su -", "sulogin", "m-su", INSTANCE, WRONG),
    Row("parent clears the environment", "clearenv", "m-clear", INSTANCE, WRONG),
    Row("static keys", "keys", "m-keys", "env", WRONG),
    Row("only one key of the pair", "half", "m-half", "error", NONE),
    Row("baked credentials file", "baked", "m-baked", "profile", WRONG),
    Row("AWS_PROFILE", "named", "m-named", "profile", WRONG),
    Row("AWS_PROFILE names nobody", "nobody", "m-nobody", "error", NONE),
    Row("empty RELATIVE_URI", "emptyuri", "m-emptyuri", "error", NONE),
    Row("FULL_URI", "fulluri", "m-full", TASK),
    Row("no task role, hop limit 2", "norole", "m-norole", INSTANCE),
    Row("host network", "hostnet", "m-hostnet", TASK),
    Row("blackhole route, variable lost", "blackhole", "m-blackhole", "none", NONE),
    Row("blackhole route, healthy", "blackhole", "m-blackhole-ok", TASK),
    Row("http_proxy without NO_PROXY", "proxy", "m-proxy", "error", NONE),
    Row("AWS_EC2_METADATA_DISABLED", "disabled", "m-dis", "none", NONE),
    Row("three processes: healthy", "mixed", "m-mix-ok", TASK),
    Row("three processes: lost", "mixed", "m-mix-lost", INSTANCE, WRONG),
    Row("three processes: keys", "mixed", "m-mix-keys", "env", WRONG),
    Row("docker exec", "execd", "m-exec", TASK),
    Row("outside ECS, with forged labels", "outside", "m-outside", INSTANCE),
    Row("shared pid namespace", "peer", "m-peer", "container:peerTaskRole"),
    Row("execution role's id", "execrole", "m-execrole", "container:ecsTaskExecutionRole", WRONG),
    Row("execution role's id: its parent", "execrole", "m-execrole-ok", TASK),
    Row("no task role, hop limit 1, v1 optional", "norole", "m-norole", INSTANCE, state="hop1-optional"),
    Row("no task role, hop limit 1, tokens required", "norole", "m-norole", "none", NONE, state="hop1-required"),
    Row("task role, hop limit 1, tokens required", "plain", "m-plain", TASK, state="hop1-required"),
    Row("env -i, tokens required, hop limit 2", "envi", "m-envi", INSTANCE, WRONG, state="hop2-required"),
    Row("iptables drop, variable lost", "envi", "m-envi", "none", NONE, state="drop"),
    Row("iptables drop, healthy", "plain", "m-plain", TASK, state="drop"),
    Row("no instance role, variable lost", "envi", "m-envi", "none", NONE, state="no-instance-role"),
    Row("expired credentials", "plain", "m-plain", TASK, EXPIRED, state="expired"),
    Row("rate of credential requests limited", "plain", "m-plain", "error", FLAPPING, state="limited"),
    Row("DNAT rules flushed", "plain", "m-plain", "error", UNREACHABLE, state="flushed"),
]

# name, IMDS state, agent state, command to enter, command to undo (in the host's namespace)
DROP = ["DOCKER-USER", "-d", "169.254.169.254", "-j", "DROP"]
STATES = [
    ("normal", {}, {}, None, None),
    ("hop1-optional", {"hop_limit": 1}, {}, None, None),
    ("hop1-required", {"hop_limit": 1, "tokens": "required"}, {}, None, None),
    ("hop2-required", {"hop_limit": 2, "tokens": "required"}, {}, None, None),
    ("no-instance-role", {"role": None}, {}, None, None),
    ("drop", {}, {}, ["iptables", "-w", "-I", *DROP], ["iptables", "-w", "-D", *DROP]),
    ("expired", {}, {"expired": True}, None, None),
    ("limited", {}, {"throttle": True}, None, None),
    ("flushed", {}, {}, ["iptables", "-w", "-t", "nat", "-F", "PREROUTING"], "rules"),
]
