"""The contact page, and with it everything a form page does."""

import csv
import io
import re
import socket
import time
from datetime import date
from types import SimpleNamespace

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import GroupPagePermission, Locale
from wagtail_localize.models import StringTranslation, TranslationSource
from wagtail_localize.strings import StringValue

from home.models import ContactFormField, ContactPage
from hub.forms import guard, tokens
from hub.forms.pages import months_later
from hub.mail.outbox import deliver_due
from hub.models import OutgoingMail, Submission, User

pytestmark = pytest.mark.django_db

ANSWERS = {
    "your_name": "Amina",
    "email": "amina@example.org",
    "topic": "Training",
    "message": "We are stuck.\r\nCan you help?",
}


@pytest.fixture
def home(site):
    return site.home


@pytest.fixture
def contact(home):
    return make_contact_page(home)


def make_contact_page(home, slug="write-to-us", **fields):
    page = ContactPage(
        title="Contact",
        slug=slug,
        locale=home.locale,
        to_addresses="desk@example.org\nsecond@example.org",
        **fields,
    )
    page.form_fields = [
        ContactFormField(sort_order=0, label="Your name", field_type="name", required=False),
        ContactFormField(sort_order=1, label="Email", field_type="email", required=False),
        ContactFormField(
            sort_order=2,
            label="Topic",
            field_type="radio",
            choices="Training\nToolkit, or a template\nSomething else",
            required=False,
        ),
        ContactFormField(
            sort_order=3, label="Message", field_type="multiline", help_text="A few lines."
        ),
    ]
    home.add_child(instance=page)
    return page


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def token_in(response) -> str:
    return soup(response).find("input", {"name": "hub-token"})["value"]


@pytest.fixture
def wait(monkeypatch):
    """Moves the clock of the tokens on."""
    clock = SimpleNamespace(offset=0)
    monkeypatch.setattr(tokens, "time", SimpleNamespace(time=lambda: time.time() + clock.offset))

    def move(seconds):
        clock.offset += seconds

    return move


@pytest.fixture
def filled(client, contact, wait):
    """A form that was opened a minute ago, ready to be sent."""
    token = token_in(client.get(contact.url))
    wait(60)
    return {**ANSWERS, "hub-token": token}


def sentences(response) -> str:
    return soup(response).find(class_="error-summary").get_text(" ", strip=True)


# Showing


def test_form_is_shown_without_a_cookie_and_for_one_visitor_only(client, contact):
    response = client.get(contact.url)

    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"] == "private, no-cache"
    assert token_in(response) != token_in(client.get(contact.url))


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
    changed = {**filled, "message": "Another question.", "hub-token": token_in(again)}
    assert client.post(contact.url, changed).status_code == 302
    assert [
        submission.form_data["message"] for submission in Submission.objects.order_by("pk")
    ] == [
        "We are stuck.\nCan you help?",
        "Another question.",
    ]


def test_two_tabs_are_two_submissions(client, contact, wait):
    first, second = (token_in(client.get(contact.url)) for _tab in range(2))
    wait(30)
    client.post(contact.url, {**ANSWERS, "hub-token": first})
    client.post(contact.url, {**ANSWERS, "hub-token": second, "message": "And another thing."})

    assert Submission.objects.count() == 2


def test_a_reference_that_is_taken_is_drawn_again(client, contact, filled, wait, monkeypatch):
    client.post(contact.url, filled)
    taken = Submission.objects.get().reference
    monkeypatch.setattr(Submission._meta.get_field("reference"), "_get_default", lambda: taken)
    token = token_in(client.get(contact.url))
    wait(60)

    response = client.post(contact.url, {**filled, "hub-token": token})

    assert response.status_code == 302
    assert Submission.objects.count() == 2


# Tokens


def _altered(token, contact, home):
    return token[:-4] + ("aaaa" if token[-4:] != "aaaa" else "bbbb")


def _of_another_page(token, contact, home):
    return tokens.issue(make_contact_page(home, slug="other"))


def _missing(token, contact, home):
    return ""


@pytest.mark.parametrize("make_token", [_altered, _of_another_page, _missing])
def test_a_token_that_is_not_this_forms_is_refused_and_replaced(
    client, contact, home, filled, wait, make_token
):
    token = make_token(filled["hub-token"], contact, home)
    wait(60)
    response = client.post(contact.url, {**filled, "hub-token": token})

    assert response.status_code == 422
    assert "could not tell where this form came from" in sentences(response)
    assert soup(response).find(id="id_message").get_text(strip=True).startswith("We are stuck.")
    assert soup(response).find("input", {"value": "Training"}).has_attr("checked")
    assert not Submission.objects.exists()

    wait(60)
    assert client.post(contact.url, {**filled, "hub-token": token_in(response)}).status_code == 302


def test_a_token_of_a_translation_is_good(client, contact, filled):
    Locale.objects.create(language_code="es")
    spanish = translate(contact, "es")

    assert client.post(spanish.url, filled).status_code == 302


def test_a_form_sent_too_fast_comes_back_and_can_be_sent(client, contact, wait):
    token = token_in(client.get(contact.url))
    response = client.post(contact.url, {**ANSWERS, "hub-token": token})

    assert response.status_code == 422
    assert "quicker than a person" in sentences(response)
    wait(5)
    assert client.post(contact.url, {**ANSWERS, "hub-token": token_in(response)}).status_code == 302


def test_a_form_left_open_for_more_than_a_day_comes_back_and_stores_once(
    client, contact, filled, wait
):
    client.post(contact.url, filled)
    wait(25 * 3600)
    response = client.post(contact.url, filled)

    assert response.status_code == 422
    assert "more than a day" in sentences(response)
    wait(60)
    client.post(contact.url, {**filled, "hub-token": token_in(response)})
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("sent", ["K7F-29QX", "K7F-29QX:abc:def", "", "%00"])
def test_a_made_up_thanks_address_shows_the_form(client, contact, sent):
    response = client.get(f"{contact.url}?sent={sent}")

    assert response.status_code == 200
    assert token_in(response)


def test_the_thanks_of_one_form_are_not_shown_on_another(client, contact, home, filled):
    other = make_contact_page(home, slug="other")
    query = client.post(contact.url, filled)["Location"].partition("?")[2]

    assert soup(client.get(f"{other.url}?{query}")).find("form", class_="form")


# Guards


def test_a_filled_honeypot_is_explained_and_emptied(client, contact, filled):
    response = client.post(contact.url, {**filled, "hub-website": "https://spam.example"})

    assert response.status_code == 422
    assert "hidden field" in sentences(response)
    assert not soup(response).find(attrs={"name": "hub-website"}).get("value")
    assert not Submission.objects.exists()
    assert client.post(contact.url, {**filled, "hub-token": token_in(response)}).status_code == 302


def test_an_address_that_sends_too_much_is_held_up_but_loses_nothing(
    client, contact, filled, monkeypatch
):
    monkeypatch.setattr(guard, "POSTS_PER_PERIOD", 2)
    assert [client.post(contact.url, filled).status_code for _post in range(2)] == [302, 302]
    response = client.post(contact.url, filled)

    assert response.status_code == 429
    assert "wait ten minutes" in sentences(response)
    assert soup(response).find(id="id_your_name")["value"] == "Amina"
    assert client.post(contact.url, filled, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_addresses_are_not_kept_as_they_are(site, rf, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    guard.too_many(rf.post("/", REMOTE_ADDR="192.0.2.7"), site.contact)

    assert cache._cache
    assert not any("192.0.2.7" in key for key in cache._cache)


def test_an_ipv6_subscriber_counts_as_one_and_forged_headers_count_for_nothing(
    site, rf, settings, monkeypatch
):
    monkeypatch.setattr(guard, "POSTS_PER_PERIOD", 1)
    assert not guard.too_many(rf.post("/", REMOTE_ADDR="2001:db8:1:2::1"), site.contact)
    assert guard.too_many(rf.post("/", REMOTE_ADDR="2001:db8:1:2:ffff::9"), site.contact)
    assert not guard.too_many(rf.post("/", REMOTE_ADDR="2001:db8:1:3::1"), site.contact)

    settings.HUB_PROXY_COUNT = 1
    for made_up in ("198.51.100.1", "198.51.100.2"):
        seen = {"X-Forwarded-For": f"{made_up}, 203.0.113.9"}
        request = rf.post("/", REMOTE_ADDR="127.0.0.1", headers=seen)
        assert guard.visitor_address(request) == "203.0.113.9"


def test_without_a_cache_the_form_works_and_the_log_says_so(
    contact, filled, rf, monkeypatch, caplog
):
    class Down:
        def __getattr__(self, name):
            raise ConnectionError("no cache")

    monkeypatch.setattr(guard, "cache", Down())

    assert contact.serve(rf.post(contact.url, filled)).status_code == 302
    assert "not limited" in caplog.text
    assert Submission.objects.count() == 1


# Limits


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("message", "one\x00two", "invisible character"),
        ("your_name", "one\x00two", "invisible character"),
        ("your_name", "Amina\r\nBcc: all@example.org", "on one line"),
        ("your_name", "x" * 256, "Take out 1 character"),
        ("message", "x" * 5001, "Take out 1 character"),
        ("message", "", "Fill this in."),
        ("email", "amina@example.org\nBcc: all@example.org", "does not look like an email address"),
        ("email", "nobody", "does not look like an email address"),
        ("email", "أمينة@example.org", "before the"),
        ("topic", "Gossip", "no longer on offer"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_explained_beside_and_above(
    client, contact, filled, name, value, sentence
):
    response = client.post(contact.url, {**filled, name: value})

    page = soup(response)
    assert response.status_code == 422
    assert not Submission.objects.exists()
    assert sentence in sentences(response)
    assert sentence in page.find(id=f"id_{name}_error").get_text()
    assert page.title.get_text().startswith("Error:")
    link = page.find(class_="error-summary").find("a")
    faulty = page.find(id=link["href"].removeprefix("#"))
    assert faulty["name"] == name
    assert faulty["aria-invalid"] == "true"
    described = faulty.get("aria-describedby") or faulty.find_parent("fieldset")["aria-describedby"]
    assert f"id_{name}_error" in described.split()


def test_line_ends_count_as_one_character(client, contact, filled):
    text = "\r\n".join(["x" * 99] * 50)
    assert client.post(contact.url, {**filled, "message": text}).status_code == 302


@pytest.mark.parametrize("content_type", ["multipart", "application/x-www-form-urlencoded"])
def test_three_megabytes_are_refused_with_a_sentence(client, contact, filled, content_type):
    data = {**filled, "message": "x" * 3_000_000}
    if content_type == "multipart":
        response = client.post(contact.url, data)
    else:
        body = "&".join(f"{name}={value}" for name, value in data.items())
        response = client.post(contact.url, body, content_type=content_type)

    assert response.status_code == 413
    assert "more than the form can take" in sentences(response)
    assert not Submission.objects.exists()


def test_an_international_domain_is_kept_as_typed(client, contact, filled):
    client.post(contact.url, {**filled, "email": "amina@münchen.example"})

    assert Submission.objects.get().address == "amina@münchen.example"


def test_markup_in_an_answer_stays_text(client, contact, filled):
    attack = '"><script>alert(1)</script>'
    response = client.post(contact.url, {**filled, "your_name": attack, "message": ""})
    assert attack not in response.content.decode()
    assert escape(attack) in response.content.decode()

    client.post(contact.url, {**filled, "your_name": attack})
    staff = OutgoingMail.objects.order_by("pk").first()
    assert attack in staff.text
    assert attack not in staff.html
    assert escape(attack) in staff.html


# Consent


def test_consent_is_asked_for_and_kept_with_its_words(client, home, wait):
    page = make_contact_page(home, consent_text="You may keep this for a year.")
    data = {**ANSWERS, "hub-token": token_in(client.get(page.url))}
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
    client.post(contact.url, {**ANSWERS, "hub-token": token_in(response), "hub-about": carried})

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


# Languages


def _as_html(text):
    return StringValue.from_plaintext(text).data


def translate(page, code, **words):
    """Translates a page with wagtail-localize: ``words`` maps the source's strings to others.

    wagtail-localize keeps strings as HTML, so that the lines of choices are joined by <br/>.
    """
    words = {_as_html(source): _as_html(target) for source, target in words.items()}
    locale = Locale.objects.get(language_code=code)
    for ancestor in page.get_ancestors().filter(depth__gt=1).specific():
        if not ancestor.has_translation(locale):
            ancestor.copy_for_translation(locale).save_revision().publish()
    source, _created = TranslationSource.update_or_create_from_instance(page)
    for segment in source.stringsegment_set.select_related("string", "context"):
        if segment.string.data in words:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=locale,
                context=segment.context,
                defaults={"data": words[segment.string.data]},
            )
    translation, _created = source.create_or_update_translation(
        locale, publish=False, fallback=True
    )
    translation.get_latest_revision().publish()
    return ContactPage.objects.get(pk=translation.pk)


SPANISH = {
    "Topic": "Asunto",
    "Training\nToolkit, or a template\nSomething else": "Formación\nGuía o plantilla\nOtra cosa",
    "Message": "Mensaje",
}


@pytest.fixture
def spanish(contact):
    Locale.objects.create(language_code="es")
    return translate(contact, "es", **SPANISH)


def test_a_translated_choice_is_stored_as_the_sources(client, contact, spanish, wait):
    response = client.get(spanish.url)
    shown = {
        option.get_text(strip=True): option.input["value"]
        for option in soup(response).find("fieldset").find_all("label", class_="choice")
    }
    assert shown == {
        "Formación": "Training",
        "Guía o plantilla": "Toolkit, or a template",
        "Otra cosa": "Something else",
    }
    wait(60)
    client.post(
        spanish.url,
        {**ANSWERS, "topic": shown["Guía o plantilla"], "hub-token": token_in(response)},
    )

    submission = Submission.objects.get()
    assert submission.form_data["topic"] == "Toolkit, or a template"
    assert set(submission.form_data) == {"your_name", "email", "topic", "message", "hub-about"}
    assert submission.locale.language_code == "es"
    staff = OutgoingMail.objects.order_by("pk").first()
    assert "Topic\nToolkit, or a template" in staff.text
    receipt = OutgoingMail.objects.order_by("pk").last()
    assert (staff.language, receipt.language) == ("en", "es")


def test_choices_keep_their_meaning_while_a_translation_is_behind(contact, spanish):
    question = contact.form_fields.get(clean_name="topic")
    question.choices = "Something new\nTraining\nToolkit, or a template\nSomething else"
    question.save()

    behind = spanish.form_fields.get(clean_name="topic")
    assert behind.stored_choices()[0] == ("Training", "Formación")
    assert question.stored_choices()[0] == ("Something new", "Something new")

    updated = translate(ContactPage.objects.get(pk=contact.pk), "es")
    assert updated.form_fields.get(clean_name="topic").stored_choices()[0] == (
        "Something new",
        "Something new",
    )


def test_a_translation_with_too_few_or_too_many_choices_still_stores_the_sources(spanish):
    question = spanish.form_fields.get(clean_name="topic")
    question.choices = "Formación"
    question.save()
    assert question.stored_choices() == [
        ("Training", "Formación"),
        ("Toolkit, or a template", "Toolkit, or a template"),
        ("Something else", "Something else"),
    ]
    question.choices = "A\nB\nC\nD"
    assert [value for value, _shown in question.stored_choices()] == [
        "Training",
        "Toolkit, or a template",
        "Something else",
    ]


def test_keys_and_kinds_of_questions_follow_the_source_and_their_order_too(contact, spanish):
    def keys(page):
        return [
            (field.clean_name, field.field_type, field.required, field.sort_order)
            for field in page.form_fields.all()
        ]

    assert keys(spanish) == keys(contact)
    assert [field.label for field in spanish.form_fields.all()][2:] == ["Asunto", "Mensaje"]


def test_choices_are_lines_never_commas_and_never_alike(contact):
    question = ContactFormField(page=contact, label="Which?", field_type="radio", choices="")
    with pytest.raises(Exception, match="one on each line"):
        question.full_clean(exclude=["locale"])
    question.choices = "One\nOne"
    with pytest.raises(Exception, match="the same"):
        question.full_clean(exclude=["locale"])
    question.choices = "One, or none"
    assert question.stored_choices() == [("One, or none", "One, or none")]


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


# The admin


@pytest.fixture
def admin_client(client):
    client.force_login(User.objects.create_superuser("root", password="root"))
    return client


@pytest.fixture
def queue(contact, spanish):
    """One submission in each language."""
    return [
        Submission.objects.create(
            page=page.page_ptr,
            locale=page.locale,
            form_data={"your_name": name, "message": "=1+1", "topic": "Training"},
            idempotency_key=name,
            retained_until=date(2030, 1, 1),
        )
        for page, name in ((contact, "Amina"), (spanish, "Benita"))
    ]


def translator(spanish) -> User:
    user = User.objects.create_user("translator-es", password="demo")
    group = Group.objects.create(name="es")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group,
        page=spanish.get_parent(),
        permission=Permission.objects.get(codename="change_page"),
    )
    user.groups.add(group)
    return user


def listing(page):
    return f"/admin/forms/submissions/{page.pk}/"


@pytest.mark.parametrize("which", [0, 1])
def test_the_queue_is_the_same_from_every_language(admin_client, contact, spanish, queue, which):
    table = soup(admin_client.get(listing([contact, spanish][which]))).find(
        "table", class_="listing"
    )

    text = table.get_text(" ", strip=True)
    for submission in queue:
        assert submission.reference in text
    assert "Español" in text
    assert table.find("th", id="hub-reference").get_text(strip=True) == "Reference"


def test_the_queue_costs_the_same_with_one_and_three(admin_client, contact, queue):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(listing(contact))
        return len(queries)

    Submission.objects.exclude(pk=queue[0].pk).delete()
    cost()
    one = cost()
    for number in range(2):
        Submission.objects.create(
            page=contact.page_ptr,
            locale=contact.locale,
            form_data={},
            idempotency_key=str(number),
            retained_until=date(2030, 1, 1),
        )
    assert cost() == one


def test_a_translator_sees_and_deletes_only_what_came_through_their_page(
    client, contact, spanish, queue
):
    client.force_login(translator(spanish))

    assert client.get(listing(contact)).status_code == 302  # permission denied, to the dashboard
    text = soup(client.get(listing(spanish))).find("table", class_="listing").get_text()
    assert "Benita" in text
    assert "Amina" not in text

    chosen = "&".join(f"selected-submissions={submission.pk}" for submission in queue)
    client.post(f"{listing(spanish)}delete/?{chosen}")
    assert list(Submission.objects.all()) == [queue[0]]


def test_the_whole_queue_can_be_deleted_from_any_language(admin_client, contact, queue):
    chosen = "&".join(f"selected-submissions={submission.pk}" for submission in queue)
    admin_client.post(f"{listing(contact)}delete/?{chosen}")

    assert not Submission.objects.exists()


def test_exports_hold_no_formula(admin_client, contact, queue):
    exported = b"".join(admin_client.get(f"{listing(contact)}?export=csv").streaming_content)
    rows = list(csv.DictReader(io.StringIO(exported.decode())))
    assert [row["Message"] for row in rows] == ["'=1+1", "'=1+1"]
    assert {row["Reference"] for row in rows} == {submission.reference for submission in queue}

    exported = b"".join(admin_client.get(f"{listing(contact)}?export=xlsx").streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(exported)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "d", "n"}
    assert "'=1+1" in {cell.value for row in sheet.iter_rows() for cell in row}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_every_start_of_a_formula_is_defused(start):
    from hub.spreadsheets import without_formula

    assert without_formula(f"{start}cmd") == f"'{start}cmd"
    assert without_formula("Amina") == "Amina"


def test_a_page_that_has_received_something_is_not_deleted(admin_client, contact, queue):
    with pytest.raises(ProtectedError), transaction.atomic():
        ContactPage.objects.get(pk=contact.pk).delete()

    response = admin_client.post(f"/admin/pages/{contact.pk}/delete/", follow=True)
    assert response.status_code == 200
    assert ContactPage.objects.filter(pk=contact.pk).exists()


def test_both_previews_work(contact, rf):
    request = rf.get("/")
    request.user = User()
    form = contact.serve_preview(request, "form").render().content.decode()
    thanks = contact.serve_preview(request, "landing").render().content.decode()

    assert 'name="hub-token"' in form
    assert "Thank you. Your message is with us." in thanks


def test_choices_that_an_editor_changes_are_stored_as_changed(admin_client, contact):
    edit = f"/admin/pages/{contact.pk}/edit/"
    page = soup(admin_client.get(edit))
    data = {}
    for control in page.find("form", id="page-edit-form").find_all(["input", "textarea", "select"]):
        if control.get("type") == "checkbox" and not control.has_attr("checked"):
            continue
        if control.name == "select":
            chosen = control.find("option", selected=True)
            data[control["name"]] = chosen["value"] if chosen else ""
        elif control.get("name"):
            data[control["name"]] = control.get("value", control.get_text())
    data["form_fields-2-choices"] = "Training\nThe map"
    data["action-publish"] = "1"
    response = admin_client.post(edit, data)

    assert response.status_code == 302
    question = ContactPage.objects.get(pk=contact.pk).form_fields.get(clean_name="topic")
    assert question.stored_choices() == [("Training", "Training"), ("The map", "The map")]
