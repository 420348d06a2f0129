from django.db import models
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel, TitleFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Orderable, PageManager, PageQuerySet, TranslatableMixin
from wagtail.search import index

from hub import languages, structured_data
from hub.blocks import BodyBlock, DiscussionGuideBlock, FAQBlock, OutcomesBlock
from hub.fields import StreamField
from hub.localized import children_for_readers, localized_pages, reader_locale
from hub.models import BasePage, HubDocument
from hub.translation import demand
from toolkit.filters import TemplateFilter
from toolkit.forms import ChapterForm, TemplateForm
from toolkit.outline import Outline, outline_of


class ToolkitPage(BasePage):
    """The overview of a toolkit: what it is for, and its steps."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["toolkit.ChapterPage", "toolkit.TemplateIndexPage"]
    kind = "toolkit"
    kind_name = _("Toolkit")
    page_description = _("Steps that a team works through, with their chapters and templates.")
    searchable_text = ["summary", "body"]

    body = StreamField(
        BodyBlock(),
        verbose_name=_("how to use it"),
        blank=True,
        help_text=_("The steps are listed by themselves; this text stands under them."),
    )

    content_panels = [
        TitleFieldPanel("title", help_text=_("Best as a statement. The short title is for menus.")),
        "summary",
        "body",
        *BasePage.topic_panels,
        *BasePage.story_panels,
    ]

    class Meta:
        verbose_name = _("toolkit")

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {
            "outline": outline_of(self),
            "templates_page": children_for_readers(self, TemplateIndexPage.objects.all())
            .order_by("untranslated")
            .first(),
        }


class ChapterPage(BasePage):
    """A step of a toolkit or a chapter within a step: a task for a team, done in an hour or two.

    Its number (1, or 1.2) comes from its place in the tree; see toolkit.outline.
    """

    class Part(models.TextChoices):
        STEP = "step", _("A step, or a chapter of one (numbered)")
        OPENING = "opening", _("Introduction, before the steps")
        STALLS = "stalls", _("When it stalls, after the steps")

    parent_page_types = ["toolkit.ToolkitPage", "toolkit.ChapterPage"]
    subpage_types = ["toolkit.ChapterPage"]
    kind = "toolkit"
    kind_name = _("Toolkit chapter")
    is_tool = True
    page_description = _("A step of the toolkit, or a chapter within a step.")
    searchable_text = ["summary", "outcomes", "body", "discussion", "faqs"]
    base_form_class = ChapterForm

    part = models.CharField(
        _("place in the toolkit"),
        max_length=10,
        choices=Part.choices,
        default=Part.STEP,
        help_text=_("Steps are numbered in the order of the page tree."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        null=True,
        blank=True,
        help_text=_("How long a team needs for it. Example: 40"),
    )
    outcomes = StreamField(
        OutcomesBlock(), verbose_name=_("what you will have at the end"), blank=True
    )
    body = StreamField(BodyBlock(), verbose_name=_("guidance"))
    discussion = StreamField(
        [("discussion_guide", DiscussionGuideBlock())],
        verbose_name=_("discussion guides"),
        blank=True,
    )
    faqs = StreamField([("faq", FAQBlock())], verbose_name=_("sticking points"), blank=True)

    content_panels = [
        TitleFieldPanel("title"),
        FieldPanel(
            "summary", heading=_("Purpose"), help_text=_("What this is for, in a sentence.")
        ),
        "part",
        "minutes",
        InlinePanel(
            "prerequisites",
            heading=_("Before you start"),
            label=_("Prerequisite"),
            help_text=_("A chapter to have done, a thing to have at hand, or both."),
        ),
        "outcomes",
        "body",
        "discussion",
        "faqs",
        InlinePanel("template_links", heading=_("Templates used"), label=_("Template")),
        *BasePage.topic_panels,
        *BasePage.story_panels,
    ]
    search_fields = [*BasePage.search_fields, index.FilterField("minutes")]

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")

    @classmethod
    def can_create_at(cls, parent):
        return super().can_create_at(parent) and not is_inner_chapter(parent)

    def can_move_to(self, parent):
        if not super().can_move_to(parent) or is_inner_chapter(parent):
            return False
        becomes_inner = parent.specific_class is ChapterPage
        return not (becomes_inner and self.get_children().exists())

    def get_context(self, request, *args, **kwargs):
        outline = outline_of(self)
        return super().get_context(request, *args, **kwargs) | {
            "outline": outline,
            "entry": outline.entry(self.translation_key),
            "previous": outline.before(self.translation_key),
            "next": outline.after(self.translation_key),
            "prerequisite_rows": self.prerequisite_rows(outline),
            "templates": self.localized_templates(),
        }

    def structured_data(self) -> list[dict]:
        nodes = [structured_data.article(self, self.first_published_at)]
        if self.minutes:
            nodes[0]["timeRequired"] = f"PT{self.minutes}M"
        if faqs := [block.value for block in self.faqs]:
            nodes.append(structured_data.faq_page(self, faqs))
        return nodes

    def prerequisite_rows(self, outline: Outline) -> list[dict]:
        """What is needed before starting: ``{text, title, url, language}``.

        All but the text are "" without a chapter; the language is, too, when it is the reader's.
        """
        rows = []
        for row in self.prerequisites.select_related("chapter"):
            chapter = row.chapter
            entry = (chapter and outline.entry(chapter.translation_key)) or chapter
            rows.append(
                {
                    "text": row.text,
                    "title": entry.title if entry else "",
                    "url": entry.url if entry else "",
                    "language": getattr(entry, "language", ""),
                }
            )
        return rows

    def localized_templates(self) -> list["TemplatePage"]:
        keys = [
            link.template.translation_key for link in self.template_links.select_related("template")
        ]
        return localized_pages(keys, reader_locale(self), TemplatePage.objects.with_files())


def is_inner_chapter(page) -> bool:
    """Whether ``page`` is a chapter within a step, below which nothing may be added."""
    return page.specific_class is ChapterPage and page.get_parent().specific_class is ChapterPage


class ChapterPrerequisite(TranslatableMixin, Orderable):
    page = ParentalKey(ChapterPage, on_delete=models.CASCADE, related_name="prerequisites")
    chapter = models.ForeignKey(
        ChapterPage,
        verbose_name=_("chapter"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    text = models.CharField(
        _("in words"),
        max_length=200,
        blank=True,
        help_text=_("Example: Three to eight people who know the ministry from different sides"),
    )

    panels = ["chapter", "text"]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("prerequisite")


class ChapterTemplate(Orderable):
    page = ParentalKey(ChapterPage, on_delete=models.CASCADE, related_name="template_links")
    template = models.ForeignKey(
        "toolkit.TemplatePage",
        on_delete=models.CASCADE,
        related_name="chapter_links",
        verbose_name=_("template"),
    )

    panels = [PageChooserPanel("template")]

    class Meta(Orderable.Meta):
        verbose_name = _("template used")


class TemplateIndexPage(BasePage):
    """All templates of a toolkit, with filters."""

    parent_page_types = ["toolkit.ToolkitPage"]
    subpage_types = ["toolkit.TemplatePage"]
    max_count_per_parent = 1
    kind = "toolkit"
    kind_name = _("Templates")
    page_description = _("The list of a toolkit’s templates, with filters. One for each toolkit.")

    class Meta:
        verbose_name = _("template list")

    def get_context(self, request, *args, **kwargs):
        templates = children_for_readers(self, TemplatePage.objects.with_files())
        filters = TemplateFilter(
            request.GET,
            templates.order_by("untranslated", "path").prefetch_related("topic_links__topic"),
            outline_of(self),
            chapters_by_template(),
        )
        return super().get_context(request, *args, **kwargs) | {"filters": filters}


def chapters_by_template() -> dict:
    """The translation keys of the chapters that use each template, by the template's. One query.

    By key, because a translated chapter goes on naming the template of the source.
    """
    chapters: dict = {}
    for template, chapter in ChapterTemplate.objects.values_list(
        "template__translation_key", "page__translation_key"
    ).distinct():
        chapters.setdefault(template, []).append(chapter)
    return chapters


class TemplateQuerySet(PageQuerySet):
    def with_files(self):
        return self.select_related("locale").prefetch_related("files__document")


class TemplatePage(RoutablePageMixin, BasePage):
    """A document to edit and make one's own, with its files in each language and format."""

    parent_page_types = ["toolkit.TemplateIndexPage"]
    subpage_types = []
    kind = "toolkit"
    kind_name = _("Template")
    is_tool = True
    page_description = _("A document to download, in as many languages and formats as you have.")
    searchable_text = ["summary", "body"]
    searchable_relations = ["files__document"]
    language_files = "files"
    base_form_class = TemplateForm

    body = StreamField(BodyBlock(), verbose_name=_("how to use it"), blank=True)

    content_panels = [
        TitleFieldPanel("title"),
        FieldPanel("summary", heading=_("What it is for")),
        InlinePanel(
            "files",
            heading=_("Files"),
            label=_("File"),
            min_num=1,
            help_text=_(
                "One file per language and format. To replace a file, edit the document: "
                "its address stays and the earlier version is kept."
            ),
        ),
        "body",
        *BasePage.topic_panels,
        *BasePage.story_panels,
    ]

    objects = PageManager.from_queryset(TemplateQuerySet)()

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")

    def searchable_parts(self):
        texts = (file.document.extracted_text for file in self.files.all())
        return [*super().searchable_parts(), *filter(None, texts)]

    @path("download/<str:key>/", name="download")
    def download(self, request, key):
        """Sends the file for a language and format, such as ``en-docx``; 404 if there is none."""
        for file in self.files.select_related("document"):
            if file.document.download_key == key:
                demand.count_download(request, self, file.document.language)
                return send_document(file.document)
        raise Http404

    def get_context(self, request, *args, **kwargs):
        outline = outline_of(self)
        chapters = ChapterTemplate.objects.filter(
            template__translation_key=self.translation_key
        ).values_list("page__translation_key", flat=True)
        entries = map(outline.entry, dict.fromkeys(chapters.order_by("pk")))
        return super().get_context(request, *args, **kwargs) | {
            "used_in": list(filter(None, entries)),
            "files_by_language": self.own_language_first(self.files.select_related("document")),
        }

    @property
    def files_label(self) -> str:
        """The files in a line, for lists in the admin: "English DOCX, Español ODT"."""
        return ", ".join(
            f"{document.language_name} {document.file_extension.upper()}"
            for document in self.sorted_files
        )

    @cached_property
    def sorted_files(self) -> list[HubDocument]:
        """The documents of a template in a list (see with_files), in its own language first."""
        return self.own_language_first(self.files.all())

    def own_language_first(self, files) -> list[HubDocument]:
        own = languages.reader_language() or self.locale.language_code
        return sorted(
            (file.document for file in files), key=lambda document: document.language != own
        )


class TemplateFile(Orderable):
    page = ParentalKey(TemplatePage, on_delete=models.CASCADE, related_name="files")
    document = models.ForeignKey(
        HubDocument,
        on_delete=models.CASCADE,
        related_name="template_files",
        verbose_name=_("document"),
    )

    panels = ["document"]

    class Meta(Orderable.Meta):
        verbose_name = _("file")


def send_document(document: HubDocument):
    """The document as a download, from where it is stored."""
    if not document.is_stored_locally():
        return redirect(document.file.url)
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.filename,
        content_type=document.file_type.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
