"""What an officer does with the people on a roster: attendance, seats, moving."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.factories import SessionPageFactory
from tests.registering import make_registration, registration_of
from tests.rosters import address, do, log_in, occasions, roster_of, said, status_of
from training.models import Registration, Roster


@pytest.fixture
def officer(site, client):
    return log_in(client)


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training, title="Whom to ask", capacity=2)


@pytest.fixture
def begun(site):
    return SessionPageFactory(
        parent=site.training, starts_at=timezone.now() - timedelta(minutes=5), capacity=20
    )


# Attendance


def test_attendance_is_marked_for_many_at_once_and_taken_back(client, begun, officer):
    people = [make_registration(begun, name) for name in ("amina", "bela", "chi")]
    response = do(client, begun, "attended", *people[:2], sure=False)
    assert said(response) == ["2 people are marked as attended."]
    do(client, begun, "absent", people[2], sure=False)
    assert [status_of(person) for person in people] == ["attended", "attended", "no-show"]
    do(client, begun, "unmark", people[0], sure=False)
    assert status_of(people[0]) == "confirmed"
    assert occasions() == []
    entries = ModelLogEntry.objects.filter(action__startswith="training.").order_by("pk")
    assert [entry.message for entry in entries] == [
        "Marked as attended",
        "Marked as attended",
        "Marked as not having come",
        "Mark taken back",
    ]
    assert {entry.user for entry in entries} == {officer}


def test_the_button_in_a_row_means_that_row_alone(client, begun, officer):
    amina, bela = (make_registration(begun, name) for name in ("amina", "bela"))
    roster = address("roster", roster_of(begun).pk)
    soup = BeautifulSoup(client.get(roster).content, "html.parser")
    button = soup.select_one(f'button[formaction$="?one={bela.pk}"][value="attended"]')
    client.post(button["formaction"], {"step": "attended", "chosen": [amina.pk]})
    assert (status_of(amina), status_of(bela)) == ("confirmed", "attended")


def test_attendance_is_marked_only_once_the_session_has_begun(client, session, officer):
    amina = make_registration(session)
    response = do(client, session, "attended", amina)
    assert said(response) == ["Attendance can be marked once the session has begun."]
    assert status_of(amina) == "confirmed"
    assert 'name="step" value="attended"' not in response.content.decode()


# Seats


def test_cancelling_asks_first_and_says_who_is_told(client, session, officer):
    amina = make_registration(session)
    make_registration(session, "bela")
    make_registration(session, "chi", status="waiting")
    html = do(client, session, "cancel", amina, sure=False).content.decode()
    assert "Cancel these registrations?" in html
    assert "amina@example.org" in html
    assert "Each gets a mail that says so." in html
    assert status_of(amina) == "confirmed"

    assert said(do(client, session, "cancel", amina)) == ["1 registration is cancelled."]
    assert status_of(amina) == "cancelled"
    assert registration_of("chi").status == "offered"
    assert Roster.objects.get().taken == 2
    assert occasions() == ["training.cancelled", "training.offered"]


def test_a_seat_is_offered_or_given_as_long_as_there_is_one(client, session, officer):
    first, second, third = (
        make_registration(
            session,
            name,
            status="waiting",
            queued_at=timezone.now() + timedelta(minutes=minutes),
        )
        for minutes, name in enumerate(("amina", "bela", "chi"))
    )
    response = do(client, session, "offer", third, second, first)
    assert said(response) == [
        "2 people are offered a seat.",
        "Chi: All seats are taken. Raise the number of seats first, or use the waiting list.",
    ]
    assert [status_of(person) for person in (first, second, third)] == [
        "offered",
        "offered",
        "waiting",
    ]
    assert said(do(client, session, "seat", first)) == ["1 person has a seat now."]
    assert Roster.objects.get().taken == 2


def test_what_another_tab_has_changed_is_refused_with_a_sentence(client, session, officer):
    amina, bela = (make_registration(session, name, status="waiting") for name in ("amina", "bela"))
    do(client, session, "cancel", amina)
    response = do(client, session, "offer", amina, bela)
    assert said(response) == [
        "1 person is offered a seat.",
        "Amina: That is not possible for somebody whose status is “Cancelled”.",
    ]
    assert (status_of(amina), status_of(bela)) == ("cancelled", "offered")


def test_no_seat_is_offered_in_a_cancelled_session(client, session, officer):
    amina = make_registration(session, status="waiting")
    session.is_cancelled = True
    session.save_revision().publish()
    response = do(client, session, "offer", amina)
    assert said(response) == [
        "The session has begun or was cancelled, so no seat can be offered any more."
    ]
    assert 'name="step" value="offer"' not in response.content.decode()


@pytest.mark.parametrize("step", ["seat", "attended", "cancel"])
def test_what_somebody_called_themselves_is_never_markup(client, begun, officer, step):
    name = "<img src=x onerror=alert(1)>"
    waits = make_registration(begun, status="waiting", form_data={"hub-name": name})
    pages = [
        do(client, begun, step, waits, sure=False),
        do(client, begun, step, waits),
        client.get(address("person", waits.pk)),
        client.get(address("edit", waits.pk)),
        client.get(address("history", waits.roster_id)),
        client.post(address("move", waits.roster_id), {"chosen": [waits.pk]}),
    ]
    assert all(response.status_code == 200 for response in pages)
    assert not any("<img src=x" in response.content.decode() for response in pages)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"chosen": []}, "Tick the people first."),
        ({"chosen": ["999999"]}, "Tick the people first."),
        ({"chosen": ["x\0", "²"]}, "Tick the people first."),
        ({"step": "promote"}, "Choose what is to be done."),
        ({"step": ""}, "Choose what is to be done."),
    ],
)
def test_nonsense_is_answered_with_a_sentence(client, session, officer, data, sentence):
    amina = make_registration(session)
    url = address("step", roster_of(session).pk)
    response = client.post(
        url, {"step": "cancel", "chosen": [amina.pk], "sure": "1"} | data, follow=True
    )
    assert said(response) == [sentence]
    assert status_of(amina) == "confirmed"


def test_people_of_another_roster_are_left_alone(client, site, session, officer):
    other = make_registration(SessionPageFactory(parent=site.training))
    make_registration(session, "bela")
    assert said(do(client, session, "cancel", other)) == ["Tick the people first."]
    assert status_of(other) == "confirmed"


def test_one_returns_to_the_list_as_it_was(client, session, officer):
    amina = make_registration(session)
    roster = address("roster", roster_of(session).pk)
    where = {"step": "cancel", "chosen": [amina.pk], "sure": "1"}
    url = address("step", roster_of(session).pk)
    assert client.post(url, where | {"next": f"{roster}?q=a"}).url == f"{roster}?q=a"
    assert client.post(url, where | {"next": "https://evil.example/"}).url == roster
    assert client.get(url).url == roster


# Moving


def test_people_are_moved_to_a_session_to_come(client, site, session, officer):
    later = SessionPageFactory(parent=site.training, title="Later", capacity=1)
    past = SessionPageFactory(parent=site.training, title="Past", ends_at=timezone.now())
    past.starts_at = timezone.now() - timedelta(hours=2)
    past.save_revision().publish()
    amina, bela = (make_registration(session, name) for name in ("amina", "bela"))
    make_registration(past, "old")
    make_registration(later, "chi", status="cancelled")
    url = address("move", roster_of(session).pk)
    asked = client.post(url, {"chosen": [amina.pk, bela.pk]}).content.decode()
    assert "Later (" in asked
    assert "1 seat left" in asked
    assert "Past (" not in asked
    assert "Choose a session." not in asked

    chosen = {"chosen": [amina.pk, bela.pk]}
    assert "Choose a session." in client.post(url, chosen | {"target": ""}).content.decode()
    gone = client.post(url, chosen | {"target": roster_of(past).pk}).content.decode()
    assert "This session is not to come any more." in gone

    response = client.post(url, chosen | {"target": roster_of(later).pk}, follow=True)
    assert said(response) == ["2 people are moved to “Later”."]
    assert [status_of(amina), status_of(bela)] == ["cancelled", "cancelled"]
    moved = Registration.objects.filter(roster=roster_of(later)).exclude(address="chi@example.org")
    assert sorted(moved.values_list("status", flat=True)) == ["confirmed", "waiting"]
    assert ModelLogEntry.objects.filter(action="training.moved").first().message == (
        "Moved to “Later”"
    )
    again = client.post(url, chosen | {"target": roster_of(later).pk}, follow=True)
    assert said(again) == [
        "Amina, Bela: This registration has changed in the meantime, so that is no longer possible."
    ]
