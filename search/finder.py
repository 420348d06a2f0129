"""Finds the pages of one language that answer a query, and counts them by kind and topic."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from modelsearch.query import MATCH_ALL, PlainText
from wagtail.models import Locale, Page, PageQuerySet

from hub.filters import Choice
from hub.models import BasePage, PageTopic, Topic
from search.kinds import Kind, kinds
from search.query import Query


@dataclass
class Facet:
    name: str
    label: str
    choices: list[Choice]


class Finder:
    """The live pages of a language that answer a query, narrowed to kinds and topics.

    Pages with all terms of the query; where the language has none, pages with any of them. Of
    several kinds a page need have one, of several topics too. However many pages there are, the
    counts cost three queries, five at most, and a part of the list two, plus one for each type of
    page in it.
    """

    def __init__(
        self,
        query: Query,
        locale: Locale,
        topics: Iterable[Topic] = (),
        chosen_kinds: Iterable[str] = (),
        chosen_topics: Iterable[str] = (),
    ):
        self.query = query
        self.locale = locale
        self.topics = list(topics)
        self.chosen_kinds = list(chosen_kinds)
        self.chosen_topics = list(chosen_topics)

    def count(self) -> int:
        return sum(self._kind_counts[slug] for slug in self.chosen_kinds or kinds())

    def __getitem__(self, numbers: slice) -> list[BasePage]:
        """The pages in these places of the list, best first, as their own types."""
        pages = self._of_chosen_kinds(self._with_chosen_topics(self._pages))
        return _as_own_types(self._search(pages, self._operator)[numbers])

    @cached_property
    def count_unfiltered(self) -> int:
        return self._type_counts.total()

    @property
    def is_filtered(self) -> bool:
        return bool(self.chosen_kinds or self.chosen_topics)

    @property
    def lacks_terms(self) -> bool:
        """Whether no page has all the terms, so that pages with some of them are listed."""
        return self._operator == "or"

    @cached_property
    def facets(self) -> list[Facet]:
        return [
            Facet(
                "kind",
                _("Kind"),
                [
                    Choice(slug, kind.name, self._kind_counts[slug], slug in self.chosen_kinds)
                    for slug, kind in kinds().items()
                    if self._has_kind(kind) or slug in self.chosen_kinds
                ],
            ),
            Facet("topic", _("Topic"), self.topic_choices),
        ]

    def _has_kind(self, kind: Kind) -> bool:
        """Whether the query finds any page of a kind, whatever the filters leave of them."""
        return any(self._type_counts[pk] for pk in kind.content_type_ids)

    @cached_property
    def topic_choices(self) -> list[Choice]:
        found = self._search(self._of_chosen_kinds(self._pages), self._operator)
        counts = dict(
            PageTopic.objects.filter(page__in=found.get_queryset().order_by().values("pk"))
            .order_by()
            .values_list("topic__slug")
            .annotate(Count("page", distinct=True))
        )
        return [
            Choice(
                topic.slug, topic.title, counts.get(topic.slug, 0), topic.slug in self.chosen_topics
            )
            for topic in self.topics
        ]

    @cached_property
    def _pages(self) -> PageQuerySet:
        """Everything that may be found: no aliases, which repeat a page in the wrong language."""
        aliases = Page.objects.filter(alias_of__isnull=False)
        types = {pk for kind in kinds().values() for pk in kind.content_type_ids}
        return (
            Page.objects.live()
            .public()
            .filter(locale=self.locale, content_type__in=types)
            .exclude(pk__in=aliases.values("pk"))
        )

    @cached_property
    def _operator(self) -> str:
        if len(self.query.terms) > 1 and not self._count_types(self._pages, "and"):
            return "or"
        return "and"

    @cached_property
    def _type_counts(self) -> Counter[int]:
        return self._count_types(self._pages, self._operator)

    @cached_property
    def _kind_counts(self) -> Counter[str]:
        """How many pages of each kind have one of the chosen topics."""
        counts = self._type_counts
        if self.chosen_topics:
            counts = self._count_types(self._with_chosen_topics(self._pages), self._operator)
        return Counter(
            {
                slug: sum(counts[pk] for pk in kind.content_type_ids)
                for slug, kind in kinds().items()
            }
        )

    def _count_types(self, pages: PageQuerySet, operator: str) -> Counter[int]:
        return Counter(self._search(pages, operator).facet("content_type_id"))

    def _search(self, pages: PageQuerySet, operator: str):
        """Search results, best first; without a term all pages, by title."""
        if not self.query.terms:
            return pages.order_by("title").search(MATCH_ALL, order_by_relevance=False)
        return pages.search(PlainText(" ".join(self.query.terms), operator=operator))

    def _of_chosen_kinds(self, pages: PageQuerySet) -> PageQuerySet:
        if not self.chosen_kinds:
            return pages
        types = {pk for slug in self.chosen_kinds for pk in kinds()[slug].content_type_ids}
        return pages.filter(content_type__in=types)

    def _with_chosen_topics(self, pages: PageQuerySet) -> PageQuerySet:
        if not self.chosen_topics:
            return pages
        links = PageTopic.objects.filter(topic__slug__in=self.chosen_topics)
        return pages.filter(pk__in=links.values("page_id"))


def _as_own_types(pages: Iterable[Page]) -> list[BasePage]:
    """The pages in the same order as what they are, with what their text is made of."""
    pages = list(pages)
    keys = defaultdict(list)
    for page in pages:
        keys[page.specific_class].append(page.pk)
    found = {
        page.pk: page
        for page_type, pks in keys.items()
        for page in page_type.objects.filter(pk__in=pks)
        .select_related("locale")
        .prefetch_related(*page_type.searchable_relations)
    }
    return [found[page.pk] for page in pages if page.pk in found]
