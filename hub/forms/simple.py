"""What the pages have in common that are a form and a few words around it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail_localize.fields import SynchronizedField

from hub.blocks import SHORT_TEXT_FEATURES
from hub.forms.about import ABOUT, AboutField, page_at
from hub.forms.pages import FormPageMixin
from hub.mail.addresses import validate_address_list
from hub.models import BasePage


class SimpleFormPage(FormPageMixin, BasePage):
    """A form with an introduction before it and thanks after it.

    The template of a type extends forms/form_page.html and says in its blocks what is sent.
    """

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
    retention_months = models.PositiveSmallIntegerField(
        _("months to keep messages"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Messages are deleted by themselves after this. Example: 12"),
    )

    keeping_panels = [
        MultiFieldPanel(["consent_text", "retention_months"], _("What is kept, and for how long"))
    ]
    content_panels = [
        *BasePage.content_panels,
        "intro",
        FieldPanel("thanks", heading=_("After sending")),
        *keeping_panels,
    ]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("retention_months", overridable=False),
    ]

    class Meta:
        abstract = True


class MessagePage(SimpleFormPage):
    """A form whose answers go to people by mail, with questions of the editor's."""

    to_addresses = models.TextField(
        _("where messages go"),
        validators=[validate_address_list],
        help_text=_(
            "One email address on each line; each gets every message. Example: help@example.org"
        ),
    )

    content_panels = [
        *BasePage.content_panels,
        "intro",
        InlinePanel(
            "form_fields",
            heading=_("Questions"),
            label=_("Question"),
            attrs={"data-name-from": "label"},
            help_text=_(
                "Few questions get more answers. The first email address asked for gets a receipt."
            ),
        ),
        FieldPanel("thanks", heading=_("After sending")),
        MultiFieldPanel(["to_addresses"], _("Where messages go")),
        *SimpleFormPage.keeping_panels,
    ]
    override_translatable_fields = [
        *SimpleFormPage.override_translatable_fields,
        # Not to be changed by who translates: it decides who reads what visitors write.
        SynchronizedField("to_addresses", overridable=False),
    ]

    class Meta:
        abstract = True


class AboutMixin:
    """Keeps which page of the hub a visitor came from to write: ``?about=/en/toolkit/``."""

    def own_form_fields(self):
        return {ABOUT: AboutField(), **super().own_form_fields()}

    def initial_answers(self, request):
        return {ABOUT: request.GET.get("about", "")}

    def describe(self, form):
        return {"about": page_at(form[ABOUT].value() or "")}
