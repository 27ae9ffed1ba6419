/* digest -- identifies secret, long or untrusted text by 64 bits of its SHA-256. */
#pragma once
#include <openssl/evp.h>
#include "rolewatch/base.h"

struct digest { EVP_MD_CTX *ctx; };
int digest_begin(struct digest *d);                            /* -ENOMEM */
/* The length is hashed, too, so that ("ab", "c") and ("a", "bc") differ. */
void digest_add(struct digest *d, const void *bytes, size_t len);
uint64_t digest_end(struct digest *d);                         /* 0: no memory */
uint64_t digest_of(const void *bytes, size_t len);
