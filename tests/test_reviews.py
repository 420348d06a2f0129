"""Reviews: who is asked, what they see of each other, and what they give."""

import pytest
from wagtail.models import ModelLogEntry

from funding import decisions, reviews, states
from funding.models import Conflict, GrantRequest, Review
from hub.models import OutgoingMail, User
from tests.asking import make_request, officer, open_fund, reviewer


@pytest.fixture
def fund(site):
    return open_fund(
        site,
        {"statement": "A window"},
        {"kind": "strengthens", "statement": "Partners"},
        {"kind": "not_funded", "statement": "Rent"},
    )


@pytest.fixture
def request_(fund):
    return make_request(fund.form)


def points(request, number: int = 2) -> dict:
    return {criterion.key: number for criterion in request.criteria.scored}


def test_reviewer_is_asked_by_mail_and_it_is_logged(request_):
    rana = reviewer()
    assert not GrantRequest.objects.visible_to(rana).exists()
    reviews.ask(request_, rana, user=officer())
    assert GrantRequest.objects.visible_to(rana).get() == request_
    mail = OutgoingMail.objects.get()
    assert (mail.occasion, mail.to) == ("funding.review", "rana@example.org")
    assert ModelLogEntry.objects.get(action="funding.review_asked").data == {"reviewer": "rana"}


def test_third_reviewer_is_not_asked(request_):
    olu = officer()
    for name in ("rana", "sefu"):
        reviews.ask(request_, reviewer(name), user=olu)
    with pytest.raises(states.Refused, match="Two reviewers"):
        reviews.ask(request_, reviewer("tala"), user=olu)


def test_nobody_is_asked_twice_or_against_a_conflict(request_):
    olu, rana, sefu = officer(), reviewer("rana"), reviewer("sefu")
    reviews.ask(request_, rana, user=olu)
    with pytest.raises(states.Refused, match="asked already"):
        reviews.ask(request_, rana, user=olu)
    Conflict.objects.create(request=request_, user=sefu)
    with pytest.raises(states.Refused, match="conflict of interest"):
        reviews.ask(request_, sefu, user=olu)
    assert Review.objects.count() == 1
    assert set(reviews.possible_reviewers(request_)) == {olu}


def test_those_who_review_can_be_asked_and_nobody_else(request_):
    olu, rana = officer(), reviewer()
    User.objects.create_user("editor", "editor@example.org", "secret")
    gone = reviewer("gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert list(reviews.possible_reviewers(request_)) == [olu, rana]


def test_decided_request_needs_no_review(fund):
    request = make_request(fund.form, status="declined")
    with pytest.raises(states.Refused, match="decided"):
        reviews.ask(request, reviewer(), user=officer())


def test_reviewers_see_each_other_once_both_have_given_their_own(request_):
    olu, rana, sefu = officer(), reviewer("rana"), reviewer("sefu")
    for who in (rana, sefu):
        reviews.ask(request_, who, user=olu)
    reviews.give(request_, rana, points(request_, 3), "Strong.")
    assert [(seen.reviewer, seen.is_given) for seen in reviews.shown_to(request_, sefu)] == [
        (sefu, False)
    ]
    assert [seen.reviewer for seen in reviews.shown_to(request_, rana)] == [rana]
    reviews.give(request_, sefu, points(request_, 1), "Weak.")
    for who in (rana, sefu, olu):
        assert [seen.reviewer for seen in reviews.shown_to(request_, who)] == [rana, sefu]


def test_officer_who_owes_a_review_does_not_see_the_other_before(request_):
    olu, rana = officer(), reviewer()
    reviews.ask(request_, rana, user=olu)
    reviews.ask(request_, olu, user=olu)
    reviews.give(request_, rana, points(request_), "")
    assert [seen.reviewer for seen in reviews.shown_to(request_, olu)] == [olu]


def test_review_cannot_be_changed_once_it_is_given(request_):
    rana = reviewer()
    reviews.ask(request_, rana, user=officer())
    reviews.give(request_, rana, points(request_, 3), "Mine.")
    with pytest.raises(states.Refused, match="given your review already"):
        reviews.give(request_, rana, points(request_, 0), "Changed.")
    assert Review.objects.get().comment == "Mine."


def test_review_scores_every_criterion_that_is_scored_and_no_other(request_):
    rana = reviewer()
    reviews.ask(request_, rana, user=officer())
    assert [criterion.statement for criterion in request_.criteria.scored] == [
        "A window",
        "Partners",
    ]
    key = request_.criteria.required[0].key
    for wrong in ({}, {key: 2}, {**points(request_), request_.criteria.not_funded[0].key: 1}):
        with pytest.raises(states.Refused, match="every criterion"):
            reviews.give(request_, rana, wrong, "")


def test_giving_a_review_is_logged_without_what_it_says(request_):
    rana = reviewer()
    reviews.ask(request_, rana, user=officer())
    reviews.give(request_, rana, points(request_), "Strong.")
    entry = ModelLogEntry.objects.get(action="funding.reviewed")
    assert (entry.user, entry.data) == (rana, {})


def test_who_reviews_no_more_gives_nothing(request_):
    rana = reviewer()
    reviews.ask(request_, rana, user=officer())
    rana.user_permissions.clear()
    with pytest.raises(states.Refused, match="not asked"):
        reviews.give(request_, User.objects.get(pk=rana.pk), points(request_), "")
    assert not Review.objects.get().is_given


def test_who_was_not_asked_gives_nothing(request_):
    with pytest.raises(states.Refused, match="not asked"):
        reviews.give(request_, reviewer(), points(request_), "")
    with pytest.raises(states.Refused, match="not asked"):
        reviews.give(request_, officer(), points(request_), "")


def test_nothing_is_owed_once_the_request_is_withdrawn(request_):
    olu, rana, sefu = officer(), reviewer("rana"), reviewer("sefu")
    for who in (rana, sefu):
        reviews.ask(request_, who, user=olu)
    reviews.give(request_, rana, points(request_), "")
    decisions.withdraw(request_, actor=states.Actor.APPLICANT)
    assert Review.objects.get().reviewer == rana


def test_points_stand_beside_each_other_by_criterion(request_):
    olu, rana, sefu = officer(), reviewer("rana"), reviewer("sefu")
    for who, number in ((rana, 3), (sefu, 1)):
        reviews.ask(request_, who, user=olu)
        reviews.give(request_, who, points(request_, number), "")
    rows = reviews.points_by_criterion(request_.criteria, reviews.shown_to(request_, olu))
    assert [(criterion.statement, given) for criterion, given in rows] == [
        ("A window", [3, 1]),
        ("Partners", [3, 1]),
    ]
