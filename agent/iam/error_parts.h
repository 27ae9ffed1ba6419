/* error_parts -- the parts of the decoder of error texts. */
#pragma once
#include "rolewatch/error_text.h"

/* ---- a plain line (error_plain.c, error_prefix.c) ---- */

/*
 * One line: without escapes, colors, line ends and the prefixes that logs and boxes put before a line;
 * runs of blanks are one blank. Called twice, because a log of a log escapes twice. NULL: no memory.
 */
char *error_plain(struct arena *a, const char *s, size_t len);
/*
 * Bytes at the beginning of a physical line that its carrier wrote, not the program: the mark of a comment,
 * a quotation or a box, docker compose's "name | ", the time, stream and tag of the CRI format. *ret_partial: the
 * next line goes on with this one (the CRI tag "P").
 */
size_t error_prefix(const char *s, size_t len, bool *ret_partial);
/* The part of it that a carrier of logs wrote: CRI, docker compose, a time with the log stream or the program's name. */
size_t error_carrier(const char *s, size_t len, bool *ret_partial);
/* The length of a line number with its separator before a line, and the number; 0: none. */
size_t error_line_number(const char *s, size_t len, unsigned *ret);

/* ---- rows (error_find.c and the tables error_rows_*.c) ---- */

/*
 * Phrases are separated by '|', of which one must be in the text, in any case. A phrase that begins with a letter
 * or digit must begin a word. No phrase is shorter than ERROR_PHRASE_MIN.
 */
#define ERROR_PHRASE_MIN 4
#define ERROR_PHRASES_MAX 2048         /* of all rows and marks */

enum error_need {
        BY_ITSELF,                     /* only AWS, ECS or an SDK says these words */
        WITH_MARK,                     /* other programs say them, too: only beside a mark of AWS */
};
/* Which ARNs of the text are whose. */
enum error_arns {
        ARNS_BY_FORM,                  /* the first of a caller is the principal, the first other one the resource */
        ARNS_ROLE_ACTS,                /* the first one is the principal */
        ARNS_NONE,                     /* ARNs in the text are not about the fault */
};
/* A text that names no principal in a sentence: what it says, and what to change. */
struct error_row {
        const char *name;              /* of the form: "boto3-no-credentials" */
        enum error_kind kind;
        enum error_need need;
        const char *text, *also;       /* phrases of which one each is in it; also NULL: nothing more */
        const char *about, *remedy;    /* NULL: those of the kind */
        const char *example;
        enum error_arns arns;
        const char *unless;            /* phrases that must not be in it; NULL: none */
};
/* A code in the forms in which only SDKs and services of AWS write one. */
#define CODE_FORMS(code) \
        "(" code ")|(" code "Exception)|api error " code "|Error Code: " code "|<Code>" code "|#" code "Exception|" \
        "ErrorCode: " code
#define ROW(n, k, by, words, more, what, change, as, ...)                                                            \
        {                                                                                                            \
                .name = n, .kind = k, .need = by, .text = words, .also = more, .about = what, .remedy = change,      \
                .example = as, __VA_ARGS__                                                                           \
        }
struct error_rows { const struct error_row *rows; size_t n; };
/* In the order in which they are tried: what failed first, then the credentials, then the bare denial. */
extern const struct error_rows error_rows_ecs, error_rows_start, error_rows_keys, error_rows_none, error_rows_denied;

/* What the text says of AWS: the row that matches first, and whether there is a mark. */
struct error_found {
        const struct error_row *row;   /* NULL: none */
        bool marked;                   /* a mark of AWS is in it */
        size_t steps;                  /* bytes compared: bounded by a multiple of the length */
};
/* -ENOMEM. */
int error_find(const char *text, size_t len, struct error_found *ret);
/* Phrases that only texts of AWS contain. */
extern const char *const error_marks[];
extern const size_t n_error_marks;
/* A mark that is a host name: does it end in one of AWS's API hosts, not in one that runs a user's program? */
bool error_mark_counts(const char *text, const char *mark, size_t len);
/* Does the colon at `colon` stand in the name of an action of AWS of two words or more, "s3:GetObject"? */
bool error_is_action_at(const char *text, const char *colon);

/* ---- fields (error_fields.c) ---- */

/* A value: bounded, without quotes and brackets around it, escaped. NULL: none, or no memory. */
const char *error_value(struct arena *a, const char *s);
const char *error_action(struct arena *a, const char *s);
/* The word that ends before `end`; one with a colon or comma behind it names nobody. */
const char *error_word_before(struct arena *a, const char *text, const char *end);
/* Account, role, session, user and actor, by e->principal. */
void error_read_principal(struct arena *a, struct error_text *e);
void error_read_arns(struct arena *a, const char *text, enum error_arns how, struct error_text *e);
/* Six parts, each in a form that a policy can hold. */
bool error_is_arn(const char *s);
/* An ARN that no policy can allow: doubled, or with an empty name that a tool filled in. */
bool error_is_malformed(const char *s);

/* ---- the sentence (error_sentence.c) ---- */

/* "X is not authorized to perform: A on resource: R because ..."; false: it is not in the text. */
bool error_read_sentence(struct arena *a, const char *text, bool marked, struct error_text *e);
/* The policy type that denied, whether explicitly, and the policy's ARN; `rest`: what stands behind the action. */
void error_read_why(struct arena *a, const char *rest, struct error_text *e);
/* The forms of the sentence, for the list of forms. */
extern const struct error_form error_sentences[];
extern const size_t n_error_sentences;

/* ---- remedies (error_remedy.c, error_statement.c) ---- */

/* A call that the ECS agent, Docker or the SSM agent makes: by the action, and by the words around it. */
bool error_is_platform_call(const char *text, const struct error_text *e);
/* The one thing to change; NULL: none is known, or no memory. */
const char *error_denial_remedy(struct arena *a, const struct error_text *e);
const char *error_kind_remedy(struct arena *a, const struct error_text *e);
/* The statement that allows the denied call; NULL: the text does not say enough for a valid one, or no memory. */
const char *error_statement(struct arena *a, const struct error_text *e);
