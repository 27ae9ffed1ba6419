/* The arguments of a command in short form. */
#include <ctype.h>
#include <stdio.h>
#include "command.h"

bool command_choice(const struct command *c, size_t n, char *buf, size_t size)
{
        const char *s = c->operands;

        if (!islower((unsigned char)*s))
                return false;
        for (; n && s; n--)
                s = strchr(s, '|') ? strchr(s, '|') + 1 : NULL;
        if (s)
                snprintf(buf, size, "%.*s", (int)strcspn(s, "|"), s);
        return s != NULL;
}

void option_synopsis(const struct option_row *o, struct text *t)
{
        text_addf(t, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
}

/* "[--offline|--from FILE]" for the rows of a group, "--role NAME [--role NAME]..." for a required list. */
void command_synopsis(const struct command *c, const char *choice, struct text *t)
{
        bool first = true, chosen = command_choice(c, 0, (char[32]){ 0 }, 32);

        if (chosen)
                text_add(t, choice ? choice : c->operands);
        for (size_t i = 0; i < c->n_options; i++) {
                const struct option_row *o = &c->options[i];

                if (choice && o->only && !streq(o->only, choice))
                        continue;
                text_add(t, first && !chosen ? "" : " ");
                first = false;
                text_add(t, o->required ? "" : "[");
                option_synopsis(o, t);
                for (; o->group && i + 1 < c->n_options && c->options[i + 1].group == o->group; i++) {
                        text_add(t, "|");
                        option_synopsis(&c->options[i + 1], t);
                }
                text_add(t, o->required ? "" : "]");
                if (o->required && o->kind == OPTION_LIST)
                        text_addf(t, " [--%s %s]", o->name, o->value);
                text_add(t, o->kind == OPTION_LIST ? "..." : "");
        }
        if (*c->operands && !chosen)
                text_addf(t, "%s%s", first ? "" : " ", c->operands);
}
