/* number -- strict parsers of numbers and times, and the name in an ARN. */
#include <stdio.h>
#include <time.h>
#include "rolewatch/base.h"

#define DAY_S 86400
/* 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z: what RFC 3339 can write. */
#define TIME_MIN_S (-62167219200)
#define TIME_MAX_S 253402300799

int u64_parse(const char *s, uint64_t *ret)
{
        uint64_t n = 0;

        if (!s || !*s)
                return -EINVAL;
        for (const char *p = s; *p; p++)
                if (*p < '0' || *p > '9')
                        return -EINVAL;
        for (; *s; s++)
                if (__builtin_mul_overflow(n, 10, &n) ||
                    __builtin_add_overflow(n, (uint64_t)(*s - '0'), &n))
                        return -ERANGE;
        *ret = n;
        return 0;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar, years counted from March. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
        int64_t y = month <= 2 ? year - 1 : year;
        int64_t era = (y >= 0 ? y : y - 399) / 400;
        int64_t of_era = y - era * 400;
        int64_t of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

        return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int days_in_month(int year, int month)
{
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        return days[month - 1] + (month == 2 && leap);
}

/*
 * Takes text that looks like `shape` ('0' stands for a digit) and yields the
 * numbers in it; the text behind, or NULL.
 */
static const char *shape_parse(const char *s, const char *shape, int *ret_numbers)
{
        int n = 0;

        for (; *shape; s++, shape++) {
                if (*shape != '0') {
                        if (*s != *shape)
                                return NULL;
                        continue;
                }
                if (*s < '0' || *s > '9')
                        return NULL;
                n = n * 10 + (*s - '0');
                if (shape[1] != '0') {
                        *ret_numbers++ = n;
                        n = 0;
                }
        }
        return s;
}

static int offset_parse(const char *s, int64_t *ret_s)
{
        int hm[2];
        const char *end;

        if (streq(s, "Z")) {
                *ret_s = 0;
                return 0;
        }
        if (*s != '+' && *s != '-')
                return -EINVAL;
        end = shape_parse(s + 1, "00:00", hm);
        if (!end || *end)
                return -EINVAL;
        if (hm[0] > 23 || hm[1] > 59)
                return -ERANGE;
        *ret_s = (*s == '-' ? -1 : 1) * (hm[0] * 3600 + hm[1] * 60);
        return 0;
}

int time_parse(const char *s, int64_t *ret_s)
{
        int f[6];                      /* year, month, day, hour, minute, second */
        int64_t offset_s;
        int r;

        s = s ? shape_parse(s, "0000-00-00T00:00:00", f) : NULL;
        if (!s)
                return -EINVAL;
        if (*s == '.') {
                size_t digits = strspn(s + 1, "0123456789");

                if (digits == 0)
                        return -EINVAL;
                s += 1 + digits;
        }
        r = offset_parse(s, &offset_s);
        if (r < 0)
                return r;
        if (f[1] < 1 || f[1] > 12 || f[2] < 1 || f[2] > days_in_month(f[0], f[1]))
                return -ERANGE;
        if (f[3] > 23 || f[4] > 59 || f[5] > 59)
                return -ERANGE;
        *ret_s = days_from_civil(f[0], f[1], f[2]) * DAY_S + f[3] * 3600 + f[4] * 60 + f[5]
                 - offset_s;
        return 0;
}

const char *time_format(int64_t s, char *buf, size_t size)
{
        time_t t = s < TIME_MIN_S ? TIME_MIN_S : s > TIME_MAX_S ? TIME_MAX_S : s;
        struct tm tm;

        if (!gmtime_r(&t, &tm)) {
                snprintf(buf, size, "?");
                return buf;
        }
        snprintf(buf, size, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
                 tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
        return buf;
}

const char *arn_name(const char *arn)
{
        const char *slash = arn ? strrchr(arn, '/') : NULL;
        const char *colon = arn && strncmp(arn, "arn:", 4) == 0 ? strrchr(arn, ':') : NULL;

        return slash ? slash + 1 : colon ? colon + 1 : arn;
}

size_t arn_split(const char *s, size_t len, struct span parts[ARN_PARTS])
{
        size_t n = 0;

        while (n < ARN_PARTS) {
                const char *colon = n < ARN_PARTS - 1 ? memchr(s, ':', len) : NULL;
                size_t part = colon ? (size_t)(colon - s) : len;

                parts[n++] = (struct span){ s, part };
                if (!colon)
                        break;
                s += part + 1;
                len -= part + 1;
        }
        return n;
}
