/*
 * rolewatch-broker -- opens what only privilege may open, for rolewatch.
 *
 * Started by systemd for the first connection (service.h), or by hand and
 * in tests with --listen.
 */
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/types.h>
#include "rolewatch/base.h"
#include "kernel_events.h"
#include "server.h"
#include "service.h"
#include "wire.h"

#define USER_NAME "rolewatch"
#define IDLE_MS 60000
/* Opening is a matter of microseconds; this is for file systems that hang. */
#define REQUEST_S 3

static const struct option options[] = {
        { "listen", required_argument, NULL, 'l' },
        { "allow-uid", required_argument, NULL, 'u' },
        { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, 'V' },
        { 0 },
};

static const char usage[] =
        "Usage: rolewatch-broker [--listen PATH] [--allow-uid UID]\n"
        "Open files, namespaces and sockets of processes for rolewatch.\n\n"
        "  --listen PATH    listen on this socket (default: the socket that systemd passes)\n"
        "  --allow-uid UID  serve this user, too (always served: root and " USER_NAME ")\n"
        "  --help           print this help\n"
        "  --version        print the version\n";

static int uid_add(struct server_options *o, const char *word)
{
        uint64_t uid;
        int r = u64_parse(word, &uid);

        if (r < 0)
                return r;
        if (uid >= (uid_t)-1 || o->uid_count == SERVER_UIDS)
                return -ERANGE;
        o->uids[o->uid_count++] = (uid_t)uid;
        return 0;
}

/* 0: continue; 1: done; -EINVAL: usage was printed. */
static int broker_options_parse(int argc, char **argv, struct server_options *o, const char **ret_path)
{
        for (;;) {
                int c = getopt_long(argc, argv, "", options, NULL);
                if (c < 0 && optind == argc)
                        return 0;
                if (c == 'h' || c == 'V') {
                        fputs(c == 'h' ? usage : "rolewatch-broker " ROLEWATCH_VERSION "\n",
                              stdout);
                        return 1;
                }
                if (c == 'l') {
                        *ret_path = optarg;
                } else if (c != 'u' || uid_add(o, optarg) < 0) {
                        fputs(usage, stderr);
                        return -EINVAL;
                }
        }
}

static int socket_get(const char *path, int *ret)
{
        return path ? server_listen(path, ret) : service_socket(ret);
}

/* Without them the daemon scans; but what could make them must be gone before the first request is read. */
static int events_prepare(void)
{
        int fds[BROKER_EVENTS_PART_MAX], r = events_load(fds);

        kernel_events_offer(r < 0 ? NULL : fds, r);
        if (r < 0)
                fprintf(stderr, "rolewatch-broker: cannot make kernel events available: %s\n", strerror(-r));
        return rights_give_up();
}

int main(int argc, char **argv)
{
        struct server_options o = {
                .uids = { 0 }, .uid_count = 1, .idle_ms = IDLE_MS, .request_s = REQUEST_S,
        };
        CLEANUP(closep) int fd = -1;
        const char *path = NULL;

        const struct passwd *pw = getpwnam(USER_NAME);
        if (pw)
                o.uids[o.uid_count++] = pw->pw_uid;
        int r = broker_options_parse(argc, argv, &o, &path);
        if (r != 0)
                return r > 0 ? 0 : 2;
        r = socket_get(path, &fd);
        if (r < 0) {
                fprintf(stderr, "rolewatch-broker: cannot get a listening socket: %s; use --listen PATH, "
                        "or run systemctl start rolewatch-broker.socket\n", strerror(-r));
                return 1;
        }
        r = events_prepare();
        if (r < 0) {
                fprintf(stderr, "rolewatch-broker: cannot give up its rights to BPF and perf events: %s\n", strerror(-r));
                return 1;
        }
        r = ops_files_check();
        if (r < 0)
                fprintf(stderr, "rolewatch-broker: cannot open files of containers, so that no SDK or profile is found: openat2: %s; remove RestrictSUIDSGID= "
                        "from the unit if it is set there, or update the kernel to 5.6 or later\n", strerror(-r));
        o.leave = !path;
        (void)service_notify("READY=1\nSTATUS=Serving requests of rolewatch");
        r = server_run(fd, &o);
        if (r < 0)
                fprintf(stderr, "rolewatch-broker: cannot serve requests: %s\n", strerror(-r));
        return r < 0 ? 1 : 0;
}
