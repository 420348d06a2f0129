"""What the clock does for those who asked for a grant."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from funding.models import GrantRequest, RequestStatus
from hub.jobs import job
from hub.mail import outbox

# Who has not reported is reminded again after this long, and then left to the officer.
AGAIN = timedelta(days=14)
REMINDERS = 2
BATCH = 500


@job("ask_for_reports", every=timedelta(hours=1))
def ask_for_reports():
    """Asks grantees for their report when it is due, and once more two weeks later."""
    due = GrantRequest.objects.filter(
        status=RequestStatus.PAID, anonymised_at=None, remind_on__lte=timezone.localdate()
    )
    for request in due[:BATCH]:
        _ask(request)


@transaction.atomic
def _ask(request: GrantRequest):
    number = request.reminders + 1
    again = timezone.localdate() + AGAIN if number < REMINDERS else None
    as_it_was = GrantRequest.objects.filter(
        pk=request.pk, status=RequestStatus.PAID, reminders=request.reminders
    )
    if as_it_was.update(reminders=number, remind_on=again):
        outbox.enqueue_later(
            f"funding.report_due:{request.reference}:{number}",
            occasion="funding.report_due",
            submission=request,
        )
