"""What form pages refuse: tokens not their own, machines, floods, answers too long or odd."""

import pytest
from django.core.cache import cache
from django.utils.html import escape
from wagtail.models import Locale

from hub.forms import guard, tokens
from hub.models import OutgoingMail, Submission
from tests.contacting import (
    ANSWERS,
    clock_of_tokens,
    filled_in,
    make_contact_page,
    sentences,
    translate,
)
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
    assert client.post(contact.url, {**filled, "hub-token": token_of(response)}).status_code == 302


def test_a_token_of_a_translation_is_good(client, contact, filled):
    Locale.objects.create(language_code="es")
    spanish = translate(contact, "es")

    assert client.post(spanish.url, filled).status_code == 302


def test_a_form_sent_too_fast_comes_back_and_can_be_sent(client, contact, wait):
    token = token_of(client.get(contact.url))
    response = client.post(contact.url, {**ANSWERS, "hub-token": token})

    assert response.status_code == 422
    assert "quicker than a person" in sentences(response)
    wait(5)
    assert client.post(contact.url, {**ANSWERS, "hub-token": token_of(response)}).status_code == 302


def test_a_form_left_open_for_more_than_a_day_comes_back_and_stores_once(
    client, contact, filled, wait
):
    client.post(contact.url, filled)
    wait(25 * 3600)
    response = client.post(contact.url, filled)

    assert response.status_code == 422
    assert "more than a day" in sentences(response)
    wait(60)
    client.post(contact.url, {**filled, "hub-token": token_of(response)})
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("sent", ["K7F-29QX", "K7F-29QX:abc:def", "", "%00"])
def test_a_made_up_thanks_address_shows_the_form(client, contact, sent):
    response = client.get(f"{contact.url}?sent={sent}")

    assert response.status_code == 200
    assert token_of(response)


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
    assert client.post(contact.url, {**filled, "hub-token": token_of(response)}).status_code == 302


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
