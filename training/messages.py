"""A message from staff to a part of those on a roster."""

from uuid import UUID

from django.db import transaction
from wagtail.log_actions import log

from hub.mail import outbox
from hub.models import OutgoingMail, User
from training import seats
from training.models import Registration, Roster


def readers(roster: Roster, statuses: list[str], locale_id: int | None = None):
    """Those who would get it: in one of the statuses and, if given, the language."""
    found = roster.registrations.filter(status__in=statuses, anonymised_at=None)
    if locale_id:
        found = found.filter(locale=locale_id)
    return found.exclude(address="")


@transaction.atomic
def send(roster: Roster, registrations, key: UUID, *, subject: str, body: str, user: User) -> int:
    """Writes one mail for each to the outbox; how many, 0 when a message of this key was sent before.

    The log notes who wrote to how many, and about what.
    """
    seats.lock(roster.pk)
    start = f"training.message:{key}:"
    if OutgoingMail.objects.filter(key__startswith=start).exists():
        return 0
    mails = [
        _mail(f"{start}{registration.reference}", registration, subject, body)
        for registration in registrations
    ]
    OutgoingMail.objects.bulk_create(mails, batch_size=500)
    log(
        roster,
        "training.messaged",
        user=user,
        title=roster.source_page.title,
        data={"count": len(mails), "subject": subject},
    )
    return len(mails)


def _mail(key: str, registration: Registration, subject: str, body: str) -> OutgoingMail:
    return outbox.unwritten(
        key, "training.message", registration, details={"subject": subject, "body": body}
    )
