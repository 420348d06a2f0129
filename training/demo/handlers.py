"""What the demo's pages of this app say beyond plain fields."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from hub.times import instant_of
from training.demo.people import register_people
from training.models import Format, Level


def session_times(loader, page, table):
    """The start is a clock time in the session's zone, on a fixed date or some days from today."""
    zone = table["zone"]
    if "start" in table:
        wall = datetime.fromisoformat(table.pop("start"))
    else:
        today = timezone.now().astimezone(ZoneInfo(zone)).date()
        clock = datetime.strptime(table.pop("start_time"), "%H:%M").time()
        wall = datetime.combine(today + timedelta(days=table.pop("start_in_days")), clock)
    page.starts_at = instant_of(wall, zone)
    page.ends_at = page.starts_at + timedelta(minutes=table.pop("minutes"))
    page.format = loader.term(Format, table.pop("format"))
    if "level" in table:
        page.level = loader.term(Level, table.pop("level"))


HANDLERS = {"before:training.SessionPage": session_times, "people": register_people}
VOCABULARIES = {"levels": Level, "formats": Format}
