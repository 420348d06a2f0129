"""Links from rich text to pages of the hub."""

from django.utils.html import escape
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from hub import languages
from hub.caching import remember


class RememberedPageLinkHandler(PageLinkHandler):
    """Links to pages in the reader's language without a query for each piece of rich text.

    Stock Wagtail takes three or more queries for every paragraph that has a link, so that a long
    chapter costs the more the better it is linked. Where a link leads is remembered until something
    is published.
    """

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        return [cls.expand(attrs.get("id")) for attrs in attrs_list]

    @classmethod
    def expand(cls, page_id) -> str:
        # In the reader's language, also inside a page that they are shown in the source's.
        language = languages.reader_language() or get_language()
        url = remember(f"link:{page_id}:{language}", lambda: cls.url_of(page_id, language))
        return f'<a href="{escape(url)}">' if url else "<a>"

    @staticmethod
    def url_of(page_id, language: str) -> str:
        page = Page.objects.filter(pk=page_id).first()
        locale = languages.locale_id(language)
        if page is None or locale is None:
            return (page and page.url) or ""
        there = page.get_translation_or_none(locale)
        return languages.for_reader((there if there and there.live else page).url or "")
