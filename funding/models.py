from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from hub.blocks import BodyBlock, TimelineBlock
from hub.fields import StreamField
from hub.models import BasePage


class FundPage(BasePage):
    """A fund: its amounts, its criteria, how to ask and what happens then."""

    parent_page_types = ["home.HomePage"]
    subpage_types = []
    kind = "funding"
    kind_name = _("Mini grants")
    page_description = _("A fund with its amounts, its criteria and how to ask.")
    searchable_text = ["summary", "amount_note", "body", "how_to_ask", "next_steps"]
    searchable_relations = ["criteria"]

    currency = models.CharField(
        _("currency"), max_length=3, default="USD", help_text=_("Three letters. Example: USD")
    )
    usual_maximum = models.PositiveIntegerField(
        _("usual maximum"), help_text=_("In whole units of the currency. Example: 5000")
    )
    amount_note = models.CharField(
        _("about the amount"),
        max_length=150,
        blank=True,
        help_text=_("Example: more if the case is compelling and funds allow"),
    )
    grants_per_year_min = models.PositiveSmallIntegerField(
        _("grants a year, from"), null=True, blank=True
    )
    grants_per_year_max = models.PositiveSmallIntegerField(
        _("grants a year, to"), null=True, blank=True
    )
    body = StreamField(BodyBlock(), verbose_name=_("what the money is for"), blank=True)
    how_to_ask = StreamField(BodyBlock(), verbose_name=_("how to ask"), blank=True)
    next_steps = StreamField(TimelineBlock(), verbose_name=_("what happens next"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                "currency",
                "usual_maximum",
                "amount_note",
                "grants_per_year_min",
                "grants_per_year_max",
            ],
            _("Amounts"),
        ),
        "body",
        InlinePanel(
            "criteria",
            heading=_("Criteria"),
            label=_("Criterion"),
            help_text=_("The one record of what is required, what helps and what is not funded."),
        ),
        "how_to_ask",
        "next_steps",
        *BasePage.topic_panels,
        *BasePage.story_panels,
    ]

    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("currency", overridable=False),
    ]

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")

    @property
    def grants_a_year(self) -> str:
        """ "3 to 5", "3", or "" when nothing is said."""
        low, high = self.grants_per_year_min, self.grants_per_year_max
        if low and high and low != high:
            return _("%(low)d to %(high)d") % {"low": low, "high": high}
        return str(low or high or "")

    def searchable_parts(self):
        criteria = [
            f"{criterion.statement} {criterion.explanation}" for criterion in self.criteria.all()
        ]
        return [*super().searchable_parts(), *criteria]

    def get_context(self, request, *args, **kwargs):
        criteria = list(self.criteria.all())
        return super().get_context(request, *args, **kwargs) | {
            kind.value: [criterion for criterion in criteria if criterion.kind == kind]
            for kind in Criterion.Kind
        }


class Criterion(TranslatableMixin, Orderable):
    """One thing a request is judged by."""

    class Kind(models.TextChoices):
        REQUIRED = "required", _("Required")
        STRENGTHENS = "strengthens", _("Strengthens a request")
        NOT_FUNDED = "not_funded", _("Not funded")

    page = ParentalKey(FundPage, on_delete=models.CASCADE, related_name="criteria")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.REQUIRED)
    statement = models.CharField(
        _("statement"), max_length=120, help_text=_("Example: A political window, with a date")
    )
    explanation = models.TextField(
        _("explanation"),
        blank=True,
        help_text=_("Example: A vote, a budget, a new minister. Something that will close."),
    )

    panels = ["kind", "statement", "explanation"]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
