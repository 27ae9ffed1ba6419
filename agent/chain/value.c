/* When a value counts as set; comparison of releases. */
#include <ctype.h>
#include "rows.h"

bool value_present(enum present rule, const char *v)
{
        if (!v)
                return false;
        if (rule == EXISTS)
                return true;
        return rule == NONEMPTY ? *v != '\0' : v[strspn(v, " \t\r\n")] != '\0';
}

static unsigned long next_part(const char **s)
{
        unsigned long n = 0;

        for (; isdigit((unsigned char)**s); (*s)++)
                n = n > 1000000000UL ? n : n * 10 + (unsigned long)(**s - '0');
        while (**s && **s != '.' && !isdigit((unsigned char)**s))
                *s += strlen(*s);       /* a pre-release tag ends the number */
        if (**s == '.')
                (*s)++;
        return n;
}

int version_compare(const char *a, const char *b)
{
        while (*a || *b) {
                unsigned long x = next_part(&a), y = next_part(&b);

                if (x != y)
                        return x < y ? -1 : 1;
        }
        return 0;
}

bool version_has(const char *version, const char *since)
{
        if (!since)
                return true;
        return !streq(since, "-") && (!version || version_compare(version, since) >= 0);
}
