"""The people of the demo: rosters and requests with something of all, and mail to nobody."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone

from funding import questions
from funding.models import (
    CriteriaVersion,
    Decision,
    FundPage,
    GrantRequest,
    RequestPage,
    RequestStatus,
    Review,
)
from hub.models import OutgoingMail
from tests.demo.parts import LANGUAGES, of
from training.models import Registration, Roster
from training.models.registration import HOLDING

pytestmark = pytest.mark.xdist_group("demo")


def test_demo_has_living_rosters_and_sends_nobody_mail():
    rosters = {roster.source_page.slug: roster for roster in Roster.objects.all()}
    full = rosters["building-power-against-vested-interests"]
    assert full.is_full
    assert full.registrations.in_line().count() == 4
    past = rosters["partners-who-disagree"]
    assert Counter(past.registrations.values_list("status", flat=True)) == {
        "attended": 12,
        "no-show": 3,
        "cancelled": 2,
    }
    for roster in rosters.values():
        holding = roster.registrations.filter(status__in=HOLDING)
        assert roster.taken == holding.count()
        assert roster.capacity is None or roster.taken <= roster.capacity
    people = Registration.objects.all()
    assert set(people.values_list("locale__language_code", flat=True)) == set(LANGUAGES)
    assert all(re.fullmatch(r"Participant \d\d", person.name) for person in people)
    assert all(re.fullmatch(r"participant-\d\d@example\.org", row.address) for row in people)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_demo_criteria_say_what_everybody_needs_to_know_of_them(language):
    (version,) = CriteriaVersion.objects.filter(language=language)
    assert version.number == 1
    assert len(version.criteria) == 12
    for criterion in [*version.required, *version.not_funded]:
        assert criterion.if_not_met, criterion.statement
    for criterion in version.scored:
        assert re.findall(r"^(\d) – .+$", criterion.rubric, re.M) == list("3210")
    assert all(criterion.decline for criterion in version.criteria)
    assert all(criterion.hint for criterion in version.criteria if criterion.question)
    asked = {name for name, _label in questions.CHOICES}
    assert {criterion.question for criterion in version.criteria} - {""} <= asked


def test_demo_fund_names_no_days_but_those_it_decides_by():
    fund = of(FundPage).get()
    told = " ".join(step.value["when"] for step in fund.next_steps)
    assert f"Within {fund.decision_days} days" in told


def test_demo_has_requests_in_every_status_and_language_and_sends_nobody_mail():
    requests = GrantRequest.objects.select_related("locale", "criteria")
    assert set(requests.values_list("status", flat=True)) == set(RequestStatus.values)
    assert set(requests.values_list("locale__language_code", flat=True)) == set(LANGUAGES)
    for request in requests:
        language = request.locale.language_code
        assert request.criteria.language == request.page.locale.language_code == language
        assert re.fullmatch(
            r"applicant-\d\d@example\.org", request.address or request.typed[questions.EMAIL]
        )
    assert not OutgoingMail.objects.exists()


def test_demo_requests_answer_the_questions_of_the_form():
    """What waits to be decided could be sent as it is; what is decided has the same questions."""
    for request in GrantRequest.objects.sent().select_related("criteria"):
        page = RequestPage.objects.get(pk=request.page_id)
        form_class = page.form_class_for(request.criteria)
        assert set(request.form_data) <= set(form_class.base_fields)
        if request.is_undecided:
            form = form_class({**request.form_data, "hub-consent": "on"}, page=page)
            # Of the form as a whole it is said that it was not shown to anybody.
            assert list(form.errors) == [NON_FIELD_ERRORS], request.reference


def test_demo_desk_has_something_of_all_that_staff_meet():
    undecided = GrantRequest.objects.undecided()
    assert all(request.days_left > 0 and not request.is_late for request in undecided)
    assert undecided.filter(is_confidential=True, assignee=None).count() == 1
    assert undecided.get(status="question").messages.count() == 1
    reviews = undecided.get(status="reading").reviews.order_by("reviewer__username")
    assert [(review.reviewer.username, review.is_given) for review in reviews] == [
        ("reviewer-a", True),
        ("reviewer-b", False),
    ]
    for review in Review.objects.exclude(given_at=None).select_related("request__criteria"):
        keys = {criterion.key for criterion in review.request.criteria.scored}
        assert set(review.scores) == keys
        assert set(review.scores.values()) <= set(Review.Points.values)


def test_demo_decisions_of_the_last_year_suffice_for_a_median():
    decisions = Decision.objects.select_related("request__criteria")
    year_ago = timezone.now() - timedelta(days=365)
    assert decisions.filter(decided_at__gte=year_ago).count() >= 6
    for decision in decisions:
        request = decision.request
        assert request.sent_at < decision.decided_at < timezone.now()
        assert decision.decided_at.date() <= request.target_on
        assert len(request.criteria.by_key(decision.reasons)) == len(decision.reasons)
        assert bool(decision.amount) == request.is_granted
        assert set(decision.purposes) == (set(LANGUAGES) if request.is_granted else set())
        for criterion in request.criteria.by_key(decision.reasons):
            assert criterion.decline_sentence in decision.letter


def test_demo_past_grants_name_only_those_who_agreed():
    paid = GrantRequest.objects.filter(status__in=["paid", "reported"])
    assert paid.count() == 4
    named = paid.filter(may_be_named=True)
    assert sorted(named.values_list("public_name", flat=True)) == [
        "Red de Municipios de Muestra",
        "Réseau des Communes Modèles",
    ]
    assert set(paid.exclude(may_be_named=True).values_list("public_name", flat=True)) == {""}
