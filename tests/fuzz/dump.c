/*
 * dump -- what the unit tests feed the parsers with, as files: seeds of the
 * targets. Linked into the unit tests with --wrap, one row a parser:
 * $FUZZ_SEEDS/TARGET/DIGEST.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include "../../agent/account/bundle.h"
#include "../../agent/account/definitions.h"
#include "../../agent/collect/audit.h"
#include "rolewatch/environ.h"
#include "../../agent/daemon/finding_state.h"
#include "../../agent/evidence/evidence_internal.h"
#include "../../agent/evidence/record.h"
#include "../../agent/sdk/found.h"
#include "rolewatch/cgroup.h"
#include "rolewatch/chain.h"
#include "rolewatch/io.h"
#include "rolewatch/needs.h"

#define SEED_MAX ((size_t)64 << 10)

/* `first`: a byte before it, as some targets want; -1 none. */
static void dump(const char *target, int first, const void *data, size_t size)
{
        const char *directory = getenv("FUZZ_SEEDS");
        uint64_t h = 0xcbf29ce484222325u;
        char path[4096];
        unsigned char byte = (unsigned char)first;

        if (!directory || !data || size > SEED_MAX)
                return;
        for (size_t i = 0; i < size; i++)
                h = (h ^ ((const unsigned char *)data)[i]) * 0x100000001b3u;
        snprintf(path, sizeof path, "%s/%s", directory, target);
        mkdir(path, 0755);
        snprintf(path, sizeof path, "%s/%s/%016llx", directory, target, (unsigned long long)h + (unsigned long long)(first + 1));
        CLEANUP(closep) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (fd < 0 || (first >= 0 && write(fd, &byte, 1) != 1) || write(fd, data, size) != (ssize_t)size)
                fprintf(stderr, "dump: %s\n", path);
}

static void dump_json(const char *target, const cJSON *j)
{
        CLEANUP(freep) char *text = j ? cJSON_PrintUnformatted(j) : NULL;

        if (text)
                dump(target, -1, text, strlen(text));
}

static void dump_snapshot(const struct snapshot *s)
{
        CLEANUP(json_freep) cJSON *j = NULL;

        if (s && model_to_json(s, &j) == 0)
                dump_json("judge", j);
}

#define ROW(type, name, params, args, seed) \
        type __real_##name params;          \
        type __wrap_##name params;          \
        type __wrap_##name params { seed; return __real_##name args; }

ROW(int, xml_parse, (const char *b, size_t n, cJSON **ret), (b, n, ret), dump("xml", -1, b, n))
ROW(int, json_parse, (const char *b, size_t n, cJSON **ret), (b, n, ret), dump("json", -1, b, n))
ROW(int, profile_parse, (struct arena *a, const char *b, size_t n, bool c, struct profile_file *ret), (a, b, n, c, ret),
    dump("profile", c, b, n))
ROW(int, environ_parse, (struct arena *a, struct span b, const char **e, struct environ_raw *ret), (a, b, e, ret),
    dump("environ", -1, b.s, b.len))
ROW(int, cmdline_props, (struct arena *a, const char *b, size_t n, const char **ret), (a, b, n, ret), dump("environ", -1, b, n))
ROW(const char *, env_redact, (struct arena *a, enum env_class c, const char *b, size_t n), (a, c, b, n), dump("redact", (int)c, b, n))
ROW(bool, cgroup_parse, (const char *b, size_t n, struct cgroup_location *ret), (b, n, ret), dump("cgroup", -1, b, n))
ROW(int, proc_stat_parse, (const char *b, size_t n, struct proc_stat *ret), (b, n, ret), dump("proc_stat", -1, b, n))
ROW(int, proc_ids_parse, (const char *b, struct proc_ids *ret), (b, ret), dump("proc_stat", -1, b, strlen(b)))
ROW(int, audit_parse_line, (const char *b, size_t n, struct audit_line *ret), (b, n, ret), dump("audit", -1, b, n))
ROW(int, audit_match, (struct snapshot *s, struct audit_probe p, struct span b, size_t *ret), (s, p, b, ret),
    dump("audit", -1, b.s, b.len))
ROW(int, iam_policy_parse, (struct arena *a, const char *b, size_t n, enum iam_layer l, const char *name, const struct iam_policy **ret),
    (a, b, n, l, name, ret), dump("policy", -1, b, n))
ROW(int, iam_request_from_json, (const cJSON *j, struct arena *a, struct iam_policies *p, struct iam_request *q, const char **ret), (j, a, p, q, ret),
    dump_json("case", j))
ROW(int, needs_from_text, (struct snapshot *s, const char *b, size_t n, const char *w), (s, b, n, w), dump("needs", -1, b, n))
ROW(int, needs_from_label, (struct snapshot *s, const char *b, int c), (s, b, c), dump("needs", ' ', b, strlen(b)))
ROW(int, bundle_take, (struct snapshot *s, const cJSON *j, const char *w, int64_t t), (s, j, w, t), dump_json("bundle", j))
ROW(int, definition_take, (struct snapshot *s, const cJSON *j, const char *w, const struct cluster_request *request), (s, j, w, request),
    dump_json("definition", j))
ROW(int, error_text_decode, (struct arena *a, const char *b, size_t n, struct error_text *ret), (a, b, n, ret), dump("error_text", -1, b, n))
ROW(int, model_from_json, (const cJSON *j, struct snapshot **ret), (j, ret), dump_json("snapshot", j))
ROW(int, judge, (const struct snapshot *s, struct verdicts **ret), (s, ret), dump_snapshot(s))
ROW(int, log_line_parse, (struct arena *a, const char *b, size_t n, struct error_text *ret), (a, b, n, ret), dump("log_line", -1, b, n))
ROW(int, log_json_parse, (struct arena *a, const char *b, size_t n, struct log_record *ret), (a, b, n, ret), dump("log_record", -1, b, n))
ROW(ssize_t, log_local_parse, (const char *b, size_t n, struct log_record *ret), (b, n, ret),
    dump("log_record", -1, b, n < 4096 ? n : 4096))
ROW(int, csm_parse, (struct arena *a, char *b, size_t n, struct csm_call *ret), (a, b, n, ret), dump("csm", -1, b, n))
ROW(int, event_record_parse, (const void *b, size_t n, struct kernel_event *ret), (b, n, ret), dump("event_record", -1, b, n))
ROW(int, finding_state_from_json, (const cJSON *j, struct finding_state **ret), (j, ret), dump_json("finding_state", j))
ROW(void, sdk_scan, (enum sdk_format f, const char *b, size_t n, struct sdk_set *set), (f, b, n, set), dump("manifest", (int)f, b, n))
ROW(bool, sdk_go_modules, (const char *b, size_t n, struct sdk_set *set), (b, n, set), dump("elf", -1, b, n))
