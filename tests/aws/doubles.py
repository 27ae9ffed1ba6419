"""Doubles of AWS that check every signature with botocore's own signer, and of the host's endpoints."""
import datetime
import http.server
import json
import threading
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials

KEY, SECRET, TOKEN = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "IQoJTOKEN//+=="
ACCOUNT = "arn:aws:iam::111122223333:"


def escape(s):
    return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def signature_is_right(handler, body, service):
    """As botocore signs the very headers that the request says are signed."""
    parts = dict(p.strip().split("=", 1) for p in handler.headers["Authorization"].split(" ", 1)[1].split(","))
    signed = {n: handler.headers[n] for n in parts["SignedHeaders"].split(";") if n != "host"}
    request = botocore.awsrequest.AWSRequest(method="POST", url="http://%s/" % handler.headers["Host"], data=body, headers=signed)
    region = parts["Credential"].split("/")[2]
    signer = botocore.auth.SigV4Auth(botocore.credentials.Credentials(KEY, SECRET, TOKEN), service, region)
    request.context["timestamp"] = handler.headers["X-Amz-Date"]
    want = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    return (want == parts["Signature"] and handler.headers["X-Amz-Security-Token"] == TOKEN
            and {"host", "x-amz-date", "x-amz-security-token"} <= set(parts["SignedHeaders"].split(";")))


class Service(http.server.BaseHTTPRequestHandler):
    """One of AWS's services; `answer(action, request)` gives the result. State is one dict a class."""
    name = None

    def log_message(self, *args):
        pass

    def reply(self, status, text):
        data = text.encode()
        self.send_response_only(status)
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.state["skew"])
        self.send_header("Date", now.strftime("%a, %d %b %Y %H:%M:%S GMT"))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        action, request, well_formed = self.read(body)
        state = self.state
        state["asked"].append(action)
        if not signature_is_right(self, body, self.name) or not well_formed:
            state["bad"].append(action)
            return self.refuse(403, "SignatureDoesNotMatch", "no")
        sent = datetime.datetime.strptime(self.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=state["skew"])
        if abs((sent - now).total_seconds()) > 300:
            return self.refuse(403, "SignatureDoesNotMatch", "Signature expired")
        if state["throttle"]:
            state["throttle"] -= 1
            return self.refuse(400, self.throttled, "Rate exceeded")
        if action == state["deny"]:
            return self.refuse(403, self.denied, "User: x is not authorized to perform: %s:%s \x1b[2J" % (self.name, action))
        self.reply(200, self.write(action, self.answer(action, request)))


class Query(Service):
    throttled, denied = "Throttling", "AccessDenied"

    def read(self, body):
        q = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        return q.pop("Action"), q, q.pop("Version") == self.version

    def write(self, action, result):
        return '<?xml version="1.0"?>\n<%sResponse><%sResult>%s</%sResult></%sResponse>' % (action, action, result, action, action)

    def refuse(self, status, code, message):
        self.reply(status, "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>" % (code, escape(message)))


class Json(Service):
    throttled, denied = "ThrottlingException", "AccessDeniedException"

    def read(self, body):
        prefix, action = self.headers["X-Amz-Target"].split(".")
        return action, json.loads(body), prefix == self.target and self.headers["Content-Type"] == "application/x-amz-json-1.1"

    def write(self, action, result):
        return json.dumps(result)

    def refuse(self, status, code, message):
        self.reply(status, json.dumps({"__type": "com.amazonaws.x#%s:http://x" % code, "message": message}))


def new_state():
    return {"throttle": 0, "skew": 0, "deny": None, "asked": [], "bad": []}


class Paths(http.server.BaseHTTPRequestHandler):
    """Texts by their paths: the metadata service and the agent, as far as a test needs them."""

    def log_message(self, *args):
        pass

    def do_PUT(self):
        self.give("token")

    def do_GET(self):
        self.give(self.ANSWERS.get(self.path))

    def give(self, text):
        self.send_response_only(200 if text else 404)
        self.send_header("Content-Length", str(len(text or "")))
        self.end_headers()
        self.wfile.write((text or "").encode())


class Metadata(Paths):
    """The instance's identity and role."""
    ROLES = "/latest/meta-data/iam/security-credentials/"
    ANSWERS = {"/latest/meta-data/instance-id": "i-0123456789abcdef0", "/latest/meta-data/placement/region": "eu-west-1",
               "/latest/dynamic/instance-identity/document": json.dumps({"accountId": "111122223333", "region": "eu-west-1"}),
               "/latest/meta-data/iam/info": json.dumps({"InstanceProfileArn": ACCOUNT + "instance-profile/p"}), ROLES: "ecsInstanceRole",
               ROLES + "ecsInstanceRole": json.dumps({"Code": "Success", "AccessKeyId": KEY, "SecretAccessKey": SECRET, "Token": TOKEN,
                                                      "Expiration": "2099-01-01T00:00:00Z"})}


def served(handler, context=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Count:
    """Passed and failed; says what failed."""

    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, name, good, *more):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        if not good:
            print("FAIL", name, *more)

    def end(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        return 1 if self.failed else 0
