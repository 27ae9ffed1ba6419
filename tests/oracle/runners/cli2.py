"""Prints the key id that a command of AWS CLI v2 signs with, or its error: what the command would make its client with."""
import json

from awscli.clidriver import create_clidriver

try:
    found = create_clidriver().session.create_client("sts")._request_signer._credentials
    told = {"key": found.get_frozen_credentials().access_key if found else None}
except Exception as error:  # whatever the CLI raises is the answer
    told = {"error": "%s: %s" % (type(error).__name__, error)}
print(json.dumps(told))
