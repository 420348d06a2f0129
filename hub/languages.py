"""Which languages the hub has, and how they are written."""

import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from hub.caching import remember


@dataclass(frozen=True)
class Language:
    """A language of the hub.

    ``code`` is the locale's language code, ``name`` the language's own name for itself, ``home``
    the path of its home page.
    """

    code: str
    name: str
    home: str

    @property
    def direction(self) -> str:
        return direction(self.code)


def direction(code: str) -> str:
    """ "rtl" or "ltr" for a language code."""
    return "rtl" if translation.get_language_info(base_code(code))["bidi"] else "ltr"


def base_code(code: str) -> str:
    """The code Django has facts for: ``es`` for a variant such as ``es-bo`` that it lacks."""
    return translation.get_supported_language_variant(code)


def own_name(code: str) -> str:
    """The language's name in itself, capitalised as at the start of a menu line: "Español"."""
    name = translation.get_language_info(base_code(code))["name_local"]
    return unicodedata.normalize("NFC", name[:1].upper() + name[1:])


def name_here(code: str) -> str:
    """The language's name in the language of the request: "Spanish", "espagnol"."""
    return translation.get_language_info(base_code(code))["name_translated"]


def offered_languages() -> list[Language]:
    """The languages with a live home page, the source language first."""
    return remember("languages", _languages_with_a_home)


def _languages_with_a_home() -> list[Language]:
    from wagtail.models import Page, Site

    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    if site is None:
        return []
    homes = (
        Page.objects.filter(translation_key=site.root_page.translation_key, live=True)
        .select_related("locale")
        .order_by("locale_id")
    )
    codes = [home.locale.language_code for home in homes]
    return [
        Language(code, own_name(code), f"/{code}/")
        for code in sorted(codes, key=lambda code: code != settings.LANGUAGE_CODE)
    ]


def best_language(request) -> str:
    """The offered language that fits the Accept-Language header best; else the source language."""
    codes = {language.code for language in offered_languages()}
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        for code in (wanted, wanted.partition("-")[0]):
            if code in codes:
                return code
    return settings.LANGUAGE_CODE
