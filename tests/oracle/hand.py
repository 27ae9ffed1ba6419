"""Cases beyond the factors of cases.py, made by hand: where files lie, how they are written, settings that are broken, and providers
whose answer is refused. Each has the reason why it is here. A case is a value of the factor "hand": `run --set hand` runs all of
them, `run --case hand=NAME` one.

Files are named as cases.py names them; a name with a slash is a path below HOME, None in place of a text a directory. A variable
that is None is not set at all. Texts may say {home}.
"""
import hashlib
import json

from cases import CLOSED_PORT, FULL, FULL_ID, KEYS, REL, SECRET, SIDECAR_PORT, TOK, TOKF, keys_of, role_arn

JWT = "eyJhbGciOiJub25lIn0.e30."
WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/jwt", "AWS_ROLE_ARN": role_arn("webIdentityRole")}
STATIC = {"AWS_ACCESS_KEY_ID": KEYS["ENVIRONMENT"], "AWS_SECRET_ACCESS_KEY": SECRET}
CREDENTIALS, CONFIG = keys_of("default", "CREDDEFAULT"), keys_of("default", "CONFDEFAULT")
NAMED = {"AWS_PROFILE": "batch"}
BATCH = keys_of("batch", "CREDNAMED")
BATCH_CONFIG = keys_of("profile batch", "CONFNAMED")
BASE = keys_of("base", "SOURCE")
SSO = "sso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = ssoRole\n"
PROXY = {"http_proxy": "http://127.0.0.1:%d" % CLOSED_PORT}
NO_URI = {REL: None}
LOGIN = "arn:aws:iam::111122223333:user/y"
LOGIN_TOKEN = json.dumps({
    "accessToken": {"accessKeyId": KEYS["ELSEWHERE"], "secretAccessKey": SECRET, "sessionToken": "token", "accountId": "111122223333",
                    "expiresAt": "2099-01-01T00:00:00Z"},
    "tokenType": "aws_sigv4", "refreshToken": "refresh", "idToken": "id", "clientId": "client", "dpopKey": "key"})

HAND = {}


def hand(name, why, env=(), modes=(), **world):
    """files, endpoint, imds, uid are attributes of Built; facts are what only rolewatch is told; why is for people."""
    assert name not in HAND and why

    def apply(b):
        b.env.update(env)
        if REL in env:
            b.rel_key = None
        for path, text in world.get("files", {}).items():
            b.file(path, text, dict(modes).get(path, 0o644))
        b.facts.update(world.get("facts", {}))
        for attribute in ("endpoint", "imds", "uid"):
            setattr(b, attribute, world.get(attribute, getattr(b, attribute)))
    HAND[name] = apply


def section(head, *lines):
    return "\n".join((head,) + lines) + "\n"


def role(*lines, head="[default]"):
    return section(head, "role_arn = " + role_arn("assumedRole"), *lines)


def pair(key, form="%s = %s", head="[default]"):
    return section(head, form % ("aws_access_key_id", KEYS[key]), form % ("aws_secret_access_key", SECRET))


def uri(url, **env):
    return {REL: None, FULL: url, **env}


# ---- where files are found ----
CONFIG_AT, CREDENTIALS_AT = "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"
hand("file-config-mounted", "a config file mounted elsewhere is what AWS_CONFIG_FILE is for", {CONFIG_AT: "{home}/etc/aws.ini"}, files={"etc/aws.ini": CONFIG})
hand("file-credentials-gone", "a variable that names no file hides the usual file", {CREDENTIALS_AT: "{home}/nowhere"}, files={"credentials": CREDENTIALS})
hand("file-credentials-var-blank", "a template that set nothing leaves the variable empty", {CREDENTIALS_AT: ""}, files={"credentials": CREDENTIALS})
hand("file-config-var-blank", "the same for the config file", {CONFIG_AT: ""}, files={"config": CONFIG})
hand("file-credentials-tilde", "no shell expands ~ in a task definition", {CREDENTIALS_AT: "~/mine"}, files={"mine": CREDENTIALS})
hand("file-config-relative", "a path relative to the working directory", {CONFIG_AT: "mine"}, files={"mine": CONFIG})
hand("file-credentials-folder", "a volume mounted where a file should be", files={"credentials": None})
hand("file-config-folder", "the same for the config file", files={"config": None})
hand("file-config-closed", "a file that another user owns", files={"config": CONFIG}, modes={"config": 0})
hand("file-home-unset", "HOME unset: the home of /etc/passwd counts", {"HOME": None}, files={"credentials": CREDENTIALS})
hand("file-home-blank", "HOME empty", {"HOME": ""}, files={"credentials": CREDENTIALS})
hand("file-home-slash", "a slash at the end of HOME", {"HOME": "{home}/"}, files={"credentials": CREDENTIALS})
for name, files in {"gone": {"credentials": CREDENTIALS}, "moved": {"credentials": CREDENTIALS, "java/.aws/credentials": keys_of("default", "ELSEWHERE")}}.items():
    hand("file-java-home-" + name, "the home folder of Java is not HOME", {"JAVA_TOOL_OPTIONS": "-Duser.home={home}/java"}, files=files,
         facts={"prop": {"user.home": "{home}/java"}})
hand("file-uid-unknown", "a user without an entry in /etc/passwd", uid=34567, files={"credentials": CREDENTIALS}, facts={"passwdHome": "none"})
hand("file-credentials-empty", "an empty file is no error", files={"credentials": "\n"})

# ---- which profile ----
hand("profile-var-blank", "AWS_PROFILE set but empty", {"AWS_PROFILE": ""}, files={"credentials": CREDENTIALS})
hand("profile-var-blank-keys", "the same, with keys in the environment", {"AWS_PROFILE": "", **STATIC})
hand("profile-second-var-blank", "AWS_DEFAULT_PROFILE set but empty", {"AWS_DEFAULT_PROFILE": ""}, files={"credentials": CREDENTIALS})
hand("profile-name-space-before", "a blank before the name", {"AWS_PROFILE": " batch"}, files={"credentials": BATCH})
hand("profile-name-capital", "names differ by case", {"AWS_PROFILE": "BATCH"}, files={"credentials": BATCH})
hand("profile-default-named-nothing", "the default profile named, and no files", {"AWS_PROFILE": "default"})
hand("profile-default-named", "the default profile named", {"AWS_PROFILE": "default"}, files={"config": CONFIG})
hand("profile-missing-with-keys", "a missing profile beside keys in the environment", {**NAMED, **STATIC})
hand("profile-vars-first-missing", "two variables, one of them names nothing", {"AWS_DEFAULT_PROFILE": "gone", **NAMED}, files={"credentials": BATCH})
hand("profile-region-only", "a profile without credentials", NAMED, files={"config": section("[profile batch]", "region = eu-west-1"), "credentials": CREDENTIALS})
hand("profile-named-half", "a named profile with half a key pair", NAMED, files={"credentials": keys_of("batch", "CREDNAMED", None) + CREDENTIALS})
hand("profile-no-prefix", "a section of the config file without the word profile", NAMED, files={"config": BATCH})
hand("profile-prefix-in-credentials", "a section of the credentials file with the word profile", NAMED, files={"credentials": BATCH_CONFIG})
hand("profile-default-twice-plain-first", "[default] and then [profile default]", files={"config": CONFIG + keys_of("profile default", "CONFNAMED")})
hand("profile-default-twice-plain-last", "[profile default] and then [default]", files={"config": keys_of("profile default", "CONFNAMED") + CONFIG})
hand("profile-pair-in-two-files", "half of the key pair in each file", files={
    "credentials": keys_of("default", "CREDDEFAULT", None), "config": section("[default]", "aws_secret_access_key = " + SECRET)})
hand("profile-half-beside-whole", "half a pair in the credentials file, a whole one in the config file", files={
    "credentials": keys_of("default", "CREDDEFAULT", None), "config": CONFIG})
hand("profile-quoted", "a name in double quotes", NAMED, files={"config": pair("CONFNAMED", head='[profile "batch"]')})
hand("profile-quoted-single", "a name in single quotes", NAMED, files={"config": pair("CONFNAMED", head="[profile 'batch']")})
hand("profile-quoted-blank", "a name with a blank in it", {"AWS_PROFILE": "night batch"}, files={"config": pair("CONFNAMED", head='[profile "night batch"]')})
hand("profile-blank-unquoted", "the same without quotes", {"AWS_PROFILE": "night batch"}, files={"config": pair("CONFNAMED", head="[profile night batch]")})
hand("profile-tab-prefix", "a tab after the word profile", NAMED, files={"config": pair("CONFNAMED", head="[profile\tbatch]")})
hand("profile-wide-prefix", "two blanks after the word profile", NAMED, files={"config": pair("CONFNAMED", head="[profile  batch]")})

# ---- how profile files are written ----
hand("ini-head-blanks", "blanks inside the brackets", files={"credentials": pair("CREDDEFAULT", head="[ default ]")})
hand("ini-head-comment", "a comment after the brackets", files={"credentials": pair("CREDDEFAULT", head="[default] ; ours")})
hand("ini-head-text", "text after the brackets", files={"credentials": pair("CREDDEFAULT", head="[default]]")})
hand("ini-head-indented", "a blank before the brackets", files={"credentials": pair("CREDDEFAULT", head=" [default]")})
hand("ini-head-capital", "names of sections differ by case", files={"credentials": pair("CREDDEFAULT", head="[DEFAULT]")})
hand("ini-head-twice", "the same section twice, in the credentials file", files={"credentials": CREDENTIALS + keys_of("default", "CREDNAMED")})
hand("ini-head-twice-elsewhere", "another section twice", files={"credentials": CREDENTIALS + BATCH + BATCH})
hand("ini-key-twice", "the same key twice", files={"config": section("[default]", "aws_access_key_id = " + KEYS["SOURCE"]) + CONFIG.partition("\n")[2]})
hand("ini-key-capitals", "keys in capitals, as in an env file", files={"credentials": pair("CREDDEFAULT").replace("aws_access_key_id", "AWS_ACCESS_KEY_ID").replace("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY")})
hand("ini-key-colon", "a colon in place of the equals sign", files={"credentials": pair("CREDDEFAULT", "%s: %s")})
hand("ini-key-tight", "no blanks around the equals sign", files={"credentials": pair("CREDDEFAULT", "%s=%s")})
hand("ini-keys-indented", "a YAML block scalar that was indented", files={"credentials": pair("CREDDEFAULT", "    %s = %s")})
hand("ini-keys-indented-config", "the same for the config file", files={"config": pair("CONFDEFAULT", "    %s = %s")})
hand("ini-keys-stairs", "the second key is indented deeper than the first", files={"config": section("[default]", "aws_access_key_id = " + KEYS["CONFDEFAULT"], "    aws_secret_access_key = " + SECRET)})
hand("ini-nested", "nested settings are no keys of the profile", files={"config": section("[default]", "s3 =", "  aws_access_key_id = " + KEYS["SOURCE"], "  addressing_style = path")})
hand("ini-bom", "a byte order mark, as editors of Windows write it", files={"credentials": "\ufeff" + CREDENTIALS})
hand("ini-crlf", "line ends of Windows", files={"credentials": CREDENTIALS.replace("\n", "\r\n")})
hand("ini-cr", "line ends of old Macintoshes", files={"credentials": CREDENTIALS.replace("\n", "\r")})
hand("ini-not-utf8", "a comment in Latin-1", files={"credentials": CREDENTIALS + "; gr\udcfc\udcdfe\n"})
hand("ini-not-utf8-config", "the same in the config file", files={"config": "; gr\udcfc\udcdfe\n" + CONFIG})
hand("ini-comment-hash", "a comment after a value, with #", files={"config": section("[default]", "credential_source = EcsContainer # ours") + "role_arn = " + role_arn("assumedRole") + "\n"})
hand("ini-comment-semicolon", "a comment after a value, with ;", files={"config": role("credential_source = EcsContainer ; ours")})
hand("ini-comment-tight", "# without a blank before it belongs to the value", {"AWS_PROFILE": "x"}, files={"config": role("source_profile = base#1", head="[profile x]"), "credentials": keys_of("base#1", "SOURCE")})
hand("ini-value-quoted", "a value in quotes", files={"config": role('credential_source = "EcsContainer"')})
hand("ini-value-empty", "keys without values in the credentials file", files={"credentials": section("[default]", "aws_access_key_id =", "aws_secret_access_key ="), "config": CONFIG})
hand("ini-no-head", "keys without a section", files={"credentials": pair("CREDDEFAULT").partition("\n")[2]})
hand("ini-key-before-head", "a key before the first section", files={"config": "output = json\n" + CONFIG})
hand("ini-line-without-equals", "a line that is no setting", files={"credentials": CREDENTIALS + "and so on\n"})
hand("ini-equals-alone", "a setting without a name", files={"config": CONFIG + "= x\n"})
hand("ini-head-open", "a bracket that is never closed", files={"credentials": CREDENTIALS + "[other\n"})
hand("ini-punctuation", "characters that mean something to PHP's parser", files={"credentials": CREDENTIALS + "note(1) = {a|b}\n"})

# ---- roles and their sources ----
hand("role-base-config", "the source in the config file", files={"config": role("source_profile = base") + keys_of("profile base", "SOURCE")})
hand("role-two-steps", "a source that assumes a role itself", files={
    "config": role("source_profile = middle") + section("[profile middle]", "role_arn = " + role_arn("middleRole"), "source_profile = base"), "credentials": BASE})
hand("role-circle", "three profiles that name each other", files={"config": role("source_profile = a") + role("source_profile = b", head="[profile a]") + role("source_profile = a", head="[profile b]")})
hand("role-itself", "a profile that is its own source", files={"config": role("source_profile = default"), "credentials": CREDENTIALS})
hand("role-itself-no-keys", "the same without keys", files={"config": role("source_profile = default")})
hand("role-keys-beside", "keys and a role without a source in one profile", files={"config": role(*CONFIG.splitlines()[1:])})
hand("role-source-runs-process", "a source with credential_process", files={"config": role("source_profile = base") + section("[profile base]", "credential_process = {home}/process")})
hand("role-source-has-web-identity", "a source with web identity", files={
    "config": role("source_profile = base") + section("[profile base]", "role_arn = " + role_arn("baseRole"), "web_identity_token_file = {home}/jwt"), "jwt": JWT})
hand("role-source-has-sso", "a source that signs in with SSO", files={"config": role("source_profile = base") + section("[profile base]", "sso_start_url = https://sso.example/start", SSO)})
hand("role-source-by-container", "a source that takes the task role", files={"config": role("source_profile = base") + role("credential_source = EcsContainer", head="[profile base]")})
hand("role-source-bare", "a source that has nothing", files={"config": role("source_profile = base") + section("[profile base]", "output = json")})
hand("role-source-disabled", "IMDS disabled, and named as the source of a role", {"AWS_EC2_METADATA_DISABLED": "true"},
     files={"config": role("credential_source = Ec2InstanceMetadata")})
hand("role-both-sources", "source_profile and credential_source", files={"config": role("source_profile = base", "credential_source = EcsContainer"), "credentials": BASE})
hand("role-token-and-source", "a token file and source_profile", files={"config": role("source_profile = base", "web_identity_token_file = {home}/jwt"), "credentials": BASE, "jwt": JWT})
hand("role-source-lower-case", "credential_source in lower case", files={"config": role("credential_source = environment")}, env=STATIC)
hand("role-source-without-role", "credential_source without role_arn", files={"config": section("[default]", "credential_source = Ec2InstanceMetadata")})
hand("role-environment-named", "a named profile that assumes its role with the environment's keys", {**NAMED, **STATIC}, files={"config": role("credential_source = Environment", head="[profile batch]")})
hand("role-mfa", "a role that asks for a second factor", files={"config": role("source_profile = base", "mfa_serial = arn:aws:iam::111122223333:mfa/x"), "credentials": BASE})

# ---- providers that need something beside the file ----
hand("sso-not-signed-in", "SSO without a cached token", files={"config": section("[default]", "sso_start_url = https://sso.example/start", SSO)})
hand("sso-session-not-signed-in", "the same with a session", files={
    "config": section("[default]", "sso_session = corp", SSO) + section("[sso-session corp]", "sso_start_url = https://sso.example/start", "sso_region = eu-west-1")})
hand("sso-session-undefined", "a session that is not defined", files={"config": section("[default]", "sso_session = corp", SSO)})
hand("sso-account-only", "an account without a URL", files={"config": section("[default]", "sso_account_id = 111122223333")})
hand("sso-url-only", "a URL without an account", files={"config": section("[default]", "sso_start_url = https://sso.example/start", "sso_region = eu-west-1")})
hand("sso-and-pair", "SSO and keys in one profile", files={"config": section("[default]", "sso_start_url = https://sso.example/start", SSO) + CONFIG.partition("\n")[2]})
hand("sso-and-process", "SSO and a process in one profile", files={"config": section("[default]", "credential_process = {home}/process", "sso_start_url = https://sso.example/start", SSO)})
hand("login-not-signed-in", "a login session without a token", files={"config": section("[default]", "login_session = " + LOGIN)})
hand("login-signed-in", "a login session with a token that is cached and valid", files={"config": section("[default]", "login_session = " + LOGIN),
     ".aws/login/cache/%s.json" % hashlib.sha256(LOGIN.encode()).hexdigest(): LOGIN_TOKEN}, facts={"signedIn": True})
hand("login-and-pair", "a login session and keys", files={"config": section("[default]", "login_session = " + LOGIN), "credentials": CREDENTIALS})
hand("process-exit-1", "a process that fails", files={"config": section("[default]", "credential_process = /bin/false")})
hand("process-text", "a process that prints no JSON", files={"credentials": section("[default]", "credential_process = /bin/echo ready")})
hand("process-absent", "a process that is not there", files={"config": section("[default]", "credential_process = /opt/none/keys")})
hand("process-bare", "a process that prints static keys: no session token, no expiration", files={
    "config": section("[default]", "credential_process = {home}/bare"),
    "bare": "#!/bin/sh\necho '{\"Version\": 1, \"AccessKeyId\": \"%s\", \"SecretAccessKey\": \"%s\"}'\n" % (KEYS["PROCESS"], SECRET)}, modes={"bare": 0o755})
hand("process-two-files", "a process in one file, keys in the other", files={"credentials": section("[default]", "credential_process = {home}/process"), "config": CONFIG})

# ---- web identity ----
hand("web-role-only", "AWS_ROLE_ARN alone is no web identity", {"AWS_ROLE_ARN": WEB["AWS_ROLE_ARN"]})
hand("web-role-blank", "a token file with an empty role", {**WEB, "AWS_ROLE_ARN": ""}, files={"jwt": JWT})
hand("web-file-blank", "a role with an empty token file variable", {**WEB, "AWS_WEB_IDENTITY_TOKEN_FILE": ""})
hand("web-token-closed", "a token file that the user may not read", WEB, files={"jwt": JWT}, modes={"jwt": 0})
hand("web-token-folder", "a folder in place of the token", WEB, files={"jwt": None})
hand("web-token-empty", "a token file without a token", WEB, files={"jwt": ""})
hand("web-beside-named", "a named profile beside web identity", {**WEB, **NAMED}, files={"jwt": JWT, "credentials": BATCH})
hand("web-profile-no-token", "a profile whose token file is not there", files={"config": role("web_identity_token_file = {home}/jwt")})
hand("web-keys-in-profile", "web identity and keys in one profile", files={"config": role("web_identity_token_file = {home}/jwt", *CONFIG.splitlines()[1:]), "jwt": JWT})

# ---- static keys in the environment ----
hand("env-session-token-only", "a session token without keys", {"AWS_SESSION_TOKEN": "x"})
hand("env-past-expiration", "keys that expired", {**STATIC, "AWS_SESSION_TOKEN": "x", "AWS_CREDENTIAL_EXPIRATION": "2021-03-04T05:06:07Z"})
hand("env-nonsense-expiration", "an expiration that is no time", {**STATIC, "AWS_CREDENTIAL_EXPIRATION": "soon"})
hand("env-future-expiration", "keys that have not expired", {**STATIC, "AWS_SESSION_TOKEN": "x", "AWS_CREDENTIAL_EXPIRATION": "2199-01-01T00:00:00Z"})
hand("env-key-blank-after", "a blank after the key id", {**STATIC, "AWS_ACCESS_KEY_ID": KEYS["ENVIRONMENT"] + " "})
hand("env-secret-newline", "a newline after the secret, as from a file", {**STATIC, "AWS_SECRET_ACCESS_KEY": SECRET + "\n"})

# ---- the container endpoint ----
hand("token-newline", "a token that ends in a newline", {TOK: "Basic eA==\n"})
hand("token-newline-full", "the same with FULL_URI", uri("http://127.0.0.1:%d/keys" % SIDECAR_PORT, **{TOK: "Basic eA==\n"}))
hand("token-file-newline", "a token file that ends in a newline", uri("http://127.0.0.1:%d/keys" % SIDECAR_PORT, **{TOKF: "{home}/token"}), files={"token": "Basic eA==\n"})
hand("token-file-newline-relative", "the same with RELATIVE_URI", {TOKF: "{home}/token"}, files={"token": "Basic eA==\n"})
hand("token-file-empty", "a token file without a token", uri("http://127.0.0.1:%d/keys" % SIDECAR_PORT, **{TOKF: "{home}/token"}), files={"token": ""})
hand("token-file-var-blank", "the variable of the token file is empty", {TOKF: ""})
hand("token-file-closed", "a token file that the user may not read", uri("http://127.0.0.1:%d/keys" % SIDECAR_PORT, **{TOKF: "{home}/token"}), files={"token": "x"}, modes={"token": 0})
for name, host in (("loop6", "[::1]"), ("eks6", "[fd00:ec2::23]"), ("user", "a:b@localhost"), ("dot", "localhost."),
                   ("capitals", "LOCALHOST"), ("short", "127.1"), ("name", "sidecar.local"), ("unspecified", "0.0.0.0")):
    hand("full-" + name, "a host that stands for the container itself, or nearly", uri("http://%s:%d/keys" % (host, SIDECAR_PORT)))
hand("full-no-path", "FULL_URI without a path", uri("http://169.254.170.2"))
hand("full-other-port", "the agent's address with another port", uri("http://169.254.170.2:8181/v2/credentials/" + FULL_ID))
hand("full-scheme", "a scheme that nobody speaks", uri("gopher://localhost:%d/keys" % SIDECAR_PORT))
hand("full-upper-scheme", "the scheme in capitals", uri("HTTP://localhost:%d/keys" % SIDECAR_PORT))
hand("relative-two-slashes", "a path that begins with two slashes", {REL: "//v2/credentials/role-of-the-task"})
hand("relative-newline", "a newline after the path", {REL: "/v2/credentials/role-of-the-task\n"})

# ---- settings of IMDS ----
IMDS_AT, MODE, OFF1 = "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "AWS_EC2_METADATA_V1_DISABLED"
hand("imds-endpoint-nobody", "an endpoint where nobody answers", {**NO_URI, IMDS_AT: "http://127.0.0.1:%d" % CLOSED_PORT})
hand("imds-endpoint-usual", "the usual endpoint, written out", {**NO_URI, IMDS_AT: "http://169.254.169.254/"})
hand("imds-endpoint-six", "the endpoint of IPv6, written out", {**NO_URI, IMDS_AT: "http://[fd00:ec2::254]/"})
hand("imds-endpoint-profile", "an endpoint in the profile", NO_URI, files={"config": section("[default]", "ec2_metadata_service_endpoint = http://127.0.0.1:%d" % CLOSED_PORT)})
hand("imds-mode-lower", "the mode in lower case", {**NO_URI, MODE: "ipv6"})
hand("imds-mode-wrong", "a mode that does not exist", {**NO_URI, MODE: "IPv5"})
hand("imds-mode-wrong-relative", "the same while the task has a role", {MODE: "IPv5"})
hand("imds-mode-wrong-keys", "the same while the environment has keys", {MODE: "IPv5", **STATIC})
hand("imds-mode-wrong-profile", "a mode that does not exist, in the profile", files={"config": section("[default]", "ec2_metadata_service_endpoint_mode = IPv5")})
hand("imds-attempts-wrong", "a number of attempts that is none", {**NO_URI, "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "three"})
hand("imds-attempts-wrong-relative", "the same while the task has a role", {"AWS_METADATA_SERVICE_NUM_ATTEMPTS": "three"})
hand("imds-timeout-wrong", "a timeout with a unit", {**NO_URI, "AWS_METADATA_SERVICE_TIMEOUT": "5s"})
for value in ("True", "yes", "1", "", "FALSE"):
    hand("imds-v1-off-%s" % (value or "blank"), "the spellings of the switch of IMDSv1", {**NO_URI, OFF1: value}, imds="hop-1")
    hand("imds-off-%s" % (value or "blank"), "the spellings of the switch of IMDS", {**NO_URI, "AWS_EC2_METADATA_DISABLED": value})
hand("imds-v1-off-wrong-relative", "a switch that is neither true nor false, while the task has a role", {OFF1: "1"})
hand("imds-v1-off-profile", "the switch in the profile", NO_URI, imds="hop-1", files={"config": section("[default]", "ec2_metadata_v1_disabled = true")})

# ---- proxies ----
for name, values in {
        "range": {"no_proxy": "169.254.0.0/16"}, "range-other": {"no_proxy": "10.0.0.0/8,172.16.0.0/12"}, "all": {"no_proxy": "*"},
        "all-in-list": {"no_proxy": "localhost,*"}, "ports": {"no_proxy": "169.254.169.254:80,169.254.170.2:80"},
        "blanks": {"no_proxy": " 169.254.169.254 , 169.254.170.2 "}, "part": {"no_proxy": "69.254.169.25,9.254.170."},
        "end": {"no_proxy": "169.254,170.2"}, "end-dot": {"no_proxy": ".169.254,.170.2"}, "star-part": {"no_proxy": "169.254.169.*,169.254.170.*"},
        "upper-only": {"NO_PROXY": "169.254.169.254,169.254.170.2"}, "upper-differs": {"NO_PROXY": "localhost", "no_proxy": "169.254.169.254,169.254.170.2"},
        "lower-differs": {"no_proxy": "localhost", "NO_PROXY": "169.254.169.254,169.254.170.2"}, "lower-blank": {"no_proxy": "", "NO_PROXY": "169.254.169.254,169.254.170.2"}}.items():
    hand("proxy-%s-imds" % name, "a spelling of NO_PROXY", {**NO_URI, **PROXY, **values})
    hand("proxy-%s-relative" % name, "the same for the container endpoint", {**PROXY, **values})
hand("proxy-every-scheme-imds", "ALL_PROXY", {**NO_URI, "ALL_PROXY": PROXY["http_proxy"], "all_proxy": PROXY["http_proxy"]})
hand("proxy-every-scheme-relative", "ALL_PROXY for the container endpoint", {"ALL_PROXY": PROXY["http_proxy"], "all_proxy": PROXY["http_proxy"]})
hand("proxy-secure-only-imds", "a proxy for https only", {**NO_URI, "https_proxy": PROXY["http_proxy"], "HTTPS_PROXY": PROXY["http_proxy"]})
hand("proxy-lower-blank-upper-set-imds", "http_proxy empty, HTTP_PROXY set", {**NO_URI, "http_proxy": "", "HTTP_PROXY": PROXY["http_proxy"]})
hand("proxy-eks-host", "FULL_URI of EKS Pod Identity with a proxy", uri("http://169.254.170.23:%d/keys" % SIDECAR_PORT, **PROXY))
hand("proxy-loop-host", "FULL_URI of a sidecar with a proxy", uri("http://127.0.0.1:%d/keys" % SIDECAR_PORT, **PROXY))

# ---- settings that have nothing to do with credentials, and break the SDK all the same ----
for name, variable, value in (
        ("retry-mode", "AWS_RETRY_MODE", "twice"), ("max-attempts", "AWS_MAX_ATTEMPTS", "few"), ("defaults-mode", "AWS_DEFAULTS_MODE", "fast"),
        ("sts-endpoints", "AWS_STS_REGIONAL_ENDPOINTS", "global"), ("ca-bundle", "AWS_CA_BUNDLE", "/nowhere/ca.pem"), 
        ("fips", "AWS_USE_FIPS_ENDPOINT", "maybe"), ("dualstack", "AWS_USE_DUALSTACK_ENDPOINT", "maybe"), ("account-mode", "AWS_ACCOUNT_ID_ENDPOINT_MODE", "maybe"),
        ("endpoint", "AWS_ENDPOINT_URL", "http://127.0.0.1:%d" % CLOSED_PORT), ("endpoint-nonsense", "AWS_ENDPOINT_URL", "nonsense"), ("checksum", "AWS_REQUEST_CHECKSUM_CALCULATION", "maybe"),
        ("compression", "AWS_DISABLE_REQUEST_COMPRESSION", "maybe"), ("sigv4a", "AWS_SIGV4A_SIGNING_REGION_SET", ""), ("app-id", "AWS_SDK_UA_APP_ID", "a b c"), ("load-config", "AWS_SDK_LOAD_CONFIG", "maybe")):
    hand("setting-" + name, "a value that some SDK refuses", {variable: value})
    if value:
        hand("setting-%s-keys" % name, "the same with keys in the environment", {variable: value, **STATIC})
hand("setting-retry-legacy", "a mode that only some SDKs have", {"AWS_RETRY_MODE": "legacy"})
hand("setting-retry-legacy-keys", "the same with keys in the environment", {"AWS_RETRY_MODE": "legacy", **STATIC})
hand("profile-setting-retry-legacy", "the same in the profile", files={"config": section("[default]", "retry_mode = legacy")})
for key, value in (("retry_mode", "twice"), ("max_attempts", "few"), ("defaults_mode", "fast"), ("sts_regional_endpoints", "global"), ("ca_bundle", "/nowhere/ca.pem"),
                   ("metadata_service_timeout", "5s"), ("metadata_service_num_attempts", "three"), ("ec2_metadata_v1_disabled", "1"), ("use_fips_endpoint", "maybe"),
                   ("endpoint_url", "http://127.0.0.1:%d" % CLOSED_PORT), ("tcp_keepalive", "maybe"), ("duration_seconds", "long"), ("parameter_validation", "maybe")):
    hand("profile-setting-" + key.replace("_", "-"), "a value of the profile that some SDK refuses", files={"config": section("[default]", "%s = %s" % (key, value))})
hand("setting-legacy-sts-web", "the global endpoint of STS for web identity", {**WEB, "AWS_STS_REGIONAL_ENDPOINTS": "legacy"}, files={"jwt": JWT})
hand("setting-sts-elsewhere-web", "STS by an endpoint where nobody answers", {**WEB, "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:%d" % CLOSED_PORT}, files={"jwt": JWT})
hand("legacy-credential-file", "the credential file of boto 2", {"AWS_CREDENTIAL_FILE": "{home}/old"}, files={"old": "AWSAccessKeyId=%s\nAWSSecretKey=%s\n" % (KEYS["ELSEWHERE"], SECRET)},
     facts={"noOwnKeys": False})
hand("legacy-boto-file", "~/.boto needs no variable", files={".boto": "[Credentials]\naws_access_key_id = %s\naws_secret_access_key = %s\n" % (KEYS["ELSEWHERE"], SECRET)},
     facts={"noOwnKeys": False})
