#!/usr/bin/python3
"""A double of the EC2 instance metadata service, for the lab's network namespaces.

    imds.py --listen ADDR:PORT --state FILE [--log FILE]

FILE is JSON and read again at every request; DEFAULTS below names its keys. While it cannot be
parsed (a writer is half-way) the last good state stays. Port 0 picks a free port; the first line
on stdout is "imds listening ADDR:PORT".

The server side of a request (Wire, Answer, serve) is shared with agent.py.
"""
import argparse
import base64
import datetime
import email.utils
import http.server
import json
import os
import signal
import socket
import struct
import sys
import threading
import time

DEFAULTS = {
    "hop_limit": 2,
    "tokens": "optional",       # or "required": IMDSv2 only
    "role": "ecsInstanceRole",  # null: no instance profile
    "profile": None,            # name of the instance profile; null: the role's name
    "key_id": "ASIAINSTANCEEXAMPLE0",
    "account": "111122223333",
    "region": "eu-west-1",
    "instance_id": "i-0123456789abcdef0",
    "status": None,             # every answer has this status
    "garbage": False,           # every GET answers 200 with bytes that are no answer
    "hang": False,              # accept, read, never answer
    "wire": None,               # what happens to an answer on its way: a key of SPOILED
    "expired": False,           # credentials whose Expiration has passed
    "code": "Success",          # Code of info and credentials, e.g. AssumeRoleUnauthorizedAccess
}
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # AWS's documented example
TOKEN_HEADER = "x-aws-ec2-metadata-token"
TTL_HEADER = "x-aws-ec2-metadata-token-ttl-seconds"
TTL_MAX = 21600
HANG_MAX = 30
LATE_S, ENDLESS = 0.8, 64 << 20
USUAL_HOPS = 64
GARBAGE = b"\x00\xff<<not an answer>>{\"Code\" : "
PAGE = """<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
\t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>{0} - {1}</title>
 </head>
 <body>
  <h1>{0} - {1}</h1>
 </body>
</html>
"""


def utc(offset=0):
    """The time now plus offset seconds, the way AWS writes it."""
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=offset)
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


class JsonFile:
    """A JSON object in a file that somebody else writes, read again whenever it is asked for."""

    def __init__(self, path, defaults=None):
        self.path = path
        self.defaults = defaults or {}
        self.last = {}

    def read(self):
        try:
            with open(self.path, encoding="utf-8") as stream:
                self.last = json.load(stream)
        except (OSError, ValueError):
            pass
        return {**self.defaults, **self.last}


class Answer:
    """A status, headers in the order they are sent, a body, and the IP TTL it leaves with."""

    def __init__(self, status, body=b"", headers=(), hops=None):
        self.status = status
        self.body = body if isinstance(body, bytes) else body.encode()
        self.headers = list(headers)
        self.hops = hops


class Wire(http.server.BaseHTTPRequestHandler):
    """Reads one request after another and sends answers byte for byte as the route built them.

    server.route(wire) returns an Answer, or None to close without one.
    """
    protocol_version = "HTTP/1.1"
    timeout = 60
    spoil = None                # a key of SPOILED, set by the route

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.exchange
        raise AttributeError(name)

    def exchange(self):
        # self.path has lost a leading "//" already, which the agent's redirect depends on
        self.target = self.requestline.split(" ")[1]
        length = self.headers.get("Content-Length") or "0"
        self.rfile.read(int(length) if length.isdigit() else 0)
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            self.drain()
        answer = self.server.route(self)
        if answer is None:
            self.close_connection = True
            return
        self.send(answer)

    def drain(self):
        """The chunks of a body, and what follows the last."""
        while (size := int(self.rfile.readline().split(b";")[0] or b"0", 16)):
            self.rfile.read(size + 2)
        while self.rfile.readline().strip():
            pass

    def send(self, answer):
        reason = self.responses.get(answer.status, ("Unknown",))[0]
        head = ["HTTP/1.1 %d %s" % (answer.status, reason)]
        head += ["%s: %s" % pair for pair in answer.headers]
        if self.headers.get("Connection", "").lower() == "close":
            head.append("Connection: close")
        out = ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")
        if self.command != "HEAD":
            out += answer.body
        if answer.hops is not None:
            self.set_hops(answer.hops)
        try:
            self.wfile.write(SPOILED[self.spoil](self, out))
        except OSError:
            self.close_connection = True

    def late(self, out):
        time.sleep(LATE_S)
        return out

    def reset(self, _out):
        """Closed without a goodbye, which the other side sees as a reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
        raise OSError

    def half(self, out):
        self.close_connection = True
        return out[:len(out) // 2]

    def endless(self, _out):
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000000000\r\n\r\n")
        for _ in range(ENDLESS // 65536):
            self.wfile.write(b" " * 65536)
        return b""

    def set_hops(self, hops):
        if self.connection.family == socket.AF_INET6:
            self.connection.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, hops)
        else:
            self.connection.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hops)

    def hang(self):
        """Holds the connection without an answer."""
        time.sleep(HANG_MAX)

    def log_message(self, format, *args):
        pass


SPOILED = {None: lambda wire, out: out, "late": Wire.late, "reset": Wire.reset, "half": Wire.half, "endless": Wire.endless}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, route):
        host, _, port = address.rpartition(":")
        host = host.strip("[]")
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.route = route
        super().__init__((host, int(port)), Wire)

    def server_bind(self):
        # the base class asks the resolver for the host's name, which a bare namespace cannot answer
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def address(self):
        host, port = self.server_address[:2]
        return ("[%s]:%d" if ":" in host else "%s:%d") % (host, port)


def serve(servers):
    """Announces and runs name/server pairs until SIGTERM or SIGINT."""
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    for name, server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print("%s listening %s" % (name, server.address()), flush=True)
    done.wait()


def pretty(document):
    """IMDS writes its JSON over several lines, with a blank on both sides of the colon."""
    return json.dumps(document, indent=2, separators=(",", " : "))


class Imds:
    def __init__(self, state, log=None):
        self.state = JsonFile(state, DEFAULTS)
        self.log = log
        self.tokens = {}

    def route(self, wire):
        state = self.state.read()
        wire.spoil = state["wire"]
        if state["hang"]:
            self.note(wire, "hang")
            wire.hang()
            return None
        answer = self.answer(wire, state)
        self.note(wire, answer.status)
        return answer

    def answer(self, wire, state):
        path = wire.target.partition("?")[0]
        put = wire.command == "PUT"
        hops = state["hop_limit"] if put else USUAL_HOPS
        if state["status"]:
            return self.error(state["status"], hops)
        if path == "/latest/api/token":
            return self.new_token(wire, hops) if put else self.error(405, hops)
        if wire.command not in ("GET", "HEAD"):
            return self.error(405, hops)
        token = wire.headers.get(TOKEN_HEADER)
        if token is None and state["tokens"] == "required":
            return self.error(401, hops)
        if token is not None and self.tokens.get(token, 0) < time.monotonic():
            return self.error(401, hops)
        if state["garbage"]:
            return self.text(GARBAGE, hops)
        body = self.document(path, state)
        return self.error(404, hops) if body is None else self.text(body, hops)

    def new_token(self, wire, hops):
        ttl = wire.headers.get(TTL_HEADER, "")
        if not ttl.isdigit() or not 1 <= int(ttl) <= TTL_MAX:
            return self.error(400, hops)
        if wire.headers.get("X-Forwarded-For") is not None:  # IMDSv2 refuses proxies
            return self.error(403, hops)
        token = base64.urlsafe_b64encode(b"\x01\x00\x04" + os.urandom(37)).decode()
        self.tokens[token] = time.monotonic() + int(ttl)
        return self.text(token, hops, [("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", ttl)])

    def text(self, body, hops, extra=()):
        body = body if isinstance(body, bytes) else body.encode()
        return Answer(200, body, self.common("text/plain", body) + list(extra), hops)

    def error(self, status, hops):
        reason = Wire.responses.get(status, ("Unknown",))[0]
        body = PAGE.format(status, reason).encode()
        return Answer(status, body, self.common("text/html", body), hops)

    @staticmethod
    def common(kind, body):
        return [("Content-Type", kind), ("Content-Length", len(body)),
                ("Date", email.utils.formatdate(usegmt=True)), ("Server", "EC2ws")]

    def document(self, path, state):
        """The body at path; None when IMDS has nothing there."""
        role = state["role"]
        leaves = {
            "/latest/meta-data/instance-id": lambda: state["instance_id"],
            "/latest/meta-data/placement/region": lambda: state["region"],
            "/latest/meta-data/placement/availability-zone": lambda: state["region"] + "a",
            "/latest/dynamic/instance-identity/document": lambda: self.identity(state),
        }
        if role:
            leaves["/latest/meta-data/iam/info"] = lambda: self.info(state)
            leaves["/latest/meta-data/iam/security-credentials/" + role] = \
                lambda: self.credentials(state)
        if path in leaves:
            return leaves[path]()
        return self.listing(path.rstrip("/") + "/", leaves) if path.startswith("/latest/") else None

    @staticmethod
    def listing(folder, leaves):
        """The names directly below folder: a folder has a trailing slash, a leaf has none."""
        names = set()
        for leaf in leaves:
            if leaf.startswith(folder):
                name, slash, _ = leaf[len(folder):].partition("/")
                names.add(name + slash)
        return "\n".join(sorted(names)) if names else None

    @staticmethod
    def refused(state):
        return {"Code": state["code"], "Message": "EC2 cannot assume the role %s. Please see "
                "documentation at https://docs.aws.amazon.com/IAM/latest/UserGuide/"
                "troubleshoot_iam-ec2.html." % state["role"], "LastUpdated": utc()}

    def info(self, state):
        profile = "arn:aws:iam::%s:instance-profile/%s" % (
            state["account"], state["profile"] or state["role"])
        head = {"Code": "Success", "LastUpdated": utc()}
        if state["code"] != "Success":
            head = self.refused(state)
        return pretty({**head, "InstanceProfileArn": profile,
                       "InstanceProfileId": "AIPAINSTANCEEXAMPLE00"})

    def credentials(self, state):
        if state["code"] != "Success":
            return pretty(self.refused(state))
        return pretty({
            "Code": "Success", "LastUpdated": utc(), "Type": "AWS-HMAC",
            "AccessKeyId": state["key_id"], "SecretAccessKey": SECRET,
            "Token": "AQoDYXdzEXAMPLETOKEN" + state["role"],
            "Expiration": utc(-3600 if state["expired"] else 6 * 3600)})

    @staticmethod
    def identity(state):
        return pretty({
            "accountId": state["account"], "architecture": "x86_64",
            "availabilityZone": state["region"] + "a", "billingProducts": None,
            "devpayProductCodes": None, "marketplaceProductCodes": None,
            "imageId": "ami-0123456789abcdef0", "instanceId": state["instance_id"],
            "instanceType": "t3.medium", "kernelId": None, "pendingTime": "2026-11-23T20:00:00Z",
            "privateIp": "10.0.0.10", "ramdiskId": None, "region": state["region"],
            "version": "2017-09-30"})

    def note(self, wire, outcome):
        """One line per request; the token itself is never written."""
        if self.log:
            token = "token" if wire.headers.get(TOKEN_HEADER) else "-"
            with open(self.log, "a", encoding="utf-8") as stream:
                stream.write("%s %s %s %s %s %s \"%s\"\n" % (
                    utc(), wire.client_address[0], wire.command, wire.target, outcome, token,
                    wire.headers.get("User-Agent", "")))


def main():
    parser = argparse.ArgumentParser(description="a double of the instance metadata service")
    parser.add_argument("--listen", required=True, metavar="ADDR:PORT")
    parser.add_argument("--state", required=True, metavar="FILE")
    parser.add_argument("--log", metavar="FILE")
    args = parser.parse_args()
    serve([("imds", Server(args.listen, Imds(args.state, args.log).route))])


if __name__ == "__main__":
    main()
