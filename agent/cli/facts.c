/* What a command judges: this host, or a saved snapshot, which is untrusted input. */
#include "cli_internal.h"
#include "rolewatch/account.h"
#include "rolewatch/io.h"
#include "rolewatch/net.h"

static int facts_saved(const struct arguments *a, const char *path, struct snapshot **ret)
{
        int r = facts_from_file(path, ret);

        if (r == -EBADMSG)
                command_error(a, "%s is not a snapshot; save one with 'rolewatch snapshot --output FILE'", path);
        else if (r < 0)
                command_error(a, "cannot read the snapshot %s: %s", path, strerror(-r));
        return r;
}

/*
 * Members of the group rolewatch, whom the broker does not serve, get a scan without secrets. 1: there is none for this user; 0;
 * -errno: it failed.
 */
static int facts_of_member(const struct arguments *a, struct snapshot **ret)
{
        CLEANUP(closep) int fd = -1;
        int r;

        if (facts_request(SNAPSHOT_SOCKET_PATH, &fd) < 0)
                return 1;
        r = facts_receive(fd, ret);
        if (r < 0)
                command_error(a, "cannot get a scan of this host from %s: %s; run journalctl -u 'rolewatch-snapshot@*' to see why", SNAPSHOT_SOCKET_PATH,
                              r == -ENODATA || r == -EBADMSG ? "it ended early" : strerror(-r));
        return r;
}

/* Root runs the broker's table in this process; the daemon's user asks the broker. *ret_error: why there is none. */
static struct broker *facts_broker(const char *path, int *ret_error)
{
        struct broker *b = NULL;

        *ret_error = geteuid() == 0 && !path ? broker_local(&b) : broker_connect(path ? path : BROKER_SOCKET_PATH, &b);
        return b;
}

static void broker_missing(const struct arguments *a, const char *path, int error)
{
        command_error(a, "cannot connect to the broker at %s: %s; environments, files and network namespaces of containers "
                         "are not visible: %s", path ? path : BROKER_SOCKET_PATH, strerror(-error),
                      error == -EACCES ? "run as root or as a member of the group rolewatch, with rolewatch-snapshot.socket started"
                                       : "run as root, or start rolewatch-broker.socket");
}

int facts_get(const struct arguments *a, const char *from, struct snapshot **ret)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        const char *path = getenv("ROLEWATCH_BROKER");
        struct collect_settings cs;
        int r;

        if (from)
                return facts_saved(a, from, ret);
        b = facts_broker(path, &r);
        if (r == -EACCES && !path) {
                int member = facts_of_member(a, ret);
                if (member <= 0)
                        return member;
        }
        if (r < 0)
                broker_missing(a, path, r);
        collect_settings_default(&cs);
        r = scan_host_once(&cs, b, ret);
        if (r < 0)
                command_error(a, "cannot scan this host: %s", net_error_to_string(r));
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
