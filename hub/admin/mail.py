"""The outbox in the admin: what was sent, what waits, what was given up."""

from collections.abc import Callable

from django.contrib.auth.models import Permission
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from hub.admin.private_search import PrivateSearchMixin
from hub.mail.outbox import send_again
from hub.models import OutgoingMail, Submission, User


class OutboxPermissionPolicy(ModelPermissionPolicy):
    """Mails are written by the hub alone: the "change" permission allows sending again, no more."""

    def user_has_permission(self, user, action):
        if action == "send_again":
            return super().user_has_permission(user, "change")
        return action == "view" and (
            super().user_has_permission(user, "view") or super().user_has_permission(user, "change")
        )

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


def _subject(mail: OutgoingMail) -> str:
    """What a row of the list is called. The worker gives some mails their words when it sends them."""
    return mail.subject or _("Without words so far: %(occasion)s") % {"occasion": mail.occasion}


def mails_about(submission, again: str, label: Callable[[OutgoingMail], str]) -> list[OutgoingMail]:
    """The mails about a submission, the first one first, for hub/admin/mails.html. One query.

    ``label`` says in the list what a mail is about; ``again`` is the name of the pattern at which one
    that was given up is sent again.
    """
    mails = list(submission.mails.order_by("created_at", "pk"))
    for mail in mails:
        mail.about = label(mail)
        if mail.state == OutgoingMail.State.FAILED:
            mail.again_url = reverse(again, args=[submission.pk, mail.pk])
    return mails


def mails_for(user: User):
    """The mails that ``user`` may be shown: none about what is kept from them."""
    mails = OutgoingMail.objects.all()
    for kind in Submission.objects.by_kind():
        mails = mails.exclude(submission__in=kind.kept_from(user).values("pk"))
    return mails


class MailIndexView(PrivateSearchMixin, generic.IndexView):
    def get_base_queryset(self):
        return mails_for(self.request.user)

    def _get_title_column(self, field_name, **kwargs):
        return super()._get_title_column(field_name, accessor=_subject, **kwargs)

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if instance.state == OutgoingMail.State.FAILED and self.user_has_permission("send_again"):
            url = reverse("outgoing_mail:send_again", args=[instance.pk])
            buttons.append(MenuItem(_("Send again"), url=url, icon_name="rotate", priority=30))
        return buttons


class MailInspectView(generic.InspectView):
    def get_object(self, queryset=None):
        return get_object_or_404(mails_for(self.request.user), pk=self.pk)


class SendAgainView(generic.PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_required = "send_again"
    permission_policy = None
    template_name = "hub/admin/send_again.html"
    page_title = _("Send again")
    header_icon = "mail"
    index_url_name = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.mail = get_object_or_404(mails_for(request.user), pk=kwargs["pk"])

    def get_breadcrumbs_items(self):
        listing = {"url": reverse(self.index_url_name), "label": _("Outgoing mail")}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "mail": self.mail,
            "index_url": reverse(self.index_url_name),
        }

    def post(self, request, *args, **kwargs):
        if send_again(self.mail):
            messages.success(request, _("The mail goes out again within a minute."))
        else:
            messages.warning(request, _("This mail is not given up: there is nothing to do."))
        return HttpResponseRedirect(reverse(self.index_url_name))


class OutgoingMailViewSet(ModelViewSet):
    model = OutgoingMail
    name = "outgoing_mail"
    icon = "mail"
    menu_label = _("Outgoing mail")
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "to",
        "reply_to",
        "subject",
        "text",
        "calendar",
        "language",
        "state",
        "attempts",
        "next_attempt_at",
        "created_at",
        "sent_at",
        "last_error",
    ]
    index_view_class = MailIndexView
    inspect_view_class = MailInspectView
    index_template_name = "hub/admin/private_listing.html"
    list_display = [
        "subject",
        "to",
        "state",
        "attempts",
        DateColumn("created_at", label=_("Written"), sort_key="created_at"),
        DateColumn("sent_at", label=_("Sent"), sort_key="sent_at"),
        "last_error",
    ]
    list_filter = ["state", "language"]
    list_per_page = 50
    search_fields = ["subject", "to"]
    ordering = ["-created_at"]

    @property
    def permission_policy(self):
        return OutboxPermissionPolicy(self.model)

    def get_permissions_to_register(self):
        return Permission.objects.filter(
            content_type__app_label=self.app_label,
            content_type__model=self.model_name,
            codename__in=["view_outgoingmail", "change_outgoingmail"],
        )

    def get_urlpatterns(self):
        send_again_view = self.construct_view(SendAgainView)
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
            path("send-again/<int:pk>/", send_again_view, name="send_again"),
        ]
