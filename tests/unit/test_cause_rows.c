/* Each row of the table of causes alone: which facts it applies to, and which it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "../../agent/judge/causes.h"

static const struct profile by_instance[] = { { .name = "default", .key = { [PROFILE_KEY_CREDENTIAL_SOURCE] = "Ec2InstanceMetadata" } } };

/* Facts as they are when nothing is odd; a row changes some. */
static struct facts {
        struct cause_context context;
        struct judge_index index;
        struct snapshot s;
        struct group g;
        struct process p, init;
        struct expect e;
        struct credential cred;
        struct netns net;
        struct answer answer;
        struct denial denial;
} f;

static void begin(void)
{
        f = (struct facts){ .p = { .environ = { .state = ANSWER_OK }, .cred_relative = 0 }, .init = { .environ = { .state = ANSWER_OK } },
                            .e = { .role = "web", .cred = 0 }, .cred = { .kind = CRED_TASK, .task_arn = "arn:a/1" },
                            .g = { .winner = { .row = chain_row_for("botocore", NULL) } } };
        f.p.env[ENV_VAR_RELATIVE_URI] = "/v2/credentials/***";
        f.index.s = &f.s;
        f.context = (struct cause_context){ .ix = &f.index, .g = &f.g, .p = &f.p, .init = &f.init, .e = &f.e, .cred = &f.cred, .net = &f.net,
                                  .answer = &f.answer, .task_arn = "arn:a/1", .lineage = { NULL, -1, -1, false } };
}

static void wins(enum provider p) { f.g.winner.provider = p; }
static void walked(enum provider p, enum step_state state, enum step_reason reason)
{
        f.g.winner.walk[f.g.winner.n_walk++] = (struct walk_step){ .provider = p, .state = state, .reason = reason };
}
static void stopped(enum provider p) { walked(p, STEP_STOPPED, REASON_OTHER); }
static void profiles(struct profile_file *file) { file->profiles = by_instance; file->n_profiles = 1; }
static void denied_at_imds(void) { f.g.denied = &f.denial; wins(PROVIDER_IMDS); }
static void container(enum cred_kind kind, const char *task) { wins(PROVIDER_CONTAINER); f.cred.kind = kind; f.cred.task_arn = task; }
static void cut_off(enum answer_state container_state, enum answer_state imds)
{
        f.net.container.state = container_state;
        f.net.imds_token.state = imds;
}

static void requests_imds_0(void) { denied_at_imds(); walked(PROVIDER_CONTAINER, STEP_WINS, REASON_OTHER); }
static void requests_imds_1(void) { wins(PROVIDER_IMDS); walked(PROVIDER_CONTAINER, STEP_WINS, REASON_OTHER); }
static void requests_imds_2(void) { denied_at_imds(); }
static void requests_imds_3(void) { denied_at_imds(); walked(PROVIDER_CONTAINER, STEP_FAILED, REASON_OTHER); }
static void requests_imds_4(void) { f.g.denied = &f.denial; wins(PROVIDER_CONTAINER); }
static void static_keys_container_5(void) { wins(PROVIDER_ENV); f.init.env[ENV_VAR_KEY_ID] = "AKIA"; }
static void static_keys_container_6(void) { wins(PROVIDER_ENV); f.init.env[ENV_VAR_OLD_KEY_ID] = "AKIA"; }
static void static_keys_container_7(void) { wins(PROVIDER_ENV); f.init.env[ENV_VAR_AMAZON_KEY_ID] = "AKIA"; }
static void static_keys_container_8(void) { wins(PROVIDER_ENV); }
static void static_keys_container_9(void) { wins(PROVIDER_ENV); f.context.init = NULL; }
static void static_keys_container_10(void) { wins(PROVIDER_ENV); f.init.env[ENV_VAR_KEY_ID] = "AKIA"; f.init.environ.state = ANSWER_DENIED; }
static void static_keys_process_11(void) { wins(PROVIDER_ENV); }
static void static_keys_process_12(void) { wins(PROVIDER_IMDS); }
static void java_properties_13(void) { wins(PROVIDER_SYSPROPS); }
static void web_identity_14(void) { wins(PROVIDER_WEB_IDENTITY); }
static void profile_instance_source_15(void) { wins(PROVIDER_PROFILE); profiles(&f.p.credentials); }
static void profile_instance_source_16(void) { wins(PROVIDER_PROFILE); profiles(&f.p.config); }
static void profile_instance_source_17(void) { wins(PROVIDER_PROFILE); }
static void profile_instance_source_18(void) { wins(PROVIDER_IMDS); profiles(&f.p.config); }
static void named_profile_19(void) { wins(PROVIDER_PROCESS); f.p.env[ENV_VAR_PROFILE] = "x"; }
static void named_profile_20(void) { wins(PROVIDER_SSO); f.p.env[ENV_VAR_DEFAULT_PROFILE] = "x"; }
static void named_profile_21(void) { wins(PROVIDER_PROFILE); f.p.prop[SYSPROP_PROFILE] = "x"; }
static void named_profile_22(void) { wins(PROVIDER_PROFILE); f.p.env[ENV_VAR_PROFILE] = " "; }
static void profile_file_23(void) { wins(PROVIDER_SSO); }
static void profile_file_24(void) { wins(PROVIDER_CONTAINER); }
static void declared_role_25(void) { wins(PROVIDER_CONTAINER); f.e.declared = true; }
static void declared_role_26(void) { wins(PROVIDER_IMDS); f.e.declared = true; }
static void declared_role_27(void) { wins(PROVIDER_CONTAINER); }
static void execution_role_28(void) { container(CRED_EXECUTION, NULL); }
static void execution_role_29(void) { container(CRED_UNKNOWN, NULL); }
static void execution_role_30(void) { container(CRED_EXECUTION, NULL); f.context.cred = NULL; }
static void execution_role_31(void) { container(CRED_EXECUTION, NULL); f.p.env[ENV_VAR_RELATIVE_URI] = NULL; }
static void other_task_32(void) { container(CRED_TASK, "arn:a/2"); }
static void other_task_33(void) { container(CRED_TASK, "arn:a/1"); }
static void other_task_34(void) { container(CRED_TASK, NULL); }
static void other_task_35(void) { container(CRED_TASK, "arn:a/2"); f.context.cred = NULL; }
static void other_task_36(void) { container(CRED_TASK, "arn:a/2"); f.p.env[ENV_VAR_RELATIVE_URI] = ""; }
static void credentials_expired_37(void) { wins(PROVIDER_CONTAINER); f.g.winner.via_expired = true; }
static void credentials_expired_38(void) { wins(PROVIDER_CONTAINER); }
static void full_uri_39(void) { wins(PROVIDER_CONTAINER); f.p.env[ENV_VAR_FULL_URI] = "http://127.0.0.1/***"; }
static void full_uri_40(void) { stopped(PROVIDER_CONTAINER); f.p.env[ENV_VAR_FULL_URI] = "http://127.0.0.1/***"; }
static void full_uri_41(void) { stopped(PROVIDER_CONTAINER); f.p.env[ENV_VAR_FULL_URI] = "http://127.0.0.1/***"; f.answer.state = ANSWER_TIMEOUT; }
static void full_uri_42(void) { stopped(PROVIDER_ENV); f.p.env[ENV_VAR_FULL_URI] = "http://127.0.0.1/***"; }
static void full_uri_43(void) { wins(PROVIDER_NONE); walked(PROVIDER_CONTAINER, STEP_FAILED, REASON_OTHER); f.p.env[ENV_VAR_FULL_URI] = "http://127.0.0.1/***"; }
static void full_uri_44(void) { wins(PROVIDER_CONTAINER); }
static void service_endpoint_45(void) { wins(PROVIDER_CONTAINER); f.p.prop[SYSPROP_CONTAINER_ENDPOINT] = "http://127.0.0.1/***"; }
static void service_endpoint_46(void) { wins(PROVIDER_CONTAINER); }
static void other_uri_47(void) { wins(PROVIDER_CONTAINER); }
static void half_key_pair_48(void) { stopped(PROVIDER_ENV); }
static void profile_error_49(void) { stopped(PROVIDER_PROFILE); }
static void profile_error_50(void) { stopped(PROVIDER_PROCESS); }
static void profile_error_51(void) { stopped(PROVIDER_SSO); }
static void profile_error_52(void) { stopped(PROVIDER_CONTAINER); }
static void profile_gone(void) { stopped(PROVIDER_PROFILE); f.p.env[ENV_VAR_PROFILE] = "gone"; }
static void profile_there(void) { profile_gone(); profiles(&f.p.config); f.p.config.state = FILE_OK; f.p.env[ENV_VAR_PROFILE] = by_instance[0].name; }
static void profile_unread(void) { profile_gone(); f.p.credentials.state = FILE_UNREADABLE; }
static void profile_not_named(void) { stopped(PROVIDER_PROFILE); }
static void hop(enum answer_state v1, int status, enum step_state imds)
{
        walked(PROVIDER_IMDS, imds, REASON_OTHER);
        f.net.imds_token.state = ANSWER_TIMEOUT;
        f.net.imds_v1 = (struct answer){ v1, status, NULL };
}
static void hop_v1(void) { hop(ANSWER_OK, 200, STEP_FAILED); }
static void hop_v1_refused(void) { hop(ANSWER_STATUS, 401, STEP_FAILED); }
static void hop_other_status(void) { hop(ANSWER_STATUS, 500, STEP_FAILED); }
static void hop_blocked(void) { hop(ANSWER_TIMEOUT, 0, STEP_FAILED); }
static void hop_disabled(void) { hop(ANSWER_OK, 200, STEP_OFF); }
static void hop_no_netns(void) { hop_v1(); f.context.net = NULL; }
static void hop_token_comes(void) { hop_v1(); f.net.imds_token.state = ANSWER_OK; }
static void web_identity_error_53(void) { stopped(PROVIDER_WEB_IDENTITY); }
static void empty_uri_54(void) { f.p.env[ENV_VAR_RELATIVE_URI] = " "; }
static void empty_uri_55(void) { f.p.env[ENV_VAR_RELATIVE_URI] = NULL; }
static void bad_uri_56(void) { f.p.env[ENV_VAR_RELATIVE_URI] = "***"; }
static void bad_uri_57(void) { f.p.env[ENV_VAR_RELATIVE_URI] = "/***"; }
static void sdk_too_old_58(void) { f.g.sdk_name = "js2"; f.g.winner.row = chain_row_for("js2", "2.4.0"); }
static void sdk_too_old_59(void) { f.g.sdk_name = "js2"; f.g.winner.row = chain_row_for("js2", "2.4.0"); walked(PROVIDER_CONTAINER, STEP_OFF, REASON_OTHER); }
static void sdk_too_old_60(void) { f.g.sdk_name = "js2"; f.g.winner.row = chain_row_for("js2", "2.4.0"); walked(PROVIDER_CONTAINER, STEP_FAILED, REASON_OTHER); }
static void sdk_too_old_61(void) { f.g.winner.row = chain_row_for("js2", "2.4.0"); }
static void sdk_too_old_62(void) { f.g.sdk_name = "js2"; f.g.winner.row = chain_row_for("rust", NULL); }
static void sdk_too_old_63(void) { f.g.sdk_name = "js2"; f.p.env[ENV_VAR_RELATIVE_URI] = NULL; }
static void sdk_sequential_64(void) { wins(PROVIDER_IMDS); walked(PROVIDER_CONTAINER, STEP_FAILED, REASON_OTHER); f.g.winner.row = chain_row_for("java2", NULL); }
static void sdk_sequential_65(void) { wins(PROVIDER_IMDS); f.g.winner.row = chain_row_for("java2", NULL); }
static void sdk_sequential_66(void) { wins(PROVIDER_IMDS); walked(PROVIDER_CONTAINER, STEP_OFF, REASON_OTHER); f.g.winner.row = chain_row_for("java2", NULL); }
static void endpoint_through_proxy_67(void) { walked(PROVIDER_CONTAINER, STEP_STOPPED, REASON_PROXIED); }
static void endpoint_through_proxy_68(void) { walked(PROVIDER_CONTAINER, STEP_FAILED, REASON_PROXIED); }
static void endpoint_through_proxy_69(void) { walked(PROVIDER_CONTAINER, STEP_WINS, REASON_PROXIED); }
static void endpoint_through_proxy_70(void) { walked(PROVIDER_CONTAINER, STEP_FAILED, REASON_OTHER); }
static void endpoint_through_proxy_71(void) { walked(PROVIDER_IMDS, STEP_FAILED, REASON_PROXIED); }
static void no_network_72(void) { cut_off(ANSWER_UNREACHABLE, ANSWER_UNREACHABLE); }
static void no_network_73(void) { cut_off(ANSWER_UNREACHABLE, ANSWER_OK); }
static void no_network_74(void) { cut_off(ANSWER_OK, ANSWER_UNREACHABLE); }
static void no_network_75(void) { cut_off(ANSWER_UNREACHABLE, ANSWER_UNREACHABLE); f.net.host = true; }
static void no_network_76(void) { f.context.net = NULL; }
static void agent_down_77(void) { f.s.host.credentials.state = ANSWER_REFUSED; f.answer.state = ANSWER_REFUSED; }
static void agent_down_78(void) { f.s.host.credentials.state = ANSWER_TIMEOUT; f.answer.state = ANSWER_TIMEOUT; }
static void agent_down_79(void) { f.s.host.credentials.state = ANSWER_RESET; f.answer.state = ANSWER_RESET; }
static void agent_down_80(void) { f.s.host.credentials.state = ANSWER_REFUSED; f.answer.state = ANSWER_OK; }
static void agent_down_81(void) { f.s.host.credentials.state = ANSWER_OK; f.answer.state = ANSWER_REFUSED; }
static void token_named(enum file_state state, enum step_state step)
{
        f.p.env[ENV_VAR_TOKEN_FILE] = "/x";
        f.p.token_file = state;
        walked(PROVIDER_CONTAINER, step, REASON_OTHER);
}
static void token_file_82(void) { token_named(FILE_ABSENT, STEP_FAILED); }
static void token_file_83(void) { token_named(FILE_OK, STEP_FAILED); }
static void token_file_lines(void) { token_named(FILE_MALFORMED, STEP_FAILED); }
static void token_file_84(void) { f.p.token_file = FILE_ABSENT; walked(PROVIDER_CONTAINER, STEP_FAILED, REASON_OTHER); }
static void token_file_88(void) { token_named(FILE_UNREADABLE, STEP_STOPPED); }
static void token_file_89(void) { token_named(FILE_ABSENT, STEP_WINS); }
static void credentials_id_unknown_85(void) { f.answer = (struct answer){ ANSWER_STATUS, 400, NULL }; }
static void credentials_id_unknown_86(void) { f.answer = (struct answer){ ANSWER_STATUS, 500, NULL }; }
static void credentials_id_unknown_87(void) { f.answer = (struct answer){ ANSWER_STATUS, 302, NULL }; }

static const struct { const char *mechanism, *why; bool applies; void (*make)(void); } rows[] = {
        { "asks-imds", "its chain has the task role", true, requests_imds_0 },
        { "asks-imds", "nothing was denied", false, requests_imds_1 },
        { "asks-imds", "its row has no container step", false, requests_imds_2 },
        { "asks-imds", "its chain has failed there", false, requests_imds_3 },
        { "asks-imds", "denied as another", false, requests_imds_4 },
        { "static-keys-container", "", true, static_keys_container_5 },
        { "static-keys-container", "by the old name", true, static_keys_container_6 },
        { "static-keys-container", "by Amazon's name", true, static_keys_container_7 },
        { "static-keys-container", "of the process only", false, static_keys_container_8 },
        { "static-keys-container", "no first process", false, static_keys_container_9 },
        { "static-keys-container", "its environment not seen", false, static_keys_container_10 },
        { "static-keys-process", "", true, static_keys_process_11 },
        { "static-keys-process", "", false, static_keys_process_12 },
        { "java-properties", "", true, java_properties_13 },
        { "web-identity", "", true, web_identity_14 },
        { "profile-instance-source", "in the credentials file", true, profile_instance_source_15 },
        { "profile-instance-source", "in the config file", true, profile_instance_source_16 },
        { "profile-instance-source", "in neither", false, profile_instance_source_17 },
        { "profile-instance-source", "no profile wins", false, profile_instance_source_18 },
        { "named-profile", "a command", true, named_profile_19 },
        { "named-profile", "a signed-in user", true, named_profile_20 },
        { "named-profile", "by a property", true, named_profile_21 },
        { "named-profile", "a blank name", false, named_profile_22 },
        { "profile-file", "", true, profile_file_23 },
        { "profile-file", "", false, profile_file_24 },
        { "declared-role", "", true, declared_role_25 },
        { "declared-role", "the instance role wins", false, declared_role_26 },
        { "declared-role", "nothing is declared", false, declared_role_27 },
        { "execution-role", "", true, execution_role_28 },
        { "execution-role", "its kind is not known", false, execution_role_29 },
        { "execution-role", "not asked", false, execution_role_30 },
        { "execution-role", "by another variable", false, execution_role_31 },
        { "other-task", "", true, other_task_32 },
        { "other-task", "its own", false, other_task_33 },
        { "other-task", "not known whose", false, other_task_34 },
        { "other-task", "not asked", false, other_task_35 },
        { "other-task", "by another variable", false, other_task_36 },
        { "credentials-expired", "", true, credentials_expired_37 },
        { "credentials-expired", "", false, credentials_expired_38 },
        { "full-uri", "it wins", true, full_uri_39 },
        { "full-uri", "it fails", true, full_uri_40 },
        { "full-uri", "the endpoint fails", false, full_uri_41 },
        { "full-uri", "another step ends the chain", false, full_uri_42 },
        { "full-uri", "no step ends the chain", false, full_uri_43 },
        { "full-uri", "not set", false, full_uri_44 },
        { "service-endpoint", "by a property", true, service_endpoint_45 },
        { "service-endpoint", "not set", false, service_endpoint_46 },
        { "other-uri", "", true, other_uri_47 },
        { "half-key-pair", "", true, half_key_pair_48 },
        { "profile-error", "a profile", true, profile_error_49 },
        { "profile-error", "a command", true, profile_error_50 },
        { "profile-error", "a signed-in user", true, profile_error_51 },
        { "profile-error", "", false, profile_error_52 },
        { "profile-missing", "", true, profile_gone },
        { "profile-missing", "it is there", false, profile_there },
        { "profile-missing", "a file that cannot be read may have it", false, profile_unread },
        { "profile-missing", "none is named", false, profile_not_named },
        { "imds-hop-limit", "", true, hop_v1 },
        { "imds-hop-limit", "no version answers", false, hop_v1_refused },
        { "imds-hop-limit", "the program does not want IMDS", false, hop_disabled },
        { "imds-hop-limit", "its network is not known", false, hop_no_netns },
        { "imds-hop-limit", "a token comes", false, hop_token_comes },
        { "imds-hop-limit-required", "", true, hop_v1_refused },
        { "imds-hop-limit-required", "IMDSv1 answers", false, hop_v1 },
        { "imds-hop-limit-required", "a fault of the server", false, hop_other_status },
        { "imds-hop-limit-required", "IMDS is blocked", false, hop_blocked },
        { "web-identity-error", "", true, web_identity_error_53 },
        { "empty-uri", "", true, empty_uri_54 },
        { "empty-uri", "not there", false, empty_uri_55 },
        { "bad-uri", "", true, bad_uri_56 },
        { "bad-uri", "", false, bad_uri_57 },
        { "sdk-too-old", "", true, sdk_too_old_58 },
        { "sdk-too-old", "its step is off", true, sdk_too_old_59 },
        { "sdk-too-old", "it has the step, which failed", false, sdk_too_old_60 },
        { "sdk-too-old", "of no known SDK", false, sdk_too_old_61 },
        { "sdk-too-old", "one that knows it", false, sdk_too_old_62 },
        { "sdk-too-old", "without the variable", false, sdk_too_old_63 },
        { "sdk-sequential", "", true, sdk_sequential_64 },
        { "sdk-sequential", "its row has no container step", false, sdk_sequential_65 },
        { "sdk-sequential", "the step was off", false, sdk_sequential_66 },
        { "endpoint-through-proxy", "it ends the chain", true, endpoint_through_proxy_67 },
        { "endpoint-through-proxy", "it fails", true, endpoint_through_proxy_68 },
        { "endpoint-through-proxy", "it wins", false, endpoint_through_proxy_69 },
        { "endpoint-through-proxy", "for another reason", false, endpoint_through_proxy_70 },
        { "endpoint-through-proxy", "no such step", false, endpoint_through_proxy_71 },
        { "no-network", "", true, no_network_72 },
        { "no-network", "IMDS answers", false, no_network_73 },
        { "no-network", "the endpoint answers", false, no_network_74 },
        { "no-network", "the host's own", false, no_network_75 },
        { "no-network", "not seen", false, no_network_76 },
        { "agent-down", "refused", true, agent_down_77 },
        { "agent-down", "no answer", true, agent_down_78 },
        { "agent-down", "broken off", true, agent_down_79 },
        { "agent-down", "it answers there", false, agent_down_80 },
        { "agent-down", "it answers the host", false, agent_down_81 },
        { "token-file", "", true, token_file_82 },
        { "token-file", "it is there", false, token_file_83 },
        { "token-file", "it is there, with a line break", false, token_file_lines },
        { "token-file", "not set", false, token_file_84 },
        { "token-file", "it ends the chain", true, token_file_88 },
        { "token-file", "this SDK does not read it", false, token_file_89 },
        { "credentials-id-unknown", "", true, credentials_id_unknown_85 },
        { "credentials-id-unknown", "a fault of the server", false, credentials_id_unknown_86 },
        { "credentials-id-unknown", "a redirect", false, credentials_id_unknown_87 },
};

static void rows_apply_to_their_facts(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                const struct cause_row *row = cause_row_of(rows[i].mechanism);

                assert_non_null(row);
                begin();
                rows[i].make();
                if (cause_applies(row, &f.context) != rows[i].applies)
                        fail_msg("%s: %s", rows[i].mechanism, rows[i].why);
        }
}

/* ---- the names in sentences ---- */

static void detailed(enum step_state state, const char *detail)
{
        walked(PROVIDER_CONTAINER, state, REASON_OTHER);
        f.g.winner.walk[f.g.winner.n_walk - 1].detail = detail;
}
static void nothing(void) { }
static void files_named(const char *credentials, enum file_state state, const char *config)
{
        f.p.credentials = (struct profile_file){ .path = credentials, .state = state };
        f.p.config.path = config;
}
static void both_files(void) { files_named("/c", FILE_OK, "/d"); }
static void config_only(void) { files_named("/c", FILE_ABSENT, "/d"); }
static void credentials_unknown(void) { files_named("/c", FILE_UNKNOWN, NULL); }
static void no_path(void) { files_named(NULL, FILE_OK, NULL); }
static void old_key(void) { f.p.env[ENV_VAR_OLD_KEY_ID] = "AKIA"; }
static void blank_key(void) { f.p.env[ENV_VAR_KEY_ID] = " "; f.p.env[ENV_VAR_AMAZON_KEY_ID] = "AKIA"; }
static void step_wins(void) { detailed(STEP_FAILED, "first"); detailed(STEP_WINS, "second"); }
static void step_stops_silently(void) { detailed(STEP_STOPPED, NULL); }
static void steps_fail(void) { detailed(STEP_FAILED, "first"); detailed(STEP_FAILED, NULL); detailed(STEP_OFF, "third"); }
static void chain_error(void) { f.g.winner.error = "broken"; }
static void sdk_known(void) { f.g.sdk_name = "botocore"; f.g.winner.version = "1.34.0"; }
static void answer_is_bad(void) { f.answer.state = ANSWER_TIMEOUT; detailed(STEP_FAILED, "the token file"); }
static void answer_is_good(void) { f.answer.state = ANSWER_OK; detailed(STEP_FAILED, "the token file"); }
static void no_detail(void) { f.answer.state = ANSWER_OK; detailed(STEP_FAILED, NULL); }

static const struct { const char *template; void (*make)(void); const char *want; } sentences[] = {
        { "{file}", both_files, "/c" }, { "{file}", config_only, "/d" }, { "{file}", credentials_unknown, "/c" },
        { "{file}", no_path, "the profile file" }, { "{file}", nothing, "the profile file" },
        { "{keys}", nothing, "AWS_ACCESS_KEY_ID" }, { "{keys}", old_key, "AWS_ACCESS_KEY" }, { "{keys}", blank_key, "AMAZON_ACCESS_KEY_ID" },
        { "{detail}", step_wins, "second" }, { "{detail}", step_stops_silently, "this step ends the chain" }, { "{detail}", steps_fail, "first" },
        { "{detail}", chain_error, "broken" }, { "{detail}", nothing, "no step of the chain found credentials" },
        { "{title}", nothing, "the SDK" }, { "{sdk}", sdk_known, "botocore (boto3, AWS CLI v1) 1.34.0" }, { "{sdk}", nothing, "the SDK" },
        { "{failure}", answer_is_bad, "timed out" }, { "{failure}", answer_is_good, "the token file" }, { "{failure}", no_detail, "ok" },
        { "{failure}", nothing, "not requested" }, { "{profile}", nothing, "?" }, { "{nonsense} and {expected", nothing, "? and web" },
};

static void names_are_filled_in(void **state)
{
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(sentences); i++) {
                CLEANUP(arena_freep) struct arena *a = NULL;
                const char *got;

                begin();
                assert_int_equal(arena_new(1 << 16, &a), 0);
                f.index.a = a;
                sentences[i].make();
                got = cause_text(&f.context, sentences[i].template);
                if (!streq(got, sentences[i].want))
                        fail_msg("%s, row %zu: %s", sentences[i].template, i, got);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(names_are_filled_in), cmocka_unit_test(rows_apply_to_their_facts) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
