"""Telling those who asked for it of the next session, once."""

from django.core import signing
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from hub.mail import outbox
from hub.models import OutgoingMail

RECEIPT = "training.next_receipt"
NEWS = "training.next_session"

_signer = signing.Signer(salt="training.next-session", sep="~")


def token_for(wish) -> str:
    """What the link to stop carries: a reference, and nothing about a person."""
    return _signer.sign(wish.reference)


def reference_in(token: str) -> str | None:
    """The reference of a link to stop; None if it is forged or altered."""
    try:
        return _signer.unsign(token)
    except signing.BadSignature:
        return None


def acknowledge(wish):
    """Writes to who asked, unless they wait already: an address typed ten times gets one mail."""
    others = type(wish).objects.open().filter(address_key=wish.address_key).exclude(pk=wish.pk)
    if not others.exists():
        outbox.enqueue_later(f"{RECEIPT}:{wish.reference}", occasion=RECEIPT, submission=wish)


def stop(reference: str):
    """Deletes all wishes of the address that one of them, ``reference``, came from."""
    from training.models import Interest

    mine = Interest.objects.filter(reference=reference).values("address_key")
    Interest.objects.filter(address_key__in=mine).delete()


@transaction.atomic
def tell() -> int:
    """Writes to those for whom a session was published since they asked; the number of mails.

    Who asked twice gets one mail about a session. Six queries, and two to write.
    """
    # Inline: a page's model announces what was asked on it.
    from training.models import Interest

    oldest = Interest.objects.filter(told_at=None).aggregate(Min("submit_time"))
    sessions = _announced_since(oldest["submit_time__min"])
    if not sessions:
        return 0
    wishes = list(Interest.objects.open().select_for_update())
    asked_about = _sessions({wish.session_key for wish in wishes} - {None})
    mails, told, seen = [], [], set()
    for wish in wishes:
        fits = _first_that_fits(wish, sessions, asked_about.get(wish.session_key))
        if fits is None:
            continue
        told.append(wish.pk)
        if (wish.address_key, fits.pk) not in seen:
            seen.add((wish.address_key, fits.pk))
            mails.append(
                outbox.unwritten(
                    f"{NEWS}:{wish.reference}:{fits.pk}",
                    NEWS,
                    wish,
                    details={"session": str(fits.translation_key)},
                )
            )
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
    Interest.objects.filter(pk__in=told).update(told_at=timezone.now())
    return len(mails)


def forget_told():
    """Deletes the wishes that have been fulfilled, with their mails, once these are sent."""
    from training.models import Interest

    unsent = [OutgoingMail.State.WAITING, OutgoingMail.State.FAILED]
    told = Interest.objects.exclude(told_at=None)
    told.exclude(pk__in=OutgoingMail.objects.filter(state__in=unsent).values("submission")).delete()


def is_worth_telling(session) -> bool:
    """Whether one can register for ``session``, now or soon."""
    now = timezone.now()
    return (
        session.live
        and session.takes_registrations
        and not session.is_cancelled
        and session.starts_at > now
        and (session.closes_at is None or session.closes_at > now)
    )


def _announced_since(instant) -> list:
    """The sessions first published after ``instant`` that one can register for, soonest first."""
    if instant is None:
        return []
    found = _sources().filter(live=True, first_published_at__gt=instant).order_by("starts_at")
    return [session for session in found if is_worth_telling(session)]


def _sessions(keys: set) -> dict:
    return {session.translation_key: session for session in _sources(translation_key__in=keys)}


def _sources(**conditions):
    """The source pages of sessions, the first there was of each, with their topics."""
    from training.models import SessionPage

    firsts = SessionPage.objects.values("translation_key").annotate(first=Min("pk"))
    sources = SessionPage.objects.filter(Q(pk__in=firsts.values("first")), **conditions)
    return sources.prefetch_related("topic_links")


def _first_that_fits(wish, sessions, asked_about):
    """The soonest of ``sessions`` for a wish; all fit one that named none, or one that is gone."""
    for session in sessions:
        if session.first_published_at <= wish.submit_time:
            continue
        if asked_about is None or _is_alike(session, asked_about):
            return session
    return None


def _is_alike(session, other) -> bool:
    """Whether two source pages share their format or a topic."""
    if session.format_id and session.format_id == other.format_id:
        return True
    return not _topics(session).isdisjoint(_topics(other))


def _topics(session) -> set:
    return {link.topic_id for link in session.topic_links.all()}
