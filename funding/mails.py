"""Mails about requests, each written just before it is sent (hub.mail.writers).

To applicants goes only what the hub and its team wrote, since anybody can type anybody's address; the
exceptions are the copy of their answers, which has to be asked for, and what a letter quotes after
somebody has read the request. Of a confidential request no mail says anything but that there is news.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from funding.decisions import fund_title
from funding.dialogue import team_of
from funding.models import GrantRequest, RequestStatus
from hub import languages
from hub.addresses import absolute
from hub.forms import links
from hub.forms.amounts import amount_in_words
from hub.mail.addresses import address_key
from hub.mail.render import Rendered, render
from hub.mail.texts import words_for
from hub.mail.words import filled
from hub.mail.writers import Letter, writer

Status = RequestStatus


@dataclass(frozen=True)
class Content:
    """What a mail to an applicant holds beside its words.

    ``quote`` is what a member of the team wrote, ``answers`` the copy that was asked for, ``links`` pairs
    of words and addresses.
    """

    reference: str
    quote: str = ""
    answers: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    remark: str = ""


def compose(words: tuple[str, str], content: Content, language: str, values: dict) -> Rendered:
    """The mail that says ``words``, subject and message, with their placeholders filled in."""
    with translation.override(language):
        values = {"hub": settings.WAGTAIL_SITE_NAME, "reference": content.reference, **values}
        context = {**filled(words, values), "content": content}
    return render("funding_letter", context, language)


def sample(occasion: str, words: tuple[str, str], language: str) -> Rendered:
    """A mail of ``occasion``, such as "declined", as its preview shows it: about no request there is."""
    with translation.override(language):
        day = date_format(timezone.localdate() + timedelta(days=14), "DATE_FORMAT")
        link = _example_link()
        values = {
            "fund": _("Mini grants"),
            "link": link,
            "goal": _("Every emergency contract is published within ten days."),
            "day": date_format(timezone.localdate(), "DATE_FORMAT"),
            "target": day,
            "until": day,
            "due": day,
            "amount": amount_in_words(Decimal(3800), "USD"),
            "conditions": _("The money is for the campaign alone."),
            "reasons": "– " + _("We could not see which decision closes the window, or when."),
            "page": f"{_('Plan your first campaign')}\nhttps://hub.example.org/",
        }
        content = Content("K7F-29QX", links=[(_("To your request"), link)])
    return compose(words, content, language, values)


def _example_link() -> str:
    return absolute(reverse("request", args=["1-example"]))


# What the mails to applicants have in common

Writer = Callable[[GrantRequest, dict], Letter | None]


def letter(name: str, *statuses: RequestStatus):
    """Declares what writes the mails "funding.<name>" while the request is in one of ``statuses``.

    The request's language is active meanwhile. None given, any will do.
    """

    def declare(function: Writer) -> Writer:
        @writer(f"funding.{name}")
        def write(mail):
            request = _request_of(mail)
            if request is None or (statuses and request.status not in statuses):
                return None
            # Meant for an address that is no longer the request's, it would carry the link there.
            if request.address and address_key(mail.to) != address_key(request.address):
                return None
            with translation.override(_language(request)):
                return function(request, mail.details)

        return function

    return declare


def _request_of(mail) -> GrantRequest | None:
    found = GrantRequest.objects.select_related("assignee", "decision", "criteria")
    return found.filter(pk=mail.submission_id, anonymised_at=None).first()


def _language(request: GrantRequest) -> str:
    return languages.locale_codes()[request.locale_id]


def _link(request: GrantRequest) -> str:
    return links.address_of(request, "request")


def _write(request: GrantRequest, name: str, content: Content | None = None, **values) -> Letter:
    """The mail of an occasion; of a confidential request, that there is news of it."""
    language = _language(request)
    content = content or Content(request.reference)
    if request.is_confidential and name not in {"link", "draft", "receipt"}:
        name, content = "news", Content(request.reference)
    values = {"fund": fund_title(request, language), "link": _link(request), **values}
    mail = compose(words_for(f"funding.{name}", language), content, language, values)
    return Letter(mail, reply_to=_reply_to(request))


def _reply_to(request: GrantRequest) -> str:
    """Where an applicant's own mails go: to the first of those who work on the request."""
    return next(iter(team_of(request)), "")


def _day(day) -> str:
    return date_format(day, "DATE_FORMAT")


@letter("draft", Status.DRAFT)
def draft(request, details):
    return _write(request, "draft", until=_day(request.retained_until))


@letter("receipt")
def receipt(request, details):
    if not request.is_undecided:
        return None
    copied = copy_of(request) if details.get("copy") and not request.is_confidential else []
    content = Content(request.reference, answers=copied, remark=_not_you())
    return _write(request, "receipt", content, target=_day(request.target_on))


def copy_of(request: GrantRequest) -> list[tuple[str, str]]:
    """What was asked and answered, in the applicant's language."""
    # Inline: pages are made of questions and mails.
    from funding.models import RequestPage
    from hub.forms.answers import as_written

    page = RequestPage.objects.get(pk=request.page_id)
    return as_written(page.form_class_for(request.criteria), request.form_data)


def _not_you() -> str:
    return _(
        "If you have not asked for a grant, somebody has typed your address by mistake. Withdraw the "
        "request with the link in this mail, and you hear no more of it."
    )


@letter("question", Status.QUESTION)
def question(request, details):
    asked = request.messages.filter(pk=details["message"]).first()
    if asked is None:
        return None
    return _write(request, "question", Content(request.reference, quote=asked.text))


def _decided(request, details):
    """The letter, as whoever decided has edited it."""
    decision = request.decision
    mail = _letter_of(request, decision.subject, decision.letter, _link(request))
    return Letter(mail, reply_to=_reply_to(request))


def preview_of(request: GrantRequest, subject: str, text: str) -> Rendered:
    """The mail with a letter as an officer sees it before: the link is for the applicant alone."""
    with translation.override(_language(request)):
        return _letter_of(request, subject, text, _example_link())


def _letter_of(request: GrantRequest, subject: str, text: str, address: str) -> Rendered:
    """The mail with a letter; of a confidential request, that there is news.

    What stood in braces has been filled in or is the officer's own, except for the link, ``address``,
    which is only known to be the right one when the mail goes out. A letter without it has it beneath.
    """
    if request.is_confidential:
        return _write(request, "news", link=address).mail
    language = _language(request)
    with translation.override(language):
        beneath = [] if "{link}" in text else [(_("To your request"), address)]
    content = Content(request.reference, links=beneath)
    return compose((subject, text), content, language, {"link": address})


for _status in (Status.AWARDED, Status.DECLINED, Status.REFERRED):
    letter(_status.value, _status)(_decided)


@letter("paid", Status.PAID)
def paid(request, details):
    return _write(request, "paid", due=_day(request.report_due))


@letter("report_due", Status.PAID)
def report_due(request, details):
    return _write(request, "report_due")


@letter("withdrawn", Status.WITHDRAWN)
def withdrawn(request, details):
    return _write(request, "withdrawn")


@letter("link")
def link(request, details):
    return _write(request, "link")


# To the team, in the source language


def _to_team(name: str):
    """Declares what tells the team of something, without saying what is in the request."""

    def declare(sentences: Callable[[GrantRequest, dict], tuple[str, str] | None]):
        @writer(f"funding.{name}")
        def write(mail):
            request = _request_of(mail)
            if request is None:
                return None
            with translation.override(settings.LANGUAGE_CODE):
                said = sentences(request, mail.details)
                if said is None:
                    return None
                subject, sentence = said
                told = {
                    "subject": subject,
                    "sentence": sentence,
                    "request": request,
                    "applicant_language": languages.own_name(_language(request)),
                    "desk_url": absolute(reverse("grant_requests:request", args=[request.pk])),
                }
            return Letter(render("funding_team", told, settings.LANGUAGE_CODE))

        return sentences

    return declare


@_to_team("staff")
def staff(request, details):
    if not request.is_undecided:
        return None
    return (
        _("New request: %(reference)s") % {"reference": request.reference},
        _("Somebody asks for a mini grant."),
    )


@_to_team("answered")
def answered(request, details):
    if not request.takes_messages:
        return None
    return (
        _("Answered: %(reference)s") % {"reference": request.reference},
        _("An applicant has answered, or added something."),
    )


@_to_team("review")
def review(request, details):
    if not request.reviews.filter(pk=details["review"], given_at=None).exists():
        return None
    return (
        _("Please review: %(reference)s") % {"reference": request.reference},
        _(
            "You are asked to review a request. You see what others think once you have given yours."
        ),
    )


@_to_team("reported")
def reported(request, details):
    return (
        _("A report has come in: %(reference)s") % {"reference": request.reference},
        _("A grantee has told what came of the campaign."),
    )
