/* What a mistyped word was meant to be: the nearest name, by letters that are added, missing, changed or swapped. */
#include "command.h"

#define WORD_MAX 32

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Rows of the usual matrix; of the one before the last only swapped letters have need. */
static size_t suggestion_distance(const char *a, const char *b)
{
        size_t n = strlen(a), m = strlen(b), rows[3][WORD_MAX + 1];
        size_t *before = rows[0], *last = rows[1], *row = rows[2];

        if (n > WORD_MAX || m > WORD_MAX)
                return SIZE_MAX;
        for (size_t j = 0; j <= m; j++)
                last[j] = before[j] = j;
        for (size_t i = 1; i <= n; i++) {
                size_t *oldest = before;

                row[0] = i;
                for (size_t j = 1; j <= m; j++) {
                        row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
                        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                                row[j] = least(row[j], before[j - 2] + 1);
                }
                before = last;
                last = row;
                row = oldest;
        }
        return last[m];
}

void suggestion_consider(struct suggestion *s, const char *name)
{
        size_t distance = suggestion_distance(s->word, name), length = strlen(name);

        /* One letter in four may be wrong, and one in a short name. */
        if (distance <= 1 + length / 4 && distance < length && (!s->name || distance < s->distance)) {
                s->name = name;
                s->distance = distance;
        }
}
