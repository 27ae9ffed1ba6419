/* helper_tree -- directories of tests, without another process: a shell would be one more child for an event loop. */
#pragma once

/* Makes the directories above a path. */
void tree_make_above(const char *path);
/* With all that is below it, without following links; nothing there is fine, too. 0, or -1 with errno. */
int tree_remove(const char *path);
