/*
 * daemon_internal -- the state of `rolewatch watch`, one struct for each part of it.
 *
 * Nothing in the event loop waits, and nothing re-enters it: what may wait runs in a child process (worker.h), and the
 * broker's answers are awaited (broker_link.h). Files of this room, lowest first; each calls only those above it:
 *
 *   errors, worker, worker_tools, process_cache, executions, finding_state, outbox, broker_link, identify
 *   schedule        when the next full scan is
 *   publish         findings to the journal
 *   container_logs  the broker's descriptors of the files in which Docker keeps the containers' logs
 *   call_evidence   denied calls and refused requests, from container logs, SDKs and the agent's audit log
 *   process_judging programs that wait for a verdict (process_judge: made by a child process)
 *   process_events  what an event that names a process leads to
 *   kernel_events   executions and connections as the kernel reports them
 *   permissions, metrics, state    the state file and the metrics
 *   host_check      the cheap check between scans whether the host changed
 *   scan            one pass over all processes of the host
 *   loop            timers, signals, reload, watchdog
 */
#pragma once
#include <systemd/sd-event.h>
#include "broker_link.h"
#include "errors.h"
#include "executions.h"
#include "file_publish.h"
#include "finding_state.h"
#include "identify.h"
#include "outbox.h"
#include "process_cache.h"
#include "worker.h"
#include "rolewatch/config.h"
#include "rolewatch/emf.h"
#include "rolewatch/events.h"
#include "rolewatch/evidence.h"

#define SECOND_US ((uint64_t)1000000)
struct daemon;

/* ---- one pass over all processes of the host ---- */

/* What the last full scan found, for status. */
struct scan_summary {
        int64_t taken_s;
        size_t tasks, groups, good, wrong, none, unknown, undecided;
        size_t processes, env_denied;  /* of containers; whose environment may not be read */
        size_t namespaces, net_denied; /* network namespaces; where no socket could be made */
        char undecided_why[256];
        unsigned ms;
        uint64_t cpu_us;               /* processor time of the scan's process */
};
struct scanner {
        sd_event_source *timer;
        struct worker *worker;         /* NULL: none is running */
        bool again;                    /* another one was requested while one is running */
        bool wanted;                   /* something happened that only a full scan can resolve */
        uint64_t began_ns;             /* CLOCK_MONOTONIC, of the last one that was begun; 0: there was none */
        unsigned failures;             /* in a row */
        struct snapshot *facts;        /* facts of the last scan; NULL: there was none */
        struct scan_summary last;
        uint64_t count;                /* completed scans */
        uint64_t evicted;              /* of the process cache, at the last scan */
        unsigned host_findings;        /* kinds of findings about the host, as bits: not repeated for each container */
};
/* schedule.c: the next full scan comes within this time, unless one is due earlier. -errno. */
int scan_within(struct daemon *d, uint64_t us);
/* From the end of one scan to the next. */
uint64_t scan_interval_us(const struct daemon *d);
/* False: full scans at scan_interval stand in for kernel events. */
bool events_are_useful(const struct daemon *d);
uint64_t with_jitter(uint64_t us);     /* plus or minus a tenth, so that hosts that were started together do not act together */
/* scan.c: begins a scan beside the event loop; where one is running, another one follows. */
void scan_start(struct daemon *d);
void scan_stop(struct daemon *d);

/* ---- publishing ---- */

/* publish.c: how findings are published now, at this time. */
struct finding_context finding_context_of(struct daemon *d, int64_t now_s);

/* ---- evidence of calls ---- */

/* A denied call, as a container or its SDK reports it: role, session, action, resource, source. */
#define DENIED_MAX 128
#define DENIED_OF_ONE 16               /* of one container */
#define DENIED_TEXTS 5
struct denied { char *container, *of[DENIED_TEXTS]; int64_t at_s; };   /* at_s 0: the slot is free */
#define EVIDENCE_READERS 4
struct call_evidence {
        sd_event_source *sources[EVIDENCE_READERS];
        struct log_lines *lines;       /* NULL: not open */
        struct log_files *files;
        bool file_requested;           /* an answer of the broker is awaited */
        bool file_requesting;          /* container_logs_request is under way */
        struct csm *csm;
        struct audit_follow *audit;
        struct denied denied[DENIED_MAX];
        uint64_t scan_us;              /* CLOCK_MONOTONIC, of the last scan that a denied call brought; 0: none */
        uint64_t n_denied, n_refused;  /* distinct denied calls; requests that the agent refused */
};
/* A denied call in a container's log; userdata is the daemon. */
void call_evidence_line(void *userdata, const struct denial_line *l);
/* container_logs.c: the containers of the last scan; one that executed a program. Their log files are requested. */
void container_logs_set(struct daemon *d);
void container_logs_add(struct daemon *d, const char *container_id);
void container_logs_request(struct daemon *d);
/* Did the last scan find it in no task? Not if it began to run during that scan. */
bool container_logs_outside(const struct daemon *d, const char *container_id);
/* Are there containers whose log Docker keeps in no file, so that it can be in the journal? */
bool container_logs_need_journal(const struct daemon *d);
/* Opens the readers that the settings turn on, and those that failed before. */
void call_evidence_check(struct daemon *d);
void call_evidence_stop(struct daemon *d);     /* denied calls that were read are kept */
void call_evidence_free(struct daemon *d);
/* Adds to the snapshot the denied calls of its containers. -ENOMEM. */
int call_evidence_fill(const struct daemon *d, struct snapshot *s);

/* ---- single processes ---- */

#define QUEUE_MAX 1024
struct queued {
        pid_t pid;
        uint64_t start_ticks, digest;
        uint64_t due_us;               /* of one that is judged after min_process_age; 0: at once */
        uint64_t at_ns;                /* of its event; 0: none */
        unsigned tries;
};
struct queue { struct queued list[QUEUE_MAX]; size_t first, n; };

#define JUDGING_MAX 4                  /* processes judged in parallel: one that waits for an endpoint does not delay the others */
struct judging {
        struct daemon *d;
        struct worker *worker;
        struct queued program;
        unsigned met;                  /* MET_ bits of its process that the child process knows */
};
struct process_events {
        sd_event_source *start, *min_age_timer;
        struct identifier *identifier;
        struct executions *executions;
        struct queue waiting, young; /* to be judged; to be judged after min_process_age, in the order of their times */
        struct judging judging[JUDGING_MAX];
        /* For status: */
        uint64_t execs, connects;      /* events in a container of ECS; to an endpoint */
        uint64_t contacts;             /* distinct pairs of a process and an endpoint */
        uint64_t unattributed;         /* contacts of processes that had ended before they could be read */
        uint64_t ended;                /* programs that had ended and could not be judged by a record either */
        uint64_t judged, known;        /* programs that were judged; executions of programs judged before */
        uint64_t put_off;              /* deferred to the next full scan: too many at once */
        uint64_t slowest_us;           /* from an event to its verdict */
};
int process_events_new(struct daemon *d);              /* -errno */
void process_events_free(struct daemon *d);
void on_exec(struct daemon *d, const struct kernel_event *ev);
void on_contact(struct daemon *d, const struct kernel_event *kernel);
/* The processes of a finding that a scan made, and which contact would confirm it: for events about them. */
struct finding_process { pid_t pid; uint64_t start_ticks; };
struct finding_processes { enum confirms confirms; struct finding_process *list; size_t n; };
void process_events_note(struct daemon *d, const char *object, const struct finding_processes *of);
/* Findings whose processes have all ended are cleared in time. */
void process_events_expire(struct daemon *d);

/* ---- kernel events ---- */

struct kernel_events {
        struct events *events;         /* NULL: none */
        struct events *opening;        /* the broker's descriptors are being requested; NULL: not */
        bool requested;                /* an answer of the broker is awaited */
        const char *error;             /* why there are none; NULL */
        uint64_t retry_us;
        sd_event_source *ring;         /* process_events switches it on when it can take more */
        uint64_t lost;                 /* records that a full ring did not take, of rings that are closed */
        uint64_t lost_noticed;         /* of the open one, those that a scan has been wanted for */
};
/* Opens them if kernel_events = yes and they are not open. */
void kernel_events_check(struct daemon *d);
void broker_error_note(struct daemon *d);       /* of broker_link_error, which must be set */
void kernel_events_stop(struct daemon *d, const char *why);

/* ---- metrics, state, the host ---- */

struct metrics_publisher {
        struct outbox outbox;
        struct emf_sink *emf;
        struct worker *sending;        /* NULL: no call is under way */
        uint64_t sending_until;        /* outbox_end at its start */
};
/* Open findings now, also between scans; the same as metrics. */
void open_now(const struct daemon *d, struct open_findings *ret);
struct metrics metrics_now(const struct daemon *d);
/* Once per scan_interval, to every destination in the settings. */
void metrics_publish(struct daemon *d);
/* permissions.c: "permissions" of the state file; false: no memory. */
bool permissions_add(const struct daemon *d, cJSON *state);
/* The state file, whole or not at all. */
void state_write(struct daemon *d);
/* What was published before a restart; a missing file is fine. -ENOMEM. */
int state_read(struct daemon *d);

/* host_check.c: checks in a child process whether the host, and one process in turn, are as the last scan found them; a difference starts a scan. */
void host_check_start(struct daemon *d);
struct worker_tools;
int host_changed(const struct daemon *d, const struct worker_tools *t, bool *ret);     /* -ENOMEM */

struct watchdog {
        uint64_t interval_us;          /* 0: systemd does not watch */
        sd_event_source *timer;
        int spare;                     /* a descriptor to close if there are no more, so that sd_notify still works */
};

#define DIRECTORIES_MAX 3
struct daemon {
        const char *config_file, *broker_path;
        struct config *config;
        struct collect_settings cs;
        struct sdk_cache *sdks;
        sd_event *event;
        sd_event_source *check, *flush, *directories[DIRECTORIES_MAX];
        int64_t started_s;
        uint64_t longest_turn_us;      /* of the event loop */
        unsigned checks, sampled;      /* timer checks; number of the process that the next host check samples */
        struct worker *host_check;     /* NULL: none is running */
        struct error_log errors;
        struct broker_link *broker;
        struct finding_state *findings;
        struct process_cache *processes;
        struct environment_cache *environments;
        struct scanner scan;
        struct process_events process_events;
        struct kernel_events kernel_events;
        struct call_evidence call_evidence;
        struct metrics_publisher metrics;
        struct watchdog watchdog;
        char status[320];              /* the last STATUS= sent to systemd */
};
/* loop.c: applies the settings in force to collection and logging. */
void settings_apply(struct daemon *d);

/* worker_tools.c: connections that a child process opens for itself. */
struct worker_tools { struct net *net; struct broker *broker; int broker_error; };
int worker_tools_open(const struct daemon *d, struct worker_tools *ret);
void worker_tools_done(struct worker_tools *t);
/* 0: the broker answered; -errno: why there is no connection, or why it did not answer. */
int worker_tools_broker(const struct worker_tools *t);
