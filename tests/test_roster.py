"""The officer's list of sessions, and of a session's people: what it shows, in which order."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import Page

from hub.models import User
from hub.roles import TRAINING_OFFICERS
from tests.factories import SessionPageFactory
from tests.registering import make_registration
from tests.rosters import TRANSLATORS, address, fill_roster, log_in, roster_of
from tests.translating import locale_of, translate


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training, title="Whom to ask", capacity=20)


@pytest.fixture
def officer(site, client) -> User:
    return log_in(client)


def list_of(client, page, **query) -> BeautifulSoup:
    response = client.get(address("roster", roster_of(page).pk), query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def names(soup) -> list[str]:
    return [strong.text for strong in soup.select("table.roster td.title strong")]


def test_sessions_say_where_they_are_in_their_life(client, site, session, officer):
    session.capacity = 2
    session.save_revision().publish()
    for name in ("amina", "bela"):
        make_registration(session, name)
    make_registration(session, "chi", status="waiting")
    SessionPageFactory(parent=site.training, title="For all")
    soup = BeautifulSoup(client.get("/admin/sessions/").content, "html.parser")
    rows = {
        row.select_one("[data-listing-page-title] a").text.strip(): [
            " ".join(cell.text.split()) for cell in row.find_all("td")
        ]
        for row in soup.select("#listing-results table tbody tr")
    }
    assert rows["Whom to ask"][3:6] == ["2 of 2: see the people", "1", "Full, with a waiting list"]
    assert rows["For all"][3:6] == ["0", "", "Open for registration"]


def test_a_translated_session_is_one_row_with_one_roster(client, session, officer):
    translate(session, "es")
    html = client.get("/admin/sessions/").content.decode()
    assert html.count("Whom to ask") == html.count(f"/admin/pages/{session.pk}/edit/") > 0
    assert "es: Whom" not in html


def test_a_translator_finds_the_translation_and_no_way_to_the_people(client, session):
    spanish = translate(session, "es")
    make_registration(session)
    log_in(client, TRANSLATORS)
    html = client.get("/admin/sessions/").content.decode()
    assert f"/admin/pages/{spanish.pk}/edit/" in html
    assert "1 of 20" in html
    assert "registrations/rosters" not in html


def test_list_of_sessions_costs_the_same_however_many(
    client, site, session, officer, django_assert_num_queries
):
    for count in (1, 3):
        while Page.objects.filter(content_type__model="sessionpage").count() < count:
            make_registration(SessionPageFactory(parent=site.training))
        client.get("/admin/sessions/")  # fills the caches that all screens share
        with django_assert_num_queries(27):
            client.get("/admin/sessions/")


def test_roster_shows_people_of_all_languages(client, session, officer):
    make_registration(
        session,
        form_data={
            "hub-name": "Amina",
            "hub-organisation": "Harbour Watch",
            "hub-country": "KE",
            "hub-access": "Captions",
        },
    )
    spanish = translate(session, "es")
    make_registration(session, "bela", status="waiting", locale=spanish.locale, added_by=officer)
    soup = list_of(client, session)
    rows = [" ".join(row.text.split()) for row in soup.select("table.roster tbody tr")]
    assert "Amina Harbour Watch, Kenya Access needs: Captions amina@example.org English" in rows[0]
    assert "Bela Added by hand bela@example.org Español On the waiting list since" in rows[1]
    assert soup.select("table.roster tbody tr")[1].select_one("[data-label^=Place]").text == "1"
    facts = " ".join(soup.select_one(".roster__facts").text.split())
    assert "1 of 20 seats taken, 19 left Confirmed 1On the waiting list 1" in facts


def test_the_roster_of_a_past_session_leads_to_what_participants_thought(client, site, officer):
    past = SessionPageFactory(parent=site.training, starts_at=timezone.now() - timedelta(days=1))
    make_registration(past, status="attended")
    url = address("opinions", roster_of(past).pk)
    assert list_of(client, past).select_one(f'a[href="{url}"]')
    assert "Nobody has said anything yet." in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "waiting"}, ["Chi", "Bela"]),
        ({"status": ["waiting", "confirmed"]}, ["Amina", "Bela", "Chi"]),
        ({"status": "nonsense"}, ["Amina", "Bela", "Chi"]),
        ({"access": "yes"}, ["Amina"]),
        ({"ordering": "-name"}, ["Chi", "Bela", "Amina"]),
        ({"ordering": "line"}, ["Chi", "Bela", "Amina"]),
        ({"ordering": "time"}, ["Amina", "Bela", "Chi"]),
        ({"ordering": "password"}, ["Amina", "Bela", "Chi"]),
        ({"p": "99"}, ["Amina", "Bela", "Chi"]),
    ],
)
def test_roster_is_filtered_and_ordered(client, session, officer, query, found):
    now = timezone.now()
    make_registration(
        session,
        form_data={
            "hub-name": "Amina",
            "hub-organisation": "Harbour Watch",
            "hub-access": "Captions",
        },
    )
    make_registration(session, "bela", status="waiting", queued_at=now)
    make_registration(session, "chi", status="waiting", queued_at=now - timedelta(hours=1))
    if query == {"status": "waiting"}:
        query = {**query, "ordering": "line"}
    assert names(list_of(client, session, **query)) == found


def test_roster_is_filtered_by_language(client, session, officer):
    make_registration(session)
    make_registration(session, "bela", locale=locale_of("es"))
    assert names(list_of(client, session, locale=locale_of("es").pk)) == ["Bela"]


@pytest.mark.parametrize("count", [1, 3, 5000])
@pytest.mark.parametrize(
    ("role", "queries"),
    [("administrator", 10), (TRAINING_OFFICERS, 12)],
)
def test_roster_costs_the_same_however_long(
    client, session, role, queries, count, django_assert_num_queries
):
    if role == TRAINING_OFFICERS:
        log_in(client)
    else:
        client.force_login(User.objects.create_superuser(role))
    fill_roster(session, count)
    url = address("roster", roster_of(session).pk)
    client.get(url)  # fills the caches that all screens share
    with django_assert_num_queries(queries):
        html = client.get(url).content.decode()
    assert f">{count} {'person' if count == 1 else 'people'}<" in html
