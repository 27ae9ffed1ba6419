"""Prints the key id that the aws-sdk-cpp in the pyarrow of the folder that it is given signs its first request to S3 with, or its error."""
import http.server
import json
import os
import re
import sys
import threading

sys.path.insert(0, sys.argv[1])
from pyarrow.fs import S3FileSystem  # noqa: E402

WAIT_S = 18
told, asked = {}, threading.Event()


class S3(http.server.BaseHTTPRequestHandler):
    def answer(self):
        found = re.search("Credential=([^/]+)/", self.headers.get("Authorization") or "")
        told.setdefault("key", found and found[1])
        asked.set()
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = answer

    def log_message(self, *words):
        pass


def ask(port):
    try:
        S3FileSystem(endpoint_override="127.0.0.1:%d" % port, scheme="http", region="eu-west-1").get_file_info("bucket")
    except Exception as error:  # whatever it raises is the answer
        told.setdefault("error", str(error))
    asked.set()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), S3)
threading.Thread(target=server.serve_forever, daemon=True).start()
threading.Thread(target=ask, args=server.server_address[1:], daemon=True).start()
asked.wait(WAIT_S)
print(json.dumps({"key": told["key"]} if told.get("key") else {"error": told.get("error", "not signed")}), flush=True)
os._exit(0)
