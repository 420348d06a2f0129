from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail_localize.fields import BaseTranslatableField

from home.blocks import ChangesBlock, HelpCardsBlock
from hub.blocks import SHORT_TEXT_FEATURES
from hub.fields import StreamField
from hub.localized import for_readers, localized_pages
from hub.models import BasePage


class HomePage(BasePage):
    """The front page of a language, and the words that stand on every page of it."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "toolkit.ToolkitPage",
        "training.TrainingIndexPage",
        "funding.FundPage",
        "home.StoryIndexPage",
        "home.StandardPage",
        "home.ContactPage",
    ]
    kind_name = _("Home page")
    page_description = _("The front page of a language.")
    searchable_text = ["statement", "summary", "help_cards"]

    statement = models.CharField(
        _("statement"),
        max_length=90,
        help_text=_("The one large sentence. Example: Make the case for open, fair procurement."),
    )
    help_cards = StreamField(HelpCardsBlock(), verbose_name=_("kinds of help"), blank=True)
    pilot_note = RichTextField(
        _("pilot note"),
        features=SHORT_TEXT_FEATURES,
        blank=True,
        help_text=_("Says that nothing here is finished and that feedback is wanted."),
    )
    changes = StreamField(ChangesBlock(), verbose_name=_("you said, we changed"), blank=True)
    pilot_strip = models.CharField(
        _("pilot strip"),
        max_length=60,
        blank=True,
        help_text=_("Above the header of every page. Example: This hub is a pilot."),
    )
    footer_statement = models.TextField(
        _("footer statement"), blank=True, help_text=_("One or two sentences that say who you are.")
    )
    footer_notice = models.TextField(
        _("footer notice"), blank=True, help_text=_("Small print. Left empty, nothing is shown.")
    )

    content_panels = [
        TitleFieldPanel("title", help_text=_("The name of the hub.")),
        "statement",
        FieldPanel("summary", heading=_("Opening paragraph")),
        "help_cards",
        InlinePanel(
            "featured_stories",
            heading=_("Featured stories"),
            label=_("Story"),
            max_num=3,
            help_text=_("Up to three, the first one large. Left empty, the latest are shown."),
        ),
        MultiFieldPanel(["pilot_note", "changes"], _("A pilot, and we are listening")),
    ]
    every_page_panels = ["pilot_strip", "footer_statement", "footer_notice"]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("This page")),
            ObjectList(every_page_panels, heading=_("On every page")),
            ObjectList(BasePage.promote_panels, heading=_("Promote")),
        ]
    )

    # Home pages are siblings, so that no two may have the same; readers never see it.
    override_translatable_fields = [BaseTranslatableField("slug")]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"stories": self.stories_to_show()}

    def stories_to_show(self, limit: int = 3) -> list:
        """The chosen stories in this language; else the latest ones."""
        from home.models.stories import StoryPage

        stories = StoryPage.objects.for_picture_cards()
        keys = [
            link.story.translation_key for link in self.featured_stories.select_related("story")
        ]
        if keys:
            return localized_pages(keys, self.locale, stories)[:limit]
        return list(for_readers(stories, self.locale).order_by("untranslated", "-date")[:limit])


class FeaturedStory(Orderable):
    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured_stories")
    story = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("story")
    )

    panels = [PageChooserPanel("story", "home.StoryPage")]

    class Meta(Orderable.Meta):
        verbose_name = _("featured story")
