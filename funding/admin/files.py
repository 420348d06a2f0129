"""The files of a request, for whoever may read it."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.log_actions import log

from funding.admin.desk import RequestView
from hub.private_files import Withheld, response_for


class FileView(RequestView, View):
    """One file, as a download that is written down; or a sentence that says why there is none."""

    permission_required = "view"
    http_method_names = ["get"]

    def get_page_title(self):
        return _("File")

    def get(self, request, *args, **kwargs):
        attachment = get_object_or_404(self.grant_request.attachments, pk=kwargs["file"])
        try:
            response = response_for(attachment)
        except Withheld as refusal:
            messages.error(request, refusal.message)
            return self.back()
        # Its name may be about a person, and the log stays when they are forgotten.
        log(self.grant_request, "funding.downloaded", user=request.user)
        return response
