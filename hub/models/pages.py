"""What every page of the hub has in common."""

from http import HTTPMethod

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.blocks import StreamValue
from wagtail.models import Orderable, Page, PageViewRestriction
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField
from wagtail_localize.models import Translation, TranslationSource

from hub import languages
from hub.caching import remember
from hub.models.translation import TranslationTask
from hub.plain_text import stream_texts
from hub.stemming import text_to_index


class StemmedTitle(index.SearchField):
    """The stems of the title, indexed with the title, where a hit counts for more."""

    def get_value(self, page):
        return text_to_index(page.title, page.locale.language_code)


class CannotPublish(Exception):
    """A page cannot be published as it stands; the message is a sentence for whoever tried.

    The admin answers with it (hub.translation.guard), whichever view tried to publish.
    """

    def __init__(self, page, sentence: str):
        super().__init__(sentence)
        self.page = page


class UnfinishedTranslation(CannotPublish):
    """Some texts of a translation are not translated."""

    def __init__(self, page):
        super().__init__(
            page,
            gettext("“%(page)s” has texts that are not translated yet.") % {"page": page.title},
        )


def is_unfinished_translation(revision) -> bool:
    """Whether ``revision`` was made from a translation that was not complete. One query."""
    return TranslationTask.objects.filter(
        draft__revision=revision.pk, draft__complete=False, translation__enabled=True
    ).exists()


class BasePage(Page):
    """A page with a standfirst, a place in menus, topics and a text to search in."""

    # Which kind of help the page belongs to: toolkit, training, funding or story. Sets its hue.
    kind = ""
    # What a page of this type is called above its title in lists; the singular, in plain words.
    kind_name = _("Page")
    # Whether people work with pages of this type, and may be asked which of them they used.
    is_tool = False
    # Pages are read. Types with a form add POST.
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
    # The fields whose words a reader can search for, the title aside.
    searchable_text = ["summary"]
    # The relation whose documents are the page's file in each language; a release checks them.
    language_files = ""
    # The relations that searchable_parts() of a type reads, so that lists can prefetch them.
    searchable_relations: list[str] = []

    summary = models.TextField(
        _("summary"),
        blank=True,
        validators=[MaxLengthValidator(300)],
        help_text=_("One or two sentences under the title, also shown in lists and link previews."),
    )
    menu_title = models.CharField(
        _("short title"),
        max_length=30,
        blank=True,
        help_text=_("For menus and breadcrumbs, when the title is long. Example: Toolkit"),
    )
    share_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture for link previews"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown when somebody shares the page. Left empty, the hub's own is used."),
    )

    content_panels = [*Page.content_panels, "summary"]
    topic_panels = [InlinePanel("topic_links", heading=_("Topics"), label=_("Topic"))]
    story_panels = [
        InlinePanel(
            "related_stories",
            heading=_("Related stories"),
            label=_("Story"),
            max_num=4,
            help_text=_("Left empty, stories that share a topic are shown."),
        )
    ]
    promote_panels = [
        MultiFieldPanel(["slug", "seo_title", "search_description"], _("For search engines")),
        MultiFieldPanel(["menu_title", "show_in_menus"], _("For menus")),
        FieldPanel("share_image"),
    ]

    # One address in every language: what is shared in one can be guessed in another, and a page
    # that is not translated is found under the reader's language by the same path.
    override_translatable_fields = [SynchronizedField("slug", overridable=False)]

    search_fields = [
        *Page.search_fields,
        StemmedTitle("title", boost=2),
        index.SearchField("search_stems"),
        index.FilterField("slug"),
    ]

    class Meta:
        abstract = True

    def get_view_restrictions(self):
        """Spares every page of a hub without private pages the two queries of finding that out."""
        if not remember("private_pages", PageViewRestriction.objects.exists):
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    def publish(self, revision, *args, **kwargs):
        """Publishes, unless ``revision`` is a translation with texts that nobody has translated.

        Whatever the way (the editor, a bulk action, the clock): nothing goes live under one
        language in the words of another.
        """
        if is_unfinished_translation(revision):
            raise UnfinishedTranslation(self)
        super().publish(revision, *args, **kwargs)

    def copy_for_translation(self, locale, copy_parents=False, alias=False, exclude_fields=None):
        """A copy in ``locale``; where Wagtail would make an alias, a draft to be translated.

        By default the parents of a page become aliases, live in the source's words.
        """
        if not alias:
            return super().copy_for_translation(locale, copy_parents, alias, exclude_fields)
        source, _created = TranslationSource.get_or_create_from_instance(self)
        draft, _created = Translation.objects.update_or_create(
            source=source, target_locale=locale, defaults={"enabled": True}
        )
        draft.save_target(publish=False)
        return draft.get_target_instance()

    @cached_property
    def topic_list(self) -> list:
        return list(self.topic_links.select_related("topic"))

    def get_url_parts(self, request=None):
        """Under the reader's language, for those who read the source for want of a translation."""
        parts = super().get_url_parts(request)
        if parts and parts[2]:
            return (*parts[:2], languages.for_reader(parts[2]))
        return parts

    @property
    def own_url(self) -> str | None:
        """The page's address in its own language, whoever reads it."""
        with languages.own_addresses():
            return self.url

    @property
    def short_title(self) -> str:
        return self.menu_title or self.title

    @classmethod
    def get_indexed_objects(cls):
        objects = super().get_indexed_objects().select_related("locale")
        return objects.prefetch_related(*cls.searchable_relations)

    def searchable_parts(self) -> list[str]:
        """The page's words, part by part, the title first; types with more to offer add to it."""
        parts = [self.title]
        for name in self.searchable_text:
            field, value = self._meta.get_field(name), getattr(self, name)
            if isinstance(value, StreamValue):
                parts += stream_texts(value)
            elif hasattr(field, "get_searchable_content"):
                parts += field.get_searchable_content(value)
            else:
                parts.append(value)
        return [part for part in parts if part]

    def search_stems(self) -> str:
        """The stems of the page's words and of what it is: who types "template" wants the templates."""
        language = self.locale.language_code
        with translation.override(language):
            words = [*self.searchable_parts(), str(self.kind_name)]
        return text_to_index(" ".join(words), language)


class RelatedStory(Orderable):
    """A story that an editor has chosen to show at the end of a page."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="related_stories")
    story = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("story")
    )

    panels = [PageChooserPanel("story", "home.StoryPage")]

    class Meta(Orderable.Meta):
        verbose_name = _("related story")
