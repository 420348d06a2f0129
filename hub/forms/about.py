"""The page of the hub that a visitor writes about, carried in the address of the form."""

import re
from urllib.parse import unquote, urlsplit

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

# The name under which its path is carried and stored; in the address it is "about".
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
        super().__init__(label=_("Written on page"), required=False)

    def clean(self, value):
        path = value or ""
        return urlsplit(path).path if page_at(path) else ""
