"""The countries of the world as a question, with their names in the reader's language."""

import unicodedata
from functools import cache

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hub.languages import base_code

# What CLDR lists beside countries: unions, outlying areas and codes for testing.
_NO_COUNTRY = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "CQ"}


@cache
def country_names(language: str) -> dict[str, str]:
    """The names of all countries and territories by ISO 3166-1 code of two letters, in the order of
    the alphabet. Source: CLDR."""
    locale = Locale.parse(base_code(language), sep="-")
    names = {
        code: name
        for code, name in locale.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    }
    return dict(sorted(names.items(), key=lambda entry: _sort_key(entry[1])))


def _sort_key(name: str) -> str:
    """Puts "Émirats" among the E; good enough for a list one looks through."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def country_name(code: str, language: str = "") -> str:
    """The country's name in ``language``, by default that of the request; the code if unknown."""
    return country_names(language or get_language() or "en").get(code, code)


def country_choices() -> list[tuple[str, str]]:
    return [("", _("Choose…")), *country_names(get_language() or "en").items()]


class CountryField(forms.ChoiceField):
    """One of all countries; kept as its code, so that it is the same in every language."""

    def __init__(self, **options):
        attributes = {"autocomplete": "country"}
        super().__init__(choices=country_choices, widget=forms.Select(attributes), **options)

    def valid_value(self, value):
        """As Django's, without going through the names of all countries."""
        return value in country_names(get_language() or "en")
