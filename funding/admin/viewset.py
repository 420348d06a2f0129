"""The addresses of the funding officer's desk."""

from django.contrib.auth.models import Permission
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from funding.admin.decide import DecideView, PaymentView, PurposeView
from funding.admin.desk import policy
from funding.admin.dialogue import AskView
from funding.admin.files import FileView
from funding.admin.queue import QueueView
from funding.admin.report import MakeStoryView, ReportView
from funding.admin.request import GrantRequestView
from funding.admin.review import ReviewView
from funding.admin.steps import (
    AssignView,
    ConfidentialView,
    ConflictView,
    LinkView,
    MailAgainView,
    ReviewerView,
    StartView,
    TakeView,
    WithdrawView,
)


class DeskMenuItem(MenuItem):
    def is_shown(self, request):
        return policy.user_has_permission(request.user, "view")


class GrantRequestDesk(ViewSet):
    name = "grant_requests"
    icon = "clipboard-list"
    menu_label = _("Grant requests")
    menu_order = 216
    menu_item_class = DeskMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self):
        view = self.construct_view
        return [
            path("", view(QueueView), name="index"),
            path("results/", view(QueueView, results_only=True), name="index_results"),
            path("<int:pk>/", view(GrantRequestView), name="request"),
            path("<int:pk>/files/<int:file>/", view(FileView), name="file"),
            path("<int:pk>/take/", view(TakeView), name="take"),
            path("<int:pk>/start/", view(StartView), name="start"),
            path("<int:pk>/assign/", view(AssignView), name="assign"),
            path("<int:pk>/reviewer/", view(ReviewerView), name="reviewer"),
            path("<int:pk>/conflict/", view(ConflictView), name="conflict"),
            path("<int:pk>/confidential/", view(ConfidentialView), name="confidential"),
            path("<int:pk>/open/", view(ConfidentialView, is_confidential=False), name="open"),
            path("<int:pk>/link/", view(LinkView), name="link"),
            path("<int:pk>/withdraw/", view(WithdrawView), name="withdraw"),
            path("<int:pk>/review/", view(ReviewView), name="review"),
            path("<int:pk>/ask/", view(AskView), name="ask"),
            path("<int:pk>/decide/<slug:kind>/", view(DecideView), name="decide"),
            path("<int:pk>/purpose/", view(PurposeView), name="purpose"),
            path("<int:pk>/payment/", view(PaymentView), name="payment"),
            path("<int:pk>/report/", view(ReportView), name="report"),
            path("<int:pk>/story/", view(MakeStoryView), name="story"),
            path("<int:pk>/mails/<int:mail>/", view(MailAgainView), name="mail_again"),
        ]


def permissions():
    """A register_permissions hook: what a group can be given in the admin."""
    return Permission.objects.filter(
        content_type__app_label="funding",
        codename__in=["change_grantrequest", "review_grantrequest"],
    )
