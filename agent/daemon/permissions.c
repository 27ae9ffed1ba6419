/* permissions -- which permissions the daemon has on this host and which are missing, each with its remedy. For status. */
#include "daemon_internal.h"
#include "rolewatch/aws_calls.h"

/* 1: held; 0: missing; -1: it was not needed yet. */
static int broker_granted(const struct daemon *d) { return broker_link_error(d->broker) == 0; }
static int environ_granted(const struct daemon *d)
{
        if (!d->scan.last.processes)
                return -1;
        return d->scan.last.env_denied == 0;
}
static int sockets_granted(const struct daemon *d)
{
        if (!d->scan.last.namespaces || !d->cs.probe)
                return -1;
        return d->scan.last.net_denied == 0;
}
static int events_granted(const struct daemon *d)
{
        if (!d->config->number[SETTING_EVENTS])
                return -1;
        return d->kernel_events.events != NULL;
}
static int journal_granted(const struct daemon *d)
{
        if (!d->config->number[SETTING_CONTAINER_LOGS])
                return -1;
        return d->call_evidence.lines ? 1 : container_logs_need_journal(d) ? 0 : -1;
}

struct permission_row { const char *name, *what, *add; int (*granted)(const struct daemon *d); };
static const struct permission_row permissions[] = {
        { "broker", "reading environments, files and network namespaces of container processes",
          "run systemctl enable --now rolewatch-broker.socket; in an ECS task, start the container of the broker", broker_granted },
        { "CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH", "reading the environment of each process",
          "add them to AmbientCapabilities= and CapabilityBoundingSet= of rolewatch-broker.service; in an ECS task, to linuxParameters of the broker",
          environ_granted },
        { "CAP_SYS_ADMIN", "testing endpoints from inside the containers' network namespaces",
          "add it to AmbientCapabilities= and CapabilityBoundingSet= of rolewatch-broker.service (in an ECS task, to linuxParameters of the broker), or set "
          "probe_endpoints = no",
          sockets_granted },
        { "CAP_BPF, CAP_PERFMON", "kernel events, which let rolewatch judge processes as they start",
          "add them to AmbientCapabilities= and CapabilityBoundingSet= of rolewatch-broker.service (in an ECS task, SYS_ADMIN to linuxParameters of the "
          "broker)", events_granted },
        { "systemd-journal", "reading the containers' journal entries, if a container without a log file has Docker's log driver journald",
          "add SupplementaryGroups=systemd-journal to rolewatch.service; in an ECS task, set container_logs = no: logs are not visible there",
          journal_granted },
};

static bool add_permission(cJSON *list, const struct permission_row *row, bool granted)
{
        cJSON *o = cJSON_CreateObject();

        return o && cJSON_AddItemToArray(list, o) && cJSON_AddStringToObject(o, "name", row->name) &&
               cJSON_AddStringToObject(o, "for", row->what) && cJSON_AddBoolToObject(o, "held", granted) &&
               (granted || cJSON_AddStringToObject(o, "add", row->add));
}

/* "iam:GetRole of web: AccessDenied: ..."; a timeout or throttling is not a missing permission. */
static bool refused(const char *error) { return error && strstr(error, ": AccessDenied"); }

/* A call that AWS has refused: the statement that would allow it. */
static bool add_call(const struct daemon *d, cJSON *list, const char *error)
{
        const struct host *h = d->scan.facts ? &d->scan.facts->host : NULL;
        int call = refused(error) ? aws_call_named(error) : -ENOENT;
        struct aws_scope scope = { .namespace = d->config->text[SETTING_NAMESPACE] };
        cJSON *o = call < 0 ? NULL : cJSON_CreateObject(), *statement;

        if (call < 0)
                return true;
        if (h) {
                scope.partition = h->partition;
                scope.region = h->region;
                scope.account = h->account;
                scope.cluster = h->cluster;
        }
        statement = aws_statement(aws_call_part((enum aws_call)call), &scope);
        if (!o || !statement || !cJSON_AddItemToArray(list, o) || !cJSON_AddItemToObject(o, "statement", statement)) {
                cJSON_Delete(statement);
                return false;
        }
        return cJSON_AddStringToObject(o, "name", aws_call_action((enum aws_call)call)) &&
               cJSON_AddStringToObject(o, "for", aws_part_when(aws_call_part((enum aws_call)call))) &&
               cJSON_AddBoolToObject(o, "held", false) && cJSON_AddStringToObject(o, "error", error);
}

bool permissions_add(const struct daemon *d, cJSON *state)
{
        cJSON *list = cJSON_AddArrayToObject(state, "permissions");
        bool good = list != NULL;

        for (size_t i = 0; good && i < ARRAY_SIZE(permissions); i++) {
                int granted = permissions[i].granted(d);

                good = granted < 0 || add_permission(list, &permissions[i], granted);
        }
        for (size_t i = 0; good && i < ERRORS_MAX && i < d->errors.n; i++)
                good = add_call(d, list, d->errors.list[i].text);
        if (good && d->scan.facts)
                good = add_call(d, list, d->scan.facts->host.policies_error) && add_call(d, list, d->scan.facts->host.definitions_error);
        return good;
}
