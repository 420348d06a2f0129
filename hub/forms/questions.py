"""Questions that more than one app asks, in the same words and under the same names."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.countries import CountryField
from hub.forms import builder

# The names of the inputs, and of the answers in Submission.form_data.
EMAIL = "hub-email"
ORGANISATION = "hub-organisation"
COUNTRY = "hub-country"


def organisation_field() -> forms.CharField:
    return builder.line_field(label=_("Organisation"), required=False, autocomplete="organization")


def country_field(**options) -> CountryField:
    messages = {"required": builder.CHOOSE_ONE, "invalid_choice": builder.NOT_A_CHOICE}
    return CountryField(**{"label": _("Country"), **options}, error_messages=messages)
