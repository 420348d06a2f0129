"""What the stored content of a page refers to and holds, read without loading any of it.

Content is what Wagtail keeps in a revision, and wagtail-localize in a TranslationSource: the fields
of a page as JSON. Making pages of it would cost dozens of queries each, which nobody who looks at
twenty pages in four languages would wait for.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import COMMENTS_RELATION_NAME, Page
from wagtail.rich_text import extract_references_from_rich_text
from wagtail_localize.fields import get_translatable_fields

from hub.models import HubDocument, Vocabulary


@dataclass(frozen=True)
class Reference:
    """A page, a document or a term that content names, and the content path where it does.

    ``path`` is written as wagtail-localize writes it; a reference from running text has the path of
    the text.
    """

    model: type[models.Model]
    pk: int
    path: str


def references(model: type[Page], content: dict) -> list[Reference]:
    """The pages, documents and terms that ``content`` of ``model`` refers to."""
    return list(_in_fields(model, content, ""))


def _in_fields(model, content: dict, prefix: str) -> Iterator[Reference]:
    for field in own_fields(model):
        value, path = content.get(field.name), f"{prefix}{field.name}"
        if isinstance(field, StreamField):
            yield from _in_block(field.stream_block, stream_data(value), path)
        elif isinstance(field, RichTextField):
            yield from _in_rich_text(value, path)
        elif isinstance(field, models.ForeignKey) and not isinstance(field, ParentalKey):
            yield from _reference(field.related_model, value, path)
    for name, child_model, rows in children(model, content):
        for row in rows:
            key = row.get("translation_key") or row.get("pk")
            yield from _in_fields(child_model, row, f"{prefix}{name}.{key}.")


def _in_block(block, value, path: str) -> Iterator[Reference]:
    if isinstance(block, blocks.ChooserBlock):
        yield from _reference(block.model_class, value, path)
    elif isinstance(block, blocks.RichTextBlock):
        yield from _in_rich_text(value, path)
    elif isinstance(block, blocks.StructBlock) and isinstance(value, dict):
        for name, child in block.child_blocks.items():
            yield from _in_block(child, value.get(name), f"{path}.{name}")
    elif isinstance(block, blocks.ListBlock | blocks.StreamBlock):
        for item_block, item in _items(block, value):
            yield from _in_block(item_block, item.get("value"), f"{path}.{item.get('id')}")


def _items(block, value) -> list[tuple]:
    """The items of a list or stream as pairs of block and ``{"value", "id"}``."""
    items = [item if isinstance(item, dict) else {"value": item} for item in value or []]
    if isinstance(block, blocks.ListBlock):
        return [(block.child_block, item) for item in items]
    known = block.child_blocks
    return [(known[item["type"]], item) for item in items if item.get("type") in known]


def _in_rich_text(html, path: str) -> Iterator[Reference]:
    for model, pk, _model_path, _content_path in extract_references_from_rich_text(html or ""):
        yield from _reference(model, pk, path)


def _reference(model, value, path: str) -> Iterator[Reference]:
    if value and (kind := _kind(model)):
        yield Reference(kind, int(value), path)


def _kind(model) -> type[models.Model] | None:
    if issubclass(model, Page):
        return Page
    return model if issubclass(model, HubDocument | Vocabulary) else None


def stream_data(value) -> list:
    """The blocks of a stream, which are JSON within the JSON."""
    return json.loads(value) if isinstance(value, str) and value else value or []


def own_fields(model) -> list[models.Field]:
    """The fields that people fill in, of a page those of its tree and its publication left out."""
    inherited = {field.name for field in Page._meta.get_fields()} - {"title", "slug"}
    if not issubclass(model, Page):
        inherited = set()
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable
        and field.name not in inherited
        and not isinstance(field, models.AutoField | models.OneToOneField)
        and field.name not in {"locale", "translation_key"}
    ]


def children(model, content: dict) -> Iterator[tuple[str, type[models.Model], list[dict]]]:
    """The rows that belong to a page: the name of the relation, their model and their content."""
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        if name != COMMENTS_RELATION_NAME and content.get(name):
            yield name, relation.related_model, content[name]


def comparable(model: type[Page], content: dict) -> dict:
    """What of ``content`` makes up its texts: equal if and only if translators see the same."""
    found = {}
    for translatable in get_translatable_fields(model):
        field = model._meta.get_field(translatable.field_name)
        value = content.get(translatable.field_name)
        if isinstance(field, models.ManyToOneRel):
            value = [
                {name: part for name, part in row.items() if name not in {"pk", "page", "locale"}}
                for row in value or []
            ]
        elif not isinstance(field, models.TextField | models.CharField):
            continue
        elif isinstance(field, StreamField):
            value = stream_data(value)
        found[translatable.field_name] = value
    return found


def text_at(model, content: dict, path: str):
    """The model field or block at a content path; None for running text and what is not there."""
    name, _dot, rest = path.partition(".")
    for child_name, child_model, rows in children(model, content):
        if child_name == name:
            key, _dot, rest = rest.partition(".")
            row = next((row for row in rows if str(row.get("translation_key")) == key), None)
            return text_at(child_model, row, rest) if row else None
    field = next((field for field in own_fields(model) if field.name == name), None)
    if isinstance(field, StreamField):
        return _block_at(field.stream_block, stream_data(content.get(name)), rest)
    return None if isinstance(field, RichTextField) else field


def _block_at(block, value, path: str):
    if isinstance(block, blocks.RichTextBlock | blocks.ChooserBlock):
        return None
    if not path:
        return block if isinstance(block, blocks.FieldBlock) else None
    name, _dot, rest = path.partition(".")
    if isinstance(block, blocks.StructBlock):
        child = block.child_blocks.get(name)
        return child and _block_at(child, (value or {}).get(name), rest)
    if isinstance(block, blocks.ListBlock | blocks.StreamBlock):
        for item_block, item in _items(block, value):
            if item.get("id") == name:
                return _block_at(item_block, item.get("value"), rest)
    return None


def label_of(place) -> str:
    """What people know a model field or a block by."""
    return str(place.verbose_name if isinstance(place, models.Field) else place.label)


def problem_with(place, text: str) -> str:
    """Why ``text`` cannot stand in a model field or a block; "" if it can."""
    try:
        if isinstance(place, models.Field):
            place.clean(text, None)
        else:
            place.clean(place.to_python(text))
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def problems(model: type[Page], content: dict) -> list[tuple[str, str]]:
    """What keeps content from being published, as pairs of a field's name and the reason.

    Drafts may be saved with empty fields that a page that is public must have.
    """
    found = []
    for field in own_fields(model):
        value = content.get(field.name)
        if isinstance(field, models.ForeignKey | StreamField):
            value = stream_data(value) if isinstance(field, StreamField) else value
            reason = "" if value or field.blank else str(field.error_messages["blank"])
        else:
            reason = problem_with(field, value)
        if reason:
            found.append((label_of(field), reason))
    return found
