/* The agent's credentials endpoint: itself, then two ids of tasks. fuzz: dict=json max_len=16384 */
#include "../../agent/collect/collect_internal.h"
#include "fuzz.h"

/* The secrets of an answer stand in nothing that came of it. */
static void claim_erased(const uint8_t *data, size_t size, const struct snapshot *s)
{
        static const char *const keys[] = { "SecretAccessKey", "Token" };
        CALM;
        CLEANUP(json_freep) cJSON *j = NULL;
        CLEANUP(freep) char *text = NULL;
        const uint8_t *all = data, *part;
        size_t left = size, len;

        CLAIM(model_to_json(s, &j) == 0);
        text = cJSON_PrintUnformatted(j);
        CLAIM(text);
        while (fuzz_part(&all, &left, &part, &len)) {
                const uint8_t *body = memmem(part, len, "\r\n\r\n", 4);
                CLEANUP(json_freep) cJSON *answer = NULL;
                const char *value;

                if (!body || json_parse((const char *)body + 4, len - (size_t)(body + 4 - part), &answer) < 0)
                        continue;
                for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
                        if (json_get_str(answer, keys[i], 4096, &value) == 0)
                                claim_secret(data, size, value, text);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct collect_settings cs = { .credentials = "http://agent", .audit_log = "/nonexistent/audit.log" };
        CLEANUP(scan_done) struct scan x = { .at.cs = &cs };
        CLEANUP(snapshot_freep) struct snapshot *s = NULL;
        CLEANUP(net_freep) struct net *n = NULL;
        int r = snapshot_new(&s);

        if (r == 0)
                r = net_new(&n);
        x.s = s;
        x.at.net = n;
        if (r == 0)
                r = credential_requests_add(&x, "/v2/credentials/a", 17);
        if (r == 0)
                r = credential_requests_add(&x, "/v2/credentials/b", 17);
        r = r < 0 ? r : 0;
        fake_net_answers(data, size);
        if (r == 0)
                r = collect_credentials(&x);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        for (size_t i = 0; i < s->n_creds; i++) {
                bool good = s->creds[i].answer.state == ANSWER_OK || s->creds[i].answer.state == ANSWER_EXPIRED;

                CLAIM(good == (s->creds[i].role_arn != NULL) && good == (s->creds[i].key_id != NULL));
        }
        claim_erased(data, size, s);
        claim_snapshot(s);
        return 0;
}
