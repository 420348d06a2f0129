"""The whole application in this process, with every middleware of production, and a clock."""

import io
import time
from contextlib import closing
from unittest import mock


class timed:
    """Adds the seconds its block takes to ``taken[name]``."""

    def __init__(self, taken: dict[str, float], name: str):
        self.taken, self.name = taken, name

    def __enter__(self):
        self.started = time.perf_counter()

    def __exit__(self, *_error):
        self.taken[self.name] += time.perf_counter() - self.started


def send(application, path: str, bodies: list[bytes]):
    """Posts each form from another address; all must be taken."""
    for number, body in enumerate(bodies):
        environ = _environ(path, body, address=f"203.0.113.{number}")
        start_response = mock.Mock()
        with closing(application(environ, start_response)) as response:
            text = b"".join(response)
        assert start_response.call_args.args[0] == "302 Found", text


def _environ(path: str, body: bytes, address: str) -> dict:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "hub.example.org",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "hub.example.org",
        "HTTP_ACCEPT_LANGUAGE": "en",
        "HTTP_X_FORWARDED_FOR": address,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
    }
