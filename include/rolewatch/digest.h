/* digest -- names of a few bytes for texts that are secret or long, which nobody can make alike: SHA-256, cut to 64 bits. */
#pragma once
#include <openssl/evp.h>
#include "rolewatch/base.h"

struct digest { EVP_MD_CTX *ctx; };
int digest_begin(struct digest *d);                            /* -ENOMEM */
/* Lengths count, so that two parts never run into one. */
void digest_add(struct digest *d, const void *bytes, size_t len);
uint64_t digest_end(struct digest *d);                         /* never 0; 0 only without memory */
uint64_t digest_of(const void *bytes, size_t len);
