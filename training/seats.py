"""Seats: who has one, who is next, and what may follow on what.

A seat is taken by a conditional UPDATE of the roster, which the database carries out for one of any
number of visitors; everything else that changes seats locks the roster first. The functions for staff
and for mailed links raise a Refused, whose message is a sentence for whoever asked.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from hub.mail import outbox
from hub.mail.addresses import address_key
from hub.models import User
from training.models.registration import HOLDING, Registration, RegistrationStatus
from training.models.roster import Roster

CONFIRMED, WAITING, OFFERED = (
    RegistrationStatus.CONFIRMED,
    RegistrationStatus.WAITING,
    RegistrationStatus.OFFERED,
)
CANCELLED, DECLINED = RegistrationStatus.CANCELLED, RegistrationStatus.DECLINED
ATTENDED, NO_SHOW = RegistrationStatus.ATTENDED, RegistrationStatus.NO_SHOW

# A registration begins confirmed or waiting. Who has given up a seat, or a place in the line, is out
# of it for good: to come back one registers again, and is last.
TRANSITIONS: dict[RegistrationStatus, frozenset[RegistrationStatus]] = {
    WAITING: frozenset({OFFERED, CONFIRMED, CANCELLED}),
    OFFERED: frozenset({CONFIRMED, DECLINED, CANCELLED}),
    CONFIRMED: frozenset({CANCELLED, ATTENDED, NO_SHOW}),
    ATTENDED: frozenset({CONFIRMED, NO_SHOW}),
    NO_SHOW: frozenset({CONFIRMED, ATTENDED}),
    CANCELLED: frozenset(),
    DECLINED: frozenset(),
}


class Refused(ValidationError):
    """What was asked for cannot be done; the message says why."""


class AlreadyRegistered(Exception):
    """The address has an active registration, ``stored``, for this session."""

    def __init__(self, stored: Registration):
        super().__init__(stored.reference)
        self.stored = stored


NOT_POSSIBLE = _("This registration has changed in the meantime, so that is no longer possible.")
OFFER_ENDED = _("This offer has ended, and the seat has gone to the next in line.")
STARTED = _("The session has begun, so nothing can be changed any more.")
NOT_TO_COME = _("The session has begun or was cancelled, so no seat can be offered any more.")
NO_SEAT = _("All seats are taken. Raise the number of seats first, or use the waiting list.")


# Seats


def take_seat(roster_id: int) -> bool:
    """Takes a free seat; False if there is none. Whoever takes one must store who for."""
    free = Q(capacity=None) | Q(taken__lt=F("capacity"))
    return bool(Roster.objects.filter(free, pk=roster_id).update(taken=F("taken") + 1))


def release_seat(roster_id: int):
    Roster.objects.filter(pk=roster_id, taken__gt=0).update(taken=F("taken") - 1)


def lock(roster_id: int) -> Roster:
    """The roster, which nobody else changes until this transaction ends."""
    return Roster.objects.select_for_update().get(pk=roster_id)


def set_capacity(roster: Roster, capacity: int | None):
    """Changes the number of seats and offers those that became free, in the caller's transaction.

    Raises Refused when more are taken.
    """
    enough = Q() if capacity is None else Q(taken__lte=capacity)
    if not Roster.objects.filter(enough, pk=roster.pk).update(capacity=capacity):
        raise Refused(Roster.objects.get(pk=roster.pk).refuses(capacity))
    roster.capacity = capacity
    fill(roster)


# Coming in


def place(registration: Registration, roster: Roster):
    """Gives a registration that is about to be stored a seat, or a place in the line.

    Raises AlreadyRegistered when its address has an active registration under another key.
    """
    same = (
        roster.registrations.active()
        .filter(address_key=address_key(registration.address))
        .exclude(idempotency_key=registration.idempotency_key)
        .only("reference", "address", "locale", "roster")
        .first()
    )
    if same:
        raise AlreadyRegistered(same)
    registration.roster = roster
    registration.told_version = roster.version
    registration.told_plans = roster.plans
    registration.status = CONFIRMED if _seat_or_line(roster.pk) else WAITING


def _seat_or_line(roster_id: int) -> bool:
    """Takes a seat; if there is none, sees to it that none becomes free in the meantime.

    Whoever gives up a seat at this moment would find nobody in the line to offer it to: they have
    to wait until this transaction has put somebody there.
    """
    if take_seat(roster_id):
        return True
    lock(roster_id)
    return take_seat(roster_id)


def announce(registration: Registration):
    """Writes the mail that says where a registration now stands to the outbox. One query."""
    outbox.enqueue_later(
        f"training.{registration.status}:{registration.reference}:{registration.sequence}",
        occasion=f"training.{registration.status}",
        submission=registration,
    )


# Changes


@transaction.atomic
def change(
    registration: Registration,
    status: RegistrationStatus,
    *,
    user: User | None = None,
    tell: bool = True,
    why: str = "",
) -> Registration:
    """Moves a registration to ``status``, with the seat and the mail that belong to it.

    A seat that becomes free is offered to the next in line at once. ``user`` is the member of staff
    who did it, None for the person and for the clock; ``why`` goes into the log. The registration
    that was given is updated. Raises Refused when the step is not possible, or no longer.
    """
    roster = lock(registration.roster_id)
    current = Registration.objects.get(pk=registration.pk)
    former = RegistrationStatus(current.status)
    if status not in TRANSITIONS[former]:
        raise Refused(NOT_POSSIBLE)
    if status == OFFERED and not _is_to_come(roster):
        raise Refused(NOT_TO_COME)
    if former == OFFERED and status == CONFIRMED and current.offer_expires_at <= timezone.now():
        raise Refused(OFFER_ENDED)
    if status in HOLDING and former not in HOLDING and not take_seat(roster.pk):
        raise Refused(NO_SEAT)
    moved = {"status": status, "status_since": timezone.now(), "offer_expires_at": None}
    if status == OFFERED:
        moved["offer_expires_at"] = _end_of_offer(roster)
    if former == CONFIRMED and status == CANCELLED:
        # The calendar entry that was sent is withdrawn by one with a higher number.
        moved["sequence"] = current.sequence + 1
    if status == CONFIRMED:
        moved |= {"told_version": roster.version, "told_plans": roster.plans}
    Registration.objects.filter(pk=registration.pk).update(**moved)
    for name, value in moved.items():
        setattr(registration, name, value)
    log(
        registration,
        f"training.{status}",
        user=user,
        data={"from": former.value, **({"why": why} if why else {})},
    )
    if tell and status not in {ATTENDED, NO_SHOW} and former not in {ATTENDED, NO_SHOW}:
        announce(registration)
    if former in HOLDING and status not in HOLDING:
        release_seat(roster.pk)
        fill(roster)
    return registration


def _is_to_come(roster: Roster) -> bool:
    return not roster.is_cancelled and roster.starts_at > timezone.now()


def _end_of_offer(roster: Roster) -> datetime:
    return min(timezone.now() + timedelta(hours=roster.offer_hours), roster.starts_at)


def fill(roster: Roster):
    """Offers free seats to those in line, first come first, in the caller's transaction.

    Nothing is offered of a session that has begun or was cancelled.
    """
    roster.refresh_from_db()
    if not _is_to_come(roster):
        return
    for registration in roster.registrations.in_line():
        if roster.is_full:
            return
        change(registration, OFFERED)
        roster.refresh_from_db()


def withdraw(registration: Registration, *, tell: bool = True) -> Registration:
    """What a person does who gives up a seat, declines an offer or leaves the line."""
    if registration.roster.starts_at <= timezone.now():
        raise Refused(STARTED)
    status = DECLINED if registration.status == OFFERED else CANCELLED
    return change(registration, status, tell=tell)


def expire_offers() -> int:
    """Takes back the offers nobody has answered and offers the seats to the next; their number."""
    late = Registration.objects.filter(
        status=OFFERED, offer_expires_at__lte=timezone.now(), roster__is_cancelled=False
    )
    count = 0
    for registration in late.order_by("offer_expires_at"):
        try:
            change(registration, DECLINED, why="expired")
        except Refused:  # accepted in this very moment
            continue
        count += 1
    return count


@transaction.atomic
def move(registration: Registration, roster: Roster, *, user: User) -> Registration:
    """Takes a person out of one session and into another, where they are confirmed or in line.

    Returns the new registration. Raises Refused when they are in that session already.
    """
    if registration.status not in {CONFIRMED, WAITING, OFFERED}:
        raise Refused(NOT_POSSIBLE)
    # Both, always in this order: two moves in opposite directions would wait for each other.
    list(
        Roster.objects.select_for_update()
        .filter(pk__in=[registration.roster_id, roster.pk])
        .order_by("pk")
    )
    moved = Registration(
        page_id=roster.source_page.pk,
        locale_id=registration.locale_id,
        form_data={
            name: value for name, value in registration.form_data.items() if name.startswith("hub-")
        },
        address=registration.address,
        consent_text=registration.consent_text,
        consented_at=registration.consented_at,
        idempotency_key=f"moved:{registration.pk}:{roster.pk}",
        retained_until=roster.source_page.retained_until(),
        added_by=user,
    )
    # Whoever was confirmed has an entry in their calendar that must go; the others need no more mail.
    had_seat = registration.status == CONFIRMED
    add(moved, roster, user=user)
    change(registration, CANCELLED, user=user, tell=had_seat, why="moved")
    return moved


@transaction.atomic
def add(registration: Registration, roster: Roster, *, user: User) -> Registration:
    """Stores a registration that a member of staff made for somebody, and tells them."""
    try:
        place(registration, roster)
        with transaction.atomic():
            registration.save(force_insert=True)
    except (AlreadyRegistered, IntegrityError) as error:
        raise Refused(_("This address is registered for the session already.")) from error
    log(registration, "training.added", user=user)
    announce(registration)
    return registration
