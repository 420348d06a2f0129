"""The contact page, and with it how every form page is shown, sent and thanked for."""

import re
import socket
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.models import ContactPage
from hub.forms.pages import months_later
from hub.mail.outbox import deliver_due
from hub.models import OutgoingMail, Submission
from tests.contacting import ANSWERS, clock_of_tokens, filled_in, make_contact_page, sentences
from tests.reading import soup
from tests.registering import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(site):
    return site.home


@pytest.fixture
def contact(home):
    return make_contact_page(home)


@pytest.fixture
def wait(monkeypatch):
    return clock_of_tokens(monkeypatch)


@pytest.fixture
def filled(client, contact, wait):
    return filled_in(client, contact, wait)


# Showing


def test_form_is_shown_without_a_cookie_and_for_one_visitor_only(client, contact):
    response = client.get(contact.url)

    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"] == "private, no-cache"
    assert token_of(response) != token_of(client.get(contact.url))


def test_form_marks_optional_questions_and_helps_browsers_fill_in(client, contact):
    form = soup(client.get(contact.url)).find("form", class_="form")

    labels = {
        label["for"]: label.get_text(" ", strip=True)
        for label in form.find_all("label", {"for": True})
    }
    assert labels["id_message"] == "Message"
    assert labels["id_email"] == "Email (optional)"
    assert form.find(id="id_email")["autocomplete"] == "email"
    assert form.find(id="id_your_name")["autocomplete"] == "name"
    assert form.find(id="id_message")["aria-describedby"] == "id_message_helptext"
    assert form.find(id="id_message_helptext").get_text() == "A few lines."
    assert form.find("legend").get_text(" ", strip=True) == "Topic (optional)"


def test_showing_the_form_costs_at_most_14_queries(client, contact):
    client.get(contact.url)
    with CaptureQueriesContext(connection) as queries:
        client.get(contact.url)

    assert len(queries) <= 14


# Sending


def test_sending_stores_the_answers_and_leads_to_the_thanks(client, contact, filled):
    response = client.post(contact.url, filled)

    submission = Submission.objects.get()
    assert submission.form_data == {
        "your_name": "Amina",
        "email": "amina@example.org",
        "topic": "Training",
        "message": "We are stuck.\nCan you help?",
        "hub-about": "",
    }
    assert submission.address == "amina@example.org"
    assert submission.page_id == contact.pk
    assert submission.locale == contact.locale
    assert submission.retained_until == months_later(timezone.localdate(), 12)
    assert re.fullmatch(r"[2-9A-Z]{3}-[2-9A-Z]{4}", submission.reference)
    assert response.status_code == 302
    assert response["Location"].startswith(f"{contact.url}?sent={submission.reference}")
    assert "amina" not in response["Location"].lower()
    assert not response.cookies

    thanks = client.get(response["Location"])
    assert submission.reference in soup(thanks).main.get_text()
    assert soup(thanks).find("form", class_="form") is None
    assert "amina" not in thanks.content.decode().lower()
    assert "no-store" in thanks["Cache-Control"]
    assert not thanks.cookies


def test_sending_writes_a_mail_to_each_address_and_a_receipt_without_the_visitors_words(
    client, contact, filled
):
    client.post(contact.url, filled)

    submission = Submission.objects.get()
    staff, second, receipt = OutgoingMail.objects.order_by("pk")
    assert [staff.to, second.to, receipt.to] == [
        "desk@example.org",
        "second@example.org",
        "amina@example.org",
    ]
    assert staff.reply_to == "amina@example.org"
    assert staff.subject == f"Message {submission.reference}: Contact"
    assert "We are stuck.\nCan you help?" in staff.text
    assert receipt.subject == f"We have your message {submission.reference}"
    assert receipt.reply_to == ""
    for words in ("stuck", "Amina"):
        assert words not in receipt.text + receipt.html
    assert {staff.state, receipt.state} == {OutgoingMail.State.WAITING}
    assert {staff.submission, receipt.submission} == {submission}


def test_sending_costs_at_most_8_queries_more_than_finding_the_page(client, contact, filled, rf):
    page = ContactPage.objects.select_related("locale").get(pk=contact.pk)
    with CaptureQueriesContext(connection) as queries:
        response = page.serve(rf.post(contact.url, filled))

    assert response.status_code == 302
    own = [query for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(own) <= 8


def test_sending_the_same_form_twice_stores_it_once(client, contact, filled):
    first = client.post(contact.url, filled)
    second = client.post(contact.url, filled)

    assert Submission.objects.count() == 1
    assert OutgoingMail.objects.count() == 3
    reference = Submission.objects.get().reference
    for response in (first, second):
        assert response["Location"].startswith(f"{contact.url}?sent={reference}")


def test_the_database_refuses_a_second_row_of_the_same_key(client, contact, filled):
    client.post(contact.url, filled)
    copy = Submission.objects.get()
    copy.pk, copy.reference = None, "AAA-BBBB"

    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_sending_changed_answers_under_the_same_key_neither_loses_nor_overwrites(
    client, contact, filled, wait
):
    client.post(contact.url, filled)
    again = client.post(contact.url, {**filled, "message": "Another question."})

    assert again.status_code == 422
    assert Submission.objects.get().reference in sentences(again)
    assert soup(again).find(id="id_message").get_text(strip=True) == "Another question."

    wait(60)
    changed = {**filled, "message": "Another question.", "hub-token": token_of(again)}
    assert client.post(contact.url, changed).status_code == 302
    assert [
        submission.form_data["message"] for submission in Submission.objects.order_by("pk")
    ] == [
        "We are stuck.\nCan you help?",
        "Another question.",
    ]


def test_two_tabs_are_two_submissions(client, contact, wait):
    first, second = (token_of(client.get(contact.url)) for _tab in range(2))
    wait(30)
    client.post(contact.url, {**ANSWERS, "hub-token": first})
    client.post(contact.url, {**ANSWERS, "hub-token": second, "message": "And another thing."})

    assert Submission.objects.count() == 2


def test_a_reference_that_is_taken_is_drawn_again(client, contact, filled, wait, monkeypatch):
    client.post(contact.url, filled)
    taken = Submission.objects.get().reference
    monkeypatch.setattr(Submission._meta.get_field("reference"), "_get_default", lambda: taken)
    token = token_of(client.get(contact.url))
    wait(60)

    response = client.post(contact.url, {**filled, "hub-token": token})

    assert response.status_code == 302
    assert Submission.objects.count() == 2


# Consent


def test_consent_is_asked_for_and_kept_with_its_words(client, home, wait):
    page = make_contact_page(home, consent_text="You may keep this for a year.")
    data = {**ANSWERS, "hub-token": token_of(client.get(page.url))}
    wait(60)
    refused = client.post(page.url, data)
    assert refused.status_code == 422
    assert "Tick this box" in sentences(refused)
    box = soup(refused).find("label", attrs={"for": "id_hub-consent"})
    assert box.text.strip() == "You may keep this for a year."

    before = timezone.now()
    client.post(page.url, {**data, "hub-consent": "on"})
    submission = Submission.objects.get()
    assert submission.consent_text == "You may keep this for a year."
    assert submission.consented_at >= before
    assert "hub-consent" not in submission.form_data


def test_months_later_ends_with_a_shorter_month():
    assert months_later(date(2022, 1, 31), 1) == date(2022, 2, 28)
    assert months_later(date(2023, 1, 31), 13) == date(2024, 2, 29)
    assert months_later(date(2022, 12, 5), 12) == date(2023, 12, 5)


# About a page


def test_the_page_a_visitor_writes_about_is_shown_and_stored(client, contact, home, wait):
    response = client.get(f"{contact.url}?about={home.url}")
    assert "About: Plain Tender" in soup(response).main.get_text(" ", strip=True)
    carried = soup(response).find("input", {"name": "hub-about"})["value"]
    wait(60)
    client.post(contact.url, {**ANSWERS, "hub-token": token_of(response), "hub-about": carried})

    assert Submission.objects.get().form_data["hub-about"] == home.url
    assert f"http://127.0.0.1:8000{home.url}" in OutgoingMail.objects.order_by("pk").first().text


@pytest.mark.parametrize(
    "about",
    [
        "https://evil.example/",
        "//evil.example/en/",
        "/en/none/",
        "/admin/",
        "\x00",
        "/" + "x" * 900,
    ],
)
def test_anything_but_a_page_of_the_hub_counts_as_nothing(client, contact, filled, about):
    assert "About:" not in soup(client.get(contact.url, {"about": about})).main.get_text()
    assert client.post(contact.url, {**filled, "hub-about": about}).status_code == 302
    assert Submission.objects.get().form_data["hub-about"] == ""


# Mail that cannot be sent


def test_with_the_mail_server_down_the_visitor_is_thanked_and_the_mail_waits(
    client, contact, filled, settings
):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        refused_port = unused.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", refused_port

    response = client.post(contact.url, filled, follow=True)
    assert Submission.objects.get().reference in response.content.decode()

    assert deliver_due() == 0
    tried = OutgoingMail.objects.exclude(attempts=0).get()
    assert tried.state == OutgoingMail.State.WAITING
    assert tried.last_error == "ConnectionRefusedError: Connection refused"
    assert tried.next_attempt_at > timezone.now()
