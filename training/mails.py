"""Mails to participants, each written just before it is sent (hub.mail.writers).

Only what the hub and its editors wrote stands in them. Anybody can register anybody's address, so a
mail that repeated the name or the answers that were typed would carry a stranger's words, and links,
to people who never asked for them. The way to join goes to those alone who have a seat.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hub import languages
from hub.addresses import absolute
from hub.forms.links import address_of
from hub.mail.addresses import address_key
from hub.mail.render import Rendered, render
from hub.mail.texts import words_for
from hub.mail.words import filled
from hub.mail.writers import Letter, writer
from hub.models.site import display_zones
from hub.times import city_name, wall_clock
from training import (
    calendar,
    news_mails,  # noqa: F401 - its writers register by being imported
    stuck_mails,  # noqa: F401 - likewise
)
from training.models import Registration, RegistrationStatus, Roster

CONFIRMED, WAITING = RegistrationStatus.CONFIRMED, RegistrationStatus.WAITING
OFFERED, NO_SHOW = RegistrationStatus.OFFERED, RegistrationStatus.NO_SHOW


@dataclass(frozen=True)
class Situation:
    """How things stand with a session and one person's part in it, as a mail tells it.

    ``joining`` says whether the way in belongs into the mail; ``links`` are pairs of words and
    addresses.
    """

    session: str
    starts_at: datetime
    zone: str
    link: str
    reference: str
    status: str = ""
    joining: bool = False
    joining_url: str = ""
    joining_note: str = ""
    notice: str = ""
    shows_times: bool = False
    links: list[tuple[str, str]] = field(default_factory=list)
    remark: str = ""


def compose(words: tuple[str, str], situation: Situation, language: str, **values: str) -> Rendered:
    """The mail that says ``words``, subject and message, of a situation.

    ``values`` are the occasion's own placeholders.
    """
    with translation.override(language):
        values = {
            "session": " ".join(situation.session.split()),
            "date": moment(situation.starts_at, situation.zone, language),
            "link": situation.link,
            "hub": settings.WAGTAIL_SITE_NAME,
            **values,
        }
        context = {
            **filled(words, values),
            "situation": situation,
            "zones": display_zones(),
            "own_time": wall_clock(situation.starts_at, situation.zone),
        }
    return render("training_letter", context, language)


def moment(instant: datetime, zone: str, language: str) -> str:
    """An instant on the session's own clock: "22 March 2022, 10:30 (New York)"."""
    clock = wall_clock(instant, zone)
    return _("%(day)s, %(time)s (%(city)s)") % {
        "day": date_format(clock, "DATE_FORMAT"),
        "time": date_format(clock, "H:i"),
        "city": city_name(zone, language),
    }


# The occasions that tell of a session to come, and those of them that go to people with a seat too.
_WITH_TIMES = {"confirmed", "waiting", "offered", "again", "changed", "reinstated", "reminder"}
_WITH_WAY_IN = _WITH_TIMES - {"waiting", "offered"}


def sample(occasion: str, words: tuple[str, str], language: str) -> Rendered:
    """A mail of ``occasion`` as its preview shows it: about no session and nobody there is."""
    now = timezone.now()
    joining = occasion in _WITH_WAY_IN
    with translation.override(language):
        link = absolute(reverse("registration", args=["1-example"]))
        situation = Situation(
            session=_("Plan your first campaign"),
            starts_at=now + timedelta(days=7),
            zone="Africa/Nairobi",
            link=link,
            reference="K7F-29QX",
            shows_times=occasion in _WITH_TIMES,
            joining=joining,
            joining_url="https://meet.example.org/campaign" if joining else "",
            links=[(_("See, change or cancel your registration"), link)],
        )
        until = moment(now + timedelta(days=2), situation.zone, language)
    return compose(words, situation, language, place="3", until=until)


# What the mails have in common

Writer = Callable[[Registration, dict], Letter | None]


def letter(name: str):
    """Declares what writes the mails "training.<name>", given a registration and the mail's details.

    The registration's language is active meanwhile.
    """

    def declare(function: Writer) -> Writer:
        @writer(f"training.{name}")
        def write(mail):
            found = Registration.objects.select_related("roster").filter(
                pk=mail.submission_id, anonymised_at=None
            )
            registration = found.first()
            if registration is None or _is_astray(mail, registration, name):
                return None
            with translation.override(_language(registration)):
                return function(registration, mail.details)

        return function

    return declare


def _is_astray(mail, registration: Registration, name: str) -> bool:
    """Whether the mail was meant for an address that is no longer the registration's.

    It would carry the link of now to where the links of before were made worthless.
    """
    return name != "moved_address" and address_key(mail.to) != registration.address_key


def _language(registration: Registration) -> str:
    return languages.locale_codes()[registration.locale_id]


def _is_ahead(roster: Roster) -> bool:
    return not roster.is_cancelled and roster.starts_at > timezone.now()


def _situation(registration: Registration, **further) -> Situation:
    roster = registration.roster
    page = roster.page_for(_language(registration))
    # The one place where a mail is given the way in.
    joining = further.pop("joining", False) and registration.status == CONFIRMED
    return Situation(
        session=page.title,
        starts_at=roster.starts_at,
        zone=roster.zone,
        link="" if further.pop("is_stranger", False) else address_of(registration, "registration"),
        reference=registration.reference,
        joining=joining,
        joining_url=roster.joining_url if joining else "",
        joining_note=page.joining_note if joining else "",
        **further,
    )


def _write(registration: Registration, name: str, situation: Situation, **values) -> Rendered:
    language = _language(registration)
    return compose(words_for(f"training.{name}", language), situation, language, **values)


def _own_page(registration: Registration) -> list[tuple[str, str]]:
    words = _("See, change or cancel your registration")
    return [(words, address_of(registration, "registration"))]


def _session_page(registration: Registration) -> list[tuple[str, str]]:
    page = registration.roster.page_for(_language(registration))
    return [(_("To the session’s page"), absolute(page.url))]


def _plans(registration: Registration, **further) -> Situation:
    """The situation of somebody who has a part in a session to come: times and the way in."""
    further.setdefault("links", _own_page(registration))
    return _situation(registration, joining=True, shows_times=True, **further)


# Coming in


@letter("confirmed")
def confirmed(registration, details):
    if registration.status != CONFIRMED or not _is_ahead(registration.roster):
        return None
    situation = _plans(registration, remark=_not_you())
    mail = _write(registration, "confirmed", situation)
    return Letter(mail, calendar.invitation(registration))


@letter("waiting")
def waiting(registration, details):
    if registration.status != WAITING or not _is_ahead(registration.roster):
        return None
    situation = _plans(registration, remark=_not_you())
    place = str(registration.place_in_line())
    return Letter(_write(registration, "waiting", situation, place=place))


@letter("again")
def again(registration, details):
    if not registration.is_active or not _is_ahead(registration.roster):
        return None
    status = str(registration.get_status_display())
    remark = _("If it was not you, you need do nothing.")
    situation = _plans(registration, status=status, remark=remark)
    return Letter(_write(registration, "again", situation))


@letter("link")
def link(registration, details):
    status = str(registration.get_status_display())
    situation = _situation(registration, status=status, links=_own_page(registration))
    return Letter(_write(registration, "link", situation))


@letter("moved_address")
def moved_address(registration, details):
    """To the address of before, which is no longer the registration's: so without its link."""
    situation = _situation(registration, is_stranger=True)
    return Letter(_write(registration, "moved_address", situation))


def _not_you() -> str:
    return _(
        "If you have not registered, somebody has typed your address by mistake. Cancel the "
        "registration with the link in this mail, and you hear no more of it."
    )


# Seats that change hands


@letter("offered")
def offered(registration, details):
    expires_at = registration.offer_expires_at
    if registration.status != OFFERED or registration.roster.is_cancelled:
        return None
    if expires_at is None or expires_at <= timezone.now():
        return None
    accept = (_("Accept or decline the seat"), address_of(registration, "registration"))
    situation = _plans(registration, links=[accept])
    until = moment(expires_at, registration.roster.zone, _language(registration))
    return Letter(_write(registration, "offered", situation, until=until))


@letter("declined")
def declined(registration, details):
    if registration.status != RegistrationStatus.DECLINED:
        return None
    situation = _situation(registration, links=_session_page(registration))
    return Letter(_write(registration, "declined", situation))


@letter("cancelled")
def cancelled(registration, details):
    if registration.status != RegistrationStatus.CANCELLED:
        return None
    situation = _situation(registration, links=_session_page(registration))
    # Giving up a seat raises the number; who was only in line has no entry to take out.
    entry = calendar.withdrawal(registration) if registration.sequence else ""
    return Letter(_write(registration, "cancelled", situation), entry)


# Changes of plans


@letter("changed")
def changed(registration, details):
    return _news(registration, "changed")


@letter("reinstated")
def reinstated(registration, details):
    return _news(registration, "reinstated")


def _news(registration: Registration, name: str) -> Letter | None:
    if not registration.is_active or not _is_ahead(registration.roster):
        return None
    situation = _plans(registration, notice=_notice(registration))
    mail = _write(registration, name, situation)
    has_seat = registration.status == CONFIRMED
    return Letter(mail, calendar.invitation(registration) if has_seat else "")


@letter("session_cancelled")
def session_cancelled(registration, details):
    roster = registration.roster
    if not registration.is_active or not roster.is_cancelled or roster.is_over:
        return None
    session = _session_page(registration)
    situation = _situation(registration, links=session, notice=_notice(registration))
    mail = _write(registration, "session_cancelled", situation)
    has_seat = registration.status == CONFIRMED
    return Letter(mail, calendar.withdrawal(registration) if has_seat else "")


def _notice(registration: Registration) -> str:
    return registration.roster.page_for(_language(registration)).notice


# Before and after


@letter("reminder")
def reminder(registration, details):
    if registration.status != CONFIRMED or not _is_ahead(registration.roster):
        return None
    situation = _plans(registration)
    return Letter(_write(registration, "reminder", situation))


@letter("thanks")
def thanks(registration, details):
    came = registration.status in {CONFIRMED, RegistrationStatus.ATTENDED}
    if not (came or registration.status == NO_SHOW) or registration.roster.is_cancelled:
        return None
    situation = _situation(registration, links=_afterwards(registration, came))
    return Letter(_write(registration, "thanks" if came else "missed", situation))


def _afterwards(registration: Registration, came: bool) -> list[tuple[str, str]]:
    page = registration.roster.page_for(_language(registration))
    found = []
    if page.recording_url or page.write_up:
        found.append((_("Recording and summary"), f"{absolute(page.url)}#afterwards"))
    if came and not registration.evaluated_at:
        evaluation = address_of(registration, "registration_evaluation")
        found.append((_("Tell us what you think of the session"), evaluation))
    if registration.status == RegistrationStatus.ATTENDED:
        certificate = address_of(registration, "registration_certificate")
        found.append((_("Your certificate of attendance"), certificate))
    return found


# From a member of staff


@letter("message")
def message(registration, details):
    """The words of somebody on the staff, to a group of participants."""
    situation = _situation(registration, links=_own_page(registration))
    words = (details["subject"], details["body"])
    return Letter(compose(words, situation, _language(registration)))
