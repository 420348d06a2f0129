"""What the desk asks before it does something with a request."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funding import reviews
from funding.assignment import possible_assignees
from hub.forms import builder
from hub.staff import ColleagueField


class AssignForm(forms.Form):
    assignee = ColleagueField(label=_("Who works on it"))

    def __init__(self, *args, grant_request, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = possible_assignees(grant_request)


class ReviewerForm(forms.Form):
    reviewer = ColleagueField(label=_("Whom to ask"))

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
