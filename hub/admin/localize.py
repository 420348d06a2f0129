"""Addresses of wagtail-localize that the hub answers itself.

They come before the library's own, under the same names and in an instance of the same URL
namespace, so that links lead here and the rules of hub.translation.guard hold.
"""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.views.pages.utils import get_valid_next_url_from_request
from wagtail_localize.models import Translation
from wagtail_localize.views.submit_translations import SubmitPageTranslationView
from wagtail_localize.views.update_translations import UpdateTranslationsView

from hub.admin import po
from hub.translation import machine, progress, submit, tracking


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


class SyncView(UpdateTranslationsView):
    """Reads the source again; translates by machine, and publishes what is complete, if asked to.

    The library translates within the transaction of all the rest, which an outage undoes, answers a
    language that the translator does not know with an error 404, and publishes what is incomplete.
    """

    def form_valid(self, form):
        tracking.source_published(self.object.get_source_instance(), self.request.user)
        translations = self.object.translations.filter(enabled=True).select_related(
            "source__locale", "target_locale"
        )
        if form.cleaned_data.pop("use_machine_translation", False):
            for translation in translations:
                _fill(self.request, translation)
        if form.cleaned_data["publish_translations"]:
            form.cleaned_data["publish_translations"] = False
            self._publish(translations)
        return super().form_valid(form)

    def _publish(self, translations):
        unfinished = []
        for translation in translations:
            if progress.is_complete(translation):
                with suppress(ValidationError):  # which the texts concerned then show
                    translation.save_target(user=self.request.user, publish=True)
            else:
                unfinished.append(translation.target_locale.get_display_name())
        if unfinished:
            messages.warning(
                self.request,
                _("Not published, because some texts are not translated yet: %(languages)s")
                % {"languages": ", ".join(unfinished)},
            )


@require_POST
def machine_translate(request, translation_id: int):
    translation = get_object_or_404(
        Translation.objects.select_related("source__locale", "target_locale"), pk=translation_id
    )
    _fill(request, translation)
    return redirect(
        get_valid_next_url_from_request(request) or translation.get_target_instance_edit_url()
    )


def _fill(request, translation: Translation):
    went_well, sentence = machine.fill(translation, request.user)
    (messages.success if went_well else messages.warning)(request, sentence)


def urlpatterns():
    addresses = [
        path("submit/page/<int:page_id>/", SubmitView.as_view(), name="submit_page_translation"),
        path("update/<int:translation_source_id>/", SyncView.as_view(), name="update_translations"),
        path(
            "translate/<int:translation_id>/machine_translate/",
            machine_translate,
            name="machine_translate",
        ),
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
