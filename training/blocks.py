from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from hub.blocks import CharBlock, EmbedBlock, FileBlock, TextBlock


class AgendaItemBlock(blocks.StructBlock):
    minutes = blocks.IntegerBlock(label=_("Minutes"), min_value=1, max_value=600, required=False)
    title = CharBlock(label=_("What"), max_length=120, help_text=_("Example: Who is here"))
    text = TextBlock(label=_("In a sentence"), required=False, rows=2)

    class Meta:
        icon = "list-ol"
        label = _("Agenda item")
        description = _("One part of the session, with its length.")
        template = "blocks/agenda_item.html"
        preview_value = {
            "minutes": 20,
            "title": "A case from procurement reform",
            "text": "How one coalition outlasted three ministers.",
        }


class AgendaBlock(blocks.StreamBlock):
    item = AgendaItemBlock()


class MaterialsBlock(blocks.StreamBlock):
    """Slides, notes and other things to read before or after a session."""

    file = FileBlock()
    embed = EmbedBlock()
