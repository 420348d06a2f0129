"""PO files: a translation out and in again, with nothing lost and nothing half-written.

wagtail-localize writes files that gettext's own tools refuse, and takes in whatever it can of one
without a word on the rest: what is marked as unfinished as well, and over what somebody else has
translated since the file was made.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

import polib
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, ngettext, to_locale
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail_localize.models import String, StringTranslation, Translation, TranslationContext

from hub.models import SourceChange, User
from hub.translation import markup, po_file, progress, tasks

MAX_BYTES = 5 * 1024 * 1024
TOOL = "PO File"
_UUID, _EXPORTED, _COUNT = "X-WagtailLocalize-TranslationID", "X-Hub-Exported", "X-Hub-Entries"
_MANUAL, _MACHINE = (
    StringTranslation.TRANSLATION_TYPE_MANUAL,
    StringTranslation.TRANSLATION_TYPE_MACHINE,
)


# Out


def export_po(translation: Translation) -> bytes:
    """The texts of ``translation`` with their translations, as a file of GNU gettext's format.

    What somebody still has to look at is marked "fuzzy": the translation of a text that has changed
    since, with the former text beside it, and a machine's.
    """
    rows = progress.rows(translation)
    model = translation.source.specific_content_type.model_class()
    po = polib.POFile(wrapwidth=100)
    written = set()
    for row in rows:
        context = row.segment.context
        if (context.path, row.source) in written:
            continue  # the same words twice in one field are one text
        written.add((context.path, row.source))
        entry = polib.POEntry(
            msgctxt=context.path,
            msgid=row.source,
            msgstr=row.text.strip(),
            comment=place_label(model, context.field_path),
        )
        if row.state == "changed":
            entry.msgstr, entry.previous_msgid = row.former.data.strip(), row.former_source
            entry.previous_msgctxt = context.path
        if row.state in ("changed", "unreviewed", "error"):
            entry.flags.append("fuzzy")
        po.append(entry)
    po.metadata = _header(translation, len(po))
    for former in _obsolete(translation):
        key = (former.context.path, former.translation_of.data)
        if key not in written and former.data.strip():
            written.add(key)
            po.append(
                polib.POEntry(msgctxt=key[0], msgid=key[1], msgstr=former.data, obsolete=True)
            )
    return f"{po}\n".encode()


def _header(translation: Translation, entries: int) -> dict[str, str]:
    now = timezone.now()
    minute = now.strftime("%Y-%m-%d %H:%M+0000")
    return {
        "Project-Id-Version": f"{settings.WAGTAIL_SITE_NAME}: {translation.source.object_repr}",
        "POT-Creation-Date": minute,
        "PO-Revision-Date": minute,
        "Last-Translator": settings.WAGTAIL_SITE_NAME,
        "Language-Team": settings.WAGTAIL_SITE_NAME,
        "Language": to_locale(translation.target_locale.language_code),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        _UUID: str(translation.uuid),
        _EXPORTED: now.isoformat(),
        _COUNT: str(entries),
    }


def _obsolete(translation: Translation):
    """Translations of texts that no longer stand in the source, for reference."""
    return (
        StringTranslation.objects.filter(
            context__object=translation.source.object_id, locale=translation.target_locale
        )
        .exclude(translation_of__in=translation.source.stringsegment_set.values("string"))
        .select_related("translation_of", "context")
        .order_by("pk")
    )


def place_label(model, field_path: str) -> str:
    """Where a text stands, in the words of the page's form: "Body: Callout: Title"."""
    name, *rest = field_path.split(".")
    field_ = model._meta.get_field(name)
    if isinstance(field_, StreamField):
        return ": ".join(
            [str(capfirst(field_.verbose_name)), *_block_labels(field_.stream_block, rest)]
        )
    if isinstance(field_, models.ManyToOneRel) and rest:
        row = field_.related_model._meta
        return f"{capfirst(row.verbose_name)}: {capfirst(row.get_field(rest[0]).verbose_name)}"
    return str(capfirst(field_.verbose_name))


def _block_labels(block, names: list[str]):
    for name in names:
        if isinstance(block, blocks.ListBlock):
            block = block.child_block
            continue
        block = getattr(block, "child_blocks", {}).get(name)
        if block is None:
            return
        yield str(block.label)


# In


@dataclass(frozen=True)
class Problem:
    """What is wrong with an entry, or with the file where ``line`` is 0; a sentence as text.

    ``saved`` if the entry was taken all the same.
    """

    reason: str
    line: int = 0
    text: str = ""
    saved: bool = False

    def __str__(self):
        if not self.line:
            return self.reason
        return gettext("Line %(line)d, “%(text)s”: %(reason)s.") % {
            "line": self.line,
            "text": self.text,
            "reason": self.reason,
        }


@dataclass
class Report:
    saved: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    def name(self, entry: po_file.Entry, reason: str, *, saved: bool = False):
        words = BeautifulSoup(entry.msgid, "html.parser").get_text(" ")
        text = Truncator(" ".join(po_file.NO_LETTERS.sub("?", words).split())).chars(60)
        self.problems.append(Problem(reason, entry.line, text or "?", saved))


def import_po(translation: Translation, content: bytes, user: User) -> Report:
    """Takes the good entries of a file, all in one transaction, and names the others.

    Nothing is taken from a file that is for another page or language.
    """
    report = Report()
    if len(content) > MAX_BYTES:
        report.problems.append(Problem(gettext("The file is larger than 5 MB.")))
        return report
    file = po_file.read(content)
    if refusal := _refusal(translation, file):
        report.problems.append(Problem(refusal))
        return report
    candidates = _candidates(file, report)
    with transaction.atomic():
        # Two files for one translation, one after the other.
        Translation.objects.select_for_update().get(pk=translation.pk)
        _Import(translation, user, _exported_at(file), report).take(candidates)
        if report.saved:
            Translation.objects.filter(pk=translation.pk).update(
                translations_last_updated_at=timezone.now()
            )
            tasks.reopen(translation)
    report.problems.sort(key=lambda problem: problem.line)
    return report


def _refusal(translation: Translation, file: po_file.File) -> str:
    if not file.header and not file.entries:
        return gettext("This is not a PO file.")
    made_for = file.header.get(_UUID.lower(), "")
    if not made_for:
        return gettext(
            "The file does not say which page it is for: its header “%(name)s” is missing. "
            "Download the page's file here and put the translations into that one."
        ) % {"name": _UUID}
    if made_for != str(translation.uuid):
        try:
            other = Translation.objects.filter(uuid=made_for).select_related("source").first()
        except ValidationError:
            other = None
        if other is None:
            return gettext("The file was made for another page.")
        return gettext(
            "The file was made for another page or language: “%(page)s”, %(language)s."
        ) % {
            "page": other.source.object_repr,
            "language": other.target_locale.get_display_name(),
        }
    language = file.header.get("language", "").lower().replace("_", "-")
    wanted = translation.target_locale.language_code.lower()
    if language and not _agree(language, wanted):
        return gettext("The file says that its language is “%(found)s”, not “%(wanted)s”.") % {
            "found": language,
            "wanted": wanted,
        }
    return ""


def _agree(one: str, other: str) -> bool:
    """Whether two language codes are the same, or one is a variety of the other."""
    return one == other or one == other.partition("-")[0] or other == one.partition("-")[0]


def _exported_at(file: po_file.File) -> datetime | None:
    """When the file left the hub. Tools change the date of the revision, not of the template."""
    for name in (_EXPORTED, "POT-Creation-Date"):
        try:
            at = parse_datetime(file.header.get(name.lower(), ""))
        except ValueError:
            continue
        if at:
            return at if timezone.is_aware(at) else timezone.make_aware(at)
    return None


def _candidates(file: po_file.File, report: Report) -> list[po_file.Entry]:
    """The entries that are whole and finished; the others are named."""
    found, seen = [], {}
    entries = [entry for entry in file.entries if not entry.obsolete]
    expected = file.header.get(_COUNT.lower(), "")
    missing = int(expected) - len(entries) if expected.isdecimal() else 0
    if missing > 0:
        report.problems.append(
            Problem(
                gettext(
                    "The file has %(found)d of %(expected)s entries: it was cut short, or some were taken out."
                )
                % {"found": len(entries), "expected": expected}
            )
        )
    for entry in file.entries:
        key = (entry.texts.get("msgctxt"), entry.msgid)
        if not entry.is_whole:
            report.name(
                entry,
                gettext("it cannot be read from line %(line)d on") % {"line": entry.broken_at}
                if entry.broken_at
                else gettext("it has no translation; perhaps the file was cut short here"),
            )
        elif missing > 0 and not file.ends_in_a_line and entry is file.entries[-1]:
            report.name(
                entry, gettext("the file ends here, perhaps in the middle of the translation")
            )
        elif entry.is_plural:
            report.name(entry, gettext("it has plural forms, which texts of pages do not"))
        elif not entry.msgstr.strip():
            continue
        elif "fuzzy" in entry.flags:
            report.name(entry, gettext("it is marked as unfinished (fuzzy)"))
        elif po_file.NO_LETTERS.search("".join(entry.texts.values())):
            report.name(
                entry, gettext("it has letters in another encoding; save the file as UTF-8")
            )
        elif "\0" in "".join(entry.texts.values()):
            report.name(entry, gettext("it has a character that cannot be stored (NUL)"))
        elif key in seen:
            if seen[key] != entry.msgstr:
                report.name(entry, gettext("it stands in the file before, translated differently"))
        else:
            seen[key] = entry.msgstr
            found.append(entry)
    return found


class _Import:
    """One file's way into one translation, in a transaction of the caller."""

    def __init__(self, translation, user, exported_at, report):
        self.translation, self.user, self.report = translation, user, report
        self.exported_at = exported_at
        source = translation.source
        # Places of each text in the page as it is now: {text: {path: (String, context)}}.
        self.places: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
        for data, path, string, context in source.stringsegment_set.values_list(
            "string__data", "context__path", "string_id", "context_id"
        ):
            self.places[data][path] = string, context
        self.rows = {
            (row.translation_of_id, row.context_id): row
            for row in StringTranslation.objects.select_for_update(of=("self",)).filter(
                context__object=source.object_id, locale=translation.target_locale
            )
        }

    def take(self, entries: list[po_file.Entry]):
        former = self._former_places(entries)
        for entry in entries:
            paths = self.places.get(entry.msgid, {})
            path = entry.texts.get("msgctxt")
            if path in paths:
                self._save(entry, *paths[path])
            elif (path, entry.msgid) in former:
                self._save(entry, *former[path, entry.msgid], is_former=True)
            elif len(paths) == 1:
                self._save(entry, *next(iter(paths.values())))
            elif paths:
                self.report.name(
                    entry,
                    gettext(
                        "it stands in the page %(count)d times, and the file does not say which is meant"
                    )
                    % {"count": len(paths)},
                )
            elif not entry.obsolete:
                self.report.name(entry, gettext("the page has no such text"))

    def _former_places(self, entries) -> dict[tuple[str, str], tuple[int, int]]:
        """Where texts stood in the page that are in it no longer: {(path, text): (String, context)}."""
        gone = {entry.msgid for entry in entries if entry.msgid not in self.places}
        if not gone:
            return {}
        contexts = dict(
            TranslationContext.objects.filter(object=self.translation.source.object_id).values_list(
                "path", "pk"
            )
        )
        stood = {
            (path, old)
            for texts in SourceChange.objects.filter(source=self.translation.source).values_list(
                "texts", flat=True
            )
            for path, old, _new in texts
            if old
        }
        stood.update(
            StringTranslation.objects.filter(
                context__object=self.translation.source.object_id
            ).values_list("context__path", "translation_of_id")
        )
        texts = dict(
            String.objects.filter(pk__in={string for _path, string in stood}).values_list(
                "pk", "data"
            )
        )
        return {
            (path, texts[string]): (string, contexts[path])
            for path, string in stood
            if texts.get(string) in gone and path in contexts
        }

    def _save(self, entry, string: int, context: int, *, is_former: bool = False):
        text = entry.msgstr.strip()
        row = self.rows.get((string, context))
        if row and row.data == text and row.translation_type == _MANUAL and not row.has_error:
            self.report.unchanged += 1
            return
        if reason := markup.problem(entry.msgid, text):
            self.report.name(entry, reason)
            return
        if row and row.data != text and self._is_anothers(row):
            self.report.name(
                entry,
                gettext(
                    "it has been translated in the hub since the file was made, as “%(theirs)s”; that was kept"
                )
                % {"theirs": Truncator(row.data).chars(80)},
            )
            return
        row = row or StringTranslation(
            translation_of_id=string, context_id=context, locale=self.translation.target_locale
        )
        row.data, row.translation_type, row.tool_name = text, _MANUAL, TOOL
        row.last_translated_by, row.has_error, row.field_error = self.user, False, ""
        row.save()
        self.rows[string, context] = row
        self.report.saved += 1
        if is_former:
            self.report.name(
                entry,
                gettext(
                    "the text has changed since; the editor offers the translation for the new one"
                ),
                saved=True,
            )
        elif links := markup.lost_links(entry.msgid, text):
            self.report.name(
                entry,
                ngettext(
                    "it was saved, but %(count)d link of the source is missing",
                    "it was saved, but %(count)d links of the source are missing",
                    links,
                )
                % {"count": links},
                saved=True,
            )

    def _is_anothers(self, row: StringTranslation) -> bool:
        """Whether ``row`` came after the file left the hub, other than by an earlier upload of it."""
        if self.exported_at is None or row.updated_at <= self.exported_at:
            return self.exported_at is None
        return not (row.tool_name == TOOL and row.last_translated_by_id == self.user.pk)
