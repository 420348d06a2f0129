"""What the screens of the funding officer's desk have in common: whose they are, and of which request."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies import ModelPermissionPolicy

from funding.models import GrantRequest
from funding.models.requests import CHANGE, REVIEW
from funding.states import Refused


class DeskPolicy(ModelPermissionPolicy):
    """Officers see and change requests, reviewers see those they are asked about.

    Applicants alone make them, and the clock empties them. Which ones somebody sees is up to
    GrantRequest.objects.visible_to().
    """

    def user_has_permission(self, user, action):
        if action == "change":
            return user.has_perm(CHANGE)
        return action == "view" and (user.has_perm(CHANGE) or user.has_perm(REVIEW))

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


policy = DeskPolicy(GrantRequest)


class RequestView(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A screen about one request, whose number is the address's ``pk``: a 404 to whom it is hidden."""

    permission_policy = policy
    permission_required = "change"
    header_icon = "clipboard-list"

    def requests(self):
        """Those that can be opened here."""
        return GrantRequest.objects.visible_to(self.request.user)

    @cached_property
    def grant_request(self) -> GrantRequest:
        requests = self.requests().select_related("locale", "criteria", "assignee")
        return get_object_or_404(requests, pk=self.kwargs["pk"])

    @property
    def request_url(self) -> str:
        return reverse("grant_requests:request", args=[self.grant_request.pk])

    def get_page_subtitle(self):
        """Which request it is about, in the tab as well: an officer has several open."""
        return self.grant_request.reference

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("grant_requests:index"), "label": _("Grant requests")},
            {"url": self.request_url, "label": self.grant_request.reference},
            {
                "url": "",
                "label": self.get_page_title(),
                "sublabel": self.get_page_subtitle(),
            },
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "grant_request": self.grant_request,
            "request_url": self.request_url,
        }

    @property
    def is_visible(self) -> bool:
        """Whether one may read the request now: what was just done may have changed that."""
        visible = GrantRequest.objects.visible_to(self.request.user)
        return visible.filter(pk=self.grant_request.pk).exists()

    def back(self):
        """To the request, as long as one may read it."""
        return redirect(self.request_url if self.is_visible else "grant_requests:index")


class StepView(RequestView, View):
    """A button on a request: it is done, or a sentence says why it cannot be."""

    http_method_names = ["post"]
    done = ""

    def act(self):
        """Does it. Raises states.Refused."""
        raise NotImplementedError

    def post(self, request, *args, **kwargs):
        try:
            self.act()
        except Refused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, self.done)
        return self.back()


class TimelyView(RequestView):
    """A screen that is of use only while something can be done; else a sentence says that it cannot.

    What is sent from it too late is not lost: the screen is shown again, with the same sentence.
    """

    def refusal(self):
        """Why it is of no use now, as a sentence; "" when it is."""
        return ""

    def get(self, request, *args, **kwargs):
        if why := self.refusal():
            messages.error(request, why)
            return self.back()
        return super().get(request, *args, **kwargs)


class FormStepView(TimelyView, FormView):
    """A form about a request: it is done, or a sentence above it says why it cannot be."""

    template_name = "funding/admin/form.html"
    button = ""
    done = ""

    def act(self, form):
        """Does it. Raises Refused."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            self.act(form)
        except Refused as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return self.back()

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"button": self.button}
