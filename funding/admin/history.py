"""What happens to requests, as it stands in the log."""

from datetime import timedelta
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from funding.models import GrantRequest
from hub.admin.history import formatter
from hub.models import OutgoingMail, User

# By action: the label in filters, and the sentence, which may quote what was noted with it.
ACTIONS = {
    "funding.sent": (_("Send a request"), _("Sent")),
    "funding.viewed": (_("Open a request"), _("Opened")),
    "funding.downloaded": (_("Download a file of a request"), _("Downloaded a file")),
    "funding.exported": (
        _("Export grant requests"),
        _("Exported as %(format)s (grant requests: %(count)s)"),
    ),
    "funding.taken": (_("Take a request"), _("Took it")),
    "funding.assigned": (_("Assign a request"), _("Assigned to %(assignee)s")),
    "funding.conflict": (
        _("Declare a conflict of interest"),
        _("Declared a conflict of interest"),
    ),
    "funding.confidential": (_("Make a request confidential"), _("Made confidential")),
    "funding.opened": (
        _("Lift the confidentiality of a request"),
        _("No longer confidential"),
    ),
    "funding.link": (_("Send a new private link"), _("Sent a new private link")),
    "funding.reading": (_("Read a request"), _("Reading has begun, or goes on")),
    "funding.question": (_("Ask for more"), _("Asked for more")),
    "funding.awarded": (_("Award a grant"), _("Awarded")),
    "funding.declined": (_("Decline a request"), _("Declined")),
    "funding.referred": (_("Refer a request"), _("Referred")),
    "funding.purpose": (
        _("Change the public purpose of a grant"),
        _("Changed what is public of it"),
    ),
    "funding.paid": (_("Note a payment"), _("Payment noted")),
    "funding.reported": (_("Receive a report"), _("Report received")),
    "funding.review_asked": (_("Ask for a review"), _("Asked %(reviewer)s for a review")),
    "funding.reviewed": (_("Give a review"), _("Gave a review")),
    "funding.story": (_("Make a story of a report"), _("Made the draft of a story")),
    "funding.withdrawn": (_("Withdraw a request"), _("Withdrawn")),
}
# The same where a reason was given.
WITH_REASON = {"funding.withdrawn": _("Withdrawn: %(why)s")}
# Opening a request again within this time is not noted anew, so that the log can be read.
VIEWED_ONCE_IN = timedelta(hours=1)


def register_log_actions(actions):
    """A register_log_actions hook."""
    for action, (label, sentence) in ACTIONS.items():
        actions.register_action(action)(formatter(label, partial(_sentence, sentence)))


def _sentence(usual, entry: ModelLogEntry):
    if entry.data.get("why"):
        return WITH_REASON.get(entry.action, usual)
    return usual


def note_view(request: GrantRequest, user: User):
    """Writes down that ``user`` has opened the request."""
    lately = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(GrantRequest),
        object_id=str(request.pk),
        action="funding.viewed",
        user=user,
        timestamp__gt=timezone.now() - VIEWED_ONCE_IN,
    )
    if not lately.exists():
        log(request, "funding.viewed", user=user)


# What a mail is about: as long as it has not been written, and of a confidential request always.
OCCASIONS = {
    "funding.receipt": pgettext_lazy("mail", "Receipt"),
    "funding.staff": pgettext_lazy("mail", "To the team: a new request"),
    "funding.question": pgettext_lazy("mail", "A question"),
    "funding.answered": pgettext_lazy("mail", "To the team: an answer"),
    "funding.awarded": pgettext_lazy("mail", "Letter: awarded"),
    "funding.declined": pgettext_lazy("mail", "Letter: declined"),
    "funding.referred": pgettext_lazy("mail", "Letter: referred"),
    "funding.paid": pgettext_lazy("mail", "Payment"),
    "funding.report_due": pgettext_lazy("mail", "Reminder of the report"),
    "funding.reported": pgettext_lazy("mail", "To the team: a report"),
    "funding.withdrawn": pgettext_lazy("mail", "Withdrawn"),
    "funding.draft": pgettext_lazy("mail", "Link to a draft"),
    "funding.link": pgettext_lazy("mail", "New link"),
    "funding.review": pgettext_lazy("mail", "To a reviewer: please review"),
}


def mail_label(request: GrantRequest, mail: OutgoingMail) -> str:
    named = str(OCCASIONS.get(mail.occasion, mail.occasion))
    return named if request.is_confidential else mail.subject or named
