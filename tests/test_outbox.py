"""The outbox: every mail is sent once, or says why not."""

import smtplib
import socketserver
import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.contrib.auth.models import Permission
from django.core import mail as django_mail
from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from hub.mail import outbox
from hub.mail.outbox import deliver_due, enqueue, message_id
from hub.mail.render import Rendered
from hub.models import OutgoingMail, User
from tests import processes

State = OutgoingMail.State


def rendered(subject="We have your message", text="Hello\n", html="<p>Hello</p>", language="en"):
    return Rendered(subject, text, html, language)


def put(key="receipt:1", to="amina@example.org", **mail):
    headers, reply_to = mail.pop("headers", None), mail.pop("reply_to", "")
    enqueue(key, to=to, mail=rendered(**mail), headers=headers, reply_to=reply_to)
    return OutgoingMail.objects.get(key=key)


def make_due():
    OutgoingMail.objects.update(next_attempt_at=timezone.now())


class FailingBackend:
    """Stands in for a mail server that fails in a given way."""

    def __init__(self, error):
        self.error, self.tried = error, []

    def __call__(self, *args, **kwargs):
        return self

    def open(self):
        pass

    def close(self):
        pass

    def send_messages(self, messages):
        self.tried += [message.to[0] for message in messages]
        raise self.error


@pytest.fixture
def failing(monkeypatch):
    def fail_with(error):
        backend = FailingBackend(error)
        monkeypatch.setattr(outbox, "get_connection", backend)
        return backend

    return fail_with


# Sending


@pytest.mark.django_db
def test_a_mail_is_sent_with_what_it_needs():
    row = put(reply_to="desk@example.org", headers={"List-Id": "contact"}, language="es")
    assert deliver_due() == 1

    sent = django_mail.outbox[0]
    assert (sent.to, sent.reply_to, sent.subject) == (
        ["amina@example.org"],
        ["desk@example.org"],
        "We have your message",
    )
    message = sent.message()
    assert message["Message-ID"] == message_id("receipt:1")
    assert message["Content-Language"] == "es"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "contact"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == (State.SENT, 1, "")
    assert row.sent_at is not None
    assert deliver_due() == 0
    assert len(django_mail.outbox) == 1


@pytest.mark.django_db
def test_one_key_is_one_mail():
    put(subject="First")
    put(subject="Second")

    assert OutgoingMail.objects.get().subject == "First"


@pytest.mark.django_db
def test_nothing_is_sent_without_the_transaction_that_wrote_it():
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert deliver_due() == 0


@pytest.mark.django_db
def test_headers_cannot_be_injected():
    row = put(subject="Hello\r\nBcc: all@example.org")
    assert row.subject == "Hello Bcc: all@example.org"
    deliver_due()
    assert django_mail.outbox[0].message()["Bcc"] is None

    for wrong in (
        {"to": "amina@example.org\nBcc: all@example.org"},
        {"reply_to": "a@example.org\r\nBcc: all@example.org"},
        {"headers": {"X-Page": "x\nBcc: all@example.org"}},
        {"headers": {"X-Page\nBcc": "all@example.org"}},
    ):
        with pytest.raises(ValueError, match="cannot span lines"):
            put(key="other", **wrong)


@pytest.mark.django_db
def test_sending_again_after_a_crash_is_recognisable(monkeypatch):
    put()
    monkeypatch.setattr(outbox, "_note_success", lambda mail: None)  # dies after the server's "250"
    deliver_due()
    OutgoingMail.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    monkeypatch.undo()
    deliver_due()

    first, second = (sent.message()["Message-ID"] for sent in django_mail.outbox)
    assert first == second
    assert OutgoingMail.objects.get().state == State.SENT


# Failing


@pytest.mark.django_db
def test_a_failure_is_tried_again_ever_more_slowly_and_given_up_after_ten(failing):
    failing(smtplib.SMTPDataError(451, b"Try later"))
    row = put()
    pauses = []
    for attempt in range(1, 11):
        make_due()
        before = timezone.now()
        assert deliver_due() == 0
        row.refresh_from_db()
        assert row.attempts == attempt
        pauses.append(round((row.next_attempt_at - before) / timedelta(minutes=1)))
        assert row.state == (State.FAILED if attempt == 10 else State.WAITING)

    assert pauses == [1, 3, 9, 27, 81, 243, 360, 360, 360, 360]
    assert row.last_error == "SMTPDataError: 451 Try later"
    make_due()
    assert deliver_due() == 0
    row.refresh_from_db()
    assert row.attempts == 10

    assert outbox.send_again(row)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.WAITING, 0)
    assert not outbox.send_again(row)


@pytest.mark.django_db
def test_a_refused_recipient_does_not_hold_up_the_others(failing):
    refused = smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"<a@example.org> unknown")})
    backend = failing(refused)
    put("1", "a@example.org")
    put("2", "b@example.org")
    deliver_due()

    assert backend.tried == ["a@example.org", "b@example.org"]
    assert OutgoingMail.objects.get(key="1").last_error == (
        "SMTPRecipientsRefused: 550 <<address>> unknown"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error",
    [TimeoutError(110, "Connection timed out"), smtplib.SMTPAuthenticationError(535, b"No")],
)
def test_a_server_that_cannot_be_used_is_not_asked_for_every_mail(failing, error):
    backend = failing(error)
    for number in range(3):
        put(str(number))
    deliver_due()

    assert len(backend.tried) == 1
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 0, 1]


@pytest.mark.django_db
def test_an_error_that_may_quote_the_mail_is_not_repeated(failing):
    failing(ValueError("Amina is stuck"))
    put()
    deliver_due()

    assert OutgoingMail.objects.get().last_error == "ValueError"


# Leases


@pytest.mark.django_db
def test_a_row_that_is_leased_is_left_alone_until_the_lease_ends():
    put()
    assert outbox._lease(OutgoingMail.objects.get().pk) is not None
    assert outbox._lease(OutgoingMail.objects.get().pk) is None
    assert deliver_due() == 0

    OutgoingMail.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert deliver_due() == 1
    assert OutgoingMail.objects.get().attempts == 2


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_does_not_overwrite_the_next_ones_outcome():
    put()
    late = outbox._lease(OutgoingMail.objects.get().pk)
    OutgoingMail.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    deliver_due()
    outbox._note_failure(late, TimeoutError())

    assert OutgoingMail.objects.get().state == State.SENT


@pytest.mark.django_db(transaction=True)
def test_workers_in_several_processes_send_each_mail_once(tmp_path):
    for number in range(40):
        put(f"mail:{number}", f"visitor{number}@example.org")
    deliver = "import django; django.setup(); from hub.mail.outbox import deliver_due; print(deliver_due())"
    workers = [processes.start(["-c", deliver], tmp_path) for _worker in range(3)]
    sent = [int(worker.communicate(timeout=60)[0]) for worker in workers]

    mails = [message_from_bytes(path.read_bytes()) for path in (tmp_path / "mail").glob("*.eml")]
    assert sum(sent) == len(mails) == 40
    assert len({mail["To"] for mail in mails}) == 40


# Backends


@pytest.mark.django_db
def test_the_file_backend_writes_whole_mails_that_parse(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(
        outbox, "get_connection", lambda: get_connection("hub.mail.backends.FileBackend")
    )
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    put(
        to="amina@münchen.example",
        subject="شكرًا: K7F-29QX",
        text="نعم\n.\nFrom here\n",
        html='<p dir="rtl">نعم</p>',
        language="ar",
    )
    assert deliver_due() == 1

    (path,) = (tmp_path / "mail").iterdir()
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert path.suffix == ".eml"
    assert path.stat().st_mode & 0o077 == 0
    assert message["Subject"] == "شكرًا: K7F-29QX"
    assert message["To"] == "amina@xn--mnchen-3ya.example"
    assert message.get_body(("plain",)).get_content().splitlines() == ["نعم", ".", "From here"]
    assert "نعم" in message.get_body(("html",)).get_content()
    assert not message.defects


class SmtpHandler(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs, refusing one recipient; keeps what it was given."""

    def handle(self):
        say = lambda line: self.wfile.write(f"{line}\r\n".encode())  # noqa: E731
        say("220 test")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT" and "nobody" in line:
                say("550 5.1.1 <nobody@example.org>: no such user")
            elif verb == "RCPT":
                self.server.recipients.append(line)
                say("250 ok")
            elif verb == "DATA":
                say("354 go on")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += self.rfile.readline()
                self.server.mails.append(body)
                say("250 ok")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


@pytest.fixture
def smtp_server(settings, monkeypatch):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), SmtpHandler) as server:
        server.recipients, server.mails = [], []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        monkeypatch.setattr(outbox, "get_connection", lambda: get_connection(smtp))
        yield server
        server.shutdown()


@pytest.mark.django_db
def test_a_real_smtp_dialogue_takes_some_and_refuses_others(smtp_server):
    put("1", "nobody@example.org")
    put("2", "amina@münchen.example")
    put("3", "b@example.org")
    assert deliver_due() == 2

    assert smtp_server.recipients == [
        "rcpt TO:<amina@xn--mnchen-3ya.example>",
        "rcpt TO:<b@example.org>",
    ]
    assert message_from_bytes(smtp_server.mails[1])["Message-ID"] == message_id("3")
    refused = OutgoingMail.objects.get(key="1")
    assert refused.state == State.WAITING
    assert refused.last_error == "SMTPRecipientsRefused: 550 5.1.1 <<address>>: no such user"


# Keeping


@pytest.mark.django_db
def test_texts_are_emptied_after_thirty_days_and_stray_rows_go_after_a_year():
    for key in ("new", "old", "ancient", "waiting"):
        put(key)
    now = timezone.now()
    OutgoingMail.objects.exclude(key="waiting").update(state=State.SENT, sent_at=now)
    OutgoingMail.objects.filter(key="old").update(sent_at=now - timedelta(days=31))
    OutgoingMail.objects.filter(key__in=["ancient", "waiting"]).update(
        created_at=now - timedelta(days=366)
    )
    outbox.prune()

    texts = dict(OutgoingMail.objects.values_list("key", "text"))
    assert texts == {"new": "Hello\n", "old": "", "waiting": "Hello\n"}


# The admin


@pytest.mark.django_db
def test_the_outbox_is_read_only_but_for_sending_again(client):
    row = put()
    OutgoingMail.objects.update(state=State.FAILED, attempts=10, last_error="TimeoutError")
    client.force_login(User.objects.create_superuser("root", password="root"))

    listing = client.get("/admin/outgoing_mail/?state=failed").content.decode()
    assert "We have your message" in listing
    assert f"/admin/outgoing_mail/send-again/{row.pk}/" in listing
    assert (
        "We have your message"
        not in client.get("/admin/outgoing_mail/?state=sent").content.decode()
    )
    assert client.get(f"/admin/outgoing_mail/inspect/{row.pk}/").status_code == 200
    for gone in ("new/", f"edit/{row.pk}/", f"delete/{row.pk}/"):
        assert client.get(f"/admin/outgoing_mail/{gone}").status_code == 404

    assert client.get(f"/admin/outgoing_mail/send-again/{row.pk}/").status_code == 200
    client.post(f"/admin/outgoing_mail/send-again/{row.pk}/")
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.WAITING, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("codename", "sees", "sends"), [("view", 200, 302), ("change", 200, 200), ("", 302, 302)]
)
def test_who_may_see_the_outbox_and_who_may_send_again(client, codename, sees, sends):
    row = put()
    user = User.objects.create_user("editor", password="demo")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    if codename:
        user.user_permissions.add(Permission.objects.get(codename=f"{codename}_outgoingmail"))
    client.force_login(user)

    assert client.get("/admin/outgoing_mail/").status_code == sees
    assert client.get(f"/admin/outgoing_mail/send-again/{row.pk}/").status_code == sends
