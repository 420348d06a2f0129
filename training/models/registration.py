"""Who takes part in a session, or would like to."""

import contextlib

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hub.mail.addresses import address_key
from hub.models import OutgoingMail, Submission
from hub.models.forms import SearchTextQuerySet
from hub.stemming import fold
from training.models.roster import Roster


class RegistrationStatus(models.TextChoices):
    """Where a registration stands. What may follow on what is in training.seats."""

    CONFIRMED = "confirmed", pgettext_lazy("registration", "Confirmed")
    WAITING = "waiting", pgettext_lazy("registration", "On the waiting list")
    OFFERED = "offered", pgettext_lazy("registration", "Offered a seat")
    CANCELLED = "cancelled", pgettext_lazy("registration", "Cancelled")
    DECLINED = "declined", pgettext_lazy("registration", "Declined the offer")
    ATTENDED = "attended", pgettext_lazy("registration", "Attended")
    NO_SHOW = "no-show", pgettext_lazy("registration", "Did not come")


# Those that hold a seat: Roster.taken is their number.
HOLDING = frozenset(
    {
        RegistrationStatus.CONFIRMED,
        RegistrationStatus.OFFERED,
        RegistrationStatus.ATTENDED,
        RegistrationStatus.NO_SHOW,
    }
)
# Those that have a part in the session: one for each address.
ACTIVE = HOLDING | {RegistrationStatus.WAITING}


class RegistrationQuerySet(SearchTextQuerySet):
    def active(self):
        return self.filter(status__in=ACTIVE)

    def in_line(self):
        """The waiting list, first come first."""
        return self.filter(status=RegistrationStatus.WAITING).order_by("queued_at", "pk")

    def erase(self):
        """Makes them anonymous. Seats in sessions to come go to the next in line first."""
        # Inline: seats are given to registrations.
        from training.seats import Refused, withdraw

        held = list(self.filter(anonymised_at=None).select_related("roster"))
        for registration in held:
            if registration.may_withdraw:
                with contextlib.suppress(Refused):  # given up, or begun, in this very moment
                    withdraw(registration, tell=False)
        self.model.objects.filter(pk__in=[registration.pk for registration in held]).anonymise()

    def anonymise(self):
        """Takes out whatever is about a person, with the mails; states, times and seats stay."""
        held = self.filter(anonymised_at=None)
        OutgoingMail.objects.filter(submission__in=held.values("pk")).delete()
        held.update(
            form_data={},
            address="",
            consent_text="",
            address_key="",
            search_text="",
            link_key="",
            anonymised_at=timezone.now(),
        )


class Registration(Submission):
    """A place in a session, on its list, or given up.

    The fixed questions are answered in ``form_data`` under the names in training.questions, beside
    the editor's. ``address_key`` is the address as it is compared: one active registration for each.
    ``sequence`` is the number of the last calendar entry that was sent (RFC 5545), ``told_version``
    the version of the roster the person knows of, and ``told_plans`` its plans, by which a change that
    was taken back before anybody heard of it is told to nobody.
    """

    Status = RegistrationStatus

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="registrations")
    status = models.CharField(_("status"), max_length=10, choices=RegistrationStatus.choices)
    status_since = models.DateTimeField(_("since"), default=timezone.now)
    queued_at = models.DateTimeField(_("in line since"), default=timezone.now)
    offer_expires_at = models.DateTimeField(_("offer ends"), null=True, blank=True)
    address_key = models.CharField(max_length=254, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    told_version = models.PositiveIntegerField(default=0, editable=False)
    told_plans = models.JSONField(default=dict, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    evaluated_at = models.DateTimeField(_("gave an opinion"), null=True, blank=True)
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-submit_time", "-pk"]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "address_key"],
                condition=models.Q(status__in=sorted(ACTIVE)) & ~models.Q(address_key=""),
                name="registration_once_for_each_address",
            )
        ]
        indexes = [
            models.Index(fields=["roster", "status", "queued_at"], name="registration_in_line"),
            models.Index(fields=["status", "offer_expires_at"], name="registration_offers"),
        ]

    def save(self, *args, **kwargs):
        if not self.anonymised_at:
            self.address_key = address_key(self.address)
            self.search_text = fold(
                " ".join([self.name, self.organisation, self.address, self.reference])
            )
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        return self.form_data.get("hub-name", "")

    @property
    def organisation(self) -> str:
        return self.form_data.get("hub-organisation", "")

    @property
    def country(self) -> str:
        """ISO 3166-1 code of two letters, or ""."""
        return self.form_data.get("hub-country", "")

    @property
    def access_needs(self) -> str:
        return self.form_data.get("hub-access", "")

    def place_in_line(self) -> int | None:
        """1 for who is next; None for those who do not wait. One query at most."""
        if self.status != RegistrationStatus.WAITING:
            return None
        line = Registration.objects.filter(roster=self.roster_id).in_line()
        before = models.Q(queued_at__lt=self.queued_at) | models.Q(
            queued_at=self.queued_at, pk__lt=self.pk
        )
        return line.filter(before).count() + 1

    @property
    def holds_seat(self) -> bool:
        return self.status in HOLDING

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def may_withdraw(self) -> bool:
        """Whether there is a seat, an offer or a place in the line to give up."""
        given = {RegistrationStatus.ATTENDED, RegistrationStatus.NO_SHOW}
        return (
            self.is_active and self.status not in given and self.roster.starts_at > timezone.now()
        )

    def held(self):
        return super().held() | {"status": self.status, "status_since": self.status_since}
