"""What participants said of a session, for the officer."""

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from training import evaluation
from training.admin.desk import DeskView


class OpinionsView(DeskView, TemplateView):
    permission_required = "view"
    page_title = _("What participants thought")
    template_name = "training/admin/opinions.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"evaluations": evaluation.summary(self.roster)}
