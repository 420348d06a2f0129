"""What participants think of a session: asked once of each, kept without names, summed up."""

from collections import Counter
from dataclasses import dataclass

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.forms import builder
from hub.localized import reader_locale
from training.models import Evaluation, Registration, Roster
from training.seats import ATTENDED, CONFIRMED, Refused

# Whose opinion is asked: who came, and who may have come where nobody noted it.
ASKED = frozenset({CONFIRMED, ATTENDED})

TOO_EARLY = _("You can say what you thought of the session once it is over.")
NOT_ASKED = _("Only those who had a seat are asked what they thought of the session.")
GIVEN = _(
    "You have said what you thought of this session. Thank you: it is kept without your name."
)


def refusal(registration: Registration):
    """Why no opinion is taken, as a sentence; "" when it is."""
    if registration.evaluated_at:
        return GIVEN
    if registration.status not in ASKED or registration.roster.is_cancelled:
        return NOT_ASKED
    return "" if registration.roster.is_over else TOO_EARLY


def _words(label) -> forms.CharField:
    return builder.TextField(
        label=label,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        validators=[builder.refuse_controls, builder.LengthValidator(2000)],
    )


class EvaluationForm(builder.HubForm):
    usefulness = builder.one_of(
        Evaluation.Usefulness.choices, _("How useful was the session to you?")
    )
    fit = builder.one_of(Evaluation.Fit.choices, _("Was the level right?"))
    will_use = builder.one_of(Evaluation.WillUse.choices, _("Will you use what you learnt?"))
    keep = _words(_("What should we keep as it is?"))
    change = _words(_("What should we change?"))
    may_quote = forms.BooleanField(
        label=_("You may quote what I wrote, without a name."), required=False
    )


@transaction.atomic
def give(registration: Registration, opinion: dict):
    """Keeps an opinion apart from whose it is. Raises Refused when there is one, or none is asked.

    The conditional UPDATE lets one of two clicks through.
    """
    if why := refusal(registration):
        raise Refused(why)
    first = Registration.objects.filter(
        pk=registration.pk, evaluated_at=None, status__in=ASKED
    ).update(evaluated_at=timezone.now())
    if not first:
        raise Refused(GIVEN)
    page = registration.roster.source_page
    Evaluation.objects.create(roster=registration.roster, locale=reader_locale(page), **opinion)


@dataclass(frozen=True)
class Comment:
    keep: str
    change: str
    may_quote: bool
    language: str  # the code of the language it was written in


@dataclass(frozen=True)
class Summary:
    """What was said of a session. ``mean`` is of 1 to 5, None as long as nobody said anything."""

    asked: int
    given: int
    mean: float | None
    usefulness: list[tuple[str, int]]
    fit: list[tuple[str, int]]
    will_use: list[tuple[str, int]]
    comments: list[Comment]

    @property
    def response_rate(self) -> int:
        """In per cent of those who were asked."""
        return round(100 * self.given / self.asked) if self.asked else 0


def summary(roster: Roster) -> Summary:
    """What those who took part in the session said of it. Two queries."""
    opinions = list(roster.evaluations.select_related("locale"))
    marks = [opinion.usefulness for opinion in opinions]
    # Who was marked as absent after giving an opinion was asked all the same.
    asked = roster.registrations.filter(status__in=ASKED).count()
    return Summary(
        asked=max(asked, len(opinions)),
        given=len(opinions),
        mean=sum(marks) / len(marks) if marks else None,
        usefulness=_counts(Evaluation.Usefulness, marks),
        fit=_counts(Evaluation.Fit, [opinion.fit for opinion in opinions]),
        will_use=_counts(Evaluation.WillUse, [opinion.will_use for opinion in opinions]),
        comments=[
            Comment(opinion.keep, opinion.change, opinion.may_quote, opinion.locale.language_code)
            for opinion in opinions
            if opinion.keep or opinion.change
        ],
    )


def _counts(choices, given: list) -> list[tuple[str, int]]:
    """How often each of the choices was given, in their order, with its label."""
    count = Counter(given)
    return [(choice.label, count[choice.value]) for choice in choices]
