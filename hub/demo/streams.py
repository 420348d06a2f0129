"""Turns the plain values of a TOML file into what a stream of blocks stores."""

import datetime
import re
import uuid

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from hub.blocks import PictureBlock

_PAGE_LINK = re.compile(r'<a href="page:([\w-]+)"')


class StreamReader:
    """Reads streams; ``library`` knows the pages, pictures, documents and terms by their names.

    Block ids follow from the page's slug and the block's place, so that the address of an answer is
    the same wherever the demo is loaded.
    """

    def __init__(self, library):
        self.library = library

    def read(self, field, value, name: str):
        """The stream value of ``field`` for a list of ``{type, value}`` tables, or of plain values."""
        block = field.stream_block
        only_type = next(iter(block.child_blocks))
        rows = [
            row if isinstance(row, dict) and "type" in row else {"type": only_type, "value": row}
            for row in value
        ]
        return block.to_python(self._raw(block, rows, name))

    def rich_text(self, html: str) -> str:
        return _PAGE_LINK.sub(
            lambda link: f'<a linktype="page" id="{self.library.page(link[1]).pk}"', html.strip()
        )

    def _raw(self, block, value, name: str):
        if isinstance(block, PictureBlock):
            image = self.library.image(value["image"])
            picture = {"image": image.pk, "alt_text": value.get("alt", ""), "decorative": False}
            return {"image": picture, "caption": value.get("caption", "")}
        if isinstance(block, blocks.StreamBlock):
            return [
                {
                    "type": row["type"],
                    "value": self._raw(
                        block.child_blocks[row["type"]], row["value"], f"{name}/{i}"
                    ),
                    "id": _id(f"{name}/{i}"),
                }
                for i, row in enumerate(value)
            ]
        if isinstance(block, blocks.ListBlock):
            return [
                {
                    "type": "item",
                    "value": self._raw(block.child_block, item, f"{name}/{i}"),
                    "id": _id(f"{name}/{i}"),
                }
                for i, item in enumerate(value)
            ]
        if isinstance(block, blocks.StructBlock):
            unknown = set(value) - set(block.child_blocks)
            if unknown:
                raise KeyError(f"{name}: {sorted(unknown)} is not part of {type(block).__name__}")
            return {
                key: self._raw(block.child_blocks[key], item, name) for key, item in value.items()
            }
        if isinstance(block, blocks.RichTextBlock):
            return self.rich_text(value)
        if isinstance(block, blocks.PageChooserBlock):
            return self.library.page(value).pk
        if isinstance(block, DocumentChooserBlock):
            return self.library.document(value).pk
        if isinstance(block, SnippetChooserBlock):
            return self.library.term(block.target_model, value).pk
        if isinstance(value, datetime.date):
            return value.isoformat()
        return value


def _id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{name}"))
