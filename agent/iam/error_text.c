/* An error text, taken apart: the sentence that names a principal, else the first row that matches. */
#include <ctype.h>
#include "error_parts.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Where a denial without the sentence names the call: STS, CloudFormation, EC2, Auto Scaling. */
static void text_read_call(struct arena *a, const char *text, struct error_text *e)
{
        static const char *const before[] = { "not authorized to perform", "missing the following permissions:",
                                              "API: ", "have permission to call ", "not has permission ",
                                              "permission to perform the ", "authorized to call " };

        for (size_t i = 0; i < ARRAY_SIZE(before) && !e->action; i++) {
                const char *at = strcasestr(text, before[i]);

                if (at)
                        e->action = error_action(a, at + strlen(before[i]));
        }
}

/* "permissions to call SendMessage on SQS": Lambda names the action in two words. */
static void read_two_words(struct arena *a, const char *text, struct error_text *e)
{
        static const char before[] = "permissions to call ", between[] = " on ";
        const char *at = strcasestr(text, before), *name = at ? at + sizeof before - 1 : "";
        size_t n = strspn(name, LETTERS), service;
        char prefix[16] = "";

        if (!n || strncmp(name + n, between, sizeof between - 1) != 0)
                return;
        at = name + n + sizeof between - 1;
        service = strspn(at, LETTERS "0123456789");
        if (!service || service >= sizeof prefix - 1)
                return;
        for (size_t i = 0; i < service; i++)
                prefix[i] = (char)tolower((unsigned char)at[i]);
        prefix[service] = ':';
        if (n < 64 && iam_service_known(prefix))
                e->action = arena_printf(a, "%s%.*s", prefix, (int)n, name);
}

/* "Access to the resource https://... is denied": SQS. Docker says the same words of no resource. */
static void read_denied_resource(struct arena *a, const char *text, struct error_text *e)
{
        static const char before[] = "Access to the resource ";
        const char *at = strcasestr(text, before);

        if (at &&
            (strncasecmp(at + sizeof before - 1, "http", 4) == 0 || strncmp(at + sizeof before - 1, "arn:", 4) == 0))
                e->resource = error_value(a, at + sizeof before - 1);
}

static void read_row(struct arena *a, const char *text, const struct error_row *row, struct error_text *e)
{
        e->kind = row->kind;
        e->form = row->name;
        e->about = row->about;
        if (row->kind == ERROR_DENIED) {
                text_read_call(a, text, e);
                read_two_words(a, text, e);
                read_denied_resource(a, text, e);
                error_read_why(a, text, e);
        }
        error_read_arns(a, text, row->arns, e);
        e->remedy = row->remedy ? row->remedy : error_kind_remedy(a, e);
        if (e->kind == ERROR_TRUST && e->resource && error_is_malformed(e->resource))
                e->remedy = arena_printf(a, "Correct the ARN of the role where it is configured: %s is malformed",
                                         e->resource);
}

int error_text_decode(struct arena *a, const char *text, size_t len, struct error_text *ret)
{
        const char *once = error_plain(a, text, len < ERROR_TEXT_MAX ? len : ERROR_TEXT_MAX);
        const char *line = once ? error_plain(a, once, strlen(once)) : NULL;
        struct error_found found;
        int r;

        *ret = (struct error_text){ .cut = len > ERROR_TEXT_MAX };
        if (!line)
                return -ENOMEM;
        r = error_find(line, strlen(line), &found);
        if (r < 0)
                return r;
        ret->steps = found.steps;
        if (error_read_sentence(a, line, found.marked, ret)) {
                ret->platform_call = error_is_platform_call(line, ret);
                ret->remedy = error_denial_remedy(a, ret);
        } else if (found.row) {
                read_row(a, line, found.row, ret);
        }
        ret->encoded = ret->kind == ERROR_DENIED && strcasestr(line, "Encoded authorization failure message") != NULL;
        return arena_failed(a) ? -ENOMEM : 0;
}
