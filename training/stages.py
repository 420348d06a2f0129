"""Where a session is in its life, as a visitor of its page finds it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """What one can do on the page of a session."""

    CANCELLED = "cancelled", _("Cancelled")
    ANNOUNCED = "announced", _("Registration opens later")
    OPEN = "open", _("Open for registration")
    FULL = "full", _("Full, with a waiting list")
    CLOSED = "closed", _("Registration has closed")
    JOINING = "joining", _("Under way")
    OVER = "over", _("This session is over")

    @property
    def refusal(self):
        """Why nobody can register, as a sentence; "" when one can."""
        return _REFUSALS.get(self, "")


_REFUSALS = {
    Stage.CANCELLED: _("This session has been cancelled, so nobody can register for it."),
    Stage.ANNOUNCED: _("Registration for this session has not opened yet."),
    Stage.CLOSED: _("Registration for this session has closed."),
    Stage.JOINING: _("This session has begun, so nobody can register any more."),
    Stage.OVER: _("This session is over, so nobody can register any more."),
}


def stage_of(roster, now=None) -> Stage:
    """The stage of the session ``roster`` is of, at ``now``. No query."""
    now = now or timezone.now()
    if roster.ends_at <= now:
        return Stage.OVER
    if roster.is_cancelled:
        return Stage.CANCELLED
    if roster.starts_at <= now:
        return Stage.JOINING
    if not roster.takes_registrations or (roster.closes_at and roster.closes_at <= now):
        return Stage.CLOSED
    if roster.opens_at and roster.opens_at > now:
        return Stage.ANNOUNCED
    return Stage.FULL if roster.is_full else Stage.OPEN
