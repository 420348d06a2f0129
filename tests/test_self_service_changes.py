"""The pages behind the link: what one gives up, accepts and changes there."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from hub.forms import guard
from hub.mail import writers
from hub.mail.outbox import deliver_due
from hub.models import OutgoingMail
from tests.reading import soup
from tests.registering import let_time_pass, make_registration, registration_of, token_of
from tests.self_service import HOUR, address, heading, move, open_session, shown
from training import seats


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def session(site):
    return open_session(site)


# Give up, accept, decline


def test_opening_links_changes_nothing(client, session):
    registration = make_registration(session)
    for name in ("registration", "registration_withdraw", "registration_accept"):
        client.get(address(registration, name), follow=True)
    assert registration_of().status == "confirmed"


def test_person_gives_up_a_seat_and_the_next_in_line_is_offered_it(client, session):
    registration = make_registration(session)
    make_registration(session, "bela")
    make_registration(session, "chi", "waiting")
    response = client.get(address(registration, "registration_withdraw"))
    assert heading(response) == "Give up your seat?"
    response = client.post(address(registration, "registration_withdraw"), follow=True)
    assert response.redirect_chain == [(address(registration), 302)]
    assert heading(response) == "You are not registered any more"
    assert registration_of().status == "cancelled"
    assert registration_of("chi").status == "offered"


def test_person_leaves_the_waiting_list(client, session):
    registration = make_registration(session, status="waiting")
    client.post(address(registration, "registration_withdraw"))
    assert registration_of().status == "cancelled"


@pytest.mark.parametrize(
    ("name", "status"),
    [("registration_accept", "confirmed"), ("registration_withdraw", "declined")],
)
def test_person_answers_an_offer_and_a_second_click_is_harmless(client, session, name, status):
    registration = make_registration(
        session, status="offered", offer_expires_at=timezone.now() + HOUR
    )
    responses = [client.post(address(registration, name), follow=True) for _click in range(2)]
    assert [response.status_code for response in responses] == [200, 200]
    assert registration_of().status == status
    assert OutgoingMail.objects.filter(occasion=f"training.{status}").count() == 1


def test_offer_that_has_ended_is_refused_with_a_sentence(client, session):
    registration = make_registration(
        session, status="offered", offer_expires_at=timezone.now() - HOUR
    )
    response = client.post(address(registration, "registration_accept"))
    assert response.status_code == 409
    assert "This offer has ended" in shown(response)
    assert registration_of().status == "offered"


def test_nobody_takes_a_seat_that_was_not_offered(client, session):
    registration = make_registration(session, status="waiting")
    response = client.post(address(registration, "registration_accept"))
    assert response.status_code == 409
    assert registration_of().status == "waiting"
    assert heading(response) == "You are on the waiting list"


def test_two_tabs_that_disagree_show_how_things_stand(client, session):
    registration = make_registration(
        session, status="offered", offer_expires_at=timezone.now() + HOUR
    )
    client.post(address(registration, "registration_withdraw"))
    response = client.post(address(registration, "registration_accept"))
    assert response.status_code == 409
    assert heading(response) == "The seat was not taken"
    assert "changed in the meantime" in shown(response)


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("get", "registration_withdraw"),
        ("post", "registration_withdraw"),
        ("get", "registration_edit"),
    ],
)
def test_nothing_changes_after_the_start(client, session, method, name):
    registration = make_registration(session)
    move(session, starts_at=timezone.now() - HOUR)
    response = getattr(client, method)(address(registration, name))
    assert response.status_code == 409
    assert "nothing can be changed any more" in shown(response)
    assert registration_of().status == "confirmed"


def test_forms_need_no_cookie_of_ours(session):
    registration = make_registration(session)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address(registration, "registration_withdraw")).status_code == 302


def test_too_many_posts_are_asked_to_wait(client, session, monkeypatch):
    monkeypatch.setattr(guard, "too_many", lambda request, page: True)
    registration = make_registration(session)
    response = client.post(address(registration, "registration_withdraw"))
    assert response.status_code == 429
    assert "wait ten minutes" in shown(response)
    assert registration_of().status == "confirmed"


@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [("many", 429, "wait ten minutes"), ("refused", 422, "one thing needs your attention")],
)
def test_form_that_is_not_taken_keeps_what_was_typed(
    client, session, monkeypatch, fault, status, sentence
):
    registration = make_registration(session)
    monkeypatch.setattr(guard, "too_many", lambda request, page: fault == "many")
    email = "amina@example.org" if fault == "many" else "nowhere"
    response = send_changes(client, registration, **{"hub-name": "Wanjiru", "hub-email": email})
    assert response.status_code == status
    assert sentence in shown(response)
    given = {name: soup(response).find(id=f"id_hub-{name}")["value"] for name in ("name", "email")}
    assert given == {"name": "Wanjiru", "email": email}
    assert registration_of().name == "Amina"


def test_more_than_can_be_read_is_refused_with_a_sentence(client, session):
    registration = make_registration(session)
    response = send_changes(client, registration, **{"hub-access": "x" * 3_000_000})
    assert response.status_code == 413
    assert "more than the form can take" in shown(response)
    assert registration_of().access_needs == ""


# Change


def send_changes(client, registration, **changes):
    form = client.get(address(registration, "registration_edit"))
    data = {"hub-name": "Amina", "hub-email": "amina@example.org", "hub-token": token_of(form)}
    return client.post(address(registration, "registration_edit"), data | changes)


def test_person_changes_details(client, session):
    registration = make_registration(session, form_data={"hub-name": "Amina", "gone": "kept"})
    response = send_changes(client, registration, **{"hub-name": "Amina W.", "hub-country": "KE"})
    assert response["Location"] == f"{address(registration)}?done=changed"
    changed = registration_of()
    assert (changed.name, changed.country, changed.form_data["gone"]) == ("Amina W.", "KE", "kept")
    assert changed.search_text.startswith("amina w.")
    assert changed.link_key == registration.link_key
    assert not OutgoingMail.objects.exists()
    assert "Your changes are kept." in shown(client.get(response["Location"]))


def test_change_is_logged_without_what_was_written(client, session):
    send_changes(client, make_registration(session), **{"hub-name": "Somebody"})
    entry = ModelLogEntry.objects.get(action="training.edited")
    assert entry.user is None
    assert entry.data == {"fields": ["Your name"]}


def test_other_address_gets_a_new_link_and_the_former_a_note(client, session):
    registration = make_registration(session)
    response = send_changes(client, registration, **{"hub-email": "new@example.org"})
    assert response["Location"] == f"{reverse('registration_link')}?done=moved"
    assert "does not work any more" in shown(client.get(response["Location"]))
    assert client.get(address(registration)).status_code == 404
    assert client.get(address(registration_of("new"))).status_code == 200
    assert set(OutgoingMail.objects.values_list("occasion", "to")) == {
        ("training.link", "new@example.org"),
        ("training.moved_address", "amina@example.org"),
    }


def test_new_link_is_in_the_mail_to_the_new_address_alone(client, session, mailoutbox):
    registration = make_registration(session)
    send_changes(client, registration, **{"hub-email": "new@example.org"})
    deliver_due()
    sent = {mail.to[0]: mail.body for mail in mailoutbox}
    assert address(registration_of("new")) in sent["new@example.org"]
    assert "/registration/" not in sent["amina@example.org"]


def test_same_address_in_capitals_keeps_the_link(client, session):
    registration = make_registration(session)
    send_changes(client, registration, **{"hub-email": "Amina@Example.org"})
    assert client.get(address(registration)).status_code == 200
    assert not OutgoingMail.objects.exists()


def test_address_in_use_for_the_session_is_refused_and_nothing_is_lost(client, session):
    make_registration(session, "bela")
    registration = make_registration(session)
    response = send_changes(
        client, registration, **{"hub-name": "Other", "hub-email": "bela@example.org"}
    )
    assert response.status_code == 422
    assert "This address is in use for this session" in shown(response)
    assert soup(response).find(id="id_hub-name")["value"] == "Other"
    assert registration_of().name == "Amina"
    assert not ModelLogEntry.objects.filter(action="training.edited").exists()


@pytest.mark.parametrize(
    "bad", ["nobody", "a@b.example\r\nBcc: c@d.example", "a\x00@b.example", ""]
)
def test_bad_address_is_refused_with_what_was_typed(client, session, bad):
    response = send_changes(
        client, make_registration(session), **{"hub-email": bad, "hub-name": "Other"}
    )
    assert response.status_code == 422
    assert soup(response).find(class_="error-summary")
    assert soup(response).find(id="id_hub-name")["value"] == "Other"
    assert registration_of().name == "Amina"


def test_session_that_began_while_somebody_wrote_loses_nothing(client, session):
    registration = make_registration(session)
    form = client.get(address(registration, "registration_edit"))
    move(session, starts_at=timezone.now() - HOUR)
    response = client.post(
        address(registration, "registration_edit"),
        {"hub-name": "Other", "hub-email": "amina@example.org", "hub-token": token_of(form)},
    )
    assert response.status_code == 422
    assert "nothing can be changed any more" in shown(response)
    assert soup(response).find(id="id_hub-name")["value"] == "Other"
    assert registration_of().name == "Amina"


def test_mail_that_waited_does_not_bring_the_new_link_to_the_former_address(client, session):
    registration = make_registration(session)
    seats.announce(registration)
    send_changes(client, registration, **{"hub-email": "new@example.org"})
    written = {mail.occasion: writers.write(mail) for mail in OutgoingMail.objects.all()}
    assert written["training.confirmed"] is None
    assert written["training.link"]
    assert "/registration/" not in written["training.moved_address"].mail.text
