/* spellings -- how profile files can be written, where SDKs differ in what they read. Facts of model.h. */
#pragma once

/*
 * Ways to write a profile file that SDKs read differently: id, word in JSON, meaning. RAW and CUT are two readings of one
 * line; an SDK takes one of them.
 */
#define SPELLINGS(X) \
        X(BOM,          "bom",          "the first section after a byte order mark") \
        X(NOT_UTF8,     "not-utf8",     "bytes that are not UTF-8") \
        X(CR,           "cr",           "carriage returns alone as line ends") \
        X(NO_SECTION,   "no-section",   "a setting before the first section") \
        X(NO_KEY,       "no-key",       "a setting without a name") \
        X(NESTED_TEXT,  "nested-text",  "a nested line without an equals sign") \
        X(PUNCTUATION,  "punctuation",  "one of ()[]{}|&~!^\" in the name of a setting") \
        X(OPEN_BRACKET, "open-bracket", "a bracket that is not closed") \
        X(INDENTED_SECTION, "indented-section", "a blank before the bracket of a section") \
        X(TAB_PREFIX,   "tab-prefix",   "a tab after the word profile") \
        X(INNER_BLANKS, "inner-blanks", "blanks inside the brackets of a section") \
        X(WIDE_PREFIX,  "wide-prefix",  "several blanks after the word profile") \
        X(QUOTED_NAME,  "quoted-name",  "a profile name in quotes") \
        X(QUOTED_BLANK, "quoted-blank", "a profile name in quotes, with a blank in it") \
        X(BLANK_NAME,   "blank-name",   "a profile name with a blank, without quotes") \
        X(AFTER_BRACKET, "after-bracket", "text after the bracket of a section") \
        X(INDENTED,     "indented",     "an indented key") \
        X(DEEPER,       "deeper",       "a key that is indented deeper than the one before") \
        X(UPPER,        "upper",        "a key in capitals") \
        X(COLON,        "colon",        "a colon in place of the equals sign") \
        X(EMPTY,        "empty",        "an empty access key ID or secret key") \
        X(HASH_RAW,    "hash-raw",    "a comment with # as a part of the value before it") \
        X(HASH_CUT,     "hash-cut",     "a value without the # comment after it") \
        X(SEMICOLON_RAW, "semicolon-raw", "a comment with ; as a part of the value before it") \
        X(SEMICOLON_CUT, "semicolon-cut", "a value without the ; comment after it") \
        X(QUOTES_RAW,  "quotes-raw",  "quotes as a part of a value") \
        X(QUOTES_CUT,   "quotes-cut",   "a value without the quotes around it") \
        X(NO_EQUALS,    "no-equals",    "a line without an equals sign") \
        X(HEAD_COMMENT, "head-comment", "a comment after the bracket of a section") \
        X(TWO_BRACKETS, "two-brackets", "the name of a section that ends at the first of two brackets") \
        X(CRLF,         "crlf",         "carriage returns before line ends")
enum {
#define X(id, word, meaning) SPELLING_BIT_##id,
        SPELLINGS(X)
#undef X
        SPELLING_MAX
};
enum {
#define X(id, word, meaning) SPELLING_##id = 1 << SPELLING_BIT_##id,
        SPELLINGS(X)
#undef X
};
