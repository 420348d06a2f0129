"""Which words a mail has: those of staff, else the hub's own, in the reader's language."""

import uuid

from django.conf import settings
from django.utils import translation
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation
from wagtail_localize.operations import translate_object

from hub.caching import remember
from hub.mail import words as mail_words
from hub.models import MailText


def words_for(occasion: str, language: str) -> tuple[str, str]:
    """Subject and message, with their {placeholders}. One query for each language, remembered.

    Never another language's words: where staff have written none, or a translator is not done, the
    hub speaks for itself.
    """
    replaced = remember(f"mail_texts:{language}", lambda: _replaced(language))
    with translation.override(language):
        own = mail_words.own_words(occasion)
    subject, message = replaced.get(occasion, ("", ""))
    return subject or own[0], message or own[1]


def _replaced(language: str) -> dict[str, tuple[str, str]]:
    texts = MailText.objects.filter(locale__language_code=language, is_translated=True)
    # A translator's slip is no reason to send somebody "{sesion}".
    return {
        text.occasion: tuple(
            "" if mail_words.refusal(words, text.occasion) else words
            for words in (text.subject, text.message)
        )
        for text in texts
    }


def make_missing():
    """Makes the rows that are missing, blank: every occasion in every language with pages.

    Two queries if none is missing.
    """
    keys, present = {}, set()
    for occasion, key, locale_id in MailText.objects.values_list(
        "occasion", "translation_key", "locale_id"
    ):
        keys[occasion] = key
        present.add((occasion, locale_id))
    locales = Locale.objects.filter(pk__in=Page.objects.values("locale"))
    missing = [
        MailText(
            occasion=occasion,
            locale_id=locale_id,
            translation_key=keys.setdefault(occasion, uuid.uuid4()),
        )
        for locale_id in locales.values_list("pk", flat=True)
        for occasion in mail_words.occasions()
        if (occasion, locale_id) not in present
    ]
    if missing:
        MailText.objects.bulk_create(missing, ignore_conflicts=True)


def follow_source(text: MailText):
    """Hands what staff have written in the source language to the translators, or takes it back.

    Where somebody has written words of the language's own already, those stay.
    """
    if text.language != settings.LANGUAGE_CODE:
        return
    others = MailText.objects.filter(translation_key=text.translation_key).exclude(pk=text.pk)
    translations = Translation.objects.filter(source__object_id=text.translation_key, enabled=True)
    handed_over = set(translations.values_list("target_locale_id", flat=True))
    if text.has_words:
        blank = others.filter(subject="", message="").exclude(locale__in=handed_over)
        if locales := [other.locale for other in blank.select_related("locale")]:
            translate_object(text, locales)
    elif handed_over:
        others.filter(locale__in=handed_over).update(subject="", message="", is_translated=True)
        translations.update(enabled=False)
