#include <stdio.h>
#include "ledger.h"
#include "rolewatch/digest.h"

#define ENTRIES_MAX 16384              /* open findings; more are not told one by one */
#define TEXT_MAX 4096

struct entry {
        char *object;
        uint64_t digest;               /* of the object */
        char *of[NOTICE_MAX];
        int64_t since_s, told_s, seen_s, hour;  /* told_s 0: not yet */
        unsigned in_hour;
        bool now;                      /* in the look at hand */
        bool gone;                     /* a look that saw all did not find it: that its process lives is no sign of it */
        bool owed;                     /* what was to be told last could not be */
};
struct ledger {
        struct entry *list;
        size_t n, cap;
        uint64_t suppressed;
};

/* A change of these is an event; messages change with every pid. */
static const enum notice_field signs[] = { NOTICE_FINDING, NOTICE_SEVERITY, NOTICE_CERTAINTY, NOTICE_WINNER,
                                           NOTICE_EXPECTED, NOTICE_ACTION, NOTICE_RESOURCE };

int ledger_new(struct ledger **ret)
{
        *ret = calloc(1, sizeof **ret);
        return *ret ? 0 : -ENOMEM;
}

static void entry_done(struct entry *e)
{
        free(e->object);
        for (int i = 0; i < NOTICE_MAX; i++)
                free(e->of[i]);
}

void ledger_free(struct ledger *l)
{
        for (size_t i = 0; l && i < l->n; i++)
                entry_done(&l->list[i]);
        if (l)
                free(l->list);
        free(l);
}

size_t ledger_count(const struct ledger *l) { return l->n; }
uint64_t ledger_suppressed(const struct ledger *l) { return l->suppressed; }

static struct entry *entry_find(struct ledger *l, const char *object)
{
        for (size_t i = 0; i < l->n; i++)
                if (streq(l->list[i].object, object))
                        return &l->list[i];
        return NULL;
}

/* For those that remember no more of it than a digest. */
static struct entry *entry_of(struct ledger *l, uint64_t object)
{
        for (size_t i = 0; i < l->n; i++)
                if (l->list[i].digest == object)
                        return &l->list[i];
        return NULL;
}

static int entry_fill(struct entry *e, const struct notice *n)
{
        for (int i = 0; i < NOTICE_MAX; i++) {
                char *copy;

                if (n->of[i] == e->of[i])
                        continue;
                copy = n->of[i] ? strdup(n->of[i]) : NULL;
                if (n->of[i] && !copy)
                        return -ENOMEM;
                free(e->of[i]);
                e->of[i] = copy;
        }
        return 0;
}

/* NULL: no memory, or there are too many. */
static struct entry *entry_add(struct ledger *l, const char *object)
{
        CLEANUP(freep) char *copy = strdup(object);
        uint64_t digest = digest_of(object, strlen(object));

        if (!copy || !digest)
                return NULL;
        if (l->n == l->cap) {
                size_t cap = l->cap ? l->cap * 2 : 16;
                struct entry *bigger = cap <= ENTRIES_MAX ? reallocarray(l->list, cap, sizeof *bigger) : NULL;

                if (!bigger)
                        return NULL;
                l->list = bigger;
                l->cap = cap;
        }
        l->list[l->n] = (struct entry){ .object = TAKE(copy), .digest = digest };
        return &l->list[l->n++];
}

static bool differs(const struct entry *e, const struct notice *n)
{
        for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
                if (!streq(e->of[signs[i]], n->of[signs[i]]))
                        return true;
        return false;
}

struct telling {
        struct ledger *l;
        const struct ledger_rules *rules;
        int64_t now_s;
        int (*tell)(void *userdata, enum notice_event e, const struct notice *n);
        void *userdata;
};

/* Told, or one too many in this hour. The first that is told of a finding is that it appeared. */
static bool tell(const struct telling *t, struct entry *e, enum notice_event event)
{
        struct notice n = { .object = e->object };
        bool told;

        if (!e->told_s && event != EVENT_CLEARED)
                event = EVENT_APPEARED;
        for (int i = 0; i < NOTICE_MAX; i++)
                n.of[i] = e->of[i];
        if (t->now_s / 3600 != e->hour) {
                e->hour = t->now_s / 3600;
                e->in_hour = 0;
        }
        if (e->in_hour >= t->rules->per_hour) {
                t->l->suppressed++;
                e->owed = false;
                return true;
        }
        told = t->tell(t->userdata, event, &n) >= 0;
        /* A reminder and an end come again by themselves. */
        e->owed = !told && (event == EVENT_APPEARED || event == EVENT_CHANGED);
        if (!told)
                return false;
        e->in_hour++;
        e->told_s = t->now_s;
        return true;
}

static bool tell_owed(const struct telling *t, struct entry *e)
{
        return !e->owed || tell(t, e, EVENT_CHANGED);
}

/* It has an end only for those who have heard of it. */
static bool clear(const struct telling *t, struct entry *e)
{
        if (!tell_owed(t, e) || !tell(t, e, EVENT_CLEARED))
                return false;
        entry_done(e);
        return true;
}

/* A clock that was set back is no reason for a reminder, nor for silence. */
static bool due(int64_t now_s, int64_t since_s, int64_t term_s)
{
        return now_s >= since_s ? now_s - since_s >= term_s : since_s - now_s > term_s;
}

/* Once it was observed it stays so, while it is the same otherwise: the process that was seen may have gone. */
static void keep_observed(const struct entry *e, struct notice *n)
{
        const char *observed = certainty_word(CERTAINTY_OBSERVED);

        if (!streq(e->of[NOTICE_CERTAINTY], observed) || streq(n->of[NOTICE_CERTAINTY], observed) ||
            !streq(e->of[NOTICE_FINDING], n->of[NOTICE_FINDING]))
                return;
        n->of[NOTICE_CERTAINTY] = observed;
        n->of[NOTICE_SEVERITY] = severity_word(finding_severity_of(
                (enum finding_kind)finding_from_slug(n->of[NOTICE_FINDING]), CERTAINTY_OBSERVED));
}

static int note(const struct telling *t, const struct notice *found)
{
        struct notice copy = *found, *n = &copy;
        struct entry *e = entry_find(t->l, n->object);
        bool fresh = !e, changed;
        int r;

        if (fresh)
                e = entry_add(t->l, n->object);
        if (!e)
                return t->l->cap >= ENTRIES_MAX ? 0 : -ENOMEM;
        if (!fresh)
                keep_observed(e, n);
        changed = !fresh && differs(e, n);
        /* Of several groups with one name the first speaks. */
        if (!fresh && e->now)
                return 0;
        r = entry_fill(e, n);
        if (r < 0)
                return r;
        e->now = true;
        e->gone = false;
        e->seen_s = t->now_s;
        if (fresh)
                e->since_s = t->now_s;
        if (fresh || changed || e->owed)
                tell(t, e, EVENT_CHANGED);
        else if (due(t->now_s, e->told_s, t->rules->reminder_s))
                tell(t, e, EVENT_REMINDER);
        return 0;
}

static int kind_of(const struct entry *e) { return finding_from_slug(e->of[NOTICE_FINDING]); }

int ledger_look(struct ledger *l, const struct ledger_rules *rules, int64_t now_s, const struct notice *notices,
                size_t n, bool (*known)(void *userdata, const char *container_id, enum finding_kind kind),
                int (*teller)(void *userdata, enum notice_event e, const struct notice *n), void *userdata)
{
        const struct telling t = { l, rules, now_s, teller, userdata };
        size_t kept = 0;
        int r = 0;

        for (size_t i = 0; i < l->n; i++)
                l->list[i].now = false;
        for (size_t i = 0; r == 0 && i < n; i++)
                r = note(&t, &notices[i]);
        if (r < 0)
                return r;
        for (size_t i = 0; i < l->n; i++) {
                struct entry *e = &l->list[i];

                e->gone = !e->now && e->seen_s && known(userdata, e->of[NOTICE_CONTAINER_ID], (enum finding_kind)kind_of(e));
                if (!e->now && !e->gone)
                        e->seen_s = now_s;
                if (e->now || !due(now_s, e->seen_s, rules->hold_s) || !clear(&t, e))
                        l->list[kept++] = *e;
        }
        l->n = kept;
        return 0;
}

/* ---- between looks ---- */

int ledger_note(struct ledger *l, const struct ledger_rules *rules, int64_t now_s, const struct notice *n,
                int (*teller)(void *userdata, enum notice_event e, const struct notice *n), void *userdata)
{
        const struct telling t = { l, rules, now_s, teller, userdata };
        struct entry *e = entry_find(l, n->object);

        if (e)
                e->now = false;
        return note(&t, n);
}

bool ledger_has(const struct ledger *l, const char *object)
{
        return entry_find((struct ledger *)(uintptr_t)l, object) != NULL;
}

void ledger_seen(struct ledger *l, uint64_t object, int64_t now_s)
{
        struct entry *e = entry_of(l, object);

        if (e && e->seen_s && !e->gone)
                e->seen_s = now_s;
}

int ledger_observe(struct ledger *l, const struct ledger_rules *rules, int64_t now_s, uint64_t object,
                   int (*teller)(void *userdata, enum notice_event e, const struct notice *n), void *userdata)
{
        struct entry *e = entry_of(l, object);
        struct notice n = { .object = e ? e->object : NULL };
        enum finding_kind kind;

        if (!e || streq(e->of[NOTICE_CERTAINTY], certainty_word(CERTAINTY_OBSERVED)))
                return 0;
        for (int i = 0; i < NOTICE_MAX; i++)
                n.of[i] = e->of[i];
        kind = (enum finding_kind)finding_from_slug(n.of[NOTICE_FINDING]);
        n.of[NOTICE_CERTAINTY] = certainty_word(CERTAINTY_OBSERVED);
        if (finding_severity_of(kind, CERTAINTY_OBSERVED) != finding_severity(kind))
                n.of[NOTICE_SEVERITY] = severity_word(finding_severity_of(kind, CERTAINTY_OBSERVED));
        return ledger_note(l, rules, now_s, &n, teller, userdata);
}

static bool of_process(const struct entry *e) { return e->of[NOTICE_CONTAINER_ID] && e->of[NOTICE_PID]; }

void ledger_tally(const struct ledger *l, struct open_findings *ret)
{
        *ret = (struct open_findings){ .unknown_groups = 0 };
        for (size_t i = 0; i < l->n; i++) {
                enum finding_kind kind = (enum finding_kind)kind_of(&l->list[i]);
                int severity = severity_from_word(l->list[i].of[NOTICE_SEVERITY]);

                open_findings_add(ret, kind, severity < 0 ? finding_severity(kind) : (enum severity)severity);
        }
}

void ledger_lapse(struct ledger *l, const struct ledger_rules *rules, int64_t now_s,
                  int (*teller)(void *userdata, enum notice_event e, const struct notice *n), void *userdata)
{
        const struct telling t = { l, rules, now_s, teller, userdata };
        size_t kept = 0;

        for (size_t i = 0; i < l->n; i++) {
                struct entry *e = &l->list[i];
                bool mine = e->seen_s && (of_process(e) || e->gone);

                if (e->seen_s)
                        tell_owed(&t, e);
                if (!mine || !due(now_s, e->seen_s, rules->hold_s) || !clear(&t, e))
                        l->list[kept++] = *e;
        }
        l->n = kept;
}

/* ---- as JSON ---- */

static cJSON *entry_json(const struct entry *e)
{
        CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();
        bool good = o && cJSON_AddStringToObject(o, "object", e->object) &&
                    cJSON_AddNumberToObject(o, "since", (double)e->since_s) &&
                    cJSON_AddNumberToObject(o, "told", (double)e->told_s) &&
                    (!e->owed || cJSON_AddTrueToObject(o, "owed"));

        for (int i = 0; good && i < NOTICE_MAX; i++)
                if (e->of[i])
                        good = cJSON_AddStringToObject(o, notice_key((enum notice_field)i), e->of[i]) != NULL;
        return good ? TAKE(o) : NULL;
}

int ledger_to_json(const struct ledger *l, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *list = cJSON_CreateArray();

        for (size_t i = 0; list && i < l->n; i++) {
                cJSON *o = entry_json(&l->list[i]);

                if (!o || !cJSON_AddItemToArray(list, o))
                        return -ENOMEM;
        }
        *ret = TAKE(list);
        return *ret ? 0 : -ENOMEM;
}

static int entry_read(struct ledger *l, const cJSON *o)
{
        struct notice n = { .object = NULL };
        struct entry *e;
        const char *object;
        int64_t since, told;

        if (json_get_str(o, "object", TEXT_MAX, &object) < 0 || json_get_i64(o, "since", &since) < 0 ||
            json_get_i64(o, "told", &told) < 0)
                return -EBADMSG;
        for (int i = 0; i < NOTICE_MAX; i++)
                if (json_get_str(o, notice_key((enum notice_field)i), TEXT_MAX, &n.of[i]) < 0)
                        n.of[i] = NULL;
        if (!n.of[NOTICE_FINDING] || finding_from_slug(n.of[NOTICE_FINDING]) < 0)
                return -EBADMSG;
        e = entry_add(l, object);
        if (!e || entry_fill(e, &n) < 0)
                return -ENOMEM;
        e->since_s = since;
        e->told_s = told;              /* seen_s 0: not yet in this run, see ledger_look */
        e->owed = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "owed"));
        return 0;
}

int ledger_from_json(const cJSON *list, struct ledger **ret)
{
        CLEANUP(ledger_freep) struct ledger *l = NULL;
        const cJSON *o;
        int r = ledger_new(&l);

        if (r == 0 && !cJSON_IsArray(list))
                r = -EBADMSG;
        JSON_EACH(o, list)
                if (r == 0)
                        r = entry_read(l, o);
        if (r < 0)
                return r;
        *ret = TAKE(l);
        return 0;
}
