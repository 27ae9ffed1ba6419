/* Condition operators: their names, and how two values compare. */
#include <arpa/inet.h>
#include <strings.h>
#include "iam_internal.h"

static const struct {
        const char *name;
        enum operator_type operator_type;
        enum relation relation;
        bool negated;
} operators[] = {
        { "StringEquals", F_STRING, R_EQUAL, false },
        { "StringNotEquals", F_STRING, R_EQUAL, true },
        { "StringEqualsIgnoreCase", F_STRING_IGNORE_CASE, R_EQUAL, false },
        { "StringNotEqualsIgnoreCase", F_STRING_IGNORE_CASE, R_EQUAL, true },
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
        ret->operator_type = F_UNKNOWN;
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
                        ret->operator_type = operators[i].operator_type;
                        ret->relation = operators[i].relation;
                        ret->negated = operators[i].negated;
                }
        if (ret->operator_type == F_NULL && ret->if_exists)
                ret->operator_type = F_UNKNOWN;
}

unsigned operator_patterns(const struct condition *c)
{
        switch (c->operator_type) {
        case F_LIKE: case F_ARN:
                return WITH_WILDCARDS | WITH_VARIABLES;
        case F_STRING: case F_STRING_IGNORE_CASE: case F_BOOL:
                return WITH_VARIABLES;
        case F_NUMBER: case F_DATE: case F_BINARY: case F_IP: case F_NULL: case F_UNKNOWN:
                return 0;
        }
        return 0;
}

static int truth_of(struct span w)
{
        static const char *const words[] = { "false", "true" };

        for (int i = 0; i < 2; i++)
                if (w.len == strlen(words[i]) && strncasecmp(w.s, words[i], w.len) == 0)
                        return i;
        return -1;
}

static enum iam_tri bools_compare(struct span a, struct span b, bool *ret_left)
{
        int x = truth_of(a), y = truth_of(b);

        *ret_left = x < 0;
        return x < 0 || y < 0 ? IAM_MAYBE : tri(x == y);
}

struct net { int family; unsigned bits; unsigned char bytes[16]; };

static bool net_of(struct span w, struct net *ret)
{
        char address[64], *slash;
        uint64_t bits;

        if (w.len >= sizeof address || memchr(w.s, '\0', w.len))
                return false;
        memcpy(address, w.s, w.len);
        address[w.len] = '\0';
        slash = strchr(address, '/');
        if (slash)
                *slash = '\0';
        *ret = (struct net){ .family = strchr(address, ':') ? AF_INET6 : AF_INET };
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

/* RFC 4291: ::ffff:a.b.c.d is an IPv4 address. Which of the two IAM compares is not documented. */
static bool is_mapped(const struct net *n)
{
        static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };

        return n->family == AF_INET6 && n->bits >= 96 && memcmp(n->bytes, prefix, sizeof prefix) == 0;
}

static enum iam_tri addresses_compare(struct span value, struct span want, bool *ret_left)
{
        struct net a, b;
        unsigned whole;

        *ret_left = !net_of(value, &a);
        if (*ret_left || !net_of(want, &b))
                return IAM_MAYBE;
        *ret_left = is_mapped(&a);
        if (a.family != b.family && (*ret_left || is_mapped(&b)))
                return IAM_MAYBE;
        if (a.family != b.family || a.bits < b.bits)
                return IAM_NO;
        whole = b.bits / 8;
        if (memcmp(a.bytes, b.bytes, whole) != 0)
                return IAM_NO;
        return tri(b.bits % 8 == 0 ||
                   (a.bytes[whole] ^ b.bytes[whole]) >> (8 - b.bits % 8) == 0);
}

static enum iam_tri arns_compare(struct comparison *x, bool *ret_left)
{
        struct span a[ARN_PARTS];
        struct glob b[ARN_PARTS];
        enum iam_tri all = IAM_YES;

        *ret_left = arn_split(x->value.s, x->value.len, a) != ARN_PARTS || !span_is(a[0], "arn");
        if (*ret_left || glob_split(&x->want, b) != ARN_PARTS || b[0].len != 3 || memcmp(b[0].s, "arn", 3) != 0 ||
            !b[1].len || !b[2].len)
                return IAM_MAYBE;
        for (size_t i = 0; i < ARN_PARTS && all != IAM_NO; i++)
                all = tri_and(all, glob_match(&b[i], a[i], AS_WRITTEN, x->steps));
        return all;
}

enum iam_tri value_compare(struct comparison *x)
{
        const struct span a = x->value, b = { x->want.s, x->want.len };
        enum iam_tri r = IAM_MAYBE;
        bool left = false;

        if (!steps_take(x->steps, 1 + (a.len < b.len ? a.len : b.len)))
                return IAM_MAYBE;
        switch (x->c->operator_type) {
        case F_STRING: case F_BINARY:
                return tri(span_equal(a, b));
        case F_STRING_IGNORE_CASE:
                return letter_case_equal(a, b);
        case F_LIKE:
                return glob_match(&x->want, a, AS_WRITTEN, x->steps);
        case F_NUMBER:
                r = decimals_relate(x->c->relation, a, b, &left);
                break;
        case F_DATE:
                r = dates_relate(x->c->relation, a, b, &left);
                break;
        case F_BOOL:
                r = bools_compare(a, b, &left);
                break;
        case F_IP:
                r = addresses_compare(a, b, &left);
                break;
        case F_ARN:
                r = arns_compare(x, &left);
                break;
        case F_NULL: case F_UNKNOWN:
                break;
        }
        x->bad = left ? IAM_OF_REQUEST : IAM_OF_POLICY;
        return r;
}
