"""Prints the key id that AWS CLI v2 signs with, or its error, by what it would sign."""
import contextlib
import io
import json
import sys

from awscli.clidriver import main

said, error = io.StringIO(), io.StringIO()
with contextlib.redirect_stdout(said), contextlib.redirect_stderr(error):
    sys.argv = ["aws", "configure", "export-credentials", "--format", "env-no-export"]
    main()
keys = [line.partition("=")[2] for line in said.getvalue().splitlines() if line.startswith("AWS_ACCESS_KEY_ID=")]
print(json.dumps({"key": keys[0]} if keys and keys[0] else {"error": error.getvalue()[-300:]}))
