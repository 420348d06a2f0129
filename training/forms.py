"""The editor's form of a session: clock times are those of the session's own zone."""

import zoneinfo
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from hub.forms.pages import FormPageAdminForm
from hub.times import NonexistentTime, city_name, instant_of, wall_clock


class ClockTimeField(forms.DateTimeField):
    """A date and a clock time without a zone, so that the form may say which zone it is in.

    Django's own field would read and show it in the editor's zone, whatever the session's is.
    """

    widget = AdminDateTimeInput

    def prepare_value(self, value):
        return value

    def to_python(self, value):
        wall = super().to_python(value)
        return wall.replace(tzinfo=None) if wall else None


REMINDERS = [
    (168, _("A week before")),
    (72, _("Three days before")),
    (24, _("A day before")),
    (3, _("Three hours before")),
    (1, _("An hour before")),
]


class SessionForm(FormPageAdminForm):
    KEEP_MOMENT, KEEP_CLOCK = "moment", "clock"
    CLOCKS = ("starts_at", "ends_at", "opens_at", "closes_at")

    starts_at = ClockTimeField(label=_("Starts"))
    ends_at = ClockTimeField(label=_("Ends"))
    opens_at = ClockTimeField(
        label=_("Registration opens"),
        required=False,
        help_text=_("In the session's time zone. Left empty, as soon as the page is public."),
    )
    closes_at = ClockTimeField(
        label=_("Registration closes"),
        required=False,
        help_text=_("In the session's time zone. Left empty, when the session starts."),
    )
    reminder_hours = forms.TypedMultipleChoiceField(
        label=_("Reminders"),
        help_text=_("By mail, to those who have a seat."),
        choices=REMINDERS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    zone_change = forms.ChoiceField(
        label=_("If you change the zone"),
        required=False,
        choices=[
            ("", _("The zone stays as it is")),
            (KEEP_MOMENT, _("The session stays at the same moment; its clock times change")),
            (KEEP_CLOCK, _("The clock times stay; the session moves to another moment")),
        ],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.saved_zone = self.instance.zone
        self.saved = {name: getattr(self.instance, name) for name in self.CLOCKS}
        for name, instant in self.saved.items():
            if instant and self.saved_zone and name in self.fields:
                self.initial[name] = wall_clock(instant, self.saved_zone)

    def clean(self):
        cleaned = super().clean()
        zone = cleaned.get("zone")
        if zone not in zoneinfo.available_timezones():
            return cleaned
        self._check_capacity(cleaned.get("capacity"))
        walls = {name: cleaned.get(name) for name in self.CLOCKS if name in self.fields}
        keeps_moment = self._zone_alone_changed(zone, walls) and self._chosen_moment(cleaned)
        for name, wall in walls.items():
            if wall is None:
                continue
            if keeps_moment:
                cleaned[name] = self.saved[name]
                continue
            try:
                cleaned[name] = instant_of(wall, zone)
            except NonexistentTime:
                self.add_error(
                    name,
                    _(
                        "Clocks in %(city)s go forward over this time that day: it does not exist. "
                        "Choose a time an hour earlier or later."
                    )
                    % {"city": city_name(zone, "en")},
                )
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error(
                "ends_at", _("The session ends before it starts. Check the date and the time.")
            )
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Registration closes before it opens."))
        if starts and opens and opens >= starts:
            self.add_error("opens_at", _("Registration opens only after the session has started."))
        return cleaned

    def _check_capacity(self, capacity: int | None):
        """Refuses fewer seats than are taken, before anything is saved."""
        if self.instance.pk and (refusal := self.instance.roster.refuses(capacity)):
            self.add_error("capacity", refusal)

    def _zone_alone_changed(self, zone: str, walls: dict) -> bool:
        """Whether a saved session is given another zone while its clock times are left alone."""
        return (
            bool(self.instance.pk)
            and zone != self.saved_zone
            and all(
                wall == _shown(wall_clock(saved, self.saved_zone)) if saved else wall is None
                for saved, wall in ((self.saved[name], wall) for name, wall in walls.items())
            )
        )

    def _chosen_moment(self, cleaned) -> bool:
        choice = cleaned.get("zone_change")
        if not choice:
            self.add_error(
                "zone_change",
                _("You changed the zone but not the times. Say which of the two is meant."),
            )
        return choice != self.KEEP_CLOCK


def _shown(wall: datetime) -> datetime:
    """The clock time as the form shows it and gets it back: to the minute."""
    return wall.replace(second=0, microsecond=0)
