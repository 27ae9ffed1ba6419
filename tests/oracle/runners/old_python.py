"""Names that releases of years ago took from Python's library and that Python 3.10 and later lack. None has to do with credentials."""
import collections
import collections.abc
import http.client
import inspect
import sys
import xml.etree.ElementTree

for name in ("Callable", "Mapping", "MutableMapping", "Sequence"):
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))
if not hasattr(inspect, "getargspec"):
    inspect.getargspec = lambda function: inspect.getfullargspec(function)[:4]
sys.modules.setdefault("xml.etree.cElementTree", xml.etree.ElementTree)
xml.etree.cElementTree = xml.etree.ElementTree


class Connection(http.client.HTTPConnection):
    """As Python 3.5's: a subclass may override the private parts without the argument that came later."""

    def request(self, method, url, body=None, headers=None, **_):
        self._send_request(method, url, body, headers or {})

    def _send_request(self, method, url, body, headers, encode_chunked=False):
        super()._send_request(method, url, body, headers, encode_chunked)

    def endheaders(self, message_body=None, **chunked):
        plain = type(self)._send_output is http.client.HTTPConnection._send_output
        try:
            if not plain:
                own, self._send_output = self._send_output, lambda body=None, **_: own(body)
            super().endheaders(message_body, **chunked)
        finally:
            if not plain:
                del self._send_output


http.client.HTTPConnection = Connection
