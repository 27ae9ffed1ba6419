# Written by packaging/cloudwatch/generate from the program's own tables; do not edit.
terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "cluster_name" {
  type        = string
  description = "The ECS cluster; rolewatch's metrics have it as their only dimension"
}

variable "namespace" {
  type        = string
  description = "namespace of [cloudwatch] in rolewatch.conf"
  default     = "Rolewatch"
}

variable "topic_arn" {
  type        = string
  description = "SNS topic that people are told by; empty: one is made. One of your own must let cloudwatch.amazonaws.com publish"
  default     = ""
}

variable "deployment_alarm_name" {
  type        = string
  description = "Alarm that is on while a deployment is under way; empty: none"
  default     = ""
}

variable "log_group_name" {
  type        = string
  description = "Where the CloudWatch agent ships the journal of rolewatch to"
  default     = "/rolewatch/journal"
}

variable "create_log_group" {
  type        = bool
  description = "false where the log group is there already"
  default     = true
}

variable "retention_days" {
  type        = number
  description = "Of the log group, where it is made"
  default     = 30
}

variable "field_prefix" {
  type        = string
  description = "What stands before a journal field in the log: body. by the CloudWatch agent, nothing by most other shippers"
  default     = "body."
}

variable "container_insights" {
  type        = bool
  description = "true where the cluster has Container Insights: alarm on hosts that do not report"
  default     = false
}

variable "scan_interval_seconds" {
  type        = number
  description = "scan_interval of [watch], to count hosts by their values"
  default     = 15
}

variable "reporting_percent" {
  type        = number
  description = "Alarm where less than so many of 100 container instances report"
  default     = 80
}

variable "thresholds" {
  type        = map(number)
  description = "Others than those of local.alarms, by metric"
  default     = {}
}

variable "period" {
  type        = number
  description = "Seconds of a period; not less than interval of [cloudwatch]"
  default     = 300

  validation {
    condition     = var.period >= 300
    error_message = "A period is not less than the interval between two PutMetricData calls."
  }
}

variable "heartbeat_period" {
  type        = number
  description = "Seconds of a period of alarms on Heartbeat; not less than heartbeat_interval of [cloudwatch]"
  default     = 600
}

locals {
  alarms = {
    WrongRole = {
      comparison = "GreaterThanOrEqualToThreshold"
      threshold  = 1
      missing    = "notBreaching"
      of         = 2
      periods    = 3
      meaning    = "A process uses another role than its task's."
    }
    CallsThatWouldFail = {
      comparison = "GreaterThanOrEqualToThreshold"
      threshold  = 1
      missing    = "notBreaching"
      of         = 2
      periods    = 3
      meaning    = "Calls are denied to the credentials in use: declared, required by a task definition, or observed."
    }
    CredentialFaults = {
      comparison = "GreaterThanOrEqualToThreshold"
      threshold  = 1
      missing    = "notBreaching"
      of         = 2
      periods    = 3
      meaning    = "A process has no valid credentials."
    }
    Unknown = {
      comparison = "GreaterThanOrEqualToThreshold"
      threshold  = 1
      missing    = "notBreaching"
      of         = 6
      periods    = 6
      meaning    = "A process could not be judged for half an hour."
    }
    Heartbeat = {
      comparison = "LessThanThreshold"
      threshold  = 1
      missing    = "breaching"
      of         = 2
      periods    = 2
      meaning    = "No host of the cluster reports: rolewatch is down, or may not send metrics."
    }
  }
  queries = {
    "roles in use"               = <<-EOT
      fields ${var.field_prefix}_HOSTNAME as host, ${var.field_prefix}ROLEWATCH_FINDING as finding, ${var.field_prefix}CONTAINER_ID as containerId, ${var.field_prefix}ECS_FAMILY as family, ${var.field_prefix}ECS_CONTAINER_NAME as container, ${var.field_prefix}ROLEWATCH_WINNER as winner, ${var.field_prefix}ROLEWATCH_EXPECTED as expected, ${var.field_prefix}ROLEWATCH_EVENT as event, ${var.field_prefix}ECS_CLUSTER as cluster
      | filter ispresent(finding) and cluster = "${var.cluster_name}"
      | stats latest(event) as state, latest(expected) as should by host, containerId, finding, family, container, winner
      | filter state != "cleared"
      | stats count(*) as places by family, container, winner, should, finding
      | sort places desc
    EOT
    "what would fail"            = <<-EOT
      fields ${var.field_prefix}_HOSTNAME as host, ${var.field_prefix}ROLEWATCH_FINDING as finding, ${var.field_prefix}CONTAINER_ID as containerId, ${var.field_prefix}ECS_FAMILY as family, ${var.field_prefix}ECS_CONTAINER_NAME as container, ${var.field_prefix}ROLEWATCH_ACTION as action, ${var.field_prefix}ROLEWATCH_RESOURCE as resource, ${var.field_prefix}ROLEWATCH_WINNER as winner, ${var.field_prefix}ROLEWATCH_REMEDY as remedy, ${var.field_prefix}ROLEWATCH_EVENT as event, ${var.field_prefix}ECS_CLUSTER as cluster
      | filter ispresent(finding) and cluster = "${var.cluster_name}" and ispresent(action)
      | stats latest(event) as state, latest(action) as call, latest(resource) as target, latest(remedy) as change by host, containerId, finding, family, container, winner
      | filter state != "cleared"
      | stats count(*) as places by family, winner, call, target, change
      | sort places desc
    EOT
    "open findings"              = <<-EOT
      fields ${var.field_prefix}_HOSTNAME as host, ${var.field_prefix}ROLEWATCH_FINDING as finding, ${var.field_prefix}ROLEWATCH_SEVERITY as severity, ${var.field_prefix}CONTAINER_ID as containerId, ${var.field_prefix}ECS_FAMILY as family, ${var.field_prefix}ECS_CONTAINER_NAME as container, ${var.field_prefix}ROLEWATCH_WINNER as winner, ${var.field_prefix}ROLEWATCH_EVENT as event, ${var.field_prefix}ECS_CLUSTER as cluster
      | filter ispresent(finding) and cluster = "${var.cluster_name}"
      | stats latest(event) as state, latest(severity) as level by host, containerId, finding, family, container, winner
      | filter state != "cleared"
      | stats count(*) as places by level, finding, family
      | sort places desc
    EOT
    "one thing to change"        = <<-EOT
      fields ${var.field_prefix}_HOSTNAME as host, ${var.field_prefix}ROLEWATCH_FINDING as finding, ${var.field_prefix}ROLEWATCH_REMEDY as remedy, ${var.field_prefix}ROLEWATCH_EVENT as event, ${var.field_prefix}ECS_CLUSTER as cluster
      | filter ispresent(finding) and cluster = "${var.cluster_name}" and event = "appeared"
      | stats count(*) as times, count_distinct(host) as hosts by remedy, finding
      | sort hosts desc
      | limit 20
    EOT
    "what appeared"              = <<-EOT
      fields ${var.field_prefix}ROLEWATCH_FINDING as finding, ${var.field_prefix}ROLEWATCH_EVENT as event, ${var.field_prefix}ECS_CLUSTER as cluster
      | filter ispresent(finding) and cluster = "${var.cluster_name}" and event = "appeared"
      | stats count(*) as findings by bin(1h), finding
    EOT
    "history"                    = <<-EOT
      fields @timestamp, ${var.field_prefix}ROLEWATCH_EVENT as event, ${var.field_prefix}ROLEWATCH_FINDING as finding, ${var.field_prefix}ROLEWATCH_SEVERITY as severity, ${var.field_prefix}ROLEWATCH_CERTAINTY as certainty, ${var.field_prefix}_HOSTNAME as host, ${var.field_prefix}ECS_TASK_ARN as task, ${var.field_prefix}ECS_FAMILY as family, ${var.field_prefix}ECS_CONTAINER_NAME as container, ${var.field_prefix}ROLEWATCH_PID as pid, ${var.field_prefix}MESSAGE as text, ${var.field_prefix}ECS_CLUSTER as cluster
      | filter ispresent(finding) and cluster = "${var.cluster_name}"
      | sort @timestamp desc
      | limit 200
    EOT
    "errors of rolewatch itself" = <<-EOT
      fields @timestamp, ${var.field_prefix}_HOSTNAME as host, ${var.field_prefix}MESSAGE as text, ${var.field_prefix}SYSLOG_IDENTIFIER as program, ${var.field_prefix}ROLEWATCH_FINDING as finding
      | filter program = "rolewatch" and not ispresent(finding)
      | sort @timestamp desc
      | limit 200
    EOT
  }
  topic     = var.topic_arn == "" ? aws_sns_topic.people[0].arn : var.topic_arn
  log_group = var.create_log_group ? aws_cloudwatch_log_group.journal[0].name : var.log_group_name
  # arn:PARTITION:sns:REGION:ACCOUNT:NAME
  place = split(":", aws_sns_topic.programs.arn)
}

resource "aws_cloudwatch_metric_alarm" "rolewatch" {
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

resource "aws_cloudwatch_composite_alarm" "calls_fail" {
  alarm_name        = "rolewatch-${var.cluster_name}-CallsFail"
  alarm_description = "AWS calls on this cluster fail or will fail, and no deployment is under way."
  alarm_rule        = var.deployment_alarm_name == "" ? "ALARM(\"${aws_cloudwatch_metric_alarm.rolewatch["CallsThatWouldFail"].alarm_name}\") OR ALARM(\"${aws_cloudwatch_metric_alarm.rolewatch["CredentialFaults"].alarm_name}\")" : "(ALARM(\"${aws_cloudwatch_metric_alarm.rolewatch["CallsThatWouldFail"].alarm_name}\") OR ALARM(\"${aws_cloudwatch_metric_alarm.rolewatch["CredentialFaults"].alarm_name}\")) AND NOT ALARM(\"${var.deployment_alarm_name}\")"
  alarm_actions     = [local.topic]
  ok_actions        = [local.topic]
}

resource "aws_cloudwatch_composite_alarm" "attention" {
  alarm_name        = "rolewatch-${var.cluster_name}-Attention"
  alarm_description = "A process uses the wrong role or cannot be judged, or no host reports; no call is known to fail."
  alarm_rule        = "ALARM(\"${aws_cloudwatch_metric_alarm.rolewatch["WrongRole"].alarm_name}\") OR ALARM(\"${aws_cloudwatch_metric_alarm.rolewatch["Unknown"].alarm_name}\") OR ALARM(\"${aws_cloudwatch_metric_alarm.rolewatch["Heartbeat"].alarm_name}\")"
  alarm_actions     = [local.topic]
  ok_actions        = [local.topic]
}

resource "aws_sns_topic" "people" {
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
      alarmName = concat([for a in aws_cloudwatch_metric_alarm.rolewatch : a.alarm_name], [aws_cloudwatch_composite_alarm.calls_fail.alarm_name, aws_cloudwatch_composite_alarm.attention.alarm_name])
    }
  })
}

resource "aws_cloudwatch_event_target" "topic" {
  rule      = aws_cloudwatch_event_rule.alarms.name
  target_id = "topic"
  arn       = aws_sns_topic.programs.arn
}

resource "aws_cloudwatch_log_group" "journal" {
  count             = var.create_log_group ? 1 : 0
  name              = var.log_group_name
  retention_in_days = var.retention_days
  skip_destroy      = true
}

resource "aws_cloudwatch_log_metric_filter" "appeared" {
  name           = "rolewatch-${var.cluster_name}-appeared"
  log_group_name = local.log_group
  pattern        = "{ ($.${var.field_prefix}ROLEWATCH_EVENT = \"appeared\") && ($.${var.field_prefix}ECS_CLUSTER = \"${var.cluster_name}\") }"

  metric_transformation {
    namespace = var.namespace
    name      = "FindingsAppeared"
    value     = "1"
    unit      = "Count"
    dimensions = {
      ClusterName = "$.${var.field_prefix}ECS_CLUSTER"
      Finding     = "$.${var.field_prefix}ROLEWATCH_FINDING"
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
