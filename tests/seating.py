"""The seats of a session in tests: who holds one, who waits, and what may follow on what."""

import random
from datetime import timedelta

from django.utils import timezone
from wagtail.models import Locale

from tests.factories import SessionPageFactory
from tests.registering import make_registration, registration_of
from training.models import Registration, Roster
from training.models.registration import HOLDING

ALLOWED = {
    "waiting": {"offered", "confirmed", "cancelled"},
    "offered": {"confirmed", "declined", "cancelled"},
    "confirmed": {"cancelled", "attended", "no-show"},
    "attended": {"confirmed", "no-show"},
    "no-show": {"confirmed", "attended"},
    "cancelled": set(),
    "declined": set(),
}


def in_state(page, name: str, status: str) -> Registration:
    """A registration that has come to ``status`` by now."""
    fields = {"offer_expires_at": in_an_hour()} if status == "offered" else {}
    return make_registration(page, name, status, **fields)


def in_an_hour():
    return timezone.now() + timedelta(hours=1)


def status_of(name: str) -> str:
    return registration_of(name).status


def statuses(*names: str) -> list[str]:
    return [status_of(name) for name in names]


def holding(roster: Roster) -> int:
    return roster.registrations.filter(status__in=HOLDING).count()


def taken(page) -> int:
    """The seats that are taken, which are as many as are held."""
    roster = Roster.objects.get(session_key=page.translation_key)
    assert roster.taken == holding(roster)
    return roster.taken


def let_expire(name: str):
    Registration.objects.filter(pk=registration_of(name).pk).update(
        offer_expires_at=timezone.now() - timedelta(seconds=1)
    )


def start(page):
    Roster.objects.filter(session_key=page.translation_key).update(starts_at=timezone.now())


def new_registration(page, name: str) -> Registration:
    return Registration(
        page_id=page.pk,
        locale=Locale.get_default(),
        form_data={"hub-name": name.capitalize(), "hub-email": f"{name}@example.org"},
        address=f"{name}@example.org",
        idempotency_key=f"by-hand-{name}-{random.random()}",
        retained_until=page.retained_until(),
    )


def full_session(site):
    """A session of two seats, both taken, and three in line."""
    session = SessionPageFactory(parent=site.training, capacity=2)
    for name in ("amina", "bela"):
        in_state(session, name, "confirmed")
    for name in ("chi", "dawit", "elif"):
        in_state(session, name, "waiting")
    return session
