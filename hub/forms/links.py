"""Private links: how a person without an account looks after what they sent.

A link carries the number of a submission and its random key, signed with the hub's secret; nothing
about the person. Whoever has it can see and change what was sent, so it goes to the person's own
address alone. It cannot be made from what is in the database: the key is useless without the
signature, and the secret is not kept there, so a stolen copy of the database opens nothing. It is
worth nothing either once the key is another one: that is how links of before are revoked.

What is signed includes the kind of submission: the link to a registration opens nothing else.
"""

from django.core import signing
from django.urls import reverse
from django.utils import translation

from hub import languages
from hub.addresses import absolute
from hub.models.forms import Submission, SubmissionQuerySet, new_link_key


def _signer(model) -> signing.Signer:
    return signing.Signer(salt=f"hub.link.{model._meta.label_lower}", sep="~")


def token_for(submission: Submission) -> str:
    """What stands in the address of the pages behind the link. ``submission`` is of its own kind."""
    return _signer(type(submission)).sign(f"{submission.pk}-{submission.link_key}")


def find(queryset: SubmissionQuerySet, token: str) -> Submission | None:
    """The one of ``queryset`` that a link is for. One query, or none.

    None if the link is forged, altered, renewed, of another kind, or what it was for is gone.
    """
    try:
        number, _dash, key = _signer(queryset.model).unsign(token).partition("-")
    except signing.BadSignature:
        return None
    return queryset.filter(pk=number, link_key=key).first()


def renew(submission: Submission):
    """Makes all links to a submission worthless, such as when it goes to another address."""
    submission.link_key = new_link_key()
    submission.save(update_fields=["link_key"])


def address_of(submission: Submission, name: str) -> str:
    """The absolute address of a page behind the link, in the person's language.

    ``name`` is that of a URL pattern whose one argument is the token.
    """
    with translation.override(languages.locale_codes()[submission.locale_id]):
        return absolute(reverse(name, args=[token_for(submission)]))
