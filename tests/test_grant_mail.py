"""Mails about requests: to whom which is sent, and what stands in it."""

from decimal import Decimal

import pytest
from django.utils import translation

from funding import decisions, dialogue, reviews
from funding.models import Decision, GrantRequest, RequestStatus
from hub.forms import links
from hub.mail import outbox, words, writers
from hub.models import MailText, OutgoingMail
from tests.asking import ANSWERS, make_request, officer, open_fund, reviewer

TYPED = [ANSWERS["hub-goal"], ANSWERS["hub-organisation"], ANSWERS["hub-manager"]]


@pytest.fixture
def fund(site):
    return open_fund(site, {"decline": "We could not see when the window closes."})


def letter(request, occasion, **details):
    """What the worker would send, None if it would drop the mail."""
    row = outbox.enqueue_later(
        f"funding.{occasion}:{request.reference}:{OutgoingMail.objects.count()}",
        occasion=f"funding.{occasion}",
        submission=request,
        details=details,
        to=request.address or "amina@example.org",
    )
    return writers.write(row)


def both(written) -> str:
    return written.mail.subject + written.mail.text + written.mail.html


# While which letters are called for.
CALLED_FOR = {
    "draft": {"draft"},
    "receipt": {"sent", "reading", "question"},
    "paid": {"paid"},
    "report_due": {"paid"},
    "withdrawn": {"withdrawn"},
    "link": set(RequestStatus.values),
    "staff": {"sent", "reading", "question"},
    "answered": {"sent", "reading", "question", "awarded", "paid"},
    "reported": set(RequestStatus.values),
}


@pytest.mark.parametrize("status", RequestStatus.values)
def test_mail_that_is_no_longer_called_for_is_dropped(fund, status):
    request = make_request(fund.form, status=status, report_due="2026-12-31")
    sent = {name for name in CALLED_FOR if letter(request, name)}
    assert sent == {name for name, statuses in CALLED_FOR.items() if status in statuses}


def test_receipt_has_the_link_and_nothing_that_was_typed(fund):
    request = make_request(fund.form)
    written = letter(request, "receipt", copy=False)
    assert links.address_of(request, "request") in written.mail.text
    assert request.reference in written.mail.subject
    assert not [words for words in TYPED if words in both(written)]
    assert written.reply_to == "grants@example.org"


def test_copy_of_the_answers_comes_to_who_asked_for_it(fund):
    written = letter(make_request(fund.form), "receipt", copy=True)
    for said in TYPED:
        assert said in written.mail.text
    assert "Who will run it?" in written.mail.text
    assert "Kenya" in written.mail.text


def test_what_was_typed_is_no_markup_and_no_link_in_a_copy(fund):
    wrong = "<b>Win</b> https://evil.example.org/"
    request = make_request(fund.form)
    request.form_data["hub-goal"] = wrong
    request.save()
    written = letter(request, "receipt", copy=True)
    assert "<b>Win</b>" not in written.mail.html
    assert 'href="https://evil' not in written.mail.html


def test_question_is_quoted_to_the_applicant(fund):
    request, olu = make_request(fund.form), officer()
    asked = dialogue.ask(request, "Who runs <it>?", user=olu, key="a" * 32)
    written = letter(request, "question", message=asked.pk)
    assert "Who runs <it>?" in written.mail.text
    assert "Who runs &lt;it&gt;?" in written.mail.html


def decided(fund, kind: str, name: str = "amina", **fields) -> GrantRequest:
    request = make_request(fund.form, name, **fields)
    outcome = decisions.Outcome(
        Decision.Kind(kind),
        amount=Decimal(3800),
        currency="USD",
        reasons=[criterion.key for criterion in request.criteria.criteria],
        referred_to=fund.awards,
    )
    subject, text = decisions.letter_for(request, outcome)
    decisions.decide(request, outcome, subject=subject, letter=text, user=officer(name + "-olu"))
    return request


def test_letter_of_a_decline_has_the_sentences_of_the_criteria(fund):
    written = letter(decided(fund, "declined"), "declined")
    assert "– We could not see when the window closes." in written.mail.text


def test_letter_of_an_award_names_amount_goal_and_link(fund):
    request = decided(fund, "awarded")
    written = letter(request, "awarded")
    assert "USD 3,800" in written.mail.text
    assert ANSWERS["hub-goal"] in written.mail.text
    assert written.mail.text.count(links.address_of(request, "request")) == 1
    assert "{" not in written.mail.text
    assert "\n\n\n" not in request.decision.letter


def test_letter_of_a_referral_leads_to_the_page(fund):
    written = letter(decided(fund, "referred"), "referred")
    assert fund.awards.title in written.mail.text
    assert "/en/funding/past-grants/" in written.mail.text


def test_letter_goes_out_as_it_was_edited(fund):
    request = make_request(fund.form)
    key = request.criteria.criteria[0].key
    outcome = decisions.Outcome(Decision.Kind.DECLINE, reasons=[key])
    decisions.decide(request, outcome, subject="Sorry", letter="Not now.", user=officer())
    written = letter(request, "declined")
    assert written.mail.subject == "Sorry"
    assert written.mail.text.startswith("Not now.")
    # A letter that was edited until it had no link has it beneath.
    assert links.address_of(request, "request") in written.mail.text


def test_staffs_own_words_begin_the_letter(fund):
    MailText.objects.create(
        occasion="funding.declined",
        locale=fund.page.locale,
        subject="About {reference}",
        message="Thank you. {reasons}",
    )
    request = make_request(fund.form)
    key = request.criteria.criteria[0].key
    subject, text = decisions.letter_for(
        request, decisions.Outcome(Decision.Kind.DECLINE, reasons=[key])
    )
    assert subject == f"About {request.reference}"
    assert text == "Thank you. – We could not see when the window closes."


CONFIDENTIAL = ["awarded", "declined", "referred"]


@pytest.mark.parametrize("kind", CONFIDENTIAL)
def test_mail_about_a_confidential_request_says_only_that_there_is_news(fund, kind):
    olu = officer("assigned")
    request = make_request(fund.form, is_confidential=True, assignee=olu)
    outcome = decisions.Outcome(
        Decision.Kind(kind),
        amount=Decimal(3800),
        currency="USD",
        reasons=[request.criteria.criteria[0].key],
        referred_to=fund.awards,
    )
    decisions.decide(request, outcome, subject="Secret", letter="Secret words", user=olu)
    written = letter(request, kind)
    assert written.mail.subject == f"There is news: {request.reference}"
    assert "Secret" not in both(written)
    assert "USD" not in both(written)


def test_question_about_a_confidential_request_is_not_in_the_mail(fund):
    olu = officer()
    request = make_request(fund.form, is_confidential=True, assignee=olu)
    asked = dialogue.ask(request, "Who is Amina?", user=olu, key="a" * 32)
    written = letter(request, "question", message=asked.pk)
    assert "Who is Amina?" not in both(written)
    assert links.address_of(request, "request") in written.mail.text


def test_copy_of_a_confidential_request_is_never_sent(fund):
    request = make_request(fund.form, is_confidential=True)
    written = letter(request, "receipt", copy=True)
    assert not [words for words in TYPED if words in both(written)]


def test_mail_to_the_team_says_nothing_of_the_content(fund):
    request, rana = make_request(fund.form), reviewer()
    asked = reviews.ask(request, rana, user=officer())
    for written in (letter(request, "staff"), letter(request, "review", review=asked.pk)):
        assert request.reference in written.mail.subject
        assert not [words for words in TYPED if words in both(written)]
        assert f"/admin/grant_requests/{request.pk}/" in written.mail.text


def test_reviewer_who_has_given_theirs_is_not_reminded_of_it(fund):
    request, rana = make_request(fund.form), reviewer()
    asked = reviews.ask(request, rana, user=officer())
    scores = {criterion.key: 2 for criterion in request.criteria.scored}
    reviews.give(request, rana, scores, "")
    assert letter(request, "review", review=asked.pk) is None


def test_mail_goes_out_in_the_applicants_language(fund, site):
    from tests.translating import locale_of

    request = make_request(fund.form, locale=locale_of("es"))
    with translation.override("es"):
        subject = words.own_words("funding.receipt")[0].replace("{reference}", request.reference)
    written = letter(request, "receipt")
    assert written.mail.subject == subject
    assert written.mail.language == "es"
    assert "/es/request/" in written.mail.text


def test_mail_for_an_address_of_before_is_dropped(fund):
    request = make_request(fund.form)
    row = outbox.enqueue_later(
        "x", occasion="funding.link", submission=request, to="old@example.org"
    )
    assert writers.write(row) is None
