from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm

from hub import languages
from hub.files import ACCEPTED


class HubDocumentForm(BaseDocumentForm):
    """The document form, with the languages of the hub first and the accepted files named."""

    language = forms.ChoiceField(
        label=_("Language"), help_text=_("The language the file is written in.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = [language.code for language in languages.offered_languages()]
        others = [code for code, _name in settings.LANGUAGES if code not in offered]
        self.fields["language"].choices = [
            (code, languages.own_name(code)) for code in [*offered, *others]
        ]
        if "file" in self.fields:
            self.fields["file"].help_text = _("Accepted are %(accepted)s, up to %(limit)d MB.") % {
                "accepted": ACCEPTED,
                "limit": settings.HUB_DOCUMENT_MAX_BYTES // (1024 * 1024),
            }

    def save(self, commit=True):
        if commit and "file" in self.changed_data and self.instance.pk:
            # Now, because Wagtail deletes the stored file before it saves the document.
            self.instance.keep_stored_file()
        return super().save(commit)
