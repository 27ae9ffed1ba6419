"""A little traffic: each of [[name, address, port, bytes in Latin-1], ...] is asked in turn, over and over.

traffic.py FILE ANSWERED: FILE is read again each time; ANSWERED has how often each name was connected to.
"""
import collections
import json
import os
import socket
import struct
import sys
import time


def fastcgi(script):
    """One request to a FastCGI responder."""
    def record(kind, body):
        return struct.pack(">BBHHBx", 1, kind, 1, len(body), 0) + body
    values = {"SCRIPT_FILENAME": script, "REQUEST_METHOD": "GET", "SCRIPT_NAME": "/", "SERVER_PROTOCOL": "HTTP/1.0"}
    pairs = b"".join(bytes((len(k), len(v))) + k.encode() + v.encode() for k, v in values.items())
    return record(1, struct.pack(">HB5x", 1, 0)) + record(4, pairs) + record(4, b"") + record(5, b"")


def ask(address, port, text):
    """Was it connected to? Not everyone answers."""
    try:
        s = socket.create_connection((address, port), 1)
    except OSError:
        return False
    with s:
        s.settimeout(0.3)
        try:
            if text:
                s.sendall(fastcgi(text[5:]) if text.startswith("fcgi:") else text.encode("latin-1"))
            s.recv(4096)
        except OSError:
            pass
    return True


count = collections.Counter()
while True:
    try:
        with open(sys.argv[1]) as f:
            targets = json.load(f)
    except (OSError, ValueError):
        targets = []
    for name, *target in targets:
        count[name] += ask(*target)
    with open(sys.argv[2] + ".new", "w") as f:
        json.dump(count, f)
    os.rename(sys.argv[2] + ".new", sys.argv[2])
    time.sleep(1)
