/* Whole files, directories, files that are replaced, the clock, a descriptor that wakes a loop. */
#include <time.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "rolewatch/io.h"

static char dir[] = "/tmp/rolewatch-io-XXXXXX";

static const char *at(const char *name)
{
        static char path[2][128];
        static int i;

        i = !i;
        snprintf(path[i], sizeof path[i], "%s/%s", dir, name);
        return path[i];
}

static void put(const char *name, const char *text)
{
        FILE *f = fopen(at(name), "w");

        assert_non_null(f);
        assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
}

static int made(void **state)
{
        (void)state;
        assert_non_null(mkdtemp(dir));
        put("seven", "1234567");
        put("empty", "");
        assert_int_equal(symlink("seven", at("link")), 0);
        assert_int_equal(mkfifo(at("fifo"), 0600), 0);
        assert_int_equal(mkdir(at("folder"), 0700), 0);
        return 0;
}

static int teardown(void **state)
{
        char command[64];

        (void)state;
        snprintf(command, sizeof command, "rm -r %s", dir);
        return system(command);
}

static void files_are_read_whole_or_not_at_all(void **state)
{
        const enum file_flags strict = OPEN_REGULAR_ONLY | OPEN_NO_SYMLINK;
        const struct { const char *name; size_t max; enum file_flags flags; int want; const char *text; } T[] = {
                { "seven", 7, 0, 0, "1234567" },        { "seven", 6, 0, -EFBIG, NULL },
                { "seven", 6, strict, -EFBIG, NULL },   { "seven", 8, strict, 0, "1234567" },
                { "empty", 0, strict, 0, "" },          { "link", 7, OPEN_REGULAR_ONLY, 0, "1234567" },
                { "link", 7, strict, -ELOOP, NULL },    { "fifo", 7, OPEN_REGULAR_ONLY, -EINVAL, NULL },
                { "folder", 7, OPEN_REGULAR_ONLY, -EINVAL, NULL }, { "folder", 7, 0, -EISDIR, NULL },
                { "none", 7, 0, -ENOENT, NULL },        { "seven/x", 7, 0, -ENOTDIR, NULL },
        };
        CLEANUP(closep) int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

        (void)state;
        for (size_t i = 0; i < 2 * ARRAY_SIZE(T); i++) {
                const struct file_request q = { i % 2 ? AT_FDCWD : fd, i % 2 ? at(T[i / 2].name) : T[i / 2].name, T[i / 2].max, T[i / 2].flags };
                CLEANUP(erase_freep) char *text = NULL;
                size_t len = 99;
                int r = read_file(&q, &text, &len);

                if (r != T[i / 2].want || (r == 0) != (text != NULL) || (r == 0 && (len != strlen(T[i / 2].text) || !streq(text, T[i / 2].text))))
                        fail_msg("%s, %zu bytes: %d", q.path, q.max_bytes, r);
        }
}

static void a_big_file_is_read_in_pieces(void **state)
{
        size_t size = (size_t)300 << 10, len;
        CLEANUP(freep) char *bytes = malloc(size), *text = NULL;

        (void)state;
        assert_non_null(bytes);
        for (size_t i = 0; i < size; i++)
                bytes[i] = (char)(i % 251);
        assert_int_equal(replace_file(&(struct file_target){ AT_FDCWD, at("big"), 0600 }, bytes, size), 0);
        assert_int_equal(read_file(&(struct file_request){ .dir = AT_FDCWD, .path = at("big"), .max_bytes = size }, &text, &len), 0);
        assert_int_equal(len, size);
        assert_memory_equal(text, bytes, size);
        assert_int_equal(text[len], '\0');
}

static void errors_have_texts(void **state)
{
        (void)state;
        assert_string_equal(read_error_to_string(-EINVAL), "not a regular file");
        assert_string_equal(read_error_to_string(-EFBIG), "too large");
        assert_string_equal(read_error_to_string(-EACCES), strerror(EACCES));
}

static size_t count_files(const char *name)
{
        DIR *d = opendir(at(name));
        size_t n = 0;

        assert_non_null(d);
        while (readdir(d))
                n++;
        closedir(d);
        return n - 2;
}

static void files_are_replaced_at_once(void **state)
{
        CLEANUP(closep) int fd = open(at("folder"), O_PATH | O_DIRECTORY | O_CLOEXEC);
        CLEANUP(freep) char *text = NULL;
        mode_t before = umask(077);
        struct stat st;
        size_t len;
        char own[64];

        (void)state;
        assert_int_equal(replace_file(&(struct file_target){ fd, "a.prom", 0644 }, "one", 3), 0);
        assert_int_equal(replace_file(&(struct file_target){ AT_FDCWD, at("folder/a.prom"), 0640 }, "second", 6), 0);
        umask(before);
        assert_int_equal(read_file(&(struct file_request){ .dir = fd, .path = "a.prom", .max_bytes = 9 }, &text, &len), 0);
        assert_string_equal(text, "second");
        assert_int_equal(stat(at("folder/a.prom"), &st), 0);
        assert_int_equal(st.st_mode & 07777, 0640);
        assert_int_equal(count_files("folder"), 1);
        /* What a process of this id left behind is no hindrance, and is not written through. */
        snprintf(own, sizeof own, "folder/.a.prom.%d", (int)getpid());
        assert_int_equal(symlink("../seven", at(own)), 0);
        assert_int_equal(replace_file(&(struct file_target){ fd, "a.prom", 0600 }, "third", 5), 0);
        assert_int_equal(count_files("folder"), 1);
        assert_int_equal(stat(at("seven"), &st), 0);
        assert_int_equal(st.st_size, 7);
        assert_int_equal(unlink(at("folder/a.prom")), 0);
}

/* Neither a file of the name nor one beside it is left, or changed. */
static void what_cannot_be_replaced_stays(void **state)
{
        CLEANUP(closep) int fd = open(at("folder"), O_PATH | O_DIRECTORY | O_CLOEXEC);
        char name[256];

        (void)state;
        assert_int_equal(mkdir(at("folder/a"), 0700), 0);
        assert_int_equal(replace_file(&(struct file_target){ fd, "a", 0600 }, "x", 1), -EISDIR);
        assert_int_equal(count_files("folder"), 1);
        assert_int_equal(rmdir(at("folder/a")), 0);
        memset(name, 'n', sizeof name - 1);
        name[sizeof name - 1] = '\0';
        assert_int_equal(replace_file(&(struct file_target){ fd, name, 0600 }, "x", 1), -ENAMETOOLONG);
        assert_int_equal(replace_file(&(struct file_target){ AT_FDCWD, at("none/a"), 0600 }, "x", 1), -ENOENT);
        assert_int_equal(count_files("folder"), 0);
}

struct recorded { char text[512]; int stop_at, n; };

static int note(struct recorded *s, const char *path, const char *what)
{
        const char *slash = strrchr(path, '/');

        snprintf(s->text + strlen(s->text), sizeof s->text - strlen(s->text), "%s%s %s", s->n ? ", " : "", slash ? slash + 1 : path, what);
        return ++s->n == s->stop_at ? 7 : 0;
}

static int on_file(void *userdata, const struct directory_file *f)
{
        assert_int_equal(strlen(f->text), f->len);
        assert_true(f->modified_s > 1700000000);
        return note(userdata, f->path, f->text);
}

static int on_error(void *userdata, const char *path, int error) { return note(userdata, path, read_error_to_string(error)); }

static void directories_are_read_in_order(void **state)
{
        static const struct { const char *name; enum directory_path kind; size_t max_bytes, max_files; int stop_at, want; const char *recorded; } T[] = {
                { "d", DIRECTORY_ONLY, 5, 9, 0, 0, "B.conf two, a.conf one, fifo.conf not a regular file, long.conf too large, sub.conf not a regular file" },
                { "d", DIRECTORY_ONLY, 5, 2, 0, 0, "B.conf two, a.conf one" },
                { "d", DIRECTORY_ONLY, 5, 9, 2, 7, "B.conf two, a.conf one" },
                { "d", DIRECTORY_ONLY, 5, 9, 3, 7, "B.conf two, a.conf one, fifo.conf not a regular file" },
                { "none", DIRECTORY_ONLY, 5, 9, 0, 0, "" },
                { "none", DIRECTORY_OR_FILE, 5, 9, 0, 0, "" },
                { "d/a.conf", DIRECTORY_OR_FILE, 5, 9, 0, 0, "a.conf one" },
                { "d/other", DIRECTORY_OR_FILE, 5, 9, 0, 0, "other x" },
                { "d/a.conf", DIRECTORY_ONLY, 5, 9, 0, 0, "a.conf Not a directory" },
        };

        (void)state;
        assert_int_equal(mkdir(at("d"), 0700), 0);
        assert_int_equal(mkdir(at("d/sub.conf"), 0700), 0);
        put("d/a.conf", "one");
        put("d/B.conf", "two");
        put("d/long.conf", "123456");
        put("d/.hidden.conf", "x");
        put("d/other", "x");
        put("d/.conf", "x");
        assert_int_equal(mkfifo(at("d/fifo.conf"), 0600), 0);
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                struct recorded recorded = { .stop_at = T[i].stop_at };
                const struct directory_request q = { at(T[i].name), ".conf", T[i].kind, T[i].max_bytes, T[i].max_files, on_file, on_error, &recorded };
                int r = read_directory(&q);

                if (r != T[i].want || !streq(recorded.text, T[i].recorded))
                        fail_msg("%zu: %d, %s", i, r, recorded.text);
        }
}

static void stat_lines_that_are_none(void **state)
{
#define REST "1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 "
        static const struct { const char *text; int want; } T[] = {
                { "1 (x) S 1 " REST "77 0\n", 0 },        { "1 (x) S 1 " REST "77", 0 },
                { "1 (x) S 1 " REST, -EBADMSG },          { "1 (x) SS 1 " REST "77\n", -EBADMSG },
                { "1 (x) S -1 " REST "77\n", -EBADMSG },  { "1 (x) S 2147483648 " REST "77\n", -EBADMSG },
                { "1 (x) S 1 " REST "-77\n", -EBADMSG },  { "1 (x) S 1 " REST "18446744073709551615\n", 0 },
                { "1 (x) S 1 " REST "18446744073709551616\n", -EBADMSG }, { "1 (x) S 1 " REST "123456789012345678901234\n", -EBADMSG },
                { "1 x) S 1 " REST "77\n", -EBADMSG },    { ")(", -EBADMSG }, { "", -EBADMSG },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(T); i++) {
                struct proc_stat st;
                int r = proc_stat_parse(T[i].text, strlen(T[i].text), &st);

                if (r != T[i].want)
                        fail_msg("'%s': %d", T[i].text, r);
        }
        assert_true(proc_stat_ended(&(struct proc_stat){ .state = 'Z' }));
        assert_true(proc_stat_ended(&(struct proc_stat){ .state = 'X' }));
        assert_false(proc_stat_ended(&(struct proc_stat){ .state = 'S' }));
}

static void clocks_agree_with_themselves(void **state)
{
        int64_t us = clock_monotonic_us(), ms = clock_monotonic_ms(), s = clock_monotonic_s();
        struct timespec now;

        (void)state;
        assert_true(us > 0 && ms >= us / 1000 && ms - us / 1000 < 60000);
        assert_true(s >= ms / 1000 && s - ms / 1000 < 60);
        assert_true(clock_wall_s() > 1700000000);
        /* Just after a second has begun: a file that is written then is of this second. */
        clock_gettime(CLOCK_REALTIME, &now);
        clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &(struct timespec){ .tv_sec = now.tv_sec + 1 }, NULL);
        clock_gettime(CLOCK_REALTIME, &now);
        assert_true(clock_wall_s() >= now.tv_sec);
}

static bool readable(const struct wake_fd *w)
{
        struct pollfd p = { .fd = w->epoll, .events = POLLIN };

        return poll(&p, 1, 0) == 1;
}

static void a_descriptor_wakes(void **state)
{
        struct wake_fd w = WAKE_FD_NONE;
        int pair[2];

        (void)state;
        assert_int_equal(pipe(pair), 0);
        assert_int_equal(wake_fd_open(&w), 0);
        assert_int_equal(wake_fd_add(&w, pair[0]), 0);
        assert_int_equal(wake_fd_add(&w, pair[0]), -EEXIST);
        assert_false(readable(&w));
        wake_fd_more(&w, true);
        wake_fd_more(&w, true);
        assert_true(readable(&w));
        wake_fd_more(&w, false);
        wake_fd_more(&w, false);
        assert_false(readable(&w));
        assert_int_equal(write(pair[1], "x", 1), 1);
        assert_true(readable(&w));
        wake_fd_close(&w);
        assert_int_equal(w.epoll, -1);
        close(pair[0]);
        close(pair[1]);
}

/* Descriptors run out: -EMFILE, and nothing is left behind. */
static void without_descriptors(void **state)
{
        struct rlimit were, none = { 0 };
        struct wake_fd w;
        char *text = NULL;
        size_t len = 0;
        int opened, read_, replaced;

        (void)state;
        assert_int_equal(getrlimit(RLIMIT_NOFILE, &were), 0);
        none.rlim_max = were.rlim_max;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
        opened = wake_fd_open(&w);
        read_ = read_file(&(struct file_request){ AT_FDCWD, "/proc/self/stat", 4096, OPEN_REGULAR_ONLY }, &text, &len);
        replaced = replace_file(&(struct file_target){ AT_FDCWD, at("no-descriptor"), 0600 }, "x", 1);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &were), 0);
        assert_int_equal(opened, -EMFILE);
        assert_int_equal(read_, -EMFILE);
        assert_int_equal(replaced, -EMFILE);
        assert_int_equal(w.epoll, -1);
        assert_int_equal(wake_fd_add(&w, 0), -EBADF);
        assert_null(text);
}

/* A full disk: the old file stays, no half file beside it. */
static void what_cannot_be_written_changes_nothing(void **state)
{
        static const char more[8192];
        struct rlimit were, few;
        char *text = NULL;
        size_t len = 0;
        int r;

        (void)state;
        put("kept", "old");
        assert_int_equal(getrlimit(RLIMIT_FSIZE, &were), 0);
        few = (struct rlimit){ 4096, were.rlim_max };
        assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
        r = replace_file(&(struct file_target){ AT_FDCWD, at("kept"), 0600 }, more, sizeof more);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &were), 0);
        assert_true(signal(SIGXFSZ, SIG_DFL) != SIG_ERR);
        assert_int_equal(r, -EFBIG);
        assert_int_equal(read_file(&(struct file_request){ AT_FDCWD, at("kept"), 4096, OPEN_REGULAR_ONLY }, &text, &len), 0);
        assert_string_equal(text, "old");
        free(text);
        assert_int_equal(unlink(at("kept")), 0);
        assert_int_equal(replace_file(&(struct file_target){ AT_FDCWD, "/proc/no-such-directory/x", 0600 }, "x", 1), -ENOENT);
}

static void names_without_a_directory_and_too_long(void **state)
{
        char name[PATH_MAX + 8];
        int here = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        (void)state;
        assert_true(here >= 0);
        assert_int_equal(replace_file(&(struct file_target){ here, "alone", 0640 }, "x", 1), 0);
        assert_int_equal(unlinkat(here, "alone", 0), 0);
        close(here);
        memset(name, 'n', sizeof name);
        name[sizeof name - 1] = '\0';
        assert_int_equal(replace_file(&(struct file_target){ AT_FDCWD, name, 0600 }, "x", 1), -ENAMETOOLONG);
}

static int count_file(void *userdata, const struct directory_file *f)
{
        (void)f;
        return ++*(int *)userdata, 0;
}

static int store_error(void *userdata, const char *path, int error)
{
        (void)path;
        *(int *)userdata = error;
        return 0;
}

static void directories_that_cannot_be_read(void **state)
{
        struct directory_request q = { .suffix = ".json", .max_bytes = 4096, .max_files = 8, .on_file = count_file, .on_error = store_error };
        char name[PATH_MAX + 8];
        int last_error = 0;

        (void)state;
        memset(name, 'n', sizeof name);
        name[sizeof name - 1] = '\0';
        q.userdata = &last_error;
        q.path = name;
        assert_int_equal(read_directory(&q), 0);
        assert_int_equal(last_error, -ENAMETOOLONG);
        q.path = at("gone");
        last_error = 0;
        assert_int_equal(read_directory(&q), 0);
        assert_int_equal(last_error, 0);
        put("file", "x");
        q.path = at("file");
        q.kind = DIRECTORY_ONLY;
        assert_int_equal(read_directory(&q), 0);
        assert_int_equal(last_error, -ENOTDIR);
        assert_int_equal(unlink(at("file")), 0);
}

static void what_is_no_text_is_not_read(void **state)
{
        char *text = NULL;
        size_t len = 0;
        int here = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        (void)state;
        assert_int_equal(read_fd(-1, 16, &text, &len), -EBADF);
        assert_int_equal(read_fd(here, 16, &text, &len), -EISDIR);
        assert_null(text);
        close(here);
}

static int listening(const char *path)
{
        struct sockaddr_un sa = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

        strcpy(sa.sun_path, path);
        assert_true(fd >= 0);
        assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof sa), 0);
        assert_int_equal(listen(fd, 1), 0);
        return fd;
}

static void unix_sockets_are_connected_with_a_limit(void **state)
{
        static const struct { const char *name; int type, r; } rows[] = {
                { "socket", SOCK_SEQPACKET, 0 },        { "socket", SOCK_STREAM, -EPROTOTYPE }, { "seven", SOCK_STREAM, -ECONNREFUSED },
                { "absent", SOCK_SEQPACKET, -ENOENT }, { "socket", -1, -EINVAL },
        };
        char long_path[sizeof((struct sockaddr_un *)0)->sun_path + 1];
        int listener = listening(at("socket")), fd = -1;
        struct timeval limit = { 0 };
        socklen_t len = sizeof limit;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                assert_int_equal(unix_connect(at(rows[i].name), rows[i].type, 3, &fd), rows[i].r);
                assert_int_equal(fd >= 0, rows[i].r == 0);
                if (rows[i].r == 0)
                        assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, &len), 0);
                closep(&fd);
                fd = -1;
        }
        assert_int_equal(limit.tv_sec, 3);
        memset(long_path, 'x', sizeof long_path - 1);
        long_path[sizeof long_path - 1] = '\0';
        assert_int_equal(unix_connect(long_path, SOCK_STREAM, 3, &fd), -ENAMETOOLONG);
        close(listener);
        assert_int_equal(unlink(at("socket")), 0);
}

/* A server that hangs: whoever comes when the queue of its listening socket is full waits in vain. */
static void a_server_that_accepts_nobody(void **state)
{
        CLEANUP(closep) int listener = listening(at("socket")), first = -1, second = -1, third = -1;

        (void)state;
        (void)listener;
        assert_int_equal(unix_connect(at("socket"), SOCK_SEQPACKET, 1, &first), 0);
        assert_int_equal(unix_connect(at("socket"), SOCK_SEQPACKET, 1, &second), 0);
        assert_int_equal(unix_connect(at("socket"), SOCK_SEQPACKET, 1, &third), -ETIMEDOUT);
        assert_int_equal(unlink(at("socket")), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(files_are_read_whole_or_not_at_all), cmocka_unit_test(a_big_file_is_read_in_pieces),
                cmocka_unit_test(errors_have_texts),                  cmocka_unit_test(files_are_replaced_at_once),
                cmocka_unit_test(what_cannot_be_replaced_stays),      cmocka_unit_test(directories_are_read_in_order),
                cmocka_unit_test(stat_lines_that_are_none),           cmocka_unit_test(clocks_agree_with_themselves),
                cmocka_unit_test(a_descriptor_wakes),                 cmocka_unit_test(without_descriptors),
                cmocka_unit_test(what_cannot_be_written_changes_nothing),
                cmocka_unit_test(names_without_a_directory_and_too_long),
                cmocka_unit_test(directories_that_cannot_be_read),
                cmocka_unit_test(what_is_no_text_is_not_read),          cmocka_unit_test(unix_sockets_are_connected_with_a_limit), cmocka_unit_test(a_server_that_accepts_nobody),
        };

        return cmocka_run_group_tests(tests, made, teardown);
}
