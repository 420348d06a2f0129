"""One request on the funding officer's desk: what is shown of it, and what can be done with it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import ModelLogEntry

from funding import assignment, reviews, states
from funding.models import Conflict, Decision, GrantRequest, RequestMessage, Review
from hub import private_files
from hub.mail import outbox
from hub.models import Attachment, OutgoingMail, User
from tests.asking import make_confidential, make_request, officer, open_fund, reviewer
from tests.translating import locale_of

State = OutgoingMail.State


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


def address(request, name: str = "") -> str:
    return f"/admin/grant_requests/{request.pk}/" + (f"{name}/" if name else "")


def soup_of(client, request) -> BeautifulSoup:
    response = client.get(address(request))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(soup) -> str:
    return " ".join(soup.select_one("main").get_text(" ").split())


def press(client, request, name: str, **data) -> list[str]:
    """What the page says after a button was pressed."""
    response = client.post(address(request, name), data)
    assert response.status_code == 302, response.content.decode()[-500:]
    said = [str(message).strip() for message in client.get(response.url).context["messages"]]
    request.refresh_from_db()
    return said


def logged(request) -> list[tuple[str, str]]:
    entries = ModelLogEntry.objects.filter(object_id=str(request.pk)).order_by("pk")
    return [(entry.message, str(entry.user or "")) for entry in entries.select_related("user")]


# What is shown


def test_request_is_shown_with_its_questions_and_answers(olu, client, request_):
    soup = soup_of(client, request_)
    answers = {
        question.text: answer.text.strip()
        for question, answer in zip(
            soup.select(".roster__answers dt"), soup.select(".roster__answers dd"), strict=True
        )
    }
    assert answers["What is the change, in one sentence?"] == request_.goal
    assert answers["Country the campaign is in"] == "Kenya"
    assert answers["Email"] == "amina@example.org"
    facts = words(soup)
    assert "Window closes 40 days left" in facts
    assert "Amount USD 3,800" in facts
    assert "Assigned to Nobody yet" in facts


def test_answers_are_marked_with_the_language_they_are_in(olu, client, request_):
    GrantRequest.objects.update(locale=locale_of("ar"))
    [answer] = [
        answer
        for answer in soup_of(client, request_).select("dd[lang]")
        if "ministry" in answer.text
    ]
    assert (answer["lang"], answer["dir"]) == ("ar", "auto")


def test_request_says_which_version_of_the_criteria_it_is_judged_by(fund, olu, client, request_):
    assert "Judged by version 1 of" in words(soup_of(client, request_))
    assert "The fund is at version" not in words(soup_of(client, request_))
    criterion = fund.page.criteria.first()
    criterion.statement = "There is a vote"
    fund.page.criteria = [criterion]
    fund.page.save_revision().publish()
    text = words(soup_of(client, request_))
    assert "Judged by version 1 of" in text
    assert "The fund is at version 2 now; it does not apply to this request." in text
    assert "There is a window" in text
    assert "There is a vote" not in text


def test_messages_are_shown_in_order(olu, client, request_):
    for number, (kind, author) in enumerate([("question", olu), ("answer", None)]):
        RequestMessage.objects.create(
            request=request_, kind=kind, author=author, text=f"Text {number}", key=f"k{number}"
        )
    text = words(soup_of(client, request_))
    assert text.index("olu asked") < text.index("Text 0") < text.index("The applicant wrote")
    assert text.index("The applicant wrote") < text.index("Text 1")


def test_mails_are_named_and_those_given_up_can_go_again(olu, client, request_):
    mail = outbox.enqueue_later("k", occasion="funding.receipt", submission=request_)
    mail = OutgoingMail.objects.get(key=mail.key)
    assert "Receipt Waiting" in words(soup_of(client, request_))
    assert press(client, request_, f"mails/{mail.pk}") == [
        "This mail is not given up: there is nothing to do."
    ]
    OutgoingMail.objects.update(state=State.FAILED, subject="We have your request")
    assert "We have your request Given up" in words(soup_of(client, request_))
    assert press(client, request_, f"mails/{mail.pk}") == [
        "The mail goes out again within a minute."
    ]
    assert OutgoingMail.objects.get().state == State.WAITING


def test_mails_of_a_confidential_request_are_named_without_their_words(fund, olu, client):
    secret = make_confidential(fund.form, assignee=olu)
    outbox.enqueue_later("k", occasion="funding.question", submission=secret)
    OutgoingMail.objects.update(subject="What about the minister?")
    text = words(soup_of(client, secret))
    assert "A question Waiting" in text
    assert "minister?" not in text


def test_mail_of_another_request_is_not_sent_again(fund, olu, client, request_):
    other = make_request(fund.form, "sefu")
    mail = outbox.enqueue_later("k", occasion="funding.receipt", submission=other)
    mail = OutgoingMail.objects.get(key=mail.key)
    assert client.post(address(request_, f"mails/{mail.pk}")).status_code == 404


def test_page_costs_the_same_with_more_on_it(fund, olu, client, django_assert_num_queries):
    request = make_request(fund.form)
    for count in (1, 2):
        for number in range(3):
            key = f"k{count}-{number}"
            RequestMessage.objects.create(
                request=request, kind="question", author=olu, text="Why?", key=key
            )
            outbox.enqueue_later(key, occasion="funding.question", submission=request)
        Review.objects.create(request=request, reviewer=reviewer(f"r{count}"))
        client.get(address(request))
        expected = 27 if count == 1 else 26  # two are asked: nobody else can be
        with django_assert_num_queries(expected):
            client.get(address(request))


# The log


def test_opening_is_logged_once_an_hour_for_each_person(olu, client, request_):
    soup_of(client, request_)
    text = words(soup_of(client, request_))
    assert logged(request_) == [("Opened", "olu")]
    assert "Opened" in text
    ModelLogEntry.objects.update(timestamp=timezone.now() - timedelta(hours=1, minutes=1))
    soup_of(client, request_)
    assert logged(request_) == [("Opened", "olu")] * 2
    client.force_login(officer("sefu"))
    soup_of(client, request_)
    assert logged(request_)[2:] == [("Opened", "sefu")]


# Files


@pytest.fixture
def file(request_) -> Attachment:
    upload = SimpleUploadedFile("خطة.pdf", b"%PDF-1.4\n%%EOF\n")
    assert private_files.keep_all(request_, [upload]) == []
    return request_.attachments.get()


def test_file_is_downloaded_and_that_is_logged(olu, client, request_, file):
    link = soup_of(client, request_).select_one(f'a[href$="/files/{file.pk}/"]')
    assert link.text == "خطة.pdf"
    response = client.get(link["href"])
    assert b"".join(response).startswith(b"%PDF")
    assert "attachment" in response["Content-Disposition"]
    assert logged(request_)[1:] == [("Downloaded a file", "olu")]


def test_file_that_may_do_harm_is_not_handed_out(olu, client, request_, file):
    Attachment.objects.update(scan=Attachment.Scan.REFUSED)
    response = client.get(address(request_, f"files/{file.pk}"))
    said = [str(message).strip() for message in client.get(response.url).context["messages"]]
    assert said == ["This file may do harm and is not handed out."]
    assert ("Downloaded a file", "olu") not in logged(request_)


def test_file_of_another_request_is_not_found(fund, olu, client, file):
    other = make_request(fund.form, "sefu")
    assert client.get(address(other, f"files/{file.pk}")).status_code == 404


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


# What leads on to deciding it


def ways(client, request) -> list[str]:
    return [link.text.strip() for link in soup_of(client, request).select("p.roster__bar a")]


DECIDE = ["Award a grant", "Decline", "Refer to something else"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("sent", ["Ask for more", *DECIDE]),
        ("reading", ["Ask for more", *DECIDE]),
        ("question", ["Ask for more", *DECIDE]),
        ("awarded", ["Note the payment"]),
        ("paid", []),
        ("reported", ["Read the report"]),
        ("declined", []),
        ("withdrawn", []),
    ],
)
def test_ways_on_are_those_that_are_possible(fund, olu, client, status, expected):
    assert ways(client, make_request(fund.form, status=status)) == expected


def test_reviewer_is_led_to_their_review_until_it_is_given(olu, client, request_):
    rana = reviewer()
    review = reviews.ask(request_, rana, user=olu)
    client.force_login(rana)
    assert ways(client, request_) == ["Give your review"]
    review.given_at = timezone.now()
    review.save()
    assert ways(client, request_) == []


def test_ways_on_lead_somewhere(fund, olu, client, request_):
    reviews.ask(request_, olu, user=olu)
    for request in (request_, make_request(fund.form, status="awarded")):
        for link in soup_of(client, request).select("p.roster__bar a"):
            assert client.get(link["href"]).status_code == 200, link["href"]


# Reviews and the decision


def give(request, user, points: int, comment: str = ""):
    scores = {criterion.key: points for criterion in request.criteria.scored}
    reviews.give(request, user, scores, comment)


def test_reviews_are_shown_to_a_reviewer_once_they_gave_their_own(olu, client, request_):
    rana, sefu = reviewer("rana"), reviewer("sefu")
    for user in (rana, sefu):
        reviews.ask(request_, user, user=olu)
    give(request_, rana, 3, "A real window")
    client.force_login(sefu)
    text = words(soup_of(client, request_))
    assert "rana" not in text
    assert "A real window" not in text
    give(request_, sefu, 1)
    text = words(soup_of(client, request_))
    assert "Criterion rana sefu There is a window 3 1 Sum, of 3 3 1 rana A real window" in text
    client.force_login(olu)
    assert "There is a window 3 1 Sum, of 3 3 1" in words(soup_of(client, request_))


def test_decision_is_shown_with_its_letter(fund, olu, client):
    request = make_request(fund.form, status="awarded")
    assert "Read the letter" not in words(soup_of(client, request))
    Decision.objects.create(
        request=request,
        kind="awarded",
        amount=Decimal(3000),
        currency="USD",
        subject="Your grant",
        letter="We are glad.",
        decided_by=olu,
    )
    text = words(soup_of(client, request))
    assert "Award Decided by olu" in text
    assert "Amount USD 3,000" in text
    assert "Read the letter Your grant We are glad." in text
