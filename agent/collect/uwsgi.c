#include <stdio.h>
#include "rolewatch/io.h"
#include "rolewatch/limits.h"
#include "uwsgi.h"

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

static bool belongs_to_name(char c) { return c && strchr(NAME_CHARACTERS, c); }

bool uwsgi_names_variable(struct span text)
{
        for (size_t at = 0, n; at < text.len; at += n + 1) {
                int var;

                for (n = 0; at + n < text.len && belongs_to_name(text.s[at + n]);)
                        n++;
                var = env_find(text.s + at, n);
                if (var >= 0 && var != ENV_VAR_HOME)
                        return true;
        }
        return false;
}

bool uwsgi_config_of(const char *arg, char ret_path[256])
{
        static const char *const formats[] = { ".ini", ".xml", ".yml", ".yaml", ".json", ".js" };
        const char *value = strncmp(arg, "--", 2) == 0 ? strchr(arg, '=') : NULL, *section, *dot;
        size_t len;

        value = value ? value + 1 : arg;
        section = strrchr(value, ':');
        len = section ? (size_t)(section - value) : strlen(value);
        if (len >= 256)
                return false;
        memcpy(ret_path, value, len);
        ret_path[len] = '\0';
        dot = strrchr(ret_path, '.');
        for (size_t i = 0; dot && i < ARRAY_SIZE(formats); i++)
                if (streq(dot, formats[i]))
                        return true;
        return false;
}

static int uwsgi_file_names(struct reader *rd, const struct process *p, const char *path)
{
        CLEANUP(closep) int fd = broker_file(rd->x->at.broker, (struct broker_target){ p->pid, p->start_ticks }, path);
        CLEANUP(erase_freep) char *text = NULL;
        size_t len = 0;
        int r = fd < 0 ? fd : read_fd(fd, UWSGI_FILE_MAX, &text, &len);

        rd->recovered += len;
        if (r < 0)
                return r == -ENOMEM ? r : 0;
        return uwsgi_names_variable((struct span){ text, len });
}

int uwsgi_changes_environment(struct reader *rd, const struct process *p)
{
        CLEANUP(erase_freep) char *args = NULL;
        char path[256];
        size_t len = 0;
        unsigned files = 0;
        int r;

        if (rd->recovered >= RECOVERED_MAX)
                return 0;
        snprintf(path, sizeof path, "%d/cmdline", (int)p->pid);
        r = read_file(&(struct file_request){ .dir = rd->proc, .path = path, .max_bytes = ENVIRON_MAX }, &args, &len);
        if (r < 0)
                return r == -ENOMEM ? r : 0;
        r = uwsgi_names_variable((struct span){ args, len });
        for (size_t at = 0; r == 0 && at < len && files < UWSGI_FILES_MAX; at += strlen(args + at) + 1)
                if (uwsgi_config_of(args + at, path)) {
                        files++;
                        r = uwsgi_file_names(rd, p, path);
                }
        return r;
}
