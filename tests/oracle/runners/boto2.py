"""Prints the key id that boto 2 signs with, or its error: boto2.py FOLDER."""
import json
import sys

sys.path.insert(0, sys.argv[1])
try:
    from boto.s3.connection import S3Connection
    told = {"key": S3Connection().aws_access_key_id}
except Exception as error:  # whatever it raises is the answer
    told = {"error": "%s: %s" % (type(error).__name__, error)}
print(json.dumps(told))
