/* rolewatch watch: the daemon, in the foreground. */
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/daemon.h"

#define WATCH_OPTIONS(X) \
        X(TEXT, config, "config", 'c', "FILE", "read the settings from FILE instead of " CONFIG_FILE)
OPTION_TABLE(WATCH_OPTIONS)

static int run_watch(const struct arguments *a)
{
        CLEANUP(conf_freep) struct config *c = NULL;
        const struct options *o = a->options;
        const char *file = o->config ? o->config : CONFIG_FILE, *path = getenv("ROLEWATCH_BROKER");
        int r = settings_get(a, file, &c);

        if (r)
                return r;
        r = daemon_run(file, TAKE(c), path || geteuid() == 0 ? path : BROKER_SOCKET_PATH);
        if (r < 0)
                command_error(a, "the daemon failed: %s; see 'journalctl -u rolewatch'", strerror(-r));
        return r < 0 ? EXIT_FAILURE : 0;
}

const struct command command_watch = {
        .name = "watch", .operands = "", .help = "run the daemon, which reports new, changed and cleared findings to the journal",
        COMMAND_OPTIONS, .run = run_watch,
        .exits = { { 0, "the daemon was stopped" }, { 1, "the daemon failed, or the file of the settings could not be read" }, { 78, "the "
                "settings have errors, each named with its file and line, or the file does not exist" } },
        .examples = { "rolewatch watch --config ./rolewatch.conf --verbose" },
};
