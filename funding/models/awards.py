"""What a fund has given so far, for everybody to see."""

from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from hub.blocks import SHORT_TEXT_FEATURES
from hub.models import BasePage


class AwardsPage(BasePage):
    """Past awards and the figures of a fund."""

    parent_page_types = ["funding.FundPage"]
    subpage_types = []
    max_count_per_parent = 1
    kind = "funding"
    kind_name = _("Past grants")
    page_description = _("What the fund has given: purpose, country, amount and day, and figures.")
    searchable_text = ["summary", "intro"]

    intro = RichTextField(_("introduction"), features=SHORT_TEXT_FEATURES, blank=True)

    content_panels = [*BasePage.content_panels, "intro"]

    class Meta:
        verbose_name = _("page of past grants")
        verbose_name_plural = _("pages of past grants")
