/*
 * The first row of which all is in a text. All phrases of all rows are looked for in one
 * pass: a table by their first four bytes says which of them can begin at a position.
 */
#include <ctype.h>
#include "error_parts.h"

#define BUCKETS 2048u

/* Parts of a row: the slots that its phrases fill. */
enum { PART_TEXT, PART_ALSO, PART_UNLESS, PARTS };

static const struct error_rows *const tables[] = {
        &error_rows_ecs, &error_rows_start, &error_rows_keys, &error_rows_none, &error_rows_denied,
};

struct phrase { const char *s; uint16_t len, slot, next; };
struct finder {
        struct phrase phrases[ERROR_PHRASES_MAX];
        uint16_t heads[BUCKETS];       /* index + 1 of the last phrase with this hash; 0 none */
        size_t n;
        size_t n_slots;
        bool slots[];                  /* found? PARTS of each row, then one for the marks */
};

static unsigned hash(const char *s)
{
        uint32_t h = 0;

        for (size_t i = 0; i < ERROR_PHRASE_MIN; i++)
                h = h * 31 + (uint32_t)tolower((unsigned char)s[i]);
        return (h ^ h >> 11) % BUCKETS;
}

static void phrase_add(struct finder *f, const char *s, size_t len, size_t slot)
{
        unsigned h = hash(s);

        if (f->n == ERROR_PHRASES_MAX || len < ERROR_PHRASE_MIN)
                return;
        f->phrases[f->n] = (struct phrase){ .s = s, .len = (uint16_t)len, .slot = (uint16_t)slot, .next = f->heads[h] };
        f->heads[h] = (uint16_t)++f->n;
}

static void phrases_add(struct finder *f, const char *s, size_t slot)
{
        for (size_t n; s && *s; s += n + (s[n] == '|')) {
                n = strcspn(s, "|");
                phrase_add(f, s, n, slot);
        }
}

static size_t count_rows(void)
{
        size_t n = 0;

        for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
                n += tables[t]->n;
        return n;
}

/* The i-th row of all tables; NULL: none. */
static const struct error_row *row_at(size_t i)
{
        for (size_t t = 0; t < ARRAY_SIZE(tables); t++) {
                if (i < tables[t]->n)
                        return &tables[t]->rows[i];
                i -= tables[t]->n;
        }
        return NULL;
}

static struct finder *finder_new(void)
{
        size_t n = count_rows(), n_slots = n * PARTS + 1;
        struct finder *f = calloc(1, sizeof *f + n_slots * sizeof f->slots[0]);
        const struct error_row *row;

        if (!f)
                return NULL;
        f->n_slots = n_slots;
        for (size_t i = 0; (row = row_at(i)); i++) {
                phrases_add(f, row->text, i * PARTS + PART_TEXT);
                phrases_add(f, row->also, i * PARTS + PART_ALSO);
                phrases_add(f, row->unless, i * PARTS + PART_UNLESS);
        }
        for (size_t i = 0; i < n_error_marks; i++)
                phrases_add(f, error_marks[i], n * PARTS);
        return f;
}

/* Does p stand at `at`, at the beginning of a word if it begins with a letter or digit? */
static bool stands_at(const struct phrase *p, const char *text, size_t at, size_t len, size_t *steps)
{
        size_t n = 0;

        if (p->len > len - at || (at && isalnum((unsigned char)p->s[0]) && isalnum((unsigned char)text[at - 1])))
                return false;
        while (n < p->len && tolower((unsigned char)p->s[n]) == tolower((unsigned char)text[at + n]))
                n++;
        *steps += n + 1;
        return n == p->len;
}

static void find_at(struct finder *f, const char *text, size_t at, size_t len, size_t *steps)
{
        for (size_t i = f->heads[hash(text + at)]; i; i = f->phrases[i - 1].next) {
                const struct phrase *p = &f->phrases[i - 1];

                if (!f->slots[p->slot] && stands_at(p, text, at, len, steps) &&
                    (p->slot != f->n_slots - 1 || error_mark_counts(text, text + at, len - at)))
                        f->slots[p->slot] = true;
                ++*steps;
        }
}

static bool row_holds(const struct error_row *row, const bool *slots, bool marked)
{
        return slots[PART_TEXT] && (!row->also || slots[PART_ALSO]) && !slots[PART_UNLESS] &&
               (row->need == BY_ITSELF || marked);
}

/* "?Action=AssumeRole", "&x=AccessDenied": a client wrote the query of a URL, not AWS. Its length; 0: none begins here. */
static size_t query_at(const char *text, size_t at, size_t len)
{
        size_t name = at + 1, n;

        if (!at || text[at - 1] == ' ' || (text[at] != '?' && text[at] != '&'))
                return 0;
        while (name < len && (isalnum((unsigned char)text[name]) || strchr("_-.", text[name])))
                name++;
        if (name == at + 1 || name == len || text[name] != '=')
                return 0;
        for (n = name; n < len && !strchr(" \"'`<>", text[n]);)
                n++;
        return n - at;
}

int error_find(const char *text, size_t len, struct error_found *ret)
{
        struct error_found found = { 0 };
        CLEANUP(freep) struct finder *f = finder_new();
        const struct error_row *row;

        if (!f)
                return -ENOMEM;
        for (size_t at = 0; at + ERROR_PHRASE_MIN <= len; at++) {
                at += query_at(text, at, len);
                if (at + ERROR_PHRASE_MIN > len)
                        break;
                find_at(f, text, at, len, &found.steps);
                if (text[at] == ':' && !f->slots[f->n_slots - 1])
                        f->slots[f->n_slots - 1] = error_is_action_at(text, text + at);
                found.steps++;
        }
        found.marked = f->slots[f->n_slots - 1];
        for (size_t i = 0; (row = row_at(i)) && !found.row; i++)
                if (row_holds(row, &f->slots[i * PARTS], found.marked))
                        found.row = row;
        *ret = found;
        return 0;
}

bool error_form_get(size_t i, struct error_form *ret)
{
        const struct error_row *row;

        if (i < n_error_sentences) {
                *ret = error_sentences[i];
                return true;
        }
        row = row_at(i - n_error_sentences);
        if (!row)
                return false;
        *ret = (struct error_form){ .name = row->name, .kind = row->kind, .example = row->example };
        return true;
}
