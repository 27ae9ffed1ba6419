"""Loads the modules that it is told once (a name with a slash is a folder to find them in); for each line of its input
{"command", "env", "folder", "seconds"} a fork of it is the program that `command` would start: with that environment, and
with what was loaded. Answers by a line: {"status", "out", "err"}."""
import importlib
import json
import os
import runpy
import signal
import sys
import tempfile
import traceback


def become(command, env, folder, seconds, out, err):
    """Never returns. What hangs is ended by SIGALRM."""
    try:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        os.chdir(folder)
        for key in os.environ.keys() - added:
            del os.environ[key]
        os.environ.update(env)
        sys.argv = command[1:]
        sys.stdin = open(os.devnull)
        signal.alarm(seconds)
        runpy.run_path(sys.argv[0], run_name="__main__")
        sys.stdout.flush()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(70)


before = set(os.environ)
for name in sys.argv[1:]:
    if "/" in name:
        sys.path.insert(0, name)
    else:
        importlib.import_module(name)
added = os.environ.keys() - before      # by what was loaded, for itself
for line in sys.stdin:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            become(*json.loads(line).values(), out, err)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        told = {"status": status}
        for word, stream in (("out", out), ("err", err)):
            stream.seek(0)
            told[word] = stream.read().decode(errors="replace")
        print(json.dumps(told), flush=True)
