"""What visitors and machines send instead of a filled-in form: explained, kept on the page, stored once.

Everything goes through the page itself, in English and in Arabic.
"""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError
from django.utils import timezone, translation

from hub.forms import builder, guard, pages, tokens
from hub.mail.addresses import validate_address
from hub.models import OutgoingMail, Submission
from tests.factories import SessionPageFactory
from tests.registering import (
    ANSWERS,
    filled_in,
    let_time_pass,
    make_registration,
    registration_of,
    token_of,
)
from tests.translating import translate
from training import intake
from training.models import Registration, RegistrationQuestion, Roster
from training.seats import withdraw
from training.stages import Stage

QUESTIONS = {
    "line": "singleline",
    "text": "multiline",
    "alias": "name",
    "second_email": "email",
    "website": "url",
    "people": "number",
    "day": "date",
    "experience": "radio",
    "interests": "checkboxes",
    "region": "dropdown",
}
OPEN_TOO_LONG = translation.gettext_lazy(
    "This page was open for more than a day. Check your answers and send them again."
)
WITH_CHOICES = {"experience", "interests", "region"}


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def session(site):
    """A session of three seats that asks one question of every kind."""
    session = SessionPageFactory(parent=site.training, capacity=3)
    session.form_fields = [
        RegistrationQuestion(
            sort_order=order,
            clean_name=name,
            label=name,
            field_type=kind,
            required=False,
            choices="None\nSome" if name in WITH_CHOICES else "",
        )
        for order, (name, kind) in enumerate(QUESTIONS.items())
    ]
    session.save_revision().publish()
    return session


@pytest.fixture(params=["en", "ar"])
def form_page(request, session):
    """The session's page in the visitor's language."""
    if request.param == "en":
        return session
    translate(session.get_parent().specific, "ar")
    return translate(session, "ar", {"None": "لا شيء", "Some": "بعض"})


def said(page, sentence, **values) -> str:
    """What a visitor of the page reads for ``sentence``."""
    with translation.override(page.locale.language_code):
        return str(sentence) % values if values else str(sentence)


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def problems(response) -> str:
    return soup(response).find(class_="error-summary").get_text(" ", strip=True)


def assert_refused(response, page, sentence: str, status: int = 422, stored: int = 0):
    """It is answered on the whole page in its language, which still holds what was typed."""
    assert response.status_code == status
    html = soup(response)
    language = page.locale.language_code
    assert (html.html["lang"], html.html["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert sentence in problems(response)
    assert html.find(id="id_hub-organisation")["value"] == ANSWERS["hub-organisation"]
    assert html.find(id="id_hub-country").find("option", selected=True)["value"] == "KE"
    assert_stored(stored)


def assert_stored(count: int):
    assert Submission.objects.count() == Registration.objects.count() == count
    assert OutgoingMail.objects.filter(occasion="training.confirmed").count() == count
    assert sum(Roster.objects.values_list("taken", flat=True)) == count


# Sending twice


def test_a_double_click_registers_once(client, form_page):
    answers = filled_in(client, form_page)
    locations = [client.post(form_page.url, answers)["Location"] for _click in range(2)]
    assert [location.partition("?sent=")[2][:9] for location in locations] == ["confirmed"] * 2
    assert_stored(1)


def test_going_back_and_changing_answers_is_neither_lost_nor_taken_unasked(client, form_page):
    answers = filled_in(client, form_page)
    client.post(form_page.url, answers)
    changed = answers | {"hub-name": "Bela", "hub-email": "bela@example.org"}
    response = client.post(form_page.url, changed)
    reference = registration_of().reference
    assert_refused(
        response,
        form_page,
        said(form_page, intake.ALREADY_REGISTERED, reference=reference),
        stored=1,
    )
    assert soup(response).find(id="id_hub-name")["value"] == "Bela"
    again = client.post(form_page.url, changed | {"hub-token": token_of(response)})
    assert again.status_code == 302
    assert_stored(2)


def test_going_back_and_changing_answers_of_the_same_person_keeps_the_registration(
    client, form_page
):
    answers = filled_in(client, form_page)
    client.post(form_page.url, answers)
    changed = answers | {"hub-access": "Captions"}
    response = client.post(form_page.url, changed)
    again = client.post(form_page.url, changed | {"hub-token": token_of(response)})
    assert again.status_code == 302
    assert_stored(1)
    assert registration_of().access_needs == ""
    assert OutgoingMail.objects.filter(occasion="training.again").count() == 1


def test_a_form_sent_again_after_the_seat_was_given_up_says_so(client, form_page):
    answers = filled_in(client, form_page)
    client.post(form_page.url, answers)
    withdraw(registration_of())
    response = client.post(form_page.url, answers)
    assert response.status_code == 422
    assert said(form_page, intake.WITHDRAWN) in problems(response)
    client.post(form_page.url, answers | {"hub-token": token_of(response)})
    statuses = Registration.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["cancelled", "confirmed"]


def test_two_tabs_of_one_person_are_one_registration(client, form_page):
    tabs = [filled_in(client, form_page) for _tab in range(2)]
    assert {client.post(form_page.url, answers).status_code for answers in tabs} == {302}
    assert_stored(1)


def test_two_tabs_for_two_people_are_two_registrations(client, form_page):
    first, second = (filled_in(client, form_page) for _tab in range(2))
    client.post(form_page.url, first)
    client.post(form_page.url, second | {"hub-email": "bela@example.org"})
    assert_stored(2)


def test_the_languages_of_a_session_do_not_register_a_person_twice(client, session):
    arabic = translate(session, "ar")
    assert client.post(arabic.url, filled_in(client, session)).status_code == 302
    assert client.post(session.url, filled_in(client, arabic)).status_code == 302
    assert_stored(1)


# Too late


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ({"ends_at": timedelta(minutes=-1)}, Stage.OVER),
        ({"starts_at": timedelta(minutes=-1)}, Stage.JOINING),
        ({"closes_at": timedelta(minutes=-1)}, Stage.CLOSED),
        ({"opens_at": timedelta(days=1)}, Stage.ANNOUNCED),
        ({"is_cancelled": True}, Stage.CANCELLED),
        ({"takes_registrations": False}, Stage.CLOSED),
    ],
)
def test_what_is_past_or_closed_says_so_and_keeps_what_was_typed(client, form_page, facts, stage):
    answers = filled_in(client, form_page)
    now = timezone.now()
    Roster.objects.update(
        **{
            name: now + value if isinstance(value, timedelta) else value
            for name, value in facts.items()
        }
    )
    response = client.post(form_page.url, answers)
    assert_refused(response, form_page, said(form_page, stage.refusal))


def test_what_filled_up_meanwhile_is_a_place_in_the_line(client, form_page):
    answers = filled_in(client, form_page)
    for name in ("bela", "chi", "dawit"):
        make_registration(form_page, name)
    response = client.post(form_page.url, answers)
    assert response["Location"].partition("?sent=")[2].startswith("waiting")
    assert registration_of().status == "waiting"
    assert Roster.objects.get().taken == 3


# Answers


@pytest.mark.parametrize(
    "address", ["nobody", "a@b", "amina@example..org", "amina@-example.org", "a b@example.org", "@"]
)
def test_what_is_no_address_is_explained(client, form_page, address):
    response = client.post(form_page.url, filled_in(client, form_page, **{"hub-email": address}))
    assert_refused(response, form_page, said_by(form_page, validate_address, address))
    assert soup(response).find(id="id_hub-email")["value"] == address


def said_by(page, validator, value: str) -> str:
    """The sentence with which a validator refuses ``value``, in the page's language."""
    with translation.override(page.locale.language_code):
        with pytest.raises(builder.ValidationError) as refusal:
            validator(value)
        return refusal.value.messages[0]


@pytest.mark.parametrize("address", ["أمينة@example.org", "josé@example.org"])
def test_letters_no_mail_server_takes_are_named(client, form_page, address):
    response = client.post(form_page.url, filled_in(client, form_page, **{"hub-email": address}))
    assert_refused(response, form_page, said_by(form_page, validate_address, address))


@pytest.mark.parametrize("address", ["amina@bücher.example", "amina@مثال.إختبار", "o'neil+x@x.org"])
def test_international_domains_are_taken_as_typed(client, form_page, address):
    client.post(form_page.url, filled_in(client, form_page, **{"hub-email": address}))
    assert Registration.objects.get().address == address
    assert OutgoingMail.objects.get().to == address


ONE_LINE = ["hub-name", "hub-organisation", "line", "alias"]
ADDRESSES = ["hub-email", "second_email"]
TEXTS = ["hub-access", "text"]
CHOICES = ["hub-country", "experience", "interests", "region"]


def fault(response, name: str) -> str:
    """What stands beside a question."""
    return soup(response).find(id=f"id_{name}_error").get_text(" ", strip=True)


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028"])
def test_a_second_line_is_refused_in_every_field_of_one_line(client, form_page, line_break):
    attack = f"Amina{line_break}Bcc: all@example.org"
    names = [*ONE_LINE, *ADDRESSES, "website", "people", "day", *CHOICES]
    response = client.post(
        form_page.url, filled_in(client, form_page, **dict.fromkeys(names, attack))
    )
    assert response.status_code == 422
    assert {name for name in names if fault(response, name)} == set(names)
    for name in ONE_LINE:
        assert fault(response, name).endswith(
            said_by(form_page, builder.refuse_line_breaks, attack)
        )
    assert_stored(0)


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x7f"])
def test_invisible_characters_are_refused_in_every_field(client, form_page, control):
    names = [*ONE_LINE, *ADDRESSES, *TEXTS, "website", "people", "day", *CHOICES]
    response = client.post(
        form_page.url, filled_in(client, form_page, **dict.fromkeys(names, f"a{control}b"))
    )
    assert response.status_code == 422
    assert {name for name in names if fault(response, name)} == set(names)
    for name in [*ONE_LINE, *ADDRESSES, *TEXTS]:
        assert fault(response, name).endswith(said_by(form_page, builder.refuse_controls, control))
    assert_stored(0)


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_that_is_not_offered_is_explained(client, form_page, name):
    answers = filled_in(client, form_page) | {name: "Gossip"}
    response = client.post(form_page.url, answers)
    assert response.status_code == 422
    assert fault(response, name).endswith(said(form_page, builder.NOT_A_CHOICE))
    assert soup(response).find(id="id_hub-name")["value"] == "Amina"
    assert_stored(0)


def test_what_is_left_out_is_asked_for(client, form_page):
    response = client.post(form_page.url, {"hub-token": token_of(client.get(form_page.url))})
    assert response.status_code == 422
    for name in ("hub-name", "hub-email"):
        assert fault(response, name).endswith(said(form_page, builder.FILL_IN))
    assert fault(response, "hub-consent")
    assert not soup(response).find(id="id_hub-country_error")
    assert_stored(0)


def test_bytes_that_are_no_text_are_no_accident(client, form_page):
    answers = filled_in(client, form_page)
    body = urlencode(answers).replace("Amina", "Am%ff%feina")
    form = "application/x-www-form-urlencoded"
    assert client.post(form_page.url, body, content_type=form).status_code == 302
    assert Registration.objects.get().name == "Am\ufffd\ufffdina"


@pytest.mark.parametrize("content_type", ["multipart", "urlencoded"])
def test_three_megabytes_are_refused_with_the_way_back(client, form_page, content_type):
    answers = filled_in(client, form_page, **{"hub-access": "x" * 3_000_000})
    if content_type == "multipart":
        response = client.post(form_page.url, answers)
    else:
        form = "application/x-www-form-urlencoded"
        response = client.post(form_page.url, urlencode(answers), content_type=form)
    assert response.status_code == 413
    assert said(form_page, pages.TOO_LARGE) in problems(response)
    assert_stored(0)


def test_ten_thousand_answers_are_refused_with_the_way_back(client, form_page):
    body = urlencode(filled_in(client, form_page)) + "&x=1" * 10_000
    response = client.post(form_page.url, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert said(form_page, pages.TOO_LARGE) in problems(response)
    assert_stored(0)


def test_as_much_as_there_is_room_for_is_kept(client, form_page):
    needs = "\r\n".join(["نحتاج ترجمة"] * 83) + "."
    client.post(form_page.url, filled_in(client, form_page, **{"hub-access": needs}))
    assert registration_of().access_needs == needs.replace("\r\n", "\n")


# Tokens


def altered(token: str, page) -> str:
    return token[:-4] + ("aaaa" if token[-4:] != "aaaa" else "bbbb")


def of_another_session(token: str, page) -> str:
    return tokens.issue(SessionPageFactory(parent=page.get_parent(), slug="another"))


@pytest.mark.parametrize(
    "make", [altered, of_another_session, lambda *_: "", lambda *_: "\x00", lambda *_: "ü" * 5000]
)
def test_a_token_that_is_not_this_forms_is_replaced(client, form_page, monkeypatch, make):
    answers = filled_in(client, form_page)
    answers["hub-token"] = make(answers["hub-token"], form_page)
    response = client.post(form_page.url, answers)
    assert_refused(response, form_page, said(form_page, tokens._unknown(form_page).args[0]))
    answers["hub-token"] = token_of(response)
    let_time_pass(monkeypatch, 120)
    assert client.post(form_page.url, answers).status_code == 302
    assert_stored(1)


def test_a_form_without_any_token_is_given_one(client, form_page):
    response = client.post(form_page.url, ANSWERS)
    assert_refused(response, form_page, said(form_page, tokens._unknown(form_page).args[0]))
    assert token_of(response)


def test_a_form_that_was_open_for_more_than_a_day_is_stored_once(client, form_page, monkeypatch):
    answers = filled_in(client, form_page)
    client.post(form_page.url, answers)
    let_time_pass(monkeypatch, 25 * 3600)
    response = client.post(form_page.url, answers)
    assert_refused(
        response,
        form_page,
        said(form_page, OPEN_TOO_LONG),
        stored=1,
    )
    let_time_pass(monkeypatch, 26 * 3600)
    again = client.post(form_page.url, answers | {"hub-token": token_of(response)})
    assert again.status_code == 302
    assert_stored(1)


def test_a_token_replayed_for_somebody_else_registers_nobody(client, form_page):
    answers = filled_in(client, form_page)
    client.post(form_page.url, answers)
    for number in range(3):
        other = answers | {"hub-email": f"robot{number}@example.org"}
        assert client.post(form_page.url, other).status_code == 422
    assert_stored(1)


# Machines


def test_a_filled_honeypot_is_explained_and_emptied(client, form_page):
    answers = filled_in(client, form_page)
    response = client.post(form_page.url, answers | {guard.HONEYPOT: "https://spam.example"})
    assert_refused(response, form_page, said(form_page, guard.HONEYPOT_FILLED))
    assert not soup(response).find(attrs={"name": guard.HONEYPOT}).get("value")
    assert client.post(form_page.url, answers).status_code == 302


@pytest.mark.parametrize("limit", ["POSTS_PER_PERIOD", "POSTS_PER_FORM"])
def test_too_many_posts_wait_and_lose_nothing(client, form_page, monkeypatch, limit):
    monkeypatch.setattr(guard, limit, 1)
    answers = filled_in(client, form_page)
    assert client.post(form_page.url, answers | {"hub-token": ""}).status_code == 422
    response = client.post(form_page.url, answers)
    assert_refused(response, form_page, said(form_page, guard.TOO_MANY), status=429)


def test_limits_are_of_an_address_and_of_a_session(client, form_page, monkeypatch):
    monkeypatch.setattr(guard, "POSTS_PER_PERIOD", 1)
    other = SessionPageFactory(parent=form_page.get_parent(), slug="another")

    def send(page, address: str) -> int:
        return client.post(page.url, ANSWERS, REMOTE_ADDR=address).status_code

    assert [send(form_page, "192.0.2.1"), send(form_page, "192.0.2.2")] == [422, 422]
    assert send(other, "192.0.2.1") == 429
    monkeypatch.setattr(guard, "POSTS_PER_FORM", 2)
    assert send(form_page, "192.0.2.3") == 429
    assert send(other, "192.0.2.3") == 422


def test_a_session_takes_registrations_while_the_cache_is_down(
    client, form_page, monkeypatch, caplog
):
    class Down:
        def __getattr__(self, name):
            raise ConnectionError("no cache")

    answers = filled_in(client, form_page)
    monkeypatch.setattr(guard, "cache", Down())
    monkeypatch.setattr(guard, "POSTS_PER_PERIOD", 0)
    assert client.post(form_page.url, answers).status_code == 302
    assert_stored(1)
    assert "not limited" in caplog.text


def test_when_nothing_can_be_stored_the_page_says_so_in_the_visitors_language(
    client, form_page, monkeypatch
):
    def fail(*_arguments):
        raise OperationalError("database or disk is full")

    client.raise_request_exception = False
    answers = filled_in(client, form_page)
    with monkeypatch.context() as patch:
        patch.setattr("training.seats.take_seat", fail)
        response = client.post(form_page.url, answers)
    assert response.status_code == 500
    html, language = soup(response), form_page.locale.language_code
    assert html.h1.text == said(form_page, translation.gettext_lazy("Something broke on our side."))
    assert (html.html["lang"], html.html["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert_stored(0)
    assert client.post(form_page.url, answers).status_code == 302


# The words


@pytest.mark.parametrize(
    "sentence",
    [
        builder.FILL_IN,
        builder.NOT_A_CHOICE,
        guard.HONEYPOT_FILLED,
        guard.TOO_MANY,
        pages.TOO_LARGE,
    ],
)
def test_what_a_visitor_is_told_is_said_in_arabic(sentence):
    with translation.override("ar"):
        arabic = str(sentence)
    assert any("\u0600" <= letter <= "\u06ff" for letter in arabic)
