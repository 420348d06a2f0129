"""What an officer finds on the admin's front page: the next sessions, and what they wait for."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from hub.admin.todo import Todo
from training.admin.desk import may_see_people, pages_of, roster_url, seats_in_words
from training.models import Registration, RegistrationStatus, Roster
from training.stages import stage_of

SHOWN = 6
# Attendance of long ago is not marked any more.
RECENT = timedelta(days=90)
IN_LINE = Count("registrations", filter=Q(registrations__status=RegistrationStatus.WAITING))


def next_rosters():
    """Those of sessions that are not over, the next first, with the length of the line."""
    return (
        Roster.objects.filter(ends_at__gt=timezone.now(), is_cancelled=False)
        .annotate(line=IN_LINE)
        .order_by("starts_at")
    )


class NextSessionsPanel(Component):
    """Leads an officer to the roster they are most likely to want. Two queries."""

    name = "next_sessions"
    template_name = "training/admin/next_sessions.html"
    order = 60

    def get_context_data(self, parent_context):
        rosters = list(next_rosters()[:SHOWN])
        pages = pages_of(rosters)
        return {
            "rows": [
                {
                    "page": pages[roster.session_key],
                    "url": roster_url(roster.pk),
                    "seats": seats_in_words(roster),
                    "line": roster.line,
                    "stage": stage_of(roster).label,
                }
                for roster in rosters
                if roster.session_key in pages
            ]
        }


def add_next_sessions(request, panels):
    """A construct_homepage_panels hook."""
    if may_see_people(request.user):
        panels.append(NextSessionsPanel())


def people_in_line(user):
    """A hub_todo hook: sessions to come that people wait for a seat in."""
    if not may_see_people(user):
        return
    rosters = list(next_rosters().filter(line__gt=0, starts_at__gt=timezone.now())[:SHOWN])
    pages = pages_of(rosters)
    for roster in rosters:
        if page := pages.get(roster.session_key):
            yield Todo(
                ngettext(
                    "%(count)d person waits for a seat in “%(session)s”",
                    "%(count)d people wait for a seat in “%(session)s”",
                    roster.line,
                )
                % {"count": roster.line, "session": page.title},
                url=f"{roster_url(roster.pk)}?status={RegistrationStatus.WAITING}&ordering=line",
            )


def attendance_not_marked(user):
    """A hub_todo hook: sessions that ended lately, with people who neither came nor stayed away."""
    if not may_see_people(user):
        return
    now = timezone.now()
    unmarked = Registration.objects.filter(
        roster=OuterRef("pk"), status=RegistrationStatus.CONFIRMED, anonymised_at=None
    )
    rosters = list(
        Roster.objects.filter(
            Exists(unmarked), ends_at__lte=now, ends_at__gt=now - RECENT, is_cancelled=False
        ).order_by("-starts_at")[:SHOWN]
    )
    pages = pages_of(rosters)
    for roster in rosters:
        if page := pages.get(roster.session_key):
            yield Todo(
                _("Attendance of “%(session)s” is not marked yet") % {"session": page.title},
                url=f"{roster_url(roster.pk)}?status={RegistrationStatus.CONFIRMED}",
            )
