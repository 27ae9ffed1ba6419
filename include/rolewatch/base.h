/*
 * base -- what every other room uses: ownership macros, arena, text, JSON and XML, numbers and time.
 *
 * Conventions of the whole program: a function returns 0 or a positive count
 * on success and -errno on failure; outputs come last, are named ret or
 * ret_x, and are untouched on failure. No room here does I/O or reads a clock.
 */
#pragma once
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef NDEBUG
#error "assertions must stay enabled: NDEBUG is not supported"
#endif

/* Owners. A pointer or descriptor is declared with CLEANUP and handed on with TAKE. */
#define CLEANUP(f) __attribute__((cleanup(f)))
#define TAKE(p) ({ __typeof__(p) taken_ = (p); (p) = NULL; taken_; })
#define TAKE_FD(fd) ({ int taken_ = (fd); (fd) = -1; taken_; })
#define DEFINE_CLEANUP(T, fn) \
        static inline void fn##p(T *p) { if (*p) fn(*p); }
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof *(a))

static inline void freep(void *p) { free(*(void **)p); }
static inline void closep(int *fd) { if (*fd >= 0) close(*fd); }
/*
 * free(3) and realloc(3) for memory that may hold secrets: it is overwritten before it is freed. Arenas, texts, JSON trees
 * and curl's buffers use them.
 */
void erase_free(void *p);
void *erase_realloc(void *p, size_t bytes);
static inline void erase_freep(void *p) { erase_free(*(void **)p); }
static inline void json_freep(cJSON **j) { cJSON_Delete(*j); }

static inline bool streq(const char *a, const char *b)
{
        return a == b || (a && b && strcmp(a, b) == 0);
}

/* Borrowed bytes, not NUL-terminated unless the provider says so. */
struct span { const char *s; size_t len; };

/*
 * Arena: all facts of one scan live in one arena and are freed together. Its limit bounds how much memory containers can
 * make rolewatch use.
 */
struct arena;
int arena_new(size_t limit_bytes, struct arena **ret);     /* -ENOMEM */
void arena_free(struct arena *a);                          /* NULL ok */
DEFINE_CLEANUP(struct arena *, arena_free)
/*
 * An arena inside zeroed, 16-aligned memory of the caller's; it ends with that memory and is never passed to arena_free.
 * NULL: the memory is too small for the arena itself.
 */
struct arena *arena_within(void *memory, size_t bytes);
void *arena_alloc(struct arena *a, size_t bytes);          /* zeroed, 16-aligned; NULL when full */
char *arena_dup(struct arena *a, const char *s);           /* NULL for NULL, or when full */
char *arena_dupn(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
size_t arena_used(const struct arena *a);                  /* bytes held, whole chunks */
/* Counts memory outside the arena against its limit; false when full. */
bool arena_charge(struct arena *a, size_t bytes);
/*
 * Sticky failure flag: true once any allocation from this arena has failed, so that a caller that adds many strings may
 * check once at the end. arena_fail sets it.
 */
bool arena_failed(const struct arena *a);
void arena_fail(struct arena *a);

/* A growing text; failed is sticky. Untrusted text goes through text_escape before it is shown. */
struct text { char *s; size_t len, cap; bool failed; };
void text_done(struct text *t);
void text_add(struct text *t, const char *s);
void text_addn(struct text *t, const char *s, size_t len);
void text_addf(struct text *t, const char *fmt, ...) PRINTF(2, 3);
/* Length of the UTF-8 character at s (len is at least 1); 0: not well-formed. */
size_t utf8_decode(const unsigned char *s, size_t len, uint32_t *ret_point);
/* Not empty, and every byte is an ASCII letter, a digit or one of extra. */
bool text_is(const char *s, size_t len, const char *extra);
/* FNV-1a, 64 bits; never 0. Not collision-resistant: digest.h is for untrusted text. */
uint64_t text_hash(const char *s);
/* Control characters, DEL, C1 and invalid UTF-8 become \xNN; a backslash stays. */
void text_escape(struct text *t, const char *s, size_t len);
/* The same of at most max_bytes of input, followed by "..." if it was cut. */
void text_escape_cut(struct text *t, const char *s, size_t len, size_t max_bytes);
/* Copies escaped text into a buffer: as many whole characters as fit. s NULL: "". */
void text_fit(char *to, size_t size, const char *s);
/* text_escape_cut into the arena. NULL for NULL, or when full. */
char *arena_escape(struct arena *a, const char *s, size_t len, size_t max_bytes);

/*
 * Strict number and time parsers: the whole string, else -EINVAL (-ERANGE).
 * time_parse takes RFC 3339 as Go, AWS and IMDS print it (fractions ignored,
 * Z or +hh:mm) and yields seconds since the epoch.
 */
int u64_parse(const char *s, uint64_t *ret);
int time_parse(const char *s, int64_t *ret_s);
/* "2026-11-24T06:00:00Z"; buf holds at least 21 bytes. */
const char *time_format(int64_t s, char *buf, size_t size);

/* Last path segment of an ARN or path: "arn:...:role/a/web" -> "web". Borrowed. */
const char *arn_name(const char *arn);
/* Split at the first 5 colons, and return the number of parts, 1 to 6. Parts borrow. */
enum { ARN_PARTITION = 1, ARN_REGION = 3, ARN_ACCOUNT = 4, ARN_PARTS = 6 };
size_t arn_split(const char *s, size_t len, struct span parts[ARN_PARTS]);

/*
 * JSON. Bodies are bounded by the reader before they come here; nesting is
 * bounded to JSON_MAX_DEPTH before cJSON sees the text. Numbers are those that a double holds.
 */
#define JSON_MAX_DEPTH 64
int json_parse(const char *buf, size_t len, cJSON **ret);  /* -EBADMSG; a NUL inside is refused. -ENOMEM */
/*
 * The tree as one line of ASCII; the caller's. Other characters are \uXXXX, so that text_escape does not change the
 * document. NULL: no memory.
 */
char *json_line(const cJSON *j);
/* Iterates over the members of an array or object; NULL and other types have none. */
static inline cJSON *json_first(const cJSON *list) { return list ? list->child : NULL; }
#define JSON_EACH(x, list) for ((x) = json_first(list); (x); (x) = (x)->next)
/* Borrowed. -ENOENT absent or null; -EBADMSG not a string or longer than max. Empty is a string. */
int json_get_str(const cJSON *o, const char *key, size_t max, const char **ret);
int json_get_i64(const cJSON *o, const char *key, int64_t *ret);   /* -ENOENT, -EBADMSG */
bool json_get_bool(const cJSON *o, const char *key, bool fallback);
/* The same, escaped and in the arena; here empty is -ENOENT, too. -ENOMEM. */
int json_take_str(struct arena *a, const cJSON *o, const char *key, size_t max, const char **ret);

/*
 * An XML response of AWS as JSON: an element is an object of its children, an
 * array if they are called "member", or a string. Attributes, comments and
 * instructions are left out; nesting is bounded as that of JSON. The root
 * element's name is lost. -EBADMSG, -ENOMEM.
 */
int xml_parse(const char *buf, size_t len, cJSON **ret);
