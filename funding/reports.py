"""What came of a campaign: asked of the grantee once the money is spent, and made into a story.

The functions raise states.Refused, whose message is a sentence for whoever asked.
"""

from django import forms
from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page

from funding import states
from funding.dialogue import team_of
from funding.models import GrantRequest, OutcomeReport
from funding.states import Actor
from hub import languages, stories
from hub.forms import answers, builder
from hub.mail import outbox
from hub.models import OutgoingMail, User
from hub.tools import tool_choices

DID, CHANGED, LESSONS, COST = "hub-did", "hub-changed", "hub-lessons", "hub-cost"
TOOLS, MAY_TELL = "hub-tools", "hub-may-tell"

NOT_DUE = _("A report is asked for once the grant has been paid.")
GIVEN = _("We have your report. Thank you.")
NO_CONSENT = _("The grantee has not agreed to have this told in public.")
NO_STORIES = _("There is no page that stories could stand under.")
TELLING = _(
    "The team may tell this as a story on this hub. Somebody edits it first; my name and my "
    "organisation's stand in it only if I have agreed to that."
)


def refusal(request: GrantRequest):
    """Why no report is taken, as a sentence; "" when it is."""
    if request.status == states.REPORTED:
        return GIVEN
    return "" if states.may(request, states.REPORTED, Actor.APPLICANT) else NOT_DUE


class ReportForm(builder.HubForm):
    """What a grantee is asked. Made for a language, in which the hub's tools are on offer."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= {
            DID: builder.words_field(250, rows=5, label=_("What did you do?")),
            CHANGED: builder.words_field(
                200,
                rows=5,
                label=_("What changed, and what did not?"),
                help_text=_("What somebody decided, promised or published, with its date."),
            ),
            LESSONS: builder.words_field(
                150, rows=4, label=_("What would you do differently?"), required=False
            ),
            COST: builder.words_field(
                100,
                rows=3,
                label=_("What did the money buy?"),
                help_text=_("A line for each part, with its amount."),
            ),
            TOOLS: forms.MultipleChoiceField(
                label=_("Which parts of the toolkit did you use?"),
                required=False,
                choices=tool_choices(translation.get_language()),
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": builder.NOT_A_CHOICE},
            ),
            MAY_TELL: forms.BooleanField(label=TELLING, required=False),
        }


@transaction.atomic
def give(request: GrantRequest, form: ReportForm) -> OutcomeReport:
    """Keeps a grantee's report, and tells the team."""
    if why := refusal(request):
        raise states.Refused(why)
    states.move(request, states.REPORTED, actor=Actor.APPLICANT)
    given = answers.stored(form)
    tools, may_tell = given.pop(TOOLS), given.pop(MAY_TELL)
    report = OutcomeReport.objects.create(
        request=request,
        answers=given,
        tools=tools,
        consent_text=str(TELLING) if may_tell else "",
        consented_at=timezone.now() if may_tell else None,
    )
    OutgoingMail.objects.bulk_create(
        outbox.unwritten(
            f"funding.reported:{request.reference}:{number}",
            "funding.reported",
            request,
            to=address,
        )
        for number, address in enumerate(team_of(request), start=1)
    )
    return report


def questions_and_answers(report: OutcomeReport, without: str = "") -> list[tuple[str, str]]:
    """What was asked, in the active language, and answered; ``without`` one of the questions."""
    labels = {
        DID: gettext("What they did"),
        CHANGED: gettext("What changed, and what did not"),
        LESSONS: gettext("What they would do differently"),
        COST: gettext("What the money bought"),
    }
    return [
        (label, report.answers[name])
        for name, label in labels.items()
        if report.answers.get(name) and name != without
    ]


@transaction.atomic
def make_story(request: GrantRequest, *, user: User) -> Page:
    """Makes the draft of a story of a report whose grantee has agreed; the same one if it is there."""
    states.check_officer(request, user)
    report = OutcomeReport.objects.select_for_update(of=("self",)).filter(request=request).first()
    if report is None or report.consented_at is None:
        raise states.Refused(NO_CONSENT)
    if report.story:
        return report.story
    language = languages.locale_codes()[request.locale_id]
    with translation.override(language):
        parts = questions_and_answers(report, without=COST)
    outline = stories.Outline(
        title=Truncator(request.goal).chars(120),
        summary=Truncator(report.answers[CHANGED]).chars(300),
        parts=parts,
        organisation=request.public_name if request.may_be_named else "",
        tools=report.tools,
        language=language,
    )
    story = stories.draft(outline, user)
    if story is None:
        raise states.Refused(NO_STORIES)
    report.story = story
    report.save(update_fields=["story"])
    log(request, "funding.story", user=user)
    return story
