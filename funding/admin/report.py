"""What a grantee has reported, and the story it becomes."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from funding import reports
from funding.admin.desk import RequestView, StepView
from funding.admin.history import note_view
from funding.models import OutcomeReport
from hub import languages
from hub.tools import tools


class ReportView(RequestView, TemplateView):
    """What came of a campaign. Reading it is written down, as opening the request is."""

    page_title = gettext_lazy("Report")
    template_name = "funding/admin/report.html"

    def get(self, request, *args, **kwargs):
        note_view(self.grant_request, request.user)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        report = OutcomeReport.objects.filter(request=self.grant_request).first()
        if report is None:
            raise Http404
        code = self.grant_request.locale.language_code
        used = [page.title for page in tools(code) if str(page.translation_key) in report.tools]
        return super().get_context_data(**kwargs) | {
            "report": report,
            "answers": reports.questions_and_answers(report),
            "tools": used,
            "story_url": self.story_url(report),
            "report_language": code,
            "report_direction": languages.direction(code),
        }

    def story_url(self, report) -> str:
        """Where the story is edited, for whoever may: officers make its draft, and editors finish it."""
        story = report.story
        if story is None or not story.permissions_for_user(self.request.user).can_edit():
            return ""
        return reverse("wagtailadmin_pages:edit", args=[story.pk])


class MakeStoryView(StepView):
    """The button that makes the draft of a story."""

    done = gettext_lazy("The draft of a story is made. An editor finishes and publishes it.")

    def act(self):
        reports.make_story(self.grant_request, user=self.request.user)
