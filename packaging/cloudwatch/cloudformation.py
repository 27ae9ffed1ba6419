"""alarms.yaml: the CloudFormation template, and the small part of YAML that it needs."""
import json
import re

import dashboard
from tables import FILTER_METRIC, QUERIES, query

PLAIN = re.compile(r"(?!(?:true|false|yes|no|on|off|null)$)[A-Za-z][A-Za-z0-9 _./-]*[A-Za-z0-9]$|[A-Za-z]$", re.I)


def yaml(value, indent=0):
    pad = " " * indent
    if isinstance(value, dict):
        return "".join("\n%s%s:%s" % (pad, k if PLAIN.match(k) or re.fullmatch(r"[\w:]+", k) and "::" in k else json.dumps(k), yaml(v, indent + 2)) for k, v in value.items())
    if isinstance(value, list):
        return "".join("\n%s-%s" % (pad, yaml(v, indent + 2).replace("\n" + " " * (indent + 2), " ", 1) if isinstance(v, (dict, list)) else yaml(v, indent + 2))
                       for v in value)
    if isinstance(value, str) and "\n" in value:
        return " |-\n" + "\n".join(pad + line for line in value.split("\n"))
    if isinstance(value, str) and PLAIN.match(value):
        return " " + value
    return " " + json.dumps(value, ensure_ascii=False)


ref = lambda name: {"Ref": name}
sub = lambda text: {"Fn::Sub": text}
when = lambda condition, value: {"Fn::If": [condition, value, ref("AWS::NoValue")]}
name_of = lambda short: "rolewatch-${ClusterName}-" + short
quoted = lambda names: " OR ".join('ALARM("${%sAlarm}")' % n for n in names)


def parameters(program):
    every = program.seconds("cloudwatch.interval")
    out = {
        "ClusterName": {"Type": "String", "AllowedPattern": "[A-Za-z0-9_-]{1,255}", "Description": "The ECS cluster; rolewatch's metrics have it as their only dimension"},
        "Namespace": {"Type": "String", "Default": program.settings["cloudwatch.namespace"], "Description": "namespace of [cloudwatch] in rolewatch.conf"},
        "TopicArn": {"Type": "String", "Default": "", "Description": "SNS topic that people are told by; empty - one is made. One of your own must let cloudwatch.amazonaws.com publish"},
        "DeploymentAlarmName": {"Type": "String", "Default": "", "Description": "Alarm that is on while a deployment is under way; empty - none"},
        "LogGroupName": {"Type": "String", "Default": "/rolewatch/journal", "Description": "Where the CloudWatch agent ships the journal of rolewatch to"},
        "CreateLogGroup": {"Type": "String", "Default": "true", "AllowedValues": ["true", "false"], "Description": "false where the log group is there already"},
        "RetentionDays": {"Type": "Number", "Default": 30, "Description": "Of the log group, where it is made"},
        "FieldPrefix": {"Type": "String", "Default": "body.", "AllowedValues": ["body.", ""], "Description": "What stands before a journal field in the log: 'body.' by the CloudWatch agent, nothing by most other shippers"},
        "Period": {"Type": "Number", "Default": every, "MinValue": every, "Description": "Seconds of a period; not less than interval of [cloudwatch]"},
        "HeartbeatPeriod": {"Type": "Number", "Default": program.seconds("cloudwatch.heartbeat_interval"), "MinValue": program.seconds("cloudwatch.heartbeat_interval"),
                            "Description": "Seconds of a period of alarms on Heartbeat; not less than heartbeat_interval of [cloudwatch]"},
        "ContainerInsights": {"Type": "String", "Default": "false", "AllowedValues": ["true", "false"], "Description": "true where the cluster has Container Insights - alarm on hosts that do not report"},
        "ScanIntervalSeconds": {"Type": "Number", "Default": program.seconds("watch.scan_interval"), "Description": "scan_interval of [watch], to count hosts by their values"},
        "ReportingPercent": {"Type": "Number", "Default": 80, "Description": "Alarm where less than so many of 100 container instances report"},
    }
    for metric, (comparison, threshold, _, _, _, _) in program.alarms.items():
        out[metric + "Threshold"] = {"Type": "Number", "Default": threshold, "Description": "%s of one host - alarm %s" % (
            metric, "below this" if comparison.startswith("Less") else "at this or more")}
    return out


def alarms(program):
    for metric, (comparison, _, missing, m, n, meaning) in program.alarms.items():
        yield metric + "Alarm", {"Type": "AWS::CloudWatch::Alarm", "Properties": {
            "AlarmName": sub(name_of(metric)), "AlarmDescription": meaning, "Namespace": ref("Namespace"), "MetricName": metric,
            "Dimensions": [{"Name": "ClusterName", "Value": ref("ClusterName")}], "Statistic": "Maximum", "Period": ref("HeartbeatPeriod" if metric == "Heartbeat" else "Period"),
            "DatapointsToAlarm": m, "EvaluationPeriods": n, "ComparisonOperator": comparison, "Threshold": ref(metric + "Threshold"),
            "TreatMissingData": missing}}
    told = [{"Fn::If": ["MakeTopic", ref("Topic"), ref("TopicArn")]}]
    dimension = [{"Name": "ClusterName", "Value": ref("ClusterName")}]
    stat = lambda space, metric, stat: {"Metric": {"Namespace": space, "MetricName": metric, "Dimensions": dimension}, "Period": ref("HeartbeatPeriod"), "Stat": stat}
    yield "HostsSilentAlarm", {"Type": "AWS::CloudWatch::Alarm", "Condition": "WithContainerInsights", "Properties": {
        "AlarmName": sub(name_of("HostsSilent")), "AlarmDescription": "Fewer hosts report than the cluster has container instances.",
        "Metrics": [{"Id": "looks", "MetricStat": stat(ref("Namespace"), "Heartbeat", "Sum"), "ReturnData": False},
                    {"Id": "instances", "MetricStat": stat("ECS/ContainerInsights", "ContainerInstanceCount", "Average"), "ReturnData": False},
                    {"Id": "reporting", "Expression": sub("100 * looks * ${ScanIntervalSeconds} / (${HeartbeatPeriod} * instances)"), "Label": "percent that report", "ReturnData": True}],
        "DatapointsToAlarm": 3, "EvaluationPeriods": 3, "ComparisonOperator": "LessThanThreshold", "Threshold": ref("ReportingPercent"),
        "TreatMissingData": "missing", "AlarmActions": told}}
    for name, (children, guarded, meaning) in program.composites.items():
        rule = sub(quoted(children))
        if guarded:
            rule = {"Fn::If": ["WithGuard", sub('(%s) AND NOT ALARM("${DeploymentAlarmName}")' % quoted(children)), rule]}
        yield name + "Alarm", {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {
            "AlarmName": sub(name_of(name)), "AlarmDescription": meaning, "AlarmRule": rule, "AlarmActions": told, "OKActions": told}}


def publish(service, topic, condition=None):
    return {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sns:Publish", "Resource": ref(topic), **({"Condition": condition} if condition else {})}


def routes(program):
    yield "Topic", {"Type": "AWS::SNS::Topic", "Condition": "MakeTopic", "Properties": {"DisplayName": sub("rolewatch ${ClusterName}")}}
    yield "TopicPolicy", {"Type": "AWS::SNS::TopicPolicy", "Condition": "MakeTopic", "Properties": {"Topics": [ref("Topic")], "PolicyDocument": {
        "Version": "2012-10-17", "Statement": [publish("cloudwatch.amazonaws.com", "Topic", {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}})]}}}
    yield "EventTopic", {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": sub("rolewatch ${ClusterName} for programs")}}
    # EventBridge is refused by a topic policy with conditions.
    yield "EventTopicPolicy", {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [ref("EventTopic")], "PolicyDocument": {
        "Version": "2012-10-17", "Statement": [publish("events.amazonaws.com", "EventTopic")]}}}
    yield "EventRule", {"Type": "AWS::Events::Rule", "Properties": {
        "Description": "Every change of state of rolewatch's alarms, for chat, tickets and the like", "EventPattern": {
            "source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"],
            "detail": {"alarmName": [ref(a + "Alarm") for a in [*program.alarms, *program.composites]]}},
        "Targets": [{"Id": "topic", "Arn": ref("EventTopic")}]}}


def log_parts(program):
    yield "LogGroup", {"Type": "AWS::Logs::LogGroup", "Condition": "MakeLogGroup", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain",
                       "Properties": {"LogGroupName": ref("LogGroupName"), "RetentionInDays": ref("RetentionDays")}}
    group = {"Fn::If": ["MakeLogGroup", ref("LogGroup"), ref("LogGroupName")]}
    yield "AppearedFilter", {"Type": "AWS::Logs::MetricFilter", "Properties": {
        "LogGroupName": group,
        "FilterPattern": sub('{ ($.${FieldPrefix}%s = "appeared") && ($.${FieldPrefix}%s = "${ClusterName}") }' % ("ROLEWATCH_EVENT", program.fields["cluster"])),
        "MetricTransformations": [{"MetricNamespace": ref("Namespace"), "MetricName": FILTER_METRIC, "MetricValue": "1", "Unit": "Count",
                                   "Dimensions": [{"Key": "ClusterName", "Value": sub("$.${FieldPrefix}" + program.fields["cluster"])},
                                                  {"Key": "Finding", "Value": sub("$.${FieldPrefix}" + program.fields["id"])}]}]}}
    for name in QUERIES:
        yield "".join(w.capitalize() for w in name.split()) + "Query", {"Type": "AWS::Logs::QueryDefinition", "Properties": {
            "Name": sub("rolewatch/${ClusterName}/" + name), "LogGroupNames": [group],
            "QueryString": sub(query(program, name, "${FieldPrefix}", "${ClusterName}"))}}


def template(program):
    equal = lambda name, value: {"Fn::Equals": [ref(name), value]}
    body = {"Fn::Sub": [dashboard.text(program), {"Region": ref("AWS::Region"), "Account": ref("AWS::AccountId"), "Partition": ref("AWS::Partition")}]}
    resources = dict([*alarms(program), *routes(program), *log_parts(program)])
    resources["Dashboard"] = {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardName": sub("rolewatch-${ClusterName}"), "DashboardBody": body}}
    document = {
        "AWSTemplateFormatVersion": "2010-09-09", "Description": "rolewatch on one ECS cluster - alarms, dashboard, queries and where they are told",
        "Parameters": parameters(program),
        "Conditions": {"MakeTopic": equal("TopicArn", ""), "WithGuard": {"Fn::Not": [equal("DeploymentAlarmName", "")]},
                       "MakeLogGroup": equal("CreateLogGroup", "true"), "WithContainerInsights": equal("ContainerInsights", "true")},
        "Resources": resources,
        "Outputs": {"Topic": {"Description": "Told to people", "Value": {"Fn::If": ["MakeTopic", ref("Topic"), ref("TopicArn")]}},
                    "EventTopic": {"Description": "Told to programs", "Value": ref("EventTopic")}},
    }
    return "# Written by packaging/cloudwatch/generate from the program's own tables; do not edit." + yaml(document) + "\n"
