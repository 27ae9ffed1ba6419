/*
 * Programs that start others without the container's environment, by the files of the image: lint warnings, since it is not known which
 * of the programs that they start use AWS.
 */
#include <fnmatch.h>
#include <stdio.h>
#include "image.h"

/* One question about a program: its words, and a text with which it is answered. */
struct launcher_check {
        const struct image *image;
        const cJSON *container;
        const struct command_program *program;
        char found[PATH_TEXT_MAX];
        bool passed, no_memory;
};

/* An option of a program, and those whose operand is a word of its own, so that what the program starts has its words to itself. */
struct launcher_options {
        char letter;
        const char *names[3], *with_operand, *names_with_operand[11];  /* globs; NULL: the end */
        bool until_operand;            /* what follows the first operand are words of the command */
};

static bool launcher_option_is(const char *const *names, const char *word)
{
        for (size_t i = 0; names[i]; i++)
                if (fnmatch(names[i], word, 0) == 0)
                        return true;
        return false;
}

/* Letters after one "-": is it among them? *ret_operand: the last of them takes the next word. */
static bool letters_match(const struct launcher_options *o, const char *letters, bool *ret_operand)
{
        for (; *letters; letters++) {
                if (*letters == o->letter)
                        return true;
                if (strchr(o->with_operand, *letters)) {
                        *ret_operand = letters[1] == '\0';
                        return false;
                }
        }
        return false;
}

static bool has_option(const struct command_program *p, const struct launcher_options *o)
{
        const char *end = p->argv + p->argv_len, *word = p->argv;

        for (word += strlen(word) + 1; word < end && !streq(word, "--"); word += strlen(word) + 1) {
                bool operand = word[0] == '-' && word[1] == '-' && launcher_option_is(o->names_with_operand, word);

                if (launcher_option_is(o->names, word) || (word[0] == '-' && word[1] != '-' && letters_match(o, word + 1, &operand)))
                        return true;
                if (word[0] != '-' && o->until_operand)
                        return false;
                word += operand ? strlen(word) + 1 : 0;
                if (word >= end)
                        return false;
        }
        return false;
}

static void launcher_directory(struct launcher_check *c, const char *path, const char *suffix, void (*on_file)(void *, const char *, char *))
{
        const char *inner = *suffix == '/' ? suffix + 1 : NULL;

        if (image_read_directory(&(struct image_directory){ c->image, path, inner ? "" : suffix, inner, on_file, c }) < 0)
                c->no_memory = true;
}

static bool loses_always(struct launcher_check *c)
{
        (void)c;
        return true;
}

/* That of busybox only sets HOME, SHELL and the names of the user (busybox, miscutils/crond.c). */
static bool cron_loses(struct launcher_check *c) { return !streq(arn_name(c->program->exe), "busybox"); }

static bool su_loses(struct launcher_check *c)
{
        static const struct launcher_options login = {
                'l', { "-", "--login", NULL }, "cgGsuwT",
                { "--command", "--session-command", "--group", "--supp-group", "--shell", "--user", "--whitelist-environment", NULL }, false,
        };

        return has_option(c->program, &login);
}

static void sudoers_read(void *userdata, const char *path, char *text)
{
        struct launcher_check *c = userdata;

        (void)path;
        c->passed = c->passed || strstr(text, RELATIVE_URI_NAME) || strstr(text, "!env_reset") || strstr(text, "AWS_*") || strstr(text, "AWS_CONTAINER_*");
}

static bool sudo_loses(struct launcher_check *c)
{
        static const struct launcher_options keeps = {
                'E', { "--preserve-env", "--preserve-env=*" RELATIVE_URI_NAME "*", NULL }, "CDghpRrtTUu",
                { "--close-from", "--chdir", "--group", "--host", "--prompt", "--chroot", "--role", "--type", "--command-timeout", "--user", NULL }, true,
        };
        CLEANUP(freep) char *text = NULL;
        int r;

        if (has_option(c->program, &keeps))
                return false;
        r = image_read(c->image, "/etc/sudoers", IMAGE_FILE_MAX, &text);
        c->no_memory = r == -ENOMEM;
        if (r > 0)
                sudoers_read(c, "/etc/sudoers", text);
        launcher_directory(c, "/etc/sudoers.d", "", sudoers_read);
        return !c->passed;
}

/* "clear_env = no" keeps all; "env[NAME] = $NAME" passes one (php-fpm's configuration of pools). */
static void pool_read(void *userdata, const char *path, char *text)
{
        struct launcher_check *c = userdata;
        bool passes = false, pool = false;

        for (char *line; (line = strsep(&text, "\n"));) {
                char key[256] = "", value[64] = "";

                line += strspn(line, " \t");
                pool = pool || (*line == '[' && strncmp(line, "[global]", 8) != 0);
                if (sscanf(line, "%255[^= \t] = %63s", key, value) == 2)
                        passes = passes || streq(key, "env[" RELATIVE_URI_NAME "]") ||
                                 (streq(key, "clear_env") && (streq(value, "no") || streq(value, "off") || streq(value, "0") || streq(value, "false")));
        }
        c->passed = c->passed || passes;
        if (pool && !passes)
                snprintf(c->found, sizeof c->found, "%s", path);
}

static bool php_fpm_loses(struct launcher_check *c)
{
        static const char *const directories[] = { "/usr/local/etc/php-fpm.d", "/etc/php-fpm.d", "/etc/php/7.4/fpm/pool.d", "/etc/php/8.1/fpm/pool.d", "/etc/php/8.2/fpm/pool.d",
                                                   "/etc/php/8.3/fpm/pool.d", "/etc/php/8.4/fpm/pool.d" };

        for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
                launcher_directory(c, directories[i], ".conf", pool_read);
        /* Files of a directory add to one pool, in an order that counts: one that passes it may be the last. */
        return c->found[0] && !c->passed;
}

/* A service's script restores the environment by with-contenv, as its interpreter or in its text, or runs without it (s6-overlay). */
static void service_read(void *userdata, const char *path, char *text)
{
        struct launcher_check *c = userdata;

        if (strncmp(text, "#!", 2) == 0 && !strstr(text, "with-contenv"))
                snprintf(c->found, sizeof c->found, "%s", path);
}

static bool s6_loses(struct launcher_check *c)
{
        static const char *const directories[] = { "/etc/services.d", "/etc/s6-overlay/s6-rc.d" };
        const char *all = image_variable(c->image, c->container, "S6_KEEP_ENV");

        /* With this one s6-overlay removes nothing. */
        if (all && !streq(all, "0"))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
                launcher_directory(c, directories[i], "/run", service_read);
        return c->found[0];
}

static const struct launcher {
        const char *const names[5];
        bool (*loses)(struct launcher_check *c);
        const char *message, *remedy;
} launchers[] = {
        { { "cron", "crond", "fcron", "anacron" }, cron_loses, "starts its jobs without " RELATIVE_URI_NAME,
          "Save the variable at the start of the entrypoint (`export -p | grep " RELATIVE_URI_NAME " > /run/env`), and start each command in the crontab with `. /run/env;`" },
        { { "su", "runuser" }, su_loses, "starts a login shell, which drops " RELATIVE_URI_NAME, "Run it without the login option (`-`, `-l`)" },
        { { "sudo" }, sudo_loses, "removes " RELATIVE_URI_NAME " from the environment", "Add `Defaults env_keep += \"" RELATIVE_URI_NAME "\"` to /etc/sudoers in the image" },
        { { "php-fpm*" }, php_fpm_loses, "clears the environment of its workers",
          "Set `env[" RELATIVE_URI_NAME "] = $" RELATIVE_URI_NAME "` (or clear_env = no) in the pool configuration" },
        { { "init", "s6-svscan" }, s6_loses, "runs a service without the environment of the container, unless the image sets S6_KEEP_ENV",
          "Start the service's run script with `#!/command/with-contenv sh`" },
        { { "sshd", "dropbear" }, loses_always, "starts sessions without " RELATIVE_URI_NAME,
          "Write the variable to ~/.ssh/environment when the container starts, and set PermitUserEnvironment yes in sshd_config" },
};

static bool is_launcher_name(const struct launcher *l, const char *name)
{
        for (size_t i = 0; l->names[i]; i++)
                if (fnmatch(l->names[i], name, 0) == 0)
                        return true;
        return false;
}

static void launcher_warning(struct planning *x, const struct image_container *of, const struct launcher *l, const struct launcher_check *c)
{
        struct arena *a = x->s->arena;
        const char *name = c->program->name, *found = c->found[0] ? arena_escape(a, c->found, strlen(c->found), PATH_TEXT_MAX) : NULL;

        warning_add(x->p, &(struct plan_warning){ SEVERITY_NOTICE, arena_printf(a, "containerDefinitions[%zu]", of->number),
                                                  arena_printf(a, "%s, which the image or the command starts, %s%s%s%s", arena_escape(a, name, strlen(name), 64), l->message,
                                                               found ? " (" : "", found ? found : "", found ? ")" : ""),
                                                  l->remedy });
}

int launcher_warnings(struct planning *x, const struct image_container *of, const struct command_programs *programs)
{
        for (size_t k = 0; x->task_role_set && k < ARRAY_SIZE(launchers); k++)
                for (size_t i = 0; i < programs->n; i++) {
                        struct launcher_check c = { .image = of->image, .container = of->o, .program = &programs->list[i] };

                        bool loses = is_launcher_name(&launchers[k], c.program->name) && launchers[k].loses(&c);

                        if (c.no_memory)
                                return -ENOMEM;
                        if (!loses)
                                continue;
                        launcher_warning(x, of, &launchers[k], &c);
                        break;
                }
        return 0;
}
