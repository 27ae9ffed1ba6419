/* room -- what the files of the daemon share. */
#pragma once
#include <systemd/sd-event.h>
#include "ledger.h"
#include "seen.h"
#include "rolewatch/daemon.h"
#include "rolewatch/emf.h"
#include "rolewatch/events.h"
#include "rolewatch/evidence.h"

/*
 * Metrics that are to be sent: of each interval the number of looks, sum, least
 * and most. Bounded: the oldest are dropped, and counted.
 */
#define OUTBOX_MAX 60                  /* five hours at five minutes */
struct statistic { double n, sum, least, most; };
struct interval { int64_t at_s; struct statistic of[METRIC_MAX]; };
struct outbox {
        struct interval list[OUTBOX_MAX + 1];  /* the last one is being filled */
        size_t n;                      /* finished ones */
        int64_t next_s;                /* when it ends; 0: not begun */
        int64_t retry_s;               /* not before, after a fault */
        unsigned faults;               /* in a row */
        uint64_t dropped, sent;
        int64_t emitted_s;             /* by EMF */
};
void outbox_note(struct outbox *o, const struct metrics *m, int64_t now_s, int64_t interval_s);
/* Parameters of PutMetricData, in the arena. -ENOMEM. */
struct aws_param;
int outbox_params(const struct outbox *o, const char *namespace, const char *cluster, struct arena *a,
                  struct aws_param **ret, size_t *ret_n);

#define ERRORS_MAX 8                   /* last ones, for status */
struct fault { int64_t at_s; const char *what; char text[256]; };

/* What the last look at everything came to, for status. */
struct summary {
        int64_t looked_s;
        size_t tasks, groups, good, wrong, none, unknown, undecided;
        size_t processes, env_denied;  /* of containers; whose environment may not be read */
        size_t namespaces, net_denied; /* that no socket could be made in */
        char undecided_why[256];
        unsigned ms;
        uint64_t cpu_us;               /* of this process */
};

/* Kernel events: what came, and what could not be made of it. */
struct counts {
        uint64_t execs, connects;      /* records in a container of ECS, or to an endpoint */
        uint64_t contacts;             /* distinct pairs of a process and an endpoint */
        uint64_t unattributed;         /* contacts of processes that had gone before they could be looked at */
        uint64_t gone;                 /* programs that had ended before their environment could be read */
        uint64_t lost;                 /* records that found no room in rings of former times */
        uint64_t judged, known;        /* programs that were judged; that were met again */
        uint64_t denied, refused;      /* distinct calls that logs and SDKs tell of; requests the agent refused */
        uint64_t put_off;              /* to the next look at everything, as there were too many at once */
        uint64_t slowest_us;           /* from an event to its verdict */
};

/* Processes that are to be judged: now, or once it is seen whether they stay. */
#define QUEUE_MAX 1024
struct queued {
        pid_t pid;
        uint64_t start_ticks, digest, due_us, at_ns;
        unsigned tries;
        bool asks;                     /* its verdict needs the network */
};
struct queue { struct queued list[QUEUE_MAX]; size_t first, n; };

/* A call that was denied, as a container or its SDK says: role, session, action, resource, source. */
#define DENIED_MAX 128
#define DENIED_TEXTS 5
struct denied { char *container, *of[DENIED_TEXTS]; int64_t at_s; };   /* at_s 0: free */
#define EVIDENCE_READERS 3

#define FOLDERS_MAX 3

struct daemon {
        const char *config_file, *broker_path;
        struct config *config;
        struct collect_settings cs;
        struct sdk_cache *sdks;
        struct broker *broker;         /* NULL: not there (yet) */
        struct net *net;               /* for looks and CloudWatch; single processes are judged while it waits */
        struct net *quick;             /* for those */
        struct ledger *ledger;
        struct seen *seen;
        struct snapshot *base;         /* what the last look left; NULL: none yet */
        struct events *events;         /* NULL: none, see events_fault */
        const char *events_fault;
        uint64_t events_retry_us;
        uint64_t evicted;              /* of seen, at the last look */
        struct counts counts;
        struct queue now, staying;     /* the second in the order of their times */
        bool ending;                   /* a signal waits to end it: what is under way is given up */
        bool look_soon;                /* something was met that only a look at everything settles */
        sd_event *event;
        sd_event_source *sweep, *judging, *stay, *pulse, *flush, *alive;
        sd_event_source **rings;       /* one an events_fd */
        size_t n_rings;
        sd_event_source *evidence[EVIDENCE_READERS];
        struct log_lines *lines;       /* NULL: not asked for, or not to be had */
        struct csm *csm;
        struct audit_follow *audit;
        struct denied denied[DENIED_MAX];
        struct emf_sink *emf;
        sd_event_source *folders[FOLDERS_MAX];   /* needs, bundles, definitions */
        struct outbox outbox;
        uint64_t watchdog_us, alive_us; /* 0: nobody watches; when it was said last */
        int spare;                     /* a descriptor that gives way, where there are no more, for that to be said */
        int64_t started_s;
        uint64_t looks;
        unsigned pulses, sampled;
        unsigned host_says;            /* kinds of findings, as bits, that the last look told of the host: for all its containers */
        struct summary last;
        char status[320];              /* as systemd was told it */
        struct fault errors[ERRORS_MAX];
        size_t n_errors;               /* all that were noted; the last ERRORS_MAX are kept */
};
/* What one look came to, while it is told. */
struct outcome {
        struct daemon *d;
        const struct verdicts *v;
        int64_t now_s;
};
#define SECOND_US ((uint64_t)1000000)
uint64_t now_us(void);                 /* CLOCK_MONOTONIC */

/* Notes a fault of rolewatch itself; the same one again only moves its time. Also to the journal, once. */
void fault_note(struct daemon *d, const char *what, const char *text);
void fault_gone(struct daemon *d, const char *what);
bool fault_is(struct daemon *d, const char *what);      /* it is there now */
void faults_forget(struct daemon *d);
/* Collects, judges, tells, and writes what is kept. -ENOMEM; other faults are noted. */
int look_once(struct daemon *d);
/*
 * Would this look have found it? Ignorance clears nothing: an agent that is down, a broker that does not answer, policies
 * that could not be had, a container of which some process could not be judged.
 */
bool look_knows(const struct daemon *d, const struct verdicts *v, const char *container_id, enum finding_kind kind);
/* Connects to the broker where that has not been, and notes whether it answers. */
void broker_check(struct daemon *d);
/* Is the host other than the last look found it (roles, keys, agent, endpoints)? Asks for the host itself, and for one process. */
int host_changed(struct daemon *d, bool *ret); /* pulse.c; -ENOMEM */
/* A look takes some kilobytes a process for a moment, and a call of AWS, much of the libraries' text, which nothing else needs. */
void memory_give_back(void);
/* The settings as they are now become those of all that is collected. */
void settings_apply(struct daemon *d);
/* Tells systemd that it lives, not more often than needed. */
void say_alive(struct daemon *d);
/* Does a signal wait that ends it? From then on nothing is asked of the network, and no fault noted. */
bool asked_to_end(struct daemon *d);
/* The next look at everything in so many microseconds, unless one is due earlier. */
int look_within(struct daemon *d, uint64_t us);
/* Tells one event of a finding, or less than 0; userdata is the daemon. */
int notice_tell(void *userdata, enum notice_event event, const struct notice *n);
struct ledger_rules ledger_rules_of(const struct daemon *d);

/* wake.c: kernel events, as they come. Faults are noted; without events the sweep serves. */
void wake_start(struct daemon *d);
void wake_stop(struct daemon *d);
/* What came so far; what is new in it is judged later. userdata is the daemon. */
void wake_read(void *userdata);
/* The same, and one of it is judged: in the midst of what takes long. */
void wake_between(void *userdata);
/* Anew, where the control group of the tasks came, went or was made again. */
void wake_check(struct daemon *d);
/* evidence.c: opens what the settings ask for, again where that failed; to be called at each look. */
void evidence_check(struct daemon *d);
void evidence_stop(struct daemon *d);
void evidence_done(struct daemon *d);
/* What is known of the containers of this look. -ENOMEM. */
int evidence_fill(struct daemon *d, struct snapshot *s);
/* glance.c */
void glance_exec(struct daemon *d, pid_t pid, uint64_t at_ns);
void glance_contact(struct daemon *d, pid_t pid, unsigned met, uint64_t at_ns);
/* Judges one of those that wait, so that the rings are read before the next; true: there is more. */
bool glance_work(struct daemon *d);
/* The first for which nothing has to be asked: what waits for answers meanwhile waits no longer for it. */
void glance_between(struct daemon *d);
/* One of those whose time has come is judged again; *ret_us: when the next one is due, 0 none. */
void glance_stayed(struct daemon *d, uint64_t *ret_us);
/* After a look: which process belongs to which finding. */
void glance_note_look(struct daemon *d, const struct verdicts *v, size_t finding, const char *object);
/* What was seen of a process between looks, for the look at hand. */
void glance_fill(struct daemon *d, struct snapshot *s);
/* Findings whose processes have all gone are cleared in time. */
void glance_lapse(struct daemon *d);

/* tell.c: what is open now, right after a look and between looks alike; and as metrics. */
void open_now(const struct daemon *d, struct open_findings *ret);
struct metrics metrics_now(const struct daemon *d);
/* Once a sweep, to all who want them; faults are noted. */
void metrics_tell(struct daemon *d);
/* Sends what is finished, as the instance role; faults are noted, and it stays for the next time. -ENOMEM. */
int metrics_send(struct daemon *d, const struct host *h, int64_t now_s);
/* To the CloudWatch agent's socket, once an interval. -ENOMEM. */
int metrics_emit(struct daemon *d, const struct metrics *m, const struct host *h, int64_t now_s);
/* rights.c: "permissions" of the state; false: no memory. */
bool rights_add(const struct daemon *d, cJSON *state);
/* state.c: the state file and the Prometheus file, each whole or not at all. */
void state_write(struct daemon *d);
void prometheus_write(struct daemon *d, const struct open_findings *open);
/* What was told before a restart; nothing is fine, too. -ENOMEM. */
int state_read(struct daemon *d);
int file_replace(const char *path, const char *text, size_t len, unsigned mode);       /* -errno */
