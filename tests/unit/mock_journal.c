#include <systemd/sd-journal.h>
#include "mock_journal.h"

size_t mock_journal_entries;

int sd_journal_sendv_with_location(const char *file, const char *line, const char *function, const struct iovec *iov, int n)
{
        (void)file, (void)line, (void)function, (void)iov, (void)n;
        mock_journal_entries++;
        return 0;
}
