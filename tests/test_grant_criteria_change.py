"""An editor changes a criterion: everything that speaks of it changes, and what was asked before does not."""

import pytest
from django.urls import reverse

from funding.models import FundPage, GrantRequest, Review
from tests.asking import make_request, officer, open_fund, private_address, reviewer, shown

BEFORE = {
    "statement": "A political window",
    "explanation": "Something is open now.",
    "if_not_met": "Wait for the window.",
    "question": "hub-window",
    "hint": "Name the day.",
    "rubric": "3 – The day is named.",
    "decline": "We saw no window.",
}
AFTER = {
    "statement": "A vote in parliament",
    "explanation": "A vote is on the agenda.",
    "if_not_met": "Wait for the agenda.",
    "question": "hub-window",
    "hint": "Name the sitting.",
    "rubric": "3 – The sitting is named.",
    "decline": "We saw no vote.",
}


@pytest.fixture
def fund(site):
    return open_fund(site, BEFORE)


@pytest.fixture
def old(fund) -> GrantRequest:
    """A request from before the change."""
    request = make_request(fund.form)
    page = FundPage.objects.get(pk=fund.page.pk)
    criteria = list(page.criteria.all())
    for name, words in AFTER.items():
        setattr(criteria[0], name, words)
    page.criteria = criteria
    page.save_revision().publish()
    return request


@pytest.fixture
def new(fund, old) -> GrantRequest:
    return make_request(fund.form, "bela")


def says(text: str, *names: str) -> tuple[set[str], set[str]]:
    """Which of the words of before, and which of those of now, stand in a text."""
    return (
        {name for name in BEFORE if BEFORE[name] in text and name != "question"},
        {name for name in AFTER if AFTER[name] in text and name != "question"},
    )


def test_public_pages_speak_of_the_criterion_as_it_is_now(client, fund, old):
    assert says(shown(client.get(f"{fund.page.url}?check=on"))) == (
        set(),
        {"statement", "explanation", "if_not_met", "hint"},
    )
    assert says(shown(client.get(fund.form.url))) == (set(), {"statement", "hint"})


def reviewed(client, request) -> str:
    """The page on which somebody is to review a request."""
    rana = reviewer(f"rana-{request.pk}")
    Review.objects.create(request=request, reviewer=rana)
    client.force_login(rana)
    return client.get(reverse("grant_requests:review", args=[request.pk])).text


def test_rubric_is_that_of_the_version_a_request_was_made_under(client, old, new):
    assert says(reviewed(client, old)) == ({"statement", "rubric"}, set())
    assert says(reviewed(client, new)) == (set(), {"statement", "rubric"})


def letter(client, request) -> str:
    """The page with the letter that is suggested for declining a request."""
    client.force_login(officer(f"olu-{request.pk}"))
    (criterion,) = request.criteria.criteria
    given = {"reasons": [criterion.key], "action": "suggest"}
    return client.post(reverse("grant_requests:decide", args=[request.pk, "declined"]), given).text


def test_decline_letter_has_the_sentence_of_the_version_a_request_was_made_under(client, old, new):
    assert says(letter(client, old)) == ({"statement", "decline"}, set())
    assert says(letter(client, new)) == (set(), {"statement", "decline"})


def test_private_page_keeps_the_version_a_request_was_made_under(client, old, new):
    assert says(shown(client.get(private_address(old)))) == ({"statement"}, set())
    assert says(shown(client.get(private_address(new)))) == (set(), {"statement"})


def test_draft_is_asked_with_the_hints_it_was_begun_with(client, fund):
    draft = make_request(fund.form, "chi", "draft")
    page = FundPage.objects.get(pk=fund.page.pk)
    criteria = list(page.criteria.all())
    criteria[0].hint = AFTER["hint"]
    page.criteria = criteria
    page.save_revision().publish()
    text = shown(client.get(private_address(draft)))
    assert (BEFORE["hint"] in text, AFTER["hint"] in text) == (True, False)
