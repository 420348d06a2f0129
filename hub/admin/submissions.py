"""What visitors sent, as staff see it: Wagtail's list of submissions, made one queue across languages."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.contrib.forms import views
from wagtail.contrib.forms.utils import get_forms_for_user
from wagtail.models import Page

from hub.forms.answers import readable
from hub.models import Submission
from hub.spreadsheets import without_formula

IN_USE = gettext_lazy(
    "Visitors have sent something through this page or one below it, so it cannot be deleted yet. "
    "Unpublish it instead; it can be deleted when its submissions are gone."
)


def submissions_for(user, page):
    """What was sent through the pages of this form, in any language, that ``user`` may edit."""
    editable = get_forms_for_user(user).filter(translation_key=page.translation_key)
    submissions = Submission.objects.for_form(page).select_related("locale")
    return submissions.filter(page__in=editable.values("pk"))


class SubmissionsListView(views.SubmissionsListView):
    """The queue of a form. A translator who may edit one language's page sees that language's part."""

    def get_base_queryset(self):
        return submissions_for(self.request.user, self.form_page)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for row in context.get("data_rows", []):
            row["fields"] = [
                readable(cell) if isinstance(cell, bool) else cell for cell in row["fields"]
            ]
        return context

    def get_heading(self, queryset, field):
        return without_formula(super().get_heading(queryset, field))

    def preprocess_field_value(self, field, value, export_format):
        if isinstance(value, bool):
            value = readable(value)
        return without_formula(super().preprocess_field_value(field, value, export_format))


class DeleteSubmissionsView(views.DeleteSubmissionsView):
    """Deletes whatever of the queue the list showed; Wagtail's would leave other languages' behind."""

    def get_queryset(self):
        chosen = self.request.GET.getlist("selected-submissions")
        return submissions_for(self.request.user, self.page).filter(pk__in=chosen)

    def handle_delete(self, submissions):
        """As each kind wants it: a registration's seat goes to the next in line."""
        count = submissions.count()
        for kind in submissions.by_kind():
            kind.erase()
        sentence = ngettext(
            "%(count)d submission has been deleted.",
            "%(count)d submissions have been deleted.",
            count,
        )
        messages.success(self.request, sentence % {"count": count})


# To be registered before Wagtail's own: hooks.register("register_admin_urls", ..., order=-1).
urlpatterns = [
    path("forms/submissions/<int:page_id>/delete/", DeleteSubmissionsView.as_view()),
]


def keep_pages_with_submissions(request, page):
    """A before_delete_page hook: says what stands in the way, where the database would only refuse."""
    if not _have_submissions([page]):
        return None
    messages.error(request, IN_USE)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def keep_pages_with_submissions_in_bulk(request, action_type, pages, action):
    """A before_bulk_action hook: the same for pages that are ticked in a list and deleted at once."""
    if action_type != "delete" or action.model is not Page or not _have_submissions(pages):
        return None
    messages.error(request, IN_USE)
    return redirect(get_valid_next_url_from_request(request) or "wagtailadmin_explore_root")


def _have_submissions(pages) -> bool:
    return any(
        Submission.objects.filter(page__in=page.get_descendants(inclusive=True)).exists()
        for page in pages
    )
