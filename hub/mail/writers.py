"""Mails whose words are written by the worker, just before they are sent.

A visitor's POST should cost a row, not three templates and a calendar; and a mail that has waited
should say how things are now. An app declares in ``<app>/mails.py``:

    @writer("training.reminder")
    def reminder(mail: OutgoingMail) -> Letter | None: ...

None means that the mail is no longer called for, such as a reminder of a seat that was given up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils.module_loading import autodiscover_modules

from hub.mail.render import Rendered
from hub.models.mail import OutgoingMail


@dataclass(frozen=True)
class Letter:
    """A mail's words and, as iCalendar, what they mean for the reader's calendar."""

    mail: Rendered
    calendar: str = ""
    reply_to: str = ""


Writer = Callable[[OutgoingMail], Letter | None]
_writers: dict[str, Writer] = {}


def writer(occasion: str):
    """Declares the decorated function as what writes the mails of ``occasion``."""

    def declare(function: Writer) -> Writer:
        if occasion in _writers:
            raise ValueError(f"There are two writers of {occasion}.")
        _writers[occasion] = function
        return function

    return declare


def write(mail: OutgoingMail) -> Letter | None:
    """What ``mail`` says now. Raises LookupError if no app writes such mails."""
    _find_writers()
    return _writers[mail.occasion](mail)


@cache
def _find_writers():
    """Imports what declares them, once: looking in every app takes longer than many a mail."""
    autodiscover_modules("mails")
