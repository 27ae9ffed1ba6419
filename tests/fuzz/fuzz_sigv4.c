/* Signing of any host, path, query, headers and body: a form that is fixed, without the secret. fuzz: max_len=2048 */
#include "../../agent/net/sigv4.h"
#include "fuzz.h"

enum { METHOD, HOST, PATH, QUERY, NAME, VALUE, BODY, REGION, SECRET, PARTS };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        char *part[PARTS], date[SIGV4_DATE_SIZE], date2[SIGV4_DATE_SIZE];
        CLEANUP(freep) char *one = NULL, *two = NULL;
        const uint8_t *from = data;
        size_t len;
        int r;

        for (int i = 0; i < PARTS; i++) {
                len = 0;
                fuzz_part(&data, &size, &from, &len);
                part[i] = fuzz_text(from, len);
        }
        const struct aws_keys keys = { "AKIAIOSFODNN7EXAMPLE", part[SECRET], NULL };
        const struct sigv4_header headers[] = { { part[NAME], part[VALUE] }, { "X-Amz-Target", "x" } };
        const struct sigv4_request rq = { part[METHOD], part[HOST], part[PATH], part[QUERY], headers, 2, part[BODY],
                                          strlen(part[BODY]), part[REGION], "iam", 1700000000 };
        r = sigv4_sign(&keys, &rq, date, &one);
        FUZZ_ERROR(r);
        fuzz_result(r, one);
        if (r == 0) {
                CALM;
                const char *signature = one + strlen(one) - 76;

                CLAIM(strncmp(one, "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/", 48) == 0);
                CLAIM(streq(date, "20231114T221320Z"));
                CLAIM(strlen(one) > 76 + 48 && strncmp(signature, ", Signature=", 12) == 0);
                CLAIM(strspn(signature + 12, "0123456789abcdef") == 64);
                CLAIM(sigv4_sign(&keys, &rq, date2, &two) == 0 && streq(one, two));
        }
        for (int i = 0; i < PARTS; i++)
                free(part[i]);
        return 0;
}
