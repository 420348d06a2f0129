"""Asking for help when stuck: the form, who takes the request, and the answer by mail."""

import pytest
from bs4 import BeautifulSoup
from django.core import mail as outgoing

from hub.mail import outbox
from hub.models import OutgoingMail, User
from tests.factories import ClinicPageFactory
from tests.registering import let_time_pass, token_of
from tests.translating import translate
from training import stuck
from training.models import ClinicQuestion, StuckAnswer, StuckRequest, StuckState

ANSWERS = {
    "hub-stuck": "The ministry has not answered since March.",
    "hub-tried": "Two letters.",
    "hub-name": "Amina",
    "hub-email": "amina@example.org",
    "hub-organisation": "Harbour Budget Watch",
    "hub-country": "KE",
    "hub-speaks": "en",
    "hub-times": "Weekdays after 17:00, Nairobi",
    "hub-consent": "on",
}


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def clinic(site):
    return ClinicPageFactory(
        parent=site.training, to_addresses="desk@example.org\nsecond@example.org"
    )


@pytest.fixture
def officer(db):
    return User.objects.create_superuser("officer", "officer@example.org", "pw")


def ask(client, clinic, **changes):
    return client.post(
        clinic.url, ANSWERS | {"hub-token": token_of(client.get(clinic.url))} | changes
    )


@pytest.fixture
def request_(client, clinic):
    ask(client, clinic)
    return StuckRequest.objects.get()


def send_mail() -> dict:
    """What the worker sends, by address."""
    outgoing.outbox.clear()
    outbox.deliver_due()
    return {message.to[0]: message for message in outgoing.outbox}


def test_visitor_who_is_stuck_gets_a_reference_and_a_receipt(client, clinic):
    response = ask(client, clinic)
    thanks = client.get(response.headers["Location"]).content.decode()
    request = StuckRequest.objects.get()
    assert request.reference in thanks
    assert (request.state, request.assignee) == ("new", None)
    assert (request.name, request.stuck_on) == ("Amina", ANSWERS["hub-stuck"])

    sent = send_mail()
    assert set(sent) == {"amina@example.org", "desk@example.org", "second@example.org"}
    receipt = sent["amina@example.org"]
    assert request.reference in receipt.subject
    assert receipt.reply_to == ["desk@example.org"]
    # Anyone can type anyone's address: no stranger's words go to it.
    html = receipt.alternatives[0].content
    assert "ministry" not in receipt.body + html
    assert "Amina" not in receipt.body + html


def test_staff_get_the_request_in_their_language_and_the_way_to_answer_it(client, clinic):
    ClinicQuestion.objects.create(
        page=clinic, label="When is the decision?", field_type="singleline", clean_name="decision"
    )
    spanish = translate(clinic, "es")
    page = client.get(spanish.url).content.decode()
    assert "es: When is the decision?" in page
    ask(client, spanish, decision="En mayo")
    request = StuckRequest.objects.get()
    assert request.locale.language_code == "es"

    sent = send_mail()
    staff = sent["desk@example.org"]
    assert "What are you stuck on?" in staff.body
    assert "When is the decision?\nEn mayo" in staff.body
    assert "Kenya" in staff.body
    assert f"/admin/stuck_requests/{request.pk}/" in staff.body
    assert staff.reply_to == ["amina@example.org"]
    assert sent["amina@example.org"].extra_headers["Content-Language"] == "es"


def test_request_needs_the_problem_and_an_address_and_nothing_else(client, clinic):
    empty = dict.fromkeys(ANSWERS, "")
    response = ask(client, clinic, **empty)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"hub-stuck", "hub-email"}
    ask(client, clinic, **empty | {"hub-stuck": "A wall.", "hub-email": "a@example.org"})
    assert StuckRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hub-stuck", "x" * 5001),
        ("hub-stuck", "a\x00b"),
        ("hub-name", "a\r\nBcc: b@example.org"),
        ("hub-email", "a@example.org\r\nBcc: b@example.org"),
        ("hub-email", "amína@example.org"),
        ("hub-country", "Atlantis"),
        ("hub-speaks", "tlh"),
        ("hub-times", "1\n2"),
    ],
)
def test_request_with_bad_input_comes_back_with_what_was_typed(client, clinic, name, value):
    response = ask(client, clinic, **{name: value})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {name}
    assert "Two letters." in response.content.decode()
    assert not StuckRequest.objects.exists()


def test_request_sent_twice_is_stored_once(client, clinic):
    token = token_of(client.get(clinic.url))
    for _time in range(2):
        client.post(clinic.url, ANSWERS | {"hub-token": token})
    assert StuckRequest.objects.count() == 1
    assert OutgoingMail.objects.count() == 3


def test_asking_queries(client, clinic, django_assert_num_queries):
    client.get(clinic.url)
    token = token_of(client.get(clinic.url))
    with django_assert_num_queries(8):
        client.post(clinic.url, ANSWERS | {"hub-token": token})


# The states


def everything(request, officer):
    other = User.objects.get_or_create(username="other")[0]
    key = str(StuckAnswer.objects.count())
    return {
        StuckState.TAKEN: lambda: stuck.assign(request, other, user=officer),
        StuckState.ANSWERED: lambda: stuck.answer(request, "Ask them.", user=officer, key=key),
        StuckState.CLOSED: lambda: stuck.close(request, user=officer),
    }


@pytest.mark.parametrize("former", StuckState.values)
@pytest.mark.parametrize("state", ["taken", "answered", "closed"])
def test_request_moves_only_where_the_table_says(request_, officer, former, state):
    StuckRequest.objects.filter(pk=request_.pk).update(state=former)
    request_.refresh_from_db()
    move = everything(request_, officer)[StuckState(state)]
    if state in stuck.TRANSITIONS[StuckState(former)]:
        move()
        request_.refresh_from_db()
        assert request_.state == state
    else:
        with pytest.raises(stuck.Refused):
            move()
        request_.refresh_from_db()
        assert request_.state == former
        assert not StuckAnswer.objects.exists()


def test_every_state_is_in_the_table():
    assert set(stuck.TRANSITIONS) == set(StuckState)
    assert set().union(*stuck.TRANSITIONS.values()) == set(StuckState) - {StuckState.NEW}


def test_request_is_taken_by_one_of_two(request_, officer):
    other = User.objects.create(username="other")
    seen_by_other = StuckRequest.objects.get(pk=request_.pk)
    stuck.take(request_, officer)
    with pytest.raises(stuck.Refused, match="taken this request already"):
        stuck.take(seen_by_other, other)
    assert StuckRequest.objects.get().assignee == officer


def test_answer_goes_out_once_in_the_visitors_frame(client, clinic, officer):
    ask(client, translate(clinic, "es"))
    request = StuckRequest.objects.get()
    send_mail()
    for _click in range(2):
        stuck.answer(request, "Pregunten al ministro.\n\nSuerte.", user=officer, key="k")
    sent = send_mail()
    assert set(sent) == {"amina@example.org"}
    mail = sent["amina@example.org"]
    assert "Pregunten al ministro.\n\nSuerte." in mail.body
    assert "Pregunten al ministro." in mail.alternatives[0].content
    assert mail.extra_headers["Content-Language"] == "es"
    assert mail.reply_to == ["desk@example.org"]
    request.refresh_from_db()
    assert (request.state, request.assignee) == ("answered", officer)
    assert [answer.author for answer in request.answers.all()] == [officer]


def test_answer_changed_and_sent_again_from_the_same_form_is_refused(request_, officer):
    stuck.answer(request_, "One.", user=officer, key="k")
    with pytest.raises(stuck.Refused, match="Another answer was sent"):
        stuck.answer(request_, "Two.", user=officer, key="k")
    assert StuckAnswer.objects.get().text == "One."


def test_answer_is_plain_text_whatever_is_in_it(request_, officer):
    stuck.answer(request_, "<script>alert(1)</script> {{ x }}", user=officer, key="k")
    mail = send_mail()["amina@example.org"]
    assert "<script>" in mail.body
    assert BeautifulSoup(mail.alternatives[0].content, "html.parser").find("script") is None


def test_answer_withdrawn_before_it_was_sent_is_not_sent(request_, officer):
    send_mail()
    stuck.answer(request_, "One.", user=officer, key="k")
    StuckAnswer.objects.all().delete()
    assert send_mail() == {}
    assert OutgoingMail.objects.get(occasion="training.stuck_answer").state == "dropped"


# The admin


def test_officer_works_on_a_request_in_the_admin(request_, clinic, client, officer):
    client.force_login(officer)
    send_mail()
    listing = client.get("/admin/stuck_requests/").content.decode()
    assert request_.reference in listing
    assert "The ministry has not answered" in listing
    address = f"/admin/stuck_requests/{request_.pk}/"
    client.post(address, {"action": "take"})
    assert StuckRequest.objects.get().assignee == officer

    html = client.get(address).content.decode()
    assert "Weekdays after 17:00, Nairobi" in html
    key = BeautifulSoup(html, "html.parser").find("input", {"name": "key"})["value"]
    written = {"key": key, "text": "Ask the budget office."}
    preview = client.post(address, written | {"action": "preview"}).content.decode()
    assert f"Our answer to your request {request_.reference}" in preview
    assert preview.count("Ask the budget office.") == 2
    assert not StuckAnswer.objects.exists()

    for _click in range(2):
        assert client.post(address, written | {"action": "answer"}).status_code == 302
    assert set(send_mail()) == {"amina@example.org"}
    assert "Ask the budget office." in client.get(address).content.decode()

    client.post(address, {"action": "close"})
    refused = client.post(address, written | {"key": "0" * 32, "action": "answer"})
    assert refused.status_code == 422
    assert "Ask the budget office." in refused.content.decode()
    assert "Somebody has changed this request" in refused.content.decode()
    client.post(address, {"action": "assign", "assignee": officer.pk})
    assert StuckRequest.objects.get().state == "taken"


def test_empty_answer_is_not_sent_and_an_unknown_button_does_nothing(request_, client, officer):
    client.force_login(officer)
    address = f"/admin/stuck_requests/{request_.pk}/"
    response = client.post(address, {"action": "answer", "key": "0" * 32, "text": " "})
    assert response.status_code == 422
    assert "Fill this in." in response.content.decode()
    client.post(address, {"action": "explode"})
    assert StuckRequest.objects.get().state == "new"


def test_request_goes_to_no_one_outside_the_team(request_, client, officer):
    editor = User.objects.create_user("editor", password="pw", is_staff=True)
    client.force_login(officer)
    response = client.post(
        f"/admin/stuck_requests/{request_.pk}/", {"action": "assign", "assignee": editor.pk}
    )
    assert response.status_code == 422
    assert "Choose one of the team." in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "new"}, True),
        ({"state": "closed"}, False),
        ({"assignee": "null"}, True),
    ],
)
def test_requests_are_filtered(request_, client, officer, query, found):
    client.force_login(officer)
    html = client.get("/admin/stuck_requests/", query).content.decode()
    assert (request_.reference in html) is found


@pytest.mark.parametrize("count", [1, 3])
def test_requests_queries(client, clinic, officer, count, django_assert_num_queries):
    for number in range(count):
        ask(client, clinic, **{"hub-email": f"a{number}@example.org"})
    client.force_login(officer)
    client.get("/admin/stuck_requests/")
    with django_assert_num_queries(11):
        client.get("/admin/stuck_requests/")


def test_requests_are_in_no_list_of_what_forms_received(request_, clinic, client, officer):
    client.force_login(officer)
    assert client.get(f"/admin/forms/submissions/{clinic.pk}/").url == "/admin/"
    assert (
        f"/admin/forms/submissions/{clinic.pk}/" not in client.get("/admin/forms/").content.decode()
    )
