"""Asking the applicant for more."""

from django.utils.translation import gettext_lazy

from funding import dialogue
from funding.admin.desk import FormStepView
from funding.admin.forms import QuestionForm
from funding.states import NOT_POSSIBLE, Refused
from hub import languages
from hub.admin.writing import new_key


class AskView(FormStepView):
    page_title = gettext_lazy("Ask for more")
    form_class = QuestionForm
    template_name = "funding/admin/ask.html"
    button = gettext_lazy("Send the question")
    done = gettext_lazy("The question goes out within a minute. The request waits for the answer.")

    def refusal(self):
        return "" if self.grant_request.is_undecided else NOT_POSSIBLE

    def get_initial(self):
        return {"key": new_key()}

    def act(self, form):
        given = form.cleaned_data
        try:
            dialogue.ask(
                self.grant_request, given["text"], user=self.request.user, key=given["key"]
            )
        except Refused:
            # Sent again on purpose, it counts as another question.
            form.data = form.data.copy()
            form.data["key"] = new_key()
            raise

    def get_context_data(self, **kwargs):
        language = languages.own_name(self.grant_request.locale.language_code)
        return super().get_context_data(**kwargs) | {"applicant_language": language}
