"""Scanners for harmful files: HUB_FILE_SCANNER names one of these, or one of the installation's own.

A scanner takes an open file and says whether it is clean. Where it cannot say, it raises: the file
stays withheld, and is looked at again. ScannerDown means that no other file would fare better now.
"""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

logger = logging.getLogger(__name__)

# Seconds until clamd must have answered. It takes about one for the largest file that is kept.
TIMEOUT = 60


class ScannerDown(Exception):
    """The scanner cannot be reached, or does not answer."""


class NoVerdict(Exception):
    """The scanner answered, but not whether the file is clean."""


def clamd(file) -> bool:
    """What ClamAV's daemon at HUB_CLAMD finds. It is sent the content, so it may be anywhere."""
    answer = _ask(file.read())
    if answer == "stream: OK":
        return True
    if answer.endswith(" FOUND"):
        # With the name of the signature, for whoever believes that the file is harmless.
        logger.warning("clamd: %s", answer)
        return False
    raise NoVerdict(f"clamd answered “{answer}”.")


def _ask(content: bytes) -> str:
    """Its answer to the command INSTREAM, for which the content is one chunk (see `man clamd`)."""
    chunks = [content, b""] if content else [b""]
    try:
        with _connection() as daemon:
            # It hangs up on what is too large for it, but says so before.
            with suppress(BrokenPipeError, ConnectionResetError):
                daemon.sendall(b"zINSTREAM\0")
                for chunk in chunks:
                    daemon.sendall(len(chunk).to_bytes(4, "big") + chunk)
            return _line_from(daemon)
    except OSError as failure:
        raise ScannerDown(f"clamd does not answer at {settings.HUB_CLAMD}: {failure}") from failure


def _line_from(daemon: socket.socket) -> str:
    line = b""
    while not line.endswith(b"\0"):
        if not (received := daemon.recv(4096)):
            raise ConnectionAbortedError("it hung up without an answer")
        line += received
    return line[:-1].decode(errors="replace")


@contextmanager
def _connection() -> Iterator[socket.socket]:
    address = clamd_address()
    if isinstance(address, tuple):
        with socket.create_connection(address, TIMEOUT) as daemon:
            yield daemon
        return
    with socket.socket(socket.AF_UNIX) as daemon:
        daemon.settimeout(TIMEOUT)
        daemon.connect(address)
        yield daemon


def clamd_address() -> str | tuple[str, int]:
    """Where HUB_CLAMD says that clamd listens: a path, or a host and a port.

    Raises ImproperlyConfigured.
    """
    # A port that is no number is found out only when it is asked for.
    with suppress(ValueError):
        parts = urlsplit(settings.HUB_CLAMD)
        if parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/"):
            return parts.path
        if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path:
            return parts.hostname, parts.port
    raise ImproperlyConfigured(
        "HUB_CLAMD says where ClamAV's daemon listens, such as unix:///run/clamav/clamd.ctl or "
        f"tcp://127.0.0.1:3310, and not {settings.HUB_CLAMD!r}."
    )
