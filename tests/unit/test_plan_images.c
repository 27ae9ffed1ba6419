/* Images of a planned task: unpacked trees, what starts in them, and what is found in their files. */
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "../../agent/plan/image.h"
#include "rolewatch/broker_tree.h"
#include "rolewatch/report.h"

#define ROLES "\"taskRoleArn\":\"arn:aws:iam::111122223333:role/webTaskRole\","
#define URI "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"

static char tree[] = "/tmp/test_plan_images.XXXXXX";

static void directories_make(const char *path)
{
        char part[256];

        for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
                snprintf(part, sizeof part, "%s%.*s", tree, (int)(slash - path), path);
                mkdir(part, 0755);
        }
}

static void file_put(const char *path, const char *text, mode_t mode)
{
        char full[256];
        FILE *f;

        directories_make(path);
        snprintf(full, sizeof full, "%s%s", tree, path);
        f = fopen(full, "w");
        assert_non_null(f);
        fputs(text, f);
        assert_int_equal(fclose(f), 0);
        assert_int_equal(chmod(full, mode), 0);
}

static void link_put(const char *path, const char *to)
{
        char full[256];

        directories_make(path);
        snprintf(full, sizeof full, "%s%s", tree, path);
        assert_int_equal(symlink(to, full), 0);
}

static void file_remove(const char *path)
{
        char full[256];

        snprintf(full, sizeof full, "%s%s", tree, path);
        unlink(full);
}

#define BOTOCORE "/usr/local/lib/python3.11/site-packages/botocore/__init__.py"

static const char *const wrappers[] = { "/sbin/su-exec", "/usr/bin/dumb-init", "/usr/bin/nice", "/usr/local/bin/opentelemetry-instrument", "/usr/bin/newrelic-admin" };

static int tree_make(void **state)
{
        (void)state;
        if (!mkdtemp(tree))
                return -1;
        chmod(tree, 0755);
        file_put("/usr/local/bin/python3.11", "\177ELF", 0755);
        link_put("/usr/local/bin/python3", "python3.11");
        link_put("/usr/bin/env", "/bin/busybox");
        file_put("/bin/busybox", "\177ELF", 0755);
        link_put("/bin/sh", "busybox");
        link_put("/usr/sbin/crond", "/bin/busybox");
        file_put("/usr/sbin/cron", "\177ELF", 0755);
        file_put("/usr/sbin/runuser", "\177ELF", 0755);
        file_put("/usr/bin/tini", "\177ELF", 0755);
        file_put("/usr/sbin/gosu", "\177ELF", 0755);
        for (size_t i = 0; i < ARRAY_SIZE(wrappers); i++)
                file_put(wrappers[i], "\177ELF", 0755);
        file_put("/usr/bin/sudo", "\177ELF", 0755);
        file_put("/usr/bin/su", "\177ELF", 0755);
        file_put("/usr/local/sbin/php-fpm", "\177ELF", 0755);
        file_put("/init", "#!/bin/sh\n", 0755);
        file_put("/usr/local/bin/gunicorn", "#!/usr/local/bin/python3\nimport x\n", 0755);
        file_put("/usr/local/bin/celery", "#!/usr/bin/env -S python3 -u\n", 0755);
        file_put("/usr/local/bin/supervisord", "#!/usr/local/bin/python3\n", 0755);
        file_put("/usr/local/bin/plain", "no script", 0644);
        file_put("/app/loop", "#!/app/loop\n", 0755);
        file_put("/app/entry.sh", "#!/bin/sh\nset -e\n# sudo no\nexport A=b\nif [ -f x ]; then\n  crond\nfi\nexec \"$@\"\n", 0755);
        file_put(BOTOCORE, "__version__ = '1.34.1'\n", 0644);
        file_put("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\nbad line\n", 0644);
        return 0;
}

static int entry_remove(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
        (void)st;
        (void)flag;
        (void)ftw;
        return remove(path);
}

static int tree_remove(void **state)
{
        (void)state;
        return nftw(tree, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- the tree ---- */

static void paths_do_not_leave_the_tree(void **state)
{
        static const struct { const char *path; int want; } files[] = {
                { "/etc/passwd", 0 }, { "passwd", 0 }, { "../etc/passwd", 0 }, { "../../etc/passwd", -EXDEV }, { "/../../etc/passwd", 0 },
                { "/links/absolute", 0 }, { "/links/up", 0 }, { "/links/loop", -ELOOP }, { "/links/out", -ENOENT }, { "/etc", -EINVAL }, { "/fifo", -EINVAL },
                { "/nonexistent", -ENOENT }, { "/etc/passwd/x", -ENOTDIR },
        };
        CLEANUP(broker_freep) struct broker *b = NULL;
        const struct broker_target none = { 0, 0 };
        char fifo[64];

        (void)state;
        link_put("/links/absolute", "/etc/passwd");
        link_put("/links/up", "../../../../../../etc/passwd");
        link_put("/links/loop", "loop");
        link_put("/links/out", "/proc/self/environ");
        snprintf(fifo, sizeof fifo, "%s/fifo", tree);
        assert_int_equal(mkfifo(fifo, 0644), 0);
        assert_int_equal(broker_tree(tree, "/etc", &b), 0);
        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                CLEANUP(closep) int fd = broker_file(b, none, files[i].path);
                char text[16] = "";

                if ((fd < 0 ? fd : 0) != files[i].want)
                        fail_msg("%s: %d", files[i].path, fd);
                if (fd < 0)
                        continue;
                /* That of the tree, not that of this machine. */
                assert_int_equal(read(fd, text, 14), 14);
                assert_string_equal(text, "root:x:0:0:roo");
        }
        CLEANUP(closep) int directory = broker_directory(b, none, "/etc");
        assert_true(directory >= 0);
        assert_int_equal(broker_directory(b, none, "passwd"), -ENOTDIR);
        assert_int_equal(broker_maps(b, none), -ENOENT);
        assert_int_equal(broker_environ(b, none), -ENOENT);
}

static void a_tree_that_is_not_there(void **state)
{
        struct broker *b = NULL;

        (void)state;
        assert_int_equal(broker_tree("/nonexistent", "/", &b), -ENOENT);
        assert_int_equal(broker_tree("/dev/null", "/", &b), -ENOTDIR);
        char directory[PATH_MAX + 1];
        memset(directory, 'a', PATH_MAX);
        directory[PATH_MAX] = '\0';
        assert_int_equal(broker_tree(tree, directory, &b), -ENAMETOOLONG);
}

static void executables_are_found_without_links(void **state)
{
        CLEANUP(broker_freep) struct broker *b = NULL;
        char path[64], small[4];

        (void)state;
        assert_int_equal(broker_tree(tree, "/usr/local", &b), 0);
        assert_int_equal(broker_tree_find(b, "/usr/local/bin/python3", path, sizeof path), 0);
        assert_string_equal(path, "/usr/local/bin/python3.11");
        assert_int_equal(broker_tree_find(b, "bin/python3", path, sizeof path), 0);
        assert_int_equal(broker_tree_find(b, "/usr/local/bin/plain", path, sizeof path), -EACCES);
        assert_int_equal(broker_tree_find(b, "/usr/local/bin", path, sizeof path), -EACCES);
        assert_int_equal(broker_tree_find(b, "/nonexistent", path, sizeof path), -ENOENT);
        assert_int_equal(broker_tree_find(b, "../../../x", path, sizeof path), -EXDEV);
        assert_int_equal(broker_tree_find(b, "/bin/sh", small, sizeof small), -ENAMETOOLONG);
}

/* As definitions spell a working directory. */
static void relative_paths_start_there(void **state)
{
        static const struct { const char *directory, *path; int want; } rows[] = {
                { "/usr/local/", "bin/python3", 0 }, { "/usr/local/", "../local/bin/python3", 0 }, { "/usr/local", "../local/bin/python3", 0 },
                { "usr/local//", "../local/bin/python3", 0 }, { "/usr//local", "../../usr/local/bin/python3", 0 }, { "/usr//local", "../../../x", -EXDEV },
                { "//", "usr/local/bin/python3", 0 }, { "", "usr/local/bin/python3", 0 }, { "/usr/local/", "../bin/python3", -ENOENT },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(broker_freep) struct broker *b = NULL;
                char path[64] = "";

                assert_int_equal(broker_tree(tree, rows[i].directory, &b), 0);
                if (broker_tree_find(b, rows[i].path, path, sizeof path) != rows[i].want || !streq(path, rows[i].want ? "" : "/usr/local/bin/python3.11"))
                        fail_msg("%s, %s: %s", rows[i].directory, rows[i].path, path);
        }
}

/* ---- commands ---- */

#define PYTHON "python3 /usr/local/bin/python3.11 python3"
#define BY_ENV " !env in the command removes variables, or has words that are not known\n"
#define BY_SCRIPT " !a script sets or removes variables that decide about credentials\n"
#define BY_FILE " !a script reads commands from a file that is not known\n"
#define SHELL(script) "sh /bin/busybox sh -c " script "\n"
/*
 * The programs as "name exe words...", "?" where a script alone says so, "+" what the command assigns, "!" why the environment is not
 * known, "@" its user; a line each.
 */
static const struct { const char *words[9], *path, *want; } commands[] = {
        { { "python3", "a.py" }, NULL, "python3 /usr/local/bin/python3.11 python3 a.py\n" },
        { { "/usr/local/bin/gunicorn", "app" }, NULL, "gunicorn /usr/local/bin/python3.11 /usr/local/bin/python3 /usr/local/bin/gunicorn app\n" },
        { { "celery" }, NULL, "python3 /usr/local/bin/python3.11 python3 -u /usr/local/bin/celery\n" },
        { { "tini", "-g", "--", "gosu", "app", "python3" }, NULL, PYTHON " +HOME=/home/app @1000\n" },
        { { "su-exec", "4000:1", "env", "HOME=/srv", "python3" }, NULL, PYTHON " +HOME=/srv +HOME=/ @4000\n" },
        { { "gosu", "nobody", "python3" }, NULL, PYTHON " !the command changes to a user that the passwd file of the image does not have\n" },
        { { "tini", "-p", "SIGTERM", "-e143", "--", "python3" }, NULL, PYTHON "\n" },
        { { "dumb-init", "-r", "15:3", "--rewrite=2:3", "-v", "python3" }, NULL, PYTHON "\n" },
        { { "nice", "-n", "10", "python3" }, NULL, PYTHON "\n" }, { { "nice", "-10", "python3" }, NULL, PYTHON "\n" },
        { { "opentelemetry-instrument", "--traces_exporter", "console", "--metrics_exporter=none", "python3" }, NULL, PYTHON "\n" },
        { { "newrelic-admin", "run-program", "python3" }, NULL, PYTHON "\n" },
        { { "nice", "-n", "10", "nonexistent", "-x" }, NULL, "main program  nonexistent -x after nice\n" },
        { { "", "x" }, NULL, "main program   x\n" },
        { { "/app/nothing" }, NULL, "main program  nonexistent /app/nothing after env\n" },
        { { "env", "A=b", "python3" }, NULL, PYTHON "\n" },
        { { "env", "-u", "A", "-C", "/app", "--", "A=b", "python3" }, NULL, PYTHON "\n" },
        { { "env", "AWS_PROFILE=a", "AWS_PROFILE=b", "python3" }, NULL, PYTHON " +AWS_PROFILE=b +AWS_PROFILE=a\n" },
        { { "env", "PATH=/nonexistent", "python3" }, NULL, "main program  python3 after env\n" },
        { { "env", "-i", "python3" }, NULL, PYTHON BY_ENV }, { { "env", "-", "python3" }, NULL, PYTHON BY_ENV },
        { { "env", "-u", URI, "python3" }, NULL, PYTHON BY_ENV }, { { "env", "-u" URI, "python3" }, NULL, PYTHON BY_ENV },
        { { "env", "--unset=" URI, "python3" }, NULL, PYTHON BY_ENV },
        { { "env", "", "python3" }, NULL, "main program   python3 after env" BY_ENV },
        { { "sh", "-c", "unset " URI "; exec python3" }, NULL, SHELL("unset " URI "; exec python3") "?" PYTHON BY_SCRIPT },
        { { "sh", "-c", "python3; export 'AWS_PROFILE=x y'; python3" }, NULL,
          SHELL("python3; export 'AWS_PROFILE=x y'; python3") "?" PYTHON "\n?" PYTHON BY_SCRIPT },
        { { "sh", "-c", "AWS_PROFILE=x python3; python3" }, NULL, SHELL("AWS_PROFILE=x python3; python3") "?" PYTHON BY_SCRIPT "?" PYTHON "\n" },
        { { "sh", "-c", "AWS_PROFILE=x; python3" }, NULL, SHELL("AWS_PROFILE=x; python3") "?" PYTHON BY_SCRIPT },
        { { "sh", "-c", "(unset AWS_PROFILE; python3)" }, NULL, SHELL("(unset AWS_PROFILE; python3)") },
        { { "sh", "-c", "(unset AWS_PROFILE; exec python3 )" }, NULL, SHELL("(unset AWS_PROFILE; exec python3 )") "?" PYTHON BY_SCRIPT },
        { { "sh", "-c", "export $(x); python3" }, NULL, SHELL("export $(x); python3") "?" PYTHON BY_SCRIPT },
        { { "sh", "-c", "eval \"$X\"; python3" }, NULL, SHELL("eval \"$X\"; python3") "?" PYTHON BY_SCRIPT },
        { { "sh", "-c", "export A=b PORT; python3" }, NULL, SHELL("export A=b PORT; python3") "?" PYTHON "\n" },
        { { "sh", "-c", ". /app/set.sh; python3" }, NULL, SHELL(". /app/set.sh; python3") "?" PYTHON BY_SCRIPT },
        { { "sh", "-c", ". /app/harmless.sh; python3" }, NULL, SHELL(". /app/harmless.sh; python3") "?" PYTHON "\n" },
        { { "sh", "-c", "source $X; python3" }, NULL, SHELL("source $X; python3") "?" PYTHON BY_FILE },
        { { "sh", "-c", ". /nonexistent; python3" }, NULL, SHELL(". /nonexistent; python3") "?" PYTHON BY_FILE },
        { { "sh", "-c", "exec env -i python3" }, NULL, SHELL("exec env -i python3") "?" PYTHON BY_ENV },
        { { "sh", "-euo", "pipefail", "-c", "python3" }, NULL, "sh /bin/busybox sh -euo pipefail -c python3\n?" PYTHON "\n" },
        { { "sh", "--norc", "--rcfile", "x", "--", "/app/entry.sh", "python3" }, NULL,
          "sh /bin/busybox sh --norc --rcfile x -- /app/entry.sh python3\n?crond /bin/busybox crond\n?" PYTHON "\n" },
        { { "env" }, NULL, "env /bin/busybox env\n" },
        { { "nonexistent", "x" }, NULL, "nonexistent  nonexistent x\n" },
        { { "plain" }, NULL, "plain  plain\n" },
        { { "python3" }, "/bin", "python3  python3\n" },
        { { "sh", "-c", "crond; python3 a.py && exec gunicorn -b :80 'x y'" }, NULL,
          "sh /bin/busybox sh -c crond; python3 a.py && exec gunicorn -b :80 'x y'\n?crond /bin/busybox crond\n?python3 /usr/local/bin/python3.11 python3 a.py\n"
          "?gunicorn /usr/local/bin/python3.11 /usr/local/bin/python3 /usr/local/bin/gunicorn -b :80\n" },
        { { "sh", "-ec", "A=b nohup python3 $X" }, NULL, "sh /bin/busybox sh -ec A=b nohup python3 $X\n?python3 /usr/local/bin/python3.11 python3\n" },
        { { "/app/entry.sh", "gunicorn", "app" }, NULL,
          "entry.sh /bin/busybox /bin/sh /app/entry.sh gunicorn app\n?crond /bin/busybox crond\n?gunicorn /usr/local/bin/python3.11 /usr/local/bin/python3 /usr/local/bin/gunicorn app\n" },
        { { "/app/entry.sh", "--help" }, NULL, "entry.sh /bin/busybox /bin/sh /app/entry.sh --help\n?crond /bin/busybox crond\n" },
        { { "sh" }, NULL, "sh /bin/busybox sh\n" },
        { { "sh", "-c" }, NULL, "sh /bin/busybox sh -c\n" },
        { { "sh", "/nonexistent" }, NULL, "sh /bin/busybox sh /nonexistent\n" },
        { { "/app/loop" }, NULL, "" },
        { { "supervisord", "-c", "/app/keys.conf" }, NULL,
          "supervisord /usr/local/bin/python3.11 /usr/local/bin/python3 /usr/local/bin/supervisord -c /app/keys.conf\n"
          "?php-fpm /usr/local/sbin/php-fpm php-fpm -F\n?python3 /usr/local/bin/python3.11 python3 !the configuration of supervisord sets variables that decide about credentials\n"
          "?python3 /usr/local/bin/python3.11 python3 w.py\n" },
        { { "supervisord", "-c", "/app/own.conf" }, NULL,
          "supervisord /usr/local/bin/python3.11 /usr/local/bin/python3 /usr/local/bin/supervisord -c /app/own.conf\n"
          "?php-fpm /usr/local/sbin/php-fpm php-fpm -F\n?crond /bin/busybox crond -f\n?python3 /usr/local/bin/python3.11 python3 w.py\n" },
        { { NULL }, NULL, "" },
};

static void commands_lead_to_programs(void **state)
{
        CLEANUP(freep) struct command_programs *programs = calloc(1, sizeof *programs);
        CLEANUP(broker_freep) struct broker *b = NULL;
        struct image im = { .container = NULL };

        (void)state;
        file_put("/etc/supervisor/supervisord.conf", "[supervisord]\nnodaemon=true\n[program:a]\ncommand = php-fpm -F\n", 0644);
        file_put("/etc/supervisor/conf.d/b.conf", "  command=python3 w.py\n", 0644);
        file_put("/app/own.conf", "command=crond -f\ncommand\n", 0644);
        file_put("/app/keys.conf", "[program:x]\nenvironment=AWS_PROFILE=\"x\"\ncommand=python3\n", 0644);
        file_put("/app/nothing", "#!/usr/bin/env nonexistent\n", 0755);
        file_put("/app/set.sh", "export AWS_PROFILE=x\n", 0644);
        file_put("/app/harmless.sh", "export PORT=1\n", 0644);
        assert_int_equal(broker_tree(tree, "/", &b), 0);
        im.broker = b;
        for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
                CLEANUP(text_done) struct text got = { 0 };
                struct command_words w = { .n = 0 };

                while (w.n < ARRAY_SIZE(commands[i].words) && commands[i].words[w.n]) {
                        w.words[w.n] = commands[i].words[w.n];
                        w.n++;
                }
                assert_int_equal(command_find_programs(&(struct command_request){ &im, commands[i].path, &w }, programs), 0);
                text_add(&got, "");
                for (size_t k = 0; k < programs->n; k++) {
                        const struct command_program *p = &programs->list[k];

                        text_addf(&got, "%s%s %s", p->certain ? "" : "?", p->name, p->exe);
                        for (size_t at = 0; at < p->argv_len; at += strlen(p->argv + at) + 1)
                                text_addf(&got, " %s", p->argv + at);
                        for (size_t at = 0; at < p->change.assigned_len; at += strlen(p->change.assigned + at) + 1)
                                text_addf(&got, " +%s", p->change.assigned + at);
                        if (p->ids_set)
                                text_addf(&got, " @%u", p->ids.uid);
                        if (programs->unresolved)
                                text_addf(&got, " after %s", programs->unresolved);
                        text_addf(&got, "%s%s\n", p->change.unknown ? " !" : "", p->change.unknown ? p->change.unknown : "");
                }
                if (!streq(got.s, commands[i].want)) {
                        fprintf(stderr, "%s: %s\n", commands[i].words[0], got.s);
                        fail();
                }
        }
        file_remove("/etc/supervisor/supervisord.conf");
        file_remove("/etc/supervisor/conf.d/b.conf");
}

static void a_long_script_is_bounded(void **state)
{
        CLEANUP(freep) struct command_programs *programs = calloc(1, sizeof *programs);
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(text_done) struct text t = { 0 };
        struct image im = { .container = NULL };
        const struct command_words w = { .words = { "/app/long.sh" }, .n = 1 };

        (void)state;
        text_add(&t, "#!/bin/sh\n");
        for (int i = 0; i < 2000; i++)
                text_add(&t, "/app/long.sh\n");
        file_put("/app/long.sh", t.s, 0755);
        assert_int_equal(broker_tree(tree, "/", &b), 0);
        im.broker = b;
        assert_int_equal(command_find_programs(&(struct command_request){ &im, NULL, &w }, programs), 0);
        assert_true(programs->n > 1 && programs->n <= COMMAND_PROGRAMS_MAX && programs->cut);
}

/* Each of these alone, without one more program: directories of PATH, lines, files that lines read, users. */
static void lookups_are_bounded(void **state)
{
        static const struct { const char *line, *path; int lines, at_most; } scripts[] = {
                { "python3\n", "/1", 10, COMMAND_PROGRAMS_MAX }, { "nonexistent\n", "/1", COMMAND_LOOKUPS_MAX + 1, 1 }, { ". /app/empty\n", "/bin", 300, 1 },
                { "/usr/sbin/gosu nobody /nonexistent\n", "/1", 100, 1 },
        };
        CLEANUP(freep) struct command_programs *programs = calloc(1, sizeof *programs);
        CLEANUP(broker_freep) struct broker *b = NULL;
        struct image im = { .container = NULL };
        const struct command_words w = { .words = { "/app/script" }, .n = 1 };

        (void)state;
        file_put("/app/empty", "", 0644);
        assert_int_equal(broker_tree(tree, "/", &b), 0);
        im.broker = b;
        for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
                CLEANUP(text_done) struct text t = { 0 }, path = { 0 };

                text_add(&t, "#!/bin/sh\n");
                for (int k = 0; k < scripts[i].lines; k++)
                        text_add(&t, scripts[i].line);
                for (int k = 0; k < 500; k++)
                        text_addf(&path, "%s:", scripts[i].path);
                file_put("/app/script", t.s, 0755);
                assert_int_equal(command_find_programs(&(struct command_request){ &im, path.s, &w }, programs), 0);
                if (!programs->cut || programs->n > (size_t)scripts[i].at_most)
                        fail_msg("%s", scripts[i].line);
        }
}

static void users_are_found(void **state)
{
        static const struct { const char *user; bool found; uid_t uid; gid_t gid; const char *home; } users[] = {
                { "root", true, 0, 0, "/root" }, { "app", true, 1000, 1001, "/home/app" }, { "1000", true, 1000, 1001, "/home/app" },
                { "app:7", true, 1000, 7, "/home/app" }, { "4000:5", true, 4000, 5, "/" }, { "nobody", false, 0, 0, "" }, { "", false, 0, 0, "" },
        };
        CLEANUP(broker_freep) struct broker *b = NULL, *empty = NULL;
        struct image im = { .container = NULL };

        (void)state;
        assert_int_equal(broker_tree(tree, "/", &b), 0);
        im.broker = b;
        for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
                struct proc_ids ids = { .uid = 0 };
                char home[64] = "";

                assert_int_equal(image_user(&im, users[i].user, &ids, home, sizeof home), users[i].found);
                assert_int_equal(ids.uid, users[i].uid);
                assert_int_equal(ids.gid, users[i].gid);
                assert_string_equal(home, users[i].home);
        }
        /* Without a passwd file a number still counts. */
        char app[64], home[8];
        struct proc_ids ids;
        snprintf(app, sizeof app, "%s/app", tree);
        assert_int_equal(broker_tree(app, "/", &empty), 0);
        im.broker = empty;
        assert_int_equal(image_user(&im, "7", &ids, home, sizeof home), 1);
        assert_int_equal(ids.uid, 7);
}

/* ---- plans ---- */

/* The page of the plan of a container "app" with this image and these roles; status. */
static char *page_of_roles(const char *roles, const char *container, int *ret_status)
{
        CLEANUP(plan_freep) struct plan *p = NULL;
        CLEANUP(verdicts_freep) struct verdicts *v = NULL;
        CLEANUP(text_done) struct text error = { 0 };
        char path[64], image[64], *page = NULL;
        struct plan_request q = { .path = path, .images = (const char *[]){ image }, .n_images = 1, .now_s = 1790000000 };
        size_t size;
        FILE *f;

        snprintf(path, sizeof path, "%s/../%s.json", tree, strrchr(tree, '/') + 1);
        snprintf(image, sizeof image, "app=%s", tree);
        f = fopen(path, "w");
        assert_non_null(f);
        fprintf(f, "{\"family\":\"web\",%s\"containerDefinitions\":[{\"name\":\"app\"%s},{\"name\":\"side\"}]}", roles, container);
        fclose(f);
        if (plan_make(&q, &p, &error) < 0)
                fail_msg("%s", error.s);
        unlink(path);
        f = open_memstream(&page, &size);
        assert_int_equal(judge(p->s, &v), 0);
        assert_int_equal(report_plan(p, v, (struct report_style){ false, 0 }, f), 0);
        fclose(f);
        *ret_status = plan_exit_status(p, v);
        return page;
}

static char *page_of(const char *container, int *ret_status) { return page_of_roles(ROLES, container, ret_status); }

#define KEYS ",\"environment\":[{\"name\":\"AWS_ACCESS_KEY_ID\",\"value\":\"AKIAIOSFODNN7EXAMPLE\"},{\"name\":\"AWS_SECRET_ACCESS_KEY\",\"value\":\"x\"}]"
#define PROFILE_FILE "/root/.aws/credentials", "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
#define PASS "{\"name\":\"AWS_PROFILE\",\"value\":\"prod\"}"
static const struct { const char *why, *container, *file, *text; int status; const char *want[3], *not; } plans[] = {
        { "an SDK that uses the task role", ",\"command\":[\"gunicorn\",\"app\"]", NULL, NULL, 0,
          { "web   app        gunicorn      botocore 1.34.1  container webTaskRole  webTaskRole  ok", "images          of side: they have no profile files" }, "warning" },
        { "keys that an SDK takes", ",\"command\":[\"gunicorn\"]" KEYS, NULL, NULL, 1, { "warning wrong-role: gunicorn in container app of task web uses static keys in the environment" }, NULL },
        { "keys that a script's program takes", ",\"entryPoint\":[\"/app/entry.sh\"],\"command\":[\"gunicorn\"]" KEYS, NULL, NULL, 1,
          { "info wrong-role (possible): gunicorn in container app" }, NULL },
        { "a profile file of root", ",\"user\":\"root\",\"command\":[\"gunicorn\"]", PROFILE_FILE, 1,
          { "warning wrong-role: gunicorn in container app of task web uses credentials of a profile", "Remove /root/.aws/credentials from the image" }, "user root" },
        { "a profile file of root, who may not be the user", ",\"command\":[\"gunicorn\"]", PROFILE_FILE, 0,
          { "info wrong-role (possible): gunicorn in container app of task web uses credentials of a profile",
            "image defaults  of container app: user root, working directory /, PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin (assumed)" }, NULL },
        { "a profile file of another user", ",\"user\":\"app\",\"command\":[\"gunicorn\"]", PROFILE_FILE, 0, { "container webTaskRole  webTaskRole  ok" }, "wrong-role" },
        { "a profile file of another user, by gosu", ",\"command\":[\"gosu\",\"app\",\"gunicorn\"]", PROFILE_FILE, 0, { "container webTaskRole  webTaskRole  ok" }, "wrong-role" },
        { "a profile file of root, by gosu", ",\"command\":[\"gosu\",\"root\",\"gunicorn\"]", PROFILE_FILE, 1, { "warning wrong-role: gunicorn in container app" }, NULL },
        { "all that an image could say", ",\"user\":\"app\",\"workingDirectory\":\"/app\",\"command\":[\"gunicorn\"],\"environment\":[{\"name\":\"PATH\",\"value\":\"/usr/local/bin\"}]", NULL, NULL, 0,
          { "gunicorn      botocore" }, "image defaults" },
        { "a profile that no file has", ",\"user\":\"0\",\"command\":[\"gunicorn\"],\"environment\":[" PASS "]", NULL, NULL, 1, { "warning no-credentials: gunicorn in container app", "profile prod is selected" }, NULL },
        { "a profile that no file of root has, who may not be the user", ",\"command\":[\"gunicorn\"],\"environment\":[" PASS "]", NULL, NULL, 0, { "info no-credentials (possible): gunicorn" }, NULL },
        { "keys of the command", ",\"command\":[\"env\",\"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\",\"AWS_SECRET_ACCESS_KEY=x\",\"gunicorn\"]", NULL, NULL, 1,
          { "warning wrong-role: gunicorn in container app of task web uses static keys in the environment" }, NULL },
        { "a command that removes all", ",\"command\":[\"env\",\"-i\",\"gunicorn\"]", NULL, NULL, 0,
          { "environment     of container app: env in the command removes variables, or has words that are not known (not known)", "gunicorn      botocore 1.34.1  not visible" }, NULL },
        { "a script that removes the variable", ",\"command\":[\"sh\",\"-c\",\"unset " URI "; exec gunicorn\"]", NULL, NULL, 0,
          { "environment     of container app: a script sets or removes variables that decide about credentials (not known)", "gunicorn      botocore 1.34.1  not visible" }, " ok" },
        { "a wrapper of what is not there", ",\"command\":[\"nice\",\"nonexistent\"]", NULL, NULL, 0,
          { "program         of container app: no executable of its image follows the options of nice (not known)", "main program  -" }, NULL },
        { "a script of too many lines", ",\"command\":[\"/app/long.sh\"]", NULL, NULL, 0,
          { "programs        of container app: its command and scripts start more than are searched (not known)" }, NULL },
        { "a user that is not there", ",\"user\":\"nobody\",\"command\":[\"gunicorn\"]", NULL, NULL, 0, { "user            root in container app: the passwd file of its image does not have the user" }, NULL },
        { "no command", "", NULL, NULL, 0, { "program         of container app: the definition has no command", "main program" }, NULL },
        { "an environment that is not known", ",\"command\":[\"gunicorn\"],\"environmentFiles\":[{\"value\":\"arn:aws:s3:::b/x.env\"}]", NULL, NULL, 0,
          { "not visible", "1 group has an unknown environment (not judged)" }, "wrong-role" },
        { "a program that is not there", ",\"command\":[\"nonexistent\"]", NULL, NULL, 0, { "nonexistent   -" }, NULL },
        { "cron of busybox, which keeps it", ",\"command\":[\"crond\",\"-f\"]", NULL, NULL, 0, { "crond  " }, "starts its jobs" },
        { "cron", ",\"command\":[\"cron\",\"-f\"]", NULL, NULL, 0, { "notice containerDefinitions[0]: cron, which the image or the command starts, starts its jobs without " URI }, NULL },
        { "su with a login shell", ",\"command\":[\"su\",\"-\",\"app\"]", NULL, NULL, 0, { "starts a login shell" }, NULL },
        { "su whose shell logs in", ",\"command\":[\"su\",\"app\",\"-c\",\"-l\",\"-s\",\"/bin/sh\"]", NULL, NULL, 0, { "su  " }, "login shell" },
        { "su with a login shell among its letters", ",\"command\":[\"su\",\"app\",\"-ml\"]", NULL, NULL, 0, { "starts a login shell" }, NULL },
        { "su with a login shell after a command", ",\"command\":[\"su\",\"--command=x\",\"--shell\",\"-\",\"--login\"]", NULL, NULL, 0, { "starts a login shell" }, NULL },
        { "su with an operand that is missing", ",\"command\":[\"su\",\"app\",\"-c\"]", NULL, NULL, 0, { "su  " }, "login shell" },
        { "runuser of a command with that option", ",\"command\":[\"runuser\",\"-u\",\"app\",\"--\",\"ls\",\"-l\"]", NULL, NULL, 0, { "runuser  " }, "login shell" },
        { "su without", ",\"command\":[\"su\",\"app\"]", NULL, NULL, 0, { "su  " }, "login shell" },
        { "sudo", ",\"command\":[\"sudo\",\"-u\",\"app\",\"x\"]", "/etc/sudoers", "Defaults env_reset\n", 0, { "sudo, which the image or the command starts, removes " URI }, NULL },
        { "sudo that keeps the variable", ",\"command\":[\"sudo\",\"x\"]", "/etc/sudoers.d/a", "Defaults env_keep += \"" URI "\"\n", 0, { "sudo " }, "removes " URI },
        { "sudo of a command with that option", ",\"command\":[\"sudo\",\"-u\",\"app\",\"x\",\"-E\"]", NULL, NULL, 0, { "sudo, which the image or the command starts, removes " URI }, NULL },
        { "sudo of a user of that name", ",\"command\":[\"sudo\",\"-u\",\"-E\",\"--user\",\"-E\",\"-uE\",\"x\"]", NULL, NULL, 0, { "removes " URI }, NULL },
        { "sudo that keeps another variable", ",\"command\":[\"sudo\",\"--preserve-env=PATH\",\"x\"]", NULL, NULL, 0, { "removes " URI }, NULL },
        { "sudo that keeps this variable", ",\"command\":[\"sudo\",\"--preserve-env=PATH," URI "\",\"x\"]", NULL, NULL, 0, { "sudo " }, "removes " URI },
        { "sudo -E", ",\"command\":[\"sudo\",\"-nE\",\"x\"]", NULL, NULL, 0, { "sudo " }, "removes " URI },
        { "php-fpm that clears", ",\"command\":[\"php-fpm\"]", "/usr/local/etc/php-fpm.d/www.conf", "[www]\nuser = www\n", 0,
          { "php-fpm, which the image or the command starts, clears the environment of its workers (/usr/local/etc/php-fpm.d/www.conf)" }, NULL },
        { "php-fpm that passes it", ",\"command\":[\"php-fpm\"]", "/usr/local/etc/php-fpm.d/www.conf", "[www]\nenv[" URI "] = $" URI "\n", 0, { "php-fpm " }, "clears" },
        { "php-fpm that keeps all", ",\"command\":[\"php-fpm\"]", "/usr/local/etc/php-fpm.d/www.conf", "[www]\nclear_env = no\n", 0, { "php-fpm " }, "clears" },
        { "php-fpm without pools", ",\"command\":[\"php-fpm\"]", "/usr/local/etc/php-fpm.d/www.conf", "[global]\nx = 1\n", 0, { "php-fpm " }, "clears" },
        { "s6", ",\"command\":[\"/init\"]", "/etc/services.d/web/run", "#!/bin/sh\nexec web\n", 0, { "init, which the image or the command starts, runs a service without the environment of the container, unless the image sets S6_KEEP_ENV (/etc/services.d/web/run)" }, NULL },
        { "s6 that restores it on another line", ",\"command\":[\"/init\"]", "/etc/services.d/web/run", "#!/command/execlineb -P\nwith-contenv\nweb\n", 0, { "init " }, "runs a service" },
        { "s6 that keeps all", ",\"command\":[\"/init\"],\"environment\":[{\"name\":\"S6_KEEP_ENV\",\"value\":\"1\"}]", "/etc/services.d/web/run", "#!/bin/sh\nexec web\n", 0, { "init " }, "runs a service" },
        { "s6 that does not keep all", ",\"command\":[\"/init\"],\"environment\":[{\"name\":\"S6_KEEP_ENV\",\"value\":\"0\"}]", "/etc/services.d/web/run", "#!/bin/sh\nexec web\n", 0, { "runs a service" }, NULL },
        { "s6 that restores it", ",\"command\":[\"/init\"]", "/etc/services.d/web/run", "#!/command/with-contenv sh\nexec web\n", 0, { "init " }, "runs a service" },
};

static void images_are_searched(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(plans); i++) {
                int status;

                if (plans[i].file)
                        file_put(plans[i].file, plans[i].text, 0600);
                CLEANUP(freep) char *page = page_of(plans[i].container, &status);
                bool good = status == plans[i].status && !(plans[i].not && strstr(page, plans[i].not));
                for (size_t k = 0; k < ARRAY_SIZE(plans[i].want) && plans[i].want[k]; k++)
                        good = good && strstr(page, plans[i].want[k]);
                if (plans[i].file)
                        file_remove(plans[i].file);
                if (!good) {
                        fprintf(stderr, "%s: status %d\n%s\n", plans[i].why, status, page);
                        fail();
                }
        }
}

/* Files of a directory add to one pool, whatever their order is. */
static void one_pool_file_of_several_passes_it(void **state)
{
        int status;

        (void)state;
        file_put("/usr/local/etc/php-fpm.d/www.conf", "[www]\nuser = www\n", 0644);
        file_put("/usr/local/etc/php-fpm.d/zz.conf", "[www]\nclear_env = no\n", 0644);
        CLEANUP(freep) char *page = page_of(",\"command\":[\"php-fpm\"]", &status);
        file_remove("/usr/local/etc/php-fpm.d/www.conf");
        file_remove("/usr/local/etc/php-fpm.d/zz.conf");
        assert_non_null(strstr(page, "php-fpm "));
        assert_null(strstr(page, "clears"));
}

/* Of several programs of one container. */
static void a_premise_is_stated_once(void **state)
{
        static const char premise[] = "of container app: a script sets or removes variables";
        int status;

        (void)state;
        CLEANUP(freep) char *page = page_of(",\"command\":[\"sh\",\"-c\",\"unset " URI "; gunicorn; celery\"]", &status);
        const char *first = strstr(page, premise);
        assert_non_null(first);
        assert_null(strstr(first + 1, premise));
        assert_non_null(strstr(page, "gunicorn \xc3\x97" "2"));
}

static void without_a_role_nothing_is_lost(void **state)
{
        int status;

        (void)state;
        CLEANUP(freep) char *page = page_of_roles("", ",\"command\":[\"cron\"]", &status);
        assert_non_null(strstr(page, "cron "));
        assert_null(strstr(page, "starts its jobs"));
}

static void images_that_are_refused(void **state)
{
        static const struct { const char *image, *want; } rows[] = {
                { "app", "--image needs NAME=PATH" }, { "=x", "--image needs" }, { "app=", "--image needs" },
                { "web=/tmp", "no container has the name web" }, { "app=/nonexistent", "/nonexistent: No such file or directory" }, { "app=/dev/null", "/dev/null: Not a directory" },
        };
        char path[64];
        FILE *f;

        (void)state;
        snprintf(path, sizeof path, "%s/web.json", tree);
        f = fopen(path, "w");
        assert_non_null(f);
        fputs("[{\"name\":\"app\"}]", f);
        fclose(f);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(text_done) struct text error = { 0 };
                struct plan *p = NULL;
                struct plan_request q = { .path = path, .images = &rows[i].image, .n_images = 1 };

                assert_true(plan_make(&q, &p, &error) < 0);
                if (!error.s || !strstr(error.s, rows[i].want))
                        fail_msg("%s: %s", rows[i].image, error.s ? error.s : "nothing is printed");
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(paths_do_not_leave_the_tree), cmocka_unit_test(a_tree_that_is_not_there),
                cmocka_unit_test(executables_are_found_without_links), cmocka_unit_test(relative_paths_start_there), cmocka_unit_test(commands_lead_to_programs),
                cmocka_unit_test(a_long_script_is_bounded), cmocka_unit_test(lookups_are_bounded), cmocka_unit_test(users_are_found),
                cmocka_unit_test(images_are_searched), cmocka_unit_test(one_pool_file_of_several_passes_it), cmocka_unit_test(a_premise_is_stated_once), cmocka_unit_test(without_a_role_nothing_is_lost),
                cmocka_unit_test(images_that_are_refused),
        };

        return cmocka_run_group_tests(tests, tree_make, tree_remove);
}
