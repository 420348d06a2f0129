"""The addresses of the officer's desk."""

from django.contrib.auth.models import Permission
from django.urls import path
from wagtail.admin.viewsets.base import ViewSet

from training.admin.changes import MoveView, StepView
from training.admin.clone import CloneView
from training.admin.history import HistoryView
from training.admin.message import MessageView
from training.admin.opinions import OpinionsView
from training.admin.person import AddView, EditView, LinkView, MailAgainView, RegistrationView
from training.admin.roster import RosterView


class RegistrationDesk(ViewSet):
    """Rosters and the people on them. It is reached from the sessions, so it has no menu item."""

    name = "registrations"
    icon = "group"

    def get_urlpatterns(self):
        view = self.construct_view
        return [
            path("rosters/<int:pk>/", view(RosterView), name="roster"),
            path(
                "rosters/<int:pk>/results/",
                view(RosterView, results_only=True),
                name="roster_results",
            ),
            path("rosters/<int:pk>/step/", view(StepView), name="step"),
            path("rosters/<int:pk>/move/", view(MoveView), name="move"),
            path("rosters/<int:pk>/add/", view(AddView), name="add"),
            path("rosters/<int:pk>/message/", view(MessageView), name="message"),
            path("rosters/<int:pk>/history/", view(HistoryView), name="history"),
            path("rosters/<int:pk>/opinions/", view(OpinionsView), name="opinions"),
            path("sessions/<int:pk>/clone/", view(CloneView), name="clone"),
            path("people/<int:pk>/", view(RegistrationView), name="person"),
            path("people/<int:pk>/edit/", view(EditView), name="edit"),
            path("people/<int:pk>/link/", view(LinkView), name="link"),
            path("people/<int:pk>/mails/<int:mail>/", view(MailAgainView), name="mail_again"),
        ]


def permissions():
    """A register_permissions hook: what a group can be given in the admin."""
    return Permission.objects.filter(
        content_type__app_label="training",
        codename__in=["view_registration", "change_registration"],
    )
