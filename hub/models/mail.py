"""The outbox: mail that is to be sent, has been sent, or could not be."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.models.forms import Submission


class OutgoingMail(models.Model):
    """One mail to one address.

    Written in the transaction of whatever calls for it, so that both happen or neither; sent
    afterwards by `manage.py work` (hub.mail.outbox). ``key`` names the occasion and the addressee,
    such as "contact-staff:K7F-29QX:desk@example.org": asking twice for the same key gives one mail.
    ``text``, ``html`` and ``calendar`` are emptied some time after sending; the row stays as the
    record. A row with an ``occasion`` has no words until the worker writes them (hub.mail.writers),
    anew for each attempt, and keeps none of the private links in them; ``details`` are what its writer
    wants to know besides.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")
        DROPPED = "dropped", _("No longer called for")

    key = models.CharField(_("key"), max_length=200, unique=True)
    to = models.CharField(_("to"), max_length=320)
    reply_to = models.CharField(_("answers go to"), max_length=320, blank=True)
    occasion = models.CharField(max_length=60, blank=True, editable=False)
    details = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder, editable=False)
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("text as HTML"), blank=True)
    calendar = models.TextField(
        _("calendar entry"), blank=True, help_text=_("As iCalendar, sent along with the words.")
    )
    language = models.CharField(_("language"), max_length=20)
    headers = models.JSONField(
        _("further headers"), default=dict, blank=True, encoder=DjangoJSONEncoder
    )
    submission = models.ForeignKey(
        Submission,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="mails",
        verbose_name=_("about"),
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    last_error = models.CharField(
        _("last error"),
        max_length=500,
        blank=True,
        help_text=_("What the mail server answered, with addresses blotted out."),
    )

    # Nothing an editor sees refers to a mail: see Submission.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="outgoingmail_due")]
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")

    def __str__(self):
        return self.subject or self.key
