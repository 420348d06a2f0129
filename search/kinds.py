"""The kinds of pages, as readers tell them apart: what page types declare as their ``kind_name``."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils.text import slugify
from django.utils.translation import override

from hub.models import BasePage

# The three kinds of help, then stories, then whatever belongs to none.
_ORDER = ["toolkit", "training", "funding", "story", ""]


@dataclass(frozen=True)
class Kind:
    """Page types with the same name. ``slug`` is the name in English, the same in every language."""

    slug: str
    page_types: tuple[type[BasePage], ...]

    @property
    def name(self) -> str:
        return str(self.page_types[0].kind_name)

    @property
    def content_type_ids(self) -> set[int]:
        types = ContentType.objects.get_for_models(*self.page_types)
        return {content_type.pk for content_type in types.values()}


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by their slug."""
    page_types = [model for model in apps.get_models() if issubclass(model, BasePage)]
    by_slug: dict[str, list] = {}
    with override("en"):
        for page_type in sorted(page_types, key=lambda page_type: _ORDER.index(page_type.kind)):
            # str: of a lazy text, slugify makes another, whose words follow the reader's language.
            by_slug.setdefault(slugify(str(page_type.kind_name)), []).append(page_type)
    return {slug: Kind(slug, tuple(types)) for slug, types in by_slug.items()}
