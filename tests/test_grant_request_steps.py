"""One request on the funding officer's desk: taken, assigned, kept confidential, withdrawn."""

import pytest

from funding import assignment, reviews, states
from funding.models import Conflict, GrantRequest, Review
from hub.models import OutgoingMail, User
from tests.asking import make_confidential, make_request, officer, open_fund, reviewer
from tests.grant_desk import address, logged, press, soup_of, words


@pytest.fixture
def fund(site):
    return open_fund(site, {"statement": "There is a window"})


@pytest.fixture
def olu(fund, client):
    user = officer()
    client.force_login(user)
    return user


@pytest.fixture
def request_(fund):
    return make_request(fund.form)


# Taking and assigning


def test_whoever_takes_a_request_begins_to_read_it(olu, client, request_):
    assert press(client, request_, "take") == ["The request is yours."]
    assert (request_.assignee, request_.status) == (olu, "reading")
    assert logged(request_)[:2] == [("Took it", "olu"), ("Reading has begun, or goes on", "olu")]


def test_request_is_taken_once(olu, client, request_):
    assignment.take(GrantRequest.objects.get(), officer("sefu"))
    assert press(client, request_, "take") == ["Somebody has taken this request already."]
    assert request_.assignee.username == "sefu"


@pytest.mark.parametrize("status", ["declined", "referred", "reported", "withdrawn"])
def test_closed_request_is_not_taken_or_assigned(fund, olu, client, status):
    request = make_request(fund.form, status=status)
    closed = ["Nobody works on this request any more."]
    assert press(client, request, "take") == closed
    assert "Give it to this person" not in soup_of(client, request).text
    with pytest.raises(states.Refused, match="any more"):
        assignment.assign(request, olu, user=olu)


def test_request_is_assigned_to_an_officer(olu, client, request_):
    sefu = officer("sefu")
    assert press(client, request_, "assign", assignee=sefu.pk) == ["The request is with sefu now."]
    assert (request_.assignee, request_.status) == (sefu, "sent")
    assert logged(request_)[0] == ("Assigned to sefu", "olu")
    client.force_login(sefu)
    assert press(client, request_, "start") == [
        "The applicant can see now that the request is being read."
    ]
    assert request_.status == "reading"


def test_request_is_assigned_to_nobody_who_cannot_work_on_it(olu, client, request_):
    rana, gone, conflicted = reviewer(), officer("gone"), officer("conflicted")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    Conflict.objects.create(request=request_, user=conflicted)
    for user in (rana, gone, conflicted):
        response = client.post(address(request_, "assign"), {"assignee": user.pk})
        assert response.status_code == 422
        assert "Choose one of the team." in response.content.decode()
        with pytest.raises(states.Refused, match="cannot take the request"):
            assignment.assign(request_, user, user=olu)
    request_.refresh_from_db()
    assert request_.assignee is None


def test_confidential_request_is_passed_on_by_its_assignee_alone(fund, olu, client):
    sefu, tala = officer("sefu"), officer("tala")
    secret = make_confidential(fund.form, assignee=sefu)
    Review.objects.create(request=secret, reviewer=olu)
    assert "Give it to this person" not in soup_of(client, secret).text
    response = client.post(address(secret, "assign"), {"assignee": olu.pk})
    assert response.status_code == 422
    assert "Only the person it is assigned to" in response.content.decode()
    client.force_login(sefu)
    assert press(client, secret, "assign", assignee=tala.pk) == ["The request is with tala now."]
    assert client.get(address(secret)).status_code == 404


def test_administrator_passes_on_a_confidential_request_without_reading_it(fund, admin_client, olu):
    secret = make_confidential(fund.form, assignee=officer("sefu"))
    response = admin_client.get(address(secret, "assign"))
    assert response.status_code == 200
    assert "ministry" not in response.content.decode()
    assert f'href="{address(secret)}"' not in response.content.decode().split("<form")[0]
    press(admin_client, secret, "assign", assignee=olu.pk)
    assert secret.assignee == olu
    assert admin_client.get(address(secret)).status_code == 404


# Reviewers


def test_reviewers_are_asked_from_the_page(olu, client, request_):
    rana, sefu = reviewer(), officer("sefu")
    said = press(client, request_, "reviewer", reviewer=rana.pk)
    assert said == ["rana is asked for a review, by mail."]
    assert "rana asked on" in words(soup_of(client, request_))
    assert press(client, request_, "reviewer", reviewer=rana.pk) == ["Choose one of the team."]
    press(client, request_, "reviewer", reviewer=sefu.pk)
    assert [review.reviewer for review in request_.reviews.all()] == [rana, sefu]
    assert list(OutgoingMail.objects.values_list("to", flat=True).order_by("pk")) == [
        "rana@example.org",
        "sefu@example.org",
    ]
    assert "Ask for a review" not in soup_of(client, request_).text
    assert press(client, request_, "reviewer", reviewer=olu.pk) == [
        "Two reviewers have been asked already."
    ]
    assert press(client, request_, "reviewer", reviewer="") == ["Choose one of the team."]


def test_reviewer_sees_the_request_and_nothing_of_the_work_on_it(olu, client, request_):
    rana = reviewer()
    reviews.ask(request_, rana, user=olu)
    client.force_login(rana)
    text = words(soup_of(client, request_))
    assert request_.goal in text
    assert "Judged by version 1" in text
    for hidden in ("Mails", "What was done", "Who works on it", "Withdraw", "private link"):
        assert hidden not in text
    assert "I have a conflict of interest" in text


# Conflicts of interest


def test_conflict_of_interest_hides_the_request_at_once(olu, client, request_):
    assignment.take(request_, olu)
    reviews.ask(request_, olu, user=olu)
    assert "cannot be taken back" in client.get(address(request_, "conflict")).content.decode()
    assert not Conflict.objects.exists()
    said = press(client, request_, "conflict")
    assert said == ["Thank you. The request is hidden from you, and others work on it."]
    assert (request_.assignee, request_.reviews.count()) == (None, 0)
    assert Conflict.objects.get().user == olu
    assert logged(request_)[-1] == ("Declared a conflict of interest", "olu")
    assert client.get(address(request_)).status_code == 404


def test_conflict_leaves_the_work_of_others_alone(olu, client, request_):
    sefu, rana = officer("sefu"), reviewer()
    assignment.assign(request_, sefu, user=olu)
    reviews.ask(request_, rana, user=olu)
    press(client, request_, "conflict")
    assert (request_.assignee, request_.reviews.get().reviewer) == (sefu, rana)


# Confidential or not


def test_request_is_made_confidential_and_open_again(olu, client, request_):
    press(client, request_, "take")
    assert press(client, request_, "confidential") == [
        "The request is confidential: only those who are assigned can read it now."
    ]
    assert request_.is_confidential
    assert "Confidential" in words(soup_of(client, request_))
    assert press(client, request_, "open") == [
        "The request is no longer confidential: all funding officers can read it now."
    ]
    assert not request_.is_confidential
    assert [entry for entry in logged(request_) if "onfidential" in entry[0]] == [
        ("Made confidential", "olu"),
        ("No longer confidential", "olu"),
    ]


def test_marking_hides_a_request_from_those_not_assigned(olu, client, request_):
    response = client.post(address(request_, "confidential"))
    assert response.url == "/admin/grant_requests/"
    assert client.get(address(request_)).status_code == 404


def test_what_the_applicant_asked_to_be_confidential_stays_so(fund, olu, client):
    secret = make_confidential(fund.form, assignee=olu)
    assert "No longer confidential" not in soup_of(client, secret).text
    assert press(client, secret, "open") == [
        "The applicant asked for it, so the request stays confidential."
    ]
    assert secret.is_confidential


def test_reviewing_officer_does_not_open_a_confidential_request(fund, olu, client):
    secret = make_request(fund.form, is_confidential=True, assignee=officer("sefu"))
    Review.objects.create(request=secret, reviewer=olu)
    assert press(client, secret, "open") == [
        "Only the person it is assigned to can say that it is not confidential."
    ]
    assert secret.is_confidential


def test_made_confidential_twice_says_so(olu, client, request_):
    press(client, request_, "take")
    press(client, request_, "confidential")
    assert press(client, request_, "confidential") == [str(states.NOT_POSSIBLE)]


# Withdrawing and the private link


def test_request_is_withdrawn_for_the_applicant_with_a_reason(olu, client, request_):
    response = client.post(address(request_, "withdraw"), {"why": ""})
    assert response.status_code == 422
    assert press(client, request_, "withdraw", why="Asked for it by phone") == [
        "The request is withdrawn, and the applicant is told so by mail."
    ]
    assert request_.status == "withdrawn"
    assert OutgoingMail.objects.get().occasion == "funding.withdrawn"
    assert logged(request_)[0] == ("Withdrawn: Asked for it by phone", "olu")


def test_withdrawn_request_is_not_withdrawn_again(fund, olu, client):
    request = make_request(fund.form, status="withdrawn")
    assert "Withdraw for the applicant" not in soup_of(client, request).text
    response = client.post(address(request, "withdraw"), {"why": "Again"})
    assert response.status_code == 422
    assert str(states.NOT_POSSIBLE) in response.content.decode()


def test_new_link_goes_out_and_the_old_one_is_worthless(olu, client, request_):
    former = request_.link_key
    assert press(client, request_, "link") == [
        "A mail with a new link goes out. The links of before no longer work."
    ]
    assert request_.link_key != former
    mail = OutgoingMail.objects.get()
    assert (mail.occasion, mail.to) == ("funding.link", "amina@example.org")
    assert logged(request_)[0] == ("Sent a new private link", "olu")
    assert press(client, request_, "link") == ["A mail with a new link is on its way already."]
    GrantRequest.objects.get().mails.all().delete()
    request_.address = ""
    request_.save()
    assert press(client, request_, "link") == ["There is no address that a link could go to."]
