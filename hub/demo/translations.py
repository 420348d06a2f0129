"""The demo content in other languages, as PO files beside the pages they translate.

``<app>/demo/translations/<language>/<page slug>.po`` holds the texts of a page, ``vocabulary.po``
the terms of the app. An entry is a text and its translation, whatever its place in the page, so
that a block can be moved without anybody touching the files. Translators' own tools open them.
"""

from collections.abc import Iterable
from pathlib import Path

import polib
from django.apps import apps
from django.db import models
from wagtail.models import Locale, Page
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from hub.models import Vocabulary

VOCABULARY = "vocabulary"


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
