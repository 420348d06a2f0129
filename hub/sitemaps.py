"""The sitemap: an index, and for each language parts of a thousand pages with their alternates."""

from collections import defaultdict

from django.contrib.sitemaps import Sitemap, views
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from hub.addresses import absolute
from hub.languages import offered_languages


class LanguageSitemap(Sitemap):
    """The live, public pages of one language; aliases are left out."""

    limit = 1000

    def __init__(self, language: str):
        self.language = language

    def items(self):
        return self._pages().filter(locale__language_code=self.language).order_by("path")

    def _pages(self):
        site = Site.objects.select_related("root_page").get(is_default_site=True)
        homes = Page.objects.filter(translation_key=site.root_page.translation_key)
        under_a_home = Page.objects.none()
        for home in homes:
            under_a_home |= Page.objects.descendant_of(home, inclusive=True)
        return under_a_home.live().public().filter(alias_of=None).select_related("locale")

    def get_urls(self, page=1, site=None, protocol=None):
        pages = list(self.paginator.page(page).object_list)
        translations = defaultdict(list)
        for translation in self._pages().filter(
            translation_key__in=[item.translation_key for item in pages]
        ):
            translations[translation.translation_key].append(
                {
                    "location": absolute(translation.url),
                    "lang_code": translation.locale.language_code,
                }
            )
        return [
            {
                "item": item,
                "location": absolute(item.url),
                "lastmod": item.last_published_at,
                "alternates": translations[item.translation_key]
                if len(translations[item.translation_key]) > 1
                else [],
            }
            for item in pages
        ]


def _sitemaps() -> dict[str, LanguageSitemap]:
    return {language.code: LanguageSitemap(language.code) for language in offered_languages()}


@require_safe
def index(request):
    """The sitemap index, with one entry for each thousand pages of each language."""
    parts = [
        absolute(reverse("sitemap_section", args=[code])) + (f"?p={number}" if number > 1 else "")
        for code, sitemap in _sitemaps().items()
        for number in sitemap.paginator.page_range
    ]
    return TemplateResponse(
        request,
        "sitemap_index.xml",
        {"sitemaps": [{"location": part} for part in parts]},
        content_type="application/xml",
    )


@require_safe
def section(request, section):
    sitemaps = _sitemaps()
    if section not in sitemaps:
        raise Http404
    return views.sitemap(request, sitemaps, section=section)
