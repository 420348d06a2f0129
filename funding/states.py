"""What may follow on what, and by whose hand.

Every change of a request's status goes through move(), which the database carries out for one of any
number of people; a Refused says in a sentence why it did not.
"""

from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from funding.models.requests import CHANGE, GrantRequest, RequestStatus
from hub.models import User

DRAFT, SENT, READING = RequestStatus.DRAFT, RequestStatus.SENT, RequestStatus.READING
QUESTION = RequestStatus.QUESTION
AWARDED, DECLINED, REFERRED = (
    RequestStatus.AWARDED,
    RequestStatus.DECLINED,
    RequestStatus.REFERRED,
)
PAID, REPORTED, WITHDRAWN = RequestStatus.PAID, RequestStatus.REPORTED, RequestStatus.WITHDRAWN


class Actor(StrEnum):
    """Who takes a step: whoever has the private link, or an officer who may see the request."""

    APPLICANT = "applicant"
    OFFICER = "officer"


_APPLICANT, _OFFICER = frozenset({Actor.APPLICANT}), frozenset({Actor.OFFICER})
_EITHER = _APPLICANT | _OFFICER
_TO_DECIDE = {AWARDED: _OFFICER, DECLINED: _OFFICER, REFERRED: _OFFICER}

# A decision stands: whoever was declined or referred, or has withdrawn, asks anew. An officer withdraws
# for somebody who asked for it in another way. A grant that was awarded can be handed back until it is
# paid.
TRANSITIONS: dict[RequestStatus, dict[RequestStatus, frozenset[Actor]]] = {
    DRAFT: {SENT: _APPLICANT},
    SENT: {READING: _OFFICER, QUESTION: _OFFICER, **_TO_DECIDE, WITHDRAWN: _EITHER},
    READING: {QUESTION: _OFFICER, **_TO_DECIDE, WITHDRAWN: _EITHER},
    QUESTION: {READING: _EITHER, **_TO_DECIDE, WITHDRAWN: _EITHER},
    AWARDED: {PAID: _OFFICER, WITHDRAWN: _EITHER},
    PAID: {REPORTED: _EITHER},
    DECLINED: {},
    REFERRED: {},
    REPORTED: {},
    WITHDRAWN: {},
}


class Refused(ValidationError):
    """What was asked for cannot be done; the message says why."""


NOT_POSSIBLE = _("This request has changed in the meantime, so that is no longer possible.")
NOT_YOURS = _("You may not do this with this request.")


def may(request: GrantRequest, status: RequestStatus, actor: Actor) -> bool:
    """Whether ``actor`` can take the request to ``status`` from where it stands."""
    return actor in TRANSITIONS[RequestStatus(request.status)].get(status, frozenset())


def why_not(request: GrantRequest, status: RequestStatus, actor: Actor):
    """Why ``actor`` cannot take the request to ``status``, as a sentence; "" when they can."""
    return "" if may(request, status, actor) else NOT_POSSIBLE


def formers(status: RequestStatus, actor: Actor) -> list[RequestStatus]:
    """The statuses from which ``actor`` can take a request to ``status``."""
    return [former for former, after in TRANSITIONS.items() if actor in after.get(status, ())]


def check_officer(request: GrantRequest, user: User | None):
    """Raises Refused unless ``user`` is an officer who may work on the request."""
    if user is None or not user.has_perm(CHANGE):
        raise Refused(NOT_YOURS)
    if not GrantRequest.objects.visible_to(user).filter(pk=request.pk).exists():
        raise Refused(NOT_YOURS)


@transaction.atomic
def move(
    request: GrantRequest,
    status: RequestStatus,
    *,
    actor: Actor,
    user: User | None = None,
    why: str = "",
    **fields,
) -> GrantRequest:
    """Moves a request to ``status`` and gives it ``fields``, columns of its own table.

    ``user`` is the officer who does it; ``why`` goes into the log. The request that was given is
    updated. Raises Refused when the step is not possible, no longer, or not this person's to take.
    """
    if actor == Actor.OFFICER:
        check_officer(request, user)
    requests = GrantRequest.objects.filter(pk=request.pk, anonymised_at=None)
    moved = {"status": status, "status_since": timezone.now(), **fields}
    former = request.status
    if not requests.filter(status__in=formers(status, actor)).update(**moved):
        raise Refused(NOT_POSSIBLE)
    for name, value in moved.items():
        setattr(request, name, value)
    log(
        request,
        f"funding.{status}",
        user=user,
        data={"from": str(former), **({"why": why} if why else {})},
    )
    return request
