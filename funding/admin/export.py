"""The queue as a spreadsheet: what one may read of it, under the questions in the source language."""

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from funding.models import RequestStatus
from hub import languages
from hub.admin.spreadsheets import LoggedExportMixin
from hub.countries import country_name
from hub.forms.answers import readable
from hub.staff import name_of


class QueueExportMixin(LoggedExportMixin):
    def get_queryset(self):
        requests = super().get_queryset()
        if self.is_export:
            # Bare rows hold nothing to take away.
            return requests.filter(pk__in=self.visible().values("pk"))
        return requests

    def log_export(self, count, file_format):
        user = self.request.user
        log(user, "funding.exported", user=user, data={"count": count, "format": file_format})

    def get_filename(self):
        return f"grant-requests-{timezone.now():%Y-%m-%d}"

    def prepare_export(self):
        self.statuses = {status.value: str(status.label) for status in RequestStatus}
        self.locale_codes = languages.locale_codes()
        return {
            "reference": _("Reference"),
            "goal": _("Goal"),
            "organisation": _("Organisation"),
            "country": _("Country"),
            "language": _("Language"),
            "amount": _("Amount"),
            "currency": _("Currency"),
            "sent": _("Sent (UTC)"),
            "window": _("Window closes"),
            "target": _("To be decided by"),
            "status": _("Status"),
            "status_since": _("Since (UTC)"),
            "assignee": _("Assigned to"),
            "reviews": _("Reviews given"),
            "confidential": _("Confidential"),
        }

    def row(self, item):
        return {
            "reference": item.reference,
            "goal": item.goal,
            "organisation": item.organisation,
            "country": country_name(item.country) if item.country else "",
            "language": languages.own_name(self.locale_codes[item.locale_id]),
            "amount": "" if item.amount is None else item.amount,
            "currency": item.currency,
            "sent": item.sent_at,
            "window": item.window_closes or "",
            "target": item.target_on or "",
            "status": self.statuses[item.status],
            "status_since": item.status_since,
            "assignee": name_of(item.assignee) if item.assignee else "",
            "reviews": sum(review.is_given for review in item.reviews.all()),
            "confidential": readable(item.is_confidential),
        }
