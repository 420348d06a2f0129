"""Words the sections share, and how pages carry them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable, Page, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField


class TranslatedText(TranslatableMixin, models.Model):
    """What translators translate besides pages. It has no draft: what is saved is what is used.

    Its copy in another language is there, in the source's words, before anybody has translated it.
    """

    is_translated = models.BooleanField(default=True, editable=False)

    class Meta(TranslatableMixin.Meta):
        abstract = True


class Vocabulary(TranslatedText, index.Indexed):
    """A list of terms that editors keep and translators translate."""

    title = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(
        _("short name for addresses"),
        max_length=80,
        allow_unicode=True,
        help_text=_("Used in filters, such as ?topic=coalitions. The same in every language."),
    )

    panels = ["title", "slug"]
    search_fields = [index.SearchField("title"), index.AutocompleteField("title")]
    override_translatable_fields = [SynchronizedField("slug", overridable=False)]

    class Meta(TranslatedText.Meta):
        abstract = True
        ordering = ["title"]
        unique_together = [("translation_key", "locale"), ("slug", "locale")]

    def __str__(self):
        return self.title

    @property
    def foreign_language(self) -> str:
        """The code of the language the term is in, when that is not its own; else "".

        Readers are told.
        """
        return "" if self.is_translated else settings.LANGUAGE_CODE


class Topic(Vocabulary):
    """What a page is about. Topics join sessions, chapters, templates and stories."""

    description = models.TextField(
        _("description"), blank=True, help_text=_("One sentence, for editors and readers.")
    )

    panels = [*Vocabulary.panels, "description"]

    class Meta(Vocabulary.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Country(Vocabulary):
    """A country or territory, in the name the hub uses for it."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("country")
        verbose_name_plural = _("countries")


class PageTopic(TranslatableMixin, Orderable):
    """A topic of a page, whatever the page's type.

    Translatable, so that the translation of a page carries the topic in its own language.
    """

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="topic_links")
    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, related_name="page_links", verbose_name=_("topic")
    )

    panels = ["topic"]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("topic")
        unique_together = [("translation_key", "locale"), ("page", "topic")]
