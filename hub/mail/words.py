"""The hub's own words in its mails, by occasion; staff can replace them (hub.models.MailText).

An app declares its own in ``<app>/mail_words.py``:

    declare("training", {"reminder": Words(...)}, MEANINGS, sample, _("Training"))

Outside the app that occasion is "training.reminder", which is also what its mails are called in the
outbox. Words may hold placeholders such as {session}, which are filled in by name: whatever else
stands in braces is left as it is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.html import escape, format_html, linebreaks, urlize
from django.utils.module_loading import autodiscover_modules
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from hub.mail.render import Rendered

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")


# What apps declare


@dataclass(frozen=True)
class Words:
    """The words of one occasion: ``label`` and ``purpose`` for staff, ``subject`` and ``message`` for
    the reader. ``placeholders`` are all that mean something in braces."""

    label: Promise
    purpose: Promise
    subject: Promise
    message: Promise
    placeholders: tuple[str, ...]


Sample = Callable[[str, tuple[str, str], str], Rendered]


@dataclass(frozen=True)
class _Declared:
    words: Mapping[str, Words]
    meanings: Mapping[str, Promise]
    sample: Sample
    group: Promise


_declared: dict[str, _Declared] = {}


def declare(
    prefix: str,
    words: Mapping[str, Words],
    meanings: Mapping[str, Promise],
    sample: Sample,
    group: Promise,
):
    """Adds the mails of an app, by occasion; outside the app that is "<prefix>.<occasion>".

    ``meanings`` say, for staff, what each placeholder stands for, and ``group`` under which heading
    the mails are listed. ``sample(occasion, (subject, message), language)`` writes the mail that a
    preview shows; it gets the occasion as ``words`` has it. Raises ValueError if the prefix is taken.
    """
    if prefix in _declared:
        raise ValueError(f"The mails of {prefix} are declared twice.")
    _declared[prefix] = _Declared(words, meanings, sample, group)


@cache
def _find_words():
    autodiscover_modules("mail_words")


def _all() -> dict[str, _Declared]:
    _find_words()
    return _declared


def _find(occasion: str) -> tuple[_Declared, str]:
    prefix, _dot, name = occasion.partition(".")
    return _all()[prefix], name


# What is declared, under the full names of the occasions


def occasions() -> dict[str, Words]:
    """The words of every app."""
    return {
        f"{prefix}.{name}": words
        for prefix, declared in _all().items()
        for name, words in declared.words.items()
    }


def groups() -> dict[str, Promise]:
    """The headings of the mails, by prefix."""
    return {prefix: declared.group for prefix, declared in _all().items()}


def words_of(occasion: str) -> Words:
    declared, name = _find(occasion)
    return declared.words[name]


def group_of(occasion: str) -> Promise:
    return _find(occasion)[0].group


def meanings_of(occasion: str) -> dict[str, Promise]:
    """What may stand in braces, with what it stands for."""
    declared, name = _find(occasion)
    return {found: declared.meanings[found] for found in declared.words[name].placeholders}


def sample(occasion: str, words: tuple[str, str], language: str) -> Rendered:
    """A mail with this subject and message, about nothing and nobody there is."""
    declared, name = _find(occasion)
    return declared.sample(name, words, language)


def own_words(occasion: str) -> tuple[str, str]:
    """The hub's subject and message in the active language, placeholders and all."""
    words = words_of(occasion)
    return str(words.subject), str(words.message)


def refusal(text: str, occasion: str) -> str:
    """Why ``text`` cannot stand in mails of ``occasion``, as a sentence; "" if it can."""
    allowed = words_of(occasion).placeholders
    wrong = [found[0] for found in _IN_BRACES.finditer(text) if found[1] not in allowed]
    wrong += re.findall(r"[{}]", _IN_BRACES.sub("", text))
    if not wrong:
        return ""
    return _("“%(wrong)s” means nothing in this mail. What may stand in braces: %(allowed)s") % {
        "wrong": wrong[0],
        "allowed": ", ".join(f"{{{name}}}" for name in allowed),
    }


# Filling in


def filled(words: tuple[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Subject and message with their placeholders filled in, as the templates of mails take them."""
    subject, message = words
    return {
        "subject": fill(subject, values),
        "message": fill(message, values),
        "message_html": fill_html(message, values),
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its placeholders filled in, as plain text."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def fill_html(text: str, values: Mapping[str, str]) -> SafeString:
    """``text`` as paragraphs with its placeholders filled in; nothing in either becomes markup.

    The value of {link} is an address, and can be followed.
    """
    paragraphs = linebreaks(urlize(text, autoescape=True))

    def value_of(found) -> str:
        if found[1] not in values:
            return found[0]
        value = values[found[1]]
        if found[1] == "link":
            return format_html('<a href="{}">{}</a>', value, value)
        return f"<bdi>{escape(value)}</bdi>"

    return mark_safe(_PLACEHOLDER.sub(value_of, paragraphs))  # noqa: S308 - escaped above
