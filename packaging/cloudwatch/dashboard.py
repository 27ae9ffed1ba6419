"""The dashboard: the roles in use and what would fail. Holes ${...} are filled by either template."""
import json

from tables import FILTER_METRIC, query


def alarm_arn(name):
    return "arn:${Partition}:cloudwatch:${Region}:${Account}:alarm:rolewatch-${ClusterName}-" + name


def widget(kind, x, y, width, height, **properties):
    return {"type": kind, "x": x, "y": y, "width": width, "height": height, "properties": properties}


def metric(name, stat, **more):
    return ["${Namespace}", name, "ClusterName", "${ClusterName}", {"stat": stat, "label": name, **more}]


def logs(program, name, x, y, width, height, view="table"):
    text = query(program, name, "${FieldPrefix}", "${ClusterName}")
    return widget("log", x, y, width, height, region="${Region}", title=name[0].upper() + name[1:], view=view,
                  query="SOURCE '${LogGroupName}' | " + text)


def legend(program):
    rows = ["| finding | severity | it means |", "|---|---|---|"]
    rows += ["| %s | %s | %s |" % (f["id"], f["severity"], f["meaning"]) for f in program.findings]
    return "\n".join(rows)


def dashboard(program):
    every = program.seconds("cloudwatch.interval")
    judged = [m for m in program.metrics if m != "Heartbeat"]
    appeared = "SEARCH('{${Namespace},ClusterName,Finding} MetricName=\"%s\" ClusterName=\"${ClusterName}\"', 'Sum', 3600)" % FILTER_METRIC
    out = [widget("alarm", 0, 0, 24, 3, title="${ClusterName}", alarms=[alarm_arn(a) for a in [*program.composites, *program.alarms]])]
    width = 24 // len(judged)
    out += [widget("metric", width * i, 3, width, 4, region="${Region}", title=m, view="singleValue", sparkline=True, period=every,
                   metrics=[metric(m, "Maximum")]) for i, m in enumerate(judged)]
    out += [
        logs(program, "roles in use", 0, 7, 12, 9),
        logs(program, "what would fail", 12, 7, 12, 9),
        widget("metric", 0, 16, 12, 6, region="${Region}", title="Worst host", view="timeSeries", stacked=False, period=every,
               yAxis={"left": {"min": 0}}, metrics=[metric(m, "Maximum") for m in judged]),
        widget("metric", 12, 16, 12, 6, region="${Region}", title="Scans of all hosts; none: nothing reports", view="timeSeries", stacked=False,
               period=program.seconds("cloudwatch.heartbeat_interval"), yAxis={"left": {"min": 0}}, metrics=[metric("Heartbeat", "Sum")]),
        logs(program, "one thing to change", 0, 22, 12, 8),
        widget("metric", 12, 22, 12, 8, region="${Region}", title="Findings that appeared, each hour", view="timeSeries", stacked=True, period=3600,
               metrics=[[{"expression": appeared, "id": "appeared"}]]),
        logs(program, "history", 0, 30, 24, 8),
        {"type": "text", "x": 0, "y": 38, "width": 24, "height": 12, "properties": {"markdown": legend(program)}},
    ]
    # Open findings are told again once in a while: what is open was told within that time.
    return {"start": "-PT%dH" % (program.seconds("watch.reminder_interval") // 3600 + 1), "periodOverride": "inherit", "widgets": out}


def text(program):
    return json.dumps(dashboard(program), indent=1, ensure_ascii=False)
