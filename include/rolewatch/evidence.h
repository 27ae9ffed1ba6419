/*
 * evidence -- what others have written or sent about calls that were made: denied
 * calls in the containers' journal entries, monitoring datagrams of SDKs, and the
 * agent's audit log.
 *
 * Each reader has one descriptor, readable (EPOLLIN, level-triggered) when there is
 * something to do, and one function that does a bounded part of it and never blocks;
 * where more is left the descriptor stays readable. Calling it for nothing is fine.
 * Texts are escaped and borrowed: they are gone when the callback returns. All of it
 * is what the writer claims: a container writes its own log, and any local process
 * can send a datagram.
 */
#pragma once
#include "rolewatch/error_text.h"
#include "rolewatch/model.h"

/* Since the reader was opened, for status. */
struct evidence_counts {
        uint64_t seen;                 /* entries, datagrams, lines */
        uint64_t told;                 /* to the callback */
        uint64_t dropped;              /* not of the form, too long, or cut off */
};

/* ---- denied calls in the containers' journal entries ---- */

struct denial_line {
        const char *container_id;      /* 64 hexadecimal digits */
        const char *container_name;    /* of Docker, at its start; NULL: not said */
        int64_t at_us;                 /* when journald took it, since the epoch */
        int priority;                  /* 3 of standard error, 6 of standard output; -1: not said */
        const struct error_text *what; /* its kind is ERROR_DENIED */
};
typedef void (*denial_fn)(void *userdata, const struct denial_line *d);

/*
 * The entries that dockerd's journald log driver writes from now on. A line beyond
 * 16 KiB comes in parts, and each is looked at by itself. `directory`: of journal
 * files, NULL: the system's. -EACCES: they are not ours to read; -ENOMEM and what
 * libsystemd says.
 */
struct log_lines;
int log_lines_open(const char *directory, struct log_lines **ret);
void log_lines_close(struct log_lines *l);             /* NULL ok */
DEFINE_CLEANUP(struct log_lines *, log_lines_close)
int log_lines_fd(const struct log_lines *l);
struct evidence_counts log_lines_counts(const struct log_lines *l);
/* 0; 1: more is left; -errno of libsystemd: close it and open it anew. */
int log_lines_process(struct log_lines *l, denial_fn fn, void *userdata);

/* ---- client-side monitoring of the SDKs ---- */

/* id, JSON key, key of the call's last attempt (NULL: none), bytes that are kept */
#define CSM_TEXTS(X) \
        X(TYPE,          "Type",                NULL,                       16) \
        X(SERVICE,       "Service",             NULL,                       128) \
        X(API,           "Api",                 NULL,                       128) \
        X(CLIENT,        "ClientId",            NULL,                       255) \
        X(REGION,        "Region",              NULL,                       64) \
        X(KEY,           "AccessKey",           NULL,                       128) \
        X(USER_AGENT,    "UserAgent",           NULL,                       256) \
        X(EXCEPTION,     "AwsException",        "FinalAwsException",        128) \
        X(MESSAGE,       "AwsExceptionMessage", "FinalAwsExceptionMessage", 512) \
        X(SDK_EXCEPTION, "SdkException",        "FinalSdkException",        128) \
        X(SDK_MESSAGE,   "SdkExceptionMessage", "FinalSdkExceptionMessage", 512)
enum csm_text {
#define X(id, key, final, max) CSM_##id,
        CSM_TEXTS(X)
#undef X
        CSM_TEXT_MAX
};
struct csm_call {
        const char *of[CSM_TEXT_MAX];  /* NULL: not said; KEY is of attempts only */
        bool attempt;                  /* one request; else the call as a whole */
        int status;                    /* of HTTP; 0: no answer */
        int64_t at_ms;                 /* by the clock of the sender; 0: not said */
        const char *from;              /* numeric address of the sender */
        const struct error_text *what; /* decoded from exception and message; NULL: it was not denied */
};
typedef void (*csm_fn)(void *userdata, const struct csm_call *c);

#define CSM_PORT 31000                 /* where SDKs send to without AWS_CSM_PORT */
#define CSM_SOCKETS_MAX 8
/* "ADDRESS[:PORT] ...": numeric, IPv6 in brackets. -EINVAL: not of that form; -errno of bind. */
struct csm;
int csm_open(const char *addresses, struct csm **ret);
void csm_close(struct csm *c);                         /* NULL ok */
DEFINE_CLEANUP(struct csm *, csm_close)
int csm_fd(const struct csm *c);
struct evidence_counts csm_counts(const struct csm *c);
/* 0; 1: more is left; -errno. The session token is overwritten before anything else looks at the datagram. */
int csm_process(struct csm *c, csm_fn fn, void *userdata);

/* ---- the agent's audit log ---- */

struct audit_call {
        int64_t at_s;                  /* by the agent's clock */
        int status;                    /* of HTTP */
        enum cred_kind kind;           /* UNKNOWN: an error, which says no more */
        const char *task_arn;          /* NULL: an error */
        const char *from;              /* address that asked, without the port */
        const char *user_agent;        /* the client's own choice */
};
typedef void (*audit_fn)(void *userdata, const struct audit_call *c);

/*
 * The lines from now on, over rotation in all the naming eras, truncation, and a
 * file or folder that is not there yet. Requests of rolewatch itself are left out.
 * -ENOMEM, -errno of inotify.
 */
struct audit_follow;
int audit_follow_open(const char *path, struct audit_follow **ret);
void audit_follow_close(struct audit_follow *f);       /* NULL ok */
DEFINE_CLEANUP(struct audit_follow *, audit_follow_close)
int audit_follow_fd(const struct audit_follow *f);
struct evidence_counts audit_follow_counts(const struct audit_follow *f);
/* Also to be called on a sweep: only then a folder is found that was not there. 0; 1: more is left; -ENOMEM. */
int audit_follow_process(struct audit_follow *f, audit_fn fn, void *userdata);
