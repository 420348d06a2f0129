from django.utils.translation import gettext_lazy as _

from hub.blocks import BodyBlock
from hub.fields import StreamField
from hub.models import BasePage


class StandardPage(BasePage):
    """A page of text: about, privacy, credits, or anything else that needs no more than a body."""

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]
    kind_name = _("Page")
    page_description = _("A page of text, such as “About us” or “Privacy”.")
    searchable_text = ["summary", "body"]

    body = StreamField(BodyBlock(), verbose_name=_("body"))

    content_panels = [*BasePage.content_panels, "body"]

    class Meta:
        verbose_name = _("standard page")
