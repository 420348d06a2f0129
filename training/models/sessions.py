"""A session: its page, and the questions its registration asks."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.models import PageManager, PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from hub import languages
from hub.addresses import absolute
from hub.blocks import BodyBlock, EmbedBlock, OutcomesBlock
from hub.fields import StreamField, ZoneField
from hub.forms import tokens
from hub.forms.pages import FormPageMixin, months_later
from hub.models import BasePage, HubFormField
from hub.models.forms import is_source_page
from hub.models.pages import CannotPublish
from hub.times import city_name, wall_clock, wall_clock_iso
from training import intake, questions, seats
from training.blocks import AgendaBlock, MaterialsBlock
from training.forms import SessionForm
from training.models.registration import Registration
from training.models.roster import FACTS, Roster, default_reminders, facts_of
from training.models.vocabularies import Format, Level
from training.stages import Stage, stage_of


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


class SessionPage(FormPageMixin, BasePage):
    """A training session, at one address for its whole life: announced, open, full, over.

    Who takes part is on the roster, which the pages of all languages share; what the roster copies
    (times, seats, when registration is open) is edited on the source page and holds for all of them.
    """

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
        _("seats"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Left empty, there is no limit. Example: 20"),
    )
    takes_registrations = models.BooleanField(
        _("people register on this page"),
        default=True,
        help_text=_("Switch it off for a session that needs none, or takes none any more."),
    )
    opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to accept an offered seat"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(336)],
        help_text=_(
            "A seat that becomes free is offered to the next on the waiting list for this long. "
            "Example: 48"
        ),
    )
    reminder_hours = models.JSONField(
        _("reminders"), default=default_reminders, blank=True, help_text=_("To those with a seat.")
    )
    joining_url = models.URLField(
        _("address to join"),
        blank=True,
        max_length=500,
        help_text=_("Goes to people with a seat only. Example: https://meet.example.org/circle"),
    )
    joining_note = models.TextField(
        _("how to join"),
        blank=True,
        help_text=_("Goes with it. Example: The room opens ten minutes early. By telephone: …"),
    )
    is_cancelled = models.BooleanField(
        _("this session is cancelled"),
        default=False,
        help_text=_(
            "The page stays and says so. Everybody with a seat or on the waiting list gets a mail, and "
            "their calendars are updated."
        ),
    )
    notice = models.TextField(
        _("why it is cancelled or moved"),
        blank=True,
        help_text=_(
            "Stands on the page of a cancelled session, and in the mail to participants when it is "
            "cancelled or moved. Example: Our speaker has fallen ill. A new date follows in May."
        ),
    )
    consent_text = models.TextField(
        _("what participants agree to"),
        blank=True,
        help_text=_(
            "Stands beside a box to tick, and is kept with the registration. Left empty, the hub's "
            "own words are used."
        ),
    )
    retention_months = models.PositiveSmallIntegerField(
        _("months to keep registrations"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("After the session. Then names and answers go, and the numbers stay."),
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
            ["format", "level", "language", "interpretation"], _("What kind of session")
        ),
        "outcomes",
        "agenda",
        "body",
        "materials",
        MultiFieldPanel(["recording_url", "recording_note", "write_up"], _("Afterwards")),
        *BasePage.topic_panels,
        *BasePage.story_panels,
    ]
    registration_panels = [
        MultiFieldPanel(
            ["takes_registrations", "opens_at", "closes_at", "capacity", "offer_hours"],
            _("Registration"),
        ),
        InlinePanel(
            "form_fields",
            heading=_("Questions of your own"),
            label=_("Question"),
            help_text=_(
                "Name, email, organisation, country and access needs are asked already. Every further "
                "question costs registrations."
            ),
        ),
        MultiFieldPanel(["joining_url", "joining_note"], _("Joining")),
        FieldPanel("reminder_hours"),
        MultiFieldPanel(["is_cancelled", "notice"], _("Cancelled or moved")),
        MultiFieldPanel(["consent_text", "retention_months"], _("What is kept, and for how long")),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Content")),
            ObjectList(registration_panels, heading=_("Registration")),
            ObjectList(BasePage.promote_panels, heading=_("Promote")),
            ObjectList(BasePage.settings_panels, heading=_("Settings")),
        ]
    )
    texts_for_senders = ("consent_text",)
    already_sent = intake.ALREADY_REGISTERED
    form_anchor = "register"
    search_fields = [
        *BasePage.search_fields,
        index.FilterField("starts_at"),
        index.FilterField("ends_at"),
    ]

    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        # One session in every language, whoever translates its page.
        *(SynchronizedField(name, overridable=False) for name in FACTS),
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
                "eventStatus": "https://schema.org/Event"
                + ("Cancelled" if self.is_cancelled else "Scheduled"),
                "isAccessibleForFree": True,
                "inLanguage": self.language,
                "dateModified": None,  # which events do not have
                "location": {"@type": "VirtualLocation", "url": absolute(self.url)},
                "organizer": {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME},
            }
        ]

    def get_context(self, request, *args, **kwargs):
        stage = self.stage
        return super().get_context(request, *args, **kwargs) | {
            "stage": stage,
            "roster": self.roster,
            "waiting": self.roster.registrations.in_line().count() if stage == Stage.FULL else 0,
        }

    # Registration

    @cached_property
    def roster(self) -> Roster:
        """The session's roster; not stored yet when the page was never published. One query."""
        return Roster.objects.filter(session_key=self.translation_key).first() or self.new_roster()

    def new_roster(self) -> Roster:
        return Roster(session_key=self.translation_key, **facts_of(self))

    @property
    def stage(self) -> Stage:
        return stage_of(self.roster)

    @property
    def takes_answers(self) -> bool:
        return self.stage in {Stage.OPEN, Stage.FULL}

    def refusal(self):
        return "" if self.takes_answers else self.stage.refusal

    def get_submission_class(self):
        return Registration

    def serve_submissions_list_view(self, request, *args, **kwargs):
        """What Wagtail would list is on the roster."""
        if self.roster.pk is None:
            return redirect("sessions:index")
        return redirect("registrations:roster", self.roster.pk)

    def own_form_fields(self):
        return questions.fixed_fields()

    @property
    def consent_words(self):
        if self.consent_text:
            return self.consent_text
        return _(
            "The team may keep what I write here in order to run this session. It is deleted by itself "
            "%(months)d months after it."
        ) % {"months": self.retention_months}

    def prepare(self, submission, form):
        # Inline: that module is about pages.
        from training.sessions import roster_of

        seats.place(submission, roster_of(self))

    def complete(self, submission, form):
        seats.announce(submission)

    def accept_form(self, form):
        try:
            stored = super().accept_form(form)
        except seats.AlreadyRegistered as error:
            return intake.outcome_for_known(error.stored)
        if stored is None:
            return None
        outcome = intake.outcome_of(stored)
        if outcome is None:
            form.add_error(None, intake.WITHDRAWN)
            form.renew_token()
        return outcome

    def what_was_sent(self, submission):
        return f"{submission}:{self.translation_key}"

    def just_sent(self, request):
        sent = tokens.read_sent(request.GET.get("sent", "")) or ""
        return next(
            (outcome for outcome in intake.Outcome if sent == self.what_was_sent(outcome)), None
        )

    def retained_until(self) -> date:
        return months_later(self.roster.ends_at.date(), self.roster.retention_months)

    def publish(self, revision, *args, **kwargs):
        """Publishes, unless there would be fewer seats than are taken."""
        roster = Roster.objects.filter(session_key=self.translation_key).first()
        # The page's own fields are still those of the last time it was published.
        capacity = revision.as_object().capacity
        if roster and is_source_page(self) and (refusal := roster.refuses(capacity)):
            raise CannotPublish(self, refusal)
        super().publish(revision, *args, **kwargs)

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


class RegistrationQuestion(HubFormField):
    """A question of a session's own."""

    page = ParentalKey(SessionPage, on_delete=models.CASCADE, related_name="form_fields")

    class Meta(HubFormField.Meta):
        abstract = False


def with_rosters(sessions: Iterable[SessionPage]) -> list[SessionPage]:
    """The sessions, each knowing its roster. One query besides that of the sessions."""
    sessions = list(sessions)
    keys = [session.translation_key for session in sessions]
    rosters = {roster.session_key: roster for roster in Roster.objects.filter(session_key__in=keys)}
    for session in sessions:
        session.roster = rosters.get(session.translation_key) or session.new_roster()
    return sessions
