/* room -- what the files of the daemon share. */
#pragma once
#include <systemd/sd-event.h>
#include "ledger.h"
#include "rolewatch/daemon.h"

#define ERRORS_MAX 8                   /* last ones, for status */
struct fault { int64_t at_s; const char *what; char text[256]; };

struct daemon {
        const char *config_file;
        struct config *config;
        struct collect_settings cs;
        struct sdk_cache *sdks;
        struct broker *broker;
        struct ledger *ledger;
        sd_event *event;
        sd_event_source *sweep;
        int64_t started_s;
        uint64_t looks;
        struct fault errors[ERRORS_MAX];
        size_t n_errors;               /* all that were noted; the last ERRORS_MAX are kept */
};
/* What one look came to, while it is told. */
struct outcome {
        struct daemon *d;
        const struct verdicts *v;
        struct metrics metrics;
        int64_t now_s;
        unsigned ms;
};

/* Notes a fault of rolewatch itself; the same one again only moves its time. Also to the journal, once. */
void fault_note(struct daemon *d, const char *what, const char *text);
/* Collects, judges, tells, and writes what is kept. -ENOMEM; other faults are noted. */
int look_once(struct daemon *d);
/* state.c: the state file and the Prometheus file, each whole or not at all. */
void state_write(const struct outcome *o);
/* What was told before a restart; nothing is fine, too. -ENOMEM. */
int state_read(struct daemon *d);
int file_replace(const char *path, const char *text, size_t len, unsigned mode);       /* -errno */
