#include <limits.h>
#include <stdio.h>
#include "rolewatch/config.h"
#include "rolewatch/io.h"
#include "rolewatch/log.h"

#define FILE_MAX ((size_t)256 << 10)
#define CONFIG_MEMORY ((size_t)2 << 20)

enum type { TIME, COUNT, BOOL, LEVEL, PATH, TEXT };
static const struct { const char *section, *key; enum type type; const char *fallback, *meaning; } rows[] = {
#define X(id, section, key, type, fallback, meaning) [SETTING_##id] = { section, key, type, fallback, meaning },
        SETTINGS(X)
#undef X
};

/* Where in the files a setting is read. */
struct position { const char *file; unsigned line; const char *section; };

static int fault(struct config *c, const struct position *at, const char *what, const char *word)
{
        const char *shown = word ? arena_escape(c->arena, word, strlen(word), 200) : "";
        const char *text = what && shown ? arena_printf(c->arena, "%s:%u: %s%s%s", at->file, at->line, what, word ? ": " : "", shown) : NULL;

        /* What is wrong may name the section, too. */
        text = text ? arena_escape(c->arena, text, strlen(text), PATH_MAX + 1024) : NULL;
        if (!text)
                return -ENOMEM;
        if (c->n_faults < CONFIG_FAULTS_MAX)
                c->faults[c->n_faults++] = text;
        return 0;
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

/* NULL: the value is in the type's form. */
static const char *value_fault(enum type type, const char *s, int64_t *ret)
{
        switch (type) {
        case TIME:
                return time_value(s, ret) < 0 ? "not a time like 15s, 5m, 24h" : NULL;
        case COUNT:
                return count_value(s, ret) < 0 ? "not a number from 1" : NULL;
        case BOOL:
                return bool_value(s, ret) < 0 ? "not yes or no" : NULL;
        case LEVEL:
                return level_value(s, ret) < 0 ? "not error, warning, info or debug" : NULL;
        case PATH:
                return *s && *s != '/' ? "not an absolute path" : NULL;
        case TEXT:
                break;
        }
        return strlen(s) > 255 ? "too long" : NULL;
}

static int set_default(struct config *c, enum setting i)
{
        c->text[i] = rows[i].fallback;
        c->origin[i] = NULL;
        return value_fault(rows[i].type, rows[i].fallback, &c->number[i]) ? -EINVAL : 0;
}

/* ---- files ---- */

static char *trim(char *s)
{
        char *end = s + strlen(s);

        while (end > s && strchr(" \t\r", end[-1]))
                *--end = '\0';
        return s + strspn(s, " \t");
}

static int setting_find(const char *section, const char *key)
{
        for (int i = 0; i < SETTING_MAX; i++)
                if (streq(rows[i].section, section) && streq(rows[i].key, key))
                        return i;
        return -ENOENT;
}

static int read_setting(struct config *c, const struct position *at, char *text)
{
        char *equals = strchr(text, '='), *value;
        const char *why;
        int64_t number = 0;
        int i;

        if (!equals)
                return fault(c, at, "no \"key = value\"", text);
        *equals = '\0';
        value = trim(equals + 1);
        i = setting_find(at->section, trim(text));
        if (i < 0)
                return fault(c, at, at->section ? arena_printf(c->arena, "[%s] has no such key", at->section)
                                                    : "no [section] before", trim(text));
        if (!*value)
                return set_default(c, (enum setting)i);
        why = value_fault(rows[i].type, value, &number);
        if (why)
                return fault(c, at, why, value);
        c->text[i] = arena_dup(c->arena, value);
        c->origin[i] = arena_printf(c->arena, "%s:%u", at->file, at->line);
        c->number[i] = number;
        return c->text[i] && c->origin[i] ? 0 : -ENOMEM;
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
                s = trim(text);
                end = s + strlen(s);
                if (!*s || *s == '#' || *s == ';')
                        continue;
                if (*s != '[') {
                        r = read_setting(c, &at, s);
                        continue;
                }
                if (end[-1] == ']')
                        end[-1] = '\0';
                at.section = arena_dup(c->arena, trim(s + 1));
                if (!section_known(at.section))
                        r = fault(c, &at, "no such section", at.section);
        }
        return r;
}

static int take_text(struct config *c, const char *file, char *text, size_t len)
{
        return memchr(text, '\0', len) ? fault(c, &(struct position){ .file = file }, "not text", NULL) : read_text(c, file, text);
}

static int take_error(struct config *c, const char *file, int error)
{
        bool form = error == -EINVAL || error == -EFBIG;

        return fault(c, &(struct position){ .file = file }, form ? "not a regular file of at most 256 KiB" : strerror(-error), NULL);
}

static int main_read(struct config *c, const char *file)
{
        CLEANUP(freep) char *text = NULL;
        size_t len;
        int r = read_file(&(struct file_request){ AT_FDCWD, file, FILE_MAX, OPEN_REGULAR_ONLY }, &text, &len);

        if (r == -ENOMEM || r == -ENOENT)
                return r;
        return r < 0 ? take_error(c, file, r) : take_text(c, file, text, len);
}

static int part_read(void *userdata, const struct directory_file *f)
{
        return take_text(userdata, f->path, f->text, f->len);
}

static int part_error(void *userdata, const char *path, int error) { return take_error(userdata, path, error); }

static int parts_read(struct config *c, const char *file)
{
        char path[PATH_MAX];

        snprintf(path, sizeof path, "%s.d", file);
        return read_directory(&(struct directory_request){ .path = path, .suffix = ".conf", .kind = DIRECTORY_ONLY,
                                                           .max_bytes = FILE_MAX, .max_files = SIZE_MAX,
                                                           .on_file = part_read, .on_error = part_error, .userdata = c });
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
                fprintf(out, "# %s%s%s\n%s = %s\n", rows[i].meaning, c->origin[i] ? "; " : "",
                        c->origin[i] ? c->origin[i] : "", rows[i].key, c->text[i]);
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
