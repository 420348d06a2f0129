"""What the screens of the officer's desk have in common: whose they are, and of which session."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies import ModelPermissionPolicy

from training.models import Registration, Roster, SessionPage

# Who may see people's data, and who may change it: training officers (hub.roles).
policy = ModelPermissionPolicy(Registration)


def may_see_people(user) -> bool:
    return policy.user_has_permission(user, "view")


def roster_url(roster_id: int) -> str:
    return reverse("registrations:roster", args=[roster_id])


def pages_of(rosters) -> dict:
    """The source page of each session by its key; a session whose pages are gone has none. One query."""
    keys = [roster.session_key for roster in rosters]
    found = {}
    for page in SessionPage.objects.filter(translation_key__in=keys).order_by("pk"):
        found.setdefault(page.translation_key, page)
    return found


def seats_in_words(roster: Roster) -> str:
    """How many seats are taken, of how many: "14 of 20", or "14" when there is no limit."""
    if roster.capacity is None:
        return str(roster.taken)
    return _("%(taken)d of %(seats)d") % {"taken": roster.taken, "seats": roster.capacity}


class DeskView(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A screen about one session's people. The address says which: ``pk`` is the roster's."""

    permission_policy = policy
    permission_required = "change"
    header_icon = "group"

    @cached_property
    def roster(self) -> Roster:
        # Without its pages there is nothing left to say of a session.
        keys = SessionPage.objects.values("translation_key")
        return get_object_or_404(Roster.objects.filter(session_key__in=keys), pk=self.kwargs["pk"])

    @property
    def session(self) -> SessionPage:
        return self.roster.source_page

    @property
    def roster_url(self) -> str:
        return roster_url(self.roster.pk)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("sessions:index"), "label": _("Sessions")},
            {"url": self.roster_url, "label": self.session.title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "roster": self.roster,
            "session": self.session,
            "roster_url": self.roster_url,
        }


class PersonView(DeskView):
    """A screen about one registration, whose number is the address's ``pk``."""

    @cached_property
    def registration(self) -> Registration:
        registrations = Registration.objects.select_related("roster", "locale", "added_by")
        return get_object_or_404(registrations, pk=self.kwargs["pk"])

    @property
    def roster(self) -> Roster:
        return self.registration.roster

    @property
    def person_url(self) -> str:
        return reverse("registrations:person", args=[self.registration.pk])

    @property
    def person_name(self) -> str:
        return self.registration.name or self.registration.reference

    def get_breadcrumbs_items(self):
        *above, here = super().get_breadcrumbs_items()
        return [*above, {"url": self.person_url, "label": self.person_name}, here]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "registration": self.registration,
            "person_name": self.person_name,
            "person_url": self.person_url,
        }
