"""What happens to a message from a contact page."""

import re
from urllib.parse import unquote, urlsplit

from django import forms
from django.conf import settings
from django.utils import translation
from wagtail.models import Page, Site

from hub import languages
from hub.forms import answers
from hub.mail.addresses import address_list
from hub.mail.outbox import enqueue
from hub.mail.render import render

# The name under which the page that a visitor writes about is carried and stored.
ABOUT = "hub-about"
_LONGEST_PATH = 500


def page_at(path: str) -> Page | None:
    """The public page of the hub at the path of an address such as "/en/toolkit/"; else None."""
    if not re.match("/[^/\\\\]", path) or len(path) > _LONGEST_PATH or "\x00" in path:
        return None
    path = unquote(urlsplit(path).path)
    language = translation.get_language_from_path(path)
    if language is None:
        return None
    root = Site.objects.filter(is_default_site=True).values("root_page__translation_key")
    home = Page.objects.filter(translation_key__in=root, locale__language_code=language).first()
    if home is None:
        return None
    below = path.strip("/").partition("/")[2]
    url_path = f"{home.url_path}{below}/" if below else home.url_path
    return Page.objects.live().public().filter(url_path=url_path).first()


class AboutField(forms.CharField):
    """The path of a page of the hub. Anything else counts as nothing: no visitor typed it."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def clean(self, value):
        path = value or ""
        return urlsplit(path).path if page_at(path) else ""


def write_mails(page, submission, form):
    """Puts the mails of a message into the outbox: one to each member of staff, and a receipt.

    The receipt repeats nothing the visitor wrote: anyone can type anyone's address, and the hub
    must not carry strangers' words to it.
    """
    told = {
        "page": page,
        "submission": submission,
        "answers": answers.for_staff(page, form),
        "about": submission.form_data.get(ABOUT),
        "visitor_language": languages.own_name(page.locale.language_code),
    }
    staff_mail = render("contact_staff", told, settings.LANGUAGE_CODE)
    for number, address in enumerate(address_list(page.to_addresses), start=1):
        enqueue(
            f"contact-staff:{submission.reference}:{number}",
            to=address,
            mail=staff_mail,
            reply_to=submission.address,
            submission=submission,
        )
    if submission.address:
        language = page.locale.language_code
        enqueue(
            f"contact-receipt:{submission.reference}",
            to=submission.address,
            mail=render("contact_receipt", {"page": page, "submission": submission}, language),
            submission=submission,
        )
