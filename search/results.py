"""Pages as a list of results shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from wagtail.models import Page

from hub.models import BasePage
from search.highlight import Highlighter, opening
from search.query import Query


@dataclass
class Result:
    """A page, its title and the passage that answers the query, and the titles of the pages above."""

    page: BasePage
    title: SafeString
    passage: SafeString | str
    place: list[str]


def as_results(pages: Iterable[BasePage], query: Query, language: str) -> list[Result]:
    pages = list(pages)
    highlighter = Highlighter(query.terms, language)
    titles = _titles_above(pages)
    return [
        Result(
            page,
            highlighter.marked(page.title),
            _passage(page, highlighter),
            [titles[path] for path in _paths_above(page) if path in titles],
        )
        for page in pages
    ]


def _passage(page: BasePage, highlighter: Highlighter) -> SafeString | str:
    if not highlighter.terms:
        return page.summary
    parts = page.searchable_parts()[1:]
    return highlighter.passage(parts) or opening([page.summary, *parts])


def _titles_above(pages: list[BasePage]) -> dict[str, str]:
    """The titles of all live pages above these by their paths, in one query."""
    paths = {path for page in pages for path in _paths_above(page)}
    above = Page.objects.live().filter(path__in=paths) if paths else Page.objects.none()
    return dict(above.values_list("path", "title"))


def _paths_above(page: BasePage) -> list[str]:
    """The tree paths of the pages between the home page (depth 2) and this one, top first."""
    return [page.path[: depth * Page.steplen] for depth in range(3, page.depth)]
