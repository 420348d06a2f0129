"""The hub's own words in the mails to participants (hub.mail.words)."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from hub.mail.words import Words, declare
from training.mails import sample

# What can be said on every occasion.
_COMMON = ("session", "date", "link", "hub")

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
        _COMMON,
    ),
    "waiting": Words(
        _("On the waiting list"),
        _("To whoever registers when all seats are taken."),
        _("On the waiting list: {session}"),
        _(
            "All seats in “{session}” are taken. You are number {place} on the waiting list.\n\n"
            "When a seat becomes free for you, we write to this address."
        ),
        (*_COMMON, "place"),
    ),
    "offered": Words(
        _("A seat is offered"),
        _("To the next on the waiting list, when a seat becomes free."),
        _("A seat is free for you: {session}"),
        _(
            "A seat in “{session}” has become free, and you are next in line.\n\n"
            "It is kept for you until {until}. Then it goes to the next."
        ),
        (*_COMMON, "until"),
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
        _COMMON,
    ),
    "cancelled": Words(
        _("A registration was cancelled"),
        _("The receipt for whoever gave up a seat or left the waiting list."),
        _("Cancelled: your registration for {session}"),
        _(
            "Your registration for “{session}” is cancelled.\n\n"
            "You can register again on the session’s page."
        ),
        _COMMON,
    ),
    "again": Words(
        _("An address that is registered already"),
        _("To an address that was typed into the form although it is registered."),
        _("You are registered already: {session}"),
        _(
            "Somebody, most likely you, has registered for “{session}” with this address again. "
            "Nothing has changed by it."
        ),
        _COMMON,
    ),
    "link": Words(
        _("A new link to a registration"),
        _("To whoever asks for the link to their registration."),
        _("The link to your registration: {session}"),
        _("This is the link to your registration for “{session}”. Older links lead nowhere now."),
        _COMMON,
    ),
    "changed": Words(
        _("A session was moved, or how to join has changed"),
        _("To everybody on the list, two minutes after the change was published."),
        _("Changed: {session}"),
        _("“{session}” has been changed. How it stands now is in this mail."),
        _COMMON,
    ),
    "session_cancelled": Words(
        _("A session was cancelled"),
        _("To everybody on the list, two minutes after the cancellation was published."),
        _("The session is cancelled: {session}"),
        _("“{session}”, {date}, has been cancelled. You need do nothing."),
        _COMMON,
    ),
    "reinstated": Words(
        _("A cancelled session takes place after all"),
        _("To everybody on the list, when a cancelled session is taken up again."),
        _("It takes place after all: {session}"),
        _("“{session}” was cancelled, and takes place after all: {date}."),
        _COMMON,
    ),
    "reminder": Words(
        _("A reminder before a session"),
        _("To those with a seat, at the times chosen on the session's page."),
        _("Soon: {session}"),
        _(
            "“{session}” begins soon: {date}.\n\n"
            "If you cannot come, please give your seat up, so that somebody else has it."
        ),
        _COMMON,
    ),
    "thanks": Words(
        _("After a session, to those who came"),
        _("To those who had a seat, when the recording or the summary is public."),
        _("Thank you for taking part: {session}"),
        _("Thank you for taking part in “{session}”."),
        _COMMON,
    ),
    "missed": Words(
        _("After a session, to those who did not come"),
        _("To those who had a seat and were marked as absent."),
        _("We missed you: {session}"),
        _("“{session}” has taken place without you. We hope to see you at the next one."),
        _COMMON,
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
        _COMMON,
    ),
}

declare("training", DEFAULTS, MEANINGS, sample, _("Training"))
