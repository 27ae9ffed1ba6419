/*
 * A process in whose memory the environment may be overwritten: its memory and auxiliary vector, those of its parent, and
 * the configuration of its container are the parts of the input, in this order. fuzz: dict=environ max_len=8192
 */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include "../../agent/broker/wire.h"
#include "../../agent/collect/auxv.h"
#include "../../agent/collect/container_config.h"
#include "../../agent/collect/environment.h"
#include "rolewatch/io.h"
#include "fuzz.h"

#define ID "39c3bad8e7edf1eaf2fcd1093924558d88ea8509fe5bb2e6fedd5fc0ff3049ba"
#define REST " 1 1 0 -1 4194560 1 1 0 0 1 1 1 1 20 0 1 0 "
enum { CHILD = 12, PARENT = 11, FIRST = 10 };
enum part { MEMORY, VECTOR, PARENT_VECTOR, PARENT_MEMORY, CONFIG, PARTS };
static struct { const uint8_t *s; size_t len; bool given; } parts[PARTS];

static void proc_put(const char *dir, int pid, const char *name, const char *text)
{
        char path[128];
        FILE *f;

        snprintf(path, sizeof path, "%s/%d", dir, pid);
        mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/%d/%s", dir, pid, name);
        f = fopen(path, "w");
        CLAIM(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

/* A /proc of three: the parent's parent is the runtime's, outside of the container. It is made once. */
static int proc_open(void)
{
        static int fd = -1;
        char dir[] = "/tmp/rolewatch-fuzz-XXXXXX", text[128];

        if (fd >= 0)
                return fd;
        CLAIM(mkdtemp(dir));
        for (int pid = FIRST; pid <= CHILD; pid++) {
                snprintf(text, sizeof text, "%d (job) S %d" REST "%d 0\n", pid, pid - 1, pid);
                proc_put(dir, pid, "stat", text);
                proc_put(dir, pid, "cgroup", pid == FIRST ? "0::/\n" : "0::/docker/" ID "\n");
        }
        fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return fd;
}

static bool overwritten;

/* A sound vector, and the same for the same part; the part itself is read as one, too. */
static int vector_file(enum part part)
{
        uint64_t vector[] = { AT_RANDOM, 0x7ffc12340009, AT_NULL, 0 };

        if (!parts[part].given)
                return -EACCES;
        auxv_execution((const char *)parts[part].s, parts[part].len);
        for (size_t i = 0; i < parts[part].len; i++)
                vector[1] = vector[1] * 31 % 0x100000000 + 0x7ffc00000000 + parts[part].s[i];
        return fuzz_file(vector, sizeof vector);
}

static int hand_over(struct broker *b, const struct wire_request *q)
{
        enum part part = q->op == BROKER_CONTAINER_CONFIG ? CONFIG
                         : q->op == BROKER_AUXV ? (q->pid == CHILD ? VECTOR : PARENT_VECTOR) : (q->pid == CHILD ? MEMORY : PARENT_MEMORY);

        (void)b;
        if (q->op == BROKER_AUXV)
                return vector_file(part);
        if (q->op == BROKER_ENVIRON && q->pid == CHILD && overwritten)
                return fuzz_file("\0\0\0", 3);
        CLAIM(q->op == BROKER_ENVIRON || q->op == BROKER_CONTAINER_CONFIG);
        CLAIM(q->pid == CHILD || q->pid == PARENT);
        return parts[part].given ? fuzz_file(parts[part].s, parts[part].len) : -EACCES;
}

/* What counts as an environment is one: entries with a name, each with its NUL. */
static void claim_block(const struct process *p, const char *block)
{
        CLAIM(p->environ.state != ANSWER_OK || p->environment_source != ENVIRONMENT_UNKNOWN);
        CLAIM(p->environ.state == ANSWER_OK || p->environment_source == ENVIRONMENT_UNKNOWN);
        CLAIM(p->environ.state != ANSWER_OK || block);
        CLAIM(p->environ.state == ANSWER_GARBAGE || !p->without_uri);
        for (int i = 0; i < ENV_VAR_MAX; i++) {
                CLAIM(p->environ.state == ANSWER_OK || !p->env[i]);
                claim_reduced(env_class((enum env_var)i), p->env[i]);
        }
}

/* What a container was started with: a URI that can be requested is one that is there. */
static int configs_read(struct reader *rd, const struct process *p)
{
        struct snapshot *s = rd->x->s;
        struct process *first = snapshot_add_process(s);
        int r = first && snapshot_add_task(s) ? 0 : -ENOMEM;

        if (r < 0)
                return r;
        *first = *p;
        s->containers[0].task = 0;
        r = container_configs_read(rd);
        CLAIM(r < 0 || s->containers[0].config_cred < 0 || s->containers[0].config_uri == CONFIG_URI_SET);
        CLAIM(r < 0 || s->containers[0].config_cred < (int)s->n_creds);
        return r;
}

/* What the cache has of an intact memory is the same, once the memory is overwritten. */
static void claim_cached(struct reader *rd, const struct process *before)
{
        CALM;
        struct process p = { .pid = CHILD, .start_ticks = CHILD, .ppid = PARENT, .comm = "job" };
        CLEANUP(erase_freep) char *block = NULL;
        struct environ_raw raw = { NULL, NULL, NULL };
        int r;

        overwritten = true;
        r = environment_read(rd, &p, &block, &raw);
        overwritten = false;
        CLAIM(r == 0);
        CLAIM(p.environment_source != ENVIRONMENT_MEMORY);
        if (p.environment_source == ENVIRONMENT_EXEC)
                for (int i = 0; i < ENV_VAR_MAX; i++)
                        CLAIM(streq(p.env[i], before->env[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(erase_freep) char *block = NULL;
        struct process p = { .pid = CHILD, .start_ticks = CHILD, .ppid = PARENT, .comm = "job" };
        CLEANUP(environment_cache_freep) struct environment_cache *cache = NULL;
        struct collect_settings cs = { .proc = "/proc" };
        CLEANUP(scan_done) struct scan x = { .at.cs = &cs };
        CLEANUP(reader_done) struct reader rd = { .x = &x, .proc = proc_open() };
        struct environ_raw raw = { NULL, NULL, NULL };
        int r = snapshot_new(&s);

        for (size_t i = 0; i < PARTS; i++)
                parts[i].given = fuzz_part(&data, &size, &parts[i].s, &parts[i].len);
        if (r == 0)
                r = broker_new("", hand_over, &b);
        if (r == 0)
                r = environment_cache_new(&cache);
        cs.environments = cache;
        if (r == 0 && !snapshot_add_container(s))
                r = -ENOMEM;
        if (r == 0) {
                s->containers[0] = (struct container){ .id = ID, .task = -1, .config_cred = -1 };
                x.s = s;
                x.at.broker = b;
                r = environment_read(&rd, &p, &block, &raw);
        }
        FUZZ_ERROR(r);
        fuzz_result(r, r < 0 ? NULL : environment_source_to_string(p.environment_source));
        if (r == 0)
                claim_block(&p, block);
        if (r == 0 && p.environment_source == ENVIRONMENT_MEMORY && !fuzz_tortured())
                claim_cached(&rd, &p);
        if (r == 0)
                FUZZ_ERROR(configs_read(&rd, &p));
        return 0;
}
