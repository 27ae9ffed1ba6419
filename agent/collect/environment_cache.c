/* environment_cache -- a list in the order of pids, and the texts that its entries share: those of a container are mostly one. */
#include "rolewatch/environ.h"
#include "rolewatch/digest.h"
#include "rolewatch/environment_cache.h"
#include "rolewatch/limits.h"

/* Entries NAME=value, each with its NUL, in the order of ENV_VARS. */
struct cached_text { uint64_t digest; char *s; size_t len; unsigned users; };
struct environment_cache {
        struct cached_environment *list;
        size_t n, space;
        struct cached_text *texts;
        size_t n_texts, bytes;
        uint64_t puts;
        unsigned scan;
};

int environment_cache_new(struct environment_cache **ret)
{
        struct environment_cache *c = calloc(1, sizeof *c);

        if (!c)
                return -ENOMEM;
        *ret = c;
        return 0;
}

void environment_cache_free(struct environment_cache *c)
{
        if (!c)
                return;
        for (size_t i = 0; i < c->n_texts; i++)
                free(c->texts[i].s);
        free(c->texts);
        free(c->list);
        free(c);
}

/* ---- texts ---- */

static void text_encode(const char *const env[ENV_VAR_MAX], struct text *t)
{
        for (int i = 0; i < ENV_VAR_MAX; i++) {
                if (!env[i])
                        continue;
                text_add(t, env_name((enum env_var)i));
                text_addn(t, "=", 1);
                text_addn(t, env[i], strlen(env[i]) + 1);
        }
}

static void text_drop(struct environment_cache *c, unsigned text)
{
        struct cached_text *t = &c->texts[text];

        if (--t->users)
                return;
        c->bytes -= t->len;
        free(t->s);
        *t = (struct cached_text){ .digest = 0 };
}

static int text_slot(struct environment_cache *c)
{
        struct cached_text *grown;

        for (size_t i = 0; i < c->n_texts; i++)
                if (!c->texts[i].users)
                        return (int)i;
        if (c->n_texts == ENVIRONMENT_TEXTS_MAX)
                return -ENOSPC;
        grown = c->n_texts % 64 ? c->texts : reallocarray(c->texts, c->n_texts + 64, sizeof *grown);
        if (!grown)
                return -ENOMEM;
        c->texts = grown;
        c->texts[c->n_texts] = (struct cached_text){ .digest = 0 };
        return (int)c->n_texts++;
}

/* Index of this text, with one more user. */
static int text_use(struct environment_cache *c, struct span s)
{
        uint64_t digest = digest_of(s.s ? s.s : "", s.len);
        CLEANUP(freep) char *copy = NULL;
        int slot;

        for (size_t i = 0; i < c->n_texts; i++) {
                struct cached_text *t = &c->texts[i];

                if (t->users && t->digest == digest && t->len == s.len) {
                        t->users++;
                        return (int)i;
                }
        }
        if (s.len > ENVIRONMENT_TEXT_MAX)
                return -EMSGSIZE;
        slot = c->bytes + s.len > ENVIRONMENT_BYTES_MAX ? -ENOSPC : text_slot(c);
        if (slot < 0)
                return slot;
        copy = malloc(s.len + 1);
        if (!copy)
                return -ENOMEM;
        if (s.len)
                memcpy(copy, s.s, s.len);
        copy[s.len] = '\0';
        c->texts[slot] = (struct cached_text){ digest, TAKE(copy), s.len, 1 };
        c->bytes += s.len;
        return slot;
}

/* ---- the list ---- */

/* Where the pid is, or would be. */
static size_t entry_position(const struct environment_cache *c, pid_t pid)
{
        size_t low = 0, high = c->n;

        while (low < high) {
                size_t middle = (low + high) / 2;

                if (c->list[middle].pid < pid)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static void entry_remove(struct environment_cache *c, size_t at)
{
        text_drop(c, c->list[at].text);
        memmove(&c->list[at], &c->list[at + 1], (--c->n - at) * sizeof *c->list);
}

void environment_cache_remove(struct environment_cache *c, pid_t pid)
{
        size_t at = entry_position(c, pid);

        if (at < c->n && c->list[at].pid == pid)
                entry_remove(c, at);
}

/* Mostly programs that have ended since. */
static int entry_evict(struct environment_cache *c)
{
        size_t oldest = SIZE_MAX;

        for (size_t i = 0; i < c->n; i++)
                if (!c->list[i].scan && (oldest == SIZE_MAX || c->list[i].put < c->list[oldest].put))
                        oldest = i;
        if (oldest == SIZE_MAX)
                return -ENOSPC;
        entry_remove(c, oldest);
        return 0;
}

static int space_make(struct environment_cache *c)
{
        size_t space = c->space ? c->space * 2 : 64;
        struct cached_environment *grown;

        if (c->n == ENVIRONMENTS_MAX)
                return entry_evict(c);
        if (c->n < c->space)
                return 0;
        grown = reallocarray(c->list, space, sizeof *grown);
        if (!grown)
                return -ENOMEM;
        c->list = grown;
        c->space = space;
        return 0;
}

static int entry_put(struct environment_cache *c, const struct cached_environment *e, struct span s)
{
        size_t at;
        int r, text;

        environment_cache_remove(c, e->pid);
        r = space_make(c);
        text = r < 0 ? r : text_use(c, s);
        if (text == -ENOSPC && entry_evict(c) == 0)
                text = text_use(c, s);
        if (text < 0)
                return text;
        at = entry_position(c, e->pid);
        memmove(&c->list[at + 1], &c->list[at], (c->n++ - at) * sizeof *c->list);
        c->list[at] = *e;
        c->list[at].text = (unsigned)text;
        c->list[at].put = ++c->puts;
        return 0;
}

int environment_cache_put(struct environment_cache *c, const struct cached_environment *e, const char *const env[ENV_VAR_MAX])
{
        CLEANUP(text_done) struct text t = { 0 };

        text_encode(env, &t);
        return t.failed ? -ENOMEM : entry_put(c, e, (struct span){ t.s, t.len });
}

struct cached_environment *environment_cache_find(struct environment_cache *c, pid_t pid, uint64_t start_ticks)
{
        size_t at = entry_position(c, pid);

        return at < c->n && c->list[at].pid == pid && c->list[at].start_ticks == start_ticks ? &c->list[at] : NULL;
}

const struct cached_environment *environment_cache_find_execution(const struct environment_cache *c, uint64_t execution)
{
        for (size_t i = 0; execution && i < c->n; i++)
                if (c->list[i].execution == execution)
                        return &c->list[i];
        return NULL;
}

int environment_cache_get(const struct environment_cache *c, const struct cached_environment *e, struct arena *a, const char *ret_env[ENV_VAR_MAX])
{
        const struct cached_text *t = &c->texts[e->text];

        /* As they are: reduced and escaped once more, a long one would be cut. */
        for (size_t at = 0; at < t->len; at += strlen(t->s + at) + 1) {
                const char *eq = strchr(t->s + at, '=');
                int var = eq ? env_find(t->s + at, (size_t)(eq - (t->s + at))) : -ENOENT;

                if (var < 0)
                        continue;
                ret_env[var] = arena_dup(a, eq + 1);
                if (!ret_env[var])
                        return -ENOMEM;
        }
        return 0;
}

bool environment_cache_has(const struct environment_cache *c, const struct cached_environment *e, const char *const env[ENV_VAR_MAX])
{
        const struct cached_text *own = &c->texts[e->text];
        CLEANUP(text_done) struct text t = { 0 };

        text_encode(env, &t);
        return !t.failed && t.len == own->len && (t.len == 0 || memcmp(t.s, own->s, t.len) == 0);
}

size_t environment_cache_count(const struct environment_cache *c) { return c->n; }

/* ---- scans ---- */

void environment_cache_scan_begins(struct environment_cache *c) { c->scan++; }

void environment_cache_found(struct environment_cache *c, pid_t pid, uint64_t start_ticks)
{
        struct cached_environment *e = environment_cache_find(c, pid, start_ticks);

        if (e)
                e->scan = c->scan;
}

bool environment_cache_is_found(const struct environment_cache *c, const struct cached_environment *e)
{
        return e->scan && e->scan == c->scan;
}

uint64_t environment_cache_puts(const struct environment_cache *c) { return c->puts; }

int environment_cache_export(const struct environment_cache *c, uint64_t puts, struct arena *a, struct environment_export *ret)
{
        struct environment_export x = { .puts = puts, .scan = c->scan, .n_texts = c->n_texts };

        x.list = arena_alloc(a, (c->n + 1) * sizeof *x.list);
        x.texts = arena_alloc(a, (c->n_texts + 1) * sizeof *x.texts);
        x.lens = arena_alloc(a, (c->n_texts + 1) * sizeof *x.lens);
        if (!x.list || !x.texts || !x.lens)
                return -ENOMEM;
        for (size_t i = 0; i < c->n; i++)
                if (c->list[i].scan == c->scan)
                        x.list[x.n++] = c->list[i];
        for (size_t i = 0; i < c->n_texts; i++) {
                x.texts[i] = arena_dupn(a, c->texts[i].s ? c->texts[i].s : "", c->texts[i].len);
                x.lens[i] = c->texts[i].len;
                if (!x.texts[i])
                        return -ENOMEM;
        }
        *ret = x;
        return 0;
}

int environment_cache_import(struct environment_cache *c, const struct environment_export *x)
{
        int r = 0;

        for (size_t i = c->n; i-- > 0;)
                if (c->list[i].put <= x->puts)
                        entry_remove(c, i);
        c->scan = x->scan;
        for (size_t i = 0; r == 0 && i < x->n; i++) {
                const struct cached_environment *e = &x->list[i];
                size_t at = entry_position(c, e->pid);

                /* What came during the scan is newer. */
                if (at < c->n && c->list[at].pid == e->pid)
                        continue;
                r = entry_put(c, e, (struct span){ x->texts[e->text], x->lens[e->text] });
                r = r == -ENOMEM ? r : 0;
        }
        return r;
}

/* ---- the state file ---- */

static cJSON *texts_to_json(const struct environment_cache *c)
{
        CLEANUP(json_freep) cJSON *list = cJSON_CreateArray();

        for (size_t i = 0; list && i < c->n_texts; i++) {
                cJSON *o = cJSON_CreateArray();

                if (!o || !cJSON_AddItemToArray(list, o))
                        return NULL;
                for (size_t at = 0; at < c->texts[i].len; at += strlen(c->texts[i].s + at) + 1) {
                        cJSON *s = cJSON_CreateString(c->texts[i].s + at);

                        if (!s || !cJSON_AddItemToArray(o, s))
                                return NULL;
                }
        }
        return TAKE(list);
}

#define NUMBERS 6
static cJSON *entry_to_json(const struct cached_environment *e)
{
        const uint64_t numbers[NUMBERS] = { (uint64_t)e->pid, e->start_ticks, e->execution, e->relative, e->full, e->text };
        CLEANUP(text_done) struct text t = { 0 };

        /* As text: a digest is no number of JSON. */
        for (size_t i = 0; i < NUMBERS; i++)
                text_addf(&t, "%s%llu", i ? " " : "", (unsigned long long)numbers[i]);
        return t.failed ? NULL : cJSON_CreateString(t.s);
}

int environment_cache_to_json(const struct environment_cache *c, cJSON **ret)
{
        CLEANUP(json_freep) cJSON *o = cJSON_CreateObject();
        cJSON *texts = o ? texts_to_json(c) : NULL, *list;

        if (!texts || !cJSON_AddItemToObject(o, "texts", texts))
                return -ENOMEM;
        list = cJSON_AddArrayToObject(o, "processes");
        for (size_t i = 0; list && i < c->n; i++) {
                cJSON *e = entry_to_json(&c->list[i]);

                if (!e || !cJSON_AddItemToArray(list, e))
                        return -ENOMEM;
        }
        if (!list)
                return -ENOMEM;
        *ret = TAKE(o);
        return 0;
}

/* -EBADMSG: reduced again, it is another one; or too long for that. Whoever wrote the file, no secret is taken from it. */
static int text_from_json(const cJSON *list, unsigned index, struct text *ret)
{
        const cJSON *o = cJSON_GetArrayItem(list, (int)index), *s;
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        const char *env[ENV_VAR_MAX] = { NULL };
        struct environ_raw raw = { NULL, NULL, NULL };
        int r = cJSON_IsArray(o) ? arena_new(ENVIRON_MAX, &a) : -EBADMSG;

        JSON_EACH(s, o)
                if (r == 0 && cJSON_IsString(s))
                        text_addn(&t, s->valuestring, strlen(s->valuestring) + 1);
        if (r == 0)
                r = t.failed ? -ENOMEM : environ_parse(a, (struct span){ t.s ? t.s : "", t.len }, env, &raw);
        if (r < 0)
                return r;
        text_encode(env, ret);
        if (ret->failed)
                return -ENOMEM;
        return ret->len == t.len && (!t.len || memcmp(ret->s, t.s, t.len) == 0) ? 0 : -EBADMSG;
}

static int entry_from_json(struct environment_cache *c, const char *s, const cJSON *texts)
{
        CLEANUP(text_done) struct text t = { 0 };
        uint64_t n[NUMBERS];
        char *end;
        int r;

        for (size_t i = 0; i < NUMBERS; i++, s = *end ? end + 1 : end) {
                if (*s < '0' || *s > '9')
                        return -EBADMSG;
                errno = 0;
                n[i] = strtoull(s, &end, 10);
                if (errno || *end != (i + 1 < NUMBERS ? ' ' : '\0'))
                        return -EBADMSG;
        }
        if (!n[0] || n[0] > INT32_MAX || !n[2] || n[5] >= ENVIRONMENT_TEXTS_MAX)
                return -EBADMSG;
        r = text_from_json(texts, (unsigned)n[5], &t);
        if (r < 0)
                return r;
        r = entry_put(c, &(struct cached_environment){ .pid = (pid_t)n[0], .start_ticks = n[1], .execution = n[2], .relative = n[3], .full = n[4] },
                      (struct span){ t.s, t.len });
        return r == -ENOMEM ? r : 0;
}

int environment_cache_from_json(struct environment_cache *c, const cJSON *j)
{
        const cJSON *texts = cJSON_GetObjectItemCaseSensitive(j, "texts"), *list = cJSON_GetObjectItemCaseSensitive(j, "processes"), *e;
        size_t n = 0;

        if (!cJSON_IsArray(texts) || !cJSON_IsArray(list))
                return -EBADMSG;
        JSON_EACH(e, list) {
                int r = n++ < ENVIRONMENTS_MAX && cJSON_IsString(e) ? entry_from_json(c, e->valuestring, texts) : 0;

                if (r == -ENOMEM)
                        return r;
        }
        return 0;
}
