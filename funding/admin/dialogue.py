"""Asking the applicant for more."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages

from funding import dialogue
from funding.admin.desk import RequestView
from funding.admin.forms import QuestionForm
from funding.states import Refused
from hub import languages
from hub.admin.writing import new_key


class FormStepView(RequestView, FormView):
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
        return redirect(self.request_url)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "button": self.button,
            "applicant_language": languages.own_name(self.grant_request.locale.language_code),
        }


class AskView(FormStepView):
    page_title = gettext_lazy("Ask for more")
    form_class = QuestionForm
    button = gettext_lazy("Send the question")
    done = gettext_lazy("The question goes out within a minute. The request waits for the answer.")

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
