/* The command table, and what its commands share: facts, style, output. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include "commands.h"
#include "rolewatch/collect.h"
#include "rolewatch/report.h"

/*
 * The arguments are read by packaging/pages, too: [] may be left away, ... may come again, | is one of them,
 * words in capitals stand for a value, all else is typed as it stands.
 */
const struct command commands[] = {
        { "check", "[--json] [--from FILE]", "one look: who acts as whom, and what is wrong", cmd_check },
        { "explain", "[--from FILE] PID|CONTAINER|TASK", "the walk through the chain, step by step", cmd_explain },
        { "report", "--html [-o FILE] [--from FILE]", "the host as one page with a picture: who acts as whom, who should", cmd_report },
        { "snapshot", "[-o FILE]", "save all facts as JSON, to be judged elsewhere", cmd_snapshot },
        { "watch", "[--config FILE]", "the daemon: tells the journal what appears, changes and clears", cmd_watch },
        { "status", "[--json] [--config FILE]", "what the running daemon knows, and how it fares", cmd_status },
        { "config", "[--check] [--print] [--config FILE]", "the daemon's settings: faults, or all that are in force",
          cmd_config },
        { "findings", "[--json] [--names] [FINDING...]", "what can be found, and the ids of its journal entries", cmd_findings },
        { "chains", "[--json] [SDK[@VERSION]]", "who wins in each AWS SDK, and by what it is proven", cmd_chains },
        { "needs", "[--from FILE]", "declared needs: where each applies, and what is odd about it", cmd_needs },
        { "bundle", "--role NAME... [-o FILE]", "policies of roles from IAM, for hosts without a right to ask",
          cmd_bundle },
        { "roles", "[--json] [--list] [--offline|--from FILE] [--cluster CLUSTER] [--service SERVICE]... [TASKDEF...]",
          "the ECS roles in one place: what for, trust, policies, verdict", cmd_roles },
        { "decode", "[--json] [--here|--from FILE|--forms] [TEXT|-]", "who an error text speaks of, and what to change",
          cmd_decode },
        { "policy", "eval|statement [--iam] [--ecs] [--services] [--cloudwatch] [--cluster CLUSTER] [--region REGION] "
                    "[--account ACCOUNT] [--partition PARTITION] [--namespace NAMESPACE]",
          "would these calls be allowed; what rolewatch's own calls need", cmd_policy },
        { "help", "[--json]", "this page", cmd_help },
        { "version", "", "the version", NULL },
};
const size_t n_commands = ARRAY_SIZE(commands);

const struct option_help option_helps[] = {
        { "--json", "the same for programs" },
        { "--from", "of a saved snapshot, instead of this host" },
        { "-o", "into this file, which only its owner can read" },
        { "--config", "another file of settings" },
        { "--check", "only the faults" },
        { "--print", "all settings, and where each was set" },
        { "--role", "a role whose policies are asked for" },
        { "--list", "the catalogue of all roles, which needs no facts" },
        { "--offline", "ask none of AWS's services" },
        { "--cluster", "another cluster than the host's own" },
        { "--service", "a service to look at, too" },
        { "--here", "with what this host adds" },
        { "--forms", "list all forms of text that are known, each with an example" },
        { "--html", "one self-contained page, without scripts" },
        { "--names", "all names of metrics, journal fields and events, for programs" },
        { "--iam", "of the policy: what asking IAM needs" },
        { "--ecs", "what asking ECS for definitions and tasks needs" },
        { "--services", "what asking for services, scaling and load balancers needs" },
        { "--cloudwatch", "what sending metrics needs" },
        { "--region", "in this region only" },
        { "--account", "in this account only" },
        { "--partition", "aws, aws-cn, aws-us-gov" },
        { "--namespace", "of the metrics" },
};
const size_t n_option_helps = ARRAY_SIZE(option_helps);

/* A snapshot file is foreign input: regular, bounded, read whole. */
int file_read(const char *path, char **ret, size_t *ret_len)
{
        CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        CLEANUP(freep) char *buf = NULL;
        struct stat st;
        size_t n = 0;

        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode))
                return -EINVAL;
        if ((uint64_t)st.st_size > SNAPSHOT_LIMIT_BYTES)
                return -EFBIG;
        buf = malloc((size_t)st.st_size + 1);
        if (!buf)
                return -ENOMEM;
        while (n < (size_t)st.st_size) {
                ssize_t k = read(fd, buf + n, (size_t)st.st_size - n);

                if (k < 0 && errno == EINTR)
                        continue;
                if (k < 0)
                        return -errno;
                if (k == 0)
                        break;
                n += (size_t)k;
        }
        buf[n] = '\0';
        *ret_len = n;
        *ret = TAKE(buf);
        return 0;
}

static int facts_from(const char *path, struct snapshot **ret)
{
        CLEANUP(freep) char *buf = NULL;
        CLEANUP(json_freep) cJSON *j = NULL;
        size_t len = 0;
        int r = file_read(path, &buf, &len);

        if (r == 0)
                r = json_parse(buf, len, &j);
        if (r == 0)
                r = model_from_json(j, ret);
        if (r < 0)
                fprintf(stderr, "rolewatch: %s: %s\n", path,
                        r == -EBADMSG ? "not a snapshot of rolewatch" : strerror(-r));
        return r;
}

/* Root runs the broker's table in this process; others ask the broker. */
struct broker *broker_get(void)
{
        const char *path = getenv("ROLEWATCH_BROKER");
        struct broker *b = NULL;
        int r;

        if (geteuid() == 0 && !path)
                r = broker_local(&b);
        else
                r = broker_connect(path ? path : BROKER_SOCKET_PATH, &b);
        if (r < 0)
                fprintf(stderr,
                        "rolewatch: no broker (%s): environments, files and namespaces of "
                        "containers cannot be "
                        "seen; run as root, or start rolewatch-broker.socket\n",
                        strerror(-r));
        return b;
}

int facts_get(const char *from, struct snapshot **ret)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        struct collect_settings cs;
        int r;

        if (from)
                return facts_from(from, ret);
        b = broker_get();
        collect_settings_default(&cs);
        r = collect_snapshot(&cs, b, ret);
        if (r < 0)
                fprintf(stderr, "rolewatch: the host could not be read: %s\n", strerror(-r));
        return r;
}

struct report_style cli_style(void)
{
        const char *term = getenv("TERM"), *no = getenv("NO_COLOR");
        struct report_style style = { .colour = isatty(1) && !(no && *no) && !streq(term, "dumb"),
                                      .columns = 80 };
        struct winsize w;

        if (isatty(1) && ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_col >= 40)
                style.columns = w.ws_col;
        return style;
}

/*
 * For facts about a host: only their owner reads them, also where a file of
 * that name was there before. A FIFO, a device or another user's file is
 * refused: as root, somebody might have put it there. A descriptor or -errno.
 */
static int private_create(const char *path)
{
        CLEANUP(closep)
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode))
                return -EINVAL;
        if (st.st_uid != geteuid() || st.st_nlink != 1)
                return -EPERM;
        if (fchmod(fd, 0600) < 0 || ftruncate(fd, 0) < 0)
                return -errno;
        return TAKE_FD(fd);
}

static int text_print(const char *text, FILE *out)
{
        errno = 0;
        if (fprintf(out, "%s\n", text) > 0 && fflush(out) == 0)
                return 0;
        return errno ? -errno : -EIO;
}

int private_open(const char *path, FILE **ret)
{
        CLEANUP(closep) int fd = private_create(path);
        FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

        if (!out)
                return fd < 0 ? fd : -errno;
        fd = -1;
        *ret = out;
        return 0;
}

static int text_save(const char *text, const char *path)
{
        FILE *out;
        int r = private_open(path, &out);

        if (r < 0)
                return r;
        r = text_print(text, out);
        return fclose(out) == 0 || r < 0 ? r : -errno;
}

int json_print(cJSON *j, const char *path)
{
        CLEANUP(freep) char *text = cJSON_PrintUnformatted(j);
        int r;

        cJSON_Delete(j);
        r = !text ? -ENOMEM : path ? text_save(text, path) : text_print(text, stdout);
        if (r < 0)
                fprintf(stderr, "rolewatch: %s: %s\n",
                        path ? path : "the output could not be written", strerror(-r));
        return r < 0 ? EXIT_UNKNOWN : 0;
}
