/* Condition operators: their names, and how two values compare. */
#include <arpa/inet.h>
#include <math.h>
#include <stdio.h>
#include <strings.h>
#include "room.h"

static const struct {
        const char *name;
        enum family family;
        enum relation relation;
        bool negated;
} operators[] = {
        { "StringEquals", F_STRING, R_EQUAL, false },
        { "StringNotEquals", F_STRING, R_EQUAL, true },
        { "StringEqualsIgnoreCase", F_STRING_FOLD, R_EQUAL, false },
        { "StringNotEqualsIgnoreCase", F_STRING_FOLD, R_EQUAL, true },
        { "StringLike", F_LIKE, R_EQUAL, false },
        { "StringNotLike", F_LIKE, R_EQUAL, true },
        { "NumericEquals", F_NUMBER, R_EQUAL, false },
        { "NumericNotEquals", F_NUMBER, R_EQUAL, true },
        { "NumericLessThan", F_NUMBER, R_LESS, false },
        { "NumericLessThanEquals", F_NUMBER, R_LESS_EQUAL, false },
        { "NumericGreaterThan", F_NUMBER, R_GREATER, false },
        { "NumericGreaterThanEquals", F_NUMBER, R_GREATER_EQUAL, false },
        { "DateEquals", F_DATE, R_EQUAL, false },
        { "DateNotEquals", F_DATE, R_EQUAL, true },
        { "DateLessThan", F_DATE, R_LESS, false },
        { "DateLessThanEquals", F_DATE, R_LESS_EQUAL, false },
        { "DateGreaterThan", F_DATE, R_GREATER, false },
        { "DateGreaterThanEquals", F_DATE, R_GREATER_EQUAL, false },
        { "Bool", F_BOOL, R_EQUAL, false },
        { "BinaryEquals", F_BINARY, R_EQUAL, false },
        { "IpAddress", F_IP, R_EQUAL, false },
        { "NotIpAddress", F_IP, R_EQUAL, true },
        { "ArnEquals", F_ARN, R_EQUAL, false },
        { "ArnLike", F_ARN, R_EQUAL, false },
        { "ArnNotEquals", F_ARN, R_EQUAL, true },
        { "ArnNotLike", F_ARN, R_EQUAL, true },
        { "Null", F_NULL, R_EQUAL, false },
};
static const struct { const char *prefix; enum quantifier quantifier; } quantifiers[] = {
        { "ForAllValues:", Q_ALL }, { "ForAnyValue:", Q_ANY },
};
#define IF_EXISTS "IfExists"

void operator_parse(const char *name, struct condition *ret)
{
        const size_t suffix = strlen(IF_EXISTS);
        size_t len;

        ret->name = name;
        ret->family = F_UNKNOWN;
        for (size_t i = 0; i < ARRAY_SIZE(quantifiers); i++)
                if (strncasecmp(name, quantifiers[i].prefix, strlen(quantifiers[i].prefix)) == 0) {
                        ret->quantifier = quantifiers[i].quantifier;
                        name += strlen(quantifiers[i].prefix);
                }
        len = strlen(name);
        if (len > suffix && strcasecmp(name + len - suffix, IF_EXISTS) == 0) {
                ret->if_exists = true;
                len -= suffix;
        }
        for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
                if (strlen(operators[i].name) == len &&
                    strncasecmp(operators[i].name, name, len) == 0) {
                        ret->family = operators[i].family;
                        ret->relation = operators[i].relation;
                        ret->negated = operators[i].negated;
                }
        if (ret->family == F_NULL && ret->if_exists)
                ret->family = F_UNKNOWN;
}

unsigned operator_patterns(const struct condition *c)
{
        switch (c->family) {
        case F_LIKE: case F_ARN:
                return WITH_WILDCARDS | WITH_VARIABLES;
        case F_STRING: case F_STRING_FOLD: case F_BOOL:
                return WITH_VARIABLES;
        case F_NUMBER: case F_DATE: case F_BINARY: case F_IP: case F_NULL: case F_UNKNOWN:
                return 0;
        }
        return 0;
}

static enum iam_tri relate(enum relation r, double a, double b)
{
        switch (r) {
        case R_EQUAL:
                return tri(a == b);
        case R_LESS:
                return tri(a < b);
        case R_LESS_EQUAL:
                return tri(a <= b);
        case R_GREATER:
                return tri(a > b);
        case R_GREATER_EQUAL:
                return tri(a >= b);
        }
        return IAM_MAYBE;
}

/* Decimal only: no blanks, hexadecimals or words such as "inf". */
static bool number_of(const char *s, double *ret)
{
        char *end;

        if (!*s || s[strspn(s, "0123456789+-.eE")])
                return false;
        *ret = strtod(s, &end);
        return !*end && isfinite(*ret);
}

/* Whole numbers are seconds, or with twelve digits and more milliseconds; a date alone is its midnight. */
static bool date_of(const char *s, double *ret)
{
        char full[32];
        int64_t t;

        if (*s && !s[strspn(s, "0123456789")] && strlen(s) < 16) {
                *ret = strtod(s, NULL) / (strlen(s) < 12 ? 1 : 1000);
                return true;
        }
        if (strlen(s) == 10)
                snprintf(full, sizeof full, "%sT00:00:00Z", s);
        if (time_parse(strlen(s) == 10 ? full : s, &t) < 0)
                return false;
        *ret = (double)t;
        return true;
}

static enum iam_tri bool_compare(const char *a, const char *b)
{
        static const char *const words[] = { "false", "true" };
        int x = -1, y = -1;

        for (int i = 0; i < 2; i++) {
                x = strcasecmp(a, words[i]) == 0 ? i : x;
                y = strcasecmp(b, words[i]) == 0 ? i : y;
        }
        return x < 0 || y < 0 ? IAM_MAYBE : tri(x == y);
}

struct net { int family; unsigned bits; unsigned char bytes[16]; };

static bool net_of(const char *s, struct net *ret)
{
        char address[64];
        const char *slash = strchr(s, '/');
        size_t n = slash ? (size_t)(slash - s) : strlen(s);
        uint64_t bits;

        *ret = (struct net){ .family = memchr(s, ':', n) ? AF_INET6 : AF_INET };
        if (n >= sizeof address)
                return false;
        memcpy(address, s, n);
        address[n] = '\0';
        ret->bits = ret->family == AF_INET ? 32 : 128;
        if (inet_pton(ret->family, address, ret->bytes) != 1)
                return false;
        if (!slash)
                return true;
        if (u64_parse(slash + 1, &bits) < 0 || bits > ret->bits)
                return false;
        ret->bits = (unsigned)bits;
        return true;
}

static enum iam_tri ip_compare(const char *value, const char *want)
{
        struct net a, b;
        unsigned whole;

        if (!net_of(value, &a) || !net_of(want, &b))
                return IAM_MAYBE;
        if (a.family != b.family || a.bits < b.bits)
                return IAM_NO;
        whole = b.bits / 8;
        if (memcmp(a.bytes, b.bytes, whole) != 0)
                return IAM_NO;
        return tri(b.bits % 8 == 0 ||
                   (a.bytes[whole] ^ b.bytes[whole]) >> (8 - b.bits % 8) == 0);
}

static enum iam_tri arn_compare(const char *value, const char *want, size_t len)
{
        struct words a[ARN_PARTS], b[ARN_PARTS];

        if (arn_split(value, strlen(value), a) != ARN_PARTS || arn_split(want, len, b) != ARN_PARTS ||
            memcmp(value, "arn:", 4) != 0 || b[0].len != 3 || memcmp(b[0].s, "arn", 3) != 0 ||
            !b[1].len || !b[2].len)
                return IAM_MAYBE;
        for (size_t i = 0; i < ARN_PARTS; i++)
                if (!glob_match(b[i].s, b[i].len, a[i].s, a[i].len, false))
                        return IAM_NO;
        return IAM_YES;
}

enum iam_tri value_compare(const struct condition *c, const char *value, const char *want, size_t len)
{
        char text[PATTERN_MAX + 1];
        double a, b;

        if (c->family == F_LIKE)
                return tri(glob_match(want, len, value, strlen(value), false));
        if (c->family == F_ARN)
                return arn_compare(value, want, len);
        if (len >= sizeof text)
                return IAM_MAYBE;
        memcpy(text, want, len);
        text[len] = '\0';
        switch (c->family) {
        case F_STRING: case F_BINARY:
                return tri(streq(value, text));
        case F_STRING_FOLD:
                return tri(strcasecmp(value, text) == 0);
        case F_NUMBER:
                return number_of(value, &a) && number_of(text, &b) ? relate(c->relation, a, b)
                                                                   : IAM_MAYBE;
        case F_DATE:
                return date_of(value, &a) && date_of(text, &b) ? relate(c->relation, a, b)
                                                               : IAM_MAYBE;
        case F_BOOL:
                return bool_compare(value, text);
        case F_IP:
                return ip_compare(value, text);
        case F_LIKE: case F_ARN: case F_NULL: case F_UNKNOWN:
                return IAM_MAYBE;
        }
        return IAM_MAYBE;
}
