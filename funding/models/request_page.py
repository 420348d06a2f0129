"""The page on which a grant is asked for."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail_localize.fields import SynchronizedField

from funding import in_full, intake, questions
from funding.models.criteria import CriteriaVersion
from funding.models.fund import NOT_NOW, FundPage
from funding.models.requests import GrantRequest
from hub.caching import remember
from hub.forms.builder import FormBuilder, words_field
from hub.forms.pages import months_later
from hub.forms.simple import MessagePage
from hub.models import BasePage, HubFormField

# Since it was last opened by its private link.
DRAFT_DAYS = 60
# Accounts are kept this long.
AWARD_YEARS = 7


class RequestFormBuilder(FormBuilder):
    """Knows questions whose answers are limited in words."""

    def create_multiline_field(self, field, options):
        if not field.word_limit:
            return super().create_multiline_field(field, options)
        return words_field(field.word_limit, rows=6, **options)


class RequestPage(RoutablePageMixin, MessagePage):
    """A form of one screen that asks for a grant from the fund above it.

    It can be saved at any stage and resumed by a private link (funding.drafts); what was saved is shown
    and sent there (funding.views), and what is sent at once, here.
    """

    parent_page_types = ["funding.FundPage"]
    subpage_types = []
    max_count_per_parent = 1
    kind = "funding"
    kind_name = _("Request form")
    page_description = _("The form on which a grant is asked for.")
    form_builder = RequestFormBuilder
    form_base = intake.RequestForm
    shows_refused_form = True

    content_panels = [
        *BasePage.content_panels,
        "intro",
        InlinePanel(
            "form_fields",
            heading=_("Questions of your own"),
            label=_("Question"),
            attrs={"data-name-from": "label"},
            help_text=_(
                "The change, the window, the plan, the amount, the manager, organisation, country and "
                "email are asked already. Every further question costs requests."
            ),
        ),
        FieldPanel("thanks", heading=_("After sending")),
        MultiFieldPanel(["to_addresses"], _("Who is told of new requests")),
        MultiFieldPanel(
            [
                "consent_text",
                FieldPanel(
                    "retention_months", heading=_("Months to keep requests that were not granted")
                ),
            ],
            _("What is kept, and for how long"),
        ),
    ]

    class Meta:
        verbose_name = _("request form")
        verbose_name_plural = _("request forms")

    @cached_property
    def fund(self) -> FundPage:
        """The fund the form belongs to, in the page's language. One query."""
        return FundPage.objects.select_related("locale").parent_of(self).get()

    def refusal(self):
        return self.fund.pause

    @property
    def refusal_of_drafts(self) -> str:
        """Why no draft can be sent now, as a sentence; drafts outlive a form that is taken down."""
        return str(self.refusal() or ("" if self.live else NOT_NOW))

    def get_submission_class(self):
        return GrantRequest

    def serve_submissions_list_view(self, request, *args, **kwargs):
        """What Wagtail would list is on the funding officer's desk."""
        return redirect("grant_requests:index")

    # The form

    @cached_property
    def criteria(self) -> CriteriaVersion:
        """The criteria that a request begun now is judged by. One query."""
        return self.fund.version

    def own_form_fields(self):
        return questions.before()

    def last_form_fields(self):
        about_money = questions.after(self.fund.currency, self.fund.usual_maximum)
        return about_money | super().last_form_fields()

    def get_form_class(self):
        return self.form_class_for(self.criteria)

    def form_class_for(self, criteria: CriteriaVersion) -> type[intake.RequestForm]:
        """The questions, each with the hints that ``criteria`` have for it."""
        form_class = super().get_form_class()
        for criterion in criteria.criteria:
            field = form_class.base_fields.get(criterion.question)
            if field and criterion.hint:
                field.hints = [*getattr(field, "hints", []), criterion.hint]
        return form_class

    @property
    def consent_words(self):
        if self.consent_text:
            return self.consent_text
        return _(
            "The team may keep this request in order to decide on it and to account for the grant. A "
            "request that is not granted is deleted %(months)d months after the decision, one that is "
            "granted after %(years)d years."
        ) % {"months": self.retention_months, "years": AWARD_YEARS}

    @property
    def questions_in_full(self) -> list[in_full.Question]:
        """Everything that is asked, in the page's language. A query or two."""
        with translation.override(self.locale.language_code):
            return in_full.questions_of(self.get_form_class())

    @path("")
    def index_route(self, request):
        """The form; RoutablePageMixin's own would not take what is sent."""
        return super(RoutablePageMixin, self).serve(request)

    @path("questions/", name="questions")
    def questions_as_file(self, request):
        """The questions with room for the answers, for a team to write them together."""
        content = remember(f"questions:{self.pk}", self._questions_file)
        response = HttpResponse(content, content_type=in_full.CONTENT_TYPE)
        name = f"{self.slug}-{self.locale.language_code}.docx"
        response["Content-Disposition"] = content_disposition_header(True, name)
        set_response_etag(response)
        return get_conditional_response(request, etag=response["ETag"], response=response)

    def _questions_file(self) -> bytes:
        language = self.locale.language_code
        with translation.override(language):
            return in_full.document(self.title, self.summary, self.questions_in_full, language)

    def take(self, request, form):
        """What is sent at once, without files, is stored at once; everything else begins as a draft."""
        # Inline: the views are made for these models.
        from funding.views import drafting

        if drafting.is_for_draft(request):
            begun = drafting.begin(request, self, form)
            return begun or self._render_form(request, form, 422)
        return super().take(request, form)

    # What was sent

    def retained_until(self):
        """Until it is decided, a request is kept as long as an award is."""
        return months_later(timezone.localdate(), 12 * AWARD_YEARS)

    def draft_retained_until(self):
        return timezone.localdate() + timedelta(days=DRAFT_DAYS)

    def prepare(self, submission, form):
        submission.fund_key = self.fund.translation_key
        submission.criteria = self.criteria
        intake.fill(submission, form, self.fund)

    def complete(self, submission, form):
        intake.announce(submission, self, copy=form.cleaned_data[questions.COPY])


class RequestQuestion(HubFormField):
    """A question of a request form's own."""

    page = ParentalKey(RequestPage, on_delete=models.CASCADE, related_name="form_fields")
    word_limit = models.PositiveSmallIntegerField(
        _("words at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("For several lines of text. A tenth more is taken than is said. Example: 100"),
    )

    panels = [*HubFormField.panels, "word_limit"]
    override_translatable_fields = [
        *HubFormField.override_translatable_fields,
        SynchronizedField("word_limit", overridable=False),
    ]

    class Meta(HubFormField.Meta):
        abstract = False
