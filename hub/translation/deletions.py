"""When something is deleted that pages use: their sources are read again, overrides are forgotten.

wagtail-localize keeps a copy of what it translates, and stops with an error on whatever that copy,
or an override of a translation, still points at.
"""

import json

from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import ReferenceIndex
from wagtail_localize.models import OverridableSegment, SegmentOverride, TranslationSource

from hub.translation import tracking


def users_of(thing: models.Model) -> list[TranslationSource]:
    """The translation sources of whatever uses ``thing``. Four queries and one per source."""
    places = ReferenceIndex.get_references_to(thing).values_list("content_type_id", "object_id")
    found = {}
    for content_type, object_id in set(places):
        model = ReferenceIndex._meta.get_field("content_type").related_model.objects.get_for_id(
            content_type
        )
        instance = model.model_class().objects.filter(pk=object_id).first()
        source = hasattr(instance, "translation_key") and (
            TranslationSource.objects.get_for_instance_or_none(instance)
        )
        if source:
            found[source.pk] = source
    return list(found.values())


def read_again(sources: list[TranslationSource]):
    """Re-reads sources that have lost something; those that are gone themselves are left alone."""
    for source in sources:
        try:
            instance = source.get_source_instance()
        except models.ObjectDoesNotExist:
            continue
        tracking.source_published(instance)


def forget_overrides(thing: models.Model):
    """Removes the overrides that would put ``thing``, which is deleted, into a translation."""
    values = [json.dumps(thing.pk), json.dumps(str(thing.pk))]
    for override in SegmentOverride.objects.filter(data_json__in=values).select_related("context"):
        segment = (
            OverridableSegment.objects.filter(context=override.context)
            .select_related("source__specific_content_type")
            .first()
        )
        if segment is None:
            continue
        model = chosen_model(
            segment.source.specific_content_type.model_class(), override.context.field_path
        )
        if model and isinstance(thing, model):
            override.delete()


def chosen_model(owner: type[models.Model], field_path: str) -> type[models.Model] | None:
    """What one chooses at a field path of wagtail-localize such as ``body.image.image``; or None."""
    name, *rest = field_path.split(".")
    field = owner._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        return field.related_model
    if not isinstance(field, StreamField):
        return None
    block = field.stream_block
    for name in rest:
        block = (
            block.child_block if isinstance(block, blocks.ListBlock) else block.child_blocks[name]
        )
    return block.model_class if isinstance(block, blocks.ChooserBlock) else None
