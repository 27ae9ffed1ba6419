/* rolewatch watch, and rolewatch config: the daemon and its settings. */
#include <stdio.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/daemon.h"

/* An exit status: 0 without faults, else EXIT_CONFIG with a line for each on stderr; ret is set wherever they could be read. */
static int settings_get(const char *file, struct config **ret)
{
        CLEANUP(conf_freep) struct config *c = NULL;
        int r = conf_read(file, &c);

        if (r < 0) {
                fprintf(stderr, "%s: %s\n", file, strerror(-r));
                return r == -ENOENT ? EXIT_CONFIG : EXIT_FAILURE;
        }
        for (size_t i = 0; i < c->n_faults; i++)
                fprintf(stderr, "%s\n", c->faults[i]);
        r = c->n_faults ? EXIT_CONFIG : 0;
        *ret = TAKE(c);
        return r;
}

int cmd_watch(int argc, char **argv)
{
        CLEANUP(conf_freep) struct config *c = NULL;
        const char *file = CONFIG_FILE, *path = getenv("ROLEWATCH_BROKER");
        int r;

        for (int i = 1; i < argc; i++) {
                if (streq(argv[i], "--config") && i + 1 < argc) {
                        file = argv[++i];
                } else {
                        fprintf(stderr, "usage: rolewatch watch [--config FILE]\n");
                        return EXIT_USAGE;
                }
        }
        r = settings_get(file, &c);
        if (r)
                return r;
        r = daemon_run(file, TAKE(c), path || geteuid() == 0 ? path : BROKER_SOCKET_PATH);
        if (r < 0)
                fprintf(stderr, "rolewatch watch: %s\n", strerror(-r));
        return r < 0 ? EXIT_FAILURE : 0;
}

int cmd_config(int argc, char **argv)
{
        CLEANUP(conf_freep) struct config *c = NULL;
        const char *file = CONFIG_FILE;
        bool print = false;
        int r;

        for (int i = 1; i < argc; i++) {
                if (streq(argv[i], "--print")) {
                        print = true;
                } else if (streq(argv[i], "--config") && i + 1 < argc) {
                        file = argv[++i];
                } else if (!streq(argv[i], "--check")) {
                        fprintf(stderr, "usage: rolewatch config [--check] [--print] [--config FILE]\n");
                        return EXIT_USAGE;
                }
        }
        r = settings_get(file, &c);
        for (size_t i = 0; c && i < c->n_warnings; i++)
                fprintf(stderr, "%s\n", c->warnings[i]);
        if (c && print && conf_print(c, stdout) < 0)
                return EXIT_UNKNOWN;
        return r;
}
