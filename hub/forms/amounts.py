"""Amounts of money as people write them, in whatever country they learned to write numbers."""

import re
import unicodedata
from decimal import Decimal

from django import forms
from django.utils import numberformat
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

NOT_AN_AMOUNT = _("Write the amount in digits. Example: 3800")
NOT_POSITIVE = _("Write an amount above zero.")
TOO_LARGE = _("This amount is too large. Check it, and leave out the currency’s smaller unit.")

LENGTH = 40
LARGEST = Decimal("999999999.99")
# What divides thousands and nothing else, and what stands around an amount: a currency, by sign or code.
_SPACES = re.compile(r"[\s'’٬_]")
_CURRENCY = re.compile(r"^([A-Z]{3}|[^\W\d_]{0,3}\$|[€£¥₹₦])|([A-Z]{3}|[€£¥₹₦$])$", re.IGNORECASE)
_DIGITS = re.compile(r"^\d+$")


def parse_amount(text: str) -> Decimal:
    """The amount that "5.000,00", "5,000.00", "5 000", "USD 5000" or "٥٬٠٠٠" stands for.

    One mark with three digits after it divides thousands, since no currency here has thousandths: "5.000"
    is five thousand. Raises ValueError when it is no amount, or could be two.
    """
    plain = "".join(_plain(letter) for letter in unicodedata.normalize("NFKC", text))
    plain = _CURRENCY.sub("", _SPACES.sub("", plain))
    plain = plain.replace("٫", ",")
    marks = [letter for letter in plain if letter in ".,"]
    if not marks:
        return _number(plain)
    last = marks[-1]
    whole, _mark, rest = plain.rpartition(last)
    if marks.count(last) > 1 or (len(set(marks)) == 1 and len(rest) == 3):
        # Nothing but thousands.
        return _number(_without_thousands(plain, last))
    other = "," if last == "." else "."
    if len(rest) > 2 or last in whole:
        raise ValueError(text)
    return _number(f"{_without_thousands(whole, other)}.{rest or '0'}")


def _plain(letter: str) -> str:
    digit = unicodedata.digit(letter, None)
    return letter if digit is None else str(digit)


def _without_thousands(text: str, mark: str) -> str:
    first, *groups = text.split(mark)
    if groups and not (1 <= len(first) <= 3 and all(len(group) == 3 for group in groups)):
        raise ValueError(text)
    return first + "".join(groups)


def _number(text: str) -> Decimal:
    whole, _mark, fraction = text.partition(".")
    if not _DIGITS.match(whole) or (fraction and not _DIGITS.match(fraction)):
        raise ValueError(text)
    return Decimal(text)


def amount_in_words(amount: Decimal, currency: str) -> str:
    """An amount as the reader's language writes numbers: "USD 5,000", "EUR 3.800,50"."""
    places = 0 if amount == amount.to_integral() else 2
    # Django knows no grouping for some languages, Arabic among them; the mark it knows for all.
    number = numberformat.format(
        amount,
        get_format("DECIMAL_SEPARATOR"),
        decimal_pos=places,
        grouping=get_format("NUMBER_GROUPING") or 3,
        thousand_sep=get_format("THOUSAND_SEPARATOR"),
        force_grouping=True,
    )
    return f"{currency} {number}"


class AmountField(forms.CharField):
    """An amount of money above zero, however it is written; kept as a Decimal of two places."""

    widget = forms.TextInput({"inputmode": "decimal", "maxlength": LENGTH})

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        try:
            amount = parse_amount(text)
        except ValueError as error:
            raise forms.ValidationError(NOT_AN_AMOUNT, code="invalid") from error
        if amount <= 0:
            raise forms.ValidationError(NOT_POSITIVE, code="min_value")
        if amount > LARGEST:
            raise forms.ValidationError(TOO_LARGE, code="max_value")
        return amount.quantize(Decimal("0.01"))
