/* Facts of the administrator's files alone: declared needs and bundles. */
#include "account_internal.h"

int account_files_read(struct snapshot *s, const struct account_files *files)
{
        int r = files->needs ? needs_of_path(s, files->needs) : 0;

        if (r == 0)
                r = roles_of_snapshot(s);
        for (size_t i = 0; r == 0 && i < files->n_bundles; i++)
                r = bundles_of_path(s, files->bundles[i]);
        return r;
}
