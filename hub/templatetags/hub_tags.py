"""Tags and filters for public templates."""

import json

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from wagtail.models import Locale, Page

from hub import languages, structured_data
from hub.addresses import absolute
from hub.caching import remember
from hub.forms.words import WordCount, count
from hub.localized import localized_pages, reader_locale
from hub.routing import default_site
from hub.times import in_zones
from hub.translation import passages

register = template.Library()

# Enough to end a script element or an HTML comment early.
_JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.inclusion_tag("components/icon.html")
def icon(name: str, modifier: str = ""):
    """An icon of the sprite; ``modifier`` is "directional" or "previous" where direction matters."""
    return {"name": name, "class": f"icon--{modifier}" if modifier else ""}


@register.simple_tag
def hub_name() -> str:
    """The name of the hub, as the site's record has it."""
    site = remember("site", default_site)
    return (site and site.site_name) or settings.WAGTAIL_SITE_NAME


@register.filter
def absolute_url(path: str) -> str:
    return absolute(path)


@register.simple_tag
def zone_times(instant, zone: str, zones: list[str]):
    """The instant on the clocks of its own zone and of the hub's chosen ones."""
    return in_zones(instant, zones, zone, get_language())


@register.simple_tag
def translations_of(page: Page) -> list[dict]:
    """The page in each language of the hub: ``{language, url, address, current}``.

    ``url`` is None where it is not translated; ``address`` then leads to what readers of that
    language are shown instead. Aliases are no translations. Costs no query while the hub has a
    single language.
    """
    offered = languages.offered_languages()
    own = get_language()
    with languages.own_addresses():
        urls = {page.locale.language_code: page.url} if page else {}
        if page and page.pk and len(offered) > 1:
            urls |= {
                translation.locale.language_code: translation.url
                for translation in Page.objects.live()
                .filter(translation_key=page.translation_key, alias_of=None)
                .select_related("locale")
            }
    source = urls.get(settings.LANGUAGE_CODE) or ""
    path = source.partition(f"/{settings.LANGUAGE_CODE}/")[2]
    return [
        {
            "language": language,
            "url": urls.get(language.code),
            "address": urls.get(language.code) or f"{language.home}{path}",
            "current": language.code == own,
        }
        for language in offered
    ]


@register.filter
def for_reader(path: str) -> str:
    return languages.for_reader(path or "")


@register.simple_tag
def language_of(thing, code: str = "") -> str:
    """`` lang="en" dir="ltr"`` for what is not in the language around it, else nothing.

    ``thing`` is a page, an entry of a menu or an outline, or a term; ``code`` the language around.
    """
    own = _language_code(thing)
    if not own or own == (code or get_language()):
        return ""
    return format_html(' lang="{}" dir="{}"', own, languages.direction(own))


@register.inclusion_tag("components/language_badge.html")
def language_badge(thing):
    """Says which language ``thing`` is in, if that is not the language around it."""
    own = _language_code(thing)
    return {"name": languages.name_here(own) if own and own != get_language() else ""}


def _language_code(thing) -> str:
    if isinstance(thing, Page):
        return languages.locale_codes().get(thing.locale_id, "")
    if hasattr(thing, "foreign_language"):
        return thing.foreign_language
    return thing.get("language", "") if isinstance(thing, dict) else getattr(thing, "language", "")


@register.simple_tag
def content_language(page) -> languages.Language | None:
    """The language of ``page`` when readers of another are shown it; else None."""
    if not page or not page.pk or page.locale.language_code == get_language():
        return None
    code = page.locale.language_code
    return languages.Language(code, languages.own_name(code), f"/{code}/")


@register.simple_tag
def language_name_here(code: str) -> str:
    return languages.name_here(code)


@register.simple_tag
def source_language() -> languages.Language:
    code = settings.LANGUAGE_CODE
    return languages.Language(code, languages.own_name(code), f"/{code}/")


@register.simple_tag
def freshness_of(page):
    """Which passages of a translated page are out of date (hub.translation.passages). One query."""
    if not page or not page.pk or page.locale.language_code == settings.LANGUAGE_CODE:
        return passages.Freshness()
    return passages.freshness(page)


@register.simple_tag
def word_count(field) -> WordCount:
    """The words in the input of a form's ``field`` that is limited in words."""
    return WordCount(count(str(field.value() or "")), field.field.word_limit)


@register.simple_tag(takes_context=True)
def render_block(context, block):
    """A block of a body, its passages marked that are out of date."""
    html = block.render(context.flatten())
    freshness = context.get("freshness")
    entries = freshness.of_block(block.id) if freshness else []
    if not entries:
        return html
    return passages.mark_block(html, entries, by_paragraph=block.block_type == "rich_text")


@register.simple_tag
def json_ld(page, breadcrumbs=()):
    """The page's structured data as a data block, or nothing if the page has none."""
    with languages.own_addresses():
        data = structured_data.graph(page, breadcrumbs)
    text = json.dumps(
        data, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder
    ).translate(_JSON_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


@register.simple_tag
def breadcrumbs(page) -> list[dict]:
    """The live pages above ``page``, without the root and the home page: ``{title, url}``."""
    if not page or page.depth <= 3:
        return []
    parent_path = page.path[: -page.steplen]
    key = f"breadcrumbs:{parent_path}:{languages.reader_language()}"
    return remember(key, lambda: _pages_above(parent_path))


def _pages_above(path: str) -> list[dict]:
    paths = [path[:end] for end in range(3 * Page.steplen, len(path) + 1, Page.steplen)]
    pages = Page.objects.live().filter(path__in=paths).order_by("path").specific()
    return [{"title": page.short_title, "url": page.url} for page in pages]


@register.simple_tag(takes_context=True)
def cards(context, pages):
    """Chosen pages as cards: live ones, in this language where there is one."""
    page = context.get("page")  # absent in the preview of a block
    locale = reader_locale(page) if page else Locale.get_active()
    return localized_pages([chosen.translation_key for chosen in pages if chosen], locale)


@register.simple_tag
def headings(stream):
    """The headings of the sections of a body, for its list of contents."""
    return [
        block for block in stream if block.block_type == "heading" and block.value["level"] == "h2"
    ]


@register.filter
def reading_minutes(stream) -> int:
    """How long a body takes to read, at 200 words a minute; at least 1."""
    parts = stream.stream_block.get_searchable_content(stream)
    return max(1, round(sum(len(part.split()) for part in parts) / 200))
