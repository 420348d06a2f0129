"""Mails to participants: to whom which is sent, and what stands in it."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import vobject
from django.core import mail as django_mail
from django.utils import timezone
from wagtail.models import Locale

from hub.mail import outbox, writers
from hub.models import OutgoingMail
from tests import translating
from tests.factories import SessionPageFactory
from tests.registering import make_registration
from training import mails
from training.mail_words import DEFAULTS
from training.models import Registration, RegistrationStatus, Roster

JOINING = "https://meet.example.org/circle"
NOTE = "The room opens early."
STATUSES = set(RegistrationStatus.values)
State = OutgoingMail.State


@pytest.fixture
def session(site):
    return SessionPageFactory(
        parent=site.training, title="Map who decides", joining_url=JOINING, joining_note=NOTE
    )


def enter(page, status="confirmed", name="amina", **fields) -> Registration:
    if status == "offered":
        fields.setdefault("offer_expires_at", timezone.now() + timedelta(hours=48))
    return make_registration(page, name, status, **fields)


def row(registration, occasion, **details) -> OutgoingMail:
    return outbox.enqueue_later(
        f"training.{occasion}:{registration.reference}:{OutgoingMail.objects.count()}",
        occasion=f"training.{occasion}",
        submission=registration,
        details=details,
    )


def letter(registration, occasion, **details):
    """What the worker would send, None if it would drop the mail."""
    return writers.write(row(registration, occasion, **details))


def move(page, **facts):
    Roster.objects.filter(session_key=page.translation_key).update(**facts)


def over(page):
    now = timezone.now()
    move(page, starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1))


# Which mail is called for

AHEAD = {
    "confirmed": {"confirmed"},
    "waiting": {"waiting"},
    "offered": {"offered"},
    "declined": {"declined"},
    "cancelled": {"cancelled"},
    "again": {"confirmed", "waiting", "offered", "attended", "no-show"},
    "link": STATUSES,
    "moved_address": STATUSES,
    "changed": {"confirmed", "waiting", "offered", "attended", "no-show"},
    "reinstated": {"confirmed", "waiting", "offered", "attended", "no-show"},
    "session_cancelled": set(),
    "reminder": {"confirmed"},
    "thanks": {"confirmed", "attended", "no-show"},
    "message": STATUSES,
}


@pytest.mark.django_db
@pytest.mark.parametrize("occasion", AHEAD)
def test_mail_is_dropped_when_it_is_no_longer_called_for(session, occasion):
    details = {"subject": "Hello", "body": "Hello"}
    written = {
        status
        for status in STATUSES
        if letter(enter(session, status, name=status), occasion, **details)
    }
    assert written == AHEAD[occasion]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("occasion", "when_cancelled", "when_over"),
    [
        ("confirmed", False, False),
        ("again", False, False),
        ("changed", False, False),
        ("reinstated", False, False),
        ("session_cancelled", True, False),
        ("reminder", False, False),
        ("thanks", False, True),
    ],
)
def test_mail_follows_the_session(session, occasion, when_cancelled, when_over):
    registration = enter(session)
    move(session, is_cancelled=True)
    assert bool(letter(registration, occasion)) is when_cancelled
    move(session, is_cancelled=False)
    over(session)
    assert bool(letter(registration, occasion)) is when_over


@pytest.mark.django_db
def test_offer_that_has_ended_is_not_sent(session):
    late = timezone.now() - timedelta(seconds=1)
    assert letter(enter(session, "offered", offer_expires_at=late), "offered") is None


@pytest.mark.django_db
def test_nobody_who_was_made_anonymous_gets_mail(session):
    registration = enter(session, anonymised_at=timezone.now())
    assert letter(registration, "link") is None


@pytest.mark.django_db
def test_dropped_mail_is_noted_and_not_sent(session):
    row(enter(session, "cancelled"), "reminder")
    assert outbox.deliver_due() == 0

    assert OutgoingMail.objects.get().state == State.DROPPED
    assert django_mail.outbox == []


# What stands in it


@pytest.mark.django_db
def test_the_way_in_goes_to_nobody_without_a_seat(session):
    written = 0
    for status in sorted(STATUSES - {"confirmed"}):
        registration = enter(session, status, name=status)
        for cancelled in (False, True):
            move(session, is_cancelled=cancelled)
            for occasion in AHEAD:
                found = letter(registration, occasion, subject="Hello", body="Hello")
                if found:
                    written += 1
                    whole = found.mail.text + found.mail.html + found.calendar
                    assert JOINING not in whole
                    assert NOTE not in whole
    assert written > len(STATUSES)


@pytest.mark.django_db
@pytest.mark.parametrize("occasion", ["confirmed", "reminder", "changed", "reinstated", "again"])
def test_the_way_in_goes_to_those_with_a_seat(session, occasion):
    mail = letter(enter(session), occasion).mail

    assert f"{JOINING}\n{NOTE}\n" in mail.text
    assert f'<a href="{JOINING}"' in mail.html
    assert NOTE in mail.html


@pytest.mark.django_db
def test_confirmation_says_how_to_join_is_to_follow(site):
    session = SessionPageFactory(parent=site.training)
    assert "How to join:\nThat follows in another mail.\n" in (
        letter(enter(session), "confirmed").mail.text
    )


@pytest.mark.django_db
def test_nothing_that_was_typed_stands_in_any_mail(session):
    """Anybody can register anybody's address."""
    typed = {"hub-name": "Win at https://bad.example", "hub-organisation": "bad.example"}
    for status in sorted(STATUSES):
        registration = enter(session, status, name=status, form_data=typed)
        for occasion in AHEAD:
            written = letter(registration, occasion, subject="Hello", body="Hello")
            if written:
                mail = written.mail
                parts = (mail.subject, mail.text, mail.html, written.calendar)
                assert not any("bad.example" in part for part in parts)


@pytest.mark.django_db
def test_times_are_on_the_clocks_of_the_session_and_the_hub(site):
    starts_at = datetime(2027, 3, 23, 14, 30, tzinfo=UTC)
    session = SessionPageFactory(parent=site.training, title="Map", starts_at=starts_at)
    text = letter(enter(session), "confirmed").mail.text

    assert text.startswith("You have a seat in “Map”, 23 March 2027, 10:30 (New York).\n")
    when = text.partition("When: ")[2].splitlines()[:5]
    assert when == [
        "Tuesday, 23 March 2027",
        "Tue 10:30 New York",
        "Tue 14:30 UTC",
        "Tue 17:30 Nairobi",
        "Tue 20:15 Kathmandu",
    ]


@pytest.mark.django_db
def test_waiting_mail_names_the_place_in_line(session):
    now = timezone.now()
    enter(session, "waiting", "bela", queued_at=now - timedelta(hours=1))
    registration = enter(session, "waiting", queued_at=now)
    enter(session, "waiting", "chi", queued_at=now + timedelta(hours=1))

    assert "You are number 2 on the waiting list." in letter(registration, "waiting").mail.text


@pytest.mark.django_db
def test_offer_says_until_when(session):
    ends = datetime(2027, 1, 4, 15, 0, tzinfo=UTC)
    text = letter(enter(session, "offered", offer_expires_at=ends), "offered").mail.text

    assert "It is kept for you until 4 January 2027, 10:00 (New York)." in text
    assert "Accept or decline the seat:\nhttp" in text


@pytest.mark.django_db
@pytest.mark.parametrize("occasion", ["changed", "session_cancelled"])
def test_notice_of_the_page_stands_in_the_news(site, occasion):
    session = SessionPageFactory(parent=site.training, notice="Our speaker <has> fallen ill.")
    registration = enter(session)
    move(session, is_cancelled=occasion == "session_cancelled")
    mail = letter(registration, occasion).mail

    assert "\nOur speaker <has> fallen ill.\n" in mail.text
    assert "Our speaker &lt;has&gt; fallen ill." in mail.html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "subject", "pages"),
    [
        ("attended", "Thank you for taking part: Map who decides", ["evaluation", "certificate"]),
        ("confirmed", "Thank you for taking part: Map who decides", ["evaluation"]),
        ("no-show", "We missed you: Map who decides", []),
    ],
)
def test_thanks_lead_each_to_what_is_theirs(session, status, subject, pages):
    session.recording_url = "https://video.example.org/1"
    session.save()
    registration = enter(session, status)
    over(session)
    mail = letter(registration, "thanks").mail

    assert mail.subject == subject
    assert f"{session.url}#afterwards" in mail.text
    assert [page for page in ("evaluation", "certificate") if f"/{page}/" in mail.text] == pages


@pytest.mark.django_db
def test_message_of_the_staff_is_no_markup(session):
    body = "Bring <b>notes</b>.\n\nSee https://example.org/notes"
    mail = letter(enter(session), "message", subject="To\r\nBcc: x", body=body).mail

    assert mail.subject == "To Bcc: x"
    assert mail.text.startswith(f"{body}\n")
    assert "<p>Bring &lt;b&gt;notes&lt;/b&gt;.</p>" in mail.html
    assert 'href="https://example.org/notes"' in mail.html


@pytest.mark.django_db
def test_mail_is_in_the_language_of_the_registration(site, session):
    translating.translate(session, "ar", {"Map who decides": "خريطة من يقرر"})
    registration = enter(session, locale=Locale.objects.get(language_code="ar"))
    mail = letter(registration, "confirmed").mail

    assert mail.language == "ar"
    assert '<html lang="ar" dir="rtl">' in mail.html
    assert "خريطة من يقرر" in mail.subject
    assert "/ar/registration/" in mail.text
    assert "نيروبي" in mail.text


@pytest.mark.django_db
def test_a_hostile_title_is_text(site):
    session = SessionPageFactory(parent=site.training, title="<script>{link}</script>\r\nBcc: x")
    mail = letter(enter(session), "confirmed").mail

    assert mail.subject == "Your seat: <script>{link}</script> Bcc: x"
    assert "<script>" not in mail.html
    assert "&lt;script&gt;{link}&lt;/script&gt; Bcc: x" in mail.html


# The calendar


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("occasion", "status", "fields", "is_cancelled", "method"),
    [
        ("confirmed", "confirmed", {}, False, "REQUEST"),
        ("changed", "confirmed", {"sequence": 2}, False, "REQUEST"),
        ("reinstated", "confirmed", {"sequence": 2}, False, "REQUEST"),
        ("changed", "waiting", {}, False, ""),
        ("changed", "offered", {}, False, ""),
        ("cancelled", "cancelled", {"sequence": 1}, False, "CANCEL"),
        ("cancelled", "cancelled", {}, False, ""),
        ("session_cancelled", "confirmed", {"sequence": 1}, True, "CANCEL"),
        ("session_cancelled", "waiting", {}, True, ""),
        ("offered", "offered", {}, False, ""),
        ("reminder", "confirmed", {}, False, ""),
    ],
)
def test_calendar_follows_the_seat(session, occasion, status, fields, is_cancelled, method):
    registration = enter(session, status, **fields)
    move(session, is_cancelled=is_cancelled)
    entry = letter(registration, occasion).calendar

    assert (vobject.readOne(entry).method.value if entry else "") == method
    if entry:
        assert f"SEQUENCE:{registration.sequence}\r\n" in entry


@pytest.mark.django_db
def test_mail_carries_the_calendar_as_a_way_to_read_it_and_as_a_file(session):
    row(enter(session), "confirmed")
    assert outbox.deliver_due() == 1

    content = django_mail.outbox[0].message().as_bytes(linesep="\r\n")
    message = message_from_bytes(content, policy=policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == [
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    inline, attached = parts[2:]
    assert inline.get_param("method") == "REQUEST"
    assert attached.get_filename() == "invitation.ics"
    assert vobject.readOne(inline.get_content()).vevent.summary.value == "Map who decides"
    assert attached.get_content().decode().splitlines() == inline.get_content().splitlines()
    assert not message.defects


@pytest.mark.django_db
def test_letter_costs_two_queries(session, django_assert_num_queries):
    """The registration with its roster, and the pages; the display zones are remembered."""
    letter(enter(session), "confirmed")
    mail = row(enter(session, name="bela"), "confirmed")
    with django_assert_num_queries(2):
        writers.write(mail)


# Words


@pytest.mark.django_db
def test_every_text_that_staff_can_replace_is_in_some_mail(session, monkeypatch):
    asked = set()

    def words_for(occasion, language):
        asked.add(occasion)
        return "Subject", "Message"

    monkeypatch.setattr(mails, "words_for", words_for)
    for status in STATUSES:
        registration = enter(session, status, name=status)
        for cancelled in (False, True):
            move(session, is_cancelled=cancelled)
            for occasion in AHEAD:
                letter(registration, occasion, subject="Hello", body="Hello")
    assert asked == {f"training.{name}" for name in DEFAULTS}


@pytest.mark.django_db
@pytest.mark.parametrize("name", DEFAULTS)
def test_sample_is_about_a_session_that_does_not_exist(name):
    sample = mails.sample(name, ("Subject", "{session}"), "en")
    assert sample.text.startswith("Plan your first campaign\n")
