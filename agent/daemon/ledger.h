/*
 * ledger -- what has been told of which finding, so that each is told when it
 * appears, changes and clears, and once a day, and not at every look. Pure but
 * for memory.
 */
#pragma once
#include "rolewatch/notice.h"

struct ledger_rules {
        int64_t hold_s;                /* absent for so long: cleared */
        int64_t reminder_s;
        unsigned per_hour;             /* events of one object; the others are counted */
};
struct ledger;
int ledger_new(struct ledger **ret);                   /* -ENOMEM */
void ledger_free(struct ledger *l);                    /* NULL ok */
DEFINE_CLEANUP(struct ledger *, ledger_free)

/*
 * One look. `known`: does this look tell whether an object is still so? What is
 * not known stays open. tell is called for each event; where it returns less than
 * 0 the event is owed: it is told again at the next look or lapse. -ENOMEM.
 */
int ledger_look(struct ledger *l, const struct ledger_rules *rules, int64_t now_s, const struct notice *notices,
                size_t n, bool (*known)(void *userdata, const char *container_id, enum finding_kind kind),
                int (*tell)(void *userdata, enum notice_event e, const struct notice *n), void *userdata);
/*
 * Between looks, of single findings. What a look has not seen yet after a
 * restart is left alone by all of these.
 */
int ledger_note(struct ledger *l, const struct ledger_rules *rules, int64_t now_s, const struct notice *n,
                int (*tell)(void *userdata, enum notice_event e, const struct notice *n), void *userdata);
bool ledger_has(const struct ledger *l, const char *object);
/* It still lives. That is no news of what the last look would have found, and did not. */
void ledger_seen(struct ledger *l, uint64_t object, int64_t now_s);      /* digest_of the object */
/* It was seen to happen: its certainty rises, and perhaps its severity. */
int ledger_observe(struct ledger *l, const struct ledger_rules *rules, int64_t now_s, uint64_t object,
                   int (*tell)(void *userdata, enum notice_event e, const struct notice *n), void *userdata);
/* What is owed is told; what the last look did not find is cleared after the hold, and what is about processes that were not seen for so long. */
void ledger_lapse(struct ledger *l, const struct ledger_rules *rules, int64_t now_s,
                  int (*tell)(void *userdata, enum notice_event e, const struct notice *n), void *userdata);
/* What is open, by kind. */
void ledger_tally(const struct ledger *l, struct open_findings *ret);
size_t ledger_count(const struct ledger *l);           /* open ones */
uint64_t ledger_suppressed(const struct ledger *l);    /* events that were not told */
/* A list of open findings with their since and told; and back. -EBADMSG: not such a list. */
int ledger_to_json(const struct ledger *l, cJSON **ret);
int ledger_from_json(const cJSON *list, struct ledger **ret);
