"""Questions of the team, and answers to them."""

import pytest

from funding import dialogue, states
from funding.models import GrantRequest, RequestMessage
from hub.models import OutgoingMail
from tests.asking import make_request, officer, open_fund, reviewer


@pytest.fixture
def fund(site):
    return open_fund(site)


def status_of(request) -> str:
    return GrantRequest.objects.get(pk=request.pk).status


def test_question_makes_the_request_wait_and_tells_the_applicant(fund):
    request = make_request(fund.form)
    asked = dialogue.ask(request, "Who runs it?", user=officer(), key="a" * 32)
    assert status_of(request) == "question"
    mail = OutgoingMail.objects.get()
    assert (mail.occasion, mail.to) == ("funding.question", "amina@example.org")
    assert mail.details == {"message": asked.pk}


def test_question_sent_twice_is_one(fund):
    request, olu = make_request(fund.form), officer()
    for _time in range(2):
        dialogue.ask(request, "Who runs it?", user=olu, key="a" * 32)
    assert RequestMessage.objects.count() == OutgoingMail.objects.count() == 1


def test_other_text_from_the_same_form_is_asked_about(fund):
    request, olu = make_request(fund.form), officer()
    dialogue.ask(request, "Who runs it?", user=olu, key="a" * 32)
    with pytest.raises(states.Refused, match="sent from this form before"):
        dialogue.ask(request, "And when?", user=olu, key="a" * 32)


def test_second_question_may_follow_before_the_first_is_answered(fund):
    request, olu = make_request(fund.form), officer()
    dialogue.ask(request, "Who runs it?", user=olu, key="a" * 32)
    dialogue.ask(request, "And when?", user=olu, key="b" * 32)
    assert RequestMessage.objects.count() == 2


@pytest.mark.parametrize("status", ["sent", "question"])
def test_reviewer_asks_nothing(fund, status):
    with pytest.raises(states.Refused, match="may not"):
        dialogue.ask(make_request(fund.form, status=status), "?", user=reviewer(), key="a" * 32)


def test_answer_goes_to_the_assignee_and_reading_goes_on(fund):
    olu = officer()
    request = make_request(fund.form, status="question", assignee=olu)
    dialogue.answer(request, "A manager.", key="a" * 32)
    assert status_of(request) == "reading"
    mail = OutgoingMail.objects.get()
    assert (mail.occasion, mail.to) == ("funding.answered", "olu@example.org")


def test_answer_goes_to_whoever_is_told_of_requests_while_nobody_has_it(fund):
    dialogue.answer(make_request(fund.form, status="question"), "A manager.", key="a" * 32)
    assert OutgoingMail.objects.get().to == "grants@example.org"


def test_applicant_may_write_unasked_until_it_is_decided(fund):
    request = make_request(fund.form)
    dialogue.answer(request, "The vote has moved.", key="a" * 32)
    assert status_of(request) == "sent"
    decided = make_request(fund.form, "bo", status="declined")
    with pytest.raises(states.Refused):
        dialogue.answer(decided, "But …", key="b" * 32)
    assert RequestMessage.objects.count() == 1
