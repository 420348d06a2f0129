"""The pages behind the link: what one sees there, what one changes, and what a bad link says."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from hub.forms import guard
from hub.forms.links import renew, token_for
from hub.mail import writers
from hub.mail.outbox import deliver_due
from hub.models import OutgoingMail
from tests.factories import SessionPageFactory
from tests.registering import let_time_pass, make_registration, registration_of, token_of
from tests.translating import locale_of
from training import seats
from training.models import Registration, RegistrationQuestion, Roster


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def session(site):
    return SessionPageFactory(
        parent=site.training,
        title="Reading a tender",
        capacity=2,
        joining_url="https://meet.example.org/circle",
        joining_note="The room opens early.",
    )


def address(registration, name="registration", language="en") -> str:
    with translation.override(language):
        return reverse(name, args=[token_for(registration)])


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def heading(response) -> str:
    return " ".join(soup(response).h1.text.split())


def shown(response) -> str:
    return " ".join(soup(response).main.text.split())


def move(session, **facts):
    Roster.objects.filter(pk=session.roster.pk).update(**facts)
    type(session).objects.filter(pk=session.pk).update(
        **{name: value for name, value in facts.items() if name.endswith("_at")}
    )


HOUR = timedelta(hours=1)


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


def test_mail_that_waited_does_not_bring_the_new_link_to_the_former_address(client, session):
    registration = make_registration(session)
    seats.announce(registration)
    send_changes(client, registration, **{"hub-email": "new@example.org"})
    written = {mail.occasion: writers.write(mail) for mail in OutgoingMail.objects.all()}
    assert written["training.confirmed"] is None
    assert written["training.link"]
    assert "/registration/" not in written["training.moved_address"].mail.text
