/* Credentials and config files. The first byte says which. fuzz: dict=profile max_len=8192 */
#include "fuzz.h"
#include "rolewatch/chain.h"

static const char *const words[] = {
        "[default]", "[profile x]", "[profile \"x y\"]", "[x]", "[sso-session s]", "[services z]", "[", "]",
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "aws_session_token=t", "role_arn: arn:aws:iam::111122223333:role/x", "source_profile = default",
        "credential_source = EcsContainer", "credential_process = /bin/x --key 12345678901234567890",
        "web_identity_token_file=/t", "sso_session = s", "ec2_metadata_v1_disabled=true", "region = eu-west-1",
        "[ default ]", "[default] x", "[profile  x]", "[profile\tx]", "\taws_access_key_id = AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY = x",
        "source_profile = base # c", "source_profile = \"base\" ; c", "aws_access_key_id =", "a|b = 1", "= x", "s3 =", "\xfc",
        "  nested = 1", "\t", "#", ";", " ; c", "=", ":", "\r", "\xef\xbb\xbf", "login_session = l",
};
FUZZ_MUTATOR(lines, words)

static const enum env_class classes[] = {
#define X(id, name, class) ENV_##class,
        PROFILE_KEYS(X)
#undef X
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(arena_freep) struct arena *a = NULL;
        CLEANUP(freep) char *in = NULL;
        struct profile_file f = { .path = "/x", .state = FILE_OK };
        int r = arena_new(4 << 20, &a);

        if (size == 0)
                return 0;
        in = fuzz_text(data + 1, size - 1);
        if (r == 0)
                r = profile_parse(a, &(struct profile_text){ in, size - 1, data[0] & 1 ? PROFILE_FILE_CONFIG : PROFILE_FILE_CREDENTIALS }, &f);
        FUZZ_ERROR(r);
        fuzz_result(r, NULL);
        if (r < 0)
                return 0;
        CLAIM(f.state == FILE_OK || f.state == FILE_MALFORMED);
        CLAIM((f.state == FILE_MALFORMED) == (f.bad_line > 0));
        fuzz_result((int)f.bad_line, NULL);
        for (size_t i = 0; i < f.n_profiles; i++) {
                claim_shown(f.profiles[i].name, "");
                CLAIM((f.profiles[i].spelling & ~f.spelling) == 0);
                fuzz_result((int)i, f.profiles[i].name);
                for (int k = 0; k < PROFILE_KEY_MAX; k++) {
                        claim_reduced(classes[k], f.profiles[i].key[k]);
                        fuzz_result(k, f.profiles[i].key[k]);
                }
        }
        return 0;
}
