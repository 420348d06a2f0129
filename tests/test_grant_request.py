"""One request on the funding officer's desk: what is shown of it, and where it leads on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import ModelLogEntry

from funding import reviews
from funding.models import Decision, GrantRequest, RequestMessage, Review
from hub import private_files
from hub.mail import outbox
from hub.models import Attachment, OutgoingMail
from tests.asking import make_confidential, make_decided, make_request, officer, open_fund, reviewer
from tests.grant_desk import address, logged, press, soup_of, words
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
        ("awarded", ["Note the payment", "What is public"]),
        ("paid", ["What is public"]),
        ("reported", ["What is public", "Read the report"]),
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
    for request in (request_, make_decided(fund.form)):
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
