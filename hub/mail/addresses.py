"""Email addresses: which are accepted, and lists of them as editors write them."""

import contextlib

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _


def validate_address(value: str):
    """Accepts what mail can be sent to, internationalised domains included.

    Letters beyond ASCII before the "@" need servers that speak SMTPUTF8 all the way, which nobody
    can promise: saying so at once is kinder than an answer that never arrives.
    """
    local, _at, _domain = value.rpartition("@")
    if local and not local.isascii():
        raise ValidationError(
            _(
                "Mail cannot be sent to letters such as “%(letter)s” before the “@”. "
                "Give another address, or leave it out where it is optional."
            ),
            code="local_part",
            params={"letter": next(letter for letter in local if not letter.isascii())},
        )
    try:
        validate_email(value)
    except ValidationError as refusal:
        raise ValidationError(
            _("This does not look like an email address. Example: name@example.org"),
            code="invalid",
        ) from refusal


def address_list(text: str) -> list[str]:
    """The addresses of a text that has one on each line; each once, in order."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def validate_address_list(text: str):
    """Accepts one address on each line; names the first that is none."""
    for address in address_list(text):
        try:
            validate_address(address)
        except ValidationError as refusal:
            raise ValidationError(
                _("“%(address)s” is not an email address. Write one on each line."),
                code="invalid",
                params={"address": address},
            ) from refusal


def address_key(address: str) -> str:
    """The address as it is compared: capitals and the two ways to write a domain do not count."""
    local, at, domain = address.strip().casefold().rpartition("@")
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return f"{local}{at}{domain}"
