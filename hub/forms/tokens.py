"""The signed token in every form, in place of a cookie.

It says which form was shown, when, and under which random key. That stops forged and stale posts
without a session, and the key makes sending the same form twice harmless: it becomes the
submission's idempotency key.
"""

import secrets
import time
from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

# Nobody reads and answers a form in less.
SECONDS_TO_ANSWER = 2
SECONDS_VALID = 24 * 3600
SECONDS_THANKS_SHOWN = 24 * 3600

_form_signer = signing.Signer(salt="hub.forms.token")
_sent_signer = signing.TimestampSigner(salt="hub.forms.sent")


class TokenRefused(ValueError):
    """The form cannot be taken as it is; the message is a sentence for the visitor.

    ``token`` is what the form is to be shown with again.
    """

    def __init__(self, sentence, token: str):
        super().__init__(sentence)
        self.token = token


@dataclass(frozen=True)
class Token:
    key: str
    text: str


def issue(page: Page, key: str = "") -> str:
    """A token for a form of ``page`` that is shown now; with a new key unless one is given."""
    return _form_signer.sign_object(
        {
            "page": str(page.translation_key),
            "time": int(time.time()),
            "key": key or secrets.token_hex(16),
        }
    )


def read(text: str, page: Page) -> Token:
    """The token that ``text`` holds, if it was issued for ``page`` or a translation of it.

    Raises TokenRefused when it is altered, another form's, too old, or too young. A key that was
    ours is kept, so that a form which was stored after all is not stored again.
    """
    try:
        content = _form_signer.unsign_object(text)
        page_key, issued_at, key = content["page"], content["time"], content["key"]
    except (signing.BadSignature, ValueError, KeyError, TypeError) as error:
        raise _unknown(page) from error
    if page_key != str(page.translation_key):
        raise _unknown(page)
    age = time.time() - issued_at
    if age > SECONDS_VALID:
        raise TokenRefused(
            _("This page was open for more than a day. Check your answers and send them again."),
            issue(page, key),
        )
    if age < SECONDS_TO_ANSWER:
        raise TokenRefused(
            _("That was quicker than a person can write. Check your answers and send them again."),
            text,
        )
    return Token(key, text)


def _unknown(page: Page) -> TokenRefused:
    return TokenRefused(
        _("We could not tell where this form came from. Check your answers and send them again."),
        issue(page),
    )


def sign_sent(reference: str) -> str:
    """What the address of the thanks page carries: a reference, and nothing about a person."""
    return _sent_signer.sign(reference)


def read_sent(text: str) -> str | None:
    """The reference of a thanks page's address; None when altered or a day old."""
    try:
        return _sent_signer.unsign(text, max_age=SECONDS_THANKS_SHOWN)
    except signing.BadSignature:
        return None
