/* Values of conditions that have an order: decimals and dates. */
#include <stdio.h>
#include <stdlib.h>
#include "iam_internal.h"

static enum iam_tri relate(enum relation r, int order)
{
        switch (r) {
        case R_EQUAL:
                return tri(order == 0);
        case R_LESS:
                return tri(order < 0);
        case R_LESS_EQUAL:
                return tri(order <= 0);
        case R_GREATER:
                return tri(order > 0);
        case R_GREATER_EQUAL:
                return tri(order >= 0);
        }
        return IAM_MAYBE;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* ---- numbers of JSON ---- */

/* Beyond, not every whole number is a double: which one stood there is not known any more. */
#define EXACT_MAX 9007199254740992.0   /* 2^53 */

bool number_is_exact(double n)
{
        return n < EXACT_MAX && n > -EXACT_MAX;
}

const char *number_text(struct arena *a, double n)
{
        char text[40];

        for (int digits = 15; digits <= 17; digits++) {
                snprintf(text, sizeof text, "%.*g", digits, n);
                if (strtod(text, NULL) == n)
                        break;
        }
        return arena_dup(a, text);
}

/* ---- decimals ---- */

/* digits[0] is not 0 and stands before the point, times ten to the power; zero has no digits. */
struct decimal {
        bool negative;
        struct span digits;           /* among them at most one point, which does not count */
        int64_t power;
};
#define POWER_MAX 308                  /* beyond, a double has no value: what AWS does is not documented */

static bool power_parse(struct span w, int64_t *ret)
{
        bool negative = w.len && *w.s == '-';
        int64_t n = 0;

        if (w.len && (*w.s == '-' || *w.s == '+'))
                w.s++, w.len--;
        if (!w.len || w.len > 6)
                return false;
        for (size_t i = 0; i < w.len; i++) {
                if (!is_digit(w.s[i]))
                        return false;
                n = n * 10 + (w.s[i] - '0');
        }
        *ret = negative ? -n : n;
        return true;
}

/* The digits before an exponent, with the power of the first that is not 0. */
static bool mantissa_parse(struct span w, struct decimal *ret)
{
        size_t whole = 0, n = 0, first = SIZE_MAX, before = 0;
        bool point = false;

        for (size_t i = 0; i < w.len; i++) {
                if (w.s[i] == '.' && !point) {
                        point = true;
                        continue;
                }
                if (!is_digit(w.s[i]))
                        return false;
                whole += !point;
                if (first == SIZE_MAX && w.s[i] != '0') {
                        first = i;
                        before = n;
                }
                n++;
        }
        if (!n)
                return false;
        ret->digits = first == SIZE_MAX ? (struct span){ w.s, 0 } : (struct span){ w.s + first, w.len - first };
        ret->power = (int64_t)whole - (int64_t)before - 1;
        return true;
}

/* No blanks, hexadecimals or words such as "inf". */
static bool decimal_parse(struct span w, struct decimal *ret)
{
        size_t n = 0;
        int64_t power = 0;

        *ret = (struct decimal){ .negative = w.len && *w.s == '-' };
        if (w.len && (*w.s == '-' || *w.s == '+'))
                w.s++, w.len--;
        while (n < w.len && w.s[n] != 'e' && w.s[n] != 'E')
                n++;
        if (n < w.len && !power_parse((struct span){ w.s + n + 1, w.len - n - 1 }, &power))
                return false;
        if (!mantissa_parse((struct span){ w.s, n }, ret))
                return false;
        ret->power += power;
        return !ret->digits.len || (ret->power <= POWER_MAX && ret->power >= -POWER_MAX);
}

/* The next digit; 0 behind the last one. */
static char digit_take(struct span *w)
{
        char c;

        if (w->len && *w->s == '.')
                w->s++, w->len--;
        if (!w->len)
                return '0';
        c = *w->s;
        w->s++, w->len--;
        return c;
}

static int magnitude_order(struct decimal a, struct decimal b)
{
        if (!a.digits.len || !b.digits.len)
                return (a.digits.len != 0) - (b.digits.len != 0);
        if (a.power != b.power)
                return a.power < b.power ? -1 : 1;
        while (a.digits.len || b.digits.len) {
                char x = digit_take(&a.digits), y = digit_take(&b.digits);

                if (x != y)
                        return x < y ? -1 : 1;
        }
        return 0;
}

static int decimal_sign(const struct decimal *d) { return !d->digits.len ? 0 : d->negative ? -1 : 1; }

enum iam_tri decimals_relate(enum relation r, struct span a, struct span b, bool *ret_left)
{
        struct decimal x, y;
        int order;

        *ret_left = !decimal_parse(a, &x);
        if (*ret_left || !decimal_parse(b, &y))
                return IAM_MAYBE;
        order = decimal_sign(&x) != decimal_sign(&y) ? decimal_sign(&x) - decimal_sign(&y)
                : decimal_sign(&x) < 0               ? magnitude_order(y, x)
                                                     : magnitude_order(x, y);
        return relate(r, order);
}

/* ---- dates ---- */

struct moment { int64_t s; int64_t ns; };
#define SECONDS_DIGITS 11              /* IAM user guide: seconds; what has more digits is milliseconds */
#define MILLISECONDS_DIGITS 15

static bool epoch_parse(struct span w, struct moment *ret)
{
        int64_t n = 0;

        if (!w.len || w.len > MILLISECONDS_DIGITS)
                return false;
        for (size_t i = 0; i < w.len; i++) {
                if (!is_digit(w.s[i]))
                        return false;
                n = n * 10 + (w.s[i] - '0');
        }
        *ret = w.len <= SECONDS_DIGITS ? (struct moment){ n, 0 } : (struct moment){ n / 1000, n % 1000 * 1000000 };
        return true;
}

/* ".5" -> 500000000; its length, 0: none. Digits beyond nine do not count. */
static size_t fraction_parse(const char *s, int64_t *ret_ns)
{
        size_t n = 1;
        int64_t ns = 0;

        if (*s != '.')
                return 0;
        for (; is_digit(s[n]); n++)
                ns = n <= 9 ? ns * 10 + (s[n] - '0') : ns;
        if (n == 1)
                return 0;
        for (size_t i = n; i <= 9; i++)
                ns *= 10;
        *ret_ns = ns;
        return n;
}

/* W3C note on date and time formats: a date, a time of minutes or of seconds, and a fraction. */
static bool date_parse(struct span w, struct moment *ret)
{
        char s[48], full[64];
        int64_t seconds, ns = 0;
        const char *zone;

        if (epoch_parse(w, ret))
                return true;
        if (w.len < 10 || w.len >= sizeof s || memchr(w.s, '\0', w.len))
                return false;
        memcpy(s, w.s, w.len);
        s[w.len] = '\0';
        if (w.len == 10) {
                snprintf(full, sizeof full, "%sT00:00:00Z", s);
        } else if (w.len > 16 && s[16] == ':') {
                if (w.len < 20)
                        return false;
                zone = s + 19 + fraction_parse(s + 19, &ns);
                snprintf(full, sizeof full, "%.19s%s", s, zone);
        } else {
                snprintf(full, sizeof full, "%.16s:00%s", s, w.len > 16 ? s + 16 : "");
        }
        if (time_parse(full, &seconds) < 0)
                return false;
        *ret = (struct moment){ seconds, ns };
        return true;
}

enum iam_tri dates_relate(enum relation r, struct span a, struct span b, bool *ret_left)
{
        struct moment x, y;

        *ret_left = !date_parse(a, &x);
        if (*ret_left || !date_parse(b, &y))
                return IAM_MAYBE;
        if (x.s != y.s)
                return relate(r, x.s < y.s ? -1 : 1);
        return relate(r, (x.ns > y.ns) - (x.ns < y.ns));
}
