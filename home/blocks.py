from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from hub.blocks import CharBlock, TextBlock

KINDS = [("toolkit", _("Toolkit")), ("training", _("Training")), ("funding", _("Funding"))]


class HelpCardValue(blocks.StructValue):
    @property
    def kind_label(self) -> str:
        return dict(KINDS).get(self["kind"], "")


class HelpCardBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        label=_("Kind of help"), choices=KINDS, help_text=_("Sets the colour and the small label.")
    )
    title = CharBlock(
        label=_("Title"), max_length=80, help_text=_("Example: Act while the window is open")
    )
    text = TextBlock(label=_("Text"), required=False, rows=3)
    figure = CharBlock(
        label=_("Large figure"),
        required=False,
        max_length=20,
        help_text=_("Set large above the points. Example: USD 5,000"),
    )
    points = blocks.ListBlock(
        CharBlock(label=_("Point"), max_length=120), label=_("What it offers"), default=[]
    )
    page = blocks.PageChooserBlock(label=_("Leads to"))
    link_text = CharBlock(
        label=_("Words of the link"), max_length=50, help_text=_("Example: Check the criteria")
    )

    class Meta:
        icon = "form"
        label = _("Kind of help")
        description = _("One of the kinds of help on offer, with a link to its section.")
        template = "blocks/help_card.html"
        value_class = HelpCardValue
        preview_value = {
            "kind": "funding",
            "title": "Act while the window is open",
            "figure": "USD 5,000",
            "points": ["No long forms"],
            "link_text": "Check the criteria",
        }


class HelpCardsBlock(blocks.StreamBlock):
    card = HelpCardBlock()


class ChangeBlock(blocks.StructBlock):
    date = blocks.DateBlock(label=_("Date"))
    said = CharBlock(
        label=_("You said"), max_length=200, help_text=_("What a reader told us, in their words.")
    )
    changed = CharBlock(label=_("We changed"), max_length=250)
    page = blocks.PageChooserBlock(label=_("Where to see it"), required=False)

    class Meta:
        icon = "comment"
        label = _("Change")
        description = _("What a reader said and what changed because of it.")
        template = "blocks/change.html"
        preview_value = {
            "date": "2022-03-12",
            "said": "The mapping template takes an afternoon.",
            "changed": "Version 1.2 fits on one sheet.",
        }


class ChangesBlock(blocks.StreamBlock):
    change = ChangeBlock()
