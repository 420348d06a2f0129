"""A session once more, on another day."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from hub.times import wall_clock
from tests.factories import SessionPageFactory, TopicFactory, add_topics
from tests.registering import make_registration
from tests.rosters import address, log_in
from training import cloning
from training.models import RegistrationQuestion, Roster, SessionPage


@pytest.fixture
def session(site):
    return SessionPageFactory(
        parent=site.training,
        title="Whom to ask",
        slug="whom-to-ask",
        capacity=20,
        starts_at=datetime(2030, 3, 5, 15, 30, tzinfo=UTC),  # 10:30 in New York
        closes_at=datetime(2030, 3, 5, 14, 30, tzinfo=UTC),
        joining_url="https://meet.example.org/1",
        joining_note="The room opens early.",
        recording_url="https://video.example.org/1",
        recording_note="48 minutes",
        write_up=[("rich_text", "<p>What was said.</p>")],
        agenda=[("item", {"minutes": 10, "title": "Who is here", "text": "One sentence each."})],
        is_cancelled=True,
        notice="Our speaker is ill.",
    )


def copy_of(page) -> SessionPage:
    return SessionPage.objects.exclude(pk=page.pk).get().get_latest_revision_as_object()


def test_clone_has_the_form_and_not_the_people(client, session):
    officer = log_in(client)
    RegistrationQuestion.objects.create(
        page=session, label="Stuck on?", clean_name="stuck", locale=session.locale
    )
    add_topics(session, TopicFactory(title="Coalitions"))
    make_registration(session)
    url = address("clone", session.pk)
    assert "Make another session like “Whom to ask”?" in client.get(url).content.decode()
    response = client.post(url)
    copy = copy_of(session)
    assert response.url == f"/admin/pages/{copy.pk}/edit/"
    assert client.get(response.url).status_code == 200

    assert (copy.title, copy.slug) == ("Whom to ask (copy)", "whom-to-ask-1")
    assert not copy.live
    assert copy.owner == officer
    assert copy.first_published_at is None
    assert copy.capacity == 20
    assert copy.agenda[0].value["title"] == "Who is here"
    assert copy.joining_note == "The room opens early."
    assert [link.topic.title for link in copy.topic_links.all()] == ["Coalitions"]
    left_behind = ("joining_url", "recording_url", "recording_note", "notice")
    assert [getattr(copy, name) for name in left_behind] == [""] * 4
    assert not copy.is_cancelled
    assert not copy.write_up
    own, other = (page.form_fields.get() for page in (session, SessionPage.objects.get(pk=copy.pk)))
    assert (other.label, other.clean_name) == ("Stuck on?", "stuck")
    assert other.translation_key != own.translation_key
    assert copy.translation_key != session.translation_key

    copy.save_revision().publish()
    assert Roster.objects.get(session_key=copy.translation_key).taken == 0
    assert Roster.objects.count() == 2


def test_clone_starts_a_week_later_at_the_same_clock_time(client, session):
    """The clocks of New York go forward on 10 March 2030."""
    log_in(client)
    client.post(address("clone", session.pk))
    copy = copy_of(session)
    assert copy.own_time == datetime(2030, 3, 12, 10, 30)
    assert copy.starts_at == datetime(2030, 3, 12, 14, 30, tzinfo=UTC)
    assert copy.ends_at - copy.starts_at == timedelta(minutes=90)
    assert copy.closes_at == datetime(2030, 3, 12, 13, 30, tzinfo=UTC)
    assert copy.opens_at is None


def test_clone_of_a_past_session_starts_a_week_from_now(client, site):
    log_in(client)
    past = SessionPageFactory(
        parent=site.training, starts_at=datetime(2022, 3, 22, 14, 30, tzinfo=UTC)
    )
    client.post(address("clone", past.pk))
    copy = copy_of(past)
    today = wall_clock(timezone.now(), past.zone).date()
    assert copy.own_time.date() == today + timedelta(days=7)
    assert copy.own_time.time() == past.own_time.time()


def test_clone_that_would_start_at_a_time_that_does_not_exist_starts_an_hour_later(site):
    """02:30 on 10 March 2030 does not happen in New York."""
    session = SessionPageFactory(
        parent=site.training, starts_at=datetime(2030, 3, 3, 7, 30, tzinfo=UTC)
    )
    copy = cloning.clone(session, None)
    assert copy.own_time == datetime(2030, 3, 10, 3, 30)


def test_editor_of_a_session_finds_the_button(client, session):
    log_in(client)
    soup = BeautifulSoup(client.get(f"/admin/pages/{session.pk}/edit/").content, "html.parser")
    assert soup.select_one(f'a[href="{address("clone", session.pk)}"]')


def test_a_second_clone_has_another_slug(site, session):
    slugs = [cloning.clone(session, None).slug for _time in range(2)]
    assert slugs == ["whom-to-ask-1", "whom-to-ask-2"]
