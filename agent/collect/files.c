#include <stdio.h>
#include "rolewatch/files.h"
#include "rolewatch/chain.h"
#include "rolewatch/limits.h"

/* A relative path depends on where the process was when its SDK read it. */
static enum file_state open_absolute(const struct file_view *v, const char *path, int *ret_fd)
{
        return path[0] == '/' ? process_file_open(v, path, ret_fd) : FILE_UNKNOWN;
}

static enum file_state presence(const struct file_view *v, const char *path)
{
        CLEANUP(closep) int fd = -1;

        return path && *path ? open_absolute(v, path, &fd) : FILE_ABSENT;
}

/* As presence; MALFORMED for one with a line break, which only some SDKs remove before they send it. Nothing of it is kept. */
static enum file_state token_presence(const struct file_view *v, const char *path)
{
        CLEANUP(closep) int fd = -1;
        CLEANUP(erase_freep) char *text = NULL;
        enum file_state state = path && *path ? open_absolute(v, path, &fd) : FILE_ABSENT;
        size_t len;

        if (state != FILE_OK || read_fd(fd, TOKEN_FILE_MAX, &text, &len) < 0)
                return state;
        return memchr(text, '\n', len) || memchr(text, '\r', len) ? FILE_MALFORMED : FILE_OK;
}

static bool signs_in(const struct profile_file *f)
{
        for (size_t i = 0; i < f->n_profiles; i++)
                for (enum profile_key k = 0; k < PROFILE_KEY_MAX; k++)
                        if (f->profiles[i].key[k] && (k == PROFILE_KEY_SSO_URL || k == PROFILE_KEY_SSO_SESSION || k == PROFILE_KEY_SSO_ACCOUNT ||
                                                      k == PROFILE_KEY_SSO_ROLE || k == PROFILE_KEY_LOGIN))
                                return true;
        return false;
}

/* Are there certainly no cached tokens of SSO and login sessions? */
static bool signed_out(const struct file_view *v, const char *home)
{
        static const char *const caches[] = { "sso/cache", "login/cache" };

        for (size_t i = 0; i < ARRAY_SIZE(caches); i++) {
                const char *path = home ? arena_printf(v->a, "%s/.aws/%s", streq(home, "/") ? "" : home, caches[i]) : NULL;

                if (home && (!path || presence(v, path) != FILE_ABSENT))
                        return false;
        }
        return true;
}

/* A line of /etc/passwd: is it the uid's, and has it a home? Into home. */
static bool passwd_line(const char *line, unsigned uid, char home[512])
{
        unsigned n;

        /* With and without a name of a person; %[ takes no empty text. */
        return (sscanf(line, "%*[^:\n]:%*[^:\n]:%u:%*u:%*[^:\n]:%511[^:\n]", &n, home) == 2 && n == uid) ||
               (sscanf(line, "%*[^:\n]:%*[^:\n]:%u:%*u::%511[^:\n]", &n, home) == 2 && n == uid);
}

/* Home of a uid by the container's own /etc/passwd. 1; 0: none; -EACCES: the file is not visible; -ENOMEM. */
static int passwd_home(const struct file_view *v, char home[512])
{
        CLEANUP(closep) int fd = -1;
        CLEANUP(freep) char *text = NULL;
        size_t len;
        enum file_state state = process_file_open(v, "/etc/passwd", &fd);
        int r = state == FILE_OK ? read_fd(fd, PASSWD_FILE_MAX, &text, &len) : 0;

        if (state != FILE_OK || r < 0)
                return state == FILE_ABSENT ? 0 : r == -ENOMEM ? r : -EACCES;
        for (const char *line = text; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
                if (passwd_line(line, v->ids.uid, home))
                        return 1;
        return 0;
}

static bool is_set(const char *s) { return s && *s; }
static const char *first_set(const char *a, const char *b) { return is_set(a) ? a : b; }

/* ~ and ~/x take HOME; other users' homes are not looked up. */
static const char *path_expand(const struct file_view *v, const char *path, const char *home)
{
        if (path[0] != '~' || (path[1] && path[1] != '/') || !home)
                return path;
        return arena_printf(v->a, "%s%s", home, path + 1);
}

/* A profile file: what names it (a property or a variable), where it is else below HOME, and what is read of it. */
struct profile_location { const char *named, *fallback; bool config; struct profile_file *to; };

static int profile_read(const struct file_view *v, const struct profile_location *location)
{
        CLEANUP(closep) int fd = -1;
        CLEANUP(erase_freep) char *text = NULL;
        struct profile_file *f = location->to;
        size_t len;
        int r;

        f->state = open_absolute(v, f->path, &fd);
        if (f->state != FILE_OK)
                return 0;
        r = read_fd(fd, PROFILE_FILE_MAX, &text, &len);
        if (r == -ENOMEM)
                return r;
        if (r < 0) {
                f->state = r == -EFBIG ? FILE_TOO_BIG : FILE_UNREADABLE;
                return 0;
        }
        return profile_parse(v->a, &(struct profile_text){ text, len, location->config ? PROFILE_FILE_CONFIG : PROFILE_FILE_CREDENTIALS }, f);
}

static int profile_file(const struct file_view *v, const char *home, const struct profile_location *location)
{
        struct profile_file *f = location->to;

        if (is_set(location->named))
                f->path = path_expand(v, location->named, home);
        else if (home)
                f->path = arena_printf(v->a, "%s/%s", streq(home, "/") ? "" : home, location->fallback);
        else {
                f->state = FILE_ABSENT; /* no home: no SDK finds the file either */
                return 0;
        }
        if (!f->path)
                return -ENOMEM;
        return profile_read(v, location);
}

int files_read(const struct file_view *v, struct process *p)
{
        char buf[512];
        int found = is_set(p->env[ENV_VAR_HOME]) ? 0 : passwd_home(v, buf);
        const char *home = is_set(p->env[ENV_VAR_HOME]) ? p->env[ENV_VAR_HOME] : found > 0 ? buf : NULL;
        /* The container's own file may say anything; the path below it is shown. */
        const char *shown = home ? arena_escape(v->a, home, strlen(home), sizeof buf) : NULL;
        const char *credentials = first_set(p->prop[SYSPROP_SHARED_CREDENTIALS_FILE], p->env[ENV_VAR_SHARED_CREDENTIALS_FILE]);
        const char *config = first_set(p->prop[SYSPROP_CONFIG], p->env[ENV_VAR_CONFIG_FILE]);
        const char *web_identity = first_set(p->env[ENV_VAR_WEB_IDENTITY_TOKEN], p->prop[SYSPROP_WEB_IDENTITY_TOKEN]);
        const struct profile_location locations[] = {
                { credentials, ".aws/credentials", false, &p->credentials },
                { config, ".aws/config", true, &p->config },
                /* Beside the one that is named, for the SDKs that read both. */
                { NULL, ".aws/credentials", false, is_set(credentials) ? &p->home_credentials : NULL },
        };
        int r = found == -ENOMEM || (home && !shown) ? -ENOMEM : 0;

        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(locations); i++)
                if (locations[i].to)
                        r = profile_file(v, shown, &locations[i]);
        p->token_file = token_presence(v, p->env[ENV_VAR_TOKEN_FILE]);
        p->ca_bundle = presence(v, p->env[ENV_VAR_CA_BUNDLE]);
        p->boto_file = presence(v, "/etc/boto.cfg") == FILE_OK || (shown && presence(v, arena_printf(v->a, "%s/.boto", shown)) == FILE_OK);
        p->signed_out = (signs_in(&p->credentials) || signs_in(&p->config)) && signed_out(v, shown);
        p->web_identity_file = presence(v, web_identity);
        return r;
}

/* Are there certainly no profile files below that folder? -ENOMEM. */
static int home_is_empty(const struct file_view *v, const char *home)
{
        static const char *const names[] = { ".aws/credentials", ".aws/config" };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                const char *path = arena_printf(v->a, "%s/%s", streq(home, "/") ? "" : home, names[i]);

                if (!path)
                        return -ENOMEM;
                if (presence(v, path) != FILE_ABSENT)
                        return 0;
        }
        return 1;
}

static bool takes_passwd_home(const struct process *p)
{
        for (size_t i = 0; i < p->n_sdks; i++)
                if (chain_sdk_home_by_passwd(p->sdks[i].name))
                        return true;
        return false;
}

int files_passwd_home(const struct file_view *v, struct process *p)
{
        const char *home = p->env[ENV_VAR_HOME];
        char buf[512];
        int r;

        if (!is_set(home) || !takes_passwd_home(p))
                return 0;
        r = passwd_home(v, buf);
        if (r == -ENOMEM)
                return r;
        if (r <= 0) {
                p->passwd_home = r == 0 ? PASSWD_HOME_NONE : PASSWD_HOME_OTHER;
                return 0;
        }
        if (streq(home, buf))
                return 0;
        r = home_is_empty(v, buf);
        p->passwd_home = r > 0 ? PASSWD_HOME_EMPTY : PASSWD_HOME_OTHER;
        return r < 0 ? r : 0;
}
