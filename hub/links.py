"""Links from rich text to pages of the hub."""

from django.utils.html import escape
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

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
        url = remember(f"link:{page_id}:{get_language()}", lambda: cls.url_of(page_id))
        return f'<a href="{escape(url)}">' if url else "<a>"

    @staticmethod
    def url_of(page_id) -> str:
        page = Page.objects.filter(pk=page_id).first()
        return (page and page.localized.url) or ""
