/*
 * finding_state -- which findings are open, and what was published about each, so that a finding is published when it
 * appears, changes and clears, and once per reminder interval, and not after every scan. No I/O.
 */
#pragma once
#include "rolewatch/notice.h"

struct finding_rules {
        int64_t clear_delay_s;         /* absent for this long: cleared */
        int64_t reminder_s;
        unsigned max_per_hour;         /* events per object; further ones are counted as suppressed */
};
/* What every change of the state needs. publish returns less than 0 where the event could not be published. */
struct finding_context {
        struct finding_rules rules;
        int64_t now_s;
        int (*publish)(void *userdata, enum notice_event event, const struct notice *n);
        void *userdata;
};
/* What one full scan found. */
struct scan_findings {
        const struct notice *list;
        size_t n;
        /* Could this scan have found it? What a scan cannot see stays open. */
        bool (*visible)(void *userdata, const char *container_id, enum finding_kind kind);
        void *userdata;
};

struct finding_state;
int finding_state_new(struct finding_state **ret);             /* -ENOMEM */
void finding_state_free(struct finding_state *f);              /* NULL ok */
DEFINE_CLEANUP(struct finding_state *, finding_state_free)

/* To be called when the facts of a scan begin to be collected: what is noted from then on is not missing from that scan. */
void finding_state_scan_begins(struct finding_state *f);
/* After a full scan. An event that could not be published is pending: the next scan or expiry publishes it. -ENOMEM. */
int finding_state_scan(struct finding_state *f, const struct finding_context *c, const struct scan_findings *scan);
/*
 * Between scans, about single findings. None of these touches a finding that was read from the state file and that no
 * scan has seen since.
 */
int finding_state_note(struct finding_state *f, const struct finding_context *c, const struct notice *n);      /* -ENOMEM */
bool finding_state_has(const struct finding_state *f, const char *object);
/* A process of the finding (digest_of its object) is alive. This does not revive a finding that the last scan missed. */
void finding_state_alive(struct finding_state *f, uint64_t object, int64_t now_s);
/* The finding was observed: its certainty rises, and its severity with it. -ENOMEM. */
int finding_state_observe(struct finding_state *f, const struct finding_context *c, uint64_t object);
/* Publishes what is pending, as far as it can be; false: some is still pending. */
bool finding_state_publish_pending(struct finding_state *f, const struct finding_context *c);
/*
 * Publishes what is pending, and clears, after the delay, findings that the last scan missed and findings about
 * processes that were not alive for that long.
 */
void finding_state_expire(struct finding_state *f, const struct finding_context *c);

/* Open findings, per kind; unknown_groups is 0. */
void finding_state_count_kinds(const struct finding_state *f, struct open_findings *ret);
size_t finding_state_count(const struct finding_state *f);
uint64_t finding_state_suppressed(const struct finding_state *f);      /* events beyond max_per_hour */

/* A list of the open findings with the times of their start and last event; and back. -EBADMSG: not such a list. */
int finding_state_to_json(const struct finding_state *f, cJSON **ret);
int finding_state_from_json(const cJSON *list, struct finding_state **ret);
