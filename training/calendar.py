"""A registration as an entry in its owner's calendar (iCalendar: RFC 5545, RFC 5546).

The entry keeps its UID for as long as the registration lives; one with a higher SEQUENCE replaces
what the calendar has, and METHOD:CANCEL takes it out. The way to join is in it for those alone who
have a seat.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import cache
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

from hub import languages
from hub.addresses import absolute
from hub.forms.links import address_of
from hub.mail.addresses import address_key
from training.models.registration import Registration, RegistrationStatus

PRODUCT = "-//Advocacy Hub//Training//EN"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


def invitation(registration: Registration) -> str:
    """Puts the session into the calendar of somebody with a seat, or brings what is there up to date."""
    return _calendar(registration, "REQUEST").to_ical().decode()


def withdrawal(registration: Registration) -> str:
    """Takes the session out of the calendar again."""
    return _calendar(registration, "CANCEL").to_ical().decode()


def calendar_file(registration: Registration) -> bytes:
    """The session as a file that a person opens by hand, whatever the calendar program."""
    return _calendar(registration, "PUBLISH").to_ical()


def _calendar(registration: Registration, method: str) -> Calendar:
    roster = registration.roster
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if roster.zone != "UTC":
        calendar.add_component(_zone(roster.zone, roster.starts_at.year))
    with translation.override(languages.locale_codes()[registration.locale_id]):
        calendar.add_component(_event(registration, method))
    return calendar


@cache
def _zone(name: str, year: int) -> Timezone:
    """The rules of a zone from the year before to the one after, for programs that lack them.

    Each begins at what clocks showed that had not changed yet (RFC 5545, 3.6.5); icalendar's own
    Timezone.from_tzid() has summer time begin an hour late. Slow, therefore remembered.
    """
    rules = Timezone()
    rules.add("tzid", name)
    zone = ZoneInfo(name)
    begins = datetime(year - 1, 1, 1, tzinfo=UTC)
    rules.add_component(_rule(zone, begins, begins))
    for hour in range(3 * 366 * 24):
        moment = begins + timedelta(hours=hour)
        before = moment - timedelta(seconds=1)
        if moment.astimezone(zone).utcoffset() != before.astimezone(zone).utcoffset():
            rules.add_component(_rule(zone, before, moment))
    return rules


def _rule(zone: ZoneInfo, before: datetime, moment: datetime):
    """What holds in the zone from ``moment`` on; ``before`` lies just before it."""
    old, new = before.astimezone(zone), moment.astimezone(zone)
    rule = TimezoneDaylight() if new.dst() else TimezoneStandard()
    rule.add("dtstart", (moment + old.utcoffset()).replace(tzinfo=None))
    rule.add("tzname", new.tzname())
    rule.add("tzoffsetfrom", old.utcoffset())
    rule.add("tzoffsetto", new.utcoffset())
    return rule


def _event(registration: Registration, method: str) -> Event:
    roster = registration.roster
    page = roster.page_for(languages.locale_codes()[registration.locale_id])
    event = Event()
    event.add("uid", uid(registration))
    event.add("sequence", registration.sequence)
    event.add("dtstamp", timezone.now().astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", _in_zone(roster.starts_at, roster.zone))
    event.add("dtend", _in_zone(roster.ends_at, roster.zone))
    event.add("summary", _clean(page.title))
    event.add("organizer", _organizer())
    if method != "PUBLISH":
        event["ATTENDEE"] = _attendee(registration)
    cancelled = method == "CANCEL" or roster.is_cancelled
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if not cancelled:
        _say_how_to_join(event, registration, page)
    return event


def _say_how_to_join(event: Event, registration: Registration, page):
    """The description, with the way in if there is a seat; the entry's address is the public page."""
    has_seat = registration.status == RegistrationStatus.CONFIRMED
    joining = registration.roster.joining_url if has_seat else ""
    note = page.joining_note if has_seat else ""
    own_page = _("See, change or cancel your registration:")
    lines = [joining, note, f"{own_page}\n{address_of(registration, 'registration')}"]
    event.add("description", _clean("\n\n".join(line for line in lines if line)))
    event.add("url", absolute(page.url))
    if joining:
        event.add("location", _clean(joining))


def uid(registration: Registration) -> str:
    return f"{registration.reference}@{urlsplit(settings.HUB_BASE_URL).hostname}"


def _in_zone(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(UTC if zone == "UTC" else ZoneInfo(zone)).replace(microsecond=0)


def _organizer() -> vCalAddress:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(_mailto(address))
    organizer.params["CN"] = vText(_clean(name or settings.WAGTAIL_SITE_NAME))
    return organizer


def _attendee(registration: Registration) -> vCalAddress:
    """The address alone: the name is what anybody may have typed who knows the address."""
    attendee = vCalAddress(_mailto(address_key(registration.address)))
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    return attendee


def _mailto(address: str) -> str:
    return f"mailto:{quote(address, safe='@+')}"


def _clean(text: str) -> str:
    """Without what no calendar may contain: icalendar escapes line breaks and leaves controls."""
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n"))
