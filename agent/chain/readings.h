/*
 * readings -- how each SDK reads profile files, settings and NO_PROXY: the parameters from `rules_known` on, which the rows of
 * one SDK share. A row without a reading does not know: what depends on it is only possible.
 */
#pragma once

/* Python's configparser reads the files. The AWS CLI carries the same code. */
#define BOTOCORE_READING \
        .rules_known = true, .spellings_fatal = SPELLING_BOM | SPELLING_NOT_UTF8 | SPELLING_NESTED_TEXT, \
        .spellings_ignored = SPELLING_INNER_BLANKS | SPELLING_BLANK_NAME | SPELLING_DEEPER | SPELLING_HASH_CUT | SPELLING_SEMICOLON_CUT | SPELLING_QUOTES_CUT, \
        .empty_file_variable = FILE_VARIABLE_NO_FILE, .empty_home_none = true, .empty_profile_named = true, \
        .source_process = true, .source_web_identity = true, .sso_marks = SSO_BY_ROLE, .sso_half = REFUSAL_ENDS, .login = REFUSAL_ENDS, \
        .settings_fatal = BOTOCORE_SETTINGS, .settings_fatal_profile = BOTOCORE_SETTINGS, \
        .imds_profile = true, .imds_v1_switch = V1_OFF_BY_TRUE, .no_proxy = EXEMPT_ALL | EXEMPT_SUFFIX, .expiration_read = true
#define BOTOCORE_SETTINGS \
        (SETTING_IMDS_MODE | SETTING_IMDS_ATTEMPTS | SETTING_IMDS_TIMEOUT | SETTING_RETRY_MODE | SETTING_MAX_ATTEMPTS | \
         SETTING_DEFAULTS_MODE | SETTING_STS_ENDPOINTS)

#define JS3_READING \
        .rules_known = true, \
        .spellings_ignored = SPELLING_INNER_BLANKS | SPELLING_WIDE_PREFIX | SPELLING_QUOTED_BLANK | SPELLING_BLANK_NAME | SPELLING_AFTER_BRACKET | \
                             SPELLING_UPPER | SPELLING_COLON | SPELLING_EMPTY | SPELLING_CR | SPELLING_HASH_RAW | SPELLING_SEMICOLON_RAW | \
                             SPELLING_QUOTES_CUT, \
        .default_prefixed = true, .keys_joined = true, .source_process = true, .source_web_identity = true, \
        .sso_marks = SSO_BY_ANY, .sso_half = REFUSAL_ENDS, .login = REFUSAL_ENDS, .process_before_sso = true, \
        .settings_fatal = SETTING_DEFAULTS_MODE, .imds_profile = true, .token_file_trimmed = true

/* Since config 1.24.0 another parser, which refuses nothing. */
#define GO2_READING \
        .rules_known = true, \
        .spellings_ignored = SPELLING_QUOTED_NAME | SPELLING_AFTER_BRACKET | SPELLING_BOM | SPELLING_CR | SPELLING_HASH_RAW | \
                             SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_RAW, \
        .directory_fatal = true, GO2_READING_SINCE_EVER
#define GO2_READING_OLD \
        .rules_known = true, .spellings_fatal = SPELLING_BOM | SPELLING_AFTER_BRACKET | SPELLING_NO_KEY | SPELLING_OPEN_BRACKET, \
        .spellings_ignored = SPELLING_QUOTED_NAME | SPELLING_TAB_PREFIX | SPELLING_CR | SPELLING_HASH_RAW | SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_RAW | SPELLING_EMPTY, \
        GO2_READING_SINCE_EVER
#define GO2_READING_SINCE_EVER \
        .default_prefixed = true, .tilde_literal = true, .keys_joined = true, .source_process = true, .source_web_identity = true, \
        .ca_bundle_fatal = true, .full_by_name = true, .sources_exclusive = true, .source_without_role = MISSING_FATAL, .sso_marks = SSO_BY_ANY, .sso_half = REFUSAL_ENDS, .login = REFUSAL_ENDS, \
        .settings_fatal = GO2_SETTINGS | SETTING_METADATA_V1_DISABLED | SETTING_FIPS | SETTING_DUALSTACK, \
        .settings_fatal_profile = GO2_SETTINGS, .imds_profile = true, \
        .proxy_names = PROXY_UPPER_FILLED, .no_proxy_names = NO_PROXY_UPPER_FILLED, \
        .no_proxy = EXEMPT_ALL | EXEMPT_STAR | EXEMPT_PORT | EXEMPT_RANGE
#define GO2_SETTINGS (SETTING_IMDS_MODE | SETTING_RETRY_MODE | SETTING_MAX_ATTEMPTS | SETTING_DEFAULTS_MODE)

#define RUBY3_READING \
        .rules_known = true, .spellings_fatal = SPELLING_NOT_UTF8 | SPELLING_INDENTED, \
        .spellings_ignored = SPELLING_INDENTED_SECTION | SPELLING_INNER_BLANKS | SPELLING_QUOTED_NAME | SPELLING_AFTER_BRACKET | SPELLING_UPPER | SPELLING_COLON | \
                             SPELLING_DEEPER | SPELLING_BOM | SPELLING_CR | SPELLING_EMPTY | SPELLING_HASH_CUT | SPELLING_SEMICOLON_RAW | \
                             SPELLING_QUOTES_CUT, \
        .sections_unprefixed = true, .empty_file_variable = FILE_VARIABLE_FATAL, .empty_home_none = true, .directory_fatal = true, \
        .empty_profile_named = true, .source_process = true, .source_web_identity = true, .source_keys_only = true, \
        .web_identity_exists = true, .source_without_role = MISSING_FAILS, .sso_marks = SSO_BY_ROLE, .sso_half = REFUSAL_ENDS, .login = REFUSAL_ENDS, \
        .settings_fatal = SETTING_RETRY_MODE | SETTING_MAX_ATTEMPTS, .settings_fatal_profile = SETTING_RETRY_MODE | SETTING_MAX_ATTEMPTS, \
        .imds_profile = true, .imds_v1_switch = V1_OFF_BY_TRUE, .no_proxy = EXEMPT_PORT | EXEMPT_SUFFIX | EXEMPT_RANGE

/* PHP's own parse_ini_file reads the files. */
#define PHP_READING \
        .rules_known = true, .spellings_end_file = SPELLING_NO_KEY | SPELLING_OPEN_BRACKET | SPELLING_PUNCTUATION, \
        .spellings_ignored = SPELLING_INNER_BLANKS | SPELLING_WIDE_PREFIX | SPELLING_TAB_PREFIX | SPELLING_QUOTED_NAME | SPELLING_UPPER | SPELLING_COLON | \
                             SPELLING_BOM | SPELLING_HASH_CUT | SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_RAW, \
        .default_prefixed = true, .default_needs_prefix = true, .tilde_literal = true, .empty_home_none = true, .sso_half = REFUSAL_NEXT, \
        .full_by_name = true, .imds_profile = true, .imds_v1_switch = V1_OFF_BY_TRUE, .no_proxy_names = NO_PROXY_LOWER_FILLED, \
        .no_proxy = EXEMPT_ALL | EXEMPT_RANGE

#define CRT_READING \
        .rules_known = true, .spellings_end_file = SPELLING_NO_SECTION | SPELLING_NO_KEY, \
        .spellings_ignored = SPELLING_INDENTED_SECTION | SPELLING_QUOTED_NAME | SPELLING_UPPER | SPELLING_COLON | SPELLING_INDENTED | SPELLING_DEEPER | SPELLING_BOM | SPELLING_CR | \
                             SPELLING_HASH_RAW | SPELLING_SEMICOLON_RAW | SPELLING_QUOTES_CUT, \
        .default_prefixed = true, .empty_file_variable = FILE_VARIABLE_NO_FILE, .empty_home_none = true, .empty_profile_named = true, \
        .keys_joined = true, .source_process = true, .source_web_identity = true, .source_any_case = true, .sso_half = REFUSAL_NEXT
