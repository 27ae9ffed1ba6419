"""The cases of the oracle: factors of the chain model, a generator that covers their pairs or
triples, and the facts rolewatch would have of each.

A case is a dict {factor: value}. build() turns it into what a world needs (environment, files,
states of the doubles) and into the facts of tests/oracle/facts.h.
"""
import itertools
import random
import re

ACCOUNT = "111122223333"
REL_ID, FULL_ID, EXEC_ID = "role-of-the-task", "role-of-full", "role-of-execution"
INSTANCE_ROLE = "ecsInstanceRole"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # AWS's documented example
SIDECAR_PORT, SIDECAR_TLS_PORT, CLOSED_PORT = 8181, 8443, 9
KEYS = {name: "ASIA%sEXAMPLE" % name for name in (
    "TASKROLE", "FULLROLE", "EXECROLE", "INSTANCE", "SIDECAR")}
KEYS.update({name: "AKIA%sEXAMPLE" % name for name in (
    "ENVIRONMENT", "AMAZON", "OLDNAME", "CREDDEFAULT", "CREDNAMED", "CONFDEFAULT", "CONFNAMED",
    "SOURCE", "PROCESS", "ELSEWHERE")})


def role_arn(name):
    return "arn:aws:iam::%s:role/%s" % (ACCOUNT, name)


def keys_of(section, key, secret=SECRET):
    lines = ["[%s]" % section]
    lines += ["aws_access_key_id = " + KEYS[key]] if key else []
    lines += ["aws_secret_access_key = " + secret] if secret else []
    return "\n".join(lines) + "\n"


def role_profile(source):
    return "[default]\nrole_arn = %s\n%s\n" % (role_arn("assumedRole"), source)


class Built:
    """What a case comes to. Files are {"credentials": text, "config": text, ...}: these two lie in their usual place, others at
    their path below HOME; None in place of a text is a directory. A variable that is None is not set."""

    def __init__(self):
        self.uid = None                 # None: the ordinary user
        self.env = {}
        self.files = {}
        self.modes = {}
        self.facts = {"instanceRole": INSTANCE_ROLE, "instanceKey": KEYS["INSTANCE"]}
        self.endpoint = "ok"
        self.imds = "v2"
        self.rel_key = self.full_key = None

    def file(self, name, text, mode=0o644):
        self.files[name] = text
        self.modes[name] = mode


def env(**values):
    return lambda b: b.env.update(values)


def files(**texts):
    def apply(b):
        for name, text in texts.items():
            b.file(name, text)
    return apply


def both(*steps):
    def apply(b):
        for step in steps:
            step(b)
    return apply


def nothing(b):
    pass


REL, FULL = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"
TOK, TOKF = "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"


def rel(path, key=None):
    def apply(b):
        b.env[REL] = path
        b.rel_key = key
    return apply


def full(url, key=None):
    def apply(b):
        b.env[FULL] = url
        b.full_key = key
    return apply


def unreadable(b):
    b.file("credentials", keys_of("default", "CREDDEFAULT"), 0)


WIT = env(AWS_WEB_IDENTITY_TOKEN_FILE="{home}/token", AWS_ROLE_ARN=role_arn("webIdentityRole"))
PLAIN_KEYS = {"AWS_ACCESS_KEY_ID": KEYS["ENVIRONMENT"], "AWS_SECRET_ACCESS_KEY": SECRET}

# The first value of a factor is its neutral one.
FACTORS = {
    "rel": {
        "good": rel("/v2/credentials/" + REL_ID, "TASKROLE"),
        "absent": nothing,
        "empty": rel(""),
        "unknown": rel("/v2/credentials/nobody-knows-this-id"),
        "execution": rel("/v2/credentials/" + EXEC_ID, "EXECROLE"),
        "no-slash": rel("v2/credentials/" + REL_ID),
    },
    "full": {
        "absent": nothing,
        "empty": full(""),
        "agent": full("http://169.254.170.2/v2/credentials/" + FULL_ID, "FULLROLE"),
        "loopback": full("http://127.0.0.1:%d/keys" % SIDECAR_PORT),
        "localhost": full("http://localhost:%d/keys" % SIDECAR_PORT),
        "eks": full("http://169.254.170.23:%d/keys" % SIDECAR_PORT),
        "foreign": full("http://192.0.2.1:%d/keys" % SIDECAR_PORT),
        "nonsense": full("not a url"),
        "https": full("https://sidecar.example:%d/keys" % SIDECAR_TLS_PORT),
    },
    "token": {
        "none": nothing,
        "text": env(**{TOK: "Basic text"}),
        "file": both(env(**{TOKF: "{home}/authorization"}), files(authorization="Basic file")),
        "no-file": env(**{TOKF: "{home}/absent"}),
        "text-no-file": env(**{TOK: "Basic text", TOKF: "{home}/absent"}),
    },
    "keys": {
        "none": nothing,
        "both": env(**PLAIN_KEYS),
        "id": env(AWS_ACCESS_KEY_ID=KEYS["ENVIRONMENT"]),
        "secret": env(AWS_SECRET_ACCESS_KEY=SECRET),
        "empty": env(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY=""),
        "blank": env(AWS_ACCESS_KEY_ID=" ", AWS_SECRET_ACCESS_KEY=" "),
        "amazon": env(AMAZON_ACCESS_KEY_ID=KEYS["AMAZON"], AMAZON_SECRET_ACCESS_KEY=SECRET),
        "old": env(AWS_ACCESS_KEY=KEYS["OLDNAME"], AWS_SECRET_KEY=SECRET),
        "empty-and-old": env(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="",
                             AWS_ACCESS_KEY=KEYS["OLDNAME"], AWS_SECRET_KEY=SECRET),
    },
    "profile": {
        "none": nothing,
        "credentials": files(credentials=keys_of("default", "CREDDEFAULT")),
        "config": files(config=keys_of("default", "CONFDEFAULT")),
        "half": files(credentials=keys_of("default", "CREDDEFAULT", None)),
        "other": files(credentials=keys_of("other", "CREDNAMED")),
        "named": both(env(AWS_PROFILE="other"), files(credentials=keys_of("other", "CREDNAMED"))),
        "named-config": both(env(AWS_PROFILE="other"),
                             files(config=keys_of("profile other", "CONFNAMED"))),
        "missing": env(AWS_PROFILE="nobody"),
        "role-container": files(config=role_profile("credential_source = EcsContainer")),
        "role-imds": files(config=role_profile("credential_source = Ec2InstanceMetadata")),
        "role-environment": files(config=role_profile("credential_source = Environment")),
        "role-unknown": files(config=role_profile("credential_source = Nothing")),
        "role-source": files(config=role_profile("source_profile = base"),
                             credentials=keys_of("base", "SOURCE")),
        "role-credentials": files(
            credentials=role_profile("source_profile = base") + keys_of("base", "SOURCE")),
        "role-no-base": files(config=role_profile("source_profile = base")),
        "role-alone": files(config=role_profile("")),
        "web-identity": both(files(config="[default]\nrole_arn = %s\nweb_identity_token_file = "
                                          "{home}/token\n" % role_arn("profileWebRole")),
                             files(token="eyJhbGciOiJub25lIn0.e30.")),
        "process": files(config="[default]\ncredential_process = {home}/process\n"),
        "process-credentials": files(credentials="[default]\ncredential_process = {home}/process\n"),
        "malformed-config": files(config="[default\nregion = eu-west-1\n"),
        "malformed-credentials": files(credentials="[default\naws_access_key_id = x\n"),
        "unreadable": unreadable,
    },
    "web": {
        "none": nothing,
        "good": both(WIT, files(token="eyJhbGciOiJub25lIn0.e30.")),
        "no-file": env(AWS_WEB_IDENTITY_TOKEN_FILE="{home}/absent",
                       AWS_ROLE_ARN=role_arn("webIdentityRole")),
        "no-role": both(env(AWS_WEB_IDENTITY_TOKEN_FILE="{home}/token"),
                        files(token="eyJhbGciOiJub25lIn0.e30.")),
    },
    "disabled": {"absent": nothing, **{
        repr(v): env(AWS_EC2_METADATA_DISABLED=v) for v in ("true", "TRUE", "false", "", "1")}},
    "v1": {"absent": nothing, **{
        repr(v): env(AWS_EC2_METADATA_V1_DISABLED=v) for v in ("true", "false")}},
    "endpoint": {s: (lambda s: lambda b: setattr(b, "endpoint", s))(s) for s in (
        "ok", "expired", "400", "404", "429", "500", "503", "garbage", "timeout", "refused",
        "unreachable")},
    "imds": {s: (lambda s: lambda b: setattr(b, "imds", s))(s) for s in (
        "v2", "required", "no-role", "hop-1", "hop-1-required", "403", "500", "expired",
        "garbage", "timeout", "refused", "unreachable")},
    "proxy": {
        "none": nothing,
        "lower": env(http_proxy="http://127.0.0.1:%d" % CLOSED_PORT),
        "upper": env(HTTP_PROXY="http://127.0.0.1:%d" % CLOSED_PORT),
        "exempt": env(http_proxy="http://127.0.0.1:%d" % CLOSED_PORT,
                      no_proxy="169.254.169.254,169.254.170.2,127.0.0.1,localhost"),
    },
    "load": {"absent": nothing, "1": env(AWS_SDK_LOAD_CONFIG="1"),
             "yes": env(AWS_SDK_LOAD_CONFIG="yes"),
             "opt-out": env(AWS_SDK_CONFIG_OPT_OUT="1")},
    "second": {
        "none": nothing,
        "default-profile": both(env(AWS_DEFAULT_PROFILE="second"),
                                lambda b: b.file("credentials", b.files.get("credentials", "")
                                                 + keys_of("second", "CREDNAMED"),
                                                 b.modes.get("credentials", 0o644))),
        "elsewhere": both(env(AWS_SHARED_CREDENTIALS_FILE="{home}/elsewhere"),
                          files(elsewhere=keys_of("default", "ELSEWHERE"))),
    },
}

def properties(props):
    """As an operator sets them; other SDKs do not read the variable."""
    return both(lambda b: b.facts.update(prop=props),
                env(JAVA_TOOL_OPTIONS=" ".join("-D%s=%s" % item for item in props.items())))


# Factors that no SDK here can be asked about, or whose answer needs a service the worlds lack:
# they make vectors of rolewatch's reading only.
READ_ONLY = {
    "java": {"none": nothing, **{name: properties(props)
                                for name, props in {
        "keys": {"aws.accessKeyId": KEYS["ENVIRONMENT"], "aws.secretAccessKey": SECRET},
        "v1-keys": {"aws.accessKeyId": KEYS["ENVIRONMENT"], "aws.secretKey": SECRET},
        "half": {"aws.accessKeyId": KEYS["ENVIRONMENT"]},
        "uri": {"aws.containerCredentialsPath": "/v2/credentials/" + FULL_ID},
        "disabled": {"aws.disableEc2Metadata": "true"},
        "profile": {"aws.profile": "other"},
        "base": {"aws.containerServiceEndpoint": "http://192.0.2.1"},
    }.items()}},
    "base": {"none": nothing, "moved": env(AWS_CONTAINER_SERVICE_ENDPOINT="http://192.0.2.1")},
    "metadata": {"none": nothing, "v3": env(ECS_CONTAINER_METADATA_URI="http://169.254.170.2/v3/0123")},
    "own": {"none": nothing, "not-read": lambda b: b.facts.update(noOwnKeys=False)},
    # SDKs can be asked about these (`run --case`), but the records are of a set without them.
    "proxies": {"none": nothing, "empty": env(http_proxy=""),
                "six": env(http_proxy="http://127.0.0.1:%d" % CLOSED_PORT, no_proxy="169.254.169.254,169.254.170.2,127.0.0.1,localhost,::1")},
    "boto": {"none": nothing, "file": env(AWS_CREDENTIAL_FILE="{home}/old")},
    "rust": {"none": nothing, "secret": env(AWS_ACCESS_KEY_ID=KEYS["ENVIRONMENT"],
                                            SECRET_ACCESS_KEY=SECRET)},
    "sign-in": {
        "none": nothing,
        "sso": files(config="[default]\nsso_start_url = https://sso.example/start\n"
                            "sso_account_id = 111122223333\nsso_role_name = ssoRole\n"),
        "sso-and-keys": both(
            files(config="[default]\nsso_start_url = https://sso.example/start\n"
                         "sso_account_id = 111122223333\nsso_role_name = ssoRole\n"),
            files(credentials=keys_of("default", "CREDDEFAULT"))),
        "sso-and-process": files(config="[default]\nsso_start_url = https://sso.example/start\n"
                                        "sso_role_name = ssoRole\n"
                                        "credential_process = {home}/process\n"),
        "login": files(config="[default]\nlogin_session = arn:aws:iam::111122223333:user/x\n"),
        "process-and-keys": both(
            files(config=keys_of("default", "CONFDEFAULT")
                  + "credential_process = {home}/process\n"),
            files(credentials=keys_of("default", "CREDDEFAULT"))),
    },
}


def read_only():
    """Names of cases with one of those factors odd, each in a few surroundings."""
    around = ("", "rel=absent", "rel=absent web=good", "rel=absent profile=credentials",
              "keys=both", "endpoint=404", "rel=absent imds=hop-1", "rel=absent profile=config")
    return [" ".join(filter(None, (where, "%s=%s" % (factor, value)))) for where in around
            for factor, values in READ_ONLY.items() for value in list(values)[1:]
            if not (factor == "sign-in" and "profile" in where)]


ENDPOINT_FACTS = {
    "ok": {"state": "ok", "status": 200}, "expired": {"state": "expired", "status": 200},
    "garbage": {"state": "garbage", "status": 200},
    "timeout": {"state": "timeout"}, "refused": {"state": "refused"},
    "unreachable": {"state": "unreachable"},
}
OK, NO_TOKEN = {"state": "ok", "status": 200}, {"state": "status", "status": 401}


def status(code):
    return {"state": "status", "status": code}


# state of IMDS -> (the token request, the request without token, the role's credentials)
IMDS_FACTS = {
    "v2": (OK, OK, OK), "required": (OK, NO_TOKEN, OK),
    "no-role": (OK, OK, status(404)),
    "hop-1": ({"state": "timeout"}, OK, OK),
    "hop-1-required": ({"state": "timeout"}, NO_TOKEN, OK),
    "403": (status(403), status(403), status(403)),
    "500": (status(500), status(500), status(500)),
    "expired": (OK, OK, {"state": "expired", "status": 200}),
    "garbage": (OK, OK, {"state": "garbage", "status": 200}),
    "timeout": ({"state": "timeout"}, {"state": "timeout"}, {"state": "timeout"}),
    "refused": ({"state": "refused"}, {"state": "refused"}, {"state": "refused"}),
    "unreachable": ({"state": "unreachable"},) * 3,
}


def answer_of_endpoint(state):
    return status(int(state)) if state.isdigit() else ENDPOINT_FACTS[state]


def credential(state, key, path):
    """What the agent says for a path, seen from the host."""
    answer = answer_of_endpoint(state)
    if answer["state"] not in ("ok", "expired"):
        return answer
    if key is None and not re.fullmatch("/v2/credentials/[A-Za-z0-9_./:-]*", path):
        return {"state": "unknown"}     # no path of an agent: rolewatch does not ask for it
    if key is None:
        return status(400)
    role = {"TASKROLE": "webTaskRole", "FULLROLE": "fullRole", "EXECROLE": "executionRole"}[key]
    return {**answer, "key": KEYS[key], "role": role_arn(role)}


def state_of(b, name):
    if name not in b.files:
        return "absent"
    if b.files[name] is None:
        return "not-regular"
    return "unreadable" if b.modes[name] == 0 else "ok"


def named(path):
    """The file that a variable names, as rolewatch finds it; None: by a relative path."""
    for home in ("{home}/", "~/"):
        if path.startswith(home):
            return path[len(home):]
    return path if path.startswith("/") else None


def file_fact(b, name, usual=False):
    path = None if usual else {"credentials": b.env.get("AWS_SHARED_CREDENTIALS_FILE"),
            "config": b.env.get("AWS_CONFIG_FILE")}[name]
    if not path and not b.env.get("HOME", "/home"):
        return {"state": "absent"}      # the home of /etc/passwd has no files
    name = named(path) if path else name
    state = state_of(b, name) if name else "unknown"
    if state != "ok":
        return {"state": state}
    text = b.files[name]
    # bytes that are no UTF-8 are surrogates in a text of Python
    return {"state": "ok", "text": text} if text.isascii() or "\udc80" > max(text) else {
        "state": "ok", "latin1": text.encode("utf-8", "surrogateescape").decode("latin-1")}


def file_state(b, variable):
    path = b.env.get(variable)
    name = named(path) if path else ""
    state = "unknown" if name is None else state_of(b, name)
    return "malformed" if variable == TOKF and state == "ok" and re.search("[\r\n]", b.files[name]) else state


def hand_made():
    """hand.py needs this module."""
    import hand
    return {"hand": hand.HAND}


def build(case):
    b = Built()
    for factor, value in case.items():
        {**FACTORS, **READ_ONLY, **hand_made()}[factor][value](b)
    return finish(b)


def finish(b):
    """The facts of what a case comes to."""
    net = answer_of_endpoint(b.endpoint)
    reached = net["state"] in ("timeout", "refused", "unreachable")
    token, v1, role = IMDS_FACTS[b.imds]
    b.facts.update({
        "env": {name: value for name, value in {"HOME": "/home", **b.env}.items() if value is not None},
        "credentials": file_fact(b, "credentials"), "config": file_fact(b, "config"),
        "homeCredentials": file_fact(b, "credentials", True),
        "tokenFile": file_state(b, TOKF), "webIdentityFile": file_state(b, "AWS_WEB_IDENTITY_TOKEN_FILE"),
        "caBundle": file_state(b, "AWS_CA_BUNDLE"), "botoFile": ".boto" in b.files,
        "container": net if reached else OK,
        "token": token, "v1": v1, "role": role,
    })
    if b.env.get(REL):
        b.facts["rel"] = credential(b.endpoint, b.rel_key, b.env[REL])
    if b.full_key:
        b.facts["full"] = credential(b.endpoint, b.full_key, "/v2/credentials/" + FULL_ID)
    return b


def neutral():
    return {factor: next(iter(values)) for factor, values in FACTORS.items()}


def name_of(case):
    """Only what differs from the neutral case."""
    plain = neutral()
    odd = ["%s=%s" % (f, v) for f, v in case.items() if v != plain.get(f)]
    return " ".join(odd) or "neutral"


def tuples_of(case, strength):
    items = sorted(case.items())
    return set(itertools.combinations(items, strength))


def all_tuples(strength):
    found = set()
    for factors in itertools.combinations(sorted(FACTORS), strength):
        for values in itertools.product(*(FACTORS[f] for f in factors)):
            found.add(tuple(zip(factors, values)))
    return found


def generate(strength, at_least, seed):
    """Distinct cases that cover every tuple of factor values, then random ones up to at_least.

    A tuple stands in otherwise mostly neutral surroundings: where every factor is odd at once,
    the first step decides and nothing is learned of the later ones.
    """
    rng = random.Random(seed)
    open_tuples = all_tuples(strength)
    order = sorted(open_tuples)
    rng.shuffle(order)
    cases, seen = [], set()

    def add(case):
        key = tuple(sorted(case.items()))
        if key not in seen:
            seen.add(key)
            cases.append(case)
            open_tuples.difference_update(tuples_of(case, strength))

    for wanted in order:
        if wanted in open_tuples:
            add(surround(dict(wanted), rng))
    while len(cases) < at_least:
        add(surround({}, rng))
    return cases


def surround(case, rng):
    """The case with the other factors filled in: absent container, or neutral, or odd."""
    full_case = neutral()
    full_case["rel"] = rng.choice(("good", "absent"))
    odd = [f for f in FACTORS if f not in case]
    for factor in rng.sample(odd, rng.choice((0, 1, 1, 2, 3))):
        full_case[factor] = rng.choice(list(FACTORS[factor]))
    full_case.update(case)
    return full_case
