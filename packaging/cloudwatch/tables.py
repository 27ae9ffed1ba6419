"""What the templates, the dashboard and the queries have in common, in rows; and the names that the program itself prints."""
import json
import subprocess


class Program:
    """The tables of the program: it alone knows what a metric, a field or a finding is called."""

    def __init__(self, path):
        ask = lambda *words: subprocess.run([path, *words], capture_output=True, text=True).stdout
        names = json.loads(ask("findings", "--names"))
        self.findings = json.loads(ask("findings", "--json"))
        self.metrics = {m["name"]: m["meaning"] for m in names["metrics"]}
        self.fields = {f["key"]: f["journal"] for f in names["fields"] if f["journal"]}
        self.alarms = {m: ALARMS.get(m) or (*USUAL, meaning[0].upper() + meaning[1:] + ".") for m, meaning in self.metrics.items()}
        self.composites = {name: ([m for m, of in ((m, TOLD_BY.get(m, "Attention")) for m in self.metrics) if of == name], *row)
                           for name, row in COMPOSITES.items()}
        self.policy = json.loads(ask("policy", "statement"))
        self.settings, section = {}, ""
        for line in ask("config", "--print", "--config", "/dev/null").splitlines():
            if line.startswith("["):
                section = line.strip("[]") + "."
            elif "=" in line and not line.startswith("#"):
                key, _, value = line.partition("=")
                self.settings[section + key.strip()] = value.strip()

    def seconds(self, setting):
        value = self.settings[setting]
        return int(value.rstrip("smhd")) * {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(value[-1], 1)


# metric: comparison, threshold, missing data, M of N periods, what it means. Values are of one host at one moment, so the
# statistic is the maximum over the cluster. While all metrics but Heartbeat are zero, hosts send once per heartbeat_interval: what
# counts heartbeats has periods of that length. A metric of the program that has no row has the usual alarm, and what it counts.
USUAL = ("GreaterThanOrEqualToThreshold", 1, "notBreaching", 2, 3)
ALARMS = {
    "WrongRole": (*USUAL, "A process uses another role than its task's."),
    "CallsThatWouldFail": (*USUAL, "Calls are denied to the credentials in use: declared, required by a task definition, or observed."),
    "CredentialFaults": (*USUAL, "A process has no valid credentials."),
    "Unknown": ("GreaterThanOrEqualToThreshold", 1, "notBreaching", 6, 6, "A process could not be judged for half an hour."),
    "Heartbeat": ("LessThanThreshold", 1, "breaching", 2, 2, "No host of the cluster reports: rolewatch is down, or may not send metrics."),
}
# Composite alarms: those that notify people. Whether a deployment silences it, what it means; and which metrics are of
# another one than "Attention".
COMPOSITES = {
    "CallsFail": (True, "AWS calls on this cluster fail or will fail, and no deployment is under way."),
    "Attention": (False, "A process uses the wrong role or cannot be judged, or no host reports; no call is known to fail."),
}
TOLD_BY = {"CallsThatWouldFail": "CallsFail", "CredentialFaults": "CallsFail"}

# Short names in queries: the JSON key of a finding's field (the program's), or one of journald's own.
JOURNALD = {"host": "_HOSTNAME", "text": "MESSAGE", "event": "ROLEWATCH_EVENT", "program": "SYSLOG_IDENTIFIER"}
OF_CLUSTER = '| filter ispresent(finding) and cluster = "@CLUSTER@"'
# A finding is open where the last that was told of it is not that it cleared. It is known by host, container, kind and winner: the
# rest may change while it is open.
LAST = ('| stats latest(event) as state, %s by host, containerId, finding, family, container, winner\n'
        '| filter state != "cleared"\n| stats count(*) as places by %s\n| sort places desc')
QUERIES = {
    "roles in use": (["host", "finding=id", "containerId", "family", "container", "winner", "expected", "event", "cluster"],
                     OF_CLUSTER + "\n" + LAST % ("latest(expected) as should", "family, container, winner, should, finding")),
    "what would fail": (["host", "finding=id", "containerId", "family", "container", "action", "resource", "winner", "remedy", "event", "cluster"],
                        OF_CLUSTER + " and ispresent(action)\n" + LAST % ("latest(action) as call, latest(resource) as target, latest(remedy) as change",
                                                                          "family, winner, call, target, change")),
    "open findings": (["host", "finding=id", "severity", "containerId", "family", "container", "winner", "event", "cluster"],
                      OF_CLUSTER + "\n" + LAST % ("latest(severity) as level", "level, finding, family")),
    "one thing to change": (["host", "finding=id", "remedy", "event", "cluster"],
                            OF_CLUSTER + ' and event = "appeared"\n| stats count(*) as times, count_distinct(host) as hosts by remedy, finding\n| sort hosts desc\n| limit 20'),
    "what appeared": (["finding=id", "event", "cluster"],
                      OF_CLUSTER + ' and event = "appeared"\n| stats count(*) as findings by bin(1h), finding'),
    "history": (["@timestamp", "event", "finding=id", "severity", "certainty", "host", "task", "family", "container", "pid", "text", "cluster"],
                OF_CLUSTER + "\n| sort @timestamp desc\n| limit 200"),
    "errors of rolewatch itself": (["@timestamp", "host", "text", "program", "finding=id"],
                                   '| filter program = "rolewatch" and not ispresent(finding)\n| sort @timestamp desc\n| limit 200'),
}
FILTER_METRIC = "FindingsAppeared"      # from the log, by kind of finding


def query(program, name, prefix, cluster):
    """The text of a query; prefix is what stands before the fields: "body." as the CloudWatch agent ships the journal, or nothing."""
    fields, rest = QUERIES[name]
    words = []
    for f in fields:
        short, _, key = f.partition("=")
        field = short if short.startswith("@") else JOURNALD.get(short) or program.fields[key or short]
        words.append(short if short == field else "%s%s as %s" % (prefix, field, short))
    return "fields " + ", ".join(words) + "\n" + rest.replace("@CLUSTER@", cluster)
