"""What requests are judged by: the record that editors keep, and what it said at any time."""

from dataclasses import asdict, dataclass
from functools import cached_property

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import MultiFieldPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from funding import questions


class Criterion(TranslatableMixin, Orderable):
    """One thing a request is judged by, and all that is said of it anywhere.

    The public list, the self-check, the hints beside the form's questions, the reviewers' rubric and
    the sentences of a decline are all fields of this one record. Its ``translation_key`` names it in
    every language and every version.
    """

    class Kind(models.TextChoices):
        REQUIRED = "required", _("Required")
        STRENGTHENS = "strengthens", _("Strengthens a request")
        NOT_FUNDED = "not_funded", _("Not funded")

    page = ParentalKey("funding.FundPage", on_delete=models.CASCADE, related_name="criteria")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.REQUIRED)
    statement = models.CharField(
        _("statement"), max_length=120, help_text=_("Example: A political window, with a date")
    )
    explanation = models.TextField(
        _("explanation"),
        blank=True,
        help_text=_("Example: A vote, a budget, a new minister. Something that will close."),
    )
    if_not_met = models.TextField(
        _("what to do instead"),
        blank=True,
        help_text=_(
            "The self-check says this to who does not meet it. Example: Ask us for a training session "
            "now, and for money when a date is set."
        ),
    )
    question = models.CharField(
        _("belongs to the question"),
        max_length=20,
        blank=True,
        choices=questions.CHOICES,
        help_text=_("Where the hint stands in the request form."),
    )
    hint = models.TextField(
        _("hint beside that question"),
        blank=True,
        help_text=_("Example: Name the day, or your best guess, and how you know it."),
    )
    rubric = models.TextField(
        _("what reviewers look for"),
        blank=True,
        help_text=_("Example: 3 – a date and its source. 1 – a hope that something may happen."),
    )
    decline = models.TextField(
        _("sentence of a decline"),
        blank=True,
        help_text=_(
            "Stands in the letter when this is the reason. Example: We could not see which decision "
            "closes the window, or when."
        ),
    )

    panels = [
        "kind",
        "statement",
        "explanation",
        MultiFieldPanel(["if_not_met", "question", "hint"], _("To those who ask")),
        MultiFieldPanel(["rubric", "decline"], _("To those who decide")),
    ]
    override_translatable_fields = [
        SynchronizedField("kind", overridable=False),
        SynchronizedField("question", overridable=False),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")

    def __str__(self):
        return self.statement

    def as_now(self) -> "CriterionThen":
        """What it says at this moment, to be kept."""
        words = {name: getattr(self, name) for name in CriterionThen.COPIED}
        return CriterionThen(key=str(self.translation_key), **words)


@dataclass(frozen=True)
class CriterionThen:
    """A criterion as it was in one version of the criteria. ``key`` is the same in all of them."""

    key: str
    kind: str
    statement: str
    explanation: str
    if_not_met: str
    question: str
    hint: str
    rubric: str
    decline: str

    @property
    def decline_sentence(self) -> str:
        """What a letter says when this is the reason: its statement where nobody wrote a sentence."""
        return self.decline or self.statement


CriterionThen.COPIED = tuple(name for name in CriterionThen.__dataclass_fields__ if name != "key")


class CriteriaVersion(models.Model):
    """What a fund's criteria said in one language. A row is never changed; later ones follow it.

    ``number`` goes up when the source changes; a translation has the number of the source that it
    says the same as, and several rows of it when its own words were mended since. Who asks is judged
    by the row they read, for ever.
    """

    fund_key = models.UUIDField(editable=False)  # the pages' translation_key
    language = models.CharField(_("language"), max_length=20, editable=False)
    number = models.PositiveIntegerField(_("version"), editable=False)
    content = models.JSONField(editable=False)
    made_at = models.DateTimeField(_("in force since"), default=timezone.now, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["fund_key", "language"], name="criteria_of_fund")]
        verbose_name = _("version of the criteria")
        verbose_name_plural = _("versions of the criteria")

    def __str__(self):
        return f"{self.number} ({self.language})"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("A version of the criteria is what was read: it does not change.")
        super().save(*args, **kwargs)

    @staticmethod
    def content_of(criteria) -> list[dict]:
        return [asdict(criterion.as_now()) for criterion in criteria]

    @cached_property
    def criteria(self) -> list[CriterionThen]:
        return [CriterionThen(**words) for words in self.content]

    def of_kind(self, kind: str) -> list[CriterionThen]:
        return [criterion for criterion in self.criteria if criterion.kind == kind]

    @property
    def required(self) -> list[CriterionThen]:
        return self.of_kind(Criterion.Kind.REQUIRED)

    @property
    def strengthens(self) -> list[CriterionThen]:
        return self.of_kind(Criterion.Kind.STRENGTHENS)

    @property
    def not_funded(self) -> list[CriterionThen]:
        return self.of_kind(Criterion.Kind.NOT_FUNDED)

    @property
    def scored(self) -> list[CriterionThen]:
        """Those that reviewers give points for."""
        return [*self.required, *self.strengthens]

    def by_key(self, keys) -> list[CriterionThen]:
        """Those named, in the order of the record; unknown keys are left out."""
        return [criterion for criterion in self.criteria if criterion.key in set(keys)]
