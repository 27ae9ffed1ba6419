#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include "cache.h"
#include "search.h"
#include "rolewatch/broker_tree.h"

const char *search_arg(const struct sdk_search *h, size_t i)
{
        size_t at = 0;

        for (; i > 0 && at < h->q->argv.len; i--)
                at += strlen(h->q->argv.s + at) + 1;
        return at < h->q->argv.len ? h->q->argv.s + at : NULL;
}

const char *search_maps(struct sdk_search *h)
{
        CLEANUP(closep) int fd = -1;
        ssize_t n = 0;

        if (h->maps)
                return h->maps;
        h->maps = malloc(SDK_MAPS_MAX + 1);    /* most of it is never touched */
        if (!h->maps) {
                h->no_memory = true;
                return "";
        }
        fd = broker_maps(h->q->view->b, h->q->view->t);
        while (fd >= 0 && h->maps_len < SDK_MAPS_MAX &&
               (n = read(fd, h->maps + h->maps_len, SDK_MAPS_MAX - h->maps_len)) > 0)
                h->maps_len += (size_t)n;
        h->maps[h->maps_len] = '\0';
        return h->maps;
}

static int scan_format(enum sdk_format format, int fd, uint64_t size, struct sdk_set *set)
{
        switch ((unsigned)format) {
        case SDK_EXECUTABLE:
                return sdk_scan_executable(fd, size, set);
        case SDK_JAR:
                return sdk_scan_jar(fd, size, set);
        default:
                return sdk_scan_file(format, &(struct file_part){ fd, 0, size }, set);
        }
}

/* What could not be read whole is not remembered. */
static bool search_fd(struct sdk_search *h, enum sdk_format format, int fd)
{
        const struct sdk_set *known;
        struct sdk_set found = { 0 };
        struct stat st;
        int r;

        if (fstat(fd, &st) < 0 || st.st_size <= 0)
                return false;
        known = sdk_cache_get(h->cache, format, &st);
        if (!known) {
                r = scan_format(format, fd, (uint64_t)st.st_size, &found);
                h->no_memory = h->no_memory || r == -ENOMEM;
                if (r == 0)
                        sdk_cache_put(h->cache, format, &st, &found);
                known = &found;
        }
        sdk_set_merge(&h->set, known);
        return known->n > 0;
}

bool search_file(struct sdk_search *h, enum sdk_format format, const char *fmt, ...)
{
        CLEANUP(closep) int fd = -1;
        char path[PATH_TEXT_MAX];
        va_list ap;
        enum file_state state;
        int n;

        if (h->opens >= SDK_OPENS_MAX)
                return false;
        va_start(ap, fmt);
        n = vsnprintf(path, sizeof path, fmt, ap);
        va_end(ap);
        if (n < 0 || (size_t)n >= sizeof path)
                return false;
        h->opens++;
        state = process_file_open(h->q->view, path, &fd);
        h->outside = state == FILE_OUTSIDE;
        return state == FILE_OK && search_fd(h, format, fd);
}

static int jar_name_scan(void *userdata, const char *name)
{
        struct sdk_search *h = userdata;
        char text[NAME_MAX + 3];
        int len = snprintf(text, sizeof text, "/%s:", name);

        sdk_scan(SDK_JAR_NAMES, text, (size_t)len, &h->set);
        return 0;
}

void search_names(struct sdk_search *h, const char *directory)
{
        if (h->opens >= SDK_OPENS_MAX || !h->q->view->b)
                return;
        h->opens++;
        (void)broker_directory_read(h->q->view->b, h->q->view->t, &(struct broker_names){ directory, SDK_NAMES_MAX, jar_name_scan, h });
}

void search_executable(struct sdk_search *h)
{
        if (h->q->exe >= 0)
                search_fd(h, SDK_EXECUTABLE, h->q->exe);
}
