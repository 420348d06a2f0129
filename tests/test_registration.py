"""Registering on a session's page: who gets a seat, who gets in line, and what is kept."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from hub.mail.addresses import address_key
from hub.models import OutgoingMail, Submission
from tests.factories import SessionPageFactory
from tests.registering import (
    filled_in,
    let_time_pass,
    make_registration,
    register,
    registration_of,
)
from training.models import Registration, Roster


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training, capacity=2)


def heading(client, response) -> str:
    page = client.get(response.headers["Location"])
    return BeautifulSoup(page.content, "html.parser").find(id="register-heading").text


def test_visitor_gets_a_seat_and_a_mail(client, session):
    response = register(client, session)
    assert response.status_code == 302
    assert heading(client, response) == "Your seat is confirmed"

    registration = registration_of()
    assert registration.status == "confirmed"
    assert registration.name == "Amina"
    assert registration.country == "KE"
    assert registration.consent_text.startswith("The team may keep")
    assert registration.consented_at
    assert registration.retained_until == (
        session.ends_at.date().replace(year=session.ends_at.year + 1)
    )
    assert Roster.objects.get().taken == 1
    mail = OutgoingMail.objects.get()
    assert (mail.occasion, mail.to, mail.text) == ("training.confirmed", "amina@example.org", "")


def test_a_full_session_has_a_waiting_list(client, session):
    responses = [register(client, session, name) for name in ("amina", "bela", "chi")]
    assert [heading(client, response) for response in responses] == [
        "Your seat is confirmed",
        "Your seat is confirmed",
        "You are on the waiting list",
    ]
    assert Roster.objects.get().taken == 2
    assert registration_of("chi").status == "waiting"
    assert OutgoingMail.objects.filter(occasion="training.waiting").count() == 1


def test_registering_costs_few_queries(client, session, django_assert_num_queries):
    register(client, session, "bela")
    answers = filled_in(client, session)
    with django_assert_num_queries(11):
        client.post(session.url, answers)
    assert registration_of().status == "confirmed"


def test_one_form_sent_twice_is_one_registration(client, session):
    answers = filled_in(client, session)
    responses = [client.post(session.url, answers) for _time in range(2)]
    assert [response.status_code for response in responses] == [302, 302]
    assert {heading(client, response) for response in responses} == {"Your seat is confirmed"}
    assert Submission.objects.count() == 1
    assert Roster.objects.get().taken == 1
    assert OutgoingMail.objects.count() == 1


def test_one_form_sent_twice_of_the_last_seat_is_confirmed_both_times(client, session):
    make_registration(session, "bela")
    answers = filled_in(client, session)
    responses = [client.post(session.url, answers) for _time in range(2)]
    assert {heading(client, response) for response in responses} == {"Your seat is confirmed"}
    assert Roster.objects.get().taken == 2


@pytest.mark.parametrize(
    "address", ["amina@example.org", "AMINA@Example.ORG", " amina@example.org "]
)
def test_an_address_has_one_seat_and_strangers_cannot_tell(client, session, address):
    register(client, session)
    response = register(client, session, **{"hub-email": address})
    assert heading(client, response) == "Your seat is confirmed"
    assert Registration.objects.count() == 1
    assert Roster.objects.get().taken == 1
    assert sorted(OutgoingMail.objects.values_list("occasion", flat=True)) == [
        "training.again",
        "training.confirmed",
    ]
    make_registration(session, "bela")
    response = register(client, session, **{"hub-email": address})
    assert heading(client, response) == "You are on the waiting list"


def test_addresses_are_compared_as_mail_servers_do():
    assert address_key("Amina@Bücher.example") == "amina@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"takes_registrations": False}, "has closed"),
        ({"opens_at": timezone.now() + timedelta(days=1)}, "has not opened yet"),
        ({"closes_at": timezone.now() - timedelta(days=1)}, "has closed"),
        ({"starts_at": timezone.now() - timedelta(minutes=5)}, "has begun"),
        ({"ends_at": timezone.now() - timedelta(minutes=5)}, "is over"),
        ({"is_cancelled": True}, "has been cancelled"),
    ],
)
def test_what_closed_while_somebody_wrote_loses_nothing(client, session, changes, sentence):
    answers = filled_in(client, session)
    for name, value in changes.items():
        setattr(session, name, value)
    session.save_revision().publish()
    response = client.post(session.url, answers)
    assert response.status_code == 422
    soup = BeautifulSoup(response.content, "html.parser")
    assert sentence in soup.find(class_="error-summary").text
    assert soup.find(id="id_hub-name")["value"] == "Amina"
    assert not Submission.objects.exists()
    assert not soup.find("form") or client.get(session.url).content.count(b"hub-token") == 0
