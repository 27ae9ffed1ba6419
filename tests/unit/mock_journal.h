/* mock_journal -- in place of the library's call: no unit test writes into the journal of its machine. */
#pragma once
#include <stddef.h>

extern size_t mock_journal_entries;    /* so many were sent */
