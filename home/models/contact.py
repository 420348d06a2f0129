"""The page through which visitors write to a person."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail_localize.fields import SynchronizedField

from home import contact
from hub.blocks import SHORT_TEXT_FEATURES
from hub.forms.pages import FormPageMixin
from hub.mail.addresses import validate_address_list
from hub.models import BasePage, HubFormField


class ContactPage(FormPageMixin, BasePage):
    """Asks a few questions and passes the answers on to the people who can help."""

    parent_page_types = ["home.HomePage"]
    subpage_types = []
    kind_name = _("Contact")
    page_description = _("A form through which visitors write to a person.")
    searchable_text = ["summary", "intro"]
    texts_for_senders = ("thanks", "consent_text")

    intro = RichTextField(
        _("introduction"),
        features=SHORT_TEXT_FEATURES,
        blank=True,
        help_text=_("Who answers, and how soon. Example: A person answers within three days."),
    )
    thanks = RichTextField(
        _("thanks"),
        features=SHORT_TEXT_FEATURES,
        blank=True,
        help_text=_("Shown after sending, under the reference: what happens next, and when."),
    )
    consent_text = models.TextField(
        _("what the visitor agrees to"),
        blank=True,
        help_text=_(
            "Stands beside a box to tick, and is kept with the message. Left empty, there is no "
            "box. Example: You may keep my message for a year in order to answer it."
        ),
    )
    to_addresses = models.TextField(
        _("where messages go"),
        validators=[validate_address_list],
        help_text=_(
            "One email address on each line; each gets every message. Example: help@example.org"
        ),
    )
    retention_months = models.PositiveSmallIntegerField(
        _("months to keep messages"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Messages are deleted by themselves after this. Example: 12"),
    )

    content_panels = [
        *BasePage.content_panels,
        "intro",
        InlinePanel(
            "form_fields",
            heading=_("Questions"),
            label=_("Question"),
            help_text=_(
                "Few questions get more answers. The first email address asked for gets a receipt."
            ),
        ),
        FieldPanel("thanks", heading=_("After sending")),
        MultiFieldPanel(["to_addresses"], _("Where messages go")),
        MultiFieldPanel(["consent_text", "retention_months"], _("What is kept, and for how long")),
    ]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        # Not to be changed by who translates: it decides who reads what visitors write.
        SynchronizedField("to_addresses", overridable=False),
        SynchronizedField("retention_months", overridable=False),
    ]

    class Meta:
        verbose_name = _("contact page")

    def own_form_fields(self):
        return {contact.ABOUT: contact.AboutField()}

    def initial_answers(self, request):
        return {contact.ABOUT: request.GET.get("about", "")}

    def describe(self, form):
        return {"about": contact.page_at(form[contact.ABOUT].value() or "")}

    def get_data_fields(self):
        return [*super().get_data_fields(), (contact.ABOUT, _("Written on page"))]

    def complete(self, submission, form):
        contact.write_mails(self, submission, form)


class ContactFormField(HubFormField):
    """A question of a contact page."""

    page = ParentalKey(ContactPage, on_delete=models.CASCADE, related_name="form_fields")

    class Meta(HubFormField.Meta):
        abstract = False
