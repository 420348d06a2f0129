"""Every address of the funding officer's desk, against every role and a stranger."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from funding.models import Conflict, GrantRequest, OutcomeReport, Review
from hub import private_files
from hub.models import OutgoingMail, User
from hub.roles import EDITORS, FUNDING_OFFICERS, GRANT_REVIEWERS, TRAINING_OFFICERS, set_up_roles
from hub.translation.teams import set_up_team
from tests.asking import make_confidential, make_request, open_fund
from tests.translating import locale_of

REFUSED, HIDDEN = "refused", "hidden"
LISTS = {"index", "index_results"}
# Those a reviewer has a use for.
TO_READ = {"request", "file", "conflict", "review"}


@pytest.fixture
def fund(site):
    set_up_roles()
    return open_fund(site)


def member(group: str, name: str = "staff") -> User:
    user = User.objects.create_user(name, f"{name}@example.org")
    user.groups.add(Group.objects.get(name=group))
    return user


def names(resolver=None) -> set[str]:
    """The names of all patterns of the desk."""
    found = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if getattr(pattern, "namespace", None) == "grant_requests":
            found |= {own.name for own in pattern.url_patterns}
        elif hasattr(pattern, "url_patterns"):
            found |= names(pattern)
    return found


@pytest.fixture
def addresses(fund):
    """The address of everything about a request, by the name of its pattern."""

    def of(request: GrantRequest) -> dict[str, str]:
        upload = SimpleUploadedFile("plan.pdf", b"%PDF-1.4\n%%EOF\n")
        private_files.keep_all(request, [upload])
        mail = OutgoingMail.objects.create(
            key=f"k{request.pk}", to="a@example.org", language="en", submission=request
        )
        further = {
            "file": [request.attachments.get().pk],
            "mail_again": [mail.pk],
            "decide": ["declined"],
        }
        return {
            name: reverse(
                f"grant_requests:{name}",
                args=[] if name in LISTS else [request.pk, *further.get(name, [])],
            )
            for name in names()
        }

    return of


def answer(client, address: str) -> str:
    """Whether the address is refused, hidden, or open; by GET, and by POST where it takes no other."""
    response = client.get(address)
    if response.status_code == 405:
        response = client.post(address)
    if response.streaming:
        response.close()
    if response.status_code == 302 and response.url == "/admin/":
        return REFUSED
    if response.status_code == 302 and response.url.startswith("/admin/login/"):
        return "login"
    return {403: REFUSED, 404: HIDDEN}.get(response.status_code, "open")


def answers(client, addresses: dict) -> dict[str, str]:
    # What changes who may see it comes last.
    last = ["open", "confidential", "take"]
    order = sorted(addresses.keys() - last) + last
    return {name: answer(client, addresses[name]) for name in order}


def test_stranger_is_sent_to_the_login(client, fund, addresses):
    found = answers(client, addresses(make_request(fund.form)))
    assert set(found.values()) == {"login"}


@pytest.mark.parametrize("role", [EDITORS, TRAINING_OFFICERS, "Translators: Español"])
def test_other_roles_are_refused_everywhere(client, fund, addresses, role):
    set_up_team(locale_of("es"))
    client.force_login(member(role))
    found = answers(client, addresses(make_request(fund.form)))
    assert set(found.values()) == {REFUSED}


def test_user_without_any_right_is_sent_to_the_login(client, fund, addresses):
    client.force_login(User.objects.create_user("nobody"))
    found = answers(client, addresses(make_request(fund.form)))
    assert set(found.values()) == {"login"}


def test_officer_may_use_everything(client, fund, addresses):
    client.force_login(member(FUNDING_OFFICERS))
    request = make_request(fund.form)
    order = addresses(request)
    # There is no report before there is one.
    assert answer(client, order["report"]) == HIDDEN
    OutcomeReport.objects.create(request=request)
    assert set(answers(client, order).values()) == {"open"}


def test_officer_finds_a_confidential_request_only_to_take_it(client, fund, addresses):
    client.force_login(member(FUNDING_OFFICERS))
    secret = make_confidential(fund.form)
    found = answers(client, addresses(secret))
    assert {name for name, said in found.items() if said == "open"} == LISTS | {"take"}
    assert {said for said in found.values() if said != "open"} == {HIDDEN}
    secret.refresh_from_db()
    assert secret.assignee.username == "staff"


def test_officer_finds_nothing_of_a_confidential_request_of_others(client, fund, addresses):
    client.force_login(member(FUNDING_OFFICERS))
    secret = make_confidential(fund.form, assignee=member(FUNDING_OFFICERS, "other"))
    found = answers(client, addresses(secret))
    assert {name for name, said in found.items() if said != HIDDEN} == LISTS


@pytest.mark.parametrize("group", [FUNDING_OFFICERS, GRANT_REVIEWERS, None])
def test_nobody_sees_a_request_they_have_a_conflict_in(client, fund, addresses, group):
    """Administrators neither; not even what they were assigned."""
    user = member(group) if group else User.objects.create_superuser("staff")
    client.force_login(user)
    request = make_request(fund.form, assignee=user)
    Review.objects.create(request=request, reviewer=user)
    Conflict.objects.create(request=request, user=user)
    found = answers(client, addresses(request))
    assert {name for name, said in found.items() if said not in {HIDDEN, REFUSED}} == LISTS
    assert request.reference not in client.get(reverse("grant_requests:index")).content.decode()


def test_reviewer_reads_what_they_are_asked_about(client, fund, addresses):
    rana = member(GRANT_REVIEWERS)
    client.force_login(rana)
    for request in (make_request(fund.form), make_confidential(fund.form, "sefu")):
        Review.objects.create(request=request, reviewer=rana)
        order = addresses(request)
        conflict = order.pop("conflict")
        found = answers(client, order) | {"conflict": answer(client, conflict)}
        allowed = {name for name, said in found.items() if said == "open"}
        assert allowed == LISTS | TO_READ
        assert {said for name, said in found.items() if name not in allowed} == {REFUSED}


def test_reviewer_finds_nothing_of_what_they_are_not_asked_about(client, fund, addresses):
    client.force_login(member(GRANT_REVIEWERS))
    found = answers(client, addresses(make_request(fund.form)))
    assert {name for name, said in found.items() if said == "open"} == LISTS
    assert {name for name, said in found.items() if said == HIDDEN} == TO_READ


@pytest.mark.parametrize("role", [EDITORS, TRAINING_OFFICERS, GRANT_REVIEWERS])
def test_nobody_but_officers_decides_pays_or_asks(client, fund, addresses, role):
    """Not even a reviewer who reads the request, and not by what their browser sends."""
    user = member(role)
    client.force_login(user)
    request = make_request(fund.form)
    Review.objects.create(request=request, reviewer=user)
    order = addresses(request)
    for name in ("decide", "payment", "ask", "report", "story"):
        response = client.post(order[name], {"action": "decide", "letter": "No."})
        assert response.url == "/admin/", name
    request.refresh_from_db()
    assert request.status == "sent"


def test_administrator_reads_no_confidential_request_but_can_pass_it_on(client, fund, addresses):
    client.force_login(User.objects.create_superuser("administrator"))
    secret = make_confidential(fund.form, assignee=member(FUNDING_OFFICERS))
    found = answers(client, addresses(secret))
    # Who presses "I take it" is told that somebody has.
    assert {name for name, said in found.items() if said != HIDDEN} == LISTS | {"assign", "take"}
    secret.refresh_from_db()
    assert secret.assignee.username == "staff"


@pytest.mark.parametrize("status", ["draft", "anonymised"])
def test_drafts_and_emptied_requests_are_on_no_desk(client, fund, addresses, status):
    client.force_login(User.objects.create_superuser("administrator"))
    request = make_request(fund.form, status="draft" if status == "draft" else "declined")
    order = addresses(request)
    if status == "anonymised":
        GrantRequest.objects.filter(pk=request.pk).anonymise()
    found = answers(client, order)
    assert {name for name, said in found.items() if said != HIDDEN} == LISTS


def test_what_was_done_with_requests_is_not_in_the_history_of_the_site(client, fund):
    """There, who may read any request would read of all."""
    user = User.objects.create_superuser("administrator")
    client.force_login(user)
    page = reverse("grant_requests:request", args=[make_request(fund.form).pk])
    assert "Opened" in client.get(page).content.decode()
    for address in ("site-history/", "site-history/results/", "site-history/?export=csv"):
        response = client.get(f"/admin/reports/{address}")
        text = response.getvalue().decode() if response.streaming else response.content.decode()
        assert "Past grants" in text
        assert GrantRequest.objects.get().reference not in text


def test_menu_shows_the_desk_to_those_who_have_one(client, fund):
    for group, is_shown in (
        (EDITORS, False),
        (TRAINING_OFFICERS, False),
        (FUNDING_OFFICERS, True),
        (GRANT_REVIEWERS, True),
    ):
        client.force_login(member(group, group))
        html = client.get("/admin/").content.decode()
        assert ('"/admin/grant_requests/"' in html) == is_shown, group


def test_requests_are_not_in_the_lists_of_forms(client, fund):
    make_request(fund.form)
    client.force_login(member(EDITORS))
    assert f"submissions/{fund.form.pk}/" not in client.get("/admin/forms/").content.decode()
    response = client.get(f"/admin/forms/submissions/{fund.form.pk}/")
    assert response.status_code in {302, 403}
    assert GrantRequest.objects.count() == 1
