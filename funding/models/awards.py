"""What a fund has given so far, for everybody to see."""

from django.conf import settings
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField

from funding import duration, openness
from funding.models.fund import FundPage
from hub.blocks import SHORT_TEXT_FEATURES
from hub.models import BasePage
from hub.pagination import paginate
from hub.spreadsheets import csv_response

# Ten years of a fund: what is printed is the whole list.
AWARDS_PER_PAGE = 50


class AwardsPage(RoutablePageMixin, BasePage):
    """Past awards and the figures of a fund, in all languages; as files, too.

    The files are the same in every language, so that whoever reads them with a program can rely on it.
    """

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

    @cached_property
    def fund(self) -> FundPage:
        """The fund whose grants they are, in the page's language. One query."""
        return FundPage.objects.select_related("locale").parent_of(self).get()

    @cached_property
    def openness(self) -> openness.Openness:
        """The grants and figures. One query, and that for the fund."""
        return openness.of_fund(self.fund.translation_key)

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {
            "openness": self.openness,
            "awards": paginate(request, self.openness.awards, AWARDS_PER_PAGE),
            "duration": duration.of_fund(self.fund.translation_key),
        }

    @path("awards-csv/", name="awards_csv")
    def awards_as_file(self, request):
        """The grants that are listed, one a row."""
        with translation.override(settings.LANGUAGE_CODE):
            rows = list(self.openness.award_rows())
        return csv_response(f"{self.slug}.csv", openness.AWARD_COLUMNS, rows)

    @path("figures-csv/", name="figures_csv")
    def figures_as_file(self, request):
        """The figures, one a row."""
        rows = self.openness.figure_rows()
        return csv_response(f"{self.slug}-figures.csv", openness.FIGURE_COLUMNS, rows)
