"""Prints the key id that botocore's default chain signs with, or its error."""
import json

import botocore.session

try:
    found = botocore.session.Session().create_client("sts")._request_signer._credentials
    if found and hasattr(found, "get_frozen_credentials"):      # since 1.4.39
        found = found.get_frozen_credentials()
    told = {"key": found.access_key if found else None}
except Exception as error:  # whatever the SDK raises is the answer
    told = {"error": "%s: %s" % (type(error).__name__, error)}
print(json.dumps(told))
