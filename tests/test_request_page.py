"""The open form of a request: what it shows, what is sent from it at once, and what begins a draft."""

import pytest

from funding.models import FundPage, GrantRequest
from hub.forms import guard, links
from hub.models import Attachment, OutgoingMail
from tests.asking import (
    ANSWERS,
    closes_in,
    document,
    fields_of,
    filled_in,
    open_fund,
    private_address,
    problems,
    shown,
    soup,
)
from tests.factories import CriterionFactory
from tests.registering import let_time_pass

pytestmark = pytest.mark.usefixtures("private_folder")

WINDOW = {
    "statement": "A political window, with a date",
    "question": "hub-closes",
    "hint": "Name the day, and how you know it.",
}


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def fund(site):
    return open_fund(site, WINDOW, {"statement": "No running costs", "kind": "not_funded"})


def field_of(response, name: str):
    return soup(response).find(id=f"id_{name}").find_parent(class_="field")


# What it shows


def test_form_is_one_screen_under_three_headings(client, fund):
    form = soup(client.get(fund.form.url)).find(id="request-form")
    groups = {
        fieldset.legend.text: [field["name"] for field in fieldset.select("textarea, select")]
        for fieldset in form.find_all("fieldset", recursive=False)
    }
    assert groups == {
        "The change": ["hub-goal", "hub-window"],
        "The campaign": ["hub-plan"],
        "Money and people": ["hub-currency", "hub-manager", "hub-country"],
    }
    buttons = [button.text for button in form.select(".actions button")]
    assert buttons == ["Send the request", "Save and get a link", "Preview"]


def test_hint_of_a_criterion_stands_beside_its_question(client, fund):
    response = client.get(fund.form.url)
    field = field_of(response, "hub-closes")
    hint = field.find(id="id_hub-closes_helptext")
    assert "Name the day, and how you know it." in hint.text
    assert field.input["aria-describedby"] == "id_hub-closes_helptext"
    assert "Name the day" not in field_of(response, "hub-goal").text


def test_criteria_stand_aside_with_their_version(client, fund):
    aside = soup(client.get(fund.form.url)).main.aside.get_text(" ", strip=True)
    assert "1 A political window, with a date" in aside
    assert "What is not funded No running costs" in aside
    assert "Criteria, version 1, since" in aside


def test_words_are_counted_under_each_limited_answer(client, fund):
    response = client.get(fund.form.url)
    assert field_of(response, "hub-goal").find(class_="field__foot").text == "0 of 60 words"
    assert not field_of(response, "hub-email").find(class_="field__foot")


@pytest.mark.parametrize(
    ("words", "said", "is_over"),
    [(66, "66 of 60 words", False), (67, "67 of 60 words: 7 too many", True)],
)
def test_a_tenth_more_words_is_taken_than_is_said(client, fund, words, said, is_over):
    answers = filled_in(client, fund.form, **{"hub-goal": "word " * words, "hub-email": ""})
    field = field_of(client.post(fund.form.url, answers), "hub-goal")
    assert field.find(class_="field__foot").text == said
    assert bool(field.select(".over")) == is_over
    assert bool(field.find(class_="error-message")) == is_over


def test_form_costs_as_many_queries_whatever_the_criteria(client, fund, django_assert_num_queries):
    client.get(fund.form.url)
    with django_assert_num_queries(5):
        client.get(fund.form.url)
    further = [
        CriterionFactory.build(sort_order=number, locale=fund.page.locale, hint="More.")
        for number in range(6)
    ]
    fund.page.criteria = further
    fund.page.save_revision().publish()
    client.get(fund.form.url)
    with django_assert_num_queries(5):
        client.get(fund.form.url)


# Sent at once


def test_request_is_sent_from_the_open_form(client, fund):
    response = client.post(fund.form.url, filled_in(client, fund.form, **{"hub-do": "send"}))
    request = GrantRequest.objects.get()
    assert (request.status, request.goal) == ("sent", ANSWERS["hub-goal"])
    assert request.criteria.required[0].statement == WINDOW["statement"]
    occasions = OutgoingMail.objects.order_by("pk").values_list("occasion", flat=True)
    assert list(occasions) == ["funding.receipt", "funding.staff"]
    thanks = client.get(response["Location"])
    assert request.reference in shown(thanks)
    assert "You have a decision by" in shown(thanks)


def test_thanks_do_not_give_the_link_away(client, fund):
    """It is only mailed: whoever reads the mail is who was written there."""
    response = client.post(fund.form.url, filled_in(client, fund.form))
    request = GrantRequest.objects.get()
    thanks = client.get(response["Location"])
    assert links.token_for(request) not in response["Location"]
    assert links.token_for(request) not in thanks.content.decode()
    assert "The link is in the mail alone" in shown(thanks)


def test_double_click_sends_once(client, fund):
    answers = filled_in(client, fund.form)
    locations = [client.post(fund.form.url, answers).status_code for _click in range(2)]
    assert locations == [302, 302]
    assert GrantRequest.objects.count() == 1
    assert OutgoingMail.objects.count() == 2


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, fund):
    answers = filled_in(client, fund.form, **{"hub-email": "", "hub-amount": "five"})
    response = client.post(fund.form.url, answers)
    assert response.status_code == 422
    assert "Email – Fill this in." in problems(response)
    assert "Write the amount in digits" in problems(response)
    kept = fields_of(response)
    assert (kept["hub-amount"], kept["hub-goal"]) == ("five", ANSWERS["hub-goal"])
    assert GrantRequest.objects.count() == 0


def test_sending_with_files_ends_on_the_page_of_the_request(client, fund):
    answers = filled_in(client, fund.form, **{"hub-do": "send", "hub-plan": ""})
    response = client.post(fund.form.url, answers | {"hub-files": [document(), document("b.txt")]})
    request = GrantRequest.objects.get()
    assert response["Location"] == f"{private_address(request)}?done=sent"
    assert request.status == "sent"
    assert [file.name for file in request.attachments.all()] == ["plan.txt", "b.txt"]
    page = client.get(response["Location"])
    assert "Your request has been received" in shown(page)
    assert "Your request is with the team." in shown(page)


def test_files_and_words_are_kept_though_an_answer_is_wrong(client, fund):
    answers = filled_in(client, fund.form, **{"hub-do": "send", "hub-email": "nobody"})
    response = client.post(fund.form.url, answers | {"hub-files": document()})
    draft = GrantRequest.objects.get()
    assert (response.status_code, draft.status) == (422, "draft")
    assert soup(response).find(id="request-form")["action"] == private_address(draft)
    assert "plan.txt" in field_of(response, "hub-files").text
    assert fields_of(response)["hub-email"] == "nobody"
    assert draft.typed["hub-email"] == "nobody"


# Saved, looked at


def test_saving_asks_for_nothing_and_leads_to_the_private_link(client, fund):
    answers = filled_in(client, fund.form, **{"hub-do": "save", "hub-email": "", "hub-goal": ""})
    del answers["hub-consent"]
    response = client.post(fund.form.url, answers)
    draft = GrantRequest.objects.get()
    assert response["Location"] == f"{private_address(draft)}?done=saved"
    assert (draft.status, draft.typed["hub-amount"]) == ("draft", "3,800")
    assert OutgoingMail.objects.count() == 0


def test_preview_saves_first(client, fund):
    response = client.post(fund.form.url, filled_in(client, fund.form, **{"hub-do": "preview"}))
    draft = GrantRequest.objects.get()
    assert response["Location"] == private_address(draft, "request_preview")


@pytest.mark.parametrize(
    "changes", [{"hub-website": "https://spam.example"}, {"hub-token": "forged"}]
)
def test_what_keeps_machines_out_keeps_them_from_drafts(client, fund, changes):
    answers = filled_in(client, fund.form, **{"hub-do": "save", "hub-email": "", **changes})
    response = client.post(fund.form.url, answers)
    assert response.status_code == 422
    assert "Email" not in problems(response)
    assert fields_of(response)["hub-goal"] == ANSWERS["hub-goal"]
    assert GrantRequest.objects.count() == 0


def test_many_drafts_from_one_address_are_slowed(client, fund, monkeypatch):
    monkeypatch.setattr(guard, "POSTS_PER_PERIOD", 0)
    response = client.post(fund.form.url, filled_in(client, fund.form, **{"hub-do": "save"}))
    assert response.status_code == 429
    assert fields_of(response)["hub-goal"] == ANSWERS["hub-goal"]
    assert GrantRequest.objects.count() == 0


def test_saving_the_open_form_twice_is_one_draft(client, fund):
    answers = filled_in(client, fund.form, **{"hub-do": "save"})
    locations = {client.post(fund.form.url, answers)["Location"] for _click in range(2)}
    assert len(locations) == GrantRequest.objects.count() == 1


def test_going_back_to_the_open_form_does_not_undo_what_was_written_since(client, fund):
    answers = filled_in(client, fund.form, **{"hub-do": "save", "hub-goal": "First"})
    draft_page = client.post(fund.form.url, answers)["Location"]
    later = fields_of(client.get(draft_page)) | {"hub-goal": "Second", "hub-do": "save"}
    client.post(draft_page.partition("?")[0], later)
    client.post(fund.form.url, answers)
    draft = GrantRequest.objects.get()
    assert draft.typed["hub-goal"] == "Second"
    assert [entry["typed"]["hub-goal"] for entry in draft.set_aside] == ["First"]


def test_older_words_are_not_sent_with_files_over_newer_ones(client, fund):
    answers = filled_in(client, fund.form, **{"hub-do": "save", "hub-goal": "First"})
    draft_page = client.post(fund.form.url, answers)["Location"]
    later = fields_of(client.get(draft_page)) | {"hub-goal": "Second", "hub-do": "save"}
    client.post(draft_page.partition("?")[0], later)
    response = client.post(fund.form.url, answers | {"hub-do": "send", "hub-files": document()})
    assert response.status_code == 409
    assert fields_of(response)["hub-goal"] == "First"
    assert field_of(response, "hub-goal").find(class_="field__other").blockquote.text == "Second"
    assert GrantRequest.objects.get().is_draft


def test_saving_what_was_sent_already_gives_no_link(client, fund):
    answers = filled_in(client, fund.form)
    client.post(fund.form.url, answers)
    request = GrantRequest.objects.get()
    response = client.post(fund.form.url, answers | {"hub-do": "save"})
    assert response.status_code == 422
    assert f"(reference {request.reference})" in problems(response)
    assert links.token_for(request) not in response.content.decode()
    again = client.post(fund.form.url, fields_of(response) | {"hub-do": "save"})
    assert again.status_code == 302
    assert GrantRequest.objects.filter(status="draft").count() == 1


# Paused


@pytest.fixture
def paused(fund):
    FundPage.objects.update(is_paused=True, pause_message="We take requests again in May.")
    return fund


def test_paused_fund_says_so_above_the_form(client, paused):
    response = client.get(paused.form.url)
    assert soup(response).find(class_="notice--warning").text == "We take requests again in May."
    assert soup(response).find(id="request-form")


def test_nothing_is_sent_to_a_paused_fund_and_nothing_is_lost(client, paused):
    answers = filled_in(client, paused.form)
    response = client.post(paused.form.url, answers | {"hub-do": "send"})
    assert response.status_code == 422
    assert "We take requests again in May." in problems(response)
    assert fields_of(response)["hub-goal"] == ANSWERS["hub-goal"]
    assert GrantRequest.objects.count() == 0


def test_draft_can_be_begun_while_a_fund_is_paused(client, paused):
    answers = filled_in(client, paused.form, **{"hub-do": "save"})
    assert client.post(paused.form.url, answers).status_code == 302
    assert GrantRequest.objects.get().is_draft


def test_files_are_kept_though_the_fund_is_paused(client, paused):
    answers = filled_in(client, paused.form, **{"hub-do": "send", "hub-closes": closes_in(3)})
    response = client.post(paused.form.url, answers | {"hub-files": document()})
    assert response.status_code == 422
    assert "We take requests again in May." in problems(response)
    assert GrantRequest.objects.get().is_draft
    assert Attachment.objects.count() == 1
