#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "helper_tree.h"

void tree_make_above(const char *path)
{
        char above[256];

        for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
                snprintf(above, sizeof above, "%.*s", (int)(slash - path), path);
                mkdir(above, 0700);
        }
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
        (void)st, (void)type, (void)at;
        return remove(path);
}

int tree_remove(const char *path)
{
        int r = nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);

        return r < 0 && errno == ENOENT ? 0 : r;
}
