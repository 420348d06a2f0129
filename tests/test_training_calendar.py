"""Calendar entries: what two independent readers and the raw lines say of them."""

from datetime import UTC, datetime, timedelta

import ics
import pytest
import vobject
from django.utils import timezone
from wagtail.models import Locale

from tests import translating
from tests.factories import SessionPageFactory
from tests.registering import make_registration
from training import calendar
from training.models import Registration

JOINING = "https://meet.example.org/circle"
START = datetime(2022, 3, 22, 14, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_zones_remembered():
    """vobject keeps the first definition it reads of a zone, whatever other files say of it."""
    vars(vobject.icalendar)["__tzidMap"].clear()


@pytest.fixture
def session(site):
    return make_session(site)


def make_session(site, zone="America/New_York", starts_at=START, **fields):
    fields = {
        "title": "Map who decides",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=90),
        "zone": zone,
        "joining_url": JOINING,
        "joining_note": "The room opens early.",
        **fields,
    }
    return SessionPageFactory(parent=site.training, **fields)


def again(registration: Registration) -> Registration:
    """As a worker or a view would have it: nothing remembered."""
    return Registration.objects.select_related("roster").get(pk=registration.pk)


def enter(page, name="amina", status="confirmed", **fields) -> Registration:
    return again(make_registration(page, name, status, **fields))


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def value(text: str, name: str) -> str:
    """The value of the entry's property ``name``, as it is written; the zone's are not meant."""
    event = text[text.index("BEGIN:VEVENT") :]
    (line,) = [line for line in unfolded(event) if line.split(":")[0].split(";")[0] == name]
    return line.partition(":")[2]


def names(text: str) -> set[str]:
    event = text[text.index("BEGIN:VEVENT") :]
    return {line.split(":")[0].split(";")[0] for line in unfolded(event)}


# Times, as two readers find them


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "starts_at", "on_the_clock"),
    [
        ("America/New_York", START, "2022-03-22T10:30"),
        ("Asia/Kathmandu", START, "2022-03-22T20:15"),
        ("Africa/Nairobi", START, "2022-03-22T17:30"),
        ("UTC", START, "2022-03-22T14:30"),
        # Before and after the clocks change: 13 March and 6 November 2022.
        ("America/New_York", datetime(2022, 3, 12, 15, 30, tzinfo=UTC), "2022-03-12T10:30"),
        ("America/New_York", datetime(2022, 11, 5, 14, 30, tzinfo=UTC), "2022-11-05T10:30"),
        ("America/New_York", datetime(2022, 11, 7, 15, 30, tzinfo=UTC), "2022-11-07T10:30"),
        # Of an hour that happens twice the first is meant, here and in the editor's form.
        ("America/New_York", datetime(2022, 11, 6, 5, 30, tzinfo=UTC), "2022-11-06T01:30"),
    ],
)
def test_two_readers_find_the_instant_and_the_zone(site, zone, starts_at, on_the_clock):
    text = calendar.invitation(enter(make_session(site, zone, starts_at)))

    (event,) = ics.Calendar(text).events
    read = vobject.readOne(text).vevent
    # Compared as seconds: Python never calls a time equal that happens twice in a zone.
    instants = [starts_at.timestamp(), (starts_at + timedelta(minutes=90)).timestamp()]
    assert [event.begin.timestamp(), event.end.timestamp()] == instants
    assert [read.dtstart.value.timestamp(), read.dtend.value.timestamp()] == instants
    written = on_the_clock.replace("-", "").replace(":", "") + "00"
    assert value(text, "DTSTART") == written + ("Z" if zone == "UTC" else "")
    assert (f"DTSTART;TZID={zone}:{written}" in text) is (zone != "UTC")
    assert (f"TZID:{zone}\r\n" in text) is (zone != "UTC")


def test_zone_rules_begin_when_clocks_that_have_not_changed_show_so():
    """The dates of the United States in 2022 and Nepal, which never changes."""
    rules = calendar._zone("America/New_York", 2022).to_ical().decode()

    assert rules.count("BEGIN:DAYLIGHT") == rules.count("DTSTART") - 4 == 3
    assert (
        "BEGIN:DAYLIGHT\r\nDTSTART:20220313T020000\r\nTZNAME:EDT\r\n"
        "TZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nEND:DAYLIGHT"
    ) in rules
    assert (
        "BEGIN:STANDARD\r\nDTSTART:20221106T020000\r\nTZNAME:EST\r\n"
        "TZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nEND:STANDARD"
    ) in rules
    nepal = calendar._zone("Asia/Kathmandu", 2022).to_ical().decode()
    assert nepal.count("DTSTART") == 1
    assert "TZOFFSETTO:+0545" in nepal


# What calendar programs obey


@pytest.mark.django_db
def test_invitation_is_one_that_programs_act_on(session, settings):
    settings.HUB_BASE_URL = "https://hub.example.org"
    settings.DEFAULT_FROM_EMAIL = "The hub <hub@example.org>"
    registration = enter(session, sequence=3)
    text = calendar.invitation(registration)

    read = vobject.readOne(text)
    assert read.method.value == "REQUEST"
    event = read.vevent
    assert event.uid.value == f"{registration.reference}@hub.example.org"
    assert event.sequence.value == "3"
    assert event.status.value == "CONFIRMED"
    assert event.summary.value == "Map who decides"
    assert event.organizer.value == "mailto:hub@example.org"
    assert event.organizer.params["CN"] == ["The hub"]
    assert event.attendee.value == "mailto:amina@example.org"
    assert event.attendee.params == {
        "PARTSTAT": ["ACCEPTED"],
        "ROLE": ["REQ-PARTICIPANT"],
        "RSVP": ["FALSE"],
    }
    assert event.url.value == f"https://hub.example.org{session.url}"
    assert event.location.value == JOINING
    assert event.description.value.startswith(f"{JOINING}\n\nThe room opens early.\n\n")
    assert "https://hub.example.org/en/registration/" in event.description.value
    assert value(text, "DTSTAMP").endswith("Z")
    assert timezone.now() - event.dtstamp.value < timedelta(minutes=1)


@pytest.mark.django_db
def test_withdrawal_names_the_same_entry_with_a_higher_number(session):
    registration = enter(session)
    invitation = calendar.invitation(registration)
    registration.status, registration.sequence = "cancelled", 1
    text = calendar.withdrawal(registration)

    assert vobject.readOne(text).method.value == "CANCEL"
    assert value(text, "UID") == value(invitation, "UID")
    assert (value(invitation, "SEQUENCE"), value(text, "SEQUENCE")) == ("0", "1")
    assert value(text, "STATUS") == "CANCELLED"
    assert value(text, "ATTENDEE") == value(invitation, "ATTENDEE")
    assert JOINING not in text
    assert names(text).isdisjoint({"LOCATION", "DESCRIPTION", "URL"})


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["waiting", "offered", "cancelled", "declined"])
def test_file_shows_the_way_in_to_nobody_without_a_seat(session, status):
    content = calendar.calendar_file(enter(session, status=status))

    assert JOINING.encode() not in content
    assert b"opens early" not in content


@pytest.mark.django_db
def test_file_is_published_to_whoever_opens_it(session):
    content = calendar.calendar_file(enter(session))

    text = content.decode()
    assert vobject.readOne(text).method.value == "PUBLISH"
    assert "ATTENDEE" not in names(text)  # RFC 5546, 3.2.1
    assert value(text, "LOCATION") == JOINING


@pytest.mark.django_db
def test_file_of_a_cancelled_session_says_so(session):
    registration = enter(session)
    registration.roster.is_cancelled = True
    text = calendar.calendar_file(registration).decode()

    assert value(text, "STATUS") == "CANCELLED"
    assert JOINING not in text


# Words


@pytest.mark.django_db
@pytest.mark.parametrize(
    "title",
    [
        "Budgets; plans, and a “quoted” title: who decides?",
        "END:VEVENT",
        "من يقرر؟ خريطة لمن يريد أن يعرف من يوقع العقود العامة ومتى وكيف ولماذا يفعل ذلك",
        "🗺️" * 40,
        "x" * 255,
    ],
)
def test_any_title_arrives_whole_in_lines_of_75_bytes(site, title):
    text = calendar.invitation(enter(make_session(site, title=title)))

    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode()  # no character is cut in two
    (event,) = ics.Calendar(text).events
    assert event.name == title
    assert vobject.readOne(text).vevent.summary.value == title


@pytest.mark.django_db
def test_backslashes_are_escaped(site):
    text = calendar.invitation(enter(make_session(site, title="A\\new; way, to")))

    assert value(text, "SUMMARY") == "A\\\\new\\; way\\, to"
    assert vobject.readOne(text).vevent.summary.value == "A\\new; way, to"


@pytest.mark.django_db
def test_a_line_break_or_control_in_the_words_adds_no_line(site):
    session = make_session(
        site,
        title="Map\r\nATTENDEE:mailto:all@example.org\x00\x1b\u2028 who",
        joining_note="One\r\nMETHOD:CANCEL\rThree",
    )
    text = calendar.invitation(enter(session))

    assert len([line for line in unfolded(text) if line.startswith("METHOD:")]) == 1
    assert len([line for line in unfolded(text) if line.startswith("ATTENDEE")]) == 1
    assert not any(ord(letter) < 32 for letter in text.replace("\r\n", ""))
    assert vobject.readOne(text).vevent.summary.value == (
        "Map\nATTENDEE:mailto:all@example.org    who"
    )


@pytest.mark.django_db
def test_attendee_is_the_address_as_mail_servers_have_it_and_no_name(session):
    registration = enter(
        session,
        address="Amina+x%y@Bücher.example",
        form_data={"hub-name": "Visit https://bad.example"},
    )
    text = calendar.invitation(registration)

    assert value(text, "ATTENDEE") == "mailto:amina+x%25y@xn--bcher-kva.example"
    assert "bad.example" not in text


@pytest.mark.django_db
def test_entry_is_in_the_language_of_the_registration(site, session):
    translated = translating.translate(session, "es", {"Map who decides": "Mapa de quien decide"})
    spanish = Locale.objects.get(language_code="es")
    text = calendar.invitation(enter(session, locale=spanish))

    assert value(text, "SUMMARY") == "Mapa de quien decide"
    assert value(text, "URL").endswith(translated.url)
    assert "/es/registration/" in text.replace("\r\n ", "")


@pytest.mark.django_db
def test_entry_costs_one_query_for_the_pages(session, django_assert_num_queries):
    calendar.invitation(enter(session))
    registration = enter(session, "bela")
    with django_assert_num_queries(1):
        calendar.invitation(registration)
