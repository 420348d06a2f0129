"""What every form of the hub asks with and keeps: its fields and what visitors sent."""

import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.forms.models import AbstractFormField, AbstractFormSubmission
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail_localize.fields import SynchronizedField
from wagtail_localize.models import TranslationSource

from hub import languages
from hub.mail.addresses import address_key
from hub.stemming import fold

# Without the letters and digits that are mistaken for each other when read aloud or from paper.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A random reference such as "K7F-29QX": 30**7, about 2 * 10**10 of them."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _position in range(7))
    return f"{letters[:3]}-{letters[3:]}"


def new_link_key() -> str:
    return secrets.token_hex(8)


def is_source_page(page: Page) -> bool:
    """Whether ``page`` is the one its translations are made from. One query, or two.

    wagtail-localize knows for pages it has translated; of pages copied into another language
    without it, the oldest counts.
    """
    locale_id = (
        TranslationSource.objects.filter(object_id=page.translation_key)
        .values_list("locale_id", flat=True)
        .first()
    )
    if locale_id is None:
        locale_id = (
            Page.objects.filter(translation_key=page.translation_key)
            .order_by("pk")
            .values_list("locale_id", flat=True)
            .first()
        )
    return locale_id in (None, page.locale_id)


class HubFormField(TranslatableMixin, AbstractFormField):
    """A question of a form page, as an editor writes it and a translator translates it.

    What is *stored* must not depend on the visitor's language, or one roster holds "Yes", "Sí" and
    "نعم". So the key of an answer (``clean_name``) is copied to translations and never translated,
    and a translated choice is stored as the source language's choice on the same line.

    The stored values are kept on each row, in ``choice_values``, and not looked up in the source
    when an answer arrives: between an editor reordering the source's choices and the translator
    catching up, the nth line of the translation still means what it meant when it was translated.

    A concrete model adds ``page = ParentalKey(<page type>, related_name="form_fields")``.
    """

    class Kind(models.TextChoices):
        """The kinds of answer on offer; the values are Wagtail's field types."""

        SINGLELINE = "singleline", _("One line of text")
        MULTILINE = "multiline", _("Several lines of text")
        NAME = "name", _("Name of the visitor")
        EMAIL = "email", _("Email address")
        NUMBER = "number", _("Number")
        URL = "url", _("Web address")
        DATE = "date", _("Date")
        CHECKBOX = "checkbox", _("One box to tick")
        CHECKBOXES = "checkboxes", _("Several boxes to tick")
        RADIO = "radio", _("One of a few, all shown")
        DROPDOWN = "dropdown", _("One of many, in a list")

    WITH_CHOICES = {Kind.CHECKBOXES, Kind.RADIO, Kind.DROPDOWN}

    label = models.CharField(
        _("question"), max_length=255, help_text=_("Example: What are you stuck on?")
    )
    help_text = models.CharField(
        _("hint"),
        max_length=255,
        blank=True,
        help_text=_("Shown under the question. Example: One sentence is enough."),
    )
    field_type = models.CharField(
        _("kind of answer"), max_length=16, choices=Kind.choices, default=Kind.SINGLELINE
    )
    # Wagtail's preview needs it before the page is saved.
    field_type.required_on_save = True
    required = models.BooleanField(
        _("must be answered"), default=True, help_text=_("Others are marked “(optional)”.")
    )
    choices = models.TextField(
        _("choices"), blank=True, help_text=_("One on each line, in the order they are shown.")
    )
    default_value = models.TextField(
        _("filled in beforehand"),
        blank=True,
        help_text=_("Usually empty. Of choices, the text of the one that is chosen already."),
    )
    choice_values = models.TextField(editable=False, blank=True)

    panels = [
        "label",
        "help_text",
        "required",
        FieldPanel("field_type", classname="formbuilder-type"),
        FieldPanel("choices", classname="formbuilder-choices"),
        FieldPanel("default_value", classname="formbuilder-default"),
    ]
    override_translatable_fields = [
        SynchronizedField("clean_name", overridable=False),
        SynchronizedField("field_type", overridable=False),
        SynchronizedField("required", overridable=False),
        SynchronizedField("sort_order", overridable=False),
        SynchronizedField("choice_values", overridable=False),
    ]

    class Meta(TranslatableMixin.Meta, AbstractFormField.Meta):
        abstract = True
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self):
        return self.label

    def clean(self):
        super().clean()
        if self.field_type in self.WITH_CHOICES:
            choices = lines(self.choices)
            if not choices:
                raise ValidationError({"choices": _("Write the choices, one on each line.")})
            if len(set(choices)) < len(choices):
                raise ValidationError({"choices": _("Two of these choices are the same.")})

    def save(self, *args, **kwargs):
        if self.choices != self.choice_values and is_source_page(self.page):
            self.choice_values = self.choices
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "choice_values"}
        super().save(*args, **kwargs)

    def stored_choices(self) -> list[tuple[str, str]]:
        """Pairs of what is stored and what the visitor reads, in order.

        A translation that has too few lines shows the source's words for the rest; lines beyond
        the source's have nothing to be stored as and are left out.
        """
        shown = lines(self.choices)
        values = lines(self.choice_values) or shown
        return [
            (value, shown[position] if position < len(shown) else value)
            for position, value in enumerate(values)
        ]


def lines(text: str) -> list[str]:
    """The lines of ``text`` that hold anything, trimmed."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class SubmissionQuerySet(models.QuerySet):
    def for_form(self, page: Page):
        """Everything sent through ``page`` or one of its translations: one queue per form."""
        return self.filter(page__translation_key=page.translation_key)

    def plain(self):
        """Those that are nothing more than submissions: no registration, no request for a grant."""
        return self.filter(**dict.fromkeys(_kinds(self.model)))

    def by_kind(self) -> list[models.QuerySet]:
        """The same rows as what they are: the plain ones, registrations, requests for a grant …"""
        return [
            self.plain(),
            *(
                kind._default_manager.filter(pk__in=self.order_by().values("pk"))
                for kind in _kinds(self.model).values()
            ),
        ]

    def of_address(self, address: str):
        """What was sent with ``address``, however its capitals and its domain were written."""
        key = address_key(address)
        alike = self.filter(address__istartswith=key.rpartition("@")[0]).order_by()
        found = alike.values_list("pk", "address")
        return self.filter(pk__in=[pk for pk, written in found if address_key(written) == key])

    def about(self, address: str):
        """What is held about whoever has ``address``. A kind that has it elsewhere, too, overrides it."""
        return self.of_address(address)

    def kept_from(self, user):
        """Those that ``user`` may not be shown, though they may see what is held about people: none.

        A kind that is not for everybody on the team overrides it.
        """
        return self.none()

    def erase(self):
        """Removes what these hold about people, and the mails about them.

        A kind whose rows count for something beyond the person overrides it and empties them; if it
        takes files, it deletes their rows.
        """
        self.delete()


class SearchTextQuerySet(SubmissionQuerySet):
    """Of kinds that keep what one looks for, folded, in ``search_text``."""

    def search(self, words: str):
        """Those that have all of the words in them."""
        found = self
        for word in fold(words).split():
            found = found.filter(search_text__contains=word)
        return found


def _kinds(model) -> dict[str, type]:
    """The models that extend ``model`` by a table of their own, by the name of the relation."""
    return {
        relation.name: relation.related_model
        for relation in model._meta.related_objects
        if relation.one_to_one and relation.parent_link
    }


class Submission(AbstractFormSubmission):
    """What a visitor sent through a form page.

    ``form_data`` holds the answers by ``clean_name``; keys with a hyphen are the hub's own.
    ``page`` is the page it was sent from, in the visitor's language; a page that has received
    anything cannot be deleted before it is (unpublish it instead). ``idempotency_key`` is the key
    of the form as it was shown: however often that form is sent, one row results. ``link_key`` is
    what the person's private link is signed over (see hub.forms.links).
    """

    page = models.ForeignKey(
        Page, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("page")
    )
    reference = models.CharField(
        _("reference"), max_length=8, unique=True, default=new_reference, editable=False
    )
    locale = models.ForeignKey(
        Locale, on_delete=models.PROTECT, related_name="+", verbose_name=_("language")
    )
    address = models.CharField(
        _("email"),
        max_length=254,
        blank=True,
        help_text=_("Where answers go, as the visitor wrote it."),
    )
    consent_text = models.TextField(
        _("agreed to"), blank=True, help_text=_("The words the visitor agreed to.")
    )
    consented_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    idempotency_key = models.CharField(max_length=64, unique=True, editable=False)
    link_key = models.CharField(max_length=16, default=new_link_key, editable=False)
    retained_until = models.DateField(
        _("kept until"), db_index=True, help_text=_("Deleted with its mails the day after.")
    )

    objects = SubmissionQuerySet.as_manager()

    # Wagtail's reference index would cost each visitor four queries to tell editors what
    # `submissions.exists()` tells them (see hub.admin.submissions).
    wagtail_reference_index_ignore = True

    class Meta(AbstractFormSubmission.Meta):
        abstract = False
        ordering = ["-submit_time", "-pk"]
        permissions = [("erase_person", "Can see, export and erase what is held about a person")]

    def __str__(self):
        return self.reference

    def get_data(self):
        return {
            "hub-reference": self.reference,
            "hub-language": languages.own_name(self.locale.language_code),
            **super().get_data(),
        }

    @property
    def kind_label(self) -> str:
        """What it is, in a word or two."""
        return self._meta.verbose_name

    def held(self) -> dict:
        """What is kept beside the answers, for the person it is about; kinds add their own."""
        return {
            "reference": self.reference,
            "kind": str(self.kind_label),
            "sent": self.submit_time,
            "language": self.locale.language_code,
            "address": self.address,
            "agreed_to": self.consent_text,
            "agreed_at": self.consented_at,
            "kept_until": self.retained_until,
            "files": [attachment.held() for attachment in self.attachments.all()],
        }
