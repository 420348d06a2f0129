"""Whoever has an interest in a request, or has read what others think of it, is kept apart from it."""

import pytest

from funding import assignment, dialogue, reviews, states
from funding.models import Conflict, GrantRequest, RequestPage, Review
from tests.asking import make_request, officer, open_fund, reviewer


@pytest.fixture
def fund(site):
    return open_fund(site)


def test_nothing_goes_to_who_has_a_conflict_though_they_are_told_of_new_requests(fund):
    RequestPage.objects.update(to_addresses="olu@example.org\ngrants@example.org")
    request, olu = make_request(fund.form), officer()
    Conflict.objects.create(request=request, user=olu)
    assert dialogue.team_of(request) == ["grants@example.org"]
    RequestPage.objects.update(to_addresses="Olu@EXAMPLE.org")
    assert dialogue.team_of(request) == []


def test_answers_to_a_colleague_who_has_left_go_to_the_team(fund):
    request = make_request(fund.form, assignee=officer())
    assert dialogue.team_of(request) == ["olu@example.org"]
    request.assignee.is_active = False
    assert dialogue.team_of(request) == ["grants@example.org"]


def test_who_could_have_read_a_review_is_not_asked_for_one(fund):
    request, olu, rana, ben = make_request(fund.form), officer(), reviewer(), reviewer("ben")
    reviews.ask(request, rana, user=olu)
    assert olu in reviews.possible_reviewers(request)
    scores = {criterion.key: 2 for criterion in request.criteria.scored}
    reviews.give(request, rana, scores, "")
    assert list(reviews.possible_reviewers(request)) == [ben]
    with pytest.raises(states.Refused):
        reviews.ask(request, olu, user=olu)
    assert reviews.ask(request, ben, user=olu)


def test_who_has_a_conflict_does_not_take_the_request(fund):
    request, olu = make_request(fund.form, status="reading"), officer()
    Conflict.objects.create(request=request, user=olu)
    with pytest.raises(states.Refused, match="may not"):
        assignment.take(request, olu)
    assert GrantRequest.objects.get().assignee is None


def test_review_that_was_given_stays_when_its_writer_declares_a_conflict(fund):
    request, rana = make_request(fund.form), reviewer()
    reviews.ask(request, rana, user=officer())
    scores = {criterion.key: 2 for criterion in request.criteria.scored}
    reviews.give(request, rana, scores, "Strong.")
    assignment.declare_conflict(request, rana)
    assert Review.objects.get().comment == "Strong."
