"""What is held about a person, for staff who are asked to show or erase it.

The address is only ever sent by POST: addresses of pages end up in histories and logs.
"""

import json

from django import forms
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from hub import privacy
from hub.forms.builder import email_field

PERMISSION = "hub.erase_person"


class PersonForm(forms.Form):
    address = email_field(label=_("Email"), help_text=_("The address the person wrote from."))


@method_decorator([never_cache, sensitive_post_parameters("address")], name="dispatch")
class PersonView(WagtailAdminTemplateMixin, TemplateView):
    """Asks for an address, shows what is held about it, hands it out, and erases it if confirmed."""

    template_name = "hub/admin/person.html"
    page_title = _("Personal data")
    header_icon = "user"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return {"form": PersonForm(), **super().get_context_data(**kwargs)}

    def post(self, request, *args, **kwargs):
        form = PersonForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        address = form.cleaned_data["address"]
        match request.POST.get("action"):
            case "export":
                return self.export(address)
            case "erase":
                return self.erase(address)
            case action:
                holding = privacy.find(address, self.request.user)
                self.note("hub.person_looked_up", address)
                asks = action == "ask" and bool(holding)
                return self.shown(form, holding, asks=asks)

    def export(self, address: str):
        """Everything in one file, which says what it is whatever program opens it."""
        content = json.dumps(
            privacy.as_data(privacy.find(address, self.request.user)),
            cls=DjangoJSONEncoder,
            ensure_ascii=False,
            indent=2,
        )
        self.note("hub.person_exported", address)
        response = HttpResponse(content, content_type="application/json; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="personal-data.json"'
        return response

    def erase(self, address: str):
        holding = privacy.erase(address, self.request.user)
        if holding:
            self.note("hub.person_erased", address)
            messages.success(
                self.request,
                gettext("What you may see of this address is erased.")
                if holding.withheld
                else gettext("Everything that was held about this address is erased."),
            )
        left = privacy.find(address, self.request.user)
        return self.shown(PersonForm({"address": address}), left)

    def shown(self, form, holding, **context):
        return self.render_to_response(
            self.get_context_data(form=form, holding=holding, pages=by_page(holding), **context)
        )

    def note(self, action: str, address: str):
        """Keeps who did it, and about whom without saying so."""
        user = self.request.user
        log(user, action, user=user, data={"person": privacy.pseudonym(address)})


def by_page(holding) -> dict:
    """The submissions of a holding by the title of the page they were sent from."""
    pages: dict[str, list] = {}
    for submission in holding.submissions:
        pages.setdefault(submission.page.title, []).append(submission)
    return pages


urlpatterns = [path("personal-data/", PersonView.as_view(), name="hub_personal_data")]


def permission_to_register():
    return Permission.objects.filter(content_type__app_label="hub", codename="erase_person")


class PersonMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(PERMISSION)


def menu_item():
    return PersonMenuItem(
        _("Personal data"), reverse("hub_personal_data"), icon_name="user", order=900
    )


def register_log_actions(actions):
    """A register_log_actions hook."""
    for action, label in (
        ("hub.person_looked_up", _("Looked up what is held about a person")),
        ("hub.person_exported", _("Exported what is held about a person")),
        ("hub.person_erased", _("Erased what was held about a person")),
    ):
        actions.register_action(action, label, label)
