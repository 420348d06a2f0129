from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import PageManager, PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from hub import languages
from hub.addresses import absolute
from hub.blocks import SHORT_TEXT_FEATURES, BodyBlock, EmbedBlock, OutcomesBlock
from hub.fields import StreamField, ZoneField
from hub.localized import children_for_readers, localized_terms, reader_locale
from hub.models import BasePage, Vocabulary
from hub.pagination import paginate
from hub.times import city_name, wall_clock, wall_clock_iso
from training.blocks import AgendaBlock, MaterialsBlock
from training.forms import SessionForm


class Level(Vocabulary):
    """How experienced a session expects its participants to be."""

    description = models.TextField(
        _("description"), blank=True, help_text=_("What sessions at this level are like.")
    )
    sign_of = models.TextField(
        _("this level is yours if"),
        blank=True,
        help_text=_("A test one can apply to oneself. Example: You have a campaign that is stuck."),
    )

    panels = [*Vocabulary.panels, "description", "sign_of"]

    class Meta(Vocabulary.Meta):
        verbose_name = _("level")
        verbose_name_plural = _("levels")


class Format(Vocabulary):
    """How a session is held."""

    description = models.TextField(
        _("description"), blank=True, help_text=_("How such a session runs, in a sentence or two.")
    )

    panels = [*Vocabulary.panels, "description"]

    class Meta(Vocabulary.Meta):
        verbose_name = _("format")
        verbose_name_plural = _("formats")


class TrainingIndexPage(BasePage):
    """All sessions: those to come, those that were, and which level is whose."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["training.SessionPage"]
    max_count_per_parent = 1
    kind = "training"
    kind_name = _("Training")
    page_description = _("All sessions, to come and past, and which level is whose.")
    searchable_text = ["summary", "body", "which_level"]
    past_per_page = 12

    body = StreamField(BodyBlock(), verbose_name=_("about the training"), blank=True)
    which_level = RichTextField(
        _("which level is mine?"),
        features=[*SHORT_TEXT_FEATURES, "ul", "ol"],
        blank=True,
        help_text=_(
            "Stands above the levels. The levels themselves are edited under “Levels” in the menu."
        ),
    )

    content_panels = [
        *BasePage.content_panels,
        "which_level",
        "body",
        *BasePage.topic_panels,
        *BasePage.story_panels,
    ]

    class Meta:
        verbose_name = _("session list")

    def get_context(self, request, *args, **kwargs):
        sessions = children_for_readers(self, SessionPage.objects.for_rows())
        locale = reader_locale(self)
        return super().get_context(request, *args, **kwargs) | {
            "upcoming": sessions.upcoming(),
            "past": paginate(request, sessions.past(), self.past_per_page),
            "levels": localized_terms(Level, locale),
            "formats": localized_terms(Format, locale),
        }


class SessionQuerySet(PageQuerySet):
    def upcoming(self):
        """Sessions that are not over, the next one first."""
        return self.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")

    def past(self):
        """Sessions that are over, the latest first."""
        return self.filter(ends_at__lte=timezone.now()).order_by("-starts_at", "pk")

    def for_rows(self):
        """Everything a row of a list shows, in one query."""
        return self.select_related("locale", "level", "format")


class SessionPage(BasePage):
    """A training session, at one address for its whole life: announced, open, over."""

    parent_page_types = ["training.TrainingIndexPage"]
    subpage_types = []
    kind = "training"
    kind_name = _("Training session")
    page_description = _("A session with its time and agenda and, afterwards, its summary.")
    searchable_text = ["summary", "outcomes", "agenda", "body", "write_up"]
    searchable_relations = ["format", "level"]
    base_form_class = SessionForm

    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    zone = ZoneField(
        _("time zone of the session"),
        help_text=_("The times above are clock times in this city. Example: New York"),
    )
    format = models.ForeignKey(
        Format,
        verbose_name=_("format"),
        null=True,
        on_delete=models.PROTECT,
        related_name="sessions",
    )
    level = models.ForeignKey(
        Level,
        verbose_name=_("level"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sessions",
        help_text=_("Left empty, the session is for everyone."),
    )
    language = models.CharField(
        _("spoken language"), max_length=20, choices=settings.LANGUAGES, default="en"
    )
    interpretation = models.CharField(
        _("interpreted into"), max_length=20, choices=settings.LANGUAGES, blank=True
    )
    capacity = models.PositiveSmallIntegerField(
        _("seats"), null=True, blank=True, help_text=_("Left empty, there is no limit. Example: 20")
    )
    outcomes = StreamField(
        OutcomesBlock(), verbose_name=_("what participants take away"), blank=True
    )
    agenda = StreamField(AgendaBlock(), verbose_name=_("agenda"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("about the session"), blank=True)
    materials = StreamField(
        MaterialsBlock(),
        verbose_name=_("materials"),
        blank=True,
        help_text=_("Slides, notes, things to read."),
    )
    recording_url = models.URLField(
        _("address of the recording"), blank=True, help_text=_("Shown once the session is over.")
    )
    recording_note = models.CharField(
        _("about the recording"),
        max_length=200,
        blank=True,
        help_text=_("Example: 48 minutes, in English, with captions."),
    )
    write_up = StreamField(
        BodyBlock(),
        verbose_name=_("summary of what was said"),
        blank=True,
        help_text=_("Written after the session. Names nobody."),
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(["starts_at", "ends_at", "zone", FieldPanel("zone_change")], _("When")),
        MultiFieldPanel(
            ["format", "level", "language", "interpretation", "capacity"], _("What kind of session")
        ),
        "outcomes",
        "agenda",
        "body",
        "materials",
        MultiFieldPanel(["recording_url", "recording_note", "write_up"], _("Afterwards")),
        *BasePage.topic_panels,
        *BasePage.story_panels,
    ]
    search_fields = [
        *BasePage.search_fields,
        index.FilterField("starts_at"),
        index.FilterField("ends_at"),
    ]

    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("zone", overridable=False),
    ]

    objects = PageManager.from_queryset(SessionQuerySet)()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")

    def structured_data(self) -> list[dict]:
        return [
            {
                "@type": "EducationEvent",
                "startDate": wall_clock_iso(self.starts_at, self.zone),
                "endDate": wall_clock_iso(self.ends_at, self.zone),
                "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
                "eventStatus": "https://schema.org/EventScheduled",
                "isAccessibleForFree": True,
                "inLanguage": self.language,
                "dateModified": None,  # which events do not have
                "location": {"@type": "VirtualLocation", "url": absolute(self.url)},
                "organizer": {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME},
            }
        ]

    def searchable_parts(self):
        terms = [term.title for term in (self.format, self.level) if term]
        return [*super().searchable_parts(), *terms]

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def own_time(self) -> datetime:
        """When it starts, on a clock in the session's own zone; naive, so that templates keep it."""
        return wall_clock(self.starts_at, self.zone)

    @property
    def starts_label(self) -> str:
        """The start in the session's zone, for lists in the admin: "22 Mar 2022, 10:30 New York"."""
        city = city_name(self.zone, get_language() or "en")
        return f"{date_format(self.own_time, 'j M Y, H:i')} {city}"

    @property
    def has_write_up(self) -> bool:
        return bool(self.write_up)

    @property
    def recording(self) -> dict:
        """The recording as the value of a card that leads to another site."""
        return EmbedBlock().to_python(
            {"url": self.recording_url, "title": _("Recording"), "note": self.recording_note}
        )

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    @property
    def language_name(self) -> str:
        return languages.own_name(self.language)

    @property
    def interpretation_name(self) -> str:
        return languages.name_here(self.interpretation) if self.interpretation else ""
