"""The link by which a person looks after their registration, without an account.

It carries the number of a row and a random key, signed; nothing about the person. Whoever has it can
see and change the registration, so it goes to the registered address alone, and a new key makes the
links of before worthless.
"""

from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation

from hub import languages
from hub.addresses import absolute
from hub.mail import outbox
from hub.mail.addresses import address_key
from hub.models import OutgoingMail
from training.models.registration import Registration, new_link_key

_signer = signing.Signer(salt="training.registration", sep="~")


def token_for(registration: Registration) -> str:
    return _signer.sign(f"{registration.pk}-{registration.link_key}")


def registration_for(token: str) -> Registration | None:
    """The registration a link is for; None if it is forged, altered or old. One query, or none."""
    try:
        number, _dash, key = _signer.unsign(token).partition("-")
    except signing.BadSignature:
        return None
    return (
        Registration.objects.select_related("roster", "locale")
        .filter(pk=number, link_key=key, anonymised_at=None)
        .first()
    )


def renew(registration: Registration):
    """Makes all links of a registration worthless, such as when it goes to another address."""
    registration.link_key = new_link_key()
    registration.save(update_fields=["link_key"])


def address_of(registration: Registration, name: str = "registration") -> str:
    """The absolute address of a page behind the link, in the person's language.

    ``name`` is that of a pattern in training.urls.
    """
    with translation.override(languages.locale_codes()[registration.locale_id]):
        return absolute(reverse(name, args=[token_for(registration)]))


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
