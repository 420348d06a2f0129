"""Whose the list of a session's people is: officers', and nobody gets at it by a back door."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import ModelLogEntry, Page

from hub.models import OutgoingMail, User
from hub.roles import EDITORS, FUNDING_OFFICERS, TRAINING_OFFICERS
from tests.factories import SessionPageFactory
from tests.registering import make_registration
from tests.rosters import TRANSLATORS, address, log_in, roster_of
from training.models import Registration, Roster
from training.sessions import settle


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training, title="Whom to ask", capacity=20)


@pytest.fixture
def officer(site, client) -> User:
    return log_in(client)


# Whose it is


def every_address(session) -> dict[str, str]:
    registration = make_registration(session)
    roster, person = registration.roster_id, registration.pk
    mail = OutgoingMail.objects.create(
        key="k", to="a@example.org", language="en", submission=registration
    )
    return {
        "roster": address("roster", roster),
        "roster as a spreadsheet": f"{address('roster', roster)}?export=csv",
        "roster_results": address("roster_results", roster),
        "results as a spreadsheet": f"{address('roster_results', roster)}?export=xlsx",
        "step": address("step", roster),
        "move": address("move", roster),
        "add": address("add", roster),
        "message": address("message", roster),
        "history": address("history", roster),
        "opinions": address("opinions", roster),
        "person": address("person", person),
        "edit": address("edit", person),
        "link": address("link", person),
        "mail_again": address("mail_again", person, mail.pk),
        "clone": address("clone", session.pk),
    }


def is_refused(response) -> bool:
    return response.status_code == 403 or (
        response.status_code == 302 and response.url == "/admin/"
    )


DESK = {
    "roster",
    "roster as a spreadsheet",
    "roster_results",
    "results as a spreadsheet",
    "step",
    "move",
    "add",
    "message",
    "history",
    "opinions",
    "person",
    "edit",
    "link",
    "mail_again",
}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (TRAINING_OFFICERS, {*DESK, "clone"}),
        (EDITORS, {"clone"}),
        (FUNDING_OFFICERS, set()),
        (TRANSLATORS, set()),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_address_of_the_desk_is_for_officers(client, session, role, allowed, method):
    addresses = every_address(session)
    log_in(client, role)
    refused = {name for name, url in addresses.items() if is_refused(getattr(client, method)(url))}
    assert set(addresses) - refused == allowed


def test_the_table_has_every_address_of_the_desk():
    from training.admin.viewset import RegistrationDesk

    assert {pattern.name for pattern in RegistrationDesk().get_urlpatterns()} == {
        name for name in {*DESK, "clone"} if "spreadsheet" not in name
    }


def test_strangers_are_sent_to_the_login(client, session):
    for url in every_address(session).values():
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")


def test_who_may_not_see_people_finds_no_way_to_them(client, session):
    make_registration(session)
    log_in(client, EDITORS)
    for url in ("/admin/", "/admin/sessions/", f"/admin/pages/{session.pk}/edit/"):
        html = client.get(url).content.decode()
        assert "registrations/rosters" not in html
        assert "registrations/people" not in html


def test_an_officer_finds_the_roster_on_the_front_page(client, session, officer):
    make_registration(session)
    url = address("roster", roster_of(session).pk)
    soup = BeautifulSoup(client.get("/admin/").content, "html.parser")
    link = soup.select_one(f'a[href="{url}"]')
    assert link.text == "Whom to ask"
    assert "1 of 20 seats taken" in link.find_parent("li").text


def test_a_roster_whose_pages_are_gone_is_gone_too(client, session, officer):
    roster = settle(session)
    session.delete()
    assert not Roster.objects.exists()
    assert client.get(address("roster", roster.pk)).status_code == 404


# Back doors


def test_wagtails_own_list_of_forms_leads_to_the_roster(client, session, officer):
    registration = make_registration(session)
    index = client.get("/admin/forms/")
    assert f"/admin/forms/submissions/{session.pk}/" not in index.content.decode()
    response = client.get(f"/admin/forms/submissions/{session.pk}/")
    assert response.url == address("roster", registration.roster_id)


@pytest.mark.parametrize("role", [EDITORS, TRAINING_OFFICERS, None])
def test_registrations_cannot_be_deleted_as_submissions(client, session, role):
    registration = make_registration(session)
    if role:
        log_in(client, role)
    else:
        client.force_login(User.objects.create_superuser("administrator"))
    url = f"/admin/forms/submissions/{session.pk}/delete/"
    response = client.post(f"{url}?selected-submissions={registration.pk}")
    assert is_refused(response)
    assert Registration.objects.exists()


def test_a_session_with_registrations_is_not_deleted(client, session, officer):
    make_registration(session)
    response = client.post(f"/admin/pages/{session.pk}/delete/", follow=True)
    assert "cannot be deleted" in response.content.decode()
    response = client.post(f"/admin/bulk/wagtailcore/page/delete/?id={session.pk}", follow=True)
    assert "cannot be deleted" in response.content.decode()
    assert Page.objects.filter(pk=session.pk).exists()
    assert Registration.objects.exists()


def test_a_plain_copy_of_a_page_has_a_roster_of_its_own(client, session, officer):
    make_registration(session)
    client.post(
        f"/admin/pages/{session.pk}/copy/",
        {"new_title": "Again", "new_slug": "again", "new_parent_page": session.get_parent().pk},
    )
    copy = Page.objects.get(slug="again").specific
    assert copy.translation_key != session.translation_key
    assert copy.roster.pk is None
    assert copy.roster.taken == 0


def test_reports_tell_editors_nothing_about_people(client, session):
    registration = make_registration(session, name="wilhelmina")
    officer = User.objects.create_superuser("administrator")
    client.force_login(officer)
    client.post(address("link", registration.pk))
    assert ModelLogEntry.objects.filter(action="training.link").count() == 1
    assert registration.reference in client.get("/admin/reports/site-history/").content.decode()
    log_in(client, EDITORS)
    for url in ("/admin/reports/site-history/", f"/admin/pages/{session.pk}/history/"):
        html = client.get(url).content.decode()
        assert registration.reference not in html
        assert "wilhelmina" not in html.lower()
