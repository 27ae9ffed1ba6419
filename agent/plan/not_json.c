/* What is wrong with a file that is not JSON: the line, and what to do about the usual mistakes. */
#include <ctype.h>
#include "plan_internal.h"
#include "rolewatch/limits.h"

/* The text, which ends with a NUL byte, and the position of what the parser refused; whole: it read a document up to there. */
struct failed_parse { const char *text; size_t len, at; bool whole; };

/* The last character before that is no blank; NUL: none. */
static char char_before(const char *text, size_t at)
{
        while (at > 0 && isspace((unsigned char)text[at - 1]))
                at--;
        return at > 0 ? text[at - 1] : '\0';
}

static char last_before(const struct failed_parse *f) { return char_before(f->text, f->at); }

static char not_json_first(const struct failed_parse *f)
{
        size_t i = 0;

        while (i < f->len && isspace((unsigned char)f->text[i]))
                i++;
        return f->text[i];
}

static bool in_utf16(const struct failed_parse *f)
{
        return f->len >= 2 && (memcmp(f->text, "\xff\xfe", 2) == 0 || memcmp(f->text, "\xfe\xff", 2) == 0 || !f->text[0] || !f->text[1]);
}

static bool not_json_is_empty(const struct failed_parse *f) { return !not_json_first(f); }
static bool is_hcl(const struct failed_parse *f)
{
        static const char *const blocks[] = { "resource \"", "data \"", "variable \"", "module \"", "locals {", "terraform {" };

        for (size_t i = 0; i < ARRAY_SIZE(blocks); i++)
                if (isalpha((unsigned char)not_json_first(f)) && strstr(f->text, blocks[i]))
                        return true;
        return false;
}

/* "family: web", "---", "- name: web" or a comment. */
static bool is_yaml(const struct failed_parse *f) { return isalpha((unsigned char)not_json_first(f)) || (not_json_first(f) && strchr("-#", not_json_first(f))); }
static bool stopped_at(const struct failed_parse *f, const char *set) { return f->at < f->len && f->text[f->at] && strchr(set, f->text[f->at]); }
static bool is_comment(const struct failed_parse *f) { return stopped_at(f, "/#"); }
static bool is_comma_too_many(const struct failed_parse *f) { return stopped_at(f, "]}") && last_before(f) == ','; }
static bool is_comma_missing(const struct failed_parse *f) { return stopped_at(f, "\"{[") && last_before(f) && !strchr(",:{[", last_before(f)); }
static bool is_placeholder_unquoted(const struct failed_parse *f) { return stopped_at(f, "$<%{"); }
static bool is_without_quotes(const struct failed_parse *f) { return stopped_at(f, "'") || (f->at < f->len && isalpha((unsigned char)f->text[f->at])); }
static bool has_more(const struct failed_parse *f) { return f->whole && f->text[f->at + strspn(f->text + f->at, " \t\r\n")]; }

/* The first one that applies. */
static const struct { bool (*applies)(const struct failed_parse *f); const char *hint; } hints[] = {
        { in_utf16, "it is encoded in UTF-16; save it in UTF-8" },
        { not_json_is_empty, "it is empty" },
        { has_more, "there is more after the definition; give each definition its own file" },
        { is_hcl, "it is Terraform's language; give the list that jsonencode prints" },
        { is_yaml, "if it is YAML, convert it to JSON, for example with cfn-flip" },
        { is_comment, "JSON has no comments; remove it" },
        { is_comma_too_many, "remove the comma before the bracket" },
        { is_comma_missing, "a comma is missing" },
        { is_placeholder_unquoted, "fill in the placeholder first, or put it in quotes" },
        { is_without_quotes, "names and texts need double quotes" },
};

/* cJSON stops after the first character of a name that is none, and before everything else. */
static size_t refused_at(const char *text, size_t at)
{
        char before = at > 0 && !isspace((unsigned char)text[at - 1]) ? char_before(text, at - 1) : '\0';

        return before == '{' || before == ',' ? at - 1 : at;
}

static unsigned line_at(const char *text, size_t at)
{
        unsigned line = 1;

        for (size_t i = 0; i < at; i++)
                line += text[i] == '\n';
        return line;
}

int definition_not_json(const char *path, const struct env_file *file, struct text *error)
{
        const char *end = file->text;
        cJSON *read = cJSON_ParseWithLengthOpts(file->text, file->len, &end, false);
        struct failed_parse f = { .text = file->text, .len = file->len, .at = (size_t)(end - file->text), .whole = read != NULL };

        cJSON_Delete(read);
        f.at = f.whole ? f.at : refused_at(f.text, f.at);
        text_escape_cut(error, path, strlen(path), PATH_TEXT_MAX);
        text_addf(error, ": line %u: not valid JSON", line_at(f.text, f.at));
        for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
                if (hints[i].applies(&f)) {
                        text_addf(error, ": %s", hints[i].hint);
                        break;
                }
        return -EBADMSG;
}
