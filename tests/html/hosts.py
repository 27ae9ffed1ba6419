"""Snapshots of hosts for the tests of the page: facts as `rolewatch snapshot` writes them, made up."""
import itertools

OK = {"state": "ok", "status": 200}
ROLE = "arn:aws:iam::111122223333:role/"
REL = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</style><style>*{display:none}", "'onload='alert(1)",
           "]]><svg/onload=alert(1)>", "-->&lt;&amp;&#60;b&#62;", "javascript:alert(1)", "url(http://evil.example/x)", "\u202egnp.exe\u2066",
           "\x1b[31mred\x07", "漢字" * 60, "W" * 300, "a\u0301\u0302\u0303\u0304" * 40, "\ufdfd" * 20, "expression(alert(1))", " ", "\\", "x" * 5000]


class Host:
    """Tasks, containers and processes are added; pids count up."""

    def __init__(self, **host):
        self.pids = itertools.count(2000)
        self.s = {"rolewatch-snapshot": 1, "host": {
            "instance_id": "i-0123456789abcdef0", "region": "eu-west-1", "account": "111122223333", "partition": "aws", "imds": OK,
            "imds_role_answer": OK, "instance_role": "ecsInstanceRole", "instance_key_id": "ASIAINSTANCEEXAMPLE0", "cluster": "prod",
            "agent_version": "1.105.1", "introspection": OK, "credentials": OK, "taken_s": 1790000000, "root": True, **host},
            "tasks": [], "containers": [], "creds": [], "processes": [],
            "netns": [{"inode": 4026532001, "container": OK, "imds_token": OK, "imds_v1": OK},
                      {"inode": 4026532002, "container": OK, "imds_token": {"state": "timeout"}, "imds_v1": {"state": "timeout"}}]}

    def task(self, family, role=None, revision="7"):
        n = len(self.s["tasks"])
        self.s["tasks"].append({"arn": f"arn:aws:ecs:eu-west-1:111122223333:task/prod/{n:032x}", "family": family, "revision": revision,
                                "known": "RUNNING", "desired": "RUNNING"})
        cred = -1
        if role:
            cred = len(self.s["creds"])
            self.s["creds"].append({"answer": OK, "role_arn": ROLE + role, "key_id": "ASIAIOSFODNN7EXAMPLE", "expires_s": 1790003600})
        return n, cred

    def container(self, task, name, **more):
        n = len(self.s["containers"])
        self.s["containers"].append({"id": f"{n + 1:064x}", "name": name, "task": task[0], "labels": [], **more})
        return n, task[1]

    def process(self, container, comm, exe=None, ppid=1, lost=False, env=None, sdk=None, imds=False, **more):
        pid, cred = next(self.pids), container[1]
        rel = cred >= 0 and not lost
        self.s["processes"].append({
            "pid": pid, "ppid": ppid, "start_ticks": pid, "uid": 0, "container": container[0], "netns": 0 if imds or cred >= 0 else 1, "comm": comm,
            "exe": exe or f"/usr/bin/{comm}", "environ": OK, "env": {"HOME": "/root", **({REL: "/v2/credentials/***"} if rel else {}), **(env or {})},
            "prop": {}, "cred_rel": cred if rel else -1, "cred_full": -1, "credentials": {"path": "/root/.aws/credentials", "state": "absent"},
            "config": {"path": "/root/.aws/config", "state": "absent"},
            "sdks": [{"name": sdk[0], "version": sdk[1], "certainty": "certain"}] if sdk else [], **more})
        return pid


BOTO, GO, JS = ("botocore", "1.29.27"), ("go2", "1.17.1"), ("js3", "3.400.0")
STATIC = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "***"}


def one():
    h = Host()
    h.process(h.container(h.task("web", "webTaskRole"), "app"), "python3.11", sdk=BOTO)
    return h.s


def healthy():
    h = Host()
    for family, role, n in (("web", "webTaskRole", 4), ("orders", "ordersTaskRole", 3), ("mailer", "mailerTaskRole", 1)):
        for _ in range(n):
            t = h.task(family, role)
            app = h.container(t, "app")
            top = h.process(app, "python3.11", sdk=BOTO)
            for _ in range(3):
                h.process(app, "python3.11", ppid=top, sdk=BOTO)
            h.process(h.container(t, "log-router"), "fluent-bit", sdk=GO)
    h.process(h.container(h.task("node-exporter"), "exporter"), "node_exporter")
    return h.s


def story():
    """What the page is for: a cron job, keys that were left in the environment, a sudo, a process that cannot be seen."""
    h = Host(blind="environments of 1 process: permission denied")
    for n in range(3):
        t = h.task("web", "webTaskRole")
        app = h.container(t, "app")
        h.process(app, "python3.11", sdk=BOTO)
        if n == 0:
            cron = h.process(app, "cron")
            h.process(app, "worker", "/usr/bin/python3.11", ppid=cron, lost=True, sdk=BOTO)
    orders = h.container(h.task("orders", "ordersTaskRole"), "api")
    h.process(orders, "node", env=STATIC, sdk=JS)
    top = h.process(orders, "supervisord")
    sudo = h.process(orders, "sudo", ppid=top)
    for _ in range(3):
        h.process(orders, "export", "/usr/bin/node", ppid=sudo, lost=True, sdk=JS)
    for _ in range(5):
        h.process(h.container(h.task("mailer", "mailerTaskRole"), "app"), "mailer", sdk=GO)
    billing = h.container(h.task("billing-reconciliation-nightly", "prod-billing-stack-TaskRole-1ABCDEFGHIJKL"), "reconcile")
    first = h.process(billing, "java", sdk=("java2", "2.20.0"))
    h.process(billing, "java", "/opt/jdk/bin/java", ppid=first, environ={"state": "denied"})
    h.process(h.container(h.task("metrics"), "agent"), "amazon-cloudwatch-agent", sdk=GO, imds=True)
    h.process(h.container(h.task("probe"), "blackbox"), "blackbox_exporter")
    return h.s


def hostile():
    h = Host(instance_role=HOSTILE[0], cluster="arn:aws:ecs:eu-west-1:1:cluster/" + HOSTILE[1], blind=HOSTILE[2], agent_version=HOSTILE[3],
             instance_id=HOSTILE[4], region=HOSTILE[5], policies_fault=HOSTILE[0])
    for i, text in enumerate(HOSTILE):
        c = h.container(h.task(text, "role" + text[:40], HOSTILE[i - 1]), HOSTILE[i - 2], image=text, labels=[{"name": text, "value": text}])
        top = h.process(c, text, "/" + text)
        h.process(c, HOSTILE[i - 3], "/bin/" + HOSTILE[i - 4], ppid=top, lost=True, sdk=("botocore", text), env={"AWS_PROFILE": text})
        h.process(c, HOSTILE[i - 5], "/bin/" + HOSTILE[i - 6], ppid=top, environ={"state": "garbage", "detail": text})
    return h.s


def many(wrong=40, containers=300, processes=2000):
    """Hundreds of containers of 40 families; in some of them a job lost its variable."""
    h, each = Host(), processes // containers
    for n in range(containers):
        family = f"service-{n % 40:02d}"
        c = h.container(h.task(family, f"{family}-TaskRole"), "app" if n % 3 else "worker")
        top = h.process(c, "gunicorn", "/usr/bin/python3.11", sdk=BOTO)
        for k in range(each - 1 + (n < processes - containers * each)):
            lost = n < wrong and k == 0
            h.process(c, "nightly" if lost else f"worker-{k % 3}", "/usr/bin/python3.11", ppid=top, lost=lost, sdk=BOTO)
    return h.s


def canaries(text):
    """The text wherever a secret could stand."""
    h = Host(instance_key_id="ASIAINSTANCEEXAMPLE0")
    c = h.container(h.task("web", "webTaskRole"), "app", labels=[{"name": "token", "value": text}])
    secrets = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": text, "AWS_SESSION_TOKEN": text,
               "AWS_CONTAINER_AUTHORIZATION_TOKEN": text, REL: "/v2/credentials/" + text,
               "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://user:{text}@127.0.0.1/{text}", "JAVA_TOOL_OPTIONS": f"-Daws.secretAccessKey={text}"}
    keys = {"name": "default", "key": {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": text, "aws_session_token": text,
                                       "credential_process": f"/bin/echo {text}"}}
    h.process(c, "node", env=secrets, prop={"aws.secretAccessKey": text, "aws.sessionToken": text}, sdk=JS)
    h.process(c, "cat", lost=True, credentials={"path": "/root/.aws/credentials", "state": "ok", "profiles": [keys]}, sdk=BOTO)
    return h.s


HOSTS = {"one": one, "healthy": healthy, "story": story, "hostile": hostile, "many": many,
         "mostly-wrong": lambda: many(wrong=300), "empty": lambda: Host().s}
