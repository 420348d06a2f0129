"""The words of the mails, where staff have replaced the hub's own."""

from csp.constants import UNSAFE_INLINE
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import PreviewableMixin
from wagtail_localize.fields import SynchronizedField

from hub import languages
from hub.mail import words as mail_words
from hub.models.vocabularies import TranslatedText


def occasion_choices() -> list[tuple]:
    return [(occasion, words.label) for occasion, words in mail_words.occasions().items()]


class MailText(PreviewableMixin, TranslatedText):
    """What staff want the mails of one occasion to say in one language.

    Nobody adds or deletes one: each occasion has its row in each language (hub.mail.texts). A
    field that is blank stands for the hub's own words in that language.
    """

    occasion = models.CharField(_("occasion"), max_length=60, choices=occasion_choices)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    message = models.TextField(
        _("message"), blank=True, help_text=_("A blank line begins a new paragraph.")
    )

    override_translatable_fields = [SynchronizedField("occasion", overridable=False)]

    class Meta(TranslatedText.Meta):
        ordering = ["pk"]
        verbose_name = _("text of a mail")
        verbose_name_plural = _("texts of mails")
        constraints = [
            models.UniqueConstraint(fields=["occasion", "locale"], name="mail_text_once_a_language")
        ]

    def __str__(self):
        return str(self.get_occasion_display())

    def clean(self):
        super().clean()
        self.message = "\n".join(self.message.splitlines())
        refusals = {
            name: refusal
            for name in ("subject", "message")
            if (refusal := mail_words.refusal(getattr(self, name), self.occasion))
        }
        if refusals:
            raise ValidationError(refusals)

    @property
    def has_words(self) -> bool:
        return bool(self.subject or self.message)

    @property
    def purpose(self):
        """When, and to whom, the mail goes."""
        return mail_words.words_of(self.occasion).purpose

    @property
    def group(self):
        """The part of the hub that sends the mail, for lists."""
        return mail_words.group_of(self.occasion)

    @property
    def language(self) -> str:
        return languages.locale_codes()[self.locale_id]

    @property
    def direction(self) -> str:
        return languages.direction(self.language)

    @property
    def language_name(self) -> str:
        return languages.name_here(self.language)

    @property
    def state(self):
        """Whose words are used, for lists."""
        if not self.has_words:
            return _("The hub's own words")
        if not self.is_translated:
            return _("Being translated; until then the hub's own words")
        return _("Your words")

    @property
    def own_words(self) -> dict:
        """What the hub says of itself in this language: subject and message."""
        with translation.override(self.language):
            return dict(
                zip(("subject", "message"), mail_words.own_words(self.occasion), strict=True)
            )

    # Preview

    @property
    def preview_modes(self):
        return [("html", _("As most people see it")), ("text", _("As plain text"))]

    def serve_preview(self, request, mode_name):
        """The mail as nobody in particular would get it; nothing is written."""
        own = self.own_words
        words = (self.subject or own["subject"], self.message or own["message"])
        mail = mail_words.sample(self.occasion, words, self.language)
        if mode_name == "text":
            context = {"mail": mail, "direction": self.direction}
            template = "hub/admin/mail_preview_text.html"
            response = TemplateResponse(request, template, context).render()
        else:
            response = HttpResponse(mail.html)
        # Mails are styled in their HTML, which the pages of the site may not be.
        response._csp_update = {"style-src": [UNSAFE_INLINE]}
        return response
