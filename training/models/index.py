"""The page of all sessions."""

from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.models import Page

from hub.blocks import SHORT_TEXT_FEATURES, BodyBlock
from hub.fields import StreamField
from hub.localized import children_for_readers, localized_terms, reader_locale
from hub.models import BasePage
from hub.pagination import paginate
from training.models.clinic import ClinicPage
from training.models.next_session import NextSessionPage
from training.models.sessions import SessionPage, with_rosters
from training.models.vocabularies import Format, Level


def _ways_to_ask():
    """The pages for those whom no session fits."""
    return Page.objects.type(ClinicPage, NextSessionPage).select_related("locale").order_by("path")


class TrainingIndexPage(BasePage):
    """All sessions: those to come, those that were, and which level is whose."""

    parent_page_types = ["home.HomePage"]
    subpage_types = [
        "training.SessionPage",
        "training.ClinicPage",
        "training.NextSessionPage",
    ]
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
            "upcoming": with_rosters(sessions.upcoming()),
            "past": paginate(request, sessions.past(), self.past_per_page),
            "ways_to_ask": children_for_readers(self, _ways_to_ask()),
            "levels": localized_terms(Level, locale),
            "formats": localized_terms(Format, locale),
        }
