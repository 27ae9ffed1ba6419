/* What a command judges: this host, or a saved snapshot, which is foreign input. */
#include <stdio.h>
#include "cli_internal.h"
#include "rolewatch/account.h"
#include "rolewatch/io.h"

static int facts_from(const char *path, struct snapshot **ret)
{
        CLEANUP(freep) char *buf = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        size_t len = 0;
        int r = read_file(&(struct file_request){ AT_FDCWD, path, SNAPSHOT_LIMIT_BYTES, OPEN_REGULAR_ONLY }, &buf, &len);

        if (r == 0)
                r = json_parse(buf, len, &j);
        if (r == 0)
                r = model_from_json(j, ret);
        if (r < 0)
                fprintf(stderr, "rolewatch: %s: %s\n", path,
                        r == -EBADMSG ? "not a snapshot of rolewatch" : strerror(-r));
        return r;
}

/* Root runs the broker's table in this process; others ask the broker. */
static struct broker *broker_get(void)
{
        const char *path = getenv("ROLEWATCH_BROKER");
        struct broker *b = NULL;
        int r;

        if (geteuid() == 0 && !path)
                r = broker_local(&b);
        else
                r = broker_connect(path ? path : BROKER_SOCKET_PATH, &b);
        if (r < 0)
                fprintf(stderr,
                        "rolewatch: no broker (%s): environments, files and namespaces of "
                        "containers cannot be "
                        "seen; run as root, or start rolewatch-broker.socket\n",
                        strerror(-r));
        return b;
}

int facts_get(const char *from, struct snapshot **ret)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        struct collect_settings cs;
        int r;

        if (from)
                return facts_from(from, ret);
        b = broker_get();
        collect_settings_default(&cs);
        r = scan_host_once(&cs, b, ret);
        if (r < 0)
                fprintf(stderr, "rolewatch: the host could not be read: %s\n", strerror(-r));
        return r;
}
