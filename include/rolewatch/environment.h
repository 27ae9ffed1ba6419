/* environment -- the variables that rolewatch reads, one row each, from which the code has its defaults and rolewatch(1) its list. */
#pragma once
#include "rolewatch/broker.h"

/* Default paths of settings (config.h) and of variables. */
#define DEFAULT_AUDIT_LOG "/var/log/ecs/audit.log"
#define DEFAULT_NEEDS "/etc/rolewatch/needs.d"
#define DEFAULT_BUNDLES "/etc/rolewatch/bundles.d"
#define DEFAULT_DEFINITIONS "/etc/rolewatch/definitions.d"
#define DEFAULT_CACHE "/var/cache/rolewatch"

/* Member of struct collect_settings, name, default, what it is. An empty value is the default. */
#define ENVIRONMENT_TEXTS(X) \
        X(imds,               "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254", "Endpoint of the instance metadata service.") \
        X(introspection,      "ROLEWATCH_INTROSPECTION_ENDPOINT", "http://127.0.0.1:51678", \
          "Endpoint of the ECS agent's introspection API.") \
        X(credentials,        "ROLEWATCH_CREDENTIALS_ENDPOINT", "http://127.0.0.1:51679", \
          "Credentials endpoint of the ECS agent, as the host reaches it.") \
        X(container_endpoint, "ROLEWATCH_CONTAINER_ENDPOINT", "http://169.254.170.2", \
          "The container endpoint: the same endpoint, as containers reach it.") \
        X(audit_log,          "ROLEWATCH_AUDIT_LOG", DEFAULT_AUDIT_LOG, "Audit log of the ECS agent.") \
        X(needs,              "ROLEWATCH_NEEDS", DEFAULT_NEEDS, \
          "Directory of declared needs (*.json), or one such file; see rolewatch-needs(5).") \
        X(bundles,            "ROLEWATCH_BUNDLES", DEFAULT_BUNDLES, \
          "Directory of bundles with roles and policies (*.json), or one such file.") \
        X(definitions,        "ROLEWATCH_DEFINITIONS", DEFAULT_DEFINITIONS, \
          "Directory of task definitions (*.json), or one such file.") \
        X(cache,              "ROLEWATCH_CACHE", DEFAULT_CACHE, \
          "Directory for cached responses. Responses of IAM are kept for one hour, those of ECS for one day, and refusals for ten " \
          "minutes, plus up to half of that at random. The directory must exist, belong to the user, and not be writable by others; " \
          "otherwise nothing is cached.") \
        X(proc,               "ROLEWATCH_PROC", "/proc", "Where procfs is mounted.") \
        X(ca_file,            "AWS_CA_BUNDLE", NULL, "File of CA certificates for AWS services, in place of the system's.")

/* The same; a value that is not empty turns it on. */
#define ENVIRONMENT_SWITCHES(X) \
        X(ecs,     "ROLEWATCH_ECS", "Query ECS, with the credentials of the instance role, for task definitions that no file contains, and " \
          "for the overrides of tasks.") \
        X(iam,     "ROLEWATCH_IAM", "Query IAM, with the credentials of the instance role, for the policies of roles that no bundle contains.") \
        X(imds_v1, "ROLEWATCH_IMDS_V1", "Use IMDSv1 to read the host's identity where IMDSv2 gives no token.")

/* Read elsewhere: name, default, what it is. */
#define ENVIRONMENT_OTHERS(X) \
        X("ROLEWATCH_BROKER", BROKER_SOCKET_PATH, \
          "Socket of the broker. If it is set, root uses the broker, too.") \
        X("ROLEWATCH_CONF", NULL, \
          "Settings in the format of rolewatch.conf, read after the files. For a container, whose task definition then has them.") \
        X("ROLEWATCH_CONTAINERD_STATE", NULL, \
          "State directory of a containerd that is neither below /run/containerd nor below /run/docker; read by the broker.") \
        X("ROLEWATCH_DOCKER_ROOT", NULL, \
          "Data root of a Docker that does not keep it in /var/lib/docker; read by the broker.") \
        X("AWS_ACCESS_KEY_ID", NULL, "With AWS_SECRET_ACCESS_KEY, the credentials of bundle, and of roles in place of the instance role's.") \
        X("AWS_SECRET_ACCESS_KEY", NULL, "Secret access key of AWS_ACCESS_KEY_ID.") \
        X("AWS_SESSION_TOKEN", NULL, "Session token of these credentials, if they are temporary.") \
        X("AWS_REGION", NULL, "Region of bundle, and of roles if the instance's region is not known.") \
        X("AWS_DEFAULT_REGION", NULL, "Region of bundle, if AWS_REGION is not set.") \
        X("AWS_ENDPOINT_URL", NULL, "Endpoint of all AWS services.") \
        X("AWS_ENDPOINT_URL_%s", NULL, \
          "Endpoint of one AWS service (%s is IAM, ECS and so on). It takes precedence over AWS_ENDPOINT_URL.") \
        X("ROLEWATCH_LOG_LEVEL", "info", \
          "Least severe messages about rolewatch itself that are logged: error, warning, info or debug. It overrides log_level of rolewatch.conf.") \
        X("COLUMNS", NULL, "The width of a terminal that does not report one.") \
        X("TERM", NULL, "If it is \"dumb\", output has no color.") \
        X("NO_COLOR", NULL, "If it is not empty, output has no color, even on a terminal.")
