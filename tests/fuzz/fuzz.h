/*
 * fuzz -- what the targets share. A target is one file, fuzz_NAME.c, with one
 * function: LLVMFuzzerTestOneInput, as libFuzzer has it. Its line
 * "fuzz: KEY=VALUE ..." is read by tests/fuzz/run: dict=NAME (dict/NAME.dict),
 * max_len=BYTES, keep=KIB of its corpus in the tree. What it claims beyond "no crash" it says with CLAIM.
 *
 * The same object is linked with three mains: libFuzzer's, one that replays
 * files, and one that lets allocations fail (replay.c).
 */
#pragma once
#include <stdio.h>
#include "rolewatch/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CLAIM(what)                                                                              \
        do {                                                                                     \
                if (!(what)) {                                                                   \
                        fprintf(stderr, "%s:%d: claim broken: %s\n", __FILE__, __LINE__, #what); \
                        abort();                                                                 \
                }                                                                                \
        } while (0)

/*
 * Between the two, allocations are the harness's own and never fail on
 * purpose. Claims of fuzz.c do so themselves.
 */
extern unsigned fuzz_calm;
static inline void calm_end(int *p) { (void)p; fuzz_calm--; }
#define CALM CLEANUP(calm_end) __attribute__((unused)) int calm_ = (fuzz_calm++, 0)

/*
 * What the target has come to: an error, or the text of all that it yields. With
 * an allocation that fails it has to be -ENOMEM, or else the very same: nothing
 * is to be lost in silence.
 */
void fuzz_result(int r, const char *output);
/* Is an allocation failing in this run? Then what comes of it is judged by fuzz_result alone. */
bool fuzz_tortured(void);
/* An error that is -ENOMEM only while allocations fail. */
#define FUZZ_ERROR(r) CLAIM((r) != -ENOMEM || fuzz_tortured())

/* A copy of exactly that size and one NUL: what reads beyond is seen. The caller frees. */
char *fuzz_text(const uint8_t *data, size_t size);
/* A file with these bytes, at its beginning. */
int fuzz_file(const void *data, size_t size);
/* Cuts the part before the next 0x1e off; false: nothing is left. */
bool fuzz_part(const uint8_t **data, size_t *size, const uint8_t **ret, size_t *ret_len);

/* Text that people are shown: no control or bidi characters but those of `but`, well-formed UTF-8. */
void claim_shown(const char *s, const char *but);
/* A value that class lets through. */
void claim_reduced(enum env_class class, const char *value);
/* All of a snapshot is bounded and escaped; to JSON and back it is the same. */
void claim_snapshot(const struct snapshot *s);
/* `value` stood once in the input; it is not in what came of it. */
void claim_secret(const uint8_t *data, size_t size, const char *value, const char *output);

/* mutate.c: inputs that stay JSON, or lines, and speak the words of their format. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t mutate_json(uint8_t *data, size_t size, size_t max_size, unsigned seed, const char *const *words, size_t n);
size_t mutate_lines(uint8_t *data, size_t size, size_t max_size, unsigned seed, const char *const *words, size_t n);
#define FUZZ_MUTATOR(how, words)                                                                         \
        size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)       \
        {                                                                                                \
                return mutate_##how(data, size, max_size, seed, words, ARRAY_SIZE(words));               \
        }

/*
 * fake_net.c, in the place of net: the i-th request is answered by the i-th
 * part of the input, "HTTP/1.1 NNN ...", head, empty line, body. No part:
 * refused; one of another form: garbage.
 */
void fake_net_answers(const uint8_t *data, size_t size);
