"""A draft behind its private link: what is kept, what is shown, and what is sent from there."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from funding import drafts
from funding.models import FundPage, GrantRequest
from hub.forms import links
from hub.mail import writers
from hub.models import Attachment, OutgoingMail, Submission
from tests.asking import (
    ANSWERS,
    closes_in,
    document,
    fields_of,
    make_request,
    open_fund,
    private_address,
    problems,
    shown,
    soup,
)
from tests.factories import SessionPageFactory
from tests.registering import let_time_pass, make_registration
from tests.translating import translate

pytestmark = pytest.mark.usefixtures("private_folder")


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def fund(site):
    return open_fund(site, {"question": "hub-goal", "hint": "Name who decides."})


@pytest.fixture
def draft(fund):
    return make_request(fund.form, status="draft")


def press(client, request, do="save", given=None, **changes):
    """The answer to a button of the draft's page, pressed with changes of what stands there."""
    given = given or fields_of(client.get(private_address(request)))
    return client.post(private_address(request), given | {"hub-do": do} | changes)


def typed() -> dict:
    return GrantRequest.objects.get().typed


def set_aside() -> list[dict]:
    return [entry["typed"] for entry in GrantRequest.objects.get().set_aside]


# Open


def test_draft_opens_with_what_was_typed_right_or_wrong(client, fund):
    given = {"hub-goal": "Publish", "hub-amount": "about 5", "hub-country": "KE"}
    draft = make_request(fund.form, status="draft", typed=given | {"hub-confidential": True})
    fields = fields_of(client.get(private_address(draft)))
    shown_again = {name: fields[name] for name in given}
    assert shown_again == given
    assert fields["hub-confidential"] == "on"
    assert fields["hub-manager"] == ""


def test_draft_shows_its_link_and_how_long_it_is_kept(client, draft):
    page = soup(client.get(private_address(draft)))
    assert page.find(id="private-link").text == f"http://127.0.0.1:8000{private_address(draft)}"
    assert page.find(attrs={"data-copy": "private-link"})
    assert "the draft is deleted after" in page.main.text


def test_draft_keeps_the_hints_it_was_begun_with(client, fund, draft):
    fund.page.criteria.first().hint = "Something new."
    fund.page.save_revision().publish()
    page = client.get(private_address(draft))
    assert "Name who decides." in shown(page)
    assert "Something new." not in shown(page)


def test_opening_a_draft_keeps_it_for_longer(client, draft):
    Submission.objects.update(retained_until=date(2022, 1, 1))
    client.get(private_address(draft))
    draft.refresh_from_db()
    assert draft.retained_until == timezone.localdate() + timedelta(days=60)


def test_draft_is_for_nobody_else(client, draft):
    response = client.get(private_address(draft))
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_draft_is_asked_in_the_language_of_the_address(client, fund, draft):
    translate(fund.page, "es")
    translate(fund.form, "es")
    page = soup(client.get(private_address(draft, language="es")))
    assert page.html["lang"] == "es"
    assert page.find(class_="kind").text == "es: Mini grants"
    assert fields_of(client.get(private_address(draft, language="es")))["hub-country"] == "KE"


def test_enter_saves_whatever_button_comes_first(client, draft):
    client.post(private_address(draft), {"hub-do": "save", "hub-files": document()})
    first = soup(client.get(private_address(draft))).find(id="request-form").find("button")
    assert (first["name"], first["value"]) == ("hub-do", "save")


@pytest.mark.parametrize("name", ["request", "request_preview", "request_discard"])
def test_links_that_do_not_work_all_say_the_same(client, site, fund, draft, name):
    registration = make_registration(SessionPageFactory(parent=site.training))
    good = private_address(draft, name)
    token = links.token_for(draft)
    bad = [token[:-1] + "x", f"{draft.pk + 1}{token[len(str(draft.pk)) :]}", "1", "~"]
    bad.append(links.token_for(registration))
    addresses = [good.replace(token, forged) for forged in bad]
    links.renew(draft)
    answers = [client.get(address) for address in [*addresses, good]]
    assert {answer.status_code for answer in answers} == {404}
    assert len({shown(answer) for answer in answers}) == 1
    assert "This link does not work, or not any more" in shown(answers[0])


# Save


def test_saving_keeps_what_was_typed_and_says_so(client, draft):
    response = press(client, draft, **{"hub-goal": "Another", "hub-amount": "5.000,00 €"})
    assert response["Location"] == f"{private_address(draft)}?done=saved"
    assert (typed()["hub-goal"], typed()["hub-amount"]) == ("Another", "5.000,00 €")
    assert "Your draft is saved." in shown(client.get(response["Location"]))


def test_saving_takes_few_queries(client, draft, django_assert_num_queries):
    given = fields_of(client.get(private_address(draft))) | {"hub-do": "save"}
    with django_assert_num_queries(5):
        client.post(private_address(draft), given | {"hub-goal": "Another"})
    given["hub-revision"] = "2"
    with django_assert_num_queries(5):
        client.post(private_address(draft), given | {"hub-goal": "A third", "hub-do": "keep"})
    assert typed()["hub-goal"] == "A third"


def test_saving_as_one_types_tells_the_script_the_new_revision(client, draft):
    response = press(client, draft, "keep", **{"hub-goal": "Another"})
    assert (response.status_code, response.json()) == (200, {"revision": 2})
    assert typed()["hub-goal"] == "Another"


def test_saving_what_cannot_be_kept_says_so_and_loses_nothing(client, draft):
    long = "x" * (drafts.LARGEST + 1)
    response = press(client, draft, **{"hub-goal": long})
    assert response.status_code == 422
    assert "more than a draft can hold" in problems(response)
    assert fields_of(response)["hub-goal"] == long


# Two browsers


@pytest.fixture
def two(client, draft):
    """What two browsers have before them that opened one draft; the first has saved."""
    given = fields_of(client.get(private_address(draft)))
    press(client, draft, given=given, **{"hub-goal": "First"})
    return given | {"hub-goal": "Second"}


def test_later_of_two_browsers_sees_both_texts(client, draft, two):
    response = press(client, draft, given=two)
    assert response.status_code == 409
    assert "changed in another browser" in problems(response)
    assert fields_of(response)["hub-goal"] == "Second"
    goal = soup(response).find(id="id_hub-goal").find_parent(class_="field")
    assert goal.find(class_="field__other").blockquote.text == "First"
    assert len(soup(response).select(".field__other")) == 1
    assert (typed()["hub-goal"], set_aside()[0]["hub-goal"]) == ("First", "Second")


def test_saving_again_keeps_what_the_later_chose(client, draft, two):
    response = press(client, draft, given=two)
    again = press(client, draft, given=fields_of(response))
    assert again.status_code == 302
    assert (typed()["hub-goal"], set_aside()) == ("Second", [])


def test_words_set_aside_are_shown_to_whoever_opens_the_draft(client, draft, two):
    press(client, draft, given=two)
    response = client.get(private_address(draft))
    assert "Words from another browser were set aside." in shown(response)
    assert fields_of(response)["hub-goal"] == "First"
    assert soup(response).find(class_="field__other").blockquote.text == "Second"


def test_words_are_not_let_go_that_nobody_has_seen(client, draft, two):
    opened = fields_of(client.get(private_address(draft)))
    press(client, draft, given=two)
    assert press(client, draft, given=opened).status_code == 302
    assert [words["hub-goal"] for words in set_aside()] == ["Second"]


@pytest.mark.parametrize("name", ["request", "request_preview"])
def test_nothing_is_sent_while_there_are_words_that_nobody_has_seen(client, draft, two, name):
    opened = fields_of(client.get(private_address(draft, name))) | {"hub-consent": "on"}
    press(client, draft, given=two)
    response = client.post(private_address(draft, name), opened | {"hub-do": "send"})
    assert response.status_code == 409
    assert "Words from another browser were set aside." in problems(response)
    assert soup(response).find(class_="field__other").blockquote.text == "Second"
    again = press(client, draft, "send", given=fields_of(response))
    assert again["Location"].endswith("?done=sent")
    assert GrantRequest.objects.get().goal == "First"


def test_words_that_come_while_the_draft_is_sent_are_shown(client, draft, monkeypatch):
    send = drafts.send

    def send_after_another(sent, form, page):
        drafts.save(GrantRequest.objects.get(), {"hub-goal": "Elsewhere"}, 0)
        return send(sent, form, page)

    monkeypatch.setattr(drafts, "send", send_after_another)
    response = press(client, draft, "send", **{"hub-goal": "Mine", "hub-consent": "on"})
    assert response.status_code == 409
    assert fields_of(response)["hub-goal"] == "Mine"
    assert "Elsewhere" in shown(response)
    assert GrantRequest.objects.get().is_draft


def test_saving_as_one_types_lets_go_of_nothing(client, draft, two):
    press(client, draft, given=two)
    response = press(client, draft, "keep", **{"hub-goal": "Third"})
    assert response.status_code == 200
    assert [words["hub-goal"] for words in set_aside()] == ["Second"]


def test_script_is_told_of_another_browser(client, draft, two):
    response = press(client, draft, "keep", given=two)
    assert (response.status_code, typed()["hub-goal"]) == (409, "First")
    assert [words["hub-goal"] for words in set_aside()] == ["Second"]


def test_other_words_of_a_choice_are_those_people_read(client, draft):
    given = fields_of(client.get(private_address(draft)))
    press(client, draft, given=given, **{"hub-country": "PE"})
    response = press(client, draft, given=given, **{"hub-country": "BO"})
    assert soup(response).find(class_="field__other").blockquote.text == "Peru"


# Files


def test_files_are_kept_with_a_draft_and_can_be_removed(client, draft):
    press(client, draft, **{"hub-files": [document("a.txt"), document("b.txt")]})
    page = soup(client.get(private_address(draft)))
    remove = page.find("button", attrs={"name": "hub-remove"})
    assert remove.text.split() == ["Remove", "a.txt"]
    given = fields_of(client.get(private_address(draft))) | {"hub-goal": "Another"}
    response = client.post(private_address(draft), given | {"hub-remove": remove["value"]})
    assert response["Location"].endswith("?done=removed")
    assert [file.name for file in Attachment.objects.all()] == ["b.txt"]
    assert typed()["hub-goal"] == "Another"


def test_file_of_another_request_stays(client, fund, draft):
    other = make_request(fund.form, "other")
    client.post(private_address(other, "request_files"), {})
    foreign = Attachment.objects.create(submission=other, name="a.txt", extension="txt", size=1)
    press(client, draft, **{"hub-remove": str(foreign.pk)})
    assert Attachment.objects.filter(pk=foreign.pk).exists()


# Mail the link


def test_link_goes_to_the_typed_address_once_an_hour(client, draft):
    for _time in range(2):
        response = press(client, draft, "mail")
        assert response["Location"].endswith("?done=mailed")
    mail = OutgoingMail.objects.get()
    assert (mail.occasion, mail.to) == ("funding.draft", "amina@example.org")


def test_link_goes_to_an_address_that_was_mended_at_once(client, draft):
    press(client, draft, "mail", **{"hub-email": "amnia@example.org"})
    press(client, draft, "mail", **{"hub-email": "amina@example.org"})
    to = OutgoingMail.objects.order_by("pk").values_list("to", flat=True)
    assert list(to) == ["amnia@example.org", "amina@example.org"]
    assert GrantRequest.objects.get().address == "amina@example.org"


def test_link_is_not_mailed_to_what_is_no_address(client, draft):
    response = press(client, draft, "mail", **{"hub-email": "amina", "hub-goal": "Another"})
    assert response.status_code == 422
    assert problems(response).count("Email") == 1
    assert typed()["hub-goal"] == "Another"
    assert OutgoingMail.objects.count() == 0


# Look at it


def test_preview_shows_what_the_team_will_read(client, draft):
    press(client, draft, **{"hub-files": document()})
    page = shown(client.get(private_address(draft, "request_preview")))
    assert ANSWERS["hub-goal"] in page
    assert "Kenya" in page
    assert "plan.txt" in page
    assert "Criteria, version 1" in page


def test_preview_of_an_unfinished_draft_shows_what_there_is(client, fund):
    draft = make_request(fund.form, status="draft", typed={"hub-amount": "about 5"})
    assert "about 5" in shown(client.get(private_address(draft, "request_preview")))


def test_request_is_sent_from_the_preview(client, draft):
    address = private_address(draft, "request_preview")
    given = fields_of(client.get(address)) | {"hub-consent": "on"}
    assert client.post(address, given)["Location"] == f"{private_address(draft)}?done=sent"
    assert GrantRequest.objects.get().status == "sent"


def test_preview_that_cannot_be_sent_leads_to_the_form(client, draft):
    address = private_address(draft, "request_preview")
    response = client.post(address, fields_of(client.get(address)))
    assert response.status_code == 422
    assert "Tick this box" in problems(response)
    assert soup(response).find(id="request-form")["action"] == private_address(draft)
    assert fields_of(response)["hub-goal"] == ANSWERS["hub-goal"]


def test_what_changed_since_the_preview_is_not_sent_unread(client, draft):
    address = private_address(draft, "request_preview")
    given = fields_of(client.get(address)) | {"hub-consent": "on"}
    press(client, draft, **{"hub-goal": "Another"})
    response = client.post(address, given)
    assert response.status_code == 409
    assert "Read it again, then send it." in shown(response)
    assert "Another" in shown(response)
    assert GrantRequest.objects.get().is_draft


# Send


def test_draft_is_sent(client, draft):
    response = press(client, draft, "send", **{"hub-consent": "on"})
    assert response["Location"] == f"{private_address(draft)}?done=sent"
    sent = GrantRequest.objects.get()
    assert (sent.status, sent.amount, sent.address) == ("sent", 3800, "amina@example.org")
    assert OutgoingMail.objects.count() == 2


def test_draft_is_answered_in_the_language_it_is_sent_in(client, fund, draft):
    translate(fund.page, "es")
    translate(fund.form, "es")
    address = private_address(draft, language="es")
    given = fields_of(client.get(address)) | {"hub-consent": "on", "hub-do": "send"}
    assert client.post(address, given).status_code == 302
    sent = GrantRequest.objects.get()
    assert (sent.status, sent.locale.language_code) == ("sent", "es")
    receipt = writers.write(OutgoingMail.objects.get(occasion="funding.receipt"))
    assert private_address(sent, language="es") in receipt.mail.text


def test_draft_that_cannot_be_sent_is_saved(client, draft):
    changes = {"hub-goal": "Another", "hub-amount": "five", "hub-consent": "on"}
    response = press(client, draft, "send", **changes)
    assert response.status_code == 422
    assert "Write the amount in digits" in problems(response)
    assert fields_of(response)["hub-consent"] == "on"
    assert typed()["hub-goal"] == "Another"
    again = press(client, draft, "send", given=fields_of(response), **{"hub-amount": "5000"})
    assert again.status_code == 302


def test_file_stands_for_the_plan(client, draft):
    changes = {"hub-plan": "", "hub-consent": "on", "hub-files": document()}
    assert press(client, draft, "send", **changes).status_code == 302
    assert GrantRequest.objects.get().status == "sent"


def test_draft_is_not_sent_to_a_paused_fund(client, draft):
    FundPage.objects.update(is_paused=True, pause_message="Again in May.")
    response = press(client, draft, "send", **{"hub-consent": "on", "hub-goal": "Another"})
    assert response.status_code == 422
    assert "Again in May." in problems(response)
    assert typed()["hub-goal"] == "Another"


def test_draft_is_not_sent_to_a_form_that_was_taken_down(client, fund, draft):
    fund.form.unpublish()
    response = press(client, draft, "send", **{"hub-consent": "on", "hub-goal": "Another"})
    assert response.status_code == 422
    assert "takes no requests at present" in problems(response)
    assert typed()["hub-goal"] == "Another"


def test_second_click_on_send_finds_it_sent(client, draft):
    given = fields_of(client.get(private_address(draft))) | {"hub-consent": "on"}
    answers = [press(client, draft, "send", given=given) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert OutgoingMail.objects.count() == 2


def test_words_that_come_after_the_request_was_sent_are_given_back(client, draft):
    given = fields_of(client.get(private_address(draft))) | {"hub-consent": "on"}
    press(client, draft, "send", given=given)
    response = press(client, draft, given=given, **{"hub-window": "Something else opened it."})
    assert response.status_code == 409
    assert "sent from another browser in the meantime" in shown(response)
    unsent = soup(response).find("section", attrs={"aria-labelledby": "unsent-heading"})
    assert "Something else opened it." in unsent.text
    assert ANSWERS["hub-goal"] not in unsent.text


def test_too_much_that_comes_after_the_request_was_sent_is_a_sentence(client, draft):
    given = fields_of(client.get(private_address(draft))) | {"hub-consent": "on"}
    press(client, draft, "send", given=given)
    response = press(client, draft, given=given, **{"hub-window": "x" * (drafts.LARGEST + 1)})
    assert response.status_code == 409
    assert "more than a draft can hold" in shown(response)


# Delete it


def test_draft_is_deleted_with_its_files_when_that_is_meant(client, fund, draft):
    press(client, draft, **{"hub-files": document()})
    address = private_address(draft, "request_discard")
    assert "Delete this draft?" in shown(client.get(address))
    assert GrantRequest.objects.count() == 1
    assert client.post(address)["Location"] == fund.form.url
    assert (GrantRequest.objects.count(), Attachment.objects.count()) == (0, 0)
    assert client.get(address).status_code == 404


def test_request_that_was_sent_is_not_deleted(client, fund):
    request = make_request(fund.form)
    response = client.post(private_address(request, "request_discard"))
    assert response["Location"] == private_address(request)
    assert GrantRequest.objects.count() == 1


def test_past_window_is_a_sentence_when_a_draft_is_sent(client, draft):
    response = press(client, draft, "send", **{"hub-closes": closes_in(-1), "hub-consent": "on"})
    assert "This day is over." in problems(response)
    assert fields_of(response)["hub-closes"] == closes_in(-1)
