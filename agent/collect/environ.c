#include "rolewatch/environ.h"

static void copy_raw(int var, const char *value, struct environ_raw *raw)
{
        if (var == ENV_VAR_RELATIVE_URI)
                raw->relative = value;
        else if (var == ENV_VAR_FULL_URI)
                raw->full = value;
        else if (var == ENV_VAR_METADATA_V4)
                raw->metadata_v4 = value;
}

int environ_parse(struct arena *a, struct span block, const char *ret_env[ENV_VAR_MAX], struct environ_raw *ret_raw)
{
        for (size_t at = 0; at < block.len;) {
                const char *entry = block.s + at, *eq;
                size_t n = strnlen(entry, block.len - at);
                int var;

                at += n + 1;
                eq = memchr(entry, '=', n);
                if (!eq)
                        continue;
                var = env_find(entry, (size_t)(eq - entry));
                if (var < 0 || ret_env[var])
                        continue;
                ret_env[var] = env_redact(a, env_class((enum env_var)var), eq + 1,
                                          n - (size_t)(eq + 1 - entry));
                if (!ret_env[var])
                        return -ENOMEM;
                copy_raw(var, eq + 1, ret_raw);
        }
        return 0;
}

/*
 * As the kernel laid it out: entries NAME=value, each with its NUL. Not one byte of it need be text. What overwrites it
 * comes from the arguments, in front of it: a title ends in the first entry, and NULs or blanks follow. Names with a
 * blank in them, or entries without a value, that stand elsewhere were given so: Docker takes any name.
 */
bool environ_is_intact(struct span block)
{
        if (block.len && block.s[block.len - 1] != '\0')
                return false;
        for (size_t at = 0; at < block.len;) {
                const char *entry = block.s + at;
                size_t n = strlen(entry), name = strcspn(entry, "=");

                if (n == 0 || (at == 0 && (name == 0 || name == n || strcspn(entry, " \t\r\n") < name)))
                        return false;
                at += n + 1;
        }
        return true;
}

void environ_paths(const struct environ_raw *raw, struct credential_paths *ret)
{
        static const char *const bases[] = { "http://169.254.170.2:80", "http://169.254.170.2" };

        *ret = (struct credential_paths){ NULL, NULL };
        if (raw->relative && raw->relative[0] == '/')
                ret->relative = raw->relative;
        for (size_t i = 0; raw->full && !ret->full && i < ARRAY_SIZE(bases); i++) {
                size_t n = strlen(bases[i]);

                if (strncmp(raw->full, bases[i], n) == 0 && raw->full[n] == '/')
                        ret->full = raw->full + n;
        }
}

static int option_prop(struct arena *a, const char *s, size_t len,
                       const char *ret_prop[SYSPROP_MAX])
{
        const char *eq = memchr(s, '=', len);
        const char *value;
        int p;

        if (len < 3 || s[0] != '-' || s[1] != 'D' || !eq)
                return 0;
        p = sysprop_find(s + 2, (size_t)(eq - s - 2));
        if (p < 0)
                return 0;
        value = env_redact(a, sysprop_class((enum sysprop)p), eq + 1, len - (size_t)(eq + 1 - s));
        if (!value)
                return -ENOMEM;
        ret_prop[p] = value;
        return 0;
}

int cmdline_props(struct arena *a, const char *buf, size_t len, const char *ret_prop[SYSPROP_MAX])
{
        for (size_t at = 0; at < len;) {
                size_t n = strnlen(buf + at, len - at);
                int r = option_prop(a, buf + at, n, ret_prop);

                if (r < 0)
                        return r;
                at += n + 1;
        }
        return 0;
}

int options_props(struct arena *a, const char *options, const char *ret_prop[SYSPROP_MAX])
{
        for (const char *s = options; s && *s;) {
                size_t n = strcspn(s, " ");
                int r = option_prop(a, s, n, ret_prop);

                if (r < 0)
                        return r;
                s += n + (s[n] == ' ');
        }
        return 0;
}
