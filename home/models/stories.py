from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable, Page, PageManager, PageQuerySet, TranslatableMixin
from wagtail.search import index

from hub import languages, structured_data
from hub.blocks import BodyBlock, TimelineBlock
from hub.fields import StreamField
from hub.localized import children_for_readers, localized_pages, reader_locale
from hub.models import BasePage, Country
from hub.pagination import paginate


class StoryIndexPage(BasePage):
    """All stories of a language, the latest first."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.StoryPage"]
    max_count_per_parent = 1
    kind = "story"
    kind_name = _("Stories")
    page_description = _("The list of all stories, the latest first.")
    per_page = 12

    class Meta:
        verbose_name = _("story list")

    def get_context(self, request, *args, **kwargs):
        stories = children_for_readers(self, StoryPage.objects.for_picture_cards()).order_by(
            "untranslated", "-date", "-pk"
        )
        return super().get_context(request, *args, **kwargs) | {
            "stories": paginate(request, stories, self.per_page)
        }


class StoryQuerySet(PageQuerySet):
    def for_cards(self):
        """What a card of a story shows in words."""
        return self.select_related("locale")

    def for_picture_cards(self):
        """What a card of a story shows, its picture included."""
        return self.for_cards().select_related("image").prefetch_related("image__renditions")


class StoryPage(BasePage):
    """What a group did, what came of it, and which tools it used."""

    parent_page_types = ["home.StoryIndexPage"]
    subpage_types = []
    kind = "story"
    kind_name = _("Story")
    page_description = _("What a group did, and what came of it.")
    searchable_text = ["summary", "organisation", "body", "timeline"]

    date = models.DateField(_("date"), default=timezone.localdate)
    organisation = models.CharField(
        _("organisation"),
        max_length=120,
        blank=True,
        help_text=_("Whose story it is. Example: Harbour Budget Watch"),
    )
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(
        _("description of the picture"),
        max_length=400,
        blank=True,
        help_text=_("For people who cannot see it. Left empty, the picture counts as decoration."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("story"))
    timeline = StreamField(TimelineBlock(), verbose_name=_("what changed"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(["image", "image_alt"], _("Picture")),
        "body",
        "timeline",
        MultiFieldPanel(
            [
                "organisation",
                "date",
                InlinePanel("country_links", heading=_("Countries"), label=_("Country")),
            ],
            _("Who, where and when"),
        ),
        InlinePanel(
            "credits",
            heading=_("Credits"),
            label=_("Credit"),
            help_text=_("Whom to thank. A role is enough where a name is not safe."),
        ),
        InlinePanel(
            "tools",
            heading=_("Chapters and templates they used"),
            label=_("Chapter or template"),
        ),
        *BasePage.topic_panels,
        *BasePage.story_panels,
    ]
    search_fields = [*BasePage.search_fields, index.FilterField("date")]

    objects = PageManager.from_queryset(StoryQuerySet)()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {
            "countries": [link.country for link in self.country_links.select_related("country")],
            "tools": self.localized_tools(),
        }

    @property
    def language_name(self) -> str:
        return languages.own_name(self.locale.language_code)

    def structured_data(self) -> list[dict]:
        node = structured_data.article(self, self.date)
        node["author"] = [
            {"@type": "Organization", "name": self.organisation or _("The hub team")},
        ]
        if self.image and (preview := self.image.preview_url):
            node["image"] = preview
        return [node]

    def localized_tools(self) -> list[Page]:
        """The chapters and templates used, in the story's language where there is one."""
        keys = [tool.target.translation_key for tool in self.tools.select_related("target")]
        return localized_pages(keys, reader_locale(self))


class StoryCountry(TranslatableMixin, Orderable):
    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="country_links")
    country = models.ForeignKey(
        Country, on_delete=models.CASCADE, related_name="+", verbose_name=_("country")
    )

    panels = ["country"]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("country")


class StoryCredit(TranslatableMixin, Orderable):
    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="credits")
    role = models.CharField(
        _("what they did"), max_length=60, help_text=_("Example: Story, Editing, Translation")
    )
    name = models.CharField(
        _("who"), max_length=150, help_text=_("Example: the campaign manager of the group")
    )

    panels = ["role", "name"]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("credit")


class StoryTool(Orderable):
    """A chapter or template that a group used. A page, so that the apps need not know each other."""

    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="tools")
    target = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("chapter or template")
    )

    panels = [PageChooserPanel("target", ["toolkit.ChapterPage", "toolkit.TemplatePage"])]

    class Meta(Orderable.Meta):
        verbose_name = _("chapter or template used")
