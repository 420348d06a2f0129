"""The hub's own words in the mails to participants, by occasion; staff can replace them (MailText).

Words may hold placeholders such as {session}, which are filled in by name: whatever else stands in
braces is left as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import escape, format_html, linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
# What can be said on every occasion.
COMMON = ("session", "date", "link", "hub")


@dataclass(frozen=True)
class Words:
    """The words of one occasion: ``label`` and ``purpose`` for staff, ``subject`` and ``message`` for
    the reader. ``own_placeholders`` are those that mean something on this occasion alone."""

    label: Promise
    purpose: Promise
    subject: Promise
    message: Promise
    own_placeholders: tuple[str, ...] = ()

    @property
    def placeholders(self) -> tuple[str, ...]:
        return (*COMMON, *self.own_placeholders)


# What the placeholders stand for, for staff.
MEANINGS = {
    "session": _("the title of the session"),
    "date": _("when it starts, with the time zone"),
    "link": _("the address at which a person looks after their registration"),
    "hub": _("the name of this hub"),
    "place": _("the place on the waiting list, as a number"),
    "until": _("when the offer ends"),
}

DEFAULTS: Mapping[str, Words] = {
    "confirmed": Words(
        _("A seat is confirmed"),
        _("To whoever gets a seat, with the calendar entry and the way to join."),
        _("Your seat: {session}"),
        _(
            "You have a seat in “{session}”, {date}.\n\n"
            "The file with this mail puts it into your calendar."
        ),
    ),
    "waiting": Words(
        _("On the waiting list"),
        _("To whoever registers when all seats are taken."),
        _("On the waiting list: {session}"),
        _(
            "All seats in “{session}” are taken. You are number {place} on the waiting list.\n\n"
            "When a seat becomes free for you, we write to this address."
        ),
        ("place",),
    ),
    "offered": Words(
        _("A seat is offered"),
        _("To the next on the waiting list, when a seat becomes free."),
        _("A seat is free for you: {session}"),
        _(
            "A seat in “{session}” has become free, and you are next in line.\n\n"
            "It is kept for you until {until}. Then it goes to the next."
        ),
        ("until",),
    ),
    "declined": Words(
        _("An offer was declined, or has ended"),
        _("To whoever declined an offered seat, or did not answer in time."),
        _("Not taking part: {session}"),
        _(
            "The seat in “{session}” that was offered to you has been declined, or nobody accepted it in "
            "time. It has gone to the next in line.\n\n"
            "You can register again on the session’s page."
        ),
    ),
    "cancelled": Words(
        _("A registration was cancelled"),
        _("The receipt for whoever gave up a seat or left the waiting list."),
        _("Cancelled: your registration for {session}"),
        _(
            "Your registration for “{session}” is cancelled.\n\n"
            "You can register again on the session’s page."
        ),
    ),
    "again": Words(
        _("An address that is registered already"),
        _("To an address that was typed into the form although it is registered."),
        _("You are registered already: {session}"),
        _(
            "Somebody, most likely you, has registered for “{session}” with this address again. "
            "Nothing has changed by it."
        ),
    ),
    "link": Words(
        _("A new link to a registration"),
        _("To whoever asks for the link to their registration."),
        _("The link to your registration: {session}"),
        _("This is the link to your registration for “{session}”. Older links lead nowhere now."),
    ),
    "changed": Words(
        _("A session was moved, or how to join has changed"),
        _("To everybody on the list, two minutes after the change was published."),
        _("Changed: {session}"),
        _("“{session}” has been changed. How it stands now is in this mail."),
    ),
    "session_cancelled": Words(
        _("A session was cancelled"),
        _("To everybody on the list, two minutes after the cancellation was published."),
        _("The session is cancelled: {session}"),
        _("“{session}”, {date}, has been cancelled. You need do nothing."),
    ),
    "reinstated": Words(
        _("A cancelled session takes place after all"),
        _("To everybody on the list, when a cancelled session is taken up again."),
        _("It takes place after all: {session}"),
        _("“{session}” was cancelled, and takes place after all: {date}."),
    ),
    "reminder": Words(
        _("A reminder before a session"),
        _("To those with a seat, at the times chosen on the session's page."),
        _("Soon: {session}"),
        _(
            "“{session}” begins soon: {date}.\n\n"
            "If you cannot come, please give your seat up, so that somebody else has it."
        ),
    ),
    "thanks": Words(
        _("After a session, to those who came"),
        _("To those who had a seat, when the recording or the summary is public."),
        _("Thank you for taking part: {session}"),
        _("Thank you for taking part in “{session}”."),
    ),
    "missed": Words(
        _("After a session, to those who did not come"),
        _("To those who had a seat and were marked as absent."),
        _("We missed you: {session}"),
        _("“{session}” has taken place without you. We hope to see you at the next one."),
    ),
    "moved_address": Words(
        _("A registration goes to another address"),
        _("To the address that a registration had before."),
        _("Another address for your registration: {session}"),
        _(
            "The registration for “{session}” that had this address now has another one, and mail about "
            "it goes there.\n\n"
            "If you did not change it yourself, answer this mail."
        ),
    ),
}


def own_words(occasion: str) -> tuple[str, str]:
    """The hub's subject and message in the active language, placeholders and all."""
    words = DEFAULTS[occasion]
    return str(words.subject), str(words.message)


def refusal(text: str, occasion: str) -> str:
    """Why ``text`` cannot stand in mails of ``occasion``, as a sentence; "" if it can."""
    allowed = DEFAULTS[occasion].placeholders
    wrong = [found[0] for found in _IN_BRACES.finditer(text) if found[1] not in allowed]
    wrong += re.findall(r"[{}]", _IN_BRACES.sub("", text))
    if not wrong:
        return ""
    return _("“%(wrong)s” means nothing in this mail. What may stand in braces: %(allowed)s") % {
        "wrong": wrong[0],
        "allowed": ", ".join(f"{{{name}}}" for name in allowed),
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its placeholders filled in, as plain text."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def fill_html(text: str, values: Mapping[str, str]) -> SafeString:
    """``text`` as paragraphs with its placeholders filled in; nothing in either becomes markup."""
    paragraphs = linebreaks(urlize(text, autoescape=True))

    def value_of(found) -> str:
        if found[1] not in values:
            return found[0]
        value = values[found[1]]
        if found[1] == "link":
            return format_html('<a href="{}">{}</a>', value, value)
        return f"<bdi>{escape(value)}</bdi>"

    return mark_safe(_PLACEHOLDER.sub(value_of, paragraphs))  # noqa: S308 - escaped above
