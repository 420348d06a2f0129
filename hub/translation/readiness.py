"""Whether pages are ready to go public together: what is missing, page by page, in each language.

Everything is read in some twenty queries, however many the pages and the languages.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import to_locale
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.segments.types import StringSegmentValue

from hub import languages
from hub.models import HubDocument, Release, TranslationTask, User
from hub.translation import progress
from hub.translation.contents import Reference, comparable, references


@dataclass(frozen=True)
class Finding:
    """One thing that is missing, in a sentence, and the address at which to mend it.

    What ``must`` be mended keeps the release from being published; the rest the editor may accept.
    """

    text: str
    url: str = ""
    must: bool = True


@dataclass
class Cell:
    """One page in one language. ``note`` says what publishing does where nothing is missing."""

    page: Page
    locale: Locale
    findings: list[Finding] = field(default_factory=list)
    note: str = ""

    @property
    def language(self) -> str:
        return languages.own_name(self.locale.language_code)

    @property
    def blocking(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.must]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.must]


@dataclass
class Language:
    """A language of a release, with what is missing in it over all pages."""

    locale: Locale
    cells: list[Cell]

    @property
    def code(self) -> str:
        return self.locale.language_code

    @property
    def name(self) -> str:
        return languages.own_name(self.code)

    @property
    def findings(self) -> list[Finding]:
        return [finding for cell in self.cells for finding in cell.findings]

    @property
    def blocking(self) -> int:
        return sum(finding.must for finding in self.findings)

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.blocking


@dataclass
class Checklist:
    """What is missing before a release can be published; ``general`` belongs to no single page."""

    general: list[Finding]
    languages: list[Language]

    @property
    def rows(self) -> list[tuple[Page, list[Cell]]]:
        """Each page with its cells, in the order of ``languages``."""
        columns = zip(*(language.cells for language in self.languages), strict=True)
        return [(cells[0].page, list(cells)) for cells in columns]

    @property
    def findings(self) -> list[Finding]:
        return self.general + [
            finding for language in self.languages for finding in language.findings
        ]

    @property
    def blocking(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.must]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.must]

    def sentences(self, *, must: bool) -> list[str]:
        """What must be mended, or else the rest, each with its page and language."""
        return [finding.text for finding in self.general if finding.must == must] + [
            f"{cell.page.title} ({language.name}): {finding.text}"
            for language in self.languages
            for cell in language.cells
            for finding in cell.findings
            if finding.must == must
        ]


@dataclass
class Texts:
    """The texts of a source and what is translated of them.

    ``translated`` has the translations by language, String and context; ``known`` the texts that
    are translated anywhere on the page, by language.
    """

    segments: list[tuple[int, int, str, str]] = field(default_factory=list)
    translated: dict[tuple[int, int, int], StringTranslation] = field(default_factory=dict)
    known: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


class Facts:
    """What the checks ask about, read at once for all pages of a release and all its languages."""

    def __init__(self, release: Release, user: User | None):
        self.user = user
        self.source = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
        targets = release.locales.exclude(pk=self.source.pk).order_by("pk")
        self.locales = [self.source, *targets]
        rows = list(release.page_rows.select_related("page__latest_revision", "page__locale").all())
        self.deleted = [row.title for row in rows if row.page is None]
        # Parents before children, as the editor sees them in the page tree.
        self.pages = sorted(
            {row.page_id: row.page for row in rows if row.page}.values(),
            key=lambda page: page.path,
        )
        self.keys = {page.translation_key for page in self.pages}
        self._references_in: dict[tuple[int, int], list[Reference]] = {}
        self.sources = {
            source.object_id: source
            for source in TranslationSource.objects.filter(
                object_id__in=self.keys, locale=self.source
            )
        }
        self._read_translations()
        self._read_texts()
        self._read_references()

    def _read_translations(self):
        progress.bring_up_to_date(
            TranslationTask.objects.filter(
                translation__source__in=[source.pk for source in self.sources.values()],
                translation__target_locale__in=self.locales,
            )
        )
        self.translations = {
            (translation.source.object_id, translation.target_locale_id): translation
            for translation in Translation.objects.filter(
                source__in=[source.pk for source in self.sources.values()],
                target_locale__in=self.locales,
                enabled=True,
            ).select_related("source", "task")
        }
        self.targets = {
            (page.translation_key, page.locale_id): page
            for page in Page.objects.filter(
                translation_key__in=self.keys, locale__in=self.locales[1:], alias_of=None
            ).select_related("latest_revision")
        }

    def _read_texts(self):
        self.texts: dict = defaultdict(Texts)
        by_source = {source.pk: key for key, source in self.sources.items()}
        for source, string, context, path, data in (
            StringSegment.objects.filter(source__in=by_source)
            .order_by("order")
            .values_list("source_id", "string_id", "context_id", "context__path", "string__data")
        ):
            self.texts[by_source[source]].segments.append((string, context, path, data))
        for row in StringTranslation.objects.filter(
            context__object__in=self.keys, locale__in=self.locales
        ).select_related("translation_of", "context"):
            texts = self.texts[row.context.object_id]
            texts.translated[row.locale_id, row.translation_of_id, row.context_id] = row
            if is_confirmed(row):
                texts.known[row.locale_id].add(row.translation_of.data)
        self.overrides: dict = defaultdict(dict)
        for key, locale, path, data in SegmentOverride.objects.filter(
            context__object__in=self.keys, locale__in=self.locales, has_error=False
        ).values_list("context__object_id", "locale_id", "context__path", "data_json"):
            self.overrides[key, locale][path] = json.loads(data)

    def _read_references(self):
        self.contents = {page.pk: self._content_of_source(page) for page in self.pages}
        self.references = {
            page.pk: references(page.specific_class, self.contents[page.pk]) for page in self.pages
        }
        everything = [
            reference
            for page in self.pages
            for locale in self.locales
            for reference in self.references_in(page, locale)
        ]
        wanted = defaultdict(set)
        for reference in everything:
            wanted[reference.model].add(reference.pk)
        parents = {parent_path(page) for page in self.pages}
        self.linked: dict[int, Page] = {}
        self.parents: dict[str, Page] = {}
        for page in Page.objects.filter(
            models.Q(pk__in=wanted[Page]) | models.Q(path__in=parents, depth__gt=1)
        ):
            self.linked[page.pk] = self.parents[page.path] = page
        self.documents = HubDocument.objects.in_bulk(wanted[HubDocument])
        self._read_terms(
            {model: pks for model, pks in wanted.items() if model not in (Page, HubDocument)}
        )
        self.versions: dict[tuple, Page] = {
            (page.translation_key, page.locale_id): page
            for page in Page.objects.filter(
                translation_key__in={page.translation_key for page in self.linked.values()},
                locale__in=self.locales,
                alias_of=None,
            )
        }

    def _read_terms(self, wanted: dict):
        self.terms: dict[tuple, models.Model] = {}
        self.term_versions: dict[tuple, models.Model] = {}
        for model, pks in wanted.items():
            named = model.objects.in_bulk(pks)
            self.terms |= {(model, pk): term for pk, term in named.items()}
            for version in model.objects.filter(
                translation_key__in=[term.translation_key for term in named.values()],
                locale__in=self.locales,
            ):
                self.term_versions[version.translation_key, version.locale_id] = version
        tasks = TranslationTask.objects.filter(
            translation__source__object_id__in=[
                term.translation_key for term in self.terms.values()
            ],
            translation__target_locale__in=self.locales,
            translation__enabled=True,
        )
        progress.bring_up_to_date(tasks)
        self.open_terms = set(
            tasks.filter(segments_done__lt=models.F("segments")).values_list(
                "translation__source__object_id", "translation__target_locale"
            )
        )

    def is_translated(self, term, locale: Locale) -> bool:
        """Whether there is a term in ``locale`` in its own words: submitting makes one in the source's."""
        key = (term.translation_key, locale.pk)
        return key in self.term_versions and key not in self.open_terms

    def _content_of_source(self, page: Page) -> dict:
        """The content that publishing the release makes public."""
        source = self.sources.get(page.translation_key)
        if page.latest_revision and (is_draft(page) or source is None):
            return page.latest_revision.content
        return json.loads(source.content_json) if source else page.specific.serializable_data()

    def content_in(self, page: Page, locale: Locale) -> dict:
        """What decides, in ``locale``, on all but texts: the source, or a page made by hand."""
        target = self.by_hand(page, locale)
        if target and target.latest_revision:
            return target.latest_revision.content
        return self.contents[page.pk]

    def references_in(self, page: Page, locale: Locale) -> list[Reference]:
        """What ``page`` will refer to in ``locale``, a translator's own choices included."""
        place = (page.pk, locale.pk)
        if place not in self._references_in:
            self._references_in[place] = self._find_references(page, locale)
        return self._references_in[place]

    def _find_references(self, page: Page, locale: Locale) -> list[Reference]:
        content = self.content_in(page, locale)
        found = self.references.get(page.pk)
        if content is not self.contents[page.pk] or found is None:
            found = references(page.specific_class, content)
        chosen = self.overrides.get((page.translation_key, locale.pk), {})
        return [
            Reference(reference.model, chosen[reference.path], reference.path)
            if isinstance(chosen.get(reference.path), int)
            else reference
            for reference in found
        ]

    def by_hand(self, page: Page, locale: Locale) -> Page | None:
        """The page in ``locale`` if it has been edited by itself since its translation was stopped."""
        key = (page.translation_key, locale.pk)
        return None if key in self.translations else self.targets.get(key)

    def is_public(self, key, locale: Locale) -> bool:
        """Whether the page of that translation key is public in ``locale`` after the release."""
        if key in self.keys:
            return locale in self.locales
        version = self.versions.get((key, locale.pk))
        return bool(version and version.live)

    def parent_of(self, page: Page) -> Page | None:
        return self.parents.get(parent_path(page))

    @cached_property
    def new_texts(self) -> dict[int, set[str]]:
        """The texts that only the draft of a source has, by page.

        Drafts that are like what translators have cost nothing; of others the texts are taken out.
        """
        found = {}
        for page in self.pages:
            source = self.sources.get(page.translation_key)
            if source is None or not is_draft(page) or page.latest_revision is None:
                continue
            model, content = page.specific_class, self.contents[page.pk]
            if comparable(model, content) == comparable(model, json.loads(source.content_json)):
                continue
            draft = page.latest_revision.as_object()
            known = {
                data for _string, _context, _path, data in self.texts[page.translation_key].segments
            }
            found[page.pk] = {
                segment.string.data
                for segment in extract_segments(draft)
                if isinstance(segment, StringSegmentValue)
            } - known
        return found


def is_confirmed(row: StringTranslation) -> bool:
    """Whether a translation holds and is a person's, or confirmed by one."""
    return (
        not row.has_error
        and bool(row.data)
        and row.translation_type != StringTranslation.TRANSLATION_TYPE_MACHINE
    )


def is_draft(page: Page) -> bool:
    """Whether publishing the release changes what readers see of a source."""
    return page.has_unpublished_changes or not page.live


def parent_path(page: Page) -> str:
    return page.path[: -page.steplen]


def has_interface(locale: Locale) -> bool:
    """Whether the hub's own words, of buttons and of mails, are translated into ``locale``."""
    names = {to_locale(locale.language_code), to_locale(languages.base_code(locale.language_code))}
    return any(
        (Path(folder) / name / "LC_MESSAGES").is_dir()
        for folder in settings.LOCALE_PATHS
        for name in names
    )
