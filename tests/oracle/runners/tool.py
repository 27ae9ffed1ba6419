"""Prints the key id that a tool signs its first request to S3 with, or its error: tool.py NAME PROGRAM.

The tool is told of an S3 endpoint of this program's own, and of no keys.
"""
import http.server
import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import threading
import urllib.parse

SIGNED = re.compile(r"Credential=([^/]+)/|^AWS ([^:]+):")
# A library that trusts no other authorities than its own does not get an answer of STS, but says what it has requested.
STS_REQUESTED = re.compile(r"https://sts\.\S*Action=AssumeRoleWithWebIdentity&RoleArn=[^&]*/(\w+)&")
WAIT_S = 18
OWN_HOST = "127.0.0.2"
TLS = pathlib.Path(os.environ["AWS_CA_BUNDLE"]).with_name("tool.pem")
home = pathlib.Path(os.environ["HOME"])
asked = threading.Event()
told = {}


STS = ("<%sResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><%sResult><AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/x/x</Arn>"
       "<AssumedRoleId>AROAEXAMPLE:x</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>role:%s</AccessKeyId><SecretAccessKey>x</SecretAccessKey>"
       "<SessionToken>x</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></%sResult></%sResponse>")


class S3(http.server.BaseHTTPRequestHandler):
    def answer(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode(errors="replace"))
        if "Action" in form:            # a tool that asks its one endpoint for everything
            return self.sts(form["Action"][0], form.get("RoleArn", [""])[0].rpartition("/")[2])
        found = SIGNED.search(self.headers.get("Authorization") or "")
        told.setdefault("key", (found[1] or found[2]) if found else None)
        asked.set()
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def sts(self, action, role):
        body = (STS % (action, action, role, action, action)).encode() if role else b""
        self.send_response(200 if role else 400)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer

    def log_message(self, *words):
        pass


def serve(secure=False, host="127.0.0.1"):
    server = http.server.ThreadingHTTPServer((host, 0), S3)
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def own_endpoint(secure=False):
    """For a tool that takes proxies from the environment: an address that no case is about, and no proxy. A URL, and the variable for that."""
    exempt = ",".join(filter(None, (os.environ.get("no_proxy"), OWN_HOST)))
    return "http%s://%s:%d" % ("s" if secure else "", OWN_HOST, serve(secure, OWN_HOST)), {"no_proxy": exempt}


def registry(program):
    config = home / "registry.yml"
    config.write_text("version: 0.1\nlog: {level: error}\nstorage: {s3: {region: eu-west-1, bucket: bucket, secure: false, "
                      "regionendpoint: 'http://127.0.0.1:%d'}}\n" % serve())
    return [program, "garbage-collect", str(config)], {}


def pgbackrest(program):
    return [program, "--no-config", "--log-level-file=off", "--stanza=s", "--repo1-type=s3", "--repo1-s3-bucket=bucket", "--repo1-path=/r",
            "--repo1-s3-endpoint=127.0.0.1", "--repo1-s3-region=eu-west-1", "--repo1-s3-uri-style=path", "--repo1-s3-key-type=auto",
            "--repo1-storage-port=%d" % serve(secure=True), "--no-repo1-storage-verify-tls", "--io-timeout=9", "repo-ls"], {}


def s3fs(*options):
    def command(program):
        url, exempt = own_endpoint()
        return [program, "-u", "bucket", *(w for o in ("url=" + url, "use_path_request_style", *options) for w in ("-o", o))], exempt
    return command


def s3cmd(program):
    port = serve()
    return [sys.executable, program, "--no-ssl", "--host=127.0.0.1:%d" % port, "--host-bucket=127.0.0.1:%d" % port, "ls"], {}


def restic(program):
    return [program, "--no-cache", "-r", "s3:http://127.0.0.1:%d/bucket" % serve(), "cat", "config"], {"RESTIC_PASSWORD": "x"}


def rclone(program):
    return [program, "--retries=1", "--low-level-retries=1", "lsd", ":s3:bucket"], {
        "RCLONE_S3_PROVIDER": "Other", "RCLONE_S3_ENV_AUTH": "true", "RCLONE_S3_FORCE_PATH_STYLE": "true", "RCLONE_S3_ENDPOINT": "http://127.0.0.1:%d" % serve()}


def fluent_bit(program):
    options = {"bucket": "bucket", "region": "eu-west-1", "endpoint": "http://127.0.0.1:%d" % serve(), "use_put_object": "on", "tls": "off", "tls.ca_file": os.environ["SSL_CERT_FILE"],
               "total_file_size": "1M", "upload_timeout": "1s", "store_dir": str(home / "store")}
    return [program, "-q", "-f", "1", "-i", "dummy", "-o", "s3", "-m", "*", *(w for o in options.items() for w in ("-p", "%s=%s" % o))], {}


OPENDAL = """import asyncio, opendal, sys
async def main():
    await opendal.AsyncOperator('s3', root='/', bucket='bucket', region='eu-west-1', endpoint=sys.argv[1]).stat('x')
asyncio.run(main())"""
OBJECT_STORE = "import obstore, obstore.store; obstore.head(obstore.store.S3Store('bucket', retry_config={'max_retries': 1}), 'x')"
GDAL = ("import ctypes, glob, sys; ctypes.CDLL(glob.glob(sys.argv[2] + '/pyogrio.libs/libgdal*')[0])"
        ".VSIStatL(b'/vsis3/bucket/x', ctypes.create_string_buffer(512))")


def wheel(code, secure=False, **names):
    """The program is a folder of Python's packages."""
    def command(folder):
        url, exempt = own_endpoint(secure)
        port = url.rpartition(":")[2]
        return [sys.executable, "-c", code, url, folder], {"PYTHONPATH": folder, **exempt, **{n: value.replace("PORT", port) for n, value in names.items()}}
    return command


TOOLS = {"opendal": wheel(OPENDAL), "object-store": wheel(OBJECT_STORE, AWS_ENDPOINT="http://%s:PORT" % OWN_HOST, AWS_ALLOW_HTTP="true"),
         "gdal": wheel(GDAL, secure=True, AWS_S3_ENDPOINT="%s:PORT" % OWN_HOST, AWS_VIRTUAL_HOSTING="FALSE", GDAL_HTTP_UNSAFESSL="YES"),
         "fluent-bit": fluent_bit, "registry": registry, "pgbackrest": pgbackrest, "s3fs": s3fs(), "s3fs-iam-role": s3fs("iam_role=ecsInstanceRole"), "s3fs-ecs": s3fs("ecs"),
         "s3cmd": s3cmd, "restic": restic, "rclone": rclone}


def main():
    name, program = sys.argv[1:3]
    command, more = TOOLS[name](program)
    root = pathlib.Path(program).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root / "usr/lib/python3/dist-packages"), **more}
    environment.pop("AWS_CA_BUNDLE")    # one wants no client of its own then
    environment["LD_LIBRARY_PATH"] = ":".join(str(p) for p in (root.parent / "libraries").glob("**/lib/*-linux-gnu"))
    run = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    threading.Thread(target=lambda: (told.setdefault("error", run.communicate()[0][-2000:]), asked.set()), daemon=True).start()
    asked.wait(WAIT_S)
    run.kill()
    requested = STS_REQUESTED.search(told.get("error", ""))
    if requested:
        told["key"] = "role:" + requested[1]
    print(json.dumps({"key": told["key"]} if told.get("key") else {"error": told.get("error", "not signed")}))
    sys.stdout.flush()
    os._exit(0)


main()
