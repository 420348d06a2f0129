"""The button "Clone": a session as a draft, for another day."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button

from hub.models.forms import is_source_page
from training.cloning import clone
from training.models import SessionPage


def may_clone(page: SessionPage, user) -> bool:
    """Pages begin in the source language, so that translations are not cloned."""
    return is_source_page(page) and page.get_parent().permissions_for_user(user).can_add_subpage()


class CloneView(WagtailAdminTemplateMixin, TemplateView):
    page_title = gettext_lazy("Clone")
    header_icon = "copy"
    template_name = "training/admin/clone.html"

    @cached_property
    def session(self) -> SessionPage:
        return get_object_or_404(SessionPage, pk=self.kwargs["pk"])

    def dispatch(self, request, *args, **kwargs):
        if not may_clone(self.session, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("sessions:index"), "label": _("Sessions")},
            {"url": "", "label": self.page_title, "sublabel": self.session.title},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"session": self.session}

    def post(self, request, *args, **kwargs):
        copy = clone(self.session, request.user)
        messages.success(
            request, _("Here is the new session, as a draft. Check its title, date and seats.")
        )
        return redirect("wagtailadmin_pages:edit", copy.pk)


def clone_button(page, user, next_url=None, view_name=None):
    """A register_page_header_buttons hook."""
    if isinstance(page, SessionPage) and may_clone(page, user):
        yield Button(
            _("Clone for another day"),
            reverse("registrations:clone", args=[page.pk]),
            icon_name="copy",
            priority=35,
        )
