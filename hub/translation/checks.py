"""What a translator is warned of, text by text. Nothing here forbids saving."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from bs4 import BeautifulSoup
from django.core.exceptions import FieldDoesNotExist
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail_localize.strings import extract_ids

from hub.fields import StreamField
from hub.models import GlossaryTerm

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_WORDS_THAT_MAY_STAY = 2


def warnings(
    source: str, text: str, *, limit: int | None = None, glossary: Iterable[GlossaryTerm] = ()
) -> list[str]:
    """Sentences about ``text``, the translation of ``source``; both as wagtail-localize keeps them."""
    if not text:
        return []
    plain_source, plain = plain_text(source), plain_text(text)
    found = [
        *_numbers(plain_source, plain),
        *_links(source, text),
        *_placeholders(plain_source, plain),
        *_terms(plain_source, plain, glossary),
    ]
    if plain == plain_source and len(re.findall(r"[^\W\d]{2,}", plain)) > _WORDS_THAT_MAY_STAY:
        found.append(_("This is still the source’s text."))
    if limit and len(plain) > limit:
        found.append(
            _("%(length)d characters; there is room for %(limit)d.")
            % {"length": len(plain), "limit": limit}
        )
    return found


def plain_text(text: str) -> str:
    return html.unescape(BeautifulSoup(text, "html.parser").get_text(""))


def _numbers(source: str, text: str) -> list[str]:
    """Numbers by their digits alone: 5,000 is "5 000" in French and ٥٠٠٠ may be Arabic."""
    missing = Counter(map(_digits, _NUMBER.findall(source))) - Counter(
        map(_digits, _NUMBER.findall(text))
    )
    # A number under ten may well be written out.
    lost = [number for number in missing if len(number) > 1]
    return [_("The number %(number)s is missing.") % {"number": number} for number in lost]


def _digits(number: str) -> str:
    return "".join(
        str(unicodedata.decimal(character)) for character in number if character.isdecimal()
    )


def _links(source: str, text: str) -> list[str]:
    if extract_ids(source) - extract_ids(text):
        return [_("A link of the source is missing: keep <a id=…>…</a> around its words.")]
    return []


def _placeholders(source: str, text: str) -> list[str]:
    wanted, found = (Counter(_PLACEHOLDER.findall(words)) for words in (source, text))
    return [
        _("%(placeholder)s must stand in the translation as it is.") % {"placeholder": name}
        for name in sorted((wanted - found) | (found - wanted))
    ]


def _terms(source: str, text: str, glossary: Iterable[GlossaryTerm]) -> list[str]:
    folded_source, folded = source.casefold(), text.casefold()
    found = []
    for entry in glossary:
        if not re.search(rf"\b{re.escape(entry.term.casefold())}", folded_source):
            continue
        variants = [variant.strip().casefold() for variant in entry.translation.split(",")]
        if not any(variant and variant in folded for variant in variants):
            found.append(
                _("Glossary: “%(term)s” is “%(translation)s”.")
                % {"term": entry.term, "translation": entry.translation}
            )
    return found


def longest(model, field_path: str) -> int | None:
    """How many characters there is room for at a field path such as ``body.callout.title``."""
    name, _dot, rest = field_path.partition(".")
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if isinstance(field, StreamField):
        return _longest_in(field.stream_block, rest.split(".")) if rest else None
    if getattr(field, "related_model", None) and rest:
        return longest(field.related_model, rest.rpartition(".")[2])
    for validator in getattr(field, "validators", ()):
        if isinstance(validator, MaxLengthValidator):
            return validator.limit_value
    return getattr(field, "max_length", None)


def _longest_in(block, names: list[str]) -> int | None:
    for name in names:
        if isinstance(block, blocks.ListBlock):
            block = block.child_block
        else:
            block = getattr(block, "child_blocks", {}).get(name)
        if block is None:
            return None
    field = getattr(block, "field", None)
    return getattr(field, "max_length", None)
