/* rolewatch status: what the running daemon knows, by the state that it writes after each look. */
#include <stdio.h>
#include <time.h>
#include "commands.h"
#include "rolewatch/config.h"

#define STATE_MAX ((size_t)64 << 20)

static const cJSON *get(const cJSON *o, const char *key)
{
        return cJSON_GetObjectItemCaseSensitive(o, key);
}

static const char *text_of(const cJSON *o, const char *key)
{
        const char *v = cJSON_GetStringValue(get(o, key));

        return v ? v : "";
}

static long number_of(const cJSON *o, const char *key)
{
        const cJSON *v = get(o, key);

        return cJSON_IsNumber(v) ? (long)v->valuedouble : 0;
}

/* Texts were escaped when they were read; a state file that is somebody else's is not shown raw. */
static void print_text(const char *label, const char *s)
{
        CLEANUP(text_done) struct text t = { 0 };

        text_escape(&t, s, strlen(s));
        printf("%s%s\n", label, t.s ? t.s : "");
}

static void print_sources(const cJSON *sources)
{
        const cJSON *v;

        cJSON_ArrayForEach(v, sources)
                if (cJSON_IsString(v) && v->string) {
                        printf("  %-14s", v->string);
                        print_text("", v->valuestring);
                }
}

static void print_open(const cJSON *list, long now)
{
        const cJSON *f;

        printf("%d findings open\n", cJSON_GetArraySize(list));
        cJSON_ArrayForEach(f, list) {
                printf("  %s %s, since %ld min\n", text_of(f, "severity"), text_of(f, "id"),
                       (now - number_of(f, "since")) / 60);
                print_text("    ", text_of(f, "message"));
                print_text("    \xe2\x86\x92 ", text_of(f, "remedy"));
        }
}

static void print_state(const cJSON *j, long now)
{
        const cJSON *cost = get(j, "cost"), *e;

        printf("rolewatch watch, pid %ld, up %ld min; last look %ld s ago, %ld ms; %ld tasks, %ld groups\n",
               number_of(j, "pid"), (now - number_of(j, "startedAt")) / 60, now - number_of(j, "lookedAt"),
               number_of(cost, "lastLookMs"), number_of(j, "tasks"), number_of(j, "groups"));
        print_open(get(j, "open"), now);
        if (number_of(j, "undecidedCalls"))
                printf("%ld calls could not be decided: %s\n", number_of(j, "undecidedCalls"), text_of(j, "undecidedWhy"));
        if (number_of(j, "suppressed"))
                printf("%ld events were not told: too many of one object in an hour\n", number_of(j, "suppressed"));
        printf("sources\n");
        print_sources(get(j, "sources"));
        cJSON_ArrayForEach(e, get(j, "errors")) {
                printf("error %ld min ago: %s: ", (now - number_of(e, "at")) / 60, text_of(e, "what"));
                print_text("", text_of(e, "error"));
        }
        printf("cost: %ld looks, %ld ms of processor time, at most %ld KiB\n", number_of(cost, "looks"),
               number_of(cost, "cpuMs"), number_of(cost, "maxRssKiB"));
}

static int state_get(const char *config, cJSON **ret)
{
        CLEANUP(conf_freep) struct config *c = NULL;
        CLEANUP(freep) char *text = NULL;
        size_t len = 0;
        int r = conf_read(config, &c);

        if (r == 0)
                r = file_read(c->text[SETTING_STATE], &text, &len);
        if (r == 0)
                r = json_parse(text, len, ret);
        if (r < 0)
                fprintf(stderr, "rolewatch status: the daemon has left no state (%s): %s\n",
                        c ? c->text[SETTING_STATE] : config, strerror(-r));
        return r;
}

int cmd_status(int argc, char **argv)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        const char *config = CONFIG_FILE;
        long now = (long)time(NULL);
        bool json = false;

        for (int i = 1; i < argc; i++) {
                if (streq(argv[i], "--json")) {
                        json = true;
                } else if (streq(argv[i], "--config") && i + 1 < argc) {
                        config = argv[++i];
                } else {
                        fprintf(stderr, "usage: rolewatch status [--json] [--config FILE]\n");
                        return EXIT_USAGE;
                }
        }
        if (state_get(config, &j) < 0)
                return EXIT_UNKNOWN;
        if (json)
                return json_print(TAKE(j), NULL);
        print_state(j, now);
        /* A look takes seconds; three sweeps without one mean that nobody looks. */
        if (now - number_of(j, "lookedAt") > 3 * number_of(j, "sweep") + 60) {
                printf("the daemon has not looked for %ld s: it is not running\n", now - number_of(j, "lookedAt"));
                return EXIT_UNKNOWN;
        }
        return 0;
}
