"""The pages behind the link: what one sees there, and what a bad link says."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from hub.forms.links import renew, token_for
from hub.models import OutgoingMail
from tests.reading import soup
from tests.registering import let_time_pass, make_registration, token_of
from tests.self_service import HOUR, address, heading, move, open_session, shown
from tests.translating import locale_of
from training.models import Registration, RegistrationQuestion


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def session(site):
    return open_session(site)


# See


def test_person_with_a_seat_sees_how_to_join_and_what_they_said(client, session):
    registration = make_registration(session)
    response = client.get(address(registration))
    assert heading(response) == "Your seat is confirmed"
    assert "https://meet.example.org/circle" in shown(response)
    assert "The room opens early." in shown(response)
    assert "amina@example.org" in shown(response)
    assert soup(response).select_one(".facts [data-local-time]")


def test_person_in_line_sees_their_place_and_no_way_in(client, session):
    make_registration(session, "bela", "waiting")
    registration = make_registration(session, "chi", "waiting")
    response = client.get(address(registration))
    assert heading(response) == "You are on the waiting list"
    assert "Your place in line is number 2." in shown(response)
    assert "meet.example.org" not in response.content.decode()


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("offered", "A seat is free for you"),
        ("cancelled", "You are not registered any more"),
        ("declined", "The seat was not taken"),
        ("attended", "You took part in this session"),
        ("no-show", "You did not take part in this session"),
    ],
)
def test_every_other_status_is_said_in_plain_words_without_the_way_in(
    client, session, status, title
):
    registration = make_registration(session, status=status, offer_expires_at=timezone.now() + HOUR)
    response = client.get(address(registration))
    assert heading(response) == title
    assert "meet.example.org" not in response.content.decode()


def test_the_way_into_a_cancelled_session_is_not_shown(client, session):
    registration = make_registration(session)
    move(session, is_cancelled=True)
    response = client.get(address(registration))
    assert heading(response) == "This session has been cancelled"
    assert "meet.example.org" not in response.content.decode()
    assert not soup(response).main.find("form")


@pytest.mark.parametrize("status", ["confirmed", "waiting"])
def test_registration_page_queries(client, session, status, django_assert_num_queries):
    registration = make_registration(session, status=status)
    client.get(address(registration))
    with django_assert_num_queries(3 if status == "confirmed" else 4):
        client.get(address(registration))


@pytest.mark.parametrize("name", ["registration", "registration_withdraw", "registration_edit"])
def test_page_is_kept_nowhere_and_sets_no_cookie(client, session, name):
    response = client.get(address(make_registration(session), name))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


def test_language_menu_leads_to_the_same_page(client, session, site):
    spanish = locale_of("es")
    site.home.copy_for_translation(spanish).save_revision().publish()
    registration = make_registration(session)
    links_shown = soup(client.get(address(registration))).select(".language-menu a")
    assert [link["href"] for link in links_shown] == [
        address(registration),
        address(registration, language="es"),
    ]
    response = client.get(address(registration, language="es"))
    assert soup(response).html["lang"] == "es"


@pytest.mark.parametrize("language", ["en", "ar", "es", "fr"])
@pytest.mark.parametrize(
    "name", ["registration", "registration_withdraw", "registration_edit", "registration_link"]
)
def test_page_works_in_every_language(client, session, language, name):
    locale_of(language)
    registration = make_registration(session)
    with translation.override(language):
        place = (
            reverse(name) if name == "registration_link" else address(registration, name, language)
        )
    response = client.get(place)
    assert response.status_code == 200
    assert soup(response).html["dir"] == ("rtl" if language == "ar" else "ltr")


def test_answers_are_shown_in_the_words_of_the_page(client, session):
    RegistrationQuestion.objects.create(
        page=session,
        label="Your role",
        clean_name="role",
        field_type="radio",
        choices="Monitor\nJournalist",
    )
    # As on a translated page, where the source's choices are what is stored.
    RegistrationQuestion.objects.update(choice_values="M\nJ")
    data = {"hub-name": "Amina", "hub-country": "KE", "role": "J", "gone": "x"}
    registration = make_registration(session, form_data=data)
    answers = soup(client.get(address(registration))).select("dl.panel > div")
    assert [answer.get_text(" ", strip=True) for answer in answers] == [
        "Your name Amina",
        "Country Kenya",
        "Your role Journalist",
    ]


# Links that do not work


@pytest.mark.parametrize("damage", ["forged", "altered", "renewed", "anonymised", "deleted"])
@pytest.mark.parametrize("name", ["registration", "registration_edit", "registration_withdraw"])
def test_bad_link_says_what_to_do_and_reveals_nothing(client, session, damage, name):
    registration = make_registration(session)
    place = address(registration, name)
    if damage == "forged":
        place = reverse(name, args=["1-0000~nonsense"])
    elif damage == "altered":
        place = reverse(name, args=[token_for(registration)[:-1] + "!"])
    elif damage == "renewed":
        renew(registration)
    elif damage == "anonymised":
        Registration.objects.update(anonymised_at=timezone.now())
    else:
        registration.delete()
    for response in (client.get(place), client.post(place)):
        assert response.status_code in {404, 405}  # what only shows something takes no post
        text = response.content.decode()
        assert "Amina" not in text
        assert "Reading a tender" not in text
    response = client.get(place)
    assert heading(response) == "This link does not work, or not any more"
    assert soup(response).main.form["action"] == reverse("registration_link")
    assert "no-store" in response["Cache-Control"]


def ask(client, email, **changes):
    place = reverse("registration_link")
    data = {"email": email, "hub-token": token_of(client.get(place))} | changes
    return client.post(place, data)


def test_link_is_mailed_again_once_an_hour_and_strangers_cannot_tell(client, session):
    make_registration(session)
    answers = [
        ask(client, email) for email in ("AMINA@example.org", "amina@example.org", "x@y.org")
    ]
    assert len({answer["Location"] for answer in answers}) == 1
    assert "a mail with the link is on its way" in shown(client.get(answers[0]["Location"]))
    mail = OutgoingMail.objects.get()
    assert (mail.occasion, mail.to) == ("training.link", "amina@example.org")


def test_link_is_mailed_after_the_session_too(client, session):
    """The certificate is behind it."""
    make_registration(session, status="attended")
    move(session, ends_at=timezone.now() - HOUR)
    ask(client, "amina@example.org")
    assert OutgoingMail.objects.get().occasion == "training.link"


@pytest.mark.parametrize("reason", ["cancelled", "anonymised"])
def test_no_link_is_mailed_to_what_is_given_up(client, session, reason):
    make_registration(
        session,
        status="cancelled" if reason == "cancelled" else "confirmed",
        anonymised_at=timezone.now() if reason == "anonymised" else None,
        address_key="amina@example.org",
    )
    ask(client, "amina@example.org")
    assert not OutgoingMail.objects.exists()


def test_asking_for_a_link_is_guarded(client, session):
    make_registration(session)
    response = ask(client, "amina@example.org", **{"hub-website": "https://spam.example"})
    assert response.status_code == 422
    response = ask(client, "amina@example.org", **{"hub-token": "nonsense"})
    assert response.status_code == 422
    assert soup(response).find(id="id_email")["value"] == "amina@example.org"
    assert not OutgoingMail.objects.exists()


# Calendar and certificate


def test_calendar_file_is_for_those_with_a_seat(client, session):
    seated = make_registration(session)
    response = client.get(address(seated, "registration_calendar"))
    assert response.content.startswith(b"BEGIN:VCALENDAR")
    assert b"Reading a tender" in response.content
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{seated.reference}.ics"'
    assert "no-store" in response["Cache-Control"]
    waiting = make_registration(session, "bela", "waiting")
    response = client.get(address(waiting, "registration_calendar"))
    assert response.status_code == 403
    assert "BEGIN" not in response.content.decode()


def test_certificate_says_who_took_part_in_what(client, session):
    registration = make_registration(session, status="attended")
    response = client.get(address(registration, "registration_certificate"))
    assert heading(response) == "Certificate of attendance"
    text = shown(response)
    for fact in ("Amina", "Reading a tender", "1 hour 30 minutes", "Plain Tender"):
        assert fact in text
    assert registration.reference in text


@pytest.mark.parametrize("status", ["confirmed", "waiting", "cancelled", "no-show"])
def test_certificate_is_for_those_who_attended(client, session, status):
    registration = make_registration(session, status=status)
    response = client.get(address(registration, "registration_certificate"))
    assert response.status_code == 403
    assert "Certificate of attendance" not in shown(response)
    assert "noted as having attended" in shown(response)
