"""Mails whose words are written when they are sent."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core import mail as django_mail
from django.utils import timezone
from wagtail.models import Locale, Page

from hub.mail import outbox, views, writers
from hub.mail.outbox import deliver_due, enqueue_later
from hub.mail.render import Rendered
from hub.mail.writers import Letter
from hub.models import OutgoingMail, Submission, User

State = OutgoingMail.State
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:Círculo\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def submission(db):
    """What somebody sent who reads French."""
    return Submission.objects.create(
        page=Page.objects.first(),
        locale=Locale.objects.get_or_create(language_code="fr")[0],
        form_data={"hub-name": "Amina"},
        address="amina@example.org",
        idempotency_key="one",
        retained_until=timezone.localdate(),
    )


@pytest.fixture
def write_with(monkeypatch):
    """Lets a function write the mails about "test.news"."""
    return lambda function: monkeypatch.setitem(writers._writers, "test.news", function)


def letter(mail) -> Letter:
    """A letter that says who sent what, and the details it was asked to mention."""
    name = mail.submission.form_data["hub-name"]
    words = Rendered(f"News for {name}", f"{mail.details}\n", "<p>News</p>", mail.language)
    return Letter(words, calendar=CALENDAR, reply_to="desk@example.org")


def put(submission, key="test.news:1", **arguments) -> OutgoingMail:
    enqueue_later(key, occasion="test.news", submission=submission, **arguments)
    return OutgoingMail.objects.get(key=key)


def try_again_now():
    OutgoingMail.objects.update(next_attempt_at=timezone.now())


def test_a_row_has_an_address_and_a_language_and_no_words(submission, django_assert_num_queries):
    deliver_due()  # whatever is remembered is remembered now
    put(submission, "test.news:0")
    with django_assert_num_queries(1):
        enqueue_later("test.news:1", occasion="test.news", submission=submission)
    row = OutgoingMail.objects.get(key="test.news:1")
    assert (row.to, row.language, row.submission) == ("amina@example.org", "fr", submission)
    assert (row.subject, row.text, row.html, row.calendar) == ("", "", "", "")
    assert str(row) == "test.news:1"


def test_a_row_may_go_to_another_address_and_later(submission):
    later = timezone.now() + timedelta(hours=1)
    row = put(submission, to="desk@example.org", not_before=later)
    assert (row.to, row.next_attempt_at) == ("desk@example.org", later)
    assert deliver_due() == 0


def test_one_key_is_one_mail(submission):
    put(submission, details={"hours": 24})
    put(submission, details={"hours": 1})
    assert OutgoingMail.objects.get().details == {"hours": 24}


def test_words_are_written_when_the_mail_is_sent(submission, write_with):
    write_with(letter)
    row = put(submission, details={"hours": 24})
    submission.form_data = {"hub-name": "Amina Odhiambo"}
    submission.save()
    assert deliver_due() == 1
    (sent,) = django_mail.outbox
    assert (sent.subject, sent.body) == ("News for Amina Odhiambo", "{'hours': 24}\n")
    assert (sent.to, sent.reply_to) == (["amina@example.org"], ["desk@example.org"])
    row.refresh_from_db()
    assert (row.state, row.subject) == (State.SENT, "News for Amina Odhiambo")
    assert (row.text, row.html, row.calendar) == ("{'hours': 24}\n", "<p>News</p>", CALENDAR)


def test_a_mail_says_which_language_it_was_written_in(submission, write_with):
    def in_english(mail):
        return Letter(Rendered("News", "News\n", "", "en"))

    write_with(in_english)
    row = put(submission)
    deliver_due()
    row.refresh_from_db()
    assert row.language == "en"
    assert django_mail.outbox[0].message()["Content-Language"] == "en"


def test_a_subject_is_one_line(submission, write_with):
    write_with(lambda mail: Letter(Rendered("News\r\nBcc: all@example.org", "News\n", "", "en")))
    put(submission)
    assert deliver_due() == 1
    (sent,) = django_mail.outbox
    assert sent.subject == "News Bcc: all@example.org"
    assert sent.recipients() == ["amina@example.org"]


def test_a_calendar_entry_is_a_way_to_read_the_mail_and_a_file(submission, write_with):
    write_with(letter)
    put(submission)
    deliver_due()
    raw = django_mail.outbox[0].message().as_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    alternative, attachment = list(message.walk())[-2:]
    assert alternative.get_param("method") == "CANCEL"
    assert alternative.get_param("charset") == "utf-8"
    assert alternative.get_payload(decode=True).decode().split() == CALENDAR.split()
    assert attachment.get_filename() == "invitation.ics"
    assert attachment.get_payload(decode=True) == CALENDAR.encode()


def test_a_mail_that_is_no_longer_called_for_is_dropped(submission, write_with):
    write_with(lambda mail: None)
    row = put(submission)
    for _time in range(2):
        assert deliver_due() == 0
    row.refresh_from_db()
    assert (row.state, row.attempts, row.lease_token) == (State.DROPPED, 1, "")
    assert django_mail.outbox == []
    assert not outbox.send_again(row)


def test_a_mail_that_was_dropped_holds_up_no_other(submission, write_with):
    write_with(lambda mail: None if mail.details else letter(mail))
    put(submission, "test.news:1", details={"in_vain": True})
    put(submission, "test.news:2")
    assert deliver_due() == 1


def test_a_writer_that_fails_is_asked_again_and_staff_can_send_the_mail(
    submission, write_with, client
):
    def broken(mail):
        raise ValueError(f"about {mail.to}")

    write_with(broken)
    row = put(submission)
    put(submission, "receipt:2")
    OutgoingMail.objects.filter(key="receipt:2").update(occasion="", subject="Receipt", text="Hi")
    assert deliver_due() == 1  # another mail is none the worse
    pauses = []
    for _attempt in range(2, 11):
        try_again_now()
        before = timezone.now()
        assert deliver_due() == 0
        row.refresh_from_db()
        pauses.append(round((row.next_attempt_at - before) / timedelta(minutes=1)))
    assert pauses == [3, 9, 27, 81, 243, 360, 360, 360, 360]
    assert (row.state, row.attempts, row.last_error) == (State.FAILED, 10, "ValueError")

    client.force_login(User.objects.create_superuser("root", password="root"))
    client.post(f"/admin/outgoing_mail/send-again/{row.pk}/")
    write_with(letter)
    assert deliver_due() == 1
    assert django_mail.outbox[-1].subject == "News for Amina"


def test_an_occasion_nobody_writes_about_is_a_failure_and_no_loss(submission):
    row = put(submission)
    assert deliver_due() == 0
    row.refresh_from_db()
    assert (row.state, row.last_error) == (State.WAITING, "KeyError")


def test_words_are_written_anew_for_each_attempt(submission, write_with, monkeypatch):
    write_with(letter)
    row = put(submission)
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _unreachable)
        assert deliver_due() == 0
    row.refresh_from_db()
    assert (row.state, row.subject) == (State.WAITING, "News for Amina")
    submission.form_data = {"hub-name": "Bela"}
    submission.save()
    try_again_now()
    assert deliver_due() == 1
    assert [mail.subject for mail in django_mail.outbox] == ["News for Bela"]


def _unreachable(_backend, _messages):
    raise ConnectionRefusedError


def test_a_calendar_entry_is_emptied_with_the_text_after_thirty_days(submission, write_with):
    write_with(letter)
    row = put(submission)
    deliver_due()
    for days, kept in {29: CALENDAR, 31: ""}.items():
        OutgoingMail.objects.update(sent_at=timezone.now() - timedelta(days=days))
        outbox.prune()
        row.refresh_from_db()
        assert row.calendar == kept
    assert (row.text, row.html, row.subject) == ("", "", "News for Amina")


def test_a_mail_without_words_has_a_name_in_the_admin(submission, write_with, client):
    write_with(letter)
    row = put(submission)
    client.force_login(User.objects.create_superuser("root", password="root"))
    listing = client.get("/admin/outgoing_mail/").content.decode()
    assert "Without words so far: test.news" in listing
    assert client.get(f"/admin/outgoing_mail/inspect/{row.pk}/").status_code == 200

    deliver_due()
    listing = client.get("/admin/outgoing_mail/").content.decode()
    assert "Without words" not in listing
    assert "News for Amina" in listing
    assert (
        "SUMMARY:Círculo" in client.get(f"/admin/outgoing_mail/inspect/{row.pk}/").content.decode()
    )


def test_the_mails_of_a_development_machine_show_their_calendar_entry(
    submission, write_with, rf, settings
):
    settings.EMAIL_BACKEND = "hub.mail.backends.FileBackend"
    write_with(letter)
    put(submission)
    deliver_due()
    (path,) = Path(settings.EMAIL_FILE_PATH).glob("*.eml")

    (mail,) = views.listing(rf.get("/")).context_data["messages_written"]
    assert views.message(rf.get("/"), path.name).context_data["mail"] == mail
    assert mail["calendar"].split() == CALENDAR.split()
    assert (mail["calendar_method"], mail["attachments"]) == ("CANCEL", ["invitation.ics"])


def test_one_occasion_has_one_writer(monkeypatch):
    monkeypatch.setattr(writers, "_writers", {})
    writers.writer("test.news")(letter)
    with pytest.raises(ValueError, match=r"two writers of test\.news"):
        writers.writer("test.news")(letter)
