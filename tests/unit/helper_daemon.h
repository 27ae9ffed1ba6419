/*
 * helper_daemon -- a daemon without kernel events and timers: its event loop, child processes and broker's client are the real
 * ones. /proc is a directory of the test, and the broker is a double that shows what *environment says.
 */
#pragma once
#include "../../agent/daemon/daemon_internal.h"
#include "helper_broker_double.h"
#include "mock_http.h"

#define KNOWN "39c3bad8e7edf1eaf2fcd1093924558d88ea8509fe5bb2e6fedd5fc0ff3049ba"
#define NEW "0bb9d4a27329555d67cf766780a3082d0ef459af8b1f5e33fe729df557b97208"
#define TASK "arn:aws:ecs:eu-west-1:111122223333:task/prod/0123456789abcdef0123456789abcdef"
#define ROLE "arn:aws:iam::111122223333:role/webTaskRole"
/* Of stat: from the process group to the start time. */
#define REST " 1 1 0 -1 4194560 1 1 0 0 1 1 1 1 20 0 1 0 "
#define CRED_PATH "/v2/credentials/4a3f8c2e-7d31-4b0b-9f6a-0f1e2d3c4b5a"
#define KEYS_IN_ENV "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\0AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define KEYS(expires) "{\"RoleArn\":\"" ROLE "\",\"AccessKeyId\":\"ASIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"x\",\"Token\":\"t\"," \
        "\"Expiration\":\"" expires "\"}"
/* The executable of what is recorded. */
#define JOB "/usr/bin/job"

/* For cmocka_run_group_tests: the directory and the double. */
int daemon_tests_begin(void **state);
int daemon_tests_end(void **state);
/* After each test: nothing is left but JOB, which is empty, and *environment is BARE. */
int processes_remove(void **state);
#define daemon_test(f) cmocka_unit_test_teardown(f, processes_remove)
extern char proc_dir[];
extern struct broker_double broker;
broker_double_fn environments;

/* FIRST_: WHOLE for pid 11, and STATIC or BARE for others. OVERWRITTEN: FIRST_WHOLE, and nothing is left of the others. */
enum environment { BARE, WHOLE, STATIC, FIRST_WHOLE, FIRST_ONLY, OVERWRITTEN };
/* In memory that the broker's double shares: which environment it shows next. */
extern enum environment *environment;

/* ---- processes in the directory ---- */
void process_file(pid_t pid, const char *name, const char *text);
/* jobPID, by root, of parent 1, started at ten times its pid. */
void process_make(pid_t pid, const char *container);
void process_remove(pid_t pid);
/* As the kernel records it. whole: with its environment, as it is now. */
struct kernel_event event_make(pid_t pid, enum event_kind kind, bool whole);
uint64_t own_netns(void);
/* A file that each container has at this path. */
void container_file(const char *path, const char *text);
struct event_executable container_executable(const char *path);

/* ---- daemons ---- */
struct daemon *daemon_made(void);
void daemon_end(struct daemon *d);
/* The last scan knows one container, of no task. */
void facts_empty(struct daemon *d);
/* Calls are declared for every container: without, a program with no SDK in it is not judged. */
void needs_declare(struct daemon *d);

/* A task with a role, whose keys m has: pid 11 has the credentials URI, pid 12 has not. */
static const struct mock_route keys_of_task[] = { { .path = CRED_PATH, .bytes = HTTP_200(KEYS("2099-01-01T00:00:00Z")) } };
struct daemon *daemon_of_task(struct mock_http *m);
void daemon_of_task_end(struct daemon *d, struct mock_http *m);
/* Nothing is known of the endpoints in its namespace: they are requested for the verdict, and the agent alone answers in time. */
void imds_is_slow(struct daemon *d, const struct mock_http *agent, const struct mock_http *silent);
static const struct mock_route agent_routes[] = { { .path = "/v2/credentials/", .bytes = HTTP("400 Bad Request", "") } };
static const struct mock_route imds_routes[] = { { .bytes = HTTP_200("token") } };
static const struct mock_route silence[] = { { .how = MOCK_SILENT } };

/* ---- what happens to them ---- */
void executed(struct daemon *d, pid_t pid);
/* The record has not all of the environment: /proc has, as long as the process lives. */
void executed_much(struct daemon *d, pid_t pid);
void contacted(struct daemon *d, pid_t pid, enum event_endpoint endpoint);

/* Turns of the event loop until it is so; false: not within a minute, which valgrind may need for a child process. */
#define UNTIL(d, condition) ({ \
        uint64_t began_ = clock_monotonic_us(); \
        while (!(condition) && clock_monotonic_us() - began_ < 60 * SECOND_US) \
                sd_event_run((d)->event, 20000); \
        (condition); })
bool is_being_judged(const struct daemon *d);
/* Nothing is to be judged now; what waits for min_process_age may be. */
static inline bool is_at_rest(const struct daemon *d) { return !d->process_events.waiting.n && !is_being_judged(d); }
/* Nothing waits for a verdict any more, and nothing is being judged. */
static inline bool is_idle(const struct daemon *d) { return is_at_rest(d) && !d->process_events.young.n; }
