/* /proc/PID/stat and status; a name may hold any byte. fuzz: max_len=2048 dict=proc */
#include "rolewatch/io.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) char *in = fuzz_text(data, size);
        struct proc_stat st;
        struct proc_ids ids;

        if (proc_stat_parse(in, size, &st) == 0) {
                CLAIM(st.comm > in && st.comm + st.comm_len < in + size);
                CLAIM(st.comm[-1] == '(' && st.comm[st.comm_len] == ')');
        }
        if (proc_ids_parse(in, &ids) == 0)
                CLAIM(ids.n_groups <= GROUPS_MAX);
        return 0;
}
