"""What is left, and what is handed out, of requests beside the answers in them."""

import pytest
from django.utils import timezone

from funding import decisions
from funding.models import Decision, GrantRequest
from hub import privacy
from tests.asking import make_request, officer, open_fund


@pytest.fixture
def fund(site):
    return open_fund(site)


def test_note_about_a_payment_goes_with_the_person(fund):
    request, olu = make_request(fund.form, status="awarded"), officer()
    today = timezone.localdate()
    decisions.note_payment(request, today, "To Amina's brother, by bank transfer", user=olu)
    privacy.erase("amina@example.org")
    left = GrantRequest.objects.get()
    assert (left.payment_note, left.paid_on) == ("", today)


def test_person_is_given_the_decision_on_their_request(fund):
    request = make_request(fund.form)
    outcome = decisions.Outcome(
        Decision.Kind.AWARD, amount=3800, currency="USD", conditions="In two parts.", purpose="Law"
    )
    decisions.decide(request, outcome, subject="Yes", letter="Dear Amina", user=officer())
    GrantRequest.objects.update(may_be_named=True, public_name="Harbour")
    data = privacy.as_data(privacy.find("amina@example.org"))["submissions"][0]
    decision = data["decision"]
    assert (decision["kind"], decision["amount"], decision["currency"]) == ("awarded", 3800, "USD")
    assert (decision["letter"], decision["conditions"]) == ("Dear Amina", "In two parts.")
    assert (data["may_be_named"], data["public_name"]) == (True, "Harbour")


def test_draft_is_found_by_the_address_typed_in_it(fund):
    make_request(fund.form, "amina", status="draft")
    holding = privacy.find("Amina@example.org")
    assert [held.status for held in holding.submissions] == ["draft"]
    privacy.erase("amina@example.org")
    assert not GrantRequest.objects.exists()


def test_draft_with_a_similar_address_is_another_persons(fund):
    make_request(fund.form, "amina2", status="draft")
    make_request(fund.form, "bo", status="draft", typed={})
    assert not privacy.find("amina@example.org")
