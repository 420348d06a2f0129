"""Which languages the hub has, and how they are written."""

import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import babel
from django.conf import settings
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from hub.caching import remember

# The language of the address being answered, "" where there is none (the admin, the worker). Not the
# active language: inside a page that is shown in the source language that is the source's.
_reader: ContextVar[str] = ContextVar("reader_language", default="")


def reader_language() -> str:
    """The code of the language whose address a reader asked for, or ""."""
    return _reader.get()


def set_reader_language(code: str):
    _reader.set(code)


def for_reader(path: str) -> str:
    """The path of a page in the source language as whoever reads sees it: under their language.

    There it is shown with a word on its language, or its translation once there is one.
    """
    reader, own = _reader.get(), f"/{settings.LANGUAGE_CODE}/"
    if reader in ("", settings.LANGUAGE_CODE) or not path.startswith(own):
        return path
    return f"/{reader}/{path[len(own) :]}"


@contextmanager
def own_addresses():
    """Within it, pages in the source language have their own addresses, whoever reads."""
    token = _reader.set("")
    try:
        yield
    finally:
        _reader.reset(token)


def locale_codes() -> dict[int, str]:
    """The language code of every locale, by its primary key."""
    from wagtail.models import Locale

    return remember("locale_codes", lambda: dict(Locale.objects.values_list("pk", "language_code")))


def locale_choices() -> list[tuple[int, str]]:
    """Every language by the number of its locale, with its own name: the choices of a form."""
    return [(pk, own_name(code)) for pk, code in locale_codes().items()]


def locale_id(code: str) -> int | None:
    """The primary key of a language's locale, None if the hub has no such language."""
    return next((pk for pk, own in locale_codes().items() if own == code), None)


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
    """The language's name in the language of the request, as in a sentence: "Spanish", "espagnol".

    Babel's (CLDR's), because Django's are capitalised as in a list.
    """
    here = babel.Locale.parse(base_code(translation.get_language() or "en"), sep="-")
    try:
        return babel.Locale.parse(code, sep="-").get_display_name(here)
    except babel.UnknownLocaleError:
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
