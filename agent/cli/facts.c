/* What a command judges: this host, or a saved snapshot, which is untrusted input. */
#include "cli_internal.h"
#include "rolewatch/account.h"
#include "rolewatch/io.h"

static int facts_from(const struct arguments *a, const char *path, struct snapshot **ret)
{
        CLEANUP(freep) char *buf = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        size_t len = 0;
        int r = read_file(&(struct file_request){ AT_FDCWD, path, SNAPSHOT_LIMIT_BYTES, OPEN_REGULAR_ONLY }, &buf, &len);

        if (r == 0)
                r = json_parse(buf, len, &j);
        if (r == 0)
                r = model_from_json(j, ret);
        if (r == -EBADMSG)
                command_error(a, "%s is not a snapshot; save one with 'rolewatch snapshot --output FILE'", path);
        else if (r < 0)
                command_error(a, "cannot read the snapshot %s: %s", path, strerror(-r));
        return r;
}

/* Root runs the broker's table in this process; other users ask the broker. */
static struct broker *facts_broker(const struct arguments *a)
{
        const char *path = getenv("ROLEWATCH_BROKER");
        bool local = geteuid() == 0 && !path;
        struct broker *b = NULL;
        int r;

        if (!path)
                path = BROKER_SOCKET_PATH;
        r = local ? broker_local(&b) : broker_connect(path, &b);
        if (r < 0)
                command_error(a, "cannot connect to the broker at %s: %s; environments, files and network namespaces of containers "
                                 "are not visible: run as root, or start rolewatch-broker.socket", path, strerror(-r));
        return b;
}

int facts_get(const struct arguments *a, const char *from, struct snapshot **ret)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        struct collect_settings cs;
        int r;

        if (from)
                return facts_from(a, from, ret);
        b = facts_broker(a);
        collect_settings_default(&cs);
        r = scan_host_once(&cs, b, ret);
        if (r < 0)
                command_error(a, "cannot scan this host: %s", strerror(-r));
        return r;
}

int verdicts_get(const struct arguments *a, const char *from, struct snapshot **ret_facts, struct verdicts **ret)
{
        int r = facts_get(a, from, ret_facts);

        if (r < 0)
                return r;
        r = judge(*ret_facts, ret);
        if (r < 0)
                command_error(a, "cannot judge the facts: %s", strerror(-r));
        return r;
}
