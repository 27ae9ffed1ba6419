#include "log_texts.h"
#include "rolewatch/limits.h"

void log_part_drop(struct log_part *p)
{
        if (p->s)
                explicit_bzero(p->s, p->len);
        free(TAKE(p->s));
}

/* As much as the text of a denied call can have on each side of where the search goes on. */
static int part_store(struct log_part *p, const struct log_record *x, size_t from)
{
        size_t n = x->text.len < 2 * LOG_SEAM ? x->text.len : 2 * LOG_SEAM, skipped = x->text.len - n;
        char *s = malloc(n + 1);

        if (!s)
                return -ENOMEM;
        memcpy(s, x->text.s + skipped, n);
        log_part_drop(p);
        *p = (struct log_part){ .s = s, .len = n, .from = from - skipped, .priority = x->priority, .at_us = x->at_us };
        return 0;
}

/* The part of the text that is decoded: an error text is short, a line can have any length. Without what was decoded before. */
static struct span text_around(struct span text, size_t hint, size_t after)
{
        size_t start = hint < LOG_MESSAGE_MAX / 2 ? 0 : hint - LOG_MESSAGE_MAX / 2, len;

        start = start < after ? after : start;
        len = text.len - start;
        return (struct span){ text.s + start, len < LOG_MESSAGE_MAX ? len : LOG_MESSAGE_MAX };
}

static int text_report(const char *id, const struct log_record *x, struct span text, struct log_reading *to)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        size_t cost = text.len * LOG_TEXT_COST_FACTOR;
        struct error_text e;
        int r = arena_new(EVIDENCE_MEMORY, &a);

        to->cost += cost > LOG_TEXT_COST ? cost : LOG_TEXT_COST;
        if (r == 0)
                r = log_line_parse(a, text.s, text.len, &e);
        if (r <= 0)
                return r;
        to->counts->records.reported++;
        to->fn(to->userdata, &(struct denial_line){ .container_id = id, .at_us = x->at_us, .priority = x->priority, .what = &e });
        return 0;
}

/* From hint to hint. In the end of a text whose line goes on, only the next part can tell what they are of. */
static int text_read(const char *id, struct log_part *part, const struct log_record *x, size_t from, struct log_reading *to)
{
        size_t end = !x->continues ? x->text.len : x->text.len > LOG_SEAM ? x->text.len - LOG_SEAM : 0, after = 0;
        const char *hint;
        int r = 0;

        for (int n = 0; n < LOG_TEXTS_OF_RECORD && from < end && (hint = log_line_hint(x->text.s + from, x->text.len - from)); n++) {
                size_t at = (size_t)(hint - x->text.s);

                if (at >= end)
                        break;
                r = text_report(id, x, text_around(x->text, at, after), to);
                if (r < 0)
                        return r;
                after = at + 1;
                from = at + LOG_SEAM;
        }
        return x->continues ? part_store(part, x, from > end ? from : end) : 0;
}

/* What nothing follows any more. */
static int part_finish(const char *id, struct log_part *part, struct log_reading *to)
{
        struct log_record x = { .text = { part->s, part->len }, .priority = part->priority, .at_us = part->at_us };
        int r = part->s ? text_read(id, part, &x, part->from, to) : 0;

        log_part_drop(part);
        return r;
}

/* With the end of the part before it. */
static int joined_read(const char *id, struct log_part *part, const struct log_record *x, struct log_reading *to)
{
        struct log_record joined = *x;
        const size_t len = part->len + x->text.len, from = part->from;
        char *s = malloc(len + 1);
        int r;

        if (!s)
                return -ENOMEM;
        memcpy(s, part->s, part->len);
        memcpy(s + part->len, x->text.s, x->text.len);
        log_part_drop(part);
        joined.text = (struct span){ s, len };
        r = text_read(id, part, &joined, from, to);
        explicit_bzero(s, len);
        free(s);
        return r;
}

int log_texts_read(const char *id, struct log_part *part, const struct log_record *x, struct log_reading *to)
{
        int r = 0;

        if (part->s && part->priority == x->priority)
                return joined_read(id, part, x, to);
        if (x->continues)
                r = part_finish(id, part, to);
        return r < 0 ? r : text_read(id, part, x, 0, to);
}
