"""Keeps private addresses out of the logs: whoever reads one there could open it.

And what readers answer on pages that promise to keep nothing, which is in the query. Django writes the path of every request that it refuses, and gunicorn's access log that of all. A
filter would have to be put on every logger that writes for itself; the record is one for all.
"""

import logging
import re

# The first words, below the language, of the addresses that go on with the token of a private link.
PRIVATE = ("registration", "request")
_TOKEN = re.compile(
    rf"(/(?:{'|'.join(PRIVATE)})/)[^/\s?\"']+|\d+-[0-9a-f]{{16}}(?:~|%7E)[\w-]*", re.I
)
# The self-check of a fund (funding.self_check).
_ANSWERS = re.compile(r"\?check=[^\s\"'#]*")


def without_private(text: str) -> str:
    """``text`` with "[private]" for each token of a private link, for what was tried as one, and for
    answers that nobody is to keep."""
    return _ANSWERS.sub("?[private]", _TOKEN.sub(r"\1[private]", text))


class PrivateRecord(logging.LogRecord):
    """A record whose message and traceback, however they are written, hold no private address."""

    def getMessage(self):  # noqa: N802 - logging's name
        return without_private(super().getMessage())

    @property
    def exc_text(self) -> str | None:
        """The traceback, which the first formatter works out for all."""
        return self._exc_text

    @exc_text.setter
    def exc_text(self, text: str | None):
        self._exc_text = text and without_private(text)
