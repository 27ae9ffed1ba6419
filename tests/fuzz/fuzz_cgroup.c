/* Lines of /proc/PID/cgroup. fuzz: max_len=1024 dict=proc */
#include "rolewatch/cgroup.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) char *in = fuzz_text(data, size);
        struct cgroup_location location = { "" };

        if (!cgroup_parse(in, size, &location))
                return 0;
        CLAIM(strlen(location.container) == CONTAINER_ID_LEN);
        CLAIM(strspn(location.container, "0123456789abcdef") == CONTAINER_ID_LEN);
        CLAIM(memmem(data, size, location.container, CONTAINER_ID_LEN));
        return 0;
}
