"""The words in the body of a page, for searching."""

from collections.abc import Iterator

from wagtail import blocks

# The label of a choice ("Section", "Note") is not in the text, and neither is what a chooser
# points to; looking that up would cost a query for each page.
_NOT_TEXT = (blocks.ChoiceBlock, blocks.MultipleChoiceBlock, blocks.ChooserBlock)


def stream_texts(value: blocks.StreamValue) -> list[str]:
    """The texts of a stream in order, read from what is stored, so that they cost no query.

    The stream's own ``get_searchable_content`` loads every image, document, page and snippet that
    is chosen in it.
    """
    return [text for text in _texts(value.stream_block, value.raw_data) if text]


def _texts(block: blocks.Block, raw) -> Iterator[str]:
    if raw is None or isinstance(block, _NOT_TEXT):
        return
    if isinstance(block, blocks.StreamBlock):
        for child in raw:
            if child["type"] in block.child_blocks:
                yield from _texts(block.child_blocks[child["type"]], child["value"])
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _texts(child, raw.get(name))
    elif isinstance(block, blocks.ListBlock):
        for child in raw:
            is_item = isinstance(child, dict) and child.get("type") == "item"
            yield from _texts(block.child_block, child["value"] if is_item else child)
    else:
        yield from block.get_searchable_content(block.to_python(raw))
