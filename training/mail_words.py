"""The hub's own words in the mails of a session, which staff can replace (MailText)."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """The words of one occasion: ``label`` and ``purpose`` for staff, ``subject`` and ``message`` for
    the reader, with the {placeholders} that may stand in them. Paragraphs are lines."""

    label: Promise
    purpose: Promise
    subject: Promise
    message: Promise
    placeholders: tuple[str, ...]


SESSION = ("session", "date")
# What the placeholders stand for, for staff.
MEANINGS = {
    "session": _("the title of the session"),
    "date": _("when it starts, with the time zone"),
    "place": _("the place on the waiting list, as a number"),
    "until": _("when the offer ends"),
}

DEFAULTS: dict[str, Words] = {
    "confirmed": Words(
        _("Seat confirmed"),
        _("To whoever gets a seat, with the calendar entry and the way to join."),
        _("Your seat is confirmed: {session}"),
        _("Your seat is confirmed. We look forward to {date}."),
        SESSION,
    ),
    "waiting": Words(
        _("On the waiting list"),
        _("To whoever registers when all seats are taken."),
        _("You are on the waiting list: {session}"),
        _(
            "All seats are taken, so you are on the waiting list, at place {place}.\n"
            "As soon as a seat becomes free for you, we offer it to you by mail. Until then you need do nothing."
        ),
        (*SESSION, "place"),
    ),
    "offered": Words(
        _("A seat is offered"),
        _("To the next on the waiting list, when a seat becomes free."),
        _("A seat is free for you: {session}"),
        _(
            "A seat has become free, and it is yours if you say so by {until}.\n"
            "If it does not suit you any more, decline it, so that the next in line gets it in time."
        ),
        (*SESSION, "until"),
    ),
    "declined": Words(
        _("Offer declined, or ended"),
        _("To whoever declined an offered seat, or did not answer in time."),
        _("The offered seat has gone on: {session}"),
        _(
            "The seat that was offered to you has gone to the next in line. "
            "If you would like to take part after all, register again on the session's page."
        ),
        SESSION,
    ),
    "cancelled": Words(
        _("Registration given up"),
        _("The receipt for whoever gave up a seat or left the waiting list."),
        _("You are no longer registered: {session}"),
        _(
            "You are no longer registered, and your place goes to the next in line. Thank you for saying so.\n"
            "If you did not do this yourself, answer this mail."
        ),
        SESSION,
    ),
    "again": Words(
        _("Registered already"),
        _("To an address that was typed into the form although it is registered."),
        _("You are registered already: {session}"),
        _(
            "Somebody, probably you, has registered with this address again. Nothing has changed: "
            "your first registration stands, and the link below shows how."
        ),
        SESSION,
    ),
    "changed": Words(
        _("Session moved, or the way to join has changed"),
        _("To everybody on the list, two minutes after the change was published."),
        _("Changed: {session}"),
        _(
            "The plan has changed; below is how it is now. The session takes place on {date}.\n"
            "Your place is kept. If the change does not suit you, give it up with the link below."
        ),
        SESSION,
    ),
    "session_cancelled": Words(
        _("Session cancelled"),
        _("To everybody on the list, two minutes after the cancellation was published."),
        _("Cancelled: {session}"),
        _("We are sorry: this session does not take place. It was planned for {date}."),
        SESSION,
    ),
    "reinstated": Words(
        _("Session takes place after all"),
        _("To everybody on the list, when a cancelled session is taken up again."),
        _("Takes place after all: {session}"),
        _("This session takes place after all, on {date}. Your place is kept."),
        SESSION,
    ),
    "reminder": Words(
        _("Reminder"),
        _("To those with a seat, at the times chosen on the session's page."),
        _("Soon: {session}"),
        _(
            "This is to remind you of {date}.\n"
            "If you cannot come, give up your seat with the link below: somebody may be waiting for it."
        ),
        SESSION,
    ),
    "thanks": Words(
        _("Thanks, with the recording"),
        _("To those who had a seat, when the recording or the summary is public."),
        _("Thank you, and what was said: {session}"),
        _(
            "Thank you for taking part. What was said is now on the session's page, at the address you know.\n"
            "Two minutes of your time help us more than thanks: tell us what to keep and what to change."
        ),
        SESSION,
    ),
    "missed": Words(
        _("Recording for those who did not come"),
        _("To those who had a seat and were marked as absent."),
        _("What was said: {session}"),
        _("You could not be there. What was said is now on the session's page."),
        SESSION,
    ),
    "link": Words(
        _("A new link"),
        _("To whoever asks for the link to their registration."),
        _("Your link: {session}"),
        _("This is the link to your registration. If there was one before, it may no longer work."),
        SESSION,
    ),
    "moved_address": Words(
        _("Registration goes to another address"),
        _("To the address that a registration had before."),
        _("Another address for your registration: {session}"),
        _(
            "The registration that had this address now has another one, and mail about it goes there.\n"
            "If you did not change it yourself, answer this mail."
        ),
        SESSION,
    ),
}

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def fill(text: str, values: dict[str, str]) -> str:
    """``text`` with the known {placeholders} replaced; everything else stays as it is."""
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)


def refusal(text: str, occasion: str) -> str:
    """Why ``text`` cannot stand in mails of ``occasion``, as a sentence; "" if it can."""
    allowed = DEFAULTS[occasion].placeholders
    wrong = [found[0] for found in _PLACEHOLDER.finditer(text) if found[1] not in allowed]
    wrong += re.findall(r"[{}]", _PLACEHOLDER.sub("", text))
    if not wrong:
        return ""
    return _("“%(wrong)s” means nothing in this mail. What may stand in braces: %(allowed)s") % {
        "wrong": wrong[0],
        "allowed": ", ".join(f"{{{name}}}" for name in allowed),
    }


def own_words(occasion: str) -> tuple[str, str]:
    """The hub's subject and message in the active language."""
    words = DEFAULTS[occasion]
    return str(words.subject), str(words.message)
