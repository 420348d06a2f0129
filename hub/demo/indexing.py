"""What is saved many times over is indexed once."""

from contextlib import contextmanager

from django.apps import apps
from django.db.models.signals import post_save
from modelsearch.backends import get_search_backends
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update


@contextmanager
def indexed_at_the_end():
    """Brings the search index and the reference index up to date when the block ends, not before.

    A page of the demo is saved up to eight times until it is published, and indexing it takes
    longer than saving it. What is deleted in between leaves the indexes at once. For a process of
    its own only: other threads' saves would wait for the end of the block as well.
    """
    searched = [
        model for model in get_indexed_models() if getattr(model, "search_auto_update", True)
    ]
    for model in searched:
        post_save.disconnect(post_save_signal_handler, sender=model)
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        for model in searched:
            post_save.connect(post_save_signal_handler, sender=model)
    for backend in get_search_backends(with_auto_update=True):
        for model in searched:
            backend.add_bulk(model, list(model.get_indexed_objects()))
    for model in apps.get_models():
        if ReferenceIndex.is_indexed(model):
            for instance in model.objects.all():
                ReferenceIndex.create_or_update_for_object(instance)
