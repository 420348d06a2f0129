"""How far a translation is, text by text and in numbers."""

from collections import defaultdict
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from django.db.models import Exists, OuterRef
from django.utils import timezone
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from hub.models import SourceChange, TranslationTask


@dataclass
class Row:
    """One text of a translation, as the editor shows it.

    ``translation`` is None until somebody writes one; ``former`` is then the translation of the
    text that stood here before, ``former_source`` that text, when the source was changed.
    """

    segment: StringSegment
    translation: StringTranslation | None
    former: StringTranslation | None = None
    former_source: str = ""
    suggestions: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def source(self) -> str:
        return self.segment.string.data

    @property
    def text(self) -> str:
        return self.translation.data if self.translation else ""

    @property
    def state(self) -> str:
        """ "done", "unreviewed" (a machine's, not yet confirmed), "error", "changed" or "new"."""
        if self.translation is None:
            return "changed" if self.former else "new"
        if self.translation.has_error:
            return "error"
        if self.translation.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE:
            return "unreviewed"
        return "done"


def rows(translation: Translation) -> list[Row]:
    """The texts of ``translation`` in the order of the page. Four queries."""
    segments = list(
        StringSegment.objects.filter(source=translation.source)
        .select_related("string", "context")
        .order_by("order")
    )
    by_place = {
        (row.translation_of_id, row.context_id): row
        for row in StringTranslation.objects.filter(
            context__object=translation.source.object_id, locale=translation.target_locale
        ).select_related("translation_of", "last_translated_by")
    }
    before = former_strings(translation.source_id)
    found = []
    for segment in segments:
        row = Row(segment, by_place.get((segment.string_id, segment.context_id)))
        if row.translation is None:
            string = segment.string_id
            seen = set()
            while (string := before.get((segment.context.path, string))) and string not in seen:
                seen.add(string)
                if former := by_place.get((string, segment.context_id)):
                    row.former, row.former_source = former, former.translation_of.data
                    break
        found.append(row)
    return found


def former_strings(source_id: int) -> dict[tuple[str, int], int]:
    """For each content path and String, the String it replaced at that path. One query."""
    before = {}
    for texts in (
        SourceChange.objects.filter(source=source_id)
        .order_by("at", "pk")
        .values_list("texts", flat=True)
    ):
        for path, old, new in texts:
            if old and new:
                before[path, new] = old
    return before


def is_complete(translation: Translation) -> bool:
    """Whether every text has a translation that holds, by a person or confirmed by one."""
    finished = (
        StringTranslation.objects.filter(
            translation_of=OuterRef("string_id"),
            context=OuterRef("context_id"),
            locale=translation.target_locale,
            has_error=False,
        )
        .exclude(translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE)
        .values("pk")
    )
    segments = StringSegment.objects.filter(source=translation.source)
    return not segments.exclude(Exists(finished)).exists()


def words(html: str) -> int:
    return len(BeautifulSoup(html, "html.parser").get_text(" ").split())


def bring_up_to_date(tasks=None) -> int:
    """Counts anew whatever has changed since it was counted; how many tasks. At most five queries.

    A machine's translation counts as to be done until a person has confirmed it.
    """
    tasks = TranslationTask.objects.all() if tasks is None else tasks
    due = list(tasks.filter(recount=True).select_related("translation__source"))
    if not due:
        return 0
    sources = {task.translation.source_id for task in due}
    objects = {task.translation.source.object_id for task in due}
    segments = defaultdict(list)
    for source, string, context, path, data in StringSegment.objects.filter(
        source__in=sources
    ).values_list("source_id", "string_id", "context_id", "context__path", "string__data"):
        segments[source].append((string, context, path, data))
    finished = set(
        StringTranslation.objects.filter(
            context__object__in=objects,
            locale__in={task.translation.target_locale_id for task in due},
            has_error=False,
        )
        .exclude(translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE)
        .values_list("locale_id", "translation_of_id", "context_id")
    )
    changed = defaultdict(set)
    for source, texts in SourceChange.objects.filter(source__in=sources).values_list(
        "source_id", "texts"
    ):
        changed[source].update((path, new) for path, old, new in texts if old and new)
    length: dict[str, int] = {}
    for task in due:
        locale, source = task.translation.target_locale_id, task.translation.source_id
        open_ = [
            (path, string, data)
            for string, context, path, data in segments[source]
            if (locale, string, context) not in finished
        ]
        for _path, _string, data in open_:
            if data not in length:
                length[data] = words(data)
        task.segments = len(segments[source])
        task.segments_done = task.segments - len(open_)
        task.segments_changed = sum(
            (path, string) in changed[source] for path, string, _data in open_
        )
        task.words_to_do = sum(length[data] for _path, _string, data in open_)
        if not open_:
            task.waiting_since = None
        elif task.waiting_since is None:
            task.waiting_since = timezone.now()
        task.recount = False
    TranslationTask.objects.bulk_update(
        due,
        [
            "segments",
            "segments_done",
            "segments_changed",
            "words_to_do",
            "waiting_since",
            "recount",
        ],
        batch_size=500,
    )
    return len(due)
