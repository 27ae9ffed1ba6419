#include <assert.h>
#include "finding_state.h"
#include "rolewatch/digest.h"

#define ENTRIES_MAX 16384              /* open findings; further ones are not published one by one */
#define TEXT_MAX 4096

struct entry {
        char *object;
        uint64_t digest;               /* of the object */
        char *of[NOTICE_MAX];
        int64_t since_s, published_s, observed_s, hour; /* published_s 0: never; seen_s 0: not since the restart */
        unsigned in_hour;
        bool current;                  /* found by the scan that is being applied */
        bool missing;                  /* a scan that could see it did not find it: a live process is no sign of it */
        bool noted;                    /* by an event, since the running scan began */
        bool pending;                  /* its last event could not be published */
};
struct finding_state {
        struct entry *list;
        size_t n, cap;
        uint64_t suppressed;
};

/* A change of these is an event; messages change with every pid. */
static const enum notice_field identity_fields[] = { NOTICE_FINDING, NOTICE_SEVERITY, NOTICE_CERTAINTY, NOTICE_WINNER,
                                           NOTICE_EXPECTED, NOTICE_ACTION, NOTICE_RESOURCE };

int finding_state_new(struct finding_state **ret)
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

void finding_state_free(struct finding_state *f)
{
        for (size_t i = 0; f && i < f->n; i++)
                entry_done(&f->list[i]);
        if (f)
                free(f->list);
        free(f);
}

size_t finding_state_count(const struct finding_state *f) { return f->n; }
uint64_t finding_state_suppressed(const struct finding_state *f) { return f->suppressed; }

static struct entry *entry_find(struct finding_state *f, const char *object)
{
        for (size_t i = 0; i < f->n; i++)
                if (streq(f->list[i].object, object))
                        return &f->list[i];
        return NULL;
}

/* For those that remember no more of it than a digest. */
static struct entry *entry_of(struct finding_state *f, uint64_t object)
{
        for (size_t i = 0; i < f->n; i++)
                if (f->list[i].digest == object)
                        return &f->list[i];
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
static struct entry *entry_add(struct finding_state *f, const char *object)
{
        CLEANUP(freep) char *copy = strdup(object);
        uint64_t digest = digest_of(object, strlen(object));

        if (!copy)
                return NULL;
        if (f->n == f->cap) {
                size_t cap = f->cap ? f->cap * 2 : 16;
                struct entry *bigger = cap <= ENTRIES_MAX ? reallocarray(f->list, cap, sizeof *bigger) : NULL;

                if (!bigger)
                        return NULL;
                f->list = bigger;
                f->cap = cap;
        }
        f->list[f->n] = (struct entry){ .object = TAKE(copy), .digest = digest };
        return &f->list[f->n++];
}

static bool differs(const struct entry *e, const struct notice *n)
{
        for (size_t i = 0; i < ARRAY_SIZE(identity_fields); i++)
                if (!streq(e->of[identity_fields[i]], n->of[identity_fields[i]]))
                        return true;
        return false;
}

/* Publishes the event, or counts it as suppressed. The first event of a finding is that it appeared. */
static bool finding_publish(struct finding_state *f, const struct finding_context *c, struct entry *e, enum notice_event event)
{
        struct notice n = { .object = e->object };
        bool published;

        if (!e->published_s && event != EVENT_CLEARED)
                event = EVENT_APPEARED;
        for (int i = 0; i < NOTICE_MAX; i++)
                n.of[i] = e->of[i];
        if (c->now_s / 3600 != e->hour) {
                e->hour = c->now_s / 3600;
                e->in_hour = 0;
        }
        if (e->in_hour >= c->rules.max_per_hour) {
                f->suppressed++;
                e->pending = false;
                return true;
        }
        published = c->publish(c->userdata, event, &n) >= 0;
        /* A reminder and an end come again by themselves. */
        e->pending = !published && (event == EVENT_APPEARED || event == EVENT_CHANGED);
        if (!published)
                return false;
        e->in_hour++;
        e->published_s = c->now_s;
        return true;
}

static bool publish_pending(struct finding_state *f, const struct finding_context *c, struct entry *e)
{
        return !e->pending || finding_publish(f, c, e, EVENT_CHANGED);
}

/* Only a finding that was published is published as cleared. */
static bool clear(struct finding_state *f, const struct finding_context *c, struct entry *e)
{
        if (!publish_pending(f, c, e) || !finding_publish(f, c, e, EVENT_CLEARED))
                return false;
        entry_done(e);
        return true;
}

/* A clock that was set back is no reason for a reminder, nor for silence. */
static bool due(int64_t now_s, int64_t since_s, int64_t term_s)
{
        return now_s >= since_s ? now_s - since_s >= term_s : since_s - now_s > term_s;
}

/* Once observed, a finding stays observed while it is otherwise the same: the process that was seen may have ended. */
static void retain_observed(const struct entry *e, struct notice *n)
{
        const char *observed = certainty_to_string(CERTAINTY_OBSERVED);

        if (!streq(e->of[NOTICE_CERTAINTY], observed) || streq(n->of[NOTICE_CERTAINTY], observed) ||
            !streq(e->of[NOTICE_FINDING], n->of[NOTICE_FINDING]))
                return;
        n->of[NOTICE_CERTAINTY] = observed;
        n->of[NOTICE_SEVERITY] = severity_to_string(finding_severity_of(
                (enum finding_kind)finding_from_slug(n->of[NOTICE_FINDING]), CERTAINTY_OBSERVED));
}

static int finding_note(struct finding_state *f, const struct finding_context *c, const struct notice *found)
{
        struct notice copy = *found, *n = &copy;
        struct entry *e = entry_find(f, n->object);
        bool fresh = !e, changed;
        int r;

        if (fresh)
                e = entry_add(f, n->object);
        if (!e)
                return f->cap >= ENTRIES_MAX ? 0 : -ENOMEM;
        if (!fresh)
                retain_observed(e, n);
        changed = !fresh && differs(e, n);
        /* Of several groups with one object the first counts. */
        if (!fresh && e->current)
                return 0;
        r = entry_fill(e, n);
        if (r < 0)
                return r;
        e->current = true;
        e->missing = false;
        e->observed_s = c->now_s;
        if (fresh)
                e->since_s = c->now_s;
        if (fresh || changed || e->pending)
                finding_publish(f, c, e, EVENT_CHANGED);
        else if (due(c->now_s, e->published_s, c->rules.reminder_s))
                finding_publish(f, c, e, EVENT_REMINDER);
        return 0;
}

static int kind_of(const struct entry *e)
{
        int kind = finding_from_slug(e->of[NOTICE_FINDING]);

        assert(kind >= 0 && kind < FINDING_KIND_MAX);
        return kind;
}

/* A scan did not find it: since when it is missing, or that the scan could not have found it. */
static void entry_missed(struct entry *e, const struct finding_context *c, const struct scan_findings *scan)
{
        if (e->noted)
                return;
        e->missing = e->observed_s && scan->visible(scan->userdata, e->of[NOTICE_CONTAINER_ID], (enum finding_kind)kind_of(e));
        if (!e->missing)
                e->observed_s = c->now_s;
}

void finding_state_scan_begins(struct finding_state *f)
{
        for (size_t i = 0; i < f->n; i++)
                f->list[i].noted = false;
}

int finding_state_scan(struct finding_state *f, const struct finding_context *c, const struct scan_findings *scan)
{
        size_t left = 0;
        int r = 0;

        for (size_t i = 0; i < f->n; i++)
                f->list[i].current = false;
        for (size_t i = 0; r == 0 && i < scan->n; i++)
                r = finding_note(f, c, &scan->list[i]);
        if (r < 0)
                return r;
        for (size_t i = 0; i < f->n; i++) {
                struct entry *e = &f->list[i];

                if (!e->current)
                        entry_missed(e, c, scan);
                if (e->current || !due(c->now_s, e->observed_s, c->rules.clear_delay_s) || !clear(f, c, e))
                        f->list[left++] = *e;
        }
        f->n = left;
        return 0;
}

/* ---- between scans ---- */

int finding_state_note(struct finding_state *f, const struct finding_context *c, const struct notice *n)
{
        struct entry *e = entry_find(f, n->object);
        int r;

        if (e)
                e->current = false;
        r = finding_note(f, c, n);
        e = entry_find(f, n->object);
        if (e)
                e->noted = true;
        return r;
}

bool finding_state_has(const struct finding_state *f, const char *object)
{
        return entry_find((struct finding_state *)(uintptr_t)f, object) != NULL;
}

void finding_state_alive(struct finding_state *f, uint64_t object, int64_t now_s)
{
        struct entry *e = entry_of(f, object);

        if (e && e->observed_s && !e->missing)
                e->observed_s = now_s;
}

int finding_state_observe(struct finding_state *f, const struct finding_context *c, uint64_t object)
{
        struct entry *e = entry_of(f, object);
        struct notice n = { .object = e ? e->object : NULL };
        enum finding_kind kind;

        if (!e || streq(e->of[NOTICE_CERTAINTY], certainty_to_string(CERTAINTY_OBSERVED)))
                return 0;
        for (int i = 0; i < NOTICE_MAX; i++)
                n.of[i] = e->of[i];
        kind = (enum finding_kind)kind_of(e);
        n.of[NOTICE_CERTAINTY] = certainty_to_string(CERTAINTY_OBSERVED);
        if (finding_severity_of(kind, CERTAINTY_OBSERVED) != finding_severity(kind))
                n.of[NOTICE_SEVERITY] = severity_to_string(finding_severity_of(kind, CERTAINTY_OBSERVED));
        return finding_state_note(f, c, &n);
}

static bool of_process(const struct entry *e) { return e->of[NOTICE_CONTAINER_ID] && e->of[NOTICE_PID]; }

void finding_state_count_kinds(const struct finding_state *f, struct open_findings *ret)
{
        *ret = (struct open_findings){ .unknown_groups = 0 };
        for (size_t i = 0; i < f->n; i++) {
                enum finding_kind kind = (enum finding_kind)kind_of(&f->list[i]);
                int severity = severity_from_string(f->list[i].of[NOTICE_SEVERITY]);

                open_findings_add(ret, kind, severity < 0 ? finding_severity(kind) : (enum severity)severity);
        }
}

bool finding_state_publish_pending(struct finding_state *f, const struct finding_context *c)
{
        bool all = true;

        for (size_t i = 0; all && i < f->n; i++)
                if (f->list[i].observed_s)
                        all = publish_pending(f, c, &f->list[i]);
        return all;
}

void finding_state_expire(struct finding_state *f, const struct finding_context *c)
{
        size_t left = 0;

        for (size_t i = 0; i < f->n; i++) {
                struct entry *e = &f->list[i];
                bool expires = e->observed_s && (of_process(e) || e->missing);

                if (e->observed_s)
                        publish_pending(f, c, e);
                if (!expires || !due(c->now_s, e->observed_s, c->rules.clear_delay_s) || !clear(f, c, e))
                        f->list[left++] = *e;
        }
        f->n = left;
}

/* ---- as JSON ---- */

static cJSON *entry_json(const struct entry *e)
{
        CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();
        bool good = o && cJSON_AddStringToObject(o, "object", e->object) &&
                    cJSON_AddNumberToObject(o, "since", (double)e->since_s) &&
                    cJSON_AddNumberToObject(o, "told", (double)e->published_s) &&
                    (!e->pending || cJSON_AddTrueToObject(o, "owed"));

        for (int i = 0; good && i < NOTICE_MAX; i++)
                if (e->of[i])
                        good = cJSON_AddStringToObject(o, notice_key((enum notice_field)i), e->of[i]) != NULL;
        return good ? TAKE(o) : NULL;
}

int finding_state_to_json(const struct finding_state *f, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *list = cJSON_CreateArray();

        for (size_t i = 0; list && i < f->n; i++) {
                cJSON *o = entry_json(&f->list[i]);

                if (!o || !cJSON_AddItemToArray(list, o))
                        return -ENOMEM;
        }
        *ret = TAKE(list);
        return *ret ? 0 : -ENOMEM;
}

static int entry_read(struct finding_state *f, const cJSON *o)
{
        struct notice n = { .object = NULL };
        struct entry *e;
        const char *object;
        int64_t since, published;

        if (json_get_str(o, "object", TEXT_MAX, &object) < 0 || json_get_i64(o, "since", &since) < 0 ||
            json_get_i64(o, "told", &published) < 0)
                return -EBADMSG;
        for (int i = 0; i < NOTICE_MAX; i++)
                if (json_get_str(o, notice_key((enum notice_field)i), TEXT_MAX, &n.of[i]) < 0)
                        n.of[i] = NULL;
        if (!n.of[NOTICE_FINDING] || finding_from_slug(n.of[NOTICE_FINDING]) < 0)
                return -EBADMSG;
        e = entry_add(f, object);
        if (!e || entry_fill(e, &n) < 0)
                return -ENOMEM;
        e->since_s = since;
        e->published_s = published;
        e->pending = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "owed"));
        return 0;
}

int finding_state_from_json(const cJSON *list, struct finding_state **ret)
{
        CLEANUP(finding_state_freep) struct finding_state *f = NULL;
        const cJSON *o;
        int r = finding_state_new(&f);

        if (r == 0 && !cJSON_IsArray(list))
                r = -EBADMSG;
        JSON_EACH(o, list)
                if (r == 0)
                        r = entry_read(f, o);
        if (r < 0)
                return r;
        *ret = TAKE(f);
        return 0;
}
