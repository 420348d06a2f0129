"""The report of a grantee, behind the private link of the request."""

import pytest

from funding.models import GrantRequest, OutcomeReport
from funding.reports import GIVEN, NOT_DUE
from tests.asking import (
    fields_of,
    make_request,
    open_fund,
    private_address,
    problems,
    shown,
    soup,
)
from tests.factories import ChapterPageFactory
from tests.registering import let_time_pass

ANSWERS = {
    "hub-did": "Two briefings and a hearing.",
    "hub-changed": "The rule lapsed on 30 June.",
    "hub-lessons": "",
    "hub-cost": "Ten weeks of one manager: 3,800.",
}


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def fund(site):
    return open_fund(site)


@pytest.fixture
def paid(fund):
    return make_request(fund.form, status="paid")


def address(request, language="en") -> str:
    return private_address(request, "request_report", language)


def send(client, request, **answers):
    form = fields_of(client.get(address(request)))
    return client.post(address(request), form | ANSWERS | answers)


def test_report_is_sent_and_its_sender_thanked(client, paid):
    response = send(client, paid, **{"hub-may-tell": "on"})
    assert response.url == private_address(paid) + "?done=reported"
    assert "Your report is with the team. Thank you." in shown(client.get(response.url))
    report = OutcomeReport.objects.get()
    assert report.answers == ANSWERS
    assert "may tell this as a story" in report.consent_text
    assert GrantRequest.objects.get().status == "reported"


def test_tools_on_offer_are_those_of_the_hub(client, site, paid):
    chapter = ChapterPageFactory(parent=site.toolkit, title="Map supporters")
    assert "Map supporters" in shown(client.get(address(paid)))
    key = str(chapter.translation_key)
    response = send(client, paid, **{"hub-tools": ["made-up"]})
    assert response.status_code == 422
    assert "no longer on offer" in problems(response)
    send(client, paid, **{"hub-tools": [key]})
    assert OutcomeReport.objects.get().tools == [key]


def test_report_that_is_not_complete_keeps_what_was_typed(client, paid):
    response = send(client, paid, **{"hub-changed": "", "hub-may-tell": "on"})
    assert response.status_code == 422
    assert "What changed, and what did not?" in problems(response)
    kept = fields_of(response)
    assert kept["hub-did"] == ANSWERS["hub-did"]
    assert kept["hub-cost"] == ANSWERS["hub-cost"]
    assert kept["hub-may-tell"] == "on"
    assert not OutcomeReport.objects.exists()
    assert soup(response).title.text.strip().startswith("Error:")


@pytest.mark.parametrize("given", [{"hub-website": "spam"}, {"hub-token": "forged"}])
def test_machines_are_asked_to_send_again(client, paid, given):
    response = send(client, paid, **given)
    assert response.status_code == 422
    assert fields_of(response)["hub-did"] == ANSWERS["hub-did"]
    assert not OutcomeReport.objects.exists()
    assert fields_of(response)["hub-website"] == ""
    assert fields_of(response)["hub-token"] not in ("", "forged")


@pytest.mark.parametrize("status", ["sent", "question", "awarded", "declined", "withdrawn"])
def test_report_that_is_not_due_is_refused(client, fund, status):
    request = make_request(fund.form, status=status)
    for response in (client.get(address(request)), client.post(address(request), ANSWERS)):
        assert response.status_code == 403
        assert str(NOT_DUE) in shown(response)
    assert not OutcomeReport.objects.exists()


@pytest.mark.parametrize("status", ["draft", "reported"])
def test_draft_and_given_report_lead_to_the_request(client, fund, status):
    request = make_request(fund.form, status=status)
    for response in (client.get(address(request)), client.post(address(request), ANSWERS)):
        assert (response.status_code, response.url) == (302, private_address(request))


def test_report_of_two_browsers_at_once_is_given_once(client, paid, monkeypatch):
    form = fields_of(client.get(address(paid))) | ANSWERS
    refusals = iter(["", GIVEN])
    monkeypatch.setattr("funding.views.reporting.reports.refusal", lambda _: next(refusals))
    response = client.post(address(paid), form)
    assert response.status_code == 422
    assert str(GIVEN) in problems(response)
    assert fields_of(response)["hub-did"] == ANSWERS["hub-did"]


@pytest.mark.parametrize(("language", "direction"), [("es", "ltr"), ("ar", "rtl")])
def test_report_is_asked_for_in_the_readers_language(client, paid, language, direction):
    page = soup(client.get(address(paid, language)))
    assert (page.html["lang"], page.html["dir"]) == (language, direction)


def test_link_that_does_not_work_shows_nothing(client, paid):
    response = client.get(address(paid).replace("/report/", "x/report/"))
    assert response.status_code == 404
    assert paid.reference not in response.content.decode()


def test_page_is_kept_out_of_caches_and_referers(client, paid):
    response = client.get(address(paid))
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"


def test_only_reading_and_sending_are_possible(client, paid):
    assert client.delete(address(paid)).status_code == 405


def test_page_costs_as_many_queries_with_many_tools(client, site, paid, django_assert_num_queries):
    ChapterPageFactory(parent=site.toolkit)
    client.get(address(paid))
    with django_assert_num_queries(5):
        client.get(address(paid))
    ChapterPageFactory(parent=site.toolkit), ChapterPageFactory(parent=site.toolkit)
    client.get(address(paid))  # the menus are made anew
    with django_assert_num_queries(5):
        client.get(address(paid))
