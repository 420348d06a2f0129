"""A request that was sent, behind its private link: where it stands, and what its applicant adds."""

import pytest

from funding import decisions, dialogue
from funding.decisions import Outcome
from funding.models import Decision, GrantRequest, RequestMessage
from hub import private_files
from hub.forms import guard
from hub.mail import writers
from hub.models import Attachment, OutgoingMail
from tests.asking import (
    ANSWERS,
    document,
    fields_of,
    filled_in,
    make_request,
    officer,
    open_fund,
    private_address,
    problems,
    shown,
    soup,
)
from tests.registering import let_time_pass

pytestmark = pytest.mark.usefixtures("private_folder")


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def fund(site):
    return open_fund(site)


@pytest.fixture
def sent(fund):
    return make_request(fund.form)


def at(client, request, name="request", language="en"):
    return client.get(private_address(request, name, language))


def form_of(client, request, name: str) -> dict:
    """What a browser would send of the form that goes to one of the request's addresses."""
    address = private_address(request, name)
    form = soup(at(client, request)).find("form", action=address)
    given = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    return {name: given[name] for name in ("hub-token", "hub-website")}


def send(client, request, name: str, given=None, **answers):
    given = given or form_of(client, request, name)
    return client.post(private_address(request, name), given | answers)


# Where it stands


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        ("sent", "Your request has been received"),
        ("reading", "Your request is being read"),
        ("question", "We have a question for you"),
        ("awarded", "Your grant is awarded"),
        ("declined", "Your request was not granted"),
        ("referred", "We point you to other help"),
        ("paid", "Your grant is paid"),
        ("reported", "Your report is with us"),
        ("withdrawn", "You have withdrawn your request"),
    ],
)
def test_each_status_is_said_in_words(client, fund, status, heading):
    page = soup(at(client, make_request(fund.form, status=status)))
    assert page.h1.text.strip() == heading
    assert page.find(class_="lede").text.strip().endswith(".")


def test_reference_target_answers_and_criteria_are_shown(client, fund, sent):
    page = shown(at(client, sent))
    assert f"Reference {sent.reference}" in page
    assert "Decision by" in page
    assert ANSWERS["hub-goal"] in page
    assert "How much do you need? 3,800" in page
    assert "Kenya" in page
    assert "Criteria, version 1" in page


def test_page_shows_the_criteria_it_is_judged_by_and_no_later_ones(client, fund, sent):
    fund.page.criteria.first().statement = "Something new"
    fund.page.save_revision().publish()
    assert "A political window, with a date" in shown(at(client, sent))
    assert "Something new" not in shown(at(client, sent))


def test_decided_request_names_no_day_of_decision(client, fund):
    assert "Decision by" not in shown(at(client, make_request(fund.form, status="awarded")))


def test_page_costs_as_many_queries_with_many_messages_and_files(
    client, sent, django_assert_num_queries
):
    def add(number):
        RequestMessage.objects.create(request=sent, kind="question", text="Why?", key=f"k{number}")
        Attachment.objects.create(submission=sent, name="a.txt", extension="txt", size=1)

    add(1)
    at(client, sent)
    with django_assert_num_queries(7):
        at(client, sent)
    add(2), add(3)
    with django_assert_num_queries(7):
        at(client, sent)


def test_letter_is_shown_after_the_decision(client, fund, sent):
    outcome = Outcome(kind=Decision.Kind.DECLINE, reasons=["key"])
    words = "No.\n\nSee {link} & wait."
    decisions.decide(sent, outcome, subject="About it", letter=words, user=officer())
    page = soup(at(client, sent))
    letter = page.find("section", attrs={"aria-labelledby": "letter-heading"})
    address = f"http://127.0.0.1:8000{private_address(sent)}"
    assert letter.h2.text.strip() == "About it"
    assert letter.find_all("p")[1].text == f"See {address} & wait."
    assert letter.a["href"] == address


def test_nobody_reads_a_request_with_the_link_of_another(client, fund, sent):
    other = make_request(fund.form, "other")
    mixed = private_address(sent).replace(str(sent.pk), str(other.pk), 1)
    for name in ("", "message/", "files/", "files/1/", "withdraw/", "name/", "preview/"):
        response = client.get(f"{mixed}{name}")
        assert response.status_code == 404
        assert "This link does not work" in shown(response)


# Questions


def test_question_is_answered_and_reading_goes_on(client, sent):
    dialogue.ask(sent, "Who decides?", user=officer(), key="one")
    OutgoingMail.objects.all().delete()
    assert "Who decides?" in shown(at(client, sent))
    response = send(client, sent, "request_message", text="The committee.")
    assert response["Location"] == f"{private_address(sent)}?done=answered"
    assert GrantRequest.objects.get().status == "reading"
    assert "The committee." in shown(client.get(response["Location"]))
    mail = OutgoingMail.objects.get()
    assert (mail.occasion, mail.to) == ("funding.answered", "grants@example.org")


def test_answer_sent_twice_is_one(client, sent):
    given = form_of(client, sent, "request_message")
    for _click in range(2):
        response = send(client, sent, "request_message", given=given, text="The committee.")
        assert response.status_code == 302
    assert RequestMessage.objects.count() == 1


def test_another_answer_from_the_same_form_is_asked_about_and_then_taken(client, sent):
    given = form_of(client, sent, "request_message")
    send(client, sent, "request_message", given=given, text="The committee.")
    response = send(client, sent, "request_message", given=given, text="And the minister.")
    assert response.status_code == 409
    assert "Another text was sent from this form before." in problems(response)
    form = soup(response).find("form", action=private_address(sent, "request_message"))
    again = {"hub-token": form.find(attrs={"name": "hub-token"})["value"]}
    send(client, sent, "request_message", given=again, text=form.textarea.text.strip())
    texts = RequestMessage.objects.values_list("text", flat=True)
    assert list(texts) == ["The committee.", "And the minister."]


def test_empty_answer_is_a_sentence(client, sent):
    response = send(client, sent, "request_message", text=" ")
    assert response.status_code == 422
    assert "Fill this in." in problems(response)


def test_answer_to_what_was_decided_meanwhile_is_given_back(client, sent):
    given = form_of(client, sent, "request_message")
    GrantRequest.objects.update(status="declined")
    response = send(client, sent, "request_message", given=given, text="The committee.")
    assert response.status_code == 409
    assert "no longer possible" in problems(response)
    assert "The committee." in response.content.decode()
    assert RequestMessage.objects.count() == 0


@pytest.mark.parametrize("status", ["awarded", "paid"])
def test_grantee_says_on_the_page_how_the_money_can_reach_them(client, sent, status):
    GrantRequest.objects.update(status=status)
    response = send(client, sent, "request_message", text="By bank, to our fiscal host.")
    assert "By bank, to our fiscal host." in shown(client.get(response["Location"]))
    assert GrantRequest.objects.get().status == status
    mail = OutgoingMail.objects.get(occasion="funding.answered")
    assert writers.write(mail).mail.subject == f"Answered: {sent.reference}"


@pytest.mark.parametrize("status", ["declined", "referred", "reported", "withdrawn"])
def test_nobody_is_asked_to_write_about_what_has_ended(client, sent, status):
    GrantRequest.objects.update(status=status)
    assert not soup(at(client, sent)).find("form", action=private_address(sent, "request_message"))


@pytest.mark.parametrize(
    ("status", "leads_on"), [("declined", True), ("withdrawn", True), ("awarded", False)]
)
def test_end_of_a_request_leads_to_a_new_one(client, sent, fund, status, leads_on):
    GrantRequest.objects.update(status=status)
    link = soup(at(client, sent)).main.find("a", class_="button", href=fund.form.url)
    assert bool(link) == leads_on


def test_end_of_a_request_leads_to_no_form_that_was_taken_down(client, sent, fund):
    GrantRequest.objects.update(status="declined")
    fund.form.unpublish()
    main = soup(at(client, sent)).main
    assert main.find("a", class_="button", href=fund.form.url) is None
    assert "Start a request" not in main.text


def test_many_answers_from_one_address_are_slowed(client, sent, monkeypatch):
    given = form_of(client, sent, "request_message")
    monkeypatch.setattr(guard, "POSTS_PER_PERIOD", 0)
    response = send(client, sent, "request_message", given=given, text="The committee.")
    assert response.status_code == 429
    assert "The committee." in response.content.decode()


# Files


def test_files_are_added_until_there_are_five(client, sent):
    send(client, sent, "request_files", **{"hub-files": [document(f"{n}.txt") for n in range(4)]})
    given = form_of(client, sent, "request_files")
    more = {"hub-files": [document("a.txt"), document("b.txt")]}
    response = send(client, sent, "request_files", given=given, **more)
    assert response.status_code == 409
    assert "b.txt" in problems(response)
    assert "There is room for 5 files." in problems(response)
    assert Attachment.objects.count() == private_files.MAX_FILES
    assert not soup(at(client, sent)).find("input", type="file")


def test_no_file_is_a_sentence(client, sent):
    response = send(client, sent, "request_files")
    assert response.status_code == 422
    assert "Choose a file first." in problems(response)


def test_no_files_are_added_once_it_is_decided(client, sent):
    given = form_of(client, sent, "request_files")
    GrantRequest.objects.update(status="awarded")
    response = send(client, sent, "request_files", given=given, **{"hub-files": document()})
    assert response.status_code == 409
    assert "until the request is decided" in problems(response)
    assert Attachment.objects.count() == 0


def test_own_file_is_downloaded_and_that_of_another_is_not(client, fund, sent):
    other = make_request(fund.form, "other")
    for request in (sent, other):
        private_files.keep_all(request, [document()])
    own, foreign = Attachment.objects.order_by("pk")
    response = client.get(private_address(sent, "request_file", "en", own.pk))
    assert b"".join(response.streaming_content) == b"A plan."
    assert response["Content-Disposition"] == 'attachment; filename="plan.txt"'
    assert "no-store" in response["Cache-Control"]
    assert client.get(private_address(sent, "request_file", "en", foreign.pk)).status_code == 404


def test_file_that_was_found_harmful_is_not_handed_out(client, sent):
    private_files.keep_all(sent, [document()])
    Attachment.objects.update(scan=Attachment.Scan.REFUSED)
    response = client.get(private_address(sent, "request_file", "en", Attachment.objects.get().pk))
    assert response.status_code == 403
    assert "This file may do harm" in shown(response)


# Withdraw


def test_request_is_withdrawn_when_that_is_meant(client, sent):
    address = private_address(sent, "request_withdraw")
    assert "Withdraw your request?" in shown(client.get(address))
    assert GrantRequest.objects.get().status == "sent"
    assert client.post(address)["Location"] == private_address(sent)
    assert GrantRequest.objects.get().status == "withdrawn"
    assert OutgoingMail.objects.get().occasion == "funding.withdrawn"
    assert client.post(address)["Location"] == private_address(sent)
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("status", ["declined", "referred", "paid", "reported"])
def test_what_is_settled_cannot_be_withdrawn(client, fund, status):
    request = make_request(fund.form, status=status)
    response = client.post(private_address(request, "request_withdraw"))
    assert response.status_code == 409
    assert "no longer possible" in shown(response)
    assert "Withdraw the request" not in shown(at(client, request))
    assert GrantRequest.objects.get().status == status


# The name in public


@pytest.fixture
def granted(fund):
    return make_request(fund.form, status="awarded")


def test_grantee_agrees_to_be_named_and_takes_it_back(client, granted):
    name = {"may_be_named": "yes", "public_name": "Harbour Budget Watch"}
    assert send(client, granted, "request_name", **name).status_code == 302
    granted.refresh_from_db()
    assert (granted.may_be_named, granted.public_name) == (True, "Harbour Budget Watch")
    send(client, granted, "request_name", may_be_named="no", public_name="Harbour")
    granted.refresh_from_db()
    assert (granted.may_be_named, granted.public_name) == (False, "")


def test_nobody_is_named_who_did_not_say_how(client, granted):
    response = send(client, granted, "request_name", may_be_named="yes", public_name="")
    assert response.status_code == 422
    assert "Write the name that may be published." in problems(response)
    granted.refresh_from_db()
    assert granted.may_be_named is None


def test_name_is_only_asked_for_after_an_award(client, granted, sent):
    assert "Your name in public" not in shown(at(client, sent))
    given = form_of(client, granted, "request_name")
    GrantRequest.objects.filter(pk=granted.pk).update(status="withdrawn")
    name = {"may_be_named": "yes", "public_name": "Harbour"}
    response = send(client, granted, "request_name", given=given, **name)
    assert response.status_code == 409
    granted.refresh_from_db()
    assert granted.may_be_named is None


# The link once more


def ask(client, email: str, **changes):
    given = fields_of(client.get("/en/request/"), "none") | {"email": email}
    return client.post("/en/request/", given | changes)


def test_links_of_an_address_are_mailed_to_it_once_an_hour(client, fund, sent):
    make_request(fund.form, "other")
    for _time in range(2):
        assert ask(client, "Amina@example.org")["Location"] == "/en/request/?done=asked"
    mail = OutgoingMail.objects.get()
    assert (mail.occasion, mail.to) == ("funding.link", "amina@example.org")


def test_draft_counts_whose_link_was_mailed(client, fund):
    draft = make_request(fund.form, status="draft")
    ask(client, "amina@example.org")
    assert OutgoingMail.objects.count() == 0
    GrantRequest.objects.filter(pk=draft.pk).update(address="amina@example.org")
    ask(client, "amina@example.org")
    assert OutgoingMail.objects.get().occasion == "funding.draft"


def test_answer_is_the_same_whether_an_address_is_known(client, sent):
    known, unknown = ask(client, "amina@example.org"), ask(client, "nobody@example.org")
    assert known["Location"] == unknown["Location"]
    assert "a mail with the link is on its way" in shown(client.get(known["Location"]))
    assert OutgoingMail.objects.count() == 1


def test_link_of_a_sent_request_is_not_that_of_its_open_form(client, fund):
    """Going back to the form that was sent gives neither the link nor the request."""
    answers = filled_in(client, fund.form)
    client.post(fund.form.url, answers)
    response = client.post(fund.form.url, answers | {"hub-do": "preview"})
    assert response.status_code == 422
    assert private_address(GrantRequest.objects.get()) not in response.content.decode()
