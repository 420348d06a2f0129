from datetime import date, timedelta
from functools import cached_property

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import InlinePanel, MultiFieldPanel
from wagtail_localize.fields import SynchronizedField

from funding.models.criteria import CriteriaVersion
from funding.panels import VersionsPanel
from hub.blocks import BodyBlock, TimelineBlock
from hub.fields import StreamField
from hub.localized import children_for_readers
from hub.models import BasePage

# What the source page says for the pages of all languages.
NOT_NOW = _("This fund takes no requests at present. You can write a draft and keep it.")
FACTS = ("currency", "usual_maximum", "decision_days", "report_days", "is_paused")


class FundPage(BasePage):
    """A fund: its amounts, its criteria, how to ask and what happens then.

    What FACTS names is edited on the source page and holds in every language from the moment that is
    published (funding.criteria).
    """

    parent_page_types = ["home.HomePage"]
    subpage_types = ["funding.RequestPage", "funding.AwardsPage"]
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
    decision_days = models.PositiveSmallIntegerField(
        _("days to a decision"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
        help_text=_(
            "Every request has a day by which it is decided: this many days after it was sent, or the "
            "day before its window closes, if that is sooner. Example: 14"
        ),
    )
    report_days = models.PositiveSmallIntegerField(
        _("days until the report"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("After the window has closed, grantees are asked what came of it. Example: 30"),
    )
    is_paused = models.BooleanField(
        _("takes no requests at present"),
        default=False,
        help_text=_("Drafts can still be written and kept; nothing can be sent."),
    )
    pause_message = models.TextField(
        _("why, and until when"),
        blank=True,
        help_text=_("Example: This year's money is given. We take requests again from 1 February."),
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
        MultiFieldPanel(["decision_days", "report_days"], _("Days")),
        MultiFieldPanel(["is_paused", "pause_message"], _("Pause")),
        "body",
        InlinePanel(
            "criteria",
            heading=_("Criteria"),
            label=_("Criterion"),
            attrs={"data-name-from": "statement"},
            help_text=_("The one record of what is required, what helps and what is not funded."),
        ),
        VersionsPanel(heading=_("Versions of the criteria")),
        "how_to_ask",
        "next_steps",
        *BasePage.topic_panels,
        *BasePage.story_panels,
    ]

    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        *(SynchronizedField(name, overridable=False) for name in FACTS),
    ]

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")

    @property
    def pause(self) -> str:
        """Why nothing can be sent now, as a sentence; "" when it can."""
        if not self.is_paused:
            return ""
        return self.pause_message or NOT_NOW

    def target_for(self, sent: date, window_closes: date | None) -> date:
        """The day by which a request that was sent on ``sent`` is to be decided."""
        target = sent + timedelta(days=self.decision_days)
        if window_closes:
            target = min(target, window_closes - timedelta(days=1))
        return max(target, sent)

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

    @cached_property
    def version(self) -> CriteriaVersion:
        """The criteria that a reader of this page is judged by. One query."""
        # Inline: versions are made of pages.
        from funding.criteria import criteria_for

        return criteria_for(self)

    @cached_property
    def request_form(self):
        """The form as readers of the page are shown it; None if there is none yet. A few queries."""
        # Inline: the form knows its fund.
        from funding.models.request_page import RequestPage

        forms = children_for_readers(self, RequestPage.objects.select_related("locale"))
        found = forms.order_by("untranslated").first()
        if found and found.locale_id == self.locale_id:
            found.fund = self
        return found

    @cached_property
    def past_grants(self):
        """The page of past grants as readers of the page are shown it, or None. A query or two."""
        # Inline: that page knows its fund.
        from funding.models.awards import AwardsPage

        pages = children_for_readers(self, AwardsPage.objects.select_related("locale"))
        return pages.order_by("untranslated").first()

    def get_context(self, request, *args, **kwargs):
        # Inline: they are made of the models.
        from funding import duration, self_check

        if getattr(request, "is_preview", False):
            # What an editor is about to publish, which is no version yet.
            content = CriteriaVersion.content_of(self.criteria.all())
            self.version = CriteriaVersion(content=content, number=0)
        form = self.request_form
        return super().get_context(request, *args, **kwargs) | {
            "criteria": self.version,
            "self_check": self_check.check(request.GET, self.version),
            "duration": duration.of_fund(self.translation_key),
            "request_form": form,
            "questions": form.questions_in_full if form else [],
            "past_grants": self.past_grants,
        }
