"""What every registration asks, before the questions of the session's own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.forms import builder
from hub.forms.questions import (
    COUNTRY,
    EMAIL,
    ORGANISATION,
    country_field,
    organisation_field,
)

# The names of the inputs, and of the answers in Submission.form_data.
NAME = "hub-name"
ACCESS = "hub-access"
FIXED = (NAME, EMAIL, ORGANISATION, COUNTRY, ACCESS)


def fixed_fields() -> dict[str, forms.Field]:
    """The fixed questions as fields of a form, by name, in order."""
    return {
        NAME: builder.line_field(
            label=_("Your name"),
            help_text=_("As the others in the session may read it. It need not be your full name."),
            autocomplete="name",
        ),
        EMAIL: builder.email_field(
            label=_("Email"), help_text=_("The confirmation and the way to join go there.")
        ),
        ORGANISATION: organisation_field(),
        COUNTRY: country_field(required=False),
        ACCESS: builder.TextField(
            label=_("What do you need to take part well?"),
            help_text=_("Captions, sign language, a slower pace, dialling in by telephone …"),
            required=False,
            validators=[builder.refuse_controls, builder.LengthValidator(1000)],
        ),
    }
