"""Deciding a request on the desk: what is decided, the letter, what it looks like, and the decision."""

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import Page

from funding import decisions
from funding.decisions import Outcome
from funding.models import CriteriaVersion, Decision, Review
from hub.addresses import absolute
from hub.mail.writers import write
from hub.models import MailText, OutgoingMail
from tests.asking import make_confidential, make_request, officer, open_fund, private_address
from tests.factories import ChapterPageFactory
from tests.translating import locale_of, submit

AWARD = {"amount": "5.000,00", "conditions": "", "purpose": "Publishing contracts in time"}


@pytest.fixture
def fund(site):
    return open_fund(
        site,
        {"statement": "There is a window", "decline": "We saw no window."},
        {"kind": "strengthens", "statement": "There are partners"},
    )


@pytest.fixture
def olu(fund, client):
    user = officer()
    client.force_login(user)
    return user


@pytest.fixture
def request_(fund):
    return make_request(fund.form)


def address(request, kind: str) -> str:
    return f"/admin/grant_requests/{request.pk}/decide/{kind}/"


def press(client, request, kind: str, action: str, **given):
    return client.post(address(request, kind), given | {"action": action})


def soup_of(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def letter_in(response) -> tuple[str, str]:
    soup = soup_of(response)
    subject = soup.find("input", {"name": "subject"}).get("value", "")
    return subject, soup.find("textarea", {"name": "letter"}).text.removeprefix("\n")


def mail_in(response) -> str:
    return soup_of(response).select_one("pre.hub-mail").text


def said_in(response) -> str:
    """The sentences about what is wrong."""
    soup = soup_of(response)
    found = soup.select(".w-field__errors, [role=alert]")
    return " ".join(error.get_text(" ", strip=True) for error in found)


def messages_after(client, response) -> list[str]:
    return [str(message).strip() for message in client.get(response.url).context["messages"]]


def window(request) -> str:
    """The key of the criterion that a decline is about."""
    return request.criteria.required[0].key


# The three decisions, from the first form to the mail


def test_award_is_decided_with_the_letter_as_it_was_edited(olu, client, request_):
    given = AWARD | {"conditions": "Write to us in June."}
    subject, letter = letter_in(press(client, request_, "awarded", "suggest", **given))
    assert subject == f"We support your campaign: {request_.reference}"
    assert "USD 5,000" in letter
    assert "Write to us in June." in letter
    assert "{link}" in letter
    edited = given | {"subject": subject, "letter": letter + "\n\nWell done."}
    response = press(client, request_, "awarded", "decide", **edited)
    assert messages_after(client, response) == [
        "It is decided. The letter goes out within a minute."
    ]
    decision = Decision.objects.get()
    assert (decision.kind, str(decision.amount), decision.currency) == ("awarded", "5000.00", "USD")
    assert decision.purposes == {"en": given["purpose"]}
    assert decision.conditions == given["conditions"]
    assert decision.letter == edited["letter"]
    assert decision.decided_by == olu
    request_.refresh_from_db()
    assert request_.status == "awarded"
    assert OutgoingMail.objects.get().occasion == "funding.awarded"


def test_decline_is_written_of_the_criteria_that_were_chosen(olu, client, request_):
    reasons = [criterion.key for criterion in request_.criteria.criteria]
    response = press(client, request_, "declined", "suggest", reasons=reasons)
    subject, letter = letter_in(response)
    # A criterion without a sentence of its own is said as it stands.
    assert "– We saw no window.\n– There are partners" in letter
    given = {"reasons": reasons, "subject": subject, "letter": letter}
    press(client, request_, "declined", "decide", **given)
    decision = Decision.objects.get()
    assert (decision.kind, decision.reasons, decision.amount) == ("declined", reasons, None)


def test_referral_leads_to_the_page_that_helps(site, olu, client, request_):
    chapter = ChapterPageFactory(parent=site.toolkit, title="Map supporters")
    response = press(client, request_, "referred", "suggest", referred_to=chapter.pk)
    subject, letter = letter_in(response)
    assert f"Map supporters\n{absolute(chapter.own_url)}" in letter
    given = {"referred_to": chapter.pk, "subject": subject, "letter": letter}
    press(client, request_, "referred", "decide", **given)
    assert Decision.objects.get().referred_to.pk == chapter.pk
    page = soup_of(client.get(f"/admin/grant_requests/{request_.pk}/"))
    assert "Map supporters" in page.find("section", {"aria-labelledby": "decision-heading"}).text


def test_reviews_that_are_still_owed_are_owed_no_more(olu, client, request_):
    Review.objects.create(request=request_, reviewer=officer("other"))
    given = Review.objects.create(request=request_, reviewer=olu, given_at=timezone.now())
    press(client, request_, "awarded", "decide", **AWARD, subject="Yes", letter="Yes.")
    assert Review.objects.get() == given


# The letter


def test_letter_is_in_the_applicants_language_by_the_version_they_asked_under(fund, olu, client):
    pinned = CriteriaVersion.objects.get()
    content = [
        criterion | {"statement": "Hay una ventana", "decline": "No vimos ninguna ventana."}
        for criterion in pinned.content
    ]
    CriteriaVersion.objects.create(
        fund_key=pinned.fund_key, language="es", number=1, content=content
    )
    spanish = locale_of("es")
    MailText.objects.create(
        occasion="funding.declined",
        locale=spanish,
        subject="Sobre {reference}",
        message="{reasons}",
    )
    request = make_request(fund.form, locale=spanish)
    criterion = fund.page.criteria.first()
    criterion.decline = "Something newer."
    fund.page.criteria = [criterion]
    fund.page.save_revision().publish()
    response = press(client, request, "declined", "suggest", reasons=[window(request)])
    subject, letter = letter_in(response)
    assert subject == f"Sobre {request.reference}"
    assert letter == "– No vimos ninguna ventana."
    assert soup_of(response).find("textarea", {"name": "letter"}).find_parent(lang="es")
    # The officer reads the reasons in English.
    choice = soup_of(response).find("input", {"name": "reasons"}).parent.get_text(" ", strip=True)
    assert choice == "There is a window – We saw no window."


def test_preview_is_the_mail_as_it_goes_out(olu, client, request_):
    given = AWARD | {"subject": "Yes", "letter": "Dear Amina,\n\nyes: {budget}.\n\n{link}"}
    response = press(client, request_, "awarded", "preview", **given)
    assert not Decision.objects.exists()
    assert letter_in(response) == (given["subject"], given["letter"])
    seen = mail_in(response)
    # What stands in other braces is the officer's own.
    assert "yes: {budget}." in seen
    assert "{link}" not in seen
    press(client, request_, "awarded", "decide", **given)
    mail = decided_mail(request_)
    assert seen.replace(link_in(seen), link_in(mail.text)) == mail.text


def test_preview_does_not_give_the_applicants_link_away(olu, client, request_):
    given = AWARD | {"subject": "Yes", "letter": "See {link}"}
    response = press(client, request_, "awarded", "preview", **given)
    assert private_address(request_) not in response.content.decode()
    assert "/en/request/" in mail_in(response)


def test_preview_of_a_confidential_request_says_only_that_there_is_news(fund, olu, client):
    secret = make_confidential(fund.form, assignee=olu)
    given = AWARD | {"subject": "Yes", "letter": "The minister resigns. {link}"}
    response = press(client, secret, "awarded", "preview", **given)
    assert "minister" not in mail_in(response)
    assert "The request is confidential" in response.content.decode()
    press(client, secret, "awarded", "decide", **given)
    mail = decided_mail(secret)
    assert "minister" not in mail.text
    assert mail_in(response).splitlines()[0] == mail.text.splitlines()[0]


def decided_mail(request):
    return write(OutgoingMail.objects.get(submission=request)).mail


def link_in(text: str) -> str:
    return next(word for word in text.split() if "/request/" in word)


def test_writing_the_letter_anew_follows_what_is_decided_now(olu, client, request_):
    given = AWARD | {"amount": "1200", "subject": "Yes", "letter": "USD 5,000"}
    _subject, letter = letter_in(press(client, request_, "awarded", "suggest", **given))
    assert "USD 1,200" in letter
    assert "5,000" not in letter


def test_nothing_is_decided_before_the_letter_was_shown(olu, client, request_):
    response = press(client, request_, "awarded", "decide", **AWARD)
    assert response.status_code == 200
    assert "We support your campaign" in letter_in(response)[0]
    assert not Decision.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("action", ["", "constructor"])
def test_nothing_is_decided_by_a_button_that_does_not_exist(olu, client, request_, action):
    given = AWARD | {"subject": "Yes", "letter": "Yes."}
    assert press(client, request_, "awarded", action, **given).status_code == 200
    assert not Decision.objects.exists()


def test_letter_leads_to_no_translation_that_is_not_public(site, fund):
    chapter = ChapterPageFactory(parent=site.toolkit, title="Map supporters")
    submit(chapter, locale_of("es"))
    request = make_request(fund.form, locale=locale_of("es"))
    outcome = Outcome(Decision.Kind.REFER, referred_to=chapter)
    _subject, letter = decisions.letter_for(request, outcome)
    assert f"Map supporters\n{absolute(chapter.own_url)}" in letter


# What is wrong, and what was typed


@pytest.mark.parametrize(("asked", "shown"), [("3800.00", "3800"), ("3800.50", "3800.50")])
def test_award_starts_with_the_amount_that_was_asked_for(olu, client, request_, asked, shown):
    request_.amount = asked
    request_.save()
    soup = soup_of(client.get(address(request_, "awarded")))
    assert soup.find("input", {"name": "amount"})["value"] == shown
    assert "Asked for: USD 3,800" in soup.text
    # There is no letter yet that could be sent.
    assert [button["value"] for button in soup.find_all("button", {"name": "action"})] == [
        "suggest"
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": ""}, "Say how much is awarded."),
        ({"amount": "plenty"}, "Write the amount in digits."),
        ({"amount": "0"}, "Write an amount above zero."),
        ({"amount": "9" * 30}, "This amount is too large."),
        ({"purpose": ""}, "Fill this in."),
        ({"purpose": "x" * 201}, "Take out 1 character: there is room for 200."),
        ({"subject": ""}, "Fill this in."),
        ({"subject": "x" * 151}, "Take out 1 character: there is room for 150."),
        ({"subject": "Yes\nBcc: all@example.org"}, "Write this on one line."),
        ({"letter": " "}, "Fill this in."),
        ({"letter": "Yes\x00"}, "invisible character"),
        ({"letter": "x" * 10_001}, "Take out 1 character"),
    ],
)
def test_award_that_is_not_right_keeps_what_was_typed(olu, client, request_, wrong, sentence):
    given = AWARD | {"subject": "Yes", "letter": "My own words.", "conditions": "None."} | wrong
    response = press(client, request_, "awarded", "decide", **given)
    assert response.status_code == 422
    assert sentence in said_in(response)
    kept = {field["name"]: field.get("value", "") for field in soup_of(response).select("input")}
    assert {name: kept[name] for name in ("amount", "purpose", "subject")} == {
        name: given[name] for name in ("amount", "purpose", "subject")
    }
    assert letter_in(response)[1].strip() == given["letter"].strip()
    assert not Decision.objects.exists()


def test_outcome_that_is_not_right_shows_no_letter_before_there_is_one(olu, client, request_):
    response = press(client, request_, "awarded", "suggest", **AWARD | {"amount": ""})
    assert response.status_code == 422
    assert soup_of(response).find("textarea", {"name": "letter"}) is None
    assert AWARD["purpose"] in response.content.decode()


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [([], "Choose at least one reason."), (["0" * 36], "This answer is no longer on offer.")],
)
def test_decline_needs_reasons_of_the_criteria(olu, client, request_, reasons, sentence):
    given = {"reasons": reasons, "subject": "No", "letter": "My own words."}
    response = press(client, request_, "declined", "decide", **given)
    assert response.status_code == 422
    assert sentence in said_in(response)
    assert letter_in(response) == ("No", "My own words.")


@pytest.mark.parametrize("chosen", ["", "abc", "-1", "9" * 30, "root", "draft"])
def test_referral_needs_a_page_that_readers_can_open(site, olu, client, request_, chosen):
    pages = {
        "root": lambda: Page.get_first_root_node(),
        "draft": lambda: ChapterPageFactory(parent=site.toolkit, live=False),
    }
    chosen = pages[chosen]().pk if chosen in pages else chosen
    given = {"referred_to": chosen, "subject": "See", "letter": "My own words."}
    response = press(client, request_, "referred", "decide", **given)
    assert response.status_code == 422
    assert "Choose the page that helps instead." in said_in(response)
    assert letter_in(response) == ("See", "My own words.")


# Too late


def test_second_officer_is_told_and_keeps_their_letter(olu, client, request_):
    press(client, request_, "awarded", "decide", **AWARD, subject="Yes", letter="Yes.")
    given = {"reasons": [window(request_)], "subject": "No", "letter": "No, and why."}
    response = press(client, request_, "declined", "decide", **given)
    assert response.status_code == 422
    assert "This request has changed in the meantime" in said_in(response)
    assert letter_in(response) == ("No", "No, and why.")
    assert Decision.objects.get().kind == "awarded"


@pytest.mark.parametrize("kind", ["awarded", "declined", "referred"])
def test_form_is_not_shown_of_a_request_that_is_decided(fund, olu, client, kind):
    request = make_request(fund.form, status="declined")
    response = client.get(address(request, kind))
    assert response.url == f"/admin/grant_requests/{request.pk}/"
    assert messages_after(client, response) == [
        "This request has changed in the meantime, so that is no longer possible."
    ]


@pytest.mark.parametrize("kind", ["paid", "withdrawn", "sent", "x"])
def test_there_are_three_decisions(olu, client, request_, kind):
    assert client.get(address(request_, kind)).status_code == 404
    assert press(client, request_, kind, "decide", letter="x").status_code == 404


# What the request's page says of it


def test_request_shows_what_was_decided_by_whom_and_why(olu, client, request_):
    olu.first_name, olu.last_name = "Olu", "Ade"
    olu.save()
    decisions.decide(
        request_,
        Outcome(kind=Decision.Kind.DECLINE, reasons=[window(request_)]),
        subject="No",
        letter="Not <b>this</b> time.\n\nAsk again.",
        user=olu,
    )
    soup = soup_of(client.get(f"/admin/grant_requests/{request_.pk}/"))
    section = soup.find("section", {"aria-labelledby": "decision-heading"})
    text = " ".join(section.get_text(" ").split())
    assert "Decided by Olu Ade," in text
    assert "Reasons There is a window" in text
    assert "Not <b>this</b> time. Ask again." in text


# How much it costs


def test_pages_of_a_decision_cost_few_queries(olu, client, request_, django_assert_num_queries):
    given = AWARD | {"subject": "Yes", "letter": "Yes. {link}"}
    client.get(address(request_, "awarded"))
    with django_assert_num_queries(9):
        client.get(address(request_, "awarded"))
    with django_assert_num_queries(12):
        press(client, request_, "awarded", "suggest", **given)
    with django_assert_num_queries(9):
        press(client, request_, "awarded", "preview", **given)
    with django_assert_num_queries(19):
        press(client, request_, "awarded", "decide", **given)
