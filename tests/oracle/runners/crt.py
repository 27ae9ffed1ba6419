"""Prints the key id that aws-c-auth's default chain signs with, or its error."""
import json

from awscrt import auth, io

try:
    group = io.EventLoopGroup(1)
    bootstrap = io.ClientBootstrap(group, io.DefaultHostResolver(group))
    found = auth.AwsCredentialsProvider.new_default_chain(bootstrap).get_credentials().result(60)
    told = {"key": found.access_key_id}
except Exception as error:  # whatever the SDK raises is the answer
    told = {"error": "%s: %s" % (type(error).__name__, error)}
print(json.dumps(told))
