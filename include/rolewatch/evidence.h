/*
 * evidence -- reads what others report about calls of AWS: denied calls in the containers' journal entries, client-side
 * monitoring datagrams of SDKs, and the ECS agent's audit log.
 *
 * Each reader has one descriptor, which is readable (EPOLLIN, level-triggered) while there is something to do, and one
 * function that does a bounded part of it and never blocks. Calling it without need does no harm. Texts are escaped,
 * borrowed, and valid until the callback returns. All of them are claims: a container writes its own log, and any local
 * process can send a datagram.
 */
#pragma once
#include "rolewatch/error_text.h"
#include "rolewatch/model.h"

/* Since the reader was opened, for status. */
struct evidence_counts {
        uint64_t received;             /* entries, datagrams, lines */
        uint64_t reported;             /* passed to the callback */
        uint64_t dropped;              /* malformed, too long or truncated */
};

/* ---- denied calls in the containers' journal entries ---- */

struct denial_line {
        const char *container_id;      /* 64 hexadecimal digits */
        const char *container_name;    /* at the start of the container; NULL: not given */
        int64_t at_us;                 /* when journald took it, since the epoch */
        int priority;                  /* 3: standard error, 6: standard output; -1: not given */
        const struct error_text *what; /* its kind is ERROR_DENIED */
};
typedef void (*denial_fn)(void *userdata, const struct denial_line *d);

/*
 * Reads the entries that dockerd's journald log driver writes from now on. Docker splits lines of more than 16 KiB; each
 * part is searched by itself. directory: of journal files; NULL: the system's. -EACCES: no permission to read them; -ENOMEM;
 * -errno of libsystemd.
 */
struct log_lines;
int log_lines_open(const char *directory, struct log_lines **ret);
void log_lines_close(struct log_lines *l);             /* NULL ok */
DEFINE_CLEANUP(struct log_lines *, log_lines_close)
int log_lines_fd(const struct log_lines *l);
struct evidence_counts log_lines_counts(const struct log_lines *l);
/* 0; 1: more is left; -errno of libsystemd: close the reader and open it again. */
int log_lines_process(struct log_lines *l, denial_fn fn, void *userdata);

/* ---- denied calls in the files in which Docker keeps the containers' logs ---- */

struct log_file_counts {
        struct evidence_counts records;        /* received: decoded ones, which are few; dropped: malformed or too long */
        uint64_t bytes;                        /* read */
        uint64_t passed_over;                  /* bytes not read, because a container wrote more than is read in time, or that are malformed; the least of it */
        size_t files, without;                 /* containers with an open file; of log_files_set, those whose log Docker keeps in none */
        size_t wanted;                         /* containers whose file is still to be requested, or again */
        size_t left_out;                       /* of log_files_set, those over LOG_FILES_MAX */
        size_t failed;                         /* containers whose file cannot be opened or read, for now */
        const char *failed_id;                 /* the first of them, borrowed until the next call; NULL: there is none */
        int failed_error;                      /* -errno */
};
/*
 * Follows the files of the log drivers json-file and local, and Docker's cache for drivers that send the log elsewhere. The
 * broker opens the files: the caller requests what log_files_next names, and passes each answer on. Files are checked once per
 * second: root alone may read them, and inotify(7) refuses a file that its caller may not read. -errno.
 */
struct log_files;
struct broker_request;
int log_files_open(struct log_files **ret);
void log_files_close(struct log_files *l);             /* NULL ok */
DEFINE_CLEANUP(struct log_files *, log_files_close)
int log_files_fd(const struct log_files *l);
struct log_file_counts log_files_counts(const struct log_files *l);
/*
 * All containers that there are, after each scan. The files of the first call are read from their end; those of later ones from their
 * start, but for what was written before the call before the last. A container that is missing in two calls is forgotten; of more
 * than LOG_FILES_MAX, the last ones.
 */
void log_files_set(struct log_files *l, const char *const *ids, size_t n);
/* A container that began to run since; its file is read as those of later calls. False: it is known. */
bool log_files_add(struct log_files *l, const char *id);
/* Is it known, and not forgotten? */
bool log_files_follow(struct log_files *l, const char *id);
/* The next file to open; ret borrows from l until its answer. False: none now, or an answer is awaited. */
bool log_files_next(struct log_files *l, struct broker_request *ret);
/* The answer: a descriptor, which l now owns, or -errno. */
void log_files_take(struct log_files *l, int result);
/* 0; 1: more is left; -ENOMEM. New requests may be due afterwards. */
int log_files_process(struct log_files *l, denial_fn fn, void *userdata);

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
        const char *of[CSM_TEXT_MAX];  /* NULL: not given; KEY: in attempts only */
        bool attempt;                  /* one request; else the call as a whole */
        int status;                    /* HTTP status; 0: no response */
        int64_t at_ms;                 /* by the clock of the sender; 0: not given */
        const char *from;              /* numeric address of the sender */
        const struct error_text *what; /* decoded from exception and message; NULL: the call was not denied */
};
typedef void (*csm_fn)(void *userdata, const struct csm_call *c);

#define CSM_PORT 31000                 /* where SDKs send datagrams unless AWS_CSM_PORT is set */
#define CSM_SOCKETS_MAX 8
/* addresses: "ADDRESS[:PORT] ...", numeric, IPv6 in brackets. -EINVAL: malformed; -E2BIG: more than CSM_SOCKETS_MAX; -errno of bind(2). */
struct csm;
int csm_open(const char *addresses, struct csm **ret);
void csm_close(struct csm *c);                         /* NULL ok */
DEFINE_CLEANUP(struct csm *, csm_close)
int csm_fd(const struct csm *c);
struct evidence_counts csm_counts(const struct csm *c);
/* 0; 1: more is left; -errno. The session token is overwritten before the datagram is parsed. */
int csm_process(struct csm *c, csm_fn fn, void *userdata);

/* ---- the agent's audit log ---- */

struct audit_call {
        int64_t at_s;                  /* by the agent's clock */
        int status;                    /* of HTTP */
        enum cred_kind kind;           /* UNKNOWN: an error line, which does not tell */
        const char *task_arn;          /* NULL: an error line */
        const char *from;              /* address of the client, without its port */
        const char *user_agent;        /* as the client sent it */
};
typedef void (*audit_fn)(void *userdata, const struct audit_call *c);

/*
 * Follows the file from its current end, over rotation (with every naming scheme that the agent has used), truncation, and a
 * file or directory that does not exist yet. Requests of rolewatch itself are left out. -ENOMEM, -errno of inotify.
 */
struct audit_follow;
int audit_follow_open(const char *path, struct audit_follow **ret);
void audit_follow_close(struct audit_follow *f);       /* NULL ok */
DEFINE_CLEANUP(struct audit_follow *, audit_follow_close)
int audit_follow_fd(const struct audit_follow *f);
struct evidence_counts audit_follow_counts(const struct audit_follow *f);
/* To be called at each scan, too: only then a directory that did not exist is found. 0; 1: more is left; -ENOMEM. */
int audit_follow_process(struct audit_follow *f, audit_fn fn, void *userdata);
