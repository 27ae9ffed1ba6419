"""alarms.tf: the same as alarms.yaml for Terraform. The dashboard comes from dashboard.json beside it."""
from tables import FILTER_METRIC, QUERIES, query


def align(rows, indent):
    """Lines `key = value` as terraform fmt has them."""
    width = max(len(k) for k, _ in rows)
    return "".join("%s%-*s = %s\n" % (" " * indent, width, k, v) for k, v in rows)


def variable(name, kind, default, description):
    rows = [("type", kind), ("description", '"%s"' % description)] + ([("default", default)] if default is not None else [])
    return 'variable "%s" {\n%s}\n\n' % (name, align(rows, 2))


def variables(program):
    every = program.seconds("cloudwatch.interval")
    return "".join(variable(*row) for row in (
        ("cluster_name", "string", None, "The ECS cluster; rolewatch's metrics have it as their only dimension"),
        ("namespace", "string", '"%s"' % program.settings["cloudwatch.namespace"], "namespace of [cloudwatch] in rolewatch.conf"),
        ("topic_arn", "string", '""', "SNS topic that people are told by; empty: one is made. One of your own must let cloudwatch.amazonaws.com publish"),
        ("deployment_alarm_name", "string", '""', "Alarm that is on while a deployment is under way; empty: none"),
        ("log_group_name", "string", '"/rolewatch/journal"', "Where the CloudWatch agent ships the journal of rolewatch to"),
        ("create_log_group", "bool", "true", "false where the log group is there already"),
        ("retention_days", "number", "30", "Of the log group, where it is made"),
        ("field_prefix", "string", '"body."', "What stands before a journal field in the log: body. by the CloudWatch agent, nothing by most other shippers"),
        ("container_insights", "bool", "false", "true where the cluster has Container Insights: alarm on hosts that do not report"),
        ("scan_interval_seconds", "number", program.seconds("watch.scan_interval"), "scan_interval of [watch], to count hosts by their values"),
        ("reporting_percent", "number", "80", "Alarm where less than so many of 100 container instances report"),
        ("thresholds", "map(number)", "{}", "Others than those of local.alarms, by metric"),
    )) + '''variable "period" {
  type        = number
  description = "Seconds of a period; not less than interval of [cloudwatch]"
  default     = %d

  validation {
    condition     = var.period >= %d
    error_message = "A period is not less than the interval between two PutMetricData calls."
  }
}

variable "heartbeat_period" {
  type        = number
  description = "Seconds of a period of alarms on Heartbeat; not less than heartbeat_interval of [cloudwatch]"
  default     = %d
}

''' % (every, every, program.seconds("cloudwatch.heartbeat_interval"))


def locals_of(program):
    out = "locals {\n  alarms = {\n"
    for metric, (comparison, threshold, missing, m, n, meaning) in program.alarms.items():
        out += "    %s = {\n" % metric + align([("comparison", '"%s"' % comparison), ("threshold", threshold), ("missing", '"%s"' % missing),
                                                 ("of", m), ("periods", n), ("meaning", '"%s"' % meaning)], 6) + "    }\n"
    out += "  }\n  queries = {\n"
    width = max(map(len, QUERIES)) + 2
    for name in QUERIES:
        text = query(program, name, "${var.field_prefix}", "${var.cluster_name}")
        out += '    %-*s = <<-EOT\n%s\n    EOT\n' % (width, '"%s"' % name, "\n".join("      " + line for line in text.split("\n")))
    return out + '''  }
  topic     = var.topic_arn == "" ? aws_sns_topic.people[0].arn : var.topic_arn
  log_group = var.create_log_group ? aws_cloudwatch_log_group.journal[0].name : var.log_group_name
  # arn:PARTITION:sns:REGION:ACCOUNT:NAME
  place = split(":", aws_sns_topic.programs.arn)
}

'''


ALARM = '''resource "aws_cloudwatch_metric_alarm" "rolewatch" {
  for_each            = local.alarms
  alarm_name          = "rolewatch-${var.cluster_name}-${each.key}"
  alarm_description   = each.value.meaning
  namespace           = var.namespace
  metric_name         = each.key
  dimensions          = { ClusterName = var.cluster_name }
  statistic           = "Maximum"
  period              = each.key == "Heartbeat" ? var.heartbeat_period : var.period
  datapoints_to_alarm = each.value.of
  evaluation_periods  = each.value.periods
  comparison_operator = each.value.comparison
  threshold           = lookup(var.thresholds, each.key, each.value.threshold)
  treat_missing_data  = each.value.missing
}

resource "aws_cloudwatch_metric_alarm" "hosts_silent" {
  count               = var.container_insights ? 1 : 0
  alarm_name          = "rolewatch-${var.cluster_name}-HostsSilent"
  alarm_description   = "Fewer hosts report than the cluster has container instances."
  datapoints_to_alarm = 3
  evaluation_periods  = 3
  comparison_operator = "LessThanThreshold"
  threshold           = var.reporting_percent
  treat_missing_data  = "missing"
  alarm_actions       = [local.topic]

  metric_query {
    id = "looks"
    metric {
      namespace   = var.namespace
      metric_name = "Heartbeat"
      dimensions  = { ClusterName = var.cluster_name }
      period      = var.heartbeat_period
      stat        = "Sum"
    }
  }

  metric_query {
    id = "instances"
    metric {
      namespace   = "ECS/ContainerInsights"
      metric_name = "ContainerInstanceCount"
      dimensions  = { ClusterName = var.cluster_name }
      period      = var.heartbeat_period
      stat        = "Average"
    }
  }

  metric_query {
    id          = "reporting"
    expression  = "100 * looks * ${var.scan_interval_seconds} / (${var.heartbeat_period} * instances)"
    label       = "percent that report"
    return_data = true
  }
}

'''


snake = lambda name: "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


def composite(name, children, guarded, meaning):
    rule = " OR ".join('ALARM(\\"${aws_cloudwatch_metric_alarm.rolewatch["%s"].alarm_name}\\")' % c for c in children)
    value = '"%s"' % rule
    if guarded:
        value = 'var.deployment_alarm_name == "" ? "%s" : "(%s) AND NOT ALARM(\\"${var.deployment_alarm_name}\\")"' % (rule, rule)
    return 'resource "aws_cloudwatch_composite_alarm" "%s" {\n' % snake(name) + align([
        ("alarm_name", '"rolewatch-${var.cluster_name}-%s"' % name), ("alarm_description", '"%s"' % meaning), ("alarm_rule", value),
        ("alarm_actions", "[local.topic]"), ("ok_actions", "[local.topic]")], 2) + "}\n\n"


ROUTES = '''resource "aws_sns_topic" "people" {
  count        = var.topic_arn == "" ? 1 : 0
  name         = "rolewatch-${var.cluster_name}"
  display_name = "rolewatch ${var.cluster_name}"
}

resource "aws_sns_topic_policy" "people" {
  count = var.topic_arn == "" ? 1 : 0
  arn   = aws_sns_topic.people[0].arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.people[0].arn
      Condition = { StringEquals = { "aws:SourceAccount" = local.place[4] } }
    }]
  })
}

resource "aws_sns_topic" "programs" {
  name         = "rolewatch-${var.cluster_name}-events"
  display_name = "rolewatch ${var.cluster_name} for programs"
}

# EventBridge is refused by a topic policy with conditions.
resource "aws_sns_topic_policy" "programs" {
  arn = aws_sns_topic.programs.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.programs.arn
    }]
  })
}

resource "aws_cloudwatch_event_rule" "alarms" {
  name        = "rolewatch-${var.cluster_name}"
  description = "Every change of state of rolewatch's alarms, for chat, tickets and the like"
  event_pattern = jsonencode({
    source        = ["aws.cloudwatch"]
    "detail-type" = ["CloudWatch Alarm State Change"]
    detail = {
      alarmName = concat([for a in aws_cloudwatch_metric_alarm.rolewatch : a.alarm_name], [%s])
    }
  })
}

resource "aws_cloudwatch_event_target" "topic" {
  rule      = aws_cloudwatch_event_rule.alarms.name
  target_id = "topic"
  arn       = aws_sns_topic.programs.arn
}

'''
LOGS = '''resource "aws_cloudwatch_log_group" "journal" {
  count             = var.create_log_group ? 1 : 0
  name              = var.log_group_name
  retention_in_days = var.retention_days
  skip_destroy      = true
}

resource "aws_cloudwatch_log_metric_filter" "appeared" {
  name           = "rolewatch-${var.cluster_name}-appeared"
  log_group_name = local.log_group
  pattern        = "{ ($.${var.field_prefix}%(event)s = \\"appeared\\") && ($.${var.field_prefix}%(cluster)s = \\"${var.cluster_name}\\") }"

  metric_transformation {
    namespace = var.namespace
    name      = "%(metric)s"
    value     = "1"
    unit      = "Count"
    dimensions = {
      ClusterName = "$.${var.field_prefix}%(cluster)s"
      Finding     = "$.${var.field_prefix}%(finding)s"
    }
  }
}

resource "aws_cloudwatch_query_definition" "rolewatch" {
  for_each        = local.queries
  name            = "rolewatch/${var.cluster_name}/${each.key}"
  log_group_names = [local.log_group]
  query_string    = trimspace(each.value)
}

resource "aws_cloudwatch_dashboard" "rolewatch" {
  dashboard_name = "rolewatch-${var.cluster_name}"
  dashboard_body = templatefile("${path.module}/dashboard.json", {
    ClusterName  = var.cluster_name
    Namespace    = var.namespace
    LogGroupName = var.log_group_name
    FieldPrefix  = var.field_prefix
    Partition    = local.place[1]
    Region       = local.place[3]
    Account      = local.place[4]
  })
}

output "topic" {
  description = "Told to people"
  value       = local.topic
}

output "event_topic" {
  description = "Told to programs"
  value       = aws_sns_topic.programs.arn
}
'''


def template(program):
    head = '''# Written by packaging/cloudwatch/generate from the program's own tables; do not edit.
terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

'''
    names = ", ".join("aws_cloudwatch_composite_alarm.%s.alarm_name" % snake(n) for n in program.composites)
    words = {"event": "ROLEWATCH_EVENT", "cluster": program.fields["cluster"], "finding": program.fields["id"], "metric": FILTER_METRIC}
    return (head + variables(program) + locals_of(program) + ALARM + "".join(composite(n, *row) for n, row in program.composites.items()) +
            ROUTES % names + LOGS % words)
