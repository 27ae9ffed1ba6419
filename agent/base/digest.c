#include "rolewatch/digest.h"

int digest_begin(struct digest *d)
{
        d->ctx = EVP_MD_CTX_new();
        if (d->ctx && EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) == 1)
                return 0;
        EVP_MD_CTX_free(d->ctx);
        d->ctx = NULL;
        return -ENOMEM;
}

void digest_add(struct digest *d, const void *bytes, size_t len)
{
        uint64_t n = len;

        EVP_DigestUpdate(d->ctx, &n, sizeof n);
        EVP_DigestUpdate(d->ctx, bytes, len);
}

uint64_t digest_end(struct digest *d)
{
        unsigned char out[EVP_MAX_MD_SIZE];
        uint64_t r = 0;

        if (EVP_DigestFinal_ex(d->ctx, out, NULL) == 1) {
                memcpy(&r, out, sizeof r);
                r = r ? r : 1;
        }
        EVP_MD_CTX_free(d->ctx);
        d->ctx = NULL;
        return r;
}

uint64_t digest_of(const void *bytes, size_t len)
{
        struct digest d;

        if (digest_begin(&d) < 0)
                return 0;
        digest_add(&d, bytes, len);
        return digest_end(&d);
}
