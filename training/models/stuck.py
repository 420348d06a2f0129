"""Requests of people who are stuck, and what they were answered."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hub.models import Submission
from hub.models.forms import SearchTextQuerySet
from hub.stemming import fold
from training import questions

# The names of what is asked besides training.questions, as inputs and in form_data.
STUCK_ON = "hub-stuck"
TRIED = "hub-tried"
SPEAKS = "hub-speaks"
TIMES = "hub-times"


class StuckState(models.TextChoices):
    """Where a request stands. What may follow on what is in training.stuck."""

    NEW = "new", pgettext_lazy("request", "New")
    TAKEN = "taken", pgettext_lazy("request", "Somebody works on it")
    ANSWERED = "answered", pgettext_lazy("request", "Answered")
    CLOSED = "closed", pgettext_lazy("request", "Closed")


class StuckRequest(Submission):
    """What a person is stuck on, and who helps them."""

    State = StuckState

    state = models.CharField(
        _("state"), max_length=10, choices=StuckState.choices, default=StuckState.NEW
    )
    state_since = models.DateTimeField(_("since"), default=timezone.now)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who helps"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    search_text = models.TextField(blank=True, editable=False)

    objects = SearchTextQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-submit_time", "-pk"]
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        indexes = [models.Index(fields=["state", "state_since"], name="stuck_by_state")]

    def save(self, *args, **kwargs):
        parts = [self.reference, self.address, self.name, self.organisation, self.stuck_on]
        self.search_text = fold(" ".join(parts))
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        return self.form_data.get(questions.NAME, "")

    @property
    def organisation(self) -> str:
        return self.form_data.get(questions.ORGANISATION, "")

    @property
    def stuck_on(self) -> str:
        return self.form_data.get(STUCK_ON, "")

    def held(self):
        return super().held() | {
            "state": self.state,
            "answers_sent": [
                {"at": answer.sent_at, "text": answer.text} for answer in self.answers.all()
            ],
        }


class StuckAnswer(models.Model):
    """What a member of staff wrote back. ``key`` is that of the form it was written in: however
    often that form is sent, one answer and one mail result."""

    request = models.ForeignKey(StuckRequest, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=32, unique=True, editable=False)
    text = models.TextField(_("answer"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self):
        return f"{self.request_id}/{self.pk}"
