"""What keeps machines off the forms of the training section, and how people get past it.

No third-party service is asked about anybody. A form has a hidden field that only machines fill in, and
a signed token that says which form was shown and when; posts are counted for each connection and for
each form, in the shared cache. Whoever is stopped is told why, and finds what they typed.
"""

import pytest
from bs4 import BeautifulSoup

from hub.forms import guard, tokens
from hub.models import Submission
from tests.factories import ClinicPageFactory, NextSessionPageFactory, SessionPageFactory
from tests.registering import token_of
from tests.translating import translate

ANSWERS = {
    "hub-name": "Amina",
    "hub-email": "amina@example.org",
    "hub-stuck": "A wall.",
    "hub-consent": "on",
}


@pytest.fixture
def _patient_visitors(monkeypatch):
    monkeypatch.setattr(tokens, "SECONDS_TO_ANSWER", 0)


@pytest.fixture(params=[SessionPageFactory, ClinicPageFactory, NextSessionPageFactory])
def form_page(request, site):
    return request.param(parent=site.training)


def send(client, page, **changes):
    sent = ANSWERS | {"hub-token": token_of(client.get(page.url))} | changes
    return client.post(page.url, sent)


def assert_stopped(response, status: int, sentence: str):
    assert response.status_code == status
    soup = BeautifulSoup(response.content, "html.parser")
    assert sentence in soup.find(class_="error-summary").text
    assert soup.find("input", {"name": "hub-email"})["value"] == "amina@example.org"
    assert not Submission.objects.exists()


@pytest.mark.usefixtures("_patient_visitors")
def test_hidden_field_stops_machines_and_lets_people_send_again(client, form_page):
    stopped = send(client, form_page, **{"hub-website": "https://spam.example"})
    assert_stopped(stopped, 422, "A hidden field was filled in")
    again = ANSWERS | {"hub-token": token_of(stopped)}
    assert client.post(form_page.url, again).status_code == 302


def test_form_sent_faster_than_a_person_can_is_stopped(client, form_page):
    assert_stopped(send(client, form_page), 422, "quicker than a person can write")


@pytest.mark.usefixtures("_patient_visitors")
@pytest.mark.parametrize("token", ["", "forged", "another form's"])
def test_token_that_is_not_this_forms_is_stopped_once(client, site, form_page, token):
    if token == "another form's":
        token = tokens.issue(site.contact)
    stopped = send(client, form_page, **{"hub-token": token})
    assert_stopped(stopped, 422, "could not tell where this form came from")
    again = ANSWERS | {"hub-token": token_of(stopped)}
    assert client.post(form_page.url, again).status_code == 302


@pytest.mark.usefixtures("_patient_visitors")
def test_token_replayed_stores_nothing_twice(client, form_page):
    token = token_of(client.get(form_page.url))
    for _time in range(3):
        assert send(client, form_page, **{"hub-token": token}).status_code == 302
    assert Submission.objects.count() == 1


def test_token_older_than_a_day_is_renewed(client, form_page, monkeypatch):
    monkeypatch.setattr(tokens, "SECONDS_VALID", -1)
    assert_stopped(send(client, form_page), 422, "open for more than a day")


@pytest.mark.usefixtures("_patient_visitors")
@pytest.mark.parametrize("limit", ["POSTS_PER_PERIOD", "POSTS_PER_FORM"])
def test_flood_is_stopped_by_connection_and_by_form(client, form_page, monkeypatch, limit):
    monkeypatch.setattr(guard, limit, 2)
    for _time in range(2):
        send(client, form_page, **{"hub-email": ""})
    assert_stopped(send(client, form_page), 429, "Nothing you wrote is lost")


@pytest.mark.usefixtures("_patient_visitors")
def test_limit_of_a_form_holds_across_its_languages_and_connections(client, site, monkeypatch):
    monkeypatch.setattr(guard, "POSTS_PER_FORM", 2)
    clinic = ClinicPageFactory(parent=site.training)
    pages = [clinic, clinic, translate(clinic, "es")]
    statuses = []
    for number, page in enumerate(pages):
        sent = ANSWERS | {"hub-token": token_of(client.get(page.url)), "hub-email": ""}
        statuses.append(client.post(page.url, sent, REMOTE_ADDR=f"198.51.100.{number}").status_code)
    assert statuses == [422, 422, 429]


@pytest.mark.usefixtures("_patient_visitors")
def test_without_a_cache_forms_work_and_nothing_is_counted(client, form_page, monkeypatch):
    def down(*_arguments, **_options):
        raise ConnectionError("no cache")

    monkeypatch.setattr(guard, "POSTS_PER_PERIOD", 1)
    monkeypatch.setattr(guard.cache, "add", down)
    for name in ("a", "b", "c"):
        assert send(client, form_page, **{"hub-email": f"{name}@example.org"}).status_code == 302
    assert Submission.objects.count() == 3


@pytest.mark.usefixtures("_patient_visitors")
def test_text_too_large_to_read_is_refused_with_a_sentence(client, form_page):
    response = send(client, form_page, **{"hub-stuck": "x" * 3_000_000})
    assert response.status_code == 413
    assert "more than the form can take" in response.content.decode()
    assert not Submission.objects.exists()
