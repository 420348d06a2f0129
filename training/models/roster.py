"""The one list of a session's participants, whatever languages its page is in."""

from datetime import UTC

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

# What the roster copies from the source page, and translations are given with it.
FACTS = (
    "capacity",
    "starts_at",
    "ends_at",
    "zone",
    "opens_at",
    "closes_at",
    "takes_registrations",
    "is_cancelled",
    "joining_url",
    "offer_hours",
    "reminder_hours",
    "retention_months",
)
# A change of these is a change of plans, of which participants are told.
PLANS = ("starts_at", "ends_at", "zone", "is_cancelled", "joining_url")


def default_reminders() -> list[int]:
    """A day and an hour before."""
    return [24, 1]


def facts_of(page) -> dict:
    return {name: getattr(page, name) for name in FACTS}


class Roster(models.Model):
    """A session as those who look after its participants see it: seats, times and what was told.

    What FACTS names is copied from the source page when it is published
    (training.sessions.settle), so that registration, mails and jobs need no page, and a change is
    noticed. ``taken`` counts the seats that somebody holds or is offered; it is changed by
    conditional updates alone (training.seats). ``version`` goes up with every change that
    participants must be told of, at ``changed_at``; each registration remembers the version it knows.
    ``reminded_at`` is the latest moment, as the editor planned it, of which reminders were written.
    """

    session_key = models.UUIDField(unique=True, editable=False)  # the pages' translation_key
    taken = models.PositiveIntegerField(_("seats taken"), default=0)
    capacity = models.PositiveSmallIntegerField(_("seats"), null=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    zone = models.CharField(_("time zone"), max_length=64)
    opens_at = models.DateTimeField(_("registration opens"), null=True)
    closes_at = models.DateTimeField(_("registration closes"), null=True)
    takes_registrations = models.BooleanField(default=True)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    joining_url = models.URLField(_("address to join"), blank=True, max_length=500)
    offer_hours = models.PositiveSmallIntegerField(default=48)
    reminder_hours = models.JSONField(default=list)
    retention_months = models.PositiveSmallIntegerField(default=12)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    thanked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-starts_at"]
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")

    def __str__(self):
        return f"{self.session_key}"

    @cached_property
    def pages(self) -> dict:
        """The session's pages by language code. One query."""
        # Inline: pages refer to their roster.
        from training.models.sessions import SessionPage

        pages = SessionPage.objects.filter(translation_key=self.session_key)
        pages = pages.select_related("locale", "format", "level").order_by("pk")
        return {page.locale.language_code: page for page in pages}

    def page_for(self, language: str):
        """The live page in ``language``, else the first there ever was: the source."""
        page = self.pages.get(language)
        return page if page and page.live else next(iter(self.pages.values()))

    @property
    def source_page(self):
        return next(iter(self.pages.values()))

    @property
    def plans(self) -> dict:
        """What participants know of the session once they are told, as JSON keeps it."""
        plans = {name: getattr(self, name) for name in PLANS}
        times = {name: plans[name].astimezone(UTC).isoformat() for name in ("starts_at", "ends_at")}
        return plans | times

    @property
    def seats_left(self) -> int | None:
        """None when there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    def refuses(self, capacity: int | None) -> str:
        """Why there cannot be only ``capacity`` seats, as a sentence; "" if there can."""
        if capacity is None or capacity >= self.taken:
            return ""
        return _(
            "%(taken)d seats are taken or offered already. Give at least that number, or cancel "
            "registrations first."
        ) % {"taken": self.taken}

    @property
    def seat_map(self) -> list[bool]:
        """For each seat whether it is taken; nothing when there is no limit."""
        return [number < self.taken for number in range(self.capacity or 0)]

    @property
    def is_full(self) -> bool:
        return self.seats_left == 0

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()
