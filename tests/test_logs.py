"""What must never stand in a log: the private addresses of registrations and requests."""

import io
import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import URLPattern, get_resolver
from gunicorn.config import Config
from gunicorn.glogging import Logger

from hub import logs
from hub.forms import links
from tests.factories import SessionPageFactory
from tests.registering import make_registration

TOKEN = "12-0123456789abcdef~Zq0_-x"
PATHS = [f"/en/registration/{TOKEN}/edit/", f"/ar/request/{TOKEN}/"]


LOGGERS = ["django.request", "django.security.SuspiciousOperation", "gunicorn.access", "library"]


@pytest.fixture
def written(monkeypatch):
    """What is written by handlers of the loggers' own, past all that the hub configures."""
    stream = io.StringIO()
    for name in LOGGERS:
        monkeypatch.setattr(logging.getLogger(name), "handlers", [logging.StreamHandler(stream)])
    return stream.getvalue


@pytest.mark.parametrize("damage", ["", "altered", "%7E"])
def test_refused_private_address_is_not_logged(client, site, written, damage):
    registration = make_registration(SessionPageFactory(parent=site.training))
    token = links.token_for(registration)
    links.renew(registration)
    client.get(f"/en/registration/{token}{damage}/")
    client.delete(f"/en/registration/{token}{damage}/edit/")
    assert written() == (
        "Not Found: /en/registration/[private]/\n"
        "Method Not Allowed (DELETE): /en/registration/[private]/edit/\n"
    )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["django.security.SuspiciousOperation", "library"])
def test_private_address_is_taken_out_wherever_a_record_comes_from(written, name, path):
    logging.getLogger(name).warning("Refused %s for %d times", path, 3)
    assert written() == f"Refused {path.replace(TOKEN, '[private]')} for 3 times\n"


def write_access(path: str):
    """Has gunicorn write down a request for ``path``, which comes from there, too."""
    config = Config()
    config.set("accesslog", "-")
    log = Logger(config)
    response = SimpleNamespace(status="200 OK", sent=1, headers=[])
    request = SimpleNamespace(headers=[("REFERER", f"https://hub.example.org{path}")])
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": path,
        "PATH_INFO": path,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://hub.example.org{path}",
    }
    log.access(response, request, environ, timedelta(seconds=1))


@pytest.mark.parametrize("path", PATHS)
def test_private_address_is_not_in_the_access_log(written, path):
    write_access(path)
    assert f"GET {path.replace(TOKEN, '[private]')} HTTP/1.1" in written()
    assert TOKEN not in written()


def test_answers_of_the_self_check_are_not_in_the_access_log(written):
    write_access("/en/funding/?check=on&met=168bf81b&applies=fdb06190")
    assert "GET /en/funding/?[private] HTTP/1.1" in written()
    assert "met=" not in written()
    assert "applies=" not in written()


def test_token_is_taken_out_of_a_traceback(written):
    try:
        raise LookupError(f"Reverse for 'x' with arguments '('{TOKEN}',)' not found.")
    except LookupError:
        logging.getLogger("library").exception("It failed.")
    assert "Reverse for 'x' with arguments '('[private]',)' not found." in written()


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /en/funding/request/",
        "Not Found: /en/registration/",
        "Not Found: /en/training/reading-a-tender/?sent=1",
        'GET /en/registration/ HTTP/1.1" 200',
    ],
)
def test_other_addresses_are_logged_as_they_are(line):
    assert logs.without_private(line) == line


def test_every_address_with_a_token_is_known_as_private():
    paths = [
        f"/{prefix}"
        for prefix, pattern in _patterns(get_resolver())
        if "token" in pattern.converters
    ]
    assert len(paths) >= 7
    for path in paths:
        address = path.replace("<str:token>", TOKEN)
        assert TOKEN not in logs.without_private(address.replace("~", "!")), path


def _patterns(resolver, prefix=""):
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield path, entry.pattern
        else:
            yield from _patterns(entry, path)
