"""Reading the hub in tests, as a visitor does, in one language or several."""

from types import SimpleNamespace

from bs4 import BeautifulSoup

from tests.factories import (
    ChapterPageFactory,
    SessionPageFactory,
    StandardPageFactory,
    StoryPageFactory,
    TemplatePageFactory,
    add_file,
)

BASE = "http://127.0.0.1:8000"


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def links_in(element) -> list[tuple[str, str]]:
    return [(link.get_text(strip=True), link["href"]) for link in element.find_all("a")]


def publish_copy(page, locale, **fields):
    """A published translation of ``page``, with its own words, and no alias."""
    copy = page.copy_for_translation(locale)
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return type(copy).objects.get(pk=copy.pk)


def one_of_each_kind(site) -> SimpleNamespace:
    """One page of each kind that readers come to."""
    template = TemplatePageFactory(parent=site.templates)
    add_file(template)
    return SimpleNamespace(
        home=site.home,
        toolkit=site.toolkit,
        templates=site.templates,
        training=site.training,
        funding=site.funding,
        stories=site.stories,
        contact=site.contact,
        chapter=ChapterPageFactory(parent=site.toolkit),
        template=template,
        session=SessionPageFactory(parent=site.training),
        story=StoryPageFactory(parent=site.stories),
        about=StandardPageFactory(parent=site.home, slug="about"),
    )
