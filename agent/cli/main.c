/* rolewatch: which credentials really win, in every process of every container. */
#include <sys/prctl.h>
#include "commands.h"

int main(int argc, char **argv)
{
        /* Most commands hold other programs' environments for a moment: no core, no ptrace by others. */
        prctl(PR_SET_DUMPABLE, 0);
        return command_line_run(&command_table, argc, argv);
}
