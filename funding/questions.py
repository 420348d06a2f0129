"""What every request for a grant asks, before the questions of the editor's own."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.forms import builder
from hub.forms.amounts import AmountField, amount_in_words
from hub.forms.fields import FILES, FilesField
from hub.forms.questions import (
    COUNTRY,
    EMAIL,
    ORGANISATION,
    country_field,
    organisation_field,
)

# The names of the inputs, and of the answers in Submission.form_data.
GOAL = "hub-goal"
WINDOW = "hub-window"
CLOSES = "hub-closes"
PLAN = "hub-plan"
AMOUNT = "hub-amount"
CURRENCY = "hub-currency"
MANAGER = "hub-manager"
COPY = "hub-copy"
CONFIDENTIAL = "hub-confidential"

# The questions that a criterion can belong to.
CHOICES = [
    (GOAL, _("What is the change?")),
    (WINDOW, _("What is the window?")),
    (CLOSES, _("When does it close?")),
    (PLAN, _("What will you do?")),
    (AMOUNT, _("How much do you need?")),
    (MANAGER, _("Who will run it?")),
]

# In words; more is taken than is said (hub.forms.words).
GOAL_WORDS = 60
WINDOW_WORDS = 120
PLAN_WORDS = 200
MANAGER_WORDS = 60

# The currencies that requests can be made in besides the fund's own: those of most budgets.
CURRENCIES = ("USD", "EUR", "GBP", "CHF")


# The headings of the form, by the question they stand before.
HEADINGS = {
    GOAL: _("The change"),
    PLAN: _("The campaign"),
    AMOUNT: _("Money and people"),
}


def before() -> dict[str, forms.Field]:
    """The questions about the change and the campaign, by name, in order."""
    return {
        GOAL: builder.words_field(
            GOAL_WORDS,
            rows=3,
            label=_("What is the change, in one sentence?"),
            help_text=_("Somebody who knows nothing about your country should understand it."),
        ),
        WINDOW: builder.words_field(
            WINDOW_WORDS,
            rows=4,
            label=_("What is the window?"),
            help_text=_("What opened it, and what will close it."),
        ),
        CLOSES: builder.date_to_come_field(
            label=_("When does it close?"),
            help_text=_(
                "Your best guess is fine. Requests are read in the order in which windows close."
            ),
        ),
        PLAN: plan_field(),
    }


def plan_field() -> forms.Field:
    """Empty only with a file instead (funding.intake), so that nobody is told it is optional."""
    field = builder.words_field(
        PLAN_WORDS,
        rows=7,
        label=_("What will you do, and by when?"),
        help_text=_("Targets, deadlines, deliverables. A draft plan as a file will do instead."),
        required=False,
    )
    field.has_substitute = True
    return field


def files_field(**options) -> FilesField:
    field = FilesField(**options)
    field.hints = [_("Only the people who decide can open them.")]
    return field


def after(currency: str, usual_maximum: int) -> dict[str, forms.Field]:
    """The questions about files, money and who asks, which follow the editor's own."""
    return {
        FILES: files_field(),
        AMOUNT: AmountField(
            label=_("How much do you need?"),
            error_messages={"required": builder.FILL_IN},
            help_text=_("Usually up to %(amount)s.")
            % {"amount": amount_in_words(Decimal(usual_maximum), currency)},
        ),
        CURRENCY: forms.ChoiceField(
            label=_("In which currency?"),
            choices=[(code, code) for code in dict.fromkeys((currency, *CURRENCIES))],
            initial=currency,
            error_messages={
                "required": builder.CHOOSE_ONE,
                "invalid_choice": builder.NOT_A_CHOICE,
            },
        ),
        MANAGER: builder.words_field(
            MANAGER_WORDS,
            rows=2,
            label=_("Who will run it?"),
            help_text=_("A role and the hours a week. We need no name to decide."),
        ),
        ORGANISATION: organisation_field(),
        COUNTRY: country_field(label=_("Country the campaign is in")),
        EMAIL: builder.email_field(
            label=_("Email"), help_text=_("The reference, our questions and the decision go there.")
        ),
        COPY: forms.BooleanField(
            label=_("Send me a copy of my answers by mail"),
            required=False,
            help_text=_("Leave it unticked if others can read your mail."),
        ),
        CONFIDENTIAL: forms.BooleanField(
            label=_("Treat this request as confidential"),
            required=False,
            help_text=_(
                "Only the people who are assigned to it can read it, and mails say nothing of what is "
                "in it."
            ),
        ),
    }
