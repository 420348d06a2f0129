"""The desk's other steps: asking for more, the payment, the report, and the story made of it."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from funding.models import GrantRequest, OutcomeReport, RequestMessage
from home.models import StoryPage
from hub.models import OutgoingMail, User
from tests.asking import make_request, officer, open_fund, shown
from tests.factories import ChapterPageFactory

GIVEN = {
    "hub-did": "Two briefings.",
    "hub-changed": "The rule lapsed on 30 June.",
    "hub-lessons": "",
    "hub-cost": "Ten weeks.",
}


@pytest.fixture
def fund(site):
    return open_fund(site)


@pytest.fixture
def olu(fund, client):
    user = officer()
    client.force_login(user)
    return user


def address(request, name: str = "") -> str:
    return f"/admin/grant_requests/{request.pk}/" + (f"{name}/" if name else "")


def soup_of(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def said_in(response) -> str:
    found = soup_of(response).select(".w-field__errors, [role=alert]")
    return " ".join(error.get_text(" ", strip=True) for error in found)


def messages_after(client, response) -> list[str]:
    return [str(message).strip() for message in client.get(response.url).context["messages"]]


def key_in(response) -> str:
    return soup_of(response).find("input", {"name": "key"})["value"]


def reported(fund, **fields) -> GrantRequest:
    request = make_request(fund.form, status="reported")
    fields = {
        "answers": GIVEN,
        "consent_text": "May tell.",
        "consented_at": timezone.now(),
    } | fields
    OutcomeReport.objects.create(request=request, **fields)
    return request


# Asking for more


def test_question_sent_twice_is_asked_once(fund, olu, client):
    request = make_request(fund.form)
    given = {"key": key_in(client.get(address(request, "ask"))), "text": "Who runs it?"}
    for _time in range(2):
        assert client.post(address(request, "ask"), given).url == address(request)
    assert RequestMessage.objects.get().text == "Who runs it?"
    assert OutgoingMail.objects.count() == 1


def test_other_question_from_the_same_form_can_be_sent_on_purpose(fund, olu, client):
    request = make_request(fund.form)
    given = {"key": key_in(client.get(address(request, "ask"))), "text": "Who runs it?"}
    client.post(address(request, "ask"), given)
    response = client.post(address(request, "ask"), given | {"text": "And when?"})
    assert response.status_code == 422
    assert "Another text was sent from this form before" in said_in(response)
    assert "And when?" in soup_of(response).find("textarea").text
    again = {"key": key_in(response), "text": "And when?"}
    assert client.post(address(request, "ask"), again).status_code == 302
    assert RequestMessage.objects.count() == 2


def test_officer_is_told_in_which_language_to_ask_and_not_where_nobody_reads_it(fund, olu, client):
    request = make_request(fund.form)
    said = "The applicant reads English"
    assert said in shown(client.get(address(request, "ask")))
    GrantRequest.objects.update(status="awarded")
    assert said not in shown(client.get(address(request, "payment")))


def test_empty_question_is_not_asked(fund, olu, client):
    request = make_request(fund.form)
    response = client.post(address(request, "ask"), {"key": "a" * 32, "text": " "})
    assert response.status_code == 422
    assert "Fill this in." in said_in(response)
    assert not RequestMessage.objects.exists()


def test_question_that_comes_too_late_is_not_lost(fund, olu, client):
    request = make_request(fund.form, status="declined")
    response = client.post(address(request, "ask"), {"key": "a" * 32, "text": "Who runs it?"})
    assert response.status_code == 422
    assert "This request has changed in the meantime" in said_in(response)
    assert "Who runs it?" in soup_of(response).find("textarea").text


@pytest.mark.parametrize(
    ("name", "status"), [("ask", "declined"), ("payment", "sent"), ("withdraw", "paid")]
)
def test_form_that_is_of_no_use_now_is_not_shown(fund, olu, client, name, status):
    response = client.get(address(make_request(fund.form, status=status), name))
    assert messages_after(client, response) == [
        "This request has changed in the meantime, so that is no longer possible."
    ]


# The payment


def test_payment_is_noted_with_its_day(fund, olu, client):
    request = make_request(fund.form, status="awarded")
    day = timezone.localdate() - timedelta(days=3)
    given = {"paid_on": day.isoformat(), "payment_note": "Transfer 4711"}
    assert client.post(address(request, "payment"), given).url == address(request)
    request.refresh_from_db()
    assert (request.status, request.paid_on, request.payment_note) == ("paid", day, "Transfer 4711")
    assert OutgoingMail.objects.get().occasion == "funding.paid"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"paid_on": ""}, "Fill this in."),
        ({"paid_on": "3 June"}, "Write the date as year, month, day"),
        ({"paid_on": "9999-12-31"}, "This day is still to come."),
        ({"payment_note": "x" * 201}, "Take out 1 character: there is room for 200."),
    ],
)
def test_payment_that_is_not_right_keeps_what_was_typed(fund, olu, client, wrong, sentence):
    request = make_request(fund.form, status="awarded")
    given = {"paid_on": "2026-01-02", "payment_note": "Transfer 4711"} | wrong
    response = client.post(address(request, "payment"), given)
    assert response.status_code == 422
    assert sentence in said_in(response)
    note = soup_of(response).find("input", {"name": "payment_note"})
    assert note["value"] == given["payment_note"]
    assert GrantRequest.objects.get().paid_on is None


# The report, and the story


def test_report_is_shown_with_the_tools_that_were_used(site, fund, olu, client):
    used = ChapterPageFactory(parent=site.toolkit, title="Map supporters")
    ChapterPageFactory(parent=site.toolkit, title="Count votes")
    request = reported(fund, tools=[str(used.translation_key)])
    text = " ".join(soup_of(client.get(address(request, "report"))).main.get_text(" ").split())
    assert "What they did Two briefings." in text
    assert "What they would do differently" not in text
    assert "What they used Map supporters Agreed to May tell." in text


def test_officer_makes_the_draft_of_a_story_that_editors_finish(fund, olu, client):
    request = reported(fund)
    form = soup_of(client.get(address(request, "report"))).main.find("form")
    assert form["action"] == address(request, "story")
    for _time in range(2):
        client.post(form["action"])
    story = StoryPage.objects.get()
    assert not story.live
    page = soup_of(client.get(address(request, "report"))).main
    assert page.find("form") is None
    assert page.find("a", string="Go to the story") is None
    assert "An editor finishes and publishes it." in page.text
    client.force_login(User.objects.create_superuser("administrator"))
    page = soup_of(client.get(address(request, "report"))).main
    assert page.find("a", string="Go to the story")["href"] == f"/admin/pages/{story.pk}/edit/"


def test_report_that_may_not_be_told_becomes_no_story(fund, olu, client):
    request = reported(fund, consent_text="", consented_at=None)
    page = soup_of(client.get(address(request, "report"))).main
    assert page.find("form") is None
    assert "Nothing of it may be told in public." in page.text
    response = client.post(address(request, "story"))
    assert messages_after(client, response) == [
        "The grantee has not agreed to have this told in public."
    ]
    assert not StoryPage.objects.exists()


def test_there_is_no_report_before_it_is_given(fund, olu, client):
    request = make_request(fund.form, status="paid")
    assert client.get(address(request, "report")).status_code == 404
    assert client.get(address(request, "story")).status_code == 405
