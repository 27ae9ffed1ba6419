#include <stdio.h>
#include <strings.h>
#include "php_fpm.h"

/* One line: key, or key[index], and a value without its quotes. */
struct fpm_line { struct span key, index, value; bool plain; };

static struct span fpm_trim(const char *s, const char *end)
{
        while (s < end && (*s == ' ' || *s == '\t' || *s == '\r'))
                s++;
        while (end > s && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
                end--;
        return (struct span){ s, (size_t)(end - s) };
}

static bool fpm_is(struct span x, const char *s)
{
        return x.len == strlen(s) && memcmp(x.s, s, x.len) == 0;
}

/* What PHP would interpret, as a constant, an expression or another variable, is not plain. */
static bool value_read(const char *s, const char *end, struct fpm_line *ret)
{
        struct span v = fpm_trim(s, end);
        const char *quote, *rest;

        if (v.len && (v.s[0] == '"' || v.s[0] == '\'')) {
                quote = memchr(v.s + 1, v.s[0], v.len - 1);
                if (!quote)
                        return false;
                ret->value = (struct span){ v.s + 1, (size_t)(quote - v.s - 1) };
                v = fpm_trim(quote + 1, end);
                if (v.len && v.s[0] != ';')
                        return false;
        } else {
                rest = memchr(v.s, ';', v.len);
                ret->value = rest ? fpm_trim(v.s, rest) : v;
        }
        ret->plain = true;
        for (size_t i = 0; i < ret->value.len; i++)
                if (strchr("\"'\\{}|&^~!()=", ret->value.s[i]) || (ret->value.s[i] == '$' && i > 0))
                        ret->plain = false;
        return true;
}

static bool line_read(const char *s, const char *end, struct fpm_line *ret)
{
        const char *eq = memchr(s, '=', (size_t)(end - s)), *open;
        struct span key;

        if (!eq)
                return false;
        key = fpm_trim(s, eq);
        open = memchr(key.s, '[', key.len);
        *ret = (struct fpm_line){ .key = key, .index = { "", 0 } };
        if (open) {
                if (key.s[key.len - 1] != ']')
                        return false;
                ret->index = fpm_trim(open + 1, key.s + key.len - 1);
                ret->key = fpm_trim(key.s, open);
        }
        return ret->key.len && value_read(eq + 1, end, ret);
}

/* 1 yes, 0 no, -EBADMSG. */
static int boolean_of(struct span v)
{
        static const struct { const char *word; int yes; } words[] = {
                { "no", 0 }, { "off", 0 }, { "false", 0 }, { "none", 0 }, { "0", 0 }, { "null", 0 },
                { "yes", 1 }, { "on", 1 }, { "true", 1 }, { "1", 1 },
        };

        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (v.len == strlen(words[i].word) && strncasecmp(v.s, words[i].word, v.len) == 0)
                        return words[i].yes;
        return -EBADMSG;
}

static int clear_env_add(const struct fpm_line *line, struct php_fpm_pool *x)
{
        int clears = line->plain ? boolean_of(line->value) : -EBADMSG;

        if (clears < 0 || (x->has_clear_env && x->keeps != !clears))
                return -EBADMSG;
        x->keeps = !clears;
        x->has_clear_env = true;
        return 0;
}

/* The value of a URI is requested, and so it is known only where the master has it; a boolean word becomes another text. */
static bool is_settable(int var, const struct fpm_line *line)
{
        static const enum env_var uris[] = { ENV_VAR_RELATIVE_URI, ENV_VAR_FULL_URI, ENV_VAR_METADATA_V4 };

        for (size_t i = 0; i < ARRAY_SIZE(uris); i++)
                if (uris[i] == (enum env_var)var)
                        return false;
        return line->plain && boolean_of(line->value) < 0 && !memchr(line->value.s, '$', line->value.len);
}

static int env_add(struct arena *a, const struct fpm_line *line, struct php_fpm_pool *x)
{
        int var = env_find(line->index.s, line->index.len);
        enum php_fpm_pass pass = PHP_FPM_SET;
        const char *value = NULL;

        if (var < 0 || var == ENV_VAR_HOME)
                return 0;
        if (line->plain && line->value.len == line->index.len + 1 && line->value.s[0] == '$' &&
            memcmp(line->value.s + 1, line->index.s, line->index.len) == 0)
                pass = PHP_FPM_PASSED;
        else if (!is_settable(var, line))
                return -EBADMSG;
        else {
                value = env_redact(a, env_class((enum env_var)var), line->value.s, line->value.len);
                if (!value)
                        return -ENOMEM;
        }
        if (x->pass[var] != PHP_FPM_DROPPED && (x->pass[var] != pass || !streq(x->value[var], value)))
                return -EBADMSG;
        x->pass[var] = pass;
        x->value[var] = value;
        return 0;
}

static int include_add(struct arena *a, const struct fpm_line *line, struct php_fpm_pool *x)
{
        const char *path;

        if (!line->plain || !line->value.len || memchr(line->value.s, '$', line->value.len) || x->n_includes == PHP_FPM_INCLUDES_MAX)
                return -EBADMSG;
        path = arena_dupn(a, line->value.s, line->value.len);
        if (!path)
                return -ENOMEM;
        x->includes[x->n_includes++] = path;
        return 0;
}

int php_fpm_parse(struct arena *a, struct span file, const char *pool, struct php_fpm_pool *x)
{
        bool in_pool = false, in_section = false;
        int r = 0;

        if (memchr(file.s, '\0', file.len))
                return -EBADMSG;
        for (const char *s = file.s, *end; r == 0 && s < file.s + file.len; s = end + 1) {
                struct fpm_line line;
                struct span text;

                end = memchr(s, '\n', (size_t)(file.s + file.len - s));
                end = end ? end : file.s + file.len;
                text = fpm_trim(s, end);
                if (!text.len || text.s[0] == ';')
                        continue;
                if (text.s[0] == '[') {
                        const char *close = memchr(text.s, ']', text.len);

                        if (!close)
                                return -EBADMSG;
                        in_section = true;
                        in_pool = fpm_is(fpm_trim(text.s + 1, close), pool);
                        continue;
                }
                if (!line_read(text.s, text.s + text.len, &line))
                        return -EBADMSG;
                if (fpm_is(line.key, "include"))
                        r = include_add(a, &line, x);
                else if (!in_section)
                        r = -EBADMSG;
                else if (in_pool && fpm_is(line.key, "clear_env"))
                        r = clear_env_add(&line, x);
                else if (in_pool && fpm_is(line.key, "env"))
                        r = env_add(a, &line, x);
        }
        return r;
}

bool php_fpm_title_pool(const char *title, char ret_pool[64])
{
        static const char prefix[] = "php-fpm: pool ";
        const char *name = strncmp(title, prefix, sizeof prefix - 1) == 0 ? title + sizeof prefix - 1 : "";
        size_t n = strcspn(name, " ");

        if (n == 0 || n >= 64 || !text_is(name, n, "-_."))
                return false;
        memcpy(ret_pool, name, n);
        ret_pool[n] = '\0';
        return true;
}

bool php_fpm_title_config(const char *title, char ret_path[256])
{
        static const char prefix[] = "php-fpm: master process (";
        const char *path = strncmp(title, prefix, sizeof prefix - 1) == 0 ? title + sizeof prefix - 1 : "", *close = strchr(path, ')');

        if (!close || close - path >= 256 || path[0] != '/')
                return false;
        memcpy(ret_path, path, (size_t)(close - path));
        ret_path[close - path] = '\0';
        return true;
}
