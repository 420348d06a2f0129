"""Requests on the demo's desk, and some that it has decided: nobody in them is real, and plainly so."""

import random
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone, translation

from funding import questions, reports
from funding.criteria import criteria_for, in_language
from funding.models import (
    CriteriaVersion,
    Decision,
    GrantRequest,
    OutcomeReport,
    RequestMessage,
    RequestPage,
    RequestStatus,
    Review,
)
from funding.models.requests import GRANTED
from hub.forms.amounts import parse_amount
from hub.forms.pages import months_later
from hub.models import Submission, User
from hub.models.forms import REFERENCE_ALPHABET

REQUESTS = Path(__file__).parent / "requests.toml"
OFFICER = "funding"
# What the keys of a table are called in the form.
ANSWERS = {
    "goal": questions.GOAL,
    "window": questions.WINDOW,
    "plan": questions.PLAN,
    "manager": questions.MANAGER,
    "decides": "who_decides",
    "buys": "money_buys",
    "organisation": questions.ORGANISATION,
    "country": questions.COUNTRY,
}
REPORT = {
    "did": reports.DID,
    "changed": reports.CHANGED,
    "lessons": reports.LESSONS,
    "cost": reports.COST,
}


def add_requests(loader, page: RequestPage):
    """Fills the desk with the requests of requests.toml, in all languages and statuses.

    No mail is written: the demo's people have no mailbox.
    """
    pages = {
        version.locale.language_code: version
        for version in page.get_translations(inclusive=True).select_related("locale")
    }
    chance = random.Random(page.slug)  # noqa: S311 - the same demo every time
    people = {user.username: user for user in User.objects.all()}
    tables = tomllib.loads(REQUESTS.read_text("utf-8"))["requests"]
    for number, table in enumerate(tables, start=1):
        _Writer(loader, pages[table["language"]], people, table).write(number, chance)


class _Writer:
    """Stores one request with what belongs to it; the days in its table count from today."""

    def __init__(self, loader, page: RequestPage, people: dict[str, User], table: dict):
        self.loader = loader
        self.page = page
        self.people = people
        self.table = table
        self.status = RequestStatus(table["status"])
        self.sent_at = _days_from_now(table.get("sent", -1))
        self.closes = timezone.localdate() + timedelta(days=table["closes"])

    def write(self, number: int, chance: random.Random):
        letters = "".join(chance.choices(REFERENCE_ALPHABET, k=7))
        address = f"applicant-{number:02}@example.org"
        request = GrantRequest(
            page_id=self.page.pk,
            locale=self.page.locale,
            reference=f"{letters[:3]}-{letters[3:]}",
            fund_key=self.page.fund.translation_key,
            criteria=criteria_for(self.page.fund),
            status=self.status,
            status_since=self._taken_up_at,
            saved_at=self.sent_at,
            idempotency_key=f"demo:{self.page.slug}:{number}",
            retained_until=self._retained_until(),
            **(self._draft(address) if self._is_draft else self._sent(address)),
        )
        request.save(force_insert=True)
        Submission.objects.filter(pk=request.pk).update(submit_time=self.sent_at)
        if "message" in self.table:
            self._ask(request)
        self._review(request)
        if "decision" in self.table:
            self._decide(request, self.table["decision"])
        if "report" in self.table:
            self._report(request, self.table["report"])

    @property
    def _is_draft(self) -> bool:
        return self.status == RequestStatus.DRAFT

    @property
    def _taken_up_at(self) -> datetime:
        """When somebody first did anything with it; what is decided says later when that was."""
        is_new = self.status in {RequestStatus.DRAFT, RequestStatus.SENT}
        return self.sent_at if is_new else self.sent_at + timedelta(days=1)

    @property
    def _decided_at(self) -> datetime:
        return self.sent_at + timedelta(days=self.table["decision"]["after"])

    def _retained_until(self) -> date:
        if self._is_draft:
            return self.page.draft_retained_until()
        if self.status in {RequestStatus.DECLINED, RequestStatus.REFERRED, RequestStatus.WITHDRAWN}:
            ended_at = self._decided_at if "decision" in self.table else self._taken_up_at
            return months_later(ended_at.date(), self.page.retention_months)
        return self.page.retained_until()

    def _answers(self, address: str) -> dict:
        given = {name: self.table[key] for key, name in ANSWERS.items() if key in self.table}
        return given | {questions.EMAIL: address, questions.CLOSES: self.closes.isoformat()}

    def _draft(self, address: str) -> dict:
        typed = {questions.AMOUNT: self.table["amount"], questions.CURRENCY: "USD"}
        return {"typed": self._answers(address) | typed, "form_data": {}}

    def _sent(self, address: str) -> dict:
        amount = parse_amount(self.table["amount"])
        is_confidential = self.table.get("confidential", False)
        with translation.override(self.table["language"]):
            consent = str(self.page.consent_words)
        return {
            "form_data": self._answers(address)
            | {
                questions.AMOUNT: str(amount),
                questions.CURRENCY: "USD",
                questions.COPY: False,
                questions.CONFIDENTIAL: is_confidential,
            },
            "address": address,
            "consent_text": consent,
            "consented_at": self.sent_at,
            "sent_at": self.sent_at,
            "window_closes": self.closes,
            "amount": amount,
            "currency": "USD",
            "country": self.table["country"],
            "is_confidential": is_confidential,
            "target_on": self.page.fund.target_for(self.sent_at.date(), self.closes),
            "assignee": None if self.status == RequestStatus.SENT else self.people[OFFICER],
        }

    def _ask(self, request: GrantRequest):
        RequestMessage.objects.create(
            request=request,
            kind=RequestMessage.Kind.QUESTION,
            text=self.table["message"],
            author=self.people[OFFICER],
            sent_at=self._taken_up_at,
            key=f"{request.idempotency_key}:question",
        )

    def _review(self, request: GrantRequest):
        keys = [criterion.key for criterion in request.criteria.scored]
        for number, row in enumerate(self.table.get("reviews", []), start=1):
            points = row.get("points", [])
            Review.objects.create(
                request=request,
                reviewer=self.people[row["reviewer"]],
                scores=dict(zip(keys, points, strict=True)) if points else {},
                comment=row.get("comment", ""),
                asked_at=self._taken_up_at,
                given_at=self._taken_up_at + timedelta(hours=9 * number) if points else None,
            )

    def _decide(self, request: GrantRequest, table: dict):
        is_award = self.status in GRANTED
        reasons = _keys(request.criteria, table.get("reasons", []))
        sentences = [criterion.decline_sentence for criterion in request.criteria.by_key(reasons)]
        reasons_text = "\n".join(f"– {sentence}" for sentence in sentences)
        Decision.objects.create(
            request=request,
            kind=Decision.Kind.AWARD if is_award else Decision.Kind(self.status.value),
            amount=table.get("amount"),
            currency="USD" if is_award else "",
            conditions=table.get("conditions", ""),
            purposes=table.get("purposes", {}),
            reasons=reasons,
            referred_to=self.loader.page(table["refers_to"]) if "refers_to" in table else None,
            subject=table["subject"],
            letter=table["letter"].format(reasons=reasons_text),
            decided_by=self.people[OFFICER],
            decided_at=self._decided_at,
        )
        _change(request, status_since=self._decided_at)
        if "paid_after" in table:
            self._pay(request, self._decided_at + timedelta(days=table["paid_after"]), table)

    def _pay(self, request: GrantRequest, paid_at: datetime, table: dict):
        is_named = self.table.get("named")
        _change(
            request,
            status_since=paid_at,
            paid_on=paid_at.date(),
            payment_note=table["payment_note"],
            report_due=max(self.closes, paid_at.date())
            + timedelta(days=self.page.fund.report_days),
            may_be_named=is_named,
            public_name=self.table["organisation"] if is_named else "",
        )

    def _report(self, request: GrantRequest, table: dict):
        sent_at = _days_from_now(self.table["closes"] + table["after"])
        may_tell = table.get("may_tell", False)
        with translation.override(self.table["language"]):
            consent = str(reports.TELLING) if may_tell else ""
        tools = [str(self.loader.page(slug).translation_key) for slug in table["tools"]]
        OutcomeReport.objects.create(
            request=request,
            answers={name: table[key] for key, name in REPORT.items()},
            tools=tools,
            consent_text=consent,
            consented_at=sent_at if may_tell else None,
            sent_at=sent_at,
        )
        _change(request, status_since=sent_at)


def _days_from_now(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def _keys(version: CriteriaVersion, statements: list[str]) -> list[str]:
    """The keys of criteria that are named by their English statements."""
    english = in_language(version, "en").criteria
    keys = {criterion.statement: criterion.key for criterion in english}
    return [keys[statement] for statement in statements]


def _change(request: GrantRequest, **fields):
    GrantRequest.objects.filter(pk=request.pk).update(**fields)
