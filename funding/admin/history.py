"""What happens to requests, as it stands in the log."""

from django.utils.translation import gettext_lazy as _

# By action: the label in filters, and the sentence, which may quote what was noted with it.
ACTIONS = {
    "funding.sent": (_("Send a request"), _("Sent")),
    "funding.reading": (_("Read a request"), _("Reading has begun, or goes on")),
    "funding.question": (_("Ask for more"), _("Asked for more")),
    "funding.awarded": (_("Award a grant"), _("Awarded")),
    "funding.declined": (_("Decline a request"), _("Declined")),
    "funding.referred": (_("Refer a request"), _("Referred")),
    "funding.paid": (_("Note a payment"), _("Payment noted")),
    "funding.reported": (_("Receive a report"), _("Report received")),
    "funding.review_asked": (_("Ask for a review"), _("Asked %(reviewer)s for a review")),
    "funding.reviewed": (_("Give a review"), _("Gave a review")),
    "funding.story": (_("Make a story of a report"), _("Made the draft of a story")),
    "funding.withdrawn": (_("Withdraw a request"), _("Withdrawn")),
}


def register_log_actions(actions):
    """A register_log_actions hook."""
    for action, (label, sentence) in ACTIONS.items():
        actions.register_action(action, label, sentence)
