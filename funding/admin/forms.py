"""What officers and reviewers fill in."""

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from funding import reviews
from funding.assignment import possible_assignees
from funding.decisions import MAX_PURPOSE, NO_AMOUNT, NO_PAGE, NO_REASON, Outcome
from funding.models import Decision, GrantRequest, Review
from hub import languages
from hub.admin.writing import key_field, text_field
from hub.forms import builder
from hub.forms.amounts import AmountField, amount_in_words
from hub.models import BasePage
from hub.staff import ColleagueField


def _purpose_field(language: str, **options) -> forms.CharField:
    field = builder.line_field(longest=MAX_PURPOSE, **options)
    field.widget.attrs |= {"lang": language, "dir": languages.direction(language)}
    return field


def _room(name: str) -> int:
    """How many characters a decision keeps of something."""
    return Decision._meta.get_field(name).max_length


class AssignForm(forms.Form):
    assignee = ColleagueField(label=_("Give it to"), empty_label=_("Choose…"))

    def __init__(self, *args, grant_request, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = possible_assignees(grant_request)


class ReviewerForm(forms.Form):
    reviewer = ColleagueField(label=_("Whom to ask"), empty_label=_("Choose…"))

    def __init__(self, *args, grant_request, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = reviews.possible_reviewers(grant_request)


class WithdrawForm(forms.Form):
    why = builder.line_field(
        label=_("Why"),
        help_text=_(
            "For the log, which is kept: without names. Example: Asked for it by phone; the vote was "
            "put off."
        ),
    )


class QuestionForm(forms.Form):
    """``key`` makes sending it twice one question."""

    key = key_field()
    text = text_field(
        label=_("Your question"),
        rows=6,
        help_text=_(
            "In the applicant's language, as plain text. They answer on their private page; nothing "
            "need be asked by mail."
        ),
    )


class ReviewForm(forms.Form):
    """Points for each criterion that is scored, under its key, and a comment."""

    def __init__(self, *args, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[criterion.key] = forms.TypedChoiceField(
                label=criterion.statement,
                help_text=criterion.rubric,
                # From the most down, as rubrics are written.
                choices=Review.Points.choices[::-1],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={
                    "required": builder.CHOOSE_ONE,
                    "invalid_choice": builder.NOT_A_CHOICE,
                },
            )
        self.fields["comment"] = text_field(
            label=_("Why"),
            rows=5,
            required=False,
            help_text=_("For the officer and the other reviewer. The applicant does not see it."),
        )

    @property
    def scores(self) -> dict[str, int]:
        return {criterion.key: self.cleaned_data[criterion.key] for criterion in self.criteria}


class PageChooser(AdminPageChooser):
    """Wagtail's, in which what is no number of a page is none chosen."""

    def get_instance(self, value):
        try:
            return super().get_instance(value)
        except ValueError:
            return None


class OutcomeForm(forms.Form):
    """What is decided; the fields are those of its kind. ``criteria`` is the request's version."""

    def __init__(self, *args, kind: Decision.Kind, request, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.currency = kind, request.currency
        if kind == Decision.Kind.AWARD:
            self.fields |= self._award(request)
        if kind == Decision.Kind.REFER:
            self.fields["referred_to"] = forms.ModelChoiceField(
                label=_("What helps instead"),
                help_text=_("A session, a chapter, a template … The letter leads there."),
                queryset=Page.objects.live().public().type(BasePage),
                widget=PageChooser(),
                error_messages={"required": NO_PAGE, "invalid_choice": NO_PAGE},
            )
        if kind != Decision.Kind.AWARD:
            self.fields["reasons"] = forms.MultipleChoiceField(
                label=_("Reasons, from the criteria"),
                required=kind == Decision.Kind.DECLINE,
                choices=[
                    (criterion.key, f"{criterion.statement} – {criterion.decline_sentence}")
                    for criterion in criteria.criteria
                ],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": NO_REASON, "invalid_choice": builder.NOT_A_CHOICE},
            )

    def _award(self, request) -> dict[str, forms.Field]:
        asked = amount_in_words(request.amount, request.currency)
        return {
            "amount": AmountField(
                label=_("Amount in %(currency)s") % {"currency": request.currency},
                help_text=_("Asked for: %(amount)s") % {"amount": asked},
                initial=f"{request.amount:f}".removesuffix(".00"),
                error_messages={"required": NO_AMOUNT},
            ),
            "conditions": text_field(
                label=_("Conditions"),
                rows=4,
                required=False,
                help_text=_("In the applicant's language; they stand in the letter."),
            ),
            "purpose": _purpose_field(
                settings.LANGUAGE_CODE,
                label=_("Purpose in public, in %(language)s")
                % {"language": languages.name_here(settings.LANGUAGE_CODE)},
                help_text=_(
                    "Stands on the page of past grants, and names nobody. Example: A campaign for "
                    "publishing emergency contracts. Other languages can be added once it is decided."
                ),
            ),
        }

    @property
    def outcome(self) -> Outcome:
        given = dict(self.cleaned_data)
        if self.kind == Decision.Kind.AWARD:
            given["currency"] = self.currency
        return Outcome(kind=self.kind, **given)


class PurposeForm(forms.Form):
    """What a grant is for, in public: a field for every language of the hub, under its code."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code in sorted(languages.locale_codes().values(), key=_source_first):
            self.fields[code] = _purpose_field(
                code, label=languages.own_name(code), required=code == settings.LANGUAGE_CODE
            )


def _source_first(code: str) -> tuple[bool, str]:
    return code != settings.LANGUAGE_CODE, code


class LetterForm(forms.Form):
    subject = builder.line_field(label=_("Subject"), longest=_room("subject"))
    letter = text_field(
        label=_("Letter"),
        rows=16,
        help_text=_(
            "It goes out as it stands here, with the applicant’s private link for {link}. Blank lines "
            "begin a new paragraph."
        ),
    )


class PaymentForm(forms.Form):
    paid_on = builder.date_field(label=_("Paid on"))
    payment_note = builder.line_field(
        label=_("About the payment"),
        required=False,
        help_text=_("For the team. Example: bank transfer, number 4711. No account numbers."),
        longest=GrantRequest._meta.get_field("payment_note").max_length,
    )

    def clean_paid_on(self):
        day = self.cleaned_data["paid_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(
                _("This day is still to come. Note the payment once it is made.")
            )
        return day
