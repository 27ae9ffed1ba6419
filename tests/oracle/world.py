"""A world for one thread: a network and a mount namespace of its own, in which the addresses of
the container endpoint and of IMDS, the host names of STS, and a sidecar belong to doubles.

The SDK under test runs inside as an ordinary user, with the environment and the files of a case.
"""
import collections
import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lab"))
import agent  # noqa: E402
import imds  # noqa: E402

import cases  # noqa: E402

CLONE_NEWNS, CLONE_NEWNET, CLONE_FS = 0x00020000, 0x40000000, 0x00000200
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
USER = 65534                    # nobody: files of mode 0 stay closed
DEADLINE_S = 20                 # the slowest SDK gives up earlier; what hangs longer has no credentials
AGENT, IMDS, IMDS6 = "169.254.170.2", "169.254.169.254", "fd00:ec2::254"
SIDECARS = ("127.0.0.1", "169.254.170.23", "192.0.2.1")    # the last: any host at all
SIDECARS6 = ("::1", "fd00:ec2::23")
STS_HOSTS = ("sts.amazonaws.com", "sts.eu-west-1.amazonaws.com", "sts.us-east-1.amazonaws.com")
PLAIN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin", "LANG": "C.UTF-8"}
libc = ctypes.CDLL(None, use_errno=True)


def must(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def bind_mount(source, target):
    must(libc.mount(str(source).encode(), target.encode(), None, MS_BIND, None))


def sdk_deadline(sdk):
    """Old releases for Java wait five times for five seconds, and then go on to IMDS."""
    return (3 if sdk.command[0] == "java" else 1) * DEADLINE_S


class Held:
    """A document that stands in for the file of a double."""

    def __init__(self, document):
        self.document = document

    def read(self):
        return self.document


def agent_double(state):
    entry = {name: {"roleArn": cases.role_arn(role), "keyId": cases.KEYS[key], "type": "execution"}
             for name, role, key in ((cases.REL_ID, "webTaskRole", "TASKROLE"),
                                     (cases.FULL_ID, "fullRole", "FULLROLE"),
                                     (cases.EXEC_ID, "executionRole", "EXECROLE"))}
    behavior = {**agent.STATE, "expired": state == "expired", "garbage": state == "garbage",
                 "hang": state == "timeout", "throttle": state == "429"}
    if state.isdigit() and state not in ("404", "429"):
        behavior["status"] = int(state)
    double = agent.Credentials(Held({**agent.REGISTRY, "credentials": entry}), Held(behavior),
                               Held(None))
    double.note = lambda *_: None
    if state == "404":
        return double.not_found
    return double.route


def imds_double(state):
    behavior = {**imds.DEFAULTS, "key_id": cases.KEYS["INSTANCE"], "role": cases.INSTANCE_ROLE,
                 "hang": state == "timeout", "expired": state == "expired",
                 "garbage": state == "garbage",
                 "tokens": "required" if state in ("required", "hop-1-required") else "optional",
                 "status": int(state) if state.isdigit() else None}
    if state == "no-role":
        behavior["role"] = None
    double = imds.Imds("")
    double.state = Held(behavior)

    def route(wire):
        if state.startswith("hop-1") and wire.command == "PUT":
            wire.hang()         # the token never comes back over the bridge
            return None
        return double.route(wire)
    return route


def sidecar(_wire):
    body = json.dumps({
        "AccessKeyId": cases.KEYS["SIDECAR"], "SecretAccessKey": cases.SECRET,
        "Token": "AQoDYXdzEXAMPLETOKEN", "RoleArn": cases.role_arn("sidecarRole"),
        "Expiration": imds.utc(6 * 3600)}).encode()
    return imds.Answer(200, body, [("Content-Type", "application/json"),
                                   ("Content-Length", len(body))])


class StsWire(imds.Wire):
    """Keeps the body, which the metadata services never need."""

    def exchange(self):
        length = self.headers.get("Content-Length") or "0"
        self.form = {**urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query),
                     **urllib.parse.parse_qs(self.rfile.read(int(length)).decode())}
        self.send(self.server.route(self))


def sts(wire):
    """AssumeRole and AssumeRoleWithWebIdentity: the key id handed out is named after the role."""
    action = wire.form.get("Action", [""])[0]
    role = wire.form.get("RoleArn", [""])[0].rpartition("/")[2]
    if not role or "SerialNumber" in wire.form:     # no case enters a code
        return imds.Answer(400, b"<ErrorResponse><Error><Code>ValidationError</Code></Error></ErrorResponse>", [("Content-Length", 79)])
    body = ("<{0}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{0}Result>"
            "<AssumedRoleUser><Arn>arn:aws:sts::{1}:assumed-role/{2}/x</Arn>"
            "<AssumedRoleId>AROAEXAMPLE:x</AssumedRoleId></AssumedRoleUser><Credentials>"
            "<AccessKeyId>role:{2}</AccessKeyId><SecretAccessKey>{3}</SecretAccessKey>"
            "<SessionToken>AQoDYXdzEXAMPLETOKEN</SessionToken><Expiration>{4}</Expiration>"
            "</Credentials></{0}Result><ResponseMetadata><RequestId>1</RequestId>"
            "</ResponseMetadata></{0}Response>").format(action, cases.ACCOUNT, role, cases.SECRET,
                                                         imds.utc(3600)).encode()
    return imds.Answer(200, body, [("Content-Type", "text/xml"), ("Content-Length", len(body))])


class World:
    """Made by the thread that uses it; that thread and its children alone are inside."""

    def __init__(self, scratch, tls):
        self.scratch, self.tls = pathlib.Path(scratch), tls
        self.home, self.seeds, self.seconds = self.scratch / "home", {}, collections.Counter()
        outside = os.stat("/proc/thread-self/ns/net").st_ino
        must(libc.unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_FS))
        if os.stat("/proc/thread-self/ns/net").st_ino == outside:
            raise RuntimeError("not in a network namespace of its own")
        must(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))
        self.names()
        self.ip("link", "set", "lo", "up")
        for address in (*(a + "/32" for a in (AGENT, IMDS, *SIDECARS[1:])), *(a + "/128" for a in (IMDS6, SIDECARS6[1]))):
            self.own(address)
        self.steady = [self.serve((host, cases.SIDECAR_PORT), sidecar) for host in SIDECARS + SIDECARS6]
        self.steady.append(self.serve((SIDECARS[-1], cases.SIDECAR_TLS_PORT), sidecar, True))
        self.steady.append(self.serve(("127.0.0.1", 443), sts, True, StsWire))

    def names(self):
        hosts, nowhere = self.scratch / "hosts", self.scratch / "resolv.conf"
        hosts.write_text("127.0.0.1 localhost sidecar.local %s\n%s sidecar.example\n" % (
            " ".join(STS_HOSTS), SIDECARS[-1]))
        nowhere.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        bind_mount(hosts, "/etc/hosts")
        bind_mount(nowhere, "/etc/resolv.conf")
        if os.path.exists("/etc/ssl/certs/ca-certificates.crt"):
            bind_mount(self.tls / "ca.pem", "/etc/ssl/certs/ca-certificates.crt")

    @staticmethod
    def ip(*words):
        subprocess.run(("ip",) + words, check=True, capture_output=True)

    def own(self, address):
        """Without nodad, one of IPv6 cannot be bound at once."""
        self.ip("addr", "add", address, "dev", "lo", "nodad")

    def serve(self, address, route, secure=False, wire=imds.Wire):
        host, port = address
        server = imds.Server("%s:%d" % (("[%s]" % host) if ":" in host else host, port), route)
        server.RequestHandlerClass = wire
        if secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.tls / "server.pem", self.tls / "server.key")
            server.socket = context.wrap_socket(server.socket, server_side=True,
                                                do_handshake_on_connect=False)
        threading.Thread(target=self.accepting, args=(server,), daemon=True).start()
        return server

    @staticmethod
    def accepting(server):
        """Until `close` has shut the socket down: nothing that wakes up to look."""
        while True:
            try:
                server.process_request(*server.get_request())
            except ssl.SSLError:
                continue
            except OSError:
                return

    @staticmethod
    def close(server):
        server.socket.shutdown(socket.SHUT_RDWR)
        server.server_close()

    def doubles(self, built):
        servers = []
        if built.endpoint not in ("refused", "unreachable"):
            servers.append(self.serve((AGENT, 80), agent_double(built.endpoint)))
        if built.imds not in ("refused", "unreachable"):
            for host in (IMDS, IMDS6):
                servers.append(self.serve((host, 80), imds_double(built.imds)))
        return servers

    def away(self, built):
        gone = [AGENT + "/32"] if built.endpoint == "unreachable" else []
        return gone + ([IMDS + "/32", IMDS6 + "/128"] if built.imds == "unreachable" else [])

    def furnish(self, built):
        # it stays the same directory, which is the working directory of what lives on
        for path in self.home.iterdir() if self.home.exists() else ():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        (self.home / ".aws").mkdir(parents=True)
        # what a case calls credentials and config has its usual place, the rest lies in HOME
        for name, text in built.files.items():
            path = (self.home / ".aws" if name in ("credentials", "config") else self.home) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.mkdir()
                continue
            path.write_bytes(text.replace("{home}", str(self.home)).encode("utf-8", "surrogateescape"))
            path.chmod(built.modes[name])
        process = self.home / "process"
        process.write_text("#!/bin/sh\necho '%s'\n" % json.dumps({
            "Version": 1, "AccessKeyId": cases.KEYS["PROCESS"], "SecretAccessKey": cases.SECRET,
            "SessionToken": "AQoDYXdzEXAMPLETOKEN", "Expiration": imds.utc(6 * 3600)}))
        process.chmod(0o755)
        for path in [self.home, self.home / ".aws", *self.home.rglob("*")]:
            os.chown(path, built.uid or USER, built.uid or USER)

    def plain(self):
        ca = str(self.tls / "ca.pem")
        return {**PLAIN, "HOME": str(self.home), "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1",
                 "AWS_CA_BUNDLE": ca, "SSL_CERT_FILE": ca, "NODE_EXTRA_CA_CERTS": ca,
                 "NODE_NO_WARNINGS": "1", "AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE": "1"}

    def environment(self, built):
        merged = {**self.plain(), **built.env}
        return {k: v.replace("{home}", str(self.home)) for k, v in merged.items() if v is not None}

    def run(self, built, sdks):
        """What each of the SDKs says, in the surroundings of the case."""
        self.furnish(built)
        servers, away = self.doubles(built), self.away(built)
        for address in away:
            self.ip("addr", "del", address, "dev", "lo")
        try:
            return [self.timed(sdk, built) for sdk in sdks]
        finally:
            for address in away:
                self.own(address)
            for server in servers:
                self.close(server)

    def timed(self, sdk, built):
        began = time.monotonic()
        try:
            return self.told(sdk, self.environment(built), built.uid)
        finally:
            self.seconds[sdk] += time.monotonic() - began

    def told(self, sdk, environment, uid=None):
        """What is loaded already runs as the ordinary user: another one has a process of its own."""
        if uid or sdk.loads is None:
            status, out, err = self.started(sdk, environment, uid or USER)
        else:
            status, out, err = self.grown(sdk, environment)
        if status == -signal.SIGALRM:
            return {"error": "still waiting after %d s" % DEADLINE_S}
        for line in reversed(out.splitlines()):
            if line.startswith("{"):
                return json.loads(line)
        if status < 0:
            return {"error": "ended by signal %d" % -status}
        return {"broken": "status %d: %s" % (status, err[-400:])}

    def as_user(self, uid=USER):
        return {"cwd": self.home, "user": uid, "group": uid, "extra_groups": []}

    def started(self, sdk, environment, uid):
        try:
            done = subprocess.run(sdk.command, env=environment, capture_output=True, timeout=DEADLINE_S, **self.as_user(uid))
        except subprocess.TimeoutExpired:
            return -signal.SIGALRM, "", ""
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def grown(self, sdk, environment):
        """By a fork of a program that has loaded the SDK once, or by a thread of node: these live as long as this world."""
        kind = (sdk.command[0], sdk.loads)
        if kind not in self.seeds:
            seed = (HERE / "runners/seed").with_suffix(pathlib.Path(sdk.command[1]).suffix)
            program = () if sdk.command[0] == "java" else (str(seed),)      # of java, the options name it
            self.seeds[kind] = subprocess.Popen((sdk.command[0], *program, *sdk.loads), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                               env=self.plain(), **self.as_user())
        seed = self.seeds[kind]
        seed.stdin.write(json.dumps({"command": sdk.command, "env": environment, "folder": str(self.home), "seconds": sdk_deadline(sdk)}) + "\n")
        seed.stdin.flush()
        status, out, err = json.loads(seed.stdout.readline()).values()
        if status == -signal.SIGALRM and sdk.command[0] == "java":      # it ends with what hangs in it
            self.seeds.pop(kind).wait(DEADLINE_S)
        return status, out, err

    def end(self):
        for seed in self.seeds.values():
            seed.stdin.close()
            seed.wait(DEADLINE_S)
