"""WSGI whose requests call AWS."""
import boto3


def app(environ, start_response):
    credentials = boto3.Session().get_credentials()
    with open("/tmp/acted", "w") as f:
        f.write(f"boto3 {credentials.access_key}" if credentials else "boto3 none")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok\n"]
