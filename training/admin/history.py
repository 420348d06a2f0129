"""Who did what with a session's people: the log in words."""

from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.models import ModelLogEntry

from hub.admin.history import formatter, who
from hub.models import OutgoingMail
from training.admin.desk import DeskView
from training.models import Registration, Roster

# What happens to a registration or a roster, as it stands in the log: the label in filters, and the
# sentence, which may quote what was noted with it.
ACTIONS = {
    "training.added": (gettext_lazy("Add a person"), gettext_lazy("Added by hand")),
    "training.confirmed": (gettext_lazy("Give a seat"), gettext_lazy("Seat confirmed")),
    "training.offered": (gettext_lazy("Offer a seat"), gettext_lazy("Offered a seat")),
    "training.cancelled": (gettext_lazy("Cancel a registration"), gettext_lazy("Cancelled")),
    "training.declined": (
        gettext_lazy("Decline an offer"),
        gettext_lazy("Declined the offer, or let it end"),
    ),
    "training.attended": (gettext_lazy("Mark as attended"), gettext_lazy("Marked as attended")),
    "training.no-show": (
        gettext_lazy("Mark as not having come"),
        gettext_lazy("Marked as not having come"),
    ),
    "training.moved": (
        gettext_lazy("Move to another session"),
        gettext_lazy("Moved to “%(to)s”"),
    ),
    "training.edited": (gettext_lazy("Edit details"), gettext_lazy("Changed: %(fields)s")),
    "training.link": (gettext_lazy("Send a new link"), gettext_lazy("Sent a new link")),
    "training.messaged": (
        gettext_lazy("Write to people"),
        gettext_lazy("Wrote “%(subject)s” (people: %(count)s)"),
    ),
    "training.exported": (
        gettext_lazy("Export a roster"),
        gettext_lazy("Exported as %(format)s (people: %(count)s)"),
    ),
}

# The same where it makes a difference what came before, or why.
MARK_TAKEN_BACK = gettext_lazy("Mark taken back")
VARIANTS = {
    ("training.confirmed", "attended"): MARK_TAKEN_BACK,
    ("training.confirmed", "no-show"): MARK_TAKEN_BACK,
    ("training.cancelled", "moved"): gettext_lazy("Taken out, to be in another session"),
    ("training.declined", "expired"): gettext_lazy("The offer ended without an answer"),
}

# What a mail is about, as long as it has not been written and so has no subject.
OCCASIONS = {
    "training.confirmed": pgettext_lazy("mail", "Confirmation"),
    "training.waiting": pgettext_lazy("mail", "You are on the waiting list"),
    "training.offered": pgettext_lazy("mail", "Offer of a seat"),
    "training.cancelled": pgettext_lazy("mail", "Cancelled"),
    "training.declined": pgettext_lazy("mail", "Offer declined or ended"),
    "training.again": pgettext_lazy("mail", "Registered again"),
    "training.changed": pgettext_lazy("mail", "Change of plans"),
    "training.reminder": pgettext_lazy("mail", "Reminder"),
    "training.thanks": pgettext_lazy("mail", "Thanks"),
    "training.link": pgettext_lazy("mail", "New link"),
}


def mail_label(mail: OutgoingMail) -> str:
    named = OCCASIONS.get(mail.occasion) or mail.details.get("subject") or mail.occasion
    return mail.subject or str(named)


def register_log_actions(actions):
    """A register_log_actions hook."""
    for action, (label, sentence) in ACTIONS.items():
        actions.register_action(action)(formatter(label, partial(_sentence, sentence)))


def _sentence(usual, entry: ModelLogEntry):
    circumstance = entry.data.get("why") or entry.data.get("from")
    return VARIANTS.get((entry.action, circumstance), usual)


class HistoryView(DeskView, BaseListingView):
    """What was done with the people of one session, the latest first."""

    permission_required = "view"
    page_title = gettext_lazy("What was done")
    header_icon = "history"
    template_name = "wagtailadmin/generic/listing.html"
    paginate_by = 50
    no_results_message = gettext_lazy("Nothing has been done with this roster by hand yet.")
    columns = [
        Column("who", label=gettext_lazy("Who"), accessor=who),
        Column("what", label=gettext_lazy("What"), accessor="message"),
        Column("whom", label=gettext_lazy("Person"), accessor="whom"),
        DateColumn("timestamp", label=gettext_lazy("When")),
    ]

    def get_index_url(self):
        return reverse("registrations:history", args=[self.roster.pk])

    def get_base_queryset(self):
        own, person = (ContentType.objects.get_for_model(model) for model in (Roster, Registration))
        people = self.roster.registrations.order_by().annotate(key=Cast("pk", CharField()))
        return (
            ModelLogEntry.objects.filter(
                Q(content_type=own, object_id=str(self.roster.pk))
                | Q(content_type=person, object_id__in=people.values("key"))
            )
            .select_related("user", "content_type")
            .order_by("-timestamp", "-pk")
        )

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        paginator.verbose_name, paginator.verbose_name_plural = _("entry"), _("entries")
        return paginator

    def get_table(self, object_list):
        names = self.names([entry.object_id for entry in object_list])
        for entry in object_list:
            if entry.content_type.model == "registration":
                entry.whom = names[int(entry.object_id)]
        return super().get_table(object_list)

    def names(self, numbers: list[str]) -> dict[int, str]:
        people = self.roster.registrations.filter(pk__in=numbers)
        return {person.pk: person.name or person.reference for person in people}
