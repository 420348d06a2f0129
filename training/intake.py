"""What a visitor who registers is answered.

Anybody can type anybody's address, so the answer to an address that is registered already is what
it would be for a new one; the mail to that address says how things really are.
"""

from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.mail import outbox
from training.models.registration import ACTIVE, HOLDING, Registration
from training.models.roster import Roster

WITHDRAWN = _(
    "The registration you made with this form has been given up since. To register again, send the "
    "form once more."
)
ALREADY_REGISTERED = _(
    "This form was sent before, with other answers (reference %(reference)s). To change those, use the "
    "link in the mail. To register somebody else, send it again now."
)
# One mail an hour about an address that is registered again and again, whoever types it.
_HOUR = "%Y%m%d%H"


class Outcome(StrEnum):
    CONFIRMED = "confirmed"
    WAITING = "waiting"


def outcome_of(submission) -> Outcome | None:
    """What became of a form that was stored, now or before; None if it was given up since."""
    # Sent again, it comes back as the row of the parent table.
    status = getattr(submission, "status", None) or submission.registration.status
    if status not in ACTIVE:
        return None
    return Outcome.CONFIRMED if status in HOLDING else Outcome.WAITING


def outcome_for_known(stored: Registration) -> Outcome:
    """Tells the owner of an address that it was typed again; what whoever typed it is answered."""
    outbox.enqueue_later(
        f"training.again:{stored.reference}:{timezone.now():{_HOUR}}",
        occasion="training.again",
        submission=stored,
    )
    is_full = Roster.objects.get(pk=stored.roster_id).is_full
    return Outcome.WAITING if is_full else Outcome.CONFIRMED
