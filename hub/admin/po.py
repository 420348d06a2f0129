"""PO files out of the hub and in again, in place of wagtail-localize's two views.

The library's upload answers a file without its header, or no file at all, with an error 500, says
"successfully imported" whatever it left out, and leads to the admin's front page.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.views.pages.utils import get_valid_next_url_from_request
from wagtail_localize.models import Translation

from hub.translation import po

# The rest of a file that is not one at all would only be more of the same.
SHOWN = 500


@require_GET
def download_pofile(request, translation_id: int):
    translation = _translation(translation_id)
    name = slugify(translation.source.object_repr) or "page"
    response = HttpResponse(
        po.export_po(translation), content_type="text/x-gettext-translation; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(
        True, f"{name}-{translation.target_locale.language_code}.po"
    )
    return response


@require_POST
def upload_pofile(request, translation_id: int):
    translation = _translation(translation_id)
    back = get_valid_next_url_from_request(request) or translation.get_target_instance_edit_url()
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("Choose a PO file first."))
        return redirect(back)
    # One byte more than is taken, so that a larger file is seen to be one.
    report = po.import_po(translation, upload.read(po.MAX_BYTES + 1), request.user)
    if not report.problems:
        messages.success(request, summary(report))
        return redirect(back)
    return render(
        request,
        "hub/admin/po_report.html",
        {
            "page_title": translation.source.object_repr,
            "page_subtitle": translation.target_locale.get_display_name(),
            "header_title": translation.source.object_repr,
            "header_icon": "doc-full",
            "file_name": upload.name,
            "summary": summary(report),
            "problems": report.problems[:SHOWN],
            "further": len(report.problems[SHOWN:]),
            "back": back,
        },
    )


def summary(report: po.Report) -> str:
    saved = ngettext(
        "%(count)d translation was saved.", "%(count)d translations were saved.", report.saved
    ) % {"count": report.saved}
    unchanged = ngettext(
        "%(count)d was the same as before.", "%(count)d were the same as before.", report.unchanged
    ) % {"count": report.unchanged}
    return f"{saved} {unchanged}" if report.unchanged else saved


def _translation(translation_id: int) -> Translation:
    return get_object_or_404(
        Translation.objects.select_related("source", "target_locale"), pk=translation_id
    )
