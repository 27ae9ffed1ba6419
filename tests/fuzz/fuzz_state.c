/* The state file, as the daemon finds it at its start, and as it leaves it again. fuzz: dict=json max_len=8192 */
#include <fcntl.h>
#include <stdlib.h>
#include "../../agent/daemon/room.h"
#include "fuzz.h"

static const char *const words[] = { "open", "object", "since", "told", "id", "wrong-role", "call-would-fail", "severity", "message",
                                     "containerId", "remedy", "rolewatch-state", "metrics", "web/app", "\x1b[2J" };
FUZZ_MUTATOR(json, words)

#define NOT_OURS "not one of rolewatch: what was told before is forgotten"
static char path[] = "/dev/shm/fuzz-state-XXXXXX";
static void path_gone(void) { unlink(path); }

static void put(const uint8_t *data, size_t size)
{
        static bool made;
        int fd = made ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : mkstemp(path);

        if (!made)
                CLAIM(atexit(path_gone) == 0);
        made = true;
        CLAIM(fd >= 0 && write(fd, data, size) == (ssize_t)size);
        close(fd);
}

/* The fault is known already: only its time moves, and no journal is written to. */
static void begin(struct daemon *d, struct config *c)
{
        c->text[SETTING_STATE] = path;
        d->config = c;
        d->n_errors = 1;
        d->errors[0] = (struct fault){ .what = "state file", .text = NOT_OURS };
        CALM;
        CLAIM(ledger_new(&d->ledger) == 0);
}

static char *open_ones(const struct ledger *l)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        char *text;

        CLAIM(ledger_to_json(l, &j) == 0);
        text = cJSON_PrintUnformatted(j);
        CLAIM(text);
        return text;
}

/* What is written at the end of a run is found at the start of the next one. */
static void claim_again(struct daemon *d)
{
        CALM;
        static struct daemon next;
        CLEANUP(freep) char *before = open_ones(d->ledger), *after = NULL;

        fuzz_says(0, before);
        begin(&next, d->config);
        state_write(d);
        CLAIM(d->errors[0].text[0] == '\0');
        CLAIM(state_read(&next) == 0 && next.errors[0].at_s == 0);
        after = open_ones(next.ledger);
        CLAIM(streq(before, after));
        ledger_free(TAKE(next.ledger));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct daemon d;
        static struct config c;
        struct ledger *first;
        int r;

        put(data, size);
        begin(&d, &c);
        first = d.ledger;
        r = state_read(&d);
        FUZZ_ERROR(r);
        fuzz_says(r, NULL);
        CLAIM(r == 0 || r == -ENOMEM);
        /* All of it or nothing of it; what is not ours is said. */
        CLAIM(d.ledger && (d.ledger != first || ledger_count(d.ledger) == 0));
        CLAIM(r < 0 || d.ledger != first || d.errors[0].at_s > 0);
        if (r == 0)
                claim_again(&d);
        ledger_free(TAKE(d.ledger));
        d = (struct daemon){ 0 };
        return 0;
}
