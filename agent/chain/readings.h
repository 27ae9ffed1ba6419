/*
 * readings -- how each SDK reads profile files, settings and NO_PROXY: the parameters from `rules_known` on, which the rows of
 * one SDK share. A row without a reading does not know: what depends on it is only possible.
 */
#pragma once

/* Python's configparser reads the files. The AWS CLI carries the same code. */
#define BOTOCORE_READING \
        .rules_known = true, .spellings_fatal = SPELLING_BOM | SPELLING_NOT_UTF8 | SPELLING_NESTED_TEXT, \
        .spellings_ignored = SPELLING_INNER_BLANKS | SPELLING_BLANK_NAME | SPELLING_TWO_BRACKETS | SPELLING_DEEPER | SPELLING_HASH_CUT | SPELLING_SEMICOLON_CUT | \
                             SPELLING_QUOTES_CUT, \
        .empty_file_variable = FILE_VARIABLE_NO_FILE, .empty_home_none = true, .empty_profile_named = true, \
        .source_process = true, .source_web_identity = true, .sso_half = REFUSAL_ENDS, .login = REFUSAL_ENDS, .expiration_read = true, \
        .imds_profile = true, .imds_v1_switch = V1_OFF_BY_TRUE, .no_proxy = EXEMPT_ALL | EXEMPT_SUFFIX, .empty_token_file_set = true
#define CLI2_SETTINGS \
        (SETTING_IMDS_MODE | SETTING_IMDS_ATTEMPTS | SETTING_IMDS_TIMEOUT | SETTING_RETRY_MODE | SETTING_MAX_ATTEMPTS | SETTING_ACCOUNT_MODE | \
         SETTING_CHECKSUM | SETTING_ENDPOINT_URL)
#define BOTOCORE_NUMBERS (SETTING_IMDS_ATTEMPTS | SETTING_IMDS_TIMEOUT)
#define BOTOCORE_SETTINGS_OLD .settings_fatal = BOTOCORE_NUMBERS, .settings_fatal_profile = BOTOCORE_NUMBERS
#define BOTOCORE_SETTINGS (CLI2_SETTINGS | SETTING_DEFAULTS_MODE | SETTING_STS_ENDPOINTS)

#define JS2_READING \
        .rules_known = true, .tilde_literal = true, .settings_fatal = SETTING_IMDS_MODE, .settings_fatal_profile = SETTING_IMDS_MODE, \
        .spellings_ignored = SPELLING_INNER_BLANKS | SPELLING_AFTER_BRACKET | SPELLING_UPPER | SPELLING_COLON | SPELLING_CR | SPELLING_EMPTY | \
                             SPELLING_HASH_RAW | SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_CUT

/* A release takes the newest of its parts that fits, or those of a lock file: where they read in different ways, it is not known. */
#define JS3_READING     .rules_known = true, .spellings_ignored = JS3_IGNORED | SPELLING_QUOTED_BLANK | SPELLING_BLANK_NAME
#define JS3_READING_OLD .rules_known = true, .spellings_ignored = JS3_IGNORED
#define JS3_IGNORED \
        (SPELLING_INNER_BLANKS | SPELLING_WIDE_PREFIX | SPELLING_AFTER_BRACKET | SPELLING_UPPER | SPELLING_COLON | SPELLING_EMPTY | SPELLING_CR | \
         SPELLING_HASH_RAW | SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_CUT)
#define JS3_RULES \
        .default_prefixed = true, .keys_joined = true, .source_process = true, .source_web_identity = true, \
        .sso_marks = SSO_BY_ANY, .sso_half = REFUSAL_ENDS, .login = REFUSAL_ENDS, .process_before_sso = true, \
        .settings_fatal = SETTING_DEFAULTS_MODE, .settings_fatal_profile = SETTING_DEFAULTS_MODE, .keys_spare_settings = true, \
        .second_factor = SECOND_FACTOR_ENDS, .full_any_scheme = true, .imds_mode_exact = true, .imds_v1_switch = V1_OFF_UNLESS_FALSE_EXACTLY, \
        .imds_profile = true, .token_file_trimmed = true

/* The parser of profile files that Go v1 has from 1.15.59 and v2 had at first, and the proxies of Go's own HTTP client. */
#define GO_PARSER_FATAL   (SPELLING_BOM | SPELLING_AFTER_BRACKET | SPELLING_NO_KEY | SPELLING_OPEN_BRACKET)
#define GO_PARSER_IGNORED \
        (SPELLING_QUOTED_NAME | SPELLING_TAB_PREFIX | SPELLING_CR | SPELLING_HASH_RAW | SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_RAW | SPELLING_EMPTY)
#define GO_PROXY \
        .proxy_names = PROXY_UPPER_FILLED, .no_proxy_names = NO_PROXY_UPPER_FILLED, .no_proxy = EXEMPT_ALL | EXEMPT_STAR | EXEMPT_PORT | EXEMPT_RANGE

/* Since config 1.24.0 another parser, which refuses nothing. */
#define GO2_READING \
        .rules_known = true, \
        .spellings_ignored = SPELLING_QUOTED_NAME | SPELLING_AFTER_BRACKET | SPELLING_BOM | SPELLING_CR | SPELLING_HASH_RAW | \
                             SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_RAW, \
        .directory_fatal = true, GO2_READING_COMMON
#define GO2_READING_OLD .spellings_ignored = GO_PARSER_IGNORED, GO2_READING_STRICT
/* In config 1.21 and 1.22, what is indented belongs to the line above. */
#define GO2_READING_NESTED .spellings_ignored = GO_PARSER_IGNORED | SPELLING_INDENTED | SPELLING_DEEPER, GO2_READING_STRICT
#define GO2_READING_STRICT .rules_known = true, .spellings_fatal = GO_PARSER_FATAL, GO2_READING_COMMON
/* Until 1.25.3 its parser took a byte order mark. */
#define GO1_READING     .spellings_fatal = GO_PARSER_FATAL, GO1_READING_COMMON
#define GO1_READING_OLD .spellings_fatal = GO_PARSER_FATAL & ~(unsigned)SPELLING_BOM, GO1_READING_COMMON
#define GO1_READING_COMMON \
        .rules_known = true, .spellings_ignored = GO_PARSER_IGNORED | SPELLING_UPPER, \
        .settings_fatal = SETTING_IMDS_MODE | SETTING_STS_ENDPOINTS | SETTING_FIPS | SETTING_DUALSTACK, \
        .default_prefixed = true, .tilde_literal = true, .keys_joined = true, .source_process = true, .source_web_identity = true, \
        .full_by_name = true, .sso_marks = SSO_BY_ANY, .sso_half = REFUSAL_ENDS, .imds_v1_switch = V1_OFF_BY_TRUE, .credentials_prefixed = true, \
        GO_PROXY
#define GO2_READING_COMMON \
        .default_prefixed = true, .tilde_literal = true, .keys_joined = true, .source_process = true, .source_web_identity = true, \
        .ca_bundle_fatal = true, .full_by_name = true, .sources_exclusive = true, .source_without_role = MISSING_FATAL, .sso_marks = SSO_BY_ANY, .sso_half = REFUSAL_ENDS, .login = REFUSAL_ENDS, \
        .settings_fatal = GO2_SETTINGS | SETTING_METADATA_V1_DISABLED | SETTING_FIPS | SETTING_DUALSTACK | SETTING_ACCOUNT_MODE | SETTING_CHECKSUM | \
                          SETTING_COMPRESSION, \
        .settings_fatal_profile = GO2_SETTINGS, .retry_legacy_invalid = true, .imds_profile = true, \
        GO_PROXY
#define GO2_SETTINGS (SETTING_IMDS_MODE | SETTING_RETRY_MODE | SETTING_MAX_ATTEMPTS | SETTING_DEFAULTS_MODE)

#define RUBY3_READING \
        .rules_known = true, \
        .sections_unprefixed = true, .empty_file_variable = FILE_VARIABLE_FATAL, .empty_home_none = true, .directory_fatal = true, \
        .empty_profile_named = true, .source_process = true, .source_web_identity = true, .source_keys_only = true, \
        .web_identity_exists = true, .source_without_role = MISSING_FAILS, .sso_marks = SSO_BY_ROLE, .sso_half = REFUSAL_ENDS, .login = REFUSAL_ENDS, \
        .settings_fatal = RUBY3_SETTINGS | SETTING_SIGV4A_REGIONS, .settings_fatal_profile = RUBY3_SETTINGS, \
        .full_by_name = true, .token_file_trimmed = true, .empty_token_file_set = true, .imds_profile = true, .imds_v1_switch = V1_OFF_BY_TRUE, .no_proxy = EXEMPT_PORT | EXEMPT_SUFFIX | EXEMPT_RANGE

#define RUBY3_IGNORED \
        (SPELLING_INDENTED_SECTION | SPELLING_INNER_BLANKS | SPELLING_QUOTED_NAME | SPELLING_AFTER_BRACKET | SPELLING_UPPER | SPELLING_COLON | \
         SPELLING_DEEPER | SPELLING_BOM | SPELLING_CR | SPELLING_EMPTY | SPELLING_HASH_CUT | SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_CUT)
#define RUBY3_SETTINGS (SETTING_RETRY_MODE | SETTING_MAX_ATTEMPTS | SETTING_CHECKSUM | SETTING_COMPRESSION | SETTING_ENDPOINT_URL)

/* PHP's own parse_ini_file reads the files. */
#define PHP_READING \
        .rules_known = true, .spellings_end_file = SPELLING_NO_KEY | SPELLING_OPEN_BRACKET | SPELLING_PUNCTUATION, \
        .spellings_ignored = SPELLING_INNER_BLANKS | SPELLING_WIDE_PREFIX | SPELLING_TAB_PREFIX | SPELLING_QUOTED_NAME | SPELLING_UPPER | SPELLING_COLON | \
                             SPELLING_INDENTED_SECTION | SPELLING_HASH_CUT | SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_RAW, \
        .settings_fatal = SETTING_RETRY_MODE | SETTING_DEFAULTS_MODE | SETTING_FIPS | SETTING_DUALSTACK | SETTING_ACCOUNT_MODE | SETTING_CHECKSUM | \
                          SETTING_COMPRESSION, \
        .imds_mode_exact = true, .default_prefixed = true, .default_needs_prefix = true, .tilde_literal = true, .empty_home_none = true, .sso_half = REFUSAL_NEXT, \
        .full_by_name = true, .imds_profile = true, .imds_v1_switch = V1_OFF_BY_TRUE_OR_1, .proxy_names = PROXY_LOWER_FILLED, .all_proxy = true, .no_proxy_names = NO_PROXY_LOWER_FILLED, \
        .no_proxy = EXEMPT_ALL | EXEMPT_RANGE

/* The parser of profile files that the Common Runtime has. */
#define CRT_PARSER \
        .spellings_end_file = SPELLING_NO_SECTION | SPELLING_NO_KEY | SPELLING_OPEN_BRACKET, \
        .spellings_ignored = SPELLING_INDENTED_SECTION | SPELLING_QUOTED_NAME | SPELLING_BLANK_NAME | SPELLING_UPPER | SPELLING_COLON | SPELLING_INDENTED | \
                             SPELLING_DEEPER | SPELLING_BOM | SPELLING_CR | \
                             SPELLING_HASH_RAW | SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_CUT, \
        .default_prefixed = true, .empty_file_variable = FILE_VARIABLE_NO_FILE, .empty_home_none = true, .empty_profile_named = true, .keys_joined = true
#define CRT_READING \
        .rules_known = true, CRT_PARSER, .process_before_sso = true, .source_process = true, .source_web_identity = true, .source_any_case = true, \
        .sso_half = REFUSAL_NEXT, .second_factor = SECOND_FACTOR_IGNORED, .source_profile_first = true, .imds_mode_ignored = true, \
        .full_any_scheme = true, .full_by_name = true

#define RUST_READING \
        .rules_known = true, \
        .spellings_fatal = SPELLING_NO_KEY | SPELLING_OPEN_BRACKET | SPELLING_NO_SECTION | SPELLING_INDENTED | SPELLING_INDENTED_SECTION | SPELLING_COLON | \
                           SPELLING_BOM | SPELLING_CR | SPELLING_EMPTY | SPELLING_NO_EQUALS, \
        .spellings_end_file = SPELLING_NOT_UTF8, \
        .empty_file_variable = FILE_VARIABLE_NO_FILE, .default_prefixed = true, .keys_joined = true, .source_process = true, .source_web_identity = true, \
        .sso_marks = SSO_BY_ANY, .sso_half = REFUSAL_ENDS, .login = REFUSAL_ENDS, .second_factor = SECOND_FACTOR_IGNORED, \
        .keys_last = true, .source_alone = true, .own_source_none = true, \
        .empty_profile_named = true, .empty_token_file_set = true, .full_by_name = true, .imds_profile = true, .web_identity_exists = true, \
        .proxy_names = PROXY_UPPER_FILLED, .all_proxy = true, .no_proxy_names = NO_PROXY_UPPER_FIRST, \
        .no_proxy = EXEMPT_RANGE, .settings_fatal = RUST_SETTINGS, .settings_fatal_profile = RUST_SETTINGS, .retry_legacy_invalid = true
#define RUST_SETTINGS (SETTING_RETRY_MODE | SETTING_MAX_ATTEMPTS)       /* it panics */

#define RUST_IGNORED (SPELLING_QUOTED_NAME | SPELLING_QUOTED_BLANK | SPELLING_BLANK_NAME | SPELLING_TWO_BRACKETS | SPELLING_DEEPER)

#define JAVA2_FATAL \
        (SPELLING_BOM | SPELLING_OPEN_BRACKET | SPELLING_INDENTED_SECTION | SPELLING_INDENTED | SPELLING_COLON | SPELLING_NO_SECTION | SPELLING_NO_KEY | \
         SPELLING_NO_EQUALS)
/* A client is not made where it cannot read a profile file. SSO and login sessions without a token are passed over. */
#define JAVA2_READING     .spellings_fatal = JAVA2_FATAL, JAVA2_READING_COMMON
/* From 2.5.5 to 2.10, only the profile step fails. */
#define JAVA2_READING_OLD .profile_spellings_fail = JAVA2_FATAL, JAVA2_READING_COMMON
#define JAVA2_READING_COMMON \
        .rules_known = true, \
        .spellings_ignored = SPELLING_QUOTED_NAME | SPELLING_QUOTED_BLANK | SPELLING_BLANK_NAME | SPELLING_TWO_BRACKETS | SPELLING_DEEPER | SPELLING_UPPER, \
        .default_prefixed = true, .keys_joined = true, .keys_last = true, .source_process = true, .source_web_identity = true, \
        .sso_marks = SSO_BY_ANY, .sso_half = REFUSAL_NEXT, .login = REFUSAL_NEXT, .second_factor = SECOND_FACTOR_IGNORED, .empty_token_file_set = true, \
        .token_trimmed = true, .empty_file_variable = FILE_VARIABLE_NO_FILE, .empty_profile_named = true, \
        .settings_fatal = SETTING_RETRY_MODE | SETTING_MAX_ATTEMPTS | SETTING_DEFAULTS_MODE | SETTING_FIPS | SETTING_DUALSTACK | SETTING_COMPRESSION | \
                          SETTING_ENDPOINT_URL, \
        .settings_fatal_profile = SETTING_RETRY_MODE | SETTING_DEFAULTS_MODE | SETTING_FIPS, \
        .imds_profile = true, .full_by_name = true, .imds_v1_switch = V1_OFF_UNLESS_FALSE_EVEN_EMPTY, .metadata_timeout = TIMEOUT_IMDS, \
        .profile_name_trimmed = true

/* Its profile provider is the Common Runtime's. */
#define CPP_READING \
        .rules_known = true, CRT_PARSER, .role_fails = true, .process_before_sso = true, .sso_half = REFUSAL_NEXT, .login = REFUSAL_NEXT, \
        PROFILE_PLAIN, .web_identity_profile = WEB_MIXED, .token_trimmed = true, .token_file_trimmed = true, \
        .steps = { OR_NEXT(ENV), OR_NEXT(PROFILE), OR_NEXT(PROFILE_PROCESS), OR_NEXT(WEB_IDENTITY), OR_NEXT(PROFILE_SSO), \
                   OR_NEXT(CONTAINER), OR_NEXT(IMDS) }, \
        .proxy_names = PROXY_LOWER_FILLED, .no_proxy_names = NO_PROXY_LOWER_FILLED, .no_proxy = EXEMPT_ALL | EXEMPT_RANGE

/* One file, whose sections need no prefix. A line without = spoils all of it. */
#define JAVA1_READING     .spellings_end_file = JAVA1_END_FILE, JAVA1_READING_COMMON
#define JAVA1_READING_OLD .spellings_end_file = JAVA1_END_FILE | SPELLING_KEY_TWICE, JAVA1_READING_COMMON
#define JAVA1_END_FILE \
        (SPELLING_BOM | SPELLING_NOT_UTF8 | SPELLING_OPEN_BRACKET | SPELLING_AFTER_BRACKET | SPELLING_HEAD_COMMENT | SPELLING_COLON | \
         SPELLING_NO_SECTION | SPELLING_NO_EQUALS)
#define JAVA1_READING_COMMON \
        .rules_known = true, \
        .spellings_ignored = SPELLING_QUOTED_NAME | SPELLING_QUOTED_BLANK | SPELLING_TAB_PREFIX | SPELLING_WIDE_PREFIX | SPELLING_UPPER | SPELLING_EMPTY, \
        .profile_name_trimmed = true, .config_variable_ignored = true, .default_plain = true, .imds_mode_ignored = true, \
        .metadata_timeout = TIMEOUT_REMOTE, .role_variable_ends = true, \
        .token_trimmed = true, .sections_unprefixed = true, .keys_last = true, .imds_profile = true, .imds_v1_switch = V1_OFF_BY_TRUE, .full_by_name = true, \
        .token_file_trimmed = true

/* A client is not made where it cannot read a profile file, or where a setting is none. */
#define KOTLIN_FATAL \
        (SPELLING_BOM | SPELLING_NO_SECTION | SPELLING_NO_KEY | SPELLING_NESTED_TEXT | SPELLING_OPEN_BRACKET | SPELLING_INDENTED | SPELLING_COLON | \
         SPELLING_NO_EQUALS)
#define KOTLIN_READING .rules_known = true, KOTLIN_READING_COMMON
#define KOTLIN_READING_COMMON \
        .spellings_fatal = KOTLIN_FATAL, \
        .spellings_ignored = SPELLING_INDENTED_SECTION | SPELLING_QUOTED_NAME | SPELLING_QUOTED_BLANK | SPELLING_BLANK_NAME | SPELLING_TWO_BRACKETS | \
                             SPELLING_DEEPER | SPELLING_UPPER | SPELLING_HASH_RAW | SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_CUT, \
        .spellings_unsure = SPELLING_AFTER_BRACKET, \
        .empty_file_variable = FILE_VARIABLE_NO_FILE, .empty_home_none = true, .empty_profile_named = true, \
        .default_prefixed = true, .keys_joined = true, .empty_keys_used = true, .source_process = true, .source_web_identity = true, .source_alone = true, \
        .sso_marks = SSO_BY_ROLE, .sso_half = REFUSAL_NEXT, .login = REFUSAL_NEXT, .second_factor = SECOND_FACTOR_IGNORED, \
        .empty_token_file_set = true, .imds_profile = true, \
        .settings_fatal = SETTING_RETRY_MODE | SETTING_MAX_ATTEMPTS | SETTING_ENDPOINT_URL, \
        .settings_fatal_profile = SETTING_RETRY_MODE | SETTING_MAX_ATTEMPTS | SETTING_ENDPOINT_URL | SETTING_FIPS | SETTING_DUALSTACK, \
        .no_proxy_names = NO_PROXY_BOTH, .no_proxy_ports_read = true
#define KOTLIN_EXEMPT (EXEMPT_ALL | EXEMPT_STAR | EXEMPT_PORT | EXEMPT_SUFFIX)
