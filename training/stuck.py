"""Requests of people who are stuck: who takes them, and how they are answered.

The functions for staff raise a Refused, whose message is a sentence for whoever asked.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from hub.mail import outbox
from hub.mail.addresses import address_list
from hub.models import User
from training.models.stuck import StuckAnswer, StuckRequest, StuckState

NEW, TAKEN = StuckState.NEW, StuckState.TAKEN
ANSWERED, CLOSED = StuckState.ANSWERED, StuckState.CLOSED

# A request that is answered or closed is taken again when the person writes back; whoever works on
# one may hand it to somebody else, and answer more than once.
TRANSITIONS: dict[StuckState, frozenset[StuckState]] = {
    NEW: frozenset({TAKEN, ANSWERED, CLOSED}),
    TAKEN: frozenset({TAKEN, ANSWERED, CLOSED}),
    ANSWERED: frozenset({TAKEN, ANSWERED, CLOSED}),
    CLOSED: frozenset({TAKEN}),
}


class Refused(ValidationError):
    """What was asked for cannot be done; the message says why."""


CHANGED = _("Somebody has changed this request in the meantime. Look at it again.")
TAKEN_ALREADY = _("Somebody has taken this request already.")
SENT_ALREADY = _(
    "Another answer was sent from this form before. If this is a further answer, send it again now."
)


def announce(request: StuckRequest, page):
    """Writes the mails about a new request to the outbox: a receipt, and one to each of the staff."""
    rows = [
        outbox.unwritten(
            f"training.stuck_receipt:{request.reference}", "training.stuck_receipt", request
        )
    ]
    rows += [
        outbox.unwritten(
            f"training.stuck_staff:{request.reference}:{number}",
            "training.stuck_staff",
            request,
            to=address,
        )
        for number, address in enumerate(address_list(page.to_addresses), start=1)
    ]
    outbox.OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True)


def take(request: StuckRequest, user: User):
    """Makes ``user`` the one who helps; refused when somebody else was faster."""
    if request.state == NEW:
        _change(request, TAKEN, user=user, refusal=TAKEN_ALREADY, only_from={NEW}, assignee=user)
    else:
        assign(request, user, user=user)


def assign(request: StuckRequest, assignee: User, *, user: User):
    """Gives a request to a member of staff; one that was answered or closed is open again."""
    _change(request, TAKEN, user=user, assignee=assignee)


def close(request: StuckRequest, *, user: User):
    _change(request, CLOSED, user=user)


@transaction.atomic
def answer(request: StuckRequest, text: str, *, user: User, key: str) -> StuckAnswer:
    """Keeps an answer and has it sent. ``key`` is the form's: sent twice, it is one answer."""
    try:
        with transaction.atomic():
            given = StuckAnswer.objects.create(request=request, key=key, text=text, author=user)
    except IntegrityError:
        given = StuckAnswer.objects.get(key=key)
        if (given.request_id, given.text) != (request.pk, text):
            raise Refused(SENT_ALREADY) from None
        return given
    _change(request, ANSWERED, user=user, assignee=request.assignee or user)
    outbox.enqueue_later(
        f"training.stuck_answer:{given.pk}",
        occasion="training.stuck_answer",
        submission=request,
        details={"answer": given.pk},
    )
    return given


def _change(request, state, *, user, refusal=CHANGED, only_from=None, **fields):
    """Moves a request on, if it still is where that is possible. Others cannot come in between."""
    former = only_from or {known for known, after in TRANSITIONS.items() if state in after}
    moved = {"state": state, "state_since": timezone.now(), **fields}
    if not StuckRequest.objects.filter(pk=request.pk, state__in=former).update(**moved):
        raise Refused(refusal)
    for name, value in moved.items():
        setattr(request, name, value)
    log(request, f"training.stuck_{state}", user=user)
