"""What the admin's front page tells an officer about sessions and their people."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from hub.roles import EDITORS
from tests.factories import SessionPageFactory
from tests.registering import make_registration
from tests.rosters import address, log_in, roster_of
from training.models import Roster


def front_page(client) -> BeautifulSoup:
    return BeautifulSoup(client.get("/admin/").content, "html.parser")


def todos(client) -> dict[str, str]:
    """What is to be done about registrations, with where."""
    return {
        link.text: link["href"]
        for link in front_page(client).select(".hub-todo > li > a[href*=registrations]")
        if not link.find("strong")
    }


@pytest.fixture
def full(site):
    page = SessionPageFactory(parent=site.training, title="Full", capacity=1)
    make_registration(page)
    for name in ("bela", "chi"):
        make_registration(page, name, status="waiting")
    return page


def held(site, days: int, **fields):
    starts = timezone.now() - timedelta(days=days)
    return SessionPageFactory(parent=site.training, starts_at=starts, **fields)


def test_officer_learns_who_waits(client, full):
    log_in(client)
    roster = address("roster", roster_of(full).pk)
    assert todos(client) == {
        "2 people wait for a seat in “Full”": f"{roster}?status=waiting&ordering=line"
    }
    rows = client.get(f"{roster}?status=waiting&ordering=line").content.decode()
    assert "Bela" in rows
    assert ">Amina<" not in rows


def test_officer_learns_whose_attendance_is_not_marked(client, site):
    log_in(client)
    recent, old, marked = held(site, 3, title="Recent"), held(site, 120), held(site, 4)
    for page in (recent, old):
        make_registration(page)
    make_registration(marked, status="attended")
    assert list(todos(client)) == ["Attendance of “Recent” is not marked yet"]


def test_nobody_is_told_of_a_line_for_a_session_that_has_begun(client, site):
    log_in(client)
    begun = SessionPageFactory(
        parent=site.training, starts_at=timezone.now() - timedelta(minutes=5)
    )
    make_registration(begun, status="waiting")
    assert todos(client) == {}


def test_front_page_tells_editors_nothing_of_people(client, site, full):
    make_registration(held(site, 3))
    log_in(client, EDITORS)
    assert todos(client) == {}
    assert front_page(client).select("#next-sessions") == []


def test_front_page_costs_the_same_however_many_sessions(
    client, site, full, django_assert_num_queries
):
    log_in(client)
    make_registration(held(site, 3))
    for count in (1, 3):
        while Roster.objects.filter(registrations__status="waiting").distinct().count() < count:
            page = SessionPageFactory(parent=site.training)
            make_registration(page, status="waiting")
            make_registration(held(site, 2))
        client.get("/admin/")
        with django_assert_num_queries(34):
            client.get("/admin/")
