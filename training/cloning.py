"""A session once more: the same, with its form, on another day."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.coreutils import find_available_slug

from hub.models import User
from hub.times import NonexistentTime, instant_of, wall_clock
from training.models import SessionPage

# What belongs to the day on which a session is held, and not to the session.
OF_THE_DAY = {
    "joining_url": "",
    "is_cancelled": False,
    "notice": "",
    "recording_url": "",
    "recording_note": "",
    "write_up": [],
}
CLOCKS = ("starts_at", "ends_at", "opens_at", "closes_at")


def clone(page: SessionPage, user: User) -> SessionPage:
    """A draft with the page's texts and questions, and nobody on its roster."""
    parent = page.get_parent()
    days = _days_ahead(page)
    times = {
        name: _days_later(getattr(page, name), page.zone, days)
        for name in CLOCKS
        if getattr(page, name)
    }
    return page.copy(
        to=parent,
        user=user,
        keep_live=False,
        copy_revisions=False,
        update_attrs={
            **OF_THE_DAY,
            **times,
            "title": _("%(title)s (copy)") % {"title": page.title},
            "slug": find_available_slug(parent, page.slug),
            "go_live_at": None,
            "expire_at": None,
        },
    )


def _days_ahead(page: SessionPage) -> timedelta:
    """How far it is to a week after the session or, if that is over, after today."""
    today = wall_clock(timezone.now(), page.zone).date()
    held = page.own_time.date()
    return max(today, held) + timedelta(days=7) - held


def _days_later(instant: datetime, zone: str, days: timedelta) -> datetime:
    """The same clock time some days later; an hour after it where clocks go forward over it."""
    wall = wall_clock(instant, zone) + days
    try:
        return instant_of(wall, zone)
    except NonexistentTime:
        return instant_of(wall + timedelta(hours=1), zone)
