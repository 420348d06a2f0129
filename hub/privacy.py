"""What the hub holds about a person, found by their email address, handed out and erased.

An app whose rows extend Submission plugs in by its queryset: ``about()`` finds, ``erase()``
deletes or empties, and ``held()`` of a row says what is kept beside the answers.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.crypto import salted_hmac

from hub.forms import answers
from hub.mail.addresses import address_key
from hub.models import OutgoingMail, Submission, User


@dataclass(frozen=True)
class Holding:
    """Everything that is held about one address: submissions of every kind, and mails."""

    address: str
    submissions: list[Submission]
    mails: list[OutgoingMail]
    withheld: int = 0

    def __bool__(self):
        return bool(self.submissions or self.mails or self.withheld)


def find(address: str, user: User | None = None) -> Holding:
    """What is held about ``address``. A few queries for each kind of submission.

    Mails are those to the address and those about what was sent from it, to whomever they went. What
    ``user`` may not read, such as somebody's confidential request, is only counted, as ``withheld``;
    without a user nothing is. Administrators may read all but that in which they have an interest.
    """
    submissions, withheld = [], []
    for kind in Submission.objects.by_kind():
        kind = kind.about(address)
        if user:
            withheld += kind.kept_from(user).values_list("pk", flat=True)
        submissions += kind.exclude(pk__in=withheld).select_related("locale", "page__locale")
    prefetch_related_objects(submissions, "attachments")
    submissions.sort(key=lambda submission: (submission.submit_time, submission.pk), reverse=True)
    mails = _mails_to(address) | OutgoingMail.objects.filter(
        submission__in=[submission.pk for submission in submissions]
    )
    mails = [mail for mail in mails if mail.submission_id not in withheld]
    return Holding(address, submissions, mails, len(withheld))


def _mails_to(address: str):
    key = address_key(address)
    alike = OutgoingMail.objects.filter(to__istartswith=key.rpartition("@")[0]).order_by()
    found = alike.values_list("pk", "to")
    return OutgoingMail.objects.filter(pk__in=[pk for pk, to in found if address_key(to) == key])


def as_data(holding: Holding) -> dict:
    """The same in JSON types and dates: what a person may ask for and take elsewhere."""
    return {
        "address": holding.address,
        "made_at": timezone.now(),
        "submissions": [_submission(submission) for submission in holding.submissions],
        "mails": [_mail(mail) for mail in holding.mails],
    }


def _submission(submission: Submission) -> dict:
    asked = answers.of_submission(submission)
    return submission.held() | {
        "page": submission.page.title,
        "answers": [{"question": question, "answer": answer} for question, answer in asked],
    }


def _mail(mail: OutgoingMail) -> dict:
    return {
        "to": mail.to,
        "subject": mail.subject,
        "text": mail.text,
        "state": mail.state,
        "written": mail.created_at,
        "sent": mail.sent_at,
    }


@transaction.atomic
def erase(address: str, user: User | None = None) -> Holding:
    """Erases what is held about ``address``, mails that are still to be sent included.

    What a mail says goes with the mail; what counts beyond the person, such as a seat that was
    taken, stays without them. What ``user`` may not read stays. Returns what was held.
    """
    holding = find(address, user)
    kinds = Submission.objects.filter(pk__in=[row.pk for row in holding.submissions]).by_kind()
    for kind in kinds:
        kind.erase()
    # By then there may be others, such as that of a cancellation.
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in holding.mails]).delete()
    # Of what stays, the mails stay too.
    _mails_to(address).exclude(submission__in=Submission.objects.of_address(address)).delete()
    return holding


def pseudonym(address: str) -> str:
    """What stands for an address in the log: the same for the same one, and of no use without the
    hub's secret key."""
    return salted_hmac("hub.privacy", address_key(address), algorithm="sha256").hexdigest()[:16]
