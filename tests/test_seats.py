"""The seats of a session: what may follow on what, who is next, and what staff do."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from hub.models import OutgoingMail, User
from tests.factories import SessionPageFactory
from tests.registering import let_time_pass, make_registration, register, registration_of
from tests.seating import (
    ALLOWED,
    full_session,
    in_an_hour,
    in_state,
    let_expire,
    new_registration,
    start,
    status_of,
    statuses,
    taken,
)
from training import seats
from training.models import Registration, RegistrationStatus, Roster
from training.models.registration import HOLDING

# Marking who came is nothing to write about.
SILENT = {"attended", "no-show"}


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training, capacity=20)


@pytest.fixture
def officer(db):
    return User.objects.create_user("officer", "officer@example.org", "x")


@pytest.fixture
def full(site):
    return full_session(site)


# What may follow on what


@pytest.mark.parametrize("former", ALLOWED)
def test_each_status_leads_where_it_may_and_nowhere_else(session, officer, former):
    for status in RegistrationStatus:
        registration = in_state(session, f"{former}-{status}", former)
        before, mails = taken(session), OutgoingMail.objects.count()
        if status not in ALLOWED[former]:
            with pytest.raises(seats.Refused, match="no longer possible"):
                seats.change(registration, status, user=officer)
            assert registration.status == former
            assert status_of(f"{former}-{status}") == former
            assert taken(session) == before
            assert not ModelLogEntry.objects.filter(object_id=registration.pk).exists()
            assert OutgoingMail.objects.count() == mails
            continue

        seats.change(registration, status, user=officer, why="asked by telephone")
        assert registration.status == status
        assert status_of(f"{former}-{status}") == status
        assert taken(session) - before == (status in HOLDING) - (former in HOLDING)
        entry = ModelLogEntry.objects.get(object_id=registration.pk)
        assert (entry.action, entry.user) == (f"training.{status}", officer)
        assert entry.data == {"from": former, "why": "asked by telephone"}
        told = OutgoingMail.objects.filter(submission=registration)
        expected = [] if {former, status} & SILENT else [f"training.{status}"]
        assert [mail.occasion for mail in told] == expected
    assert ALLOWED.keys() == set(RegistrationStatus)


def test_a_change_without_a_word_writes_no_mail(session):
    seats.change(in_state(session, "amina", "confirmed"), seats.CANCELLED, tell=False)
    assert not OutgoingMail.objects.exists()


def test_a_registration_that_changed_in_another_window_is_not_changed_again(session):
    first = in_state(session, "amina", "confirmed")
    second = Registration.objects.get(pk=first.pk)
    seats.change(first, seats.CANCELLED)
    with pytest.raises(seats.Refused, match="changed in the meantime"):
        seats.change(second, seats.CANCELLED)
    assert taken(session) == 0


def test_cancelling_a_seat_counts_the_calendar_entry_up(session):
    confirmed, waiting = (in_state(session, name, name) for name in ("confirmed", "waiting"))
    assert seats.change(confirmed, seats.CANCELLED).sequence == 1
    assert seats.change(waiting, seats.CANCELLED).sequence == 0


def test_nobody_is_confirmed_beyond_the_seats(site):
    session = SessionPageFactory(parent=site.training, capacity=1)
    in_state(session, "amina", "confirmed")
    waiting = in_state(session, "bela", "waiting")
    with pytest.raises(seats.Refused, match="All seats are taken"):
        seats.change(waiting, seats.CONFIRMED)
    assert status_of("bela") == "waiting"
    assert taken(session) == 1


# Giving up, and who is next


def test_a_seat_given_up_is_offered_to_the_next_in_line(full):
    before = timezone.now()
    assert seats.withdraw(registration_of("amina")).status == "cancelled"
    assert statuses("chi", "dawit", "elif") == ["offered", "waiting", "waiting"]
    ends = registration_of("chi").offer_expires_at
    assert before + timedelta(hours=48) <= ends <= timezone.now() + timedelta(hours=48)
    assert taken(full) == 2
    written = OutgoingMail.objects.order_by("pk").values_list("occasion", "to")
    assert list(written) == [
        ("training.cancelled", "amina@example.org"),
        ("training.offered", "chi@example.org"),
    ]


def test_a_declined_offer_goes_on_to_the_next(full):
    seats.withdraw(registration_of("amina"))
    assert seats.withdraw(registration_of("chi")).status == "declined"
    assert statuses("chi", "dawit", "elif") == ["declined", "offered", "waiting"]
    assert taken(full) == 2


def test_leaving_the_line_offers_nothing(full):
    seats.withdraw(registration_of("chi"))
    assert statuses("chi", "dawit", "elif") == ["cancelled", "waiting", "waiting"]


def test_an_accepted_offer_is_a_seat(full):
    seats.withdraw(registration_of("amina"))
    accepted = seats.change(registration_of("chi"), seats.CONFIRMED)
    assert accepted.offer_expires_at is None
    assert statuses("chi", "dawit") == ["confirmed", "waiting"]
    assert taken(full) == 2


def test_expired_offers_go_down_the_line_and_never_come_back(full):
    seats.withdraw(registration_of("amina"))
    for name, following in (("chi", "dawit"), ("dawit", "elif")):
        let_expire(name)
        with pytest.raises(seats.Refused, match="offer has ended"):
            seats.change(registration_of(name), seats.CONFIRMED)
        assert seats.expire_offers() == 1
        assert statuses(name, following) == ["declined", "offered"]
        assert taken(full) == 2
    let_expire("elif")
    assert seats.expire_offers() == 1
    assert seats.expire_offers() == 0
    assert statuses("amina", "chi", "dawit", "elif") == ["cancelled"] + 3 * ["declined"]
    assert taken(full) == 1
    data = ModelLogEntry.objects.filter(action="training.declined").values_list("data", flat=True)
    assert list(data) == 3 * [{"from": "offered", "why": "expired"}]


def test_an_offer_that_runs_is_not_taken_back(full):
    seats.withdraw(registration_of("amina"))
    assert seats.expire_offers() == 0
    assert status_of("chi") == "offered"


@pytest.mark.parametrize("minutes", [5, 60, 600])
def test_an_offer_ends_when_the_session_starts_at_the_latest(full, minutes):
    soon = timezone.now() + timedelta(minutes=minutes)
    Roster.objects.update(starts_at=soon)
    seats.withdraw(registration_of("amina"))
    assert registration_of("chi").offer_expires_at == soon


def test_an_offer_ends_earlier_when_the_session_is_moved_to_an_earlier_time(full):
    seats.withdraw(registration_of("amina"))
    full.starts_at = in_an_hour()
    full.save_revision().publish()
    assert registration_of("chi").offer_expires_at == full.starts_at


def test_who_has_cancelled_registers_again_at_the_end_of_the_line(full, client, monkeypatch):
    let_time_pass(monkeypatch)
    seats.withdraw(registration_of("chi"))
    register(client, full, "chi")
    line = Roster.objects.get().registrations.in_line()
    assert [registration.name for registration in line] == ["Dawit", "Elif", "Chi"]
    assert Registration.objects.filter(address="chi@example.org").count() == 2


def test_nothing_is_offered_of_a_session_that_has_begun(full, officer):
    start(full)
    with pytest.raises(seats.Refused, match="has begun"):
        seats.withdraw(registration_of("amina"))
    seats.change(registration_of("amina"), seats.CANCELLED, user=officer)
    assert statuses("amina", "chi") == ["cancelled", "waiting"]
    with pytest.raises(seats.Refused, match="has begun or was cancelled"):
        seats.change(registration_of("chi"), seats.OFFERED, user=officer)
    assert taken(full) == 1


def test_offers_of_a_cancelled_session_wait_until_it_takes_place_after_all(full):
    seats.withdraw(registration_of("amina"))
    full.is_cancelled = True
    full.save_revision().publish()
    let_expire("chi")
    assert seats.expire_offers() == 0
    seats.withdraw(registration_of("bela"))
    assert statuses("chi", "dawit") == ["offered", "waiting"]
    full.is_cancelled = False
    full.save_revision().publish()
    assert status_of("dawit") == "offered"
    assert seats.expire_offers() == 1
    assert statuses("chi", "elif") == ["declined", "offered"]
    assert taken(full) == 2


# By staff


def test_an_officer_adds_people_up_to_the_line(site, officer):
    session = SessionPageFactory(parent=site.training, capacity=1)
    make_registration(session, "amina", "cancelled")
    roster = Roster.objects.get()
    added = [
        seats.add(new_registration(session, name), roster, user=officer) for name in ("bela", "chi")
    ]
    assert [registration.status for registration in added] == ["confirmed", "waiting"]
    occasions = OutgoingMail.objects.order_by("pk").values_list("occasion", flat=True)
    assert list(occasions) == ["training.confirmed", "training.waiting"]
    entries = ModelLogEntry.objects.filter(action="training.added", user=officer)
    assert entries.count() == 2
    assert taken(session) == 1


def test_nobody_is_added_twice(full, officer):
    roster = Roster.objects.get()
    for name in ("amina", "chi"):
        with pytest.raises(seats.Refused, match="registered for the session already"):
            seats.add(new_registration(full, name), roster, user=officer)
    assert Registration.objects.count() == 5
    assert taken(full) == 2


def test_a_person_moved_takes_a_seat_there_and_leaves_one_here(site, full, officer):
    other = SessionPageFactory(parent=site.training, capacity=1)
    make_registration(other, "fatou", "cancelled")
    there = Roster.objects.get(session_key=other.translation_key)
    moved = seats.move(registration_of("amina"), there, user=officer)
    assert (moved.roster, moved.status, moved.name) == (there, "confirmed", "Amina")
    assert statuses("chi", "dawit") == ["offered", "waiting"]
    assert (taken(full), taken(other)) == (2, 1)
    told = OutgoingMail.objects.filter(to="amina@example.org").order_by("pk")
    assert [mail.occasion for mail in told] == ["training.confirmed", "training.cancelled"]

    second = seats.move(registration_of("bela"), there, user=officer)
    assert second.status == "waiting"
    assert (taken(full), taken(other)) == (2, 1)


def test_a_person_who_is_there_already_is_not_moved(site, full, officer):
    other = SessionPageFactory(parent=site.training, capacity=1)
    make_registration(other, "fatou", address="amina@example.org")
    there = Roster.objects.get(session_key=other.translation_key)
    here = Registration.objects.get(address="amina@example.org", roster__capacity=2)
    with pytest.raises(seats.Refused, match="registered for the session already"):
        seats.move(here, there, user=officer)
    here.refresh_from_db()
    assert here.status == "confirmed"
    assert (taken(full), taken(other)) == (2, 1)


def test_who_is_out_is_not_moved(site, full, officer):
    other = SessionPageFactory(parent=site.training)
    make_registration(other, "fatou", "cancelled")
    there = Roster.objects.get(session_key=other.translation_key)
    gone = seats.withdraw(registration_of("chi"))
    with pytest.raises(seats.Refused, match="no longer possible"):
        seats.move(gone, there, user=officer)
