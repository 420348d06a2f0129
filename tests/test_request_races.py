"""What is done to a request in the very moment in which something else is done to it."""

import pytest

from funding import decisions, dialogue, drafts, reviews, states
from funding.models import GrantRequest, RequestMessage, Review
from funding.models.requests import RequestStatus
from funding.states import Actor
from hub import privacy, private_files
from hub.models import Attachment, OutgoingMail
from tests.asking import make_request, officer, open_fund, private_address, reviewer, shown
from tests.attaching import sent


@pytest.fixture
def fund(site):
    return open_fund(site)


def test_answer_to_what_is_withdrawn_in_that_moment_is_refused(fund):
    request = make_request(fund.form)
    decisions.withdraw(GrantRequest.objects.get(pk=request.pk), actor=Actor.APPLICANT)
    with pytest.raises(states.Refused):
        dialogue.answer(request, "One more thing.", key="k")
    assert not RequestMessage.objects.exists()


def test_answer_to_what_is_erased_in_that_moment_is_not_kept(fund):
    request = make_request(fund.form)
    privacy.erase("amina@example.org")
    with pytest.raises(states.Refused):
        dialogue.answer(request, "One more thing.", key="k")
    assert not RequestMessage.objects.exists()


def test_what_is_erased_in_that_moment_is_not_withdrawn(fund):
    request = make_request(fund.form)
    privacy.erase("amina@example.org")
    with pytest.raises(states.Refused):
        decisions.withdraw(request, actor=Actor.APPLICANT)
    assert GrantRequest.objects.get().status == states.SENT
    assert not OutgoingMail.objects.exists()


def test_review_of_what_is_decided_in_that_moment_is_not_taken(fund):
    request, rana = make_request(fund.form), reviewer()
    reviews.ask(request, rana, user=officer())
    GrantRequest.objects.update(status="declined")
    scores = {criterion.key: 2 for criterion in request.criteria.scored}
    with pytest.raises(states.Refused, match="is decided"):
        reviews.give(request, rana, scores, "")
    assert not Review.objects.get().is_given


def test_answer_to_what_is_asked_in_that_moment_goes_on_with_the_reading(fund):
    request = make_request(fund.form)
    GrantRequest.objects.update(status="question")
    dialogue.answer(request, "The deputy runs it.", key="k")
    assert GrantRequest.objects.get().status == states.READING


@pytest.mark.parametrize("status", [RequestStatus.READING, RequestStatus.DRAFT])
def test_file_of_what_is_erased_in_that_moment_is_not_kept(fund, private_folder, status):
    request = make_request(fund.form, status=status)
    privacy.erase("amina@example.org")
    (problem,) = private_files.keep_all(request, [sent()])
    assert problem.endswith(str(private_files.GONE))
    assert not Attachment.objects.exists()
    assert [path for path in private_folder.rglob("*") if path.is_file()] == []


def test_draft_that_is_sent_in_that_moment_is_not_deleted(client, fund, monkeypatch):
    draft = make_request(fund.form, status="draft")
    discard = drafts.discard

    def after_the_other_browser(draft):
        other = make_request(fund.form, "other")
        GrantRequest.objects.filter(pk=draft.pk).update(status="sent", sent_at=other.sent_at)
        discard(draft)

    monkeypatch.setattr(drafts, "discard", after_the_other_browser)
    answer = client.post(private_address(draft, "request_discard"))
    assert answer.status_code == 409
    assert "has changed in the meantime" in shown(answer)
    assert GrantRequest.objects.get(pk=draft.pk).status == states.SENT
