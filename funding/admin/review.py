"""Reading a request against its criteria, and saying what one thinks."""

from django.utils.translation import get_language, gettext_lazy

from funding import reviews
from funding.admin.desk import FormStepView
from funding.admin.forms import ReviewForm
from funding.criteria import in_language


class ReviewView(FormStepView):
    """A reviewer's own page; what the others think is not on it."""

    permission_required = "view"
    page_title = gettext_lazy("Review")
    template_name = "funding/admin/review.html"
    form_class = ReviewForm
    button = gettext_lazy("Give the review")
    done = gettext_lazy("Thank you. Your review is given, and you can see the others'.")

    def refusal(self):
        return reviews.refusal(self.grant_request, self.request.user)

    def get_form_kwargs(self):
        version = in_language(self.grant_request.criteria, get_language())
        return super().get_form_kwargs() | {"criteria": version.scored}

    def act(self, form):
        comment = form.cleaned_data["comment"]
        reviews.give(self.grant_request, self.request.user, form.scores, comment)
