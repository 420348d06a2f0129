"""What every registration asks, before the questions of the session's own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.countries import CountryField
from hub.forms import builder

# The names of the inputs, and of the answers in Submission.form_data.
NAME = "hub-name"
EMAIL = "hub-email"
ORGANISATION = "hub-organisation"
COUNTRY = "hub-country"
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
        ORGANISATION: builder.line_field(
            label=_("Organisation"), required=False, autocomplete="organization"
        ),
        COUNTRY: CountryField(
            label=_("Country"),
            required=False,
            error_messages={"invalid_choice": builder.NOT_A_CHOICE},
        ),
        ACCESS: builder.TextField(
            label=_("What do you need to take part well?"),
            help_text=_("Captions, sign language, a slower pace, dialling in by telephone …"),
            required=False,
            validators=[builder.refuse_controls, builder.LengthValidator(1000)],
        ),
    }
