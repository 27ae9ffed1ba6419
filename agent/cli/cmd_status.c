/* rolewatch status: what the running daemon knows, from the state that it writes after each scan. */
#include <math.h>
#include <time.h>
#include "cli_internal.h"
#include "commands.h"
#include "rolewatch/config.h"
#include "rolewatch/io.h"

#define STATUS_OPTIONS(X) \
        X(FLAG, json,   "json",   'j', NULL,   "print the state as JSON") \
        X(TEXT, config, "config", 'c', "FILE", "read the settings, which name the state file, from FILE instead of " CONFIG_FILE)
OPTION_TABLE(STATUS_OPTIONS)

#define NUMBER_MAX 1e15        /* more than any time or count; a long holds it */

static const cJSON *status_get(const cJSON *o, const char *key)
{
        return cJSON_GetObjectItemCaseSensitive(o, key);
}

static const char *status_text(const cJSON *o, const char *key)
{
        const char *v = cJSON_GetStringValue(status_get(o, key));

        return v ? v : "";
}

static long number_of(const cJSON *o, const char *key)
{
        const cJSON *v = status_get(o, key);

        if (!cJSON_IsNumber(v) || !(fabs(v->valuedouble) < NUMBER_MAX))
                return 0;
        return (long)v->valuedouble;
}

/* Texts were escaped when they were read; but the state file may be anybody's. */
static void print_column(const char *before, const char *s, int width, const char *after)
{
        CLEANUP(text_done) struct text t = { 0 };

        text_escape(&t, s, strlen(s));
        printf("%s%-*s%s", before, width, t.s ? t.s : "", after);
}

static void print_text(const char *before, const char *s, const char *after) { print_column(before, s, 0, after); }

static void print_sources(const cJSON *sources)
{
        const cJSON *v;

        JSON_EACH(v, sources)
                if (cJSON_IsString(v) && v->string) {
                        print_column("  ", v->string, 14, "");
                        print_text("", v->valuestring, "\n");
                }
}

static long state_age(const cJSON *j, long now)
{
        return now - (number_of(j, "writtenAt") ? number_of(j, "writtenAt") : number_of(j, "lookedAt"));
}

/* age_s: of the state, which is written at once for a finding, and for counts only once per scan_interval. */
static void print_events(const cJSON *e, long age_s)
{
        if (number_of(e, "execs") || number_of(e, "contacts") || number_of(e, "lost"))
                printf("kernel events until %ld s ago: %ld programs started in containers (%ld judged, %ld in the process cache, "
                       "%ld ended too early), %ld processes contacted an endpoint, %ld unattributed, %ld lost, %ld deferred\n",
                       age_s, number_of(e, "execs"), number_of(e, "judged"), number_of(e, "known"), number_of(e, "gone"),
                       number_of(e, "contacts"), number_of(e, "unattributed"), number_of(e, "lost"), number_of(e, "putOff"));
}

/* With container_logs = yes. */
static void print_logs(const cJSON *l, long age_s)
{
        if (!l)
                return;
        printf("container logs until %ld s ago: %ld log files followed, %ld containers without one, %ld denied calls, %ld KiB read, %ld KiB not read "
               "(too much at once), %ld malformed records\n",
               age_s, number_of(l, "files"), number_of(l, "withoutFile"), number_of(l, "denied"), number_of(l, "bytes") / 1024,
               number_of(l, "bytesNotRead") / 1024, number_of(l, "malformed"));
        if (number_of(l, "failed"))
                printf("    %ld log files cannot be read\n", number_of(l, "failed"));
        if (number_of(l, "notFollowed"))
                printf("    %ld containers are not followed: there are too many\n", number_of(l, "notFollowed"));
}

/* Missing permissions, and what to add. */
static void print_permissions(const cJSON *list)
{
        const cJSON *p;

        JSON_EACH(p, list) {
                CLEANUP(freep) char *statement = NULL;

                if (cJSON_IsTrue(status_get(p, "held")))
                        continue;
                print_text("missing ", status_text(p, "name"), "");
                print_text(", for ", status_text(p, "for"), "\n");
                statement = status_get(p, "statement") ? cJSON_PrintUnformatted(status_get(p, "statement")) : NULL;
                print_text("    \xe2\x86\x92 ", statement ? statement : status_text(p, "add"), "\n");
        }
}

static void print_open(const cJSON *list, long now)
{
        const cJSON *f;

        printf("%d finding%s open\n", cJSON_GetArraySize(list), cJSON_GetArraySize(list) == 1 ? "" : "s");
        JSON_EACH(f, list) {
                print_text("  ", status_text(f, "severity"), "");
                print_text(" ", status_text(f, "id"), "");
                printf(", open for %ld min\n", (now - number_of(f, "since")) / 60);
                print_text("    ", status_text(f, "message"), "\n");
                print_text("    \xe2\x86\x92 ", status_text(f, "remedy"), "\n");
        }
}

static void print_state(const cJSON *j, long now)
{
        const cJSON *cost = status_get(j, "cost"), *e;

        printf("rolewatch watch: pid %ld, up %ld min; last scan %ld s ago in %ld ms; %ld tasks, %ld groups\n",
               number_of(j, "pid"), (now - number_of(j, "startedAt")) / 60, now - number_of(j, "lookedAt"),
               number_of(cost, "lastLookMs"), number_of(j, "tasks"), number_of(j, "groups"));
        print_open(status_get(j, "open"), now);
        if (number_of(j, "undecidedCalls")) {
                printf("%ld call%s could not be decided: ", number_of(j, "undecidedCalls"), number_of(j, "undecidedCalls") == 1 ? "" : "s");
                print_text("", status_text(j, "undecidedWhy"), "\n");
        }
        if (number_of(j, "suppressed"))
                printf("%ld events not published: over the hourly maximum (max_events_per_hour)\n", number_of(j, "suppressed"));
        print_events(status_get(j, "kernelEvents"), state_age(j, now));
        print_logs(status_get(j, "containerLogs"), state_age(j, now));
        printf("sources\n");
        print_sources(status_get(j, "sources"));
        print_permissions(status_get(j, "permissions"));
        JSON_EACH(e, status_get(j, "errors")) {
                printf("error %ld min ago: ", (now - number_of(e, "at")) / 60);
                print_text("", status_text(e, "what"), ": ");
                print_text("", status_text(e, "error"), "\n");
        }
        printf("resource use: %ld scans, %ld ms of processor time, at most %ld KiB of memory\n", number_of(cost, "looks"),
               number_of(cost, "cpuMs"), number_of(cost, "maxRssKiB"));
}

/* The same in ASCII: other characters are escaped as JSON has it. */
static int print_json(const struct arguments *a, const cJSON *j)
{
        CLEANUP(freep) char *line = json_line(j);

        if (!line)
                return command_error(a, "out of memory");
        return printf("%s\n", line) > 0 && fflush(stdout) == 0 ? 0 : output_error(a, NULL, errno ? -errno : -EIO);
}

static int state_get(const struct arguments *a, const char *config, cJSON **ret)
{
        CLEANUP(conf_freep) struct config *c = NULL;
        CLEANUP(freep) char *text = NULL;
        size_t len = 0;
        int r = conf_read(config, &c);

        if (r < 0)
                return command_error(a, "cannot read the settings %s: %s", config, strerror(-r));
        r = read_file(&(struct file_request){ AT_FDCWD, c->text[SETTING_STATE], SNAPSHOT_LIMIT_BYTES, OPEN_REGULAR_ONLY }, &text, &len);
        if (r == 0)
                r = json_parse(text, len, ret);
        if (r == 0)
                return 0;
        return command_error(a, "cannot read the daemon's state %s: %s; is rolewatch.service running?", c->text[SETTING_STATE],
                             r == -EBADMSG ? "not a state file" : strerror(-r));
}

static int run_status(const struct arguments *a)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        const struct options *o = a->options;
        long now = (long)clock_wall_s(), silent, pause;
        bool stale;

        if (state_get(a, o->config ? o->config : CONFIG_FILE, &j) != 0)
                return EXIT_UNKNOWN;
        /* It is written after each scan, and between them at each short interval; scans may be half an hour apart. */
        silent = state_age(j, now);
        pause = number_of(j, "reconcile") > number_of(j, "sweep") ? number_of(j, "reconcile") : number_of(j, "sweep");
        stale = silent > 3 * pause + 60;
        if (o->json)
                return print_json(a, j) != 0 || stale ? EXIT_UNKNOWN : 0;
        print_state(j, now);
        if (stale)
                printf("no state written for %ld s: the daemon is not running, or hangs; see 'systemctl status rolewatch'\n", silent);
        return stale ? EXIT_UNKNOWN : 0;
}

const struct command command_status = {
        .name = "status", .operands = "", .help = "show the daemon's state, open findings and resource use",
        COMMAND_OPTIONS, .run = run_status,
        .exits = { { 0, "the daemon is running" }, { 3, "the daemon is not running, or its state could not be read" } },
        .examples = { "rolewatch status" },
};
