"""What people set for themselves, beyond what Wagtail asks."""

from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab

from hub.models import User
from hub.translation import teams


class TranslationMailForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["translation_mail"]
        widgets = {"translation_mail": forms.RadioSelect}


class TranslationMailPanel(BaseSettingsPanel):
    """For whoever works on a language; nobody else would get any."""

    name = "translation_mail"
    title = gettext_lazy("Translations")
    tab = notifications_tab
    order = 150
    form_class = TranslationMailForm

    def is_active(self):
        return bool(teams.locales_of(self.user))
