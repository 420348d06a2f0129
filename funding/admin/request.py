"""One request: what was asked for, what was said about it, and what can be done with it."""

from django.views.generic import TemplateView

from funding.admin.actions import actions_for
from funding.admin.desk import RequestView


class GrantRequestView(RequestView, TemplateView):
    permission_required = "view"
    template_name = "funding/admin/request.html"

    def get_page_title(self):
        return self.grant_request.reference

    def get_breadcrumbs_items(self):
        *above, _request, here = super().get_breadcrumbs_items()
        return [*above, here]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "actions": actions_for(self.grant_request, self.request.user),
        }
