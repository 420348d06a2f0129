"""What staff can do with a registration: from where, until when, and who is told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from hub.models import User
from training import seats
from training.models import Registration, RegistrationStatus, Roster

S = RegistrationStatus
TOO_EARLY = _("Attendance can be marked once the session has begun.")
OUT_OF_PLACE = _("That is not possible for somebody whose status is “%(status)s”.")
TOO_LATE = _("The session is over, so only attendance can be changed.")


def before_start(roster: Roster):
    to_come = roster.starts_at > timezone.now() and not roster.is_cancelled
    return "" if to_come else seats.NOT_TO_COME


def before_end(roster: Roster):
    return TOO_LATE if roster.is_over else ""


def since_start(roster: Roster):
    return "" if roster.starts_at <= timezone.now() else TOO_EARLY


@dataclass(frozen=True)
class Step:
    """``refusal`` says why a session's people cannot take the step now, "" if they can.

    ``question`` is asked before it is done, and ``told`` says what mail it sends; both are "" of
    what nobody is told of.
    """

    name: str
    status: RegistrationStatus
    label: str
    sources: frozenset[RegistrationStatus]
    refusal: Callable[[Roster], str]
    done: str
    question: str = ""
    told: str = ""

    def fits(self, registration: Registration) -> bool:
        return registration.status in self.sources


STEPS = {
    step.name: step
    for step in (
        Step(
            "attended",
            S.ATTENDED,
            _("Attended"),
            frozenset({S.CONFIRMED, S.NO_SHOW}),
            since_start,
            ngettext_lazy(
                "%(count)d person is marked as attended.",
                "%(count)d people are marked as attended.",
                "count",
            ),
        ),
        Step(
            "absent",
            S.NO_SHOW,
            _("Did not come"),
            frozenset({S.CONFIRMED, S.ATTENDED}),
            since_start,
            ngettext_lazy(
                "%(count)d person is marked as not having come.",
                "%(count)d people are marked as not having come.",
                "count",
            ),
        ),
        Step(
            "unmark",
            S.CONFIRMED,
            _("Take the mark back"),
            frozenset({S.ATTENDED, S.NO_SHOW}),
            since_start,
            ngettext_lazy(
                "%(count)d person is confirmed again, without a mark.",
                "%(count)d people are confirmed again, without a mark.",
                "count",
            ),
        ),
        Step(
            "offer",
            S.OFFERED,
            _("Offer a seat"),
            frozenset({S.WAITING}),
            before_start,
            ngettext_lazy(
                "%(count)d person is offered a seat.",
                "%(count)d people are offered a seat.",
                "count",
            ),
            _("Offer them a seat?"),
            _("Each gets a mail with the offer, and keeps the seat until they answer or it ends."),
        ),
        Step(
            "seat",
            S.CONFIRMED,
            _("Give a seat"),
            frozenset({S.WAITING, S.OFFERED}),
            before_end,
            ngettext_lazy(
                "%(count)d person has a seat now.", "%(count)d people have a seat now.", "count"
            ),
            _("Give them a seat without asking them first?"),
            _("Each gets a mail with the confirmation and the calendar entry."),
        ),
        Step(
            "cancel",
            S.CANCELLED,
            _("Cancel registration"),
            frozenset({S.WAITING, S.OFFERED, S.CONFIRMED}),
            before_end,
            ngettext_lazy(
                "%(count)d registration is cancelled.",
                "%(count)d registrations are cancelled.",
                "count",
            ),
            _("Cancel these registrations?"),
            _(
                "Each gets a mail that says so. A seat that becomes free is offered to the next on the "
                "waiting list, by mail. This cannot be taken back."
            ),
        ),
    )
}


def steps_for(roster: Roster) -> list[Step]:
    """What can be done now with the people of a session."""
    return [step for step in STEPS.values() if not step.refusal(roster)]


def take(
    step: Step, roster: Roster, registrations: Iterable[Registration], user: User
) -> tuple[int, dict[str, list[Registration]]]:
    """Takes the step with each; how many it was done with, and the others by the reason why not.

    First come first served, as far as seats go.
    """
    done, refused = 0, {}
    for registration in sorted(registrations, key=lambda found: (found.queued_at, found.pk)):
        try:
            if reason := step.refusal(roster):
                raise seats.Refused(reason)
            if not step.fits(registration):
                raise seats.Refused(OUT_OF_PLACE % {"status": registration.get_status_display()})
            seats.change(registration, step.status, user=user)
        except seats.Refused as refusal:
            refused.setdefault(refusal.message, []).append(registration)
        else:
            done += 1
    return done, refused
