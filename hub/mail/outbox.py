"""Mail that is written with what calls for it and sent afterwards.

Two workers never send the same row: a row is taken by a conditional UPDATE, which SQLite and
PostgreSQL both carry out for one of them only. A worker that dies between the mail server's "250"
and the note of it leaves a row that is sent once more when its lease ends; both copies carry the
same Message-ID, by which mail programs show one.
"""

import hashlib
import logging
import re
import smtplib
import uuid
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, Q
from django.utils import timezone

from hub import languages
from hub.logs import without_private
from hub.mail import writers
from hub.mail.render import Rendered
from hub.models.mail import OutgoingMail

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
# Longer than the mail server may keep us waiting (EMAIL_TIMEOUT, several times in one dialogue).
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
KEEP_TEXT = timedelta(days=30)
KEEP_ROWS = timedelta(days=365)

State = OutgoingMail.State
_METHOD = re.compile(r"^METHOD:(\w+)", re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")


def enqueue(
    key: str,
    *,
    to: str,
    mail: Rendered,
    reply_to: str = "",
    headers: dict | None = None,
    submission=None,
    not_before: datetime | None = None,
):
    """Writes a mail to the outbox, in the caller's transaction; a key that is there is left alone.

    It is sent at once, or at ``not_before``; until then replace_waiting() can change it.

    Raises ValueError when an address or a header spans lines.
    """
    headers = headers or {}
    for value in (to, reply_to, *headers, *headers.values()):
        if len(value.splitlines()) > 1 or "\n" in value or "\r" in value:
            raise ValueError("A mail header cannot span lines.")
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(
                key=key,
                to=to,
                reply_to=reply_to,
                subject=_one_line(mail.subject),
                text=mail.text,
                html=mail.html,
                language=mail.language,
                headers=headers,
                submission=submission,
                next_attempt_at=not_before or timezone.now(),
            )
        ],
        ignore_conflicts=True,
    )


def enqueue_later(
    key: str,
    *,
    occasion: str,
    submission,
    to: str = "",
    details: dict | None = None,
    not_before: datetime | None = None,
) -> OutgoingMail:
    """Writes a mail to the outbox whose words the worker finds (hub.mail.writers). One query.

    It goes to the submission's address, or ``to``, in the submission's language. A key that is there is
    left alone.
    """
    mail = unwritten(key, occasion, submission, to, details, not_before)
    OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)
    return mail


def unwritten(key, occasion, submission, to="", details=None, not_before=None) -> OutgoingMail:
    """The row that enqueue_later() writes, for who writes many with ``bulk_create``."""
    return OutgoingMail(
        key=key,
        occasion=occasion,
        details=details or {},
        to=to or submission.address,
        language=languages.locale_codes()[submission.locale_id],
        submission=submission,
        next_attempt_at=not_before or timezone.now(),
    )


def waiting(key_start: str):
    """The mails whose key begins with ``key_start`` and that no worker has touched yet."""
    return OutgoingMail.objects.filter(
        key__startswith=key_start, state=State.WAITING, attempts=0, leased_until=None
    )


def replace_waiting(key_start: str, mail: Rendered) -> bool:
    """Gives a mail that waits to be sent other words; False if there is none."""
    return bool(
        waiting(key_start).update(subject=_one_line(mail.subject), text=mail.text, html=mail.html)
    )


def deliver_due(limit: int = 50) -> int:
    """Sends up to ``limit`` mails that are due, one by one; the number that were sent.

    Stops early when the mail server cannot be reached: the others need not find that out too.
    """
    due = OutgoingMail.objects.filter(_due(timezone.now())).order_by("next_attempt_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:limit])
    if not keys:
        return 0
    sent = 0
    connection = get_connection()
    try:
        for pk in keys:
            mail = _lease(pk)
            if mail is None:
                continue
            try:
                if mail.occasion and not _write(mail):
                    _give_back(mail, state=State.DROPPED)
                    continue
                connection.open()
                compose(mail, connection).send()
            except Exception as error:  # noqa: BLE001 - whatever it is, the row must say so
                _note_failure(mail, error)
                _close(connection)
                if isinstance(error, OSError) and not isinstance(error, _ABOUT_ONE_MAIL):
                    break
            else:
                _note_success(mail)
                sent += 1
    finally:
        _close(connection)
    return sent


# Refusals that say nothing about the next mail; smtplib's errors are all OSErrors.
_ABOUT_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


def _close(connection):
    try:
        connection.close()
    except OSError:
        logger.info("The mail server had already hung up.")


def _due(now: datetime) -> Q:
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Q(state=State.WAITING, next_attempt_at__lte=now) & free


def _lease(pk: int) -> OutgoingMail | None:
    """The row, ours for a while and its attempt counted; None if another worker was faster."""
    now, token = timezone.now(), uuid.uuid4().hex
    taken = OutgoingMail.objects.filter(_due(now), pk=pk).update(
        lease_token=token, leased_until=now + LEASE, attempts=F("attempts") + 1
    )
    return OutgoingMail.objects.get(pk=pk) if taken else None


def _write(mail: OutgoingMail) -> bool:
    """Gives the row its words as they are now; False if the mail is no longer called for."""
    letter = writers.write(mail)
    if letter is None:
        return False
    words = {
        "subject": _one_line(letter.mail.subject),
        "text": letter.mail.text,
        "html": letter.mail.html,
        "language": letter.mail.language,
        "calendar": letter.calendar,
        "reply_to": letter.reply_to,
    }
    for name, value in words.items():
        setattr(mail, name, value)
    # The row is a record, and the words are written anew for each attempt: no private link need stay.
    # Calendars are unfolded, or the half of one would, in the next line.
    kept = {name: without_private(value.replace("\r\n ", "")) for name, value in words.items()}
    OutgoingMail.objects.filter(pk=mail.pk, lease_token=mail.lease_token).update(**kept)
    return True


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:255]


def _give_back(mail: OutgoingMail, **outcome):
    """Notes the outcome, unless the lease ran out and the row is another worker's by now."""
    noted = OutgoingMail.objects.filter(pk=mail.pk, lease_token=mail.lease_token).update(
        lease_token="", leased_until=None, **outcome
    )
    if not noted:
        logger.warning("Mail %s took longer than its lease.", mail.pk)


def _note_success(mail: OutgoingMail):
    _give_back(mail, state=State.SENT, sent_at=timezone.now(), last_error="")


def _note_failure(mail: OutgoingMail, error: Exception):
    reason = describe(error)
    given_up = mail.attempts >= MAX_ATTEMPTS
    log = logger.error if given_up else logger.warning
    log("Mail %s, attempt %s of %s: %s", mail.pk, mail.attempts, MAX_ATTEMPTS, reason)
    _give_back(
        mail,
        state=State.FAILED if given_up else State.WAITING,
        next_attempt_at=timezone.now() + pause_after(mail.attempts),
        last_error=reason,
    )


def pause_after(attempts: int) -> timedelta:
    """1, 3, 9, 27, 81, 243 minutes, then 6 hours: ten attempts are spread over a day."""
    return min(FIRST_PAUSE * 3 ** (attempts - 1), LONGEST_PAUSE)


def describe(error: Exception) -> str:
    """What went wrong, with every email address blotted out; at most 500 characters."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = error.recipients.values()
        said = "; ".join(f"{code} {_text(reply)}" for code, reply in replies)
    elif isinstance(error, smtplib.SMTPResponseException):
        said = f"{error.smtp_code} {_text(error.smtp_error)}"
    elif isinstance(error, OSError):
        said = error.strerror or ""
    else:
        said = ""  # any other message may quote the mail itself
    name = type(error).__name__
    return _ADDRESS.sub("<address>", f"{name}: {said}" if said else name)[:500]


def _text(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return " ".join(text.split())


def message_id(key: str) -> str:
    """The Message-ID of the mail with that key, the same however often it is sent."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.HUB_BASE_URL).hostname}>"


def compose(mail: OutgoingMail, connection=None) -> EmailMultiAlternatives:
    """The row as a message. Django turns international domains into what mail servers read."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
            **mail.headers,
            "Message-ID": message_id(mail.key),
        },
        connection=connection,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        # Once as a way to read the mail, which Gmail and Outlook act on, and once as a file, for
        # programs that know only files.
        method = _METHOD.search(mail.calendar)[1]
        message.attach_alternative(mail.calendar, f"text/calendar; method={method}")
        message.attach("invitation.ics", mail.calendar.encode(), "application/ics")
    return message


def send_again(mail: OutgoingMail) -> bool:
    """Puts a mail that was given up back into the queue; False if it was not given up."""
    return bool(
        OutgoingMail.objects.filter(pk=mail.pk, state=State.FAILED).update(
            state=State.WAITING, attempts=0, next_attempt_at=timezone.now()
        )
    )


def prune():
    """Empties what was sent long ago; rows that belong to no submission go after a year."""
    now = timezone.now()
    OutgoingMail.objects.filter(state=State.SENT, sent_at__lt=now - KEEP_TEXT).exclude(
        text="", html="", calendar=""
    ).update(text="", html="", calendar="")
    OutgoingMail.objects.filter(submission=None, created_at__lt=now - KEEP_ROWS).exclude(
        state=State.WAITING
    ).delete()
