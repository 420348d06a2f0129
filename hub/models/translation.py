"""What the hub keeps of translations beyond wagtail-localize's own records.

wagtail-localize knows the texts of a source (StringSegment), their translations (StringTranslation)
and which object is translated into which language (Translation). It does not know who works on one,
what its readers have been shown since, or how many of them had to read the source instead.
"""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation, TranslationContext, TranslationSource


class LanguageTeam(models.Model):
    """The two groups of people who work on a language. Made with the language; see hub.roles."""

    locale = models.OneToOneField(
        Locale, on_delete=models.CASCADE, related_name="team", verbose_name=_("language")
    )
    translators = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+", verbose_name=_("translators")
    )
    reviewers = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+", verbose_name=_("reviewers")
    )

    class Meta:
        verbose_name = _("language team")
        verbose_name_plural = _("language teams")

    def __str__(self):
        return str(self.locale)


class TranslationTask(models.Model):
    """The work on one translation: its state, whose it is, and how much there is to do.

    One row for each wagtail-localize ``Translation`` (see hub.translation.tasks). The counts follow
    from segments and translations and are kept because the desk shows hundreds of them: whatever
    changes a translation marks the row ``recount``, whoever reads counts first brings them up to
    date.

    ``draft`` is what the latest revision of the target was made from: ``{"revision": id, "complete":
    whether every text was translated, "texts": as published_texts}``. ``published_texts`` remembers, for each content path, the ids of the source Strings that the
    published translation was made from; ``outdated`` follows from it and from the source as it is
    now: the passages that readers are warned of (see hub.translation.passages).
    """

    class State(models.TextChoices):
        WORKING = "working", _("In translation")
        IN_REVIEW = "in_review", _("Waiting for review")
        RETURNED = "returned", _("Sent back")
        PUBLISHED = "published", _("Published")

    translation = models.OneToOneField(
        Translation, on_delete=models.CASCADE, related_name="task", verbose_name=_("translation")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WORKING
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="translation_tasks",
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("sent for review by"),
    )
    submitted_at = models.DateTimeField(_("sent for review at"), null=True, blank=True)
    returned_because = models.TextField(
        _("what is to be changed"),
        blank=True,
        help_text=_(
            "The translator reads it above the page. Example: “tender” is licitación here."
        ),
    )
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("sent back by"),
    )
    waiting_since = models.DateTimeField(
        _("waiting since"),
        null=True,
        blank=True,
        default=timezone.now,
        help_text=_("Since when something is to be translated; empty when nothing is."),
    )
    recount = models.BooleanField(default=True, editable=False)
    segments = models.PositiveIntegerField(default=0, editable=False)
    segments_done = models.PositiveIntegerField(default=0, editable=False)
    segments_changed = models.PositiveIntegerField(default=0, editable=False)
    words_to_do = models.PositiveIntegerField(default=0, editable=False)
    draft = models.JSONField(default=dict, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_texts = models.JSONField(default=dict, blank=True, editable=False)
    outdated = models.JSONField(default=list, blank=True, editable=False)

    # Nothing an editor sees refers to a task.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("translation task")
        verbose_name_plural = _("translation tasks")

    def __str__(self):
        return f"{self.translation.source.object_repr} → {self.translation.target_locale}"

    @property
    def percent_done(self) -> int:
        """The share of texts translated, rounded down: 100 only when nothing is left."""
        return self.segments_done * 100 // self.segments if self.segments else 100


class SourceChange(models.Model):
    """One publication of a source that changed some of its texts.

    ``texts`` lists the changes as ``[content path, id of the former String or null, id of the new
    one or null]``.
    """

    source = models.ForeignKey(
        TranslationSource, on_delete=models.CASCADE, related_name="hub_changes"
    )
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    needs_no_translation = models.BooleanField(default=False)
    texts = models.JSONField(default=list)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change of a source")

    def __str__(self):
        return f"{self.source.object_repr}, {self.at:%Y-%m-%d %H:%M}"


class TranslatorQuestion(models.Model):
    """A translator's question to the authors of the source, and their answer."""

    translation = models.ForeignKey(
        Translation, on_delete=models.CASCADE, related_name="questions", verbose_name=_("page")
    )
    context = models.ForeignKey(
        TranslationContext, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    passage = models.TextField(
        _("passage"), blank=True, help_text=_("The text that was asked about, as it was then.")
    )
    text = models.TextField(_("question"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("question of a translator")
        verbose_name_plural = _("questions of translators")

    def __str__(self):
        return self.text[:80]


class GlossaryTerm(models.Model):
    """How a term of the source is said in a language, agreed once for everybody."""

    locale = models.ForeignKey(
        Locale, on_delete=models.CASCADE, related_name="glossary", verbose_name=_("language")
    )
    term = models.CharField(
        _("term"), max_length=80, help_text=_("In the source language. Example: tender")
    )
    translation = models.CharField(
        _("translation"),
        max_length=160,
        help_text=_(
            "The stem is enough where endings change; several with commas. Example: licitaci"
        ),
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("When to use it. Example: not “oferta”, which is a bid.")
    )

    class Meta:
        ordering = ["term", "pk"]
        constraints = [
            models.UniqueConstraint(
                "locale", models.functions.Lower("term"), name="one_entry_a_term"
            )
        ]
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")

    def __str__(self):
        return f"{self.term} → {self.translation}"


class ReaderDemand(models.Model):
    """How often, on a day, readers of a language were given a page or a file in another.

    A number and nothing about anybody.
    """

    class Kind(models.TextChoices):
        VIEW = "view", _("page read in the source language")
        DOWNLOAD = "download", _("file taken in another language")

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    count = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "locale", "day", "kind"], name="one_count_a_day"
            )
        ]
        verbose_name = _("reader demand")

    def __str__(self):
        return f"{self.page_id} {self.locale_id} {self.day} {self.kind}: {self.count}"


class SectionSubmission(models.Model):
    """A section that was submitted for translation and is worked through by the clock.

    ``page_id`` lists are not kept: the job walks the section as it is, and leaves out what has a
    translation already, so that it may be cut off anywhere and begin again.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    locales = models.ManyToManyField(Locale, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField(default=timezone.now)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    errors = models.JSONField(default=list)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["submitted_at"]
        verbose_name = _("section submitted for translation")

    def __str__(self):
        return f"{self.page}, {self.submitted_at:%Y-%m-%d %H:%M}"
