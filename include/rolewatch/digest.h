/* digest -- identifies secret, long or untrusted text by 64 bits of its SHA-256. */
#pragma once
#include <openssl/sha.h>
#include "rolewatch/base.h"

struct digest { SHA256_CTX sha; };
void digest_begin(struct digest *d);
/* The length is hashed, too, so that ("ab", "c") and ("a", "bc") differ. */
void digest_add(struct digest *d, const void *bytes, size_t len);
uint64_t digest_end(struct digest *d);                         /* never 0; d is erased */
uint64_t digest_of(const void *bytes, size_t len);
