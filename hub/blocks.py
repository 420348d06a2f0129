"""The blocks every app may use in its pages.

Three rules hold for all of them. A block has an icon, a label, a description and a preview, so that
an editor can choose it without having been told. Values derived from others live in a StructValue.
Between the stream and an ImageBlock there is at most one struct: wagtail-localize fails to extract
the texts of anything deeper.
"""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]
SHORT_TEXT_FEATURES = ["bold", "italic", "link", "document-link"]


class CharBlock(blocks.CharBlock):
    """A line of text; "" where none was stored, as after a block has gained this part.

    Wagtail's own has None there, on which wagtail-localize stops extracting what to translate.
    """

    class Meta:
        default = ""


class TextBlock(blocks.TextBlock):
    """Lines of text; "" where none were stored (see CharBlock)."""

    class Meta:
        default = ""


class ParagraphBlock(blocks.RichTextBlock):
    """Running text with lists and links; headings are a block of their own."""

    def __init__(self, **kwargs):
        super().__init__(**{"features": TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs and lists, with links.")
        template = "blocks/paragraph.html"
        preview_value = (
            "<p>Every public contract has people who gain from the way it is bought now.</p>"
        )


class HeadingBlock(blocks.StructBlock):
    text = CharBlock(label=_("Text"), max_length=120)
    level = blocks.ChoiceBlock(
        label=_("Level"),
        choices=[("h2", _("Section")), ("h3", _("Part of a section"))],
        default="h2",
        help_text=_("Sections are listed under “On this page”."),
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        description = _("Starts a section. Sections make up the “On this page” list.")
        template = "blocks/heading.html"
        preview_value = {"text": "Who belongs on the map", "level": "h2"}


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Picture"))
    caption = CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("A picture with a caption and a description for people who cannot see it.")
        template = "blocks/picture.html"

    # The same texts under the same paths as wagtail-localize finds by itself; but it stops with an
    # error on a picture that is no longer in the library.

    def get_translatable_segments(self, value) -> list:
        segments = [StringSegmentValue("caption", value["caption"])]
        if image := value["image"]:
            segments[:0] = [
                OverridableSegmentValue("image.image", image.pk),
                StringSegmentValue("image.alt_text", image.contextual_alt_text or ""),
            ]
        return segments

    def restore_translated_segments(self, value, segments):
        given = {segment.path: segment for segment in segments}
        if text := given.get("caption"):
            value["caption"] = text.render_text()
        image = value["image"]
        if image is None:
            return value
        if override := given.get("image.image"):
            other = get_image_model().objects.filter(pk=override.data).first()
            if other:
                other.decorative = image.decorative
                other.contextual_alt_text = image.contextual_alt_text
                value["image"] = image = other
        if text := given.get("image.alt_text"):
            image.contextual_alt_text = text.render_text()
        return value

    def get_preview_value(self):
        """The hub's latest picture: a made-up one would be in nobody's library."""
        image = get_image_model().objects.order_by("-pk").first()
        if image is None:
            return self.get_default()
        picture = {"image": image.pk, "alt_text": "", "decorative": True}
        return self.to_python({"image": picture, "caption": gettext("What the picture tells")})


class CalloutBlock(blocks.StructBlock):
    style = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("note", _("Note")), ("tip", _("Tip")), ("safety", _("Safety"))],
        default="note",
    )
    title = CharBlock(
        label=_("Title"), max_length=80, help_text=_("A few words. Example: Keep it safe.")
    )
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        icon = "warning"
        label = _("Callout")
        description = _("A short remark that must not be missed.")
        template = "blocks/callout.html"
        preview_value = {
            "style": "safety",
            "title": "Keep it safe",
            "text": "<p>Use offices rather than names, and agree who destroys the paper copy.</p>",
        }


class StepBlock(blocks.StructBlock):
    title = CharBlock(label=_("What to do"), max_length=120)
    text = blocks.RichTextBlock(label=_("How"), features=TEXT_FEATURES, required=False)

    class Meta:
        icon = "list-ol"
        label = _("Step")
        description = _("One step of a list of steps.")


class StepListBlock(blocks.ListBlock):
    def __init__(self, child_block=None, **kwargs):
        super().__init__(child_block or StepBlock(), **{"min_num": 1, **kwargs})

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        description = _("Numbered steps to carry out in order.")
        template = "blocks/step_list.html"
        preview_value = [
            {"title": "Write the change at the top", "text": "<p>One sentence, with a date.</p>"},
            {"title": "List without judging", "text": "<p>Five minutes, in silence.</p>"},
        ]


class DiscussionGuideValue(blocks.StructValue):
    @property
    def group_size(self) -> str:
        """ "4 to 8 people", "6 people", or "" when nothing is said."""
        low, high = self["group_min"], self["group_max"]
        if low and high and low != high:
            return ngettext("%(low)d to %(high)d person", "%(low)d to %(high)d people", high) % {
                "low": low,
                "high": high,
            }
        if low or high:
            people = high or low
            return ngettext("%(count)d person", "%(count)d people", people) % {"count": people}
        return ""


class DiscussionGuideBlock(blocks.StructBlock):
    title = CharBlock(
        label=_("Title"),
        max_length=120,
        help_text=_("Best as a question. Example: Who would be relieved?"),
    )
    minutes = blocks.IntegerBlock(
        label=_("Minutes"), min_value=1, max_value=600, help_text=_("Example: 45")
    )
    group_min = blocks.IntegerBlock(
        label=_("Group size, from"), min_value=1, max_value=500, required=False
    )
    group_max = blocks.IntegerBlock(
        label=_("Group size, to"), min_value=1, max_value=500, required=False
    )
    prompts = blocks.ListBlock(
        TextBlock(label=_("Question"), rows=2),
        label=_("Questions to discuss"),
        min_num=1,
    )
    notes = blocks.RichTextBlock(
        label=_("For the facilitator"), features=TEXT_FEATURES, required=False
    )

    class Meta:
        icon = "group"
        label = _("Discussion guide")
        description = _("Questions for a group, with time and group size; prints on a page.")
        template = "blocks/discussion_guide.html"
        value_class = DiscussionGuideValue
        preview_value = {
            "title": "Who would be relieved?",
            "minutes": 45,
            "group_min": 4,
            "group_max": 8,
            "prompts": ["Who inside the office would be relieved by this change?"],
            "notes": "",
        }

    def clean(self, value):
        value = super().clean(value)
        low, high = value["group_min"], value["group_max"]
        if low and high and low > high:
            raise StructBlockValidationError(
                block_errors={
                    "group_max": ValidationError(_("This is smaller than the smallest group size."))
                }
            )
        return value


class FAQBlock(blocks.StructBlock):
    question = CharBlock(
        label=_("Question or objection"),
        max_length=200,
        help_text=_("In the words people use. Example: “Open tenders would slow us down.”"),
    )
    answer = blocks.RichTextBlock(label=_("Answer"), features=TEXT_FEATURES)
    evidence = blocks.RichTextBlock(
        label=_("Evidence"),
        features=TEXT_FEATURES,
        required=False,
        help_text=_("What supports the answer, with its source."),
    )

    class Meta:
        icon = "help"
        label = _("Question and answer")
        description = _("An objection or question with its answer; each has an address to share.")
        template = "blocks/faq.html"
        preview_value = {
            "question": "“Naming opponents will make enemies of them.”",
            "answer": "<p>Only if you show it. The map is a working paper for the team.</p>",
            "evidence": "",
        }


def not_in_the_future(year: int):
    MaxValueValidator(timezone.now().year, message=_("This year has not come yet."))(year)


class EvidenceValue(blocks.StructValue):
    @property
    def citation(self) -> str:
        """The record as one line to paste: author (year). Title. Where. Address."""
        parts = [f"{self['author']} ({self['year']}).", _ended(self["title"])]
        if self.get("note"):
            parts.append(_ended(self["note"]))
        if self.get("url"):
            parts.append(self["url"])
        return " ".join(parts)


def _ended(text: str) -> str:
    """With a full stop, unless it ends in a mark of its own: "Who bids?"."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


class EvidenceBlock(blocks.StructBlock):
    claim = TextBlock(
        label=_("What it shows"), rows=2, help_text=_("One sentence somebody could quote.")
    )
    author = CharBlock(
        label=_("Who says so"),
        max_length=150,
        help_text=_("A person or an organisation. Example: Northmere Audit Chamber"),
    )
    title = CharBlock(label=_("Title of the source"), max_length=250)
    country = SnippetChooserBlock("hub.Country", label=_("Country"), required=False)
    year = blocks.IntegerBlock(
        label=_("Year"), validators=[MinValueValidator(1800), not_in_the_future]
    )
    url = blocks.URLBlock(label=_("Address of the source"), required=False)
    note = CharBlock(
        label=_("Where in the source"),
        required=False,
        max_length=100,
        help_text=_("Example: Table 3"),
    )
    invented = blocks.BooleanBlock(
        label=_("Made up as an example"),
        required=False,
        help_text=_("Tick for sample records: readers are told not to cite it."),
    )

    class Meta:
        icon = "openquote"
        label = _("Evidence")
        description = _("A claim with its source, country and year, and a citation to copy.")
        template = "blocks/evidence.html"
        value_class = EvidenceValue
        preview_value = {
            "claim": "When notices went online, twice as many firms bid for school repairs.",
            "author": "Northmere Audit Chamber",
            "title": "Who bids?",
            "year": 2020,
            "invented": True,
        }


class QuoteBlock(blocks.StructBlock):
    text = TextBlock(label=_("Words"), rows=3)
    attribution = CharBlock(
        label=_("Said by"),
        required=False,
        max_length=150,
        help_text=_("A role is enough. Example: campaign manager, Harbour Budget Watch"),
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")
        description = _("Somebody's own words, set large.")
        template = "blocks/quote.html"
        preview_value = {
            "text": "We had not mapped the one person who was tired of saying no.",
            "attribution": "Campaign manager, Harbour Budget Watch",
        }


class FileBlock(DocumentChooserBlock):
    class Meta:
        icon = "doc-full"
        label = _("File")
        description = _("A file to download, shown with its type, size and language.")
        template = "blocks/file.html"

    def get_preview_value(self):
        return get_document_model().objects.order_by("-pk").first()


class PageCardsBlock(blocks.ListBlock):
    def __init__(self, child_block=None, **kwargs):
        super().__init__(child_block or blocks.PageChooserBlock(), **{"min_num": 1, **kwargs})

    class Meta:
        icon = "link"
        label = _("Page cards")
        description = _("Cards that lead to other pages of the hub.")
        template = "blocks/page_cards.html"

    def get_preview_value(self):
        return self.normalize(list(Page.objects.live().filter(depth=3)[:3]))


class EmbedValue(blocks.StructValue):
    @property
    def host(self) -> str:
        return urlsplit(self["url"]).hostname or ""


class EmbedBlock(blocks.StructBlock):
    """A recording or other thing that lives on another site.

    It is a card that leads there, never a player: a player would tell the other site about every
    reader of the page, and some readers are at risk for what they read.
    """

    url = blocks.URLBlock(label=_("Address"), help_text=_("Where the video or recording is."))
    title = CharBlock(label=_("Title"), max_length=150)
    note = CharBlock(
        label=_("What to expect"),
        required=False,
        max_length=200,
        help_text=_("Example: 48 minutes, in English, with captions."),
    )

    class Meta:
        icon = "media"
        label = _("Video or recording elsewhere")
        description = _("A card that leads to a recording on another site and says so.")
        template = "blocks/embed.html"
        value_class = EmbedValue
        preview_value = {
            "url": "https://video.example.org/call",
            "title": "Recording of the community call",
            "note": "48 minutes, in English, with captions.",
        }


class BodyBlock(blocks.StreamBlock):
    """The body of a page: everything an editor may put into running text."""

    heading = HeadingBlock(group=_("Text"))
    rich_text = ParagraphBlock(group=_("Text"))
    step_list = StepListBlock(group=_("Text"))
    callout = CalloutBlock(group=_("Text"))
    quote = QuoteBlock(group=_("Text"))
    image = PictureBlock(group=_("Media"))
    file = FileBlock(group=_("Media"))
    embed = EmbedBlock(group=_("Media"))
    evidence = EvidenceBlock(group=_("Toolkit"))
    discussion_guide = DiscussionGuideBlock(group=_("Toolkit"))
    faq = FAQBlock(group=_("Toolkit"))
    page_cards = PageCardsBlock(group=_("Links"))


class EventBlock(blocks.StructBlock):
    when = CharBlock(label=_("When"), max_length=60, help_text=_("Example: Day 11"))
    what = CharBlock(label=_("What"), max_length=250)

    class Meta:
        icon = "date"
        label = _("Event")
        description = _("One line of a timeline.")
        preview_value = {"when": "Day 11", "what": "An order to publish each month"}
        template = "blocks/event.html"


class TimelineBlock(blocks.StreamBlock):
    event = EventBlock()


class OutcomesBlock(blocks.StreamBlock):
    """Short lines: what a reader will have at the end."""

    outcome = CharBlock(
        label=_("Outcome"),
        icon="check",
        max_length=200,
        help_text=_("Something one can hold or do. Example: One map of ten to twenty interests"),
        template="blocks/outcome.html",
        preview_value="One map of ten to twenty named interests",
        description=_("One thing a reader will have at the end."),
    )
