/* container_logs -- the files in which Docker keeps the containers' logs: of which containers, and the broker's descriptors of them. */
#include "daemon_internal.h"
#include "rolewatch/io.h"

#define SUBJECT "container logs"

/* Which files fail, by the first of them; or that there are none at all, once all were searched for. */
static void errors_update(struct daemon *d)
{
        struct log_file_counts n = log_files_counts(d->call_evidence.files);

        if (n.failed)
                error_notef(&d->errors, SUBJECT, "the log file of container %.12s cannot be read: %s; retrying", n.failed_id, strerror(-n.failed_error));
        else if (n.without && !n.files && !n.wanted && !d->call_evidence.lines)
                error_note(&d->errors, SUBJECT, "no container has a log file in Docker's data root, and the journal cannot be read; if the data root is not "
                           "/var/lib/docker, set ROLEWATCH_DOCKER_ROOT for the broker");
        else
                error_clear(&d->errors, SUBJECT);
}

static void log_on_answer(void *userdata, int result)
{
        struct daemon *d = userdata;
        struct call_evidence *c = &d->call_evidence;

        c->file_requested = false;
        if (!c->files) {
                closep(&result);
                return;
        }
        log_files_take(c->files, result);
        if (result != -EPIPE)
                container_logs_request(d);
}

/* One at a time. The broker's table in this process answers within the call: then this goes on in the loop. */
void container_logs_request(struct daemon *d)
{
        struct call_evidence *c = &d->call_evidence;
        struct broker_request rq;

        if (c->file_requesting)
                return;
        c->file_requesting = true;
        while (c->files && !c->file_requested && log_files_next(c->files, &rq)) {
                c->file_requested = true;
                if (broker_link_request(d->broker, &rq, log_on_answer, d) >= 0)
                        continue;
                c->file_requested = false;
                log_files_take(c->files, -EPIPE);
                break;                 /* the next one when the files are checked again */
        }
        c->file_requesting = false;
        if (c->files && !c->file_requested)
                errors_update(d);
}

/* Without an answer of the ECS agent it is not known. */
static bool in_no_task(const struct snapshot *s, const struct container *c) { return s->host.introspection.state == ANSWER_OK && c->task < 0; }

void container_logs_set(struct daemon *d)
{
        const struct snapshot *s = d->scan.facts;
        CLEANUP(freep) const char **ids = d->call_evidence.files ? calloc(s->n_containers + 1, sizeof *ids) : NULL;
        size_t n = 0;

        if (!ids)
                return;
        for (size_t i = 0; i < s->n_containers; i++)
                if (!in_no_task(s, &s->containers[i]))
                        ids[n++] = s->containers[i].id;
        log_files_set(d->call_evidence.files, ids, n);
        container_logs_request(d);
}

/* One that starts during a scan can be in a task that the scan does not list yet: it is followed for two scans. */
bool container_logs_outside(const struct daemon *d, const char *container_id)
{
        const struct snapshot *s = d->scan.facts;

        if (d->call_evidence.files && log_files_follow(d->call_evidence.files, container_id))
                return false;
        for (size_t i = 0; s && i < s->n_containers; i++)
                if (streq(s->containers[i].id, container_id))
                        return in_no_task(s, &s->containers[i]);
        return false;
}

void container_logs_add(struct daemon *d, const char *container_id)
{
        if (d->call_evidence.files && !container_logs_outside(d, container_id) && log_files_add(d->call_evidence.files, container_id))
                container_logs_request(d);
}

bool container_logs_need_journal(const struct daemon *d)
{
        return d->call_evidence.files && log_files_counts(d->call_evidence.files).without > 0;
}
