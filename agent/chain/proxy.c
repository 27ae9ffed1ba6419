/* Which requests go to the HTTP proxy set in the environment: http_proxy, NO_PROXY and how SDKs read them. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <strings.h>
#include "steps.h"

static const char *filled(const char *first, const char *second) { return value_present(NONEMPTY, first) ? first : second; }

static const char *http_proxy_of(const struct eval *e)
{
        const char *lower = e->in->env[ENV_VAR_HTTP_PROXY_LOWER], *upper = e->in->env[ENV_VAR_HTTP_PROXY];

        switch (e->row->proxy_names) {
        case PROXY_EITHER:
                return lower ? lower : upper;
        case PROXY_LOWER:
                return lower;
        case PROXY_UPPER:
                return upper;
        case PROXY_UPPER_FILLED:
                return filled(upper, lower);
        case PROXY_LOWER_FILLED:
                return filled(lower, upper);
        }
        return NULL;
}

static const char *proxy_of(const struct eval *e)
{
        const char *proxy = http_proxy_of(e);

        if (value_present(NONEMPTY, proxy) || !e->row->all_proxy)
                return proxy;
        return filled(e->in->env[ENV_VAR_ALL_PROXY_LOWER], e->in->env[ENV_VAR_ALL_PROXY]);
}

static const char *exemptions_of(const struct eval *e)
{
        const char *lower = e->in->env[ENV_VAR_NO_PROXY_LOWER], *upper = e->in->env[ENV_VAR_NO_PROXY];

        switch (e->row->no_proxy_names) {
        case NO_PROXY_LOWER_FIRST:
                return lower ? lower : upper;
        case NO_PROXY_LOWER_FILLED:
                return filled(lower, upper);
        case NO_PROXY_UPPER_FIRST:
                return upper ? upper : lower;
        case NO_PROXY_UPPER_FILLED:
                return filled(upper, lower);
        case NO_PROXY_BOTH:
                return lower && upper ? arena_printf(e->a, "%s,%s", lower, upper) : lower ? lower : upper;
        }
        return NULL;
}

/* One entry of NO_PROXY. */
struct entry { const char *s; size_t len; };

/* "169.254.0.0/16" */
static bool in_range(const struct entry *entry, const char *address)
{
        const char *slash = memchr(entry->s, '/', entry->len);
        char base[INET_ADDRSTRLEN];
        struct in_addr from, ip;
        long bits;

        if (!slash || (size_t)(slash - entry->s) >= sizeof base)
                return false;
        memcpy(base, entry->s, (size_t)(slash - entry->s));
        base[slash - entry->s] = '\0';
        bits = strtol(slash + 1, NULL, 10);
        if (bits < 0 || bits > 32 || inet_pton(AF_INET, base, &from) != 1 || inet_pton(AF_INET, address, &ip) != 1)
                return false;
        return bits == 0 || (ntohl(from.s_addr) ^ ntohl(ip.s_addr)) >> (32 - bits) == 0;
}

/* "254" and ".254" are ends of 169.254.169.254. */
static bool is_suffix(const struct entry *entry, const char *address)
{
        size_t dots = *entry->s == '.', n = entry->len - dots, len = strlen(address);

        return n > 0 && n < len && address[len - n - 1] == '.' && strncmp(address + len - n, entry->s + dots, n) == 0;
}

/* "169.254.*" is the beginning of 169.254.169.254. */
static bool address_begins(const struct entry *entry, const char *address)
{
        return entry->len > 1 && entry->s[entry->len - 1] == '*' && strncmp(address, entry->s, entry->len - 1) == 0;
}

static bool is_address(const struct entry *entry, const char *address, bool port)
{
        size_t len = strlen(address);

        if (entry->len < len || strncmp(entry->s, address, len) != 0)
                return false;
        return entry->len == len || (port && entry->len == len + 3 && strncmp(entry->s + len, ":80", 3) == 0);
}

static bool exempts(const struct eval *e, const struct entry *entry, const char *address)
{
        unsigned known = e->row->no_proxy;

        if (entry->len == 1 && *entry->s == '*')
                return known & EXEMPT_STAR;
        return is_address(entry, address, known & EXEMPT_PORT) || ((known & EXEMPT_SUFFIX) && is_suffix(entry, address)) ||
               ((known & EXEMPT_RANGE) && in_range(entry, address)) || ((known & EXEMPT_PREFIX) && address_begins(entry, address));
}

/* Has an entry a colon, and no port behind it? */
static bool port_wrong(const struct entry *entry)
{
        const char *colon = memchr(entry->s, ':', entry->len);

        return colon && strspn(colon + 1, "0123456789") != (size_t)(entry->s + entry->len - colon - 1);
}

const char *proxy_refused(const struct eval *e)
{
        const char *lower = e->in->env[ENV_VAR_HTTP_PROXY_LOWER], *first = lower ? lower : e->in->env[ENV_VAR_HTTP_PROXY];
        const char *list = exemptions_of(e);

        if (first && !*first && !version_has(e->in->version, e->row->since.empty_proxy))
                return "the proxy variable is set but empty, which this release takes for a URL";
        if (!list || !e->row->no_proxy_ports_read || !(e->row->proxies_fatal || value_present(NONEMPTY, proxy_of(e))))
                return NULL;
        for (const char *s = list; *s; s += strcspn(s, ", ")) {
                s += strspn(s, ", ");
                if (port_wrong(&(struct entry){ s, strcspn(s, ", ") }))
                        return "NO_PROXY has an entry with a colon that is not before a port, which this SDK cannot read";
        }
        return NULL;
}

/* The rules of most, for SDKs whose own are not known. */
static bool exempts_usually(const char *list, const char *address)
{
        const char *star = strchr(list, '*');

        return strstr(list, address) || (star && (star == list || strchr(", ", star[-1])));
}

bool proxied(const struct eval *e, const char *address)
{
        const char *proxy = proxy_of(e), *list = exemptions_of(e);

        if (!value_present(NONEMPTY, proxy))
                return false;
        if (!list || !e->row->rules_known)
                return !(list && exempts_usually(list, address));
        if (streq(list, "*"))
                return !(e->row->no_proxy & (EXEMPT_STAR | EXEMPT_ALL));
        for (const char *s = list; *s; s += strcspn(s, ", ")) {
                s += strspn(s, ", ");
                if (*s && exempts(e, &(struct entry){ s, strcspn(s, ", ") }, address))
                        return false;
        }
        return true;
}
