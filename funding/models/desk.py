"""What happens to a request on the funding officer's desk."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Page

from funding.models.requests import GrantRequest


class RequestMessage(models.Model):
    """What the team asked somebody about their request, or what they answered.

    ``key`` is the idempotency key of the form it came with: sent twice, it is one message.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")

    request = models.ForeignKey(GrantRequest, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    text = models.TextField(_("text"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    key = models.CharField(max_length=64, unique=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self):
        return f"{self.request_id}/{self.pk}"

    def held(self) -> dict:
        return {"kind": self.kind, "text": self.text, "sent": self.sent_at}


class Review(models.Model):
    """What one reviewer thinks of a request; asked for before it is given.

    ``reviewer`` is None once their account is deleted; what they still owed goes with it (funding.signals).
    ``scores`` are points by the key of the criterion, as the request's version of the criteria has them.
    """

    class Points(models.IntegerChoices):
        NOT_MET = 0, _("0 – not met")
        IN_PART = 1, _("1 – in part")
        MOSTLY = 2, _("2 – mostly")
        FULLY = 3, _("3 – fully")

    request = models.ForeignKey(GrantRequest, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewer"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    scores = models.JSONField(_("points"), default=dict)
    comment = models.TextField(_("comment"), blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    given_at = models.DateTimeField(_("given"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "reviewer"], name="review_once_for_each_reviewer"
            )
        ]

    def __str__(self):
        return f"{self.request_id}/{self.reviewer_id}"

    @property
    def is_given(self) -> bool:
        return self.given_at is not None

    @property
    def total(self) -> int:
        return sum(self.scores.values())


class Conflict(models.Model):
    """Somebody on the team has an interest in a request, and sees nothing of it from then on."""

    request = models.ForeignKey(GrantRequest, on_delete=models.CASCADE, related_name="conflicts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["declared_at", "pk"]
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(fields=["request", "user"], name="conflict_once_for_each_user")
        ]

    def __str__(self):
        return f"{self.request_id}/{self.user_id}"


class Decision(models.Model):
    """How a request was decided, with the letter that said so.

    ``reasons`` are the keys of criteria in the request's version. What is public of an award are
    ``purposes``, ``amount`` and ``currency``, the request's country and the day; the name only where the
    grantee has agreed (GrantRequest.may_be_named). ``purposes`` say the same by language code.
    """

    class Kind(models.TextChoices):
        AWARD = "awarded", pgettext_lazy("decision", "Award")
        DECLINE = "declined", pgettext_lazy("decision", "Decline")
        REFER = "referred", pgettext_lazy("decision", "Refer")

    request = models.OneToOneField(GrantRequest, on_delete=models.CASCADE, related_name="decision")
    kind = models.CharField(_("decision"), max_length=8, choices=Kind.choices)
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    purposes = models.JSONField(_("purpose, in public"), default=dict)
    reasons = models.JSONField(_("reasons"), default=list)
    referred_to = models.ForeignKey(
        Page,
        verbose_name=_("referred to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    subject = models.CharField(_("subject of the letter"), max_length=150)
    letter = models.TextField(_("letter"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-decided_at", "-pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self):
        return f"{self.request_id}: {self.kind}"

    def held(self) -> dict:
        return {
            "kind": self.kind,
            "amount": self.amount,
            "currency": self.currency,
            "conditions": self.conditions,
            "purpose": self.purposes,
            "subject": self.subject,
            "letter": self.letter,
            "decided": self.decided_at,
        }


class OutcomeReport(models.Model):
    """What a grantee says came of the campaign.

    ``answers`` by the names of the inputs (funding.reports); ``tools`` are the translation keys of the
    hub's pages they used. With their consent it becomes the draft of a story, ``story``.
    """

    request = models.OneToOneField(GrantRequest, on_delete=models.CASCADE, related_name="report")
    answers = models.JSONField(_("answers"), default=dict)
    tools = models.JSONField(_("tools that were used"), default=list)
    consent_text = models.TextField(_("agreed to"), blank=True)
    consented_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    story = models.ForeignKey(
        Page,
        verbose_name=_("story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("outcome report")
        verbose_name_plural = _("outcome reports")

    def __str__(self):
        return f"{self.request_id}"

    def held(self) -> dict:
        return {"answers": self.answers, "agreed_to": self.consent_text, "sent": self.sent_at}
