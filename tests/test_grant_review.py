"""Reviewing a request on the desk: what is asked, what is kept, and who sees whose."""

import pytest
from bs4 import BeautifulSoup
from wagtail.users.models import UserProfile

from funding import reviews
from funding.models import CriteriaVersion, Review
from tests.asking import make_request, officer, open_fund, reviewer

RUBRIC = "3: a date in the law\n0: no date"


@pytest.fixture
def fund(site):
    return open_fund(
        site,
        {"statement": "There is a window", "rubric": RUBRIC},
        {"kind": "strengthens", "statement": "There are partners"},
        {"kind": "not_funded", "statement": "Rent"},
    )


@pytest.fixture
def request_(fund):
    return make_request(fund.form)


@pytest.fixture
def rana(client, request_):
    user = reviewer()
    Review.objects.create(request=request_, reviewer=user)
    client.force_login(user)
    return user


def address(request, name: str = "review") -> str:
    return f"/admin/grant_requests/{request.pk}/" + (f"{name}/" if name else "")


def points(request, number=2) -> dict:
    return {criterion.key: number for criterion in request.criteria.scored}


def soup_of(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def said_in(response) -> str:
    found = soup_of(response).select(".w-field__errors, [role=alert]")
    return " ".join(error.get_text(" ", strip=True) for error in found)


def groups(response) -> list[tuple[str, str]]:
    """What is to be judged, and the help beside it."""
    fields = soup_of(response).select(".w-field__wrapper:has([type=radio])")
    return [
        (
            field.select_one(".w-field__label").get_text(strip=True).removesuffix("*"),
            help.get_text("", strip=True) if (help := field.select_one(".help")) else "",
        )
        for field in fields
    ]


def given(request, user, number: int, comment: str = "") -> Review:
    return Review.objects.create(
        request=request,
        reviewer=user,
        scores=points(request, number),
        comment=comment,
        given_at=request.sent_at,
    )


def test_each_criterion_that_is_scored_is_asked_about_with_its_rubric(rana, client, request_):
    assert groups(client.get(address(request_))) == [
        ("There is a window", RUBRIC),
        ("There are partners", ""),
    ]


def test_points_stand_in_the_order_of_rubrics_under_the_reference(rana, client, request_):
    page = soup_of(client.get(address(request_)))
    first = page.select_one(".w-field__wrapper:has([type=radio])")
    assert [radio["value"] for radio in first.select("[type=radio]")] == ["3", "2", "1", "0"]
    assert page.title.get_text(strip=True).startswith(f"Review: {request_.reference}")


def test_criteria_are_in_the_reviewers_language(rana, client, request_):
    content = [
        criterion | {"statement": f"ES {number}", "rubric": ""}
        for number, criterion in enumerate(request_.criteria.content)
    ]
    CriteriaVersion.objects.create(
        fund_key=request_.fund_key, language="es", number=1, content=content
    )
    profile = UserProfile.get_for_user(rana)
    profile.preferred_language = "es"
    profile.save()
    assert groups(client.get(address(request_))) == [("ES 0", ""), ("ES 1", "")]


def test_review_is_given_and_shown_on_the_request(rana, client, request_):
    response = client.post(address(request_), points(request_) | {"comment": "Strong.\nVery."})
    assert response.url == address(request_, "")
    review = Review.objects.get()
    assert (review.scores, review.comment) == (points(request_), "Strong.\nVery.")
    table = soup_of(client.get(response.url)).find(
        "section", {"aria-labelledby": "opinions-heading"}
    )
    rows = [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])]
        for row in table.find_all("tr")
    ]
    assert rows == [
        ["Criterion", "rana"],
        ["There is a window", "2"],
        ["There are partners", "2"],
        ["Sum, of 6", "4"],
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("", "Choose one."),
        ("4", "This answer is no longer on offer."),
        ("-1", "This answer is no longer on offer."),
        ("two", "This answer is no longer on offer."),
    ],
)
def test_points_that_are_none_keep_the_rest(rana, client, request_, wrong, sentence):
    window, partners = points(request_)
    response = client.post(address(request_), {window: wrong, partners: "3", "comment": "Strong."})
    assert response.status_code == 422
    assert sentence in said_in(response)
    soup = soup_of(response)
    assert soup.find("input", {"name": partners, "checked": True})["value"] == "3"
    assert soup.find("textarea", {"name": "comment"}).text.strip() == "Strong."
    assert not Review.objects.get().is_given


def test_review_is_given_once(rana, client, request_):
    client.post(address(request_), points(request_, 3))
    response = client.post(address(request_), points(request_, 0) | {"comment": "Changed."})
    assert response.status_code == 422
    assert "You have given your review already" in said_in(response)
    assert "Changed." in response.content.decode()
    assert Review.objects.get().scores == points(request_, 3)
    response = client.get(address(request_))
    assert response.url == address(request_, "")
    [said] = client.get(response.url).context["messages"]
    assert "You have given your review already" in str(said)


def test_officer_who_was_not_asked_is_shown_no_form(client, request_):
    client.force_login(officer())
    response = client.get(address(request_))
    [said] = client.get(response.url).context["messages"]
    assert str(said).strip() == "You are not asked to review this request."


def test_reviewers_see_nothing_of_each_other_before_both_have_given(rana, client, request_):
    sefu = reviewer("sefu")
    given(request_, sefu, 3, "A strong case.")
    for name in ("", "review"):
        html = client.get(address(request_, name)).content.decode()
        assert "A strong case." not in html
        assert "sefu" not in html
        assert "What the reviewers think" not in html
    client.post(address(request_), points(request_, 1) | {"comment": "A weak one."})
    page = soup_of(client.get(address(request_, "")))
    section = page.find("section", {"aria-labelledby": "opinions-heading"})
    text = " ".join(section.get_text(" ").split())
    assert "There is a window 1 3" in text
    assert "A strong case." in text
    assert "A weak one." in text
    assert "sefu" in text


def test_who_has_given_theirs_sees_nothing_of_one_that_is_not_given(rana, client, request_):
    client.post(address(request_), points(request_))
    Review.objects.create(request=request_, reviewer=reviewer("sefu"), comment="Unfinished.")
    html = client.get(address(request_, "")).content.decode()
    assert "Unfinished." not in html
    assert "sefu" not in html


def test_officer_who_owes_a_review_does_not_read_the_others(client, request_):
    olu = officer()
    client.force_login(olu)
    Review.objects.create(request=request_, reviewer=olu)
    given(request_, reviewer("sefu"), 3, "A strong case.")
    for name in ("", "review"):
        html = client.get(address(request_, name)).content.decode()
        assert "A strong case." not in html
        assert "What the reviewers think" not in html


def test_what_a_reviewer_writes_is_no_markup(rana, client, request_):
    client.post(address(request_), points(request_) | {"comment": "<b>x</b>"})
    html = client.get(address(request_, "")).content.decode()
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def test_request_costs_as_many_queries_with_two_reviews_given(
    client, request_, django_assert_num_queries
):
    client.force_login(officer())
    given(request_, reviewer("rana"), 3, "Yes.")
    owed = Review.objects.create(request=request_, reviewer=reviewer("sefu"))
    client.get(address(request_, ""))
    with django_assert_num_queries(26):
        client.get(address(request_, ""))
    owed.delete()
    given(request_, owed.reviewer, 1, "No.")
    with django_assert_num_queries(26):
        client.get(address(request_, ""))


def test_review_outlives_the_account_of_who_gave_it(client, request_):
    sefu, olu = reviewer("sefu"), officer()
    given(request_, sefu, 3, "A strong case.")
    sefu.delete()
    client.force_login(olu)
    page = soup_of(client.get(address(request_, "")))
    section = page.find("section", {"aria-labelledby": "opinions-heading"})
    text = " ".join(section.get_text(" ").split())
    assert "Somebody who has left" in text
    assert "A strong case." in text
    colleague = reviewer("noor")
    assert list(reviews.possible_reviewers(request_)) == [colleague]
    reviews.ask(request_, colleague, user=olu)
    assert request_.reviews.count() == 2


def test_review_that_was_not_given_goes_with_its_account(client, request_):
    sefu, olu = reviewer("sefu"), officer()
    reviews.ask(request_, sefu, user=olu)
    reviews.ask(request_, olu, user=olu)
    sefu.delete()
    assert [review.reviewer for review in request_.reviews.all()] == [olu]
    reviews.ask(request_, reviewer("noor"), user=olu)
