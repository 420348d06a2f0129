"""Mails that bring the private link of a registration (see hub.forms.links)."""

from django.utils import timezone

from hub.forms import links
from hub.mail import outbox
from hub.mail.addresses import address_key
from hub.models import OutgoingMail
from training.models.registration import Registration


def find(token: str) -> Registration | None:
    """The registration a link is for, with its roster and locale; None of every other link."""
    return links.find(
        Registration.objects.select_related("roster", "locale").filter(anonymised_at=None), token
    )


def send(registration: Registration):
    """Mails the link to the registered address; another mail for each key."""
    outbox.enqueue_later(
        f"training.link:{registration.reference}:{registration.link_key}",
        occasion="training.link",
        submission=registration,
    )


def send_all(address: str):
    """Mails an address the links to all that it is registered for, or was until it is forgotten.

    At most one mail an hour for each, whoever asks. Two queries at most.
    """
    hour = f"{timezone.now():%Y%m%d%H}"
    registrations = Registration.objects.active().filter(
        address_key=address_key(address), anonymised_at=None
    )
    mails = [
        outbox.unwritten(f"training.link:{found.reference}:{hour}", "training.link", found)
        for found in registrations
    ]
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
