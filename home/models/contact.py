"""The page through which visitors write to a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from home import contact
from hub.forms.simple import AboutMixin, MessagePage
from hub.models import HubFormField


class ContactPage(AboutMixin, MessagePage):
    """Asks a few questions and passes the answers on to the people who can help."""

    parent_page_types = ["home.HomePage"]
    subpage_types = []
    kind_name = _("Contact")
    page_description = _("A form through which visitors write to a person.")

    class Meta:
        verbose_name = _("contact page")

    def complete(self, submission, form):
        contact.write_mails(self, submission, form)


class ContactFormField(HubFormField):
    """A question of a contact page."""

    page = ParentalKey(ContactPage, on_delete=models.CASCADE, related_name="form_fields")

    class Meta(HubFormField.Meta):
        abstract = False
