/*
 * environment -- the variables that rolewatch reads. One row each: the code's
 * default, and what rolewatch(1) says of it (packaging/pages writes it there).
 */
#pragma once
#include "rolewatch/broker.h"

/* Where things are unless a setting or a variable says otherwise; for config.h, too. */
#define DEFAULT_AUDIT_LOG "/var/log/ecs/audit.log"
#define DEFAULT_NEEDS "/etc/rolewatch/needs.d"
#define DEFAULT_BUNDLES "/etc/rolewatch/bundles.d"
#define DEFAULT_DEFINITIONS "/etc/rolewatch/definitions.d"
#define DEFAULT_CACHE "/var/cache/rolewatch"

/* field of struct collect_settings, name, default, what it is; an empty value is the default. */
#define ENVIRONMENT_TEXTS(X) \
        X(imds,               "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254", "The instance metadata service.") \
        X(introspection,      "ROLEWATCH_INTROSPECTION_ENDPOINT", "http://127.0.0.1:51678", "The ECS agent's introspection.") \
        X(credentials,        "ROLEWATCH_CREDENTIALS_ENDPOINT", "http://127.0.0.1:51679", \
          "The ECS agent's credentials endpoint as the host reaches it.") \
        X(container_endpoint, "ROLEWATCH_CONTAINER_ENDPOINT", "http://169.254.170.2", "The same as containers reach it.") \
        X(audit_log,          "ROLEWATCH_AUDIT_LOG", DEFAULT_AUDIT_LOG, "The agent's audit log.") \
        X(needs,              "ROLEWATCH_NEEDS", DEFAULT_NEEDS, \
          "Declared needs, a folder of *.json or one such file; see rolewatch-needs(5).") \
        X(bundles,            "ROLEWATCH_BUNDLES", DEFAULT_BUNDLES, \
          "Bundles of roles and policies, a folder of *.json or one such file.") \
        X(definitions,        "ROLEWATCH_DEFINITIONS", DEFAULT_DEFINITIONS, \
          "Task definitions, a folder of *.json or one such file.") \
        X(cache,              "ROLEWATCH_CACHE", DEFAULT_CACHE, \
          "A folder for what IAM answered, kept for an hour or a little more by chance, and ECS, for a day or more; refusals for " \
          "ten minutes. It is " \
          "used where it is there, is the user's own and nobody else may write to it.") \
        X(proc,               "ROLEWATCH_PROC", "/proc", "Another place of /proc.") \
        X(ca_file,            "AWS_CA_BUNDLE", NULL, "Certificates by which AWS's services are known; the system's.")

/* The same; not empty switches it on. */
#define ENVIRONMENT_SWITCHES(X) \
        X(ecs,     "ROLEWATCH_ECS", "Ask ECS, with the keys of the instance role, for definitions that no file has, and " \
          "for the overrides of tasks.") \
        X(iam,     "ROLEWATCH_IAM", "Ask IAM, with the keys of the instance role, for the policies of roles that no bundle has.") \
        X(imds_v1, "ROLEWATCH_IMDS_V1", "Ask IMDSv1 for the host's own identity when no token can be had.")

/* Read elsewhere: name, default, what it is. */
#define ENVIRONMENT_OTHERS(X) \
        X("ROLEWATCH_BROKER", BROKER_SOCKET_PATH, \
          "The broker's socket. Set for root, it makes root ask the broker, too.") \
        X("ROLEWATCH_CONTAINERD_STATE", NULL, \
          "The state directory of a containerd that keeps it elsewhere than below /run/containerd or /run/docker; read by the broker.") \
        X("AWS_ACCESS_KEY_ID", NULL, "With AWS_SECRET_ACCESS_KEY, the keys for bundle, and for roles where they are set.") \
        X("AWS_SECRET_ACCESS_KEY", NULL, "The secret of that key.") \
        X("AWS_SESSION_TOKEN", NULL, "The session token of that key, where it has one.") \
        X("AWS_REGION", NULL, "The region of bundle, and of roles where the instance does not say its own.") \
        X("AWS_DEFAULT_REGION", NULL, "The same for bundle, where AWS_REGION is not set.") \
        X("AWS_ENDPOINT_URL", NULL, "Another place of all of AWS's services.") \
        X("AWS_ENDPOINT_URL_%s", NULL, \
          "Another place of one service (%s is IAM, ECS and so on); it goes before AWS_ENDPOINT_URL.") \
        X("ROLEWATCH_LOG_LEVEL", "info", \
          "Which lines about rolewatch itself are logged: error, warning, info or debug. It overrides log_level of rolewatch.conf.") \
        X("TERM", NULL, "\"dumb\": no colour.") \
        X("NO_COLOR", NULL, "Not empty: no colour, also on a terminal.")
