/* The state file, as the daemon finds it at its start, and as it leaves it again. fuzz: dict=json max_len=8192 */
#include <fcntl.h>
#include <stdlib.h>
#include "../../agent/daemon/daemon_internal.h"
#include "fuzz.h"

static const char *const words[] = { "open", "object", "since", "told", "id", "wrong-role", "call-would-fail", "severity", "message",
                                     "containerId", "remedy", "rolewatch-state", "metrics", "web/app", "environments", "texts", "processes",
                                     "boot", "HOME=/root", "AWS_SECRET_ACCESS_KEY=x", "12 2 3 4 5 0", "12 2 3 0 0 1", "\x1b[2J" };
FUZZ_MUTATOR(json, words)

#define NOT_OURS "invalid state file; starting with an empty history"
static char path[] = "/dev/shm/fuzz-state-XXXXXX";
static void path_removed(void) { unlink(path); }

static void put(const uint8_t *data, size_t size)
{
        static bool made;
        int fd = made ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : mkstemp(path);

        if (!made)
                CLAIM(atexit(path_removed) == 0);
        made = true;
        CLAIM(fd >= 0 && write(fd, data, size) == (ssize_t)size);
        close(fd);
}

/* The fault is known already: only its time moves, and no journal is written to. */
static void begin(struct daemon *d, struct config *c)
{
        c->text[SETTING_STATE] = path;
        d->config = c;
        d->errors.n = 1;
        d->errors.list[0] = (struct error_entry){ .what = "state file", .text = NOT_OURS };
        CALM;
        CLAIM(finding_state_new(&d->findings) == 0);
}

static char *open_ones(const struct finding_state *l)
{
        CLEANUP(json_freep) cJSON *j = NULL;
        char *text;

        CLAIM(finding_state_to_json(l, &j) == 0);
        text = cJSON_PrintUnformatted(j);
        CLAIM(text);
        return text;
}

/* What is written at the end of a run is found at the start of the next one. */
static void claim_again(struct daemon *d)
{
        CALM;
        static struct daemon next;
        CLEANUP(freep) char *before = open_ones(d->findings), *after = NULL;

        fuzz_result(0, before);
        begin(&next, d->config);
        state_write(d);
        CLAIM(d->errors.list[0].text[0] == '\0');
        CLAIM(state_read(&next) == 0 && next.errors.list[0].at_s == 0);
        after = open_ones(next.findings);
        CLAIM(streq(before, after));
        finding_state_free(TAKE(next.findings));
}

/* What of the environments can be used is reduced, and saved as it was read. */
static void claim_environments(const uint8_t *data, size_t size)
{
        CALM;
        CLEANUP(environment_cache_freep) struct environment_cache *c = NULL, *again = NULL;
        CLEANUP(json_freep) cJSON *j = NULL, *out = NULL, *same = NULL;
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(freep) char *text = NULL, *same_text = NULL;

        CLAIM(environment_cache_new(&c) == 0 && environment_cache_new(&again) == 0 && arena_new(16 << 20, &a) == 0);
        if (json_parse((const char *)data, size, &j) < 0 || environment_cache_from_json(c, cJSON_GetObjectItemCaseSensitive(j, "environments")) < 0)
                return;
        for (pid_t pid = 0; pid < 100; pid++) {
                const struct cached_environment *e = environment_cache_find(c, pid, 2);
                const char *env[ENV_VAR_MAX] = { NULL };

                CLAIM(!e || environment_cache_get(c, e, a, env) == 0);
                for (int i = 0; i < ENV_VAR_MAX; i++)
                        claim_reduced(env_class((enum env_var)i), env[i]);
        }
        CLAIM(environment_cache_to_json(c, &out) == 0);
        CLAIM(environment_cache_from_json(again, out) == 0 && environment_cache_to_json(again, &same) == 0);
        text = cJSON_Print(cJSON_GetObjectItem(out, "processes"));
        same_text = cJSON_Print(cJSON_GetObjectItem(same, "processes"));
        CLAIM(environment_cache_count(c) == environment_cache_count(again));
        CLAIM(text && same_text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct daemon d;
        static struct config c;
        struct finding_state *first;
        int r;

        put(data, size);
        if (!fuzz_tortured())
                claim_environments(data, size);
        begin(&d, &c);
        first = d.findings;
        r = state_read(&d);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        CLAIM(r == 0 || r == -ENOMEM);
        /* All of it or nothing of it; what is not ours is said. */
        CLAIM(d.findings && (d.findings != first || finding_state_count(d.findings) == 0));
        CLAIM(r < 0 || d.findings != first || d.errors.list[0].at_s > 0);
        if (r == 0)
                claim_again(&d);
        finding_state_free(TAKE(d.findings));
        d = (struct daemon){ 0 };
        return 0;
}
