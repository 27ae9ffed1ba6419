/* The table in words: what `rolewatch chains` prints. A word for each value, in the order of its enum. */
#include <stddef.h>
#include "rows.h"

static const char *const presents[] = { "it exists, even empty", "it is not empty", "it is not blank" };
static const char *const remotes[] = {
        "either: a container variable rules IMDS out, even when the endpoint fails",
        "in sequence: IMDS is asked when the container endpoint fails"
};
static const char *const bads[] = { "an error", "neither the endpoint nor IMDS is asked" };
static const char *const disables[] = {
        "\"true\"", "\"true\" in any case", "anything but empty, even \"false\"",
        "anything but \"false\", even empty", "anything but \"false\" and empty"
};
static const char *const v1s[] = { "asked when no token can be had", "never asked",
                                   "asked when the token is refused, but not when none comes" };
static const char *const missings[] = { "stepped over", "an error of the profile step",
                                        "an error before any step" };
static const char *const configs[] = {
        "read", "read when AWS_SDK_LOAD_CONFIG is not empty",
        "read when AWS_SDK_LOAD_CONFIG is true (1, t, true)",
        "read unless AWS_SDK_CONFIG_OPT_OUT is set", "not read"
};
static const char *const sources[] = {
        "as it says", "by the container variables, whichever of the two it names", "not known",
        "Ec2InstanceMetadata and Environment; EcsContainer is not known"
};
static const char *const web_profiles[] = {
        "nothing", "each value that the environment lacks",
        "all, where the environment is not whole",
        "all, where the environment is not whole, of the profile that the first variable names"
};
static const char *const jvms[] = { "none", "keys only", "keys, URIs, profile and switches" };
static const char *const yes_no[] = { "no", "yes" };
static const char *const uri_first[] = { "RELATIVE_URI", "FULL_URI" };
static const char *const token_first[] = { "the file", "the text" };
static const char *const host_names[] = { "localhost", "127.0.0.0/8", "127.0.0.1", "[::1]",
                                          "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",
                                          "any by https", "any" };

enum trait_kind { WORD, FLAG, HOSTS, VARIABLES, VERSION };
struct trait {
        const char *name, *meaning;
        enum trait_kind kind;
        size_t offset;
        const char *const *words;
        size_t n;
};
#define AT(member) offsetof(struct chain_row, member)
#define WORDS(member, name, meaning, words) { name, meaning, WORD, AT(member), words, ARRAY_SIZE(words) }
#define YES(member, name, meaning) { name, meaning, FLAG, AT(member), yes_no, 2 }
#define EITHER(member, name, meaning, words) { name, meaning, FLAG, AT(member), words, 2 }
#define SINCE(member, name, meaning) { name, meaning, VERSION, AT(since.member), NULL, 0 }
#define LIST(member, name, meaning, n) { name, meaning, VARIABLES, AT(member), NULL, n }

static const struct trait traits[] = {
        WORDS(remote, "remote", "container endpoint and IMDS", remotes),
        WORDS(rel_present, "relativeSet", "RELATIVE_URI counts when", presents),
        WORDS(full_present, "fullSet", "FULL_URI counts when", presents),
        EITHER(full_first, "uriFirst", "where both URIs are set, first", uri_first),
        YES(empty_rel_is_none, "emptyRelativeIsNone", "an empty RELATIVE_URI leaves no error"),
        { "hosts", "FULL_URI may name", HOSTS, AT(hosts), NULL, 0 },
        { "hostsBefore", "FULL_URI might name, before", HOSTS, AT(hosts_before), NULL, 0 },
        WORDS(bad, "badUri", "a URI no request can be made of", bads),
        YES(container_error_is_none, "endpointErrorIsLost", "the endpoint's error is lost"),
        YES(container_proxy, "endpointByProxy", "http_proxy serves the container endpoint, too"),
        EITHER(tok_first, "tokenFirst", "of token and token file, first", token_first),
        YES(token_file_always, "tokenFileAlways", "an unreadable token file fails without any URI"),
        YES(token_file_full_only, "tokenFileFullOnly", "the token file counts for FULL_URI only"),
        YES(token_file_throws, "tokenFileThrows", "an unreadable token file ends the chain"),
        WORDS(dis, "disabledBy", "AWS_EC2_METADATA_DISABLED works by", disables),
        WORDS(v1, "imdsV1", "IMDSv1", v1s),
        YES(v1dis_fails, "v1DisabledFails", "no token and V1_DISABLED is an error of the chain"),
        YES(imds_proxy, "imdsByProxy", "http_proxy serves IMDS, too"),
        LIST(ak, "keyIdVariables", "key id from", 3),
        LIST(sk, "secretVariables", "secret from", 3),
        WORDS(env_present, "keysSet", "a key variable counts when", presents),
        YES(first_existing, "firstExisting", "the first variable that exists counts, even empty"),
        YES(ak_alone_fails, "keyIdAloneFails", "a key id without its secret is an error"),
        LIST(profile_vars, "profileVariables", "profile named by", 2),
        YES(default_profile_var_needs_loadcfg, "defaultProfileNeedsLoadConfig",
            "AWS_DEFAULT_PROFILE needs AWS_SDK_LOAD_CONFIG"),
        YES(named_profile_beats_env, "namedProfileBeatsKeys",
            "a named profile goes before keys of the environment"),
        WORDS(missing, "missingProfile", "a named profile that is missing is", missings),
        YES(malformed_fatal, "malformedFails", "a malformed profile file is an error before any step"),
        YES(env_keys_spare_files, "keysSpareFiles",
            "... not where keys of the environment are whole and no profile is named"),
        YES(half_profile_fatal, "halfProfileFails", "half a key pair in the profile is one, too"),
        YES(missing_source_fatal, "missingSourceFails",
            "a source_profile that is not there is one, too"),
        WORDS(config, "configFile", "~/.aws/config is", configs),
        YES(scf_needs_loadcfg, "credentialsFileVariableNeedsLoadConfig",
            "AWS_SHARED_CREDENTIALS_FILE needs AWS_SDK_LOAD_CONFIG"),
        YES(loadcfg_needs_files, "loadConfigNeedsFiles",
            "AWS_SDK_LOAD_CONFIG without a config file fails the profile step"),
        YES(profile_role_needs_loadcfg, "roleNeedsLoadConfig", "role_arn needs AWS_SDK_LOAD_CONFIG"),
        YES(role_alone_remote, "roleAloneIsRemote",
            "role_arn without a source takes container or IMDS credentials"),
        WORDS(source, "credentialSource", "credential_source is carried out", sources),
        YES(source_relative_only, "containerSourceRelativeOnly",
            "credential_source EcsContainer knows RELATIVE_URI only"),
        YES(source_lone_ends, "containerSourceEnds",
            "credential_source EcsContainer without any URI ends the chain"),
        YES(source_ignores_disabled, "sourceIgnoresDisabled",
            "AWS_EC2_METADATA_DISABLED does not bind credential_source"),
        YES(own_keys_assume, "ownKeysAssume", "keys of the profile itself go before its other sources"),
        YES(role_alone_static, "roleAloneIsNoRole", "role_arn without a source is not looked at"),
        YES(profiles_replace, "profilesReplace",
            "a profile of the credentials file replaces the config file's"),
        YES(opt_out_keys_only, "optOutLeavesKeys", "AWS_SDK_CONFIG_OPT_OUT leaves only keys of profiles"),
        WORDS(web_profile, "webIdentityProfile", "the web-identity step reads of the profile",
              web_profiles),
        YES(web_identity_needs_role, "webIdentityNeedsRole", "a token file without role is an error"),
        YES(profile_web_identity, "profileWebIdentity", "the profile step knows web identity"),
        YES(sso, "sso", "the profile step knows SSO"),
        YES(process, "process", "the profile step knows credential_process"),
        WORDS(jvm, "systemProperties", "Java system properties", jvms),
        YES(sticky, "sticky", "what once worked is asked until restart"),
        SINCE(container, "sinceContainer", "RELATIVE_URI since"),
        SINCE(full, "sinceFull", "FULL_URI since"),
        SINCE(token_file, "sinceTokenFile", "token file and EKS hosts since"),
        SINCE(https, "sinceHttps", "https hosts since"),
        SINCE(web_identity, "sinceWebIdentity", "web identity since"),
        SINCE(imds_v2, "sinceImdsV2", "IMDSv2 since"),
        SINCE(disabled, "sinceDisabled", "AWS_EC2_METADATA_DISABLED since"),
        SINCE(v1_disabled, "sinceV1Disabled", "AWS_EC2_METADATA_V1_DISABLED since"),
        SINCE(load_config, "sinceLoadConfig", "AWS_SDK_LOAD_CONFIG since"),
        SINCE(config_alone, "sinceConfigAlone", "a config file alone is enough since"),
        SINCE(profiles_merged, "sinceProfilesMerged", "the two files are merged since"),
        SINCE(profile_identity, "sinceProfileIdentity", "web identity of the profile since"),
};

static const char *hosts_text(struct arena *a, unsigned hosts)
{
        CLEANUP(text_done) struct text t = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(host_names); i++)
                if (hosts & (1u << i))
                        text_addf(&t, "%s%s", t.len ? ", " : "", host_names[i]);
        return t.failed ? NULL : arena_dup(a, t.s ? t.s : "none");
}

static const char *variables_text(struct arena *a, const enum env_var *list, size_t n)
{
        CLEANUP(text_done) struct text t = { 0 };

        for (size_t i = 0; i < n && list[i] != ENV_VAR_MAX; i++)
                text_addf(&t, "%s%s", t.len ? ", then " : "", env_name(list[i]));
        return t.failed ? NULL : arena_dup(a, t.s ? t.s : "none");
}

bool chain_row_trait(const struct chain_row *r, size_t i, struct arena *a, struct chain_trait *ret)
{
        const struct trait *t = &traits[i];
        const char *at;

        if (i >= ARRAY_SIZE(traits))
                return false;
        at = (const char *)r + t->offset;
        *ret = (struct chain_trait){ .name = t->name, .meaning = t->meaning };
        switch (t->kind) {
        case WORD:
                ret->value = t->words[*(const unsigned *)(const void *)at];
                break;
        case FLAG:
                ret->value = t->words[*(const bool *)at];
                ret->usual = !*(const bool *)at && t->words == yes_no;
                break;
        case HOSTS:
                ret->value = hosts_text(a, *(const unsigned *)(const void *)at);
                ret->usual = *(const unsigned *)(const void *)at == 0;
                break;
        case VARIABLES:
                ret->value = variables_text(a, (const enum env_var *)(const void *)at, t->n);
                break;
        case VERSION:
                ret->value = *(const char *const *)(const void *)at;
                ret->usual = ret->value == NULL;
                ret->value = streq(ret->value, "-") ? "never" : ret->value;
                break;
        }
        return true;
}

const char *chain_row_steps(const struct chain_row *r, struct arena *a)
{
        CLEANUP(text_done) struct text t = { 0 };

        for (const struct step *s = r->steps; s->kind != S_END; s++) {
                bool either = s->kind == S_IMDS && r->remote == XOR && chain_row_has_container(r);

                text_addf(&t, "%s%s%s", !t.len ? "" : either ? " ^ " : " > ",
                          chain_step_word(s->kind), s->hard ? "!" : "");
        }
        return t.failed || !t.s ? NULL : arena_dup(a, t.s);
}
