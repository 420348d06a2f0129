"""What the clock does for those who take part: offers, changes of plans, reminders, thanks.

Every mail has a key of its own, and what was done is noted in the transaction in which the mails are
written. So a job that is killed, or runs twice at once, writes each mail once.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from hub.jobs import job
from hub.mail import outbox
from hub.models import OutgoingMail
from training import news, seats
from training.forms import REMINDERS
from training.models import Registration, RegistrationStatus, Roster, SessionPage

# An editor who slips has this long to set it right before anybody is told.
SECOND_THOUGHTS = timedelta(minutes=2)
BATCH = 500
EARLIEST_REMINDER = timedelta(hours=max(hours for hours, _label in REMINDERS))
# Thanks wait this long for the recording and the summary.
PATIENCE = timedelta(days=7)

CAME_OR_WERE_EXPECTED = (
    RegistrationStatus.CONFIRMED,
    RegistrationStatus.ATTENDED,
    RegistrationStatus.NO_SHOW,
)


@job("expire_offers", every=timedelta(minutes=1))
def expire_offers():
    seats.expire_offers()


# Changes of plans


@job("tell_of_changes", every=timedelta(minutes=1))
def tell_of_changes():
    """Tells participants how the session is now, up to BATCH of each session in a run."""
    now = timezone.now()
    changed = Roster.objects.filter(
        Exists(_uninformed(OuterRef("pk"), OuterRef("version"))),
        changed_at__lte=now - SECOND_THOUGHTS,
        ends_at__gt=now,
    )
    for pk in changed.values_list("pk", flat=True):
        _tell_some(pk)


def _uninformed(roster, version):
    return Registration.objects.active().filter(
        roster=roster, told_version__lt=version, anonymised_at=None
    )


@transaction.atomic
def _tell_some(roster_id: int):
    # Locked: nobody gives up a seat between being chosen here and being told.
    roster = seats.lock(roster_id)
    uninformed = _uninformed(roster, roster.version)
    batch = list(uninformed.order_by("pk")[:BATCH])
    told = [
        (registration, occasion)
        for registration in batch
        if (occasion := _news(registration, roster))
    ]
    _write(
        outbox.unwritten(
            f"{occasion}:{registration.reference}:{roster.version}", occasion, registration
        )
        for registration, occasion in told
    )
    # The calendar entry of the mail replaces the one that was sent with the seat.
    with_entry = [found.pk for found, _occasion in told if found.status in CAME_OR_WERE_EXPECTED]
    uninformed.filter(pk__in=with_entry).update(sequence=F("sequence") + 1)
    uninformed.filter(pk__in=[registration.pk for registration in batch]).update(
        told_version=roster.version, told_plans=roster.plans
    )


def _news(registration: Registration, roster: Roster) -> str:
    """The occasion of the mail that tells somebody of what they do not know; "" if they know it."""
    known, plans = registration.told_plans, roster.plans
    if known.get("is_cancelled"):
        return "" if roster.is_cancelled else "training.reinstated"
    if roster.is_cancelled:
        return "training.session_cancelled"
    # The way in is no business of those who have no seat yet.
    secret = set() if registration.status in CAME_OR_WERE_EXPECTED else {"joining_url"}
    changed = any(known.get(name) != plans[name] for name in plans.keys() - secret)
    return "training.changed" if changed else ""


# Reminders


@job("reminders", every=timedelta(minutes=5))
def reminders():
    """Reminds those with a seat at the editor's times, and of one time only if several were missed."""
    now = timezone.now()
    near = Roster.objects.filter(
        is_cancelled=False, starts_at__gt=now, starts_at__lte=now + EARLIEST_REMINDER
    )
    for roster in near:
        due = [hours for hours in roster.reminder_hours if _moment(roster, hours) <= now]
        if due:
            _remind(roster, min(due))


def _moment(roster: Roster, hours: int) -> datetime:
    return roster.starts_at - timedelta(hours=hours)


def _remind(roster: Roster, hours: int):
    moment = _moment(roster, hours)
    told_since = roster.changed_at and roster.changed_at >= moment
    if told_since or (roster.reminded_at and roster.reminded_at >= moment):
        return
    with transaction.atomic():
        not_yet = Q(reminded_at=None) | Q(reminded_at__lt=moment)
        as_it_was = {"pk": roster.pk, "starts_at": roster.starts_at, "is_cancelled": False}
        if not Roster.objects.filter(not_yet, **as_it_was).update(reminded_at=moment):
            return
        # Who got the seat after that moment has just had a mail that says the same.
        confirmed = roster.registrations.filter(
            status=RegistrationStatus.CONFIRMED, status_since__lte=moment, anonymised_at=None
        )
        # The day is in the key: of a session that was moved to another one, people are reminded anew.
        _write(
            outbox.unwritten(
                f"training.reminder:{registration.reference}:{hours}:{roster.starts_at:%Y%m%d}",
                "training.reminder",
                registration,
            )
            for registration in confirmed
        )


# Thanks


@job("thanks", every=timedelta(minutes=15))
def thanks():
    """Thanks those who came, once there is something to see or read, or after a week."""
    now = timezone.now()
    over = list(Roster.objects.filter(thanked_at=None, is_cancelled=False, ends_at__lte=now))
    if not over:
        return
    keys = [roster.session_key for roster in over]
    # The source page is the oldest: it comes last, and stays.
    pages = SessionPage.objects.filter(translation_key__in=keys).order_by("-pk")
    sources = {page.translation_key: page for page in pages}
    for roster in over:
        source = sources.get(roster.session_key)
        has_something = source and (source.recording_url or source.write_up)
        if has_something or roster.ends_at <= now - PATIENCE:
            _thank(roster)


@transaction.atomic
def _thank(roster: Roster):
    not_yet = Roster.objects.filter(pk=roster.pk, thanked_at=None, is_cancelled=False)
    if not not_yet.update(thanked_at=timezone.now()):
        return
    there = roster.registrations.filter(status__in=CAME_OR_WERE_EXPECTED, anonymised_at=None)
    _write(
        outbox.unwritten(
            f"training.thanks:{registration.reference}", "training.thanks", registration
        )
        for registration in there
    )


# News of the next session


@job("tell_of_next_sessions", every=timedelta(minutes=5))
def tell_of_next_sessions():
    news.tell()
    news.forget_told()


def _write(mails):
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
