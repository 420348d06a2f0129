"""Addresses of wagtail-localize that the hub answers itself.

They come before the library's own, under the same names and in an instance of the same URL
namespace, so that links lead here and the rules of hub.translation.guard hold.
"""

from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail_localize.views.submit_translations import SubmitPageTranslationView

from hub.admin import po
from hub.translation import submit


class SubmitView(SubmitPageTranslationView):
    """Leaves a whole section to the worker: the library submits its first page while one waits."""

    def form_valid(self, form):
        if not form.cleaned_data["include_subtree"]:
            return super().form_valid(form)
        section = submit.submit_section(
            self.object.pk, form.cleaned_data["locales"], self.request.user
        )
        messages.success(
            self.request,
            ngettext(
                "%(count)d page is being submitted for translation. "
                "The first page of the admin shows how far it is.",
                "%(count)d pages are being submitted for translation. "
                "The first page of the admin shows how far it is.",
                section.total,
            )
            % {"count": section.total},
        )
        return redirect(
            self.get_success_url()
            or reverse("wagtailadmin_explore", args=[self.object.get_parent().pk])
        )


def urlpatterns():
    addresses = [
        path("submit/page/<int:page_id>/", SubmitView.as_view(), name="submit_page_translation"),
        path(
            "translate/<int:translation_id>/pofile/download/",
            po.download_pofile,
            name="download_pofile",
        ),
        path(
            "translate/<int:translation_id>/pofile/upload/",
            po.upload_pofile,
            name="upload_pofile",
        ),
    ]
    return [
        path(
            "localize/",
            include((addresses, "wagtail_localize"), namespace="hub_localize"),
        )
    ]
