"""Asking for a grant in tests, as a browser does."""

from datetime import timedelta
from types import SimpleNamespace

from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from funding.criteria import criteria_for
from funding.models import Decision, FundPage, GrantRequest
from hub.forms import links
from hub.models import Submission, User
from tests import factories
from tests.registering import open_home, token_of

ANSWERS = {
    "hub-goal": "The ministry publishes every emergency contract within ten days.",
    "hub-window": "The decree lapses in June, and the committee asks for proposals.",
    "hub-plan": "Two briefings, one hearing, and a table of late contracts.",
    "hub-amount": "3,800",
    "hub-currency": "USD",
    "hub-manager": "A campaign manager, 24 hours a week for ten weeks.",
    "hub-organisation": "Harbour Budget Watch",
    "hub-country": "KE",
    "hub-email": "amina@example.org",
    "hub-consent": "on",
}


def closes_in(days: int) -> str:
    """The answer to when a window closes that is ``days`` from now."""
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def open_fund(site, *criteria, **fields) -> SimpleNamespace:
    """The site's fund with a form and a page of past grants, and criteria: dicts of their fields."""
    fund = site.funding
    for name, value in fields.items():
        setattr(fund, name, value)
    fund.criteria = [
        factories.CriterionFactory.build(sort_order=number, locale=fund.locale, **words)
        for number, words in enumerate(criteria or [{}])
    ]
    fund.save_revision().publish()
    # As it is stored: the criteria in memory have no numbers yet.
    fund = FundPage.objects.get(pk=fund.pk)
    form = factories.RequestPageFactory(parent=fund)
    awards = factories.AwardsPageFactory(parent=fund)
    return SimpleNamespace(page=fund, form=form, awards=awards)


def open_fund_alone() -> SimpleNamespace:
    """A hub with nothing but a fund, on a database without pages."""
    return open_fund(SimpleNamespace(funding=factories.FundPageFactory(parent=open_home())))


def filled_in(client, page, **changes) -> dict:
    """What a browser sends that has opened the form and filled it in."""
    given = ANSWERS | {"hub-closes": closes_in(40), "hub-token": token_of(client.get(page.url))}
    return given | changes


def make_request(page, name: str = "amina", status: str = "sent", **fields) -> GrantRequest:
    """A stored request (or draft) whose address is ``name`` at example.org."""
    today = timezone.localdate()
    answers = {key: value for key, value in ANSWERS.items() if key != "hub-consent"}
    answers |= {"hub-email": f"{name}@example.org", "hub-closes": closes_in(40)}
    answers |= {"hub-amount": "3800.00", "hub-copy": False, "hub-confidential": False}
    is_draft = status == "draft"
    sent = {
        "form_data": answers,
        "address": f"{name}@example.org",
        "sent_at": timezone.now(),
        "window_closes": today + timedelta(days=40),
        "amount": "3800.00",
        "currency": "USD",
        "country": "KE",
        "target_on": today + timedelta(days=14),
    }
    fields = {
        "page_id": page.pk,
        "locale": page.locale,
        "fund_key": page.fund.translation_key,
        "criteria": criteria_for(page.fund),
        "status": status,
        "idempotency_key": f"key-{page.pk}-{name}-{GrantRequest.objects.count()}",
        "retained_until": page.draft_retained_until() if is_draft else page.retained_until(),
        **({"typed": answers, "form_data": {}} if is_draft else sent),
        **fields,
    }
    return GrantRequest.objects.create(**fields)


def make_many(first: GrantRequest, count: int):
    """More requests like ``first``, as fast as the database takes them; every tenth is confidential."""
    held = {field.attname: getattr(first, field.attname) for field in GrantRequest._meta.fields}
    submissions = Submission.objects.bulk_create(
        Submission(
            **{field.attname: held[field.attname] for field in Submission._meta.fields}
            | {"id": number, "reference": f"R{number:06d}", "idempotency_key": f"key-{number}"}
        )
        for number in range(first.pk + 1, first.pk + 1 + count)
    )
    for submission in submissions:
        number = submission.pk
        own = {"submission_ptr_id": number, "is_confidential": number % 10 == 0}
        GrantRequest(**held | own).save_base(raw=True, force_insert=True)


def make_decided(page, name="amina", kind="awarded", day=None, days=9, **fields) -> GrantRequest:
    """A request that was decided on ``day`` (now), ``days`` after it was sent.

    Of an award, ``amount``, ``currency`` and ``purposes`` are those of the decision.
    """
    day = day or timezone.now()
    award = {"amount": "3800.00", "currency": "USD", "purposes": {"en": f"Purpose of {name}"}}
    award = {key: fields.pop(key, value) for key, value in award.items()}
    sent = {"status": kind, "sent_at": day - timedelta(days=days)}
    request = make_request(page, name, **sent | fields)
    Decision.objects.create(
        request=request,
        kind=kind,
        subject="-",
        letter="-",
        decided_at=day,
        **(award if kind == "awarded" else {}),
    )
    return request


def officer(name: str = "olu") -> User:
    return _user(name, "change_grantrequest")


def reviewer(name: str = "rana") -> User:
    return _user(name, "review_grantrequest")


def _user(name: str, codename: str) -> User:
    user = User.objects.create_user(name, f"{name}@example.org", "secret")
    names = ["access_admin", codename]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return User.objects.get(pk=user.pk)


def make_confidential(page, name: str = "amina", **fields) -> GrantRequest:
    """A stored request that somebody has asked to be treated as confidential."""
    request = make_request(page, name, is_confidential=True, **fields)
    request.form_data["hub-confidential"] = True
    request.save()
    return request


def private_address(request, name: str = "request", language: str = "en", *further) -> str:
    """The path of one of the pages behind the request's private link."""
    with translation.override(language):
        return reverse(name, args=[links.token_for(request), *further])


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def shown(response) -> str:
    """What stands in the page, as one line."""
    return " ".join(soup(response).main.get_text(" ").split())


def problems(response) -> str:
    return soup(response).find(class_="error-summary").get_text(" ", strip=True)


def fields_of(response, form_id: str = "request-form") -> dict:
    """What a browser would send of a form, no button pressed and no files chosen."""
    form = soup(response).find("form", id=form_id) or soup(response).main.find("form")
    given = {}
    for field in form.find_all("input"):
        if field.get("type") in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                given[field["name"]] = field.get("value", "on")
        elif field.get("type") != "file":
            given[field["name"]] = field.get("value", "")
    for field in form.find_all("textarea"):
        given[field["name"]] = field.text.removeprefix("\n").replace("\r\n", "\n")
    for field in form.find_all("select"):
        chosen = field.find("option", selected=True) or field.find("option")
        given[field["name"]] = chosen["value"]
    return given


def document(name: str = "plan.txt", content: bytes = b"A plan.") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
