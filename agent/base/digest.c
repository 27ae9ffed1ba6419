/*
 * SHA256_Init and its like are deprecated, not EVP's wrappers of them. Those load all of OpenSSL's algorithms into each process: 140 KiB of
 * heap, and of libcrypto 1.8 MiB more pages. The daemon needs the one.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "rolewatch/digest.h"

void digest_begin(struct digest *d) { SHA256_Init(&d->sha); }

void digest_add(struct digest *d, const void *bytes, size_t len)
{
        uint64_t n = len;

        SHA256_Update(&d->sha, &n, sizeof n);
        SHA256_Update(&d->sha, bytes, len);
}

uint64_t digest_end(struct digest *d)
{
        unsigned char out[SHA256_DIGEST_LENGTH];
        uint64_t r;

        SHA256_Final(out, &d->sha);
        explicit_bzero(d, sizeof *d);
        memcpy(&r, out, sizeof r);
        return r ? r : 1;
}

uint64_t digest_of(const void *bytes, size_t len)
{
        struct digest d;

        digest_begin(&d);
        digest_add(&d, bytes, len);
        return digest_end(&d);
}
