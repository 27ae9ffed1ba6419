/* The settings of the daemon, as watch and config read them. */
#include "cli_internal.h"
#include "rolewatch/config.h"

int settings_get(const struct arguments *a, const char *file, struct config **ret)
{
        CLEANUP(conf_freep) struct config *c = NULL;
        int r = conf_read(file, &c);

        if (r < 0) {
                command_error(a, "cannot read the settings %s: %s", file, strerror(-r));
                return r == -ENOENT ? EXIT_CONFIG : EXIT_FAILURE;
        }
        for (size_t i = 0; i < c->n_errors; i++)
                fprintf(stderr, "%s\n", c->errors[i]);
        r = c->n_errors ? EXIT_CONFIG : 0;
        *ret = TAKE(c);
        return r;
}
