"""What may follow on what in a request, and by whose hand."""

import itertools

import pytest
from wagtail.models import ModelLogEntry

from funding import states
from funding.models import Conflict, GrantRequest, RequestStatus
from funding.states import Actor
from tests.asking import make_request, officer, open_fund, reviewer

A, O = Actor.APPLICANT, Actor.OFFICER  # noqa: E741

# Written out, so that a change of the table is seen in a review.
ALLOWED = {
    ("draft", "sent"): {A},
    ("sent", "reading"): {O},
    ("sent", "question"): {O},
    ("sent", "awarded"): {O},
    ("sent", "declined"): {O},
    ("sent", "referred"): {O},
    ("sent", "withdrawn"): {A, O},
    ("reading", "question"): {O},
    ("reading", "awarded"): {O},
    ("reading", "declined"): {O},
    ("reading", "referred"): {O},
    ("reading", "withdrawn"): {A, O},
    ("question", "reading"): {A, O},
    ("question", "awarded"): {O},
    ("question", "declined"): {O},
    ("question", "referred"): {O},
    ("question", "withdrawn"): {A, O},
    ("awarded", "paid"): {O},
    ("awarded", "withdrawn"): {A, O},
    ("paid", "reported"): {A, O},
}


@pytest.fixture
def fund(site):
    return open_fund(site)


@pytest.mark.parametrize(
    ("former", "status"), list(itertools.product(RequestStatus, RequestStatus)), ids=str
)
def test_step_is_possible_for_those_the_table_names(fund, former, status):
    user = officer()
    for actor in Actor:
        request = make_request(fund.form, actor.value, status=former)
        by = user if actor == O else None
        if actor in ALLOWED.get((former.value, status.value), set()):
            states.move(request, status, actor=actor, user=by)
            expected = status
        else:
            with pytest.raises(states.Refused):
                states.move(request, status, actor=actor, user=by)
            expected = former
        assert GrantRequest.objects.get(pk=request.pk).status == expected


def test_step_is_logged_with_who_and_from_where(fund):
    request, user = make_request(fund.form), officer()
    states.move(request, states.READING, actor=O, user=user)
    entry = ModelLogEntry.objects.get(action="funding.reading")
    assert (entry.user, entry.data) == (user, {"from": "sent"})


def test_second_of_two_officers_is_refused(fund):
    request, user = make_request(fund.form), officer()
    stale = GrantRequest.objects.get(pk=request.pk)
    states.move(request, states.DECLINED, actor=O, user=user)
    with pytest.raises(states.Refused, match="changed in the meantime"):
        states.move(stale, states.AWARDED, actor=O, user=user)


def test_reviewer_takes_no_step(fund):
    with pytest.raises(states.Refused, match="may not"):
        states.move(make_request(fund.form), states.READING, actor=O, user=reviewer())


def test_officer_with_a_conflict_takes_no_step(fund):
    request, user = make_request(fund.form), officer()
    Conflict.objects.create(request=request, user=user)
    with pytest.raises(states.Refused, match="may not"):
        states.move(request, states.READING, actor=O, user=user)


def test_confidential_request_moves_by_its_assignee_alone(fund):
    first, second = officer("first"), officer("second")
    request = make_request(fund.form, is_confidential=True, assignee=first)
    with pytest.raises(states.Refused, match="may not"):
        states.move(request, states.READING, actor=O, user=second)
    states.move(request, states.READING, actor=O, user=first)


def test_withdrawn_is_the_end(fund):
    request, user = make_request(fund.form), officer()
    states.move(request, states.WITHDRAWN, actor=A)
    for status in RequestStatus:
        with pytest.raises(states.Refused):
            states.move(request, status, actor=O, user=user)
