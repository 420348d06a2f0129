"""Instants shown in named zones, in the reader's language."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global


@dataclass(frozen=True)
class ZonedTime:
    """One instant on the clocks of one place. ``other_day`` says that its date there differs.

    ``time`` is naive: the template filters would turn an aware one back into UTC.
    """

    zone: str
    city: str
    time: datetime
    other_day: bool


@cache
def city_name(zone: str, language: str) -> str:
    """The zone's city as the language writes it (names from CLDR): "Nairobi", "نيروبي"."""
    if zone == "UTC":
        return "UTC"
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    # CLDR files a city under the first name its zone had, "Asia/Katmandu", where
    # babel.dates.get_timezone_location does not look.
    newer_names = get_global("zone_aliases")
    newest = newer_names.get(zone, zone)
    older = (name for name, new in newer_names.items() if new == newest)
    for name in (zone, newest, *older):
        if city := locale.time_zones.get(name, {}).get("city"):
            return city
    return newest.rpartition("/")[2].replace("_", " ")


def in_zones(instant: datetime, zones: list[str], own_zone: str, language: str) -> list[ZonedTime]:
    """The instant in its own zone and in each of ``zones``, earliest clock first.

    A zone is shown once, and zones that agree at that instant are both shown: two people who each
    look for their own city must both find it.
    """
    own_date = instant.astimezone(ZoneInfo(own_zone)).date()
    rows = []
    for zone in dict.fromkeys([own_zone, *zones]):
        time = wall_clock(instant, zone)
        rows.append(ZonedTime(zone, city_name(zone, language), time, time.date() != own_date))
    return sorted(rows, key=lambda row: (row.time, row.city))


def wall_clock(instant: datetime, zone: str) -> datetime:
    """What a clock in ``zone`` shows at ``instant``, as a naive datetime."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def wall_clock_iso(instant: datetime, zone: str) -> str:
    """The instant in ISO 8601 with the offset of ``zone``: 2022-03-22T10:30:00-04:00."""
    return instant.astimezone(ZoneInfo(zone)).isoformat()


class NonexistentTime(ValueError):
    """A wall-clock time that is skipped when clocks go forward."""


def instant_of(wall: datetime, zone: str) -> datetime:
    """The instant, in UTC, at which clocks in ``zone`` show the naive datetime ``wall``.

    When clocks go back, an hour happens twice; the first of the two is meant. Raises
    NonexistentTime when clocks go forward over ``wall``.
    """
    instant = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if wall_clock(instant, zone) != wall:
        raise NonexistentTime(f"{wall} does not exist in {zone}")
    return instant
