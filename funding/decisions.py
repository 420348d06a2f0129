"""Decisions: the letter that is suggested for each, and what it means once it is given.

The functions raise states.Refused, whose message is a sentence for whoever asked.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page

from funding import states
from funding.criteria import in_language
from funding.models import Decision, FundPage, GrantRequest
from funding.models.request_page import AWARD_YEARS, RequestPage
from funding.models.requests import GRANTED
from funding.states import Actor
from hub import languages
from hub.addresses import absolute
from hub.forms.amounts import amount_in_words
from hub.forms.pages import months_later
from hub.mail import outbox, texts, words
from hub.models import Submission, User

Kind = Decision.Kind

NO_REASON = _("Choose at least one reason. The letter is made of them.")
NO_AMOUNT = _("Say how much is awarded.")
NO_PAGE = _("Choose the page that helps instead.")
NOT_PUBLIC = _("Nothing is told in public of this request: there is no grant.")
# In characters: a line of the list of past grants.
MAX_PURPOSE = 200


@dataclass(frozen=True)
class Outcome:
    """What an officer decides: of an award the amount, of the others why, or where to instead.

    ``purpose`` is in the source language.
    """

    kind: Kind
    amount: Decimal | None = None
    currency: str = ""
    conditions: str = ""
    purpose: str = ""
    reasons: list[str] = field(default_factory=list)
    referred_to: Page | None = None

    def check(self):
        """Raises Refused for what is missing."""
        if self.kind == Kind.AWARD and not self.amount:
            raise states.Refused({"amount": NO_AMOUNT})
        if self.kind == Kind.DECLINE and not self.reasons:
            raise states.Refused({"reasons": NO_REASON})
        if self.kind == Kind.REFER and not self.referred_to:
            raise states.Refused({"referred_to": NO_PAGE})


def letter_for(request: GrantRequest, outcome: Outcome) -> tuple[str, str]:
    """Subject and text of the letter, in the applicant's language, for an officer to edit.

    Reasons are the sentences of the criteria, in the version the request is judged by. ``{link}`` stays:
    the private address may be renewed until the letter goes.
    """
    language = languages.locale_codes()[request.locale_id]
    subject, message = texts.words_for(f"funding.{outcome.kind}", language)
    with translation.override(language):
        values = {
            "hub": settings.WAGTAIL_SITE_NAME,
            "reference": request.reference,
            "goal": request.goal,
            "fund": fund_title(request, language),
            "reasons": _reasons(request, outcome.reasons, language),
            "amount": amount_in_words(outcome.amount, outcome.currency) if outcome.amount else "",
            "conditions": outcome.conditions,
            "page": _page_line(outcome.referred_to, language),
            "day": date_format(timezone.localdate(), "DATE_FORMAT"),
        }
        filled = words.fill(message, values)
    return words.fill(subject, values), "\n\n".join(_paragraphs(filled))


def _paragraphs(text: str) -> list[str]:
    """Without those left empty by a placeholder that stands for nothing."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def fund_title(request: GrantRequest, language: str) -> str:
    """The title of the request's fund in ``language``, else in that of its source. Two queries."""
    pages = FundPage.objects.filter(translation_key=request.fund_key).order_by("pk")
    by_language = {page.locale.language_code: page for page in pages.select_related("locale")}
    found = by_language.get(language) or next(iter(by_language.values()), None)
    return found.title if found else ""


def _reasons(request: GrantRequest, keys: list[str], language: str) -> str:
    version = in_language(request.criteria, language)
    return "\n".join(f"– {criterion.decline_sentence}" for criterion in version.by_key(keys))


def _page_line(target: Page | None, language: str) -> str:
    if target is None:
        return ""
    found = target.get_translations(inclusive=True).live().filter(locale__language_code=language)
    target = found.first() or target
    return f"{target.title}\n{absolute(target.specific.own_url)}"


@transaction.atomic
def decide(
    request: GrantRequest, outcome: Outcome, *, subject: str, letter: str, user: User
) -> Decision:
    """Decides a request and has the letter sent. What is still owed in reviews is owed no more."""
    outcome.check()
    states.move(request, outcome.kind, actor=Actor.OFFICER, user=user)
    decision = Decision.objects.create(
        request=request,
        kind=outcome.kind,
        amount=outcome.amount,
        currency=outcome.currency,
        conditions=outcome.conditions,
        purposes={settings.LANGUAGE_CODE: outcome.purpose} if outcome.purpose else {},
        reasons=outcome.reasons,
        referred_to=outcome.referred_to,
        subject=subject,
        letter=letter,
        decided_by=user,
    )
    request.reviews.filter(given_at=None).delete()
    keep_until_due(request, is_granted=outcome.kind == Kind.AWARD)
    outbox.enqueue_later(
        f"funding.{outcome.kind}:{request.reference}",
        occasion=f"funding.{outcome.kind}",
        submission=request,
    )
    return decision


def keep_until_due(request: GrantRequest, *, is_granted: bool):
    """Sets the last day a decided, or withdrawn, request is kept: longer where money was given."""
    months = 12 * AWARD_YEARS
    if not is_granted:
        page = RequestPage.objects.filter(pk=request.page_id).only("retention_months").first()
        months = page.retention_months if page else 12
    last = months_later(timezone.localdate(), months)
    Submission.objects.filter(pk=request.pk).update(retained_until=last)
    request.retained_until = last


@transaction.atomic
def tell_purpose(request: GrantRequest, purposes: dict[str, str], *, user: User):
    """Says anew in public what a grant is for: by language code, "" where nothing is said."""
    award = award_of(request)
    if award is None:
        raise states.Refused(NOT_PUBLIC)
    award.purposes = {code: purpose for code, purpose in purposes.items() if purpose}
    award.save(update_fields=["purposes"])
    log(request, "funding.purpose", user=user)


def award_of(request: GrantRequest) -> Decision | None:
    """The decision that stands by a grant. None as long as there is none, or once it was handed back."""
    return Decision.objects.filter(request=request, request__status__in=GRANTED).first()


@transaction.atomic
def withdraw(request: GrantRequest, *, actor: Actor, user: User | None = None, why: str = ""):
    """Takes a request back; nobody works on it any further."""
    states.move(request, states.WITHDRAWN, actor=actor, user=user, why=why)
    request.reviews.filter(given_at=None).delete()
    keep_until_due(request, is_granted=False)
    outbox.enqueue_later(
        f"funding.withdrawn:{request.reference}", occasion="funding.withdrawn", submission=request
    )


@transaction.atomic
def note_payment(request: GrantRequest, paid_on, note: str, *, user: User):
    """Notes that the money has left, and from when on a report is asked for."""
    closes = max(request.window_closes or paid_on, paid_on)
    due = closes + timedelta(days=_report_days(request))
    states.move(
        request,
        states.PAID,
        actor=Actor.OFFICER,
        user=user,
        paid_on=paid_on,
        payment_note=note,
        report_due=due,
        remind_on=due,
    )
    outbox.enqueue_later(
        f"funding.paid:{request.reference}", occasion="funding.paid", submission=request
    )


def _report_days(request: GrantRequest) -> int:
    page = FundPage.objects.filter(translation_key=request.fund_key).order_by("pk").first()
    return page.report_days if page else FundPage._meta.get_field("report_days").default
