"""What participants thought of a session, without who thought it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Locale

from training.models.roster import Roster


class Evaluation(models.Model):
    """One participant's opinion of a session.

    It leads back to nobody: neither to a registration, which only notes that an opinion was given
    (``evaluated_at``), nor by an order or a time that could be laid beside that note.
    """

    class Usefulness(models.IntegerChoices):
        FIVE = 5, _("5 – very useful")
        FOUR = 4, "4"
        THREE = 3, "3"
        TWO = 2, "2"
        ONE = 1, _("1 – not useful")

    class Fit(models.TextChoices):
        TOO_BASIC = "too-basic", pgettext_lazy("level", "Too basic")
        RIGHT = "right", pgettext_lazy("level", "Right for me")
        TOO_HARD = "too-hard", pgettext_lazy("level", "Too hard")

    class WillUse(models.TextChoices):
        YES = "yes", _("Yes")
        MAYBE = "maybe", _("Maybe")
        NO = "no", _("No")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="evaluations")
    locale = models.ForeignKey(Locale, on_delete=models.PROTECT, related_name="+")
    usefulness = models.PositiveSmallIntegerField(choices=Usefulness.choices)
    fit = models.CharField(max_length=10, choices=Fit.choices)
    will_use = models.CharField(max_length=10, choices=WillUse.choices)
    keep = models.TextField(blank=True)
    change = models.TextField(blank=True)
    may_quote = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")

    def __str__(self):
        return f"{self.pk}"
