#include <limits.h>
#include <stdio.h>
#include "rolewatch/config.h"
#include "rolewatch/io.h"
#include "rolewatch/log.h"

#define FILE_MAX ((size_t)256 << 10)
#define CONFIG_MEMORY ((size_t)2 << 20)

#define CONF_VARIABLE "ROLEWATCH_CONF"

enum type { TIME, COUNT, BOOL, OUTPUT, LEVEL, PATH, TEXT };
static const struct { const char *section, *key, *former; enum type type; const char *fallback, *meaning; } rows[] = {
#define X(id, section, key, former, type, fallback, meaning) [SETTING_##id] = { section, key, former, type, fallback, meaning },
        SETTINGS(X)
#undef X
};

/* Where in the files a setting is read. */
struct position { const char *file; unsigned line; const char *section; };

struct message_list { const char **list; size_t *n; };

/* Adds "FILE:LINE: TEXT", escaped: the text may quote any bytes of the file. text NULL: no memory. */
static int message_add(struct config *c, struct message_list to, const struct position *at, const char *text)
{
        const char *whole = !text ? NULL : at->line ? arena_printf(c->arena, "%s:%u: %s", at->file, at->line, text)
                                                    : arena_printf(c->arena, "%s: %s", at->file, text);

        whole = whole ? arena_escape(c->arena, whole, strlen(whole), PATH_MAX + 1024) : NULL;
        if (!whole)
                return -ENOMEM;
        if (*to.n < CONFIG_ERRORS_MAX)
                to.list[(*to.n)++] = whole;
        return 0;
}

static int config_error(struct config *c, const struct position *at, const char *text)
{
        return message_add(c, (struct message_list){ c->errors, &c->n_errors }, at, text);
}

static int former_key_warn(struct config *c, const struct position *at, enum setting i)
{
        return message_add(c, (struct message_list){ c->warnings, &c->n_warnings }, at,
                           arena_printf(c->arena, "setting '%s' is now '%s'; the old name will be removed in the next release",
                                        rows[i].former, rows[i].key));
}

/* ---- values ---- */

/* "90", "15s", "5m", "24h", "7d" */
static int time_value(const char *s, int64_t *ret)
{
        static const struct { const char *unit; int64_t s; } units[] = { { "", 1 },     { "s", 1 },     { "m", 60 },
                                                                         { "h", 3600 }, { "d", 86400 } };
        char *end;
        long n;

        errno = 0;
        n = strtol(s, &end, 10);
        if (end == s || errno || n < 1 || n > 366L * 86400)
                return -EINVAL;
        for (size_t i = 0; i < ARRAY_SIZE(units); i++)
                if (streq(end, units[i].unit)) {
                        *ret = n * units[i].s;
                        return 0;
                }
        return -EINVAL;
}

static int bool_value(const char *s, int64_t *ret)
{
        static const struct { const char *word; int64_t value; } words[] = {
                { "yes", 1 }, { "true", 1 }, { "on", 1 }, { "1", 1 },
                { "no", 0 },  { "false", 0 }, { "off", 0 }, { "0", 0 },
        };

        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (streq(s, words[i].word)) {
                        *ret = words[i].value;
                        return 0;
                }
        return -EINVAL;
}

static int output_value(const char *s, int64_t *ret)
{
        if (!streq(s, "stdout"))
                return bool_value(s, ret);
        *ret = OUTPUT_JSON;
        return 0;
}

static int count_value(const char *s, int64_t *ret)
{
        uint64_t n;

        if (u64_parse(s, &n) < 0 || n < 1 || n > 1000000)
                return -EINVAL;
        *ret = (int64_t)n;
        return 0;
}

static int level_value(const char *s, int64_t *ret)
{
        int level = log_level_from_string(s);

        if (level >= 0)
                *ret = level;
        return level < 0 ? level : 0;
}

/* NULL: the value is valid; otherwise what was expected. */
static const char *value_expected(enum type type, const char *s, int64_t *ret)
{
        switch (type) {
        case TIME:
                return time_value(s, ret) < 0 ? "a time such as 15s, 5m or 24h" : NULL;
        case COUNT:
                return count_value(s, ret) < 0 ? "a number from 1 to 1000000" : NULL;
        case BOOL:
                return bool_value(s, ret) < 0 ? "yes or no" : NULL;
        case OUTPUT:
                return output_value(s, ret) < 0 ? "yes, no or stdout" : NULL;
        case LEVEL:
                return level_value(s, ret) < 0 ? "error, warning, info or debug" : NULL;
        case PATH:
                return *s && *s != '/' ? "an absolute path" : NULL;
        case TEXT:
                break;
        }
        return strlen(s) > 255 ? "at most 255 bytes" : NULL;
}

static int set_default(struct config *c, enum setting i)
{
        c->text[i] = rows[i].fallback;
        c->origin[i] = NULL;
        return value_expected(rows[i].type, rows[i].fallback, &c->number[i]) ? -EINVAL : 0;
}

/* ---- files ---- */

static char *config_trim(char *s)
{
        char *end = s + strlen(s);

        while (end > s && strchr(" \t\r", end[-1]))
                *--end = '\0';
        return s + strspn(s, " \t");
}

/* By its key, or by its former one, which *ret_former then says. */
static int setting_find(const char *section, const char *key, bool *ret_former)
{
        for (int former = 0; former < 2; former++)
                for (int i = 0; i < SETTING_MAX; i++)
                        if (streq(rows[i].section, section) && streq(former ? rows[i].former : rows[i].key, key)) {
                                *ret_former = former;
                                return i;
                        }
        return -ENOENT;
}

static int key_unknown(struct config *c, const struct position *at, const char *key)
{
        return config_error(c, at, at->section ? arena_printf(c->arena, "unknown setting '%.200s' in section [%s]", key, at->section)
                                        : arena_printf(c->arena, "setting '%.200s' stands before the first [section]", key));
}

static int setting_set(struct config *c, const struct position *at, enum setting i, const char *value)
{
        int64_t number = 0;
        const char *expected = value_expected(rows[i].type, value, &number);

        if (expected)
                return config_error(c, at, arena_printf(c->arena, "%s: expected %s, not '%.200s'", rows[i].key, expected, value));
        c->text[i] = arena_dup(c->arena, value);
        c->origin[i] = arena_printf(c->arena, "%s:%u", at->file, at->line);
        c->number[i] = number;
        return c->text[i] && c->origin[i] ? 0 : -ENOMEM;
}

static int read_setting(struct config *c, const struct position *at, char *line)
{
        char *equals = strchr(line, '='), *key, *value;
        bool former = false;
        int i, r = 0;

        if (!equals)
                return config_error(c, at, arena_printf(c->arena, "expected KEY = VALUE, not '%.200s'", line));
        *equals = '\0';
        key = config_trim(line);
        value = config_trim(equals + 1);
        i = setting_find(at->section, key, &former);
        if (i < 0)
                return key_unknown(c, at, key);
        if (former)
                r = former_key_warn(c, at, (enum setting)i);
        if (r < 0)
                return r;
        return *value ? setting_set(c, at, (enum setting)i, value) : set_default(c, (enum setting)i);
}

static bool section_known(const char *section)
{
        for (int i = 0; i < SETTING_MAX; i++)
                if (streq(rows[i].section, section))
                        return true;
        return false;
}

static int read_text(struct config *c, const char *file, char *text)
{
        struct position at = { .file = file };
        int r = 0;

        for (char *next; r == 0 && text; text = next) {
                char *s, *end;

                next = strchr(text, '\n');
                if (next)
                        *next++ = '\0';
                at.line++;
                s = config_trim(text);
                end = s + strlen(s);
                if (!*s || *s == '#' || *s == ';')
                        continue;
                if (*s != '[') {
                        r = read_setting(c, &at, s);
                        continue;
                }
                if (end[-1] == ']')
                        end[-1] = '\0';
                at.section = arena_dup(c->arena, config_trim(s + 1));
                if (!at.section)
                        return -ENOMEM;
                if (!section_known(at.section))
                        r = config_error(c, &at, arena_printf(c->arena, "unknown section [%.200s]", at.section));
        }
        return r;
}

static int config_take_text(struct config *c, const char *file, char *text, size_t len)
{
        return memchr(text, '\0', len) ? config_error(c, &(struct position){ .file = file }, "contains a NUL byte") : read_text(c, file, text);
}

static int take_error(struct config *c, const char *file, int error)
{
        bool form = error == -EINVAL || error == -EFBIG;

        return config_error(c, &(struct position){ .file = file }, form ? "not a regular file of at most 256 KiB"
                                                                 : arena_printf(c->arena, "cannot be read: %s", strerror(-error)));
}

static int main_read(struct config *c, const char *file)
{
        CLEANUP(freep) char *text = NULL;
        size_t len;
        int r = read_file(&(struct file_request){ AT_FDCWD, file, FILE_MAX, OPEN_REGULAR_ONLY }, &text, &len);

        if (r == -ENOMEM || r == -ENOENT)
                return r;
        return r < 0 ? take_error(c, file, r) : config_take_text(c, file, text, len);
}

static int config_part_read(void *userdata, const struct directory_file *f)
{
        return config_take_text(userdata, f->path, f->text, f->len);
}

static int part_error(void *userdata, const char *path, int error) { return take_error(userdata, path, error); }

static int parts_read(struct config *c, const char *file)
{
        char path[PATH_MAX];

        snprintf(path, sizeof path, "%s.d", file);
        return read_directory(&(struct directory_request){ .path = path, .suffix = ".conf", .kind = DIRECTORY_ONLY,
                                                           .max_bytes = FILE_MAX, .max_files = SIZE_MAX,
                                                           .on_file = config_part_read, .on_error = part_error, .userdata = c });
}

static int variable_read(struct config *c)
{
        const char *value = getenv(CONF_VARIABLE);
        CLEANUP(freep) char *text = value ? strdup(value) : NULL;

        if (!value)
                return 0;
        return text ? read_text(c, CONF_VARIABLE, text) : -ENOMEM;
}

int conf_read(const char *file, struct config **ret)
{
        CLEANUP(conf_freep) struct config *c = calloc(1, sizeof *c);
        int r = c ? arena_new(CONFIG_MEMORY, &c->arena) : -ENOMEM;

        for (int i = 0; r == 0 && i < SETTING_MAX; i++)
                r = set_default(c, (enum setting)i);
        if (r < 0)
                return r;
        r = main_read(c, file);
        /* Its usual place may be empty. */
        if (r == -ENOENT && streq(file, CONFIG_FILE))
                r = 0;
        if (r == 0)
                r = parts_read(c, file);
        if (r == 0)
                r = variable_read(c);
        if (r < 0)
                return r;
        *ret = TAKE(c);
        return 0;
}

void conf_free(struct config *c)
{
        if (c)
                arena_free(c->arena);
        free(c);
}

int conf_print(const struct config *c, FILE *out)
{
        const char *section = NULL;

        for (int i = 0; i < SETTING_MAX; i++) {
                if (!streq(section, rows[i].section))
                        fprintf(out, "%s[%s]\n", section ? "\n" : "", rows[i].section);
                section = rows[i].section;
                fprintf(out, "# %s\n", rows[i].meaning);
                if (c->origin[i])
                        fprintf(out, "# Set in %s.\n", c->origin[i]);
                fprintf(out, "%s = %s\n", rows[i].key, c->text[i]);
        }
        return ferror(out) ? -EIO : 0;
}

void conf_collect(const struct config *c, struct collect_settings *ret)
{
        static const struct { enum setting i; size_t at; } paths[] = {
                { SETTING_NEEDS, offsetof(struct collect_settings, needs) },
                { SETTING_BUNDLES, offsetof(struct collect_settings, bundles) },
                { SETTING_DEFINITIONS, offsetof(struct collect_settings, definitions) },
                { SETTING_AUDIT_LOG, offsetof(struct collect_settings, audit_log) },
                { SETTING_CACHE, offsetof(struct collect_settings, cache) },
        };
        struct collect_settings env;

        collect_settings_default(&env);
        *ret = env;
        /* A setting that a file has made counts; what only has its default leaves the environment's. */
        for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
                if (c->origin[paths[i].i])
                        memcpy((char *)ret + paths[i].at, &c->text[paths[i].i], sizeof c->text[0]);
        ret->iam = c->number[SETTING_ASK_IAM] || env.iam;
        ret->ecs = c->number[SETTING_ASK_ECS] || env.ecs;
        ret->imds_v1 = c->number[SETTING_IMDS_V1] || env.imds_v1;
        ret->probe = c->number[SETTING_PROBE];
}
