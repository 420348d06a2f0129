"""The demo content in other languages, as PO files beside the pages they translate.

``<app>/demo/translations/<language>/<page slug>.po`` holds the texts of a page, ``vocabulary.po``
the terms of the app, and ``glossary.po`` the words agreed on for the language. An entry is a text and its translation, whatever its place in the page, so
that a block can be moved without anybody touching the files. Translators' own tools open them.
"""

from collections.abc import Iterable
from pathlib import Path

import polib
from django.apps import apps
from django.db import models
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.operations import translate_object
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from hub.models import GlossaryTerm, Vocabulary

VOCABULARY = "vocabulary"
GLOSSARY = "glossary"
# Pages that wait for a translator, so that the desk has something to show.
SUBMITTED = {
    "ar": ["what-advocacy-means", "map-supporters-and-detractors", "when-it-stalls"],
}


def sources(locale: Locale) -> dict[tuple[str, str], list[models.Model]]:
    """What the demo has to translate, by app label and name of file."""
    found: dict[tuple[str, str], list[models.Model]] = {}
    for page in Page.objects.filter(locale=locale, depth__gt=1).order_by("path").specific():
        found[page._meta.app_label, page.slug] = [page]
    for model in apps.get_models():
        if issubclass(model, Vocabulary):
            terms = found.setdefault((model._meta.app_label, VOCABULARY), [])
            terms += model.objects.filter(locale=locale).order_by("pk")
    return found


def po_path(app_label: str, name: str, language: str) -> Path:
    # The vocabularies of the hub app are part of the demo of home, like all that is not a section's.
    folder = Path(apps.get_app_config("home" if app_label == "hub" else app_label).path)
    return folder / "demo" / "translations" / language / f"{name}.po"


def source_texts(instances: Iterable[models.Model]) -> dict[str, list[str]]:
    """Every text to translate in the order of the page, with the fields it stands in."""
    texts: dict[str, list[str]] = {}
    for instance in instances:
        for segment in extract_segments(instance):
            if isinstance(segment, StringSegmentValue):
                fields = texts.setdefault(segment.string.data, [])
                if (field := segment.path.partition(".")[0]) not in fields:
                    fields.append(field)
    return texts


def read(path: Path) -> dict[str, str]:
    """The finished translations of a file, by the text they translate."""
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if entry.translated()}


def write(path: Path, texts: dict[str, list[str]], language: str):
    """Writes ``texts`` to ``path``, with what the file has translated of them already."""
    known = read(path) if path.exists() else {}
    po = polib.POFile(wrapwidth=100)
    po.metadata = {
        "Project-Id-Version": "Advocacy Hub demo content",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for text, fields in texts.items():
        po.append(polib.POEntry(msgid=text, msgstr=known.get(text, ""), comment=", ".join(fields)))
    path.parent.mkdir(parents=True, exist_ok=True)
    po.save(str(path))


def languages_of_demo() -> list[str]:
    """The languages the demo is translated into, wholly or in part."""
    return sorted(path.name for path in po_path("home", "x", "x").parent.parent.iterdir())


def load(locale: Locale, source_locale: Locale):
    """Translates and publishes whatever has a file in the language, terms first, parents first."""
    found = sources(source_locale)
    for (app_label, name), instances in sorted(
        found.items(), key=lambda item: item[0][1] != VOCABULARY
    ):
        path = po_path(app_label, name, locale.language_code)
        if path.exists():
            texts = read(path)
            for instance in instances:
                publish(instance, locale, texts)
        elif name in SUBMITTED.get(locale.language_code, []):
            translate_object(instances[0], [locale])
    load_glossary(locale)


def load_glossary(locale: Locale):
    """The agreed terms of a language; the translator's comment of an entry is its note."""
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(locale=locale, term=entry.msgid, translation=entry.msgstr, note=entry.tcomment)
        for entry in polib.pofile(str(po_path("home", GLOSSARY, locale.language_code)))
    )


def publish(instance: models.Model, locale: Locale, texts: dict[str, str]):
    """Publishes the translation of a page or term, as a translator and a reviewer would."""
    source, _created = TranslationSource.get_or_create_from_instance(instance)
    translation = Translation.objects.create(source=source, target_locale=locale)
    segments = StringSegment.objects.filter(source=source).select_related("string")
    missing = [segment.string.data for segment in segments if segment.string.data not in texts]
    if missing:
        raise ValueError(f"{locale.language_code}: {instance} has no translation of {missing[:3]}")
    StringTranslation.objects.bulk_create(
        [
            StringTranslation(
                translation_of_id=segment.string_id,
                context_id=segment.context_id,
                locale=locale,
                data=texts[segment.string.data],
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            )
            for segment in segments
        ]
    )
    translation.save_target(publish=not isinstance(instance, Page))
    if isinstance(instance, Page):
        translation.get_target_instance().get_latest_revision().publish()
