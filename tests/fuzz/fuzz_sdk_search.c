/*
 * A process whose every file is the input's choice: /etc/passwd, credential files,
 * maps, executables and manifests, behind a broker that hands over one part
 * after the other. First part: the executable's path; second: the command line.
 * fuzz: max_len=16384 dict=sdk
 */
#include <fcntl.h>
#include "../../agent/broker/wire.h"
#include "rolewatch/files.h"
#include "rolewatch/sdk.h"
#include "fuzz.h"

static const uint8_t *files;
static size_t files_len;

static int hand_over(struct broker *b, const struct wire_request *q)
{
        const uint8_t *part;
        size_t len;

        (void)b;
        CLAIM(ops_check(q) == 0 || q->op == BROKER_FILE || q->op == BROKER_DIRECTORY);
        if (!fuzz_part(&files, &files_len, &part, &len))
                return -ENOENT;
        return len == 0 ? -ELOOP : fuzz_file(part, len);
}

static int search_program(const char *exe, const char *argv, size_t argv_len)
{
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(sdk_cache_freep) struct sdk_cache *cache = NULL;
        CLEANUP(broker_freep) struct broker *b = NULL;
        CLEANUP(closep) int exe_fd = -1;
        struct file_view v;
        struct process *p;
        int r = snapshot_new(&s);

        if (r == 0)
                r = sdk_cache_new(&cache);
        if (r == 0)
                r = broker_new("", hand_over, &b);
        p = r == 0 ? snapshot_add_process(s) : NULL;
        if (!p || !snapshot_add_container(s))
                return -ENOMEM;
        s->containers[0] = (struct container){ .id = "c", .task = -1, .config_cred = -1 };
        *p = (struct process){ .pid = 7, .start_ticks = 1, .netns = -1, .cred_relative = -1, .cred_full = -1 };
        p->exe = arena_escape(s->arena, exe, strlen(exe), 1024);
        if (!p->exe)
                return -ENOMEM;
        p->env[ENV_VAR_SHARED_CREDENTIALS_FILE] = argv_len % 3 ? NULL : "~/c";
        p->env[ENV_VAR_WEB_IDENTITY_TOKEN] = argv_len % 2 ? NULL : "token";
        v = (struct file_view){ .a = s->arena, .b = b, .t = { 7, 1 } };
        r = files_read(&v, p);
        exe_fd = broker_exe(b, v.t);
        if (r == 0)
                r = sdk_recognize(&(struct sdk_program){ &v, exe_fd, { argv, argv_len } }, cache, p);
        if (r == 0)
                claim_snapshot(s);
        return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(freep) char *exe = NULL, *argv = NULL;
        const uint8_t *part = data;
        size_t len = 0;
        int r;

        fuzz_part(&data, &size, &part, &len);
        exe = fuzz_text(part, len);
        len = 0;
        fuzz_part(&data, &size, &part, &len);
        argv = fuzz_text(part, len);
        files = data;
        files_len = size;
        r = search_program(exe, argv, len);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        return 0;
}
