"""The editor's form of a session, through the admin's own views: whose clock the times are on."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield
from wagtail.users.models import UserProfile

from tests.factories import FormatFactory, LevelFactory, SessionPageFactory, TopicFactory
from training.models import SessionPage

NEW_YORK, NAIROBI = "America/New_York", "Africa/Nairobi"
STARTS, ENDS = datetime(2022, 3, 22, 14, 30, tzinfo=UTC), datetime(2022, 3, 22, 16, 0, tzinfo=UTC)


def form_data(**changes) -> dict:
    """What the editor's browser sends for a whole session, with ``changes``."""
    return nested_form_data(
        {
            "title": "Community call",
            "slug": "community-call",
            "summary": "Hear what is on offer, and ask.",
            "starts_at": "2022-03-22 10:30",
            "ends_at": "2022-03-22 12:00",
            "zone": NEW_YORK,
            "zone_change": "",
            "format": "",
            "level": "",
            "language": "en",
            "interpretation": "es",
            "takes_registrations": "on",
            "opens_at": "",
            "closes_at": "",
            "capacity": "20",
            "offer_hours": "48",
            "form_fields": inline_formset([]),
            "joining_url": "",
            "joining_note": "",
            "reminder_hours": ["24", "1"],
            "notice": "",
            "consent_text": "",
            "retention_months": "12",
            "outcomes": streamfield([("outcome", "A map on one sheet")]),
            "agenda": streamfield(
                [("item", {"minutes": "20", "title": "Welcome", "text": "Who is here."})]
            ),
            "body": streamfield([("rich_text", rich_text("<p>Bring one hard problem.</p>"))]),
            "materials": streamfield([]),
            "recording_url": "https://video.example.org/call",
            "recording_note": "48 minutes",
            "write_up": streamfield([]),
            "topic_links": inline_formset([]),
            "related_stories": inline_formset([]),
            "comments": inline_formset([]),
            "seo_title": "",
            "search_description": "",
            "menu_title": "",
            "share_image": "",
            **changes,
        }
    )


@pytest.fixture
def format_(site):
    return FormatFactory()


@pytest.fixture
def create(site, admin_client, format_):
    def post(**changes):
        address = reverse(
            "wagtailadmin_pages:add", args=["training", "sessionpage", site.training.pk]
        )
        return admin_client.post(address, form_data(**{"format": format_.pk, **changes}))

    return post


@pytest.fixture
def session(site, format_):
    return SessionPageFactory(
        parent=site.training,
        title="Community call",
        slug="community-call",
        starts_at=STARTS,
        ends_at=ENDS,
        zone=NEW_YORK,
        format=format_,
    )


@pytest.fixture
def edit(session, admin_client):
    """Publishes the session with the changes; gives the answer."""

    def post(**changes):
        address = reverse("wagtailadmin_pages:edit", args=[session.pk])
        data = form_data(**{"format": session.format_id, "action-publish": "1", **changes})
        return admin_client.post(address, data)

    return post


def errors(response) -> dict[str, list[str]]:
    return {name: list(sentences) for name, sentences in response.context["form"].errors.items()}


def message_at(response, name: str) -> str:
    """The message that stands at the field ``name`` on the page that was sent back."""
    page = BeautifulSoup(response.content, "html.parser")
    field = page.find(attrs={"name": name}).find_parent(class_="w-field")
    return field.find(class_="error-message").get_text(" ", strip=True)


def saved() -> tuple[datetime, datetime, str]:
    session = SessionPage.objects.get()
    return session.starts_at, session.ends_at, session.zone


# Creating


def test_session_is_created_with_everything_that_was_typed(create, format_):
    level, topic = LevelFactory(), TopicFactory()
    response = create(
        level=level.pk,
        topic_links=inline_formset([{"topic": topic.pk}]),
        **{"action-publish": "1"},
    )
    assert response.status_code == 302
    session = SessionPage.objects.get()
    assert (session.starts_at, session.ends_at) == (STARTS, ENDS)
    assert (session.format, session.level, session.capacity) == (format_, level, 20)
    assert (session.language, session.interpretation) == ("en", "es")
    assert [link.topic for link in session.topic_links.all()] == [topic]
    assert session.agenda[0].value["title"] == "Welcome"
    assert session.outcomes[0].value == "A map on one sheet"
    assert "Bring one hard problem." in session.body[0].value.source
    assert session.live
    assert session.own_time == datetime(2022, 3, 22, 10, 30)


@pytest.mark.parametrize("own_zone", ["Asia/Kathmandu", "Pacific/Auckland", "UTC"])
def test_session_times_are_those_of_its_zone_whatever_the_editors_is(create, admin_user, own_zone):
    UserProfile.objects.create(user=admin_user, current_time_zone=own_zone)
    create()
    assert saved() == (STARTS, ENDS, NEW_YORK)


@pytest.mark.parametrize("own_zone", ["Asia/Kathmandu", "UTC"])
def test_session_form_shows_the_clock_times_of_its_zone(
    session, admin_client, admin_user, own_zone
):
    UserProfile.objects.create(user=admin_user, current_time_zone=own_zone)
    response = admin_client.get(reverse("wagtailadmin_pages:edit", args=[session.pk]))
    page = BeautifulSoup(response.content, "html.parser")
    values = {
        name: page.find("input", {"name": name})["value"] for name in ("starts_at", "ends_at")
    }
    assert values == {"starts_at": "2022-03-22 10:30", "ends_at": "2022-03-22 12:00"}
    assert page.select_one("select[name=zone] option[selected]")["value"] == NEW_YORK


def test_session_opened_and_saved_stays_where_it_is(session, admin_client, admin_user):
    """What the form shows is sent back as it is, by an editor on the other side of the world."""
    UserProfile.objects.create(user=admin_user, current_time_zone="Pacific/Auckland")
    address = reverse("wagtailadmin_pages:edit", args=[session.pk])
    page = BeautifulSoup(admin_client.get(address).content, "html.parser")
    shown = {name: page.find("input", {"name": name})["value"] for name in ("starts_at", "ends_at")}
    data = form_data(format=session.format_id, **shown, **{"action-publish": "1"})
    assert admin_client.post(address, data).status_code == 302
    assert saved() == (STARTS, ENDS, NEW_YORK)


def test_session_in_a_zone_with_quarter_hours_is_saved_to_the_minute(create):
    create(zone="Asia/Kathmandu", starts_at="2022-03-22 20:15", ends_at="2022-03-22 21:45")
    assert saved() == (STARTS, ENDS, "Asia/Kathmandu")


def test_session_may_run_past_midnight(create):
    create(starts_at="2022-03-22 23:30", ends_at="2022-03-23 00:30")
    assert saved()[:2] == (
        datetime(2022, 3, 23, 3, 30, tzinfo=UTC),
        datetime(2022, 3, 23, 4, 30, tzinfo=UTC),
    )


# Refusing


@pytest.mark.parametrize("ends_at", ["2022-03-22 10:00", "2022-03-22 10:30", "2021-03-22 12:00"])
def test_session_that_ends_before_it_starts_is_refused_at_its_end(create, ends_at):
    response = create(ends_at=ends_at)
    sentence = "The session ends before it starts. Check the date and the time."
    assert errors(response) == {"ends_at": [sentence]}
    assert message_at(response, "ends_at") == sentence
    assert not SessionPage.objects.exists()


def test_session_refused_keeps_everything_that_was_typed(create, format_):
    response = create(ends_at="2022-03-22 09:00", title="Typed with care")
    page = BeautifulSoup(response.content, "html.parser")
    values = {
        name: page.find("input", {"name": name})["value"]
        for name in ("title", "starts_at", "ends_at", "capacity", "recording_url", "recording_note")
    }
    assert values == {
        "title": "Typed with care",
        "starts_at": "2022-03-22 10:30",
        "ends_at": "2022-03-22 09:00",
        "capacity": "20",
        "recording_url": "https://video.example.org/call",
        "recording_note": "48 minutes",
    }
    assert page.find("textarea", {"name": "summary"}).get_text(strip=True) == (
        "Hear what is on offer, and ask."
    )
    chosen = {
        name: page.select_one(f"select[name={name}] option[selected]")["value"]
        for name in ("zone", "language", "interpretation")
    }
    assert chosen == {"zone": NEW_YORK, "language": "en", "interpretation": "es"}
    assert page.find("input", {"name": "format"})["value"] == str(format_.pk)
    streams = {
        name: page.find(id=name)["data-w-block-arguments-value"]
        for name in ("body", "agenda", "outcomes")
    }
    assert "Bring one hard problem." in streams["body"]
    assert "Who is here." in streams["agenda"]
    assert "A map on one sheet" in streams["outcomes"]


@pytest.mark.parametrize("zone", ["Mars/Olympus_Mons", "new york", "+03:00"])
def test_session_in_an_unknown_zone_is_refused_at_the_zone(create, zone):
    response = create(zone=zone)
    sentence = f"“{zone}” is not a known time zone. Choose a city from the list."
    assert errors(response) == {"zone": [sentence]}
    assert message_at(response, "zone") == sentence
    assert not SessionPage.objects.exists()


@pytest.mark.parametrize("name", ["title", "starts_at", "ends_at", "zone"])
def test_session_without_a_required_field_is_refused_at_it(create, name):
    response = create(**{name: "", "action-publish": "1"})
    assert list(errors(response)) == [name]
    assert message_at(response, name) == "This field is required."
    assert not SessionPage.objects.exists()


def test_session_cannot_be_published_without_a_format(create):
    response = create(format="", **{"action-publish": "1"})
    assert errors(response) == {"format": ["This field is required."]}


def test_session_at_a_time_that_is_skipped_is_refused(create):
    """On 13 March 2022 clocks in New York went from 1:59 to 3:00."""
    response = create(starts_at="2022-03-13 02:30", ends_at="2022-03-13 04:00")
    assert errors(response) == {
        "starts_at": [
            "Clocks in New York go forward over this time that day: it does not exist. "
            "Choose a time an hour earlier or later."
        ]
    }


def test_session_at_a_repeated_time_is_at_the_first_of_the_two(create):
    create(starts_at="2022-11-06 01:30", ends_at="2022-11-06 03:00")
    assert saved()[:2] == (
        datetime(2022, 11, 6, 5, 30, tzinfo=UTC),
        datetime(2022, 11, 6, 8, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize("time", ["next week", "2022-02-30 10:00", "2022-03-22 25:00"])
def test_session_at_an_unreadable_time_is_refused_at_it(create, time):
    response = create(starts_at=time)
    assert errors(response) == {"starts_at": ["Enter a valid date/time."]}


# Changing the zone


def test_session_given_another_zone_alone_is_asked_about(edit):
    response = edit(zone=NAIROBI)
    sentence = "You changed the zone but not the times. Say which of the two is meant."
    assert errors(response) == {"zone_change": [sentence]}
    assert message_at(response, "zone_change") == sentence
    assert saved() == (STARTS, ENDS, NEW_YORK)
    page = BeautifulSoup(response.content, "html.parser")
    assert page.find("input", {"name": "starts_at"})["value"] == "2022-03-22 10:30"
    assert page.select_one("select[name=zone] option[selected]")["value"] == NAIROBI


def test_session_given_another_zone_may_stay_at_its_moment(edit, client):
    assert edit(zone=NAIROBI, zone_change="moment").status_code == 302
    assert saved() == (STARTS, ENDS, NAIROBI)
    assert SessionPage.objects.get().own_time == datetime(2022, 3, 22, 17, 30)


def test_session_given_another_zone_may_keep_its_clock_times(edit):
    assert edit(zone=NAIROBI, zone_change="clock").status_code == 302
    assert saved() == (
        datetime(2022, 3, 22, 7, 30, tzinfo=UTC),
        datetime(2022, 3, 22, 9, 0, tzinfo=UTC),
        NAIROBI,
    )


def test_session_given_zone_and_times_is_not_asked_about(edit):
    response = edit(zone=NAIROBI, starts_at="2022-03-23 09:00", ends_at="2022-03-23 10:00")
    assert response.status_code == 302
    assert saved() == (
        datetime(2022, 3, 23, 6, 0, tzinfo=UTC),
        datetime(2022, 3, 23, 7, 0, tzinfo=UTC),
        NAIROBI,
    )


def test_session_given_times_alone_is_read_in_its_zone(edit):
    edit(starts_at="2022-03-22 11:30", ends_at="2022-03-22 13:00")
    assert saved() == (STARTS.replace(hour=15), ENDS.replace(hour=17), NEW_YORK)


def test_session_question_about_the_zone_is_harmless_when_the_zone_stays(edit):
    """A choice left over from an earlier save moves nothing."""
    edit(zone_change="clock")
    assert saved() == (STARTS, ENDS, NEW_YORK)


def test_session_saved_with_seconds_may_still_change_its_zone(session, edit):
    """Imported sessions may carry seconds, which the form does not show."""
    SessionPage.objects.update(starts_at=STARTS.replace(second=30))
    session.refresh_from_db()
    assert edit(zone=NAIROBI, zone_change="moment").status_code == 302
    assert saved()[0] == STARTS.replace(second=30)


def test_session_new_is_not_asked_about_its_zone(create):
    assert create(zone=NAIROBI).status_code == 302
    assert saved()[2] == NAIROBI


# Drafts and translations


def test_session_draft_keeps_the_moment_until_it_is_published(session, admin_client):
    address = reverse("wagtailadmin_pages:edit", args=[session.pk])
    data = form_data(
        format=session.format_id, starts_at="2022-03-22 11:30", ends_at="2022-03-22 13:00"
    )
    assert admin_client.post(address, data).status_code == 302
    assert saved() == (STARTS, ENDS, NEW_YORK)
    page = BeautifulSoup(admin_client.get(address).content, "html.parser")
    assert page.find("input", {"name": "starts_at"})["value"] == "2022-03-22 11:30"


def test_session_form_is_in_the_editors_language_with_the_same_times(
    session, admin_client, admin_user
):
    UserProfile.objects.create(user=admin_user, preferred_language="fr")
    response = admin_client.get(reverse("wagtailadmin_pages:edit", args=[session.pk]))
    page = BeautifulSoup(response.content, "html.parser")
    assert page.find("html")["lang"] == "fr"
    assert page.find("input", {"name": "starts_at"})["value"] == "2022-03-22 10:30"


def test_session_translation_keeps_moment_and_zone(session, site, client):
    spanish = Locale.objects.create(language_code="es")
    translation = session.copy_for_translation(spanish, copy_parents=True)
    assert (translation.starts_at, translation.ends_at, translation.zone) == (
        STARTS,
        ENDS,
        NEW_YORK,
    )


def test_session_preview_shows_times_that_are_not_saved_yet(session, admin_client):
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[session.pk])
    data = form_data(
        format=session.format_id, starts_at="2022-03-22 11:30", ends_at="2022-03-22 13:00"
    )
    assert admin_client.post(address, data).json() == {"is_valid": True, "is_available": True}
    page = BeautifulSoup(admin_client.get(address).content, "html.parser")
    clocks = {
        row.find("dt").get_text(): row.find("dd").get_text() for row in page.select(".facts dl div")
    }
    assert clocks["New York"] == "Tue 11:30"
