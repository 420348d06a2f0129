"""What every public page shows around its own content."""

from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Page, Site

from hub import languages
from hub.caching import remember
from hub.localized import children_for_readers, localized_pages
from hub.models import FooterLink, SiteSettings
from hub.models.site import display_zones


def hub(request):
    """``frame`` for public pages; the admin has its own."""
    if request.path.startswith(reverse("wagtailadmin_home")):
        return {}
    return {"frame": Frame(request)}


class Frame:
    """Header, footer and menus in the language of the request.

    Plain values, remembered until something is published, so that the frame of a page costs no
    query. Nothing is asked for until a template does.
    """

    def __init__(self, request):
        self._request = request
        self.language = get_language()

    @cached_property
    def _values(self) -> dict:
        # Addresses depend on whether a reader asks or the admin's preview does.
        key = f"frame:{self.language}:{languages.reader_language()}"
        return remember(key, lambda: frame_values(self.language))

    def __getattr__(self, name):
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def sections(self) -> dict[str, str]:
        """The addresses of the sections by kind: toolkit, training, funding, story."""
        return self._values["sections"]

    @property
    def languages(self) -> list[languages.Language]:
        return languages.offered_languages()

    @property
    def language_name(self) -> str:
        return languages.own_name(self.language)

    @property
    def direction(self) -> str:
        return languages.direction(self.language)

    @property
    def menu(self) -> list[dict]:
        """The main menu; the entry that leads here or to a page above is ``current``."""
        path = self._request.path
        return [
            entry | {"current": path.startswith(entry["url"])} for entry in self._values["menu"]
        ]


def frame_values(language: str) -> dict:
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    home = (
        Page.objects.filter(
            translation_key=site.root_page.translation_key, locale__language_code=language
        )
        .select_related("locale")
        .specific()
        .first()
    ) or site.root_page.specific
    site_settings = SiteSettings.for_site(site)
    columns = {column: [] for column in FooterLink.Column}
    links = list(site_settings.footer_links.select_related("page"))
    pages = localized_pages([link.page.translation_key for link in links], home.locale)
    by_key = {page.translation_key: page for page in pages}
    for link in links:
        if page := by_key.get(link.page.translation_key):
            columns[FooterLink.Column(link.column)].append(_entry(page))
    contact = localized_pages(
        [site_settings.contact_page.translation_key] if site_settings.contact_page else [],
        home.locale,
    )
    image = site_settings.share_image
    sections = (
        children_for_readers(home, Page.objects.all())
        .order_by("untranslated", "path")
        .select_related("locale")
        .specific()
    )
    return {
        "site_name": site.site_name or settings.WAGTAIL_SITE_NAME,
        "home_url": home.url or "/",
        "pilot_strip": getattr(home, "pilot_strip", "") if site_settings.pilot else "",
        "has_changes": bool(getattr(home, "changes", ())),
        "footer_statement": getattr(home, "footer_statement", ""),
        "footer_notice": getattr(home, "footer_notice", ""),
        "menu": [_entry(page) for page in sections.filter(show_in_menus=True)],
        "sections": {page.kind: page.url for page in sections if getattr(page, "kind", "")},
        "footer": [
            {"label": column.label, "slug": column.value, "links": entries}
            for column, entries in columns.items()
            if entries
        ],
        "contact_url": contact[0].url if contact else "",
        "zones": display_zones(),
        "share_image": image.preview_url if image else "",
    }


def _entry(page) -> dict:
    return {
        "title": getattr(page, "short_title", page.title),
        "url": page.url,
        "kind": getattr(page, "kind", ""),
        "language": page.locale.language_code,
    }
