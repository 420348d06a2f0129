"""The order of a toolkit: which chapter stands where, under which number, and what comes next.

Numbers are not stored. They follow from the page tree, so that moving a page renumbers everything
at once, in every language. The outline holds plain values and is remembered until something is
published: every page of the toolkit shows it.
"""

from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from hub import languages
from hub.caching import remember
from hub.localized import for_readers, reader_locale, twin_paths


@dataclass
class Entry:
    """A chapter's place. ``number`` is "" for the introduction and for "when it stalls".

    ``key`` is the chapter's translation key. ``language`` is the code of the language it is in, ""
    when that is the reader's.
    """

    key: UUID
    language: str
    part: str
    number: str
    title: str
    summary: str
    url: str
    minutes: int | None
    outcomes: list[str]
    prerequisites: list[str]
    parent: "Entry | None" = None
    children: list["Entry"] = field(default_factory=list)

    @property
    def step(self) -> "Entry":
        """The step this chapter belongs to: itself, for a step."""
        return self.parent or self

    @property
    def total_minutes(self) -> int:
        return (self.minutes or 0) + sum(child.minutes or 0 for child in self.children)


class Outline:
    def __init__(self, entries: list[Entry]):
        self.openings = [entry for entry in entries if entry.part == "opening"]
        self.steps = [entry for entry in entries if entry.part == "step"]
        self.stalls = [entry for entry in entries if entry.part == "stalls"]
        self.reading_order = [
            chapter
            for entry in [*self.openings, *self.steps, *self.stalls]
            for chapter in [entry, *entry.children]
        ]
        self._positions = {entry.key: i for i, entry in enumerate(self.reading_order)}

    def entry(self, key) -> Entry | None:
        position = self._positions.get(key)
        return None if position is None else self.reading_order[position]

    def before(self, key) -> Entry | None:
        position = self._positions.get(key, 0)
        return self.reading_order[position - 1] if position else None

    def after(self, key) -> Entry | None:
        position = self._positions.get(key)
        if position is None or position + 1 == len(self.reading_order):
            return None
        return self.reading_order[position + 1]


# Root, home page, toolkit: the parent rules allow a toolkit nowhere else.
_TOOLKIT_DEPTH = 3


def outline_of(page) -> Outline:
    """The outline of the toolkit that ``page`` is, or lies in, for whoever reads it.

    Its live chapters in the order of the source; each in the reader's language where it is live.
    """
    path = page.path[: _TOOLKIT_DEPTH * page.steplen]
    locale = reader_locale(page)
    reader = languages.reader_language()
    return remember(f"outline:{path}:{locale.pk}:{reader}", lambda: _build(path, locale))


def _build(path: str, locale) -> Outline:
    from toolkit.models import ChapterPage, ToolkitPage

    toolkit = ToolkitPage.objects.filter(path=path).first()
    if toolkit is None:  # the preview of a toolkit that was never saved
        return Outline([])
    below = Q(pk__in=[])
    for twin in twin_paths(toolkit, locale):
        below |= Q(path__startswith=twin, depth__gt=toolkit.depth)
    chapters = list(
        for_readers(ChapterPage.objects.filter(below), locale)
        .select_related("locale")
        .prefetch_related("prerequisites")
        .order_by("path")
    )
    places = {chapter.translation_key: chapter.path for chapter in chapters}
    if locale.pk != (source := languages.locale_id(settings.LANGUAGE_CODE)):
        # The order, and which step is whose, are the source's.
        places |= dict(
            ChapterPage.objects.filter(locale=source, translation_key__in=places).values_list(
                "translation_key", "path"
            )
        )
    chapters.sort(key=lambda chapter: places[chapter.translation_key])
    tops: list[Entry] = []
    by_path: dict[str, Entry] = {}
    for chapter in chapters:
        place = places[chapter.translation_key]
        parent = by_path.get(place[: -chapter.steplen])
        if parent is None and chapter.depth > toolkit.depth + 1:
            continue  # its step is not live, so there is no way to it
        entry = Entry(
            key=chapter.translation_key,
            language=chapter.locale.language_code if chapter.untranslated else "",
            part=parent.part if parent else chapter.part,
            number=_number(chapter, parent, tops),
            title=chapter.title,
            summary=chapter.summary,
            url=chapter.url,
            minutes=chapter.minutes,
            outcomes=[str(outcome.value) for outcome in chapter.outcomes],
            prerequisites=[row.text for row in chapter.prerequisites.all() if row.text],
            parent=parent,
        )
        by_path[place] = entry
        (parent.children if parent else tops).append(entry)
    return Outline(tops)


def _number(chapter, parent: Entry | None, tops: list[Entry]) -> str:
    if parent:
        return f"{parent.number}.{len(parent.children) + 1}" if parent.number else ""
    if chapter.part != "step":
        return ""
    return str(1 + sum(entry.part == "step" for entry in tops))
